//! Values without places of their own: what a scalar is by its shape, and lists and maps that are one value.

use std::collections::HashSet;
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::data::IndexMap;
use crate::diag::{Diagnostic, nearest};
use crate::interpolate::{Text, bound};
use crate::schema::{Kind, Prose, Shape, measure};
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
                    if !self.is_key(&entry.key) {
                        continue;
                    }
                    let field = match shape {
                        Shape::Any => &Shape::Any,
                        _ => match shape.field(&entry.key.value) {
                            Some(field) if self.is_blank(field, &entry.value, &below) => continue,
                            Some(field) => &field.shape,
                            // The keys of exclusions are axes, which the schema cannot know.
                            None if shape.fields().iter().any(|field| field.name == "industry") => {
                                &Shape::Kind(Kind::Id)
                            }
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
        let leaves = items.iter().map(|item| match shape {
            Shape::Kind(Kind::Id) if item.as_text().is_some_and(|text| text.contains("{{")) => {
                self.unwritten(Kind::Id, item.span, path)
            }
            _ => self.leaf(item, shape, path),
        });
        let leaves: Option<Vec<_>> = leaves.collect();
        let leaves = leaves?;
        if is_of_names(shape) {
            let mut named = HashSet::new();
            // Tags of languages are one in whatever case; two words of another system are two.
            let own = |name: &str| match shape {
                Shape::Kind(Kind::Locale) => name.trim().to_lowercase(),
                _ => name.trim().to_owned(),
            };
            let is_again = |item: &&Node| item.as_text().is_some_and(|name| !named.insert(own(name)));
            if let Some(again) = items.iter().find(is_again) {
                self.named_twice(again, path);
                return None;
            }
        }
        Some(Leaf::Seq(leaves.into()))
    }

    /// A name that stands in a list before.
    pub(super) fn named_twice(&mut self, item: &Node, path: &str) {
        let name = item.as_text().map_or("", |name| name);
        let error = Diagnostic::error("E-DUPID", format!("`{path}` names `{name}` twice"));
        self.diagnostics.push(error.at(item.span, "").help("name it once"));
    }

    fn scalar(&mut self, node: &Node, text: &Arc<str>, core: Core<'_>, shape: &Shape, path: &str) -> Option<Leaf> {
        let leaf = match (shape, core) {
            (Shape::Any, Core::Null) => Leaf::Null,
            (_, Core::Null) => {
                self.empty(node, path, *shape == Shape::Color);
                return None;
            }
            (Shape::Any | Shape::Flag, Core::Bool(value)) => Leaf::Bool(value),
            (Shape::Int(measure) | Shape::Number(measure), Core::Int(value)) if !measure.holds(value as f64) => {
                return self.beyond(shape, node.span, path);
            }
            (Shape::Number(measure), Core::Float(value)) if !measure.holds(value) => {
                return self.beyond(shape, node.span, path);
            }
            (Shape::Any | Shape::Int(_) | Shape::Number(_), Core::Int(value)) => Leaf::Int(value),
            (Shape::Any | Shape::Number(_), Core::Float(value)) if value.is_finite() => Leaf::Float(value),
            (Shape::Any, Core::Str(_)) => return self.text(text, node.span, None),
            (Shape::Text(prose), _) => return self.prose(*prose, text, node.span, path),
            (Shape::Kind(kind), _) => return self.kind(*kind, text, node.span, path),
            (Shape::Date, _) if measure::date(text).is_some() => Leaf::Str(text.clone()),
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

    /// Prose as long as there is room for.
    fn prose(&mut self, prose: Prose, text: &Arc<str>, span: Span, path: &str) -> Option<Leaf> {
        let text = trimmed(text);
        let most = prose.most();
        if prose == Prose::Line && text.contains(['\n', '\r']) {
            return self.refuse(format!("`{path}` has to stand on one line"), "take the line ends out", span);
        }
        if text.len() > most && text.chars().count() > most {
            return self.refuse(format!("`{path}` has more than {most} characters"), "shorten it", span);
        }
        self.note_entity(&text, span, path);
        self.text(&text, span, None)
    }

    /// A word of a kind. What variables bring into it is checked once they are filled in.
    fn kind(&mut self, kind: Kind, text: &Arc<str>, span: Span, path: &str) -> Option<Leaf> {
        let text = trimmed(text);
        if bound::is_in(&text) {
            let message = format!("`{path}` is the same in every locale, so its words are bound to nothing");
            let error = Diagnostic::error("E-J16", message).at(span, "").help("write the words alone");
            self.diagnostics.push(error);
            return None;
        }
        let has_variables = text.contains("{{");
        if has_variables && kind.names_a_file() {
            return self.unwritten(kind, span, path);
        }
        if let Some(advice) = if has_variables { Kind::Line.advice(&text) } else { kind.advice(&text) } {
            return self.refuse(format!("`{path}` has to be {}", kind.describe()), &advice, span);
        }
        self.note_entity(&text, span, path);
        if has_variables {
            return self.text(&text, span, Some(kind));
        }
        if let Some(disguise) = kind.disguise(&text) {
            let warning = Diagnostic::warning("W-SCRIPT", format!("in `{path}`, {disguise}")).at(span, "");
            self.diagnostics.push(warning.help("see that it is meant: readers may take it for another"));
        }
        self.text(&text, span, Some(kind))
    }

    /// Entities mean something in Markdown and in templates only: elsewhere they are printed as they are.
    fn note_entity(&mut self, text: &str, span: Span, path: &str) {
        if let Some(entity) = entity(text) {
            let message = format!("`{path}` holds `{entity}`, which readers see as it is written");
            let warning = Diagnostic::warning("W-ENTITY", message).at(span, "");
            self.diagnostics.push(warning.help("write the character itself; it is escaped wherever that is needed"));
        }
    }

    /// A variable where what is named is looked for before any is filled in.
    fn unwritten(&mut self, kind: Kind, span: Span, path: &str) -> Option<Leaf> {
        let message = format!("`{path}` has to be {}, written out", kind.describe());
        self.refuse(message, "what it names is looked for before variables are filled in", span)
    }

    fn beyond(&mut self, shape: &Shape, span: Span, path: &str) -> Option<Leaf> {
        self.refuse(format!("`{path}` has to be {}", shape.describe()), "write the number that is meant", span)
    }

    fn refuse(&mut self, message: String, help: &str, span: Span) -> Option<Leaf> {
        self.diagnostics.push(Diagnostic::error("E-VALUE", message).at(span, "").help(help));
        None
    }

    /// A text leaf; one with variables or bound words is compiled here, once for all deployments. `kind` is what has to come of it.
    pub fn text(&mut self, text: &Arc<str>, span: Span, kind: Option<Kind>) -> Option<Leaf> {
        if let Some((_, c, fault)) = characters::first(text) {
            self.diagnostics.push(hidden(c, fault).at(span, ""));
            return None;
        }
        if !text.contains('{') && !bound::is_in(text) {
            return Some(Leaf::Str(text.clone()));
        }
        match Text::compile(text, span) {
            Ok(compiled) => Some(Leaf::Text { source: text.clone(), text: Arc::new(compiled), kind }),
            Err(error) => {
                self.diagnostics.push(error);
                None
            }
        }
    }
}

/// Whether the items of a list name something, each once: two people may have one name, but no id, locale or country is two.
fn is_of_names(shape: &Shape) -> bool {
    match shape {
        Shape::Choice(_) => true,
        Shape::Kind(kind) => *kind != Kind::Line,
        _ => false,
    }
}

/// The first entity of HTML in a text, such as `&amp;` or `&#39;`.
fn entity(text: &str) -> Option<&str> {
    text.match_indices('&').find_map(|(at, _)| {
        let (name, _) = text[at + 1..].split_once(';')?;
        let number =
            name.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c == 'x' || c.is_ascii_digit()));
        let is_word = (2..=8).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphabetic());
        (is_word || number && name.len() <= 8).then(|| &text[at..at + name.len() + 2])
    })
}

/// Blanks at the ends mean nothing; those of a block of YAML are its own.
fn trimmed(text: &Arc<str>) -> Arc<str> {
    match text.trim() {
        trimmed if trimmed.len() == text.len() => text.clone(),
        trimmed => trimmed.into(),
    }
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}
