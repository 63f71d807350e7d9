//! What the tags of a page mean for it.

use html5gum::State;
use memchr::memmem;
use serde_json::Value;

use super::address::leads_outward;
use super::addresses::{candidates, refresh};
use super::attributes::{self, Form};
use super::context::{Context, Next};
use super::reader::{By, read};
use super::tag::{Tag, text};
use super::{Field, Hazard, Page, Reference, Role, WORDS, css, encoding, words};

/// Text that is waited for.
#[derive(Debug)]
enum Held {
    Nothing,
    /// A style, and where its tag begins.
    Style(Vec<u8>, usize),
    /// What an email tells mail programs in JSON, and where its tag begins.
    Data(Vec<u8>, usize),
    Option(Vec<u8>),
}

/// The words of an email since its last tag.
#[derive(Debug, Default)]
struct Words {
    text: Vec<u8>,
    /// Where that tag begins.
    at: usize,
    /// Whether they are those of a link already.
    is_link: bool,
    /// Whether they are not shown: a style, a title.
    is_hidden: bool,
}

/// The last words of properties that hold addresses.
const PREVIEWS: &[&str] = &["image", "video", "audio", "player", "stream", "src", "url", "secure_url"];

/// The types of scripts that load nothing by themselves.
const SCRIPTS: &[&str] = &[
    "",
    "module",
    "text/javascript",
    "application/javascript",
    "text/ecmascript",
    "application/ecmascript",
    "application/json",
    "application/ld+json",
    "text/plain",
];

/// Parameters of an `<object>` by which some browsers know what to load in it.
const LOADED: &[&str] = &["code", "data", "filename", "href", "movie", "src", "url"];

/// The type of a script that holds data for mail programs and searches.
const DATA: &str = "application/ld+json";

/// The texts in JSON that lead outward, but for the name of the vocabulary.
fn outward(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.extend(leads_outward(text).then(|| text.clone())),
        Value::Array(items) => items.iter().for_each(|item| outward(item, found)),
        Value::Object(entries) => {
            entries.iter().filter(|(key, _)| *key != "@context").for_each(|(_, value)| outward(value, found));
        }
        _ => {}
    }
}

/// How the properties begin that Windows reads of a page that is pinned.
const PINNED: &str = "msapplication-";

fn is_tile(name: &str) -> bool {
    name.strip_prefix(PINNED).is_some_and(|what| what == "tileimage" || what == "config" || what.ends_with("logo"))
}

/// Adds what it finds to a page.
pub struct Finder<'p> {
    page: &'p mut Page,
    by: By,
    pub tag: Tag,
    pub comment: Vec<u8>,
    /// Where the last `<` stands.
    pub open_at: usize,
    pub context: Context,
    held: Held,
    /// Of what a mail program reads.
    words: Option<Words>,
    /// The element that may hold no tag, and where it begins.
    must_close: Option<(Vec<u8>, usize)>,
    /// The name of the list whose options are read.
    pub select: Option<String>,
    has_noscript: bool,
}

impl<'p> Finder<'p> {
    pub fn new(page: &'p mut Page, by: By) -> Self {
        let reads_words = matches!(by, By::Mail | By::Outlook { in_mail: true });
        Self {
            page,
            by,
            words: reads_words.then(Words::default),
            tag: Tag::default(),
            comment: Vec::new(),
            open_at: 0,
            context: Context::default(),
            held: Held::Nothing,
            must_close: None,
            select: None,
            has_noscript: false,
        }
    }

    /// Whether the page has a part for browsers that run no scripts.
    pub fn has_noscript(&self) -> bool {
        self.has_noscript
    }

    /// Takes a tag, and tells what is text behind it.
    pub fn tag(&mut self) -> Option<State> {
        self.tag.end_attribute();
        // In a drawing a style may hold tags, and what stands behind them is style again.
        if let Held::Style(_, at) = self.held
            && !(self.tag.is_end && self.tag.name == b"style")
        {
            self.hazard(at, Hazard::Ambiguous("style".into()));
        }
        self.end_text();
        self.met_markup(self.tag.is_end && self.must_close.as_ref().is_some_and(|(name, _)| *name == self.tag.name));
        if self.tag.is_end {
            self.end_tag();
            return None;
        }
        let state = self.start_tag();
        if let Some(words) = &mut self.words {
            words.is_link |= self.tag.name == b"a";
            words.is_hidden = state.is_some();
        }
        state
    }

