//! Laws that hold for all selectors, lists and orders of files, on random ones.

#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use cobrand::build::Program;
use cobrand::catalog::patch::Right;
use cobrand::catalog::selector::{Binding, Selector};
use cobrand::catalog::settings::AxisId;
use cobrand::diag::Diagnostic;
use cobrand::explain::permission::everywhere;
use cobrand::guard::Speaker;
use cobrand::paths::InputPath;
use cobrand::workspace::{Files, Folder, MemoryFiles, ReadError, Refused};
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

/// Files whose folders are read in another order each time.
struct Shuffled {
    files: MemoryFiles,
    turn: u64,
}

impl Files for Shuffled {
    fn list(&self, folder: &Folder) -> (Vec<InputPath>, Vec<Refused>) {
        let (mut paths, refused) = self.files.list(folder);
        // Any order will do that has nothing to do with names.
        paths.sort_by_key(|path| blake3::hash(format!("{}{path}", self.turn).as_bytes()).to_hex());
        (paths, refused)
    }

    fn read(&self, path: &InputPath, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.files.read(path, limit)
    }
}

#[test]
fn the_order_in_which_files_are_read_changes_no_byte_and_no_diagnostic() {
    let own =
        "name: X\noverlay: {package: {vars: {slogan: Own}, pillars: [{id: own, $at: {after: fast}, title: T}]}}\n";
    let files = Small::base()
        .with("motions/launch.yaml", own)
        .with("industries/retail.yaml", "name: X\noverlay: {package: {vars: {b: 1, a: 2}, outcome: {measure: A}}}\n")
        .with("regions/europe.yaml", "name: X\nlocales: [en-US]\noverlay: {package: {outcome: {measure: B}}}\n")
        .with("partners/acme/package.yaml", "product: {name: Mine}\npillars: [{id: fast, title: Schnell}]\n")
        .with("partners/acme/content/landing.md", "<!-- append: faq -->\nMehr.\n<!-- move: proof first -->\n")
        .with("partners/acme/Readme.md", "loose");
    let built = |turn| {
        let outcome = Outcome::build(&Shuffled { files: files.memory(), turn });
        let folder = outcome.output.as_ref().unwrap().path();
        let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
        let kept = entries.filter(|entry| entry.file_type().is_file() && !entry.path().components().any(is_hidden));
        let bytes = |path: &Path| std::fs::read(path).unwrap();
        let written: Vec<(PathBuf, Vec<u8>)> =
            kept.map(|entry| (entry.path().strip_prefix(folder).unwrap().to_owned(), bytes(entry.path()))).collect();
        (outcome.told(), written)
    };
    let (told, written) = built(0);
    assert!(written.len() > 20 && told.contains("E-LOCK") && told.contains("E-PEER"), "{told}");
    for turn in 1..4 {
        let (told_again, written_again) = built(turn);
        assert_eq!(told, told_again);
        assert!(written == written_again, "the files differ");
    }
}

fn is_hidden(part: Component<'_>) -> bool {
    part.as_os_str().as_encoded_bytes().starts_with(b".cobrand")
}

const RIGHTS: [Right; 6] =
    [Right::Replace, Right::ReplaceBody, Right::Append, Right::Remove, Right::SetVar, Right::Translate];

fn rights() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(RIGHTS.map(Right::word).to_vec(), 0..=RIGHTS.len())
}

/// A rule for a path, with what each role may do.
fn rule(path: &str, allow: &[(&str, &Vec<&str>)]) -> String {
    let roles: Vec<String> = allow.iter().map(|(role, rights)| format!("{role}: [{}]", rights.join(", "))).collect();
    format!("  - {{path: \"{path}\", allow: {{{}}}}}\n", roles.join(", "))
}

