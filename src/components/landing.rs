//! The landing site: documents and assets alone.

use super::Component;
use crate::links::LinkKind;

pub struct Landing;

impl Component for Landing {
    fn id(&self) -> &'static str {
        "landing"
    }

    fn title(&self) -> &'static str {
        "Landing page"
    }

    fn folder(&self) -> &'static str {
        "site"
    }

    /// Which pages follow forms the journey says, and there may be no form.
    fn required(&self) -> &'static [&'static str] {
        &["site/index.html"]
    }

    fn is_public(&self) -> bool {
        true
    }

    fn link_kind(&self) -> LinkKind {
        LinkKind::Site
    }

    fn has_assets(&self) -> bool {
        true
    }
}