    pub fn comment(&mut self) {
        self.met_markup(false);
        self.conditional_comment();
    }

    /// Whether nobody waits for text.
    pub fn may_skim(&self) -> bool {
        self.must_close.is_none() && matches!(self.held, Held::Nothing)
    }

    /// Whether the words between tags are read.
    pub fn reads_words(&self) -> bool {
        self.words.is_some()
    }

    /// Whether tags of that name say something, also without an attribute that is looked at.
    pub fn means(name: &[u8]) -> bool {
        matches!(name, b"meta" | b"input" | b"button" | b"select" | b"option" | b"set" | b"animate")
    }

    /// Text counts where it is waited for.
    pub fn hold(&mut self, text: &[u8]) {
        if let Some(words) = self.words.as_mut().filter(|words| !words.is_hidden) {
            words.text.extend_from_slice(text);
        }
        match &mut self.held {
            Held::Nothing => {}
            Held::Style(held, _) | Held::Data(held, _) | Held::Option(held) => held.extend_from_slice(text),
        }
    }

    /// The text that was waited for ends with the next tag.
    pub fn end_text(&mut self) {
        self.end_words();
        match std::mem::replace(&mut self.held, Held::Nothing) {
            Held::Nothing => {}
            Held::Style(style, at) => self.style("style", &text(style), at),
            Held::Data(data, at) => self.data(&data, at),
            Held::Option(value) => {
                let value = text(value).split_ascii_whitespace().collect::<Vec<_>>().join(" ");
                self.offer(self.select.clone(), Some(value));
            }
        }
    }

    /// Browsers leave out zero bytes of a text.
    fn end_words(&mut self) {
        let Some(words) = &mut self.words else { return };
        let (at, mut bytes) = (words.at, std::mem::take(&mut words.text));
        words.at = self.tag.at;
        if words.is_link {
            return;
        }
        bytes.retain(|byte| *byte != 0);
        let text = text(bytes);
        let refer = |(_, address): (usize, &str)| Reference {
            role: Role::Link,
            address: address.to_owned(),
            attribute: WORDS,
            at,
        };
        self.page.references.extend(words::of_mail(&text).into_iter().map(refer));
    }

    /// An element that may hold no tag met one, or a comment.
    pub fn met_markup(&mut self, is_its_end: bool) {
        if let Some((element, at)) = self.must_close.take().filter(|_| !is_its_end) {
            self.hazard(at, Hazard::Ambiguous(text(element)));
        }
    }

    /// Notes markup behind which an address may hide, once of a kind.
    pub fn hazard(&mut self, at: usize, hazard: Hazard) {
        if !self.page.hazards.iter().any(|(_, known)| *known == hazard) {
            self.page.hazards.push((at, hazard));
        }
    }

    fn start_tag(&mut self) -> Option<State> {
        self.has_noscript |= self.tag.name == b"noscript";
        self.attributes();
        self.element();
        let scripts = self.by == By::Browser { scripts: true };
        match self.context.open(&self.tag.name, self.tag.is_empty, scripts) {
            Next::Markup => None,
            Next::Text(state) => Some(state),
            Next::Either => {
                self.must_close = Some((self.tag.name.clone(), self.tag.at));
                None
            }
        }
    }

    /// Takes an element of XML, which is one wherever it stands.
    pub fn element_of_xml(&mut self) {
        self.attributes();
        self.element();
    }

    /// Adds addresses that were found elsewhere.
    pub fn add(&mut self, references: impl Iterator<Item = Reference>) {
        self.page.references.extend(references);
    }

    fn end_tag(&mut self) {
        if self.tag.name == b"select" {
            self.select = None;
        }
        if let Some(words) = &mut self.words {
            words.is_link &= self.tag.name != b"a";
            words.is_hidden = false;
        }
        self.context.close(&self.tag.name);
    }

    /// Takes the attributes that say something by themselves. Of two of one name browsers take the first; here both
    /// count.
    fn attributes(&mut self) {
        let mut attributes = std::mem::take(&mut self.tag.attributes);
        attributes.retain_mut(|(name, value)| !self.attribute(name, value));
        self.tag.attributes = attributes;
    }

