//! What an SVG of an untrusted layer may hold: shapes and text, named here one by one. What is not named
//! may run, fetch or be shown as something else, today or in a later browser.

use roxmltree::{Attribute, Document, Node};

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

const MOST_ELEMENTS: usize = 5_000;

const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
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

/// What is wrong with a drawing, as the end of a sentence.
pub fn fault(document: &Document<'_>) -> Option<String> {
    if document.descendants().any(|node| node.is_pi()) {
        return Some("holds a processing instruction, which logos may not have".to_owned());
    }
    let elements = || document.descendants().filter(Node::is_element);
    let count = elements().count();
    if count > MOST_ELEMENTS {
        return Some(format!("holds {count} elements; {MOST_ELEMENTS} is the most"));
    }
    elements().find_map(element)
}

fn element(node: Node<'_, '_>) -> Option<String> {
    let name = node.tag_name().name();
    if node.tag_name().namespace() != Some(SVG) || !ELEMENTS.contains(&name) {
        return Some(format!("holds the element `{name}`, which logos may not have"));
    }
    node.attributes().find_map(attribute)
}

fn attribute(attribute: Attribute<'_, '_>) -> Option<String> {
    let (name, value) = (attribute.name(), attribute.value().trim());
    let known = match attribute.namespace() {
        None => ATTRIBUTES.contains(&name) || name.starts_with("aria-") || name.starts_with("data-"),
        Some(XLINK) => name == "href",
        Some(XML) => matches!(name, "space" | "lang"),
        Some(_) => false,
    };
    if !known {
        return Some(format!("holds the attribute `{name}`, which logos may not have"));
    }
    let outside = match name {
        "href" => !value.starts_with('#'),
        _ if name.starts_with("aria-") || name.starts_with("data-") => false,
        _ => fetches(value),
    };
    outside.then(|| format!("holds `{name}=\"{}\"`, which reaches outside the drawing", clip(value)))
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
    use super::fault;

    fn of(inner: &str) -> Option<String> {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:x=\"urn:x\">{inner}</svg>");
        fault(&roxmltree::Document::parse(&text).unwrap())
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
        ] {
            assert!(of(bad).is_some(), "{bad}");
        }
    }
}
