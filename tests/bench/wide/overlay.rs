//! What a partner's own folder holds besides its record: its words, in each of its languages, and its logo.

use super::draw::{Partner, Tier, Voice};
use super::record;
use super::words::Words;

/// The files below the partner's folder; none for a partner whose row says it all.
pub fn files(partner: &Partner) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut put = |path: &str, text: String| files.push((path.to_owned(), text));
    if let Some(record) = record::yaml(partner) {
        put("partner.yaml", record);
    }
    if partner.logo {
        put("assets/logo.svg", record::logo(partner));
    }
    if partner.voice == Voice::Silent {
        return files;
    }
    for (path, text) in own_words(partner) {
        put(path, text);
    }
    for locale in partner.other_locales() {
        put(&format!("locales/{locale}/partner.yaml"), record::translated(partner));
        for (path, text) in translated_words(partner, locale) {
            put(&format!("locales/{locale}/{path}"), text);
        }
    }
    files
}

/// As operations on the master's blocks. Half of the named partners put another pillar first.
fn own_words(partner: &Partner) -> Vec<(&'static str, String)> {
    let words = Words::of(partner, partner.locale());
    let moved = partner.tier != Tier::Many && partner.luck.is_multiple_of(2);
    let order = if moved { "<!-- move: pillars/evidence first -->\n\n" } else { "" };
    let replaced = |block: &str, text: &str| {
        format!("<!-- replace-body: {block} -->\n{}\n<!-- /replace-body -->\n", text.trim_end())
    };
    let mut files = vec![("content/landing.md", order.to_owned() + &replaced("spotlight", &words.spotlight()))];
    if partner.tier == Tier::One {
        files.push(("content/emails/welcome.md", replaced("intro", words.intro())));
        files.push(("content/emails/session.md", replaced("close", words.close())));
    }
    files
}

/// As the same blocks in another language.
fn translated_words(partner: &Partner, locale: &str) -> Vec<(&'static str, String)> {
    let words = Words::of(partner, locale);
    let block = |block: &str, text: &str| format!("<!-- block: {block} -->\n\n{}\n<!-- /block -->\n", text.trim_end());
    let mut files = vec![("content/landing.md", block("spotlight", &words.spotlight()))];
    if partner.tier == Tier::One {
        files.push(("content/emails/welcome.md", block("intro", words.intro())));
        files.push(("content/emails/session.md", block("close", words.close())));
    }
    files
}
