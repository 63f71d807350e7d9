//! Front matter: YAML between two `---` lines at the start.

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Spanned;
use crate::syntax::tree::{Map, Node, Value};
use crate::syntax::yaml;

use super::page::Page;

/// The front matter, and where the text behind it starts.
pub(super) fn read(page: Page<'_>, problems: &mut Diagnostics) -> (Option<Spanned<Map>>, usize) {
    let is_fence = |at: usize| page.text[at..page.line_stop(at)].trim_end() == "---";
    if !is_fence(0) {
        return (None, 0);
    }
    let start = page.next_line(0);
    let mut end = start;
    while end < page.text.len() && !is_fence(end) {
        end = page.next_line(end);
    }
    if end >= page.text.len() {
        problems.push(
            Diagnostic::error("E-FRONT", "the front matter has no end")
                .at(page.span(0..page.line_stop(0)), "begins here")
                .help("write a line `---` behind the front matter"),
        );
        return (None, page.text.len());
    }
    let behind = page.next_line(end);
    match yaml::parse(page.source, &page.text[start..end], page.base + start) {
        Ok(Node { value: Value::Map(map), .. }) => (Some(Spanned::new(map, page.span(start..end))), behind),
        // Nothing but comments, as `new` writes it.
        Ok(node) if node.is_null() => (None, behind),
        Ok(node) => {
            let message = format!("front matter has to be a map, not {}", node.kind());
            problems.push(Diagnostic::error("E-FRONT", message).at(node.span, "").help("write `key: value` lines"));
            (None, behind)
        }
        Err(found) => {
            problems.append(found);
            (None, behind)
        }
    }
}
