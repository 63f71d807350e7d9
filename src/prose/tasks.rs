//! Tasks of a list, `- [ ]`: a box to tick, whose label are the words beside it.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::encode::html::Markup;
use crate::prose::events::Parsed;

/// What a task begins with.
fn head(is_done: bool) -> String {
    let attributes = [("type", "checkbox"), ("checked", "checked")];
    let shown = if is_done { &attributes[..] } else { &attributes[..1] };
    Markup::default().open("label", &[]).empty("input", shown).text(" ").finish().to_string()
}

/// The box of a task as plain text.
pub fn plain(html: &str) -> Option<&'static str> {
    [(true, "[x] "), (false, "[ ] ")].into_iter().find(|(is_done, _)| head(*is_done) == html).map(|(_, text)| text)
}

impl Parsed<'_> {
    pub fn task(&mut self, is_done: bool) {
        self.push(Event::InlineHtml(head(is_done).into()));
        self.in_task = true;
    }

    /// The words of a task end with its paragraph, with what is nested in it, or with itself.
    pub fn end_of_task(&mut self, next: &Event<'_>) {
        let ends = |tag: &TagEnd| matches!(tag, TagEnd::Item | TagEnd::Paragraph);
        let is_end = match next {
            Event::End(tag) => ends(tag),
            Event::Start(tag) => matches!(tag, Tag::List(_) | Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_)),
            _ => false,
        };
        if self.in_task && is_end {
            self.in_task = false;
            let tail = Markup::default().close("label").finish();
            self.push(Event::InlineHtml(tail.to_string().into()));
        }
    }
}
