//! The nurture sequence: each email as HTML, as text, and as a message that opens as a draft; and when which one may be
//! sent.

mod sequence;

use super::{Asked, Component, Input, Task};

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

    fn has_emails(&self) -> bool {
        true
    }

    /// `emails/sequence.json` for a package with a journey.
    fn tasks(&self, input: &Input<'_>) -> Vec<Task> {
        let asked = || Asked::by(sequence::FILE, "model", "journey.sequences").reading(&["nurture", "journey"], None);
        let file = |input: &Input<'_>| {
            let file = input.path.map(|path| sequence::json(input, path)).transpose()?;
            Ok(file.into_iter().collect())
        };
        input.path.map(|_| Task::new([asked()], file)).into_iter().collect()
    }
}
