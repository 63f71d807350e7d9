//! `explain`, `who-sets` and the resolved tree tell the same of every value, whatever operations lead to it.

#[path = "support/small.rs"]
mod small;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use cobrand::build::{Program, list};
use cobrand::diag::Diagnostics;
use cobrand::explain::answer::{Explained, Word, explain};
use cobrand::explain::contributors::{Contributor, who_sets};
use cobrand::explain::place::Place;
use cobrand::explain::subject::{Subject, find};
use cobrand::resolve::{Resolver, Stack};
use cobrand::workspace::DiskFiles;
use proptest::prelude::*;
use small::Small;

const PAGE: &str = "content/landing.md";
const ACME: &str = "acme/launch/retail/dach";

/// The base with a block that may stand in for another, nested in part, and a second region that reads German.
fn base() -> Small {
    let swiss = "name: Swiss\nparent: europe\nlocale: de-DE\nlocales: [de-DE, en-US]\n\
                 calendar: {country: CH, zone: Europe/Zurich, hours: {workday: \"09:00-17:00\"}}\n";
    let beta = Small::base().text("partners/beta.yaml").replace("[europe]", "[europe, swiss]");
    let choice = "  - path: \"content/landing.md#proof\"\n    variants: [proof-speed]\n    allow:\n      \
                  region: [choose, replace, replace-body, append, remove, translate]\n      \
                  partner: [choose, replace, replace-body, append, remove, translate]\n";
    Small::base()
        .with("partners/beta.yaml", beta)
        .with("regions/swiss/region.yaml", swiss)
        .more("master-templates/policy.yaml", choice)
        .more("master-templates/content/landing.md", "\n## Faster {#proof-speed}\n\nIt was fast.\n")
        .more(
            "master-templates/locales/de-DE/content/landing.md",
            "\n## Schneller {#proof-speed}\n\nEs ging schnell.\n",
        )
}

fn open(files: &Small) -> Program {
    let (program, said) = Program::open(&files.memory());
    program.unwrap_or_else(|_| panic!("{said:?}"))
}

fn explained(program: &Program, deployment: &str, path: &str) -> Explained {
    let subject = Subject::open(program, deployment).unwrap();
    let values = explain(&subject, path, None).unwrap_or_else(|unknown| panic!("{path}: {unknown:?}")).values;
    values.into_iter().find(|value| value.path == path).unwrap_or_else(|| panic!("{path} is not explained"))
}

/// The words of some layers: layer, locale if it is a translation or a text, operation and text.
fn told(words: &[Word]) -> Vec<(&str, &str, &str)> {
    words.iter().map(|word| (&*word.layer, word.operation, &*word.text)).collect()
}

fn wins(program: &Program, path: &str) -> Vec<(String, &'static str, Option<String>, usize)> {
    let found = who_sets(program, path).unwrap();
    let layers = found.paths.into_iter().find(|found| found.path == path).unwrap().layers;
    layers.into_iter().map(|word| (word.layer, word.operation, word.locale, word.wins)).collect()
}

/// Behind `$inherit`, what decides is told as that, and what it looks past is not told as another language.
#[test]
fn an_inherit_is_told_as_what_decides() {
    let files = base()
        .with("regions/dach/package.yaml", "vars: {slogan: Region}\n")
        .with("partners/acme/package.yaml", "vars: {slogan: {$inherit: master}}\n");
    let value = explained(&open(&files), ACME, "vars.slogan");
    assert_eq!((&*value.winner.layer, &*value.winner.text), ("master", "Guten Morgen"));
    assert_eq!(told(&value.decided_by), [("partner=acme", "inherit", "master")]);
    assert_eq!(told(&value.inherited_past), [("region=dach", "set", "Region")]);
    assert_eq!(told(&value.hides), [("master", "set", "Good morning")]);
    assert!(value.passed_over.is_empty(), "{:?}", value.passed_over);
}