/// G4: an overlay of two peers has the rights that both have, whichever is named first.
#[test]
fn rights_of_peers_are_intersected_in_any_order() {
    let paths = ["vars.slogan", "content/landing.md#faq", "outcome.measure"];
    proptest!(ProptestConfig::with_cases(30), |(one in rights(), two in rights(), turned in any::<bool>())| {
        let allow = [("industry", &one), ("region", &two)];
        let (roles, allow) = match turned {
            false => ("{industry: [industry], region: [region]}", allow),
            true => ("{region: [region], industry: [industry]}", [allow[1], allow[0]]),
        };
        let rules: String = paths.iter().map(|path| rule(path, &allow)).collect();
        let files = Small::base()
            .with("master-templates/policy.yaml", format!("roles: {roles}\nrules:\n{rules}"))
            .with("partners/beta.yaml", Small::base().text("partners/beta.yaml"));
        let (program, said) = Program::open(&files.memory());
        let Ok(program) = program else { panic!("{said:?}") };
        let named = |axis: &str, id: &str| {
            let catalog = program.catalog();
            let axis = catalog.settings.axis_named(axis).unwrap();
            let value = catalog.axes[axis.0].index(id).unwrap();
            Binding { axis, name: catalog.settings.axis(axis).name.clone(), value, id: id.into() }
        };
        let speaker = |bound: Vec<Binding>| {
            let catalog = program.catalog();
            Speaker::of_selector(program.approved(), &Selector::new(bound, &catalog.settings, &catalog.axes))
        };
        let (industry, region) = (named("industry", "retail"), named("region", "europe"));
        let both = speaker(vec![region.clone(), industry.clone()]);
        let (industry, region) = (speaker(vec![industry]), speaker(vec![region]));
        for (path, right) in paths.iter().flat_map(|path| RIGHTS.map(|right| (*path, right))) {
            let expected = industry.may(path, right) && region.may(path, right);
            prop_assert_eq!(both.may(path, right), expected, "{:?} {}", right, path);
        }
    });
}

/// What a partner's overlay does, and which right at which path it needs.
const DEEDS: [(&str, &str, &str, Right); 12] = [
    ("package.yaml", "vars: {slogan: Hallo}", "vars.slogan", Right::SetVar),
    ("package.yaml", "vars: {slogan: {$remove: true}}", "vars.slogan", Right::Remove),
    ("package.yaml", "outcome: {measure: Weniger}", "outcome.measure", Right::Replace),
    ("package.yaml", "outcome: {$replace: {id: calm, statement: X, measure: Y}}", "outcome", Right::Replace),
    ("package.yaml", "pillars: [{id: safe, $remove: true}]", "pillars[safe]", Right::Remove),
    ("package.yaml", "pillars: [{id: safe, title: Sicher}]", "pillars[safe].title", Right::Replace),
    ("content/landing.md", "<!-- replace-body: faq -->\nImmer.", "content/landing.md#faq", Right::ReplaceBody),
    ("content/landing.md", "<!-- append: faq -->\nImmer.", "content/landing.md#faq", Right::Append),
    ("content/landing.md", "<!-- remove: pains -->", "content/landing.md#pains", Right::Remove),
    ("content/landing.md", "<!-- replace-body: pains -->\nWeg.", "content/landing.md#pains", Right::ReplaceBody),
    ("content/landing.md", "<!-- remove: pains/cost -->", "content/landing.md#pains/cost", Right::Remove),
    ("locales/de-DE/package.yaml", "vars: {slogan: Hallo}", "vars.slogan", Right::Translate),
];

