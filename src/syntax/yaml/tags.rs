//! The tags of the core schema, and what they ask of a value.

use saphyr_parser::Tag;

use crate::syntax::tree::{Core, Scalar, Value};

const CORE: &str = "tag:yaml.org,2002:";

/// Applies a tag to a value, or says what is wrong with it.
pub(super) fn apply(tag: &Tag, value: &mut Value) -> Result<(), String> {
    let full = format!("{}{}", tag.handle, tag.suffix);
    if full == "!" {
        make_text(value);
        return Ok(());
    }
    let Some(name) = full.strip_prefix(CORE) else {
        return Err(format!("the tag `{}` is not known", shown(tag)));
    };
    match (name, value) {
        ("map", Value::Map(_)) | ("seq", Value::Seq(_)) => Ok(()),
        ("str", value @ Value::Scalar(_)) => {
            make_text(value);
            Ok(())
        }
        ("null" | "bool" | "int" | "float", Value::Scalar(scalar)) => check(name, scalar),
        ("map" | "seq" | "str" | "null" | "bool" | "int" | "float", _) => {
            Err(format!("the tag `!!{name}` does not fit what it stands before"))
        }
        _ => Err(format!("the tag `!!{name}` is not known")),
    }
}

fn make_text(value: &mut Value) {
    if let Value::Scalar(scalar) = value {
        scalar.plain = false;
    }
}

/// A tag on a quoted scalar (`!!int "5"`) makes it as good as a plain one.
fn check(name: &str, scalar: &mut Scalar) -> Result<(), String> {
    scalar.plain = true;
    let fits = match scalar.core() {
        Core::Null => name == "null",
        Core::Bool(_) => name == "bool",
        Core::Int(_) => matches!(name, "int" | "float"),
        Core::Float(_) => name == "float",
        Core::Str(_) => false,
    };
    if fits { Ok(()) } else { Err(format!("`{}` is not what the tag `!!{name}` says", scalar.text)) }
}

fn shown(tag: &Tag) -> String {
    if tag.handle.is_empty() { format!("!<{}>", tag.suffix) } else { format!("{}{}", tag.handle, tag.suffix) }
}