#[test]
fn a_choice_is_told_as_what_decides_and_the_texts_are_those_of_the_block_it_shows() {
    let chosen = base().with("regions/dach/content/landing.md", "<!-- choose: proof proof-speed -->\n");
    let value = explained(&open(&chosen), ACME, "content/landing.md#proof.body");
    assert_eq!(value.winner.text.trim(), "Es ging schnell.");
    assert_eq!(told(&value.decided_by), [("region=dach", "choose", "proof-speed")]);
    assert!(value.passed_over.is_empty() && value.inherited_past.is_empty());
    let layers: Vec<_> = value.cells.iter().map(|cell| (&*cell.locale, cell.layers.len(), cell.wins)).collect();
    assert_eq!(layers, [("de-DE", 1, true), ("en-US", 1, false)]);
    let hidden: Vec<_> = value.hides.iter().map(|word| word.text.trim()).collect();
    assert!(hidden.contains(&"It was fast.") && hidden.contains(&"It worked once."), "{hidden:?}");
}

/// A stronger text without the language of the page is told as before.
#[test]
fn only_a_text_in_another_language_is_passed_over() {
    let files = base().with("motions/launch.yaml", "name: Launch\noverlay: {package: {vars: {slogan: Launched}}}\n");
    let value = explained(&open(&files), ACME, "vars.slogan");
    assert_eq!(told(&value.passed_over), [("motion=launch", "set", "Launched")]);
    assert!(value.decided_by.is_empty() && value.inherited_past.is_empty());
}

/// The block around it was given a new body, by whichever region comes first.
#[test]
fn a_text_is_not_counted_where_the_body_around_it_was_replaced() {
    let body = "<!-- replace-body: pains -->\nAll gone.\n<!-- /replace-body -->\n";
    let counted = |region: &str| {
        let program = open(&base().with(&format!("regions/{region}/content/landing.md"), body));
        let found = wins(&program, "content/landing.md#pains/cost.body");
        found
            .into_iter()
            .map(|(layer, operation, locale, wins)| format!("{layer} {operation} {locale:?} {wins}"))
            .collect::<Vec<_>>()
    };
    // Five read English, of which four can be read in German too.
    let master = |german: usize, english: usize| {
        [format!("master set None {english}"), format!("master set Some(\"de-DE\") {german}")]
    };
    let with = |words: [String; 2], last: &str| words.into_iter().chain([last.to_owned()]).collect::<Vec<_>>();
    assert_eq!(counted("dach"), with(master(4, 9), "region=dach replace-body None 1"));
    assert_eq!(counted("swiss"), with(master(1, 5), "region=swiss replace-body None 4"));
}

/// A block that stands in for another counts where it is shown, and the other one does not.
#[test]
fn the_texts_of_a_chosen_block_count_where_they_are_shown() {
    let program = open(&base().with("regions/dach/content/landing.md", "<!-- choose: proof proof-speed -->\n"));
    let of = |path: &str| {
        let found = wins(&program, path);
        found
            .into_iter()
            .map(|(layer, operation, locale, wins)| (layer, operation, locale.is_some(), wins))
            .collect::<Vec<_>>()
    };
    let word = |layer: &str, operation, translated, wins| (layer.to_owned(), operation, translated, wins);
    let shown = [word("master", "set", false, 0), word("master", "set", true, 1)];
    assert_eq!(of("content/landing.md#proof-speed.body"), shown);
    let hidden =
        [word("master", "set", false, 9), word("master", "set", true, 4), word("region=dach", "choose", false, 1)];
    assert_eq!(of("content/landing.md#proof.body"), hidden);
}

/// What an operation took away is told with the operation, whichever it was.
#[test]
fn a_place_that_was_replaced_away_names_what_took_it() {
    let nurture = "emails: {$replace: [{id: welcome, day: 0, goal: Deliver, subject: Hallo, preheader: Was, \
                   content: content/emails/welcome.md, for: ask, cta: {label: Lesen, link: landing}}]}\n";
    let page = |text: &str| base().with("regions/dach/content/landing.md", text);
    let cost = "content/landing.md#pains/cost";
    let cases = [
        (base().with("regions/dach/package.yaml", "vars: {$replace: {tone: laut}}\n"), "vars.slogan", "replace"),
        (base().with("regions/dach/nurture.yaml", nurture), "nurture.emails[call].subject", "replace"),
        (page("<!-- replace: pains -->\n## Neu {#pains}\n\nNeu.\n<!-- /replace -->\n"), cost, "replace"),
        (page("<!-- replace-body: pains -->\nNeu.\n<!-- /replace-body -->\n"), cost, "replace-body"),
        (page("<!-- remove: pains -->\n"), cost, "remove"),
    ];
    for (files, path, operation) in cases {
        let value = explained(&open(&files), ACME, path);
        assert_eq!((&*value.winner.layer, value.winner.operation), ("region=dach", operation), "{path}");
        assert!(!value.hides.is_empty() && value.hides.iter().all(|word| !word.text.is_empty()), "{:?}", value.hides);
    }
    let program = open(&page("<!-- replace-body: pains -->\nNeu.\n<!-- /replace-body -->\n"));
    let subject = Subject::open(&program, ACME).unwrap();
    assert!(explain(&subject, "content/landing.md#pains/nothing", None).is_err(), "nobody has a word on it");
}

