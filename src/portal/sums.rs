//! What packages come to: each partner's plan and claim, each region's and the program's sums.
//!
//! A partner's are made from its packages, those of regions and the program from the partners': so what is summed up at one
//! level is what the level below it says. Nothing is read where nothing was written since.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::emit::Output;
use crate::encode::csv::Table;
use crate::encode::{Content, json};
use crate::inventory;
use crate::plan::load::Loads;
use crate::plan::{self, Calendar, Campaigns, Crm, Day, GENERIC, Part, tables};

use super::entries::Entry;
use super::{CATALOG, PAGE, Writer};

/// The folder of the program's sums.
pub const PROGRAM: &str = "program";
/// The folder of the regions', a folder for each.
pub const REGIONS: &str = "regions";
/// The axis whose values have sums.
pub const REGION: &str = "region";

const PLAN: &str = "plan.json";
const GOALS: &str = "goals.csv";
const CALENDAR: &str = "calendar.ics";
const LINKS: &str = "utm.csv";
/// Those that each partner has besides the tables of its claims.
const OWN: [&str; 5] = [PLAN, GOALS, CALENDAR, LINKS, tables::LOAD];

/// Version of a partner's [`PLAN`]; keys are only added.
const FORMAT: u32 = 1;

/// Files with their names.
type Files = Vec<(String, Content)>;

/// Whether a file beside a partner's page is one of its sums.
pub fn is_partners(name: &str) -> bool {
    OWN.contains(&name) || tables::FILES.contains(&name) || is_book(name)
}

/// Whether a file in the program's folder is one of its sums: a page there is that of a partner who may not be called that.
pub fn is_programs(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| ![PAGE, CATALOG].contains(&name))
}

/// The workbook of a claim has the claim's name.
fn is_book(name: &str) -> bool {
    name.starts_with("claim-") && name.ends_with(".xlsx")
}

/// A partner's plan as data.
#[derive(Serialize)]
struct Head<'h> {
    format: u32,
    partner: &'h str,
    /// How many packages it has, and of how many the plan knows.
    has: usize,
    knows: usize,
}

/// The same, as it is read back.
#[derive(Deserialize)]
pub struct Whole {
    pub packages: Vec<Part>,
}

impl Whole {
    /// What stands of a partner; `None` where nothing does.
    pub fn read(output: &Output, partner: &str) -> Result<Option<Self>, Diagnostic> {
        let path = format!("{partner}/{PLAN}");
        let Some(bytes) = output.read(&path)? else { return Ok(None) };
        let whole = serde_json::from_slice(&bytes);
        whole.map(Some).map_err(|error| Diagnostic::error("E-OUTPUT", format!("cannot read `{path}`: {error}")))
    }
}

/// The sums beside a partner's page.
pub fn beside(output: &Output, partner: &str) -> Vec<String> {
    let paths = output.files_in(partner).into_iter();
    let names = paths.filter_map(|path| path.rsplit('/').next().map(str::to_owned));
    names.filter(|name| is_partners(name)).collect()
}

/// Of what the plan of a partner is, if there is one.
pub fn digest(output: &Output, partner: &str) -> Result<Option<Digest>, Diagnostic> {
    output.content_digest(&format!("{partner}/{PLAN}"))
}

/// Those of the program, from HQ's page.
pub fn of_program(output: &Output) -> Vec<String> {
    let paths = output.files_in(PROGRAM).into_iter();
    let is_sum = |path: &str| inventory::folder_of(path).is_none() && is_programs(path);
    paths.filter(|path| is_sum(path)).map(|path| path.to_string()).collect()
}

/// Those of a region, from its page.
pub fn of_region(output: &Output, region: &str) -> Vec<String> {
    let paths = output.files_in(&format!("{REGIONS}/{region}")).into_iter();
    let names = paths.filter_map(|path| path.rsplit('/').next().map(str::to_owned));
    names.filter(|name| name != PAGE).collect()
}

/// Files that are made together, from what has this digest.
struct Set<'s> {
    folder: String,
    digest: Digest,
    /// The names of those that there always are.
    fixed: Vec<&'s str>,
    /// Tells the names of others.
    is_loose: fn(&str) -> bool,
}

/// Gathers what partners come to.
pub struct Sums<'s> {
    output: &'s Output,
    known: Vec<Known>,
}

/// What is known of a partner.
struct Known {
    partner: Arc<str>,
    regions: BTreeSet<Arc<str>>,
    plan: Digest,
    links: Digest,
}

impl<'s> Sums<'s> {
    pub fn new(output: &'s Output) -> Self {
        Self { output, known: Vec::new() }
    }

    /// Writes those of a partner, if any of its packages stands in the output.
    pub fn partner(&mut self, writer: &mut Writer<'_>, partner: &str, own: &[Entry]) {
        let built: Vec<&Entry> = own.iter().filter(|entry| entry.built).collect();
        if built.is_empty() {
            return;
        }
        if let Err(error) = self.put(writer, partner, &built, own.len()) {
            writer.errors.push(error);
        }
    }

