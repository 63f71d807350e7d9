//! Peers that disagree (E-PEER).

use std::sync::Arc;

use crate::catalog::LayerId;
use crate::catalog::place::governed;
use crate::diag::Diagnostic;
use crate::encode::shell;
use crate::source::Span;

use super::input::Input;
use super::merge::Merge;

/// Two layers of one strength that say different things about a place (E-PEER).
#[derive(Clone, Debug)]
pub struct Clash {
    pub keys: Vec<Arc<str>>,
    /// The place, or the list in which an item stands in two places.
    pub path: String,
    pub sides: [Side; 2],
    pub error: Diagnostic,
}

/// One of two that disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    pub layer: LayerId,
    /// Where it says so.
    pub span: Span,
}

impl Merge<'_, '_> {
    /// Notes that two layers of one strength say different things (E-PEER, O2 and O4).
    pub fn peers(&mut self, inputs: &[Input<'_>]) {
        let [first, .., last] = inputs else { return };
        self.clash(first.layer, first.patch.span, last.layer, last.patch.span);
    }

    pub fn clash(&mut self, one: LayerId, one_span: Span, two: LayerId, two_span: Span) {
        let laid_out =
            |id: LayerId| (self.catalog.layer(id).selector.rank(), self.catalog.layer(id).selector.to_string());
        let of_master = |id: LayerId| self.catalog.layer(id).is_of_master();
        // The place to settle it is an overlay's folder, if there is one.
        let turned = match of_master(one) == of_master(two) {
            true => laid_out(two) < laid_out(one),
            false => of_master(two),
        };
        if turned {
            return self.clash(two, two_span, one, one_span);
        }
        let (a, b) = (self.catalog.layer(one), self.catalog.layer(two));
        let mut folder = b.place.clone();
        let mut missing: Vec<String> = Vec::new();
        for binding in a.selector.bindings() {
            if b.selector.binds(binding.axis).is_none() {
                missing.push(format!("{}={}", binding.name, binding.id));
            }
        }
        match folder.split_once("/@") {
            Some((value, bound)) => folder = format!("{value}/@{bound},{}", missing.join(",")),
            None => folder = format!("{folder}/@{}", missing.join(",")),
        }
        let settle = match b.is_of_master() {
            true => format!("write the block once more with `when=\"{},{}\"`", b.selector, missing.join(",")),
            false => format!(
                "say which one holds for both in a combination overlay, in `{folder}/`: `cobrand new overlay {} {} \
                 --settle --take {}`",
                shell::word(&folder),
                shell::word(governed(&self.path)),
                b.selector.bindings().last().map_or("", |binding| &binding.name),
            ),
        };
        let error = Diagnostic::error(
            "E-PEER",
            format!("`{}` and `{}` set `{}` differently, and neither is stronger", a.selector, b.selector, self.path),
        )
        .at(two_span, format!("set by {}", b.selector))
        .other(one_span, format!("set by {}", a.selector))
        .help(settle)
        .help("or ask HQ to give one axis `precedence` on this path in `policy.yaml`")
        .help("or take one of them out");
        let sides = [Side { layer: one, span: one_span }, Side { layer: two, span: two_span }];
        self.clashes.push(Clash { keys: self.keys.clone(), path: self.path.clone(), sides, error });
    }
}
