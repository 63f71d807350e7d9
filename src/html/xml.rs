//! What stands in XML, read by its namespaces: drawings, XHTML, feeds, maps of a site.
//!
//! A prefix means nothing by itself: `<s:style>` is a style where `s` stands for SVG. What a browser knows is read as in
//! a page. In a document of another vocabulary, of which whoever reads it makes links, everything counts that leads outward.

use roxmltree::{Attribute, Document, Node, ParsingOptions, TextPos};

use super::address::leads_outward;
use super::finder::Finder;
use super::reader::By;
use super::{Hazard, Page, Reference, Role, attributes, encoding, words};

const SVG: &str = "http://www.w3.org/2000/svg";
const XHTML: &str = "http://www.w3.org/1999/xhtml";
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Where attributes tell checkers of a document's form where that is described: nobody else follows them.
const OF_CHECKERS: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// What a document would declare with: an entity hides what it stands for, and a list gives elements attributes that
/// nobody sees.
const DECLARES: [&str; 4] = ["<!ENTITY", "<!ATTLIST", "<!ELEMENT", "<!NOTATION"];

pub fn read(bytes: &[u8]) -> Page {
    let mut page = Page::default();
    let text = std::str::from_utf8(bytes).map(|text| text.strip_prefix('\u{feff}').unwrap_or(text));
    let start = bytes.len() - text.map_or(bytes.len(), str::len);
    match text.map_err(|_| (0, "no UTF-8".to_owned())).and_then(parsed) {
        Ok(document) => Reader::of(&document, &mut page).all(),
        Err((at, why)) => page.hazards.push((at, Hazard::Unread(why))),
    }
    page.references.iter_mut().for_each(|reference| reference.at += start);
    page.hazards.iter_mut().for_each(|(at, _)| *at += start);
    page
}

/// The document, or where and why nobody could be sure to read the same one.
fn parsed(text: &str) -> Result<Document<'_>, (usize, String)> {
    if let Some(at) = encoding::of_xml(text) {
        let encoding = text.get(at.clone()).unwrap_or_default();
        return Err((at.start, encoding::told(encoding)));
    }
    if let Some(at) = declaration(text) {
        return Err((at, "a document that declares entities or elements of its own".to_owned()));
    }
    if let Some(at) = external(text) {
        return Err((at, "a document that names declarations of others".to_owned()));
    }
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let said = error.to_string();
        // The place is told by itself, and differs from package to package.
        let said = said.rsplit_once(" at ").map_or(&*said, |(what, _)| what);
        (place(text, error.pos()), format!("no well-formed XML: {said}"))
    })
}

/// The byte of a place that is counted in lines and characters.
pub fn place(text: &str, at: TextPos) -> usize {
    let lines = text.split_inclusive('\n').take(at.row.saturating_sub(1) as usize);
    let line = lines.map(str::len).sum::<usize>();
    let rest = text.get(line..).unwrap_or_default();
    let column: usize = rest.chars().take(at.col.saturating_sub(1) as usize).map(char::len_utf8).sum();
    line + column
}

/// Where a document names declarations of others, which some readers load; those of the W3C are known to all.
pub fn external(text: &str) -> Option<usize> {
    let at = text.find("<!DOCTYPE")?;
    let inside = text.get(at..)?.split(['>', '[']).next()?;
    let is_external = ["SYSTEM", "PUBLIC"].iter().any(|word| inside.contains(word));
    let is_known = |address: &str| address.starts_with("http://www.w3.org/");
    let address = inside.trim_end().trim_end_matches(['"', '\'']).rsplit(['"', '\'']).next();
    (is_external && !address.is_some_and(is_known)).then_some(at)
}

/// Where a document declares something of its own.
pub fn declaration(text: &str) -> Option<usize> {
    DECLARES.iter().filter_map(|mark| text.find(mark)).min()
}

struct Reader<'a, 'i, 'p> {
    document: &'a Document<'i>,
    finder: Finder<'p>,
    /// Whether a browser shows it: then it passes over what it does not know.
    is_shown: bool,
}

impl<'a, 'i, 'p> Reader<'a, 'i, 'p> {
    fn of(document: &'a Document<'i>, page: &'p mut Page) -> Self {
        let finder = Finder::new(page, By::Browser { scripts: true });
        Self { document, finder, is_shown: is_known(document.root_element()) }
    }

