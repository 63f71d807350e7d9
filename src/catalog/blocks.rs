//! From Markdown files to patches: front matter and a keyed list of blocks (M1 to M4).
//!
//! A file is a map of `front` and `blocks`; a block is a map of `heading`, `level`, `class`, `body`,
//! `prepend`, `append` and nested `blocks`. So the merge needs to know nothing of Markdown.

use std::sync::Arc;

use pulldown_cmark::{Event, Parser, Tag};

use crate::data::IndexMap;
use crate::diag::{Diagnostic, Diagnostics};
use crate::prose::{Prose, Trust};
use crate::schema::front_matter;
use crate::source::{Span, Spanned};
use crate::syntax::markdown::{self, Block, BlockOperation, Document, Heading, OperationKind, Place};
use crate::syntax::tree::Map;

use super::conditions::Conditions;
use super::convert::{Converter, Voice};
use super::locales::LocaleId;
use super::patch::{Contribution, ItemPatch, Keyed, Leaf, Patch, PatchKind, Right};

/// Turns Markdown files of one layer into patches.
pub struct BlockConverter<'a> {
    pub voice: Voice,
    /// The file's path in its layer: `content/landing.md`.
    pub file: &'a str,
    pub trust: Trust,
    pub diagnostics: &'a mut Diagnostics,
    pub contributions: &'a mut Vec<Contribution>,
    /// Where conditional blocks of the master go.
    pub conditions: &'a mut Conditions,
}

