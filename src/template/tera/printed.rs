//! Looks at what is printed: Tera writes maps and lists out as it keeps them, which nobody means to have on a page.
//!
//! Each mark goes through a filter of ours, which hands on everything else.

use tera::value::ValueKind;
use tera::{Error, Value};

use super::refused;
use super::steps::{raw_end, statement};
use crate::template::Language;
use crate::template::functions::Refusal;
use crate::template::hint;
use crate::template::inserted::Insertion;
use crate::template::marked::{inner, next_tag, tag_end};
use crate::template::quoted::{filtered, gives_text, is_super};

/// The filter.
pub const FILTER: &str = "__printed";

/// Hands on what can be printed.
pub fn printed(value: Value) -> Result<Value, Error> {
    let kind = match value.kind() {
        ValueKind::Map => "map",
        ValueKind::Array => "sequence",
        _ => return Ok(value),
    };
    Err(refused(Refusal { code: "E-TEMPLATE", message: hint::unprintable(kind) }))
}

/// The same about what the mark prints, so that a refusal is said there.
fn of_expression(look: [Insertion; 2]) -> [Insertion; 2] {
    let tag = look[0].at..look[1].at;
    look.map(|insertion| Insertion { tag: tag.clone(), ..insertion })
}

/// What makes the engine look at what the marks of a template print. What a component, a block or a filter of texts gives is a text.
pub fn looks(text: &str) -> Vec<Insertion> {
    let (mut looks, mut at) = (Vec::new(), 0);
    while let Some(start) = next_tag(text, at) {
        at = tag_end(text, start, Language::Tera);
        let tag = &text[start..at];
        if statement(tag) == "raw" {
            at = raw_end(text, at);
        } else if tag.starts_with("{{") && !(inner(tag).starts_with('<') || is_super(tag) || gives_text(tag)) {
            let look = filtered(text, start..at, [FILTER].into_iter());
            looks.extend(look.into_iter().flat_map(of_expression));
        }
    }
    looks
}
