//! Every field that a layer may write, from the schema, and workspaces that hold a text in each.

use cobrand::schema::{self, Kind, Prose, Shape, package, records};
use serde_json::Value;

use super::small::Small;
use super::written::{File, Places, Step, Written, emit, leaves, names, of_field, put, read};

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Writer {
    /// A partner's overlay of every file of the master, its record, and the records of its region, industry and so on.
    Overlay,
    /// HQ's table, with the partner's record as cells.
    Registry,
    /// A partner's words in another language.
    Translation,
    /// A partner's overlay with names of its own: ids of new items, keys of free maps.
    Names,
}

/// A place that a text is written to.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub number: usize,
    /// As templates name it.
    pub path: String,
    /// As diagnostics name it.
    pub place: String,
    file: String,
    steps: Vec<Step>,
    shape: Shape,
}

/// What the small workspace has no item of, so that every list has one.
const MORE: [(&str, &str); 7] = [
    (
        "package.yaml",
        "schedule: {blackouts: [{id: quiet, title: Quiet, first: 2027-08-01, last: 2027-08-02}]}\n\
         library: [{id: guide, kind: guide, title: Guide, summary: All, stage: nurture, gate: open, length: Short, pillar: safe, link: landing}]\n\
         quarters: [{id: one, name: One, theme: Begin, actions: [Go], carries: Words}]\n",
    ),
    (
        "qualification.yaml",
        "negatives: [{id: away, title: Away, kind: fit, points: 1, when: {field: job_role, values: [other]}}]\n\
         disqualify: [{id: gone, title: Gone, when: {event: opt-out}, then: Nothing}]\n",
    ),
    ("tracking.yaml", "fields: [{id: partner_id, from: package}]\n"),
    ("playbook.yaml", ""),
    (
        "journey.yaml",
        "leads: [{id: all, keeps: partner}]\nsystems: [{id: salesforce-member}]\n\
         substitutes: [{id: look, title: Look, for: [gate], who: sales}]\n",
    ),
    ("proof.yaml", "attestation: [All is true]\nwords: [{id: fund, title: Fund, note: Paid}]\n"),
    (
        "sales.yaml",
        "posts: [{id: start, title: Start, when: On launch day, placement: launch-post, body: \"We begin: [link]\"}]\n",
    ),
];

const MASTER: &str = "master-templates";

impl Field {
    /// For messages.
    pub fn any() -> Self {
        Self {
            number: 0,
            path: String::new(),
            place: String::new(),
            file: String::new(),
            steps: Vec::new(),
            shape: Shape::Text(Prose::Line),
        }
    }

    /// Stands in its text and in no other.
    pub fn mark(&self) -> String {
        format!("q{:03}q", self.number)
    }

    /// Words that fit the field and mean nothing to anybody.
    pub fn harmless(&self) -> String {
        let mark = self.mark();
        match &self.shape {
            Shape::Kind(Kind::Email) => format!("{mark}@calm.example"),
            Shape::Kind(Kind::Site) => format!("https://calm.example/{mark}"),
            Shape::Kind(Kind::Address) => format!("https://calm.example/{mark}"),
            Shape::Kind(Kind::Host) => format!("{mark}.example"),
            Shape::Kind(_) => mark,
            _ => format!("{mark} calm"),
        }
    }
}

/// Kinds that name things of the world, and so hold no mark.
pub const CLOSED: [Kind; 13] = [
    Kind::Locale,
    Kind::TimeZone,
    Kind::Phone,
    Kind::PhonePrefix,
    Kind::Currency,
    Kind::Country,
    Kind::Postcode,
    Kind::Within,
    Kind::Opening,
    Kind::Status,
    Kind::Uuid,
    Kind::Container,
    Kind::Measurement,
];

