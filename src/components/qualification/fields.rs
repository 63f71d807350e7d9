//! The fields that somebody makes in a system to keep what a package tells of a lead, as files that the system takes.
//!
//! - [`list`]: what there is to keep, of the forms, the path, the score and the handoff
//! - [`told`]: what people tell of a lead, and by which of them
//! - [`names`]: what each field is called in each system, and where it can have no name
//! - [`labels`]: the words for them, in the language of whoever makes them
//! - [`dictionary`], [`hubspot`], [`marketo`], [`salesforce`], [`dynamics`]: the files

mod dictionary;
mod dynamics;
mod hubspot;
mod labels;
mod list;
mod marketo;
mod names;
mod salesforce;
mod told;

use super::super::{Asked, Failure, Finding, Input, Task};
use crate::data::Data;
use crate::encode::Content;
use crate::package::qualification::{Hand, Qualification};
use crate::profiles::fields::{DYNAMICS, HUBSPOT, MARKETO, Platform, SALESFORCE};

pub use labels::Labels;
use names::{Named, System};
use told::Told;

/// A field to be kept.
#[derive(Clone, Debug)]
pub struct Field {
    /// As this package calls it.
    pub id: String,
    pub title: String,
    pub part: Part,
    pub holds: Holds,
    pub by: Hand,
    pub is_personal: bool,
    /// Whether it tells of a permission, or proves one.
    pub is_consent: bool,
    /// The value that says so.
    pub said: String,
}

/// What a field is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Request,
    Consent,
    Attribution,
    Score,
    Path,
    Handoff,
}

impl Part {
    pub fn id(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Consent => "consent",
            Self::Attribution => "attribution",
            Self::Score => "score",
            Self::Path => "path",
            Self::Handoff => "handoff",
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Holds {
    /// So many letters at most.
    Text(u32),
    Email,
    Points {
        most: i32,
    },
    /// A day with its time.
    Moment,
    One(Vec<Choice>),
    Some(Vec<Choice>),
}

/// A word that a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Holds {
    fn id(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Email => "email",
            Self::Points { .. } => "points",
            Self::Moment => "date-time",
            Self::One(_) => "one-of",
            Self::Some(_) => "some-of",
        }
    }

    fn choices(&self) -> &[Choice] {
        match self {
            Self::One(choices) | Self::Some(choices) => choices,
            _ => &[],
        }
    }
}

/// Everything about the fields of a deployment.
struct Fields<'i> {
    labels: Labels,
    told: Vec<Told<'i>>,
    all: Vec<Field>,
    systems: Vec<System>,
}

impl<'i> Fields<'i> {
    fn of(input: &Input<'i>, model: &Qualification) -> Self {
        let (labels, told) = (Labels::of(input), Told::of(input));
        let all = list::fields(input, model, &labels, &told);
        Self { labels, told, all, systems: names::systems(input) }
    }

    /// Those that a system has none of its own for, with their names there.
    fn new_in<'f>(&'f self, system: &'f System) -> impl Iterator<Item = (&'f Field, String)> {
        self.all.iter().filter_map(|field| match system.name(field) {
            Ok(Named::New(name)) => Some((field, name)),
            _ => None,
        })
    }

    /// What whoever opens a field reads of it.
    fn about(&self, field: &Field) -> String {
        let by = self.labels.by(field.by);
        let mark = if field.is_personal { self.labels.word("personal") } else { String::new() };
        [by, mark].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    /// A title in as many letters as a system takes.
    fn title(field: &Field, system: &Platform) -> String {
        match field.title.char_indices().nth(system.title) {
            None => field.title.clone(),
            Some(_) => field.title.chars().take(system.title.saturating_sub(1)).chain(['…']).collect(),
        }
    }
}

/// The files of each system, in the order in which [`all`] makes them.
fn names_of(system: &System) -> &'static [&'static str] {
    match system.platform.id {
        HUBSPOT => &[hubspot::GROUP_FILE, hubspot::FILE],
        MARKETO => &[marketo::FILE],
        SALESFORCE => &[salesforce::FILE],
        DYNAMICS if system.prefix.is_some() => &[dynamics::FILE],
        _ => &[],
    }
}

