//! `tracking.yaml`.

use super::journey::called;
use super::{Field, Kind, Measure, choice, flag, id, int, keyed, kind, line, map, text, words};

/// What may stand between the parts of a campaign's name.
const DELIMITERS: &[&str] = &["_", "-", "__", "--"];

/// Where the values of fields come from.
const FROM: &[&str] = &["query", "first_touch", "page", "package", "submission"];
/// Those that come with the address of a visit, or are known of the page that it began on.
pub const CARRIED: &[&str] = &["query", "first_touch", "page"];
/// What AWS calls channels of a campaign.
pub const AWS_CHANNELS: &[&str] = &[
    "AWS Marketing Central",
    "Content Syndication",
    "Display",
    "Email",
    "Live Event",
    "Out Of Home (OOH)",
    "Print",
    "Search",
    "Social",
    "Telemarketing",
    "TV",
    "Video",
    "Virtual Event",
];

pub fn schema() -> Field {
    let mut fields = taxonomy();
    fields.extend(targets());
    fields.extend(crm());
    map("tracking", fields, "how links are tagged, where they lead, and what the CRM is told").required()
}

fn taxonomy() -> Vec<Field> {
    let tags = |name, doc| map(name, [id("medium", "an id of `mediums`").required()], doc).required();
    vec![
        map(
            "campaign",
            [
                choice("delimiter", DELIMITERS, "stands between two facets, and in none of them").required(),
                words(
                    "facets",
                    Kind::Id,
                    "`period`, `product` and names of axes; what a deployment does not use is left out",
                )
                .required(),
            ],
            "how `utm_campaign` is put together",
        )
        .required(),
        keyed(
            "mediums",
            [line("channel", "the GA4 default channel it has to land in").required()],
            "the words for `utm_medium`; there are no others",
        )
        .required(),
        keyed(
            "sources",
            [
                choice(
                    "kind",
                    &["vendor", "social", "search", "video", "offline", "other"],
                    "what kind of source it is",
                ),
                choice("cosell", AWS_CHANNELS, "what AWS calls the channel, where the medium does not tell"),
            ],
            "the words for `utm_source`, besides the partner's id",
        ),
        map(
            "kinds",
            [
                tags("site", "links on pages of the site"),
                tags("email", "links in emails"),
                tags("document", "links in documents for partners"),
            ],
            "how links inside the package are tagged; the source is the partner's id",
        )
        .required(),
    ]
}

fn targets() -> Vec<Field> {
    vec![
        keyed(
            "links",
            [
                id("document", "an id of `documents`; either this or `url`"),
                id("fragment", "a place in it, without `#`"),
                kind("url", Kind::Address, "an address elsewhere: `https:`, `mailto:` or `tel:`"),
                line("untracked", "why it carries no parameters"),
            ],
            "where links may lead; content refers to the ids",
        )
        .required(),
        keyed(
            "placements",
            [
                text("title", "what it is").required(),
                id("link", "an id of `links`").required(),
                id("source", "an id of `sources`, or the partner's id").required(),
                id("medium", "an id of `mediums`").required(),
                flag("qr", "whether a QR code is drawn"),
            ],
            "links that partners use outside the package",
        ),
        map(
            "form",
            [kind("endpoint", Kind::Site, "where the form is sent").required()],
            "the gated form of a package without `journey.leads`; pages may send to no other address (`E-FORMACTION`)",
        ),
        keyed("fields", [choice("from", FROM, "where the value comes from").required()], "hidden fields of every form"),
        super::analytics::schema(),
    ]
}

fn crm() -> Vec<Field> {
    vec![
        keyed(
            "hierarchy",
            [
                line("type", "what the CRM calls this kind of campaign").required(),
                words("facets", Kind::Id, "what tells the campaigns of this level apart").required(),
                line("name", "the campaign's name, 80 characters at most").required(),
                kind(
                    "currency",
                    Kind::Currency,
                    "what its cost and revenue are counted in (ISO 4217); the same below one root",
                ),
                id("owner", "who answers for it, an id of `qualification.owners`"),
            ],
            "the CRM's campaign tree from the top to the deployment, five levels at most",
        ),
        keyed(
            "member_statuses",
            [
                line("label", "what the CRM shows").required(),
                int("order", Measure::Order, "its place in the list").required(),
                flag("default", "whether new members have it; exactly one does"),
                flag("responded", "whether the person has acted"),
                choice("by", &["platform", "partner", "region"], "who sets it, where no request does"),
                called(),
            ],
            "how far a person got in a campaign",
        ),
    ]
}
