//! `platforms.yaml`: what people do in email platforms, CRMs and what counts visits.

use super::{Field, Shape, choice, field, keyed, line, map, paragraphs, text};

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

/// What a platform may be able to do (W3).
pub const ABILITIES: &[&str] = &["gate", "wait", "confirm", "sift", "hear", "clock"];

/// Those that are a CRM's; the rest are an email platform's.
pub const ABILITIES_OF_CRM: &[&str] = &["clock"];

const ABLE_CRM: [(&str, &str); 1] = [(
    "clock",
    "starts a clock when somebody comes to owe something, and tells whoever takes over when it has run out",
)];

const ABLE: [(&str, &str); 5] = [
    ("gate", "asks right before each email whether it may still go out"),
    ("wait", "waits so many days before each email"),
    ("confirm", "asks by an email to confirm a permission, and hears that it was"),
    ("sift", "tells clicks of people from those of programs"),
    ("hear", "hears of replies to what it sends"),
];

/// What a platform has to do for something that cannot be left out.
pub fn needs() -> Field {
    let [needs, _] = depends();
    needs
}

/// What something depends on that a platform does: it fails without what it needs, and is left out without what it takes.
pub fn depends() -> [Field; 2] {
    let abilities = || Shape::List(Box::new(Shape::Choice(ABILITIES)));
    [
        field("needs", abilities(), "what the platform has to do for it: without, or somebody in its place, it fails"),
        field(
            "takes",
            abilities(),
            "what the platform has to do for it: without, or somebody in its place, it is left out",
        ),
    ]
}

/// How sure one can be of a sentence on somebody else's system.
pub const SURE: &[&str] = &["verified", "second-hand", "unverified"];

fn notes(name: &'static str, doc: &'static str) -> Field {
    let sure =
        choice("sure", SURE, "read in the owner's documentation, reported by people who work with it, or neither");
    keyed(name, [paragraphs("text", "one sentence").required(), sure.required()], doc)
}

fn system() -> [Field; 3] {
    [
        line("name", "what it is called").required(),
        notes("steps", "what is done there, in order").required(),
        notes("checks", "what goes wrong most often"),
    ]
}

fn systems(name: &'static str, doc: &'static str) -> Field {
    keyed(name, system(), doc)
}

fn able(name: &'static str, able: &[(&'static str, &'static str)], doc: &'static str) -> Field {
    let able: Vec<Field> = able.iter().map(|(name, doc)| choice(name, SURE, doc)).collect();
    let can = map("can", able, "what it does by itself, each with how sure that is; nothing unless given");
    keyed(name, system().into_iter().chain([can]), doc)
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
            able("email", &ABLE, of),
            able("crm", &ABLE_CRM, of),
            systems("analytics", "by the words of `tracking.analytics.profile`"),
            cosell(),
            map("statuses", reading, "how the table of statuses is read"),
        ],
        "what people do in email platforms, CRMs and what counts visits",
    )
}
