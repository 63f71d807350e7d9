//! How a browser reads on behind a tag.
//!
//! Some elements hold text where others hold markup, but not everywhere: a `<style>` within `<svg>` holds markup, and
//! one within `<select>` is passed over by some browsers, with what follows read as markup. Drawings are followed
//! element by element as long as they are nested properly. From where that ends, or where a browser may pass over tags,
//! the page is [`Context::Unsure`], and an element that holds text may then hold no tag, so that both readings agree.

use html5gum::State;

/// Where in the tree of a browser the tokenizer is, as far as it reads differently there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Context {
    #[default]
    Html,
    /// In a drawing or a formula: the open elements from there on.
    Foreign(Vec<Vec<u8>>),
    Select,
    Unsure,
}

/// What follows a start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Markup,
    Text(State),
    /// Text to some browsers, markup to others.
    Either,
}

impl Context {
    /// `scripts` tells whether the browser runs them; then `<noscript>` holds text.
    pub fn open(&mut self, name: &[u8], is_empty: bool, scripts: bool) -> Next {
        let text = text_state(name).filter(|_| scripts || name != b"noscript");
        match self {
            Self::Html => match name {
                b"svg" | b"math" if is_empty => {}
                b"svg" | b"math" => *self = Self::Foreign(vec![name.to_vec()]),
                b"select" => *self = Self::Select,
                // A `<col>` in a template makes a browser pass over most of what follows in it.
                b"template" | b"frameset" => *self = Self::Unsure,
                _ => return text.map_or(Next::Markup, Next::Text),
            },
            Self::Foreign(open) if stays(open, name) => {
                if !is_empty {
                    open.push(name.to_vec());
                }
            }
            Self::Select if text.is_none() && !matches!(name, b"svg" | b"math" | b"template" | b"frameset") => {}
            Self::Select | Self::Foreign(_) | Self::Unsure => {
                *self = Self::Unsure;
                return text.map_or(Next::Markup, |_| Next::Either);
            }
        }
        Next::Markup
    }

    pub fn close(&mut self, name: &[u8]) {
        match self {
            Self::Select if name == b"select" => *self = Self::Html,
            Self::Foreign(open) if open.last().is_some_and(|last| last == name) => {
                open.pop();
                if open.is_empty() {
                    *self = Self::Html;
                }
            }
            Self::Foreign(_) => *self = Self::Unsure,
            Self::Html | Self::Select | Self::Unsure => {}
        }
    }

    /// Whether it stays as it is behind tags that mean nothing by themselves.
    pub fn is_loose(&self) -> bool {
        matches!(self, Self::Html | Self::Unsure)
    }
}

/// Whether a start tag means anything here, whatever its attributes are.
pub fn matters(name: &[u8]) -> bool {
    matches!(name, b"svg" | b"math" | b"select" | b"template" | b"frameset") || holds_text(name)
}

/// Whether what follows a start tag may be text where it would be markup elsewhere.
pub fn holds_text(name: &[u8]) -> bool {
    text_state(name).is_some()
}

/// The elements that hold text. That of `<noscript>` counts where scripts run.
fn text_state(name: &[u8]) -> Option<State> {
    Some(match name {
        b"title" | b"textarea" => State::RcData,
        b"script" => State::ScriptData,
        b"style" | b"xmp" | b"iframe" | b"noembed" | b"noframes" | b"noscript" => State::RawText,
        b"plaintext" => State::PlainText,
        _ => return None,
    })
}

/// Whether a start tag within a drawing or a formula opens an element of it. What stands directly in some of its
/// elements is HTML again, and some names of HTML end the drawing.
fn stays(open: &[Vec<u8>], name: &[u8]) -> bool {
    !open.last().is_some_and(|last| HOLD_HTML.contains(&&**last)) && !LEAVE.contains(&name)
}

const HOLD_HTML: &[&[u8]] =
    &[b"foreignobject", b"desc", b"title", b"annotation-xml", b"mi", b"mo", b"mn", b"ms", b"mtext"];

/// See "The rules for parsing tokens in foreign content" of the HTML standard.
const LEAVE: &[&[u8]] = &[
    b"b",
    b"big",
    b"blockquote",
    b"body",
    b"br",
    b"center",
    b"code",
    b"dd",
    b"div",
    b"dl",
    b"dt",
    b"em",
    b"embed",
    b"font",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
    b"head",
    b"hr",
    b"i",
    b"img",
    b"li",
    b"listing",
    b"menu",
    b"meta",
    b"nobr",
    b"ol",
    b"p",
    b"pre",
    b"ruby",
    b"s",
    b"small",
    b"span",
    b"strong",
    b"strike",
    b"sub",
    b"sup",
    b"table",
    b"tt",
    b"u",
    b"ul",
    b"var",
];
