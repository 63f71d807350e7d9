//! Who keeps leads is said once (`journey.leads`), and everything that tells of it agrees: where forms go, the privacy
//! notice, the playbook, the model's routes and the emails.

#[path = "support/copied.rs"]
mod copied;

use std::path::Path;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::emit::Output;
use cobrand::matrix::query::Query;
use cobrand::profiles::capture::TARGETS;
use cobrand::workspace::DiskFiles;
use serde_json::Value;

const VENDOR: &str = "Halvorn Systems, Inc.";
const VENDOR_FORMS: &str = "https://forms.halvorn.example/";

#[test]
fn all_that_tells_who_keeps_leads_agrees() {
    let (partners, vendors) = counted(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(partners > 40 && vendors > 20, "{partners} and {vendors}");
}

/// The table alone decides: the same program, with its conditions changed, agrees on something else.
#[test]
#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
fn it_agrees_whatever_the_table_says() {
    let workspace = copied::sample();
    let table = workspace.path().join("master-templates/journey.yaml");
    let written = std::fs::read_to_string(&table).unwrap();
    let changed = written.replace("    capability: [full]\n", "    capability: [email-only]\n");
    let changed = changed.replace("keeps: vendor-until-sales-ready", "keeps: vendor");
    assert_ne!(written, changed);
    std::fs::write(table, changed).unwrap();
    let (partners, vendors) = counted(workspace.path());
    assert!(partners > 15 && vendors > 50, "{partners} and {vendors}");
}

/// A form that is missing is no reason not to release; where none is left that can ask for permission, it is.
#[test]
#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
fn a_gap_of_which_the_path_dies_refuses_a_release() {
    const ID: &str = "kieswerk-digital/launch/financial-services/dach";
    let workspace = copied::sample();
    let said = || {
        let program = Program::open(&DiskFiles::new(workspace.path())).0.unwrap_or_else(|_| panic!());
        let folder = tempfile::tempdir().unwrap();
        let output = Output::open(folder.path()).unwrap();
        let options = Options { queries: vec![Query::new(ID)], zips: false, release: true, ..Options::default() };
        let report = build::build(&program, &output, &options, &Unwatched);
        let said = report.diagnostics.sorted(program.sources());
        said.iter().filter(|it| it.is_error()).map(|it| format!("{}: {}", it.code.0, it.message)).collect::<Vec<_>>()
    };
    assert!(said().is_empty(), "{:?}", said());
    let registry = workspace.path().join("partners/registry.csv");
    let written = std::fs::read_to_string(&registry).unwrap();
    let row = written.lines().find(|line| line.starts_with("kieswerk-digital,")).unwrap();
    let form = row.split(',').find(|cell| cell.starts_with("00000000-0000-4000")).unwrap();
    std::fs::write(&registry, written.replace(row, &row.replace(form, ""))).unwrap();
    let gap = "E-GAP: no form can ask for the permission `partner`, since there is no `capture.forms.report`, \
               `capture.forms.case-study`, `capture.forms.talk`";
    assert_eq!(said(), [gap]);
}

/// A partner that gets the record of no lead has a package all the same, without what it would do with one.
#[test]
#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
fn a_partner_that_gets_no_record_has_a_package() {
    const ID: &str = "rheinfeld/launch/manufacturing/dach";
    let workspace = copied::sample();
    let journey = workspace.path().join("master-templates/journey.yaml");
    let written = std::fs::read_to_string(&journey).unwrap();
    let record = written.find("  - id: handoff\n").unwrap();
    let next = written[record..].find("  # A reply to an email").unwrap() + record;
    let without = [&written[..record], &written[next..]].concat().replace("record: handoff, ", "");
    assert!(!without.contains("record: handoff"));
    std::fs::write(&journey, without).unwrap();
    unbind(&workspace.path().join("master-templates"));
    for locale in std::fs::read_dir(workspace.path().join("master-templates/locales")).unwrap() {
        let told = locale.unwrap().path().join("journey.yaml");
        let Ok(written) = std::fs::read_to_string(&told) else { continue };
        let kept = written.lines().filter(|line| !line.contains("{id: handoff,")).map(|line| format!("{line}\n"));
        std::fs::write(&told, kept.collect::<String>()).unwrap();
    }
    let (program, found) = Program::open(&DiskFiles::new(workspace.path()));
    let program = program.unwrap_or_else(|_| panic!("{:?}", found.iter().map(|it| &it.message).collect::<Vec<_>>()));
    let folder = tempfile::tempdir().unwrap();
    let output = Output::open(folder.path()).unwrap();
    let options = Options { queries: vec![Query::new(ID)], zips: false, ..Options::default() };
    let report = build::build(&program, &output, &options, &Unwatched);
    let said = report.diagnostics.sorted(program.sources());
    let said: Vec<_> = said.iter().filter(|it| it.is_error()).map(|it| &it.message).collect();
    assert!(said.is_empty(), "{said:?}");
    let package = folder.path().join(ID);
    assert!(package.join("qualification/agreement.html").is_file());
    for gone in ["handoff.schema.json", "handoff.csv", "status.csv", "status.xlsx"] {
        assert!(!package.join("qualification").join(gone).exists(), "{gone}");
    }
    let calendar = text(&package, "playbook/calendar.ics");
    assert!(calendar.contains("SUMMARY:Freigabe"), "{calendar}");
    assert!(!calendar.contains("Durchsicht der Leads"));
}

/// How long data is kept is one number, and everything that says it says that one.
#[test]
#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
fn one_number_says_how_long_data_is_kept() {
    const ID: &str = "rheinfeld/launch/manufacturing/dach";
    let workspace = copied::sample();
    let journey = workspace.path().join("master-templates/journey.yaml");
    let written = std::fs::read_to_string(&journey).unwrap();
    let changed = written.replace("keep_months: 24", "keep_months: 19");
    assert_ne!(written, changed);
    std::fs::write(&journey, changed).unwrap();
    let program = Program::open(&DiskFiles::new(workspace.path())).0.unwrap_or_else(|_| panic!());
    let folder = tempfile::tempdir().unwrap();
    let output = Output::open(folder.path()).unwrap();
    let options = Options { queries: vec![Query::new(ID)], zips: false, ..Options::default() };
    let report = build::build(&program, &output, &options, &Unwatched);
    assert!(!report.diagnostics.has_errors());
    let package = folder.path().join(ID);
    assert!(text(&package, "site/legal.html").contains("19 Monate"));
    assert!(text(&package, "qualification/agreement.html").contains("<dd>19"));
    assert_eq!(json(&package, "qualification/handoff.schema.json")["x-handoff"]["keep_months"], 19);
    let told = json(&package, "playbook/journey.json");
    assert_eq!(told["holders"][0]["keep_months"], 19);
    assert_eq!(told["rights"][0]["unit"], "months");
    for page in ["site/legal.html", "qualification/agreement.html", "playbook/index.html"] {
        assert!(!text(&package, page).contains("24 Monate"), "{page}");
    }
}

/// Words that HQ bound to what goes over with a lead, free of that.
#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
fn unbind(master: &Path) {
    let locales = std::fs::read_dir(master.join("locales")).unwrap().map(|locale| locale.unwrap().path());
    for folder in locales.chain([master.to_owned()]) {
        for name in ["agreement.md", "playbook.md"] {
            let path = folder.join("content").join(name);
            let Ok(mut text) = std::fs::read_to_string(&path) else { continue };
            for bound in ["](node:handoff)", "](node:status-file)"] {
                while let Some(end) = text.find(bound) {
                    let start = text[..end].rfind('[').unwrap();
                    text.replace_range(end..end + bound.len(), "");
                    text.remove(start);
                }
            }
            std::fs::write(&path, text).unwrap();
        }
    }
}

/// Builds a program, and holds each package to one word; how many leave leads to the partner, and to the vendor.
fn counted(root: &Path) -> (usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::open(&DiskFiles::new(root)).0.unwrap_or_else(|_| panic!());
    let output = Output::open(folder.path()).unwrap();
    let report = build::build(&program, &output, &Options { zips: false, ..Options::default() }, &Unwatched);
    output.finish().unwrap();
    assert!(!report.diagnostics.has_errors(), "{:#?}", report.diagnostics.sorted(program.sources()));
    assert_eq!(report.outcomes.len(), 102);
    let (mut partners, mut vendors) = (0, 0);
    for outcome in &report.outcomes {
        let id = outcome.id.to_string();
        match agrees(&id, &folder.path().join(&id)) {
            Keeper::Partner => partners += 1,
            Keeper::Vendor => vendors += 1,
        }
    }
    (partners, vendors)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Keeper {
    Partner,
    Vendor,
}

/// Whose system counts after the handover, everything says alike: where the vendor's does, nothing goes from the partner's to it.
fn counts(id: &str, package: &Path, leads: &Value) {
    let is_vendors = leads["keeps"] == "vendor";
    assert_eq!(leads["counts"] == "vendor", is_vendors, "{id}");
    if package.join("qualification/handoff.schema.json").is_file() {
        let schema = json(package, "qualification/handoff.schema.json");
        assert_eq!(schema["x-handoff"]["counts"], leads["counts"], "{id}");
    }
    let fields = text(package, "qualification/fields.csv");
    let is_written_there =
        fields.lines().any(|line| line.starts_with("handoff_decision,") && line.contains("salesforce>"));
    assert!(!is_vendors || !is_written_there, "{id}: what a seller says counts in the partner's system");
}

/// Sellers of whoever keeps leads read in which field they tell what happened, which is one of the CRM's.
fn tells(id: &str, package: &Path, keeper: Keeper) {
    let is_told = text(package, "sales/index.html").contains("sales_happened");
    assert_eq!(is_told, keeper == Keeper::Partner, "{id}");
    let fields = text(package, "qualification/fields.csv");
    assert!(!is_told || fields.lines().any(|line| line.starts_with("sales_happened,")), "{id}");
}

/// Holds everything to the model's word.
fn agrees(id: &str, package: &Path) -> Keeper {
    let model = json(package, "qualification/model.json");
    let leads = &model["leads"];
    let keeper = match leads["keeps"].as_str().unwrap() {
        "partner" => Keeper::Partner,
        "vendor" | "vendor-until-sales-ready" => Keeper::Vendor,
        other => panic!("{id}: {other}"),
    };
    assert_eq!(&json(package, "emails/sequence.json")["leads"], leads, "{id}");
    counts(id, package, leads);
    tells(id, package, keeper);
    let receiver = leads["receiver"]["legal"]["legal_name"].as_str().unwrap();
    assert_eq!(receiver == VENDOR, keeper == Keeper::Vendor, "{id}: {receiver}");
    let calls = ["seat.html", "scoping.html", "session.html"].into_iter();
    let calls = calls.filter(|page| package.join("site").join(page).is_file()).collect::<Vec<_>>();
    assert!(!calls.is_empty(), "{id}");
    for page in [&["index.html"][..], &calls].concat() {
        assert_eq!(owner(&text(package, &format!("site/{page}"))), keeper, "{id}: {page}");
    }
    let legal = text(package, "site/legal.html");
    let notice = told(&legal, leads["contact"].as_str().unwrap());
    let at = |name: &str| notice.find(&*html(name));
    let first = at(receiver).unwrap_or_else(|| panic!("{id}: {receiver} in {notice}"));
    let other = if keeper == Keeper::Vendor { None } else { at(VENDOR) };
    assert!(other.is_none_or(|other| first < other), "{id}: {notice}");
    let playbook = text(package, "playbook/index.html");
    let name = leads["receiver"]["name"].as_str().unwrap();
    for (whose, words) in [Keeper::Partner, Keeper::Vendor].into_iter().zip(told_of_leads(language(&playbook))) {
        let said = words.replace("{{ leads.receiver.name }}", name);
        let said = said.split("{{").next().unwrap();
        assert_eq!(playbook.contains(&html(said)), whose == keeper, "{id}: {said}");
    }
    routes(id, &model, keeper);
    owed(id, package, &model, keeper);
    for email in emails(package) {
        assert_eq!(email.contains("preferences.halvorn.example"), keeper == Keeper::Vendor, "{id}: {email}");
        assert!(!email.contains("https://halvorn.example/privacy"), "{id}: {email}");
    }
    keeper
}

/// The language that a page is written in.
fn language(page: &str) -> &str {
    page.split("<html lang=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap()
}

/// What the table tells a partner of its own leads, and of those that the vendor keeps.
fn told_of_leads(tag: &str) -> [String; 2] {
    let master = Path::new(env!("CARGO_MANIFEST_DIR")).join("master-templates");
    // English and French are told alike wherever they are spoken.
    let told = match tag.split('-').next() {
        Some("en") => master.join("journey.yaml"),
        Some("fr") => master.join("locales/fr-FR/journey.yaml"),
        _ => master.join("locales").join(tag).join("journey.yaml"),
    };
    let text = std::fs::read_to_string(told).unwrap();
    let rows = text.lines().filter_map(|line| line.trim().strip_prefix("partner: \""));
    let rows: Vec<String> = rows.map(|row| row.trim_end_matches('"').to_owned()).collect();
    rows.try_into().unwrap()
}

/// Nobody owes anything about a lead that it may not have: the picture's model, the times of the model, the routes and
/// the playbook's tables name the same owners, states and times.
fn owed(id: &str, package: &Path, model: &Value, keeper: Keeper) {
    let playbook = text(package, "playbook/index.html");
    let report = match language(&playbook) {
        "en-US" => json(package, "playbook/journey.json"),
        other => {
            let own = format!("playbook/{}/journey.json", other.to_lowercase());
            json(package, if package.join(&own).is_file() { &own } else { "playbook/journey.json" })
        }
    };
    let picture = text(package, "playbook/journey.svg");
    let states = report["machines"].as_array().unwrap().iter().flat_map(|machine| {
        let states = machine["states"].as_array().unwrap().iter().filter(|state| state["who"].is_string());
        states
            .map(move |state| (format!("{}.{}", machine["id"].as_str().unwrap(), state["id"].as_str().unwrap()), state))
    });
    let states: Vec<(String, &Value)> = states.collect();
    let times = model["times"]["states"].as_array().unwrap();
    let told = times.iter().map(|it| format!("{}.{}", it["machine"].as_str().unwrap(), it["state"].as_str().unwrap()));
    assert_eq!(told.collect::<Vec<_>>(), states.iter().map(|(place, _)| place.clone()).collect::<Vec<_>>(), "{id}");
    for (place, state) in &states {
        let find = |owners: &Value| owners.as_array().unwrap().iter().find(|it| it["id"] == state["who"]).cloned();
        let owner = find(&model["owners"]).unwrap();
        let named = find(&report["owners"]).unwrap();
        assert!(keeper == Keeper::Vendor || owner["role"] == "partner", "{id}: {place} is owed by {owner}");
        let row =
            format!("<tr><td>{}</td><td>{}</td>", state["title"].as_str().unwrap(), named["title"].as_str().unwrap());
        assert!(playbook.contains(&html(&row)), "{id}: {row}");
        for route in model["routing"].as_array().unwrap().iter().filter(|route| route["enters"] == **place) {
            assert_eq!((&route["to"], &route["within"]), (&state["who"], &state["within"]), "{id}: {route}");
        }
    }
    for desk in ["Find somebody who", "Answer it in the"] {
        assert_eq!(picture.contains(desk), keeper == Keeper::Vendor, "{id}: {desk}");
    }
    // No state in which somebody owes something is entered by nothing but the picture.
    let enters = |place: &str| model["routing"].as_array().unwrap().iter().any(|route| route["enters"] == *place);
    assert!(enters("sales.offered") && enters("sales.review"), "{id}");
}

fn emails(package: &Path) -> Vec<String> {
    let files = walkdir::WalkDir::new(package.join("emails")).into_iter().map(Result::unwrap);
    let texts = files.filter(|file| file.path().extension().is_some_and(|it| it == "txt"));
    texts.map(|file| std::fs::read_to_string(file.path()).unwrap()).collect()
}

/// No route leads to somebody who has no basis for the contact.
fn routes(id: &str, model: &Value, keeper: Keeper) {
    let owners = model["owners"].as_array().unwrap();
    let is_partners = |owner: &Value| owners.iter().any(|it| it["id"] == *owner && it["role"] == "partner");
    for route in model["routing"].as_array().unwrap() {
        let lacks = route["when"]["unpermitted"].as_array().is_some_and(|lacking| lacking.contains(&"partner".into()));
        match keeper {
            Keeper::Partner => {
                assert!(is_partners(&route["to"]), "{id}: {route}");
                assert!(route["fallback"].is_null() || is_partners(&route["fallback"]), "{id}: {route}");
            }
            Keeper::Vendor => assert!(!lacks || !is_partners(&route["to"]), "{id}: {route}"),
        }
    }
}

/// Whose system the page's request goes to.
fn owner(page: &str) -> Keeper {
    let form = page.split("id=\"form\"").nth(1).unwrap();
    let starts = ["action=\"", "href=\"mailto:"].iter().filter_map(|start| Some(form.find(start)? + start.len()));
    let address = form[starts.min().unwrap()..].split('"').next().unwrap();
    let is_vendors =
        address.starts_with(VENDOR_FORMS) || address.split('?').next().unwrap().ends_with("@halvorn.example");
    let policy = page.split("form-action ").nth(1).unwrap().split(';').next().unwrap();
    if address.starts_with("https://") {
        let source = address.split('?').next().unwrap();
        assert!(policy.split(' ').any(|allowed| allowed == source), "{policy} lacks {source}");
    }
    if is_vendors { Keeper::Vendor } else { Keeper::Partner }
}

/// The paragraph of the privacy notice in which whoever answers is named.
fn told<'p>(page: &'p str, contact: &str) -> &'p str {
    let notice = page.split("id=\"privacy\"").nth(1).unwrap();
    notice.split("<p>").find(|paragraph| paragraph.contains(contact)).unwrap_or_else(|| panic!("no {contact}"))
}

fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('\'', "&#39;")
}

fn text(package: &Path, path: &str) -> String {
    std::fs::read_to_string(package.join(path)).unwrap()
}

fn json(package: &Path, path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(package.join(path)).unwrap()).unwrap()
}

#[test]
fn whatever_a_system_asks_of_people_has_words_in_every_language() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("master-templates");
    let locales = ["de-DE", "fr-FR", "pt-BR", "ja-JP", "ar-AE"].map(|tag| format!("locales/{tag}/strings.yaml"));
    let notes = TARGETS.iter().flat_map(|target| target.notes).map(|note| note.is);
    let needs = ["target", "account", "form", "address", "page", "field"];
    let facts = ["way", "address", "names", "custom", "back", "trap"];
    let ids: Vec<&str> = notes.chain(needs).chain(facts).collect();
    for path in std::iter::once("strings.yaml".to_owned()).chain(locales) {
        let text = text(&root, &path);
        let words = text.split("\ncapture:\n").nth(1).unwrap().split("\nconsent:").next().unwrap();
        for id in &ids {
            assert!(words.contains(&format!("\n    {id}: ")), "{id} in {path}");
        }
    }
}
