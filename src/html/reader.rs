//! Puts the tokenizer to a page, and what it hands out byte by byte together.

use std::cell::RefMut;
use std::convert::Infallible;

use html5gum::{Emitter, Error, State, Tokenizer};

use super::context::Context;
use super::finder::Finder;
use super::skim::{Shared, Skim};
use super::{Hazard, Page};

/// Who reads a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Browser {
        /// Whether it runs scripts.
        scripts: bool,
    },
    /// A mail program: it runs no scripts, and makes links of addresses among the words.
    Mail,
    /// A program that takes the content of some comments for markup.
    Outlook {
        /// Whether it is one for mail too.
        in_mail: bool,
    },
}

/// Adds what stands in a text to a page; tells whether a part of it is for browsers that run no scripts.
pub fn read(text: &[u8], page: &mut Page, by: By) -> bool {
    let shared = Shared::new(Finder::new(page, by));
    let tokens = Tokens { shared: &shared, last_start: Vec::new(), position: 0 };
    // The reader cannot fail.
    let Ok(()) = Tokenizer::new_with_emitter(Skim::new(text, &shared), tokens).finish();
    shared.finder.into_inner().has_noscript()
}

/// Gathers tokens. What nobody asks for is dropped at once.
struct Tokens<'s, 'p> {
    shared: &'s Shared<'p>,
    last_start: Vec<u8>,
    position: usize,
}

impl<'s, 'p> Tokens<'s, 'p> {
    #[inline]
    fn finder(&self) -> RefMut<'s, Finder<'p>> {
        self.shared.finder.borrow_mut()
    }

    fn may_skim(&self, is_markup: bool) {
        self.shared.may_skim.set(is_markup && self.finder().may_skim());
    }
}

impl Emitter for Tokens<'_, '_> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start.clear();
        self.last_start.extend_from_slice(name.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.finder().end_text();
    }

    fn emit_error(&mut self, _: Error) {}

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    #[inline]
    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    #[inline]
    fn emit_string(&mut self, text: &[u8]) {
        if !self.shared.is_read.replace(false) {
            self.finder().hold(text);
        }
    }

    #[inline]
    fn start_open_tag(&mut self) {
        self.shared.may_skim.set(false);
        self.finder().open_at = self.position.saturating_sub(1);
    }

    #[inline]
    fn init_start_tag(&mut self) {
        let mut finder = self.finder();
        let at = finder.open_at;
        finder.tag.begin(false, at);
    }

    #[inline]
    fn init_end_tag(&mut self) {
        let mut finder = self.finder();
        let at = finder.open_at;
        finder.tag.begin(true, at);
    }

    fn init_comment(&mut self) {
        self.finder().comment.clear();
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        let mut finder = self.finder();
        let state = finder.tag();
        if !finder.tag.is_end {
            self.last_start.clone_from(&finder.tag.name);
        }
        drop(finder);
        self.may_skim(state.is_none());
        state
    }

    fn emit_current_comment(&mut self) {
        self.finder().comment();
        self.may_skim(true);
    }

    fn emit_current_doctype(&mut self) {
        self.finder().met_markup(false);
        self.may_skim(true);
    }

    #[inline]
    fn set_self_closing(&mut self) {
        self.finder().tag.is_empty = true;
    }

    fn set_force_quirks(&mut self) {}

    #[inline]
    fn push_tag_name(&mut self, name: &[u8]) {
        self.finder().tag.name.extend_from_slice(name);
    }

    #[inline]
    fn push_comment(&mut self, text: &[u8]) {
        self.finder().comment.extend_from_slice(text);
    }

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {}

    #[inline]
    fn init_attribute(&mut self) {
        self.finder().tag.begin_attribute();
    }

    #[inline]
    fn init_attribute_value(&mut self) {
        self.finder().tag.begin_value();
    }

    #[inline]
    fn push_attribute_name(&mut self, name: &[u8]) {
        self.finder().tag.push_attribute(name);
    }

    #[inline]
    fn push_attribute_value(&mut self, value: &[u8]) {
        self.finder().tag.push_value(value);
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        let tag = &self.finder().tag;
        tag.is_end && tag.name == self.last_start
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        let mut finder = self.finder();
        if matches!(finder.context, Context::Unsure) {
            let at = finder.open_at;
            finder.hazard(at, Hazard::Ambiguous("![CDATA[".into()));
        }
        matches!(finder.context, Context::Foreign(_))
    }

    #[inline]
    fn move_position(&mut self, by: isize) {
        self.position = self.position.saturating_add_signed(by);
    }
}
