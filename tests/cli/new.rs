//! `new`: what it writes holds as it is, and what is wrong about a request is said before anything is written.

use crate::bench::Bench;

#[test]
fn a_partner_is_one_command_and_builds() {
    let bench = Bench::starter();
    let made = bench.run(&["new", "partner", "blue-river"]).exits(0);
    let made = made.says("wrote 4 files\n  partners/blue-river/partner.yaml\n").says("as most partners have it");
    made.says("assets/logo.svg` (a file of the type svg").says("cobrand build \"blue-river/**\"");
    assert!(bench.read("partners/blue-river/partner.yaml").contains("name: Blue River\n"));
    bench.run(&["check", "blue-river/**"]).exits(0).says("checked 1 deployment");
}

#[test]
fn a_partner_gets_what_the_command_says() {
    let bench = Bench::starter();
    let asked = [
        "new",
        "partner",
        "nova",
        "--name",
        "Nova: IT",
        "--tier",
        "one-to-few",
        "--motion",
        "launch",
        "--industry",
        "manufacturing,healthcare",
        "--region",
        "dach",
        "--locale",
        "de-DE",
        "--email",
        "nova@nova.example",
    ];
    bench.run(&asked).exits(0).says("partners/nova/content/landing.md").says("W-LOGOSWAP");
    let record = bench.read("partners/nova/partner.yaml");
    for line in
        ["name: \"Nova: IT\"\n", "tier: one-to-few", "industries: [manufacturing, healthcare]", "locale: de-DE\n"]
    {
        assert!(record.contains(line), "{line}: {record}");
    }
    // The region asks for it.
    assert!(record.contains("  vat_id: "), "{record}");
    bench.run(&["check"]).exits(0).says("checked 5 deployments").warns("warning[W-LOGOSWAP]");
    // Closing the comment on its first line is the whole edit.
    bench.edit(
        "partners/nova/content/landing.md",
        "<!-- replace-body: spotlight\n",
        "<!-- replace-body: spotlight -->\n",
    );
    let checked = bench.run(&["check"]).exits(0);
    assert!(!checked.stderr.contains("W-LOGOSWAP"), "{}", checked.stderr);
}

#[test]
fn the_first_partner_can_be_made() {
    let bench = Bench::starter();
    bench.remove("partners");
    bench.run(&["check"]).exits(1).warns("cobrand new partner ID");
    bench.run(&["new", "partner", "first"]).exits(0);
    bench.run(&["check"]).exits(0).says("checked 1 deployment");
}

#[test]
fn a_partner_with_a_row_gets_a_folder_without_entitlements() {
    let bench = Bench::starter();
    let row = "id,name,tier,motions,industries,regions,website,contact.name,contact.email,legal.legal_name,legal.street,legal.postcode,legal.city,legal.state,legal.country,legal.email\nvela,Vela,one-to-many,launch,healthcare,us,https://vela.example,Kim,kim@vela.example,Vela Inc.,1 Sample St,98101,Seattle,WA,US,l@vela.example\n";
    bench.write("partners/registry.csv", row);
    bench.run(&["new", "partner", "vela", "--tier", "one-to-one"]).exits(2).warns("which says its tier");
    bench.run(&["new", "partner", "vela"]).exits(0);
    let record = bench.read("partners/vela/partner.yaml");
    assert!(record.contains("name: Vela\n") && record.contains("#   city: Seattle\n"), "{record}");
    assert!(!record.contains("\ntier:") && !record.contains("\nmotions:"), "{record}");
    bench.run(&["check"]).exits(0);
    bench.run(&["new", "partner", "vela"]).exits(1).warns("error[E-EXISTS]: there is a partner `vela` already");
}

#[test]
fn a_region_takes_from_its_parent_and_is_ready_for_partners() {
    let bench = Bench::starter();
    bench.run(&["new", "region", "uki", "--parent", "europe", "--name", "UK and Ireland"]).exits(0);
    let record = bench.read("regions/uki/region.yaml");
    assert!(
        record.contains("name: UK and Ireland\nparent: europe\n") && record.contains("# currency: EUR\n"),
        "{record}"
    );
    assert!(bench.read("regions/uki/nurture.yaml").contains("#   - id: case\n#     day: 8\n"));
    bench.edit("partners/acme/partner.yaml", "regions: [us, dach]", "regions: [us, dach, uki]");
    bench.run(&["check"]).exits(0).says("checked 5 deployments");
}

#[test]
fn values_of_hqs_axes_hold_the_record_and_what_was_named() {
    let bench = Bench::starter();
    bench
        .run(&["new", "industry", "biotech"])
        .exits(0)
        .says("wrote 1 file")
        .says("cobrand new overlay industry=biotech");
    bench.run(&["new", "motion", "renewal", "content/landing.md#hero"]).exits(0).says("wrote 2 files");
    assert!(bench.read("motions/renewal/content/landing.md").contains("<!-- replace-body: hero\n"));
    bench.run(&["new", "tier", "gold"]).exits(0);
    bench.run(&["new", "value", "industry", "energy", "--parent", "manufacturing"]).exits(0);
    bench.run(&["check"]).exits(0);
}

#[test]
fn an_overlay_lies_in_the_folder_of_its_strongest_value() {
    let bench = Bench::starter();
    bench
        .run(&["new", "overlay", "region=dach,partner=acme"])
        .exits(0)
        .says("partners/acme/@region=dach/content/landing.md");
    bench.run(&["new", "overlay", "region=dach,partner=acme"]).exits(1).warns("is there already");
    bench.run(&["new", "overlay", "industries/healthcare/@motion=launch", "nurture.yaml"]).exits(0);
    assert!(
        bench.read("industries/healthcare/@motion=launch/nurture.yaml").contains("#   - id: welcome\n#     day: 0\n")
    );
    bench.run(&["check"]).exits(0);
}

