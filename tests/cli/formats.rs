//! The forms for machines: one result on standard output, and nothing else anywhere.

use serde_json::json;

use crate::bench::{Bench, Ran};

fn broken() -> Bench {
    let bench = Bench::starter();
    bench.append("partners/acme/partner.yaml", "colour: red\n");
    bench
}

fn silent(ran: Ran) -> Ran {
    assert_eq!(ran.stderr, "");
    ran
}

#[test]
fn build_counts_packages_files_and_bytes() {
    let bench = Bench::starter();
    let first = silent(bench.run(&["build", "--format", "json"]).exits(0)).json();
    assert_eq!((&first["format"], &first["command"], &first["output"]), (&json!(1), &json!("build"), &json!("output")));
    assert_eq!(first["deployments"], json!({"built": 3, "written": 3, "kept": 0, "refused": 0, "own_overlays": 0}));
    assert_eq!(first["outcomes"][0]["id"], "acme/launch/healthcare/us");
    assert_eq!(first["outcomes"][0]["state"], "written");
    assert!(first["files"]["bytes"].as_u64().unwrap() > 0);
    assert_eq!(first["diagnostics"], json!([]));
    assert!(first["timings"]["total_ms"].is_u64());
    assert_eq!(first["timings"].as_object().unwrap().len(), 1);
    let second = bench.run(&["build", "--timings", "--format", "json"]).exits(0).json();
    assert_eq!(second["files"]["written"], 0);
    assert_eq!(second["files"]["kept"], first["files"]["written"]);
    let timings = &second["timings"];
    assert_eq!((&timings["bases"], &timings["made"]), (&json!(0), &json!(0)));
    let phases = timings["phases"].as_array().unwrap();
    let names: Vec<&str> = phases.iter().map(|phase| phase["phase"].as_str().unwrap()).collect();
    assert_eq!(names, ["read", "parse", "guard", "compare", "remove", "catalogue"]);
    assert!(phases.iter().all(|phase| phase["ms"].is_f64() && phase["times"].is_u64()));
    assert!(timings["forms"]["filled"].is_u64() && timings["threads"].is_u64());
}

#[test]
fn check_has_findings_with_places() {
    let ran = silent(broken().run(&["check", "--format", "json"]).exits(1));
    let document = ran.json();
    assert_eq!(document["command"], "check");
    assert_eq!(document.get("files"), None);
    let finding = &document["diagnostics"][0];
    assert_eq!((&finding["code"], &finding["severity"]), (&json!("E-PATH"), &json!("error")));
    assert_eq!(finding["place"]["file"], "partners/acme/partner.yaml");
    assert_eq!(finding["place"]["column"], 1);
}

#[test]
fn a_workspace_that_is_wrong_as_a_whole_still_gives_a_document() {
    let bench = Bench::empty();
    let document = silent(bench.run(&["build", "--format", "json"]).exits(1)).json();
    assert_eq!(document["deployments"]["built"], 0);
    assert_eq!(document["diagnostics"][0]["code"], "E-WORKSPACE");
    assert_eq!(document["diagnostics"][0].get("place"), None);
}

#[test]
fn list_names_axes_locales_and_paths() {
    let document = silent(Bench::starter().run(&["list", "**/dach", "--format", "json"]).exits(0)).json();
    let expected = json!({"format": 1, "deployments": [{
        "id": "acme/launch/manufacturing/dach",
        "partner": "acme",
        "motion": "launch",
        "industry": "manufacturing",
        "region": "dach",
        "tier": "one-to-few",
        "locales": ["de-DE"],
        "path": "output/acme/launch/manufacturing/dach",
        "url": "https://go.halvorn.example/acme/launch-manufacturing-dach/",
        "zip": "output/acme/downloads/acme-launch-manufacturing-dach.zip",
    }]});
    assert_eq!(document, expected);
}

#[test]
fn sarif_and_workflow_commands_are_the_result() {
    let bench = broken();
    let sarif = silent(bench.run(&["check", "--format", "sarif"]).exits(1)).json();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "E-PATH");
    let github = silent(bench.run(&["build", "--format", "github"]).exits(1));
    assert!(github.stdout.starts_with("::error file=partners/acme/partner.yaml,line="), "{}", github.stdout);
    assert_eq!(github.stdout.lines().count(), 1);
}

#[test]
fn verify_reports_each_difference() {
    let bench = Bench::starter();
    bench.run(&["build", "-q", "--no-zips"]).exits(0);
    let fine = silent(bench.run(&["verify", "output", "--format", "json"]).exits(0)).json();
    assert_eq!((&fine["packages"], &fine["zips"], &fine["diagnostics"]), (&json!(3), &json!(0), &json!([])));
    bench.append("output/acme/launch/healthcare/us/tracking/utm.csv", "one,more,row\n");
    let found = silent(bench.run(&["verify", "output", "--format", "json"]).exits(1)).json();
    assert_eq!(found["diagnostics"][0]["code"], "E-CHANGED");
    bench.run(&["verify", "output"]).exits(1).warns("utm.csv").says("problem");
}

#[test]
fn init_says_what_it_wrote() {
    let bench = Bench::empty();
    let document = silent(bench.run(&["init", "program", "--format", "json"]).exits(0)).json();
    assert_eq!(document["folder"], "program");
    assert!(document["written"].as_u64().unwrap() > 50);
    let refused = silent(bench.run(&["init", "program", "--format", "json"]).exits(1)).json();
    assert_eq!(refused["diagnostics"][0]["code"], "E-EXISTS");
}

#[test]
fn colors_are_for_those_who_ask() {
    let bench = broken();
    assert!(!bench.run(&["check"]).stderr.contains('\u{1b}'));
    assert!(bench.run(&["check", "--color", "always"]).stderr.contains('\u{1b}'));
    assert!(!bench.run(&["check", "--color", "never"]).stderr.contains('\u{1b}'));
}