/// What is composed for a deployment has the rule and the rights of where it is said.
#[test]
fn who_keeps_leads_is_explained_where_it_is_said() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = Program::open(&DiskFiles::new(root)).0.expect("the sample is whole");
    let subject = Subject::open(&program, "rheinfeld/launch/manufacturing/dach").unwrap();
    let explanation = explain(&subject, "leads", None).unwrap();
    let own = |path: &str| {
        explain(&subject, path, None).unwrap().values.into_iter().find(|value| value.path == path).unwrap()
    };
    let mut compared = 0;
    for value in &explanation.values {
        let said_at = value.said_at.as_deref().unwrap_or_else(|| panic!("{} is said nowhere", value.path));
        let own = own(said_at);
        assert_eq!((&value.rule, &value.may), (&own.rule, &own.may), "{}", value.path);
        assert_eq!((&value.winner.place, &value.cells), (&own.winner.place, &own.cells), "{}", value.path);
        compared += 1;
    }
    assert!(compared > 3, "{compared}");
}

#[test]
fn what_is_added_is_told_with_who_adds_it() {
    let append = |text: &str| format!("<!-- append: proof -->\n{text}\n<!-- /append -->\n");
    let words = |change: &str| format!("fields:\n  - {{id: job_role, values: {change}}}\n");
    let files = base()
        .with("regions/dach/content/landing.md", append("Mehr der Region."))
        .with("partners/acme/content/landing.md", append("Mehr von uns."))
        .with("regions/dach/qualification.yaml", words("{$add: [clerk]}"))
        .with("partners/acme/qualification.yaml", words("{$add: [boss], $remove: [other]}"));
    let program = open(&files);
    let text = explained(&program, ACME, "content/landing.md#proof.append");
    assert_eq!(text.cells[0].layers, ["partner=acme", "region=dach"]);
    let set = explained(&program, ACME, "qualification.fields[job_role].values");
    assert_eq!((set.winner.operation, &*set.winner.text), ("set", "[it, clerk, boss]"));
    assert!(set.hides.is_empty(), "{:?}", set.hides);
    let added =
        [("partner=acme", "add", "boss, -other"), ("region=dach", "add", "clerk"), ("master", "set", "it, other")];
    assert_eq!(told(&set.amended), added);
    let counted = wins(&program, "qualification.fields[job_role].values");
    assert_eq!(counted.iter().map(|(.., wins)| *wins).collect::<Vec<_>>(), [10, 1, 1]);
}

/// A key may have dots in it, which its path does not tell.
#[test]
fn a_key_with_dots_counts_like_any_other() {
    let found = who_sets(&open(&base()), "journey.machines**").unwrap();
    let dotted = found.paths.iter().filter(|found| found.path.contains("].to.") && found.path.matches('.').count() > 3);
    let wins: Vec<usize> = dotted.flat_map(|found| &found.layers).map(|word| word.wins).collect();
    assert!(!wins.is_empty() && wins.iter().all(|&wins| wins == 10), "{wins:?}");
}

/// One thing that a layer does to a file of its own.
type Deed = (&'static str, &'static str);

const TO_PACKAGE: [Deed; 7] = [
    ("package.yaml", "vars: {slogan: Own}\n"),
    ("package.yaml", "vars: {slogan: Own, tone: own}\n"),
    ("package.yaml", "vars: {slogan: {$inherit: master}}\n"),
    ("package.yaml", "vars: {slogan: {$inherit: region}}\n"),
    ("package.yaml", "vars: {$replace: {tone: loud}}\n"),
    ("package.yaml", "vars: {slogan: {$remove: true}}\n"),
    ("package.yaml", "vars: {$inherit: master}\n"),
];

