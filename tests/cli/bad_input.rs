//! Bad input: a clear error at its place with a next step, exit code 1, and the last good output as it was.

use crate::bench::{Bench, Ran};

const PARTNER: &str = "partners/acme/partner.yaml";
const PACKAGE: &str = "master-templates/package.yaml";

/// Builds once, spoils the workspace, builds again: the output has to be whole and as it was.
#[track_caller]
fn spoiled(spoil: impl FnOnce(&Bench)) -> Ran {
    let bench = Bench::starter();
    bench.run(&["build", "-q"]).exits(0);
    let before = bench.read("output/acme/launch/manufacturing/dach/manifest.json");
    spoil(&bench);
    let ran = bench.run(&["build"]).exits(1);
    assert!(ran.stderr.contains("help: "), "no next step in\n{}", ran.stderr);
    assert_eq!(bench.read("output/acme/launch/manufacturing/dach/manifest.json"), before);
    bench.run(&["verify", "output"]).exits(0);
    ran
}

/// The line of a text in a file of the workspace.
fn line(bench: &Bench, path: &str, text: &str) -> usize {
    bench.read(path).lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn a_missing_master() {
    spoiled(|bench| bench.remove("master-templates")).warns("error[E-NOMASTER]").says("nothing was built");
    spoiled(|bench| bench.remove(PACKAGE)).warns("has no `package.yaml`");
}

#[test]
fn an_unknown_key_with_the_nearest_name() {
    spoiled(|bench| bench.edit(PARTNER, "website:", "webiste:"))
        .warns("error[E-PATH]: there is no key `partner.webiste`")
        .warns("--> partners/acme/partner.yaml:16:1")
        .warns("did you mean `website`?");
}

#[test]
fn a_wrong_type() {
    spoiled(|bench| bench.edit(PARTNER, "goals: {leads: 30", "goals: {leads: many"))
        .warns("error[E-TYPE]: `partner.goals.leads` has to be a number")
        .warns("--> partners/acme/partner.yaml:");
}

#[test]
fn bad_yaml() {
    spoiled(|bench| bench.edit(PARTNER, "motions: [launch]", "motions: [launch"))
        .warns("error[E-YAML]")
        .warns("--> partners/acme/partner.yaml:");
}

#[test]
fn bad_utf8() {
    spoiled(|bench| {
        bench.write("partners/acme/content/landing.md", b"<!-- replace-body: spotlight -->\nM\xfcnchen\n");
    })
    .warns("error[E-UTF8]")
    .warns("partners/acme/content/landing.md:2:2");
}

#[test]
fn byte_order_marks_and_crlf_are_fine() {
    let bench = Bench::starter();
    let windows = format!("\u{feff}{}", bench.read(PARTNER).replace('\n', "\r\n"));
    bench.write(PARTNER, windows);
    bench.write(
        "partners/acme/content/landing.md",
        "\u{feff}<!-- replace-body: spotlight -->\r\nFor {{ product.name }}.\r\n",
    );
    bench.run(&["build"]).exits(0).says("3 written");
}

#[test]
fn a_tier_region_or_industry_that_does_not_exist() {
    spoiled(|bench| bench.edit(PARTNER, "tier: one-to-few ", "tier: one-to-fwe "))
        .warns("error[E-UNKNOWN]: partner `acme` names the tier `one-to-fwe`, which does not exist")
        .warns("--> partners/acme/partner.yaml:8:7")
        .warns("`one-to-few`");
    spoiled(|bench| bench.edit(PARTNER, "regions: [us, dach]", "regions: [us, dash]")).warns("did you mean `dach`?");
    spoiled(|bench| bench.edit(PARTNER, "[manufacturing, healthcare]", "[manufacturing, heathcare]"))
        .warns("did you mean `healthcare`?");
}

#[test]
fn two_values_with_one_id() {
    spoiled(|bench| {
        bench.write("regions/dach.yaml", "name: Second\n");
    })
    .warns("error[E-DUPID]: region `dach` is both a file and a folder")
    .warns("regions/dach.yaml");
}

#[test]
fn a_cycle_of_parents() {
    spoiled(|bench| {
        bench.edit("regions/europe/region.yaml", "name: Europe\n", "name: Europe\nparent: dach\n");
    })
    .warns("error[E-CYCLE]")
    .warns("regions/");
}

#[test]
fn a_template_that_fails() {
    spoiled(|bench| bench.append("master-templates/templates/pages/landing.html", "{{ vendor.nmae }}\n{% if %}"))
        .warns("error[E-TEMPLATE]")
        .warns("master-templates/templates/pages/landing.html:")
        .says("nothing was built");
    spoiled(|bench| bench.append("master-templates/templates/emails/standard.txt", "{{ vendor.nmae }}\n"))
        .warns("error[E-TEMPLATE]: `vendor.nmae`")
        .warns("master-templates/templates/emails/standard.txt:")
        .warns("did you mean `vendor.name`?");
}

#[test]
fn a_missing_asset() {
    spoiled(|bench| bench.remove("partners/acme/assets/logo.svg")).warns("logo.svg");
}

#[test]
fn a_logo_that_is_no_image_or_runs_code_or_is_too_large() {
    const LOGO: &str = "partners/acme/assets/logo.svg";
    spoiled(|bench| bench.write(LOGO, "not a picture")).warns("error[E-ASSET]").warns(LOGO);
    let script = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    spoiled(|bench| bench.write(LOGO, script)).warns("error[E-ASSET]").warns(LOGO);
    let large = format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><!--{}--></svg>", "x".repeat(50_000));
    spoiled(|bench| bench.write(LOGO, &large)).warns("error[E-LIMIT]").warns("policy.yaml:");
}

#[test]
fn a_path_that_leads_out() {
    spoiled(|bench| bench.edit(PARTNER, "logo: assets/logo.svg", "logo: assets/../../../secret.svg"))
        .warns("partners/acme/partner.yaml:")
        .warns("secret.svg");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_that_leaves_its_layer() {
    spoiled(|bench| {
        let logo = bench.path("partners/acme/assets/logo.svg");
        std::fs::rename(&logo, bench.path("logo.svg")).unwrap();
        std::os::unix::fs::symlink(bench.path("logo.svg"), logo).unwrap();
    })
    .warns("error[E-SYMLINK]: the symbolic link `partners/acme/assets/logo.svg` leaves its layer's folder");
}

#[test]
fn a_deployment_without_one_of_the_components() {
    spoiled(|bench| {
        let text = bench.read(PACKAGE);
        let without: Vec<&str> = text.lines().filter(|line| !line.contains("component: playbook")).collect();
        assert!(without.len() < text.lines().count());
        bench.write(PACKAGE, without.join("\n"));
    })
    .warns("error[E-COMPONENT]: the package has no partner playbook");
}

#[test]
fn an_output_folder_with_files_of_somebody_else() {
    let bench = Bench::starter();
    bench.write("elsewhere/thesis.txt", "mine");
    bench
        .run(&["build", "-o", "elsewhere"])
        .exits(1)
        .warns("error[E-FOREIGN]: `elsewhere` holds files that `cobrand` did not write, such as `thesis.txt`")
        .warns("--output");
    assert_eq!(std::fs::read_dir(bench.path("elsewhere")).unwrap().count(), 1);
}

#[test]
fn no_partners_at_all() {
    spoiled(|bench| bench.remove("partners")).warns("error[E-NOPARTNERS]").warns("cobrand new partner ID");
}

#[test]
fn what_policy_forbids_is_shown_with_the_rule_and_the_ways_out() {
    spoiled(|bench| {
        bench.write("partners/acme/content/landing.md", "<!-- remove: hero -->\n");
    })
    .warns("error[E-LOCK]")
    .warns("--> partners/acme/content/landing.md:1:1")
    .warns("::: master-templates/policy.yaml:")
    .warns("content/landing.md#spotlight");
}

#[test]
fn all_errors_come_in_one_run_by_file_and_line() {
    let bench = Bench::starter();
    bench.append(PARTNER, "colour: red\nfont: serif\n");
    bench.append("regions/us/region.yaml", "speed: 1\n");
    let ran = bench.run(&["check"]).exits(1);
    let places: Vec<&str> = ran.stderr.lines().filter_map(|line| line.trim().strip_prefix("--> ")).collect();
    let first = line(&bench, PARTNER, "colour");
    let last = line(&bench, "regions/us/region.yaml", "speed");
    assert_eq!(
        places,
        [
            format!("{PARTNER}:{first}:1"),
            format!("{PARTNER}:{}:1", first + 1),
            format!("regions/us/region.yaml:{last}:1")
        ]
    );
}

#[test]
fn an_output_among_the_input_is_refused_before_anything_is_written() {
    let bench = Bench::starter();
    std::fs::create_dir(bench.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink("../partners", bench.path("elsewhere/link")).unwrap();
    let outputs = [
        "partners/out",
        "partners",
        ".",
        "..",
        "elsewhere/../master-templates/x",
        "elsewhere/link/out",
        "new/../regions",
    ];
    for output in outputs {
        let ran = bench.run(&["build", "--output", output]).exits(1);
        assert!(ran.stderr.contains("error[E-OVERLAP]") && ran.stderr.contains("help: "), "{output}: {}", ran.stderr);
    }
    for left in ["partners/out", "partners/.cobrand", ".cobrand/lock", "master-templates/x", "regions/.cobrand", "new"]
    {
        assert!(!bench.path(left).exists(), "{left}");
    }
    bench.run(&["build", "-q", "--output", "elsewhere/out"]).exits(0);
}
