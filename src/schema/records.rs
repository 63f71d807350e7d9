//! The records of the axes: `partner.yaml`, `region.yaml`, `industry.yaml`, `motion.yaml`, `tier.yaml`.

use std::sync::LazyLock;

use super::{
    Field, Kind, Measure, Shape, choice, color, date, file, flag, id, int, keyed, kind, line, list, map, number, open,
    paragraphs, set, text, texts, words,
};
use crate::calendar::WEEKDAYS;
use crate::schema::package::legal_entity;

/// The record of the axis `axis`. An axis of the workspace's own has a free record with a name.
pub fn schema(axis: &str) -> Shape {
    static KNOWN: LazyLock<[(&str, Shape); 5]> = LazyLock::new(|| {
        let own = [
            ("partner", partner()),
            ("region", region()),
            ("industry", industry()),
            ("tier", tier()),
            ("motion", vec![paragraphs("summary", "what it is for")]),
        ];
        own.map(|(axis, own)| (axis, Shape::Map(common().into_iter().chain(own).collect())))
    });
    KNOWN.iter().find(|(known, _)| *known == axis).map_or(Shape::Any, |(_, shape)| shape.clone())
}

/// Systems in which a platform's own sellers sell along.
const COSELL: [(&str, &str); 2] = [("aws", "AWS Partner Central"), ("microsoft", "Microsoft Partner Center")];

/// How much automation a partner may have.
pub const CAPABILITIES: &[&str] = &["full", "email-only", "none"];

/// Keys that every record has.
fn common() -> Vec<Field> {
    vec![
        text("name", "what people call it").required(),
        id("parent", "the value this one is a child of"),
        kind(
            "locale",
            Kind::Locale,
            "the locale this layer's own files are written in; the master's unless given (T2)",
        ),
        kind("code", Kind::Code, "short form for campaign names; the id unless given"),
    ]
}

fn industry() -> Vec<Field> {
    vec![
        paragraphs("summary", "what is particular about it"),
        paragraphs("audience", "who is spoken to"),
        line("aws_industry", "its name in co-sell systems"),
    ]
}

fn tier() -> Vec<Field> {
    vec![
        paragraphs("model", "how it is worked with"),
        paragraphs("partners", "how many partners it is meant for"),
        paragraphs("content", "what a partner may shape"),
        paragraphs("planning", "how plans are made"),
        paragraphs("execution", "who carries them out"),
        paragraphs("reporting", "how results are looked at"),
        paragraphs("mdf", "how market development funds are given"),
    ]
}

fn region() -> Vec<Field> {
    // Whom a permission is given to says its purpose, and no form may need one.
    let consent_box = [paragraphs("text", "what the person agrees to").required()];
    vec![
        words("locales", Kind::Locale, "the locales deployments are made in, the default first"),
        kind("currency", Kind::Currency, "ISO 4217 code"),
        choice("week_start", &["monday", "saturday", "sunday"], "first day of the week"),
        int("fiscal_year_start", Measure::Month, "the month in which the fiscal year begins"),
        kind("phone_prefix", Kind::PhonePrefix, "such as +49"),
        map(
            "legal",
            [
                paragraphs("basis", "what marketing email rests on"),
                choice(
                    "consent_mode",
                    &["opt_in", "double_opt_in", "soft", "opt_out"],
                    "how consent is given; with `double_opt_in` it is confirmed by an email",
                ),
                text("subject_prefix", "what a subject line must begin with"),
                int("unsubscribe_days", Measure::Days, "days in which an objection is honoured"),
                flag("imprint_required", "whether page and email need an imprint"),
                choice(
                    "attribution_storage",
                    &["none", "session", "after_consent"],
                    "what may be stored on the device",
                ),
                choice(
                    "measurement",
                    super::analytics::PERMISSIONS,
                    "what has to come before a visit is counted without cookies: a permission, or room to object; \
                     `consent` unless given",
                ),
                rights(),
                choice(
                    "control",
                    &["separate", "joint"],
                    "whether partner and vendor answer each for its own, or together where a lead gave both permission",
                ),
                paragraphs("data_rights", "what a person may ask for"),
                words("home", Kind::Country, "the countries to which nothing has to be said of a transfer"),
                paragraphs(
                    "transfer",
                    "what transfers abroad rest on; who is abroad follows from `home` and from who keeps leads",
                ),
                keyed(
                    "countries",
                    [
                        paragraphs("basis", "what marketing email rests on there"),
                        paragraphs("data_rights", "what a person may ask for there"),
                        paragraphs("transfer", "what transfers abroad rest on there"),
                        rights(),
                    ],
                    "what the law of a partner's own country says in place of that, by its ISO 3166 code",
                ),
                set("required_sender_fields", "what the sender must give of itself"),
                paragraphs("review", "who confirmed these defaults"),
            ],
            "what the law of the region asks for",
        ),
        map(
            "consent",
            [
                line("version", "the version of these texts, which a box posts").required(),
                paragraphs("notice", "the text above the boxes"),
                keyed("boxes", consent_box, "the boxes, none ticked beforehand"),
            ],
            "the consent texts of forms",
        ),
        calendar([list(
            "closed",
            [date("date", "the day"), text("name", "its name")],
            "days without work besides public holidays",
        )]),
    ]
}

