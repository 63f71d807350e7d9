use proptest::prelude::*;

use super::*;
use crate::syntax::tree::{Core, Value};

fn read(text: &str) -> Node {
    parse(SourceId(0), text, 0).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn codes(text: &str) -> Vec<&'static str> {
    match parse(SourceId(0), text, 0) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(|problem| problem.code.0).collect(),
    }
}

fn written<'a>(text: &'a str, node: &Node) -> &'a str {
    &text[node.span.start as usize..node.span.end as usize]
}

#[test]
fn scalars_keep_their_text_and_place() {
    let text = "plain: 10115\r\nquoted: \"ü: x\"\r\nsingle: 'it''s'\r\nnothing:\r\nlast: é # note\r\n";
    let root = read(text);
    let map = root.as_map().unwrap();
    let shown: Vec<_> =
        map.entries.iter().map(|e| (&*e.key.value, &**e.value.as_text().unwrap(), written(text, &e.value))).collect();
    assert_eq!(
        shown,
        [
            ("plain", "10115", "10115"),
            ("quoted", "ü: x", "\"ü: x\""),
            ("single", "it's", "'it''s'"),
            ("nothing", "", ""),
            ("last", "é", "é"),
        ]
    );
    assert_eq!(map.get("plain").unwrap().as_scalar().unwrap().core(), Core::Int(10115));
    assert_eq!(map.get("nothing").unwrap().as_scalar().unwrap().core(), Core::Null);
    assert_eq!(written(text, &root), text.trim_end().trim_end_matches(" # note"));
}

#[test]
fn block_scalars_are_placed_with_their_header() {
    let text = "a: |\n  one\n  two\n\nb: >- # folded > text\n  three\n  four\nc:\n  - |2\n    x\n  - &n !!str |\n    y\nd: 1\n";
    let root = read(text);
    let map = root.as_map().unwrap();
    assert_eq!(written(text, map.get("a").unwrap()), "|\n  one\n  two");
    assert_eq!(written(text, map.get("b").unwrap()), ">- # folded > text\n  three\n  four");
    let items = map.get("c").unwrap().as_seq().unwrap();
    assert_eq!(written(text, &items[0]), "|2\n    x");
    assert_eq!(written(text, &items[1]), "|\n    y");
    assert_eq!(&**map.get("a").unwrap().as_text().unwrap(), "one\ntwo\n");
}

#[test]
fn collections_reach_from_their_first_to_their_last_byte() {
    let text = "flow: {a: 1, b: [x, y]} # c\nblock:\n  c: 2\n  d: 3\n\n# end\nlist:\n- a\n-\nempty: []\n";
    let root = read(text);
    let map = root.as_map().unwrap();
    assert_eq!(written(text, map.get("flow").unwrap()), "{a: 1, b: [x, y]}");
    assert_eq!(written(text, map.get("block").unwrap()), "c: 2\n  d: 3");
    assert_eq!(written(text, map.get("list").unwrap()), "- a\n-");
    assert_eq!(written(text, map.get("empty").unwrap()), "[]");
}

#[test]
fn an_offset_moves_every_place() {
    let root = parse(SourceId(3), "a: b\n", 100).unwrap();
    assert_eq!(root.span, Span::new(SourceId(3), 100, 104));
    assert_eq!(root.as_map().unwrap().entries[0].key.span, Span::new(SourceId(3), 100, 101));
}

#[test]
fn empty_documents_are_empty_maps() {
    for text in ["", "\n", "# only a comment\n", "---\n", "---\n...\n"] {
        assert_eq!(read(text).as_map().map(|map| map.entries.len()), Some(0), "{text:?}");
    }
    assert!(read("~\n").is_null());
}

#[test]
fn aliases_stand_where_they_are_written() {
    let text = "a: &x {k: v}\nb: *x\nc: &s word\n? *s\n: 1\n";
    let root = read(text);
    let map = root.as_map().unwrap();
    assert_eq!(written(text, map.get("a").unwrap()), "{k: v}");
    let copy = map.get("b").unwrap();
    assert_eq!(written(text, copy), "*x");
    assert_eq!(written(text, copy.as_map().unwrap().get("k").unwrap()), "v");
    assert!(map.get("word").is_some());
}

#[test]
fn refuses_what_hides_things() {
    assert_eq!(codes("a: 1\na: 2\na: 3\n"), ["E-DUPKEY", "E-DUPKEY"]);
    assert_eq!(codes("\"a\": 1\na: 2\n"), ["E-DUPKEY"]);
    assert_eq!(codes("x: &x {a: 1}\ny:\n  <<: *x\n  b: 2\n"), ["E-MERGEKEY"]);
    assert_eq!(codes("'<<': 1\n"), [""; 0]);
    assert_eq!(codes("a: 1\n---\nb: 2\n"), ["E-YAML"]);
    assert_eq!(codes("a: !secret x\n"), ["E-TAG"]);
    assert_eq!(codes("a: !!binary aGk=\n"), ["E-TAG"]);
    assert_eq!(codes("a: !!int word\n"), ["E-TAG"]);
    assert_eq!(codes("? [a, b]\n: c\n"), ["E-KEY"]);
    assert_eq!(codes(": c\n"), ["E-KEY"]);
    assert_eq!(codes("a: b: c\n"), ["E-YAML"]);
    assert_eq!(codes("a: 1\0\nb: 2\n"), ["E-YAML"]);
    assert_eq!(codes("a: &a [*a]\n"), ["E-ALIAS"]);
    assert_eq!(codes("a: *nowhere\n"), ["E-YAML"]);
}

