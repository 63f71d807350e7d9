//! Edits of a small workspace, as people make them.

use std::collections::BTreeMap;

use super::small::Small;

/// A workspace, and how it is built.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub files: BTreeMap<String, String>,
    pub release: bool,
    pub zips: bool,
}

/// What is done to it; numbers choose which and what.
#[derive(Clone, Copy, Debug)]
pub enum Edit {
    /// A name in a record: of a partner, region, industry, motion or tier.
    Record(usize),
    /// A row of the registry: there, gone, or another one.
    Row(usize),
    /// A partner of its own file: there, or with other lists.
    Partner(usize),
    /// A partner that goes, or has another id.
    Leave(usize),
    Rename(usize),
    /// An overlay file: there, gone, or another text.
    Overlay(usize),
    MasterText(usize),
    MasterValue(usize),
    Template(usize),
    Policy(usize),
    Settings(usize),
    Asset(usize),
    /// A region speaks one language more, or one less.
    Language,
    Engine,
    Zips,
    Release,
    /// A mistake that refuses some deployments, or all; or one after which nobody can tell what they are.
    Mistake(usize),
    /// The mistakes are mended.
    Mend,
}

/// Edits by number, so that a script is a list of numbers.
pub const KINDS: usize = 18;

impl Edit {
    pub fn new(kind: usize, pick: usize) -> Self {
        let with = [
            Self::Record,
            Self::Row,
            Self::Partner,
            Self::Leave,
            Self::Rename,
            Self::Overlay,
            Self::MasterText,
            Self::MasterValue,
            Self::Template,
            Self::Policy,
            Self::Settings,
            Self::Asset,
            Self::Mistake,
        ];
        let without = [Self::Language, Self::Engine, Self::Zips, Self::Release, Self::Mend];
        let kind = kind % KINDS;
        with.get(kind).map_or_else(|| without[kind - with.len()], |make| make(pick))
    }
}

/// Overlays, each allowed to its layer.
const OVERLAYS: [(&str, &str); 9] = [
    ("regions/dach/content/landing.md", "<!-- replace-body: pains -->\nTEXT\n"),
    ("regions/dach/nurture.yaml", "emails: [{id: call, day: 9, preheader: \"TEXT\"}]\n"),
    ("regions/dach/@industry=retail/content/landing.md", "<!-- append: proof -->\nTEXT\n"),
    ("partners/acme/content/landing.md", "<!-- replace-body: faq -->\nTEXT\n"),
    ("partners/acme/nurture.yaml", "emails: [{id: welcome, subject: \"TEXT\"}]\n"),
    ("partners/acme/@region=dach/package.yaml", "vars: {slogan: \"TEXT\"}\n"),
    (
        "partners/acme/assets/logo.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><title>TEXT</title></svg>\n",
    ),
    ("partners/acme/locales/de-DE/content/landing.md", "<!-- replace-body: proof -->\nTEXT\n"),
    ("motions/launch/sales.yaml", "{}\n# TEXT\n"),
];

const PACKAGE: &str = "master-templates/package.yaml";
const LANDING: &str = "master-templates/content/landing.md";
const REGISTRY: &str = "partners/registry.csv";
const ENGINE: &str = "templates: {engine: tera}\n";
const MISTAKE: &str = "colour: red\n";
/// A file with it is no YAML.
const UNREADABLE: &str = "  x: y\n";

impl Draft {
    pub fn new() -> Self {
        let base = Small::base();
        let mut files: BTreeMap<String, String> =
            base.paths().map(|path| (path.to_owned(), base.text(path).to_owned())).collect();
        // Not every deployment has every axis here.
        edit(&mut files, "master-templates/templates/page.html", |text| {
            text.replace(", {{ industry.name }}, {{ region.name }}", "")
        });
        // A folder, so that it can hold overlays.
        if let Some(motion) = files.remove("motions/launch.yaml") {
            files.insert("motions/launch/motion.yaml".to_owned(), motion);
        }
        Self { files, release: false, zips: true }
    }

