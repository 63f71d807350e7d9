//! What a drawing comes to once all that it refers to is drawn: a few thousand bytes can ask for millions of shapes.

use std::collections::{BTreeMap, HashMap};

use roxmltree::{Document, Node, NodeId};

use super::drawing::{LONGEST_ID, tag};
use super::images::Fault;
use super::layers::{self, Own};
use super::style::{Declaration, Sheets};

/// Shapes that a logo may come to, with everything drawn as often as it is referred to.
const MOST_DRAWN: u64 = 20_000;

/// Pictures of their own that browsers make for masks, patterns, clips and markers, and put together.
const MOST_PICTURES: u64 = 200;

/// Layers that a logo comes to: each is drawn by itself and then put onto what lies below, over all that it covers.
const MOST_LAYERS: u64 = 200;

/// Elements in one another, with those that they refer to.
const DEEPEST: usize = 100;

/// What style sheets may say of elements, all together.
const MOST_STYLED: usize = 100_000;

/// How many points or letters take as long as a shape.
const POINTS: u64 = 10;

/// How many see-through shapes take as long as a layer.
const SEE_THROUGH: u64 = 10;

/// What drawing something takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cost {
    shapes: u64,
    /// Points of lines, and letters.
    points: u64,
    pictures: u64,
    layers: u64,
    see_through: u64,
}

impl Cost {
    fn plus(self, other: Self) -> Self {
        Self {
            shapes: self.shapes.saturating_add(other.shapes),
            points: self.points.saturating_add(other.points),
            pictures: self.pictures.saturating_add(other.pictures),
            layers: self.layers.saturating_add(other.layers),
            see_through: self.see_through.saturating_add(other.see_through),
        }
    }

    fn times(self, times: u64) -> Self {
        Self {
            shapes: self.shapes.saturating_mul(times),
            points: self.points.saturating_mul(times),
            pictures: self.pictures.saturating_mul(times),
            layers: self.layers.saturating_mul(times),
            see_through: self.see_through.saturating_mul(times),
        }
    }

    /// In shapes.
    fn drawn(self) -> u64 {
        self.shapes.saturating_add(self.points / POINTS)
    }

    /// In layers.
    fn layered(self) -> u64 {
        self.layers.saturating_add(self.see_through / SEE_THROUGH)
    }
}

/// What is too much about a drawing, at the first element with which it gets so.
pub fn fault(document: &Document<'_>) -> Option<Fault> {
    let mut drawing = Drawing::of(document);
    drawing.draw(document.root_element());
    let (excess, at) = drawing.found.pop_first()?;
    Some(Fault::at(tag(at), excess.message(at)))
}

/// What may be too much, in the order in which it is said: what is not counted to its end comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Excess {
    Depth,
    Circle,
    Dashes,
    Styles,
    Twice,
    Shapes,
    Layers,
    Pictures,
}

impl Excess {
    /// The end of a sentence.
    fn message(self, at: Node<'_, '_>) -> String {
        let id = at.attribute("id").unwrap_or_default();
        match self {
            Self::Depth => format!("nests or refers more than {DEEPEST} elements deep"),
            Self::Circle => format!("refers to itself by way of `#{id}`"),
            Self::Dashes => {
                "draws dashed lines, of which one may come to any number of strokes: draw these as shapes".to_owned()
            }
            Self::Styles => format!("says more than {MOST_STYLED} things of its elements by classes"),
            Self::Twice => format!("has the id `{id}` twice, so that nobody can tell what is drawn"),
            Self::Shapes => format!("comes to more than {MOST_DRAWN} shapes, with all that it refers to"),
            Self::Layers => format!(
                "needs more than {MOST_LAYERS} layers for what is see-through, blended or filtered: put these properties onto \
                 fewer groups, or onto colours (`fill-opacity`)"
            ),
            Self::Pictures => format!("needs more than {MOST_PICTURES} masks, patterns, clips and markers to be drawn"),
        }
    }
}

