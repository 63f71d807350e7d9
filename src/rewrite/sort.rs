//! Entries of overlays in the order of the master; only where order says nothing, and comments go along.
//!
//! - Keys stand as in the master, those that it has not behind them by name (V1).
//! - A comment that stands by itself, with a blank line behind it, is a border that no key crosses. Blank lines
//!   stay where they are, and so do the comments at a file's very start and the first key of a list's item.
//! - Items of lists, and what is written in braces, stay.

use std::sync::Arc;

use crate::catalog::patch::{Patch, PatchKind};
use crate::source::SourceId;
use crate::syntax::tree::{Node, Value};
use crate::syntax::yaml;

use super::extent::Extent;
use super::text::{Edit, apply, eol, line_start};
use super::yaml::{Yaml, at, is_flow};

/// What gives the keys of a map their order.
#[derive(Clone, Copy)]
pub enum Order<'m> {
    /// What the master says there.
    Master(&'m Patch),
    /// Names alone, and nothing below.
    Names,
}

/// The text with the document at `way` in order.
pub fn sorted(text: &str, way: &[usize], order: Order<'_>) -> String {
    let mut text = text.to_owned();
    // Each round puts one map in order, the inner ones first.
    for _ in 0..text.len() {
        let Ok(root) = yaml::parse(SourceId(0), &text, 0) else { return text };
        let document = Yaml { text: &text, root: &root, end: text.len() };
        let sorter = Sorter { document };
        match sorter.first(&mut way.to_vec(), order) {
            Some(new) => text = new,
            None => return text,
        }
    }
    text
}

struct Sorter<'a> {
    document: Yaml<'a>,
}

impl Sorter<'_> {
    /// The text with the first map in order that is not; `None` if all are.
    fn first(&self, way: &mut Vec<usize>, order: Order<'_>) -> Option<String> {
        let node = at(self.document.root, way)?;
        for (index, below) in children(node, order) {
            way.push(index);
            let found = self.first(way, Order::Master(below));
            way.pop();
            if found.is_some() {
                return found;
            }
        }
        let ranks = ranks(node, order)?;
        let edit = self.reordered(way, &ranks)?;
        let new = apply(self.document.text, vec![edit])?;
        let root = yaml::parse(SourceId(0), &new, 0).ok()?;
        (new != self.document.text && same(self.document.root, &root)).then_some(new)
    }

    /// The edit that puts the entries of a map in order.
    fn reordered(&self, way: &[usize], ranks: &[(usize, Arc<str>)]) -> Option<Edit> {
        let text = self.document.text;
        let node = at(self.document.root, way)?;
        if is_flow(text, node) {
            return None;
        }
        let mut extents = Vec::with_capacity(ranks.len());
        for index in 0..ranks.len() {
            let extent = self.document.extent(&[way, &[index]].concat()).ok()??;
            let comments = if extent.comments == 0 { line_start(text, extent.start) } else { extent.comments };
            extents.push(Extent { comments, ..extent });
        }
        let movable: Vec<usize> = (0..extents.len()).filter(|&index| extents[index].has_own_line).collect();
        let is_border =
            |a: usize, b: usize| text.get(extents[a].end..extents[b].comments).is_none_or(|gap| !gap.trim().is_empty());
        for section in movable.chunk_by(|&a, &b| !is_border(a, b)) {
            let mut order = section.to_vec();
            order.sort_by(|&a, &b| ranks[a].cmp(&ranks[b]));
            if order != section {
                return Some(permuted(text, &extents, section, &order));
            }
        }
        None
    }
}

/// The lines of a section with its entries in another order, and what is between them in its place.
fn permuted(text: &str, extents: &[Extent], section: &[usize], order: &[usize]) -> Edit {
    let eol = eol(text);
    let mut out = String::new();
    for (slot, (&old, &new)) in section.iter().zip(order).enumerate() {
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(eol);
        }
        out.push_str(&text[extents[new].comments..extents[new].end]);
        if let Some(&next) = section.get(slot + 1) {
            if !out.ends_with('\n') {
                out.push_str(eol);
            }
            out.push_str(&text[extents[old].end..extents[next].comments]);
        }
    }
    let (first, last) = (section[0], section[section.len() - 1]);
    let range = extents[first].comments..extents[last].end;
    if !text[range.clone()].ends_with('\n') {
        out.truncate(out.trim_end_matches(['\n', '\r']).len());
    }
    Edit::new(range, out)
}

