//! `fmt`: files in order, and ids for headings.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::layers::MASTER;
use crate::catalog::patch::{Patch, PatchKind};
use crate::catalog::place::{Step, steps};
use crate::catalog::{Catalog, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::paths::InputPath;
use crate::source::{SourceId, Span};
use crate::syntax::{markdown, yaml};
use crate::workspace::{Files, Workspace};

use super::drafts::Drafts;
use super::ids::{self, Given, Unnamed};
use super::sites::{self, Holds, Part};
use super::sort::{Order, sorted};
use super::text::{Edit, apply};
use super::yaml::Yaml;
use super::{Change, Opened, Rewritten, Selected, errors, settled, table};

/// What is done beside putting overlays in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Also {
    /// The rows of registries stand by id. Somebody may have grouped them, so only on request.
    pub rows: bool,
    /// Headings of the master's Markdown that have none get ids.
    pub ids: bool,
}

/// The workspace with its overlays in order.
pub fn format(files: &impl Files, selected: Selected<'_>, also: Also) -> Rewritten {
    let opened = Opened::read(files);
    let mut diagnostics = errors(&opened.diagnostics);
    let mut changes = Vec::new();
    if let Some(catalog) = &opened.catalog {
        let mut drafts = Drafts::new(&opened.workspace);
        for part in sites::parts(&opened.workspace, catalog).iter().flatten().filter(|part| selected(&part.path)) {
            let Some(text) = drafts.text(&part.path) else { continue };
            if let Some(new) = in_order(&text, part, catalog, also).filter(|new| *new != text) {
                // What has lines of an unusual kind stays as it is.
                let _ = drafts.set(&part.path, new);
            }
        }
        settled(&opened, catalog, &mut drafts, &|_| true);
        changes = drafts.changes();
        if also.ids {
            let mut drafts = Drafts::new(&opened.workspace);
            add(&opened.workspace, selected, &mut drafts, &mut diagnostics);
            // A heading with an id is a block, so the master says more than before.
            let wanted = drafts.changes();
            settled(&opened, catalog, &mut drafts, &|layer| !layer.is_of_master());
            let made = drafts.changes();
            diagnostics.extend(wanted.iter().filter(|change| !made.contains(change)).map(refused));
            changes.extend(made);
            changes.sort_by(|a, b| a.path.cmp(&b.path));
        }
    }
    Rewritten { workspace: opened.workspace, changes, diagnostics }
}

fn in_order(text: &str, part: &Part, catalog: &Catalog, also: Also) -> Option<String> {
    let master = &catalog.layer(LayerId::MASTER).patch;
    let of_document = |name: &str| if name == "package" { Some(master) } else { master.find(&steps(name)) };
    match &part.holds {
        Holds::Document(name) => Some(sorted(text, &[], Order::Master(of_document(name)?))),
        Holds::Table(_) => table::sorted(text).filter(|_| also.rows),
        Holds::Records(_) => Some(sorted(text, &[], Order::Names)).filter(|_| also.rows),
        Holds::Record(_) => {
            let mut text = text.to_owned();
            for name in documents_below_overlay(&text) {
                let document = name.strip_suffix(".yaml").unwrap_or(&name);
                let root = yaml::parse(SourceId(0), &text, 0).ok()?;
                let tree = Yaml { text: &text, root: &root, end: text.len() };
                let way = tree.find(&[Step::Key("overlay".into()), Step::Key(name.as_str().into())]);
                if let (Some(way), Some(patch)) = (way, of_document(document)) {
                    text = sorted(&text, &way, Order::Master(patch));
                }
            }
            Some(text)
        }
        Holds::Blocks(file) => front_in_order(text, file, master),
        Holds::Manifest | Holds::Whole(_) => None,
    }
}

fn documents_below_overlay(text: &str) -> Vec<String> {
    let Ok(root) = yaml::parse(SourceId(0), text, 0) else { return Vec::new() };
    let overlay = root.as_map().and_then(|map| map.get("overlay")).and_then(|overlay| overlay.as_map());
    let keys = overlay.map_or(&[][..], |map| &map.entries).iter().map(|entry| entry.key.value.to_string());
    keys.filter(|key| !key.ends_with(".md")).collect()
}

fn front_in_order(text: &str, file: &str, master: &Patch) -> Option<String> {
    let patch = markdown::parse_patch(SourceId(0), text, 0).ok()?;
    let PatchKind::Map(entries) = &master.find(&steps(file))?.kind else { return None };
    let (front, order) = (patch.front?, entries.get("front")?);
    let range = front.span.start as usize..front.span.end as usize;
    let new = sorted(text.get(range.clone())?, &[], Order::Master(order));
    apply(text, vec![Edit::new(range, new)])
}