struct Drawing<'a, 'i> {
    by_id: HashMap<&'a str, Node<'a, 'i>>,
    sheets: Sheets<'a>,
    /// How many declarations of sheets hold for its elements, all together.
    styled: usize,
    /// What is drawn already; without a cost, what is being drawn.
    known: HashMap<NodeId, Option<Cost>>,
    /// What is too much, with the element at which that was seen first.
    found: BTreeMap<Excess, Node<'a, 'i>>,
    /// How deep it is in what is being drawn.
    depth: usize,
}

impl<'a, 'i> Drawing<'a, 'i> {
    fn of(document: &'a Document<'i>) -> Self {
        let elements = document.descendants().filter(Node::is_element);
        let (mut by_id, mut found) = (HashMap::new(), BTreeMap::new());
        for (id, node) in elements.filter_map(|node| Some((node.attribute("id")?, node))) {
            if by_id.insert(id, node).is_some() {
                found.entry(Excess::Twice).or_insert(node);
            }
        }
        Self { by_id, sheets: Sheets::of(document), styled: 0, known: HashMap::new(), found, depth: 0 }
    }

    /// An element with all in it and all that it refers to. Each is looked at once.
    fn draw(&mut self, node: Node<'a, 'i>) -> Cost {
        match self.known.get(&node.id()) {
            Some(Some(cost)) => return *cost,
            Some(None) => {
                self.note(Excess::Circle, node);
                return Cost::default();
            }
            None => drop(self.known.insert(node.id(), None)),
        }
        let mut cost = Cost { shapes: 1, points: points(node), ..Cost::default() };
        if self.depth == DEEPEST {
            self.note(Excess::Depth, node);
            return cost;
        }
        self.depth += 1;
        // What only others show is drawn where they do.
        for child in node.children().filter(|child| child.is_element() && !is_stored(*child)) {
            cost = cost.plus(self.draw(child));
        }
        let declared = self.declared(node);
        if declared.iter().any(|(property, value)| is_dashed(property, value)) {
            self.note(Excess::Dashes, node);
        }
        let named = declared.iter().flat_map(|(property, value)| references(property, value));
        let (shown, painted): (Vec<_>, Vec<_>) = named.partition(|(_, times)| *times == Times::Once);
        for (id, _) in shown {
            cost = cost.plus(self.referred(&id));
        }
        // What is inherited holds for all that is drawn here, also by way of others.
        for (id, times) in painted {
            let times = if times == Times::EachPoint { cost.points.max(1) } else { cost.shapes };
            cost = cost.plus(self.referred(&id).times(times));
        }
        let mut own = Cost { layers: layers::inherited(&declared).saturating_mul(cost.shapes), ..Cost::default() };
        match layers::own(node, &declared) {
            Own::Nothing => {}
            Own::SeeThroughShape => own.see_through = 1,
            Own::Layer => own.layers = own.layers.saturating_add(1),
        }
        cost = cost.plus(own);
        self.weigh(node, cost);
        self.depth -= 1;
        self.known.insert(node.id(), Some(cost));
        cost
    }

    fn note(&mut self, excess: Excess, at: Node<'a, 'i>) {
        self.found.entry(excess).or_insert(at);
    }

    /// Notes where it gets too much: what is inside an element is drawn before the element.
    fn weigh(&mut self, node: Node<'a, 'i>, cost: Cost) {
        let all = [
            (Excess::Shapes, cost.drawn() > MOST_DRAWN),
            (Excess::Layers, cost.layered() > MOST_LAYERS),
            (Excess::Pictures, cost.pictures > MOST_PICTURES),
        ];
        for (excess, _) in all.into_iter().filter(|(_, is_too_much)| *is_too_much) {
            self.note(excess, node);
        }
    }

