use std::path::Path;

use super::answer::{Answers, explain};
use super::comparison::compare;
use super::contributors::who_sets;
use super::sheet::{page, sheet};
use super::subject::{Subject, governed};
use crate::build::trace::trace;
use crate::build::{Program, list};
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::is_within;
use crate::diag::Diagnostics;
use crate::workspace::DiskFiles;

const ACME: &str = "acme/launch/retail/dach";

fn program() -> Program {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/base");
    Program::open(&DiskFiles::new(&base)).0.expect("the base workspace is whole")
}

#[test]
fn a_value_names_its_winner_its_rule_and_who_may_change_it() {
    let program = program();
    let subject = Subject::open(&program, ACME).unwrap();
    let explanation = explain(&subject, "partner.name", None).unwrap();
    let [value] = explanation.values.as_slice() else { panic!("{explanation:?}") };
    assert_eq!(value.winner.layer, "partner=acme");
    assert_eq!(value.winner.place.file, "partners/acme/partner.yaml");
    assert_eq!((value.winner.place.line, value.winner.place.column), (1, 7));
    let rule = value.rule.as_ref().unwrap();
    assert_eq!(rule.place.file, "master-templates/policy.yaml");
    assert!(!rule.fixed);
    let partner = value.may.iter().find(|permission| permission.role == "partner").unwrap();
    assert!(partner.rights.contains(&"set-var".to_owned()));
    assert_eq!(partner.layers, ["partner=acme"]);
}

