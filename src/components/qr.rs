//! QR codes as SVG: black on white with the quiet zone that scanners need.

use qrcode::types::{Color, QrError};
use qrcode::{EcLevel, QrCode};

/// Empty modules on each side, as the standard asks for.
const QUIET: usize = 4;

/// The code for a text, with a title for those who cannot see it. Error correction M survives a
/// scratch on a badge and keeps the modules large enough for print.
pub fn svg(text: &str, title: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)?;
    let width = code.width();
    let size = width + 2 * QUIET;
    let path = path(&code.to_colors(), width);
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" width=\"{0}\" height=\"{0}\" \
         role=\"img\" shape-rendering=\"crispEdges\">\n<title>{title}</title>\n\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>\n<path fill=\"#000\" d=\"{path}\"/>\n</svg>\n",
        size * 8,
        title = escape(title)
    ))
}

/// The dark modules; neighbours in a row are drawn as one piece.
fn path(modules: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|module| **module == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    path
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_well_formed_and_keeps_its_quiet_zone() {
        let svg = svg("https://go.example/a?utm_source=b", "Booth & <table>").unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        // Version 4 at level M holds 62 bytes: 33 modules and the quiet zone on both sides.
        let size: usize = root.attribute("viewBox").unwrap().rsplit(' ').next().unwrap().parse().unwrap();
        assert!(size > 2 * QUIET && (size - 2 * QUIET - 21) % 4 == 0);
        assert_eq!(root.first_element_child().unwrap().text(), Some("Booth & <table>"));
        // The finder pattern begins right after the quiet zone.
        assert!(svg.contains("d=\"M4 4h7v1h-7z"));
    }

    #[test]
    fn too_long_a_text_is_an_error() {
        assert!(svg(&"x".repeat(3000), "").is_err());
    }
}
