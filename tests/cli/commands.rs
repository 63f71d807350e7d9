//! Each command, and what they share.

use crate::bench::Bench;

#[test]
fn a_new_workspace_builds_lists_and_verifies() {
    let bench = Bench::empty();
    bench.run(&["init", "program"]).exits(0).says("cd program\n").says("cobrand build");
    bench.run_in("program", &["check"]).exits(0).says("checked 3 deployments").says("all can be built");
    let built =
        bench.run_in("program", &["build"]).exits(0).says("3 packages").says("3 written, 0 unchanged, 0 refused");
    assert_eq!(built.stderr, "");
    bench.run_in("program", &["build"]).exits(0).says("0 written, 3 unchanged").says("0 files written (0 bytes)");
    bench.run_in("program", &["verify", "output"]).exits(0).says("verified 3 packages and 3 zips");
    bench.run_in("program", &["verify", "output/acme/launch/manufacturing/us"]).exits(0).says("1 package");
    bench.run_in("program", &["verify", "output/acme/downloads/acme-launch-manufacturing-us.zip"]).exits(0);
    assert!(bench.path("program/output/index.html").is_file());
    assert_eq!(bench.read("program/output/.gitignore"), "*\n!.gitignore\n");
}

#[test]
fn init_writes_nothing_into_a_folder_with_files() {
    let bench = Bench::empty();
    bench.write("mine/notes.txt", "keep");
    bench.run(&["init", "mine"]).exits(1).warns("error[E-EXISTS]: `mine` is not empty: it holds `notes.txt`");
    assert!(!bench.path("mine/cobrand.yaml").exists());
}

#[test]
fn list_shows_the_matrix_and_narrows_it() {
    let bench = Bench::starter();
    let listed = bench.run(&["list"]).exits(0);
    assert_eq!(listed.stdout.lines().count(), 4);
    assert!(listed.stdout.starts_with("DEPLOYMENT"));
    let listed = bench.run(&["list", "*/launch/**/dach"]).exits(0);
    assert_eq!(
        listed.stdout.lines().nth(1),
        Some("acme/launch/manufacturing/dach  one-to-few  de-DE    output/acme/launch/manufacturing/dach")
    );
}

#[test]
fn a_query_builds_what_it_names() {
    let bench = Bench::starter();
    bench.run(&["build", "acme/*/healthcare/*"]).exits(0).says("1 package in");
    assert!(bench.path("output/acme/launch/healthcare/us/manifest.json").is_file());
    assert!(!bench.path("output/acme/launch/manufacturing").exists());
}

#[test]
fn a_query_that_names_nothing_is_wrong_use_and_writes_nothing() {
    let bench = Bench::starter();
    bench.run(&["build", "nobody/**"]).exits(2).warns("error: no deployment matches `nobody/**`");
    bench.run(&["check", "acme"]).exits(2).warns("help: for all deployments below it write `acme/**`");
    bench
        .run(&["list", "acme/launch/manufacturing/dahc"])
        .exits(2)
        .warns("did you mean `acme/launch/manufacturing/dach`?");
    assert!(!bench.path("output/.cobrand").exists());
}

#[test]
fn what_is_wrong_with_a_partner_is_said_when_a_query_misses_it() {
    let bench = Bench::starter();
    bench.edit("partners/acme/partner.yaml", "tier: one-to-few ", "tier: one-to-fwe ");
    bench.run(&["build", "acme/**"]).exits(1).warns("one-to-fwe");
    bench.run(&["check", "acme/**", "--format", "json"]).exits(1).says("one-to-fwe").says("\"command\": \"check\"");
    bench.run(&["build", "nobody/**"]).exits(2).warns("no deployment matches");
}

#[test]
fn what_is_wrong_with_one_partner_is_not_said_of_another() {
    let bench = Bench::starter();
    add_orbit(&bench);
    bench.edit("partners/acme/partner.yaml", "phone: \"+1 555 0142\"}", "phone: \"{{ partner.nmae }}\", sign: 1}");
    let said = bench.run(&["check", "orbit/**"]).exits(0).says("all can be built");
    let said = said.says("1 error in what was not asked for: `cobrand check` names all");
    assert!(!said.stderr.contains("partners/acme"), "{}", said.stderr);
    bench.run(&["check", "orbit/**", "--format", "json"]).exits(0).says("\"errors_elsewhere\": 1");
    bench.run(&["build", "orbit/**"]).exits(0).says("3 written, 0 unchanged, 0 refused");
    bench.run(&["check", "acme/launch/manufacturing/us"]).exits(1);
    bench.run(&["check"]).exits(1);
    bench.run(&["build", "orbit/**", "--all-or-nothing"]).exits(1).warns("partners/acme");
    bench.edit("partners/acme/partner.yaml", "tier: one-to-few ", "tier: one-to-fwe ");
    bench.run(&["check", "orbit/**"]).exits(0);
    bench.run(&["list", "orbit/**"]).exits(0);
    bench.run(&["check", "acme/**"]).exits(1).warns("one-to-fwe");
    // A row is somebody's as a folder is, though nobody asks for it.
    bench.write(
        "partners/registry.csv",
        "id,name,tier,motions,industries,regions\nzeta,Zeta,one-to-mny,launch,manufacturing,us\n",
    );
    let said = bench.run(&["check", "orbit/**"]).exits(0);
    assert!(!said.stderr.contains("registry.csv"), "{}", said.stderr);
    bench.run(&["list", "orbit/**"]).exits(0);
    bench.run(&["check"]).exits(1).warns("one-to-mny");
}

