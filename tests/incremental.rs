//! What a build spares when little changed: bases, deployments and files are counted, never the time.

#[path = "support/small.rs"]
mod small;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use cobrand::build::{self, Memory, Options, Program, Report, State, Unwatched, Why};
use cobrand::emit::{Output, Past};
use cobrand::paths::OutputPath;
use cobrand::stopwatch::{Clock, Phase, Stopwatch};
use small::Small;

/// Goes on by a second whenever it is looked at.
#[derive(Default)]
struct Ticks(AtomicU64);

impl Clock for Ticks {
    fn now(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

fn build(small: &Small, folder: &Path, stopwatch: &Stopwatch) -> Report {
    let (program, said) = Program::open_on(&small.memory(), None, stopwatch);
    let Ok(program) = program else { panic!("the workspace does not open: {said:?}") };
    let output = Output::open(folder).unwrap();
    let options = Options { zips: true, stopwatch: stopwatch.clone(), ..Options::default() };
    let report = build::build(&program, &output, &options, &Unwatched);
    output.finish().unwrap();
    report
}

/// Bases resolved, deployments made, and those of them whose packages differ.
fn counts(report: &Report) -> (u64, u64, usize) {
    let written = report.outcomes.iter().filter(|outcome| outcome.state == State::Written).count();
    (report.tally.bases, report.tally.made, written)
}

fn of(report: &Report, partner: &str) -> u64 {
    report.outcomes.iter().filter(|outcome| outcome.id.starts_with(partner)).count() as u64
}

#[test]
fn only_what_depends_on_a_change_is_made() {
    let (small, folder) = (Small::base(), tempfile::tempdir().unwrap());
    let build = |small: &Small| build(small, folder.path(), &Stopwatch::default());
    let first = build(&small);
    let (bases, made, written) = counts(&first);
    let all = first.outcomes.len();
    assert_eq!((made, written), (all as u64, all));
    assert!(bases > 1 && bases <= made, "{bases} bases");

    let again = build(&small);
    assert_eq!((counts(&again), again.changes.written), ((0, 0, 0), 0));
    assert_eq!(again.changes.kept, first.changes.written);

    let partner = small.clone().more("partners/acme/partner.yaml", "# A remark changes no byte of a package.\n");
    let report = build(&partner);
    let own = of(&report, "acme/");
    assert!(own > 0 && own < made);
    assert_eq!(counts(&report), (own, 0, 0), "each of them has a base of its own, and none is made again");
    assert_eq!((report.tally.unmoved, report.changes.written), (own, 0));
    assert_eq!(counts(&build(&partner)), (0, 0, 0), "the next look is a short one");

    let partner = small.clone().with(
        "partners/acme/partner.yaml",
        small.text("partners/acme/partner.yaml").replace("name: Acme\n", "name: Acme Works\n"),
    );
    let report = build(&partner);
    assert_eq!(counts(&report), (own, own, own as usize));

    // The registry has a row for gamma alone; acme goes back to what it was.
    let registry = small.text("partners/registry.csv").replace(",Gamma,", ",Gamma Works,");
    let report = build(&small.clone().with("partners/registry.csv", registry));
    let both = own + of(&report, "gamma/");
    assert_eq!(counts(&report).1, both);

    let report = build(&in_file(&small, "master-templates/package.yaml", |text| text.replace("It works", "It runs")));
    assert_eq!(counts(&report).1, made, "the master reaches all");
}

/// An edit, and the ids of the deployments that are made again for it.
type Edited = (&'static str, fn(&Small) -> Small, fn(&str) -> bool);

/// A record or a registry that cannot be read takes nothing away: its packages are refused, and the catalogue leads to them.
#[test]
fn what_cannot_be_read_is_refused_and_its_packages_stand() {
    let (small, folder) = (Small::base(), tempfile::tempdir().unwrap());
    let build = |small: &Small| build(small, folder.path(), &Stopwatch::default());
    let catalogue = || std::fs::read_to_string(folder.path().join("catalog.json")).unwrap();
    let first = build(&small);
    let registry = small.text("partners/registry.csv").replace("id,", "key,");
    let rows = |text: String| small.clone().with("partners/registry.csv", text);
    let mut rows_said = 0;
    for (partner, broken) in [
        ("acme/", small.clone().more("partners/acme/partner.yaml", "  x: y\n")),
        ("gamma/", small.clone().with("partners/registry.csv", registry)),
        ("gamma/", rows(small.text("partners/registry.csv").replace(",Gamma Inc.", ""))),
        ("gamma/", rows(small.text("partners/registry.csv").replace(",Gamma Inc.", ",Gamma Inc.,,"))),
        ("gamma/", rows(small.text("partners/registry.csv").replace("gamma,", "x,\"y\ngamma,"))),
        ("gamma/", rows(small.text("partners/registry.csv").replace(",Gil,", ",G\ril,"))),
    ] {
        let report = build(&broken);
        let own: Vec<_> =
            first.outcomes.iter().map(|outcome| outcome.id.clone()).filter(|id| id.starts_with(partner)).collect();
        assert_eq!(report.unread, own);
        let (program, mut said) = Program::open_on(&broken.memory(), None, &Stopwatch::default());
        program.unwrap_or_else(|_| panic!("it opens")).name_unread(&report.unread, &mut said);
        for found in said.iter().filter(|found| found.message.contains("the row of `gamma`")) {
            assert_eq!(found.deployments, own, "{}", found.message);
            rows_said += 1;
        }
        assert_eq!(report.outcomes.len() + report.unread.len(), first.outcomes.len());
        for outcome in &first.outcomes {
            assert!(catalogue().contains(&format!("\"{}\"", outcome.id)), "{} is gone", outcome.id);
            assert!(folder.path().join(&*outcome.id).is_dir());
        }
    }
    assert_eq!(rows_said, 2, "a row with a cell too few, and one with too many");
    assert_eq!(of(&build(&small), ""), first.outcomes.len() as u64);
}

/// A partner may not be called what a build calls a folder of its own: nothing stands there of it, whoever put it there.
#[test]
fn a_partner_that_is_refused_as_a_whole_leaves_nothing() {
    let (small, folder, fresh) = (Small::base(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let path = |path: &str| folder.path().join(path);
    let record = "name: Program\ntier: one-to-one\nmotions: [launch]\nindustries: [retail]\nregions: [europe]\n";
    let named = |id: &str| small.clone().with(&format!("partners/{id}.yaml"), record);
    build(&small, fresh.path(), &Stopwatch::default());
    for id in ["program", "regions", "downloads", "index", "catalog"] {
        let report = build(&named(id), folder.path(), &Stopwatch::default());
        assert_eq!(report.outcomes.iter().filter(|outcome| outcome.state == State::Refused).count(), 1, "{id}");
        assert!(!path(id).join("index.html").exists() && !path(id).join("catalog.json").exists(), "{id}");
    }
    // As an earlier compiler left them.
    let output = Output::open(folder.path()).unwrap();
    for left in ["program/index.html", "program/catalog.json"] {
        output.put_file(&OutputPath::new(left).unwrap(), b"{}").unwrap();
    }
    output.finish().unwrap();
    build(&small, folder.path(), &Stopwatch::default());
    let files = |folder: &Path| {
        let files = Small::read(folder);
        let files = files.files().filter(|(path, _)| !path.starts_with(".cobrand"));
        files.map(|(path, bytes)| (path.to_owned(), bytes)).collect::<Vec<_>>()
    };
    let (left, fresh) = (files(folder.path()), files(fresh.path()));
    let others = left.iter().filter(|file| !fresh.contains(file)).map(|(path, _)| path);
    assert_eq!((others.collect::<Vec<_>>(), left.len()), (Vec::<&String>::new(), fresh.len()));
}

const LOCALE: &str = "  - {id: de-DE, name: Deutsch, chain: [de-DE, en-US]}\n";

#[test]
fn only_another_value_of_what_is_read_makes_a_package_again() {
    let edits: [Edited; 21] = [
        ("a remark in YAML", |s| s.clone().more("master-templates/sales.yaml", "# A remark.\n"), |_| false),
        (
            "a remark in Markdown",
            |s| s.clone().more("master-templates/content/landing.md", "\n<!-- Why? -->\n"),
            |_| false,
        ),
        (
            "a remark in a template",
            |s| {
                s.clone()
                    .more("master-templates/templates/page.html", "{# What `vars.tone` is, and www.a.example. #}\n")
            },
            |_| false,
        ),
        ("a remark in the policy", |s| s.clone().more("master-templates/policy.yaml", "# A remark.\n"), |_| false),
        ("a remark in the settings", |s| s.clone().more("cobrand.yaml", "# A remark.\n"), |_| false),
        (
            "lines that only moved",
            |s| in_file(s, "master-templates/strings.yaml", |text| format!("\n\n{text}")),
            |_| false,
        ),
        (
            "keys at the top in another order",
            |s| {
                in_file(s, "master-templates/package.yaml", |text| {
                    text.replace("id: small\nversion: 1.0.0\n", "version: 1.0.0\nid: small\n")
                })
            },
            |_| false,
        ),
        ("a variable that nothing reads", |s| vars(s, "unread: nothing"), |_| false),
        (
            "a column of a registry that nothing reads",
            |s| {
                in_file(s, "partners/registry.csv", |text| {
                    text.replace("legal_name\n", "legal_name,mdf_share\n").replace("Gamma Inc.", "Gamma Inc.,40")
                })
            },
            |_| false,
        ),
        (
            "a key of a region that nothing reads",
            |s| s.clone().more("regions/europe.yaml", "week_start: sunday\n"),
            |_| false,
        ),
        (
            "a key of a record that nothing reads, below one that something reads",
            |s| in_file(s, "partners/acme/partner.yaml", |text| text.replace("contact: {", "contact: {title: Head, ")),
            |_| false,
        ),
        (
            "words of a tier, an industry and a motion that nothing reads",
            |s| {
                s.clone()
                    .more("tiers/one-to-many.yaml", "reporting: Never\n")
                    .more("industries/retail.yaml", "audience: shops\n")
                    .more("motions/launch.yaml", "summary: Begins\n")
            },
            |_| false,
        ),
        (
            "a content file that no page shows",
            |s| s.clone().with("master-templates/content/spare.md", "# Spare {#spare}\n"),
            |_| false,
        ),
        (
            "a template that no page names",
            |s| s.clone().with("master-templates/templates/spare.html", "{{ vars.x }}"),
            |_| false,
        ),
        (
            "a locale in which nothing is written",
            |s| {
                in_file(s, "master-templates/package.yaml", |text| {
                    text.replace(LOCALE, &format!("{LOCALE}  - {{id: fr-FR, name: Français, chain: [fr-FR, en-US]}}\n"))
                })
            },
            |_| false,
        ),
        (
            "a locale in which nothing is written, before the others",
            |s| {
                in_file(s, "master-templates/package.yaml", |text| {
                    text.replace(LOCALE, &format!("  - {{id: fr-FR, name: Français, chain: [fr-FR, en-US]}}\n{LOCALE}"))
                })
            },
            |_| false,
        ),
        (
            "the direction of a locale",
            |s| {
                in_file(s, "master-templates/package.yaml", |text| {
                    text.replace("name: Deutsch, ", "name: Deutsch, direction: rtl, ")
                })
            },
            |id| id.ends_with("/dach"),
        ),
        (
            "a variable that texts read",
            |s| in_file(s, "master-templates/package.yaml", |t| t.replace("Good morning", "Good evening")),
            // In German it has another value of its own.
            |id| !id.ends_with("/dach"),
        ),
        (
            "a text of one partner",
            |s| in_file(s, "partners/acme/partner.yaml", |t| t.replace("name: Acme\n", "name: Acme Works\n")),
            |id| id.starts_with("acme/"),
        ),
        (
            "a template",
            |s| {
                in_file(s, "master-templates/templates/page.html", |t| {
                    t.replace("<section id", "<section class=\"wide\" id")
                })
            },
            |_| true,
        ),
        (
            "a rule",
            |s| {
                s.clone()
                    .more("master-templates/policy.yaml", "  - {path: \"vars.spare\", allow: {partner: [set-var]}}\n")
            },
            |_| true,
        ),
    ];
    for (what, edit, made_again) in edits {
        let (small, folder) = (Small::base(), tempfile::tempdir().unwrap());
        let first = build(&small, folder.path(), &Stopwatch::default());
        let edited = edit(&small);
        assert!(
            edited.paths().any(|path| small.paths().all(|p| p != path) || small.bytes(path) != edited.bytes(path)),
            "{what}"
        );
        let expected = first.outcomes.iter().filter(|outcome| made_again(&outcome.id)).count() as u64;
        let again = build(&edited, folder.path(), &Stopwatch::default());
        assert_eq!(again.tally.made, expected, "{what}");
        assert_eq!(again.tally.made + again.tally.unmoved + untouched(&again), first.tally.made, "{what}");
        assert_eq!(again.changes.written > 0, expected > 0, "{what}");
    }
}

/// A workspace, an edit of what nothing in its packages uses, and one of what something does.
type Used = (&'static str, fn(&Small) -> Small, fn(&Small) -> Small, fn(&Small) -> Small);

const TRACKING: &str = "master-templates/tracking.yaml";
const ACME: &str = "partners/acme/partner.yaml";

fn with_link(small: &Small, link: &str) -> Small {
    in_file(small, TRACKING, |text| text.replace("placements:", &format!("  - {link}\nplacements:")))
}

fn with_words(small: &Small, words: &str) -> Small {
    let template = "{% set words = strings.extra %}<p>{{ words.shown }}</p>{% endblock";
    in_file(small, "master-templates/templates/document.html", |text| text.replace("{% endblock", template))
        .more("master-templates/strings.yaml", &format!("extra: {words}\n"))
}

#[test]
fn what_no_package_uses_makes_none_again() {
    let cases: [Used; 6] = [
        (
            "a link of the master",
            |s| with_link(s, "{id: spare, url: \"https://spare.example/\"}"),
            |s| {
                in_file(s, TRACKING, |text| {
                    text.replace("https://spare.example/", "https://spare.example/{{ vars.tone }}")
                })
            },
            |s| in_file(s, TRACKING, |text| text.replace("{id: landing, ", "{id: landing, fragment: pains, ")),
        ),
        (
            "a link that comes in",
            Small::clone,
            |s| with_link(s, "{id: spare, url: \"https://vendor.example/spare\"}"),
            |s| in_file(s, TRACKING, |text| text.replace("https://vendor.example/stop", "https://vendor.example/end")),
        ),
        (
            "words of the master",
            |s| with_words(s, "{shown: Here, spare: Nowhere}"),
            |s| in_file(s, "master-templates/strings.yaml", |text| text.replace("Nowhere", "Nowhere at all")),
            |s| in_file(s, "master-templates/strings.yaml", |text| text.replace("Here", "Over here")),
        ),
        (
            "a code",
            Small::clone,
            |s| s.clone().more("tiers/one-to-one.yaml", "code: one\n").more("tiers/one-to-many.yaml", "code: many\n"),
            |s| s.clone().more("industries/retail.yaml", "code: trade\n"),
        ),
        (
            "a currency",
            |s| {
                in_file(s, "master-templates/proof.yaml", |text| {
                    text.replace("name: Fund,", "name: Fund, currency: EUR,")
                })
            },
            |s| s.clone().more(ACME, "currency: USD\n"),
            |s| in_file(s, "master-templates/proof.yaml", |text| text.replace("currency: EUR,", "currency: USD,")),
        ),
        (
            "what others who sell along know",
            Small::clone,
            |s| s.clone().more(ACME, "cosell: {aws: {solution: S-0000001}}\n"),
            |s| s.clone().more(ACME, "currency: USD\n"),
        ),
    ];
    for (what, base, unused, used) in cases {
        let (small, folder) = (base(&Small::base()), tempfile::tempdir().unwrap());
        let first = build(&small, folder.path(), &Stopwatch::default());
        assert_eq!(counts(&first).1, first.outcomes.len() as u64, "{what}: {:?}", first.diagnostics);
        let why = |small: &Small| build::why(&open(small), &Past::read_with_parts(folder.path()), &Options::default());
        let (unused, used) = (unused(&small), used(&small));
        let again = |why: &Why| matches!(why, Why::New | Why::Changed(_) | Why::Refused);
        assert!(why(&unused).iter().all(|(_, why)| !again(why)), "{what}: {:?}", why(&unused));
        assert!(why(&unused).iter().any(|(_, why)| *why == Why::Unmoved), "{what} is no edit");
        let expected = why(&used).iter().filter(|(_, why)| matches!(why, Why::Changed(_))).count() as u64;
        assert!(expected > 0, "{what}: {:?}", why(&used));
        assert_eq!(counts(&build(&unused, folder.path(), &Stopwatch::default())).1, 0, "{what}");
        assert_eq!(counts(&build(&used, folder.path(), &Stopwatch::default())).1, expected, "{what}");
        let memory = Memory::default();
        build::build_into(&open(&used), &memory, &Options::default());
        for (path, bytes) in memory.into_files() {
            assert!(std::fs::read(folder.path().join(&path)).unwrap() == bytes, "{what}: {path}");
        }
    }
}

/// Deployments that needed no second look.
fn untouched(report: &Report) -> u64 {
    report.outcomes.len() as u64 - report.tally.made - report.tally.unmoved
}

/// A word of a template reads nothing outside of tags and in quotes, and what is only tested is not read.
#[test]
fn a_template_reads_what_its_tags_name() {
    let said = "<p class=\"vars\">{% if vars is defined %}{{ \"vars\" }}{% endif %}</p>{% endblock";
    for small in [Small::base(), Small::base().in_tera()] {
        let small =
            in_file(&small, "master-templates/templates/document.html", |text| text.replace("{% endblock", said));
        let folder = tempfile::tempdir().unwrap();
        build(&small, folder.path(), &Stopwatch::default());
        let unread = build(&vars(&small, "unread: nothing"), folder.path(), &Stopwatch::default());
        assert_eq!(unread.tally.made, 0);
    }
}

fn in_file(small: &Small, path: &str, edit: impl Fn(&str) -> String) -> Small {
    small.clone().with(path, edit(small.text(path)))
}

fn vars(small: &Small, more: &str) -> Small {
    in_file(small, "master-templates/package.yaml", |text| text.replace("vars: {", &format!("vars: {{{more}, ")))
}

#[test]
fn what_is_made_again_is_told_by_its_values() {
    let (small, folder) = (Small::base(), tempfile::tempdir().unwrap());
    let why = |small: &Small| {
        let past = Past::read_with_parts(folder.path());
        build::why(&open(small), &past, &Options::default())
    };
    assert!(why(&small).iter().all(|(_, why)| *why == Why::New));
    build(&small, folder.path(), &Stopwatch::default());
    assert!(why(&small).iter().all(|(_, why)| *why == Why::Untouched));
    let remark = "# What `{{ partner.name }}`, *|FNAME|* and acme.com mean: [the file](node:status-file).\n";
    let remark = small.clone().more("master-templates/sales.yaml", remark);
    assert!(why(&remark).iter().all(|(_, why)| *why == Why::Unmoved));
    let named =
        in_file(&small, "partners/acme/partner.yaml", |text| text.replace("name: Acme\n", "name: Acme Works\n"));
    for (id, why) in why(&named) {
        match why {
            Why::Changed(values) => {
                assert!(values.iter().any(|value| value.starts_with("`partner.name`")), "{id} {values:?}")
            }
            why => assert_eq!((why, id.starts_with("acme/")), (Why::Untouched, false)),
        }
    }
    // What is gone has no value any more; where nothing else changed, its kind is told.
    let file = "master-templates/assets/note.txt";
    let with = small.clone().with(file, "A note.\n");
    build(&with, folder.path(), &Stopwatch::default());
    let gone = Why::Changed(vec!["which files go along".to_owned()]);
    assert!(why(&small).iter().all(|(_, why)| *why == gone), "{:?}", why(&small));
    build(&small, folder.path(), &Stopwatch::default());
    let broken = small.clone().with("partners/acme/package.yaml", "product: {name: Mine}\n");
    assert!(why(&broken).iter().all(|(id, why)| id.starts_with("acme/") == (*why == Why::Refused)));
}

fn open(small: &Small) -> Program {
    Program::open_on(&small.memory(), None, &Stopwatch::default()).0.unwrap_or_else(|_| panic!("it opens"))
}

#[test]
fn check_makes_only_what_no_build_has_made_from_the_same() {
    let (small, folder) = (Small::base(), tempfile::tempdir().unwrap());
    let check = |small: &Small| {
        let options = Options { past: Past::read(folder.path()), ..Options::default() };
        build::check(&open(small), &options, &Unwatched)
    };
    let all = check(&small).tally.made;
    assert!(all > 0, "nothing was built yet");
    build(&small, folder.path(), &Stopwatch::default());
    assert_eq!(check(&small).tally.made, 0);
    let remark = small.clone().more("partners/acme/partner.yaml", "# A remark.\n");
    assert_eq!(check(&remark).tally.made, 0);
    let edited =
        in_file(&small, "partners/acme/partner.yaml", |text| text.replace("name: Acme\n", "name: Acme Works\n"));
    let again = check(&edited);
    assert_eq!(again.tally.made, of(&again, "acme/"));
}

#[test]
fn what_was_said_of_a_package_is_said_again_when_nothing_changed() {
    // A block without a translation, where regions have two languages.
    let page = Small::base().text("master-templates/content/landing.md").to_owned();
    let page =
        page.replace("It breaks.\n", "It breaks.\n\n### Fines {#pains/fines when=\"region=europe\"}\n\nIt is fined.\n");
    let small = Small::base().with("master-templates/content/landing.md", page);
    let folder = tempfile::tempdir().unwrap();
    let said = |report: &Report| -> Vec<String> {
        report.diagnostics.iter().map(|diagnostic| format!("{} {}", diagnostic.code.0, diagnostic.message)).collect()
    };
    let first = build(&small, folder.path(), &Stopwatch::default());
    let again = build(&small, folder.path(), &Stopwatch::default());
    assert!(said(&first).iter().any(|said| said.starts_with("W-")), "{:?}", said(&first));
    assert_eq!(said(&first), said(&again));
    assert_eq!((again.tally.made, again.changes.written), (0, 0), "it is looked at again, and not made");
    let options = Options { past: Past::read(folder.path()), ..Options::default() };
    let reasons = build::why(&open(&small), &options.past, &Options::default());
    assert!(reasons.iter().any(|(_, why)| *why == Why::Noted) && reasons.iter().all(|(_, why)| *why != Why::Unmoved));
    let checked = build::check(&open(&small), &options, &Unwatched);
    assert!(said(&first).iter().all(|warning| said(&checked).contains(warning)));
}

#[test]
fn what_is_said_of_names_that_others_layers_give_is_said_whatever_was_built() {
    let named = |title: &str| {
        let seat = format!(
            "name: Event\noverlay:\n  package: {{offers: [{{id: seat, kind: session, title: {title}, summary: One hour}}]}}\n"
        );
        in_file(&Small::base().with("motions/event.yaml", seat), "master-templates/sales.yaml", |text| {
            text.replace("body: Thank you", "body: Thank you for a quiet word")
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let said = |report: &Report| report.diagnostics.iter().filter(|found| found.code.0 == "W-J16").count();
    assert_eq!(said(&build(&named("A good seat"), folder.path(), &Stopwatch::default())), 0);
    // Packages without events mention what only events have.
    let again = build(&named("A quiet word"), folder.path(), &Stopwatch::default());
    let fresh = build(&named("A quiet word"), tempfile::tempdir().unwrap().path(), &Stopwatch::default());
    assert!(said(&fresh) > 0);
    assert_eq!(said(&again), said(&fresh));
}

/// The base with a record that goes over with a lead, so that there are files that are made from many records.
fn with_a_handoff() -> Small {
    in_file(&Small::base(), "master-templates/qualification.yaml", |text| {
        let text = text.replace(
            "source: form, required: true}]",
            "source: form, holds: [email, phone]}, {id: why, title: Why, source: first call}]",
        );
        text.replace("calls, due_days: 1, next: Call", "calls, ends: sales.offered, next: Call")
    })
}

#[test]
fn a_manifest_names_the_files_of_today_when_they_moved() {
    let moves = [
        ("industries/retail.yaml", "industries/retail/industry.yaml"),
        ("regions/europe.yaml", "regions/europe/region.yaml"),
        ("motions/launch.yaml", "motions/launch/motion.yaml"),
        ("partners/beta.yaml", "partners/beta/partner.yaml"),
        ("partners/registry.csv", "partners/registry-eu.csv"),
    ];
    let small = with_a_handoff();
    let registry = "partners/registry.csv";
    let (header, row) = small.text(registry).split_once('\n').unwrap();
    let other = row.replace("gamma", "delta").replace("Gamma", "Delta");
    let with_both = small.clone().with(registry, format!("{header}\n{row}{other}"));
    let with_one_each = small.clone().with(registry, format!("{header}\n{other}"));
    let with_one_each = with_one_each.with("partners/registry-eu.csv", format!("{header}\n{row}"));
    let moved = |(from, to): (&'static str, &'static str)| {
        (from, small.clone(), small.clone().without(from).with(to, small.bytes(from)))
    };
    let moves = moves.into_iter().map(moved).chain([("a row of a registry", with_both, with_one_each)]);
    for (from, small, moved) in moves {
        let folder = tempfile::tempdir().unwrap();
        build(&small, folder.path(), &Stopwatch::default());
        build(&moved, folder.path(), &Stopwatch::default());
        let memory = Memory::default();
        build::build_into(&open(&moved), &memory, &Options::default());
        let cold = memory.into_files();
        assert!(cold.keys().any(|path| path.ends_with("/qualification/handoff.json")), "nothing goes over with a lead");
        for (path, bytes) in cold {
            assert!(std::fs::read(folder.path().join(&path)).unwrap() == bytes, "{from}: {path}");
        }
    }
}

/// What a component prints, and what it reads, counts for whoever puts it in, in whatever part of a tag.
#[test]
fn a_component_counts_wherever_it_is_put_in() {
    let path = "master-templates/templates/parts.html";
    let parts = |word: &str| {
        format!(
            "{{% component part(label: string, @vars) %}}<b>{word} {{{{ label }}}} {{{{ vars.tone }}}}</b>{{% endcomponent part %}}\n"
        )
    };
    for of in [
        "{% set x = <part label=\"a\" /> %}<p>{{ x }}</p>",
        "<p>{{ (<part label=\"a\" />) }}</p>",
        "<p>{{ vars.none?.at or <part label=\"a\" /> }}</p>",
        "<p>{{ \"a\" ~ <part label=\"a\" /> }}</p>",
    ] {
        let small = Small::base().in_tera();
        let document =
            small.text("master-templates/templates/document.html").replace("{% endblock", &format!("{of}{{% endblock"));
        let small = small.with("master-templates/templates/document.html", document);
        let small = small.with(path, parts("one"));
        for edited in [
            small.clone().with(path, parts("two")),
            in_file(&small, "master-templates/package.yaml", |text| text.replace("tone: plain", "tone: loud")),
        ] {
            let folder = tempfile::tempdir().unwrap();
            build(&small, folder.path(), &Stopwatch::default());
            let report = build(&edited, folder.path(), &Stopwatch::default());
            assert_eq!(counts(&report).1, report.outcomes.len() as u64, "{of}");
            let memory = Memory::default();
            build::build_into(&open(&edited), &memory, &Options::default());
            let cold = memory.into_files();
            let page = "acme/launch/retail/dach/proof/index.html";
            assert!(std::fs::read(folder.path().join(page)).unwrap() == cold[page], "{of}");
        }
    }
}

#[test]
fn phases_are_counted_where_there_is_a_clock() {
    let (small, folder) = (Small::base(), tempfile::tempdir().unwrap());
    let stopwatch = Stopwatch::new(Box::new(Ticks::default()));
    let report = build(&small, folder.path(), &stopwatch);
    let made = report.tally.made;
    let times = |stopwatch: &Stopwatch, phase: Phase| {
        let lap = stopwatch.laps().into_iter().find(|lap| lap.phase == phase);
        lap.map_or(0, |lap| lap.times)
    };
    for phase in [Phase::Bind, Phase::Pages, Phase::Documents, Phase::Audit, Phase::Seal, Phase::Write, Phase::Zip] {
        assert_eq!(times(&stopwatch, phase), made, "{}", phase.name());
    }
    for phase in [Phase::Read, Phase::Parse, Phase::Guard] {
        assert_eq!(times(&stopwatch, phase), 1, "{}", phase.name());
    }
    // The catalogue, and the inventories once it stands.
    assert_eq!(times(&stopwatch, Phase::Catalogue), 2);
    assert_eq!(times(&stopwatch, Phase::Resolve), made + report.tally.bases);

    let warm = Stopwatch::new(Box::new(Ticks::default()));
    build(&small, folder.path(), &warm);
    // The inputs as a whole, and then each deployment.
    assert_eq!(times(&warm, Phase::Compare), 1 + made);
    let idle = [Phase::Resolve, Phase::Bind, Phase::Pages, Phase::Write, Phase::Zip];
    assert!(idle.iter().all(|&phase| times(&warm, phase) == 0), "{warm:?}");
}

/// The word that takes the place of another one.
const OTHER: &str = "zebra";

/// Small workspaces that differ from the first in one word of one line, for some of all lines.
fn edited_words(small: &Small, every: usize) -> Vec<(String, Small)> {
    let mut edited = Vec::new();
    for path in small.paths().filter(|path| !path.ends_with(".svg")) {
        let lines: Vec<&str> = small.text(path).split_inclusive('\n').collect();
        for (index, line) in lines.iter().enumerate() {
            let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
            for word in words.filter(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic())) {
                let mut lines = lines.clone();
                let line = line.replacen(word, OTHER, 1);
                lines[index] = &line;
                edited
                    .push((format!("{path}:{}: {}", index + 1, line.trim()), small.clone().with(path, lines.concat())));
            }
        }
    }
    // Any choice will do that has nothing to do with what is chosen.
    edited.into_iter().step_by(every).collect()
}

/// What the templates and components read is all that matters: whatever changes a byte of a package changes its key.
#[test]
#[allow(clippy::disallowed_methods, reason = "`COBRAND_EVERY=1` edits every word")]
fn a_package_whose_key_is_the_same_has_the_same_bytes() {
    let every = std::env::var("COBRAND_EVERY").ok().and_then(|every| every.parse().ok()).unwrap_or(17);
    for small in [Small::base(), Small::base().in_tera()] {
        keys_tell_packages_apart(&small, every);
    }
}

fn keys_tell_packages_apart(small: &Small, every: usize) {
    let folder = tempfile::tempdir().unwrap();
    build(small, folder.path(), &Stopwatch::default());
    let past = Past::read_with_parts(folder.path());
    let files = |program: &Program| {
        let memory = Memory::default();
        let report = build::build_into(program, &memory, &Options::default());
        (report, memory.into_files())
    };
    let (_, before) = files(&open(small));
    let (mut same, mut others) = (0, 0);
    for (what, edited) in edited_words(small, every) {
        let Ok(program) = Program::open_on(&edited.memory(), None, &Stopwatch::default()).0 else { continue };
        let (report, after) = files(&program);
        for (id, why) in build::why(&program, &past, &Options::default()) {
            let of = |files: &std::collections::BTreeMap<String, Vec<u8>>| -> Vec<(String, Vec<u8>)> {
                let own = files.iter().filter(|(path, _)| path.starts_with(&format!("{id}/")));
                own.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
            };
            let refused = report.outcomes.iter().any(|outcome| outcome.id == id && outcome.state == State::Refused);
            match why {
                Why::Untouched | Why::Unmoved | Why::Noted => {
                    assert!(!refused && of(&before) == of(&after), "{what}: {id} is {why:?}");
                    same += 1;
                }
                Why::Changed(_) => others += 1,
                Why::Refused => assert!(refused, "{what}: {id}"),
                // A word may be an id.
                Why::New => assert!(!before.contains_key(&format!("{id}/manifest.json")), "{what}: {id}"),
            }
        }
    }
    assert!(same > 20 && others > 20, "{same} {others}");
}
