//! Words that are bound to a node of the lead's path (J16): read as a link, printed as one where there is a page for it.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, LinkType};

use crate::interpolate::bound::{SCHEME, is_name, refused};
use crate::prose::events::Parsed;
use crate::prose::slot::{Edge, Slot};
use crate::source::Spanned;

/// Whether a link binds its words. An address that is its own label has none.
pub fn is_bound(kind: LinkType, destination: &str) -> bool {
    !matches!(kind, LinkType::Autolink | LinkType::Email) && destination.starts_with(SCHEME)
}

impl Parsed<'_> {
    pub fn bind(&mut self, destination: &str, range: &Range<usize>) {
        let name: Arc<str> = destination.strip_prefix(SCHEME).unwrap_or_default().into();
        let span = self.marks.span(range);
        if self.marks.contains_mark(&name) || !is_name(&name) {
            self.errors.push(refused().at(span, ""));
        }
        let mark = self.marks.mark(Slot::Bound(Edge::Start, name.clone(), span));
        self.push(Event::InlineHtml(mark.into()));
        self.bound = Some(Spanned::new(name, span));
    }

    pub fn end_of_bound(&mut self) {
        let Some(node) = self.bound.take() else { return };
        let is_empty = matches!(self.events.last(), Some(Event::InlineHtml(html)) if self.marks.is_mark(html));
        if is_empty {
            self.errors.push(refused().at(node.span, "binds no words"));
        }
        let mark = self.marks.mark(Slot::Bound(Edge::End, node.value.clone(), node.span));
        self.push(Event::InlineHtml(mark.into()));
        self.nodes.push(node);
    }
}