    fn all(mut self) {
        for node in self.document.descendants() {
            if node.is_pi() {
                self.instruction(node);
            } else if node.is_element() {
                self.bend(node);
                match is_known(node) {
                    true => self.known(node),
                    false => self.other(node),
                }
            } else if node.is_text() && !self.is_shown && !node.parent().is_some_and(is_known) {
                self.text(node.text().unwrap_or_default(), "text", node.range().start);
            }
        }
    }

    /// A style sheet that is loaded, or a program for whoever reads on. Those that tools put around their own data are
    /// looked at by nobody.
    fn instruction(&mut self, node: Node<'a, 'i>) {
        let target = node.pi().map(|pi| pi.target).unwrap_or_default();
        let is_of_tools = target == "xpacket" && node.ancestors().any(|above| above.has_tag_name("metadata"));
        if !is_of_tools {
            self.finder.hazard(node.range().start, Hazard::Instruction(target.to_owned()));
        }
    }

    fn bend(&mut self, node: Node<'a, 'i>) {
        if node.attribute((XML, "base")).is_some() {
            self.finder.hazard(node.range().start, Hazard::Base);
        }
    }

    /// An element that browsers know, in the names of HTML.
    fn known(&mut self, node: Node<'a, 'i>) {
        let name = node.tag_name().name().to_ascii_lowercase();
        if name == "option" {
            let list = node.ancestors().find(|above| above.tag_name().name().eq_ignore_ascii_case("select"));
            self.finder.select = list.and_then(|list| list.attribute("name")).map(str::to_owned);
        }
        let holds_text = matches!(&*name, "style" | "option");
        let tag = &mut self.finder.tag;
        tag.begin(false, node.range().start);
        tag.name = name.into_bytes();
        tag.attributes = node.attributes().filter_map(known_attribute).collect();
        self.finder.element_of_xml();
        if holds_text {
            let texts = node.descendants().filter(Node::is_text).filter_map(|text| text.text());
            texts.for_each(|text| self.finder.hold(text.as_bytes()));
        }
        self.finder.end_text();
    }

    fn other(&mut self, node: Node<'a, 'i>) {
        let is_followed = |own: &Attribute<'_, '_>| !matches!(own.namespace(), Some(XML | OF_CHECKERS));
        if self.is_shown {
            return;
        }
        for own in node.attributes().filter(is_followed) {
            self.text(own.value(), "attribute", own.range().start);
        }
    }

    fn text(&mut self, text: &str, attribute: &'static str, at: usize) {
        let whole = Some((0, text.trim())).filter(|(_, text)| leads_outward(text));
        let found = whole.map_or_else(|| words::addresses(text), |whole| vec![whole]);
        let refer =
            |(_, address): (usize, &str)| Reference { role: Role::Link, address: address.to_owned(), attribute, at };
        // Whoever reads a feed makes no link of a host alone.
        self.finder.add(found.into_iter().filter(|(_, address)| leads_outward(address)).map(refer));
    }
}

fn is_known(node: Node<'_, '_>) -> bool {
    matches!(node.tag_name().namespace(), Some(SVG | XHTML | MATHML))
}

