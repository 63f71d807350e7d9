//! `sales.yaml`.

use super::{Field, Kind, Measure, choice, id, int, keyed, line, map, paragraphs, text, texts, words};

pub fn schema() -> Field {
    let mut fields = conversation();
    fields.extend(written());
    fields.push(labels());
    map("sales", fields, "what a seller says, asks, answers and writes").required()
}

fn conversation() -> Vec<Field> {
    vec![
        keyed(
            "personas",
            [
                text("title", "who it is").required(),
                line("job_role", "the value of the form's `job_role`").required(),
                paragraphs("cares_about", "what success is for them").required(),
                paragraphs("open_with", "the first sentence to them").required(),
                paragraphs("avoid", "what to leave out").required(),
                id("pillar", "an id of `pillars`").required(),
            ],
            "who sits at the other side",
        )
        .required(),
        keyed(
            "track",
            [
                text("title", "its name").required(),
                int("minutes", Measure::Minutes, "how long it takes").required(),
                paragraphs("goal", "what is known at its end").required(),
            ],
            "the steps of the first call; what to say is the block `track/<id>` of the talk track",
        )
        .required(),
        keyed(
            "questions",
            [
                id("pillar", "an id of `pillars`").required(),
                paragraphs("question", "the question").required(),
                paragraphs("why", "what it finds out").required(),
                paragraphs("listen_for", "what to note down").required(),
                id("leads_to", "an id of `offers`").required(),
            ],
            "discovery questions",
        )
        .required(),
        keyed(
            "objections",
            [
                paragraphs("objection", "what they say").required(),
                paragraphs("answer", "what to answer").required(),
                paragraphs("proof", "what to show").required(),
                paragraphs("follow_up", "what to send or ask next").required(),
            ],
            "objections, with an answer each",
        )
        .required(),
        texts("conduct", "how to speak about others in the market"),
    ]
}

fn written() -> Vec<Field> {
    vec![
        keyed(
            "follow_ups",
            [
                text("title", "its name").required(),
                choice("channel", &["email", "linkedin", "call"], "how it reaches the person").required(),
                paragraphs("when", "when to use it").required(),
                words(
                    "after",
                    Kind::Id,
                    "what the lead did: events of the journey, as `talk.asked`; any, unless given",
                ),
                id(
                    "within",
                    "the state of the journey in which it is sent, as `sales.accepted`: it is due in the time of that",
                ),
                id("placement", "an id of `tracking.placements`, whose address stands for `[link]` in the text"),
                text("subject", "the subject line of an email"),
                paragraphs("body", "the text; an empty line separates paragraphs").required(),
                texts("fill_in", "what stands in square brackets, to be filled in by hand"),
            ],
            "messages and calls after the handoff",
        )
        .required(),
        keyed(
            "posts",
            [
                text("title", "its name").required(),
                paragraphs("when", "when it is published, and where").required(),
                id("placement", "an id of `tracking.placements`, whose address stands for `[link]` in the text")
                    .required(),
                id("piece", "the piece of `library` whose text it is: a post, a carousel, a teaser"),
                paragraphs("body", "the text; an empty line separates paragraphs").required(),
                texts("fill_in", "what stands in square brackets, to be filled in by hand"),
            ],
            "what is published on networks, each with its own link",
        ),
        map(
            "lead_context",
            [keyed(
                "columns",
                [
                    text("title", "its heading").required(),
                    choice(
                        "part",
                        &["who", "engaged", "interest", "next-step", "talk-track"],
                        "the question it answers",
                    )
                    .required(),
                    text("source", "where its value comes from").required(),
                    text("sample", "its value in the sample row").required(),
                ],
                "columns of the report",
            )
            .required()],
            "the report that goes to the seller with each lead",
        )
        .required(),
    ]
}

/// What the files for sellers are labelled with. A label stands before what it is about.
fn labels() -> Field {
    let all = |name, items: &[(&'static str, &'static str)], doc| {
        map(name, items.iter().map(|(name, doc)| text(name, doc).required()), doc).required()
    };
    let channels = [("email", "an email"), ("linkedin", "a message on LinkedIn"), ("call", "a call on the telephone")];
    let parts = [
        ("who", "who it is"),
        ("engaged", "what the lead engaged with"),
        ("interest", "what it is interested in"),
        ("next-step", "what comes next"),
        ("talk-track", "how to begin"),
    ];
    map(
        "words",
        [
            all("channels", &channels, "channels, by their ids"),
            all("parts", &parts, "parts of the lead-context report, by their ids"),
            text("when", "when a text is used").required(),
            all("within", &[("hours", "in business hours"), ("days", "in working days")], "until when, by its unit"),
            text("from", "that a time counts from the one the lead named").required(),
            text("fill_in", "what is filled in by hand").required(),
            text("subject", "the subject of an email").required(),
            text("colon", "stands behind a label").required(),
            text("comma", "stands between what is told in a row").required(),
        ],
        "what the files for sellers are labelled with",
    )
    .required()
}
