//! The files that go with the site: `assets/x` of the layers becomes `site/assets/x`.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::diag::nearest;
use crate::digest::Digest;
use crate::encode::Content;
use crate::html::Page;
use crate::paths::OutputPath;
use crate::resolve::tree::Tree;

/// The file with the palette, made for each partner.
pub const BRAND: &str = "site/assets/brand.css";

/// A file of the site's `assets/`.
#[derive(Clone, Debug)]
pub struct SiteAsset {
    pub output: OutputPath,
    pub bytes: Content,
    /// Of the bytes.
    pub digest: Digest,
    /// What stands in it, if that is known already.
    pub page: Option<Arc<Page>>,
    /// The file in the workspace that it is.
    pub input: Arc<str>,
    /// The value that asks for it: `assets/logo.svg`.
    pub asked_by: Arc<str>,
}

/// Where an asset of a layer goes: `assets/x` to `site/assets/x`.
fn output_of(path: &str) -> String {
    format!("site/{path}")
}

/// The assets of a tree that no output may have the name of: where each would go, and the layer's file.
pub fn unnameable(tree: &Tree) -> impl Iterator<Item = (String, &Arc<Tree>)> {
    let files = tree.children().filter(|(path, node)| {
        path.starts_with("assets/") && matches!(node.as_leaf().map(|leaf| &leaf.leaf), Some(Leaf::File(_)))
    });
    files.map(|(path, node)| (output_of(path), node)).filter(|(path, _)| OutputPath::new(path).is_err())
}

/// The assets of one deployment by the path templates name them with.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    by_path: BTreeMap<String, SiteAsset>,
}

impl Assets {
    /// Takes all assets of a tree whose names an output may have; whoever plans them says what is wrong with the others.
    pub fn of(tree: &Tree) -> Self {
        let asset = |(path, node): (&Arc<str>, &Arc<Tree>)| {
            let name = path.strip_prefix("assets/")?;
            let Leaf::File(asset) = &node.as_leaf()?.leaf else { return None };
            let output = OutputPath::new(&output_of(path)).ok()?;
            let file = SiteAsset {
                output,
                bytes: Content::as_it_is(asset.bytes.clone()),
                digest: Digest(asset.digest),
                page: asset.page().cloned(),
                input: asset.input.as_str().into(),
                asked_by: path.clone(),
            };
            Some((name.to_owned(), file))
        };
        Self { by_path: tree.children().filter_map(asset).collect() }
    }

    /// Gives back the asset that had the name before.
    pub fn add(&mut self, name: &str, asset: SiteAsset) -> Option<SiteAsset> {
        self.by_path.insert(name.to_owned(), asset)
    }

    /// Leaves files out that go along only where something asks for them.
    pub fn only_where(&mut self, names: &[Arc<str>], is_asked: bool) {
        self.by_path.retain(|path, _| is_asked || names.iter().all(|name| **name != **path));
    }

    pub fn iter(&self) -> impl Iterator<Item = &SiteAsset> {
        self.by_path.values()
    }

    /// The asset of a path below `assets/`, with or without that prefix.
    pub fn find(&self, path: &str) -> Result<&SiteAsset, String> {
        let name = path.strip_prefix("assets/").unwrap_or(path);
        self.by_path.get(name).ok_or_else(|| {
            let near = nearest(name, self.by_path.keys().map(String::as_str));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("there is no asset `{name}`{hint}")
        })
    }
}
