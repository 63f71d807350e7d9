//! YAML text to a spanned tree: YAML 1.2's core schema, without the parts that hide things.
//!
//! - One document. An empty one is an empty map, because every file of a workspace holds a map.
//! - Keys are texts and unique. A merge key (`<<`) is refused: layers merge, files do not.
//! - Anchors and aliases work within a file, up to a budget of copied nodes. What an alias stands
//!   for is placed at the alias; what lies below it keeps the place it was written at.
//! - Only the core schema's tags are known. `!!str` makes a text of anything; the others have to
//!   agree with what is written.
//! - Lists and maps nest at most [`MAX_DEPTH`] deep, so later phases may recurse.
//!
//! The span of a scalar covers it as it was written, quotes or block header included, but not its
//! anchor and tag. A block map reaches from its first key to the end of its last value, a flow map
//! from brace to brace. The span of a value that was left out is empty.

mod advice;
mod builder;
mod offsets;
mod tags;

use saphyr_parser::{Event, Parser, ScanError};

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Span};
use crate::syntax::tree::Node;

use builder::Builder;
use offsets::Offsets;

/// How deep lists and maps may nest.
pub const MAX_DEPTH: usize = 64;

/// How many nodes the anchors and aliases of one file may copy.
pub const ALIAS_BUDGET: usize = 100_000;

/// Reads one YAML document. `base` is the byte offset in the source at which `text` starts.
///
/// All that is wrong is reported in one go, up to the first syntax error.
pub fn parse(source: SourceId, text: &str, base: usize) -> Result<Node, Diagnostics> {
    if let Some(diagnostic) = control_character(source, text, base) {
        return Err(diagnostic.into());
    }
    let mut builder = Builder::new(source, text, base);
    let mut documents = 0;
    for event in Parser::new_from_str(text) {
        let (event, place) = match event {
            Ok(event) => event,
            Err(error) => {
                builder.problems.push(syntax_error(source, text, base, &error));
                break;
            }
        };
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            if documents == 2 {
                builder.problems.push(second_document(builder.span(place)));
                break;
            }
        }
        if builder.event(event, place).is_break() {
            break;
        }
    }
    builder.finish()
}

/// YAML allows no control characters, and the parser takes a zero byte for the end of the text.
fn control_character(source: SourceId, text: &str, base: usize) -> Option<Diagnostic> {
    let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    let (at, c) = text.char_indices().find(|&(_, c)| forbidden(c))?;
    let span = Span::new(source, base + at, base + at + c.len_utf8());
    let message = format!("the text holds the control character U+{:04X}", u32::from(c));
    Some(Diagnostic::error("E-YAML", message).at(span, "not allowed in YAML").help("delete the character"))
}

fn syntax_error(source: SourceId, text: &str, base: usize, error: &ScanError) -> Diagnostic {
    let at = Offsets::new(text).byte(error.marker().index());
    let end = at + text[at..].chars().next().filter(|c| !c.is_control()).map_or(0, char::len_utf8);
    let span = Span::new(source, base + at, base + end);
    // The scanner looks ahead of its events, so its own limit can be met before ours.
    if error.info().contains("recursion limit") {
        return too_deep(span);
    }
    let message = format!("this is not valid YAML: {}", error.info());
    let diagnostic = Diagnostic::error("E-YAML", message).at(span, "");
    diagnostic.help(advice::for_syntax_error(text, at, error.info()))
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and maps nest deeper than {MAX_DEPTH} levels");
    Diagnostic::error("E-DEPTH", message).at(span, "").help("flatten the value")
}

fn second_document(span: Span) -> Diagnostic {
    Diagnostic::error("E-YAML", "the file holds more than one YAML document")
        .at(span, "a second document begins here")
        .help("keep one document in a file: delete the `---` or move what follows into its own file")
}

#[cfg(test)]
mod tests;