const TO_PROOF: [Deed; 6] = [
    (PAGE, "<!-- replace-body: proof -->\nOwn proof.\n<!-- /replace-body -->\n"),
    (PAGE, "<!-- replace: proof -->\n## Own {#proof}\n\nOwn proof.\n<!-- /replace -->\n"),
    (PAGE, "<!-- append: proof -->\nMore.\n<!-- /append -->\n"),
    (PAGE, "<!-- inherit: proof -->\n"),
    (PAGE, "<!-- choose: proof proof-speed -->\n"),
    (PAGE, "<!-- remove: proof -->\n"),
];

const TO_PAINS: [Deed; 6] = [
    (PAGE, "<!-- replace-body: pains -->\nAll gone.\n<!-- /replace-body -->\n"),
    (
        PAGE,
        "<!-- replace: pains -->\n## Own {#pains}\n\nOwn.\n\n### Cost {#pains/cost}\n\nOwn cost.\n<!-- /replace -->\n",
    ),
    (PAGE, "<!-- replace-body: pains/cost -->\nOwn cost.\n<!-- /replace-body -->\n"),
    (PAGE, "<!-- remove: pains/risk -->\n"),
    (PAGE, "<!-- remove: pains -->\n"),
    (PAGE, "<!-- inherit: pains -->\n"),
];

const TRANSLATED: [Deed; 3] = [
    ("locales/de-DE/package.yaml", "vars: {slogan: Eigen}\n"),
    ("locales/de-DE/content/landing.md", "<!-- replace-body: proof -->\nEigener Beleg.\n<!-- /replace-body -->\n"),
    ("locales/de-DE/content/landing.md", "<!-- replace-body: pains/cost -->\nEigene Kosten.\n<!-- /replace-body -->\n"),
];

/// The layers that do something, with the file that makes each a folder, and whether they are written in English.
const LAYERS: [(&str, bool); 5] = [
    ("motions/launch", true),
    ("regions/europe", true),
    ("regions/dach", false),
    ("regions/swiss", false),
    ("partners/acme", false),
];

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let one = |deeds: &'static [Deed]| prop::option::of(prop::sample::select(deeds));
    (one(&TO_PACKAGE), one(&TO_PROOF), one(&TO_PAINS), one(&TRANSLATED))
        .prop_map(|(a, b, c, d)| [a, b, c, d].into_iter().flatten().collect())
}

fn workspace(all: &[Vec<Deed>]) -> Small {
    let base = base();
    let motion = base.text("motions/launch.yaml").to_owned();
    let europe = base.text("regions/europe.yaml").to_owned();
    let mut files = base.without("motions/launch.yaml").without("regions/europe.yaml");
    files = files.with("motions/launch/motion.yaml", motion).with("regions/europe/region.yaml", europe);
    for ((folder, is_english), deeds) in LAYERS.iter().zip(all) {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for (file, text) in deeds.iter().filter(|(file, _)| *is_english || !file.starts_with("locales/")) {
            texts.entry(format!("{folder}/{file}")).or_default().push_str(text);
        }
        files = texts.into_iter().fold(files, |files, (path, text)| files.with(&path, text));
    }
    files
}

/// Where a word stands, with the end of its path: a block's texts may begin at one place.
type Said = (String, u32, u32, String);

fn said(path: &str, place: &Place) -> Said {
    let end = path.rsplit('.').next().unwrap_or(path);
    (place.file.clone(), place.line, place.column, end.to_owned())
}

/// In which deployments each word is what holds or is added to it: as the tree shows it, and as `explain` tells it.
type Shown = BTreeMap<Said, BTreeSet<String>>;

const ROOTS: [&str; 2] = ["vars", PAGE];

fn shown_by_trees(program: &Program) -> Shown {
    let catalog = program.catalog();
    let resolver = Resolver::new(program.approved());
    let mut shown = Shown::new();
    for deployment in list(program, &[]).iter() {
        let stack = Stack::matching(catalog, &find(program, &deployment.id).unwrap());
        for tag in &deployment.locales {
            let locale = catalog.locales.find(tag).unwrap();
            let tree = resolver.resolve(&stack, locale, None, &mut Diagnostics::default()).tree;
            for (path, node) in tree.places() {
                let Some(resolved) = node.as_leaf().filter(|_| ROOTS.iter().any(|root| path.starts_with(root))) else {
                    continue;
                };
                let more = resolved.amended.iter().map(|more| more.origin);
                for origin in std::iter::once(resolved.origin).chain(more) {
                    let place = Place::of(program.sources(), origin.span);
                    shown.entry(said(&path, &place)).or_default().insert(deployment.id.to_string());
                }
            }
        }
    }
    shown
}

