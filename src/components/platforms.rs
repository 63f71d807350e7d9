//! Profiles of platforms as documents see them.

use crate::data::Data;
use crate::encode::html::escape;
use crate::profiles::{Note, crm, email};

/// `{id, name, known, steps, checks, tokens}` of an email platform. For one without a profile `known` is
/// false, and the steps are what holds for most.
pub fn email_platform(id: &str) -> Data {
    let platform = email::platform(id);
    let known = platform.id == id;
    Data::map([
        ("id", platform.id.into()),
        ("name", if known { platform.name.into() } else { id.into() }),
        ("known", known.into()),
        ("steps", notes(platform.steps)),
        ("checks", notes(platform.checks)),
        ("tokens", Data::list(platform.tokens.iter().map(token))),
    ])
}

/// The same of a CRM, which has no tokens.
pub fn crm_system(id: &str) -> Data {
    let system = crm::system(id);
    let known = system.id == id;
    Data::map([
        ("id", system.id.into()),
        ("name", if known { system.name.into() } else { id.into() }),
        ("known", known.into()),
        ("steps", notes(system.steps)),
        ("checks", notes(system.checks)),
    ])
}

fn notes(notes: &[Note]) -> Data {
    Data::list(
        notes.iter().map(|note| Data::map([("text", note.text.into()), ("certainty", note.certainty.id().into())])),
    )
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

    #[test]
    fn tokens_are_shown_without_a_raw_brace() {
        for id in ["hubspot", "marketo", "account-engagement", "braze", "brevo"] {
            let platform = email_platform(id);
            for token in platform.at("tokens").unwrap().items() {
                let code = token.get("code").and_then(Data::as_str).unwrap();
                assert!(!code.contains(['{', '}', '<']), "{code}");
            }
        }
    }

    #[test]
    fn a_platform_without_a_profile_keeps_its_name() {
        let platform = email_platform("Pigeon Post");
        assert_eq!(platform.get("name").and_then(Data::as_str), Some("Pigeon Post"));
        assert_eq!(platform.get("known"), Some(&Data::Bool(false)));
        assert_eq!(crm_system("salesforce").get("known"), Some(&Data::Bool(true)));
    }
}
