//! What happens on a page is what is told, to the tool that was chosen and to nobody else: Chromium clicks through pages
//! of each kind, under their own policy, with what a script would send hooked.
//!
//! Skipped where there is no Chromium.

#[path = "support/browser.rs"]
mod browser;
#[path = "support/copied.rs"]
mod copied;

use std::path::{Path, PathBuf};

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::emit::Output;
use cobrand::matrix::query::Query;
use cobrand::workspace::DiskFiles;
use serde_json::{Value, json};

use browser::Browser;

/// A deployment in a region that asks first and keeps nothing, one in a region that lets visitors object and keep an
/// answer, and one whose platform draws its own forms.
const ASKS: &str = "rheinfeld/launch/manufacturing/dach";
const OBJECTS: &str = "cumulon/launch/government/us";
const LED_ON: &str = "brightmere/event/energy/uki";

/// What was sent, pushed and loaded, and what the page's policy refused.
const HOOK: &str = "
    window.sent = []; window.refused = [];
    window.fetch = (address, options) => {
        sent.push({ address, ...options });
        // The page's policy has its say; no host can be found.
        Navigator.prototype.sendBeacon.call(navigator, address, '');
        return Promise.resolve();
    };
    navigator.sendBeacon = (address) => { sent.push({ address }); return true; };
    XMLHttpRequest.prototype.open = (how, address) => sent.push({ address });
    addEventListener('securitypolicyviolation', (event) => refused.push(event.blockedURI));
";

const SEEN: &str = "(async () => (await new Promise((done) => setTimeout(done, 20)), {
    sent: window.sent.map((it) => ({ ...it, body: it.body || '' })),
    layer: (window.dataLayer || []).map((it) => it.length === undefined ? it : [...it]),
    loaded: [...document.scripts].map((it) => it.src).filter((it) => !it.startsWith('file:')),
    refused: window.refused, state: document.getElementById('measurement')?.dataset.state ?? null,
    shown: document.getElementById('measurement')?.hidden === false,
    // The first campaign is kept under the folder of its site, where the region allows that; all files are of one origin.
    trail: Object.keys(sessionStorage).filter((it) => it.startsWith('trail ') && it.includes(location.pathname.split('/site/')[0])).length,
    kept: Object.keys(sessionStorage).filter((it) => !it.startsWith('trail ')).length + localStorage.length + (document.cookie ? 1 : 0),
    ways: [...document.links].map((it) => it.getAttribute('href')),
}))()";

/// Fills a form in and sends it, leaves the page, answers all questions. Nothing gets out.
const ACT: &str = "(() => {
    for (const form of document.forms) {
        form.addEventListener('submit', (event) => event.preventDefault());
        for (const field of form.querySelectorAll('input:not([type=hidden]), select')) {
            if (field.closest('.trap')) continue;
            field.value = field.type === 'email' ? 'ada@secret.example' : 'Secret';
            field.dispatchEvent(new Event('input', { bubbles: true }));
        }
        form.dispatchEvent(new Event('submit', { cancelable: true }));
    }
    document.addEventListener('click', (event) => event.preventDefault());
    const away = [...document.links].find((it) => it.protocol === 'https:' && it.href.includes('halvorn.example/recall'));
    const other = away || [...document.links].find((it) => it.protocol === 'https:');
    if (other) other.click();
    for (const set of document.querySelectorAll('#answers fieldset')) {
        const choice = set.querySelector('input');
        choice.checked = true;
        choice.dispatchEvent(new Event('change', { bubbles: true }));
    }
})()";

fn answer(word: &str) -> String {
    format!("document.querySelector('#measurement [data-measure={word}]').click()")
}

