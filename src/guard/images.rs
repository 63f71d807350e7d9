//! Whether a file is the image it claims to be, and carries nothing that runs.

use crate::catalog::Asset;

use super::{drawing, expansion};

/// What is wrong with an asset, as the end of a sentence; `None` if nothing is. SVG of untrusted
/// layers may hold drawing elements only.
pub fn fault(asset: &Asset, untrusted: bool) -> Option<String> {
    match asset.input.extension() {
        "svg" => svg_fault(&asset.bytes, untrusted),
        "png" => png_fault(&asset.bytes),
        "jpg" | "jpeg" => (!asset.bytes.starts_with(&[0xff, 0xd8, 0xff])).then(|| "is no JPEG".to_owned()),
        "webp" => {
            let is_webp = asset.bytes.starts_with(b"RIFF") && asset.bytes.get(8..12) == Some(b"WEBP");
            (!is_webp).then(|| "is no WebP".to_owned())
        }
        _ => untrusted.then(|| "is no image; overlays may bring SVG, PNG, JPEG and WebP".to_owned()),
    }
}

fn png_fault(bytes: &[u8]) -> Option<String> {
    if !bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("is no PNG".to_owned());
    }
    match imagesize::blob_size(bytes) {
        Ok(size) if size.width > 0 && size.height > 0 && size.width <= 10_000 && size.height <= 10_000 => None,
        Ok(size) => Some(format!("is {} by {} pixels; 10000 is the most", size.width, size.height)),
        Err(_) => Some("is a damaged PNG".to_owned()),
    }
}

fn svg_fault(bytes: &[u8], untrusted: bool) -> Option<String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Some("is no UTF-8 text, so no SVG".to_owned()) };
    // No DTD: entities are how a small file becomes a large one.
    let document = match roxmltree::Document::parse(text) {
        Ok(document) => document,
        Err(error) => return Some(format!("is no well-formed SVG: {error}")),
    };
    if document.root_element().tag_name().name() != "svg" {
        return Some("is XML, but no SVG".to_owned());
    }
    if !untrusted {
        return None;
    }
    drawing::fault(&document).or_else(|| expansion::fault(&document))
}

/// Width by height; `None` where the file does not say.
pub fn ratio(asset: &Asset) -> Option<f64> {
    if asset.input.extension() != "svg" {
        let size = imagesize::blob_size(&asset.bytes).ok().filter(|size| size.height > 0)?;
        return Some(size.width as f64 / size.height as f64);
    }
    let document = roxmltree::Document::parse(std::str::from_utf8(&asset.bytes).ok()?).ok()?;
    let root = document.root_element();
    let number = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok().filter(|number| *number > 0.0);
    let of_view_box = || {
        let numbers: Vec<_> = root.attribute("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).collect();
        Some((number(numbers.get(2)?)?, number(numbers.get(3)?)?))
    };
    let of_size = || Some((number(root.attribute("width")?)?, number(root.attribute("height")?)?));
    of_view_box().or_else(of_size).map(|(width, height)| width / height)
}
