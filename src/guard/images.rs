//! Whether a file is the image it claims to be, and carries nothing that runs.

use std::ops::Range;

use roxmltree::{Document, ParsingOptions};

use crate::catalog::Asset;
use crate::html::{encoding, xml};

use super::{drawing, expansion};

/// Attributes of one element, in a drawing.
const MOST_ATTRIBUTES: usize = 1_000;

/// Namespaces that a drawing names. Design tools write some twenty.
const MOST_NAMESPACES: usize = 200;

/// Pixels that a picture is wide or high.
const MOST_PIXELS: usize = 10_000;

/// Bytes of a drawing that an overlay brings.
const MOST_SVG_BYTES: usize = 1 << 20;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The bytes that are wrong; `None` where it is the file as a whole.
    pub at: Option<Range<usize>>,
    /// The end of a sentence.
    pub what: String,
}

impl Fault {
    pub fn whole(what: impl Into<String>) -> Self {
        Self { at: None, what: what.into() }
    }

    pub fn at(at: Range<usize>, what: impl Into<String>) -> Self {
        Self { at: Some(at), what: what.into() }
    }
}

/// All that is wrong with an asset. SVG of untrusted layers may hold drawing elements only.
pub fn faults(asset: &Asset, untrusted: bool) -> Vec<Fault> {
    let whole = |what: Option<String>| what.into_iter().map(Fault::whole).collect();
    match asset.input.extension() {
        "svg" => svg_faults(&asset.bytes, untrusted),
        "png" => whole(raster_fault(&asset.bytes, "PNG", |bytes| bytes.starts_with(b"\x89PNG\r\n\x1a\n"))),
        "jpg" | "jpeg" => whole(raster_fault(&asset.bytes, "JPEG", |bytes| bytes.starts_with(&[0xff, 0xd8, 0xff]))),
        "webp" => whole(raster_fault(&asset.bytes, "WebP", |bytes| {
            bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP")
        })),
        _ => whole(untrusted.then(|| "is no image; overlays may bring SVG, PNG, JPEG and WebP".to_owned())),
    }
}

/// What is wrong with a picture made of pixels: few bytes of it may be any number of them, which a browser draws one by one.
fn raster_fault(bytes: &[u8], name: &str, is_one: impl Fn(&[u8]) -> bool) -> Option<String> {
    if !is_one(bytes) {
        return Some(format!("is no {name}"));
    }
    match imagesize::blob_size(bytes) {
        Ok(size) if size.width > 0 && size.height > 0 && size.width <= MOST_PIXELS && size.height <= MOST_PIXELS => {
            None
        }
        Ok(size) => Some(format!("is {} by {} pixels; {MOST_PIXELS} is the most", size.width, size.height)),
        Err(_) => Some(format!("is a damaged {name}")),
    }
}

fn svg_faults(bytes: &[u8], untrusted: bool) -> Vec<Fault> {
    if untrusted && bytes.len() > MOST_SVG_BYTES {
        return vec![Fault::whole(format!("has {} bytes; {MOST_SVG_BYTES} is the most", bytes.len()))];
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return vec![Fault::whole("is no UTF-8 text, so no SVG")] };
    if let Some(fault) = encoding(text) {
        return vec![fault];
    }
    let document = match parsed(text) {
        Ok(document) => document,
        Err(fault) => return vec![fault],
    };
    if document.root_element().tag_name().name() != "svg" {
        return vec![Fault::whole("is XML, but no SVG")];
    }
    if !untrusted {
        return Vec::new();
    }
    match drawing::faults(&document) {
        none if none.is_empty() => expansion::fault(&document).into_iter().collect(),
        faults => faults,
    }
}

/// A reader that believes another declaration, or another mark of the byte order, sees another text than we do.
fn encoding(text: &str) -> Option<Fault> {
    if let Some(at) = text.find('\u{feff}') {
        return Some(Fault::at(at..at + 3, "holds a second mark of the byte order"));
    }
    let name = encoding::of_xml(text)?;
    let problem = format!("says that it is encoded in `{}`, and may only be in UTF-8", text.get(name.clone())?);
    Some(Fault::at(name, problem))
}

/// The document. It may name its type, but declare nothing: entities are how a small file becomes a large one.
fn parsed(text: &str) -> Result<Document<'_>, Fault> {
    if let Some(at) = xml::declaration(text) {
        return Err(Fault::at(at..at + 2, "declares entities or elements of its own, which logos may not do"));
    }
    if let Some(at) = xml::external(text) {
        return Err(Fault::at(at..at + 2, "names declarations of others, which some programs would load"));
    }
    if let Some(at) = crowded(text) {
        return Err(Fault::at(at..at + 1, "holds more attributes and names of namespaces than drawings have"));
    }
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = xml::place(text, error.pos());
        Fault::at(at..at, format!("is no well-formed SVG: {error}"))
    })
}

/// A tag with more attributes than a reader of XML compares with each other in no time, or that with the namespace which is one
/// too many: each tag inside looks through all of them.
fn crowded(text: &str) -> Option<usize> {
    let (mut namespaces, mut at) = (0, 0_usize);
    for tag in text.split_inclusive('<') {
        namespaces += tag.matches("xmlns").count();
        if namespaces > MOST_NAMESPACES || tag.matches('=').count() > MOST_ATTRIBUTES {
            return Some(at.saturating_sub(1));
        }
        at += tag.len();
    }
    None
}