impl BlockConverter<'_> {
    /// A master file.
    pub fn document(&mut self, document: &Document, span: Span) -> Patch {
        let blocks = self.nested(&document.blocks);
        self.file_patch(document.front.as_ref(), blocks, span)
    }

    /// A translation: the texts of blocks that its layer has. `said` tells what the layer itself words of a
    /// block, so that the translation words the same.
    pub fn translation(
        &mut self,
        file: &markdown::Patch,
        locale: LocaleId,
        said: &dyn Fn(&str) -> Said,
        span: Span,
    ) -> Patch {
        let mut root = Keyed::default();
        for operation in file.operations.iter().filter(|operation| operation.kind != OperationKind::Replace) {
            self.diagnostics.push(
                Diagnostic::error("E-LOCALE", "a translation holds blocks, and no operations on them")
                    .at(operation.mark, "")
                    .help("write the translated block with its id; the layer's own file says what is done with it"),
            );
        }
        let blocks = file.operations.iter().filter_map(|operation| operation.block.as_ref());
        let parts = |block| flatten(std::slice::from_ref(block)).into_iter().map(move |part| (block, part));
        for (outer, block) in blocks.flat_map(parts) {
            let when = outer.when.as_ref().filter(|_| self.trust == Trust::Master);
            if when.is_none() || !std::ptr::eq(outer, block) {
                self.refuse_condition(block);
            }
            let entries = self.translated(block, said(&block.id.value), std::ptr::eq(outer, block));
            let patch = Patch { kind: PatchKind::Map(entries.into()), span: block.span };
            let root = match when {
                Some(when) => self.conditions.of(when).blocks(self.file, Some(locale)),
                None => &mut root,
            };
            place_item(root, &block.id, None, patch, block.span);
        }
        self.file_patch(file.front.as_ref(), root, span)
    }

    /// The texts of one translated block.
    fn translated(&mut self, block: &Block, said: Said, is_outer: bool) -> IndexMap<Arc<str>, Patch> {
        let parts = match is_outer {
            true => texts_of(block, said == Said::Whole),
            false => [block.body.value.clone()].into(),
        };
        self.note_parts(&block.id, Right::Translate, block.span, parts);
        let mut entries = IndexMap::default();
        let key = match said {
            Said::Whole | Said::Body => "body",
            Said::Append => "append",
            Said::Prepend => "prepend",
        };
        if let Some(heading) = &block.heading {
            match said {
                Said::Whole => {}
                // The layer keeps the heading, so wording it is more than a translation.
                Said::Body => self.note(&block.id, Right::Replace, heading.text.span, Some(heading.text.value.clone())),
                Said::Append | Said::Prepend => self.diagnostics.push(
                    Diagnostic::error("E-LOCALE", format!("the layer words no heading of `{}`", block.id.value))
                        .at(heading.text.span, "this would be ignored")
                        .help(format!("write the text behind `<!-- block: {} -->`", block.id.value)),
                ),
            }
            if key == "body" {
                self.prose(&mut entries, "heading", &heading.text);
            }
        }
        self.text(&mut entries, key, block);
        entries
    }

    /// An overlay file.
    pub fn operations(&mut self, patch: &markdown::Patch, span: Span) -> Patch {
        let mut root = Keyed::default();
        for operation in &patch.operations {
            if let Some((at, patch)) = self.operation(operation)
                && let Some(first) = place_item(&mut root, &operation.id, at, patch, operation.span)
            {
                self.diagnostics.push(
                    Diagnostic::error("E-DUPID", format!("two operations on the block `{}`", operation.id.value))
                        .at(operation.mark, "again here")
                        .other(first, "first here")
                        .help("a layer says one thing of a block: make them one operation"),
                );
            }
        }
        self.file_patch(patch.front.as_ref(), root, span)
    }

    fn operation(&mut self, operation: &BlockOperation) -> Option<(Option<Spanned<Place>>, Patch)> {
        let id = &operation.id;
        let has_heading = matches!(operation.kind, OperationKind::Replace | OperationKind::Insert(_));
        let parts = operation.block.as_ref().map(|block| texts_of(block, has_heading)).unwrap_or_default();
        let text = operation.block.as_ref().map(|_| joined(&parts));
        let (right, at) = match &operation.kind {
            OperationKind::Replace | OperationKind::Inherit(_) => (Right::Replace, None),
            OperationKind::ReplaceBody => (Right::ReplaceBody, None),
            OperationKind::Append | OperationKind::Prepend => (Right::Append, None),
            OperationKind::Insert(place) => (Right::Insert, Some(place)),
            OperationKind::Move(place) => (Right::Move, Some(place)),
            OperationKind::Remove => (Right::Remove, None),
            OperationKind::Choose(_) => (Right::Choose, None),
        };
        operation.block.iter().for_each(|block| self.refuse_conditions(block));
        let path = format!("{}#{}", self.file, id.value);
        let contribution = Contribution::new(path, right, operation.mark);
        let variant = match &operation.kind {
            OperationKind::Choose(variant) => Some(variant.clone()),
            _ => None,
        };
        self.contributions.push(Contribution {
            text,
            parts: parts.into(),
            at: at.cloned().map(Box::new),
            variant: variant.map(Box::new),
            ..contribution
        });
        let kind = match (&operation.kind, &operation.block) {
            (OperationKind::Replace, Some(block)) => PatchKind::Replace(Box::new(self.block(block))),
            (OperationKind::Insert(_), Some(block)) => self.block(block).kind,
            (OperationKind::ReplaceBody, Some(block)) => self.body(block),
            (OperationKind::Append, Some(block)) => self.amend("append", block),
            (OperationKind::Prepend, Some(block)) => self.amend("prepend", block),
            (OperationKind::Move(_), _) => PatchKind::Map(Box::default()),
            (OperationKind::Remove, _) => PatchKind::Remove,
            (OperationKind::Inherit(layer), _) => {
                PatchKind::Inherit(layer.clone().filter(|name| &*name.value != "master"))
            }
            (OperationKind::Choose(variant), _) => PatchKind::Choose(beside(&id.value, variant)),
            _ => return None,
        };
        let at = at.map(|place| Spanned::new(place.clone(), operation.mark));
        Some((at, Patch { kind, span: operation.mark }))
    }

    fn file_patch(&mut self, front: Option<&Spanned<Map>>, blocks: Keyed, span: Span) -> Patch {
        let mut entries = IndexMap::default();
        if let Some(front) = front {
            let path = format!("{}@", self.file);
            let mut converter = Converter {
                voice: self.voice,
                right: Right::Replace,
                diagnostics: self.diagnostics,
                contributions: self.contributions,
            };
            let front_entries = converter.entries(&front.value.entries, front_matter(), &path);
            entries.insert("front".into(), Patch { kind: PatchKind::Map(front_entries.into()), span: front.span });
        }
        entries.insert("blocks".into(), Patch { kind: PatchKind::Keyed(blocks.into()), span });
        Patch { kind: PatchKind::Map(entries.into()), span }
    }

    fn nested(&mut self, blocks: &[Block]) -> Keyed {
        let mut keyed = Keyed::default();
        for block in blocks {
            if let Some(when) = block.when.as_ref().filter(|_| self.voice == Voice::Master) {
                let place = ItemPatch { id_span: block.id.span, at: None, patch: absent(block) };
                keyed.items.entry(block.id.value.clone()).or_insert(place);
                self.conditional(block, when);
                continue;
            }
            if self.voice == Voice::Master {
                self.note(&block.id, Right::Replace, block.span, Some(block.body.value.clone()));
            }
            let patch = self.block(block);
            keyed.items.insert(block.id.value.clone(), ItemPatch { id_span: block.id.span, at: None, patch });
        }
        keyed
    }

    /// A block under a condition: it replaces what the master has at its place without one.
    fn conditional(&mut self, block: &Block, when: &Spanned<Arc<str>>) {
        block.blocks.iter().for_each(|nested| self.refuse_conditions(nested));
        let first = self.contributions.len();
        self.note(&block.id, Right::Replace, block.span, Some(block.body.value.clone()));
        let kind = PatchKind::Replace(Box::new(self.block(block)));
        let condition = self.conditions.of(when);
        condition.contributions.extend(self.contributions.drain(first..));
        let patch = Patch { kind, span: block.span };
        place_item(condition.blocks(self.file, None), &block.id, None, patch, block.span);
    }

    fn refuse_conditions(&mut self, block: &Block) {
        block.walk().for_each(|block| self.refuse_condition(block));
    }

    fn refuse_condition(&mut self, block: &Block) {
        let Some(when) = &block.when else { return };
        let help = match self.trust {
            Trust::Master => {
                "end the outer block before this one, and write both conditions here: `axis=value,axis=value`"
            }
            Trust::Overlay => "put the block into a combination overlay, such as `@region=dach/`",
        };
        let error = Diagnostic::error("E-WHEN", format!("`{}` cannot have a condition here", block.id.value));
        self.diagnostics.push(error.at(when.span, "").help(help));
    }

    fn block(&mut self, block: &Block) -> Patch {
        let mut entries = IndexMap::default();
        let leaf = |leaf| Patch { kind: PatchKind::Neutral(leaf), span: block.id.span };
        entries.insert("id".into(), leaf(Leaf::Str(block.id.value.clone())));
        entries.insert("class".into(), leaf(Leaf::Str(block.classes.join(" ").into())));
        if let Some(heading) = &block.heading {
            entries.insert("level".into(), leaf(Leaf::Int(i64::from(heading.level))));
            self.prose(&mut entries, "heading", &heading.text);
        }
        self.text(&mut entries, "body", block);
        let nested = self.nested(&block.blocks);
        if !nested.items.is_empty() {
            entries.insert("blocks".into(), Patch { kind: PatchKind::Keyed(nested.into()), span: block.span });
        }
        Patch { kind: PatchKind::Map(entries.into()), span: block.span }
    }

    /// `replace-body`: body and nested blocks are new, heading and class stay.
    fn body(&mut self, block: &Block) -> PatchKind {
        let mut entries = IndexMap::default();
        self.text(&mut entries, "body", block);
        let nested = Patch { kind: PatchKind::Keyed(self.nested(&block.blocks).into()), span: block.span };
        entries.insert("blocks".into(), Patch { kind: PatchKind::Replace(Box::new(nested)), span: block.span });
        PatchKind::Map(entries.into())
    }

    fn amend(&mut self, key: &'static str, block: &Block) -> PatchKind {
        let mut entries = IndexMap::default();
        self.text(&mut entries, key, block);
        PatchKind::Map(entries.into())
    }

    /// The text of a block.
    fn text(&mut self, entries: &mut IndexMap<Arc<str>, Patch>, key: &'static str, block: &Block) {
        if self.trust == Trust::Overlay {
            self.refuse_headings(block);
        }
        self.prose(entries, key, &block.body);
    }

    /// A heading of the block's own level or a higher one would begin a section beside those of others.
    fn refuse_headings(&mut self, block: &Block) {
        let depth = block.id.value.split('/').count();
        let own = block.heading.as_ref().map_or(depth + 1, |heading| heading.level.into());
        let Spanned { value: text, span } = &block.body;
        for (event, range) in Parser::new(text).into_offset_iter() {
            let Event::Start(Tag::Heading { level, .. }) = event else { continue };
            if level as usize > own {
                continue;
            }
            let line = span.start as usize + range.start;
            let (signs, least) = ("#".repeat(level as usize), "#".repeat((own + 1).min(6)));
            let message = format!("a heading with `{signs}` would end the block `{}`", block.id.value);
            let error = Diagnostic::error("E-HEADING", message).at(Span::new(span.source, line, line), "");
            self.diagnostics.push(error.help(format!("begin it with `{least}`, or insert a block of its own")));
        }
    }

    fn prose(&mut self, entries: &mut IndexMap<Arc<str>, Patch>, key: &'static str, text: &Spanned<Arc<str>>) {
        let compiled = match key {
            "heading" => Prose::compile_inline(&text.value, text.span, self.trust),
            _ => Prose::compile(&text.value, text.span, self.trust),
        };
        match compiled {
            Ok(prose) => {
                let leaf = Leaf::Prose { source: text.value.clone(), prose: Arc::new(prose) };
                let kind = match key {
                    "append" | "prepend" => PatchKind::Amend(leaf),
                    _ => PatchKind::Leaf(leaf),
                };
                entries.insert(key.into(), Patch { kind, span: text.span });
            }
            Err(errors) => self.diagnostics.append(errors),
        }
    }

    fn note(&mut self, id: &Spanned<Arc<str>>, right: Right, span: Span, text: Option<Arc<str>>) {
        self.note_parts(id, right, span, text.into_iter().collect());
    }

    fn note_parts(&mut self, id: &Spanned<Arc<str>>, right: Right, span: Span, parts: Vec<Arc<str>>) {
        let path = format!("{}#{}", self.file, id.value);
        let text = Some(joined(&parts));
        self.contributions.push(Contribution { text, parts: parts.into(), ..Contribution::new(path, right, span) });
    }
}

