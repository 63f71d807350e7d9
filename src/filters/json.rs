//! JSON that can stand inside HTML.

use crate::data::Data;
use crate::encode::json::push_script_text as write_text;

/// The value as JSON. It may stand in a script element and in a quoted attribute.
pub fn json(value: &Data) -> String {
    let mut out = String::new();
    write(&mut out, value);
    out
}

fn write(out: &mut String, value: &Data) {
    match value {
        Data::Null => out.push_str("null"),
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Int(int) => out.push_str(&int.to_string()),
        // JSON has no words for what is not a finite number.
        Data::Float(float) if !float.is_finite() => out.push_str("null"),
        Data::Float(float) => out.push_str(&float.to_string()),
        Data::Text(text) => write_text(out, text),
        Data::Html(html) => write_text(out, html),
        Data::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write(out, item);
            }
            out.push(']');
        }
        Data::Map(map) => {
            out.push('{');
            for (index, (key, value)) in map.iter().enumerate() {
                out.push_str(if index > 0 { "," } else { "" });
                write_text(out, key);
                out.push(':');
                write(out, value);
            }
            out.push('}');
        }
    }
}