    /// Does an edit; one that has nothing to do here changes nothing.
    pub fn apply(&mut self, change: Edit) {
        let files = &mut self.files;
        match change {
            Edit::Record(pick) => record(files, pick),
            Edit::Row(pick) => row(files, pick),
            Edit::Partner(pick) => partner(files, pick),
            Edit::Leave(pick) => leave(files, pick),
            Edit::Rename(pick) => rename(files, pick),
            Edit::Overlay(pick) => overlay(files, pick),
            Edit::MasterText(pick) => {
                let which = [LANDING, "master-templates/content/emails/welcome.md"][pick % 2];
                edit(files, which, |text| number(text, &["What hurts", "Read"], pick));
            }
            Edit::MasterValue(pick) => {
                let (from, to) =
                    [("slogan: Good morning", "slogan: Good evening"), ("version: 1.0.0", "version: 1.0.1")][pick % 2];
                edit(files, PACKAGE, |text| swap(text, from, to));
            }
            Edit::Template(pick) => {
                let which = ["page.html", "email.html", "email.txt", "document.html", "layout.html"][pick % 5];
                let path = format!("master-templates/templates/{which}");
                edit(files, &path, |text| {
                    number(text, &["<form", "Stop", "<head", "<title", "Hello", "{{ email"], pick)
                });
            }
            Edit::Policy(pick) => {
                edit(files, "master-templates/policy.yaml", |text| number(text, &["reason: One"], pick));
            }
            Edit::Settings(pick) => {
                edit(files, "cobrand.yaml", |text| number(text, &["go", "program: small-program"], pick));
            }
            Edit::Asset(pick) => {
                files.insert("master-templates/assets/style.css".to_owned(), format!("p{{--n:{}}}\n", pick % 4));
            }
            Edit::Language => edit(files, "regions/europe.yaml", |text| swap(text, "[en-US]", "[en-US, de-DE]")),
            Edit::Engine => engine(files),
            Edit::Zips => self.zips = !self.zips,
            Edit::Release => self.release = !self.release,
            Edit::Mistake(pick) => mistake(files, pick),
            Edit::Mend => {
                for text in files.values_mut() {
                    *text = text.replace(MISTAKE, "").replace(UNREADABLE, "");
                }
            }
        }
    }
}

fn edit(files: &mut BTreeMap<String, String>, path: &str, change: impl FnOnce(&str) -> String) {
    if let Some(text) = files.get_mut(path) {
        *text = change(text);
    }
}

/// Writes one of four numbers behind the first of some words that is there, instead of the one it has.
fn number(text: &str, words: &[&str], pick: usize) -> String {
    let Some(word) = words.iter().find(|word| text.contains(*word)) else { return text.to_owned() };
    let (before, after) = text.split_once(word).unwrap();
    // In a tag it is an attribute, in an address a part of the name.
    let sign = if word.starts_with('<') { " data-n" } else { "-n" };
    let rest = (0..4).find_map(|n| after.strip_prefix(&format!("{sign}{n}"))).unwrap_or(after);
    if word.starts_with("{{") {
        return text.to_owned();
    }
    format!("{before}{word}{sign}{}{rest}", pick / 5 % 4)
}

fn swap(text: &str, one: &str, other: &str) -> String {
    if text.contains(other) { text.replacen(other, one, 1) } else { text.replacen(one, other, 1) }
}

fn record(files: &mut BTreeMap<String, String>, pick: usize) {
    let is_record = |path: &str, text: &str| !path.starts_with("master-templates/") && text.starts_with("name: ");
    let records: Vec<String> =
        files.iter().filter(|(path, text)| is_record(path, text)).map(|(path, _)| path.clone()).collect();
    let path = &records[pick % records.len()];
    edit(files, path, |text| {
        let (_, rest) = text.split_once('\n').unwrap_or((text, ""));
        format!("name: Name {}\n{rest}", pick % 7)
    });
}

fn row(files: &mut BTreeMap<String, String>, pick: usize) {
    let id = format!("r{}", pick % 3);
    edit(files, REGISTRY, |text| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let before = lines.len();
        lines.retain(|line| !line.starts_with(&format!("{id},")));
        if lines.len() == before || pick.is_multiple_of(2) {
            let industry = ["health", "retail"][pick / 2 % 2];
            let row = format!("{id},Row {},one-to-many,launch,{industry},europe,Rita,r@r.example,{id} Inc.", pick % 5);
            // Anywhere but before the head.
            lines.insert(1 + pick % lines.len(), row);
        }
        lines.join("\n") + "\n"
    });
}

