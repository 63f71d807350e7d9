//! The words for fields and for what they may hold, in the language of whoever makes them.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use super::super::super::Input;
use super::Choice;
use crate::data::Data;
use crate::journey::Path;
use crate::journey::view::View;
use crate::package;
use crate::package::qualification::Hand;

type Words = IndexMap<Arc<str>, Arc<str>>;

/// What the master has for fields in one language. What has no words there is called by its id.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Labels {
    pub language: Arc<str>,
    /// `strings.fields.titles`
    titles: Words,
    /// `strings.fields.words`
    words: Words,
    /// `strings.fields.by`: who fills a field in.
    by: Words,
    /// `strings.form.values`: of what a form lets people choose from.
    values: IndexMap<Arc<str>, Words>,
    /// Titles of the model's items, by its lists.
    lists: IndexMap<Arc<str>, Words>,
}

/// The lists of the model whose items are values of fields, or fields themselves.
const LISTS: [(&str, &str); 5] = [
    ("stages", "qualification.stages"),
    ("owners", "qualification.owners"),
    ("routing", "qualification.routing"),
    ("disqualify", "qualification.disqualify"),
    ("record", "qualification.handoff.record"),
];

impl Labels {
    /// The same as data, from the values of a deployment in one language, by their paths.
    pub fn data(language: &str, value: &dyn Fn(&str) -> Option<Data>) -> Data {
        let map = |path: &str| value(path).filter(|data| data.as_map().is_some()).unwrap_or_else(nothing);
        let titles = |path: &str| {
            let items = value(path);
            let text = |item: &Data, key: &str| item.get(key).and_then(Data::as_str).map(Arc::<str>::from);
            let title = |item: &Data| Some((text(item, "id")?, Data::Text(text(item, "title")?)));
            Data::map(items.as_ref().map_or(&[][..], Data::items).iter().filter_map(title))
        };
        Data::map([
            ("language", Data::from(language)),
            ("titles", map("strings.fields.titles")),
            ("words", map("strings.fields.words")),
            ("by", map("strings.fields.by")),
            ("values", map("strings.form.values")),
            ("lists", Data::map(LISTS.map(|(name, path)| (name, titles(path))))),
        ])
    }

    pub fn of(input: &Input<'_>) -> Self {
        let given = input.data.get("labels").and_then(|data| package::read(data, "labels").ok());
        given.unwrap_or_default()
    }

    /// The lead's path in this language, or else in the master's.
    pub fn path<'i>(&self, input: &Input<'i>) -> Option<&'i View> {
        let told = || input.path.into_iter().flat_map(Path::told).map(|told| &told.view);
        let language = |tag: &str| tag.split('-').next().map(str::to_owned);
        let own = told().find(|view| view.language == self.language);
        own.or_else(|| told().find(|view| language(&view.language) == language(&self.language)))
            .or_else(|| told().next())
    }

    /// Of a field.
    pub fn title(&self, field: &str, otherwise: &str) -> String {
        self.titles.get(field).map_or(otherwise, |title| title).to_owned()
    }

    /// A word for something that has one in each package: `state`, `since`.
    pub fn word(&self, id: &str) -> String {
        self.words.get(id).map_or("", |word| word).to_owned()
    }

    pub fn by(&self, hand: Hand) -> String {
        self.by.get(hand.id()).map_or("", |word| word).to_owned()
    }

    /// Of an item of one of the model's lists.
    pub fn item(&self, list: &str, id: &str) -> String {
        self.lists.get(list).and_then(|words| words.get(id)).map_or(id, |title| title).to_owned()
    }

    pub fn items<'v>(&self, list: &str, ids: impl IntoIterator<Item = &'v str>) -> Vec<Choice> {
        ids.into_iter().map(|id| Choice { value: id.to_owned(), label: self.item(list, id) }).collect()
    }

    /// What people choose from in a form.
    pub fn values(&self, field: &str, values: &[Arc<str>]) -> Vec<Choice> {
        let words = self.values.get(field);
        let label = |value: &str| words.and_then(|words| words.get(value)).map_or(value, |word| word).to_owned();
        values.iter().map(|value| Choice { value: value.to_string(), label: label(value) }).collect()
    }
}

fn nothing() -> Data {
    Data::map::<Arc<str>>([])
}
