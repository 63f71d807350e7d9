//! The moves of the master, written into the overlays (V8).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::moved::Moved;
use crate::catalog::place::{Step, steps};
use crate::paths::InputPath;
use crate::source::SourceId;
use crate::syntax::markdown;
use crate::syntax::tree::{Node, Value};
use crate::syntax::yaml;

use super::Selected;
use super::blocks::Renamed;
use super::drafts::Drafts;
use super::piece::Piece;
use super::sites::{Holds, Part, in_document};
use super::table;
use super::text::{Edit, apply};
use super::yaml::{Reason, Yaml, at};

/// Why a file could not be rewritten, by its path and the old name.
pub type Reasons = BTreeMap<(InputPath, Arc<str>), Reason>;

/// Spans of what is read here are places in a single text.
const TEXT: SourceId = SourceId(0);

const TANGLED: Reason = "its parts are written across each other";
const UNREADABLE: Reason = "the file cannot be read";

/// Writes the new names into the files of one layer.
pub struct Mover<'d, 'w> {
    pub drafts: &'d mut Drafts<'w>,
    pub reasons: &'d mut Reasons,
    pub selected: Selected<'d>,
}

impl Mover<'_, '_> {
    pub fn layer(&mut self, parts: &[Part], moves: &[Moved]) {
        let mut parts = parts.to_vec();
        // One move may bring a place below the old name of another.
        for _ in 0..moves.len() {
            let mut changed = false;
            for moved in moves {
                for index in 0..parts.len() {
                    changed |= self.part(&mut parts, index, moved);
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Whether the file said anything of the old place that is now said of the new one.
    fn part(&mut self, parts: &mut [Part], index: usize, moved: &Moved) -> bool {
        let Some(part) = parts.get(index).cloned() else { return false };
        let result = match &part.holds {
            Holds::Whole(name) => self.whole(&mut parts[index], name, moved),
            Holds::Blocks(name) if *name == *moved.from.value => self.whole(&mut parts[index], name, moved),
            _ => self.inside(&part, moved),
        };
        result.unwrap_or_else(|reason| {
            self.reasons.insert((part.path.clone(), moved.from.value.clone()), reason);
            false
        })
    }

    /// A file that has another path now.
    fn whole(&mut self, part: &mut Part, name: &str, moved: &Moved) -> Result<bool, Reason> {
        if *name != *moved.from.value {
            return Ok(false);
        }
        let path = format!("{}/{}", part.folder, moved.to.value);
        let new = InputPath::new(&path).map_err(|_| "its new place is no path")?;
        self.drafts.rename(&part.path, &new)?;
        part.path = new;
        part.holds = match &part.holds {
            Holds::Blocks(_) => Holds::Blocks(moved.to.value.to_string()),
            _ => Holds::Whole(moved.to.value.to_string()),
        };
        Ok(true)
    }

    fn inside(&mut self, part: &Part, moved: &Moved) -> Result<bool, Reason> {
        let Some(text) = self.drafts.text(&part.path) else { return Ok(false) };
        let from = steps(&moved.from.value);
        let is_named =
            from.last().is_some_and(|last| text.contains(last.name().rsplit('/').next().unwrap_or_default()));
        if !is_named {
            return Ok(false);
        }
        let new = match &part.holds {
            Holds::Document(_) | Holds::Record(_) | Holds::Records(_) => self.document(part, text.clone(), moved)?,
            Holds::Blocks(name) => markdown_file(&text, name, moved)?,
            Holds::Table(axis) => table::renamed(&text, axis, moved)?,
            Holds::Manifest => manifest(&text, moved)?,
            Holds::Whole(_) => None,
        };
        let Some(new) = new.filter(|new| *new != text) else { return Ok(false) };
        self.drafts.set(&part.path, new)?;
        Ok(true)
    }

    /// A YAML file, with all that stands in it at a place of its own.
    fn document(&mut self, part: &Part, mut text: String, moved: &Moved) -> Result<Option<String>, Reason> {
        let root = read(&text)?;
        let mut rows: Vec<Option<usize>> = vec![None];
        if let Holds::Records(_) = part.holds {
            rows = root.as_map().map(|map| (0..map.entries.len()).map(Some).collect()).unwrap_or_default();
        }
        for row in rows {
            // A key of a row is a step of its own, below which the record stands.
            let root = read(&text)?;
            let row: Vec<Step> = row
                .and_then(|row| Some(Step::Key(root.as_map()?.entries.get(row)?.key.value.clone())))
                .into_iter()
                .collect();
            if let Some(new) = self.tree(part, &text, &row, moved)? {
                text = new;
            }
            if let Holds::Record(_) | Holds::Records(_) = part.holds
                && let Some(new) = embedded(&text, &row, moved)?
            {
                text = new;
            }
        }
        Ok(Some(text))
    }

    fn tree(&mut self, part: &Part, text: &str, row: &[Step], moved: &Moved) -> Result<Option<String>, Reason> {
        let mut text = text.to_owned();
        for view in View::all(part, row) {
            let (from, to) = (steps(&moved.from.value), steps(&moved.to.value));
            let Some(inner) = view.inside(&from) else { continue };
            match view.inside(&to) {
                Some(target) => {
                    if let Some(new) = relocated(&text, &inner, &target)? {
                        text = new;
                    }
                }
                None => {
                    if let Some(new) = self.carried_away(part, &text, &inner, &to)? {
                        text = new;
                    }
                }
            }
        }
        Ok(Some(text))
    }

    /// Takes an entry out of a document, and puts it into another one of the same layer.
    fn carried_away(&mut self, part: &Part, text: &str, inner: &[Step], to: &[Step]) -> Result<Option<String>, Reason> {
        let root = read(text)?;
        let document = Yaml { text, root: &root, end: text.len() };
        let Some(way) = document.find(inner) else { return Ok(None) };
        let (Holds::Document(_), Some((name, target))) = (&part.holds, in_document(to)) else {
            return Err("its new place is in another file");
        };
        let (edits, mut piece) = document.cut(&way)?;
        let (last, parents) = target.split_last().ok_or("its new place is a whole file")?;
        rename_piece(&mut piece, inner.last(), last)?;
        let path = InputPath::new(&format!("{}/{name}.yaml", part.folder)).map_err(|_| "its new place is no path")?;
        if !(self.selected)(&path) {
            return Err("its new place is in a file that was not named");
        }
        let other = self.drafts.text(&path).unwrap_or_default();
        let there = read(&other)?;
        let there = Yaml { text: &other, root: &there, end: other.len() };
        if there.find(target).is_some() {
            return Err("its new place is taken");
        }
        let inserted = apply(&other, there.insert(parents, &piece)?).ok_or(TANGLED)?;
        read(&inserted)?;
        let left = apply(text, edits).ok_or(TANGLED)?;
        self.drafts.set(&path, inserted)?;
        Ok(Some(left))
    }
}

/// A part of a YAML file, and the places of the master that its entries stand for.
enum View {
    /// A document, with the steps to it.
    Document(String),
    /// A record, and the way to it.
    Record(String, Vec<Step>),
    /// What stands below `overlay` of a record.
    Overlay(Vec<Step>),
}

impl View {
    fn all(part: &Part, row: &[Step]) -> Vec<Self> {
        match &part.holds {
            Holds::Document(name) => vec![Self::Document(name.clone())],
            Holds::Record(axis) | Holds::Records(axis) => {
                let overlay = row.iter().cloned().chain([Step::Key("overlay".into())]).collect();
                vec![Self::Record(axis.clone(), row.to_vec()), Self::Overlay(overlay)]
            }
            _ => Vec::new(),
        }
    }

    /// The steps inside the file to a place of the master; `None` if it stands elsewhere.
    fn inside(&self, place: &[Step]) -> Option<Vec<Step>> {
        match self {
            Self::Document(name) => {
                in_document(place).filter(|(document, _)| document == name).map(|(_, rest)| rest.to_vec())
            }
            Self::Record(axis, way) => {
                let (first, rest) = place.split_first()?;
                (**first.name() == **axis).then(|| way.iter().chain(rest).cloned().collect())
            }
            Self::Overlay(way) => match in_document(place) {
                Some((document, rest)) => {
                    let document = Step::Key(document.into());
                    Some(way.iter().cloned().chain([document]).chain(rest.iter().cloned()).collect())
                }
                // A file below `overlay` is a key.
                None => (place.len() == 1).then(|| way.iter().chain(place).cloned().collect()),
            },
        }
    }
}

/// The text with what stands at one place moved to another; `None` if nothing stands there.
fn relocated(text: &str, from: &[Step], to: &[Step]) -> Result<Option<String>, Reason> {
    let (Some((old, parents)), Some((new, new_parents))) = (from.split_last(), to.split_last()) else {
        return Err("its place is a whole file");
    };
    let root = read(text)?;
    let document = Yaml { text, root: &root, end: text.len() };
    let mut edits = Vec::new();
    let way = document.find(from);
    if let (Some(way), true) = (&way, old.name() != new.name()) {
        if document.find(&[parents, std::slice::from_ref(new)].concat()).is_some() {
            return Err("its new place is taken");
        }
        edits.extend(document.rename(way, new.name())?);
    }
    if let (Step::Item(old), Step::Item(new), true) = (old, new, parents == new_parents)
        && let Some(list) = document.find(parents)
    {
        edits.extend(document.rename_anchors(&list, old, new)?);
    }
    let named = apply(text, edits).ok_or(TANGLED)?;
    if way.is_none() || parents == new_parents {
        return Ok((named != text).then_some(named));
    }
    let root = read(&named)?;
    let document = Yaml { text: &named, root: &root, end: named.len() };
    let here = [parents, std::slice::from_ref(new)].concat();
    if document.find(to).is_some() {
        return Err("its new place is taken");
    }
    let way = document.find(&here).ok_or(TANGLED)?;
    let (edits, piece) = document.cut(&way)?;
    // What is cut may have been all that there was on the way to the new place, so that comes second.
    let left = apply(&named, edits).ok_or(TANGLED)?;
    let root = read(&left)?;
    let document = Yaml { text: &left, root: &root, end: left.len() };
    let moved = apply(&left, document.insert(new_parents, &piece)?).ok_or(TANGLED)?;
    read(&moved)?;
    Ok(Some(moved))
}

/// Gives the entry or item that was cut its new name.
fn rename_piece(piece: &mut Piece, old: Option<&Step>, new: &Step) -> Result<(), Reason> {
    if old.map(Step::name) == Some(new.name()) {
        return Ok(());
    }
    let text = piece.lines.join("\n");
    let root = read(&text)?;
    let document = Yaml { text: &text, root: &root, end: text.len() };
    let renamed = apply(&text, document.rename(&[0], new.name())?).ok_or(TANGLED)?;
    piece.lines = renamed.split('\n').map(str::to_owned).collect();
    Ok(())
}

/// Ids of blocks in Markdown below `overlay`.
fn embedded(text: &str, row: &[Step], moved: &Moved) -> Result<Option<String>, Reason> {
    let root = read(text)?;
    let document = Yaml { text, root: &root, end: text.len() };
    let way: Vec<Step> = row.iter().cloned().chain([Step::Key("overlay".into())]).collect();
    let overlay = document.find(&way).and_then(|way| at(&root, &way)).and_then(Node::as_map);
    for entry in overlay.map_or(&[][..], |map| &map.entries) {
        let file = &*entry.key.value;
        if !(file.ends_with(".md") && matches!(entry.value.value, Value::Scalar(_))) {
            continue;
        }
        if moved.from.value.strip_prefix(file).is_some_and(|rest| rest.starts_with('@')) {
            return Err("front matter within YAML is left to you");
        }
        let Some(renamed) = Renamed::of(moved, file) else { continue };
        let patch = markdown::parse_patch_in(text, &entry.value).map_err(|_| UNREADABLE)?;
        let edits = renamed.and_then(|renamed| renamed.edits(text, &patch))?;
        return apply(text, edits).map(Some).ok_or(TANGLED);
    }
    Ok(None)
}

/// A Markdown file of a layer: its front matter and its blocks.
fn markdown_file(text: &str, file: &str, moved: &Moved) -> Result<Option<String>, Reason> {
    let patch = markdown::parse_patch(TEXT, text, 0).map_err(|_| UNREADABLE)?;
    if let Some(renamed) = Renamed::of(moved, file) {
        let edits: Vec<Edit> = renamed.and_then(|renamed| renamed.edits(text, &patch))?;
        return apply(text, edits).map(Some).ok_or(TANGLED);
    }
    let key = |place: &str| Some(steps(place.strip_prefix(file).filter(|rest| rest.starts_with('@'))?.get(1..)?));
    let (Some(from), Some(front)) = (key(&moved.from.value), &patch.front) else { return Ok(None) };
    let to = key(&moved.to.value).ok_or("its new place is in another file")?;
    let range = front.span.start as usize..front.span.end as usize;
    let written = text.get(range.clone()).ok_or(UNREADABLE)?;
    let Some(new) = relocated(written, &from, &to)? else { return Ok(None) };
    Ok(apply(text, vec![Edit::new(range, new)]))
}

/// The paths that a layer takes out.
fn manifest(text: &str, moved: &Moved) -> Result<Option<String>, Reason> {
    let root = read(text)?;
    let document = Yaml { text, root: &root, end: text.len() };
    let paths = root.as_map().and_then(|map| map.get("remove")).and_then(Node::as_seq).unwrap_or(&[]);
    let named = paths.iter().filter(|path| path.as_text() == Some(&moved.from.value));
    let edits: Result<Vec<Edit>, Reason> = named
        .map(|path| document.written_anew(path.span.start as usize..path.span.end as usize, &moved.to.value))
        .collect();
    apply(text, edits?).map(Some).ok_or(TANGLED)
}

fn read(text: &str) -> Result<Node, Reason> {
    yaml::parse(TEXT, text, 0).map_err(|_| UNREADABLE)
}