#[test]
fn what_happens_is_told_to_the_chosen_tool_and_to_nobody_else() {
    let Some(mut browser) = Browser::start() else {
        return println!("skipped: there is no Chromium here");
    };
    browser.obey(HOOK);
    for profile in [None, Some("plausible"), Some("umami"), Some("matomo"), Some("gtm")] {
        let built = Built::new(profile);
        match profile {
            None => nothing_without_a_tool(&mut browser, &built),
            Some("gtm") => container(&mut browser, &built),
            Some(profile) => events(&mut browser, &built, profile),
        }
    }
    // From here on the browser asks not to be tracked.
    browser.obey("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });");
    for (profile, id) in [("plausible", OBJECTS), ("gtm", ASKS)] {
        let seen = Built::new(Some(profile)).act(&mut browser, id, "index.html", None);
        let (sent, loaded, shown) = (&seen["sent"], &seen["loaded"], &seen["shown"]);
        assert_eq!((sent, loaded, shown), (&json!([]), &json!([]), &json!(false)), "{seen}");
    }
}

/// What the system of a partner calls fields, by ours: in a browser a field stands in the place of what its form has of
/// that name.
const HOSTILE: [(&str, &str); 12] = [
    ("first_name", "submit"),
    ("last_name", "method"),
    ("company", "action"),
    ("email", "elements"),
    ("job_role", "length"),
    ("company_size", "reset"),
    ("timeframe", "attributes"),
    ("consent_partner", "children"),
    ("locale", "dataset"),
    ("landing_page", "title"),
    ("utm_campaign", "constructor"),
    ("utm_source", "enctype"),
];

/// Fills in the form of a page, sends it, and says what goes out: pairs of names and values, as a browser puts them
/// together, where to, and how.
const POST: &str = "(async () => {
    const form = document.querySelector('form[data-request]');
    const own = (name) => Reflect.get(HTMLFormElement.prototype, name, form);
    const fields = [...document.querySelectorAll('form[data-request] input:not([type=hidden]), form[data-request] select')];
    for (const field of fields.filter((it) => it.dataset.field)) {
        if (field.type === 'checkbox') field.checked = true;
        else if (field.tagName === 'SELECT') field.selectedIndex = 1;
        else field.value = field.type === 'email' ? 'ada@secret.example' : `Secret ${field.dataset.field}`;
        field.dispatchEvent(new Event('input', { bubbles: true }));
    }
    window.addEventListener('submit', (event) => event.preventDefault());
    HTMLFormElement.prototype.requestSubmit.call(form);
    await new Promise((done) => setTimeout(done, 20));
    return { pairs: [...new FormData(form)], action: own('action'), method: own('method'), enctype: own('enctype') };
})()";

#[test]
fn a_form_posts_what_it_should_whatever_its_fields_are_called() {
    let Some(mut browser) = Browser::start() else {
        return println!("skipped: there is no Chromium here");
    };
    browser.obey(HOOK);
    let names: Vec<String> = HOSTILE.iter().map(|(ours, theirs)| format!("{ours}: {theirs}")).collect();
    #[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
    let hostile = |root: &Path| {
        let record = root.join("partners/rheinfeld/partner.yaml");
        let said = std::fs::read_to_string(&record).unwrap();
        let given = said.replace(
            "capture: {target: hubspot,",
            &format!("capture: {{target: hubspot, fields: {{{}}},", names.join(", ")),
        );
        assert_ne!(said, given);
        std::fs::write(record, given).unwrap();
    };
    let seen = |browser: &mut Browser, built: &Built| {
        let campaign = "utm_source=one&utm_campaign=first";
        browser.go(&format!("file://{}?{campaign}", built.page(ASKS, "index.html").display()));
        browser.answer(&format!("({}, true)", answer("yes")));
        let posted = browser.answer(POST);
        (
            posted,
            browser.answer(SEEN)["sent"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| named("plausible", it))
                .collect::<Vec<_>>(),
        )
    };
    let (plain, told) = seen(&mut browser, &Built::new(Some("plausible")));
    let (other, told_of_other) = seen(&mut browser, &Built::edited(Some("plausible"), hostile));
    assert!(told.contains(&"generate_lead".to_owned()), "{told:?}");
    assert_eq!(told, told_of_other);
    for key in ["action", "method", "enctype"] {
        assert_eq!(plain[key], other[key], "{key}");
    }
    let values = |posted: &Value| -> Vec<String> {
        let value = |pair: &Value| pair[1].as_str().unwrap().to_owned();
        // When, how long and from which folder differ.
        let is_told =
            |value: &String| !value.starts_with("20") && !value.starts_with("file:") && value.parse::<u32>().is_err();
        posted["pairs"].as_array().unwrap().iter().map(value).filter(is_told).collect()
    };
    assert_eq!(values(&plain), values(&other));
    let sent = |name: &str| {
        let pairs = other["pairs"].as_array().unwrap().iter().find(|pair| pair[0] == *name);
        pairs.map(|pair| pair[1].as_str().unwrap().to_owned()).unwrap_or_else(|| panic!("{name}: {other}"))
    };
    assert_eq!((&*sent("submit"), &*sent("method")), ("Secret first_name", "Secret last_name"));
    assert_eq!((&*sent("constructor"), &*sent("enctype")), ("first", "one"));
    assert!(sent("dataset") == "de-DE" && sent("title").contains("index.html"), "{other}");
    assert!(HOSTILE.iter().all(|(_, theirs)| !sent(theirs).is_empty()));
}

