//! Where in a page a text is, read as a browser reads tags.

use crate::html::{Context, Next};
use crate::marks;

use super::code::Code;

/// How somebody reads a page. What one takes for a comment or a text another takes for markup, and a template is read as each does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct By {
    /// Whether scripts run: then `<noscript>` holds text.
    scripts: bool,
    /// Whether it is Outlook, which reads what stands in some comments.
    comments: bool,
    /// Whether it is read as XML, in which every element may hold others, or be over with its tag.
    xml: bool,
}

/// Elements that hold text, in which nothing is a tag.
const HOLD_TEXT: [&str; 10] =
    ["iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title", "xmp"];

/// Elements behind which others are read otherwise.
const TURN: [&str; 5] = ["frameset", "math", "select", "svg", "template"];

/// How the names of attributes begin that a browser runs.
const HANDLER: &str = "on";

/// What stands for the name of any other.
const OTHER: &str = "_";

/// Where in a page a text is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    #[default]
    Text,
    /// Behind the `<` of what may become a tag.
    Open,
    /// Behind the `</` of one that ends an element.
    Close,
    /// In a tag, before the name of an attribute.
    Tag,
    /// In the name of one.
    Name,
    /// Behind a name, where a `=` may follow.
    Named,
    /// Behind the `=` of an attribute.
    Value,
    /// In a value without quotes.
    Bare,
    Quoted(char),
    Comment,
    /// `<!doctype …>`
    Declaration,
    /// In an element that holds text.
    Held(&'static str),
    /// In a script.
    Script(Code),
}

/// What keeps the end of a script from being one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Hidden {
    #[default]
    No,
    /// Behind `<!--`: in XML, or in HTML where another script begins in it, the end is hidden.
    Comment,
    /// In a script within such a comment.
    Twice,
    /// Text of XML.
    Data,
}

/// Where a template or a piece is put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    place: Place,
    /// The attribute of quotes.
    attribute: String,
    context: Context,
    hidden: Hidden,
    /// Whether the page is read as XML.
    xml: bool,
}

impl Entry {
    /// The text of a page that a template of that name makes.
    pub fn of(template: &str) -> Self {
        let is_html = template.ends_with(".html") || template.ends_with(".htm");
        Self { xml: !is_html, ..Self::default() }
    }

    pub fn is_text(&self) -> bool {
        self.place == Place::Text
    }
}

/// Who reads, and where in the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    by: By,
    pub place: Place,
    /// The drawings and formulas around, in which other elements hold text.
    context: Context,
    hidden: Hidden,
    /// The name of the tag that is read, in lower case, with a slash in front for one that ends an element.
    element: String,
    /// Whether that name is not over yet.
    is_element: bool,
    /// Whether the last sign in the tag was a slash.
    is_slash: bool,
    /// How the name of the attribute begins that is read, in lower case: as much as tells whether a browser runs it.
    pub attribute: String,
}

impl Reader {
    /// All that may read a page, each from there.
    pub fn all(entry: &Entry) -> Vec<Self> {
        if entry.xml {
            return vec![Self::by(By { xml: true, ..By::default() }, entry)];
        }
        let ways = [(false, false), (false, true), (true, false), (true, true)];
        ways.map(|(scripts, comments)| Self::by(By { scripts, comments, xml: false }, entry)).into()
    }

    fn by(by: By, entry: &Entry) -> Self {
        let Entry { place, attribute, context, hidden, .. } = entry.clone();
        Self { by, place, attribute, context, hidden, ..Self::default() }
    }

    /// The place for what is put in here, whatever code it may follow.
    pub fn entry(&self) -> Entry {
        let place = match &self.place {
            Place::Script(code) => Place::Script(code.unread()),
            place => place.clone(),
        };
        let (attribute, context) = (self.attribute.clone(), self.context.clone());
        Entry { place, attribute, context, hidden: self.hidden, xml: self.by.xml }
    }

    /// Whether it is where it began.
    pub fn is_back_at(&self, entry: &Entry) -> bool {
        match (&self.place, &entry.place) {
            (Place::Script(code), Place::Script(before)) => code.is_like(before),
            (place, before) => place == before,
        }
    }

    /// Whether what may begin there may stand here too.
    pub fn is_like(&self, entry: &Entry) -> bool {
        self.is_back_at(entry) && (!matches!(self.place, Place::Quoted(_)) || self.attribute == entry.attribute)
    }

