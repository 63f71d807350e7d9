//! What one layer says at the place that is being resolved.

use crate::catalog::LayerId;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Patch, PatchKind};

use super::tree::Origin;

/// A patch with the layer that it is from.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    pub layer: LayerId,
    /// The locale of the texts in it.
    pub locale: LocaleId,
    /// It gives texts and never structure (T6): from `locales/<tag>/`, or hidden.
    pub translation: bool,
    /// A `$replace` in another language hides it, and leaves its texts alone.
    pub hidden: bool,
    /// From a layer that the base does not have.
    pub extra: bool,
    /// From below a `$replace`: what it holds needs nothing weaker to stand on.
    pub whole: bool,
    pub patch: &'a Patch,
}

impl Input<'_> {
    pub fn origin(&self) -> Origin {
        Origin { layer: self.layer, locale: self.locale, span: self.patch.span }
    }

    /// What tells it from every other: a patch stands in one layer and in one language. Whether the base has
    /// the layer changes nothing about the result.
    pub fn identity(&self) -> Identity {
        Identity { patch: std::ptr::from_ref(self.patch) as usize, whole: self.whole, hidden: self.hidden }
    }

    /// Whether it makes a removed place exist again (V4).
    pub fn sets_anew(&self, path: &str) -> bool {
        match &self.patch.kind {
            _ if self.translation => false,
            PatchKind::Map(entries) => !path.contains(".md#") || entries.contains_key("id"),
            kind => !matches!(kind, PatchKind::Remove),
        }
    }
}

/// See [`Input::identity`]. A patch is known by its address, which holds as long as its catalog stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    patch: usize,
    whole: bool,
    hidden: bool,
}

#[cfg(test)]
impl<'a> Input<'a> {
    pub fn of_master(locale: LocaleId, patch: &'a Patch) -> Self {
        Self { layer: LayerId::MASTER, locale, translation: false, hidden: false, extra: false, whole: false, patch }
    }
}

/// What a place is to a layer that sets it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Leaf,
    Container,
}

impl Kind {
    /// `None` for what only takes away: it fits both.
    pub fn of(kind: &PatchKind) -> Option<Self> {
        match kind.innermost() {
            PatchKind::Leaf(_) | PatchKind::Neutral(_) | PatchKind::Amend(_) => Some(Self::Leaf),
            PatchKind::Map(_) | PatchKind::Keyed(_) | PatchKind::Set(_) => Some(Self::Container),
            PatchKind::Remove | PatchKind::Inherit(_) | PatchKind::Choose(_) | PatchKind::Replace(_) => None,
        }
    }
}

/// Whether it takes a place away, and does not only look elsewhere for it.
pub fn is_removal(input: &Input<'_>) -> bool {
    matches!(input.patch.kind, PatchKind::Remove)
}

/// Whether it stands for everything weaker.
pub fn is_whole(kind: &PatchKind) -> bool {
    matches!(kind, PatchKind::Remove | PatchKind::Replace(_) | PatchKind::Inherit(_) | PatchKind::Choose(_))
}
