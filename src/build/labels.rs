//! What the fields of a deployment are called, in the language of its first readers: `labels`.

use std::sync::Arc;

use crate::components::qualification::Labels;
use crate::data::{Data, DataMap};
use crate::values::Values;

use super::base::BaseContext;
use super::resolved::Trees;

/// `None` where the deployment has no language of its own.
pub fn data(base: &BaseContext<'_>, trees: &Trees, extras: &DataMap) -> Option<Data> {
    let &locale = base.locales.first()?;
    let tree = trees.get(&locale)?;
    let tag = &base.program.catalog().locale(locale).tag;
    let shared = &base.localized(locale)?.shared;
    let values = Values::new(tree.clone(), Arc::new(extras.clone()), tag.clone(), shared).early();
    let value = |path: &str| {
        let (root, rest) = path.split_once('.')?;
        let node = rest.split('.').try_fold(tree.get(root)?, |node, key| node.get(key))?;
        values.bind(node).ok()
    };
    Some(Labels::data(tag, &value))
}