    fn attribute(&mut self, name: &'static str, value: &mut String) -> bool {
        match attributes::addresses(&self.tag.name, name) {
            Some((Form::One, role)) => self.refer(role, name, std::mem::take(value)),
            Some((Form::Several, role)) => {
                value.split_ascii_whitespace().for_each(|address| self.refer(role, name, address.to_owned()));
            }
            Some((Form::Candidates, role)) => {
                candidates(value).into_iter().for_each(|address| self.refer(role, name, address.to_owned()));
            }
            Some((Form::Style, _)) => self.style(name, value, self.tag.at),
            None if name == "id" => drop(self.page.ids.insert(std::mem::take(value))),
            None if name == "srcdoc" => self.hazard(self.tag.at, Hazard::Srcdoc),
            // Of the page itself, or of what it loads.
            None if name == "charset" => self.encoding(value),
            None => return false,
        }
        true
    }

    fn encoding(&mut self, name: &str) {
        if !encoding::is_utf8(name) {
            self.hazard(self.tag.at, encoding::other(name));
        }
    }

    fn refer(&mut self, role: Role, attribute: &'static str, address: String) {
        if attribute == "href" && self.tag.name == b"base" {
            return self.hazard(self.tag.at, Hazard::Base);
        }
        self.page.references.push(Reference { role, address, attribute, at: self.tag.at });
    }

    fn style(&mut self, attribute: &'static str, style: &str, at: usize) {
        let found = css::addresses(style).into_iter();
        let references = found.map(|(_, address)| Reference { role: Role::Image, address, attribute, at });
        self.page.references.extend(references);
    }

    /// What the attributes of some elements say together.
    fn element(&mut self) {
        match &*self.tag.name {
            b"meta" => self.meta(),
            b"input" | b"button" | b"textarea" => {
                let (name, value) = (self.tag.take("name"), self.tag.take("value"));
                self.offer(name, value);
            }
            b"select" => {
                self.select = self.tag.take("name");
                self.offer(self.select.clone(), None);
            }
            b"option" => match self.tag.take("value") {
                Some(value) => self.offer(self.select.clone(), Some(value)),
                None => self.held = Held::Option(Vec::new()),
            },
            b"script" => {
                let kind = self.tag.get("type").map(|kind| kind.trim().to_ascii_lowercase()).unwrap_or_default();
                if !SCRIPTS.contains(&&*kind) {
                    self.hazard(self.tag.at, Hazard::Script(kind));
                } else if kind == DATA && self.reads_words() {
                    self.held = Held::Data(Vec::new(), self.tag.at);
                }
            }
            b"form" => self.form(),
            b"param" => {
                let name = self.tag.get("name").map(|name| name.trim().to_ascii_lowercase()).unwrap_or_default();
                let address = self.tag.take("value");
                let loads = |address: &String| LOADED.contains(&&*name) || leads_outward(address);
                address.filter(loads).into_iter().for_each(|address| self.refer(Role::Load, "value", address));
            }
            b"style" => self.held = Held::Style(Vec::new(), self.tag.at),
            b"set" | b"animate" => {
                let attribute = self.tag.get("attributename").map(str::trim);
                let sets_url = ["to", "from", "by", "values"].iter().any(|name| {
                    self.tag
                        .get(name)
                        .is_some_and(|value| value.to_ascii_lowercase().contains("url") || value.contains('\\'))
                });
                // Whatever prefix stands for the namespace of links.
                let is_link =
                    |name: &str| name.rsplit(':').next().is_some_and(|local| local.eq_ignore_ascii_case("href"));
                if sets_url || attribute.is_some_and(is_link) {
                    self.hazard(self.tag.at, Hazard::Animation);
                }
            }
            _ => {}
        }
    }

    /// Mail programs make buttons of the addresses in it.
    fn data(&mut self, data: &[u8], at: usize) {
        match serde_json::from_slice(data) {
            Ok(value) => {
                let mut found = Vec::new();
                outward(&value, &mut found);
                let refer = |address| Reference { role: Role::Link, address, attribute: DATA, at };
                self.page.references.extend(found.into_iter().map(refer));
            }
            Err(_) => self.hazard(at, Hazard::Unread(format!("no JSON in a script of the type `{DATA}`"))),
        }
    }

