//! What was clicked is what is posted: from each entry of a package, Chromium follows the ways through the site to the
//! forms, and the campaign that stands in the form is the one that the entry was tagged with.
//!
//! Skipped where there is no Chromium.

#[path = "support/browser.rs"]
mod browser;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::emit::Output;
use cobrand::matrix::query::Query;
use cobrand::workspace::DiskFiles;
use serde_json::Value;

use browser::Browser;

/// One in a region of each way to give permission, of each way in which a form is sent (to HubSpot, by the names of Salesforce,
/// to a handler, to the vendor), and of each motion, since what a lead can ask for is theirs to say.
const DEPLOYMENTS: [&str; 5] = [
    "rheinfeld/launch/manufacturing/dach",
    "rheinfeld/services/manufacturing/dach",
    "cumulon/launch/government/us",
    "orvane/event/energy/gulf",
    "dunmore/launch/manufacturing/uki",
];

const TUPLE: [&str; 5] = ["utm_source", "utm_medium", "utm_campaign", "utm_id", "utm_content"];

/// The ways on from a page, and what its forms would post if somebody agreed to something.
const LOOK: &str = "(() => {
    const posted = [...document.forms].map(form => {
        form.querySelector('input[type=checkbox]').checked = true;
        form.addEventListener('submit', event => event.preventDefault());
        form.dispatchEvent(new Event('submit', { cancelable: true }));
        const sent = new FormData(form);
        const fields = [...form.elements].filter(field => field.name && field.dataset.field);
        const posted = Object.fromEntries(fields.map(field => [field.dataset.field, sent.get(field.name)]));
        return { ...posted, trap: form.querySelector('.trap input')?.value ?? '' };
    });
    return { ways: [...document.links].map(link => link.href), posted };
})()";

#[test]
fn what_was_clicked_is_what_is_posted() {
    let Some(mut browser) = Browser::start() else {
        return println!("skipped: there is no Chromium here");
    };
    let folder = tempfile::tempdir().unwrap();
    build_sample(folder.path());
    for id in DEPLOYMENTS {
        let package = folder.path().join(id).canonicalize().unwrap();
        let listed = read(&package.join("tracking/utm.json"));
        let rows = listed["links"].as_array().unwrap();
        let home = rows.iter().find(|row| row["document"] == "placements" && row["link"] == "landing").unwrap();
        let home = home["base_url"].as_str().unwrap();
        let entries = rows.iter().filter(|row| is_of(row, home));
        let (mut seen, mut requests) = (BTreeSet::new(), BTreeSet::new());
        for row in entries {
            // Emails lead to the same pages as placements: one for each page is enough of them.
            let page = row["base_url"].as_str().unwrap();
            if row["document"] == "placements" || seen.insert(page.to_owned()) {
                requests.extend(follow(&mut browser, &package, home, row));
            }
        }
        assert!(seen.len() >= 4, "{seen:?}");
        assert_eq!(requests, wanted(&package));
        second_visit(&mut browser, &package);
        first_touch(&mut browser, &package, id.ends_with("/us"));
    }
    led_on(&mut browser, &folder.path().join(LED_ON).canonicalize().unwrap());
}

/// The requests of a package whose forms are its own.
fn wanted(package: &Path) -> BTreeSet<String> {
    let told = read(&package.join("playbook/journey.json"));
    let requests = told["requests"].as_array().unwrap();
    requests.iter().map(|request| request["id"].as_str().unwrap().to_owned()).collect()
}

fn is_of(row: &Value, home: &str) -> bool {
    row["base_url"].as_str().unwrap().starts_with(home)
}

/// Follows all ways from an entry, and tells the requests whose forms it came to.
fn follow(browser: &mut Browser, package: &Path, home: &str, row: &Value) -> BTreeSet<String> {
    let url = row["url"].as_str().unwrap().strip_prefix(home).unwrap();
    let start = format!("{}&gclid=click-1", local(package, url).split('#').next().unwrap());
    let (mut waiting, mut seen) = (VecDeque::from([start]), BTreeSet::new());
    let mut forms = BTreeMap::new();
    while let Some(address) = waiting.pop_front() {
        let page = address.split(['?', '#']).next().unwrap().to_owned();
        if !seen.insert(page.clone()) {
            continue;
        }
        browser.go(&address);
        let found = browser.answer(LOOK);
        let root = format!("file://{}/site/", package.display());
        let ways = found["ways"].as_array().unwrap().iter().filter_map(Value::as_str);
        waiting.extend(ways.filter(|way| way.starts_with(&root)).map(str::to_owned));
        for posted in found["posted"].as_array().unwrap() {
            for name in TUPLE {
                assert_eq!(posted[name], row[name], "{name} on {page}, come from {url}");
            }
            assert_eq!(posted["first_utm_campaign"], row["utm_campaign"]);
            // A system that has no name for a field does not get it; the playbook says which those are.
            assert!(posted.get("gclid").is_none_or(|click| click == "click-1"), "{posted}");
            assert_eq!(posted["trap"], "", "{posted}");
            // What was agreed to, in which language; when, says whoever receives it.
            let mut agreed = posted.as_object().unwrap().iter().filter(|(name, _)| name.starts_with("consent_"));
            assert!(agreed.any(|(_, text)| text.as_str().is_some_and(|text| text.contains('/'))), "{posted}");
            let back = posted["return_to"].as_str().unwrap();
            assert!(back.contains(home), "{back}");
            forms.insert(page.clone(), posted["request"].as_str().unwrap().to_owned());
        }
        if forms.values().collect::<BTreeSet<_>>().len() == 2 {
            break;
        }
    }
    if seen.len() == 1 {
        // The imprint is a page that nobody is led on from.
        assert!(url.starts_with("legal.html"), "no way on from {url}");
        return BTreeSet::new();
    }
    assert!(!forms.is_empty(), "no form is reached from {url}");
    forms.into_values().collect()
}

