//! A YAML file made from single values at their places.

use indexmap::IndexMap;

use crate::catalog::place::Step;

use super::scalar;

/// Values by their way through maps and lists.
#[derive(Debug, Default)]
pub struct Outline {
    /// What may stand here, each with a remark; more than one only as comments.
    values: Vec<(String, String)>,
    entries: IndexMap<String, Outline>,
    items: IndexMap<String, Outline>,
}

impl Outline {
    pub fn put(&mut self, steps: &[Step], value: String, remark: String) {
        match steps.split_first() {
            None => self.values.push((value, remark)),
            Some((Step::Key(key), rest)) => self.entries.entry(key.to_string()).or_default().put(rest, value, remark),
            Some((Step::Item(id), rest)) => self.items.entry(id.to_string()).or_default().put(rest, value, remark),
        }
    }

    /// The file's lines; comments unless they count.
    pub fn lines(&self, counts: bool) -> String {
        let mut out = String::new();
        self.below(0, &mut |indent, text, is_remark| {
            let line = match (counts, is_remark) {
                (true, true) => format!("{:indent$}# {text}\n", ""),
                (true, false) => format!("{:indent$}{text}\n", ""),
                (false, true) => format!("## {:indent$}{text}\n", ""),
                (false, false) => format!("# {:indent$}{text}\n", ""),
            };
            out.push_str(&line);
        });
        out
    }

    fn below(&self, indent: usize, say: &mut impl FnMut(usize, &str, bool)) {
        for (key, inner) in &self.entries {
            let key = if key.starts_with('$') { key.clone() } else { scalar::text(key) };
            for (value, remark) in &inner.values {
                say(indent, remark, true);
                say(indent, &format!("{key}: {value}"), false);
            }
            if !inner.entries.is_empty() || !inner.items.is_empty() {
                say(indent, &format!("{key}:"), false);
                inner.below(indent + 2, say);
            }
        }
        for (id, inner) in &self.items {
            say(indent, &format!("- id: {}", scalar::text(id)), false);
            inner.below(indent + 2, say);
        }
    }
}
