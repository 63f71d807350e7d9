//! Whose a host, a name or an account is does not hang on what is asked for, and nobody takes it from him.

#[path = "support/small.rs"]
mod small;
#[path = "identity/told.rs"]
mod told;

use std::collections::BTreeSet;
use std::fmt::Write;

use cobrand::build::Program;
use cobrand::stopwatch::Stopwatch;
use proptest::prelude::*;
use small::Small;

/// Hosts that begin with an id, that HQ gives, that are nobody's, above and below each other, and that read alike.
const HOSTS: [&str; 20] = [
    "acme.example",
    "www.acme.example",
    "beta.example",
    "mail.beta.example",
    "beta-mail.example",
    "onx.example",
    "forms.onx.example",
    "holding.example",
    "beta.holding.example",
    "mail.beta.holding.example",
    "gamma.example",
    "own.example",
    "go.own.example",
    "rnodern.example",
    "modern.example",
    "bücher.example",
    "bucher.example",
    "vendor.example",
    "gmail.com",
    "co.uk",
];

/// What a record says of who somebody is.
#[derive(Clone, Debug)]
struct Record {
    name: &'static str,
    person: &'static str,
    mailbox: &'static str,
    site: Option<(&'static str, bool)>,
    form: Option<&'static str>,
    preferences: Option<(&'static str, bool)>,
    portal: Option<&'static str>,
    counter: Option<(&'static str, u8)>,
}

fn record() -> impl Strategy<Value = Record> {
    let host = || prop::sample::select(HOSTS.to_vec());
    let name = prop::sample::select(vec![
        "Acme",
        "Beta",
        "Beta Systems",
        "Systems",
        "Gamma Data Services",
        "Data Services",
        "Vendor",
        "Same",
        "S4me GmbH",
        "Sаme",
    ]);
    let person = prop::sample::select(vec!["Ada", "Ada, Beta", "Ada Data Services", "Same"]);
    let counter = prop::sample::select(vec!["beta.example", "onx.example", "own.example"]);
    let portal = prop::option::of(prop::sample::select(vec!["11", "00000011", "12"]));
    (
        (name, person, host(), prop::option::of((host(), any::<bool>()))),
        (
            prop::option::of(host()),
            prop::option::of((host(), any::<bool>())),
            portal,
            prop::option::of((counter, 1..3u8)),
        ),
    )
        .prop_map(|((name, person, mailbox, site), (form, preferences, portal, counter))| Record {
            name,
            person,
            mailbox,
            site,
            form,
            preferences,
            portal,
            counter,
        })
}

impl Record {
    /// The columns of a registry, with what stands in them.
    fn cells(&self, id: &str) -> [(&'static str, String); 10] {
        let text = |text: Option<String>| text.unwrap_or_default();
        let page = |(host, is_whole)| format!("https://{host}{}", if is_whole { "" } else { "/page" });
        let site = self.site.map(page);
        [
            ("name", self.name.to_owned()),
            ("contact.name", self.person.to_owned()),
            ("contact.email", format!("{id}@{}", self.mailbox)),
            ("website", text(site)),
            ("preferences_url", text(self.preferences.map(page))),
            ("capture.target", text(self.form.or(self.portal).map(|_| "webhook".to_owned()))),
            ("capture.address", text(self.form.map(|host| format!("https://{host}/in/{id}")))),
            ("capture.account.portal", text(self.portal.map(|portal| format!("\"{portal}\"")))),
            ("overlay.tracking.analytics.address", text(self.counter.map(|(host, _)| format!("https://{host}/m.php")))),
            ("overlay.tracking.analytics.site", text(self.counter.map(|(_, site)| site.to_string()))),
        ]
    }

    fn file(&self, id: &str) -> String {
        let mut file = "tier: one-to-one\nmotions: [launch]\nindustries: [retail]\nregions: [europe]\n".to_owned();
        let cells = self.cells(id);
        let cell = |key: &str| cells.iter().find(|(name, _)| *name == key).map_or("", |(_, text)| text.as_str());
        writeln!(file, "legal: {{legal_name: {id} Ltd}}\nname: {}", self.name).unwrap();
        writeln!(file, "contact: {{name: \"{}\", email: {}}}", self.person, cell("contact.email")).unwrap();
        for key in ["website", "preferences_url"].into_iter().filter(|key| !cell(key).is_empty()) {
            writeln!(file, "{key}: {}", cell(key)).unwrap();
        }
        let one = |key: &str, path: &str| match cell(path) {
            "" => String::new(),
            text => format!("{key}: {text}, "),
        };
        let account = match cell("capture.account.portal") {
            "" => String::new(),
            portal => format!("account: {{portal: {portal}}}"),
        };
        if !cell("capture.target").is_empty() {
            writeln!(file, "capture: {{target: webhook, {}{account}}}", one("address", "capture.address")).unwrap();
        }
        let counter = ["address", "site"].map(|key| one(key, &format!("overlay.tracking.analytics.{key}"))).concat();
        if !counter.is_empty() {
            writeln!(file, "overlay: {{tracking: {{analytics: {{{counter}}}}}}}").unwrap();
        }
        file
    }

    fn row(&self, id: &str) -> String {
        let cells = self.cells(id).map(|(_, text)| format!("\"{}\"", text.trim_matches('"')));
        format!("{id},one-to-many,launch,health,europe,{id} Inc.,{}\n", cells.join(","))
    }
}

/// A workspace with two partners who have files, and others who have rows.
fn workspace(files: &[Record; 2], rows: &[Record]) -> Small {
    let head = files[0].cells("").map(|(key, _)| key).join(",");
    let mut registry = format!("id,tier,motions,industries,regions,legal.legal_name,{head}\n");
    for (id, row) in ROWS.iter().zip(rows) {
        registry.push_str(&row.row(id));
    }
    let small = Small::base().without("partners/acme").with("partners/registry.csv", registry);
    small.with("partners/acme.yaml", files[0].file("acme")).with("partners/beta.yaml", files[1].file("beta"))
}

const ROWS: [&str; 4] = ["gamma", "own", "modern", "tell"];

/// The errors at the lines of a partner: `partners/beta.yaml:1:7 E-ALIKE`.
fn errors(files: &Small, asked: &(dyn Fn(&str) -> bool + Sync)) -> BTreeSet<(String, u32, String)> {
    let (program, found) = Program::open_for(&files.memory(), asked, None, &Stopwatch::default());
    let sources = match &program {
        Ok(program) => program.sources(),
        Err(sources) => sources,
    };
    let place = |found: &cobrand::diag::Diagnostic| {
        let span = found.place.as_ref()?.span;
        let position = sources.position(span);
        let path = sources.get(span.source).path.as_str().to_owned();
        Some((path, position.line, format!("{} {}", position.column, found.code.0)))
    };
    found.iter().filter(|found| found.is_error()).map(|found| place(found).unwrap()).collect()
}

/// B2: what is said of a partner is one, whoever else is asked for.
#[test]
fn of_a_partner_alone_is_said_what_is_said_of_him_among_all() {
    let records = || (record(), record()).prop_map(|(one, other)| [one, other]);
    let rows = prop::collection::vec(record(), ROWS.len());
    proptest!(ProptestConfig::with_cases(100), |(files in records(), rows in rows)| {
        let files = workspace(&files, &rows);
        let all = errors(&files, &|_| true);
        let of = |found: &BTreeSet<(String, u32, String)>, row: Option<u32>| {
            let is_here = |(path, line, _): &&(String, u32, String)| match row {
                Some(row) => path.ends_with(".csv") && *line == row,
                None => !path.ends_with(".csv"),
            };
            found.iter().filter(is_here).cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(of(&errors(&files, &|_| false), None), of(&all, None));
        for (at, id) in ROWS.iter().enumerate() {
            let alone = errors(&files, &|asked| asked == *id);
            let line = at as u32 + 2;
            prop_assert_eq!(of(&alone, Some(line)), of(&all, Some(line)), "{}", id);
            prop_assert_eq!(of(&alone, None), of(&all, None), "{}", id);
        }
    });
}

/// Whatever one partner says of his hosts, no other is refused for it.
#[test]
fn nobody_stops_another_by_what_he_says_of_his_hosts() {
    let records = || (record(), record()).prop_map(|(one, other)| [one, other]);
    let rows = prop::collection::vec(record(), ROWS.len());
    proptest!(ProptestConfig::with_cases(200), |(files in records(), rows in rows, mut more in record())| {
        // Names and accounts have laws of their own.
        (more.name, more.person, more.portal, more.counter) = ("Mallory", "Mallory", None, None);
        let files = workspace(&files, &rows);
        let before = errors(&files, &|_| true);
        let after = errors(&files.with("partners/mallory.yaml", more.file("mallory")), &|_| true);
        let others: BTreeSet<_> = after.into_iter().filter(|(path, ..)| path != "partners/mallory.yaml").collect();
        prop_assert_eq!(others, before);
    });
}

/// Nobody who has no right to a host has a mailbox, a form or a site there of which another has one.
#[test]
fn nobody_writes_from_a_host_that_is_anothers_by_right() {
    let partner = |id: &str, more: &str| {
        format!(
            "name: {id}\ntier: one-to-one\nmotions: [launch]\nindustries: [retail]\nregions: [europe]\n\
             contact: {{name: {id}, email: {id}@{id}.example}}\nlegal: {{legal_name: {id}}}\n{more}"
        )
    };
    let uses = [
        ("sla_contact: {name: X, email: x@HOST}\n", true),
        ("capture: {target: webhook, address: 'https://HOST/in'}\n", true),
        ("overlay: {tracking: {analytics: {address: 'https://HOST/m.php', site: 1}}}\n", true),
        ("website: https://HOST\n", false),
        ("website: https://HOST/index.html\n", false),
        ("preferences_url: https://HOST\n", false),
        ("confirmation_url: https://HOST/home\n", false),
    ];
    let registry = "id,name,tier,motions,industries,regions,contact.name,contact.email,legal.legal_name,website\n\
                    gamma,Gamma,one-to-many,launch,health,europe,Gil,gil@gamma.example,Gamma Inc.,https://own.example\n";
    for (victim, host) in [
        ("website: https://www.orvane.example\n", "orvane.example"),
        ("website: https://orvane-group.example\n", "orvane-group.example"),
        ("website: https://orvanegroup.example/de\n", "orvanegroup.example"),
        ("website: https://orvane.holding.example\n", "orvane.holding.example"),
        ("legal_email: x\n", "own.example"),
        ("", "orvane.example"),
    ] {
        let victim = if victim.starts_with("legal") { "" } else { victim };
        for (text, is_below) in uses {
            for host in [host.to_owned(), format!("mail.{host}")].iter().take(1 + usize::from(is_below)) {
                // Where he has only a mailbox, that is at the host itself.
                if victim.is_empty() && host.starts_with("mail.orvane") {
                    continue;
                }
                let files = Small::base()
                    .with("partners/registry.csv", registry)
                    .with("partners/orvane.yaml", partner("orvane", victim))
                    .with("partners/mallory.yaml", partner("mallory", &text.replace("HOST", host)));
                let found = errors(&files, &|_| true);
                let paths: BTreeSet<&str> = found.iter().map(|(path, ..)| path.as_str()).collect();
                assert_eq!(paths, BTreeSet::from(["partners/mallory.yaml"]), "{text} {host}: {found:?}");
            }
        }
    }
}
