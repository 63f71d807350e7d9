//! Where the marks of a template stand in the page. What they put in is escaped, but not everywhere is that enough: within a tag, in
//! no quotes, a value could bring an attribute of its own (`<p title={{ name }}>` with `Acme onclick=…`), and in a script words.
//!
//! Each template is read from where it is put in: from the text of a page, from a title, from the quotes of an attribute. It has to
//! end where it began, so that whatever follows it is what it seems; so do the pieces that are put in by name.
//!
//! - `reader`: where in a page a text is
//! - `code`: where in a script
//! - `fault`: what is wrong with a mark there
//! - `walk`: the way through all templates

mod code;
mod fault;
mod reader;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Diagnostics};
use crate::marks;

use super::parts::{Part, included, parts, tags};
use super::quoted::Quoted;
use super::{Language, Templates, component, escapes_html};
use fault::Fault;
use walk::{Faults, Walk};

/// Refuses templates of pages with such marks, or that leave something open, and tells of marks in quotes.
pub fn check(templates: &Templates) -> (Diagnostics, Quoted) {
    let mut found = Diagnostics::default();
    let (faults, quoted) = faults(templates);
    for ((name, start), (end, fault)) in faults {
        let mark = shown(templates.text(&name).get(start..end).unwrap_or_default());
        let (message, label, help) = fault.words(&mark);
        found.push(templates.placed(Diagnostic::error("E-TEMPLATE", message).help(help), &name, start..end, label));
    }
    (found, quoted)
}

fn shown(mark: &str) -> String {
    marks::strip(mark).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn faults(templates: &Templates) -> (Faults, Quoted) {
    let texts = templates.iter().filter(|(name, _)| escapes_html(name));
    let read: BTreeMap<&str, (&str, Vec<Part>)> =
        texts.map(|(name, text)| (name, (text, parts(text, templates.language)))).collect();
    let mut walk = Walk::new(templates, &read);
    // What others put in is read from there; what nobody does, only puts in itself or is a page of its own, from the text of a page.
    let included: BTreeSet<&str> =
        read.iter().flat_map(|(name, (text, _))| included(name, text, templates.language)).collect();
    let is_own = |name: &&&str| !included.contains(**name) || templates.pages.contains(**name);
    let (own, others): (Vec<&str>, Vec<&str>) = read.keys().partition(is_own);
    own.into_iter().for_each(|name| walk.put_in_text(name));
    walk.all();
    for name in others {
        if !walk.has_seen(name) {
            walk.put_in_text(name);
            walk.all();
        }
    }
    walk.blocks_of_nobody();
    walk.all();
    let (mut faults, quoted) = walk.done();
    for (at, fault) in unescaped(templates, &read) {
        faults.entry(at).or_insert(fault);
    }
    (faults, quoted)
}

/// The tags of pages that put in a component which is written where nothing is escaped.
fn unescaped(templates: &Templates, read: &BTreeMap<&str, (&str, Vec<Part>)>) -> Faults {
    if templates.language != Language::Tera {
        return Faults::default();
    }
    let raw = templates.iter().filter(|(name, _)| !escapes_html(name)).flat_map(|(_, text)| component::written(text));
    let raw: BTreeSet<String> = raw.collect();
    let mut faults = Faults::default();
    for (name, (text, _)) in read {
        for tag in tags(text, templates.language) {
            let names = text.get(tag.clone()).map(component::of_tag).unwrap_or_default();
            if names.iter().any(|name| raw.contains(name)) {
                faults.insert(((*name).to_owned(), tag.start), (tag.end, Fault::Unescaped));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests;
