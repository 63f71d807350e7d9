//! Nothing lies on anything, and no line is too long.

use unicode_width::UnicodeWidthStr;

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

/// The boxes of a picture, and its texts as wide as they may become.
fn areas(svg: &str) -> (Vec<Area>, Vec<(Area, String)>) {
    let document = roxmltree::Document::parse(svg).unwrap();
    let number = |node: &roxmltree::Node<'_, '_>, key: &str| node.attribute(key).unwrap().parse::<f64>().unwrap();
    let boxes = document.descendants().filter(|node| node.has_tag_name("rect") && node.has_attribute("rx"));
    let boxes = boxes.map(|node| {
        let (x, y) = (number(&node, "x"), number(&node, "y"));
        [x, y, x + number(&node, "width"), y + number(&node, "height")]
    });
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    let texts = texts.map(|node| {
        let (x, y) = (number(&node, "x"), number(&node, "y"));
        let text = node.text().unwrap().to_owned();
        ([x, y - 11.0, x + number(&node, "textLength"), y + 3.0], text)
    });
    (boxes.collect(), texts.collect())
}

#[test]
fn nothing_in_the_picture_lies_on_anything() {
    for (mode, edits) in [(Mode::DoubleOptIn, &[][..]), (Mode::OptOut, &[]), (Mode::OptIn, &LONG)] {
        let svg = drawn(mode, edits, |view| view::drawing::drawing(view, "a title <of> \"some\" length"));
        let svg = std::str::from_utf8(&svg).unwrap();
        let (boxes, texts) = areas(svg);
        assert!(boxes.len() > 15 && texts.len() > 60, "{} boxes, {} texts", boxes.len(), texts.len());
        for (at, area) in boxes.iter().enumerate() {
            assert!(!boxes[..at].iter().any(|other| overlap(area, other)), "{area:?}");
        }
        for (at, (area, text)) in texts.iter().enumerate() {
            let other = texts[..at].iter().find(|(other, _)| overlap(area, other));
            assert!(other.is_none(), "`{text}` lies on {other:?}");
            let around = boxes.iter().find(|other| overlap(area, other));
            assert!(around.is_none_or(|around| lies_in(area, around)), "`{text}` leaves its box");
        }
        // Ways end at boxes, and lie on no text.
        let document = roxmltree::Document::parse(svg).unwrap();
        for way in document.descendants().filter(|node| node.has_tag_name("polyline")) {
            let points: Vec<Vec<f64>> = way
                .attribute("points")
                .unwrap()
                .split(' ')
                .map(|point| point.split(',').map(|it| it.parse().unwrap()).collect())
                .collect();
            for ends in points.windows(2) {
                let (a, b) = (&ends[0], &ends[1]);
                let piece = [a[0].min(b[0]), a[1].min(b[1]), a[0].max(b[0]) + 0.1, a[1].max(b[1]) + 0.1];
                let on = texts.iter().find(|(text, _)| overlap(text, &piece));
                assert!(on.is_none(), "a way lies on {on:?}");
            }
        }
    }
}

#[test]
fn words_of_the_data_are_no_markup() {
    let edits = [("label: Ask for a session", "label: \"</text><script>&amp;\"")];
    let svg = drawn(Mode::OptIn, &edits, |view| view::drawing::drawing(view, "t"));
    let svg = std::str::from_utf8(&svg).unwrap();
    assert!(!svg.contains("<script") && svg.contains("&lt;/text&gt;&lt;script&gt;&amp;amp;"), "{svg}");
}

#[test]
fn no_line_of_the_text_is_too_long() {
    for (mode, edits) in [(Mode::DoubleOptIn, &[][..]), (Mode::OptIn, &LONG)] {
        let text = drawn(mode, edits, view::text::text);
        let long: Vec<&str> = text.lines().filter(|line| line.width() > 100).collect();
        assert!(long.is_empty() && text.lines().count() > 80, "{long:#?}");
    }
}

/// The digest is of what is said of the path, and of nothing else.
#[test]
fn another_path_has_another_digest() {
    let digest = |edits: &[(&str, &str)]| drawn(Mode::OptIn, edits, |view| view.proof.digest.clone());
    assert_eq!(digest(&[]), digest(&[]));
    assert_ne!(digest(&[]), digest(&[("within: 72h", "within: 73h")]));
    assert_ne!(digest(&[]), drawn(Mode::Soft, &[], |view| view.proof.digest.clone()));
}
