//! Where something comes from: `explain`, `who-sets`, `policy`, `diff`, `codeowners`.

use serde_json::Value;

use crate::bench::Bench;

const ACME: &str = "acme/launch/manufacturing/us";

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[test]
fn a_value_is_explained_for_people_and_machines() {
    let bench = Bench::starter();
    let ran =
        bench.run(&["explain", ACME, "partner.name"]).exits(0).says("partners/acme/partner.yaml:").says("<- wins");
    ran.says("rule").says("may       partner");
    let answer = json(&bench.run(&["explain", ACME, "partner.name", "--format", "json"]).exits(0).stdout);
    assert_eq!(answer["format"], 1);
    assert_eq!(answer["values"][0]["winner"]["file"], "partners/acme/partner.yaml");
    assert!(answer["values"][0]["rule"]["line"].is_number());
    bench.run(&["explain", "--phases"]).exits(0).says(" 1  read");
}

#[test]
fn a_line_of_a_page_leads_back_to_template_and_value() {
    let bench = Bench::starter();
    bench.run(&["build", "-q"]).exits(0);
    let page = format!("output/{ACME}/site/index.html");
    let line = bench.read(&page).lines().position(|line| line.contains("<h1")).unwrap() + 1;
    let ran = bench.run(&["explain", &format!("{page}:{line}")]).exits(0);
    ran.says("master-templates/templates/").says("content/landing.md#");
    let map = json(&bench.run(&["explain", &page, "--map"]).exits(0).stdout);
    assert_eq!(map["complete"], true);
    bench.write(&page, "something else\n");
    bench
        .run(&["explain", &format!("{ACME}/site/index.html:1")])
        .exits(1)
        .warns("is not what the workspace would build");
}

#[test]
fn names_that_are_not_there_are_wrong_use() {
    let bench = Bench::starter();
    bench.run(&["explain", "acme/launch/manufacturing/su", "partner.name"]).exits(2).warns("did you mean");
    bench.run(&["explain", ACME, "partner.nmae"]).exits(2).warns("did you mean `partner.name`?");
    bench.run(&["who-sets", "partner.nmae"]).exits(2).warns("did you mean `partner.name`?");
    bench.run(&["policy", "acmee"]).exits(2).warns("did you mean `acme`?");
    bench.run(&["diff", "master", "acmee"]).exits(2).warns("there is no deployment `acmee`");
    bench.run(&["explain", ACME]).exits(2).warns("name a path");
}

#[test]
fn layers_rights_and_distances_are_told() {
    let bench = Bench::starter();
    bench.run(&["who-sets", "partner.name"]).exits(0).says("partner=acme  wins in 3 of 3 deployments");
    bench.run(&["policy", "acme"]).exits(0).says("may     ");
    bench.run(&["policy", "acme", "--html"]).exits(0).says("<!doctype html>").says("partner.name");
    let page = bench.path("sheet.html");
    let page = page.to_str().unwrap();
    bench.run(&["policy", "acme", "--write", page]).exits(0).says("wrote `");
    bench.run(&["policy", "acme", "--write", page]).exits(0);
    assert!(bench.read("sheet.html").contains("<!doctype html>"));
    bench.write("sheet.html", "mine");
    bench.run(&["policy", "acme", "--write", page]).exits(1).warns("error[E-EXISTS]");
    bench.run(&["diff", "master", ACME]).exits(0).says("% from master");
    bench.run(&["diff", ACME, ACME]).exits(0).says("0 differences");
    bench.run(&["codeowners"]).exits(0).says("/partners/acme/").says("@OWNER-PARTNER-ACME");
}

/// O6: one-offs are counted.
#[test]
fn check_counts_the_overlays_for_single_deployments() {
    let bench = Bench::starter();
    let own = format!("partners/acme/@{},{},{}/package.yaml", "motion=launch", "industry=manufacturing", "region=us");
    bench.write(&own, "vars: {note: Only here}\n");
    bench.run(&["check"]).says("1 overlay for a single deployment");
    let document = bench.run(&["check", "--format", "json"]).json();
    assert_eq!(document["deployments"]["own_overlays"], 1);
}
