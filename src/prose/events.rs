//! Markdown's events, made safe: destinations checked, raw HTML kept or shown, comments dropped.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use crate::diag::{Diagnostic, Diagnostics};
use crate::prose::Trust;
use crate::prose::bound::is_bound;
use crate::prose::definitions::Definition;
use crate::prose::marks::Marks;
use crate::prose::raw::without_comments;
use crate::source::Spanned;

/// What is read beside CommonMark.
pub const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_TASKLISTS);

/// A parsed text: what is written from it, and what it refers to.
pub struct Parsed<'a> {
    pub events: Vec<Event<'a>>,
    pub marks: Marks,
    pub links: Vec<Spanned<Arc<str>>>,
    pub assets: Vec<Spanned<Arc<str>>>,
    pub urls: Vec<Spanned<Arc<str>>>,
    pub definitions: Vec<Definition>,
    /// The nodes that words are bound to (J16).
    pub nodes: Vec<Spanned<Arc<str>>>,
    pub errors: Diagnostics,
    trust: Trust,
    inline: bool,
    /// The raw HTML block that is being read.
    html: Option<String>,
    /// All raw HTML that is kept, piece by piece.
    pub raw: Vec<(Range<usize>, String)>,
    /// The node that the words are bound to which are being read.
    pub bound: Option<Spanned<Arc<str>>>,
    /// Whether the words of a task are being read, which are the label of its box.
    pub in_task: bool,
}

/// Parses what [`Marks`] prepared; refuses with all errors, also those found before.
pub fn parse(marks: Marks, errors: Diagnostics, trust: Trust, inline: bool) -> Result<Parsed<'static>, Diagnostics> {
    let text = marks.text.clone();
    let mut parsed = Parsed {
        events: Vec::new(),
        marks,
        links: Vec::new(),
        assets: Vec::new(),
        urls: Vec::new(),
        definitions: Vec::new(),
        nodes: Vec::new(),
        errors,
        trust,
        inline,
        html: None,
        raw: Vec::new(),
        bound: None,
        in_task: false,
    };
    let (mut dangling, mut footnotes) = (Vec::new(), Vec::new());
    let note = |link: BrokenLink<'_>| {
        // `[word]` alone is how people write brackets; only `[text][name]` and `[name][]` are meant.
        if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
            dangling.push((link.span, link.reference.to_string()));
        } else if link.reference.starts_with('^') {
            footnotes.push(link.span);
        }
        None::<(CowStr<'_>, CowStr<'_>)>
    };
    for (event, range) in Parser::new_with_broken_link_callback(&text, OPTIONS, Some(note)).into_offset_iter() {
        parsed.event(event, &range);
    }
    parsed.events = without_breaks(parsed.events);
    footnotes.dedup();
    footnotes.iter().for_each(|range| parsed.footnote(range));
    parsed.end_of_raw();
    if !inline {
        parsed.define(&text);
    }
    dangling.dedup();
    for (range, reference) in dangling {
        let error = Diagnostic::error("E-LINK", format!("there is no link definition `[{reference}]` in this text"))
            .at(parsed.marks.span(&range), "")
            .help(format!(
                "write the destination in place, `[text](link:ID)`, or define it in the same block: `[{reference}]: link:ID`"
            ));
        parsed.errors.push(error);
    }
    if parsed.errors.has_errors() { Err(parsed.errors) } else { Ok(parsed) }
}

/// Without the ends of lines between letters that no blank stands between: readers of HTML would see one.
fn without_breaks(events: Vec<Event<'static>>) -> Vec<Event<'static>> {
    let is_wide_at = |event: Option<&Event<'_>>, last: bool| match event {
        Some(Event::Text(text)) => {
            let c = if last { text.chars().next_back() } else { text.chars().next() };
            c.is_some_and(is_written_without_blanks)
        }
        _ => false,
    };
    let is_break = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| events.get(before));
        events[at] == Event::SoftBreak && is_wide_at(before, true) && is_wide_at(events.get(at + 1), false)
    };
    let drop: Vec<bool> = (0..events.len()).map(is_break).collect();
    events.into_iter().zip(drop).filter(|(_, drop)| !drop).map(|(event, _)| event).collect()
}

/// Signs of Chinese and Japanese, and their punctuation.
fn is_written_without_blanks(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}' | '\u{3000}'..='\u{312F}' | '\u{31A0}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF01}'..='\u{FF9F}' | '\u{20000}'..='\u{3FFFF}')
}

impl Parsed<'_> {
    pub fn push(&mut self, event: Event<'_>) {
        self.events.push(event.into_static());
    }

    fn event(&mut self, event: Event<'_>, range: &Range<usize>) {
        self.end_of_task(&event);
        if let (Event::Html(html) | Event::InlineHtml(html), Trust::Master) = (&event, self.trust) {
            self.raw.push((range.clone(), html.to_string()));
        }
        match event {
            Event::Start(Tag::Heading { .. }) | Event::End(TagEnd::Heading(_)) if self.inline => {}
            Event::Start(Tag::Link { link_type, dest_url, .. }) if is_bound(link_type, &dest_url) => {
                self.bind(&dest_url, range);
            }
            Event::End(TagEnd::Link) if self.bound.is_some() => self.end_of_bound(),
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let dest_url = self.link_destination(link_type, &dest_url, range).into();
                self.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let dest_url = self.image_destination(&dest_url, range).into();
                self.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
            }
            Event::TaskListMarker(is_done) => self.task(is_done),
            Event::Start(Tag::HtmlBlock) => self.html = Some(String::new()),
            Event::Html(html) => match &mut self.html {
                Some(block) => block.push_str(&html),
                None => self.inline_html(&html),
            },
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::End(TagEnd::HtmlBlock) => self.html_block(),
            other => self.push(other),
        }
    }

    fn inline_html(&mut self, html: &str) {
        let html = without_comments(html);
        match self.trust {
            _ if html.is_empty() => {}
            Trust::Master => {
                let html = self.raw_html(&html);
                self.push(Event::InlineHtml(html.into()));
            }
            Trust::Overlay => self.push(Event::Text(html.into())),
        }
    }

    fn html_block(&mut self) {
        let html = without_comments(&self.html.take().unwrap_or_default());
        match self.trust {
            _ if html.trim().is_empty() => {}
            Trust::Master => {
                let html = self.raw_html(&html);
                self.push(Event::Html(html.into()));
            }
            Trust::Overlay => {
                self.push(Event::Start(Tag::Paragraph));
                self.push(Event::Text(html.trim_end().to_owned().into()));
                self.push(Event::End(TagEnd::Paragraph));
            }
        }
    }
}
