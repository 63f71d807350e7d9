//! The plain-text form of Markdown, for emails.
//!
//! Paragraphs are wrapped; lists have `-` or numbers; headings of the first two levels are underlined;
//! quotes have `>`. A link that is a line of its own reads `label: URL`, any other `label (URL)`.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

use crate::prose::marks::{Cut, Marks};
use crate::prose::tasks;
use crate::prose::wrap::{WIDTH, width, wrap};

/// A piece of text with one prefix, filled and wrapped as a whole.
#[derive(Clone, Debug, Hash)]
pub struct Block {
    /// What the first line and what the others begin with.
    first: String,
    rest: String,
    shape: Shape,
    /// An empty line stands before it.
    gap: bool,
    /// One entry for each line that the text itself breaks.
    lines: Vec<Vec<Cut>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Shape {
    Flow,
    Verbatim,
    Underlined(char),
    Rule,
}

/// Writes the blocks; `fill` writes the cuts of one line.
pub fn render(blocks: &[Block], mut fill: impl FnMut(&[Cut], &mut String)) -> String {
    let mut out = String::new();
    let mut text = String::new();
    for block in blocks {
        if !out.is_empty() {
            out.push_str(if block.gap { "\n\n" } else { "\n" });
        }
        let mut lines = Vec::new();
        for (index, line) in block.lines.iter().enumerate() {
            text.clear();
            fill(line, &mut text);
            let first = if index == 0 { &block.first } else { &block.rest };
            match block.shape {
                Shape::Verbatim => lines.extend(text.lines().map(|line| format!("{first}{line}"))),
                Shape::Rule => lines.push(format!("{first}{}", "-".repeat(WIDTH.saturating_sub(first.width())))),
                Shape::Flow | Shape::Underlined(_) => lines.extend(wrap(&text, first, &block.rest)),
            }
        }
        if let Shape::Underlined(c) = block.shape {
            let width = lines.iter().map(|line| width(line).saturating_sub(block.rest.width())).max().unwrap_or(0);
            lines.push(format!("{}{}", block.rest, c.to_string().repeat(width)));
        }
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        out.push_str(&lines.join("\n"));
    }
    out
}

/// Compiles events to blocks.
pub fn compile(events: &[Event<'_>], marks: &Marks) -> Vec<Block> {
    let mut compiler = Compiler::new(marks);
    events.iter().for_each(|event| compiler.event(event));
    compiler.close();
    compiler.blocks
}

/// What blocks stand in.
enum Container {
    Quote,
    /// The next number of an ordered list.
    List(Option<u64>),
    /// The marker, until the first block of the item has taken it.
    Item {
        marker: String,
        taken: bool,
    },
}

struct Link {
    /// Where in the open block's text the label begins.
    start: usize,
    destination: String,
}

struct Compiler<'a> {
    marks: &'a Marks,
    blocks: Vec<Block>,
    containers: Vec<Container>,
    /// The text of the open block, with marks; `\0` is a hard break.
    open: Option<(Shape, String)>,
    /// The next block of a tight list is the first of the outermost list.
    fresh: bool,
    link: Option<Link>,
    /// What the finished links of the open block put after their labels.
    tails: Vec<(usize, usize, String)>,
    /// How many cells the open row of a table has so far.
    cells: usize,
}

impl<'a> Compiler<'a> {
    fn new(marks: &'a Marks) -> Self {
        Self {
            marks,
            blocks: Vec::new(),
            containers: Vec::new(),
            open: None,
            fresh: false,
            link: None,
            tails: Vec::new(),
            cells: 0,
        }
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) | Event::Code(text) => self.text(text),
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => self.text("\0"),
            Event::InlineHtml(html) if html.starts_with("<br") => self.text("\0"),
            Event::InlineHtml(html) if self.marks.is_mark(html) => self.text(html),
            Event::InlineHtml(html) => tasks::plain(html).into_iter().for_each(|text| self.text(text)),
            Event::Html(html) => {
                self.begin(Shape::Flow, true);
                self.text(&crate::encode::html::plain(html));
                self.close();
            }
            Event::Rule => {
                self.begin(Shape::Rule, true);
                self.close();
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Paragraph => self.begin(Shape::Flow, true),
            Tag::Heading { level, .. } => self.begin(
                match level {
                    HeadingLevel::H1 => Shape::Underlined('='),
                    HeadingLevel::H2 => Shape::Underlined('-'),
                    _ => Shape::Flow,
                },
                true,
            ),
            Tag::BlockQuote(_) => {
                self.close();
                self.containers.push(Container::Quote);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => self.begin(Shape::Verbatim, true),
            Tag::List(number) => {
                self.close();
                self.fresh |= !self.containers.iter().any(|container| matches!(container, Container::List(_)));
                self.containers.push(Container::List(*number));
            }
            Tag::Item => self.item(),
            Tag::TableHead => self.begin(Shape::Flow, true),
            Tag::TableRow => self.begin(Shape::Flow, false),
            Tag::TableCell => {
                if self.cells > 0 {
                    self.text(" | ");
                }
                self.cells += 1;
            }
            Tag::Link { link_type, dest_url, .. } => {
                let destination =
                    if *link_type == LinkType::Email { format!("mailto:{dest_url}") } else { dest_url.to_string() };
                let start = self.open_text().len();
                self.link = Some(Link { start, destination });
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock => self.close(),
            TagEnd::TableHead | TagEnd::TableRow => {
                self.close();
                self.cells = 0;
            }
            TagEnd::Item | TagEnd::List(_) | TagEnd::BlockQuote(_) => {
                self.close();
                self.containers.pop();
            }
            TagEnd::Link => self.end_of_link(),
            _ => {}
        }
    }

    fn item(&mut self) {
        self.close();
        let marker = match self.containers.last_mut() {
            Some(Container::List(Some(number))) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "- ".to_owned(),
        };
        self.containers.push(Container::Item { marker, taken: false });
    }

    fn begin(&mut self, shape: Shape, gap: bool) {
        self.close();
        let (first, rest) = self.prefixes();
        let (first, rest) = match shape {
            Shape::Verbatim => (format!("{first}    "), format!("{rest}    ")),
            _ => (first, rest),
        };
        self.fresh = false;
        self.blocks.push(Block { first, rest, shape, gap, lines: Vec::new() });
        self.open = Some((shape, String::new()));
    }

    /// The prefixes of the next block; it takes the markers of the items it is the first in.
    fn prefixes(&mut self) -> (String, String) {
        let (mut first, mut rest) = (String::new(), String::new());
        for container in &mut self.containers {
            match container {
                Container::Quote => {
                    first.push_str("> ");
                    rest.push_str("> ");
                }
                Container::List(_) => {}
                Container::Item { marker, taken } => {
                    let indent = " ".repeat(marker.width());
                    first.push_str(if *taken { &indent } else { marker });
                    rest.push_str(&indent);
                    *taken = true;
                }
            }
        }
        (first, rest)
    }

    /// The text of the open block. Text outside of any is the line of a tight list's item.
    fn open_text(&mut self) -> &mut String {
        if self.open.is_none() {
            let gap = self.fresh || self.containers.is_empty();
            self.begin(Shape::Flow, gap);
        }
        &mut self.open.get_or_insert_with(|| (Shape::Flow, String::new())).1
    }

    fn text(&mut self, text: &str) {
        self.open_text().push_str(text);
    }

    fn end_of_link(&mut self) {
        let Some(link) = self.link.take() else { return };
        let text = self.open_text();
        let label = text.get(link.start..).unwrap_or_default().to_owned();
        let shown = link
            .destination
            .strip_prefix("mailto:")
            .or(link.destination.strip_prefix("tel:"))
            .unwrap_or(&link.destination);
        let same = self.marks.written(&label) == self.marks.written(shown)
            || self.marks.written(&label) == self.marks.written(&link.destination);
        if !same && !link.destination.starts_with('#') && !shown.is_empty() {
            let end = link.start + label.len();
            self.tails.push((link.start, end, shown.to_owned()));
        }
    }

    fn close(&mut self) {
        let Some((shape, own)) = self.open.take() else { return };
        let tails = std::mem::take(&mut self.tails);
        let alone = matches!(&tails[..], [(0, end, _)] if *end == own.len());
        let (mut text, mut written) = (String::new(), 0);
        for (_, end, url) in &tails {
            text += own.get(written..*end).unwrap_or_default();
            text += &if alone { format!(": {url}") } else { format!(" ({url})") };
            written = *end;
        }
        text += own.get(written..).unwrap_or_default();
        if text.trim().is_empty() && shape != Shape::Rule {
            self.blocks.pop();
            return;
        }
        if let Some(block) = self.blocks.last_mut() {
            block.lines = text.split('\0').map(|line| self.marks.cut(line)).collect();
        }
    }
}