fn partner(files: &mut BTreeMap<String, String>, pick: usize) {
    let id = format!("p{}", pick % 4);
    let lists = [
        "industries: [retail, health]\nregions: [europe]\n",
        "industries: [retail]\nregions: [europe, dach]\n",
        "industries: [health]\n",
        "regions: [dach]\n",
        "",
    ][pick / 4 % 5];
    let motions = ["[launch]", "[launch, event]", "[event]"][pick / 20 % 3];
    let record = format!(
        "name: Partner {id}\ntier: one-to-one\nmotions: {motions}\n{lists}\
         contact: {{name: Pat, email: {id}@{id}.example}}\nlegal: {{legal_name: {id} Inc.}}\n"
    );
    files.insert(format!("partners/{id}.yaml"), record);
}

/// Ids of the partners that may go: those in files of their own but acme, so that somebody stays.
fn movable(files: &BTreeMap<String, String>) -> Vec<String> {
    let own = files.keys().filter_map(|path| path.strip_prefix("partners/")?.strip_suffix(".yaml"));
    own.filter(|id| !id.contains('/')).map(str::to_owned).collect()
}

fn leave(files: &mut BTreeMap<String, String>, pick: usize) {
    let ids = movable(files);
    if let Some(id) = ids.get(pick % ids.len().max(1)) {
        files.remove(&format!("partners/{id}.yaml"));
    }
}

fn rename(files: &mut BTreeMap<String, String>, pick: usize) {
    let ids = movable(files);
    let Some(id) = ids.get(pick % ids.len().max(1)) else { return };
    let text = files.remove(&format!("partners/{id}.yaml")).unwrap_or_default();
    let new = id.strip_suffix("-new").map_or_else(|| format!("{id}-new"), str::to_owned);
    files.insert(format!("partners/{new}.yaml"), text);
}

fn overlay(files: &mut BTreeMap<String, String>, pick: usize) {
    let (path, text) = OVERLAYS[pick % OVERLAYS.len()];
    let round = pick / OVERLAYS.len();
    let is_slot = path.ends_with(".svg");
    if !is_slot && files.contains_key(path) && round.is_multiple_of(2) {
        files.remove(path);
    } else {
        files.insert(path.to_owned(), text.replace("TEXT", &format!("Text {}", round % 5)));
    }
}

/// From one template language to the other: Tera names the arguments of functions.
fn engine(files: &mut BTreeMap<String, String>) {
    const WORDS: [(&str, &str); 6] = [
        ("asset(\"", "asset(path=\""),
        ("link(\"", "link(id=\""),
        ("link(email.", "link(id=email."),
        (", \"footer\")", ", placement=\"footer\")"),
        (", \"button\")", ", placement=\"button\")"),
        (ENGINE, ENGINE),
    ];
    let is_tera = files.get(PACKAGE).is_some_and(|text| text.contains(ENGINE));
    edit(files, PACKAGE, |text| if is_tera { text.replace(ENGINE, "") } else { format!("{text}{ENGINE}") });
    for (_, text) in files.iter_mut().filter(|(path, _)| path.starts_with("master-templates/templates/")) {
        for (jinja, tera) in WORDS {
            *text = if is_tera { text.replace(tera, jinja) } else { text.replace(jinja, tera) };
        }
    }
}

fn mistake(files: &mut BTreeMap<String, String>, pick: usize) {
    let places = [
        ("partners/acme/partner.yaml", MISTAKE),
        ("partners/beta.yaml", MISTAKE),
        ("industries/retail.yaml", MISTAKE),
        (PACKAGE, MISTAKE),
        ("partners/acme/partner.yaml", UNREADABLE),
        // A row without the cells that it needs.
        (REGISTRY, MISTAKE),
    ];
    let (place, mistake) = places[pick % places.len()];
    edit(files, place, |text| format!("{text}{mistake}"));
}
