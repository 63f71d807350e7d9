//! What templates and components see: plain values without places.
//!
//! A [`Data`] is cheap to clone. Whatever deployments share is shared by `Arc`, so a deployment's
//! context costs only what differs from its base.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::encode::html::Html;

/// A value as templates see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Data {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    /// Plain text: escaped for wherever it is printed.
    Text(Arc<str>),
    /// Finished HTML: printed as it is into HTML.
    Html(Html),
    List(Arc<[Data]>),
    Map(Arc<DataMap>),
}

/// A map that keeps the order of its entries, with a hash that is quick for short keys. Whoever wants keys to
/// collide cannot know its seed.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, foldhash::fast::RandomState>;

/// A map in its resolved order.
pub type DataMap = IndexMap<Arc<str>, Data>;

impl Hash for Data {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::mem::discriminant(self).hash(state);
        match self {
            Self::Null => {}
            Self::Bool(value) => value.hash(state),
            Self::Int(value) => value.hash(state),
            Self::Float(value) => value.to_bits().hash(state),
            Self::Text(text) => text.hash(state),
            Self::Html(html) => html.hash(state),
            Self::List(items) => items.hash(state),
            Self::Map(map) => {
                map.len().hash(state);
                map.iter().for_each(|entry| entry.hash(state));
            }
        }
    }
}

impl Data {
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// Markup that is finished: a compiled text, or what an engine made.
    pub fn html(html: impl Into<Arc<str>>) -> Self {
        Self::Html(Html::made(html))
    }

    pub fn list(items: impl IntoIterator<Item = Data>) -> Self {
        Self::List(items.into_iter().collect())
    }

    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Data)>) -> Self {
        Self::Map(Arc::new(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }

    /// The value with every text in it changed.
    #[must_use]
    pub fn map_text(&self, change: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Text(text) => Self::text(change(text)),
            Self::Html(html) => Self::html(change(html)),
            Self::List(items) => Self::list(items.iter().map(|item| item.map_text(change))),
            Self::Map(map) => {
                Self::Map(Arc::new(map.iter().map(|(key, value)| (key.clone(), value.map_text(change))).collect()))
            }
            other => other.clone(),
        }
    }

    /// Where the value lies that its clones share; `None` for what is copied with each.
    pub fn address(&self) -> Option<usize> {
        match self {
            Self::Text(_) | Self::Html(_) => self.as_shared().map(|text| Arc::as_ptr(text).cast::<u8>() as usize),
            Self::List(items) => Some(Arc::as_ptr(items).cast::<u8>() as usize),
            Self::Map(map) => Some(Arc::as_ptr(map) as usize),
            _ => None,
        }
    }

    pub fn as_map(&self) -> Option<&DataMap> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items of a list; nothing for any other value.
    pub fn items(&self) -> &[Data] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        self.as_shared().map(|text| &**text)
    }

    pub fn as_html(&self) -> Option<&Html> {
        match self {
            Self::Html(html) => Some(html),
            _ => None,
        }
    }

    fn as_shared(&self) -> Option<&Arc<str>> {
        match self {
            Self::Text(text) => Some(text),
            Self::Html(html) => Some(html.shared()),
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value under a key of a map.
    pub fn get(&self, key: &str) -> Option<&Data> {
        self.as_map()?.get(key)
    }

    /// The value at a dotted path such as `partner.contact.name`; `list[id]` picks the item of a
    /// keyed list by its `id`.
    pub fn at(&self, path: &str) -> Option<&Data> {
        path.split('.').try_fold(self, |value, part| match part.strip_suffix(']').and_then(|p| p.split_once('[')) {
            Some((key, id)) => {
                value.get(key)?.items().iter().find(|item| item.get("id").and_then(Data::as_str) == Some(id))
            }
            None => value.get(part),
        })
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Data {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Data {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}