impl Writer {
    /// The fields, with their numbers.
    pub fn fields(self) -> Vec<Field> {
        let base = base();
        let known = |file: &str| read(base.text(file));
        let mut fields = Vec::new();
        let mut add = |file: &str, root: &str, shape: &Shape, known: &Value| {
            let (mut found, mut way) = (Vec::new(), Vec::new());
            match self {
                Self::Names => {
                    let mut ways = Vec::new();
                    names(shape, known, &mut way, &mut ways);
                    found.extend(ways.into_iter().map(|way| (way, Shape::Kind(Kind::Id))));
                }
                _ => leaves(shape, known, &mut way, &mut found),
            }
            for (steps, shape) in found {
                let (path, place) = (named(root, &steps, false), named(root, &steps, true));
                fields.push(Field { number: fields.len() + 1, path, place, file: file.to_owned(), steps, shape });
            }
        };
        match self {
            Self::Registry => {
                let shape = records::schema("partner");
                add("partners/registry.csv", "partner", &shape, &Value::Null);
                fields.retain(|field| field.steps.iter().all(|step| matches!(step, Step::Key(_))));
            }
            Self::Overlay | Self::Translation | Self::Names => {
                let folder = if self == Self::Translation { "partners/acme/locales/de-DE" } else { "partners/acme" };
                let master = known(&format!("{MASTER}/package.yaml"));
                add(&format!("{folder}/package.yaml"), "", package::schema(), &master);
                for document in schema::documents() {
                    let known = known(&format!("{MASTER}/{}.yaml", document.name));
                    add(&format!("{folder}/{}.yaml", document.name), document.name, &document.shape, &known);
                }
                add(&format!("{folder}/content/landing.md"), "page.front", schema::front_matter(), &Value::Null);
                for (axis, file) in RECORDS.into_iter().filter(|_| self == Self::Overlay) {
                    add(file, axis, &records::schema(axis), &known(file));
                }
                fields.retain(|field| self != Self::Translation || matches!(field.shape, Shape::Text(_)));
            }
        }
        // Of what stands in a list of the world, nothing else is taken: no text of anybody gets further.
        fields.retain(|field| !matches!(field.shape, Shape::Kind(kind) if CLOSED.contains(&kind)));
        fields
    }

    /// A workspace with a text in each of the fields, and templates that print them all.
    pub fn write(self, fields: &[Field], text: &dyn Fn(&Field) -> String) -> Written {
        let (mut workspace, mut places) = (base(), Places::default());
        workspace = match self {
            Self::Registry => workspace.without("partners/acme"),
            _ => workspace.without("partners/registry.csv"),
        };
        if self == Self::Translation {
            let record = workspace.text("partners/acme/partner.yaml").replace("locale: de-DE\n", "");
            workspace = workspace.with("partners/acme/partner.yaml", record);
        }
        let mut files: Vec<&str> = fields.iter().map(|field| &*field.file).collect();
        files.sort_unstable();
        files.dedup();
        for path in files {
            let own = fields.iter().filter(|field| field.file == path);
            let file = if path.ends_with(".csv") {
                row(path, own, text, &mut places)
            } else {
                let is_record = RECORDS.iter().any(|(_, file)| *file == path);
                let mut value = if is_record { read(workspace.text(path)) } else { Value::Null };
                own.for_each(|field| put(&mut value, &field.steps, of_field(field.number, &text(field))));
                let mut file = File::new(path);
                file.push(if path.ends_with(".md") { "---" } else { "# All of it" });
                emit("", &value, 0, &mut file, &mut places);
                file.push(if path.ends_with(".md") { "---\n" } else { "" });
                file
            };
            workspace = workspace.with(path, file.text);
        }
        Written { workspace: printing(workspace, fields), places }
    }
}

const RECORDS: [(&str, &str); 5] = [
    ("partner", "partners/acme/partner.yaml"),
    ("region", "regions/dach/region.yaml"),
    ("industry", "industries/retail.yaml"),
    ("motion", "motions/launch.yaml"),
    ("tier", "tiers/one-to-one.yaml"),
];

fn base() -> Small {
    let base = Small::base().without("partners/beta.yaml");
    let base = MORE.iter().fold(base, |base, (file, more)| base.more(&format!("{MASTER}/{file}"), more));
    let consent = "consent: {version: v1, notice: Note, boxes: [{id: news, text: Yes}]}\n";
    let model = format!("{MASTER}/qualification.yaml");
    // Another condition gives another score, which is no matter of what is text.
    let scored = base.text(&model).replace(", expect: sql", "").replace(", expect: nurture", "");
    // The partner keeps the leads, so that its own capture is used: no route leads to the vendor.
    let scored = scored.replace("[mql, nurture]}, to: desk}", "[mql, nurture]}, to: sales}");
    let journey = format!("{MASTER}/journey.yaml");
    let reasoned =
        base.text(&journey).replace("called, by: [partner]", "called, by: [partner], reasons: [{id: no-fit}]");
    // Somebody stands in for the platform, so that what he does is printed.
    let reasoned = reasoned.replace("purpose: news, starts: given,", "purpose: news, starts: given, needs: [gate],");
    let capture = "capture: {target: webhook, address: https://forms.acme.example/x}\n";
    let rights = "legal: {rights: [{id: access, days: 30, law: Law}], \
                  countries: [{id: CH, basis: Basis, rights: [{id: access, days: 30, law: Law}]}]}\n";
    // What emails print of the master is German, as they are.
    let german = "outcome: {statement: Ruhige, measure: Weniger}\noffers: [{id: call, title: Ruf, summary: Kurz}]\n\
                  pillars: [{id: fast, title: Schnell, promise: Bald}, {id: safe, title: Sicher, promise: Ruhe}, \
                  {id: kind, title: Nett, promise: Leise}]\n";
    base.with(&model, scored)
        .with(&journey, reasoned)
        .more(&format!("{MASTER}/locales/de-DE/package.yaml"), german)
        .more("partners/acme/partner.yaml", capture)
        .more("regions/dach/region.yaml", &format!("{consent}{rights}"))
}