/// No package but that of the partner who chose a tool for itself has a word of it, and that one asks first.
fn nothing_without_a_tool(browser: &mut Browser, built: &Built) {
    for page in ["index.html", "report.html", "self-check.html", "session.html"] {
        let text = std::fs::read_to_string(built.page(OBJECTS, page)).unwrap();
        assert!(
            !text.contains("measure.js")
                && !text.contains("id=\"measurement\"")
                && text.contains("connect-src 'self';"),
            "{page}"
        );
        let seen = built.act(browser, OBJECTS, page, None);
        assert_eq!((&seen["sent"], &seen["layer"], &seen["state"]), (&json!([]), &json!([]), &Value::Null), "{page}");
    }
    assert!(!built.page(OBJECTS, "assets/measure.js").exists() && built.page(ASKS, "assets/measure.js").exists());
}

fn events(browser: &mut Browser, built: &Built, profile: &str) {
    // Before an answer, nothing; after a refusal, nothing, and the next page does not ask again.
    for word in [None, Some("no")] {
        let seen = built.act(browser, ASKS, "index.html", word);
        assert_eq!((&seen["sent"], &seen["kept"], &seen["shown"]), (&json!([]), &json!(0), &json!(true)), "{word:?}");
        assert_eq!(seen["trail"], 0, "the first campaign is kept where nothing may be");
        let refused = |way: &Value| way.as_str().unwrap().contains("measure=no");
        assert_eq!(seen["ways"].as_array().unwrap().iter().any(refused), word.is_some());
    }
    assert_eq!(built.act(browser, ASKS, "index.html?measure=no", None)["state"], "off");
    let dictionary = built.dictionary(ASKS);
    for page in ["index.html", "session.html", "report.html", "self-check.html", "case-study-thank-you.html"] {
        let seen = built.act(browser, ASKS, page, Some("yes"));
        // A permission is not kept where nothing may be.
        assert_eq!((&seen["refused"], &seen["kept"]), (&json!([]), &json!(0)), "{seen}");
        let sent = seen["sent"].as_array().unwrap();
        let told: Vec<String> = sent.iter().map(|it| named(profile, it)).collect();
        assert_eq!(told, dictionary.of_page(page), "{profile} {page}");
        for it in sent {
            assert_eq!((&it["address"], &it["credentials"]), (&built.address(profile), &json!("omit")));
            let text = it.to_string();
            assert!(!text.contains("ecret") && text.contains("utm_campaign"), "{text}");
            assert!(!text.contains("gclid") && !text.contains("token"), "{text}");
        }
    }
    // Whoever may object is counted until then, and the answer is kept until the tab is closed.
    let seen = built.act(browser, OBJECTS, "index.html", None);
    assert_eq!((&seen["state"], seen["sent"].as_array().unwrap().is_empty()), (&json!("on"), false));
    let seen = built.act(browser, OBJECTS, "session.html", Some("no"));
    assert_eq!((seen["sent"].as_array().unwrap().len(), &seen["kept"]), (1, &json!(1)), "only the page itself: {seen}");
    let seen = built.act(browser, OBJECTS, "index.html", None);
    assert_eq!((&seen["sent"], &seen["state"]), (&json!([]), &json!("off")));
    browser.answer("(sessionStorage.clear(), true)");
    // A form that leads on to another system's page is no request.
    let seen = built.act(browser, LED_ON, "session.html", None);
    let told: Vec<String> = seen["sent"].as_array().unwrap().iter().map(|it| named(profile, it)).collect();
    assert!(told.contains(&"outbound".to_owned()) && !told.contains(&"generate_lead".to_owned()), "{told:?}");
}

