//! Markdown files of a scaffold: every block that may be changed, by operation, with what it says today.
//!
//! An operation stands in a comment. One with a text is open on its first line: it counts once that line ends
//! with the comment. One without has a `#` before it. So each is a single edit away from counting.

use std::fmt::Write;

use crate::catalog::patch::{Right, entry_path};
use crate::encode::markdown::in_comment;
use crate::policy::rules::Rule;
use crate::resolve::tree::Tree;
use crate::syntax::markdown::Place;

use super::footing::Footing;
use super::keys::{self, Keys};
use super::overlay::Wanted;

/// What stands where a text of one's own goes.
const OWN: &str = "A text of your own.";

/// The file for the blocks of `path`, such as `content/landing.md`; `None` where nothing is open.
pub fn file(footing: &Footing<'_>, wanted: &Wanted, path: &str) -> Option<String> {
    let node = footing.tree()?.at(path)?;
    let mut made = Blocks { footing, wanted, path, parts: Vec::new() };
    if let Some(blocks) = node.get("blocks") {
        made.below(blocks);
        made.insertion(blocks);
    }
    let front = front(footing, wanted, path, node);
    if made.parts.is_empty() && front.is_empty() {
        return None;
    }
    let mut text = String::new();
    if !front.is_empty() {
        writeln!(text, "---\n{}\n{}\n---\n", keys::HOW, front.join("\n")).ok()?;
    }
    let who = footing.who();
    let _ = write!(
        text,
        "<!-- What the {who} may change in {path}. Nothing here counts yet.\n     \
         To use an operation, end its first line as its last line ends, or take the # out of it. -->\n"
    );
    made.parts.iter().for_each(|part| {
        let _ = write!(text, "\n{part}");
    });
    Some(text)
}

fn front(footing: &Footing<'_>, wanted: &Wanted, path: &str, node: &Tree) -> Vec<String> {
    let below = node
        .get("front")
        .map(|front| Keys::new(footing, wanted, false).below(front, &entry_path(path, "front"), |_| false));
    below.unwrap_or_default()
}

struct Blocks<'a> {
    footing: &'a Footing<'a>,
    wanted: &'a Wanted,
    path: &'a str,
    parts: Vec<String>,
}