/// Every value of every deployment in each of its languages, as it is explained.
fn all_explained(program: &Program) -> Vec<(String, Explained)> {
    let mut all = Vec::new();
    for deployment in list(program, &[]).iter() {
        let subject = Subject::open(program, &deployment.id).unwrap();
        for (tag, root) in deployment.locales.iter().flat_map(|tag| ROOTS.map(|root| (tag, root))) {
            let values = explain(&subject, root, Some(tag)).unwrap().values;
            all.extend(values.into_iter().map(|value| (deployment.id.to_string(), value)));
        }
    }
    all
}

fn shown_by_explain(all: &[(String, Explained)]) -> Shown {
    let mut shown = Shown::new();
    for (id, value) in all {
        let holds = std::iter::once(&value.winner).chain(&value.amended);
        for word in holds.filter(|word| ["set", "append", "prepend"].contains(&word.operation)) {
            shown.entry(said(&value.path, &word.place)).or_default().insert(id.clone());
        }
    }
    shown
}

/// In how many deployments an operation is told of as what decides a path.
fn decided(program: &Program, path: &str, word: &Contributor) -> usize {
    let decides = |id: &str, tags: &[std::sync::Arc<str>]| {
        let subject = Subject::open(program, id).unwrap();
        tags.iter().any(|tag| {
            let values = explain(&subject, path, Some(tag)).map(|found| found.values).unwrap_or_default();
            let of_path = values.iter().filter(|value| value.path == path);
            of_path
                .flat_map(|value| std::iter::once(&value.winner).chain(&value.decided_by))
                .any(|other| other.operation == word.operation && other.place == word.place)
        })
    };
    list(program, &[]).iter().filter(|deployment| decides(&deployment.id, &deployment.locales)).count()
}

#[test]
fn who_sets_explain_and_the_tree_tell_the_same() {
    let (compared, opened) = (Cell::new(0), Cell::new(0));
    let layers: Vec<_> = LAYERS.iter().map(|_| deeds()).collect();
    proptest!(ProptestConfig::with_cases(24), |(deeds in layers)| {
        let (program, said_of) = Program::open(&workspace(&deeds).memory());
        let Ok(program) = program else { panic!("{said_of:?}") };
        opened.set(opened.get() + 1);
        let all = all_explained(&program);
        let (trees, told) = (shown_by_trees(&program), shown_by_explain(&all));
        let values = |shown: &Shown| shown.iter().map(|(said, ids)| (said.clone(), ids.len())).collect::<BTreeMap<_, _>>();
        let (trees, told) = (values(&trees), values(&told));
        for root in ["vars.**", "content/landing.md**"] {
            let found = who_sets(&program, root).unwrap();
            for (path, word) in found.paths.iter().flat_map(|found| found.layers.iter().map(|word| (&found.path, word))) {
                let key = said(path, &word.place);
                match word.operation {
                    "set" | "append" | "prepend" => {
                        let in_trees = trees.get(&key).copied().unwrap_or_default();
                        prop_assert_eq!(word.wins, in_trees, "{} {:?} in {:?}", path, word, deeds);
                        let is_quiet = [".id", ".level", ".class"].iter().any(|end| path.ends_with(end)) || word.text.is_empty();
                        if !is_quiet {
                            let in_told = told.get(&key).copied().unwrap_or_default();
                            prop_assert_eq!(word.wins, in_told, "{} {:?} is explained otherwise in {:?}", path, word, deeds);
                        }
                        compared.set(compared.get() + 1);
                    }
                    "remove" | "inherit" | "choose" if !path.contains("proof-speed") => {
                        let counted = decided(&program, path, word);
                        let is_value = trees.keys().any(|(.., end)| path.ends_with(&format!(".{end}")));
                        if is_value || word.operation == "remove" {
                            prop_assert_eq!(word.wins, counted, "{} {:?} in {:?}", path, word, deeds);
                            compared.set(compared.get() + 1);
                        }
                    }
                    _ => {}
                }
            }
        }
    });
    let (compared, opened) = (compared.get(), opened.get());
    assert!(compared > 1000 && opened > 20, "{compared} in {opened}");
}
