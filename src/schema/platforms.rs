//! `platforms.yaml`: what people do in email platforms, CRMs and what counts visits.

use super::{Field, choice, keyed, line, map, paragraphs, text};

/// What an email has its platform fill in, by ids that [`crate::profiles::email`] uses.
pub const TOKENS: [(&str, &str); 8] = [
    ("first-name", "the reader's first name"),
    ("unsubscribe", "the link by which the reader takes permission back"),
    ("address", "the sender's whole postal address"),
    ("company", "the sender's company"),
    ("business", "the sender's business"),
    ("street", "the sender's street"),
    ("city", "the sender's city"),
    ("place", "the sender's city, state, postal code and country"),
];

/// How sure one can be of a sentence on somebody else's system.
pub const SURE: &[&str] = &["verified", "second-hand", "unverified"];

fn notes(name: &'static str, doc: &'static str) -> Field {
    let sure =
        choice("sure", SURE, "read in the owner's documentation, reported by people who work with it, or neither");
    keyed(name, [paragraphs("text", "one sentence").required(), sure.required()], doc)
}

fn systems(name: &'static str, doc: &'static str) -> Field {
    let fields = [
        line("name", "what it is called").required(),
        notes("steps", "what is done there, in order").required(),
        notes("checks", "what goes wrong most often"),
    ];
    keyed(name, fields, doc)
}

/// How the table of statuses is read, by what stands in it.
pub const READING: [(&str, &str); 6] = [
    ("none", "what `none` means"),
    ("kept", "what `kept` means"),
    ("back", "whether a word may follow one that is further on"),
    ("anew", "whether a new conversation has a record of its own"),
    ("closed", "when a word is set that closes something"),
    ("rank", "how a member's status rises"),
];

fn cosell() -> Field {
    let words = [text("rule", "what may stand there").required(), line("example", "something that may").required()];
    let fields = [
        line("name", "what it is called").required(),
        keyed("words", words, "what is still to be put into the payload, by the words that stand for it").required(),
    ];
    keyed("cosell", fields, "what payloads are explained with, by the words of `partner.platforms.cosell`")
}

pub fn schema() -> Field {
    let tokens = TOKENS.iter().map(|(name, doc)| text(name, doc).required());
    let reading = READING.iter().map(|(name, doc)| text(name, doc).required());
    let of =
        "by the words of `partner.platforms`; `other` is for what has none of its own, `none` for partners without one";
    map(
        "platforms",
        [
            map("tokens", tokens, "what an email has its platform fill in, as people read it").required(),
            systems("email", of),
            systems("crm", of),
            systems("analytics", "by the words of `tracking.analytics.profile`"),
            cosell(),
            map("statuses", reading, "how the table of statuses is read"),
        ],
        "what people do in email platforms, CRMs and what counts visits",
    )
}
