//! From YAML trees to patches, by the schema (V1 to V7, L1 to L8).
//!
//! - [`leaf`]: values without places of their own
//! - [`sets`]: words taken in and out (L6)

mod leaf;
mod sets;

use std::sync::Arc;

use crate::data::IndexMap;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::schema::{self, Field, Shape};
use crate::source::{Span, Spanned};
use crate::syntax::characters::{self, hidden};
use crate::syntax::markdown::Place;
use crate::syntax::tree::{Core, Entry, Map, Node, Scalar};

use super::patch::{Contribution, ItemPatch, Keyed, Leaf, Patch, PatchKind, Right};

/// What kind of file is being read; it decides which operations make sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The master's own files: values only.
    Master,
    /// An overlay's own files: values and operations.
    Overlay,
    /// A translation: texts only.
    Translation,
}

/// Turns one file's tree into a patch and notes every contribution.
pub struct Converter<'a> {
    pub voice: Voice,
    /// The right that a plain value needs: `SetVar` for records and `vars`, else `Replace`.
    pub right: Right,
    pub diagnostics: &'a mut Diagnostics,
    pub contributions: &'a mut Vec<Contribution>,
}

impl Converter<'_> {
    /// The patch of a node of the given shape at `path`; `None` after an error or if nothing is said.
    pub fn patch(&mut self, node: &Node, shape: &Shape, path: &str) -> Option<Patch> {
        if let Some(map) = node.as_map()
            && let Some(operation) = self.operation(map.entries.iter(), node.span, shape, path)
        {
            return operation;
        }
        match shape {
            Shape::Map(_) | Shape::Open(_) => self.map(node, shape, path),
            Shape::Any if node.as_map().is_some() => self.map(node, shape, path),
            Shape::Keyed(_) => self.keyed(node, shape, path),
            Shape::Set => self.set(node, path),
            _ => {
                if self.voice == Voice::Translation && !shape.is_translated() {
                    self.untranslated(node.span, path);
                    return None;
                }
                let leaf = self.leaf(node, shape, path)?;
                self.note(path, self.plain_right(), node.span, leaf.written().cloned());
                let kind = if shape.is_translated() { PatchKind::Leaf(leaf) } else { PatchKind::Neutral(leaf) };
                Some(Patch { kind, span: node.span })
            }
        }
    }

    fn plain_right(&self) -> Right {
        if self.voice == Voice::Translation { Right::Translate } else { self.right }
    }

    fn note(&mut self, path: &str, right: Right, span: Span, text: Option<Arc<str>>) {
        self.contributions.push(Contribution { text, ..Contribution::new(path, right, span) });
    }

    fn untranslated(&mut self, span: Span, path: &str) {
        self.diagnostics.push(
            Diagnostic::error("E-LOCALE", format!("`{path}` is the same in every locale"))
                .at(span, "not a text to translate")
                .help("take it out of the translation, or set it in the layer's own file"),
        );
    }

    /// `$remove`, `$replace` and `$inherit`; the outer `None` means that the map is a plain value.
    fn operation<'n>(
        &mut self,
        mut entries: impl Iterator<Item = &'n Entry> + Clone,
        span: Span,
        shape: &Shape,
        path: &str,
    ) -> Option<Option<Patch>> {
        let is_operation = |entry: &&Entry| matches!(&*entry.key.value, "$remove" | "$replace" | "$inherit");
        let entry = entries.clone().find(is_operation)?;
        if *shape == Shape::Set && entry.value.as_seq().is_some() {
            return None;
        }
        if let Some(other) = entries.find(|other| &*other.key.value != "id" && other.key != entry.key) {
            self.diagnostics.push(
                Diagnostic::error("E-OPERATION", format!("`{}` stands beside other keys", entry.key.value))
                    .at(other.key.span, "this would be ignored")
                    .other(entry.key.span, "the operation on the whole value")
                    .help("give the operation alone"),
            );
            return Some(None);
        }
        if self.voice != Voice::Overlay {
            self.diagnostics.push(
                Diagnostic::error("E-OPERATION", format!("`{}` belongs to overlays", entry.key.value))
                    .at(entry.key.span, "nothing weaker to work on")
                    .help("write the value itself"),
            );
            return Some(None);
        }
        Some(self.whole(entry, shape, path, span))
    }

    fn whole(&mut self, entry: &Entry, shape: &Shape, path: &str, span: Span) -> Option<Patch> {
        let kind = match &*entry.key.value {
            "$remove" => {
                if entry.value.as_scalar().map(Scalar::core) != Some(Core::Bool(true)) {
                    self.bad_operand(entry, "write `$remove: true`, or take the line out");
                    return None;
                }
                self.note(path, Right::Remove, span, None);
                PatchKind::Remove
            }
            "$inherit" => {
                let Some(name) = entry.value.as_text().filter(|_| !entry.value.is_null()) else {
                    self.bad_operand(entry, "name a weaker layer, such as `region=dach`, or `master`");
                    return None;
                };
                let name = Spanned::new(name.clone(), entry.value.span);
                self.note(path, self.right, span, None);
                PatchKind::Inherit(Some(name).filter(|name| &*name.value != "master"))
            }
            _ => {
                let right = if matches!(shape, Shape::Keyed(_)) { Right::ReplaceList } else { self.right };
                if !shape.is_leaf() {
                    self.note(path, right, span, None);
                }
                PatchKind::Replace(Box::new(self.patch(&entry.value, shape, path)?))
            }
        };
        Some(Patch { kind, span })
    }

    fn bad_operand(&mut self, entry: &Entry, help: &str) {
        self.diagnostics.push(
            Diagnostic::error("E-OPERATION", format!("`{}` cannot be {}", entry.key.value, entry.value.kind()))
                .at(entry.value.span, "")
                .help(help),
        );
    }

    fn map(&mut self, node: &Node, shape: &Shape, path: &str) -> Option<Patch> {
        let Some(map) = node.as_map() else {
            self.wrong_type(node, shape, path);
            return None;
        };
        if shape.field("postcode").is_some() {
            self.postcode(map, path);
        }
        Some(Patch { kind: PatchKind::Map(self.entries(&map.entries, shape, path).into()), span: node.span })
    }

    /// The patches of a map's entries; those with errors are left out.
    pub fn entries<'n>(
        &mut self,
        entries: impl IntoIterator<Item = &'n Entry>,
        shape: &Shape,
        path: &str,
    ) -> IndexMap<Arc<str>, Patch> {
        let entries = entries.into_iter();
        let mut patches = IndexMap::with_capacity_and_hasher(entries.size_hint().0, Default::default());
        for entry in entries {
            let key = &entry.key.value;
            let below = join(path, key);
            if !self.is_key(&entry.key) {
                continue;
            }
            let shape = match shape {
                Shape::Open(shape) => shape,
                Shape::Any => &Shape::Any,
                _ => match shape.field(key) {
                    Some(field) if self.is_blank(field, &entry.value, &below) => continue,
                    Some(field) => &field.shape,
                    None => {
                        self.unknown(entry, shape, &below);
                        continue;
                    }
                },
            };
            if let Some(patch) = self.patch(&entry.value, shape, &below) {
                patches.insert(key.clone(), patch);
            }
        }
        patches
    }

    /// Whether a key may stand in a map of any keys; notes what is wrong with it.
    fn is_key(&mut self, key: &Spanned<Arc<str>>) -> bool {
        let hidden = characters::first(&key.value).map(|(_, c, fault)| hidden(c, fault).at(key.span, ""));
        hidden.map(|error| self.diagnostics.push(error)).is_none()
    }

    /// Whether a key that must be there is there without a text; notes it.
    fn is_blank(&mut self, field: &Field, node: &Node, path: &str) -> bool {
        let is_blank = field.required && node.as_text().is_some_and(|text| text.trim().is_empty()) && !node.is_null();
        if is_blank {
            self.empty(node, path, false);
        }
        is_blank
    }

    fn empty(&mut self, node: &Node, path: &str, is_color: bool) {
        let help = match is_color {
            true => "put quotes around a colour, as in \"#0b6e4f\": without them `#` begins a comment",
            false => "give it a value; to take it out, write `{$remove: true}` in an overlay",
        };
        self.diagnostics.push(Diagnostic::error("E-NULL", format!("`{path}` is empty")).at(node.span, "").help(help));
    }

    /// A postcode of as many digits as its country has; tables lose the zeros in front.
    fn postcode(&mut self, map: &Map, path: &str) {
        let (Some(node), Some(country)) = (map.get("postcode"), map.get("country").and_then(Node::as_text)) else {
            return;
        };
        let Some(postcode) = node.as_text().map(|text| text.trim()) else { return };
        let Some(digits) = schema::kind::postcode_digits(country) else { return };
        if postcode.bytes().all(|byte| byte.is_ascii_digit()) && postcode.len() != digits {
            let message = format!("`{}` has to have {digits} digits in {country}", join(path, "postcode"));
            let help = "write all digits; a table takes zeros in front away unless its column is formatted as text";
            self.diagnostics.push(Diagnostic::error("E-VALUE", message).at(node.span, "").help(help));
        }
    }

    fn unknown(&mut self, entry: &Entry, shape: &Shape, path: &str) {
        let error = Diagnostic::error("E-PATH", format!("there is no key `{path}`")).at(entry.key.span, "unknown key");
        let names = || shape.fields().iter().map(|field| field.name);
        let help = match nearest(&entry.key.value, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known keys are {}", names().collect::<Vec<_>>().join(", ")),
        };
        self.diagnostics.push(error.help(help));
    }

    fn keyed(&mut self, node: &Node, shape: &Shape, path: &str) -> Option<Patch> {
        if let Some(order) = node.as_map().and_then(|map| map.entry("$order").map(|entry| (map, entry))) {
            let keyed = Keyed { items: IndexMap::default(), order: Some(self.order(order.0, order.1, path)?) };
            return Some(Patch { kind: PatchKind::Keyed(keyed.into()), span: node.span });
        }
        let Some(items) = node.as_seq() else {
            self.wrong_type(node, shape, path);
            return None;
        };
        let mut keyed = Keyed::default();
        for item in items {
            if let Some((id, patch)) = self.item(item, shape, path) {
                if let Some(first) = keyed.items.get(&id) {
                    let error = Diagnostic::error("E-DUPID", format!("`{path}` has two items with the id `{id}`"))
                        .at(patch.id_span, "again here")
                        .other(first.id_span, "first here")
                        .help("give one of them another id, or make them one item");
                    self.diagnostics.push(error);
                    continue;
                }
                keyed.items.insert(id, patch);
            }
        }
        Some(Patch { kind: PatchKind::Keyed(keyed.into()), span: node.span })
    }

    /// `{$order: [a, "...", b]}` (L5): moves every item that it names.
    fn order(&mut self, map: &Map, entry: &Entry, path: &str) -> Option<Spanned<Arc<[Arc<str>]>>> {
        let mut refuse = |message: String, span: Span, help: &str| {
            self.diagnostics.push(Diagnostic::error("E-OPERATION", message).at(span, "").help(help));
        };
        if self.voice != Voice::Overlay {
            refuse("`$order` belongs to overlays".into(), entry.key.span, "write the items in their order");
            return None;
        }
        if let Some(other) = map.entries.iter().find(|other| other.key != entry.key) {
            let message = format!("`$order` of `{path}` stands beside other keys");
            refuse(message, other.key.span, "give the order alone; `$at` places single items");
            return None;
        }
        let Some(items) = entry.value.as_seq() else {
            let message = format!("`$order` of `{path}` has to be a list of ids");
            refuse(message, entry.value.span, "such as `[first, \"...\", last]`");
            return None;
        };
        let mut ids: Vec<Arc<str>> = Vec::with_capacity(items.len());
        for item in items {
            let Some(id) = item.as_text() else {
                refuse(format!("`$order` of `{path}` names ids"), item.span, "write the item's `id`");
                continue;
            };
            if ids.contains(id) {
                refuse(format!("`$order` of `{path}` names `{id}` twice"), item.span, "name it once");
                continue;
            }
            ids.push(id.clone());
        }
        for item in items.iter().filter(|item| item.as_text().is_some_and(|id| &**id != "...")) {
            let id = item.as_text().map_or("", |id| id);
            self.note(&format!("{path}[{id}]"), Right::Move, item.span, None);
        }
        Some(Spanned::new(ids.into(), entry.value.span))
    }

    fn item(&mut self, node: &Node, shape: &Shape, path: &str) -> Option<(Arc<str>, ItemPatch)> {
        let Some(map) = node.as_map() else {
            self.diagnostics.push(
                Diagnostic::error("E-TYPE", format!("an item of `{path}` has to be a map with an `id`"))
                    .at(node.span, format!("this is {}", node.kind())),
            );
            return None;
        };
        let Some(id) = map.get("id").filter(|id| id.as_text().is_some_and(|text| !text.is_empty())) else {
            self.diagnostics.push(
                Diagnostic::error("E-NOID", format!("an item of `{path}` has no `id`"))
                    .at(node.span, "which item is this?")
                    .help("items are told apart by `id`, never by their place in the list"),
            );
            return None;
        };
        let text = id.as_text()?.clone();
        if let Some(Shape::Kind(kind)) = shape.field("id").map(|field| &field.shape)
            && let Some(advice) = kind.advice(&text)
        {
            let message = format!("`{}` is no id for an item of `{path}`", text.escape_debug());
            self.diagnostics.push(Diagnostic::error("E-ID", message).at(id.span, "").help(advice));
            return None;
        }
        let below = format!("{path}[{text}]");
        let at = map.entry("$at").and_then(|entry| self.place(entry, &below));
        if let Some(at) = &at {
            let right = Right::Move;
            let at_place = Some(at.value.clone());
            self.contributions
                .push(Contribution { at: at_place.map(Box::new), ..Contribution::new(&*below, right, at.span) });
        }
        if !self.keeps_id(map, id, &below) {
            return None;
        }
        let rest = map.entries.iter().filter(|entry| &*entry.key.value != "$at");
        let noted = self.contributions.len();
        // One item has the keys of the list's items, and not the list's own shape.
        let shape = &match shape {
            Shape::Keyed(fields) => Shape::Map(fields.clone()),
            shape => shape.clone(),
        };
        let patch = match self.operation(rest.clone(), node.span, shape, &below) {
            Some(operation) => operation?,
            None => {
                if rest.clone().count() == 1 && at.is_none() && self.voice == Voice::Overlay {
                    // Its id alone would bring a new item in.
                    self.note(&below, self.right, node.span, None);
                }
                let rest = rest.filter(|entry| &*entry.key.value != "id");
                Patch { kind: PatchKind::Map(self.item_entries(id, rest, shape, &below).into()), span: node.span }
            }
        };
        // Its id is the same in every layer, so it is no contribution of its own.
        let own_id = format!("{below}.id");
        let new = self.contributions.split_off(noted);
        self.contributions.extend(new.into_iter().filter(|contribution| *contribution.path != *own_id));
        Some((text, ItemPatch { id_span: id.span, at, patch }))
    }

    /// Whether a `$replace` of an item gives it no other id.
    fn keeps_id(&mut self, item: &Map, id: &Node, path: &str) -> bool {
        let replaced = item.get("$replace").and_then(Node::as_map);
        let Some(other) = replaced.and_then(|map| map.get("id")).filter(|other| other.as_text() != id.as_text()) else {
            return true;
        };
        let error = Diagnostic::error("E-OPERATION", format!("`$replace` of `{path}` gives it another id"));
        let error = error.at(other.span, "").other(id.span, "the item's own id");
        self.diagnostics.push(error.help("leave the id out; to bring in another item, write one with `$at`"));
        false
    }

    /// An item's entries; its id is the same in every layer, so it is no contribution of its own.
    fn item_entries<'n>(
        &mut self,
        id: &Node,
        rest: impl Iterator<Item = &'n Entry>,
        shape: &Shape,
        path: &str,
    ) -> IndexMap<Arc<str>, Patch> {
        let mut patches = self.entries(rest, shape, path);
        if let (Some(text), true) = (id.as_text(), self.voice != Voice::Translation) {
            let leaf = PatchKind::Neutral(Leaf::Str(text.clone()));
            patches.shift_insert(0, "id".into(), Patch { kind: leaf, span: id.span });
        }
        patches.shrink_to_fit();
        patches
    }

    fn place(&mut self, entry: &Entry, path: &str) -> Option<Spanned<Place>> {
        let node = &entry.value;
        let place = Place::of(node);
        if self.voice != Voice::Overlay || place.is_none() {
            let message = match self.voice {
                Voice::Overlay => format!("`$at` of `{path}` is no place"),
                _ => "`$at` belongs to overlays".to_owned(),
            };
            self.diagnostics.push(
                Diagnostic::error("E-OPERATION", message)
                    .at(node.span, "")
                    .help("write `first`, `last`, `{before: id}` or `{after: id}`"),
            );
            return None;
        }
        place.map(|place| Spanned::new(place, node.span))
    }

    fn wrong_type(&mut self, node: &Node, shape: &Shape, path: &str) {
        self.diagnostics.push(
            Diagnostic::error("E-TYPE", format!("`{path}` has to be {}", shape.describe()))
                .at(node.span, format!("this is {}", node.kind()))
                .help(format!("write {}", shape.describe())),
        );
    }
}

fn join(path: &str, key: &str) -> String {
    match path {
        "" => key.to_owned(),
        _ if path.ends_with('@') => format!("{path}{key}"),
        _ => format!("{path}.{key}"),
    }
}
