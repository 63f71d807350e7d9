//! The tag that is being read.

use super::attributes;

/// A tag with those of its attributes that are looked at.
#[derive(Debug, Default)]
pub struct Tag {
    pub is_end: bool,
    pub is_empty: bool,
    pub name: Vec<u8>,
    pub attributes: Vec<(&'static str, String)>,
    /// Where it begins.
    pub at: usize,
    attribute: Vec<u8>,
    value: Vec<u8>,
    /// The attribute whose value is being read, if it is looked at.
    wanted: Option<&'static str>,
}

impl Tag {
    pub fn begin(&mut self, is_end: bool, at: usize) {
        (self.is_end, self.is_empty, self.at) = (is_end, false, at);
        self.name.clear();
        self.attributes.clear();
        self.attribute.clear();
        self.wanted = None;
    }

    pub fn begin_attribute(&mut self) {
        self.end_attribute();
        self.attribute.clear();
    }

    pub fn push_attribute(&mut self, name: &[u8]) {
        self.attribute.extend_from_slice(name);
    }

    pub fn begin_value(&mut self) {
        self.value.clear();
        self.wanted = attributes::known(&self.attribute).filter(|_| !self.is_end);
    }

    pub fn push_value(&mut self, value: &[u8]) {
        if self.wanted.is_some() {
            self.value.extend_from_slice(value);
        }
    }

    /// An attribute without a value holds nothing that matters, and is passed over.
    pub fn end_attribute(&mut self) {
        if let Some(name) = self.wanted.take() {
            self.attributes.push((name, text(std::mem::take(&mut self.value))));
        }
    }

    /// The first of that name: of two, browsers pass over the second.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.attributes.iter().position(|(known, _)| *known == name)?;
        Some(self.attributes.swap_remove(at).1)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }
}

/// The tokenizer hands out bytes of the page, which is UTF-8.
pub fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
