//! Values without places of their own: what a scalar is by its shape, and lists and maps that are one value.

use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::data::IndexMap;
use crate::diag::{Diagnostic, nearest};
use crate::interpolate::Text;
use crate::schema::{Kind, Shape};
use crate::source::Span;
use crate::syntax::characters::{self, hidden};
use crate::syntax::tree::{Core, Node, Value};

use super::{Converter, join};

impl Converter<'_> {
    /// The value of a leaf, checked against its shape.
    pub fn leaf(&mut self, node: &Node, shape: &Shape, path: &str) -> Option<Leaf> {
        match (&node.value, shape) {
            (Value::Seq(items), Shape::List(item)) => self.seq(items, item, path),
            (Value::Seq(items), Shape::Any) => self.seq(items, shape, path),
            (Value::Map(map), Shape::Map(_) | Shape::Any) => {
                let mut entries = IndexMap::default();
                for entry in &map.entries {
                    let below = join(path, &entry.key.value);
                    let field = match shape {
                        Shape::Any => &Shape::Any,
                        _ => match shape.field(&entry.key.value) {
                            Some(field) => &field.shape,
                            // The keys of exclusions are axes, which the schema cannot know.
                            None if shape.fields().iter().any(|field| field.name == "industry") => &Shape::Word,
                            None => {
                                self.unknown(entry, shape, &below);
                                continue;
                            }
                        },
                    };
                    entries.insert(entry.key.value.clone(), self.leaf(&entry.value, field, &below)?);
                }
                Some(Leaf::Map(Arc::new(entries)))
            }
            (Value::Scalar(scalar), _) => self.scalar(node, &scalar.text, scalar.core(), shape, path),
            _ => {
                self.wrong_type(node, shape, path);
                None
            }
        }
    }

    fn seq(&mut self, items: &[Node], shape: &Shape, path: &str) -> Option<Leaf> {
        let leaves: Option<Vec<_>> = items.iter().map(|item| self.leaf(item, shape, path)).collect();
        Some(Leaf::Seq(leaves?.into()))
    }

    fn scalar(&mut self, node: &Node, text: &Arc<str>, core: Core<'_>, shape: &Shape, path: &str) -> Option<Leaf> {
        let leaf = match (shape, core) {
            (Shape::Any, Core::Null) => Leaf::Null,
            (_, Core::Null) => {
                self.diagnostics.push(
                    Diagnostic::error("E-NULL", format!("`{path}` is empty"))
                        .at(node.span, "")
                        .help("give it a value; to take it out, write `{$remove: true}` in an overlay"),
                );
                return None;
            }
            (Shape::Any | Shape::Flag, Core::Bool(value)) => Leaf::Bool(value),
            (Shape::Any | Shape::Int | Shape::Number, Core::Int(value)) => Leaf::Int(value),
            (Shape::Any | Shape::Number, Core::Float(value)) if value.is_finite() => Leaf::Float(value),
            (Shape::Text | Shape::Any, Core::Str(_)) | (Shape::Text, _) => return self.text(text, node.span),
            (Shape::Word, _) => return self.word(text, node.span, path),
            (Shape::Kind(kind), _) => return self.kind(*kind, text, node.span, path),
            (Shape::Date, _) if text.parse::<jiff::civil::Date>().is_ok() => Leaf::Str(text.clone()),
            (Shape::Color, _) if is_color(text) => Leaf::Str(text.to_ascii_lowercase().into()),
            (Shape::Choice(words), _) if words.contains(&&**text) => Leaf::Str(text.clone()),
            (Shape::Choice(words), _) => {
                let error = Diagnostic::error("E-CHOICE", format!("`{path}` cannot be `{text}`")).at(node.span, "");
                let error = error.note(format!("it is one of {}", words.join(", ")));
                self.diagnostics.push(match nearest(text, words.iter().copied()) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help("take one of these"),
                });
                return None;
            }
            _ => {
                self.wrong_type(node, shape, path);
                return None;
            }
        };
        Some(leaf)
    }

    /// A text of one line.
    fn word(&mut self, text: &Arc<str>, span: Span, path: &str) -> Option<Leaf> {
        if text.contains(['\n', '\r']) {
            let error = Diagnostic::error("E-VALUE", format!("`{path}` has to stand on one line")).at(span, "");
            self.diagnostics.push(error.help("take the line ends out"));
            return None;
        }
        self.text(text, span)
    }

    /// A word of a kind. What is filled in for a variable is checked where that is written.
    fn kind(&mut self, kind: Kind, text: &Arc<str>, span: Span, path: &str) -> Option<Leaf> {
        match kind.advice(text).filter(|_| !text.contains("{{")) {
            Some(advice) => {
                let message = format!("`{path}` has to be {}", kind.describe());
                self.diagnostics.push(Diagnostic::error("E-VALUE", message).at(span, "").help(advice));
                None
            }
            None => self.word(text, span, path),
        }
    }

    /// A text leaf; one with variables is compiled here, once for all deployments.
    pub fn text(&mut self, text: &Arc<str>, span: Span) -> Option<Leaf> {
        if let Some((_, c, fault)) = characters::first(text) {
            self.diagnostics.push(hidden(c, fault).at(span, ""));
            return None;
        }
        if !text.contains('{') {
            return Some(Leaf::Str(text.clone()));
        }
        match Text::compile(text, span) {
            Ok(compiled) => Some(Leaf::Text { source: text.clone(), text: Arc::new(compiled) }),
            Err(error) => {
                self.diagnostics.push(error);
                None
            }
        }
    }
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
