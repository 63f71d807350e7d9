//! Names and places changed in the text of a YAML document; everything else keeps its bytes.
//!
//! Each function answers with edits of the text that the tree was read from. What it cannot change for sure
//! it refuses with a reason; whoever calls reads the result again and compares.

use crate::catalog::place::Step;
use crate::syntax::tree::{Node, Value};

use super::extent::{self, Extent};
use super::piece::{Piece, in_style_of, indented};
use super::text::{Edit, column, eol, indentation, line_start};

/// Why a text is left as it is.
pub type Reason = &'static str;

const SHARED: Reason = "it shares its line with something else";

/// A tree and the text it was read from.
#[derive(Clone, Copy)]
pub struct Yaml<'a> {
    pub text: &'a str,
    pub root: &'a Node,
    /// Where the document ends in the text.
    pub end: usize,
}

impl Yaml<'_> {
    /// The way to a place, as the index of each entry or item; through `$replace`, which is no step.
    pub fn find(&self, steps: &[Step]) -> Option<Vec<usize>> {
        let (way, left) = self.descend(steps);
        (left == 0).then_some(way)
    }

    /// The way as far as there is one, and how many steps are left.
    fn descend(&self, steps: &[Step]) -> (Vec<usize>, usize) {
        let mut way = Vec::new();
        for (done, step) in steps.iter().enumerate() {
            through_replace(self.root, &mut way);
            let Some(index) = at(self.root, &way).and_then(|node| position(node, step)) else {
                return (way, steps.len() - done);
            };
            way.push(index);
        }
        (way, 0)
    }

    /// Gives a key, or the `id` of an item, another name.
    pub fn rename(&self, way: &[usize], new: &str) -> Result<Vec<Edit>, Reason> {
        let (last, parent) = way.split_last().ok_or("it is the whole document")?;
        let parent = at(self.root, parent).ok_or("it is not there")?;
        let span = match &parent.value {
            Value::Map(map) => map.entries.get(*last).map(|entry| entry.key.span),
            Value::Seq(items) => items
                .get(*last)
                .and_then(|item| item.as_map()?.get("id"))
                .filter(|id| id.as_text().is_some())
                .map(|id| id.span),
            Value::Scalar(_) => None,
        };
        let span = span.ok_or("it is not there")?;
        Ok(vec![self.written_anew(span.start as usize..span.end as usize, new)?])
    }

    /// Gives an id another name wherever `$at` and `$order` of the list at `way` name it.
    pub fn rename_anchors(&self, way: &[usize], old: &str, new: &str) -> Result<Vec<Edit>, Reason> {
        let mut way = way.to_vec();
        through_replace(self.root, &mut way);
        let Some(list) = at(self.root, &way) else { return Ok(Vec::new()) };
        let order = list.as_map().and_then(|map| map.get("$order")).and_then(Node::as_seq).unwrap_or(&[]);
        let places = list.as_seq().unwrap_or(&[]).iter().filter_map(|item| item.as_map()?.get("$at")?.as_map());
        let anchors = places.flat_map(|place| place.entries.iter().map(|entry| &entry.value));
        let named = order.iter().chain(anchors).filter(|node| node.as_text().is_some_and(|text| **text == *old));
        named.map(|node| self.written_anew(node.span.start as usize..node.span.end as usize, new)).collect()
    }

    /// Another text for the scalar at `range`.
    pub fn written_anew(&self, range: std::ops::Range<usize>, new: &str) -> Result<Edit, Reason> {
        let written = self.text.get(range.clone()).ok_or("it is not there")?;
        if written.contains('\n') || written.starts_with(['|', '>', '*']) {
            return Err("its name is written in an unusual way");
        }
        Ok(Edit::new(range, in_style_of(written, new)))
    }

    /// Takes an entry or item out, with its comments. What would be left empty around it goes, too.
    pub fn cut(&self, way: &[usize]) -> Result<(Vec<Edit>, Piece), Reason> {
        let outer = self.outermost_alone(way)?;
        let mut piece = self.piece(way)?;
        let (edit, removed) = self.removal(outer)?;
        if outer.len() < way.len() {
            // The comments around a place that goes whole go with what was in it.
            let inner = self.whole(way)?;
            let before = extent::comments(self.text.get(removed.start..inner.start).unwrap_or_default());
            let after = extent::comments(self.text.get(inner.end..removed.end).unwrap_or_default());
            piece.comments = before.into_iter().chain(std::mem::take(&mut piece.comments)).chain(after).collect();
        }
        Ok((vec![edit], piece))
    }

    /// The way to the outermost place in which there is nothing else.
    fn outermost_alone<'w>(&self, way: &'w [usize]) -> Result<&'w [usize], Reason> {
        let mut outer = way;
        while let Some((_, parent)) = outer.split_last()
            && let Some((index, around)) = parent.split_last()
        {
            let is_item = at(self.root, around).is_some_and(|node| node.as_seq().is_some());
            let node = at(self.root, parent).ok_or("it is not there")?;
            let others = match &node.value {
                Value::Map(map) => map.entries.iter().filter(|entry| !(is_item && &*entry.key.value == "id")).count(),
                Value::Seq(items) => items.len(),
                Value::Scalar(_) => 0,
            };
            if others > 1 {
                break;
            }
            let key = at(self.root, around).and_then(|node| Some(&node.as_map()?.entries.get(*index)?.key.value));
            if key.is_some_and(|key| &**key == "$replace") {
                return Err("`$replace` would be left with nothing");
            }
            outer = parent;
        }
        Ok(outer)
    }

    /// The bytes of an entry or item with its comments, or within braces without the comma.
    fn whole(&self, way: &[usize]) -> Result<std::ops::Range<usize>, Reason> {
        match self.extent(way)? {
            Some(extent) => Ok(extent.comments..extent.end),
            None => self.bare(way),
        }
    }

    /// From the first character of an entry or item to the last of its value.
    fn bare(&self, way: &[usize]) -> Result<std::ops::Range<usize>, Reason> {
        let (last, parent) = way.split_last().ok_or("it is the whole document")?;
        let parent = at(self.root, parent).ok_or("it is not there")?;
        let (start, value) = match &parent.value {
            Value::Map(map) => map.entries.get(*last).map(|entry| (entry.key.span.start, &entry.value)),
            Value::Seq(items) => items.get(*last).map(|item| (item.span.start, item)),
            Value::Scalar(_) => None,
        }
        .ok_or("it is not there")?;
        let written = self.text.get(value.span.start as usize..).unwrap_or_default();
        let header = written.lines().next().unwrap_or_default();
        if written.starts_with(['|', '>']) && header.contains('+') {
            return Err("the blank lines behind it are part of it");
        }
        Ok(start as usize..value.span.end.max(start) as usize)
    }

    /// The lines of an entry or item; `None` for one within braces.
    pub fn extent(&self, way: &[usize]) -> Result<Option<Extent>, Reason> {
        let bare = self.bare(way)?;
        let (_, around) = way.split_last().ok_or("it is the whole document")?;
        let parent = at(self.root, around).ok_or("it is not there")?;
        if is_flow(self.text, parent) {
            return Ok(None);
        }
        let start = match &parent.value {
            Value::Seq(_) => dash(self.text, bare.start).ok_or(SHARED)?,
            _ => bare.start,
        };
        Extent::of(self.text, start, bare.end).map(Some).ok_or(SHARED)
    }

    fn piece(&self, way: &[usize]) -> Result<Piece, Reason> {
        let is_item =
            way.split_last().and_then(|(_, parent)| at(self.root, parent)).is_some_and(|p| p.as_seq().is_some());
        let Some(extent) = self.extent(way)? else {
            let written = self.text.get(self.bare(way)?).unwrap_or_default();
            let mut lines: Vec<String> = written.lines().map(str::to_owned).collect();
            let least =
                lines.iter().skip(1).filter(|l| !l.trim().is_empty()).map(|l| indentation(l)).min().unwrap_or(0);
            for line in lines.iter_mut().skip(1).filter(|line| !line.trim().is_empty()) {
                *line = indented(&line.split_off(least), 2);
            }
            if let Some(first) = lines.first_mut().filter(|_| is_item) {
                *first = format!("- {first}");
            }
            return Ok(Piece { comments: Vec::new(), lines, is_item });
        };
        let own = column(self.text, extent.start);
        let above = line_start(self.text, extent.start).max(extent.comments);
        let comments = self.text.get(extent.comments..above).unwrap_or_default();
        let comments = comments.lines().map(|line| line.trim_start().to_owned()).collect();
        let mut lines = Vec::new();
        for (index, line) in self.text.get(extent.start..extent.end).unwrap_or_default().lines().enumerate() {
            if index == 0 || line.trim().is_empty() {
                lines.push(line.to_owned());
            } else if indentation(line) >= own {
                lines.push(line.get(own..).unwrap_or_default().to_owned());
            } else {
                return Err("its lines are indented in an unusual way");
            }
        }
        Ok(Piece { comments, lines, is_item })
    }

    /// The edit that takes a place out, and the bytes it stood in.
    fn removal(&self, way: &[usize]) -> Result<(Edit, std::ops::Range<usize>), Reason> {
        let (last, around) = way.split_last().ok_or("it is the whole document")?;
        let sibling = |index: usize| self.bare(&[around, &[index]].concat());
        if let Some(extent) = self.extent(way)? {
            if extent.has_own_line {
                return Ok((Edit::new(extent.comments..extent.end, ""), extent.comments..extent.end));
            }
            // It stands behind the dash, and the next entry takes its place there.
            let next = sibling(last + 1).map_err(|_| SHARED)?.start;
            let between = self.text.get(extent.end..next).ok_or(SHARED)?;
            return match between.trim().is_empty() {
                true => Ok((Edit::new(extent.start..next, ""), extent.start..extent.end)),
                false => Err("a comment stands between it and what takes its place"),
            };
        }
        let own = self.bare(way)?;
        let range = match (sibling(last + 1), last.checked_sub(1).map(sibling)) {
            (Ok(next), _) => own.start..next.start,
            (Err(_), Some(Ok(before))) => before.end..own.end,
            _ => own.clone(),
        };
        let rests = [range.start..own.start.max(range.start), own.end.min(range.end)..range.end];
        match rests.into_iter().any(|rest| self.text.get(rest).is_none_or(|text| text.contains('#'))) {
            true => Err("a comment stands beside it within the braces"),
            false => Ok((Edit::new(range, ""), own)),
        }
    }

    /// Puts a piece at the end of the map or list at `steps`, which is made as far as it is missing.
    pub fn insert(&self, steps: &[Step], piece: &Piece) -> Result<Vec<Edit>, Reason> {
        let (mut way, left) = self.descend(steps);
        through_replace(self.root, &mut way);
        let missing = steps.get(steps.len() - left..).unwrap_or_default();
        let container = at(self.root, &way).ok_or("it is not there")?;
        let takes_items = match missing.first() {
            Some(step) => matches!(step, Step::Item(_)),
            None => piece.is_item,
        };
        let (count, fits) = match &container.value {
            Value::Map(map) => (map.entries.len(), !takes_items),
            Value::Seq(items) => (items.len(), takes_items),
            Value::Scalar(_) => (0, false),
        };
        if !fits {
            return Err("something of another kind stands at its new place");
        }
        if is_flow(self.text, container) {
            let text = piece.in_braces(missing).ok_or("its new place is within braces, where it cannot stand")?;
            return Ok(vec![match count.checked_sub(1) {
                Some(last) => {
                    let end = self.bare(&[&way[..], &[last]].concat())?.end;
                    Edit::new(end..end, format!(", {text}"))
                }
                None => Edit::new(container.span.start as usize + 1..container.span.start as usize + 1, text),
            }]);
        }
        let lines = piece.nested(missing).ok_or("its new place is in a list, which holds items")?;
        let (at, by) = match count.checked_sub(1) {
            Some(last) => {
                let last = self.extent(&[&way[..], &[last]].concat())?.ok_or(SHARED)?;
                (last.end, column(self.text, last.start))
            }
            None if way.is_empty() => (self.end, 0),
            None => return Err("its new place is empty"),
        };
        Ok(vec![self.new_lines(at, by, &lines)])
    }

    fn new_lines(&self, at: usize, by: usize, lines: &[String]) -> Edit {
        let eol = eol(self.text);
        let body: Vec<String> = lines.iter().map(|line| indented(line, by)).collect();
        let before = &self.text[..at];
        let text = body.join(eol);
        match before.is_empty() || before.ends_with('\n') {
            true => Edit::new(at..at, text + eol),
            false => Edit::new(at..at, format!("{eol}{text}")),
        }
    }
}

