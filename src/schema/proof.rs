//! `proof.yaml`.

use super::{
    Field, Kind, Measure, Shape, choice, field, flag, id, int, keyed, kind, line, map, number, open, paragraphs, set,
    text, texts, words,
};

pub fn schema() -> Field {
    map(
        "proof",
        [fund(), metrics(), activities(), evidence(), attestation(), called()],
        "what is claimed and how it is proved",
    )
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
            choice(
                "approval",
                &["each", "plan", "none"],
                "what is approved before its cost is paid: `each` activity before it begins, unless given; the `plan` of all of them, once; or `none`",
            ),
            number("reimbursed_percent", Measure::Percent, "how much of the cost is paid back").required(),
            kind("currency", Kind::Currency, "what claims are paid in (ISO 4217); the region's where it is not given"),
            number(
                "budget",
                Measure::Count,
                "the cost that is planned for a partner, over all of its packages; without it no amounts are planned",
            ),
            number("cap", Measure::Count, "the most that a claim pays, after the share"),
            choice(
                "tax_basis",
                &["net", "gross", "net_if_recoverable"],
                "what of an invoice is paid for; `net_if_recoverable`: all but the tax that the partner gets back",
            )
            .required(),
            exchange(),
            field(
                "dates_within",
                Shape::List(Box::new(Shape::Choice(&["invoice", "service", "payment"]))),
                "which dates of a cost must lie within the period",
            )
            .required(),
            line("contact", "who answers questions on claims"),
        ],
        "the fund that pays",
    )
    .required()
}

fn exchange() -> Field {
    let days = &["invoice", "payment", "approval", "claim", "month_average"];
    map(
        "exchange",
        [
            line("source", "whose rates count: `European Central Bank, reference rates`").required(),
            choice("date", days, "the day whose rate counts").required(),
        ],
        "how amounts in other currencies are converted",
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
            id("within", "the metric that it is a part of: no part is planned to be more than the whole"),
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
            event(),
            number("budget", Measure::Percent, "its part of the budget, in percent; all add up to 100").required(),
            words(
                "once",
                Kind::Id,
                "the axes for each of whose values it takes place once, and is claimed once: `[motion, region]`; `[]` is once for \
                 the partner, and without the key it takes place in each package by itself",
            ),
            open(
                "capacity",
                Shape::Number(Measure::Count),
                "the most of a metric that it has room for each time that it takes place: seats, the contacts of a list",
            ),
            number("cap", Measure::Count, "the most that is paid back of its cost, over all packages that it is once for"),
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

fn event() -> Field {
    map(
        "event",
        [
            kind("hours", Kind::Opening, "from when until when, such as `18:00-20:00`").required(),
            kind("zone", Kind::TimeZone, "the time zone of these hours; the region's unless given"),
            int("seats", Measure::Count, "how many it has room for"),
            text("place", "where it is"),
        ],
        "what takes place at a time of day, on the first day; it stands in the calendar",
    )
}

fn evidence() -> Field {
    let items = [
        text("title", "what it is").required(),
        choice("shows", &["cost", "performance"], "whether it shows what was spent or what was done").required(),
        id("file", "the extension of the file: `pdf`, `csv`, `png`").required(),
        flag("optional", "whether a claim is complete without it"),
        int(
            "due_days",
            Measure::Days,
            "calendar days after the activity's last day, by which it is filed; until the claim unless given",
        ),
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

fn called() -> Field {
    keyed(
        "words",
        [text("title", "its name").required(), paragraphs("note", "what is said beside it")],
        "what the papers of the claim call their sheets, lines and columns, by the names these have in the tables, with `-`",
    )
}