    /// A form that names no address posts to the page itself.
    fn form(&mut self) {
        let posts = self.tag.get("method").is_some_and(|method| method.trim().eq_ignore_ascii_case("post"));
        let own = self.page.references.iter().rev().take_while(|reference| reference.at == self.tag.at);
        if posts && own.into_iter().all(|reference| reference.attribute != "action") {
            self.refer(Role::Post, "action", String::new());
        }
    }

    fn meta(&mut self) {
        let refreshes = self.tag.get("http-equiv").is_some_and(|what| what.eq_ignore_ascii_case("refresh"));
        let address = self.tag.get("content").filter(|_| refreshes).and_then(refresh).map(str::to_owned);
        if let Some(address) = address {
            self.refer(Role::Link, "content", address);
        }
        let tells = self.tag.get("http-equiv").is_some_and(|what| what.eq_ignore_ascii_case("content-type"));
        if let Some(name) = self.tag.get("content").filter(|_| tells).and_then(encoding::within) {
            self.encoding(&name);
        }
        if !refreshes {
            self.named_addresses().into_iter().for_each(|(role, address)| self.refer(role, "content", address));
        }
        let has =
            |name: &str, word: &str| self.tag.get(name).is_some_and(|text| text.to_ascii_lowercase().contains(word));
        self.page.is_unlisted |= has("name", "robots") && has("content", "noindex");
    }

    /// The addresses of a property: what networks show of a page that is shared, by the protocol that they agree on
    /// (`og:image`, `twitter:player`), what Windows shows of one that is pinned, and whatever else leads outward.
    fn named_addresses(&self) -> Vec<(Role, String)> {
        let Some(content) = self.tag.get("content") else { return Vec::new() };
        let names = ["property", "name"].into_iter().filter_map(|name| self.tag.get(name));
        let names: Vec<String> = names.map(str::to_ascii_lowercase).collect();
        let role = names.iter().find_map(|name| match &*name.split(':').collect::<Vec<_>>() {
            ["og" | "twitter", "url"] => Some(Role::Link),
            ["og" | "twitter", .., last] if PREVIEWS.contains(last) => Some(Role::Image),
            [name] if is_tile(name) => Some(Role::Image),
            _ => None,
        });
        match role {
            Some(role) => vec![(role, content.to_owned())],
            None if leads_outward(content) => vec![(Role::Link, content.to_owned())],
            // `frequency=30; polling-uri=…`
            None if names.iter().any(|name| name.starts_with(PINNED)) => {
                let parts = content.split(';').map(|part| part.split_once('=').map_or(part, |(_, value)| value));
                parts.filter(|part| leads_outward(part)).map(|part| (Role::Image, part.to_owned())).collect()
            }
            None => Vec::new(),
        }
    }

    fn offer(&mut self, name: Option<String>, value: Option<String>) {
        self.page.fields.extend(name.map(|name| Field { name, value }));
    }

    /// Outlook reads what stands in `<!--[if mso]> … <![endif]-->`.
    fn conditional_comment(&mut self) {
        let is_conditional = self.comment.trim_ascii_start().get(..3).is_some_and(|start| start == b"[if");
        if !is_conditional || matches!(self.by, By::Outlook { .. }) {
            return;
        }
        let comment = std::mem::take(&mut self.comment);
        // `<!--[if !mso]><!-- -->`: a comment within, of nothing, which ends with it.
        let behind = memmem::find(&comment, b"]>").and_then(|at| comment.get(at + 2..)).unwrap_or_default();
        if behind.trim_ascii() == b"<!--" {
            return;
        }
        if memmem::find(&comment, b"<!--").is_some() {
            self.hazard(self.open_at, Hazard::Ambiguous("!--".into()));
        }
        let mut inner = Page::default();
        read(&comment, &mut inner, By::Outlook { in_mail: self.reads_words() });
        let at = self.open_at;
        self.page.references.extend(inner.references.into_iter().map(|reference| Reference { at, ..reference }));
        inner.hazards.into_iter().for_each(|(_, hazard)| self.hazard(at, hazard));
    }
}
