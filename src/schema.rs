//! What each file of the workspace may hold: one table for reading, merging, checking and editors.
//!
//! A [`Shape`] says of a value what kind it is, how it merges (rules V1, L1) and whether it is
//! translated. Required keys are checked on the merged result (D2), since a layer holds only a part.
//!
//! - [`package`]: `package.yaml`, whose keys stand at the root
//! - [`nurture`], [`qualification`], [`sales`], [`tracking`], [`playbook`], [`proof`], [`journey`], [`platforms`]: one for each file
//! - [`mod@kind`]: words that mean one thing
//! - [`measure`]: numbers that do
//! - [`domain`]: whose a host can be
//! - [`capture`]: where forms are sent, of vendor and partner
//! - [`analytics`]: what counts what happens on the pages
//! - [`records`]: the records of the axes (`partner.yaml`, `region.yaml`, …)

pub mod address;
pub mod analytics;
pub mod capture;
pub mod domain;
pub mod journey;
pub mod kind;
pub mod measure;
pub mod nurture;
pub mod package;
pub mod platforms;
pub mod playbook;
pub mod proof;
pub mod qualification;
pub mod records;
pub mod sales;
pub mod tracking;

pub use kind::Kind;
pub use measure::Measure;

use std::sync::{Arc, LazyLock};

/// The seven components, by name; every package has them all.
pub const COMPONENTS: &[&str] = &["landing", "nurture", "qualification", "sales", "tracking", "playbook", "proof"];

/// The kind of a value. What it holds is shared: every layer, and every item of a list, is read by it.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Prose for readers: translated, interpolated.
    Text(Prose),
    /// A word that means one thing, and is checked for it: the same in every locale, interpolated.
    Kind(Kind),
    /// A whole number.
    Int(Measure),
    Number(Measure),
    Flag,
    /// `YYYY-MM-DD`.
    Date,
    /// `#rrggbb`.
    Color,
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// Known keys.
    Map(Arc<[Field]>),
    /// Any keys, all of one shape.
    Open(Box<Shape>),
    /// A list of maps with an `id` each, merged item by item (L2). Overlays may add items.
    Keyed(Arc<[Field]>),
    /// Words without order or repetition, changed by `$add` and `$remove` (L6).
    Set,
    /// A list that is only ever replaced as a whole.
    List(Box<Shape>),
    /// Scalars, lists and maps as they come; texts in it are translated. For `vars` and `strings`.
    Any,
}

/// How much prose there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prose {
    /// One line: a title, a label.
    Line,
    /// Sentences; an empty line may separate paragraphs.
    Paragraphs,
}

impl Prose {
    /// The most characters, as written.
    pub fn most(self) -> usize {
        match self {
            Self::Line => kind::MOST_LINE,
            Self::Paragraphs => 10_000,
        }
    }
}

/// A key of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: &'static str,
    pub shape: Shape,
    /// Must be there once all layers are merged.
    pub required: bool,
    /// What the key means, for the user guide and for editors.
    pub doc: &'static str,
}

impl Field {
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

fn field(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, required: false, doc }
}

/// Prose of one line, translated.
pub fn text(name: &'static str, doc: &'static str) -> Field {
    field(name, Shape::Text(Prose::Line), doc)
}

/// Prose of several lines, translated.
pub fn paragraphs(name: &'static str, doc: &'static str) -> Field {
    field(name, Shape::Text(Prose::Paragraphs), doc)
}

/// Words of one line that are the same in every locale.
pub fn line(name: &'static str, doc: &'static str) -> Field {
    kind(name, Kind::Line, doc)
}

/// Names an item, here or elsewhere.
pub fn id(name: &'static str, doc: &'static str) -> Field {
    kind(name, Kind::Id, doc)
}

/// Names a file.
pub fn file(name: &'static str, doc: &'static str) -> Field {
    kind(name, Kind::File, doc)
}

/// A word of a kind, the same in every locale.
pub fn kind(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    field(name, Shape::Kind(kind), doc)
}

