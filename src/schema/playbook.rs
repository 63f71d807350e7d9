//! `playbook.yaml`.

use super::{Field, Measure, choice, flag, id, int, keyed, map, paragraphs, text, texts};

pub fn schema() -> Field {
    let [keeps, capability, sends] = super::journey::conditions();
    let calendar = [
        choice(
            "from",
            &["release", "start", "end", "activity"],
            "what days count from; `start` unless given, and with `activity` the first day of the one that it is `for`",
        ),
        int("day", Measure::Day, "working days after that, negative before").required(),
        flag("weekly", "whether it repeats every week until the period ends"),
        int("minutes", Measure::Minutes, "how many minutes it takes each week, where it is weekly"),
        id(
            "for",
            "the activity of `proof.activities` that it prepares, holds or follows: its approval is asked for before",
        ),
        flag("approves", "whether the plan of all activities is approved there, where the fund approves it once"),
        keeps,
        capability,
        sends,
        flag("handed", "whether it is only there where the partner gets the record of a lead"),
        text("title", "what happens").required(),
        paragraphs("detail", "how").required(),
        choice("owner", &["hq", "region", "partner"], "who does it").required(),
    ];
    let capabilities = [
        text("title", "what it is called").required(),
        paragraphs("summary", "what it means").required(),
        texts("automated", "what runs by itself"),
        texts("partner", "what the partner does"),
        texts("vendor", "what the vendor does for the partner"),
        choice("sends", &["partner", "vendor"], "from whose platform the series goes out"),
        paragraphs("leads", "where leads live until they are ready for sales").required(),
    ];
    let phases = [
        text("title", "what it is about").required(),
        int("first_day", Measure::Day, "first working day after launch, which is 0").required(),
        int("last_day", Measure::Day, "last working day").required(),
        texts("actions", "what is done").required(),
        paragraphs("done", "how one sees that it is finished").required(),
    ];
    map(
        "playbook",
        [
            keyed("calendar", calendar, "what happens when"),
            keyed("capabilities", capabilities, "who does what; the ids are `full`, `email-only` and `none`"),
            keyed("phases", phases, "the first thirty days"),
            map(
                "words",
                [
                    text("approval", "that approval of an activity is asked for; its title follows").required(),
                    paragraphs("approval_detail", "why").required(),
                    text("claim", "that the claim is handed in").required(),
                    paragraphs("claim_detail", "until when, and with what; its name follows").required(),
                    map(
                        "owners",
                        ["hq", "region", "partner"].map(|owner| text(owner, "its name in the calendar").required()),
                        "who does something",
                    )
                    .required(),
                    text("colon", "stands behind a label").required(),
                ],
                "what the calendar is told with, beside its items",
            )
            .required(),
        ],
        "what a partner does, and when",
    )
}
