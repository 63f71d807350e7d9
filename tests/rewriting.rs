//! `fix` and `fmt`: what is said stays the same, and so does every line that is not concerned.

#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;

use std::collections::BTreeMap;

use cobrand::paths::InputPath;
use cobrand::resolve::tree::Tree;
use cobrand::rewrite::{self, Also, Rewritten};
use outcome::Outcome;
use proptest::prelude::*;
use small::Small;

const MOVED: &str = "- {from: vars.cry, to: vars.motto}\n- {from: vars.motto, to: vars.slogan}\n\
                     - {from: vars.submit, to: strings.send}\n\
                     - {from: \"nurture.emails[hello]\", to: \"nurture.emails[welcome]\"}\n\
                     - {from: \"content/landing.md#cost\", to: \"content/landing.md#pains/cost\"}\n";

fn fix(files: &Small) -> Rewritten {
    rewrite::fix(&files.memory(), &|_: &InputPath| true)
}

/// The workspace with what came of it.
fn with(files: &Small, rewritten: &Rewritten) -> Small {
    let mut files = files.clone();
    for change in &rewritten.changes {
        if let Some((from, _)) = change.from.as_ref().filter(|(from, _)| *from != change.path) {
            files = files.without(from.as_str());
        }
        files = files.with(change.path.as_str(), change.bytes().unwrap_or_default());
    }
    files
}

/// Every file of the packages, and what was said but for old names.
fn built(files: &Small) -> (BTreeMap<String, Vec<u8>>, Vec<String>) {
    let outcome = Outcome::build(&files.memory());
    let root = outcome.output.as_ref().unwrap().path().join("output");
    let entries = walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap);
    let entries = entries.filter(|entry| entry.file_type().is_file());
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        (path, std::fs::read(entry.path()).unwrap())
    };
    let packages = entries.map(read).filter(|(path, _)| !path.starts_with(".cobrand")).collect();
    let said = outcome.said.iter().filter(|said| said.code.0 != "W-MOVED").map(|said| said.message.clone()).collect();
    (packages, said)
}

/// The values of the deployment that the layer speaks for, without their places.
fn resolved(files: &Small) -> String {
    let program = Outcome::check(&files.memory()).program.ok().unwrap();
    values(&outcome::tree(&program, "acme/launch/retail/dach", "de-DE"), "")
}

fn values(tree: &Tree, path: &str) -> String {
    match tree.as_leaf() {
        Some(_) => format!("{path} = {}\n", outcome::written(tree)),
        None => tree.children().map(|(key, child)| values(child, &format!("{path}/{key}"))).collect(),
    }
}

/// One entry of a map: its key, its value as written, and comments.
#[derive(Clone, Debug)]
struct Entry {
    key: &'static str,
    value: &'static str,
    above: bool,
    behind: bool,
    quoted: bool,
}

fn entry(key: &'static str) -> impl Strategy<Value = Entry> {
    let values =
        vec!["Hallo", "\"a: b # c\"", "'it''s'", ">-\n    folded\n    text", "|\n    # no comment\n    x", "{a: 1}"];
    (prop::sample::select(values), any::<[bool; 3]>()).prop_map(move |(value, [above, behind, quoted])| Entry {
        key,
        value,
        above,
        behind,
        quoted,
    })
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let some = |key: &'static str| prop::option::of(entry(key));
    let old_name = prop::sample::select(vec!["cry", "motto", "slogan"]);
    let all = (some("tone"), old_name.prop_flat_map(entry), some("submit"), some("cryptic"), some("x"));
    all.prop_map(|(a, b, c, d, e)| [a, Some(b), c, d, e].into_iter().flatten().collect::<Vec<_>>()).prop_shuffle()
}

