//! Raw HTML in Markdown.

use crate::diag::Diagnostic;
use crate::html::left_open;
use crate::prose::events::Parsed;
use crate::prose::slot::Slot;

/// HTML without its comments; a comment that is not closed takes the rest with it.
pub fn without_comments(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find("<!--") {
        out.push_str(&rest[..start]);
        rest = rest[start..].find("-->").map_or("", |end| &rest[start + end + 3..]);
    }
    out.push_str(rest);
    out
}

/// Where a mark stands in HTML.
enum Spot {
    Text,
    /// In a quoted attribute, with its name and how much of its value stands before.
    Attribute {
        name: String,
        at_start: bool,
    },
    /// Where no escaping makes a value safe.
    Unsafe,
}

impl Parsed<'_> {
    /// The master's HTML with its marks moved to their places. A value may stand in text and in quoted
    /// attributes, not in tags, scripts, styles or event handlers.
    pub fn raw_html(&mut self, html: &str) -> String {
        let mut errors = Vec::new();
        let replaced = self.marks.replace(html, |before, slot| match spot(before) {
            Spot::Text => slot,
            Spot::Attribute { name, at_start } if is_url(&name) => {
                slot.moved(if at_start { Slot::Url } else { Slot::UrlPart })
            }
            Spot::Attribute { name, .. } if name != "style" && !name.starts_with("on") => slot,
            Spot::Attribute { .. } | Spot::Unsafe => {
                errors.extend(slot.expression().map(|expression| {
                    Diagnostic::error("E-EXPR", "an expression stands where HTML runs or styles something")
                        .at(expression.span(), "")
                        .help("use values in text and in quoted attributes only")
                }));
                slot
            }
        });
        self.errors.extend(errors);
        replaced
    }

    /// What raw HTML begins, raw HTML of the same text ends: a text is put in among others, and these would be a part of it.
    pub fn end_of_raw(&mut self) {
        let whole: String = self.raw.iter().map(|(_, html)| &**html).collect();
        let Some(open) = left_open(&whole) else { return };
        let (mut before, mut place) = (0, 0..0);
        for (range, html) in &self.raw {
            let at = open.start - before;
            if at < html.len() {
                let line = html[at..].lines().next().unwrap_or_default();
                place = range.start + at..(range.start + at + line.len().min(open.len())).min(range.end);
                break;
            }
            before += html.len();
        }
        let tag = whole[open].lines().next().unwrap_or_default();
        let message = format!(
            "`{}` is not closed where the text ends: what follows would be a part of it",
            self.marks.written(tag)
        );
        self.errors.push(
            Diagnostic::error("E-UNCLOSED", message)
                .at(self.marks.span(&place), "opened here")
                .help("write its end into the same text, in the same block, or take it out"),
        );
    }
}

fn is_url(attribute: &str) -> bool {
    matches!(attribute, "href" | "src" | "action" | "formaction" | "poster" | "cite" | "data" | "srcset")
}

fn spot(before: &str) -> Spot {
    let lower = before.to_ascii_lowercase();
    for element in ["script", "style"] {
        if lower.rfind(&format!("<{element}")) > lower.rfind(&format!("</{element}")) {
            return Spot::Unsafe;
        }
    }
    let mut rest = &lower[..];
    loop {
        let Some(tag) = rest.find('<') else { return Spot::Text };
        rest = &rest[tag + 1..];
        loop {
            let Some(end) = rest.find(['>', '"', '\'']) else { return Spot::Unsafe };
            let (inside, quote) = (&rest[..end], rest.as_bytes()[end]);
            rest = &rest[end + 1..];
            if quote == b'>' {
                break;
            }
            let Some(close) = rest.find(char::from(quote)) else {
                let name = inside.trim_end().trim_end_matches('=').trim_end();
                let start = name.rfind(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).map_or(0, |at| at + 1);
                return Spot::Attribute { name: name[start..].to_owned(), at_start: rest.trim_start().is_empty() };
            };
            rest = &rest[close + 1..];
        }
    }
}