/// The entries and items below which something may be sorted, with what the master has there.
fn children<'m>(node: &Node, order: Order<'m>) -> Vec<(usize, &'m Patch)> {
    let Order::Master(patch) = order else { return Vec::new() };
    match (&node.value, &patch.kind) {
        (Value::Map(map), PatchKind::Map(entries)) => {
            let below = |(index, entry): (usize, &crate::syntax::tree::Entry)| match &*entry.key.value {
                "$replace" => Some((index, patch)),
                key => entries.get(key).map(|below| (index, below)),
            };
            map.entries.iter().enumerate().filter_map(below).collect()
        }
        (Value::Map(map), PatchKind::Keyed(_)) => {
            let replace = map.entries.iter().position(|entry| &*entry.key.value == "$replace");
            replace.map(|index| (index, patch)).into_iter().collect()
        }
        (Value::Seq(items), PatchKind::Keyed(list)) => {
            let below = |(index, item): (usize, &Node)| {
                let id = item.as_map()?.get("id")?.as_text()?;
                Some((index, &list.items.get(id)?.patch))
            };
            items.iter().enumerate().filter_map(below).collect()
        }
        _ => Vec::new(),
    }
}

/// For each entry of a map what it is sorted by; `None` for what has no entries to sort.
fn ranks(node: &Node, order: Order<'_>) -> Option<Vec<(usize, Arc<str>)>> {
    let map = node.as_map()?;
    let rank = |key: &Arc<str>| match order {
        Order::Names => Some(0),
        Order::Master(Patch { kind: PatchKind::Map(entries), .. }) => {
            Some(if key.starts_with('$') { 0 } else { entries.get_index_of(key).map_or(usize::MAX, |index| index + 1) })
        }
        Order::Master(_) => None,
    };
    map.entries.iter().map(|entry| Some((rank(&entry.key.value)?, entry.key.value.clone()))).collect()
}

/// Whether two trees say the same but for the order of keys.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Scalar(a), Value::Scalar(b)) => a == b,
        (Value::Seq(a), Value::Seq(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Map(a), Value::Map(b)) => {
            let has =
                |entry: &crate::syntax::tree::Entry| b.get(&entry.key.value).is_some_and(|b| same(&entry.value, b));
            a.entries.len() == b.entries.len() && a.entries.iter().all(has)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_name(text: &str) -> String {
        sorted(text, &[], Order::Names)
    }

    #[test]
    fn comments_go_along_and_blank_lines_stay() {
        let text = "# file\nc: 1 # tail\n\n# on b\nb: |\n  # text\n\n  more\n\na:\n  y: 1\n  # below a\n";
        let expected = "# file\na:\n  y: 1\n  # below a\n\n# on b\nb: |\n  # text\n\n  more\n\nc: 1 # tail\n";
        assert_eq!(by_name(text), expected);
        assert_eq!(by_name(expected), expected);
    }

    #[test]
    fn a_comment_by_itself_is_a_border() {
        let text = "b: 1\na: 2\n\n# --- ours ---\n\nd: 3\nc: 4";
        assert_eq!(by_name(text), "a: 2\nb: 1\n\n# --- ours ---\n\nc: 4\nd: 3");
        assert_eq!(by_name(&text.replace('\n', "\r\n")), by_name(text).replace('\n', "\r\n"));
    }

    #[test]
    fn what_cannot_be_sorted_for_sure_stays() {
        for text in ["{b: 1, a: 2}\n", "b: &x 1\na: *x\n", "? b\n: 1\n? a\n: 2\n", "b: |+\n  x\n\na: 1\n"] {
            assert_eq!(by_name(text), text);
        }
    }
}
