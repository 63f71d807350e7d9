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

use super::marked::{statement, tag_end};
use super::parts::{Part, literals, parts, rest};
use super::quoted::Quoted;
use super::{Templates, escapes_html};
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
        texts.map(|(name, text)| (name, (text, parts(text, templates.drops_lines)))).collect();
    let mut walk = Walk::new(templates, &read);
    // What others put in is read from there; what nobody does, only puts in itself or is a page of its own, from the text of a page.
    let included: BTreeSet<String> = read.iter().flat_map(|(name, (text, _))| included(name, text)).collect();
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
    (walk.faults, walk.quoted)
}

/// The templates that one puts in by their names.
fn included(name: &str, text: &str) -> Vec<String> {
    let tags = text.match_indices("{%").filter_map(|(at, _)| text.get(at..tag_end(text, at)));
    let all = tags.filter(|tag| statement(tag) == "include").filter_map(|tag| literals(rest(tag, "include"))).flatten();
    all.filter(|other| *other != name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
