//! `nurture.yaml`.

use super::{Field, Kind, int, keyed, kind, map, text, word, words};

pub fn schema() -> Field {
    let cta = [text("label", "the words on the button"), word("link", "an id of `tracking.links`").required()];
    map(
        "nurture",
        [
            map(
                "sequence",
                [text("name", "what the sequence is called"), text("goal", "what it is for")],
                "the sequence",
            ),
            map(
                "sender",
                [
                    text("name", "the name in From").required(),
                    kind("email", Kind::Email, "the address in From").required(),
                ],
                "who the emails come from",
            ),
            map(
                "templates",
                [
                    word("html", "template of the HTML part").required(),
                    word("text", "template of the text part").required(),
                ],
                "the email templates, below `templates/`",
            )
            .required(),
            keyed(
                "exits",
                [text("when", "what happened"), text("then", "what follows")],
                "when a person leaves the sequence",
            ),
            keyed(
                "emails",
                [
                    int("day", "calendar days after the trigger").required(),
                    word("trigger", "the event that starts the clock").required(),
                    text("goal", "what this email is for"),
                    word("pillar", "an id of `pillars`"),
                    word("asset", "an id of `library`"),
                    text("subject", "the subject line, 60 characters at most").required(),
                    text("preheader", "what mail clients show beside the subject, 40 to 90 characters").required(),
                    word("content", "the Markdown file with its blocks").required(),
                    word("template", "another HTML template than the sequence's"),
                    word("in", "the sequence it belongs to, an id of `journey.sequences`"),
                    word("for", "the request it fulfils or follows from, an id of `journey.requests`"),
                    words("confirms", "the purposes whose permission it asks to confirm, ids of `journey.purposes`"),
                    map("cta", cta, "the button").required(),
                ],
                "the emails, in order",
            )
            .required(),
        ],
        "the nurture sequence",
    )
    .required()
}
