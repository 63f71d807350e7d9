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

/// The assets of one deployment by the path templates name them with.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    by_path: BTreeMap<String, SiteAsset>,
}

impl Assets {
    /// Takes all assets of a tree; a name that no output may have is left out and answered as missing.
    pub fn of(tree: &Tree) -> Self {
        let asset = |(path, node): (&Arc<str>, &Arc<Tree>)| {
            let name = path.strip_prefix("assets/")?;
            let Leaf::File(asset) = &node.as_leaf()?.leaf else { return None };
            let output = OutputPath::new(&format!("site/{path}")).ok()?;
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

    pub fn add(&mut self, name: &str, asset: SiteAsset) {
        self.by_path.insert(name.to_owned(), asset);
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