fn container(browser: &mut Browser, built: &Built) {
    // Nothing is loaded and no layer is there before the answer, also where others may only object.
    for (id, word) in [(ASKS, None), (ASKS, Some("no")), (OBJECTS, None)] {
        let seen = built.act(browser, id, "index.html", word);
        assert_eq!(
            (&seen["loaded"], &seen["layer"], &seen["sent"]),
            (&json!([]), &json!([]), &json!([])),
            "{id} {word:?}"
        );
        browser.answer("(sessionStorage.clear(), true)");
    }
    let seen = built.act(browser, ASKS, "index.html", Some("yes"));
    assert_eq!(seen["loaded"], json!(["https://www.googletagmanager.com/gtm.js?id=GTM-ABC1234"]), "{seen}");
    assert_eq!((&seen["refused"], &seen["sent"]), (&json!([]), &json!([])), "{seen}");
    let layer = seen["layer"].as_array().unwrap();
    let denied =
        |it: &Value| ["ad_storage", "ad_user_data", "ad_personalization"].iter().all(|key| it[2][key] == "denied");
    assert_eq!((&layer[0][1], &layer[0][2]["analytics_storage"]), (&json!("default"), &json!("denied")));
    assert_eq!((&layer[1][1], &layer[1][2]["analytics_storage"]), (&json!("update"), &json!("granted")));
    assert!(denied(&layer[0]) && denied(&layer[1]), "{seen}");
    assert!(
        layer[2]["page_location"].as_str().unwrap().contains("utm_campaign") && !layer[2].to_string().contains("gclid")
    );
    // What is pushed is what the container waits for, with what its tags send along.
    let json = std::fs::read(built.folder.path().join(ASKS).join("tracking/gtm-container.json")).unwrap();
    let version = serde_json::from_slice::<Value>(&json).unwrap()["containerVersion"].clone();
    let waits = |name: &Value| {
        let triggers = version["trigger"].as_array().unwrap();
        triggers.iter().any(|it| it["customEventFilter"][0]["parameter"][1]["value"] == *name)
    };
    let told: Vec<&Value> = layer.iter().skip(4).collect();
    let names: Vec<String> = told.iter().map(|it| it["event"].as_str().unwrap().to_owned()).collect();
    let expected = built.dictionary(ASKS).of_page("index.html");
    assert_eq!(names, expected.into_iter().filter(|name| name != "page_view").collect::<Vec<_>>());
    assert!(told.iter().all(|it| waits(&it["event"])), "{told:?}");
    assert!(!seen.to_string().contains("ecret"), "{seen}");
}

/// What a tool was told, by its own word for it.
fn named(profile: &str, sent: &Value) -> String {
    let body = sent["body"].as_str().unwrap();
    let json = || serde_json::from_str::<Value>(body).unwrap();
    match profile {
        "plausible" => json()["name"].as_str().unwrap().to_owned(),
        "umami" => json()["payload"]["name"].as_str().unwrap_or_default().to_owned(),
        _ => {
            let values: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            let value = |key: &str| values.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
            assert_eq!(value("idsite").as_deref(), Some("7"));
            value("e_a").unwrap_or_else(|| "action_name".to_owned())
        }
    }
}

