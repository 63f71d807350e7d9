//! One deployment: its jobs, what they make, and the package that comes of it.
//!
//! A job is a function of the prepared deployment, and a summary's also of what the contents come to. It gives
//! back all there is to know of its files ([`Made`]); nothing is filled on the way.

mod emails;
mod entries;
mod job;
mod pages;
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::artifact::File;
use crate::audit::{self, Allowed, Letters, Pages, Refused, Sealed};
use crate::components::{Folded, LANDING_PAGE, Stage};
use crate::data::Data;
use crate::deployment::Deployment;
use crate::diag::{Diagnostic, Diagnostics};
use crate::links::{self, LinkError, LinkRow};
use crate::package::journey::Controller;
use crate::profiles::email;
use crate::schema::address::host;
use crate::schema::domain::owned;
use crate::stopwatch::Phase;

use super::checks::placed_at;
use super::prepared::Prepared;
use super::trace::{Traced, Tracing};

use job::{Made, Making, Rendered};
pub use places::Places;

/// A deployment's files: planned, made and looked at.
pub struct Package {
    pub deployment: Deployment,
    pub sealed: Sealed,
    /// The links that its pages and emails asked for, by their ids with commas between.
    pub asked: Arc<str>,
}

/// Makes a deployment's package: contents first, then what sums them up. Every problem is noted; with an error among
/// them there is none.
pub fn make(prepared: &Prepared<'_>, places: &Places, diagnostics: &mut Diagnostics) -> Option<Package> {
    let stopwatch = &prepared.stopwatch;
    let contents = |phase| {
        let own = Making::all(prepared, Stage::Content, None).filter(move |making| making.phase() == phase);
        own.map(|making| making.make()).collect::<Vec<_>>()
    };
    let mut made = stopwatch.time(Phase::Pages, || contents(Phase::Pages));
    let mut pages = Pages::default();
    prepared.assets.iter().for_each(|asset| asset.page.iter().for_each(|page| pages.know(&asset.output, page)));
    let (contents, summaries) = stopwatch.time(Phase::Documents, || {
        made.extend(contents(Phase::Documents));
        let contents = rendered(made, diagnostics);
        entries::check(prepared, &contents, diagnostics);
        let summaries = summaries(prepared, &contents, &mut pages, diagnostics)?;
        Some((contents, summaries))
    })?;
    if diagnostics.has_errors() {
        return None;
    }
    let asked = asked(contents.iter().chain(&summaries));
    match stopwatch.time(Phase::Audit, || seal(prepared, contents, summaries, pages)) {
        Ok(sealed) => Some(Package { deployment: prepared.deployment.clone(), sealed, asked }),
        Err(refused) => {
            // What no file is to blame for is what the list of documents lacks.
            let tree = prepared.in_source().map(|localized| &localized.tree);
            let placed = |found: Diagnostic| match tree {
                Some(tree) => placed_at(tree, found, "documents"),
                None => found,
            };
            diagnostics.extend(refused.others.iter().cloned().map(placed));
            diagnostics.append(places.say(prepared, &refused));
            None
        }
    }
}

fn asked<'r>(rendered: impl Iterator<Item = &'r Rendered>) -> Arc<str> {
    let ids: BTreeSet<&str> = rendered.flat_map(|rendered| &rendered.used.asked).map(|id| &**id).collect();
    ids.into_iter().collect::<Vec<_>>().join(",").into()
}

