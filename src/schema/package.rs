//! `package.yaml`: its keys stand at the root of all paths.

use std::sync::LazyLock;

use crate::calendar::WEEKDAYS;

use super::{
    Field, Kind, Shape, choice, color, date, field, file, id, keyed, keyed_by, kind, line, map, open, paragraphs, text,
    texts, words,
};

/// What a program's tasks belong to.
pub const FUNCTIONS: &[&str] = &["strategy", "content", "execution", LEADS, "reporting"];
/// The function of whoever owes something in a state of the journey.
pub const LEADS: &str = "leads";

/// A legal person: what imprints, footers and consent texts name.
pub fn legal_entity() -> Vec<Field> {
    vec![
        line("legal_name", "the full registered name"),
        text("form", "the legal form"),
        line("street", "street and number, no PO box"),
        kind("postcode", Kind::Postcode, "the postcode"),
        line("city", "the city"),
        line("state", "state, province or prefecture"),
        kind("country", Kind::Country, "ISO 3166 code of two letters"),
        kind("phone", Kind::Phone, "international format"),
        kind("email", Kind::Email, "the address for legal matters"),
        line("register", "register court and number"),
        line("vat_id", "the VAT id"),
        words("representatives", Kind::Line, "authorised representatives"),
        map(
            "dpo",
            [line("name", "name"), kind("email", Kind::Email, "address"), kind("phone", Kind::Phone, "phone")],
            "data protection contact",
        ),
    ]
}

fn brand() -> Field {
    map(
        "brand",
        [
            color("primary", "the main colour"),
            color("dark", "a darker one for text on white"),
            file("logo", "an image below `assets/`"),
        ],
        "colours and logo",
    )
}

fn schedule() -> Field {
    let launch = [
        field(
            "weekdays",
            Shape::List(Box::new(Shape::Choice(&WEEKDAYS))),
            "the weekdays that it may be on; any unless given",
        ),
        date("first", "not before this day; the period's first unless given"),
        date("last", "not after this day; the period's last unless given"),
    ];
    let blackouts = [
        text("title", "what people call it").required(),
        date("first", "its first day").required(),
        date("last", "its last day").required(),
    ];
    map(
        "schedule",
        [
            map("launch", launch, "when the program may start: on the first such day"),
            keyed(
                "blackouts",
                blackouts,
                "times in which people work and nothing of the program happens: dates are counted over them",
            ),
        ],
        "when the program may start, and when nothing of it happens",
    )
}

pub fn schema() -> &'static Shape {
    static PACKAGE: LazyLock<Shape> = LazyLock::new(|| Shape::Map(fields().into()));
    &PACKAGE
}

fn fields() -> Vec<Field> {
    let [keeps, capability, sends] = super::journey::conditions();
    vec![
        id("id", "names the program").required(),
        line("version", "the version of the package").required(),
        date("released", "the date every output carries").required(),
        map(
            "period",
            [
                kind("code", Kind::Code, "short form for campaign names").required(),
                text("name", "what people call it").required(),
                date("start", "first day").required(),
                date("end", "last day").required(),
            ],
            "the period the program runs in",
        )
        .required(),
        schedule(),
        map("templates", [choice("engine", &["minijinja", "tera"], "the template language")], "template settings"),
        kind("locale", Kind::Locale, "the locale the master is written in").required(),
        keyed_by(
            Kind::Locale,
            "locales",
            [
                line("name", "what its speakers call it").required(),
                words("chain", Kind::Id, "where its texts are looked for, best first; `STOP` ends it (T1)").required(),
                choice("direction", &["ltr", "rtl"], "writing direction, ltr unless given"),
            ],
            "the locales a deployment may be made in",
        )
        .required(),
        map(
            "vendor",
            [
                line("name", "the short name").required(),
                kind("website", Kind::Site, "its site"),
                kind("privacy_url", Kind::Site, "its privacy notice"),
                kind("preferences_url", Kind::Site, "where people change what they receive"),
                kind("confirmation_url", Kind::Site, "where people confirm a permission"),
                brand(),
                map("legal", legal_entity(), "the legal person"),
                super::capture::schema(),
                super::capture::publisher(),
                map(
                    "platforms",
                    [
                        id(
                            "email",
                            "the email platform, by the words of `platforms.email`; nothing is asked of it unless given",
                        ),
                        id("crm", "the CRM, by the words of `platforms.crm`; nothing is asked of it unless given"),
                    ],
                    "what the vendor works with",
                ),
            ],
            "whose program this is",
        )
        .required(),
        map(
            "product",
            [
                line("name", "its name").required(),
                kind("code", Kind::Code, "short form for campaign names").required(),
                text("category", "what kind of thing it is"),
                paragraphs("summary", "one sentence on what it does"),
                kind("website", Kind::Site, "its page"),
            ],
            "what is marketed",
        )
        .required(),
        keyed(
            "pillars",
            [text("title", "the claim"), paragraphs("promise", "what it means for the buyer")],
            "messaging pillars",
        )
        .required(),
        map(
            "outcome",
            [
                id("id", "its id"),
                paragraphs("statement", "what the buyer gets"),
                paragraphs("measure", "how it is seen"),
            ],
            "what a motion sells",
        )
        .required(),
        keyed(
            "offers",
            [
                line("kind", "what kind of offer"),
                text("title", "its name"),
                paragraphs("summary", "what happens"),
                id("link", "an id of `tracking.links`"),
            ],
            "the offer ladder, first step first",
        ),
        keyed(
            "library",
            [
                choice(
                    "kind",
                    &[
                        "report",
                        "post",
                        "carousel",
                        "teaser",
                        "webinar",
                        "case-study",
                        "checklist",
                        "guide",
                        "calculator",
                        "self-check",
                    ],
                    "what kind of asset",
                ),
                text("title", "its title"),
                paragraphs("summary", "one sentence"),
                choice("stage", &["discovery", "engagement", "nurture", "decision"], "where in the journey it helps"),
                choice("gate", &["open", "light", "gated"], "what a reader gives for it"),
                text("length", "how long it is"),
                id("pillar", "an id of `pillars`"),
                id("link", "an id of `tracking.links`"),
            ],
            "the content ecosystem",
        ),
        keyed(
            "roles",
            [
                choice("function", FUNCTIONS, "the function"),
                paragraphs("task", "what is done"),
                choice("owner", &["hq", "region", "partner"], "the one role that owns it"),
                line("about", "what it decides on, a path as policy has them: whoever policy lets change that answers for the task; whoever does it unless given"),
                keeps,
                capability,
                sends,
                choice("layer", &["strategy", "content", "execution", "reporting"], "the layer it belongs to"),
            ],
            "who does what: one owner for each task",
        ),
        keyed(
            "quarters",
            [
                text("name", "what people call it"),
                text("theme", "what it is about"),
                texts("actions", "what is done"),
                paragraphs("carries", "what the next one builds on"),
            ],
            "the plan of the year",
        ),
        open("vars", Shape::Any, "the program's own variables"),
        keyed(
            "documents",
            [
                choice("component", crate::schema::COMPONENTS, "the component it belongs to").required(),
                file("template", "below `templates/`").required(),
                file("content", "a Markdown file of the master"),
                kind("output", Kind::Output, "where it goes; `{locale}` stands for the locale").required(),
                choice("each", &["locale", "deployment"], "one for each locale, or one in all (the default)"),
                text("title", "what it is called in lists"),
            ],
            "every page and document that is rendered; emails come from `nurture.yaml`",
        )
        .required(),
    ]
}