    /// What is said of an element: by its classes, its style and its attributes.
    fn declared(&mut self, node: Node<'a, 'i>) -> Vec<Declaration<'a>> {
        let mut found = Vec::new();
        if self.styled <= MOST_STYLED {
            let room = MOST_STYLED + 1 - self.styled;
            found.extend(self.sheets.declared(node.attribute("class").unwrap_or_default()).take(room));
            self.styled += found.len();
            if self.styled > MOST_STYLED {
                self.note(Excess::Styles, node);
            }
        }
        for attribute in node.attributes() {
            let (name, value): (&'a str, &'a str) = (attribute.name(), attribute.value());
            match name {
                "style" => {
                    let declarations = value.split(';').filter_map(|declaration| declaration.split_once(':'));
                    found.extend(declarations.map(|(name, value)| (name.trim(), value)));
                }
                name => found.push((name, value)),
            }
        }
        found
    }

    fn referred(&mut self, id: &str) -> Cost {
        match self.by_id.get(id) {
            Some(&target) => {
                let picture = Cost { pictures: u64::from(is_picture(target)), ..Cost::default() };
                self.draw(target).plus(picture)
            }
            None => Cost::default(),
        }
    }
}

/// How often what a property refers to is drawn for an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Once,
    /// Paint, for each shape inside.
    EachShape,
    /// A marker, at each point of the lines inside.
    EachPoint,
}

fn is_picture(node: Node<'_, '_>) -> bool {
    matches!(node.tag_name().name(), "mask" | "pattern" | "clipPath" | "marker")
}

fn is_stored(node: Node<'_, '_>) -> bool {
    is_picture(node) || matches!(node.tag_name().name(), "defs" | "symbol" | "linearGradient" | "radialGradient")
}

/// Whether a line is drawn in dashes. How many there are depends on how long it is, and a dash may be as short as it likes.
fn is_dashed(property: &str, value: &str) -> bool {
    property.eq_ignore_ascii_case("stroke-dasharray")
        && !matches!(&*value.trim().to_ascii_lowercase(), "" | "none" | "0")
}

/// The ids that a property refers to, each with how often that is drawn. Browsers read `%6e` in them as a letter.
fn references(property: &str, value: &str) -> Vec<(String, Times)> {
    let property = property.to_ascii_lowercase();
    let times = match &*property {
        name if name.starts_with("marker") => Times::EachPoint,
        "fill" | "stroke" => Times::EachShape,
        _ => Times::Once,
    };
    let ids = match &*property {
        "href" => value.trim().strip_prefix('#').map(str::to_owned).into_iter().collect(),
        _ => called(value),
    };
    let decoded = |id: String| percent_encoding::percent_decode_str(&id).decode_utf8_lossy().into_owned();
    ids.into_iter().map(|id| (decoded(id), times)).collect()
}

/// What `url(#id)` names in the value of a property. Nothing has an id that is longer than ids may be, also where each of its
/// letters is written as `%6e`.
fn called(value: &str) -> Vec<String> {
    let calls = value.match_indices('(').filter(|(at, _)| {
        let name = at.checked_sub(3).and_then(|start| value.get(start..*at));
        name.is_some_and(|name| name.eq_ignore_ascii_case("url"))
    });
    let id = |(at, _): (usize, &str)| {
        let inside = value[at + 1..].trim_start().trim_start_matches(['"', '\'']).strip_prefix('#')?;
        let mut end = inside.len().min(LONGEST_ID * 3);
        while !inside.is_char_boundary(end) {
            end -= 1;
        }
        Some(inside[..end].split(['"', '\'', ')']).next().unwrap_or_default().trim().to_owned())
    };
    calls.filter_map(id).collect()
}

/// About how many points a line has, or letters a text.
fn points(node: Node<'_, '_>) -> u64 {
    let numbers = |name: &str| node.attribute(name).map_or(0, numbers);
    let letters: usize = node.children().filter(Node::is_text).filter_map(|it| it.text()).map(str::len).sum();
    1 + numbers("d") + numbers("points") + letters as u64
}