#[test]
fn a_dry_run_prints_and_writes_nothing() {
    let bench = Bench::starter();
    bench.run(&["new", "region", "uki", "-n"]).exits(0).says("==> regions/uki/region.yaml <==\n").says("name: Uki\n");
    let json = bench.run(&["new", "region", "uki", "--dry-run", "--format", "json"]).exits(0).json();
    assert_eq!(json["files"][0]["path"], "regions/uki/region.yaml");
    assert!(json["files"][0]["text"].as_str().unwrap().contains("name: Uki"));
    assert!(!bench.path("regions/uki").exists());
    let json = bench.run(&["new", "region", "uki", "--format", "json"]).exits(0).json();
    assert!(json["files"][0].get("text").is_none() && json["dry_run"] == false);
    let json = bench.run(&["new", "region", "uki", "--format", "json"]).exits(1).json();
    assert_eq!(json["diagnostics"][0]["code"], "E-EXISTS");
}

#[test]
fn a_waiver_is_put_behind_those_that_are_there() {
    let bench = Bench::starter();
    let grant = |path: &str| {
        let more = ["--reason", "Launch: own claim", "--approver", "Dana", "--expires", "2030-01-31"];
        bench.run(&[&["new", "waiver", "acme", path], &more[..]].concat())
    };
    bench.append("partners/acme/content/landing.md", "\n<!-- remove: faq -->\n");
    bench.run(&["check"]).exits(1).warns("cobrand new waiver acme 'content/landing.md#faq' --reason");
    grant("content/landing.md#faq").exits(0).says("master-templates/waivers.yaml");
    bench.run(&["check"]).exits(0);
    grant("content/landing.md#faq")
        .exits(1)
        .warns("error[E-EXISTS]")
        .warns("is granted to `partners/acme` until 2030-01-31");
    let old = "# kept\r\n  - {path: \"content/landing.md#faq\", layer: partners/acme, reason: a, approver: b, expires: 2030-01-31}  # kept";
    bench.write("master-templates/waivers.yaml", old);
    grant("content/landing.md#offer").exits(0).says("added to master-templates/waivers.yaml");
    let new = "\r\n  - path: \"content/landing.md#offer\"\r\n    layer: partners/acme\r\n    reason: \"Launch: own claim\"\r\n    approver: Dana\r\n    expires: 2030-01-31\r\n";
    assert_eq!(bench.read("master-templates/waivers.yaml"), format!("{old}{new}"));
    bench.write("master-templates/waivers.yaml", "[]\n");
    grant("content/landing.md#offer")
        .exits(2)
        .warns("is no list of lines")
        .warns("- path: \"content/landing.md#offer\"");
    assert_eq!(bench.read("master-templates/waivers.yaml"), "[]\n");
}

#[test]
fn what_is_wrong_with_a_request_is_said_with_a_next_step() {
    let bench = Bench::starter();
    let wrong = [
        (&["new", "partner", "Blue_River"][..], 2, "such as `blue-river`"),
        (&["new", "partner", "registry"], 2, "no id for a partner"),
        (&["new", "partner", "acme"], 1, "error[E-EXISTS]: there is a partner `acme` already"),
        (&["new", "partner", "x", "--tier", "one-to-fwe"], 2, "did you mean `one-to-few`?"),
        (&["new", "partner", "x", "--tier", "a", "--entitle", "audience"], 2, "names no axis"),
        (&["new", "partner", "x", "--entitle", "audience=cio"], 2, "there is no axis `audience`"),
        (&["new", "partner", "x", "--region", "dahc"], 2, "did you mean `dach`?"),
        (&["new", "partner", "x", "--locale", "xx-YY"], 2, "there is no locale `xx-YY`"),
        (&["new", "region", "uki", "--parent", "erope"], 2, "did you mean `europe`?"),
        (&["new", "region", "uki", "content/landing.mdx"], 2, "did you mean `content/landing.md`?"),
        (&["new", "value", "audience", "cio"], 2, "there is no axis `audience`"),
        (&["new", "value", "partner", "cio"], 2, "cobrand new partner cio"),
        (&["new", "overlay", "acme"], 2, "partner=acme,region=dach"),
        (&["new", "overlay", "region=us,region=dach"], 2, "names two values"),
        (&["new", "overlay", "industry=healthcare"], 2, "everything is open to HQ"),
        (
            &["new", "overlay", "partner=acme", "content/landing.md#hero"],
            2,
            "nothing of `content/landing.md#hero` is open",
        ),
        (&["new", "waiver", "acme", "content/landing.md#hero"], 2, "--reason"),
        (&["new", "--format", "sarif", "region", "x"], 2, "use `--format human` or `json`"),
        (&["new"], 2, "partner"),
    ];
    for (arguments, code, text) in wrong {
        bench.run(arguments).exits(code).warns(text);
    }
    bench.run(&["check"]).exits(0).says("checked 3 deployments");
}

#[test]
fn what_check_would_refuse_is_not_written() {
    let bench = Bench::starter();
    bench.append("master-templates/templates/partials/footer.html", "{{ partner.sla_contact.name }}\n");
    bench.run(&["check"]).exits(0);
    let refused = bench.run(&["new", "partner", "nova"]).exits(1);
    refused.warns("sla_contact").warns("error: nothing was written");
    assert!(!bench.path("partners/nova").exists());
    bench.run(&["new", "partner", "nova", "-n"]).exits(1).says("name: Nova");
}
