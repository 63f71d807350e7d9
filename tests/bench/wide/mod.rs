//! The workload `wide`: the sample program as it is, with hundreds of other partners.
//!
//! All but the partners is copied from the repository's root when a workspace is made, so its copy is as long as real
//! copy is, in all of its languages. The partners are like those of a real program: few to a base, most of them a row
//! of a registry, a few with much to say. A base cannot be shared by many, since the sample has 162 combinations of
//! motion, industry and region for each tier.
//!
//! One thing is not the sample's. Its policy gives words of their own to the two named tiers, which are eleven in a
//! hundred partners here, and a third is to have some: what a partner says is what its deployments do not share. So the
//! policy of the copy lets the third tier have a spotlight, too.

mod chance;
pub mod draw;
mod market;
mod name;
mod overlay;
pub mod record;
mod words;

use std::collections::BTreeMap;
use std::path::Path;

use draw::{Partner, Tier, partners};

use super::files;

/// How many partners make about so many deployments: two and a half each.
pub fn partners_of(deployments: usize) -> usize {
    (deployments * 2).div_ceil(5)
}

/// Writes a workspace of about so many deployments; the folder must not exist yet.
pub fn write(deployments: usize, folder: &Path) -> Result<(), String> {
    files::new_folder(folder)?;
    let sample = files::sample();
    market::is_the_one_of(&sample)?;
    files::copy(&sample, folder, |entry| entry.depth() != 1 || entry.file_name() != "partners")?;
    widen(folder)?;
    let mut registries: BTreeMap<&str, Vec<[String; 26]>> = BTreeMap::new();
    for partner in partners(partners_of(deployments)) {
        for (path, text) in overlay::files(&partner) {
            files::write(&folder.join("partners").join(&partner.id).join(path), &text)?;
        }
        if partner.tier == Tier::Many {
            registries.entry(partner.home().id).or_default().push(record::row(&partner, 0));
        }
    }
    registries.iter().try_for_each(|(region, rows)| registry(folder, region, rows))
}

/// Gives one partner another phone number, a different one for each edition: one in the middle that is a row among
/// others, as most are.
pub fn edit_partner(deployments: usize, folder: &Path, edition: usize) -> Result<(), String> {
    let all = partners(partners_of(deployments));
    let has_row = |partner: &&Partner| partner.tier == Tier::Many;
    let edited = all.iter().skip(all.len() / 2).find(has_row).ok_or("no partner has a row")?;
    let region = edited.home().id;
    let here = all.iter().filter(has_row).filter(|partner| partner.home().id == region);
    let rows: Vec<_> =
        here.map(|partner| record::row(partner, if partner.index == edited.index { edition } else { 0 })).collect();
    registry(folder, region, &rows)
}

/// Writes the registry of those who are at home in a region.
fn registry(folder: &Path, region: &str, rows: &[[String; 26]]) -> Result<(), String> {
    let mut table = csv::Writer::from_writer(Vec::new());
    table.write_record(record::HEADER).map_err(|error| error.to_string())?;
    rows.iter().try_for_each(|row| table.write_record(row)).map_err(|error| error.to_string())?;
    let text = table.into_inner().map_err(|error| error.to_string())?;
    files::write(&folder.join("partners").join(format!("{region}.csv")), &String::from_utf8_lossy(&text))
}

/// Lets partners of the third tier have a spotlight.
fn widen(folder: &Path) -> Result<(), String> {
    const OF_THE_SAMPLE: &str = "  one-to-many:\n    only: [\"partner.**\", \"assets/logo.svg\"]\n";
    let path = folder.join("master-templates/policy.yaml");
    let text = files::read(&path)?;
    let (before, after) =
        text.split_once(OF_THE_SAMPLE).ok_or("the sample's policy has other words for `one-to-many`")?;
    let wider = OF_THE_SAMPLE.replace("svg\"]", "svg\", \"content/landing.md#spotlight\"]");
    files::write(&path, &format!("{before}{wider}{after}"))
}