fn block(entries: &[Entry]) -> String {
    let mut text = "# head\n\nvars:\n".to_owned();
    for Entry { key, value, above, behind, quoted } in entries {
        if *above {
            text += &format!("  # on {key}\n");
        }
        let key = if *quoted { format!("\"{key}\"") } else { (*key).to_owned() };
        let behind = if *behind && !value.starts_with(['>', '|']) { "   # why" } else { "" };
        text += &format!("  {key}:  {value}{behind}\n");
    }
    text + "# tail\n"
}

fn flow(entries: &[Entry]) -> String {
    let simple = |value: &&str| !value.starts_with(['>', '|']);
    let entry = |entry: &Entry| format!("{}: {}", entry.key, Some(entry.value).filter(simple).unwrap_or("plain"));
    format!("vars: {{{}}} # behind\n", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn v8_fix_changes_names_and_neither_meaning_nor_any_other_line(
        entries in entries(), is_flow in any::<bool>(), crlf in any::<bool>(), mark in any::<bool>(),
    ) {
        let mut text = if is_flow { flow(&entries) } else { block(&entries) };
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let written = if mark { format!("\u{feff}{text}") } else { text.clone() };
        let files = Small::base().with("master-templates/moved.yaml", MOVED).with("regions/dach/package.yaml", written);
        let fixed = fix(&files);
        prop_assert!(fixed.diagnostics.is_empty(), "{:?}\n{text}", fixed.diagnostics);
        let after = with(&files, &fixed);
        let outcome = Outcome::check(&after.memory());
        prop_assert!(!outcome.said.iter().any(|said| said.code.0 == "W-MOVED"), "{text}\n{}", outcome.told());
        prop_assert_eq!(resolved(&files), resolved(&after), "{}", text);
        let new = after.text("regions/dach/package.yaml");
        prop_assert_eq!(new.starts_with('\u{feff}'), mark);
        prop_assert_eq!(new.contains("\r\n"), crlf);
        // A line that names nothing old and belongs to nothing that went is there as it was, in its order.
        let names = ["cry:", "motto:", "submit:", "cry\":", "motto\":", "submit\":"];
        let mut left = new.trim_start_matches('\u{feff}').split_inclusive('\n');
        let has_gone = entries.iter().any(|entry| entry.key == "submit");
        for line in text.split_inclusive('\n').filter(|line| !names.iter().any(|name| line.contains(name))) {
            let may_go = has_gone && (line.contains("on submit") || line.starts_with("    "));
            prop_assert!(may_go || left.any(|other| other == line), "{line:?} is gone from\n{new}");
            if may_go {
                left = new.trim_start_matches('\u{feff}').split_inclusive('\n');
            }
        }
        prop_assert!(fix(&after).changes.is_empty(), "{text}\n{new}");
    }
}

fn format(files: &Small) -> Rewritten {
    rewrite::format(&files.memory(), &|_: &InputPath| true, Also { rows: true, ids: false })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn v1_fmt_changes_the_order_of_lines_alone_and_settles_at_once(
        entries in entries(), is_flow in any::<bool>(), crlf in any::<bool>(), mark in any::<bool>(),
    ) {
        let mut text = if is_flow { flow(&entries) } else { block(&entries) };
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let written = if mark { format!("\u{feff}{text}") } else { text };
        let files = Small::base().with("regions/dach/package.yaml", written.clone());
        let formatted = format(&files);
        prop_assert!(formatted.diagnostics.is_empty());
        let after = with(&files, &formatted);
        prop_assert_eq!(resolved(&files), resolved(&after));
        let new = after.text("regions/dach/package.yaml");
        let lines = |text: &str| {
            let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
            lines.sort_unstable();
            lines
        };
        prop_assert_eq!(lines(&written), lines(new));
        prop_assert!(format(&after).changes.is_empty(), "{new}");
        if !is_flow {
            let is_key = |line: &str, key: &str| line.replace('"', "").starts_with(&format!("  {key}:"));
            let place = |key: &&str| new.lines().position(|line| is_key(line, key));
            let order: Vec<_> =
                ["tone", "slogan", "cry", "cryptic", "motto", "submit", "x"].iter().filter_map(place).collect();
            prop_assert!(order.is_sorted(), "{new}");
        }
    }
}

#[test]
fn v1_a_formatted_workspace_builds_the_same_bytes() {
    let files = Small::base()
        .with(
            "regions/dach/package.yaml",
            "# ours\nvars: {slogan: b, tone: a}\n\nproduct:\n  # why\n  name: x\nid: y\n",
        )
        .with(
            "regions/dach/nurture.yaml",
            "emails:\n- id: call\n  preheader: P\n  subject: S\n  day: 9\nsender:\n  name: N\n",
        )
        .with(
            "partners/registry.csv",
            Small::base().text("partners/registry.csv").to_owned()
                + "alpha,Alpha,one-to-many,launch,health,europe,Al,al@alpha.example,Alpha Inc.\n",
        )
        .with(
            "regions/europe.yaml",
            "name: Europe\nlocales: [en-US]\noverlay:\n  package:\n    vars:\n      z: 1\n      b: 2\n",
        );
    let after = with(&files, &format(&files));
    let sources = |files: &Small| built(files).0;
    assert_eq!(sources(&files), sources(&after));
    assert_eq!(
        after.text("regions/dach/nurture.yaml"),
        "sender:\n  name: N\nemails:\n- id: call\n  day: 9\n  subject: S\n  preheader: P\n"
    );
    assert!(after.text("partners/registry.csv").contains("\nalpha,"));
    assert!(after.text("regions/europe.yaml").ends_with("      b: 2\n      z: 1\n"));
    assert!(format(&after).changes.is_empty());
}

fn with_ids(files: &Small) -> Rewritten {
    rewrite::format(&files.memory(), &|_: &InputPath| true, Also { rows: false, ids: true })
}

#[test]
fn m2_headings_of_the_master_and_of_its_translations_get_the_same_ids_once() {
    let landing = Small::base().text("master-templates/content/landing.md").to_owned();
    let german = Small::base().text("master-templates/locales/de-DE/content/landing.md").to_owned();
    let files = Small::base()
        .with("master-templates/content/landing.md", landing.replace("Ask.\n", "Ask.\n\n### By phone\n\nCall.\n"))
        .with("master-templates/locales/de-DE/content/landing.md", german + "\n### Am Telefon\n\nRuf an.\n");
    let given = with_ids(&files);
    assert!(given.diagnostics.is_empty(), "{:?}", given.diagnostics);
    let after = with(&files, &given);
    assert!(after.text("master-templates/content/landing.md").contains("### By phone {#faq/by-phone}\n"));
    let german = after.text("master-templates/locales/de-DE/content/landing.md");
    assert!(german.contains("### Am Telefon {#faq/by-phone}\n"), "{german}");
    assert!(with_ids(&after).changes.is_empty());
    let outcome = Outcome::check(&after.memory());
    assert!(outcome.refused.is_empty(), "{}", outcome.told());
}

#[test]
fn m2_a_heading_that_a_translation_lacks_gets_no_id() {
    let landing = Small::base().text("master-templates/content/landing.md").to_owned();
    let files = Small::base()
        .with("master-templates/content/landing.md", landing.replace("Ask.\n", "Ask.\n\n### By phone\n\nCall.\n"));
    let given = with_ids(&files);
    assert!(given.changes.is_empty());
    let said: Vec<_> = given.diagnostics.iter().map(|said| (said.code.0, said.message.as_str())).collect();
    assert_eq!(said, [("E-FIX", "this heading is given no id: its translations have other headings")]);
}

#[test]
fn v8_a_fixed_workspace_builds_the_same_bytes() {
    let files = Small::base()
        .with("master-templates/moved.yaml", MOVED)
        .with("regions/dach/package.yaml", "vars:\n  # Ruf\n  cry: Moin\n  submit: Los # Knopf\n")
        .with("regions/dach/content/landing.md", "<!-- why -->\n<!-- replace-body: cost -->\r\nHier.\n")
        .with("partners/acme/nurture.yaml", "emails:\n- id: 'hello'\n  preheader: Von uns\n")
        .with(
            "regions/europe.yaml",
            "name: Europe\nlocales: [en-US]\noverlay:\n  nurture: {emails: [{id: hello, preheader: Here}]}\n  \
             content/landing.md: |\n    <!-- append: cost -->\n    Less here.\n",
        );
    let fixed = fix(&files);
    assert!(fixed.diagnostics.is_empty(), "{:?}", fixed.diagnostics);
    assert_eq!(fixed.changes.len(), 5);
    let after = with(&files, &fixed);
    assert_eq!(built(&files), built(&after));
    assert!(!Outcome::check(&after.memory()).said.iter().any(|said| said.code.0 == "W-MOVED"));
    assert_eq!(
        after.text("regions/dach/content/landing.md"),
        "<!-- why -->\n<!-- replace-body: pains/cost -->\r\nHier.\n"
    );
    assert_eq!(after.text("regions/dach/package.yaml"), "vars:\n  # Ruf\n  slogan: Moin\n");
    assert_eq!(after.text("regions/dach/strings.yaml"), "send: Los # Knopf\n");
}

#[test]
fn v8_columns_and_rows_of_registries_are_renamed_too() {
    let table = "id,name,tier,motions,industries,regions,contact.name,contact.email,legal.legal_name,\"goals.calls\"\r\n\
                 gamma,Gamma,one-to-many,launch,health,europe,Gil,gil@gamma.example,Gamma Inc.,12\r\n";
    let rows = "# ours\ndelta:\n  name: Delta\n  tier: one-to-many\n  motions: [launch]\n  industries: [health]\n  \
                regions: [europe]\n  contact: {name: D, email: d@delta.example}\n  legal: {legal_name: D}\n  goals:\n    \
                # planned\n    calls: 3 # at least\n";
    let files = Small::base()
        .with("master-templates/moved.yaml", "- {from: partner.goals.calls, to: partner.goals.meetings}\n")
        .with("partners/registry.csv", table)
        .with("partners/registry.yaml", rows);
    let fixed = fix(&files);
    assert!(fixed.diagnostics.is_empty(), "{:?}", fixed.diagnostics);
    let after = with(&files, &fixed);
    assert_eq!(after.text("partners/registry.csv"), table.replace("goals.calls", "goals.meetings"));
    assert_eq!(after.text("partners/registry.yaml"), rows.replace("calls:", "meetings:"));
    assert!(fix(&after).changes.is_empty());
}

/// What was said, with its line.
fn left(files: &Small) -> Vec<(String, u32)> {
    let fixed = fix(files);
    assert!(fixed.changes.is_empty(), "{:?}", fixed.changes);
    let line = |span| fixed.sources().position(span).line;
    let told = fixed.diagnostics.iter().map(|said| (said.message.clone(), line(said.place.as_ref().unwrap().span)));
    told.collect()
}

#[test]
fn v8_what_cannot_be_rewritten_for_sure_is_left_and_told() {
    let moved = "- {from: vars.cry, to: vars.slogan}\n- {from: vars.submit, to: strings.send}\n";
    let base = Small::base().with("master-templates/moved.yaml", moved);
    for (text, line, reason) in [
        ("vars: {a: 1,\n  submit: x, # of a\n  b: 2}\n", 2, "a comment stands beside it"),
        ("vars:\n  ? cry\n  : x\n  submit: |+\n    x\n\n", 4, "the blank lines behind it"),
        ("vars: &v\n  submit: &s x\n  tone: *s\n", 2, "its meaning would change"),
    ] {
        let said = left(&base.clone().with("regions/dach/package.yaml", text));
        assert!(said.iter().any(|(message, at)| *at == line && message.contains(reason)), "{text}\n{said:?}");
    }
    let broken = base.with("regions/dach/package.yaml", "vars: [\n");
    assert!(left(&broken).iter().any(|(message, _)| message.contains("not valid YAML")));
}