/// Makes the pages and emails of a deployment that `tracing` wants once more, and maps them.
pub fn trace(prepared: &Prepared<'_>, tracing: &mut Tracing<'_>, diagnostics: &mut Diagnostics) -> Vec<Traced> {
    let contents = || Making::all(prepared, Stage::Content, None);
    let mut traced: Vec<Traced> = contents().flat_map(|making| making.trace(tracing)).collect();
    // Only a summary has to know what the contents come to.
    if Making::all(prepared, Stage::Summary, None).any(|making| making.has(&|path| tracing.wants(path))) {
        let made = contents().map(|making| making.make()).collect();
        let contents = rendered(made, diagnostics);
        let mut pages = Pages::default();
        if let Some(rows) = rows(prepared, &contents, diagnostics) {
            let folded = folded(&rows, &contents, &mut pages);
            let summaries = Making::all(prepared, Stage::Summary, Some(&folded));
            traced.extend(summaries.flat_map(|making| making.trace(tracing)));
        }
    }
    traced
}

/// What came out of jobs; what they found is noted.
fn rendered(made: Vec<Made>, diagnostics: &mut Diagnostics) -> Vec<Rendered> {
    let files = made.into_iter().flat_map(|Made { files, said }| {
        diagnostics.append(said);
        files
    });
    files.collect()
}

/// What sums up the contents: the only step that waits for all of them.
fn summaries(
    prepared: &Prepared<'_>,
    contents: &[Rendered],
    pages: &mut Pages,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<Rendered>> {
    let rows = rows(prepared, contents, diagnostics)?;
    let folded = folded(&rows, contents, pages);
    diagnostics.append(job::check(prepared, &folded));
    let made = Making::all(prepared, Stage::Summary, Some(&folded)).map(|making| making.make()).collect();
    Some(rendered(made, diagnostics))
}

/// The table of all links: the placements, and what the contents use.
fn rows(prepared: &Prepared<'_>, contents: &[Rendered], diagnostics: &mut Diagnostics) -> Option<Vec<LinkRow>> {
    let used = contents.iter().flat_map(|rendered| &rendered.used.rows);
    let rows = links::manifest(prepared.placements.iter().chain(used).cloned().collect());
    rows.map_err(|errors| diagnostics.extend(errors.iter().map(LinkError::diagnostic))).ok()
}

fn folded<'f>(rows: &'f [LinkRow], contents: &[Rendered], pages: &'f mut Pages) -> Folded<'f> {
    let landing = contents.iter().find(|rendered| rendered.file.path.as_str() == LANDING_PAGE);
    Folded { links: rows, landing: landing.map(|rendered| pages.read(&rendered.file)) }
}

/// What was made, if nothing is wrong with it.
fn seal(
    prepared: &Prepared<'_>,
    contents: Vec<Rendered>,
    summaries: Vec<Rendered>,
    pages: Pages,
) -> Result<Sealed, Refused> {
    let mut granted: BTreeSet<String> = BTreeSet::new();
    let mut files: Vec<(File, Arc<[Arc<str>]>)> = Vec::new();
    let program = prepared.program;
    let forms = &program.catalog().settings.tokens;
    let mut letters = Letters { forms, meant: program.marks(), heads: BTreeMap::new() };
    for Rendered { file, sources, used } in contents.into_iter().chain(summaries) {
        granted.extend(used.addresses);
        letters.heads.extend(used.head.map(|head| (file.path.clone(), head)));
        files.push((file, sources));
    }
    let endpoints = prepared.form_endpoints();
    let tokens = tokens(prepared);
    let (gates, trail) = (gates(prepared), trail(prepared));
    let hosts: BTreeSet<String> = program.hosts().iter().cloned().chain(hosts(prepared)).collect();
    let allowed = Allowed {
        granted: &granted,
        endpoints: &endpoints,
        base_url: &prepared.deployment.url,
        tokens: &tokens,
        letters: &letters,
        hosts: &hosts,
        gates: &gates,
        trail: trail.as_ref(),
    };
    audit::seal(files, &prepared.planned, pages, allowed)
}

/// What the email platforms fill in from which its emails go out: the partner's, and the vendor's where that one sends the
/// series or answers forms.
fn tokens(prepared: &Prepared<'_>) -> Vec<email::Token> {
    let leads = prepared.package.leads.as_ref().as_ref();
    let is_vendors = leads
        .is_some_and(|leads| leads.sends == Some(Controller::Vendor) || leads.keeps.receiver() == Controller::Vendor);
    let own = prepared.package.partner.platforms.email.as_deref();
    let vendors = prepared.data.get("vendor").and_then(|vendor| vendor.at("platforms.email")).and_then(Data::as_str);
    let named = own.into_iter().chain(vendors.filter(|_| is_vendors));
    named.flat_map(email::tokens).copied().collect()
}

/// Where in a record a host of its own stands, and where a mailbox: that somebody has one at a host makes it not his own.
const OWN_HOSTS: [&str; 2] = ["website", "privacy_url"];
const OWN_MAILBOXES: [&str; 5] =
    ["contact.email", "sla_contact.email", "legal.email", "legal.dpo.email", "capture.mail"];

/// The hosts of the site, the vendor and the partner that can be somebody's, and the mailboxes of both.
fn hosts(prepared: &Prepared<'_>) -> impl Iterator<Item = String> {
    let records = ["partner", "vendor"].into_iter().filter_map(|side| prepared.data.get(side));
    let said = |paths: &'static [&'static str]| {
        let records = records.clone();
        records.flat_map(move |record| paths.iter().filter_map(move |path| record.at(path)?.as_str()))
    };
    let sender = prepared.data.get("nurture").and_then(|nurture| nurture.at("sender.email")?.as_str());
    let mailboxes = said(&OWN_MAILBOXES).chain(sender).map(str::to_lowercase);
    let all = said(&OWN_HOSTS).chain([&*prepared.deployment.url]);
    let own = all.filter_map(|text| Some(host(text)?.trim_start_matches("www.").to_owned()));
    own.filter(|host| !owned(host).is_empty()).chain(mailboxes)
}

