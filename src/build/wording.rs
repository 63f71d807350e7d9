//! Which values that a template names are words of a language, so that they decide in which one it can be made (T4).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::catalog::locales::Locales;
use crate::resolve::tree::Resolved;
use crate::schema::package::legal_entity;

/// Where anything may stand: also ids and addresses, which no schema tells from words.
const FREE: &str = "vars";

/// Names, which are the same in each language.
const NAMES: [&str; 2] = [".name", ".legal.form"];

/// What a person or its address is known by: below `vars`, too.
static KNOWN_BY: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| legal_entity().iter().filter(|field| !field.shape.holds_text()).map(|field| field.name).collect());

/// Whether a leaf is words of a language.
pub fn is_text(root: &str, path: &str, resolved: &Resolved, locales: &Locales) -> bool {
    if !resolved.translated || NAMES.iter().any(|name| path.ends_with(name)) {
        return false;
    }
    let key = path.rsplit('.').next().unwrap_or(path);
    root != FREE
        || (!KNOWN_BY.contains(key)
            && (is_said_again(resolved, locales) || resolved.leaf.source().is_none_or(is_prose)))
}

/// Whether somebody says it in another language.
fn is_said_again(resolved: &Resolved, locales: &Locales) -> bool {
    resolved.hides.iter().any(|other| !locales.same_language(other.locale, resolved.origin.locale))
}

/// Whether it has several words, or is written without blanks.
fn is_prose(text: &str) -> bool {
    let is_unspaced = |c: char| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase();
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic));
    words.count() > 1 || text.contains(is_unspaced)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_addresses_are_no_prose() {
        assert!(["plain", "partners@halvorn.example", "+49 40 1", "Musterkai 12"].iter().all(|text| !is_prose(text)));
        assert!(["Good morning", "おはよう", "صباح الخير"].iter().all(|text| is_prose(text)));
    }

    #[test]
    fn an_address_below_vars_is_known_by_the_keys_of_a_legal_person() {
        assert!(["street", "city", "email", "legal_name"].iter().all(|key| KNOWN_BY.contains(key)));
        assert!(!KNOWN_BY.contains("slogan"));
    }
}
