//! What a deployment is made from, as one digest: nothing that matters is left out.
//!
//! A deployment sees the layers that match it, the settings, this program, and what nodes of the lead's path are called
//! anywhere; so it is looked at anew when one of these changed, and only then.

use std::collections::BTreeMap;

use crate::catalog::{Layer, LayerId};
use crate::digest::Digest;
use crate::matrix;
use crate::resolve::Stack;
use crate::workspace::SETTINGS;

use super::{Options, Program};

/// Digests of all layers.
pub struct Inputs {
    layers: BTreeMap<LayerId, Digest>,
    /// Settings, options, version and names of nodes.
    common: Digest,
}

/// Names this program.
pub const FINGERPRINT: &str = env!("COBRAND_FINGERPRINT");

impl Inputs {
    pub fn new(program: &Program, options: &Options) -> Self {
        Self::by(FINGERPRINT, program, options)
    }

    /// As a program with this fingerprint sees them.
    fn by(fingerprint: &str, program: &Program, options: &Options) -> Self {
        let catalog = program.catalog();
        let layers = catalog.layer_ids().map(|id| (id, of_layer(program, catalog.layer(id)))).collect();
        let mut common = blake3::Hasher::new();
        common.update(fingerprint.as_bytes());
        common.update(&[u8::from(options.release)]);
        common.update(&program.nodes().digest.0);
        if let Some(file) = program.workspace().file(SETTINGS) {
            common.update(file.digest.as_bytes());
        }
        Self { layers, common: Digest(*common.finalize().as_bytes()) }
    }

    /// The digest of what the deployment with these values is made from; `None` where a layer is broken, so that
    /// nothing can be made from it.
    pub fn digest(&self, program: &Program, values: &[Option<usize>]) -> Option<Digest> {
        let stack = Stack::matching(program.catalog(), values);
        if stack.layers().iter().any(|&layer| program.approved().is_broken(layer)) {
            return None;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(&self.common.0);
        hasher.update(matrix::id(program.catalog(), values).as_bytes());
        for id in stack.layers() {
            if let Some(digest) = self.layers.get(id) {
                hasher.update(&digest.0);
            }
        }
        Some(Digest(*hasher.finalize().as_bytes()))
    }
}

fn of_layer(program: &Program, layer: &Layer) -> Digest {
    let sources = program.sources();
    let mut hasher = blake3::Hasher::new();
    hasher.update(layer.selector.to_string().as_bytes());
    // Of a registry the row counts, and the header, which says what its cells mean; a manifest names its file.
    let registry = layer.row.map(|row| row.source);
    for source in layer.sources.iter().filter(|&&id| Some(id) != registry).map(|&id| sources.get(id)) {
        hasher.update(source.path.as_str().as_bytes());
        hasher.update(source.text.as_bytes());
        hasher.update(&[0]);
    }
    if let Some(row) = layer.row {
        hasher.update(sources.get(row.source).path.as_str().as_bytes());
        hasher.update(program.catalog().registry.head(row).as_bytes());
        hasher.update(sources.text(row).as_bytes());
    }
    for asset in layer.contributions.iter().filter_map(|contribution| contribution.asset.as_ref()) {
        hasher.update(asset.input.as_str().as_bytes());
        hasher.update(&asset.digest);
    }
    Digest(*hasher.finalize().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::DiskFiles;

    #[test]
    fn another_program_or_option_makes_everything_anew() {
        let base = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/base");
        let program = Program::open(&DiskFiles::new(base)).0.unwrap_or_else(|_| panic!("the workspace does not open"));
        let base = &program.matrix().bases()[0];
        let values = base.with_partner(program.catalog(), base.partners[0]);
        let options = |release| Options { release, ..Options::default() };
        let digest = |by: &str, release| Inputs::by(by, &program, &options(release)).digest(&program, &values);
        assert!(digest("1", false).is_some());
        assert_eq!(digest("1", false), digest("1", false));
        assert_ne!(digest("1", false), digest("2", false));
        assert_ne!(digest("1", false), digest("1", true));
        assert_ne!(FINGERPRINT, "");
    }
}
