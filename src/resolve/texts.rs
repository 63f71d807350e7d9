//! What a `$replace` in another language leaves of what it hides: texts (T2, T3).
//!
//! Whoever replaces a map, a list or a block says anew what is there, in his own language. What weaker layers say of the same
//! places in theirs counts as their translations do: it gives texts to what is there, and brings nothing in (T6).

use std::borrow::Cow;

use crate::catalog::patch::PatchKind;

use super::input::{Input, is_whole};
use super::merge::Merge;

impl<'a> Merge<'_, 'a> {
    /// Words that are hidden, as texts in their own language; `None` where what hides them speaks it, or takes away.
    pub fn as_text(&self, input: &Input<'a>, inputs: &[Input<'a>]) -> Option<Input<'a>> {
        let hides = |other: &&Input<'a>| {
            !other.translation && is_whole(&other.patch.kind) && self.is_stronger(other.layer, input.layer)
        };
        let is_foreign =
            |other: &Input<'a>| matches!(other.patch.kind, PatchKind::Replace(_)) && !self.speak_alike(input, other);
        let is_text = !input.translation && inputs.iter().filter(hides).all(is_foreign);
        let patch = match &input.patch.kind {
            PatchKind::Replace(inner) => &**inner,
            kind if is_whole(kind) => return None,
            _ => input.patch,
        };
        is_text.then_some(Input { translation: true, hidden: true, patch, ..*input })
    }

    /// Texts in which operations stand, as hidden ones may: without these and without what they hide. What is the same in
    /// each language is no text.
    pub fn worded<'i>(&self, inputs: &'i [Input<'a>]) -> Cow<'i, [Input<'a>]> {
        if !inputs.iter().any(|input| input.hidden) {
            return inputs.into();
        }
        let operations = || inputs.iter().filter(|input| input.hidden && is_whole(&input.patch.kind));
        let hides = |operation: &Input<'a>, text: &Input<'a>| match operation.patch.kind {
            PatchKind::Replace(_) => self.is_stronger(operation.layer, text.layer) && self.speak_alike(operation, text),
            _ => self.is_weaker_or_same(text.layer, operation.layer),
        };
        let is_left = |input: &&Input<'a>| {
            let is_same = || input.hidden && matches!(input.patch.kind.innermost(), PatchKind::Neutral(_));
            !input.translation || !is_same() && !operations().any(|operation| hides(operation, input))
        };
        let worded = |input: &Input<'a>| match &input.patch.kind {
            PatchKind::Replace(inner) if input.hidden => Input { patch: inner, ..*input },
            _ => *input,
        };
        inputs.iter().filter(is_left).map(worded).collect()
    }

    fn speak_alike(&self, one: &Input<'a>, two: &Input<'a>) -> bool {
        self.catalog.locales.same_language(one.locale, two.locale)
    }
}
