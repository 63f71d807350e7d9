//! `nurture.yaml`.

use super::platforms::depends;
use super::{Field, Kind, Measure, file, id, int, keyed, kind, map, paragraphs, text, words};

pub fn schema() -> Field {
    let cta = [text("label", "the words on the button"), id("link", "an id of `tracking.links`").required()];
    map(
        "nurture",
        [
            map(
                "sequence",
                [text("name", "what the sequence is called"), paragraphs("goal", "what it is for")],
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
                    file("html", "template of the HTML part").required(),
                    file("text", "template of the text part").required(),
                ],
                "the email templates, below `templates/`",
            )
            .required(),
            keyed(
                "emails",
                [
                    int("day", Measure::Day, "calendar days after what starts it: its request, or its sequence")
                        .required(),
                    paragraphs("goal", "what this email is for"),
                    id("pillar", "an id of `pillars`"),
                    id("asset", "an id of `library`"),
                    text("subject", "the subject line, 60 characters at most").required(),
                    text("preheader", "what mail clients show beside the subject, 40 to 90 characters").required(),
                    file("content", "the Markdown file with its blocks").required(),
                    file("template", "another HTML template than the sequence's"),
                    id("in", "the sequence it belongs to, an id of `journey.sequences`"),
                    id("for", "the request it fulfils or follows from, an id of `journey.requests`"),
                    words(
                        "confirms",
                        Kind::Id,
                        "the purposes whose permission it asks to confirm, ids of `journey.purposes`",
                    ),
                    map("cta", cta, "the button").required(),
                ]
                .into_iter()
                .chain(depends()),
                "the emails, in order",
            )
            .required(),
        ],
        "the nurture sequence",
    )
    .required()
}