/// A Markdown file of the master, or a translation of it.
struct Page<'w> {
    path: &'w InputPath,
    source: SourceId,
    text: &'w str,
}

/// Gives ids to the headings of each file of the master, and the same to those of its translations.
fn add(workspace: &Workspace, selected: Selected<'_>, drafts: &mut Drafts<'_>, diagnostics: &mut Diagnostics) {
    let pages = pages(workspace);
    for (name, page) in pages.iter().filter(|(name, page)| name.starts_with("content/") && selected(page.path)) {
        let is_translation = |other: &str| {
            let inner = other.strip_prefix("locales/").and_then(|rest| rest.split_once('/')).map(|(_, inner)| inner);
            inner == Some(name.as_str())
        };
        let translations: Vec<&Page<'_>> =
            pages.iter().filter(|(other, _)| is_translation(other)).map(|(_, page)| page).collect();
        let own = ids::given(page.text, &BTreeSet::new());
        let others: Vec<Vec<Given>> = translations.iter().map(|page| ids::given(page.text, &BTreeSet::new())).collect();
        let without = differing(&own, &translations, &others);
        let own = ids::given(page.text, &without);
        diagnostics.extend(own.iter().filter_map(|given| left_without(page, given)));
        write(page, &own, drafts);
        let by_place: BTreeMap<&Unnamed, &Given> = own.iter().map(|given| (&given.of, given)).collect();
        for (page, given) in translations.iter().zip(others) {
            let named = |given: Given| by_place.get(&given.of).map(|own| Given { id: own.id.clone(), ..given });
            write(page, &given.into_iter().filter_map(named).collect::<Vec<_>>(), drafts);
        }
    }
}

/// The Markdown files of the master by their path in it.
fn pages(workspace: &Workspace) -> Vec<(String, Page<'_>)> {
    let page = |(path, file): (&InputPath, &crate::workspace::File)| {
        let name = path.as_str().strip_prefix(MASTER)?.strip_prefix('/')?.to_owned();
        let (source, text) = workspace.text(path.as_str()).filter(|_| name.ends_with(".md"))?;
        Some((name, Page { path: &workspace.sources().get(file.source).path, source, text }))
    };
    workspace.below(MASTER).filter_map(page).collect()
}

/// The headings in blocks of which a translation has others: which is which, nobody can tell.
fn differing(own: &[Given], translations: &[&Page<'_>], others: &[Vec<Given>]) -> BTreeSet<Unnamed> {
    let levels = |given: &[Given], block: &Unnamed| -> Vec<u8> {
        given.iter().filter(|given| given.of.0 == block.0).map(|given| given.level).collect()
    };
    let differs = |heading: &&Given| {
        translations.iter().zip(others).any(|(page, other)| {
            let theirs = levels(other, &heading.of);
            let may_lack = match &heading.of.0 {
                Some(id) => !markdown::outline(page.text).iter().any(|sign| names(sign, id)),
                // A block of its own, which need not be translated.
                None => theirs.is_empty(),
            };
            !may_lack && theirs != levels(own, &heading.of)
        })
    };
    own.iter().filter(differs).map(|given| given.of.clone()).collect()
}

fn names(sign: &markdown::Outlined, wanted: &str) -> bool {
    match sign {
        markdown::Outlined::Heading { id, .. } => id.as_deref() == Some(wanted),
        markdown::Outlined::Block(id) => **id == *wanted,
        markdown::Outlined::End => false,
    }
}

fn refused(change: &Change) -> Diagnostic {
    let message = format!("`{}` gets no ids: with them something else of the workspace would be wrong", change.path);
    Diagnostic::error("E-FIX", message).help("write them by hand, one at a time, and run `cobrand check` in between")
}

fn left_without(page: &Page<'_>, given: &Given) -> Option<Diagnostic> {
    let reason = given.id.as_ref().err()?;
    let span = Span::new(page.source, given.range.start, given.range.end);
    let error = Diagnostic::error("E-FIX", format!("this heading is given no id: {reason}")).at(span, "");
    Some(error.help("write `{#id}` behind it, and what has to change with it, by hand"))
}

fn write(page: &Page<'_>, given: &[Given], drafts: &mut Drafts<'_>) {
    let Some(new) = apply(page.text, ids::edits(page.text, given)).filter(|new| *new != page.text) else { return };
    // What has lines of an unusual kind stays as it is.
    let _ = drafts.set(page.path, new);
}
