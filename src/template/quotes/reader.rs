//! Where in a page a text is, read as a browser reads tags.

use crate::marks;

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

/// How the names of attributes begin that a browser runs.
const HANDLER: &str = "on";

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

/// Where in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    Plain,
    Text(char),
    /// Behind a backslash in one.
    Escape(char),
    /// Behind a slash.
    Slash,
    Line,
    Lines,
    /// Behind a star in a comment of lines.
    Star,
}

/// Who reads, and where in the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reader {
    by: By,
    pub place: Place,
    /// The name of the tag that is read, in lower case; empty for one that ends an element.
    element: String,
    /// Whether that name is not over yet.
    is_element: bool,
    /// Whether the last sign in the tag was a slash.
    is_slash: bool,
    /// The name of the attribute that is read, in lower case.
    pub attribute: String,
}

impl Reader {
    /// All that may read a page, each at that place.
    pub fn all(place: &Place, attribute: &str) -> Vec<Self> {
        let ways = [(false, false), (false, true), (true, false), (true, true)];
        let reader = |(scripts, comments)| Self {
            by: By { scripts, comments, xml: false },
            place: place.clone(),
            attribute: attribute.to_owned(),
            ..Self::default()
        };
        ways.map(reader).into()
    }

    pub fn of_xml(place: &Place, attribute: &str) -> Self {
        let by = By { xml: true, ..By::default() };
        Self { by, place: place.clone(), attribute: attribute.to_owned(), ..Self::default() }
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
        let may_hold = || HOLD_TEXT.iter().any(|element| element.starts_with(&*self.element));
        self.place == Place::Open || self.place == Place::Tag && self.is_element && may_hold()
    }

    /// Takes what nobody knows the letters of.
    pub fn pass(&mut self) {
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
                    self.element.push('/');
                    self.is_element = true;
                    Place::Tag
                }
                Place::Close => Place::Declaration,
                Place::Tag | Place::Name | Place::Named | Place::Value | Place::Bare if c == '>' => self.behind_tag(),
                place @ (Place::Tag | Place::Name | Place::Named) => self.tag(&place, c),
                Place::Value if c.is_ascii_whitespace() => Place::Value,
                Place::Value if matches!(c, '"' | '\'') => Place::Quoted(c),
                Place::Bare if c.is_ascii_whitespace() => Place::Tag,
                Place::Value | Place::Bare => Place::Bare,
                Place::Quoted(quote) if c == quote => Place::Tag,
                Place::Comment if rest.starts_with("-->") || rest.starts_with("--!>") => Place::Declaration,
                Place::Declaration if c == '>' => Place::Text,
                Place::Held(element) if ends(rest, element) => self.begin(),
                Place::Script(_) if ends(rest, "script") => self.begin(),
                Place::Script(code) => Place::Script(code.next(c)),
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
                self.attribute.push(c.to_ascii_lowercase());
                Place::Name
            }
        }
    }

    fn behind_tag(&self) -> Place {
        let holds = HOLD_TEXT.into_iter().find(|element| *element == self.element);
        let holds = holds.filter(|element| !self.by.xml || *element == "script" && !self.is_slash);
        match holds.filter(|element| *element != "noscript" || self.by.scripts) {
            Some("script") => Place::Script(Code::Plain),
            Some(element) => Place::Held(element),
            None => Place::Text,
        }
    }
}

impl Code {
    /// What begins a regular expression is taken for a sign of counting.
    fn next(self, c: char) -> Self {
        match (self, c) {
            (Self::Slash, '/') => Self::Line,
            (Self::Slash, '*') => Self::Lines,
            (Self::Star, '/') => Self::Plain,
            (Self::Star | Self::Lines, '*') => Self::Star,
            (Self::Star, _) => Self::Lines,
            (Self::Plain | Self::Slash, '"' | '\'' | '`') => Self::Text(c),
            (Self::Plain, '/') => Self::Slash,
            (Self::Plain | Self::Slash, _) => Self::Plain,
            (Self::Text(quote), '\\') => Self::Escape(quote),
            (Self::Escape(quote), _) => Self::Text(quote),
            (Self::Text(quote), c) if c == quote || c == '\n' && quote != '`' => Self::Plain,
            (Self::Line, '\n') => Self::Plain,
            (code, _) => code,
        }
    }
}

/// Whether a text begins with the `<` before the end of an element.
fn ends(rest: &str, element: &str) -> bool {
    let Some(rest) = rest.strip_prefix("</") else { return false };
    let name = rest.get(..element.len()).is_some_and(|name| name.eq_ignore_ascii_case(element));
    let behind = rest.get(element.len()..).and_then(|rest| rest.chars().next());
    name && behind.is_none_or(|c| c.is_ascii_whitespace() || matches!(c, '/' | '>') || marks::is_mark(c))
}