/// The sample, with a tool for all.
struct Built {
    folder: tempfile::TempDir,
    profile: Option<&'static str>,
}

impl Built {
    fn new(profile: Option<&'static str>) -> Self {
        Self::edited(profile, |_| {})
    }

    /// With something written otherwise before.
    #[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
    fn edited(profile: Option<&'static str>, edit: impl Fn(&Path)) -> Self {
        let workspace = copied::sample();
        edit(workspace.path());
        if let Some(profile) = profile {
            let tracking = workspace.path().join("master-templates/tracking.yaml");
            let said = std::fs::read_to_string(&tracking).unwrap();
            let keys = match profile {
                "plausible" => "domain: go.halvorn.example",
                "umami" => {
                    "address: https://stats.umami.example/api/send\n  website: 1b4e28ba-2fa1-41d2-883f-0016d3cca427"
                }
                "matomo" => "address: https://stats.matomo.example/matomo.php\n  site: 7",
                _ => "container: GTM-ABC1234\n  measurement: G-ABC1234567",
            };
            let chosen = said.replace("  profile: none\n", &format!("  profile: {profile}\n  {keys}\n"));
            assert_ne!(said, chosen);
            std::fs::write(tracking, chosen).unwrap();
            std::fs::remove_file(workspace.path().join("partners/rheinfeld/tracking.yaml")).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let program = Program::open(&DiskFiles::new(workspace.path())).0.unwrap_or_else(|_| panic!());
        let queries = [ASKS, OBJECTS, LED_ON].map(Query::new).into();
        let output = Output::open(folder.path()).unwrap();
        let options = Options { queries, zips: false, ..Options::default() };
        let report = build::build(&program, &output, &options, &Unwatched);
        assert!(!report.diagnostics.has_errors(), "{:#?}", report.diagnostics.sorted(program.sources()));
        output.finish().unwrap();
        Self { folder, profile }
    }

    fn page(&self, id: &str, page: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(id).join("site").join(page)
    }

    fn address(&self, profile: &str) -> Value {
        match profile {
            "plausible" => json!("https://plausible.io/api/event"),
            "umami" => json!("https://stats.umami.example/api/send"),
            _ => json!("https://stats.matomo.example/matomo.php"),
        }
    }

    /// What a page told of when somebody came, answered, and did all there is to do.
    fn act(&self, browser: &mut Browser, id: &str, page: &str, word: Option<&str>) -> Value {
        let mark = if page.contains('?') { '&' } else { '?' };
        let campaign = "utm_source=one&utm_campaign=first&gclid=click-1&email=ada@secret.example&token=t1";
        browser.go(&format!("file://{}{mark}{campaign}", self.page(id, page).display()));
        if let Some(word) = word {
            browser.answer(&format!("({}, true)", answer(word)));
        }
        browser.answer(&format!("({ACT}, true)"));
        browser.answer(SEEN)
    }

    fn dictionary(&self, id: &str) -> Dictionary {
        assert!(self.profile.is_some());
        let path = self.folder.path().join(id).join("tracking/events.json");
        Dictionary(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
    }
}

struct Dictionary(Value);

impl Dictionary {
    /// What the tool hears from a page, in the order in which it is done here.
    fn of_page(&self, file: &str) -> Vec<String> {
        let page = match file {
            "index.html" => "landing",
            "session.html" => "ask-talk",
            "case-study-thank-you.html" => "thanks-case",
            other => other.strip_suffix(".html").unwrap(),
        };
        let done = ["page_view", "file_download", "form_start", "generate_lead", "outbound", "self_check_completed"];
        let event = |id: &&str| {
            let events = self.0["events"].as_array().unwrap();
            let event = events.iter().find(|event| event["id"] == **id)?;
            let told = event["pages"].as_array().unwrap().iter().any(|it| *it == page);
            told.then(|| event["name"].as_str().unwrap_or_default().to_owned())
        };
        done.iter().filter_map(event).collect()
    }
}