#[test]
fn the_other_side_of_a_doubled_key_is_the_first() {
    let problems = parse(SourceId(0), "a: 1\nb: 2\na: 3\n", 0).unwrap_err();
    let problem = problems.iter().next().unwrap();
    assert_eq!(problem.place.as_ref().unwrap().span, Span::new(SourceId(0), 10, 11));
    assert_eq!(problem.others[0].span, Span::new(SourceId(0), 0, 1));
}

#[test]
fn unquoted_braces_get_a_help_line() {
    for text in ["name: {{ partner.name }}\n", "name: {{ partner.name }} and more\n", "- {{ x }}\n"] {
        let problems = parse(SourceId(0), text, 0).unwrap_err();
        let help: Vec<_> = problems.iter().flat_map(|problem| &problem.help).collect();
        assert!(help.iter().any(|line| line.contains("`{{`")), "{text:?}: {problems:?}");
    }
}

#[test]
fn core_tags_decide_what_a_scalar_is() {
    let root =
        read("a: !!str 5\nb: !!int \"5\"\nc: ! true\nd: !!float 1\ne: !!map {}\nf: !<tag:yaml.org,2002:str> ~\n");
    let core = |key| root.as_map().unwrap().get(key).unwrap().as_scalar().unwrap().core();
    assert_eq!(core("a"), Core::Str("5"));
    assert_eq!(core("b"), Core::Int(5));
    assert_eq!(core("c"), Core::Str("true"));
    assert_eq!(core("d"), Core::Int(1));
    assert_eq!(core("f"), Core::Str("~"));
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(codes(&nested(MAX_DEPTH)), [""; 0]);
    assert_eq!(codes(&nested(MAX_DEPTH + 1)), ["E-DEPTH"]);
    assert_eq!(codes(&"- ".repeat(100_000)), ["E-DEPTH"]);
    assert_eq!(codes(&"[".repeat(100_000)), ["E-DEPTH"]);
    let through_aliases = format!("a: &a {}\nb: {}*a{}\n", nested(40), "[".repeat(40), "]".repeat(40));
    assert_eq!(codes(&through_aliases), ["E-DEPTH"]);
}

#[test]
fn a_bomb_of_aliases_is_refused_at_once() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let copies = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{copies}]\n"));
    }
    assert_eq!(codes(&text), ["E-ALIAS"]);
}

#[test]
fn a_map_of_many_keys_keeps_its_order() {
    let text: String = (0..5000).map(|n| format!("k{}: {n}\n", 9999 - n)).collect();
    let root = read(&text);
    let map = root.as_map().unwrap();
    assert_eq!(map.entries.len(), 5000);
    assert!(matches!(map.entries[0].value.value, Value::Scalar(_)));
    assert_eq!(&*map.entries[0].key.value, "k9999");
}

/// All places of a tree.
fn places(node: &Node, found: &mut Vec<Span>) {
    found.push(node.span);
    match &node.value {
        Value::Scalar(_) => {}
        Value::Seq(items) => items.iter().for_each(|item| places(item, found)),
        Value::Map(map) => map.entries.iter().for_each(|entry| {
            found.push(entry.key.span);
            places(&entry.value, found);
        }),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn arbitrary_text_is_read_or_refused(
        text in "(?s)([a-c]: |- |\\? |\n {0,4}|[&*!]a |[\\[{}\\],'\"#|>é🦀~\t\r]|!!str ){0,24}|\\PC{0,40}",
        base in 0..3usize,
    ) {
        let mut found = Vec::new();
        match parse(SourceId(0), &text, base) {
            Ok(node) => places(&node, &mut found),
            Err(problems) => {
                let labels = problems.iter().flat_map(|problem| problem.place.iter().chain(&problem.others));
                found.extend(labels.map(|label| label.span));
            }
        }
        for span in found {
            let range = (span.start as usize).wrapping_sub(base)..(span.end as usize).wrapping_sub(base);
            prop_assert!(text.get(range.clone()).is_some(), "{:?} of {:?}", range, text);
        }
    }
}

#[test]
fn a_quoted_text_ends_at_its_quote() {
    let text = "a: 'it''s'   # why\nb: \"x\\\" y\" # what\nc: {'d' : \"e\" }\n";
    let node = parse(SourceId(0), text, 0).unwrap();
    let map = node.as_map().unwrap();
    let written = |node: &Node| &text[node.span.start as usize..node.span.end as usize];
    assert_eq!(written(map.get("a").unwrap()), "'it''s'");
    assert_eq!(written(map.get("b").unwrap()), "\"x\\\" y\"");
    let inner = map.get("c").unwrap().as_map().unwrap();
    assert_eq!(written(inner.get("d").unwrap()), "\"e\"");
    let key = inner.entries[0].key.span;
    assert_eq!(&text[key.start as usize..key.end as usize], "'d'");
}
