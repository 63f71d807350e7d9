//! Email platforms, CRMs and what counts visits, as documents see them.

use super::{Finding, Input};
use crate::data::Data;
use crate::encode::html::escape;
use crate::package::Package;
use crate::package::journey::Controller;
use crate::package::platforms::{System, system};
use crate::profiles::email;

/// What a partner without a system has.
const NONE: &str = "none";

/// `{id, name, known, tokens}` of the partner's email platform: under `id` the master's `platforms` have its steps. For one
/// without steps of its own `known` is false, and those of `id` are what holds for most. Where the vendor sends the series,
/// the partner sets up none.
pub fn email_platform(package: &Package) -> Data {
    let sends = package.leads.as_ref().as_ref().and_then(|leads| leads.sends);
    let own = package.partner.platforms.email.as_deref().filter(|_| sends != Some(Controller::Vendor));
    let id = own.unwrap_or(NONE);
    let tokens = email::tokens(id).iter().map(token);
    described(&package.platforms.email, id, [("tokens", Data::list(tokens))])
}

/// The same of the partner's CRM, which has no tokens.
pub fn crm_system(package: &Package) -> Data {
    described(&package.platforms.crm, package.partner.platforms.crm.as_deref().unwrap_or(NONE), [])
}

/// The same of what counts on the pages.
pub fn counting_tool(package: &Package, profile: &str) -> Data {
    described(&package.platforms.analytics, profile, [])
}

/// What counts on the pages, if the master has no steps for it.
pub fn check_counting(package: &Package, profile: &str) -> Option<Finding> {
    let system = package.platforms.analytics.iter().find(|system| *system.id == *profile);
    let gone = format!("platforms.analytics[{profile}]");
    system.is_none_or(|system| system.steps.is_empty()).then(|| {
        Finding::new(
            "tracking.analytics.profile",
            format!("nothing says what is done in `{profile}`, which counts on the pages"),
            "write its steps in `master-templates/platforms.yaml` as an item of `analytics`, or choose another profile",
        )
        .resting_on(vec![gone])
    })
}

/// Systems of the partner for which the master has no steps.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    // A master without the file tells of no system.
    if !input.data.contains_key("platforms") {
        return Vec::new();
    }
    let (named, platforms) = (&input.package.partner.platforms, &input.package.platforms);
    let all = [("email", &named.email, &platforms.email), ("crm", &named.crm, &platforms.crm)];
    all.into_iter().filter_map(|(key, named, systems)| without_steps(key, named.as_deref(), systems)).collect()
}

fn without_steps(key: &str, named: Option<&str>, systems: &[System]) -> Option<Finding> {
    let id = named.unwrap_or(NONE);
    let has_own = systems.iter().any(|system| *system.id == *id);
    // What is known well enough to have tokens is no system like most.
    let own_only = key == "email" && !email::tokens(id).is_empty();
    match system(systems, id).filter(|_| has_own || !own_only) {
        Some(system) if system.steps.is_empty() => Some(Finding::new(
            format!("platforms.{key}[{}].steps", system.id),
            format!("nothing says what is done in `{id}`, which the partner works with"),
            "write its steps in `master-templates/platforms.yaml`",
        )),
        Some(_) => None,
        None => {
            let gone = [id, "other"].map(|id| format!("platforms.{key}[{id}]"));
            let [own, _] = &gone;
            // Who names a system that nobody knows can name another one. Of one that is known HQ tells.
            let path = if named.is_some() && !own_only { format!("partner.platforms.{key}") } else { own.clone() };
            let found = Finding::new(
                path,
                format!("nothing says what is done in `{id}`, which the partner works with"),
                format!(
                    "name a system of `{key}` in `platforms.yaml`; HQ can add it there, or an item `other` for what holds for most"
                ),
            );
            Some(found.resting_on(gone.into()))
        }
    }
}

fn described<const N: usize>(systems: &[System], id: &str, more: [(&'static str, Data); N]) -> Data {
    let found = system(systems, id);
    let own = found.filter(|system| *system.id == *id);
    let fields = [
        ("id", found.map_or_else(|| id.into(), |system| Data::Text(system.id.clone()))),
        ("name", own.map_or_else(|| id.into(), |system| Data::Text(system.name.clone()))),
        ("known", own.is_some().into()),
    ];
    Data::map(fields.into_iter().chain(more))
}

fn token(token: &email::Token) -> Data {
    Data::map([
        ("purpose", token.purpose.into()),
        ("code", Data::html(braces(&escape(token.code)))),
        ("certainty", token.certainty.id().into()),
    ])
}

/// Braces as entities: a document that shows a token must not look like a template that was not filled.
fn braces(html: &str) -> String {
    html.replace('{', "&#123;").replace('}', "&#125;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::sample;
    use crate::package::platforms::Platforms;
    use crate::schema::platforms::TOKENS;

    fn platforms() -> Platforms {
        let data = sample::read(include_str!("../../master-templates/platforms.yaml"));
        crate::package::read(&data, "platforms").unwrap()
    }

    #[test]
    fn tokens_are_shown_without_a_raw_brace() {
        for token in email::PLATFORMS.iter().flat_map(|platform| platform.tokens) {
            let code = braces(&escape(token.code));
            assert!(!code.contains(['{', '}', '<']), "{code}");
        }
    }

    #[test]
    fn every_token_has_words() {
        let platforms = platforms();
        for token in email::PLATFORMS.iter().flat_map(|platform| platform.tokens) {
            assert!(TOKENS.iter().any(|(id, _)| *id == token.purpose), "{}", token.purpose);
            assert!(platforms.tokens.contains_key(token.purpose), "{}", token.purpose);
        }
    }

    #[test]
    fn a_platform_without_steps_of_its_own_keeps_its_name() {
        let platforms = platforms();
        let pigeon = described(&platforms.email, "Pigeon Post", []);
        assert_eq!(pigeon.get("name").and_then(Data::as_str), Some("Pigeon Post"));
        assert_eq!((pigeon.get("known"), pigeon.get("id")), (Some(&Data::Bool(false)), Some(&"other".into())));
        assert_eq!(described(&platforms.crm, "salesforce", []).get("known"), Some(&Data::Bool(true)));
    }

    #[test]
    fn what_has_no_steps_is_named_by_its_key() {
        let mut all = platforms();
        let path = |key, id, systems: &[System]| without_steps(key, id, systems).map(|finding| finding.path);
        assert_eq!(path("email", Some("hubspot"), &all.email), None);
        assert_eq!(path("email", Some("pigeon"), &all.email), None);
        // What has tokens is not told by what holds for most.
        all.email.retain(|system| &*system.id != "hubspot");
        assert_eq!(path("email", Some("hubspot"), &all.email), Some("platforms.email[hubspot]".into()));
        all.crm.retain(|system| &*system.id != "other");
        assert_eq!(path("crm", Some("notebook"), &all.crm), Some("partner.platforms.crm".into()));
        all.crm.retain(|system| &*system.id != "none");
        assert_eq!(path("crm", None, &all.crm), Some("platforms.crm[none]".into()));
        all.crm[0].steps.clear();
        assert_eq!(path("crm", Some("salesforce"), &all.crm), Some("platforms.crm[salesforce].steps".into()));
    }

    #[test]
    fn notes_are_sentences() {
        let platforms = platforms();
        for system in platforms.email.iter().chain(&platforms.crm) {
            assert!(!system.steps.is_empty() && !system.checks.is_empty(), "{}", system.id);
            for note in system.steps.iter().chain(&system.checks) {
                assert!(note.text.ends_with('.') && !note.text.contains("{{"), "{}", note.text);
            }
        }
    }
}
