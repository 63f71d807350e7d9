//! What a region leaves of the lead's path, before anything is planned.

use std::sync::Arc;

use crate::resolve::tree::{Tree, Value};

use crate::journey::Mode;

/// The tree without what cannot happen here: an email that asks to confirm a permission is there only where permission
/// is confirmed (W4).
pub fn lowered(tree: &Arc<Tree>) -> Arc<Tree> {
    let mode = tree.text_at("region.legal.consent_mode");
    if Mode::named(mode) == Mode::DoubleOptIn {
        return tree.clone();
    }
    without(tree, &["nurture", "emails"], &|email| email.get("confirms").is_some())
}

/// The same node, wherever nothing of the list below it is dropped.
pub(super) fn without(node: &Arc<Tree>, path: &[&str], is_dropped: &dyn Fn(&Tree) -> bool) -> Arc<Tree> {
    match (path.split_first(), node.value()) {
        (Some((&key, rest)), Value::Map(entries)) => {
            let Some(child) = entries.get(key) else { return node.clone() };
            let kept = without(child, rest, is_dropped);
            if Arc::ptr_eq(&kept, child) {
                return node.clone();
            }
            node.with(key, kept)
        }
        (None, Value::List(items)) if items.values().any(|item| is_dropped(item)) => {
            let kept = items.iter().filter(|(_, item)| !is_dropped(item));
            Arc::new(Value::List(kept.map(|(id, item)| (id.clone(), item.clone())).collect()).into())
        }
        _ => node.clone(),
    }
}
