//! QR codes as SVG: black on white with the quiet zone that scanners need.

use qrcodegen::{DataTooLong, Mask, QrCode, QrCodeEcc, QrSegment, Version};

use crate::encode::Content;
use crate::encode::html::Markup;

/// Empty modules on each side, as the standard asks for.
const QUIET: usize = 4;

/// The pattern that is laid over the modules so that no large area is of one colour. Which one it is, the code itself
/// says, so every reader takes any of the eight. The standard has all of them drawn and weighed, at several times the
/// cost of the code; by those weights this one is the best for more than half of the addresses of packages, and the
/// best on average.
const MASK: u8 = 2;

/// Why there is no code for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

/// The code for a text, with a title for those who cannot see it. Error correction M survives a
/// scratch on a badge and keeps the modules large enough for print.
pub fn svg(text: &str, title: &str) -> Result<Content, TooLong> {
    let code = code(text)?;
    let size = modules(&code) + 2 * QUIET;
    let (width, area) = ((size * 8).to_string(), format!("0 0 {size} {size}"));
    let root = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("viewBox", &*area),
        ("width", &*width),
        ("height", &*width),
        ("role", "img"),
        ("shape-rendering", "crispEdges"),
    ];
    let paper = [("fill", "#fff"), ("d", &*format!("M0 0h{size}v{size}H0z"))];
    let drawing = Markup::default().open("svg", &root).text("\n");
    let drawing = drawing.open("title", &[]).text(title).close("title").text("\n");
    let drawing = drawing.empty("path", &paper).text("\n");
    let drawing = drawing.empty("path", &[("stroke", "#000"), ("d", &path(&code))]).text("\n");
    Ok(drawing.close("svg").text("\n").into_content())
}
fn code(text: &str) -> Result<QrCode, TooLong> {
    let segments = QrSegment::make_segments(text);
    let (least, most, mask) = (Version::MIN, Version::MAX, Some(Mask::new(MASK)));
    QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, least, most, mask, false)
        .map_err(|_: DataTooLong| TooLong)
}

/// The modules on each side.
fn modules(code: &QrCode) -> usize {
    code.size().unsigned_abs() as usize
}

/// The dark modules as strokes: one move to each row, then runs and gaps in turn. A line of width 1 along
/// the middle of a row fills it exactly, in a third of the bytes that rectangles take.
fn path(code: &QrCode) -> String {
    let size = modules(code);
    let mut path = String::with_capacity(size * size * 2);
    // Dark modules are true.
    let mut row: Vec<bool> = Vec::with_capacity(size);
    for y in 0..size {
        row.clear();
        row.extend((0..code.size()).map(|x| code.get_module(x, y as i32)));
        // A gap at the end of a row draws nothing.
        let end = row.iter().rposition(|&is_dark| is_dark).map_or(0, |last| last + 1);
        let start = row.iter().position(|&is_dark| is_dark).unwrap_or(0);
        step(&mut path, 'M', QUIET + start);
        step(&mut path, ' ', QUIET + y);
        path.push_str(".5");
        for run in row[start..end].chunk_by(|a, b| a == b) {
            match run[0] {
                true => step(&mut path, 'h', run.len()),
                false => {
                    step(&mut path, 'm', run.len());
                    path.push_str(" 0");
                }
            }
        }
    }
    path
}

/// Writes a number, of which a code has hundreds, behind its sign. None has more than three digits.
fn step(path: &mut String, sign: char, number: usize) {
    path.push(sign);
    for unit in [100, 10, 1] {
        if number >= unit || unit == 1 {
            path.push(char::from(b'0' + (number / unit % 10) as u8));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_well_formed_and_keeps_its_quiet_zone() {
        let svg = svg("https://go.example/a?utm_source=b", "Booth & <table>").unwrap();
        let svg = std::str::from_utf8(&svg).unwrap();
        let document = roxmltree::Document::parse(svg).unwrap();
        let root = document.root_element();
        // Every version has 4 modules more than the one before, from 21 on.
        let size: usize = root.attribute("viewBox").unwrap().rsplit(' ').next().unwrap().parse().unwrap();
        assert!(size > 2 * QUIET && (size - 2 * QUIET - 21).is_multiple_of(4));
        assert_eq!(root.first_element_child().unwrap().text(), Some("Booth & <table>"));
        // The finder pattern begins right after the quiet zone.
        assert!(svg.contains("d=\"M4 4.5h7m"));
    }

    /// Draws the path again and compares it with the code, module by module.
    #[test]
    fn the_path_is_the_code() {
        let code = code("https://go.example/").unwrap();
        let mut drawn = vec![vec![false; modules(&code)]; modules(&code)];
        for row in path(&code).split('M').skip(1) {
            let (start, rest) = row.split_once(".5").unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let mut x = x.parse::<usize>().unwrap() - QUIET;
            let y = y.parse::<usize>().unwrap() - QUIET;
            for step in rest.split(['h', 'm']) {
                let gap = step.strip_suffix(" 0");
                let Ok(length) = gap.unwrap_or(step).parse::<usize>() else { continue };
                if gap.is_none() {
                    drawn[y][x..x + length].fill(true);
                }
                x += length;
            }
        }
        for (y, drawn) in drawn.iter().enumerate() {
            let row: Vec<bool> = (0..code.size()).map(|x| code.get_module(x, y as i32)).collect();
            assert_eq!(*drawn, row, "row {y}");
        }
    }

    /// A reader of another maker reads every size, whatever the mask is worth there.
    #[test]
    fn a_reader_reads_what_was_written() {
        for length in (1..400).step_by(7).chain([900, 1800]) {
            let path: String = "rheinfeld/launch-".chars().cycle().take(length).collect();
            let address = format!("https://go.example/{path}?utm_campaign=q1&utm_content=booth");
            let code = code(&address).unwrap();
            let grid = rqrr::SimpleGrid::from_func(modules(&code), |x, y| code.get_module(x as i32, y as i32));
            let (_, read) = rqrr::Grid::new(grid).decode().unwrap_or_else(|error| panic!("{length}: {error}"));
            assert_eq!(read, address);
        }
    }

    #[test]
    fn too_long_a_text_is_an_error() {
        assert_eq!(svg(&"x".repeat(3000), ""), Err(TooLong));
    }
}
