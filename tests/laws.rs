//! Laws that hold for all selectors, lists and orders of files, on random ones.

#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;

use std::cmp::Ordering;
use std::collections::BTreeMap;

use cobrand::build::Program;
use cobrand::catalog::selector::{Binding, Selector};
use cobrand::catalog::settings::AxisId;
use cobrand::diag::Diagnostic;
use outcome::Outcome;
use proptest::prelude::*;
use small::Small;

/// Regions three deep and industries two deep: peers, with motions below and tiers above.
fn tree() -> Program {
    let with = |files: Small, path: &str, parent: &str| {
        let parent = if parent.is_empty() { String::new() } else { format!("parent: {parent}\n") };
        files.with(path, format!("name: X\n{parent}"))
    };
    let files = with(Small::base(), "regions/bavaria.yaml", "dach");
    let files = with(files, "industries/fashion.yaml", "retail");
    Program::open(&files.memory()).0.unwrap_or_else(|_| panic!("the tree does not open"))
}

/// For each axis a value, or none.
type Bound = Vec<Option<usize>>;

fn selector(program: &Program, bound: &Bound) -> Selector {
    let catalog = program.catalog();
    let binding = |(axis, value): (usize, &Option<usize>)| {
        let values = &catalog.axes[axis];
        let value = value.as_ref()? % values.iter().count();
        let name = catalog.settings.axes[axis].name.clone();
        Some(Binding { axis: AxisId(axis), name, value, id: values.at(value).id.clone() })
    };
    Selector::new(bound.iter().enumerate().filter_map(binding).collect(), &catalog.settings, &catalog.axes)
}

fn bound() -> impl Strategy<Value = Bound> {
    prop::collection::vec(prop::option::of(0..4usize), 5)
}

/// Whether every deployment that `narrow` matches is matched by `wide` too.
fn implies(program: &Program, narrow: &Selector, wide: &Selector) -> bool {
    wide.bindings().iter().all(|theirs| {
        let values = &program.catalog().axes[theirs.axis.0];
        narrow.binds(theirs.axis).is_some_and(|mine| values.lineage(mine.value).any(|above| above == theirs.value))
    })
}

#[test]
fn o1_is_a_strict_partial_order_that_the_layout_extends() {
    let program = tree();
    proptest!(ProptestConfig::with_cases(2000), |(a in bound(), b in bound(), c in bound())| {
        let (a, b, c) = (selector(&program, &a), selector(&program, &b), selector(&program, &c));
        prop_assert_eq!(a.strength(&a), Some(Ordering::Equal));
        prop_assert_eq!(a.strength(&b), b.strength(&a).map(Ordering::reverse));
        let stronger = |a: &Selector, b: &Selector| a.strength(b) == Some(Ordering::Greater);
        if stronger(&a, &b) && stronger(&b, &c) {
            prop_assert!(stronger(&a, &c), "{a} > {b} > {c}");
        }
        if stronger(&a, &b) {
            prop_assert!(a.rank() > b.rank(), "{a} > {b}");
        }
        if implies(&program, &a, &b) {
            prop_assert!(a == b || stronger(&a, &b), "{a} implies {b}");
            prop_assert!(a.join(&b, &program.catalog().axes).is_some());
        }
    });
}

/// A line for the inline overlay of a value: what it does with the pillars.
#[derive(Clone, Debug)]
enum Change {
    Insert(&'static str, String),
    Remove,
    Move(&'static str, String),
}

fn place() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["first", "last", "{after: fast}", "{before: safe}", "{after: safe}", "{before: kind}"])
        .prop_map(str::to_owned)
}

fn change(own: &'static str) -> impl Strategy<Value = Change> {
    prop_oneof![
        place().prop_map(move |at| Change::Insert(own, at)),
        Just(Change::Remove),
        prop::sample::select(vec!["first", "last"]).prop_map(|at| Change::Move("fast", at.to_owned())),
    ]
}

fn overlay(changes: &[Change]) -> String {
    let mut items: BTreeMap<&str, String> = BTreeMap::new();
    for change in changes {
        match change {
            Change::Insert(id, at) => items.insert(id, format!("{{id: {id}, $at: {at}, title: T, promise: P}}")),
            Change::Remove => items.insert("kind", "{id: kind, $remove: true}".to_owned()),
            Change::Move(id, at) => items.insert(id, format!("{{id: {id}, $at: {at}}}")),
        };
    }
    let items: Vec<String> = items.into_values().collect();
    format!("name: X\noverlay: {{package: {{pillars: [{}]}}}}\n", items.join(", "))
}

