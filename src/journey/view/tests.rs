//! Nothing lies on anything, and no line is too long.

use unicode_width::UnicodeWidthStr;

use super::wrap::drawn as wide;
use crate::journey::tests::{LONG, drawn};
use crate::journey::{Mode, view};

/// Left, top, right and bottom.
type Area = [f64; 4];

fn overlap(a: &Area, b: &Area) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn lies_in(a: &Area, b: &Area) -> bool {
    a[0] >= b[0] && a[1] >= b[1] && a[2] <= b[2] && a[3] <= b[3]
}

/// How far an element is moved down by those around it.
fn moved(node: &roxmltree::Node<'_, '_>) -> f64 {
    let by = |around: roxmltree::Node<'_, '_>| {
        let by = around.attribute("transform")?.strip_prefix("translate(0 ")?.strip_suffix(')')?.parse::<f64>();
        by.ok()
    };
    node.ancestors().filter_map(by).sum()
}

fn number(node: &roxmltree::Node<'_, '_>, key: &str) -> f64 {
    node.attribute(key).unwrap().parse().unwrap()
}

/// The boxes of a picture, and its texts as wide as they may become.
fn areas(document: &roxmltree::Document<'_>) -> (Vec<Area>, Vec<(Area, String)>) {
    let rtl = document.root_element().attribute("direction") == Some("rtl");
    let boxes = document.descendants().filter(|node| node.has_tag_name("rect") && node.has_attribute("rx"));
    let boxes = boxes.map(|node| {
        let (x, y) = (number(&node, "x"), number(&node, "y") + moved(&node));
        [x, y, x + number(&node, "width"), y + number(&node, "height")]
    });
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let texts = texts.map(|node| {
        let (x, y) = (number(&node, "x"), number(&node, "y") + moved(&node));
        let text = node.text().unwrap().to_owned();
        // Strong letters are a tenth wider.
        let strong = if node.has_attribute("font-weight") { 1.1 } else { 1.0 };
        let wide = wide(&text) as f64 * 0.12 * strong;
        let (left, right) = if rtl { (x - wide, x) } else { (x, x + wide) };
        ([left, y - 10.0, right, y + 3.0], text)
    });
    (boxes.collect(), texts.collect())
}

#[test]
fn nothing_in_the_picture_lies_on_anything() {
    let cases = [
        (Mode::DoubleOptIn, &[][..], false),
        (Mode::OptOut, &[], true),
        (Mode::OptIn, &LONG, false),
        (Mode::Soft, &LONG, true),
    ];
    for (mode, edits, rtl) in cases {
        let svg = drawn(mode, edits, rtl, |path, _| path.picture(&path.told()[0]));
        let document = roxmltree::Document::parse(std::str::from_utf8(&svg).unwrap()).unwrap();
        let (boxes, texts) = areas(&document);
        assert!(boxes.len() > 15 && texts.len() > 60, "{} boxes, {} texts", boxes.len(), texts.len());
        let page = [0.0, 0.0, number(&document.root_element(), "width"), number(&document.root_element(), "height")];
        for (at, area) in boxes.iter().enumerate() {
            assert!(lies_in(area, &page) && !boxes[..at].iter().any(|other| overlap(area, other)), "{area:?}");
        }
        for (at, (area, text)) in texts.iter().enumerate() {
            let other = texts[..at].iter().find(|(other, _)| overlap(area, other));
            assert!(other.is_none(), "`{text}` lies on {other:?}");
            let around = boxes.iter().find(|other| overlap(area, other)).unwrap_or(&page);
            assert!(lies_in(area, around), "`{text}` leaves its box");
        }
        // Ways end at boxes, and lie on no text.
        for way in document.descendants().filter(|node| node.has_tag_name("polyline")) {
            let down = moved(&way);
            let points: Vec<Vec<f64>> = way
                .attribute("points")
                .unwrap()
                .split(' ')
                .map(|point| point.split(',').map(|it| it.parse().unwrap()).collect())
                .collect();
            for ends in points.windows(2) {
                let (a, b) = (&ends[0], &ends[1]);
                let (top, bottom) = (a[1].min(b[1]) + down, a[1].max(b[1]) + down + 0.1);
                let piece = [a[0].min(b[0]), top, a[0].max(b[0]) + 0.1, bottom];
                let on = texts.iter().find(|(text, _)| overlap(text, &piece));
                assert!(on.is_none(), "a way lies on {on:?}");
            }
        }
    }
}

/// What is read from right to left is the same picture, seen in a mirror.
#[test]
fn what_is_read_from_right_to_left_is_drawn_so() {
    let of = |rtl| {
        let svg = drawn(Mode::OptIn, &[], rtl, |path, _| path.picture(&path.told()[0]));
        let document = roxmltree::Document::parse(std::str::from_utf8(&svg).unwrap()).unwrap();
        (number(&document.root_element(), "width"), areas(&document).0)
    };
    let ((width, ltr), (_, rtl)) = (of(false), of(true));
    let mirrored: Vec<Area> = rtl.iter().map(|it| [width - it[2], it[1], width - it[0], it[3]]).collect();
    assert_eq!(ltr, mirrored);
}

#[test]
fn words_of_the_data_are_no_markup() {
    let edits = [("label: Ask for a session", "label: \"</text><script>&amp;\"")];
    let svg = drawn(Mode::OptIn, &edits, false, |path, _| path.picture(&path.told()[0]));
    let svg = std::str::from_utf8(&svg).unwrap();
    assert!(!svg.contains("<script") && svg.contains("&lt;/text&gt;&lt;script&gt;&amp;amp;"), "{svg}");
}

#[test]
fn no_line_of_the_text_is_too_long() {
    for (mode, edits) in [(Mode::DoubleOptIn, &[][..]), (Mode::OptIn, &LONG)] {
        let text = drawn(mode, edits, false, |path, view| view::text::text(view, &path.owners(&path.told()[0])));
        let long: Vec<&str> = text.lines().filter(|line| line.width() > 100).collect();
        assert!(long.is_empty() && text.lines().count() > 80, "{long:#?}");
    }
}

/// The digest is of what was proved, and of nothing else.
#[test]
fn another_path_has_another_digest() {
    let digest = |edits: &[(&str, &str)]| drawn(Mode::OptIn, edits, false, |_, view| view.proof.digest.clone());
    assert_eq!(digest(&[]), digest(&[]));
    assert_eq!(digest(&[]), drawn(Mode::OptIn, &[], true, |_, view| view.proof.digest.clone()));
    assert_ne!(digest(&[]), digest(&[("within: 72h", "within: 73h")]));
    assert_ne!(digest(&[]), drawn(Mode::Soft, &[], false, |_, view| view.proof.digest.clone()));
}
