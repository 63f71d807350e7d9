//! Finds what may begin or end a block: the headings and marks that stand outside lists, quotes and code.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CowStr, Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd};

use crate::diag::{Diagnostic, Diagnostics};
use crate::source::Spanned;

use super::Heading;
use super::marks::{self, Mark, WHEN};
use super::page::Page;

/// A heading or mark and the lines it takes.
#[derive(Clone, Debug)]
pub(super) struct Sign {
    pub kind: SignKind,
    /// Whole lines.
    pub lines: Range<usize>,
    /// What to underline: without indentation and line end.
    pub shown: Range<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum SignKind {
    Heading { heading: Heading, named: Option<Named> },
    Mark(Mark),
}

/// What a heading that begins a block says of it in braces.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub id: Spanned<Arc<str>>,
    pub classes: Vec<Arc<str>>,
    pub when: Option<Spanned<Arc<str>>>,
}

/// All headings and marks from byte `start` on, in their written order.
pub(super) fn find(page: Page<'_>, start: usize, problems: &mut Diagnostics) -> Vec<Sign> {
    let text = &page.text[start..];
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES).into_offset_iter();
    let mut finder = Finder { page, start, events, depth: 0, signs: Vec::new(), problems };
    finder.run();
    finder.signs
}

struct Finder<'a, 'p> {
    page: Page<'a>,
    start: usize,
    events: OffsetIter<'a>,
    /// How many lists, quotes and other containers are open.
    depth: usize,
    signs: Vec<Sign>,
    problems: &'p mut Diagnostics,
}

impl<'a> Finder<'a, '_> {
    fn run(&mut self) {
        while let Some((event, range)) = self.next() {
            match event {
                Event::Start(Tag::Heading { level, id, classes, attrs }) if self.depth == 0 => {
                    let classes = classes.iter().map(|class| Arc::from(&**class)).collect();
                    let inner = self.heading_text(range.start);
                    let is_when = |(key, value): &(CowStr<'_>, Option<CowStr<'_>>)| **key == *WHEN && value.is_some();
                    let (whens, others): (Vec<_>, Vec<_>) = attrs.into_iter().partition(is_when);
                    if whens.len() > 1 || !others.is_empty() {
                        self.attributes_problem(
                            range.start..range.start + self.page.text[range.clone()].trim_end().len(),
                        );
                    }
                    let when = whens.into_iter().find_map(|(_, value)| value);
                    self.heading(range, inner, level, id.as_deref(), classes, when.as_deref());
                }
                Event::Start(Tag::HtmlBlock) => {
                    let alone = self.depth == 0;
                    self.depth += 1;
                    self.html(range, alone);
                }
                Event::InlineHtml(_) => self.html(range, false),
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn next(&mut self) -> Option<(Event<'a>, Range<usize>)> {
        let (event, range) = self.events.next()?;
        Some((event, self.start + range.start..self.start + range.end))
    }

    /// Reads on to the heading's end; the range of its inline Markdown.
    fn heading_text(&mut self, start: usize) -> Range<usize> {
        let mut inner: Option<Range<usize>> = None;
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(TagEnd::Heading(_)) => break,
                Event::InlineHtml(_) => self.html(range.clone(), false),
                _ => {}
            }
            inner = Some(inner.map_or(range.clone(), |inner| inner.start..inner.end.max(range.end)));
        }
        inner.unwrap_or(start..start)
    }

    fn heading(
        &mut self,
        range: Range<usize>,
        inner: Range<usize>,
        level: HeadingLevel,
        id: Option<&str>,
        classes: Vec<Arc<str>>,
        when: Option<&str>,
    ) {
        let page = self.page;
        let written = &page.text[range.clone()];
        let shown = range.start..range.start + written.trim_end().len();
        let named = match id {
            Some(id) => {
                // The attributes stand last, so the last of equal texts is the id.
                let at = range.start + written.rfind(&format!("#{id}")).map_or(0, |at| at + 1);
                let id = marks::block_id(page, at..at + id.len()).unwrap_or_else(|problem| {
                    self.problems.push(problem);
                    page.part(at..at + id.len())
                });
                let when = when.map(|value| {
                    let at =
                        range.start + written.rfind(&format!("{WHEN}={value}")).map_or(0, |at| at + WHEN.len() + 1);
                    marks::unquoted(page, at..at + value.len())
                });
                Some(Named { id, classes, when })
            }
            None => {
                if written.contains("{#") {
                    self.misplaced_id(shown.clone());
                }
                None
            }
        };
        let lines = page.line_start(range.start)..self.behind(range.end);
        let heading = Heading { level: level as u8, text: page.part(inner) };
        self.signs.push(Sign { kind: SignKind::Heading { heading, named }, lines, shown });
    }

    /// The end of the lines that end at or shortly before the line end behind `end`.
    fn behind(&self, end: usize) -> usize {
        if self.page.text[..end].ends_with(['\n', '\r']) { end } else { self.page.next_line(end) }
    }

    fn attributes_problem(&mut self, shown: Range<usize>) {
        self.problems.push(
            Diagnostic::error("E-BLOCKID", "a block's heading takes an id, classes and `when`, nothing else")
                .at(self.page.span(shown), "")
                .help("write `{#id .class}`, or `{#id when=\"region=dach\"}`"),
        );
    }

    fn misplaced_id(&mut self, shown: Range<usize>) {
        self.problems.push(
            Diagnostic::error("E-BLOCKID", "the id of this heading can not be read")
                .at(self.page.span(shown), "")
                .help("write `{#id}` once, with an id in it, at the very end of the heading"),
        );
    }

    /// Looks for marks in raw HTML; `may_mark` where they count.
    fn html(&mut self, range: Range<usize>, may_mark: bool) {
        let mut from = range.start;
        while let Some(length) = self.page.text[from..range.end].find("<!--") {
            let open = from + length;
            let Some(length) = self.page.text[open + 4..range.end].find("-->") else {
                return self.endless_comment(open);
            };
            let comment = open..open + 4 + length + 3;
            from = comment.end;
            self.comment(comment, may_mark);
        }
    }

    /// Such a comment would hide the rest of the page.
    fn endless_comment(&mut self, open: usize) {
        let span = self.page.span(open..self.page.line_stop(open));
        let diagnostic = Diagnostic::error("E-UNCLOSED", "this comment is never closed").at(span, "opened here");
        self.problems.push(diagnostic.help("write `-->` behind it"));
    }

    fn comment(&mut self, comment: Range<usize>, may_mark: bool) {
        let page = self.page;
        let Some(lines) = page.own_lines(&comment).filter(|_| may_mark) else {
            if marks::is_mark(&page.text[comment.clone()]) {
                self.misplaced_mark(comment);
            }
            return;
        };
        match marks::read(page, comment.clone()) {
            Some(Ok(mark)) => self.signs.push(Sign { kind: SignKind::Mark(mark), lines, shown: comment }),
            Some(Err(problem)) => self.problems.push(problem),
            None => {}
        }
    }

    fn misplaced_mark(&mut self, comment: Range<usize>) {
        self.problems.push(
            Diagnostic::error("E-BLOCKOP", "a mark has to stand alone on its line, outside lists, quotes and text")
                .at(self.page.span(comment), "")
                .help("put it on its own line without indentation"),
        );
    }
}
