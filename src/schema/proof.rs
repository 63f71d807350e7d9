//! `proof.yaml`.

use super::{
    Field, Measure, Shape, choice, flag, id, int, keyed, line, map, number, open, paragraphs, set, text, texts,
};

pub fn schema() -> Field {
    map("proof", [fund(), metrics(), activities(), evidence(), attestation()], "what is claimed and how it is proved")
        .required()
}

fn fund() -> Field {
    let from = choice(
        "from",
        &["activity_end", "usage_period_end", "quarter_end"],
        "the end of the activity, of the period, or of the quarter",
    );
    let due = [from.required(), int("days", Measure::Days, "calendar days after that").required()];
    map(
        "fund",
        [
            text("name", "what it is called").required(),
            id("profile", "a built-in profile for what is not given here: `standard`, `microsoft`, `aws`").required(),
            map("claim_due", due, "when a claim is due"),
            int(
                "approval_lead_days",
                Measure::Days,
                "calendar days before an activity by which its approval is asked for",
            ),
            int("retention_months", Measure::Months, "how long originals are kept"),
            number("reimbursed_percent", Measure::Percent, "how much of the approved cost is paid back"),
            line("contact", "who answers questions on claims"),
        ],
        "the fund that pays",
    )
    .required()
}

fn metrics() -> Field {
    keyed(
        "metrics",
        [
            text("title", "its name").required(),
            paragraphs("meaning", "what is counted, and where").required(),
            number("plan", Measure::Count, "what a partner plans over all of its packages; its `goals` come first")
                .required(),
            choice(
                "counted",
                super::analytics::EVENTS,
                "the event of the pages that it counts; where nothing does (`tracking.analytics`), it is left out",
            ),
        ],
        "what is planned, measured and claimed: the same in every deployment",
    )
    .required()
}

fn activities() -> Field {
    keyed(
        "activities",
        [
            id("kind", "an id of `evidence`").required(),
            text("title", "its name").required(),
            paragraphs("audience", "whom it is meant to reach").required(),
            int("first_day", Measure::Day, "first working day after launch, which is 0").required(),
            int("last_day", Measure::Day, "last working day").required(),
            number("budget", Measure::Percent, "its part of the budget, in percent; all add up to 100").required(),
            open(
                "share",
                Shape::Number(Measure::Percent),
                "its part of each metric's plan, in percent; all add up to 100",
            ),
            set("placements", "ids of `tracking.placements` whose numbers count for it"),
            flag("emails", "whether the links in the emails count for it"),
        ],
        "what costs money and is claimed",
    )
    .required()
}

fn evidence() -> Field {
    let items = [
        text("title", "what it is").required(),
        choice("shows", &["cost", "performance"], "whether it shows what was spent or what was done").required(),
        id("file", "the extension of the file: `pdf`, `csv`, `png`").required(),
        flag("optional", "whether a claim is complete without it"),
    ];
    keyed(
        "evidence",
        [text("title", "its name").required(), keyed("items", items, "the files, in order").required()],
        "by kind of activity: what it is proved with",
    )
    .required()
}

fn attestation() -> Field {
    texts("attestation", "what the partner signs")
}
