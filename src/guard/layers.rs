//! What makes a renderer draw an element by itself, into a layer over all that it covers, which it then puts onto what lies below.

use roxmltree::Node;

use super::style::Declaration;

/// Properties that make one, each with the value that makes none. What `all` brings from around an element may be any of them.
const PROPERTIES: [(&str, &str); 15] = [
    ("all", "unset"),
    ("-webkit-backdrop-filter", "none"),
    ("-webkit-box-reflect", "none"),
    ("-webkit-filter", "none"),
    ("-webkit-mask", "none"),
    ("backdrop-filter", "none"),
    ("backface-visibility", "visible"),
    ("contain", "none"),
    ("filter", "none"),
    ("isolation", "auto"),
    ("mix-blend-mode", "normal"),
    ("opacity", "1"),
    ("perspective", "none"),
    ("transform-style", "flat"),
    ("will-change", "auto"),
];

/// Shapes, of which a see-through one is a layer only where its line lies upon its filling.
const SHAPES: [&str; 7] = ["path", "rect", "circle", "ellipse", "line", "polyline", "polygon"];

/// What an element makes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    Nothing,
    SeeThroughShape,
    Layer,
}

pub fn own(node: Node<'_, '_>, declared: &[Declaration<'_>]) -> Own {
    let is_shape = SHAPES.contains(&node.tag_name().name());
    let of = |(property, value): &Declaration<'_>| match makes_layer(property, value) {
        false => Own::Nothing,
        true if is_shape && property.eq_ignore_ascii_case("opacity") => Own::SeeThroughShape,
        true => Own::Layer,
    };
    declared.iter().map(of).max_by_key(|own| *own as u8).unwrap_or(Own::Nothing)
}

/// How many each text in an element makes: shadows are handed down, and each is a blurred picture of the text.
pub fn inherited(declared: &[Declaration<'_>]) -> u64 {
    let shadows = declared.iter().filter(|(property, _)| property.eq_ignore_ascii_case("text-shadow"));
    let counts = shadows.map(|(_, value)| if plain(value) == "none" { 0 } else { value.split(',').count() as u64 });
    counts.sum()
}

fn makes_layer(property: &str, value: &str) -> bool {
    let Some((name, none)) = PROPERTIES.iter().find(|(name, _)| property.eq_ignore_ascii_case(name)) else {
        return false;
    };
    let value = plain(value);
    match *name {
        "opacity" => !is_full(&value),
        _ => value != *none && value != "initial",
    }
}

/// A value without what says how much it counts.
fn plain(value: &str) -> String {
    let value = value.to_ascii_lowercase();
    value.split('!').next().unwrap_or_default().trim().to_owned()
}

/// Whether nothing shines through.
fn is_full(value: &str) -> bool {
    let number = match value.strip_suffix('%') {
        Some(percent) => percent.parse().map(|percent: f64| percent / 100.0),
        None => value.parse(),
    };
    value == "initial" || number.is_ok_and(|number| number >= 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(element: &str, declared: &[Declaration<'_>]) -> Own {
        let text = format!("<{element}/>");
        let document = roxmltree::Document::parse(&text).unwrap();
        own(document.root_element(), declared)
    }

    #[test]
    fn what_is_drawn_by_itself_is_a_layer() {
        for one in [
            ("opacity", ".5"),
            ("OPACITY", " 0.99 !important"),
            ("opacity", "99%"),
            ("opacity", "inherit"),
            ("Mix-Blend-Mode", "multiply"),
            ("isolation", "isolate"),
            ("filter", "inherit"),
            ("will-change", "opacity"),
            ("all", "inherit"),
        ] {
            assert_eq!(of("g", &[one, one]), Own::Layer, "{one:?}");
        }
        for one in [("opacity", "1.0"), ("opacity", "100% !important"), ("mix-blend-mode", "Normal"), ("fill", "red")] {
            assert_eq!(of("g", &[one]), Own::Nothing, "{one:?}");
        }
        assert_eq!(of("path", &[("opacity", ".5"), ("fill", "red")]), Own::SeeThroughShape);
        assert_eq!(of("path", &[("mix-blend-mode", "hue"), ("opacity", ".5")]), Own::Layer);
    }

    #[test]
    fn each_shadow_of_a_text_is_one() {
        assert_eq!(inherited(&[("text-shadow", "0 0 9px red, 1px 1px blue")]), 2);
        assert_eq!(inherited(&[("Text-Shadow", " NONE "), ("opacity", ".5")]), 0);
    }
}
