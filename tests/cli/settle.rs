//! `new overlay --settle`: clashes of peers end, by the command that the error names (O4).

use crate::bench::Bench;

/// Industry and region disagree on a value, on a block and on where a block stands.
fn clashing() -> Bench {
    let bench = Bench::starter();
    bench.write("regions/us/nurture.yaml", "emails:\n  - {id: case, day: 9}\n");
    bench.edit("industries/healthcare/nurture.yaml", "  - id: case\n", "  - id: case\n    day: 11\n");
    let landing = "<!-- move: pillars/evidence first -->\n<!-- replace-body: proof/regional -->\nOf the region.\n<!-- /replace-body -->\n";
    bench.write("regions/us/content/landing.md", landing);
    let landing = "\n<!-- move: pillars/evidence after pillars/rehearsal -->\n<!-- replace-body: proof/regional -->\nOf the industry.\n<!-- /replace-body -->\n";
    bench.write("industries/healthcare/content/landing.md", landing);
    bench
}

/// The first command that the errors name.
fn named(stderr: &str) -> Vec<String> {
    let (_, command) = stderr.split_once("`cobrand new overlay ").unwrap();
    let command = command.split('`').next().unwrap();
    let words = command.split_whitespace().map(|word| word.trim_matches('\'').to_owned());
    ["new", "overlay"].map(str::to_owned).into_iter().chain(words).collect()
}

#[test]
fn the_command_that_the_error_names_settles_it() {
    let bench = clashing();
    let mut left = bench.run(&["check"]).exits(1).stderr;
    for _ in 0..3 {
        let before = left.matches("error[E-PEER]").count();
        let command = named(&left);
        bench
            .run(&command.iter().map(String::as_str).collect::<Vec<_>>())
            .exits(0)
            .says("holds over industry=healthcare");
        left = bench.run(&["check"]).stderr;
        assert!(left.matches("error[E-PEER]").count() < before, "{left}");
    }
    bench.run(&["check"]).exits(0);
}

#[test]
fn one_side_is_taken_for_all_and_followed_where_that_is_open() {
    let bench = clashing();
    let made = bench.run(&["new", "overlay", "--settle", "--take", "industry"]).exits(0);
    made.says("`nurture.emails[case].day`: industry=healthcare holds over region=us");
    let nurture = bench.read("regions/us/@industry=healthcare/nurture.yaml");
    assert!(nurture.contains("    day: {$inherit: \"industry=healthcare\"}\n"), "{nurture}");
    let landing = bench.read("regions/us/@industry=healthcare/content/landing.md");
    assert!(landing.contains("<!-- inherit: proof/regional industry=healthcare -->\n"), "{landing}");
    // A place is not followed; it is said again.
    assert!(landing.contains("<!-- move: pillars/evidence after pillars/rehearsal -->\n"), "{landing}");
    bench.run(&["check"]).exits(0);
    let day =
        bench.run(&["explain", "acme/launch/healthcare/us", "nurture.emails[case].day", "--format", "json"]).json();
    assert_eq!(day["values"][0]["winner"]["text"], "11");
    bench.run(&["new", "overlay", "--settle"]).exits(0).says("nothing to settle");
}

#[test]
fn without_a_choice_both_stand_as_comments_and_nothing_new_is_wrong() {
    let bench = clashing();
    let before = bench.run(&["check"]).exits(1).stderr;
    bench
        .run(&["new", "overlay", "region=us,industry=healthcare", "nurture.yaml", "--settle"])
        .exits(0)
        .says("nothing is settled yet");
    assert_eq!(bench.run(&["check"]).exits(1).stderr, before);
    let file = "regions/us/@industry=healthcare/nurture.yaml";
    let text = bench.read(file);
    let kept = text.lines().filter(|line| !line.contains("$inherit: \"region=us\"") && !line.starts_with("##"));
    bench.write(file, kept.map(|line| format!("{}\n", line.trim_start_matches("# "))).collect::<String>());
    assert!(!bench.run(&["check"]).stderr.contains("nurture.emails"));
    bench.run(&["new", "overlay", "--settle", "nurture.yaml"]).exits(0).says("nothing to settle");
    bench.run(&["new", "overlay", "--settle", "--take", "regoin"]).exits(2).warns("name an axis, or one of");
    bench.run(&["new", "overlay", "--take", "region"]).exits(2);
}

#[test]
fn a_latent_clash_is_settled_before_anybody_meets_it() {
    let bench = Bench::starter();
    bench.run(&["new", "motion", "renewal"]).exits(0);
    bench.run(&["new", "region", "uki", "--parent", "europe"]).exits(0);
    bench.write("regions/uki/nurture.yaml", "emails:\n  - {id: session, day: 25}\n");
    bench.run(&["new", "industry", "biotech"]).exits(0);
    bench.write("industries/biotech/nurture.yaml", "emails:\n  - {id: session, day: 26}\n");
    bench.run(&["check", "--all-combinations"]).exits(0).warns("W-LATENT");
    bench.run(&["new", "overlay", "--settle", "--take", "region"]).exits(0).says("nothing to settle");
    bench.run(&["new", "overlay", "--settle", "--all-combinations", "--take", "region"]).exits(0).says("wrote 2 files");
    let checked = bench.run(&["check", "--all-combinations"]).exits(0);
    assert!(!checked.stderr.contains("W-LATENT"), "{}", checked.stderr);
}

#[test]
fn what_clashes_is_explained_as_that() {
    let bench = clashing();
    let asked = ["explain", "acme/launch/healthcare/us", "nurture.emails[case].day"];
    bench.run(&asked).exits(0).says("11  <- clashes (E-PEER)").says("9  <- clashes (E-PEER)");
    let value = bench.run(&[&asked[..], &["--format", "json"]].concat()).json()["values"][0].clone();
    assert_eq!(value["clashes"].as_array().map(Vec::len), Some(1), "{value}");
}