impl Blocks<'_> {
    /// The operations on all blocks of a list, and on those nested in them.
    fn below(&mut self, blocks: &Tree) {
        for (id, block) in blocks.children() {
            let path = format!("{}#{id}", self.path);
            let operations = if self.wanted.has(&path) { self.operations(id, block, &path) } else { Vec::new() };
            if !operations.is_empty() {
                let rights = self.footing.rights(&path);
                let remark = keys::remark(self.footing, &path);
                let remark = if remark.is_empty() { remark } else { format!("; {remark}") };
                let head = format!("the block {id} may be changed by {rights}{remark}");
                let head = in_comment(&head).unwrap_or_default();
                self.parts.push(format!("<!-- {head} -->\n{}", operations.concat()));
            }
            if let Some(nested) = block.get("blocks") {
                self.below(nested);
            }
        }
    }

    fn operations(&self, id: &str, block: &Tree, path: &str) -> Vec<String> {
        let may = |right: Right| self.footing.is_known(path) && self.footing.may(path, right);
        let mut made = Vec::new();
        let whole = [(Right::ReplaceBody, "replace-body"), (Right::Replace, "replace")];
        let whole = whole.into_iter().find(|&(right, _)| may(right) && self.footing.is_open_below(path, right));
        if let Some((right, name)) = whole {
            let today = text_of(block, right == Right::Replace);
            made.extend(self.with_text(name, id, path, &today));
        } else if may(Right::Append) {
            made.extend(self.with_text("append", id, path, OWN));
        }
        let rule = self.footing.rule(path);
        if may(Right::Move) {
            let place = rule.and_then(|rule| rule.at.as_ref()).map_or("last".to_owned(), place);
            made.push(format!("<!-- # move: {id} {place} -->\n"));
        }
        if may(Right::Choose) {
            let variants = rule.into_iter().flat_map(|rule| &rule.variants);
            made.extend(variants.map(|variant| format!("<!-- # choose: {id} {} -->\n", variant.value)));
        }
        made
    }

    /// An operation with a text: today's, or one that keeps the limits.
    fn with_text(&self, name: &str, id: &str, path: &str, today: &str) -> Option<String> {
        let keep = self.footing.rule(path).map(|rule| rule.limits.must_keep.join(" ")).unwrap_or_default();
        let own = format!("{OWN} {keep}");
        let counted = |text: &str| text.lines().filter(|line| !line.contains("{#")).collect::<Vec<_>>().join("\n");
        let fits = |text: &&str| self.footing.fits(path, &counted(text)) && in_comment(text).is_some();
        let text = [today.trim(), own.trim()].into_iter().find(fits)?;
        let end = name.split(':').next().unwrap_or(name);
        Some(format!("<!-- {name}: {id}\n{text}\n<!-- /{end} -->\n"))
    }

    /// A block that nobody has yet, where there is room for one.
    fn insertion(&mut self, blocks: &Tree) {
        let policy = self.footing.program.approved().policy();
        let is_here = |rule: &&Rule| rule.pattern.text().starts_with(&format!("{}#", self.path));
        let patterns = policy.rules().iter().filter(is_here).map(|rule| rule.pattern.text());
        // Named after the layer, so that no two layers bring the same.
        let own = &self.footing.own;
        let open = patterns.filter_map(|text| text.split_once('#')).filter(|(_, id)| id.contains('*'));
        let candidates = open.map(|(_, id)| id.replace('*', own)).chain([format!("section-{own}")]);
        let found = candidates.map(|id| (format!("{}#{id}", self.path), id)).find(|(path, id)| {
            blocks.get(id).is_none()
                && !id.contains('/')
                && self.wanted.has(path)
                && self.footing.may(path, Right::Insert)
                && self.footing.has_room()
        });
        let Some((path, id)) = found else { return };
        let rule = self.footing.rule(&path);
        let place = rule.and_then(|rule| rule.at.as_ref()).map_or("last".to_owned(), place);
        let keep = rule.map(|rule| rule.limits.must_keep.join(" ")).unwrap_or_default();
        let body = format!("{OWN} {keep}");
        if !self.footing.fits(&path, &format!("A heading\n\n{}", body.trim())) {
            return;
        }
        let remark = keys::remark(self.footing, &path);
        let remark = if remark.is_empty() { remark } else { format!(": {remark}") };
        let head = format!("a block of your own{remark}");
        let head = in_comment(&head).unwrap_or_default();
        self.parts.push(format!(
            "<!-- {head} -->\n<!-- insert: {id} {place}\n## A heading {{#{id}}}\n\n{}\n<!-- /insert -->\n",
            body.trim()
        ));
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::First => "first".into(),
        Place::Last => "last".into(),
        Place::Before(anchor) => format!("before {}", anchor.value),
        Place::After(anchor) => format!("after {}", anchor.value),
    }
}

/// What a block says, nested blocks included, as it would be written again.
pub fn text_of(block: &Tree, with_heading: bool) -> String {
    let source = |key: &str| block.get(key).and_then(|node| node.as_leaf()).and_then(|leaf| leaf.leaf.source());
    let mut text = String::new();
    if let Some(heading) = source("heading").filter(|_| with_heading) {
        let level = block.get("level").and_then(|level| level.as_leaf()).map(|level| &level.leaf);
        let level = match level {
            Some(&crate::catalog::patch::Leaf::Int(level)) => usize::try_from(level).unwrap_or(2),
            _ => 2,
        };
        let classes: String =
            source("class").unwrap_or_default().split_whitespace().map(|class| format!(" .{class}")).collect();
        let id = source("id").unwrap_or_default();
        let _ = write!(text, "{} {} {{#{id}{classes}}}\n\n", "#".repeat(level), heading.trim());
    } else if with_heading {
        let id = source("id").unwrap_or_default();
        let _ = write!(text, "<!-- block: {id} -->\n\n");
    }
    text.push_str(source("body").unwrap_or_default().trim());
    let nested = block.get("blocks").into_iter().flat_map(|blocks| blocks.children());
    for (_, block) in nested {
        let _ = write!(text, "\n\n{}", text_of(block, true));
    }
    text
}