    /// Whether it is within a tag, and in no quotes there.
    pub fn is_bare(&self) -> bool {
        matches!(
            self.place,
            Place::Open | Place::Close | Place::Tag | Place::Name | Place::Named | Place::Value | Place::Bare
        )
    }

    /// Whether it is in what a browser runs, though it stands in quotes.
    pub fn is_handler(&self) -> bool {
        matches!(self.place, Place::Quoted(_)) && self.attribute.starts_with(HANDLER)
    }

    /// Whether what stands there could come to the name of an element that holds text.
    pub fn names_element(&self) -> bool {
        let may_hold = || HOLD_TEXT.iter().chain(&TURN).any(|element| element.starts_with(self.local()));
        self.place == Place::Open || self.place == Place::Tag && self.is_element && may_hold()
    }

    /// The name of the element without the prefix that it may have in XML.
    fn local(&self) -> &str {
        let local = self.element.rsplit(':').next().filter(|_| self.by.xml);
        local.unwrap_or(&self.element)
    }

    /// Takes what nobody knows the letters of: a value, or all that is put in.
    pub fn pass(&mut self, is_value: bool) {
        match &mut self.place {
            Place::Script(code) if is_value => code.pass_value(),
            Place::Script(code) => *code = code.unread(),
            _ => {}
        }
        let is_name = matches!(self.place, Place::Tag | Place::Name | Place::Named) && !self.is_element;
        if self.place != Place::Name && is_name {
            self.attribute.clear();
        }
        if is_name && HANDLER.starts_with(&*self.attribute) {
            HANDLER.clone_into(&mut self.attribute);
        }
        self.place = match std::mem::take(&mut self.place) {
            Place::Open | Place::Close => Place::Tag,
            Place::Value => Place::Bare,
            Place::Tag | Place::Named if !self.is_element => Place::Name,
            place => place,
        };
    }

    pub fn read(&mut self, text: &str) {
        for (at, c) in text.char_indices().filter(|(_, c)| !marks::is_mark(*c)) {
            let rest = text.get(at..).unwrap_or_default();
            self.place = match std::mem::take(&mut self.place) {
                Place::Text => self.outside(rest),
                Place::Open => self.open(c, rest),
                Place::Close if c == '>' => Place::Text,
                Place::Close if c.is_ascii_alphabetic() => {
                    self.element.extend(['/', c.to_ascii_lowercase()]);
                    self.is_element = true;
                    Place::Tag
                }
                Place::Close => Place::Declaration,
                Place::Tag | Place::Name | Place::Named | Place::Value | Place::Bare if c == '>' => self.behind_tag(),
                place @ (Place::Tag | Place::Name | Place::Named) => self.tag(&place, c),
                Place::Value if c.is_ascii_whitespace() => Place::Value,
                Place::Value if matches!(c, '"' | '\'') => Place::Quoted(c),
                Place::Bare if c.is_ascii_whitespace() => self.behind_value(),
                Place::Value | Place::Bare => Place::Bare,
                Place::Quoted(quote) if c == quote => self.behind_value(),
                Place::Comment if rest.starts_with("-->") || rest.starts_with("--!>") => Place::Declaration,
                Place::Declaration if c == '>' => Place::Text,
                Place::Held(element) if ends(rest, element) => self.begin(),
                Place::Script(code) => self.script(code, c, rest),
                place => place,
            };
        }
    }

    fn outside(&mut self, rest: &str) -> Place {
        match rest.strip_prefix('<') {
            Some(behind) if behind.starts_with("!--[if") && self.by.comments => Place::Declaration,
            Some(behind) if behind.starts_with("!--") => Place::Comment,
            Some(behind) if behind.starts_with(['!', '?']) => Place::Declaration,
            Some(_) => self.begin(),
            None => Place::Text,
        }
    }

    fn begin(&mut self) -> Place {
        self.element.clear();
        self.attribute.clear();
        self.is_slash = false;
        Place::Open
    }

    fn open(&mut self, c: char, rest: &str) -> Place {
        match c {
            '/' => Place::Close,
            'a'..='z' | 'A'..='Z' => {
                self.element.push(c.to_ascii_lowercase());
                self.is_element = true;
                Place::Tag
            }
            _ => self.outside(rest),
        }
    }