/// An attribute that is looked at, by the name that it has in HTML.
fn known_attribute(own: Attribute<'_, '_>) -> Option<(&'static str, String)> {
    let name = own.name().to_ascii_lowercase();
    let name = match own.namespace() {
        None => name,
        Some(XLINK) => format!("xlink:{name}"),
        Some(XML) if name == "id" => name,
        Some(_) => return None,
    };
    Some((attributes::known(name.as_bytes())?, own.value().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(text: &str) -> Vec<(Role, String)> {
        let page = read(text.as_bytes());
        assert_eq!(page.hazards, [], "{text}");
        page.references.into_iter().map(|reference| (reference.role, reference.address)).collect()
    }

    #[test]
    fn a_prefix_is_what_it_stands_for() {
        let all = "xmlns:s='http://www.w3.org/2000/svg' xmlns:h='http://www.w3.org/1999/xhtml' \
                   xmlns:x='http://www.w3.org/1999/xlink' xmlns:u='urn:u'";
        let reads = [
            ("<s:a x:href='a'/>", Role::Link),
            ("<s:a href='a'/>", Role::Link),
            ("<s:use x:href='a'/>", Role::Load),
            ("<s:image HREF='a'/>", Role::Image),
            ("<s:style>@import url(a);</s:style>", Role::Image),
            ("<s:style><![CDATA[@import]]> 'a'</s:style>", Role::Image),
            ("<s:style>@import <u:x>'a'</u:x></s:style>", Role::Image),
            ("<s:rect fill='&#117;rl(a)'/>", Role::Image),
            ("<h:meta http-equiv='refresh' content='0;url=a'/>", Role::Link),
            ("<h:form action='a'/>", Role::Post),
            ("<h:object data='a'/>", Role::Load),
            ("<h:style>p{background:url(a)}</h:style>", Role::Image),
            ("<u:any><h:script src='a'/></u:any>", Role::Load),
        ];
        for (inner, role) in reads {
            for root in ["svg xmlns='http://www.w3.org/2000/svg'", "u:root", "h:html"] {
                let name = root.split(' ').next().unwrap();
                let text = format!("<?xml version='1.0'?><!DOCTYPE {name}><{root} {all}>{inner}</{name}>");
                assert_eq!(addresses(&text), [(role, "a".to_owned())], "{text}");
            }
        }
    }

    #[test]
    fn what_no_browser_knows_counts_where_no_browser_shows_it() {
        let inner =
            "<u:a b='https://a.example'/><u:link> //b.example\n</u:link><c xmlns='' >See https://c.example, d</c>";
        let feed = format!("<rss xmlns:u='urn:u'>{inner}<i xmlns:x='{OF_CHECKERS}' x:b='https://x' c='d/e'/></rss>");
        let all = ["https://a.example", "//b.example", "https://c.example"].map(|it| (Role::Link, it.to_owned()));
        assert_eq!(addresses(&feed), all);
        assert_eq!(addresses(&format!("<svg xmlns='{SVG}' xmlns:u='urn:u'>{inner}</svg>")), []);
    }

    #[test]
    fn what_nobody_can_be_sure_to_read_is_refused() {
        let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
        for text in [
            "",
            "<p>",
            "<p/><p/>",
            "<html xmlns='http://www.w3.org/1999/xhtml'><script></html>",
            "<?xml-stylesheet href='a'?><p/>",
            "<p><?php a ?></p>",
            "<?xpacket a?><p/>",
            "<p xml:base='a'/>",
            "<html xmlns='http://www.w3.org/1999/xhtml'><base href='a'/></html>",
            "<?xml version='1.0' encoding='utf-7'?><p/>",
            "<!DOCTYPE p [<!ATTLIST p href CDATA 'a'>]><p/>",
            "<!DOCTYPE p [<!ENTITY a 'b'>]><p>&a;</p>",
            "<!DOCTYPE p SYSTEM 'https://a.example/x.dtd'><p/>",
            "<!DOCTYPE p PUBLIC '-//W3C//DTD SVG 1.1//EN' '//a.example/x.dtd'><p/>",
            "<svg xmlns='http://www.w3.org/2000/svg'><a><set attributeName='href' to='a'/></a></svg>",
            "<s:svg xmlns:s='http://www.w3.org/2000/svg'><s:script type='speculationrules'/></s:svg>",
        ] {
            assert!(!read(text.as_bytes()).hazards.is_empty(), "{text}");
        }
        assert!(!read(b"<p>\xff</p>").hazards.is_empty());
        for fine in ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>SVG", "\u{feff}SVG", "<!-- a -->SVG"] {
            assert_eq!(read(fine.replace("SVG", svg).as_bytes()), Page::default(), "{fine}");
        }
        let tools = "<svg xmlns='http://www.w3.org/2000/svg'><metadata><?xpacket a?></metadata></svg>";
        assert_eq!(read(tools.as_bytes()), Page::default());
    }

    #[test]
    fn forms_ids_and_places_are_those_of_a_page() {
        let text = "\u{feff}<html xmlns='http://www.w3.org/1999/xhtml'><form action='a'><select name='b'><option>c \
                    d</option></select><input name='e' value='f'/></form><p xml:id='g' id='h'/></html>";
        let page = read(text.as_bytes());
        let fields: Vec<_> = page.fields.iter().map(|field| (&*field.name, field.value.as_deref())).collect();
        assert_eq!(fields, [("b", None), ("b", Some("c d")), ("e", Some("f"))]);
        assert_eq!(page.ids.iter().collect::<Vec<_>>(), ["g", "h"]);
        assert!(text[page.references[0].at..].starts_with("<form"));
    }
}