    fn put(&mut self, writer: &mut Writer<'_>, partner: &str, built: &[&Entry], has: usize) -> Result<(), Diagnostic> {
        let mut digest = Hashed::new(PLAN);
        digest.text(&has.to_string());
        for entry in built {
            digest.text(&entry.id);
            digest.digest(self.output.digest_of(&entry.id)?);
        }
        let set = Set {
            folder: partner.to_owned(),
            digest: digest.finish(),
            fixed: OWN.into_iter().chain(tables::FILES).collect(),
            is_loose: is_book,
        };
        let output = self.output;
        writer.set(&set, || of_partner(output, partner, built, has));
        let content = |name: &str| output.content_digest(&format!("{partner}/{name}"));
        if let (Some(plan), Some(links)) = (content(PLAN)?, content(LINKS)?) {
            let regions = built.iter().filter_map(|entry| entry.value_of(REGION)).cloned().collect();
            self.known.push(Known { partner: partner.into(), regions, plan, links });
        }
        Ok(())
    }

    /// The regions that some package is for.
    pub fn regions(&self) -> BTreeSet<Arc<str>> {
        self.known.iter().flat_map(|known| &known.regions).cloned().collect()
    }

    /// Writes those of all regions and of the program.
    pub fn all(&self, writer: &mut Writer<'_>) {
        for region in self.regions() {
            let is_in = |known: &Known| known.regions.contains(&region);
            let folder = format!("{REGIONS}/{region}");
            self.sums(writer, folder, is_in, |part| part.axes.get(REGION) == Some(&region), "region");
        }
        if self.known.is_empty() {
            return;
        }
        self.sums(writer, PROGRAM.to_owned(), |_| true, |_| true, "hq");
        let mut digest = Hashed::new(LINKS);
        self.known.iter().for_each(|known| digest.digest(Some(known.links)));
        writer.put(&format!("{PROGRAM}/{LINKS}"), digest.finish(), &mut |out| self.links(out));
    }

    fn sums(
        &self,
        writer: &mut Writer<'_>,
        folder: String,
        is_in: impl Fn(&Known) -> bool,
        is_of: impl Fn(&Part) -> bool,
        owner: &str,
    ) {
        let of: Vec<&Known> = self.known.iter().filter(|known| is_in(known)).collect();
        let mut digest = Hashed::new(&folder);
        of.iter().for_each(|known| digest.digest(Some(known.plan)));
        let fixed = tables::SUMS.into_iter().chain(GENERIC).collect();
        let set = Set { folder, digest: digest.finish(), fixed, is_loose: is_there_at_times };
        writer.set(&set, || self.summed(&of, is_of, owner));
    }

    /// The sums of some packages, and the days of whom they are for.
    fn summed(&self, of: &[&Known], is_of: impl Fn(&Part) -> bool, owner: &str) -> Result<Files, Diagnostic> {
        let (mut sums, mut campaigns) = (tables::Sums::default(), Campaigns::default());
        let (mut calendar, mut name) = (Calendar::default(), String::new());
        for known in of {
            let Some(whole) = Whole::read(self.output, &known.partner)? else { continue };
            sums.add(&whole.packages, &is_of);
            for part in whole.packages.iter().filter(|part| is_of(part)) {
                campaigns.add(&part.deployment, &part.campaigns, &part.statuses, &part.period);
                calendar.add(part, |dated| *dated.owner == *owner);
                name = part.period.name.to_string();
            }
        }
        let partners = |day: &Day| joined(&day.partners);
        let mut files: Files = tables::SUMS.map(str::to_owned).into_iter().zip(sums.finish()).collect();
        files.extend(campaigns.for_all());
        // A calendar of no days is none.
        if calendar.days().next().is_some() {
            files.push((CALENDAR.to_owned(), calendar.file(&name, None, partners)));
        }
        Ok(files)
    }

    /// The links of all packages, a row each, behind one header.
    fn links(&self, out: &mut dyn Write) -> io::Result<()> {
        for (number, known) in self.known.iter().enumerate() {
            let path = format!("{}/{LINKS}", known.partner);
            let read = self.output.read(&path).map_err(|error| io::Error::other(error.message))?;
            let bytes = read.unwrap_or_default();
            let rows = bytes.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            out.write_all(if number == 0 { &bytes } else { &bytes[rows..] })?;
        }
        Ok(())
    }
}

/// Levels differ, and not everybody has days.
fn is_there_at_times(name: &str) -> bool {
    name == CALENDAR || Crm::is_of_any(name)
}

fn joined(texts: &[Arc<str>]) -> String {
    texts.join(", ")
}

