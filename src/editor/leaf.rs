//! The schema of a single value.

use serde_json::{Value, json};

use crate::policy::limits::Limits;
use crate::schema::{Field, Measure, Shape};

/// A value of this shape as it may be written, without anything said about its place.
pub fn value(shape: &Shape, is_whole: bool) -> Value {
    match shape {
        // A text may look like a number: a postcode, a version.
        Shape::Text(_) | Shape::Kind(_) => json!({"type": ["string", "number", "boolean"]}),
        Shape::Int(measure) => number("integer", *measure),
        Shape::Number(measure) => number("number", *measure),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Date => json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
        Shape::Color => json!({"type": "string", "pattern": "^#[0-9a-fA-F]{6}$"}),
        Shape::Choice(words) => json!({"enum": words}),
        Shape::Map(fields) => map(fields, is_whole),
        Shape::Open(inner) => json!({"type": "object", "additionalProperties": value(inner, is_whole)}),
        Shape::Keyed(fields) => json!({"type": "array", "x-list": "keyed", "items": map(fields, is_whole)}),
        Shape::Set => json!({
            "type": "array", "x-list": "set", "uniqueItems": true, "items": {"type": ["string", "number", "boolean"]},
        }),
        Shape::List(item) => json!({"type": "array", "x-list": "atomic", "items": value(item, is_whole)}),
        Shape::Any => json!({}),
    }
}

fn number(kind: &str, measure: Measure) -> Value {
    let (least, most) = measure.range();
    json!({"type": kind, "minimum": least, "maximum": most})
}

fn map(fields: &[Field], is_whole: bool) -> Value {
    let described = |field: &Field| {
        let mut made = value(&field.shape, is_whole);
        describe(&mut made, &[field.doc.to_owned()]);
        (field.name.to_owned(), made)
    };
    let properties: serde_json::Map<String, Value> = fields.iter().map(described).collect();
    let mut made = json!({"type": "object", "additionalProperties": false, "properties": properties});
    let required: Vec<&str> =
        fields.iter().filter(|field| is_whole && field.required).map(|field| field.name).collect();
    if !required.is_empty() {
        made["required"] = json!(required);
    }
    made
}

/// Puts what is to be said into the description, a line each.
pub fn describe(schema: &mut Value, lines: &[String]) {
    let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    if !lines.is_empty() {
        schema["description"] = json!(lines.join("\n"));
    }
}

/// Puts the limits of rules and regions on a text: the tightest of each kind. What is counted on the page
/// cannot be told from the text as written.
pub fn limit<'a>(schema: &mut Value, all: impl IntoIterator<Item = &'a Limits>) {
    let mut forms: Vec<Value> = Vec::new();
    let mut most: Option<usize> = None;
    for limits in all {
        forms.extend(limits.must_keep.iter().map(|text| json!({"pattern": literal(text)})));
        if limits.on_rendered {
            continue;
        }
        most = most.into_iter().chain(limits.max_chars).min();
        forms.extend(limits.pattern.iter().map(|form| json!({"pattern": format!("^(?:{})$", form.text)})));
        forms.extend(limits.one_of.iter().map(|words| json!({"enum": words})));
    }
    if let Some(most) = most {
        schema["maxLength"] = json!(most);
    }
    if !forms.is_empty() {
        schema["allOf"] = json!(forms);
    }
}

/// A pattern for a text, whatever its white space.
fn literal(text: &str) -> String {
    let mut pattern = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        if !pattern.is_empty() {
            pattern.push_str("\\s*");
        }
        if r"\^$.|?*+()[]{}/".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::literal;

    #[test]
    fn a_text_to_keep_is_found_whatever_its_white_space() {
        assert_eq!(literal("{{ a.b }}"), r"\{\s*\{\s*a\s*\.\s*b\s*\}\s*\}");
    }
}
