//! Marks in the quotes of attributes. What they give is looked at when a page is rendered, since only then it is known who made
//! it: a text is escaped, but markup stands as it is, where a tag is none and a quote would end the attribute. So nothing depends
//! on what a name is bound to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::encode::html;
use crate::filters::{FILTERS, OfMarkup};

use super::functions::Refusal;
use super::inserted::Insertion;
use super::marked::inner;
use super::piped::ends_with;

/// The filters that the engines apply to what stands in quotes.
pub const IN: [(char, &str); 2] = [('"', "__in_double"), ('\'', "__in_single")];

/// What to do about markup in quotes.
pub const HELP: &str = "write `{{ … | plain }}` for the words alone";

/// The beginning of what is said of it.
pub const MARKUP: &str = "what stands in quotes here is markup";

/// Such marks: of each template where they begin and end, and in which quotes they stand.
#[derive(Clone, Debug, Default)]
pub struct Quoted(BTreeMap<String, BTreeMap<usize, (usize, BTreeSet<char>)>>);

impl Quoted {
    /// Notes a mark, unless it can be no markup.
    pub fn add(&mut self, template: &str, mark: &str, at: &Range<usize>, quote: char) {
        if may_be_markup(mark) {
            let marks = self.0.entry(template.to_owned()).or_default();
            marks.entry(at.start).or_insert_with(|| (at.end, BTreeSet::new())).1.insert(quote);
        }
    }

    /// What makes the engine look at what stands in quotes.
    pub fn insertions(&self, template: &str, text: &str) -> Vec<Insertion> {
        let marks = self.0.get(template).into_iter().flatten();
        marks.filter_map(|(&start, (end, quotes))| looking(text, start..*end, quotes)).flatten().collect()
    }
}

fn looking(text: &str, tag: Range<usize>, quotes: &BTreeSet<char>) -> Option<[Insertion; 2]> {
    let filters = IN.iter().filter(|(quote, _)| quotes.contains(quote)).map(|(_, filter)| *filter);
    filtered(text, tag, filters)
}

/// What has a mark go through more filters as a whole.
pub fn filtered<'f>(text: &str, tag: Range<usize>, filters: impl Iterator<Item = &'f str>) -> Option<[Insertion; 2]> {
    let inner = text.get(tag.clone())?.strip_prefix("{{")?.strip_suffix("}}")?;
    let kept = inner.trim_start_matches(['-', '+']).trim_start();
    let start = tag.end - 2 - kept.len();
    let end = start + kept.trim_end_matches(['-', '+']).trim_end().len();
    let filters = filters.map(|filter| format!(" | {filter}"));
    let insertion = |at, text| Insertion { at, text, tag: tag.clone() };
    let closing = format!("){}", filters.collect::<String>());
    (start < end).then(|| [insertion(start, "(".to_owned()), insertion(end, closing)])
}

/// Whether anything but a text may come of a mark. What a block of another template gives was read there, and a component is
/// refused in quotes.
fn may_be_markup(mark: &str) -> bool {
    !inner(mark).starts_with('<') && !is_super(mark) && !gives_text(mark)
}

/// Whether a mark puts in what the block has that it replaces.
pub fn is_super(mark: &str) -> bool {
    inner(mark).strip_prefix("super").is_some_and(|rest| rest.split_whitespace().collect::<String>() == "()")
}

/// Whether the last filter of a mark gives a text, which is escaped.
pub fn gives_text(mark: &str) -> bool {
    let texts = FILTERS.iter().filter(|filter| filter.of_markup != OfMarkup::Kept);
    let filters: Vec<&str> = texts.map(|filter| filter.name).collect();
    ends_with(mark, &filters)
}

/// Markup as it stands in these quotes. That has no tags.
pub fn within(quote: char, markup: &str) -> Result<Cow<'_, str>, Refusal> {
    match markup.contains('<') {
        true => Err(Refusal {
            code: "E-TEMPLATE",
            message: format!("{MARKUP}: a tag is none there, and a `{quote}` in it would end them"),
        }),
        false => Ok(html::within(quote, markup)),
    }
}
