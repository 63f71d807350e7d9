//! `fix` and `fmt` as their users meet them.

use std::os::unix::fs::PermissionsExt;

use crate::bench::Bench;

/// The starter, whose master renamed a block after a partner had overridden it.
fn bench() -> Bench {
    let bench = Bench::starter();
    bench.write("master-templates/moved.yaml", "- {from: \"vars.cry\", to: \"vars.motto\"}\n");
    let package = bench.read("master-templates/package.yaml");
    let with_motto = match package.contains("\nvars:") {
        true => package.replacen("\nvars:", "\nvars:\n  motto: Less waiting", 1),
        false => package + "\nvars:\n  motto: Less waiting\n",
    };
    bench.write("master-templates/package.yaml", with_motto);
    bench.write("regions/us/package.yaml", "# ours\nvars: {cry: Now} # short\n");
    bench
}

const OLD: &str = "# ours\nvars: {cry: Now} # short\n";
const NEW: &str = "# ours\nvars: {motto: Now} # short\n";
const FILE: &str = "regions/us/package.yaml";

#[test]
fn fix_writes_new_names_and_says_so() {
    let bench = bench();
    bench.run(&["check"]).warns("W-MOVED").warns("let `cobrand fix` do it");
    bench.run(&["fix", "--check"]).exits(1).says(FILE).warns("1 file would change");
    let shown = bench.run(&["fix", "--dry-run"]).exits(0).says("--- a/regions/us/package.yaml\n");
    assert!(shown.stdout.contains("-vars: {cry: Now} # short\n+vars: {motto: Now} # short\n"), "{}", shown.stdout);
    assert_eq!(bench.read(FILE), OLD);
    bench.run(&["fix"]).exits(0).says("rewrote regions/us/package.yaml\n").warns("1 file changed");
    assert_eq!(bench.read(FILE), NEW);
    let checked = bench.run(&["check"]);
    assert!(!checked.stderr.contains("W-MOVED"), "{}", checked.stderr);
    bench.run(&["fix", "--check"]).exits(0).warns("nothing to fix");
}

#[test]
fn fix_changes_what_is_named_from_wherever_one_is() {
    let bench = bench();
    bench.run(&["fix", "partners"]).exits(0).warns("nothing to fix");
    bench.run(&["fix", "regions/uss"]).exits(2).warns("there is no file or folder `regions/uss`");
    bench.run(&["fix", "/"]).exits(2).warns("is not in the workspace");
    bench.run(&["fix", "--format", "sarif"]).exits(2);
    assert_eq!(bench.read(FILE), OLD);
    let ran = bench.run_in("regions", &["fix", "us", "--format", "json"]).exits(0);
    assert_eq!(ran.json()["changes"][0]["path"], FILE);
    assert_eq!(ran.json()["written"], true);
    assert_eq!(bench.read(FILE), NEW);
}

#[test]
fn a_file_that_cannot_be_read_or_written_is_told_and_the_others_are_fixed() {
    let bench = bench();
    bench.write("regions/dach/package.yaml", "vars: {cry: Jetzt\n");
    let ran = bench.run(&["fix"]).exits(1).warns("error[E-YAML]").warns("regions/dach/package.yaml:");
    assert!(ran.stdout.contains("rewrote regions/us/package.yaml"), "{}", ran.stdout);
    assert_eq!(bench.read(FILE), NEW);
    assert_eq!(bench.read("regions/dach/package.yaml"), "vars: {cry: Jetzt\n");
    bench.write(FILE, OLD);
    std::fs::set_permissions(bench.path(FILE), std::fs::Permissions::from_mode(0o444)).unwrap();
    bench
        .run(&["fix", "regions/us"])
        .exits(1)
        .warns("error[E-WRITE]: cannot write `regions/us/package.yaml`: it is read-only");
    assert_eq!(bench.read(FILE), OLD);
}

#[test]
fn what_is_left_to_a_person_ends_in_one() {
    let bench = bench();
    bench.write(FILE, "vars: &all\n  cry: &cry Now\n  copy: *cry\n");
    bench.write("master-templates/moved.yaml", "- {from: \"vars.cry\", to: \"strings.motto\"}\n");
    let strings = bench.read("master-templates/strings.yaml");
    bench.write("master-templates/strings.yaml", format!("motto: Less waiting\n{strings}"));
    bench
        .run(&["fix"])
        .exits(1)
        .warns("error[E-FIX]")
        .warns("regions/us/package.yaml:2:")
        .warns("write `strings.motto`");
    assert_eq!(bench.read(FILE), "vars: &all\n  cry: &cry Now\n  copy: *cry\n");
}

#[test]
fn fmt_puts_overlays_in_order_and_adds_ids_on_request() {
    let bench = Bench::starter();
    bench.run(&["fmt", "--check", "--add-ids"]).exits(0).warns("nothing to put in order");
    let untidy = "# ours\n\nproduct:\n  name: X\n# of the year\nversion: 2\n";
    bench.write("regions/us/package.yaml", untidy);
    bench.run(&["fmt", "--check"]).exits(1).says("regions/us/package.yaml\n").warns("1 file would change");
    bench.run(&["fmt", "--dry-run"]).exits(0).says("+++ b/regions/us/package.yaml\n");
    assert_eq!(bench.read("regions/us/package.yaml"), untidy);
    bench.run(&["fmt"]).exits(0).says("rewrote regions/us/package.yaml\n");
    assert_eq!(bench.read("regions/us/package.yaml"), "# ours\n\n# of the year\nversion: 2\nproduct:\n  name: X\n");
    bench.run(&["fmt", "nowhere"]).exits(2).warns("there is no file or folder `nowhere`");
    bench.append("master-templates/content/landing.md", "\n## One more thing\n\nHere.\n");
    bench.run(&["check"]).exits(1).warns("E-LOOSE");
    let ran = bench.run(&["fmt", "--add-ids", "--dry-run"]);
    assert!(ran.stdout.contains("+## One more thing {#one-more-thing}"), "{}\n{}", ran.stdout, ran.stderr);
}