/// What a layer's own file words of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Heading and body, or nothing: then a translation is of another layer's block.
    Whole,
    /// `replace-body`
    Body,
    Append,
    Prepend,
}

/// The full id of a block that stands beside another.
fn beside(id: &str, name: &Spanned<Arc<str>>) -> Spanned<Arc<str>> {
    let full = id.rsplit_once('/').map(|(parent, _)| format!("{parent}/{}", name.value).into());
    Spanned::new(full.unwrap_or_else(|| name.value.clone()), name.span)
}

/// The place of a block that only conditions fill.
fn absent(block: &Block) -> Patch {
    Patch { kind: PatchKind::Remove, span: block.span }
}

/// The texts of a block and of all nested ones, which limits are counted on; each is Markdown of its own.
fn texts_of(block: &Block, has_heading: bool) -> Vec<Arc<str>> {
    let heading = block.heading.as_ref().filter(|_| has_heading).map(|heading| heading.text.value.clone());
    let nested = block.blocks.iter().flat_map(|block| {
        let heading = block.heading.as_ref();
        let line = |heading: &Heading| format!("{} {}", "#".repeat(heading.level.into()), heading.text.value).into();
        heading.map(line).into_iter().chain(texts_of(block, false))
    });
    heading.into_iter().chain([block.body.value.clone()]).chain(nested).collect()
}

