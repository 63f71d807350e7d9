//! A lead's path, shown: `journey`.

use std::path::Path;

use serde_json::Value;

use crate::bench::Bench;

const ACME: &str = "acme/launch/retail/dach";
const FILE: &str = "master-templates/journey.yaml";

/// The small workspace of the cases, which has a journey.
fn bench() -> Bench {
    let bench = Bench::empty();
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/base");
    for entry in walkdir::WalkDir::new(&base) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(&base).unwrap().to_str().unwrap().replace('\\', "/");
            bench.write(&path, std::fs::read(entry.path()).unwrap());
        }
    }
    bench
}

/// What is documented in `docs/journey.md`, member by member.
#[test]
fn a_journey_is_shown_to_programs() {
    let bench = bench();
    let mut shown = bench.run(&["journey", ACME, "--format", "json"]).exits(0).json();
    let digest = shown["proof"]["digest"].as_str().unwrap().to_owned();
    assert!(digest.starts_with("blake3:") && digest.len() == 71, "{digest}");
    shown["proof"]["digest"] = "blake3:…".into();
    let expected: Value = serde_json::from_str(include_str!("journey.json")).unwrap();
    assert_eq!(shown, expected, "{shown:#}");
}

#[test]
fn a_journey_is_shown_to_people() {
    let bench = bench();
    let ran = bench.run(&["journey", ACME]).exits(0);
    let ran = ran
        .says("\"Ask\"; wants to be called")
        .says("offered             Sales (sales) <ada@acme.example>; within 8h;");
    let ran = ran
        .says("J10 proved")
        .says("deleted           24 months after the last contact, by Sales (sales)")
        .says("access              of the vendor: Desk (desk) within 30 days (unverified)")
        .says("passed on         to Sales (sales) within 2d")
        .says("J13 proved")
        .says("partner             called (happens.called): It is recorded whenever it happens")
        .says("blake3:");
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 100), "{}", ran.stdout);
    assert_eq!(ran.stderr, "");
    let svg = bench.run(&["journey", ACME, "--svg"]).exits(0).stdout;
    let document = roxmltree::Document::parse(&svg).unwrap();
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    for text in ["Pages and emails", "ada@acme.example", "desk@vendor.example", "Time ran out →\u{a0}3", "Given"] {
        assert!(texts.contains(&text), "no `{text}` in {texts:?}");
    }
}

#[test]
fn what_does_not_close_is_said_at_its_place() {
    let bench = bench();
    bench.edit(FILE, "{id: told, sends: welcome,", "{id: told,");
    bench.run(&["journey", ACME]).exits(1).warns("error[E-J5]").warns("master-templates/journey.yaml:15:71");
}

/// W1
#[test]
fn what_is_gone_is_listed_with_what_took_it_away() {
    let bench = bench();
    let taken = "locales: [de-DE]\noverlay: {qualification: {feedback: [{id: declined, $remove: true}]}}\n";
    bench.edit("regions/dach/region.yaml", "locales: [de-DE]\n", taken);
    let line =
        "\nnot here, and since what\n  `outcome.declined`: `region=dach` takes it out, regions/dach/region.yaml:5\n";
    bench.run(&["journey", ACME]).exits(0).says(line);
    let shown = bench.run(&["journey", ACME, "--format", "json"]).exits(0).json();
    assert_eq!(
        shown["gone"],
        serde_json::json!([{
            "name": "outcome.declined",
            "path": "qualification.feedback[declined]",
            "since": "`region=dach` takes it out",
            "place": "regions/dach/region.yaml:5",
        }])
    );
}

#[test]
fn without_a_journey_there_is_nothing_to_show() {
    let bench = bench();
    bench.remove(FILE);
    bench.remove("master-templates/locales/de-DE/journey.yaml");
    bench.run(&["journey", ACME]).exits(2).warns("has no journey").warns("help: write `master-templates/journey.yaml`");
    bench.run(&["journey", "acme/launch/retail/dahc"]).exits(2).warns("did you mean `acme/launch/retail/dach`?");
    bench.run(&["journey", ACME, "--format", "sarif"]).exits(2).warns("use `--format human` or `json`");
}
