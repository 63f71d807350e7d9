//! Ids for headings of the master that have none (M2): written once, and from then on the block's own.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::filters;
use crate::syntax::markdown::{MAX_DEPTH, Outlined, outline};

use super::text::{Edit, line_stop};

/// How long the part of an id is that a heading gives.
const LONGEST: usize = 48;

/// The longest id that a block may have.
const MAX_ID: usize = 200;

/// A heading without an id, by the block it stands in and how many stand there before it: so a translation
/// names the same one.
pub type Unnamed = (Option<Arc<str>>, usize);

/// An id for a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub of: Unnamed,
    pub level: u8,
    /// Where the heading's Markdown stands.
    pub range: Range<usize>,
    /// `None` for a heading that goes without, with the reason.
    pub id: Result<String, &'static str>,
}

/// The ids of a file's headings that have none. Those of `without` get none.
pub fn given(text: &str, without: &BTreeSet<Unnamed>) -> Vec<Given> {
    let outline = outline(text);
    let mut without: BTreeMap<Unnamed, &'static str> =
        without.iter().map(|of| (of.clone(), "its translations have other headings")).collect();
    loop {
        match Walk::over(&outline, &without) {
            Ok(given) => return given,
            // Its block would hold one whose id does not say so.
            Err((of, reason)) => drop(without.insert(of, reason)),
        }
    }
}

/// A block that is open, and the heading without an id that it began with.
struct Open {
    level: Option<u8>,
    id: Arc<str>,
    given: Option<Unnamed>,
}

struct Walk<'o> {
    without: &'o BTreeMap<Unnamed, &'static str>,
    taken: BTreeSet<Arc<str>>,
    open: Vec<Open>,
    counts: BTreeMap<Option<Arc<str>>, usize>,
    given: Vec<Given>,
}

type Refused = (Unnamed, &'static str);

impl<'o> Walk<'o> {
    fn over(outline: &[Outlined], without: &'o BTreeMap<Unnamed, &'static str>) -> Result<Vec<Given>, Refused> {
        let taken = outline.iter().filter_map(|sign| match sign {
            Outlined::Heading { id, .. } => id.clone(),
            Outlined::Block(id) => Some(id.clone()),
            Outlined::End => None,
        });
        let taken = taken.collect();
        let mut walk = Walk { without, taken, open: Vec::new(), counts: BTreeMap::new(), given: Vec::new() };
        outline.iter().try_for_each(|sign| walk.sign(sign))?;
        Ok(walk.given)
    }

    fn sign(&mut self, sign: &Outlined) -> Result<(), Refused> {
        match sign {
            Outlined::Heading { level, id, range, words } => {
                while self.open.last().is_some_and(|open| open.level.is_some_and(|own| own >= *level)) {
                    self.open.pop();
                }
                match id {
                    Some(id) => self.named(id, Some(*level)),
                    None => self.unnamed(*level, range, words),
                }
            }
            Outlined::Block(id) => {
                while self.open.last().is_some_and(|open| open.level.is_some() && !is_below(id, &open.id)) {
                    self.open.pop();
                }
                self.named(id, None)
            }
            Outlined::End => {
                while self.open.pop().is_some_and(|open| open.level.is_some()) {}
                Ok(())
            }
        }
    }

    fn named(&mut self, id: &Arc<str>, level: Option<u8>) -> Result<(), Refused> {
        if let Some(Open { id: around, given: Some(of), .. }) = self.open.last()
            && !is_below(id, around)
        {
            return Err((of.clone(), "a block under it has an id that does not say so"));
        }
        self.open.push(Open { level, id: id.clone(), given: None });
        Ok(())
    }

    fn unnamed(&mut self, level: u8, range: &Range<usize>, words: &str) -> Result<(), Refused> {
        let block = self.open.iter().rev().find(|open| open.given.is_none()).map(|open| open.id.clone());
        let count = self.counts.entry(block.clone()).or_default();
        let of = (block, *count);
        *count += 1;
        let id = match self.without.get(&of) {
            Some(reason) => Err(*reason),
            None => self.new_id(words),
        };
        if let Ok(id) = &id {
            let id: Arc<str> = id.as_str().into();
            self.taken.insert(id.clone());
            self.open.push(Open { level: Some(level), id, given: Some(of.clone()) });
        }
        self.given.push(Given { of, level, range: range.clone(), id });
        Ok(())
    }

    /// An id that nothing in the file has, below that of the block around it.
    fn new_id(&self, words: &str) -> Result<String, &'static str> {
        if self.open.len() >= MAX_DEPTH {
            return Err("blocks would nest too deeply");
        }
        let own = proposed(words);
        let own = self.open.last().map_or_else(|| own.clone(), |around| format!("{}/{own}", around.id));
        let id = std::iter::once(own.clone()).chain((2..).map(|number| format!("{own}-{number}")));
        let id = id.into_iter().find(|id| !self.taken.contains(id.as_str())).unwrap_or_default();
        if id.len() > MAX_ID { Err("its id would be too long") } else { Ok(id) }
    }
}