/// One place decides: what a schema or a sheet tells to be allowed is what the check lets pass, and no more.
#[test]
fn what_is_told_to_be_allowed_is_what_passes() {
    let patterns = [
        "**",
        "vars.*",
        "outcome.*",
        "outcome.measure",
        "pillars[safe]",
        "pillars[*].title",
        "content/landing.md#faq",
        "content/landing.md#pains",
        "content/landing.md#pains/cost",
    ];
    let rules = prop::collection::vec(prop::option::weighted(0.5, rights()), patterns.len());
    let only = prop::option::weighted(0.3, prop::sample::subsequence(patterns.to_vec(), 1..5));
    let narrowed = prop::option::weighted(0.3, prop::sample::select(patterns[1..].to_vec()));
    let deed = prop::sample::select(DEEDS.to_vec());
    proptest!(ProptestConfig::with_cases(100), |(rules in rules, only in only, narrowed in narrowed, deed in deed)| {
        let (file, line, path, right) = deed;
        let given = patterns.iter().zip(&rules).filter_map(|(path, rights)| Some((path, rights.as_ref()?)));
        let rules: String = given.map(|(path, rights)| rule(path, &[("partner", rights)])).collect();
        // The partner's record and logo stay out of the question.
        let only = only.map(|only| [&["partner.**", "assets/**"], only.as_slice()].concat().join("\", \""));
        let only = only.map(|only| format!("only: [\"{only}\"]")).unwrap_or_default();
        let record = "  - {path: \"partner.**\", allow: {partner: [set-var]}}\n  \
                      - {path: \"region.**\", allow: {region: [set-var]}}\n  \
                      - {path: \"assets/**\", allow: {partner: [replace]}}\n";
        let policy = format!(
            "roles: {{region: [region], partner: [partner]}}\ntiers: {{one-to-one: {{{only}}}}}\nrules:\n{record}{rules}"
        );
        let region = narrowed.map(|path| format!("narrow: [{{path: \"{path}\", fixed: true}}]\n")).unwrap_or_default();
        let files = Small::base().with("master-templates/policy.yaml", policy).more("regions/dach/region.yaml", &region);
        let program = Program::open(&files.memory()).0.unwrap_or_else(|_| panic!("the workspace opens"));
        let (approved, catalog) = (program.approved(), program.catalog());
        let acme = catalog.layer_ids().find(|&id| catalog.layer(id).place == "partners/acme").unwrap();
        let around = everywhere(&program, &catalog.layer(acme).selector);
        let told = Speaker::of_layer(approved, acme).beside(approved, &around).may(path, right);
        let acting = Outcome::check(&files.with(&format!("partners/acme/{file}"), line).memory());
        let refusals = acting.said.iter().filter(|diagnostic| {
            let place = acting.place(diagnostic).unwrap_or_default();
            place.starts_with(&format!("partners/acme/{file}")) && matches!(diagnostic.code.0, "E-LOCK" | "E-TIER")
        });
        prop_assert_eq!(told, refusals.count() == 0, "{} needs {:?} of {}\n{}", line, right, path, acting.told());
    });
}

/// G2, G8, G12: whatever else an overlay says, what is refused stays refused.
#[test]
fn no_line_of_an_overlay_widens_a_right() {
    let lines = [
        ("policy.yaml", "rules: [{path: \"**\", allow: {partner: [replace, set-var, remove]}}]"),
        ("waivers.yaml", "- {path: \"**\", layer: partners/gamma, reason: mine, approver: me, expires: 2030-01-01}"),
        ("moved.yaml", "- {from: vars.motto, to: vars.slogan}"),
        ("partner.yaml", "tier: one-to-one\nname: Gamma"),
        ("partner.yaml", "role: hq\nname: Gamma"),
        ("partner.yaml", "narrow: [{path: \"**\", allow: {partner: [replace]}}]"),
        ("partner.yaml", "overlay: {policy: {rules: []}}"),
        ("package.yaml", "tiers: {one-to-many: {}}\nproduct: {name: Mine}"),
        ("layer.yaml", "remove: [policy.yaml]"),
        ("content/landing.md", "<!-- replace-body: faq when=\"partner=gamma\" -->\nMine."),
        ("@region=europe/policy.yaml", "rules: []"),
        ("@tier=one-to-one/package.yaml", "vars: {slogan: Mine}"),
        ("locales/en-US/package.yaml", "vars: {slogan: Mine}"),
    ];
    let breach = ("strings.yaml", "send: Mine");
    proptest!(ProptestConfig::with_cases(40), |(more in prop::sample::subsequence(lines.to_vec(), 0..=lines.len()))| {
        let mut files = Small::base().with(&format!("partners/gamma/{}", breach.0), breach.1);
        for (path, text) in &more {
            files = files.with(&format!("partners/gamma/{path}"), *text);
        }
        let outcome = Outcome::check(&files.memory());
        prop_assert!(outcome.refused.contains(&"gamma/launch/health/europe".to_owned()), "{}", outcome.told());
        let stands = outcome.said.iter().any(|diagnostic| {
            diagnostic.code.0 == "E-TIER" && outcome.place(diagnostic).as_deref() == Some("partners/gamma/strings.yaml:1:7")
        });
        prop_assert!(stands, "{}", outcome.told());
        prop_assert_eq!(outcome.built.len() + outcome.refused.len(), 6);
    });
}
