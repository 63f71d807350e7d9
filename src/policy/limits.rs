//! How far a right goes, as rules and regions write it.

use std::sync::Arc;

use regex_lite::Regex;

use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::syntax::tree::{Core, Map, Node};

/// How far a right goes.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Characters of the text as written; as shown, with `on: rendered`.
    pub max_chars: Option<usize>,
    /// The only link targets the text may have; `none` is an empty list.
    pub links: Option<Vec<Arc<str>>>,
    /// The levels that headings in the text may have.
    pub headings: Option<Vec<u8>>,
    /// Whether the text may hold raw HTML.
    pub html: bool,
    /// Texts that have to stay in it, such as `{{ product.name }}`.
    pub must_keep: Vec<Arc<str>>,
    /// The form that the whole text has.
    pub pattern: Option<Form>,
    /// The only values.
    pub one_of: Option<Vec<Arc<str>>>,
    /// Whether a time may only be made shorter.
    pub no_longer: bool,
    /// I6: whether words are counted and compared as a page shows them, in each locale.
    pub on_rendered: bool,
    /// File name extensions.
    pub types: Option<Vec<Arc<str>>>,
    pub max_bytes: Option<usize>,
    /// Width by height, least and most.
    pub ratio: Option<(f64, f64)>,
}

/// A regular expression for a whole text.
#[derive(Clone, Debug)]
pub struct Form {
    pub text: Arc<str>,
    regex: Regex,
}

impl Form {
    pub fn fits(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_chars: None,
            links: None,
            headings: None,
            html: true,
            must_keep: Vec::new(),
            pattern: None,
            one_of: None,
            no_longer: false,
            on_rendered: false,
            types: None,
            max_bytes: None,
            ratio: None,
        }
    }
}

const KEYS: [&str; 11] = [
    "max_chars",
    "links",
    "markup",
    "must_keep",
    "pattern",
    "one_of",
    "no_longer",
    "on",
    "types",
    "max_bytes",
    "ratio",
];

/// Reads `limits:`; what is wrong in it is noted and left out.
pub fn read(node: &Node, diagnostics: &mut Diagnostics) -> Limits {
    let mut reader = Reader { diagnostics };
    let Some(map) = reader.map(node) else { return Limits::default() };
    reader.known(map, &KEYS);
    let markup = map.get("markup").and_then(|markup| reader.map(markup));
    if let Some(markup) = markup {
        reader.known(markup, &["headings", "html"]);
    }
    Limits {
        max_chars: reader.count(map, "max_chars"),
        links: words_or_none(map, "links"),
        headings: markup.and_then(|markup| reader.levels(markup)),
        html: markup
            .and_then(|markup| markup.get("html"))
            .and_then(Node::as_scalar)
            .is_none_or(|html| html.core() == Core::Bool(true)),
        must_keep: words(map, "must_keep").unwrap_or_default(),
        pattern: map.get("pattern").and_then(|pattern| reader.form(pattern)),
        one_of: words(map, "one_of"),
        no_longer: map.get("no_longer").is_some_and(|node| reader.flag("no_longer", node)),
        on_rendered: map.get("on").is_some_and(|on| reader.on(on)),
        types: words(map, "types"),
        max_bytes: reader.count(map, "max_bytes"),
        ratio: map.get("ratio").and_then(|ratio| reader.ratio(ratio)),
    }
}

fn words(map: &Map, key: &str) -> Option<Vec<Arc<str>>> {
    Some(map.get(key)?.as_seq()?.iter().filter_map(|word| word.as_text().cloned()).collect())
}

fn words_or_none(map: &Map, key: &str) -> Option<Vec<Arc<str>>> {
    match map.get(key).and_then(Node::as_text) {
        Some(text) if &**text == "none" => Some(Vec::new()),
        _ => words(map, key),
    }
}

struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn error(&mut self, message: impl Into<String>, node: &Node, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error("E-POLICY", message).at(node.span, "").help(help));
    }

    fn map<'n>(&mut self, node: &'n Node) -> Option<&'n Map> {
        let map = node.as_map();
        if map.is_none() {
            self.error("limits have to be a map", node, "such as `limits: {max_chars: 160}`");
        }
        map
    }

    fn known(&mut self, map: &Map, known: &[&str]) {
        for entry in map.entries.iter().filter(|entry| !known.contains(&&*entry.key.value)) {
            let error = Diagnostic::error("E-POLICY", format!("there is no limit `{}`", entry.key.value));
            let help = match nearest(&entry.key.value, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("limits are {}", known.join(", ")),
            };
            self.diagnostics.push(error.at(entry.key.span, "").help(help));
        }
    }

    fn count(&mut self, map: &Map, key: &str) -> Option<usize> {
        let node = map.get(key)?;
        match node.as_scalar().map(|scalar| scalar.core()) {
            Some(Core::Int(count)) if count >= 0 => usize::try_from(count).ok(),
            _ => {
                self.error(format!("`{key}` has to be a whole number"), node, format!("this is {}", node.kind()));
                None
            }
        }
    }

    fn flag(&mut self, key: &str, node: &Node) -> bool {
        match node.as_scalar().map(|scalar| scalar.core()) {
            Some(Core::Bool(flag)) => flag,
            _ => {
                self.error(format!("`{key}` has to be `true` or `false`"), node, format!("this is {}", node.kind()));
                false
            }
        }
    }

    fn levels(&mut self, markup: &Map) -> Option<Vec<u8>> {
        let node = markup.get("headings")?;
        if node.as_text().is_some_and(|text| &**text == "none") {
            return Some(Vec::new());
        }
        let level = |item: &Node| item.as_text()?.parse().ok().filter(|level| (1..=6).contains(level));
        let levels: Option<Vec<u8>> = node.as_seq().and_then(|items| items.iter().map(level).collect());
        if levels.is_none() {
            self.error("`headings` has to list levels from 1 to 6", node, "such as `headings: [3, 4]`, or `none`");
        }
        levels
    }

    fn form(&mut self, node: &Node) -> Option<Form> {
        let text = node.as_text()?.clone();
        match Regex::new(&format!("^(?:{text})$")) {
            Ok(regex) => Some(Form { text, regex }),
            Err(error) => {
                self.error(format!("`{text}` is no pattern: {error}"), node, "write a regular expression");
                None
            }
        }
    }

    fn on(&mut self, node: &Node) -> bool {
        let word = node.as_text().map_or("", |text| text);
        if !matches!(word, "rendered" | "source") {
            self.error(
                "limits are looked at on `source` or on `rendered`",
                node,
                "write `on: rendered`, or leave it out",
            );
        }
        word == "rendered"
    }

    fn ratio(&mut self, node: &Node) -> Option<(f64, f64)> {
        let number = |key: &str, otherwise: f64| match node.as_map()?.get(key).map(Node::as_scalar) {
            None => Some(otherwise),
            Some(scalar) => match scalar?.core() {
                Core::Int(number) => Some(number as f64),
                Core::Float(number) => Some(number),
                _ => None,
            },
        };
        let range = number("min", 0.0).zip(number("max", f64::INFINITY)).filter(|(min, max)| min <= max);
        if range.is_none() {
            self.error("`ratio` has to be a range", node, "such as `ratio: {min: 1, max: 4}`, width by height");
        }
        range
    }
}