/// A partner's plan, claims, calendar and links, over its packages.
fn of_partner(output: &Output, partner: &str, built: &[&Entry], has: usize) -> Result<Files, Diagnostic> {
    let mut parts = Vec::with_capacity(built.len());
    let mut links: Option<Table> = None;
    for entry in built {
        // A package of another compiler may not tell its part.
        let read = output.read_in(&entry.id, plan::FILE)?;
        parts.extend(read.and_then(|bytes| serde_json::from_slice::<Part>(&bytes).ok()));
        if let Some(bytes) = output.read_in(&entry.id, "tracking/utm.csv")? {
            add_links(&mut links, &entry.id, &bytes);
        }
    }
    let claims = plan::claims(&parts);
    let mut files: Files = tables::FILES.map(str::to_owned).into_iter().zip(tables::of(&claims)).collect();
    for claim in &claims {
        let refused =
            |error: String| Diagnostic::error("E-OUTPUT", format!("cannot write the workbook of `{partner}`: {error}"));
        files.push((format!("{}.xlsx", claim.head().fund.claim), plan::book(claim).map_err(refused)?));
    }
    files.push((GOALS.to_owned(), tables::goals(&parts)));
    files.push((CALENDAR.to_owned(), calendar(&parts)));
    let mut loads = Loads::default();
    parts.iter().for_each(|part| loads.add(part));
    files.push((tables::LOAD.to_owned(), loads.table()));
    files.push((LINKS.to_owned(), links.unwrap_or_else(|| Table::new(&["deployment"])).finish()));
    let head = Head { format: FORMAT, partner, has, knows: parts.len() };
    let plan = json::rows(&head, "packages", &parts);
    let refused = |error: serde_json::Error| Diagnostic::error("E-INTERNAL", format!("cannot write `{PLAN}`: {error}"));
    files.push((PLAN.to_owned(), plan.map_err(refused)?));
    Ok(files)
}

fn calendar(parts: &[Part]) -> Content {
    let mut calendar = Calendar::default();
    parts.iter().for_each(|part| calendar.add(part, |_| true));
    let name = parts.first().map(|part| format!("{}: {}", part.name, part.period.name)).unwrap_or_default();
    let zone = parts.first().and_then(|part| part.zone.as_deref());
    let whose = |day: &Day| if parts.len() > 1 { joined(&day.deployments) } else { String::new() };
    calendar.file(&name, zone, whose)
}

/// The rows of a package's links, with its deployment in front.
fn add_links(links: &mut Option<Table>, deployment: &str, bytes: &[u8]) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    let mut rows = reader.records().filter_map(Result::ok);
    let row = |first: &'_ str, record: &csv::StringRecord| -> Vec<String> {
        [first].into_iter().chain(record).map(str::to_owned).collect()
    };
    let Some(header) = rows.next() else { return };
    let table = links.get_or_insert_with(|| Table::new(&row("deployment", &header)));
    rows.for_each(|record| table.row(&row(deployment, &record)));
}

/// Gathers what some files are made from.
struct Hashed(blake3::Hasher);

impl Hashed {
    fn new(what: &str) -> Self {
        let mut hashed = Self(blake3::Hasher::new());
        hashed.text(env!("COBRAND_FINGERPRINT"));
        hashed.text(what);
        hashed
    }

    fn text(&mut self, text: &str) {
        // No text holds this byte, so no two lists read alike.
        self.0.update(text.as_bytes()).update(&[0xff]);
    }

    fn digest(&mut self, digest: Option<Digest>) {
        self.0.update(&digest.unwrap_or_default().0);
    }

    fn finish(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

impl Writer<'_> {
    /// Writes files that are made together, where one of them is not as it should be; those that are no longer made go.
    fn set(&mut self, set: &Set<'_>, make: impl FnOnce() -> Result<Files, Diagnostic>) {
        let named = |path: &Arc<str>| path.rsplit('/').next().is_some_and(set.is_loose);
        let loose: Vec<Arc<str>> = self.output.files_in(&set.folder).into_iter().filter(named).collect();
        let path = |name: &str| format!("{}/{name}", set.folder);
        let stands = |path: &str| self.output.keeps(path, set.digest);
        if set.fixed.iter().all(|name| stands(&path(name))) && loose.iter().all(|path| stands(path)) {
            self.changes.kept += (set.fixed.len() + loose.len()) as u64;
            return;
        }
        let files = match make() {
            Ok(files) => files,
            Err(error) => return self.errors.push(error),
        };
        for (name, content) in &files {
            self.put(&path(name), set.digest, &mut |out| out.write_all(content));
        }
        for gone in loose.iter().filter(|gone| files.iter().all(|(name, _)| path(name) != ***gone)) {
            let (changes, said) = self.output.remove_stale_file(gone);
            self.changes += changes;
            self.errors.append(said);
        }
    }
}