#[test]
fn a_wrong_command_line_is_two() {
    let bench = Bench::starter();
    bench.run(&["bild"]).exits(2).warns("build");
    bench.run(&["build", "--jobs", "0"]).exits(2).warns("1 to 1024");
    bench.run(&["build", "-q", "-v"]).exits(2);
    bench.run(&["list", "--format", "sarif"]).exits(2).warns("use `--format human` or `json`");
    assert!(!bench.path("output/.cobrand").exists());
}

#[test]
fn outside_of_a_workspace_the_next_step_is_named() {
    let bench = Bench::empty();
    bench.run(&["build"]).exits(1).warns("error[E-WORKSPACE]").warns("--workspace").says("nothing was built");
    assert!(!bench.path("output").exists());
}

#[test]
fn the_workspace_is_found_from_below_and_files_are_named_from_there() {
    let bench = Bench::starter();
    bench.append("partners/acme/partner.yaml", "colour: red\n");
    bench.run_in("partners/acme", &["check"]).exits(1).warns("--> ../../partners/acme/partner.yaml:");
    let outside = Bench::empty();
    let workspace = bench.path("");
    let workspace = workspace.to_str().unwrap();
    outside.run(&["check", "-C", workspace]).exits(1).warns(&format!("--> {workspace}partners/acme/partner.yaml:"));
    bench.edit("partners/acme/partner.yaml", "colour: red\n", "");
    outside.run(&["build", "-C", workspace, "-o", "site", "--no-zips"]).exits(0).says("in site\n");
    assert!(outside.path("site/acme/launch/manufacturing/us/site/index.html").is_file());
    assert!(!outside.path("site/acme/downloads").exists());
}

#[test]
fn quiet_prints_errors_only_and_verbose_every_deployment() {
    let bench = Bench::starter();
    let quiet = bench.run(&["build", "-q"]).exits(0);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    bench.run(&["build", "-v"]).exits(0).says("kept     acme/launch/manufacturing/dach\n");
    bench.append("partners/acme/partner.yaml", "colour: red\n");
    let quiet = bench.run(&["check", "-q"]).exits(1).warns("error[E-PATH]");
    assert_eq!(quiet.stdout, "");
}

#[test]
fn nobody_listening_is_no_error() {
    let bench = Bench::starter();
    assert_eq!(bench.run_unheard(&["list"]), (0, String::new()));
    assert_eq!(bench.run_unheard(&["list", "--format", "json"]), (0, String::new()));
}

#[test]
fn one_broken_partner_keeps_its_packages_and_stops_nobody() {
    let bench = Bench::starter();
    add_orbit(&bench);
    bench.run(&["build"]).exits(0).says("6 written");
    let before = bench.read("output/acme/launch/manufacturing/us/manifest.json");
    bench.edit("partners/acme/partner.yaml", "phone: \"+1 555 0142\"}", "phone: \"{{ partner.nmae }}\"}");
    bench.edit("partners/orbit/partner.yaml", "name: Orbit Services\n", "name: Orbit IT\n");
    bench
        .run(&["build"])
        .exits(1)
        .warns("partner.nmae")
        .says("3 written, 0 unchanged, 3 refused")
        .says("acme/launch/manufacturing/us  (its last good package stands)");
    assert_eq!(bench.read("output/acme/launch/manufacturing/us/manifest.json"), before);
    assert!(bench.read("output/orbit/launch/manufacturing/us/site/index.html").contains("Orbit IT"));
    bench.run(&["verify", "output"]).exits(0);
}

#[test]
fn a_trusted_ledger_is_believed_until_something_changes() {
    let bench = Bench::starter();
    bench.run(&["build"]).exits(0);
    let page = "output/acme/launch/manufacturing/us/site/index.html";
    bench.remove(page);
    bench.run(&["build", "--trust-ledger"]).exits(0).says("0 written, 3 unchanged").says("0 files written");
    assert!(!bench.path(page).exists());
    bench.edit("partners/acme/partner.yaml", "name: Acme Data Services\n", "name: Acme Data\n");
    bench.run(&["build", "--trust-ledger"]).exits(0).says("3 written, 0 unchanged");
    assert!(bench.read(page).contains("Acme Data"));
    bench.run(&["verify", "output"]).exits(0);
}

#[test]
fn all_or_nothing_publishes_nothing_on_an_error() {
    let bench = Bench::starter();
    add_orbit(&bench);
    bench.edit("partners/acme/partner.yaml", "phone: \"+1 555 0142\"}", "phone: \"{{ partner.nmae }}\"}");
    bench.run(&["build", "--all-or-nothing"]).exits(1);
    assert!(!bench.path("output/orbit").exists());
    bench.run(&["build"]).exits(1).says("3 written, 0 unchanged, 3 refused").says("(it has no package yet)");
    bench.run(&["verify", "output"]).exits(0);
}

/// A second partner, who is like the first but in what tells them apart.
fn add_orbit(bench: &Bench) {
    let record = bench.read("partners/acme/partner.yaml").replace("Acme Data Services", "Orbit Services");
    let record = record.replace("acme.example", "orbit.example").replace("00000000", "00000001");
    bench.write("partners/orbit/partner.yaml", record);
    bench.write("partners/orbit/assets/logo.svg", bench.read("partners/acme/assets/logo.svg"));
}