/// To a platform that draws its own forms: the page leads there with the campaign in the address, and asks nothing.
const LED_ON: &str = "brightmere/event/energy/uki";

const ADDRESS: &str = "(() => {
    const form = document.forms[0];
    form.addEventListener('submit', event => event.preventDefault());
    form.dispatchEvent(new Event('submit', { cancelable: true }));
    return { to: form.action, how: form.method, with: Object.fromEntries(new FormData(form)) };
})()";

fn led_on(browser: &mut Browser, package: &Path) {
    let site = format!("file://{}/site", package.display());
    browser.go(&format!("{site}/session.html?utm_source=one&utm_medium=email&utm_campaign=first&utm_content=x"));
    let found = browser.answer(ADDRESS);
    assert_eq!((&found["to"], &found["how"]), (&"https://go.brightmere.example/session-form".into(), &"get".into()));
    let with = found["with"].as_object().unwrap();
    let text = |name: &str| with.get(name).and_then(Value::as_str);
    assert_eq!((text("utm_source"), text("utm_content")), (Some("one"), Some("x")));
    assert_eq!((text("request"), text("deployment_id")), (Some("talk"), Some(LED_ON)));
    assert!(with.keys().all(|name| !name.contains("consent")), "permission is asked for there: {with:?}");
    assert!(with.values().all(|value| value != ""), "{with:?}");
}

/// Who comes back by another campaign: the first one stays, the last one is the new one as a whole.
fn second_visit(browser: &mut Browser, package: &Path) {
    let site = format!("file://{}/site", package.display());
    browser.answer("(sessionStorage.clear(), {})");
    browser.go(&format!("{site}/report.html?utm_source=one&utm_medium=email&utm_campaign=first&utm_content=x"));
    let found = browser.answer(LOOK);
    let ways = found["ways"].as_array().unwrap().iter().filter_map(Value::as_str);
    let way = ways.into_iter().find(|way| way.starts_with(&format!("{site}/index.html"))).unwrap();
    let way = way.split('#').next().unwrap();
    browser.go(&format!("{way}&utm_source=two&utm_medium=social&utm_campaign=second"));
    let posted = browser.answer(LOOK)["posted"][0].clone();
    if posted.get("landing_page").is_none() {
        return;
    }
    let text = |name: &str| posted[name].as_str().unwrap_or_else(|| panic!("{name} in {posted}")).to_owned();
    assert_eq!(
        (text("utm_source"), text("utm_campaign"), text("utm_content")),
        ("two".into(), "second".into(), String::new())
    );
    assert_eq!((text("first_utm_source"), text("first_utm_campaign")), ("one".into(), "first".into()));
    assert!(text("landing_page").ends_with("/site/report.html"), "{posted}");
}

/// Who comes back to the same tab by a link from outside: where the region lets it be kept, the first campaign stays the
/// first one; elsewhere nothing is kept, and the visit begins anew.
fn first_touch(browser: &mut Browser, package: &Path, is_kept: bool) {
    let site = format!("file://{}/site", package.display());
    browser.answer("(sessionStorage.clear(), {})");
    browser.go(&format!("{site}/report.html?utm_source=one&utm_medium=email&utm_campaign=first"));
    browser.go(&format!("{site}/index.html?utm_source=two&utm_medium=social&utm_campaign=second"));
    let posted = browser.answer(LOOK)["posted"][0].clone();
    if posted.get("first_utm_campaign").is_none() {
        return;
    }
    let first = if is_kept { "first" } else { "second" };
    assert_eq!((&posted["first_utm_campaign"], &posted["utm_campaign"]), (&first.into(), &"second".into()));
    let stored = browser.answer("({ keys: Object.keys(sessionStorage).filter(key => key.startsWith('trail')) })");
    assert_eq!(stored["keys"].as_array().unwrap().len(), usize::from(is_kept), "{stored}");
}

/// Where a page of the site lies.
fn local(package: &Path, url: &str) -> String {
    let (path, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    let page = if path.is_empty() || path.ends_with('/') { "index.html" } else { "" };
    format!("file://{}/site/{path}{page}{rest}", package.display())
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn build_sample(folder: &Path) {
    let program = Program::open(&DiskFiles::new(env!("CARGO_MANIFEST_DIR"))).0.unwrap_or_else(|_| panic!());
    let options = Options {
        queries: DEPLOYMENTS.iter().chain([&LED_ON]).map(|id| Query::new(id)).collect(),
        zips: false,
        ..Options::default()
    };
    let output = Output::open(folder).unwrap();
    let report = build::build(&program, &output, &options, &Unwatched);
    assert_eq!(report.outcomes.len(), DEPLOYMENTS.len() + 1);
    output.finish().unwrap();
}
