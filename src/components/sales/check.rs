//! Whether what sellers get fits the rest of the package.

mod path;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::Finding;
use super::output::LINK;
use crate::data::{Data, DataMap};
use crate::package::journey::Journey;
use crate::package::sales::{Channel, Part, Sales};

/// The ids that sales enablement refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    pub pillars: BTreeSet<String>,
    pub offers: BTreeSet<String>,
    /// The values of the form's `job_role`.
    pub job_roles: BTreeSet<String>,
    /// The ids of `tracking.placements`.
    pub placements: BTreeSet<String>,
    /// The pieces of the library, each with what kind of asset it is.
    pub pieces: BTreeMap<String, String>,
    /// Where leads are handed over: `sales.offered`.
    pub handed: Option<String>,
}

impl Known {
    /// Reads them from the package's data.
    pub fn of(data: &DataMap) -> Self {
        let ids = |key: &str| {
            let items = data.get(key).map_or(&[][..], Data::items);
            items.iter().filter_map(|item| item.get("id").and_then(Data::as_str)).map(str::to_owned).collect()
        };
        let roles = data.get("qualification").and_then(|model| model.at("fields[job_role]")?.get("values"));
        let roles = roles.map_or(&[][..], Data::items).iter().filter_map(Data::as_str).map(str::to_owned);
        let placements =
            data.get("tracking").and_then(|tracking| tracking.get("placements")).map_or(&[][..], Data::items);
        let placements = placements.iter().filter_map(|item| item.get("id").and_then(Data::as_str)).map(str::to_owned);
        let kind = |piece: &Data| {
            let text = |key: &str| piece.get(key).and_then(Data::as_str).map(str::to_owned);
            Some((text("id")?, text("kind").unwrap_or_default()))
        };
        let pieces = data.get("library").map_or(&[][..], Data::items).iter().filter_map(kind);
        let word = |key: &str| data.get("handoff")?.get(key).and_then(Data::as_str);
        Self {
            pillars: ids("pillars"),
            offers: ids("offers"),
            job_roles: roles.collect(),
            placements: placements.collect(),
            pieces: pieces.collect(),
            handed: word("machine").zip(word("state")).map(|(machine, state)| format!("{machine}.{state}")),
        }
    }
}

/// Everything that is wrong with `sales`.
pub fn check(sales: &Sales, known: &Known, journey: &Journey) -> Vec<Finding> {
    let mut findings = path::check(sales, known, journey);
    for persona in &sales.personas {
        let path = format!("sales.personas[{}]", persona.id);
        expect(&known.pillars, &persona.pillar, format!("{path}.pillar"), ["pillar", "pillars"], &mut findings);
        let roles = ["job role on the form", "qualification.fields[job_role].values"];
        expect(&known.job_roles, &persona.job_role, format!("{path}.job_role"), roles, &mut findings);
    }
    for question in &sales.questions {
        let path = format!("sales.questions[{}]", question.id);
        expect(&known.pillars, &question.pillar, format!("{path}.pillar"), ["pillar", "pillars"], &mut findings);
        expect(&known.offers, &question.leads_to, format!("{path}.leads_to"), ["offer", "offers"], &mut findings);
    }
    for item in &sales.follow_ups {
        let path = format!("sales.follow_ups[{}]", item.id);
        if item.channel == Channel::Email && item.subject.is_none() {
            let message = format!("the email `{}` has no subject", item.id);
            findings.push(Finding::new(format!("{path}.subject"), message, "add `subject:`"));
        }
        findings.extend(left_open(&item.body, &item.fill_in, item.placement.is_some(), &path));
    }
    for item in &sales.posts {
        findings.extend(left_open(&item.body, &item.fill_in, true, &format!("sales.posts[{}]", item.id)));
    }
    findings.extend(unwritten(sales, known));
    for part in Part::ALL {
        if !sales.lead_context.columns.iter().any(|column| column.part == part) {
            let message = format!("the lead-context report says nothing on `{}`", part.id());
            let help = format!("add a column with `part: {}`; a lead without context is only a contact", part.id());
            findings.push(Finding::new("sales.lead_context.columns", message, help));
        }
    }
    findings
}

/// Kinds of assets that are published elsewhere and have no page: their text is a post.
const PUBLISHED: [&str; 3] = ["post", "carousel", "teaser"];

/// Pieces of the library that are to be published, and that nobody wrote; and posts that are none of its pieces.
fn unwritten(sales: &Sales, known: &Known) -> Vec<Finding> {
    let is_written = |id: &str| sales.posts.iter().any(|post| post.piece.as_deref() == Some(id));
    let missing = known.pieces.iter().filter(|(id, kind)| PUBLISHED.contains(&kind.as_str()) && !is_written(id));
    let missing = missing.map(|(id, kind)| {
        let message = format!("`{id}` is a {kind}, and no post has its text");
        let help = format!("write it in `sales.posts` with `piece: {id}`, or take the piece out");
        let finding = Finding::new(format!("library[{id}].kind"), message, help).breaking("E-J1");
        finding.resting_on(vec!["sales.posts".to_owned()])
    });
    let strange = sales.posts.iter().filter_map(|post| {
        let piece = post.piece.as_ref().filter(|piece| !known.pieces.contains_key(&***piece))?;
        let names = known.pieces.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message = format!("there is no piece `{piece}` in the library");
        let finding = Finding::new(format!("sales.posts[{}].piece", post.id), message, format!("use one of {names}"));
        Some(finding.resting_on(vec!["library".to_owned(), format!("library[{piece}]")]).breaking("E-J1"))
    });
    missing.chain(strange).collect()
}

/// What is to be filled in by hand, and is not said to be.
fn left_open(body: &str, fill_in: &[Arc<str>], is_linked: bool, path: &str) -> Vec<Finding> {
    let is_known =
        |blank: &str| is_linked && LINK == format!("[{blank}]") || fill_in.iter().any(|named| **named == *blank);
    let open = blanks(body).filter(|blank| !is_known(blank)).map(|blank| {
        let message = format!("`[{blank}]` stands in the text, but not under `fill_in`");
        let help = "take it out, or list it there, so that nobody sends it by mistake";
        let finding = Finding::new(format!("{path}.fill_in"), message, help);
        finding.resting_on(vec![format!("{path}.body")]).quoting(format!("[{blank}]"))
    });
    open.collect()
}

/// Notes an id that is none of `known`, which are called by the first word of `of` and stand in the list at the second.
fn expect(known: &BTreeSet<String>, id: &str, path: String, of: [&str; 2], findings: &mut Vec<Finding>) {
    let [what, list] = of;
    if !known.contains(id) {
        let names = known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let finding = Finding::new(path, format!("there is no {what} `{id}`"), format!("use one of {names}"));
        findings.push(finding.resting_on(vec![list.to_owned(), format!("{list}[{id}]")]));
    }
}

/// What stands in square brackets.
fn blanks(text: &str) -> impl Iterator<Item = &str> {
    text.split('[').skip(1).filter_map(|rest| rest.split_once(']').map(|(blank, _)| blank))
}
