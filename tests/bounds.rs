//! What `policy`, `explain` and `who-sets` tell of narrowings, groups, waivers, variants and precedence.

#[path = "support/small.rs"]
mod small;

use cobrand::build::Program;
use cobrand::explain::answer::{Explained, explain};
use cobrand::explain::contributors::who_sets;
use cobrand::explain::sheet::{page, sheet};
use cobrand::explain::subject::Subject;
use small::Small;

const RULES: &str = r#"
  - path: "content/landing.md#proof"
    allow: {partner: [choose]}
    variants: [faq]
  - path: "vars.slogan"
    allow: {partner: [set-var]}
    limits: {max_chars: 30}
    precedence: [region, industry]
    grace: 2027-03-01
    slot: required
  - group: [vars.slogan, vars.tone]
    reason: One voice
"#;
const WAIVER: &str =
    "- {path: \"vars.*\", layer: partners/acme, reason: Their launch, approver: Dana, expires: 2027-01-31}\n";
const NARROW: &str = "narrow: [{path: \"vars.slogan\", limits: {max_chars: 12}, reason: Our layout}]\n";

/// A policy with everything that bounds a right.
fn bounded() -> Program {
    let overlay = |slogan: &str| format!("overlay: {{package: {{vars: {{slogan: {slogan}, tone: x}}}}}}\n");
    let files = Small::base()
        .with("master-templates/waivers.yaml", WAIVER)
        .more("master-templates/policy.yaml", RULES)
        .more("regions/dach/region.yaml", NARROW)
        .more("regions/europe.yaml", &overlay("Seas"))
        .more("industries/retail.yaml", &overlay("Shelves"));
    let (program, said) = Program::open(&files.memory());
    program.unwrap_or_else(|_| panic!("the workspace is whole: {said:?}"))
}

fn explained(program: &Program, deployment: &str, path: &str) -> Explained {
    let subject = Subject::open(program, deployment).unwrap();
    explain(&subject, path, Some("en-US")).unwrap().values.remove(0)
}

/// G2, G6 to G9 and G13: what bounds a right is told with it.
#[test]
fn a_sheet_and_an_explanation_tell_what_bounds_a_right() {
    let program = bounded();
    let sheet = sheet(&program, "acme").unwrap();
    let rule = |pattern: &str| sheet.rules.iter().find(|rule| rule.rule.pattern == pattern).unwrap();
    let slogan = rule("vars.slogan");
    assert_eq!(
        slogan.notes(),
        [
            "has to be supplied",
            "breaking this rule is a warning until 2027-03-01",
            "in deployments of region=dach: at most 12 characters (Our layout)",
            "together or not at all: vars.slogan, vars.tone (One voice)",
            "waived for partners/acme: vars.*, until 2027-01-31, by Dana (Their launch)",
        ]
    );
    assert_eq!(rule("content/landing.md#proof").rule.variants, ["faq"]);
    let page = page(&sheet, &program).unwrap();
    assert!(page.contains("one of the variants faq") && page.contains("Our layout"), "{page}");
    let value = explained(&program, "acme/launch/retail/dach", "vars.slogan");
    assert_eq!(value.bounds, slogan.bounds);
    assert_eq!(value.rule.unwrap().grace.as_deref(), Some("2027-03-01"));
}

/// G1: of a wide rule a narrow tier is told the part that it leaves.
#[test]
fn a_sheet_shows_what_the_tier_leaves_of_a_rule() {
    let program = bounded();
    let sheet = sheet(&program, "gamma").unwrap();
    let patterns: Vec<&str> = sheet.rules.iter().map(|rule| &*rule.rule.pattern).collect();
    assert_eq!(patterns, ["partner.**", "assets/logo.svg"]);
    assert!(sheet.rules[0].values.iter().any(|today| today.path == "partner.name"));
}

/// O4: who wins is asked with the precedence that policy gives the path.
#[test]
fn precedence_counts_where_it_is_said_who_wins() {
    let program = bounded();
    let found = who_sets(&program, "vars.slogan").unwrap();
    let wins = |layer: &str| {
        let word = found.paths[0].layers.iter().find(|word| word.layer == layer && word.locale.is_none());
        word.unwrap().wins
    };
    // The sixth deployment reads German, where the master has a text in its language.
    assert_eq!((wins("region=europe"), wins("industry=retail")), (5, 0));
    let value = explained(&program, "beta/launch/retail/europe", "vars.slogan");
    assert_eq!((&*value.winner.layer, &*value.hides[0].layer), ("region=europe", "industry=retail"));
}

/// L2: two layers may insert at one place; whoever asks is told of the other.
#[test]
fn insertions_at_one_place_name_each_other() {
    let at = |id: &str| format!("overlay: {{package: {{pillars: [{{id: {id}, $at: last, title: T, promise: P}}]}}}}\n");
    let files = Small::base().more("industries/retail.yaml", &at("shop")).more("regions/europe.yaml", &at("euro"));
    let program = Program::open(&files.memory()).0.unwrap_or_else(|_| panic!("the workspace is whole"));
    let value = explained(&program, "beta/launch/retail/europe", "pillars[shop].title");
    let beside: Vec<_> = value.beside.iter().map(|word| (&*word.layer, &*word.text)).collect();
    assert_eq!(beside, [("region=europe", "pillars[euro]")]);
    assert!(explained(&program, "beta/launch/retail/europe", "pillars[fast].title").beside.is_empty());
}
