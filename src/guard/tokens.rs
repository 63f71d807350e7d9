//! Marks that an email platform or another template language would fill in: a layer's words go out as they are, so a
//! mark in them would be filled by whoever sends, or be read by people. Names that a layer makes, such as keys of `vars`,
//! are words too.
//!
//! - [`forms`]: what marks look like

mod forms;

use pulldown_cmark::{Event, Parser, TagEnd};

use crate::catalog::Layer;
use crate::catalog::patch::{Leaf, Patch, PatchKind, entry_path, item_path};
use crate::catalog::place::governed;
use crate::catalog::settings::Form;
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Span;

pub use forms::{Marks, mark, marks};

/// Refuses marks in what a layer other than the master says; also of the workspace's own forms.
pub fn check(layer: &Layer, own: &[Form], diagnostics: &mut Diagnostics) {
    let mut walk = Walk { own, way: Vec::new(), diagnostics };
    walk.patch(&layer.patch);
    layer.translations.values().for_each(|patch| walk.patch(patch));
}

/// All that a layer says in words, also in other languages, and the names that it makes; without what nobody reads, such as remarks.
pub fn words(layer: &Layer) -> Vec<&str> {
    let mut found = Vec::new();
    said(&layer.patch, &mut found);
    layer.translations.values().for_each(|patch| said(patch, &mut found));
    found
}

fn said<'p>(patch: &'p Patch, found: &mut Vec<&'p str>) {
    match &patch.kind {
        PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) | PatchKind::Amend(leaf) => of_leaf(leaf, found),
        PatchKind::Set(words) => {
            let all = words.whole.iter().flatten().chain(&words.add).chain(&words.remove);
            found.extend(all.map(|word| &**word));
        }
        PatchKind::Map(entries) => {
            for (key, patch) in entries.iter() {
                found.push(key);
                said(patch, found);
            }
        }
        PatchKind::Keyed(keyed) => keyed.items.values().for_each(|item| said(&item.patch, found)),
        PatchKind::Replace(inner) => said(inner, found),
        PatchKind::Remove | PatchKind::Inherit(_) | PatchKind::Choose(_) => {}
    }
}

/// A step to a place: the entry of a map, or the item of a list.
#[derive(Clone, Copy)]
enum Step<'p> {
    Entry(&'p str),
    Item(&'p str),
}

struct Walk<'p, 'w> {
    own: &'w [Form],
    way: Vec<Step<'p>>,
    diagnostics: &'w mut Diagnostics,
}

impl<'p> Walk<'p, '_> {
    fn patch(&mut self, patch: &'p Patch) {
        match &patch.kind {
            PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) | PatchKind::Amend(leaf) => {
                let mut texts = Vec::new();
                of_leaf(leaf, &mut texts);
                self.texts(texts, patch.span);
            }
            PatchKind::Set(words) => {
                let all = words.whole.iter().flatten().chain(&words.add).chain(&words.remove);
                self.texts(all.map(|word| &**word).collect(), patch.span);
            }
            PatchKind::Map(entries) => {
                for (key, patch) in entries.iter() {
                    self.below(Step::Entry(key), patch);
                }
            }
            PatchKind::Keyed(keyed) => {
                for (id, item) in &keyed.items {
                    self.below(Step::Item(id), &item.patch);
                }
            }
            PatchKind::Replace(inner) => self.patch(inner),
            PatchKind::Remove | PatchKind::Inherit(_) | PatchKind::Choose(_) => {}
        }
    }

    fn below(&mut self, step: Step<'p>, patch: &'p Patch) {
        self.way.push(step);
        let (Step::Entry(name) | Step::Item(name)) = step;
        // Most names are the schema's, and no mark is made of these alone.
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte)) {
            self.texts(vec![name], patch.span);
        }
        self.patch(patch);
        self.way.pop();
    }

    /// Of a place the first mark is said.
    fn texts(&mut self, texts: Vec<&str>, span: Span) {
        let own = self.own;
        let found = texts.into_iter().find_map(|text| match mark(text, own) {
            Some(mark) => Some(mark.to_owned()),
            None => text.contains(HIDING).then(|| mark(&shown(text), own).map(str::to_owned))?,
        });
        if let Some(mark) = found {
            self.refuse(&mark, span);
        }
    }

    fn refuse(&mut self, mark: &str, span: Span) {
        let path = self.way.iter().fold(String::new(), |path, step| match step {
            Step::Entry(key) => entry_path(&path, key),
            Step::Item(id) => item_path(&path, id),
        });
        let shown: String = mark.chars().take(40).collect();
        let message = format!("`{}` holds `{shown}`, which an email platform would fill in", governed(&path));
        let help = "write the words themselves; the master's templates hold what platforms fill in";
        self.diagnostics.push(Diagnostic::error("E-TOKEN", message).at(span, "").help(help));
    }
}

/// The texts that a value is made of. What is of a kind that holds no words cannot hold a mark.
fn of_leaf<'p>(leaf: &'p Leaf, found: &mut Vec<&'p str>) {
    match leaf {
        Leaf::Seq(items) => items.iter().for_each(|item| of_leaf(item, found)),
        Leaf::Map(entries) => {
            for (key, leaf) in entries.iter() {
                found.push(key);
                of_leaf(leaf, found);
            }
        }
        Leaf::Text { kind: Some(kind), .. } if !kind.holds_words() => {}
        _ => found.extend(leaf.source()),
    }
}

/// Signs by which Markdown could hide a mark.
const HIDING: [char; 8] = ['\\', '&', '*', '_', '~', '`', '<', '['];

/// The words that Markdown makes of a text, without its escapes, entities and emphasis, which would hide a mark here
/// and no longer in what goes out.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for event in Parser::new(text) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                shown.push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => {
                shown.push('\n');
            }
            _ => {}
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{mark, shown};

    #[test]
    fn markdown_hides_no_mark() {
        for text in ["\\*|EMAIL|\\*", "&#42;|EMAIL|*", "%EM**AI**L%", "$\\{x}", "\\[[x]\\]", "&lt;% x %&gt;"] {
            assert!(mark(text, &[]).is_some() || mark(&shown(text), &[]).is_some(), "{text}");
        }
    }
}
