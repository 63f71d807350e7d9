//! `qualification.yaml`.

use super::journey::called;
use super::platforms::depends;
use super::{
    Field, Kind, Measure, Shape, choice, flag, id, int, keyed, line, list, map, open, paragraphs, set, text, texts,
    words,
};

const GROUNDS: &[&str] = &["permission", "conversation", "none"];
const HANDS: &[&str] = &["lead", "page", "platform", "person"];
const HALVES: &[&str] = &["fit", "engagement"];
const STAGES: &[&str] = &["disqualified", "nurture", "mql", "sql"];
pub const EVENTS: [&str; 7] =
    ["form-submit", "email-click", "page-view", "email-reply", "opt-out", "bounce", "recorded"];

pub fn schema() -> Field {
    let mut fields = scoring();
    fields.extend(outcome());
    fields.extend(promises());
    fields.push(test_leads());
    map("qualification", fields, "who counts as ready for sales, and who takes over when").required()
}

fn when() -> Field {
    map(
        "when",
        [
            id("field", "an id of `fields`"),
            choice("op", &["is", "is-not", "domain-in"], "how the field is compared; `is` unless given"),
            set("values", "the values it is compared with"),
            choice("event", &EVENTS, "what happened"),
            line("target", "a request's id, an email's id, a page's id, or what was recorded"),
            int("inactive_days", Measure::Days, "days without any event"),
        ],
        "the condition: `field` with `values`, `event` with `target`, or `inactive_days`",
    )
    .required()
}

fn scoring() -> Vec<Field> {
    vec![
        keyed(
            "fields",
            [
                text("title", "its name").required(),
                choice("source", &["form", "record"], "who knows it: the landing page's form, or a CRM").required(),
                set("values", "the values it may have; none for free text"),
            ],
            "what fit is judged by",
        )
        .required(),
        keyed(
            "groups",
            [
                choice("kind", HALVES, "the half of the score").required(),
                text("title", "its name").required(),
                int("cap", Measure::Points, "the most points the group counts").required(),
            ],
            "signals that count together, up to a cap",
        )
        .required(),
        keyed(
            "signals",
            [
                text("title", "what it says about a person").required(),
                id("group", "an id of `groups`").required(),
                int("points", Measure::Points, "the points it adds").required(),
                when(),
                int("max_times", Measure::Times, "how often an event counts; once unless given"),
                int("window_days", Measure::Days, "events older than this do not count"),
                int("decay_pct_per_month", Measure::Percent, "percent of the points lost with each full 30 days"),
            ]
            .into_iter()
            .chain(depends()),
            "what adds points",
        )
        .required(),
        keyed(
            "negatives",
            [
                text("title", "what it says about a person").required(),
                choice("kind", HALVES, "the half of the score").required(),
                int("points", Measure::Points, "the points it takes away, as a positive number").required(),
                when(),
            ],
            "what takes points away, after the caps",
        ),
        keyed(
            "disqualify",
            [
                text("title", "what it says about a person").required(),
                when(),
                paragraphs("then", "what happens with the contact").required(),
            ],
            "what ends qualification whatever the score",
        ),
    ]
}

fn outcome() -> Vec<Field> {
    let band =
        || [text("title", "its name").required(), int("min", Measure::Points, "the points it begins at").required()];
    vec![
        map(
            "bands",
            [
                keyed("fit", band(), "bands of fit, best first").required(),
                keyed("engagement", band(), "bands of engagement, best first").required(),
            ],
            "how each half of the score is cut",
        )
        .required(),
        map(
            "thresholds",
            [
                int("mql", Measure::Points, "marketing-qualified").required(),
                int("sql", Measure::Points, "sales-ready").required(),
            ],
            "the points in total that a stage takes",
        )
        .required(),
        open("matrix", Shape::Choice(STAGES), "the stage of each combination of bands, such as `A1`").required(),
        keyed(
            "stages",
            [
                text("title", "its name").required(),
                paragraphs("meaning", "what it says of a lead").required(),
                paragraphs("next", "what happens next").required(),
                called(),
            ],
            "the stages in words; their ids are fixed",
        )
        .required(),
    ]
}

fn promises() -> Vec<Field> {
    vec![
        keyed(
            "owners",
            [
                text("title", "its name").required(),
                choice("role", &["hq", "region", "partner"], "the role it belongs to").required(),
                text("contact", "who answers").required(),
            ],
            "who a lead can be given to",
        )
        .required(),
        keyed(
            "routing",
            [
                text("title", "the rule in words").required(),
                int("priority", Measure::Order, "the lowest number that matches wins").required(),
                map(
                    "when",
                    [
                        set("stages", "ids of `stages`; none: all"),
                        set("fit", "ids of `bands.fit`; none: all"),
                        set("capability", "what the partner can do itself; none: all"),
                        set("missing", "fields that are empty"),
                        set("unpermitted", "ids of `journey.purposes` whose permission is not given"),
                        set("requested", "ids of `journey.requests`, one of which was made; none: all"),
                    ],
                    "which leads it takes",
                )
                .required(),
                id("enters", "the state of the journey that a lead enters with it, as `sales.offered`: it says who owes what until when"),
                id("to", "an id of `owners`, where nobody owes anything for it; in place of `enters`"),
            ],
            "who takes over",
        )
        .required(),
        map(
            "handoff",
            [
                texts("criteria", "what must hold before a lead is handed over").required(),
                id("status_to", "who gets the status file back, an id of `qualification.owners`"),
                keyed(
                    "record",
                    [
                        text("title", "its name").required(),
                        text("source", "where its value comes from").required(),
                        flag("required", "whether a lead may not go over without it"),
                        words("holds", Kind::Id, "the fields of the journey's record that it is made of; none for a field of its own"),
                        choice(
                            "ground",
                            GROUNDS,
                            "why it may go over, where it is a field of its own: on the `permission` of whoever gets it, since it tells what a lead did; as the lead says it in a `conversation` to whoever fills it in; or `none` is needed, since it says no more of the lead than the record does",
                        ),
                        choice("by", HANDS, "who fills it in, where it is a field of its own; a person unless given"),
                    ],
                    "what goes over with a lead",
                )
                .required(),
            ],
            "the handoff",
        )
        .required(),
        keyed(
            "feedback",
            [
                text("title", "its name").required(),
                paragraphs("meaning", "what it says").required(),
                id("ends", "the state of the journey that ends with it, as `sales.offered`: it is due in the time of that"),
                int("due_days", Measure::Days, "working days after the status before, where the journey tells of it no more; in place of `ends`"),
                words(
                    "after",
                    Kind::Id,
                    "what a status without `ends` may follow: states, as `sales.agreed`, and other such statuses; any state of rest unless given",
                ),
                paragraphs("next", "what follows").required(),
                called(),
            ],
            "what the partner answers about a lead",
        )
        .required(),
    ]
}

fn test_leads() -> Field {
    keyed(
        "test_leads",
        [
            text("title", "who it is").required(),
            paragraphs("story", "what happened, in a sentence"),
            map(
                "lead",
                [
                    open("fields", Shape::Kind(Kind::Line), "values by field id"),
                    list(
                        "events",
                        [
                            choice("event", &EVENTS, "what happened").required(),
                            line("target", "an email's id, a page's id, or what was recorded"),
                            int("days_ago", Measure::Days, "days before the day of scoring").required(),
                        ],
                        "what the person did",
                    ),
                ],
                "the lead",
            )
            .required(),
            choice("expect", STAGES, "the stage it must reach in every deployment"),
        ],
        "sample leads with what they must score",
    )
    .required()
}