/// What these files are made from, beside the partner's record.
const READS: &[&str] = &["journey", "qualification", "tracking", "strings", "region.consent", "package"];

pub fn tasks(input: &Input<'_>) -> Vec<Task> {
    let asked = |name: &str, kind, by: &str| Asked::by(format!("qualification/{name}"), kind, by).reading(READS, None);
    let mut files = vec![asked(dictionary::FILE, "table", "qualification.fields")];
    for system in names::systems(input) {
        files.extend(names_of(&system).iter().map(|name| asked(name, "data", system.said)));
    }
    vec![Task::new(files, all)]
}

/// The dictionary, and the files of each system.
fn all(input: &Input<'_>) -> Result<Vec<Content>, Failure> {
    let model = super::model(input);
    let fields = Fields::of(input, &model);
    let mut files = vec![dictionary::table(&fields)];
    for system in &fields.systems {
        match system.platform.id {
            HUBSPOT => files.extend([hubspot::group(input)?, hubspot::properties(input, &fields, system)?]),
            MARKETO => files.push(marketo::fields(&fields, system)?),
            SALESFORCE => files.push(salesforce::package(input, &fields, system).map_err(|error| error.to_string())?),
            DYNAMICS if system.prefix.is_some() => files.push(dynamics::columns(&fields, system)?),
            _ => {}
        }
    }
    Ok(files)
}

/// Fields that can have no name in a system, or share one there.
pub fn check(input: &Input<'_>, model: &Qualification) -> Vec<Finding> {
    let fields = Fields::of(input, model);
    fields.systems.iter().flat_map(|system| names::check(&fields.all, system)).collect()
}

/// As templates see it: `dictionary`, `rows`, and of each of `systems`, and again of those of whoever keeps the leads (`kept`), `id`, `name`, `certainty`, `names` (how sure its rules for names
/// are), `files`, `group`, `prefix`, `lacks` (a key that is still to be given, or null), `mapped` (`field`, `title`, `name`, of fields that it has),
/// `made` (how many are new); as `told` of each machine by which field people tell what happens, by its id.
pub fn view(input: &Input<'_>, model: &Qualification) -> Data {
    let fields = Fields::of(input, model);
    let system = |system: &System| {
        let names: Vec<_> = fields.all.iter().filter_map(|field| Some((field, system.name(field).ok()?))).collect();
        let mapped = names.iter().filter_map(|(field, named)| match named {
            Named::Standard(name) => Some(Data::map([
                ("field", Data::from(&*field.id)),
                ("title", Data::from(&*field.title)),
                ("name", Data::from(name.as_str())),
            ])),
            Named::New(_) => None,
        });
        let made = names.iter().filter(|(_, named)| matches!(named, Named::New(_))).count();
        let named =
            names.iter().map(|(field, Named::Standard(name) | Named::New(name))| (&*field.id, name.as_str().into()));
        Data::map([
            ("id", Data::from(system.platform.id)),
            ("name", system.platform.name.into()),
            ("certainty", system.platform.form.id().into()),
            ("names", system.platform.names.id().into()),
            ("files", Data::list(names_of(system).iter().map(|name| Data::from(*name)))),
            ("group", Data::from(hubspot::group_name(input))),
            ("lacks", system.lacks().map_or(Data::Null, Data::from)),
            ("mapped", Data::list(mapped)),
            ("made", Data::Int(made as i64)),
            ("named", Data::map(named)),
        ])
    };
    let systems: Vec<(bool, Data)> = fields.systems.iter().map(|it| (it.is_keepers, system(it))).collect();
    let row = |field: &Field| {
        Data::map([
            ("id", Data::from(&*field.id)),
            ("part", field.part.id().into()),
            ("holds", field.holds.id().into()),
            ("by", field.by.id().into()),
            ("personal", field.is_personal.into()),
        ])
    };
    Data::map([
        ("dictionary", Data::from(dictionary::FILE)),
        ("told", Data::map(fields.told.iter().map(|told| (told.machine(), told.data())))),
        ("rows", Data::list(fields.all.iter().map(row))),
        ("systems", Data::list(systems.iter().map(|(_, system)| system.clone()))),
        ("kept", Data::list(systems.iter().filter(|(is_keepers, _)| *is_keepers).map(|(_, system)| system.clone()))),
    ])
}
