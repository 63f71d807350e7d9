//! Which schema an editor takes for which file.

use std::fmt::Write;

use serde_json::{Value, json};

use super::jsonc::{self, Entry};
use super::{MARK, Schema};

/// Where the schemas of a workspace lie unless told otherwise. Hidden folders are nobody's layer.
pub const FOLDER: &str = ".cobrand/schemas";
/// The settings of VS Code, whose YAML extension reads the key `yaml.schemas`.
pub const VSCODE: &str = ".vscode/settings.json";
pub const VSCODE_EXTENSIONS: &str = ".vscode/extensions.json";

const KEY: &str = "yaml.schemas";

/// Editor settings that name the schema of each file, for schemas in `folder` of the workspace.
pub fn settings(schemas: &[Schema], folder: &str) -> String {
    let map: serde_json::Map<String, Value> =
        mapped(schemas, folder).map(|(name, files)| (name, json!(files))).collect();
    format!("// {MARK}\n{:#}\n", json!({ KEY: map }))
}

/// Recommends what reads the schemas.
pub fn extensions() -> String {
    format!("{:#}\n", json!({"recommendations": ["redhat.vscode-yaml"]}))
}

/// Settings of VS Code with the schemas of [`FOLDER`] in them. Everything else that `old` says stays, byte for
/// byte, among it the schemas of others; `None` if it cannot be read.
pub fn merged(old: Option<&str>, schemas: &[Schema]) -> Option<String> {
    let is_crlf = old.is_some_and(|old| old.contains("\r\n"));
    let object = |others: &[&str]| {
        let made = object(schemas, others);
        if is_crlf { made.replace('\n', "\r\n") } else { made }
    };
    let eol = if is_crlf { "\r\n" } else { "\n" };
    let Some(old) = old.filter(|old| !old.trim().is_empty()) else {
        return Some(format!("{{\n  \"{KEY}\": {}\n}}\n", object(&[])));
    };
    let all = jsonc::object(old, 0)?;
    let Some(entry) = all.entries.iter().find(|entry| entry.key == KEY) else {
        let comma = if all.entries.is_empty() { eol } else { "," };
        let (before, after) = (old.get(..all.start)?, old.get(all.start..)?);
        return Some(format!("{before}{eol}  \"{KEY}\": {}{comma}{after}", object(&[])));
    };
    let own = jsonc::object(old, entry.value.start).filter(|own| own.span == entry.value)?;
    let is_ours = |entry: &&Entry| entry.key.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/'));
    let others: Option<Vec<&str>> =
        own.entries.iter().filter(|entry| !is_ours(entry)).map(|entry| old.get(entry.span.clone())).collect();
    let (before, after) = (old.get(..entry.value.start)?, old.get(entry.value.end..)?);
    Some(format!("{before}{}{after}", object(&others?)))
}

fn object(schemas: &[Schema], others: &[&str]) -> String {
    let ours = mapped(schemas, FOLDER).map(|(name, files)| format!("{}: {}", json!(name), json!(files)));
    let lines: Vec<String> = others.iter().map(|other| (*other).to_owned()).chain(ours).collect();
    let mut out = String::from("{\n");
    for (index, line) in lines.iter().enumerate() {
        let comma = if index + 1 < lines.len() { "," } else { "" };
        let _ = writeln!(out, "    {line}{comma}");
    }
    out + "  }"
}

fn mapped<'a>(schemas: &'a [Schema], folder: &str) -> impl Iterator<Item = (String, &'a [String])> {
    let folder = folder.trim_end_matches('/').to_owned();
    let mapped = schemas.iter().filter(|schema| !schema.files.is_empty());
    mapped.map(move |schema| (format!("{folder}/{}", schema.name), schema.files.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schemas() -> Vec<Schema> {
        let files = vec!["a.yaml".to_owned()];
        vec![Schema { kind: "a".into(), name: "a.schema.json".into(), files, document: json!({}) }]
    }

    #[test]
    fn settings_of_ones_own_stay_byte_for_byte() {
        let fresh = merged(None, &schemas()).unwrap();
        assert_eq!(fresh, "{\n  \"yaml.schemas\": {\n    \".cobrand/schemas/a.schema.json\": [\"a.yaml\"]\n  }\n}\n");
        assert_eq!(merged(Some(&fresh), &schemas()).unwrap(), fresh);
        let own = "{\n  // mine\n  \"x\": 1,\n  \"yaml.schemas\": {\"./b.json\": \"b.yaml\", \".cobrand/schemas/gone.schema.json\": [\"c\"]}, // kept\n}\n";
        let new = merged(Some(own), &schemas()).unwrap();
        assert!(
            new.starts_with("{\n  // mine\n  \"x\": 1,\n  \"yaml.schemas\": {\n    \"./b.json\": \"b.yaml\",\n"),
            "{new}"
        );
        assert!(new.ends_with("\n  }, // kept\n}\n") && !new.contains("gone"), "{new}");
        let added = merged(Some("{\"x\": 1}"), &schemas()).unwrap();
        assert!(added.ends_with("},\"x\": 1}") && merged(Some(&added), &schemas()).unwrap() == added, "{added}");
        let windows = merged(Some("{\r\n  \"x\": 1\r\n}\r\n"), &schemas()).unwrap();
        assert_eq!(windows.matches("\r\n").count(), windows.matches('\n').count(), "{windows:?}");
        assert_eq!(merged(Some(&windows), &schemas()).unwrap(), windows);
        assert_eq!(merged(Some("not settings"), &schemas()), None);
        assert_eq!(merged(Some("{\"yaml.schemas\": 1}"), &schemas()), None);
    }
}