/// Why a picture may not be seen; the end of a sentence.
pub fn doubt(asset: &Asset) -> Option<&'static str> {
    if asset.input.extension() != "svg" {
        return None;
    }
    let text = std::str::from_utf8(&asset.bytes).ok()?;
    let document = parsed(text).ok()?;
    let root = document.root_element();
    let has_box = root.has_attribute("viewBox") || root.has_attribute("width") && root.has_attribute("height");
    match ratio_of(&document) {
        None if has_box => Some("has a size of nothing, so nothing of it is seen"),
        None => Some("says no size: give it a `viewBox`, or `width` and `height`"),
        Some(_) => None,
    }
}

/// Width by height; `None` where the file does not say.
pub fn ratio(asset: &Asset) -> Option<f64> {
    if asset.input.extension() != "svg" {
        let size = imagesize::blob_size(&asset.bytes).ok().filter(|size| size.height > 0)?;
        return Some(size.width as f64 / size.height as f64);
    }
    ratio_of(&parsed(std::str::from_utf8(&asset.bytes).ok()?).ok()?)
}

fn ratio_of(document: &Document<'_>) -> Option<f64> {
    let root = document.root_element();
    let number = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok().filter(|number| *number > 0.0);
    let of_view_box = || {
        let numbers: Vec<_> = root.attribute("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).collect();
        Some((number(numbers.get(2)?)?, number(numbers.get(3)?)?))
    };
    let of_size = || Some((number(root.attribute("width")?)?, number(root.attribute("height")?)?));
    of_view_box().or_else(of_size).map(|(width, height)| width / height)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        svg_faults(text.as_bytes(), true).into_iter().map(|fault| fault.what).collect()
    }

    #[test]
    fn pictures_of_all_kinds_have_bounds() {
        let jpeg = |height: u16, width: u16| {
            let ([a, b], [c, d]) = (height.to_be_bytes(), width.to_be_bytes());
            [&[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, a, b, c, d, 1, 1, 0x11, 0][..], &[0xff, 0xd9]]
                .concat()
        };
        let fault = |bytes: &[u8]| raster_fault(bytes, "JPEG", |bytes| bytes.starts_with(&[0xff, 0xd8, 0xff]));
        assert_eq!(fault(&jpeg(80, 200)), None);
        assert_eq!(fault(&jpeg(65_000, 200)).as_deref(), Some("is 200 by 65000 pixels; 10000 is the most"));
        assert_eq!(fault(&jpeg(0, 200)).as_deref(), Some("is 200 by 0 pixels; 10000 is the most"));
        assert_eq!(fault(&[0xff, 0xd8, 0xff]).as_deref(), Some("is a damaged JPEG"));
        assert_eq!(fault(b"<svg/>").as_deref(), Some("is no JPEG"));
    }

    #[test]
    fn what_takes_long_to_read_is_refused_before() {
        let svg = |inner: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
        let attributes = |count| (0..count).map(|at| format!(" a{at}=\"\"")).collect::<String>();
        let crowded = of(&svg(&format!("<g{}/>", attributes(50_000))));
        assert!(crowded[0].contains("more attributes"), "{crowded:?}");
        let namespaces: String = (0..2000).map(|at| format!("<g xmlns:n{at}=\"u{at}\">")).collect();
        assert!(of(&svg(&namespaces))[0].contains("more attributes"));
        assert!(of(&svg(&" ".repeat(MOST_SVG_BYTES)))[0].contains("bytes"));
        assert_eq!(of(&svg("<g id=\"a\"/>")), Vec::<String>::new());
    }

    #[test]
    fn a_file_in_another_encoding_is_refused_where_it_says_so() {
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        for plain in ["", "<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='UTF-8'?>\n"] {
            assert_eq!(of(&format!("{plain}{svg}")), Vec::<String>::new(), "{plain}");
        }
        for other in ["utf-7", "UTF-16", "iso-8859-1", "", "utf-8 "] {
            let text = format!("<?xml version=\"1.0\" encoding = \"{other}\" standalone=\"no\"?>{svg}");
            let at = text.find(&format!("\"{other}\" ")).unwrap() + 1;
            assert_eq!(svg_faults(text.as_bytes(), false)[0].at, Some(at..at + other.len()), "{other}");
        }
        assert_eq!(of(&format!("\u{feff}{svg}")), ["holds a second mark of the byte order"]);
        assert_eq!(of(&format!("{svg}\u{feff}")), ["holds a second mark of the byte order"]);
        let mut wide: Vec<u8> = vec![0xff, 0xfe];
        wide.extend(svg.encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(svg_faults(&wide, false)[0].what, "is no UTF-8 text, so no SVG");
    }

    #[test]
    fn a_type_is_named_and_nothing_is_declared() {
        let typed = |subset: &str| {
            format!(
                "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\"{subset}><svg xmlns=\"http://www.w3.org/2000/svg\"/>"
            )
        };
        assert_eq!(of(&typed("")), Vec::<String>::new());
        assert_eq!(
            of(&typed(" [<!ENTITY e 'x'>]")),
            ["declares entities or elements of its own, which logos may not do"]
        );
        for other in ["SYSTEM 'https://a.example/x.dtd'", "PUBLIC '-//W3C//DTD SVG 1.1//EN' \"x.dtd\"", "PUBLIC ''"] {
            let svg = format!("<!DOCTYPE svg {other} ><svg xmlns=\"http://www.w3.org/2000/svg\"/>");
            assert_eq!(of(&svg), ["names declarations of others, which some programs would load"], "{other}");
        }
    }
}
