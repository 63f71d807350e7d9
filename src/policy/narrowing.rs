//! What a layer takes from those above it (G2): `narrow` in `region.yaml`.
//!
//! ```yaml
//! narrow:
//!   - {path: "content/landing.md#spotlight", limits: {max_chars: 400}, reason: Our layout}
//!   - {path: "content/emails/*", fixed: true}
//! ```
//!
//! A narrowing can only take away: it fixes a path, or adds limits to those of the policy.

use std::sync::Arc;

use crate::catalog::LayerId;
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::source::Span;
use crate::syntax::tree::{Core, Node};

use super::limits::{self, Limits};
use super::pattern::Pattern;

#[derive(Clone, Debug)]
pub struct Narrowing {
    /// Who narrows.
    pub layer: LayerId,
    pub pattern: Pattern,
    pub is_fixed: bool,
    pub limits: Limits,
    pub reason: Option<Arc<str>>,
    pub span: Span,
}

const KEYS: [&str; 4] = ["path", "fixed", "limits", "reason"];

/// Reads the list of one layer.
pub fn read(node: &Node, layer: LayerId, diagnostics: &mut Diagnostics) -> Vec<Narrowing> {
    let items = node.as_seq().unwrap_or(std::slice::from_ref(node));
    items.iter().filter_map(|item| narrowing(item, layer, diagnostics)).collect()
}

fn narrowing(item: &Node, layer: LayerId, diagnostics: &mut Diagnostics) -> Option<Narrowing> {
    let map = item.as_map();
    for entry in map.into_iter().flat_map(|map| &map.entries).filter(|entry| !KEYS.contains(&&*entry.key.value)) {
        let key = &entry.key.value;
        let error = Diagnostic::error("E-NARROW", format!("a narrowing has no `{key}`")).at(entry.key.span, "");
        diagnostics.push(match nearest(key, KEYS) {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error.help("it can only take away: give `fixed: true` or `limits`"),
        });
    }
    let path = map.and_then(|map| map.get("path")).and_then(Node::as_text);
    let is_fixed = map
        .and_then(|map| map.get("fixed"))
        .and_then(Node::as_scalar)
        .is_some_and(|scalar| scalar.core() == Core::Bool(true));
    let limits = map.and_then(|map| map.get("limits"));
    let (Some(path), true) = (path, is_fixed || limits.is_some()) else {
        let error = Diagnostic::error("E-NARROW", "a narrowing needs a `path`, and `fixed: true` or `limits`");
        diagnostics.push(error.at(item.span, "").help("such as `{path: \"content/landing.md#faq\", fixed: true}`"));
        return None;
    };
    Some(Narrowing {
        layer,
        pattern: Pattern::new(&**path),
        is_fixed,
        limits: limits.map(|node| limits::read(node, diagnostics)).unwrap_or_default(),
        reason: map.and_then(|map| map.get("reason")).and_then(Node::as_text).cloned(),
        span: item.span,
    })
}