fn is_below(id: &str, around: &str) -> bool {
    id.strip_prefix(around).is_some_and(|rest| rest.starts_with('/'))
}

/// The heading's words in ASCII, as many whole ones as fit.
fn proposed(words: &str) -> String {
    let slug = filters::slug_of(words).unwrap_or_else(|| "section".to_owned());
    match slug.get(..LONGEST) {
        Some(start) => start.rsplit_once('-').map_or(start, |(whole, _)| whole).to_owned(),
        None => slug,
    }
}

/// The edits that write the ids behind their headings, into the braces that are there if any.
pub fn edits(text: &str, given: &[Given]) -> Vec<Edit> {
    let edit = |given: &Given| {
        let id = given.id.as_ref().ok()?;
        let behind = &text[given.range.end..line_stop(text, given.range.end)];
        let words_end = given.range.end + behind.trim_end().len();
        Some(match behind.find('{') {
            Some(at) => Edit::new(given.range.end + at + 1..given.range.end + at + 1, format!("#{id} ")),
            // Behind what closes the heading, too: `## Heading ## {#id}`.
            None => Edit::new(words_end..words_end, format!(" {{#{id}}}")),
        })
    };
    given.iter().filter_map(edit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rewrite::text::apply;
    use crate::source::SourceId;
    use crate::syntax::markdown;

    fn with_ids(text: &str) -> String {
        apply(text, edits(text, &given(text, &BTreeSet::new()))).unwrap()
    }

    #[test]
    fn headings_get_ids_that_say_where_they_stand() {
        let text = "---\ntitle: x\n---\n\n## Größer *und* `besser` {{ product.name }} ##\r\n\r\n### Cost\n\n### Cost\n\n\
                    ## Why {#why .wide}\n\n### {{ x }}\n\n## Cards {.cards}\n\nSetext\n------\n\n```\n## code\n```\n";
        let new = with_ids(text);
        let expected = text
            .replace("product.name }} ##", "product.name }} ## {#grosser-und-besser}")
            .replacen("### Cost\n", "### Cost {#grosser-und-besser/cost}\n", 1)
            .replace("### Cost\n", "### Cost {#grosser-und-besser/cost-2}\n")
            .replace("### {{ x }}", "### {{ x }} {#why/section}")
            .replace("{.cards}", "{#cards .cards}")
            .replace("Setext\n", "Setext {#setext}\n");
        assert_eq!(new, expected);
        assert_eq!(with_ids(&new), new);
        let document = markdown::parse(SourceId(0), &new, 0).unwrap();
        assert_eq!(document.blocks.len(), 4);
    }

    #[test]
    fn ids_that_are_there_stay_and_must_fit() {
        let text = "## A {#a}\n\n### B\n\n#### C {#a/c}\n\n### D\n\n<!-- block: a/m -->\n#### E\n<!-- /block -->\n";
        let all = given(text, &BTreeSet::new());
        let ids: Vec<_> = all.iter().map(|given| given.id.clone().unwrap_or_else(str::to_owned)).collect();
        assert_eq!(ids, ["a block under it has an id that does not say so", "a/d", "a/m/e"]);
        assert!(markdown::parse(SourceId(0), &with_ids(text), 0).is_ok());
    }

    #[test]
    fn long_headings_give_short_ids() {
        assert_eq!(proposed(&"word ".repeat(30)), "word-word-word-word-word-word-word-word-word");
        assert_eq!(proposed("漢字"), "section");
    }
}