    fn tag(&mut self, place: &Place, c: char) -> Place {
        if self.is_element && !c.is_ascii_whitespace() && c != '/' {
            self.element.push(c.to_ascii_lowercase());
            return Place::Tag;
        }
        self.is_element = false;
        self.is_slash = c == '/';
        match (place, c) {
            (_, '/') => Place::Tag,
            (Place::Tag, c) if c.is_ascii_whitespace() => Place::Tag,
            (_, c) if c.is_ascii_whitespace() => Place::Named,
            (Place::Name | Place::Named, '=') => Place::Value,
            (place, c) => {
                // What begins with `=` is a name all the same.
                if !matches!(place, Place::Name) {
                    self.attribute.clear();
                }
                if !self.attribute.starts_with(HANDLER) {
                    self.attribute.push(c.to_ascii_lowercase());
                }
                if !HANDLER.starts_with(&*self.attribute) {
                    // Of so many names there would be as many places.
                    OTHER.clone_into(&mut self.attribute);
                }
                Place::Name
            }
        }
    }

    fn behind_value(&mut self) -> Place {
        self.attribute.clear();
        Place::Tag
    }

    /// Only the end of a script needs its name, where that may have a prefix.
    fn behind_tag(&mut self) -> Place {
        let place = self.within();
        self.attribute.clear();
        self.is_slash = false;
        if !self.by.xml || !matches!(place, Place::Script(_)) {
            self.element.clear();
        }
        place
    }

    fn within(&mut self) -> Place {
        self.hidden = Hidden::No;
        let is_drawn = self.is_drawn();
        if let Some(name) = self.element.strip_prefix('/') {
            self.context.close(name.as_bytes());
            return Place::Text;
        }
        let holds = match self.by.xml {
            true => false,
            false => self.context.open(self.element.as_bytes(), self.is_slash, self.by.scripts) != Next::Markup,
        };
        let is_over = self.is_slash && (self.by.xml || is_drawn && self.is_drawn());
        match HOLD_TEXT.into_iter().find(|element| *element == self.local()) {
            Some("script") if !is_over => Place::Script(Code::start()),
            Some(element) if holds => Place::Held(element),
            _ => Place::Text,
        }
    }

    /// Whether it is in a drawing or a formula, where tags in a script are tags, as in XML.
    fn is_drawn(&self) -> bool {
        matches!(self.context, Context::Foreign(_))
    }

    fn script(&mut self, mut code: Code, c: char, rest: &str) -> Place {
        let is_marked_up = self.by.xml || self.is_drawn();
        let ends_script = ends(rest, if self.by.xml { &self.element } else { "script" });
        self.hidden = match self.hidden {
            Hidden::No if rest.starts_with("<!--") => Hidden::Comment,
            Hidden::No if is_marked_up && rest.starts_with("<![CDATA[") => Hidden::Data,
            Hidden::No | Hidden::Comment if ends_script && !(is_marked_up && self.hidden == Hidden::Comment) => {
                return self.begin();
            }
            Hidden::Comment if begins_script(rest) && !is_marked_up => Hidden::Twice,
            Hidden::Twice if ends_script => Hidden::Comment,
            Hidden::Comment | Hidden::Twice if rest.starts_with("-->") => Hidden::No,
            Hidden::Data if rest.starts_with("]]>") => Hidden::No,
            hidden => hidden,
        };
        // What tags and entities come to there, a script does not show.
        let is_sign = |name: &str| ["amp;", "lt;", "gt;"].iter().any(|sign| name.starts_with(sign));
        let is_plain = rest.starts_with("<![CDATA[") || rest.strip_prefix('&').is_some_and(is_sign);
        if is_marked_up && self.hidden != Hidden::Data && matches!(c, '<' | '&') && !is_plain {
            code.lose();
        }
        code.read(c);
        Place::Script(code)
    }
}

/// Whether a text begins with the tag of a script.
fn begins_script(rest: &str) -> bool {
    let name = rest.get(1..7).is_some_and(|name| name.eq_ignore_ascii_case("script"));
    let behind = rest.get(7..).and_then(|rest| rest.chars().next());
    rest.starts_with('<') && name && behind.is_none_or(|c| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
}

/// Whether a text begins with the `<` before the end of an element.
fn ends(rest: &str, element: &str) -> bool {
    let Some(rest) = rest.strip_prefix("</") else { return false };
    let name = rest.get(..element.len()).is_some_and(|name| name.eq_ignore_ascii_case(element));
    let behind = rest.get(element.len()..).and_then(|rest| rest.chars().next());
    name && behind.is_none_or(|c| c.is_ascii_whitespace() || matches!(c, '/' | '>') || marks::is_mark(c))
}
