//! What counts what happens on a page, and what it wants: where events go, what a page's policy has to let through, and
//! what it calls our events.
//!
//! None of them is told who a visitor is: they count, and what they count belongs to no lead.

use super::Certainty;
use super::capture::Fact;
use crate::schema::analytics::PLAUSIBLE_CLOUD;

/// Something that counts.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    pub id: &'static str,
    pub name: &'static str,
    /// Where events are sent unless `address` says so; `None` where it is given, or where a script of its own knows.
    pub address: Option<Fact<&'static str>>,
    /// The keys of `tracking.analytics` without which it counts nothing.
    pub needs: &'static [&'static str],
    /// Whether it does without anything on the visitor's device. What does not always asks first.
    pub is_cookieless: Fact<bool>,
    /// Hosts that a page's policy lets through, besides the address: of scripts, of images, of what scripts send.
    pub scripts: &'static [Fact<&'static str>],
    pub images: &'static [Fact<&'static str>],
    pub sends: &'static [Fact<&'static str>],
    /// What it calls events of ours, where that is not their id.
    pub names: &'static [(&'static str, &'static str)],
}

const fn sure<T: Copy>(is: T, certainty: Certainty) -> Fact<T> {
    Fact { is, certainty }
}

/// The tool of that id; `None` for `none`.
pub fn tool(id: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.id == id)
}

impl Tool {
    /// What it calls an event of ours.
    pub fn name_of<'e>(&self, event: &'e str) -> &'e str
    where
        'static: 'e,
    {
        self.names.iter().find(|(ours, _)| *ours == event).map_or(event, |(_, theirs)| theirs)
    }
}

const TAG_MANAGER: Fact<&str> = sure("https://www.googletagmanager.com", Certainty::Verified);

pub static TOOLS: &[Tool] = &[
    Tool {
        id: "plausible",
        name: "Plausible",
        address: Some(sure(PLAUSIBLE_CLOUD, Certainty::Verified)),
        needs: &["domain"],
        is_cookieless: sure(true, Certainty::Unverified),
        scripts: &[],
        images: &[],
        sends: &[],
        names: &[("page_view", "pageview")],
    },
    Tool {
        id: "umami",
        name: "Umami",
        address: None,
        needs: &["address", "website"],
        is_cookieless: sure(true, Certainty::Unverified),
        scripts: &[],
        images: &[],
        sends: &[],
        // A page view is an event without a name there.
        names: &[("page_view", "")],
    },
    Tool {
        id: "matomo",
        name: "Matomo",
        address: None,
        needs: &["address", "site"],
        is_cookieless: sure(true, Certainty::Verified),
        scripts: &[],
        images: &[],
        sends: &[],
        // A page view has the title of the page there.
        names: &[("page_view", "action_name")],
    },
    Tool {
        id: "gtm",
        name: "Google Tag Manager with Google Analytics 4",
        address: None,
        needs: &["container", "measurement"],
        is_cookieless: sure(false, Certainty::Verified),
        scripts: &[TAG_MANAGER],
        images: &[TAG_MANAGER, sure("https://*.google-analytics.com", Certainty::Unverified)],
        sends: &[
            TAG_MANAGER,
            sure("https://www.google.com", Certainty::SecondHand),
            sure("https://*.google-analytics.com", Certainty::Unverified),
            sure("https://*.analytics.google.com", Certainty::Unverified),
        ],
        // No name that its enhanced measurement uses: whatever is switched on there, nothing is counted twice.
        names: &[("form_start", "request_start"), ("file_download", "piece_open"), ("outbound", "site_exit")],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::analytics::PROFILES;

    #[test]
    fn what_can_be_written_is_what_there_is() {
        let ids: Vec<&str> = std::iter::once("none").chain(TOOLS.iter().map(|tool| tool.id)).collect();
        assert_eq!(ids, PROFILES);
        assert!(TOOLS.iter().all(|it| tool(it.id).is_some_and(|found| found.name == it.name)));
        assert!(tool("none").is_none());
    }

    #[test]
    fn no_name_is_one_that_enhanced_measurement_counts_too() {
        // As Google Analytics 4 lists them.
        let enhanced = ["click", "scroll", "form_start", "form_submit", "file_download", "view_search_results"];
        let gtm = tool("gtm").unwrap();
        for event in crate::analytics::EVENTS.iter().filter(|event| **event != "page_view") {
            assert!(!enhanced.contains(&gtm.name_of(event)), "{event}");
        }
    }

    #[test]
    fn what_sets_cookies_is_the_only_one_with_scripts_of_its_own() {
        for tool in TOOLS {
            assert_eq!(tool.is_cookieless.is, tool.scripts.is_empty(), "{}", tool.id);
        }
    }
}
