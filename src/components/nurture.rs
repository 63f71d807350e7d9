//! The nurture sequence: each email as HTML, as text, and as a message that opens as a draft; and when which one may be
//! sent.

mod sequence;

use super::{Asked, Component, File, Input};
use crate::diag::Diagnostics;

pub struct Nurture;

impl Component for Nurture {
    fn id(&self) -> &'static str {
        "nurture"
    }

    fn title(&self) -> &'static str {
        "Nurture sequence"
    }

    fn folder(&self) -> &'static str {
        "emails"
    }

    fn is_public(&self) -> bool {
        true
    }

    /// `emails/sequence.json` for a package with a journey.
    fn plan(&self, input: &Input<'_>) -> Vec<Asked> {
        let asked = || Asked::by(sequence::FILE, "journey.sequences").reading(&["nurture", "journey"], None);
        input.path.map(|_| asked()).into_iter().collect()
    }

    fn make(&self, input: &Input<'_>) -> Result<Vec<File>, Diagnostics> {
        Ok(input.path.map(|path| sequence::file(input, path)).transpose()?.into_iter().collect())
    }
}