/// The node at a way.
pub fn at<'n>(root: &'n Node, way: &[usize]) -> Option<&'n Node> {
    way.iter().try_fold(root, |node, &index| match &node.value {
        Value::Map(map) => map.entries.get(index).map(|entry| &entry.value),
        Value::Seq(items) => items.get(index),
        Value::Scalar(_) => None,
    })
}

fn through_replace(root: &Node, way: &mut Vec<usize>) {
    while let Some(index) = at(root, way).and_then(|node| position(node, &Step::Key("$replace".into()))) {
        way.push(index);
    }
}

fn position(node: &Node, step: &Step) -> Option<usize> {
    match (step, &node.value) {
        (Step::Key(key), Value::Map(map)) => map.entries.iter().position(|entry| entry.key.value == *key),
        (Step::Item(id), Value::Seq(items)) => {
            let has_id = |item: &Node| item.as_map()?.get("id")?.as_text().map(|text| text == id);
            items.iter().position(|item| has_id(item) == Some(true))
        }
        _ => None,
    }
}

/// Whether a map or list is written in braces or brackets.
pub fn is_flow(text: &str, node: &Node) -> bool {
    text.get(node.span.start as usize..).is_some_and(|text| text.starts_with(['{', '[', '*']))
}

/// The dash of the item that starts at `start`, if it stands on the same line.
fn dash(text: &str, start: usize) -> Option<usize> {
    let before = text[line_start(text, start)..start].trim_end_matches(' ');
    let dash = line_start(text, start) + before.len().checked_sub(1)?;
    (before.trim_start() == "-").then_some(dash)
}