/// A row of the registry, its header with all of its columns.
fn row<'f>(
    path: &str,
    fields: impl Iterator<Item = &'f Field>,
    text: &dyn Fn(&Field) -> String,
    places: &mut Places,
) -> File {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let fixed = [
        ("id", "gamma"),
        ("name", "Gamma"),
        ("tier", "one-to-many"),
        ("motions", "launch"),
        ("industries", "health"),
        ("regions", "europe"),
        ("contact.name", "Gil"),
        ("contact.email", "gil@gamma.example"),
        ("legal.legal_name", "Gamma Inc."),
    ];
    let column = |field: &Field| field.path.strip_prefix("partner.").unwrap().to_owned();
    let fields: Vec<&Field> = fields.collect();
    let fixed: Vec<_> =
        fixed.into_iter().filter(|(name, _)| fields.iter().all(|field| column(field) != *name)).collect();
    let header: Vec<String> =
        fixed.iter().map(|(name, _)| (*name).to_owned()).chain(fields.iter().map(|field| column(field))).collect();
    let mut file = File::new(path);
    file.push(&header.join(","));
    file.push("\n");
    file.push(&fixed.iter().map(|(_, value)| quoted(value)).collect::<Vec<_>>().join(","));
    for field in fields {
        file.push(",");
        file.field(field.number, &quoted(&text(field)), places);
    }
    file.push("\n");
    file
}

/// The path of a value, as both template languages write it, or with the ids of items.
fn named(root: &str, steps: &[Step], with_ids: bool) -> String {
    let mut path = root.to_owned();
    for step in steps {
        match step {
            Step::Key(key) if path.is_empty() => path.push_str(key),
            // To a template `a.b-c` is a difference.
            Step::Key(key) if key.contains('-') && !with_ids => path.extend(["[\"", key, "\"]"]),
            Step::Key(key) => path.extend([".", key]),
            Step::Item(id) if with_ids => path.extend(["[", id, "]"]),
            Step::Item(_) | Step::First(_) => path.push_str("[0]"),
            // Nobody asks for it by its name.
            Step::New(_) | Step::Name => return String::new(),
        }
    }
    path
}

/// With templates that print the fields in every way: a document, and the emails in both of their forms.
fn printing(workspace: Small, fields: &[Field]) -> Small {
    let (front, others): (Vec<_>, Vec<_>) = fields
        .iter()
        .map(|field| &*field.path)
        .filter(|path| !path.is_empty())
        .partition(|path| path.starts_with("page."));
    let print = |paths: &[&str]| paths.iter().map(|path| printed(path)).collect::<String>();
    let lines = others.iter().map(|path| format!("[ {{{{ {path} }}}} ]\n")).collect::<String>();
    let short = others.iter().map(|path| format!("<i>{{{{ {path} }}}}</i>\n")).collect::<String>();
    let template = |name: &str| format!("{MASTER}/templates/{name}");
    let (page, html, text) = (template("page.html"), template("email.html"), template("email.txt"));
    let dump = format!("{{% extends \"layout.html\" %}}\n{{% block main %}}\n{}{{% endblock %}}\n", print(&others));
    let landing = workspace
        .text(&page)
        .replace("<form", &format!("{{% if page.id == \"landing\" %}}{}{{% endif %}}<form", print(&front)));
    let package = format!("{MASTER}/package.yaml");
    let documents = workspace.text(&package).replace(
        "{id: playbook, component: playbook, template: document.html",
        "{id: playbook, component: playbook, template: dump.html",
    );
    let email = workspace.text(&html).replace("</body>", &format!("{short}</body>"));
    let letter = workspace.text(&text).to_owned() + &lines;
    workspace
        .with(&template("dump.html"), dump)
        .with(&page, landing)
        .with(&package, documents)
        .with(&html, email)
        .with(&text, letter)
}

fn printed(path: &str) -> String {
    format!(
        "<p title=\"{{{{ {path} }}}}\" data-one='{{{{ {path} }}}}' data-url=\"{{{{ {path} | url }}}}\" data-json='{{{{ {path} | json }}}}'>{{{{ {path} }}}}</p>\n\
         <script type=\"application/json\">{{{{ {path} | json }}}}</script>\n{{{{ {path} | paragraphs }}}}\n"
    )
}
