//! `journey.yaml`: what a lead can ask for, what follows, and who owes what when.

pub mod nodes;
mod words;

use super::platforms::{ABILITIES, depends, needs};
use super::{
    Field, Kind, Measure, Shape, choice, field, file, flag, id, int, keyed, kind, map, open, paragraphs, text, words,
};

pub use words::RULES;

fn lists_of_ids(name: &'static str, doc: &'static str) -> Field {
    open(name, Shape::List(Box::new(Shape::Kind(Kind::Id))), doc)
}

/// What somebody's week is made of; `journey.load` says it of what says none.
fn minutes(doc: &'static str) -> Field {
    int("minutes", Measure::Minutes, doc)
}

fn request() -> Vec<Field> {
    vec![
        text("label", "the words on its buttons").required(),
        id("page", "the document with its form, an id of `documents`").required(),
        id("gives", "what a lead gets for it, an id of `library`"),
        flag("calls", "whether who asks for it wants to be called"),
        id("answer", "the email that answers it, an id of `nurture.emails`").required(),
        id("then", "the page after the form, an id of `documents`").required(),
        id("status", "the member status it sets, an id of `tracking.member_statuses`").required(),
        words("form", Kind::Id, "the fields of its form").required(),
        words("asks", Kind::Id, "the purposes that its form asks permission for"),
        minutes("how many minutes a week it takes to answer it by hand, where it comes by email"),
    ]
}

/// Who keeps leads, and what is said of it. Controller, address of forms, routes and texts follow from it.
fn leads() -> Vec<Field> {
    vec![
        words("capability", Kind::Id, "of partners with one of these; of any unless given"),
        words("tier", Kind::Id, "of partners in one of these tiers; of any unless given"),
        words("region", Kind::Id, "in one of these regions; in any unless given"),
        choice("keeps", KEEPS, "who receives forms and keeps what comes").required(),
        paragraphs("privacy", "what readers of the privacy notice are told of it"),
        paragraphs("partner", "what the partner is told of it"),
    ]
}

/// Who may keep leads.
pub const KEEPS: &[&str] = &["vendor", "partner", "vendor-until-sales-ready"];

fn channels(name: &'static str, doc: &'static str) -> Field {
    field(name, Shape::List(Box::new(Shape::Choice(&["phone", "email"]))), doc)
}

fn state() -> Vec<Field> {
    vec![
        id("who", "who owes something here, an id of `qualification.owners`; nobody at rest"),
        id(
            "deputy",
            "who owes it where `who` may not have the lead, as whoever keeps it may; an id of `qualification.owners`",
        ),
        text("title", "what is owed here, or where the lead stands, as people read it"),
        kind("within", Kind::Within, "how long until it is late, by the calendar of whoever owes it"),
        minutes("how many minutes a week it takes whoever owes it"),
        id("from", "the field with a time that the lead named; where there is one, `within` counts from it"),
        id("record", "what is handed over on the way in, an id of `journey.records`"),
        channels(
            "contact",
            "the channels by which the lead is contacted here, each where it asked for it or allowed it",
        ),
        id("sends", "the email that goes out on the way in, an id of `nurture.emails`"),
        words("same", Kind::Id, "events of the machine that change nothing here"),
        open("to", Shape::Kind(Kind::Id), "the state that follows on each event"),
        called(),
    ]
}

/// What a stage, a state or a status is called elsewhere (J15).
pub fn called() -> Field {
    let doc = "what it is called in each of `journey.systems`, by its id; `none` where there is nothing yet, `kept` where what stands there stays";
    open("called", Shape::Kind(Kind::Status), doc)
}

/// Systems of others that keep a status.
fn systems() -> Field {
    let fields = [
        words("values", Kind::Status, "its words, where each organization has its own"),
        words(
            "locked",
            Kind::Status,
            "those of `values` after which no other may be set: of a lead that was converted",
        ),
        words("retired", Kind::Status, "words that were used once and must not come to mean anything else"),
    ];
    keyed("systems", fields, "where stages, states and statuses have other names, by ids that the program knows")
}

/// By which an item is there for some deployments only: how leads are kept, what the partner can, who sends the series.
pub fn conditions() -> [Field; 3] {
    [
        words("keeps", Kind::Id, "only where leads are kept so; however they are kept unless given"),
        words("capability", Kind::Id, "only of partners with one of these; of any unless given"),
        words("sends", Kind::Id, "only where this side sends the series; whoever does unless given"),
    ]
}

