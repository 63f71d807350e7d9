//! The nurture sequence: each email as HTML, as text, and as a message that opens as a draft.

use super::Component;

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
}