/// A whole number.
pub fn int(name: &'static str, measure: Measure, doc: &'static str) -> Field {
    field(name, Shape::Int(measure), doc)
}

pub fn number(name: &'static str, measure: Measure, doc: &'static str) -> Field {
    field(name, Shape::Number(measure), doc)
}

pub fn flag(name: &'static str, doc: &'static str) -> Field {
    field(name, Shape::Flag, doc)
}

pub fn date(name: &'static str, doc: &'static str) -> Field {
    field(name, Shape::Date, doc)
}

pub fn color(name: &'static str, doc: &'static str) -> Field {
    field(name, Shape::Color, doc)
}

pub fn choice(name: &'static str, words: &'static [&'static str], doc: &'static str) -> Field {
    field(name, Shape::Choice(words), doc)
}

pub fn map(name: &'static str, fields: impl IntoIterator<Item = Field>, doc: &'static str) -> Field {
    field(name, Shape::Map(fields.into_iter().collect()), doc)
}

/// A list of maps told apart by `id`; the field `id` is added.
pub fn keyed(name: &'static str, fields: impl IntoIterator<Item = Field>, doc: &'static str) -> Field {
    keyed_by(Kind::Id, name, fields, doc)
}

/// As [`keyed`], with ids of another kind.
pub fn keyed_by(id: Kind, name: &'static str, fields: impl IntoIterator<Item = Field>, doc: &'static str) -> Field {
    let id = kind("id", id, "names the item in every layer and locale").required();
    field(name, Shape::Keyed(std::iter::once(id).chain(fields).collect()), doc)
}

/// Words, each once, that layers take in and out (L6).
pub fn set(name: &'static str, doc: &'static str) -> Field {
    field(name, Shape::Set, doc)
}

/// A list of prose, replaced and translated as a whole.
pub fn texts(name: &'static str, doc: &'static str) -> Field {
    field(name, Shape::List(Box::new(Shape::Text(Prose::Paragraphs))), doc)
}

/// A list of words of a kind, replaced as a whole.
pub fn words(name: &'static str, kind: Kind, doc: &'static str) -> Field {
    field(name, Shape::List(Box::new(Shape::Kind(kind))), doc)
}

/// A list of maps without ids, replaced as a whole.
pub fn list(name: &'static str, fields: impl IntoIterator<Item = Field>, doc: &'static str) -> Field {
    field(name, Shape::List(Box::new(Shape::Map(fields.into_iter().collect()))), doc)
}

/// A map with any keys, all of one shape.
pub fn open(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    field(name, Shape::Open(Box::new(shape)), doc)
}

impl Shape {
    /// The field of a map or of a keyed list's items.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields().iter().find(|field| field.name == name)
    }

    /// The fields of a map or of a keyed list's items; none for other shapes.
    pub fn fields(&self) -> &[Field] {
        match self {
            Shape::Map(fields) | Shape::Keyed(fields) => fields,
            _ => &[],
        }
    }

    /// The shape at a dotted path below a map.
    pub fn at(&self, path: &str) -> Option<&Shape> {
        path.split('.').try_fold(self, |shape, name| shape.field(name).map(|field| &field.shape))
    }

    /// Whether the value is one leaf to the merge: replaced whole, never descended into.
    pub fn is_leaf(&self) -> bool {
        !matches!(self, Shape::Map(_) | Shape::Open(_) | Shape::Keyed(_) | Shape::Any)
    }

    /// Whether the leaf has a value in each locale.
    pub fn is_translated(&self) -> bool {
        match self {
            Shape::Text(_) | Shape::Any => true,
            Shape::List(item) => item.holds_text(),
            _ => false,
        }
    }

    /// Whether there is prose anywhere in it.
    pub fn holds_text(&self) -> bool {
        match self {
            Shape::Text(_) | Shape::Any => true,
            Shape::Map(fields) | Shape::Keyed(fields) => fields.iter().any(|field| field.shape.holds_text()),
            Shape::Open(shape) | Shape::List(shape) => shape.holds_text(),
            _ => false,
        }
    }

    /// What is expected here, for messages.
    pub fn describe(&self) -> String {
        match self {
            Shape::Text(_) => "a text".into(),
            Shape::Kind(kind) => kind.describe().into(),
            Shape::Int(measure) => format!("a whole number {}", measure.describe()),
            Shape::Number(measure) => format!("a number {}", measure.describe()),
            Shape::Flag => "true or false".into(),
            Shape::Date => {
                format!("a date from {} to {} such as 2027-01-31", measure::YEARS.start(), measure::YEARS.end())
            }
            Shape::Color => "a colour such as \"#0b6e4f\"".into(),
            Shape::Choice(words) => format!("one of {}", words.join(", ")),
            Shape::Map(_) | Shape::Open(_) => "a map".into(),
            Shape::Keyed(_) => "a list of maps with an `id` each".into(),
            Shape::Set => "a list of words".into(),
            Shape::List(_) => "a list".into(),
            Shape::Any => "any value".into(),
        }
    }
}

