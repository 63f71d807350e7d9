//! What stands in a finished page, a drawing or another file that is shown, read as a browser reads it.
//!
//! A page is read once: addresses, ids, fields of forms and what must not stand there come out of one pass. An HTML
//! tokenizer finds tags and attributes however they are written: without quotes, in capitals, over several lines, with
//! entities in their values. Behind some tags it depends on the tree that a browser builds how it reads on; that is
//! followed as far as it is certain, and a page that goes on as if it were is a [`Hazard`].
//!
//! - `kinds`: which kinds of files there are, and how each is read
//! - `reader`: puts the tokenizer to a page
//! - `finder`: what the tags of a page mean for it
//! - `skim`: reads at once what nearly everybody writes
//! - `context`: how a browser reads on behind a tag
//! - `tag`: the tag that is being read, with the attributes that matter
//! - `attributes`: which attributes hold addresses, and what becomes of these
//! - `address`: what kind of address a text is
//! - `addresses`: addresses among other words of an attribute
//! - `css`: addresses in styles
//! - `encoding`: whether everybody reads it as UTF-8
//! - `words`: addresses in texts
//! - `left_open`: what a piece of a page begins and does not end
//! - `xml`: what is read by its namespaces
//! - `manifest`: what is read as that of a web application

mod address;
mod addresses;
mod attributes;
mod context;
mod css;
pub mod encoding;
mod finder;
pub mod kinds;
mod left_open;
mod manifest;
mod reader;
mod skim;
mod tag;
mod words;
pub mod xml;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fmt;

pub use address::{Address, plain, resolved};
pub use context::{Context, Next};
pub use left_open::left_open;
use reader::By;
pub use words::{host_of, hosts, mailbox_of};

/// What a page offers and what it refers to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub references: Vec<Reference>,
    pub ids: BTreeSet<String>,
    pub fields: Vec<Field>,
    /// Whether it asks searches to pass it over.
    pub is_unlisted: bool,
    /// Each once, with the byte at which its tag begins.
    pub hazards: Vec<(usize, Hazard)>,
}

/// An address in a page, with its entities resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub role: Role,
    pub address: String,
    /// Where it stands: `href`, `style` for an address in a style, or [`WORDS`].
    pub attribute: &'static str,
    /// The byte at which its tag begins.
    pub at: usize,
}

/// Where an address stands that is a word of a text.
pub const WORDS: &str = "text";

/// What becomes of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Followed by a person, or quoted as a source.
    Link,
    /// Something is sent there.
    Post,
    /// Loaded, and only looked at: an image, a font.
    Image,
    /// Loaded, and then it may do anything: scripts, styles, frames.
    Load,
}

/// A field of a form.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    /// A value that the form offers; `None` where it leaves it open.
    pub value: Option<String>,
}

/// Markup behind which addresses are others than they seem, or none can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hazard {
    /// `<base href>` bends every relative address of the page.
    Base,
    /// A page inside of an attribute.
    Srcdoc,
    /// An animation that sets an address.
    Animation,
    /// A script of a type by which a browser loads more than it says: rules to load pages ahead, maps of modules, bundles.
    Script(String),
    /// An instruction to whoever reads XML, such as to load a style sheet.
    Instruction(String),
    /// It cannot be read, or not by everybody alike: the end of "it is …".
    Unread(String),
    /// Whether this element holds markup or text depends on who reads it.
    Ambiguous(String),
}

impl fmt::Display for Hazard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base => f.write_str("`<base href>` or `xml:base`, which bends its addresses"),
            Self::Srcdoc => f.write_str("`srcdoc`, a page within an attribute"),
            Self::Animation => f.write_str("an animation that sets an address"),
            Self::Script(kind) => {
                write!(f, "a script of the type `{kind}`, by which browsers may load what nobody sees")
            }
            Self::Instruction(target) => write!(f, "the instruction `<?{target} … ?>`"),
            Self::Unread(why) => f.write_str(why),
            Self::Ambiguous(element) => {
                write!(f, "`<{element}>` where browsers may read its content as text or as markup")
            }
        }
    }
}

impl Page {
    /// Reads a page.
    pub fn read(text: &[u8]) -> Self {
        let mut page = Self::default();
        if reader::read(text, &mut page, By::Browser { scripts: false }) {
            page.add(text);
        }
        page.meet(encoding::of_page(text));
        page
    }

    /// Reads a style sheet.
    pub fn of_style(text: &[u8]) -> Self {
        let addresses = css::addresses(&String::from_utf8_lossy(text)).into_iter();
        let refer = |(at, address)| Reference { role: Role::Image, address, attribute: "style", at };
        let hazards = encoding::of_style(text).into_iter().collect();
        Self { references: addresses.map(refer).collect(), hazards, ..Self::default() }
    }

    /// Reads a text of a mail: what programs that show it make links of.
    pub fn of_text(text: &[u8]) -> Self {
        let refer = |(at, address): (usize, &str)| Reference {
            role: Role::Link,
            address: address.to_owned(),
            attribute: WORDS,
            at,
        };
        let text = String::from_utf8_lossy(text);
        Self { references: words::of_mail(&text).into_iter().map(refer).collect(), ..Self::default() }
    }

    /// Reads the page of an email. Of addresses among its words, mail programs make links.
    pub fn of_email(text: &[u8]) -> Self {
        let mut page = Self::default();
        if reader::read(text, &mut page, By::Mail) {
            page.add(text);
        }
        page.meet(encoding::of_page(text));
        page
    }

    /// Notes what may be known already.
    fn meet(&mut self, found: Option<(usize, Hazard)>) {
        let new = found.filter(|(_, hazard)| self.hazards.iter().all(|(_, known)| known != hazard));
        self.hazards.extend(new);
    }

    /// Whether a form of the page has a field of that name.
    pub fn asks_for(&self, name: &str) -> bool {
        self.fields.iter().any(|field| field.name == name)
    }

    /// Whether a field of that name can be given that value.
    pub fn offers(&self, name: &str, value: &str) -> bool {
        self.fields.iter().any(|field| field.name == name && field.value.as_deref() == Some(value))
    }

    /// Adds what a browser that runs scripts finds: to it, `<noscript>` holds text, which may end elsewhere.
    fn add(&mut self, text: &[u8]) {
        let mut other = Self::default();
        reader::read(text, &mut other, By::Browser { scripts: true });
        let known: BTreeSet<(usize, &str)> =
            self.references.iter().map(|reference| (reference.at, &*reference.address)).collect();
        other.references.retain(|reference| !known.contains(&(reference.at, &*reference.address)));
        self.references.append(&mut other.references);
        self.ids.append(&mut other.ids);
        self.fields.append(&mut other.fields);
        other.hazards.retain(|(_, hazard)| !self.hazards.iter().any(|(_, known)| known == hazard));
        self.hazards.append(&mut other.hazards);
    }
}