/// The script that carries the campaign of a visit, and the fields of forms that take it.
fn trail(prepared: &Prepared<'_>) -> Option<audit::Trail> {
    let journey = &prepared.package.journey;
    let script = prepared.assets.find(journey.trail.as_ref()?).ok()?.output.clone();
    let carried = prepared.package.tracking.carried();
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for request in &journey.requests {
        let names = prepared.capture.as_ref().map(|capture| capture.names(&request.id, &carried)).unwrap_or_default();
        for path in pages(prepared, &request.page) {
            fields.entry(path).or_default().extend(names.iter().cloned());
        }
    }
    Some(audit::Trail { script, fields })
}

/// The files of a document.
fn pages<'p>(prepared: &'p Prepared<'_>, id: &str) -> impl Iterator<Item = String> + use<'p> {
    let document = prepared.plan.documents.iter().find(|document| *document.id == *id);
    document.into_iter().flat_map(|document| &document.outputs).map(|output| output.path.to_string())
}

/// The files of the pages that stand behind forms, and of those that may lead there.
fn gates(prepared: &Prepared<'_>) -> audit::Gates {
    let Some(path) = &prepared.path else { return audit::Gates::default() };
    let pages = |id: &str| pages(prepared, id);
    let emails = |id: &str| {
        let email = prepared.plan.emails.iter().find(|email| *email.id == *id);
        email.into_iter().flat_map(|email| &email.outputs).flat_map(|output| [&output.html, &output.text])
    };
    let mut gates = audit::Gates::default();
    for behind in path.gates().behind() {
        let from = behind.pages.iter().flat_map(|id| pages(id));
        let from = from.chain(behind.emails.iter().flat_map(|id| emails(id)).map(ToString::to_string));
        let from: Arc<BTreeSet<String>> = Arc::new(from.collect());
        let (page, request) = (&behind.page, &behind.request);
        let known = || audit::Behind { page: page.clone(), request: request.clone(), from: from.clone() };
        gates.behind.extend(pages(page).map(|path| (path, known())));
    }
    gates.unlisted.extend(path.gates().unlisted().flat_map(pages));
    gates
}
