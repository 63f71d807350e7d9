//! What an SVG of an untrusted layer may hold: shapes and text, named here one by one. What is not named
//! may run, fetch or be shown as something else, today or in a later browser.

use std::collections::HashSet;

use roxmltree::{Attribute, Document, Node};

use super::images::Fault;
use super::style;
use crate::syntax::characters;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

const MOST_ELEMENTS: usize = 5_000;

/// Letters of an id: what is referred to is looked for by it, wherever something is named.
pub const LONGEST_ID: usize = 200;

/// What design tools write for themselves, which no browser draws or runs.
const OF_TOOLS: &[&str] = &[
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/elements/1.1/",
    "http://www.bohemiancoding.com/sketch/ns",
    "http://www.figma.com/figma/ns",
    "http://www.serif.com/",
    "http://xml.openoffice.org/svg/export",
    "http://ns.adobe.com/AdobeIllustrator/10.0/",
    "http://ns.adobe.com/AdobeSVGViewerExtensions/3.0/",
    "http://ns.adobe.com/Extensibility/1.0/",
    "http://ns.adobe.com/Flows/1.0/",
    "http://ns.adobe.com/GenericCustomNamespace/1.0/",
    "http://ns.adobe.com/Graphs/1.0/",
    "http://ns.adobe.com/ImageReplacement/1.0/",
    "http://ns.adobe.com/SaveForWeb/1.0/",
    "http://ns.adobe.com/Variables/1.0/",
    "http://ns.adobe.com/XPath/1.0/",
    "http://ns.adobe.com/xap/1.0/",
    "adobe:ns:meta/",
];

const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "metadata",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "textPath",
    "linearGradient",
    "radialGradient",
    "stop",
    "pattern",
    "clipPath",
    "mask",
    "marker",
];

const ATTRIBUTES: &[&str] = &[
    // Of the document
    "id",
    "class",
    "role",
    "lang",
    "space",
    "style",
    "type",
    "version",
    "baseProfile",
    "focusable",
    "href",
    // Geometry
    "viewBox",
    "preserveAspectRatio",
    "width",
    "height",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "fx",
    "fy",
    "fr",
    "d",
    "points",
    "pathLength",
    "transform",
    "transform-origin",
    "vector-effect",
    // Gradients, patterns, masks, markers
    "offset",
    "gradientTransform",
    "gradientUnits",
    "spreadMethod",
    "patternUnits",
    "patternContentUnits",
    "patternTransform",
    "clipPathUnits",
    "maskUnits",
    "maskContentUnits",
    "markerUnits",
    "markerWidth",
    "markerHeight",
    "refX",
    "refY",
    "orient",
    "stop-color",
    "stop-opacity",
    "clip-path",
    "clip-rule",
    "mask",
    "mask-type",
    "marker-start",
    "marker-mid",
    "marker-end",
    // Paint
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "opacity",
    "color",
    "paint-order",
    "display",
    "visibility",
    "overflow",
    "shape-rendering",
    "color-interpolation",
    "isolation",
    "mix-blend-mode",
    "enable-background",
    // Text
    "dx",
    "dy",
    "rotate",
    "textLength",
    "lengthAdjust",
    "startOffset",
    "method",
    "spacing",
    "side",
    "font-family",
    "font-size",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-weight",
    "letter-spacing",
    "word-spacing",
    "text-anchor",
    "text-decoration",
    "text-rendering",
    "dominant-baseline",
    "alignment-baseline",
    "baseline-shift",
    "direction",
    "unicode-bidi",
    "writing-mode",
];

const FUNCTIONS: &[&str] = &[
    "matrix",
    "translate",
    "translatex",
    "translatey",
    "scale",
    "scalex",
    "scaley",
    "rotate",
    "skewx",
    "skewy",
    "rgb",
    "rgba",
    "hsl",
    "hsla",
    "calc",
];

