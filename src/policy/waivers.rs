//! Exceptions that HQ grants for a time (G8): `waivers.yaml`.
//!
//! ```yaml
//! - path: "content/landing.md#hero"
//!   layer: partners/acme
//!   reason: Launch with their own claim
//!   approver: Dana, brand team
//!   expires: 2027-03-31
//! ```

use std::sync::Arc;

use jiff::civil::Date;

use crate::catalog::Layer;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Span;
use crate::syntax::tree::Node;

use super::pattern::Pattern;

/// One exception: what this layer does at this path needs no right until the day it ends.
#[derive(Clone, Debug)]
pub struct Waiver {
    pub path: Pattern,
    /// The layer's folder, or its selector.
    pub layer: Arc<str>,
    pub reason: Arc<str>,
    pub approver: Arc<str>,
    /// The last day it holds.
    pub expires: Date,
    pub span: Span,
}

impl Waiver {
    pub fn is_about(&self, layer: &Layer, path: &str) -> bool {
        self.is_of(layer) && self.path.covers(path)
    }

    /// Whether the layer is the one it is granted to.
    pub fn is_of(&self, layer: &Layer) -> bool {
        *self.layer == *layer.place || *self.layer == *layer.selector.to_string()
    }
}

/// Reads the list; a waiver that lacks something is refused.
pub fn read(node: &Node, diagnostics: &mut Diagnostics) -> Vec<Waiver> {
    let Some(items) = node.as_seq() else {
        let error = Diagnostic::error("E-WAIVER", "`waivers.yaml` has to be a list").at(node.span, "");
        diagnostics.push(error.help("begin each waiver with `- path: …`"));
        return Vec::new();
    };
    items.iter().filter_map(|item| waiver(item, diagnostics)).collect()
}

fn waiver(item: &Node, diagnostics: &mut Diagnostics) -> Option<Waiver> {
    let mut text = |key: &str, what: &str| {
        let found = item.as_map().and_then(|map| map.get(key)).and_then(Node::as_text).filter(|text| !text.is_empty());
        if found.is_none() {
            let error = Diagnostic::error("E-WAIVER", format!("a waiver has no `{key}`")).at(item.span, "");
            diagnostics.push(error.help(format!("write `{key}:`, {what}")));
        }
        found.cloned()
    };
    let path = text("path", "what it is about");
    let layer = text("layer", "the folder it is granted to, such as `partners/acme`");
    let reason = text("reason", "why it is granted");
    let approver = text("approver", "who grants it");
    let expires = text("expires", "the last day it holds, such as 2027-03-31");
    let (path, layer, reason, approver, expires) = (path?, layer?, reason?, approver?, expires?);
    let Ok(expires) = expires.parse() else {
        let error = Diagnostic::error("E-WAIVER", format!("`{expires}` is no date")).at(item.span, "");
        diagnostics.push(error.help("write the last day it holds, such as 2027-03-31"));
        return None;
    };
    Some(Waiver { path: Pattern::new(&*path), layer, reason, approver, expires, span: item.span })
}
