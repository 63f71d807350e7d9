//! Which schema an editor takes for which file.

use serde_json::{Value, json};

use super::{MARK, Schema};

/// Editor settings that name the schema of each file, for schemas in `folder` of the workspace.
pub fn settings(schemas: &[Schema], folder: &str) -> String {
    let folder = folder.trim_end_matches('/');
    let mapped = schemas.iter().filter(|schema| !schema.files.is_empty());
    let schemas: serde_json::Map<String, Value> =
        mapped.map(|schema| (format!("{folder}/{}", schema.name), json!(schema.files))).collect();
    format!("// {MARK}\n{:#}\n", json!({"yaml.schemas": schemas}))
}