/// All that is wrong with a drawing, each kind once, at its place.
pub fn faults(document: &Document<'_>) -> Vec<Fault> {
    let elements = || document.descendants().filter(Node::is_element);
    let count = elements().count();
    if count > MOST_ELEMENTS {
        return vec![Fault::whole(format!("holds {count} elements; {MOST_ELEMENTS} is the most"))];
    }
    let instructions = document.descendants().filter(Node::is_pi).filter(|node| !is_of_tools_inside(*node));
    let instructions =
        instructions.map(|node| Fault::at(node.range(), "holds a processing instruction, which logos may not have"));
    let mut said = HashSet::new();
    let texts = document.descendants().filter(Node::is_text).filter_map(hiding);
    let all = instructions.chain(elements().flat_map(element)).chain(texts);
    all.filter(|fault| said.insert(fault.what.clone())).collect()
}

/// What tools put around their metadata: no browser looks at an instruction inside the document.
fn is_of_tools_inside(node: Node<'_, '_>) -> bool {
    node.pi().is_some_and(|pi| pi.target == "xpacket") && node.ancestors().any(|above| above.has_tag_name("metadata"))
}

/// What is wrong with the letters of a text.
fn hiding(node: Node<'_, '_>) -> Option<Fault> {
    let (_, c, fault) = characters::first(node.text()?)?;
    Some(Fault::at(node.range(), format!("holds U+{:04X}, which is {fault}", u32::from(c))))
}

fn element(node: Node<'_, '_>) -> Vec<Fault> {
    let name = node.tag_name().name();
    match node.tag_name().namespace() {
        Some(namespace) if OF_TOOLS.contains(&namespace) => return Vec::new(),
        Some(SVG) if ELEMENTS.contains(&name) => {}
        _ => return vec![Fault::at(tag(node), format!("holds the element `{name}`, which logos may not have"))],
    }
    let sheet = (name == "style").then(|| sheet(node)).flatten();
    let attributes = node.attributes().filter_map(|own| attribute(own).map(|what| Fault::at(own.range(), what)));
    attributes.chain(sheet).collect()
}

/// The beginning of an element's tag.
pub fn tag(node: Node<'_, '_>) -> std::ops::Range<usize> {
    node.range().start..node.range().start + 1 + node.tag_name().name().len()
}

/// What is wrong with a style sheet: it may do for classes what an attribute does for one element.
fn sheet(node: Node<'_, '_>) -> Option<Fault> {
    let Some(rules) = style::text(&node).and_then(style::rules) else {
        let what = "holds a style sheet that says more than `.class { property: value }`";
        return Some(Fault::at(tag(node), what));
    };
    let mut declarations = rules.iter().flat_map(|rule| &rule.declarations);
    let (property, value) = declarations.find(|(_, value)| fetches(value))?;
    let what = format!("holds `{property}:{}`, which reaches outside the drawing", clip(value));
    Some(Fault::at(tag(node), what))
}

fn attribute(attribute: Attribute<'_, '_>) -> Option<String> {
    let (name, value) = (attribute.name(), attribute.value().trim());
    let known = match attribute.namespace() {
        None => ATTRIBUTES.contains(&name) || name.starts_with("aria-") || name.starts_with("data-"),
        Some(XLINK) => name == "href",
        Some(XML) => matches!(name, "space" | "lang"),
        Some(namespace) => return (!OF_TOOLS.contains(&namespace)).then(|| unknown(name)),
    };
    if !known {
        return Some(unknown(name));
    }
    if name == "id" && value.len() > LONGEST_ID {
        return Some(format!("holds an id of {} letters; {LONGEST_ID} is the most", value.len()));
    }
    let outside = match name {
        "href" => !value.starts_with('#'),
        "type" => value != "text/css",
        _ if name.starts_with("aria-") || name.starts_with("data-") => false,
        _ => fetches(value),
    };
    outside.then(|| format!("holds `{name}=\"{}\"`, which reaches outside the drawing", clip(value)))
}

fn unknown(name: &str) -> String {
    format!("holds the attribute `{name}`, which logos may not have")
}