/// By when whoever has the data of a lead answers it.
fn rights() -> Field {
    keyed(
        "rights",
        [
            int("months", Measure::TermMonths, "within so many months"),
            int("days", Measure::Term, "within so many days"),
            flag("at_once", "without delay, where the law counts no days"),
            text("law", "what says so"),
            choice("sure", &["verified", "second-hand", "unverified"], "how sure that is; `unverified` unless given"),
        ],
        "by when a right of `journey.rights` is answered, each by one of `months`, `days` and `at_once`",
    )
}

/// When somebody works. Public holidays come with the program.
fn calendar(own: impl IntoIterator<Item = Field>) -> Field {
    let weekday = |name| kind(name, Kind::Opening, "in place of `workday`");
    let workday = kind("workday", Kind::Opening, "on every day that is not of the country's weekend");
    let common = [
        kind("country", Kind::Country, "whose public holidays and weekend count"),
        kind(
            "subdivision",
            Kind::Code,
            "the part of the country whose holidays count, by ISO 3166-2 without the country",
        ),
        kind("zone", Kind::TimeZone, "IANA name"),
        map("hours", std::iter::once(workday).chain(WEEKDAYS.map(weekday)), "the hours in which people work"),
    ];
    map("calendar", common.into_iter().chain(own), "when people work")
}

fn partner() -> Vec<Field> {
    vec![
        id("tier", "one-to-one, one-to-few, one-to-many or HQ's own"),
        list("exclude", [id("motion", ""), id("industry", ""), id("region", "")], "combinations that are not made"),
        kind("website", Kind::Site, "its site"),
        map(
            "contact",
            [
                line("name", "who answers").required(),
                kind("email", Kind::Email, "the address").required(),
                kind("phone", Kind::Phone, "international format"),
                text("title", "what the person does"),
            ],
            "who answers",
        )
        .required(),
        map(
            "brand",
            [
                color("primary", "the main colour"),
                color("dark", "a darker one for text on white"),
                file("logo", "an image in the partner's `assets/`"),
            ],
            "colours and logo",
        ),
        map(
            "platforms",
            [
                id("email", "the email platform"),
                id("crm", "the CRM"),
                words("cosell", Kind::Id, "where a platform's own sellers sell along: `aws`, `microsoft`"),
            ],
            "what the partner works with",
        ),
        map(
            "cosell",
            COSELL.map(|(id, doc)| map(id, [line("solution", "the id of its offer there")], doc)),
            "what these know of the partner",
        ),
        choice("capability", CAPABILITIES, "how much automation the partner has"),
        map("legal", legal_entity(), "the legal person").required(),
        calendar([]),
        super::capture::schema(),
        super::capture::publisher(),
        kind("preferences_url", Kind::Site, "where people change what they receive"),
        kind("confirmation_url", Kind::Site, "where people confirm a permission"),
        kind(
            "currency",
            Kind::Currency,
            "what funds pay it in (ISO 4217), where it has packages in regions of several currencies: all of them are one claim then",
        ),
        open(
            "goals",
            Shape::Number(Measure::Count),
            "what the partner plans of each metric over all of its packages together, which get equal parts; what is left over goes to the first ones",
        ),
        map(
            "sla_contact",
            [line("name", "name"), kind("email", Kind::Email, "address"), kind("phone", Kind::Phone, "phone")],
            "who is called",
        ),
        texts("strengths", "what the partner is known for"),
        number("mdf_share", Measure::Percent, "the partner's share of spending, in percent"),
    ]
}
