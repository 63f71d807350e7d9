use super::human::Look;
use super::*;
use crate::paths::InputPath;

const PLAIN: Look = Look { styled: false, all_deployments: false };

fn sources() -> Sources {
    let mut sources = Sources::default();
    let add = |sources: &mut Sources, path: &str, text: &str| sources.add(InputPath::new(path).unwrap(), text);
    add(&mut sources, "master-templates/policy.yaml", "rules:\n  - path: \"**\"\n    fixed: true\n");
    add(
        &mut sources,
        "partners/acme/landing, v1.md",
        "\u{fc}ber\r\n<!-- replace: hero -->\r\nOur own\r\n<!-- /replace -->\r\n",
    );
    sources
}

fn span(sources: &Sources, source: u32, text: &str) -> Span {
    let id = crate::source::SourceId(source);
    let start = sources.get(id).text.find(text).unwrap();
    Span::new(id, start, start + text.len())
}

fn lock(sources: &Sources) -> Diagnostic {
    let replaced = span(sources, 1, "<!-- replace: hero -->\r\nOur own");
    (1..=7).fold(
        Diagnostic::error("E-LOCK", "partner `acme` may not replace `content/landing.md#hero`")
            .at(replaced, "role partner, tier one-to-few")
            .other(span(sources, 0, "fixed: true"), "fixed here")
            .note("100 % of it is fixed")
            .help("remove lines 2-4"),
        |diagnostic, number| diagnostic.deployment(format!("acme/launch/{number}")),
    )
}

fn findings(sources: &Sources) -> Findings<'_> {
    let mut all = Diagnostics::from(lock(sources));
    all.push(Diagnostic::error("E-DISKFULL", "the disk is full").help("free some space"));
    all.push(Diagnostic::warning("W-EMPTY", "the file is empty").at(Span::file(crate::source::SourceId(0)), ""));
    Findings::new(all, sources, "work/")
}

#[test]
fn people_see_both_sides_their_lines_and_what_to_do() {
    let sources = sources();
    let findings = findings(&sources);
    let shown: Vec<String> = findings.list.iter().map(|one| human::text(&findings, one, PLAIN)).collect();
    snapbox::assert_data_eq!(
        shown.join("\n"),
        snapbox::str![[r#"
error[E-DISKFULL]: the disk is full
 |
 = help: free some space

warning[W-EMPTY]: the file is empty
--> work/master-templates/policy.yaml:1:1

error[E-LOCK]: partner `acme` may not replace `content/landing.md#hero`
 --> work/partners/acme/landing, v1.md:2:1
  |
2 | <!-- replace: hero -->
  | ^^^^^^^^^^^^^^^^^^^^^^ role partner, tier one-to-few
  |
 ::: work/master-templates/policy.yaml:3:5
  |
3 |     fixed: true
  |     ----------- fixed here
  |
  = note: 100 % of it is fixed
  = hits: acme/launch/1, acme/launch/2, acme/launch/3, acme/launch/4, acme/launch/5 and 2 more
  = help: remove lines 2-4

"#]]
    );
    let all = human::text(&findings, &findings.list[2], Look { all_deployments: true, ..PLAIN });
    assert!(all.contains("acme/launch/6, acme/launch/7\n"));
}

#[test]
fn what_a_partner_wrote_cannot_steer_the_terminal() {
    let mut sources = Sources::default();
    let id = sources.add(InputPath::new("a.yaml").unwrap(), "name: \u{1b}[2J\u{202e}x\n");
    let diagnostic = Diagnostic::error("E-TYPE", "\u{1b}[2J is no name")
        .at(Span::new(id, 6, 10), "\u{1b}[1m")
        .note("\u{1b}[2J")
        .help("\u{1b}[2J");
    let findings = Findings::new(diagnostic.into(), &sources, "");
    let shown = human::text(&findings, &findings.list[0], PLAIN);
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
}

#[test]
fn json_names_places_from_one_and_holds_everything() {
    let sources = sources();
    let findings = findings(&sources);
    let list = serde_json::to_value(json::list(&findings)).unwrap();
    assert_eq!(list[0]["code"], "E-DISKFULL");
    assert_eq!(list[0].get("place"), None);
    let lock = &list[2];
    assert_eq!(lock["severity"], "error");
    assert_eq!(
        lock["place"],
        serde_json::json!({
            "file": "partners/acme/landing, v1.md", "line": 2, "column": 1, "end_line": 3, "end_column": 8,
            "text": "role partner, tier one-to-few",
        })
    );
    assert_eq!(lock["others"][0]["line"], 3);
    assert_eq!(lock["deployments"].as_array().unwrap().len(), 7);
}

#[test]
fn sarif_has_rules_regions_and_related_places() {
    let sources = sources();
    let log = sarif::log(&findings(&sources));
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let result = &run["results"][2];
    assert_eq!(result["ruleId"], "E-LOCK");
    assert_eq!(run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize]["id"], "E-LOCK");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "work/partners/acme/landing%2C%20v1.md");
    assert_eq!(place["region"]["startLine"], 2);
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "fixed here");
}

#[test]
fn github_gets_one_escaped_command_a_line() {
    let sources = sources();
    snapbox::assert_data_eq!(
        github::commands(&findings(&sources)),
        snapbox::str![[r#"
::error title=E-DISKFULL::the disk is full%0Ahelp: free some space
::warning file=work/master-templates/policy.yaml,line=1,endLine=1,col=1,endColumn=1,title=W-EMPTY::the file is empty
::error file=work/partners/acme/landing%2C v1.md,line=2,endLine=3,title=E-LOCK::partner `acme` may not replace `content/landing.md#hero`%0Anote: 100 %25 of it is fixed%0Ahelp: remove lines 2-4

"#]]
    );
}
