//! `cobrand schema`: whole schemas for the master, partial ones for whoever's layer it is.

#[path = "cli/bench.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod bench;
#[path = "support/small.rs"]
mod small;

use bench::Bench;
use cobrand::build::Program;
use cobrand::editor::{self, Schema};
use serde_json::Value;
use small::Small;

fn program(workspace: &Small) -> Program {
    Program::open(&workspace.memory()).0.unwrap_or_else(|_| panic!("the workspace is whole"))
}

fn of_layer(workspace: &Small, folder: &str) -> Vec<Schema> {
    let program = program(workspace);
    editor::of_layer(&program, editor::layer_at(&program, folder).unwrap())
}

fn document<'s>(schemas: &'s [Schema], kind: &str) -> &'s Value {
    &schemas.iter().find(|schema| schema.kind == kind).unwrap_or_else(|| panic!("no kind `{kind}`")).document
}

fn keys(schema: &Value) -> Vec<&str> {
    schema["properties"].as_object().map(|map| map.keys().map(String::as_str).collect()).unwrap_or_default()
}

#[test]
fn the_masters_schema_requires_what_the_master_has_to_have() {
    let schemas = editor::whole(&program(&Small::base()));
    let package = document(&schemas, "package");
    assert_eq!(package["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert!(package["required"].as_array().unwrap().contains(&"product".into()));
    assert_eq!(package["properties"]["pillars"]["x-list"], "keyed");
    assert_eq!(package["properties"]["product"]["properties"]["category"]["x-translated"], true);
}

/// D3
#[test]
fn a_tier_sees_only_what_it_may_set() {
    let workspace = Small::base();
    let gamma = of_layer(&workspace, "partners/gamma");
    assert!(keys(document(&gamma, "nurture")).is_empty());
    assert!(document(&gamma, "nurture")["description"].as_str().unwrap().contains("tier one-to-many"));
    let contact = &document(&gamma, "partner")["properties"]["contact"];
    assert!(contact.to_string().contains("today: gil@gamma.example"), "{contact}");
    // Its tier and lists stand in the registry, and are HQ's.
    assert!(!keys(document(&gamma, "partner")).contains(&"tier"));
    let beta = of_layer(&workspace, "partners/beta");
    assert_eq!(
        document(&beta, "partner")["properties"]["motions"]["anyOf"][0]["enum"],
        serde_json::json!(["event", "launch"])
    );
    assert!(keys(document(&beta, "partner")).contains(&"overlay"));
}

#[test]
fn what_policy_fixes_has_no_place_and_a_limit_is_in_the_schema() {
    let policy = "master-templates/policy.yaml";
    let rule = "  - path: \"package.none\"\n    fixed: true\n  - path: \"vars.slogan\"\n    allow: {partner: [set-var]}\n    limits: {max_chars: 30}\n";
    let workspace = Small::base();
    let text = format!("{}{rule}", workspace.text(policy));
    let acme = of_layer(&workspace.with(policy, text), "partners/acme");
    let package = document(&acme, "package");
    // The rule is for what lies below `product`.
    assert!(!package["properties"]["product"].to_string().contains("category"));
    let slogan = package["properties"]["vars"].to_string();
    assert!(slogan.contains("\"maxLength\":30") && slogan.contains("at most 30 characters"), "{slogan}");
    assert!(slogan.contains("today: Guten Morgen"), "{slogan}");
}

#[test]
fn known_items_are_named_and_new_ones_say_where_they_stand() {
    let acme = of_layer(&Small::base(), "partners/acme");
    let pillars = document(&acme, "package")["properties"]["pillars"].to_string();
    assert!(pillars.contains("{\"const\":\"fast\"}"), "{pillars}");
    assert!(pillars.contains("[\"id\",\"$at\"]"), "{pillars}");
    assert!(pillars.contains("#/$defs/place") && pillars.contains("$order"), "{pillars}");
}

#[test]
fn translations_hold_texts_only() {
    let schemas = editor::whole(&program(&Small::base()));
    let package = document(&schemas, "locales/package");
    assert!(!keys(package).contains(&"version"));
    assert!(package.get("required").is_none());
    assert!(package["properties"]["pillars"].to_string().contains("{\"const\":\"fast\"}"));
}

#[test]
fn schemas_are_the_same_each_time() {
    let text = || editor::all(&program(&Small::base())).iter().map(Schema::text).collect::<Vec<_>>();
    assert_eq!(text(), text());
}

#[test]
fn the_command_prints_one_writes_all_and_refreshes_its_own_only() {
    let bench = Bench::empty();
    let base = Small::base();
    base.paths().for_each(|path| bench.write(path, base.text(path)));
    let one = bench.run(&["schema", "--layer", "partners/acme/", "--kind", "partner"]).exits(0).json();
    assert_eq!(one["properties"]["website"]["x-rights"][0], "replace");
    let all = bench.run(&["schema"]).exits(0).json();
    assert_eq!(all["format"], 1);
    bench.run(&["schema", "--layer", "partners/acne"]).exits(2).warns("did you mean `partners/acme`?");
    bench.run(&["schema", "--kind", "nutrure"]).exits(2).warns("did you mean `nurture`?");
    bench.run(&["schema", "--write", ".cobrand-schemas"]).exits(0).says("0 unchanged");
    let settings = bench.read(".cobrand-schemas/settings.json");
    assert!(settings.contains("\".cobrand-schemas/partners/acme/partner.schema.json\""), "{settings}");
    bench.run(&["schema", "--write", ".cobrand-schemas"]).exits(0).says("wrote 0 files");
    bench.edit("master-templates/package.yaml", "slogan: Good morning", "slogan: Good evening");
    bench.run(&["schema", "--write", ".cobrand-schemas"]).exits(0);
    assert!(bench.read(".cobrand-schemas/hq/package.schema.json").contains("Good evening"));
    bench.write(".cobrand-schemas/hq/package.schema.json", "{}");
    bench.run(&["schema", "--write", ".cobrand-schemas"]).exits(1).warns("error[E-EXISTS]");
    assert_eq!(bench.read(".cobrand-schemas/hq/package.schema.json"), "{}");
    // Hidden folders are nobody's layer.
    bench.run(&["check"]).exits(0);
}

#[test]
fn init_writes_what_an_editor_needs_and_new_keeps_it_up_to_date() {
    let bench = Bench::starter();
    let settings = || bench.read(".vscode/settings.json");
    let entry = "\".cobrand/schemas/partners/acme/partner.schema.json\": [\"partners/acme/partner.yaml\"]";
    assert!(settings().contains(entry), "{}", settings());
    assert!(bench.read(".vscode/extensions.json").contains("redhat.vscode-yaml"));
    assert!(bench.read(".cobrand/schemas/partners/acme/partner.schema.json").contains("partners@acme.example"));
    bench.run(&["schema", "--write"]).exits(0).says("wrote 0 files to `.cobrand/schemas`");
    bench.write(".vscode/settings.json", settings().replacen('{', "{\n  // mine\n  \"editor.tabSize\": 2,", 1));
    bench.run(&["new", "region", "uki", "--parent", "europe"]).exits(0);
    assert!(settings().starts_with("{\n  // mine\n  \"editor.tabSize\": 2,\n"), "{}", settings());
    assert!(settings().contains("[\"regions/uki/region.yaml\"]"));
    assert!(bench.path(".cobrand/schemas/regions/uki/region.schema.json").is_file());
    bench.remove("regions/uki");
    bench.run(&["schema", "--write"]).exits(0).says("removed");
    assert!(!bench.path(".cobrand/schemas/regions/uki").exists() && !settings().contains("regions/uki"));
    bench.write(".vscode/settings.json", "[]\n");
    bench.run(&["schema", "--write"]).exits(1).warns("error[E-EXISTS]: `.vscode/settings.json`");
    bench.run(&["new", "industry", "biotech"]).exits(0).warns("note: the schemas for editors are as they were");
    assert_eq!(settings(), "[]\n");
}
