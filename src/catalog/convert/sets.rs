//! Sets of words: given whole, or changed (L6).

use std::sync::Arc;

use crate::catalog::patch::{Patch, PatchKind, SetPatch};
use crate::diag::Diagnostic;
use crate::schema::{Kind, Shape};
use crate::syntax::tree::{Map, Node, Value};

use super::{Converter, Voice};

impl Converter<'_> {
    pub(super) fn set(&mut self, node: &Node, path: &str) -> Option<Patch> {
        if self.voice == Voice::Translation {
            self.untranslated(node.span, path);
            return None;
        }
        let set = match &node.value {
            Value::Seq(_) => SetPatch { whole: Some(self.set_words(node, path)?), ..SetPatch::default() },
            Value::Map(map) if self.voice == Voice::Overlay => self.set_change(map, path)?,
            _ => {
                self.wrong_type(node, &Shape::Set, path);
                return None;
            }
        };
        self.note(path, self.plain_right(), node.span, None);
        Some(Patch { kind: PatchKind::Set(set.into()), span: node.span })
    }

    /// `{$add: […], $remove: […]}` (L6).
    fn set_change(&mut self, map: &Map, path: &str) -> Option<SetPatch> {
        let mut set = SetPatch::default();
        for entry in &map.entries {
            let words = match &*entry.key.value {
                "$add" => &mut set.add,
                "$remove" => &mut set.remove,
                other => {
                    let error = Diagnostic::error("E-OPERATION", format!("`{path}` is a set, and has no `{other}`"));
                    let help = "write the whole list, or `{$add: [word], $remove: [word]}`";
                    self.diagnostics.push(error.at(entry.key.span, "").help(help));
                    return None;
                }
            };
            *words = self.set_words(&entry.value, path)?;
        }
        let both = set.add.iter().find(|word| set.remove.contains(word));
        if let (Some(word), Some(entry)) = (both, map.entry("$remove")) {
            let error = Diagnostic::error("E-OPERATION", format!("`{word}` is both taken into `{path}` and out of it"));
            self.diagnostics.push(error.at(entry.value.span, "").help("do one of the two"));
            return None;
        }
        Some(set)
    }

    /// The words of a list, each once.
    fn set_words(&mut self, node: &Node, path: &str) -> Option<Vec<Arc<str>>> {
        let Some(items) = node.as_seq() else {
            self.wrong_type(node, &Shape::Set, path);
            return None;
        };
        let mut words: Vec<Arc<str>> = Vec::with_capacity(items.len());
        for item in items {
            let Some(word) = item.as_text().filter(|word| !item.is_null() && !word.contains("{{")) else {
                self.wrong_type(item, &Shape::Kind(Kind::Line), path);
                return None;
            };
            self.leaf(item, &Shape::Kind(Kind::Line), path)?;
            if words.contains(word) {
                self.named_twice(item, path);
                return None;
            }
            words.push(word.clone());
        }
        Some(words)
    }
}