/// Whether a value calls anything but a plain function, or `url` on something outside the drawing. Escapes and
/// comments, which could hide a name, are never needed in one.
fn fetches(value: &str) -> bool {
    let value = value.to_ascii_lowercase();
    let calls = |at: usize| {
        let before = &value[..at];
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '-').map_or(0, |at| at + 1);
        let inside = value[at + 1..].trim_start().trim_start_matches(['"', '\'']);
        match before.get(start..).unwrap_or_default() {
            "url" => !inside.starts_with('#'),
            name => !FUNCTIONS.contains(&name),
        }
    };
    value.contains(['\\', '@']) || value.contains("/*") || value.match_indices('(').any(|(at, _)| calls(at))
}

fn clip(value: &str) -> String {
    let short: String = value.chars().take(40).collect();
    if short.len() < value.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::faults;

    fn all(inner: &str) -> Vec<String> {
        let tools = "xmlns:i=\"http://www.inkscape.org/namespaces/inkscape\"";
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:x=\"urn:x\" {tools}>{inner}</svg>");
        faults(&roxmltree::Document::parse(&text).unwrap()).into_iter().map(|fault| fault.what).collect()
    }

    fn of(inner: &str) -> Option<String> {
        all(inner).into_iter().next()
    }

    #[test]
    fn what_design_tools_write_for_themselves_is_let_in() {
        for fine in [
            "<metadata><?xpacket begin='x'?><i:page/>m</metadata>",
            "<g i:label=\"Layer 1\"/><i:view i:zoom=\"1\"><i:grid/></i:view>",
            "<style type=\"text/css\">.a{fill:#123456}.b,.c{fill:url(#g);stroke:none}</style><path class=\"a\"/>",
            "<style/>",
        ] {
            assert_eq!(of(fine), None, "{fine}");
        }
    }

    #[test]
    fn words_are_turned_by_nothing() {
        assert!(of("<text>a&#x202E;b</text>").is_some_and(|said| said.contains("U+202E")));
        assert_eq!(of("<text>Grüße</text>"), None);
    }

    #[test]
    fn all_reasons_are_said_each_once() {
        let said = all("<script/><g onload=\"1\"/><g onload=\"2\"/><use href=\"//evil.example\"/>");
        assert_eq!(said.len(), 3, "{said:?}");
    }

    #[test]
    fn shapes_colours_and_own_gradients_are_drawn() {
        assert_eq!(
            of(r##"<g transform="translate(1 2)"><path d="M0 0" style="fill: URL( '#a' ); color: rgb(1,2,3)"/></g>"##),
            None
        );
        assert_eq!(of(r##"<use href="#a"/><text aria-label="One (two)" data-name="L1">A</text>"##), None);
    }

    #[test]
    fn what_runs_fetches_or_is_no_drawing_is_refused() {
        for bad in [
            r##"<style>@import "https://evil.example";</style>"##,
            r##"<path fill="url(#a) url(https://evil.example)"/>"##,
            r##"<path style="fill:URL(//evil.example)"/>"##,
            r##"<path style="fill:u\72l(//evil.example)"/>"##,
            r##"<path style="background:image-set('//evil.example' 1x)"/>"##,
            r##"<animate attributeName="href"/>"##,
            r##"<animateTransform/>"##,
            r##"<object xmlns="http://www.w3.org/1999/xhtml" data="//evil.example"/>"##,
            r##"<x:path/>"##,
            r##"<path x:onload="1"/>"##,
            r##"<path onload="alert(1)"/>"##,
            r##"<use href="https://evil.example#a"/>"##,
            r##"<?xml-stylesheet href="//evil.example"?>"##,
            r##"<metadata><?xml-stylesheet href="//evil.example"?></metadata>"##,
            r##"<metadata><script xmlns="http://www.w3.org/1999/xhtml"/></metadata>"##,
            r##"<i:view><script/></i:view>"##,
            r##"<style>.a{fill:url(//evil.example)}</style>"##,
            r##"<style>.a{fill:u\72l(//evil.example)}</style>"##,
            r##"<style>*{fill:red}</style>"##,
            r##"<style>.a{fill:red}<!-- -->.b{fill:red}</style>"##,
            r##"<style type="text/x">.a{fill:red}</style>"##,
        ] {
            assert!(of(bad).is_some(), "{bad}");
        }
    }
}
