//! The tree that YAML, front matter and CSV rows become: every key and value knows its place.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::source::{Span, Spanned};

/// A value and the place it was written at.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub value: Value,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Scalar(Scalar),
    Seq(Vec<Node>),
    Map(Map),
}

/// What is written, wherever it stands.
impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Scalar(scalar) => scalar.hash(state),
            Self::Seq(items) => {
                items.len().hash(state);
                items.iter().for_each(|item| item.value.hash(state));
            }
            Self::Map(map) => {
                map.entries.len().hash(state);
                map.entries.iter().for_each(|entry| (&entry.key.value, &entry.value.value).hash(state));
            }
        }
    }
}

/// A scalar keeps its text: `10115` is a number to one reader and a postcode to another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scalar {
    /// The text after YAML's unquoting and folding.
    pub text: Arc<str>,
    /// Written without quotes and not as a block, so the core schema may see more than a string in it.
    pub plain: bool,
}

/// What YAML 1.2's core schema sees in a scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Core<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(&'a str),
}

/// A map in the order it was written; keys are strings and unique.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    pub entries: Vec<Entry>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: Spanned<Arc<str>>,
    pub value: Node,
}

impl Map {
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|entry| &*entry.key.value == key).map(|entry| &entry.value)
    }

    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| &*entry.key.value == key)
    }
}

impl Node {
    /// What stands at a path of keys below it.
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('.').try_fold(self, |node, key| node.as_map()?.get(key))
    }

    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Seq(items) => Some(items),
            _ => None,
        }
    }

    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The scalar's text, whatever the core schema sees in it.
    pub fn as_text(&self) -> Option<&Arc<str>> {
        self.as_scalar().map(|scalar| &scalar.text)
    }

    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.core() == Core::Null)
    }

    /// What kind of thing this is, for messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
            Value::Scalar(scalar) => match scalar.core() {
                Core::Null => "nothing (null)",
                Core::Bool(_) => "true or false",
                Core::Int(_) | Core::Float(_) => "a number",
                Core::Str(_) => "a text",
            },
        }
    }
}

impl Scalar {
    /// Resolves the scalar by YAML 1.2's core schema; integers that do not fit 64 bits are floats.
    pub fn core(&self) -> Core<'_> {
        if !self.plain {
            return Core::Str(&self.text);
        }
        match &*self.text {
            "" | "~" | "null" | "Null" | "NULL" => Core::Null,
            "true" | "True" | "TRUE" => Core::Bool(true),
            "false" | "False" | "FALSE" => Core::Bool(false),
            text => number(text).unwrap_or(Core::Str(text)),
        }
    }
}

fn number(text: &str) -> Option<Core<'_>> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    match digits {
        ".inf" | ".Inf" | ".INF" => {
            return Some(Core::Float(if text.starts_with('-') { f64::NEG_INFINITY } else { f64::INFINITY }));
        }
        ".nan" | ".NaN" | ".NAN" if digits.len() == text.len() => return Some(Core::Float(f64::NAN)),
        _ => {}
    }
    if let Some(octal) = text.strip_prefix("0o") {
        return i64::from_str_radix(octal, 8).ok().filter(|_| !octal.starts_with(['+', '-'])).map(Core::Int);
    }
    if let Some(hex) = text.strip_prefix("0x") {
        return i64::from_str_radix(hex, 16).ok().filter(|_| !hex.starts_with(['+', '-'])).map(Core::Int);
    }
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-');
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') || !digits.chars().all(numeric) {
        return None;
    }
    if digits.bytes().all(|b| b.is_ascii_digit())
        && let Ok(int) = text.parse()
    {
        return Some(Core::Int(int));
    }
    text.parse().ok().map(Core::Float)
}