#[test]
fn l4_no_item_is_lost_or_doubled_and_each_stands_on_its_side_of_its_anchor() {
    let base = Small::base();
    let layers = (
        prop::collection::vec(change("of-motion"), 0..3),
        prop::collection::vec(change("of-industry"), 0..3),
        prop::collection::vec(change("of-tier"), 0..3),
    );
    proptest!(ProptestConfig::with_cases(60), |(changes in layers)| {
        let (motion, industry, tier) = changes;
        let files = base.clone()
            .with("motions/launch.yaml", overlay(&motion))
            .with("industries/retail.yaml", overlay(&industry))
            .with("tiers/one-to-one.yaml", overlay(&tier));
        let (program, said) = Program::open(&files.memory());
        let Ok(program) = program else { panic!("{said:?}") };
        prop_assert!(said.is_empty(), "{:?}", said);
        let tree = outcome::tree(&program, "beta/launch/retail/europe", "en-US");
        let ids: Vec<String> = tree.at("pillars").unwrap().children().map(|(id, _)| id.to_string()).collect();
        let all: Vec<&Change> = motion.iter().chain(&industry).chain(&tier).collect();
        let mut expected = vec!["fast", "safe"];
        if !all.iter().any(|change| matches!(change, Change::Remove)) {
            expected.push("kind");
        }
        expected.extend(["of-motion", "of-industry", "of-tier"].into_iter().filter(|own| {
            all.iter().any(|change| matches!(change, Change::Insert(id, _) if id == own))
        }));
        let (mut found, mut wanted): (Vec<&str>, Vec<&str>) = (ids.iter().map(String::as_str).collect(), expected);
        found.sort_unstable();
        wanted.sort_unstable();
        prop_assert_eq!(&found, &wanted);
        let at = |id: &str| ids.iter().position(|other| other == id);
        for changes in [&motion, &industry, &tier] {
            // Of two insertions of one item in a layer only the last is written.
            let last = changes.iter().rev().find(|change| matches!(change, Change::Insert(..)));
            let Some(Change::Insert(id, place)) = last else { continue };
            let Some((side, anchor)) = place.trim_matches(['{', '}']).split_once(": ") else { continue };
            let (Some(own), Some(anchor)) = (at(id), at(anchor)) else { continue };
            prop_assert_eq!(own > anchor, side == "after", "{} {} in {:?}", id, place, &ids);
        }
    });
}

/// Everything a workspace comes to, as text. `code` is the only thing that may be said.
fn all(files: &Small, code: &str) -> String {
    let outcome = Outcome::check(&files.memory());
    // An English overlay that says what the master says is not shown on a German page either.
    let expected = |diagnostic: &Diagnostic| diagnostic.code.0 == code || diagnostic.code.0 == "W-UNTRANSLATED";
    assert!(outcome.said.iter().all(expected), "{}", outcome.told());
    let mut text = String::new();
    if let Ok(program) = &outcome.program {
        for id in program.matrix().ids(program.catalog()) {
            for locale in ["en-US", "de-DE"] {
                text += &format!("{id}@{locale}\n{}", values(&outcome::tree(program, &id, locale), ""));
            }
        }
    }
    text
}

/// The values of a tree without their places.
fn values(tree: &cobrand::resolve::tree::Tree, path: &str) -> String {
    match tree.as_leaf() {
        Some(_) => format!("{path} = {}\n", outcome::written(tree)),
        None => tree.children().map(|(key, child)| values(child, &format!("{path}/{key}"))).collect(),
    }
}

#[test]
fn a_layer_that_matches_nothing_changes_nothing() {
    let base = Small::base();
    let other = base.clone().with(
        "industries/mining.yaml",
        "name: Mining\noverlay: {package: {vars: {slogan: Deep}, pillars: [{id: fast, $remove: true}]}}\n",
    );
    assert_eq!(all(&base, ""), all(&other, "W-DEAD"));
}

#[test]
fn an_overlay_equal_to_what_it_hides_changes_nothing() {
    let base = Small::base();
    let same = base.clone().with(
        "industries/retail.yaml",
        "name: Retail\noverlay:\n  package: {vars: {slogan: Good morning}, pillars: [{id: fast, title: Fast}]}\n  \
         content/landing.md: |\n    <!-- replace-body: faq -->\n    Ask.\n",
    );
    assert_eq!(all(&base, ""), all(&same, "W-REDUNDANT"));
}

#[test]
fn every_clash_is_settled_by_its_combination() {
    let region = |slogan: &str| format!("name: Europe\nlocales: [en-US]\noverlay: {{package: {{{slogan}}}}}\n");
    let industry = |slogan: &str| format!("name: Retail\noverlay: {{package: {{{slogan}}}}}\n");
    for (one, other) in [
        ("vars: {slogan: A}", "vars: {slogan: B}"),
        ("vars: {slogan: {$remove: true}}", "vars: {slogan: B}"),
        ("pillars: [{id: fast, $at: last}]", "pillars: [{id: fast, $at: {after: safe}}]"),
        ("pillars: [{id: fast, title: A}]", "pillars: [{id: fast, title: B}]"),
        ("pillars: {$order: [kind, \"...\"]}", "pillars: {$order: [safe, \"...\"]}"),
    ] {
        let files =
            Small::base().with("industries/retail.yaml", industry(one)).with("regions/europe.yaml", region(other));
        let clashes = Outcome::check(&files.memory());
        assert!(clashes.said.iter().any(|diagnostic| diagnostic.code.0 == "E-PEER"), "{one} {other}");
        let settled = files.with("regions/europe/@industry=retail/package.yaml", format!("{one}\n"));
        let outcome = Outcome::check(&settled.memory());
        let peers = outcome.said.iter().filter(|diagnostic| diagnostic.code.0 == "E-PEER").count();
        assert_eq!(peers, 0, "{one} {other}\n{}", outcome.told());
    }
}
