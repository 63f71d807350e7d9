//! Ids of blocks changed in the text of an overlay's Markdown; everything else keeps its bytes.

use std::sync::Arc;

use crate::catalog::moved::Moved;
use crate::source::Spanned;
use crate::syntax::markdown::{Block, OperationKind, Patch, Place};

use super::text::{Edit, line_stop, next_line};
use super::yaml::Reason;

/// A renamed block, in one file.
pub struct Renamed {
    from: Arc<str>,
    to: Arc<str>,
}

impl Renamed {
    /// The block of `file` that a move renames; `None` for other moves, and an error for one that leads to
    /// another file.
    pub fn of(moved: &Moved, file: &str) -> Option<Result<Self, Reason>> {
        let from = moved.from.value.strip_prefix(file)?.strip_prefix('#')?;
        let to = moved.to.value.strip_prefix(file).and_then(|to| to.strip_prefix('#'));
        Some(match to {
            Some(to) => Ok(Self { from: from.into(), to: to.into() }),
            None => Err("a block goes to another file"),
        })
    }

    /// The new id of the block or of one inside it.
    fn id(&self, id: &str) -> Option<String> {
        let rest = id.strip_prefix(&*self.from).filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
        Some(format!("{}{rest}", self.to))
    }

    fn stays_in_its_list(&self) -> bool {
        parent(&self.from) == parent(&self.to)
    }

    /// The edits that rename it in a file, or in a text inside one.
    pub fn edits(&self, text: &str, patch: &Patch) -> Result<Vec<Edit>, Reason> {
        let mut edits = Vec::new();
        for operation in &patch.operations {
            let own = self.id(&operation.id.value);
            self.named(text, &operation.id, &mut edits)?;
            match &operation.kind {
                OperationKind::Insert(Place::Before(anchor) | Place::After(anchor))
                | OperationKind::Move(Place::Before(anchor) | Place::After(anchor))
                    if self.stays_in_its_list() || own.is_some() =>
                {
                    self.named(text, anchor, &mut edits)?;
                }
                OperationKind::Choose(variant) => self.variant(text, &operation.id.value, variant, &mut edits)?,
                _ => {}
            }
            for block in operation.block.iter().flat_map(|block| &block.blocks).flat_map(Block::walk) {
                if *block.id.value == *self.from && !self.stays_in_its_list() {
                    return Err("it stands inside of a block that is replaced whole");
                }
                self.named(text, &block.id, &mut edits)?;
            }
            // The heading of what an operation brings may repeat the id.
            let start = operation.mark.end as usize;
            let content = text.get(start..operation.span.end as usize).unwrap_or_default();
            self.repeated(content, start, &mut edits);
        }
        edits.sort_by_key(|edit| edit.range.start);
        edits.dedup();
        Ok(edits)
    }

    fn named(&self, text: &str, id: &Spanned<Arc<str>>, edits: &mut Vec<Edit>) -> Result<(), Reason> {
        let Some(new) = self.id(&id.value) else { return Ok(()) };
        self.written(text, id, new, edits)
    }

    fn written(&self, text: &str, id: &Spanned<Arc<str>>, new: String, edits: &mut Vec<Edit>) -> Result<(), Reason> {
        let range = id.span.start as usize..id.span.end as usize;
        if text.get(range.clone()) != Some(&*id.value) {
            return Err("the Markdown stands in a folded or quoted text");
        }
        edits.push(Edit::new(range, new));
        Ok(())
    }

    /// A variant is named by its last part, beside the block that shows it.
    fn variant(&self, text: &str, id: &str, variant: &Spanned<Arc<str>>, edits: &mut Vec<Edit>) -> Result<(), Reason> {
        let is_it = parent(id) == parent(&self.from) && *variant.value == *last(&self.from);
        if !is_it || !self.stays_in_its_list() {
            return Ok(());
        }
        self.written(text, variant, last(&self.to).to_owned(), edits)
    }

    /// Ids that are written once more: at the end of a block (`<!-- /block: id -->`), and on the heading of a
    /// replacement.
    fn repeated(&self, content: &str, start: usize, edits: &mut Vec<Edit>) {
        let mut at = 0;
        while at < content.len() {
            let line = &content[at..line_stop(content, at)];
            if let Some(id) = end_mark(line).or_else(|| heading(line))
                && let Some(new) = self.id(id)
            {
                let from = start + at + (id.as_ptr() as usize - line.as_ptr() as usize);
                edits.push(Edit::new(from..from + id.len(), new));
            }
            at = next_line(content, at);
        }
    }
}

/// The id in `<!-- /block: id -->`, or in the end of any operation.
fn end_mark(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    Some(inner.strip_prefix('/')?.split_once(':')?.1.trim())
}

/// The id in `## Heading {#id .class}`.
fn heading(line: &str) -> Option<&str> {
    let braces = line.trim_start().strip_prefix('#').and(line.rsplit_once('{'))?.1.trim_end().strip_suffix('}')?;
    braces.split_whitespace().find_map(|word| word.strip_prefix('#'))
}

fn parent(id: &str) -> Option<&str> {
    id.rsplit_once('/').map(|(parent, _)| parent)
}

fn last(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{SourceId, Span};
    use crate::syntax::markdown;

    fn renamed(text: &str, from: &str, to: &str) -> Result<String, Reason> {
        let spanned = |path: &str| Spanned::new(format!("content/x.md#{path}").into(), Span::file(SourceId(0)));
        let moved = Moved { from: spanned(from), to: spanned(to) };
        let renamed = Renamed::of(&moved, "content/x.md").unwrap()?;
        let patch = markdown::parse_patch(SourceId(0), text, 0).unwrap();
        Ok(super::super::text::apply(text, renamed.edits(text, &patch)?).unwrap())
    }

    #[test]
    fn every_mention_of_the_id_is_renamed_and_nothing_else() {
        let text = "<!-- replace: cost -->\r\n## Cost {#cost .wide}\r\n\r\nA cost {#cost} in text, `cost`.\r\n\
                    ### Deep {#cost/deep}\r\n<!-- /replace -->\r\n\r\n<!-- insert: more after cost -->\r\nMore\r\n";
        let expected = text.replace("replace: cost", "replace: price").replace("{#cost .wide}", "{#price .wide}");
        let expected = expected.replace("#cost/deep", "#price/deep").replace("after cost", "after price");
        assert_eq!(renamed(text, "cost", "price").unwrap(), expected);
    }

    #[test]
    fn a_block_that_goes_into_another_takes_the_blocks_in_it() {
        let text = "<!-- append: cost/deep -->\nMore\n";
        assert_eq!(renamed(text, "cost", "pains/cost").unwrap(), "<!-- append: pains/cost/deep -->\nMore\n");
        let text = "<!-- replace: why -->\n## Why {#why}\n### Cost {#why/cost}\n";
        assert!(renamed(text, "why/cost", "pains/cost").is_err());
    }

    #[test]
    fn marks_with_an_id_at_their_end_and_variants_follow() {
        let text = "<!-- block: a -->\nX\n<!-- block: a/b -->\nY\n<!-- /block: a/b -->\n<!-- /block: a -->\n";
        assert_eq!(renamed(text, "a", "z").unwrap(), text.replace(": a", ": z"));
        let text = "<!-- choose: proof proof-fast -->\n";
        assert_eq!(renamed(text, "proof-fast", "proof-speed").unwrap(), "<!-- choose: proof proof-speed -->\n");
    }
}
