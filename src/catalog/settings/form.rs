//! What tokens look like on email platforms that only HQ knows of: `tokens` of `cobrand.yaml`.

use std::sync::Arc;

use crate::diag::{Diagnostic, Diagnostics};
use crate::schema::Kind;
use crate::syntax::tree::{Map, Node};

/// What a token begins and end with. Words between the two are filled in by whoever sends, so no layer but the master
/// may write them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub open: Arc<str>,
    pub close: Arc<str>,
}

/// The most characters of an end.
const MOST: usize = 20;

/// Reads `tokens: [{open: "<<", close: ">>"}]`.
pub(super) fn read(node: &Node, diagnostics: &mut Diagnostics) -> Vec<Form> {
    let Some(items) = node.as_seq() else {
        diagnostics.push(super::expected(node, "tokens", "a list such as `[{open: \"<<\", close: \">>\"}]`"));
        return Vec::new();
    };
    items.iter().filter_map(|item| form(item, diagnostics)).collect()
}

fn form(node: &Node, diagnostics: &mut Diagnostics) -> Option<Form> {
    let Some(map) = node.as_map() else {
        diagnostics.push(super::expected(node, "tokens[]", "a map such as `{open: \"<<\", close: \">>\"}`"));
        return None;
    };
    super::known_keys(map, &["open", "close"], "tokens[].", diagnostics);
    let (open, close) = (end(map, "open", node, diagnostics), end(map, "close", node, diagnostics));
    let form = Form { open: open?, close: close? };
    if let Some((_, rest)) = "{{ partner.name }}".split_once(&*form.open)
        && rest.contains(&*form.close)
    {
        let message = format!("`{}` and `{}` are signs of the workspace's own variables", form.open, form.close);
        let error = Diagnostic::error("E-SETTINGS", message).at(node.span, "no layer could write `{{ partner.name }}`");
        diagnostics.push(error.help("take it out: tokens between double braces are refused anyway"));
        return None;
    }
    Some(form)
}

fn end(map: &Map, key: &str, node: &Node, diagnostics: &mut Diagnostics) -> Option<Arc<str>> {
    let Some(end) = map.get(key).filter(|end| !end.is_null()) else {
        let error = Diagnostic::error("E-REQUIRED", format!("`tokens[].{key}` is missing")).at(node.span, "");
        diagnostics.push(error.help("write what a token begins and ends with, as in `{open: \"<<\", close: \">>\"}`"));
        return None;
    };
    let text = end.as_text().cloned().unwrap_or_default();
    let is_words = text.chars().all(|c| c.is_alphanumeric() || c.is_whitespace());
    if is_words || text.chars().count() > MOST || Kind::Line.advice(&text).is_some() {
        let message = format!("`tokens[].{key}` has to hold a sign, and {MOST} characters at most");
        let error = Diagnostic::error("E-SETTINGS", message).at(end.span, "");
        diagnostics.push(error.help("write what no other words hold, in quotes, such as `\"<<\"`"));
        return None;
    }
    Some(text)
}