/// The YAML files at the root of the master, by the path they contribute at; `package.yaml` stands at
/// the root itself.
pub fn documents() -> &'static [Field] {
    static DOCUMENTS: LazyLock<[Field; 9]> = LazyLock::new(|| {
        [
            open("strings", Shape::Any, "words of the interface: labels, buttons, footers"),
            nurture::schema(),
            qualification::schema(),
            sales::schema(),
            tracking::schema(),
            playbook::schema(),
            proof::schema(),
            journey::schema(),
            platforms::schema(),
        ]
    });
    &*DOCUMENTS
}

/// The buttons that front matter may have, each with its words (`label`) and where it leads (`link`).
pub const ACTIONS: [(&str, &str); 3] = [
    ("hero_cta", "the first button"),
    ("secondary_cta", "the second button"),
    ("download", "the button that leads to the asset"),
];

/// The front matter of Markdown files. `vars` is free; everything else has one meaning everywhere.
pub fn front_matter() -> &'static Shape {
    static FRONT_MATTER: LazyLock<Shape> = LazyLock::new(front_matter_shape);
    &FRONT_MATTER
}

fn front_matter_shape() -> Shape {
    let action = |(name, doc)| map(name, [text("label", "the words"), id("link", "an id of `tracking.links`")], doc);
    let [hero, secondary, download] = ACTIONS.map(action);
    let fields = [
        text("title", "the page's title"),
        paragraphs("description", "one sentence for search results"),
        text("kicker", "the small line above the title"),
        text("reading_time", "how long it takes to read"),
        hero,
        secondary,
        download,
        map(
            "form",
            [
                text("title", "its heading"),
                paragraphs("intro", "a line above the fields"),
                text("submit", "the button"),
            ],
            "the form",
        ),
        file("cover", "an image below `assets/`"),
        file("image", "an image below `assets/`"),
        text("image_alt", "what the image shows"),
        open("vars", Shape::Any, "the page's own variables"),
    ];
    Shape::Map(fields.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where anything may stand: words that templates ask for by names of HQ's own.
    const FREE: [&str; 3] = ["front matter.vars.*", "package.vars.*", "strings.*"];

    fn free(shape: &Shape, path: &str, found: &mut Vec<String>) {
        let below = |field: &Field| format!("{path}.{}", field.name);
        match shape {
            Shape::Any => found.push(path.to_owned()),
            Shape::Open(inner) | Shape::List(inner) => free(inner, &format!("{path}.*"), found),
            Shape::Map(fields) | Shape::Keyed(fields) => {
                fields.iter().for_each(|field| free(&field.shape, &below(field), found));
            }
            _ => {}
        }
    }

    #[test]
    fn every_key_has_a_meaning_but_a_few() {
        let mut found = Vec::new();
        free(package::schema(), "package", &mut found);
        documents().iter().for_each(|field| free(&field.shape, field.name, &mut found));
        free(front_matter(), "front matter", &mut found);
        for axis in ["partner", "region", "industry", "tier", "motion"] {
            free(&records::schema(axis), axis, &mut found);
        }
        found.sort();
        assert_eq!(found, FREE);
    }
}