/// An answer is made from the part of the tree that it is about; nothing in it tells.
#[test]
fn an_answer_is_what_the_whole_tree_gives() {
    let program = program();
    let mut compared = 0;
    for id in program.matrix().ids(program.catalog()).iter().map(String::as_str).chain(["master"]) {
        let subject = Subject::open(&program, id).unwrap();
        for locale in (0..program.catalog().locales.tags().count() as u16).map(LocaleId) {
            let tag = program.catalog().locale(locale).tag.clone();
            let tree = subject.tree(locale);
            let answers = Answers::of_whole(&subject, locale, &tree);
            let places = tree.places();
            let above = ["", "content", "content/landing.md@", "assets", "nurture.emails", "strings.nothing"];
            for path in places.keys().map(String::as_str).step_by(7).chain(above) {
                let values = explain(&subject, path, Some(&tag)).map(|explanation| explanation.values);
                assert_eq!(format!("{:?}", values.unwrap_or_default()), format!("{:?}", answers.below(path)), "{path}");
                compared += 1;
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

/// T5: the cells of the chain in their order, and which one holds.
#[test]
fn a_text_shows_where_it_was_looked_for() {
    let program = program();
    let subject = Subject::open(&program, ACME).unwrap();
    let explanation = explain(&subject, "content/landing.md#hero.body", None).unwrap();
    let [value] = explanation.values.as_slice() else { panic!("{explanation:?}") };
    let tags: Vec<_> = value.cells.iter().map(|cell| (&*cell.locale, cell.wins)).collect();
    assert_eq!(tags, [("de-DE", true), ("en-US", false)]);
    assert_eq!(value.winner.locale.as_deref(), Some("de-DE"));
    assert_eq!(value.hides[0].place.file, "master-templates/content/landing.md");
}

/// I4 and I5: the text is the master's, the variable in it the partner's.
#[test]
fn a_text_names_its_variables_with_their_places() {
    let program = program();
    let subject = Subject::open(&program, ACME).unwrap();
    let explanation = explain(&subject, "content/landing.md", None).unwrap();
    let variables = explanation.values.iter().flat_map(|value| &value.variables);
    let name = variables.into_iter().find(|variable| variable.path == "partner.name").unwrap();
    assert_eq!(name.value.as_deref(), Some("Acme"));
    assert_eq!(name.layer.as_deref(), Some("partner=acme"));
    assert_eq!(name.roles, ["region", "partner"]);
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    let program = program();
    let subject = Subject::open(&program, ACME).unwrap();
    let unknown = explain(&subject, "partner.nam", None).unwrap_err();
    assert_eq!((unknown.what, unknown.near.as_deref()), ("path", Some("partner.name")));
    let unknown = Subject::open(&program, "acme/launch/retail/dahc").err().unwrap();
    assert_eq!((unknown.what, unknown.near.as_deref()), ("deployment", Some(ACME)));
    let unknown = explain(&subject, "leads.keeps", None).unwrap_err();
    assert_eq!(unknown.what, "path", "there is no table of leads");
    let unknown = explain(&subject, "partner.name", Some("de-AT")).unwrap_err();
    assert_eq!((unknown.what, unknown.near.as_deref()), ("locale", Some("de-DE")));
    assert_eq!(who_sets(&program, "partner.nmae").unwrap_err().near.as_deref(), Some("partner.name"));
}

#[test]
fn every_layer_that_sets_a_path_is_counted_where_it_wins() {
    let program = program();
    let found = who_sets(&program, "partner.*").unwrap();
    let name = found.paths.iter().find(|path| path.path == "partner.name").unwrap();
    assert_eq!(name.layers.iter().map(|layer| layer.wins).sum::<usize>(), found.deployments);
    assert!(name.layers.iter().all(|layer| layer.wins == layer.reaches && layer.roles == ["partner"]));
}

#[test]
fn a_translation_reaches_the_deployments_that_read_its_language() {
    let program = program();
    let found = who_sets(&program, "strings.send").unwrap();
    let layers = &found.paths[0].layers;
    let german = layers.iter().find(|layer| layer.locale.as_deref() == Some("de-DE")).unwrap();
    let list = list(&program, &[]);
    let reading = list.iter().filter(|deployment| deployment.locales.iter().any(|tag| tag.starts_with("de")));
    assert_eq!(german.reaches, reading.count());
    assert!(german.reaches > 0);
    assert!(layers.iter().all(|layer| layer.locale.is_some() || layer.reaches == found.deployments));
}

/// A translation wins where it is what a deployment shows in one of its languages, whoever else speaks of the path.
#[test]
fn a_translation_wins_where_it_is_shown() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Program::open(&DiskFiles::new(root)).0.expect("the sample is whole");
    let ids: Vec<_> = list(&program, &[]).iter().map(|deployment| deployment.id.to_string()).collect();
    let subjects: Vec<Subject<'_>> = ids.iter().map(|id| Subject::open(&program, id).unwrap()).collect();
    for path in [
        "content/landing.md#hero.body",
        "content/landing.md#spotlight.body",
        "content/landing.md#spotlight.heading",
        "content/legal.md#imprint.heading",
        "journey.requests[talk].label",
    ] {
        let found = who_sets(&program, path).unwrap();
        let layers = &found.paths.iter().find(|found| found.path == path).unwrap().layers;
        let mut counted = 0;
        for word in layers.iter().filter(|word| word.locale.is_some()) {
            let is_shown = |subject: &&Subject<'_>| {
                subject.locales.iter().any(|&locale| {
                    let tag = &program.catalog().locale(locale).tag;
                    let explanation = explain(subject, path, Some(tag)).unwrap();
                    let winner = &explanation.values.iter().find(|value| value.path == path).unwrap().winner;
                    winner.layer == word.layer && winner.locale == word.locale
                })
            };
            assert_eq!(word.wins, subjects.iter().filter(is_shown).count(), "{path} {} {:?}", word.layer, word.locale);
            counted += word.wins;
        }
        assert!(counted > 0, "{path}: none is shown");
        assert!(counted < layers.iter().map(|word| word.reaches).sum(), "{path}: none is hidden");
    }
}

#[test]
fn a_comparison_with_itself_is_empty_and_with_the_master_counts_roles() {
    let program = program();
    let (a, b) = (Subject::open(&program, "master").unwrap(), Subject::open(&program, ACME).unwrap());
    assert_eq!(compare(&b, &b).summary.different, 0);
    let comparison = compare(&a, &b);
    assert!(comparison.files.iter().any(|file| file.file == "partner"));
    let summary = comparison.summary;
    assert_eq!(summary.roles.values().sum::<usize>(), summary.values);
}

#[test]
fn paths_contain_each_other_at_their_separators() {
    assert!(is_within("partner.contact.name", "partner"));
    assert!(is_within("content/landing.md#hero.body", "content/landing.md"));
    assert!(!is_within("partners", "partner"));
    assert_eq!(governed("content/landing.md#pains/loss.body"), "content/landing.md#pains/loss");
    assert_eq!(governed("nurture.emails[welcome].day"), "nurture.emails[welcome].day");
}

/// Every byte of a page has a source, and each text of the content that it shows is found under its path.
#[test]
fn a_page_of_the_sample_is_mapped_to_the_byte() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Program::open(&DiskFiles::new(root)).0.expect("the sample is whole");
    let subject = Subject::open(&program, "rheinfeld/launch/manufacturing/dach").unwrap();
    let kept = explain(&subject, "leads.receiver.name", None).unwrap();
    assert_eq!(kept.values[0].path, "leads.receiver.name");
    for wanted in ["site/index.html", "emails/de-de/01-welcome.txt", "playbook/index.html"] {
        let trace = trace(&program, &subject.values, Some(wanted), &mut Diagnostics::default()).unwrap();
        let [page] = trace.pages.as_slice() else { panic!("{wanted} is not there") };
        let marker = page.marker.as_ref().expect("values are mapped");
        assert!(page.runs.windows(2).all(|pair| pair[0].end == pair[1].start), "no gap in {wanted}");
        assert_eq!(page.runs[0].start, 0);
        assert_eq!(page.runs.last().map(|run| run.end), Some(page.text.len()));
        let bare = page.runs.iter().filter(|run| run.marks.is_empty() && run.point.is_none());
        assert!(bare.into_iter().all(|run| page.text[run.start..run.end].trim().is_empty()), "{wanted}");
        let mut found = 0;
        for (path, node) in page.tree.places() {
            let Some(text) = node.as_leaf().and_then(|resolved| resolved.leaf.source()).map(str::trim) else {
                continue;
            };
            // Short words also stand in templates, and markup is another text in a page.
            let is_plain = text.chars().count() > 24 && text.chars().all(|c| c.is_alphanumeric() || " ,.-".contains(c));
            let Some(at) = page.text.find(text).filter(|_| is_plain) else { continue };
            let run = page.runs.iter().find(|run| run.start <= at && at < run.end).unwrap();
            let contents: Vec<_> = run.marks.iter().filter_map(|&mark| marker.content(mark)).collect();
            // A component may compose a text of several, and so is the address of a form: that is known by the
            // expression which prints it.
            let composed = wanted.starts_with("playbook") || path.contains("capture.");
            assert!(composed || !contents.is_empty(), "{path} in {wanted} is attributed to nothing");
            found += usize::from(contents.iter().any(|content| content.path == path));
        }
        assert!(found > 0, "no text in {wanted} is found under its own path");
    }
}

#[test]
fn a_partner_sees_what_it_may_touch_as_text_and_as_a_page() {
    let program = program();
    let sheet = sheet(&program, "acme").unwrap();
    assert_eq!((sheet.tier.as_deref(), sheet.deployments), (Some("one-to-one"), 1));
    assert!(sheet.rules.iter().all(|rule| !rule.rights.is_empty()));
    let name = sheet.rules.iter().flat_map(|rule| &rule.values).find(|today| today.path == "partner.name").unwrap();
    assert_eq!((&*name.layer, &*name.text), ("partner=acme", "Acme"));
    let page = page(&sheet, &program).unwrap();
    assert!(page.contains("<code>partner.name</code>") && !page.contains("<script"));
    assert_eq!(super::sheet::sheet(&program, "acmee").unwrap_err().near.as_deref(), Some("acme"));
}

#[test]
fn folders_are_bound_to_owners_with_placeholders_for_those_nobody_named() {
    let lines = super::owners::codeowners(&program());
    let owner = |path: &str| lines.lines().find_map(|line| Some(line.strip_prefix(path)?.trim().to_owned()));
    assert_eq!(owner("/regions/dach/ ").as_deref(), Some("@OWNER-REGION-DACH"));
    assert_eq!(owner("/master-templates/ ").as_deref(), Some("@OWNER-HQ"));
}