/// How many numbers a path has, which need nothing between them where a sign or a second point begins the next one. The flags of
/// arcs stand without even that, so there each digit of a whole number counts. A command without a number has a point, too.
fn numbers(text: &str) -> u64 {
    let (mut count, mut is_arc) = (0, false);
    // Of the number that is being read: whether there is one, whether it has its point, and its exponent.
    let (mut is_in, mut has_point, mut has_exponent) = (false, false, false);
    let mut last = ' ';
    for c in text.chars() {
        let is_exponent = matches!(c, 'e' | 'E') && is_in && !has_exponent;
        let goes_on = is_in
            && match c {
                '0'..='9' => !is_arc || has_point || has_exponent,
                '.' => !has_point && !has_exponent,
                '+' | '-' => matches!(last, 'e' | 'E'),
                _ => is_exponent,
            };
        if !goes_on {
            is_in = matches!(c, '0'..='9' | '.' | '+' | '-');
            (has_point, has_exponent) = (false, false);
            let is_command = c.is_ascii_alphabetic();
            count += u64::from(is_in || is_command);
            is_arc = if is_command { matches!(c, 'a' | 'A') } else { is_arc };
        }
        has_point |= is_in && c == '.';
        has_exponent |= is_exponent;
        last = c;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(inner: &str) -> Option<String> {
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
        fault(&Document::parse(&text).unwrap()).map(|fault| fault.what)
    }

    #[test]
    fn what_sheets_say_of_elements_is_counted_once() {
        let sheet = |classes: usize, said: usize, named: usize, elements: usize| {
            let selectors: Vec<String> = (0..classes).map(|class| format!(".c{class}")).collect();
            let style = format!("<style>{}{{{}}}</style>", selectors.join(","), "x:y;".repeat(said));
            style + &format!("<rect class=\"{}\"/>", "c0 ".repeat(named)).repeat(elements)
        };
        assert_eq!(of(&sheet(3000, 3000, 3000, 1)), None);
        assert_eq!(of(&sheet(1, 40_000, 1, 1)), None);
        assert!(of(&sheet(1, 1000, 1, 200)).unwrap().contains("by classes"));
        let many = format!("<rect fill=\"{}\"/>", "url(#a".repeat(50_000));
        assert_eq!(of(&many), None);
    }

    /// Each level shows the one below ten times.
    fn tower(levels: usize, one: impl Fn(usize, usize) -> String) -> String {
        (0..levels).map(|level| one(level, level + 1)).collect()
    }

    #[test]
    fn what_nests_or_refers_too_deeply_is_not_drawn() {
        let nested = |levels: usize| format!("{}<rect/>{}", "<g>".repeat(levels), "</g>".repeat(levels));
        let chain = |links: usize| -> String {
            let link = |at| format!("<g id=\"a{at}\"><use href=\"#a{}\"/></g>", at + 1);
            format!("<defs>{}<g id=\"a{links}\"/></defs><use href=\"#a0\"/>", (0..links).map(link).collect::<String>())
        };
        assert_eq!((of(&nested(DEEPEST - 2)), of(&chain(DEEPEST / 2 - 2))), (None, None));
        let message = "nests or refers more than 100 elements deep";
        for inner in [nested(DEEPEST), nested(2_400), chain(DEEPEST / 2), chain(1_600)] {
            assert_eq!(of(&inner).unwrap(), message);
        }
    }

    #[test]
    fn what_is_drawn_is_counted_as_browsers_count_it() {
        let line = |points: usize| format!("<path d=\"M0 0{}\"/>", "L1 1".repeat(points));
        let shown = |id: &str, times: usize| format!("<use href=\"#{id}\"/>").repeat(times);
        let is_too_much = |inner: String| of(&inner).is_some_and(|fault| fault.contains("comes to more than"));
        assert!(is_too_much(format!("<defs><g id=\"a\">{}</g></defs>{}", line(2_500), shown("a", 100))), "points");
        let letters = "x".repeat(5_000);
        assert!(is_too_much(format!("<defs><text id=\"a\">{letters}</text></defs>{}", shown("a", 100))), "letters");
        let dots = "<circle/>".repeat(9);
        let marked = format!(
            "<marker id=\"m\">{dots}</marker><defs><g id=\"a\">{}</g></defs><g style=\"MARKER-MID:url(#m)\">{}</g>",
            line(500),
            shown("a", 5)
        );
        assert!(is_too_much(marked), "markers of what is shown again");
        let heavy = format!("<defs><g id=\"n6\">{}</g><g id=\"%6e6\"/></defs>", "<path/>".repeat(2_000));
        assert!(is_too_much(format!("{heavy}{}", shown("%6e6", 20))), "letters in hexadecimal");
        let twice = of("<g id=\"a\"><path/></g><g id=\"a\"/><use href=\"#a\"/>").unwrap();
        assert_eq!(twice, "has the id `a` twice, so that nobody can tell what is drawn");
        assert_eq!(of(&line(40_000)), None, "a traced drawing");
    }

    #[test]
    fn numbers_are_counted_as_the_grammar_of_paths_has_them() {
        for (text, expected) in [
            ("", 0),
            ("1,2 3\n4", 4),
            ("1.5.5-.5+2", 4),
            ("1e3 1E-3e", 3),
            ("M0 0h.1.1.1z", 8),
            ("a1 1 0 0110 10", 10),
            ("a1.25 1.25 0 01.5.5l10 10", 10),
        ] {
            assert_eq!(numbers(text), expected, "{text}");
        }
        let marked = |step: &str| {
            let marker = format!("<marker id=\"m\">{}</marker>", "<rect/>".repeat(40));
            format!("{marker}<path marker-mid=\"url(#m)\" d=\"M0 0h{}\"/>", step.repeat(14_000))
        };
        for step in [".1", "+1", "-1", "1 ", "1e0.", "a1 1 0 0010"] {
            assert!(of(&marked(step)).is_some_and(|fault| fault.contains("comes to more than")), "{step}");
        }
    }

    #[test]
    fn an_ordinary_logo_is_drawn() {
        let gradient =
            "<defs><linearGradient id=\"b\"><stop/></linearGradient><linearGradient id=\"a\" href=\"#b\"/></defs>";
        let shapes = "<path fill=\"url(#a)\" d=\"M0 0L1 1\"/>".repeat(400);
        assert_eq!(of(&format!("{gradient}{shapes}")), None);
        assert_eq!(
            of(
                "<clipPath id=\"c\"><path/></clipPath><g clip-path=\"url(#c)\"><path style=\"mask: url('#none')\"/></g>"
            ),
            None
        );
    }

    #[test]
    fn towers_of_every_kind_are_refused() {
        let towers = [
            tower(8, |level, next| {
                let copies = format!("<use href=\"#n{next}\"/>").repeat(10);
                format!("<g id=\"n{level}\">{copies}</g>")
            }),
            tower(9, |level, next| {
                let masked = format!("<rect mask=\"url(#n{next})\"/>").repeat(4);
                format!("<mask id=\"n{level}\">{masked}</mask>")
            }) + "<rect style=\"mask:url( '#n0' )\"/>",
            tower(9, |level, next| {
                let filled = format!("<rect fill=\"URL(#n{next})\"/>").repeat(4);
                format!("<pattern id=\"n{level}\">{filled}</pattern>")
            }) + "<g fill=\"url(#n0)\"><rect/></g>",
            tower(9, |level, next| {
                let masked = format!("<rect class=\"c{next}\"/>").repeat(4);
                format!("<style>.c{level}{{mask:url(#n{level})}}</style><mask id=\"n{level}\">{masked}</mask>")
            }) + "<rect class=\"x c0\"/>",
            tower(3, |level, next| {
                format!(
                    "<marker id=\"n{level}\"><path d=\"M0 0{}\" marker-mid=\"url(#n{next})\"/></marker>",
                    "L1 1".repeat(40)
                )
            }) + "<path d=\"M0 0L1 1\" marker-end=\"url(#n0)\"/>",
        ];
        for drawing in towers {
            assert!(of(&drawing).is_some_and(|said| said.contains("more than")), "{drawing}");
        }
    }

    #[test]
    fn layers_are_counted_as_often_as_they_are_drawn() {
        let shown = |group: &str, nested: usize, times: usize| {
            let groups = format!("{}<rect/>{}", group.repeat(nested), "</g>".repeat(nested));
            format!("<defs><g id=\"a\">{groups}</g></defs>{}", "<use href=\"#a\"/>".repeat(times))
        };
        let (most, message) = (MOST_LAYERS as usize, "needs more than 200 layers");
        let is_too_much = |inner: &str| of(inner).is_some_and(|fault| fault.starts_with(message));
        for group in [
            "<g opacity=\".9\">",
            "<g style=\"mix-blend-mode:hue;opacity:.9\">",
            "<g style=\"isolation: isolate\">",
            "<style>.a{opacity:.5}</style><g class=\"a\">",
        ] {
            let sheet = group.find("<g").map_or("", |at| &group[..at]);
            let group = &group[sheet.len()..];
            assert_eq!(of(&format!("{sheet}{}", shown(group, 12, 1))), None, "a usual logo: {group}");
            assert_eq!(of(&format!("{sheet}{}", shown(group, 40, most / 40))), None, "{group}");
            assert!(is_too_much(&format!("{sheet}{}", shown(group, 41, most / 40))), "{group}");
        }
        let shapes = |count: usize| "<path opacity=\".5\"/>".repeat(count);
        assert_eq!(of(&shapes(2_000)), None, "an illustration");
        assert!(is_too_much(&shapes(2_010)));
        let shadows =
            format!("<g style=\"text-shadow:0 0 9px red, 0 0 9px blue\">{}</g>", "<text>a</text>".repeat(100));
        assert!(is_too_much(&shadows));
    }

    #[test]
    fn what_is_too_much_stands_where_it_gets_so() {
        let drawn = "<use href=\"#a\"/>".repeat(60);
        let inner = format!(
            "<defs><g id=\"a\"><g opacity=\".5\"><g opacity=\".5\"><rect/></g></g></g></defs>\
             <g id=\"b\">{drawn}</g><g id=\"c\">{drawn}{drawn}</g>"
        );
        let text = format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inner}</svg>");
        let fault = fault(&Document::parse(&text).unwrap()).unwrap();
        let at = fault.at.unwrap().start;
        assert!(text[at..].starts_with("<g id=\"c\">"), "{}", &text[at..at + 20]);
    }

    #[test]
    fn no_line_comes_to_any_number_of_dashes() {
        for drawing in [
            "<circle r=\"99\" stroke-dasharray=\"0.0007\"/>",
            "<g style=\"Stroke-DashArray : .1 .1 !important\"><rect/></g>",
            "<style>.a{stroke-dasharray:.1}</style><rect class=\"a\"/>",
        ] {
            assert!(of(drawing).is_some_and(|said| said.contains("dashed")), "{drawing}");
        }
        assert_eq!(of("<path stroke-dasharray=\"none\" style=\"stroke-dasharray: 0\"/>"), None);
    }

    #[test]
    fn what_refers_to_itself_is_refused() {
        assert!(of("<mask id=\"a\"><g mask=\"url(#b)\"/></mask><mask id=\"b\"><g mask=\"url(#a)\"/></mask><g mask=\"url(#a)\"/>").is_some());
        assert!(of("<g id=\"a\"><use href=\"#a\"/></g>").is_some());
    }
}