pub fn schema() -> Field {
    let [keeps, capability, sends] = conditions();
    map(
        "journey",
        [
            keyed(
                "purposes",
                [
                    text("title", "whose emails about what, as people read it"),
                    choice("controller", &["partner", "vendor"], "who answers for it").required(),
                    channels(
                        "channels",
                        "how a lead that gives it may be contacted, as its text says; by email unless given",
                    ),
                    map(
                        "unused",
                        [paragraphs("why", "the reason").required(), id("owner", "who knows of it").required()],
                        "why nothing here uses it",
                    ),
                ],
                "what permission is asked for",
            ),
            keyed(
                "leads",
                leads(),
                "who keeps the leads; the first row that fits holds, and is `leads` for texts and templates",
            ),
            map(
                "pending",
                [
                    int(
                        "days",
                        Measure::Term,
                        "after how many days it is deleted, with the address where nothing else was asked for",
                    ),
                    id(
                        "deletes",
                        "who deletes it, an id of `qualification.owners`; who answers for whoever keeps leads unless given",
                    ),
                ],
                "what becomes of a permission that a region asks to confirm and nobody confirms",
            ),
            keyed("requests", request(), "what a lead can ask for"),
            keyed(
                "sequences",
                [
                    text("title", "its name"),
                    id("purpose", "the permission its emails need, an id of `journey.purposes`").required(),
                    id("starts", "the event that starts it; `given` is that of its purpose").required(),
                    lists_of_ids("while", "the states of machines in which it goes on"),
                ]
                .into_iter()
                .chain(depends()),
                "emails that follow each other; an email says by `in` that it belongs to one",
            ),
            keyed(
                "substitutes",
                [
                    text("title", "what is done instead, as people read it").required(),
                    field(
                        "for",
                        Shape::List(Box::new(Shape::Choice(ABILITIES))),
                        "what a platform does not do by itself",
                    )
                    .required(),
                    id("who", "who does it, an id of `qualification.owners`").required(),
                    minutes("how many minutes a week it takes"),
                ],
                "what somebody does where the partner's platform cannot; the first that may have the leads",
            ),
            keyed(
                "happens",
                [
                    text("title", "what happens, as people read it"),
                    words("by", Kind::Id, "who or what tells of it").required(),
                    choice("sure", &["strong", "weak"], "whether a person surely did it, strong unless given"),
                    choice(
                        "turns_to",
                        &["partner", "vendor"],
                        "whom the lead itself turns to by it, as by a reply to their email",
                    ),
                    needs(),
                    id("under", "the permission without which nobody tells of it, an id of `journey.purposes`"),
                    keyed(
                        "reasons",
                        [
                            text("title", "the reason, as people read it"),
                            id(
                                "means",
                                "the right that the lead asks for by it, an id of `journey.rights`: whoever hears of the reason hears of that",
                            ),
                        ],
                        "why, where whoever tells of it gives a reason",
                    ),
                ],
                "events that no form, email or state of the package causes",
            ),
            keyed(
                "machines",
                [
                    text("title", "its name"),
                    keyed("states", state(), "its states, the first one first"),
                    id(
                        "stops",
                        "the state to which it goes when a lead asks for its deletion or objects; where it began unless given",
                    ),
                    needs(),
                ],
                "what moves with a lead",
            ),
            keyed(
                "records",
                [
                    text("title", "its name"),
                    id("to", "who gets it, an id of `qualification.owners`").required(),
                    keeps,
                    capability,
                    sends,
                    id(
                        "under",
                        "the permission on which it goes over as soon as that is given, in whatever state the lead is; an id of `journey.purposes`",
                    ),
                    id("from", "who passes it on, where it goes over on `under`; an id of `qualification.owners`"),
                    kind(
                        "within",
                        Kind::Within,
                        "how long whoever passes it on has, from each permission and each event that it tells",
                    ),
                    minutes("how many minutes a week it takes to pass it on"),
                    words(
                        "states",
                        Kind::Id,
                        "the machines of whose state it tells, whenever that changes; ids of `journey.machines`",
                    ),
                    words("tells", Kind::Id, "what it tells besides fields: kinds of events, as signals name them"),
                    words("needs", Kind::Id, "fields that have to be known").required(),
                    lists_of_ids("when", "further fields that are needed once a request was made"),
                    words("may", Kind::Id, "fields that go along where they are known"),
                    words("proof", Kind::Id, "fields that prove a permission: needed where a lead goes over on one"),
                    int(
                        "keep_months",
                        Measure::Keep,
                        "how many months after the last contact whoever gets it deletes it; as its holder says unless given",
                    ),
                    id(
                        "deletes",
                        "who deletes it, an id of `qualification.owners`; who answers for its holder unless given",
                    ),
                    open(
                        "sooner",
                        Shape::Int(Measure::Keep),
                        "fields that are deleted sooner, each with the months after the last contact",
                    ),
                ],
                "what is handed over",
            ),
            keyed(
                "holders",
                [
                    int(
                        "keep_months",
                        Measure::Keep,
                        "how many months after the last contact it deletes what it has of a lead",
                    ),
                    id(
                        "answers",
                        "who deletes it there, and answers whoever asks for its data; an id of `qualification.owners`",
                    ),
                    kind(
                        "contact",
                        Kind::Email,
                        "the one mailbox for what leads ask of it; that of its data protection contact, or for legal matters, unless given",
                    ),
                ],
                "who may have the data of leads: `partner`, `vendor`",
            ),
            keyed(
                "rights",
                [
                    text("title", "what a lead may ask for, as people read it"),
                    kind(
                        "pass_on",
                        Kind::Within,
                        "how long whoever is asked has to tell the others that have the data",
                    ),
                    int("months", Measure::TermMonths, "within so many months, where the region says nothing"),
                    int("days", Measure::Term, "within so many days, where the region says nothing"),
                    flag("at_once", "without delay, where the region says nothing"),
                    minutes("how many minutes a week it takes each of them to answer"),
                ],
                "what a lead may ask of whoever has its data, by when `region.legal.rights` says; `access`, `erasure` and `objection` among them",
            ),
            file(
                "trail",
                "the asset that pages load to carry the campaign of a visit from page to page, and into the form",
            ),
            systems(),
            map(
                "load",
                [
                    int(
                        "at_most",
                        Measure::Minutes,
                        "how many minutes a week one mailbox gives to a package at most (`W-LOAD`)",
                    ),
                    int(
                        "together",
                        Measure::Minutes,
                        "the same for all packages of a partner, each like this one; for a mailbox that the partner reads",
                    ),
                    minutes("what a task takes that says nothing itself"),
                ],
                "what the path asks of people in a week",
            ),
            words::schema(),
        ],
        "the lead's path",
    )
}
