//! Values as YAML writes them, on one line.

use crate::catalog::patch::Leaf;
pub use crate::encode::yaml::text;

/// A value in flow style; `None` for a file, which no YAML holds.
pub fn value(leaf: &Leaf) -> Option<String> {
    Some(match leaf {
        Leaf::Null => "null".to_owned(),
        Leaf::Bool(value) => value.to_string(),
        Leaf::Int(value) => value.to_string(),
        Leaf::Float(value) => value.to_string(),
        Leaf::Str(source) | Leaf::Text { source, .. } | Leaf::Prose { source, .. } => text(source),
        Leaf::Seq(items) => format!("[{}]", items.iter().map(value).collect::<Option<Vec<_>>>()?.join(", ")),
        Leaf::Map(entries) => {
            let entry = |(key, leaf): (&std::sync::Arc<str>, &Leaf)| Some(format!("{}: {}", text(key), value(leaf)?));
            format!("{{{}}}", entries.iter().map(entry).collect::<Option<Vec<_>>>()?.join(", "))
        }
        Leaf::File(_) => return None,
    })
}
