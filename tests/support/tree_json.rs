//! Free values below `vars.doc`, put in and read back as JSON.

use cobrand::build::Program;
use cobrand::catalog::patch::Leaf;
use cobrand::resolve::tree::{self, Tree};
use serde_json::{Map, Value, json};

use super::outcome;
use super::small::Small;

/// The layers that overlays are given to, weak to strong; all are HQ's, and are in [`DEPLOYMENT`].
pub const LAYERS: [&str; 3] = ["motions/launch.yaml", "industries/retail.yaml", "tiers/one-to-one.yaml"];
const DEPLOYMENT: &str = "beta/launch/retail/europe";

/// A workspace whose master has a value, and an overlay of it in each of the next layers.
pub fn workspace(doc: &Value, overlays: &[Value]) -> Small {
    let package = Small::base().text("master-templates/package.yaml").to_owned();
    let package = package.replace("slogan: Good morning}", &format!("slogan: Good morning, doc: {doc}}}"));
    overlaid(Small::base().with("master-templates/package.yaml", package), overlays)
}

/// With overlays of the value. YAML reads JSON.
pub fn overlaid(mut files: Small, overlays: &[Value]) -> Small {
    assert!(overlays.len() <= LAYERS.len());
    for (layer, overlay) in LAYERS.iter().zip(overlays) {
        files = files.more(layer, &format!("overlay: {}\n", json!({"package": {"vars": {"doc": overlay}}})));
    }
    files
}

/// What the deployment gets; `None` where nothing is left.
pub fn value_of(program: &Program) -> Option<Value> {
    let tree = outcome::tree(program, DEPLOYMENT, "en-US");
    outcome::node(&tree, "vars.doc").map(json_of)
}

fn json_of(tree: &Tree) -> Value {
    match tree.value() {
        tree::Value::Leaf(resolved) => leaf(&resolved.leaf),
        _ => Value::Object(tree.children().map(|(key, child)| (key.to_string(), json_of(child))).collect()),
    }
}

fn leaf(value: &Leaf) -> Value {
    match value {
        Leaf::Null => Value::Null,
        Leaf::Bool(value) => json!(value),
        Leaf::Int(value) => json!(value),
        Leaf::Float(value) => json!(value),
        Leaf::Seq(items) => items.iter().map(leaf).collect(),
        Leaf::Map(entries) => {
            entries.iter().map(|(key, value)| (key.to_string(), leaf(value))).collect::<Map<_, _>>().into()
        }
        other => json!(other.source().unwrap_or_default()),
    }
}
