//! Tracking setup: the UTM manifest, the CRM's campaigns and statuses, QR codes, what pages count.
//!
//! - `campaigns`: the campaign tree of a deployment, and its check
//! - `container`: a container of Google Tag Manager
//! - `dictionary`: what pages tell of
//! - `output`: the data files

mod campaigns;
mod container;
mod dictionary;
mod output;
#[cfg(test)]
mod tests;

pub use campaigns::{deployment_key, statuses, told as campaigns};

use super::platforms::{check_counting, counting_tool, crm_system};
use super::{Component, Finding, Input, Shown, Stage, Task};
use crate::data::Data;
use crate::diag::Diagnostics;
use crate::links::{LinkRow, PLACEMENTS, utm_id};

pub struct TrackingSetup;

impl Component for TrackingSetup {
    fn id(&self) -> &'static str {
        "tracking"
    }

    fn title(&self) -> &'static str {
        "Tracking setup"
    }

    fn required(&self) -> &'static [&'static str] {
        &["tracking/index.html", "tracking/utm.csv", "tracking/utm.json"]
    }

    fn shows(&self) -> Vec<Shown> {
        ["crm", "analytics"].map(Shown::System).into()
    }

    /// It lists the links of all others.
    fn stage(&self) -> Stage {
        Stage::Summary
    }

    /// The manifest, the CRM's files, what pages count, and the QR codes.
    fn tasks(&self, input: &Input<'_>) -> Vec<Task> {
        output::tasks(input)
    }

    /// What the tracking document sees as `view`.
    ///
    /// `campaign`, `utm_id`, `total`; `placements` [{id, title, locale, url, source, medium, content,
    /// channel, qr}] (`qr` is a file name below `tracking/`, or empty); `uses` [{component, document, links}];
    /// `campaigns` [{level, key, parent, name, type}]; `crm` {id, name, known, steps, checks}; `files`
    /// {campaigns (in the order in which they load), statuses, events, container}; `counting` {id, name, known, steps, checks}, of the tool that counts.
    fn view(&self, input: &Input<'_>) -> Result<Data, Diagnostics> {
        let package = input.package;
        let tree = campaigns::tree(input);
        let names = output::crm(input).files(&campaigns(input));
        Ok(Data::map([
            ("campaign", campaigns::deployment_key(input).into()),
            ("utm_id", utm_id(&input.deployment.id).into()),
            ("total", Data::Int(input.links().len() as i64)),
            ("placements", Data::list(placements(input).map(|(title, qr, row)| placement(title, qr, row)))),
            ("uses", uses(input.links())),
            ("campaigns", Data::list(tree.iter().map(campaigns::Node::data))),
            ("crm", crm_system(package)),
            (
                "files",
                Data::map([
                    ("campaigns", Data::list(names.iter().rev().skip(1).rev().map(|name| name.as_str().into()))),
                    ("statuses", names.last().map_or(Data::Null, |name| name.as_str().into())),
                    ("events", dictionary::FILE.into()),
                    ("container", container::FILE.into()),
                ]),
            ),
            ("counting", dictionary::analytics(input).map_or(Data::Null, |it| counting_tool(package, &it.profile))),
        ]))
    }

    fn check(&self, input: &Input<'_>) -> Vec<Finding> {
        let counting = dictionary::analytics(input).and_then(|it| check_counting(input.package, &it.profile));
        let (tracking, owners) = (&input.package.tracking, &input.package.qualification.owners);
        let campaigns = campaigns::check(tracking).into_iter().chain(campaigns::check_owners(tracking, owners));
        campaigns.chain(counting).collect()
    }
}

/// The rows of declared placements in declared order, with their titles and whether they want a code.
fn placements<'a>(input: &Input<'a>) -> impl Iterator<Item = (&'a str, bool, &'a LinkRow)> {
    let rows = input.placements;
    input.package.tracking.placements.iter().flat_map(move |placement| {
        let own = rows.iter().filter(|row| row.placement == placement.id);
        own.map(|row| (&*placement.title, placement.qr, row))
    })
}

fn placement(title: &str, qr: bool, row: &LinkRow) -> Data {
    let file = if qr { output::qr_name(row) } else { String::new() };
    Data::map([
        ("id", Data::Text(row.placement.clone())),
        ("title", title.into()),
        ("locale", Data::Text(row.locale.clone())),
        ("url", Data::Text(row.url.clone())),
        ("source", Data::Text(row.source.clone())),
        ("medium", Data::Text(row.medium.clone())),
        ("content", Data::Text(row.content.clone())),
        ("channel", Data::Text(row.channel.clone())),
        ("qr", file.into()),
    ])
}

/// How many tagged links each document and email holds. The rows are sorted by document.
fn uses(rows: &[LinkRow]) -> Data {
    let inside: Vec<&LinkRow> = rows.iter().filter(|row| &*row.document != PLACEMENTS).collect();
    let of_one = inside.chunk_by(|a, b| a.component == b.component && a.document == b.document);
    Data::list(of_one.map(|rows| {
        Data::map([
            ("component", Data::Text(rows[0].component.clone())),
            ("document", Data::Text(rows[0].document.clone())),
            ("medium", Data::Text(rows[0].medium.clone())),
            ("channel", Data::Text(rows[0].channel.clone())),
            ("links", Data::Int(rows.len() as i64)),
        ])
    }))
}
