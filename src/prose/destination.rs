//! Where links and images may lead.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::LinkType;

use crate::diag::Diagnostic;
use crate::prose::events::Parsed;
use crate::prose::slot::Slot;
use crate::schema::address;
use crate::source::Spanned;

impl Parsed<'_> {
    /// The destination of a link as it is to be written: known schemes only, with the marks in it
    /// moved to their places in a URL.
    pub fn link_destination(&mut self, kind: LinkType, destination: &str, range: &Range<usize>) -> String {
        if kind == LinkType::Email {
            return self.marks.replace(destination, |_, slot| slot.moved(Slot::Mail));
        }
        let (scheme, rest) = destination.split_once(':').unwrap_or(("", destination));
        match &*scheme.to_ascii_lowercase() {
            "link" => self.named(rest, range, true),
            "asset" => self.named(rest, range, false),
            "https" | "http" => {
                self.report_url(destination, range);
                self.marks.replace(destination, |_, slot| slot.moved(Slot::UrlPart))
            }
            "mailto" if address::fills_in_more(destination) => self.say(
                format!("`{}` fills in more than a subject", self.marks.written(destination)),
                range,
                address::SUBJECT_ALONE,
            ),
            "mailto" | "tel" => self.marks.replace(destination, |before, slot| {
                slot.moved(if before.contains('?') { Slot::UrlPart } else { Slot::Mail })
            }),
            _ if destination.starts_with('#') && destination.len() > 1 => {
                self.marks.replace(destination, |_, slot| slot.moved(Slot::UrlPart))
            }
            _ if self.marks.find(destination).is_some_and(|(found, _)| found.start == 0) => {
                self.report_url(destination, range);
                self.marks.replace(destination, |before, slot| {
                    slot.moved(if before.is_empty() { Slot::Url } else { Slot::UrlPart })
                })
            }
            _ => self.refuse(destination, range),
        }
    }

    /// The source of an image: an asset, since pages make no requests elsewhere.
    pub fn image_destination(&mut self, destination: &str, range: &Range<usize>) -> String {
        if let Some(path) = destination.strip_prefix("asset:") {
            return self.named(path, range, false);
        }
        let written = self.marks.written(destination);
        let error = Diagnostic::error("E-LINK", format!("an image shows `{written}`, which is no asset"))
            .at(self.marks.span(range), "")
            .help("put the file below `assets/` and show it as `asset:PATH`");
        self.errors.push(error);
        String::new()
    }

    /// `link:ID` or `asset:PATH`.
    fn named(&mut self, name: &str, range: &Range<usize>, link: bool) -> String {
        let (scheme, what) =
            if link { ("link", "an id of the link taxonomy") } else { ("asset", "a path below `assets/`") };
        let span = self.marks.span(range);
        if name.is_empty() || self.marks.contains_mark(name) {
            let error = Diagnostic::error("E-LINK", format!("`{scheme}:` needs {what}, written out"));
            self.errors.push(error.at(span, ""));
            return String::new();
        }
        let name: Arc<str> = name.into();
        let uses = if link { &mut self.links } else { &mut self.assets };
        uses.push(Spanned::new(name.clone(), span));
        self.marks.mark(if link { Slot::Link(name, span) } else { Slot::Asset(name, span) })
    }

    fn report_url(&mut self, destination: &str, range: &Range<usize>) {
        let written = self.marks.written(destination);
        self.urls.push(Spanned::new(written.into(), self.marks.span(range)));
    }

    fn refuse(&mut self, destination: &str, range: &Range<usize>) -> String {
        let written = self.marks.written(destination);
        let scheme = written.split_once(':').map(|(scheme, _)| scheme);
        let message = match scheme {
            _ if written.trim_start_matches('#').is_empty() => "a link leads nowhere".to_owned(),
            Some(scheme) if !scheme.contains(['/', '?', '#']) => format!("links may not use `{scheme}:`"),
            _ => format!("a link leads to the relative address `{written}`"),
        };
        const KINDS: &str =
            "link to `link:ID` with an id of tracking.yaml, or to `asset:`, `https:`, `mailto:`, `tel:` or `#…`";
        self.say(message, range, KINDS)
    }

    fn say(&mut self, message: String, range: &Range<usize>, help: &'static str) -> String {
        self.errors.push(Diagnostic::error("E-LINK", message).at(self.marks.span(range), "").help(help));
        String::new()
    }
}