/// The parts of a block as one text; mostly there is one part.
fn joined(parts: &[Arc<str>]) -> Arc<str> {
    match parts {
        [only] => only.clone(),
        parts => parts.join("\n\n").into(),
    }
}

/// The blocks and all nested ones, outer first.
fn flatten(blocks: &[Block]) -> Vec<&Block> {
    blocks.iter().flat_map(|block| std::iter::once(block).chain(flatten(&block.blocks))).collect()
}

/// Puts the patch of a block below the blocks its id names: `pains/downtime` below `pains`. Returns
/// the place of what was there already.
fn place_item(
    root: &mut Keyed,
    id: &Spanned<Arc<str>>,
    at: Option<Spanned<Place>>,
    patch: Patch,
    span: Span,
) -> Option<Span> {
    let mut list = root;
    for (end, _) in id.value.match_indices('/') {
        let parent = list.items.entry(id.value[..end].into()).or_insert_with(|| ItemPatch {
            id_span: id.span,
            at: None,
            patch: Patch { kind: PatchKind::Map(Box::default()), span },
        });
        let PatchKind::Map(entries) = &mut parent.patch.kind else { return Some(parent.patch.span) };
        let nested =
            entries.entry("blocks".into()).or_insert_with(|| Patch { kind: PatchKind::Keyed(Box::default()), span });
        let PatchKind::Keyed(nested) = &mut nested.kind else { return Some(nested.span) };
        list = nested;
    }
    match list.items.entry(id.value.clone()) {
        indexmap::map::Entry::Vacant(vacant) => {
            vacant.insert(ItemPatch { id_span: id.span, at, patch });
            None
        }
        indexmap::map::Entry::Occupied(mut occupied) => merge_item(occupied.get_mut(), at, patch),
    }
}

/// A block that was only passed through on the way to a nested one may still get its own patch.
fn merge_item(item: &mut ItemPatch, at: Option<Spanned<Place>>, patch: Patch) -> Option<Span> {
    let first = item.patch.span;
    let (PatchKind::Map(mine), PatchKind::Map(new)) = (&mut item.patch.kind, patch.kind) else { return Some(first) };
    if new.keys().any(|key| mine.contains_key(key)) {
        return Some(first);
    }
    mine.extend(*new);
    item.at = item.at.take().or(at);
    None
}
