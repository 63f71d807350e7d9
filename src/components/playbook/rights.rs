//! What policy leaves to the partner.

use crate::data::{Data, DataMap};

/// What policy leaves to the partner: `policy` at the root is a list of {path, roles: {role:
/// [operations]}, reason}. Without one nothing is listed, because everything is fixed by default.
pub fn rights(data: &DataMap) -> Data {
    let rules = data.get("policy").map(Data::items).unwrap_or_default();
    Data::list(rules.iter().filter_map(|rule| {
        let operations = rule.at("roles.partner").map(Data::items).filter(|list| !list.is_empty())?;
        let path = rule.get("path")?.as_str()?;
        Some(Data::map([
            ("path", path.into()),
            ("words", words(path).into()),
            ("operations", Data::list(operations.iter().cloned())),
            ("reason", rule.get("reason").cloned().unwrap_or_default()),
        ]))
    }))
}

/// A path as a key: `content-landing-md-spotlight`.
fn words(path: &str) -> String {
    let words = path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_what_a_partner_may_touch_and_nothing_else() {
        let words = |words: &[&str]| Data::list(words.iter().map(|&word| word.into()));
        let rule = |path: &str, role: &str, operations: &[&str]| {
            Data::map([("path", path.into()), ("roles", Data::map([(role, words(operations))]))])
        };
        let policy =
            Data::list([rule("region.**", "region", &["set-var"]), rule("partner.**", "partner", &["set-var"])]);
        let data: DataMap = [("policy".into(), policy)].into_iter().collect();
        let rights = rights(&data);
        assert_eq!(rights.items().len(), 1);
        assert_eq!(rights.items()[0].get("path").and_then(Data::as_str), Some("partner.**"));
        assert_eq!(rights.items()[0].get("operations").unwrap().items()[0].as_str(), Some("set-var"));
        assert_eq!(super::rights(&DataMap::default()).items().len(), 0);
    }

    #[test]
    fn a_path_is_a_key_by_its_words() {
        assert_eq!(super::words("content/landing.md#pillars/*"), "content-landing-md-pillars");
        assert_eq!(super::words("journey.machines[*].states[*].within"), "journey-machines-states-within");
    }
}
