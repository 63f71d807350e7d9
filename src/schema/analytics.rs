//! `tracking.analytics`: what counts what happens on the pages.

use super::{Field, Kind, Measure, choice, int, kind, map, words};

/// What can count, by the ids of `profiles::analytics`; `none` for pages that nobody counts.
pub const PROFILES: &[&str] = &["none", "plausible", "umami", "matomo", "gtm"];

/// The path of what names a program of others that pages load: whoever sets it decides what runs on them.
pub const PROGRAM: &str = "tracking.analytics.container";

/// What takes the events of `plausible` unless somebody says so.
pub const PLAUSIBLE_CLOUD: &str = "https://plausible.io/api/event";

/// What a region asks for before a visit is counted without cookies.
pub const PERMISSIONS: &[&str] = &["consent", "objection"];

/// All that pages can tell of, in the order of a visit.
pub const EVENTS: &[&str] =
    &["page_view", "outbound", "self_check_completed", "form_start", "generate_lead", "file_download"];

pub fn schema() -> Field {
    map(
        "analytics",
        [
            choice("profile", PROFILES, "what counts; `none` unless given, and then pages load and send nothing"),
            kind(
                "address",
                Kind::Endpoint,
                "what takes events: `…/api/event` of `plausible` (that of its cloud unless given), `…/api/send` of `umami`, `…/matomo.php` of `matomo`",
            ),
            kind("domain", Kind::Host, "the site's name in `plausible`"),
            kind("website", Kind::Uuid, "the website's id in `umami`"),
            int("site", Measure::Count, "the site's number in `matomo`"),
            kind("container", Kind::Container, "the container of `gtm`"),
            kind("measurement", Kind::Measurement, "the measurement id of Google Analytics 4, for `gtm`"),
            words("assets", Kind::File, "files of `assets/` that go along only where something counts"),
        ],
        "what counts what happens on the pages",
    )
}
