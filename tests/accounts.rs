//! `explain`, `who-sets` and the resolved tree tell the same of every value, whatever operations lead to it.

#[path = "support/small.rs"]
mod small;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cobrand::build::{Program, list};
use cobrand::catalog::LayerId;
use cobrand::catalog::locales::LocaleId;
use cobrand::catalog::patch::Leaf;
use cobrand::data::Data;
use cobrand::diag::Diagnostics;
use cobrand::explain::answer::{Explained, Word, explain};
use cobrand::explain::contributors::{Contributed, Contributor, who_sets};
use cobrand::explain::place::Place;
use cobrand::explain::subject::{Subject, find};
use cobrand::resolve::tree::Tree;
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
    let choice = |block: &str, variant: &str| {
        let rights = "[choose, replace, replace-body, append, remove, translate]";
        format!(
            "  - path: \"content/landing.md#{block}\"\n    variants: [{variant}]\n    \
             allow: {{region: {rights}, partner: {rights}}}\n"
        )
    };
    let choices = choice("proof", "proof-speed") + &choice("proof-speed", "proof-risk");
    Small::base()
        .with("partners/beta.yaml", beta)
        .with("regions/swiss/region.yaml", swiss)
        .more("master-templates/policy.yaml", &choices)
        .more(
            "master-templates/content/landing.md",
            "\n## Faster {#proof-speed}\n\nIt was fast.\n\n## Safer {#proof-risk}\n\nIt was safe.\n",
        )
        .more(
            "master-templates/locales/de-DE/content/landing.md",
            "\n## Schneller {#proof-speed}\n\nEs ging schnell.\n\n## Sicherer {#proof-risk}\n\nEs war sicher.\n",
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

/// Of two operations of one layer that take a place away the inner one does: nothing is inherited where nothing is left.
#[test]
fn an_inherit_of_what_is_gone_takes_away_and_not_the_replace_around_it() {
    let files = base()
        .with("regions/dach/package.yaml", "pillars: [{id: fast, $remove: true}]\n")
        .with("partners/acme/package.yaml", "pillars: {$replace: [{id: kind}, {id: fast, $inherit: region}]}\n");
    let program = open(&files);
    assert_eq!(explained(&program, ACME, "pillars[fast]").winner.operation, "inherit");
    let of_acme = wins(&program, "pillars[fast].id").into_iter().filter(|(layer, ..)| layer == "partner=acme");
    let mut wins: Vec<_> = of_acme.map(|(_, operation, _, wins)| (operation, wins)).collect();
    wins.sort();
    assert_eq!(wins, [("inherit", 1), ("replace", 0)]);
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

/// Each step is told, with its place, and what it leads past.
#[test]
fn a_choice_behind_a_choice_is_told_with_every_step() {
    let files = base()
        .with("regions/dach/content/landing.md", "<!-- choose: proof-speed proof-risk -->\n")
        .with("partners/acme/content/landing.md", "<!-- choose: proof proof-speed -->\n");
    let program = open(&files);
    let value = explained(&program, ACME, "content/landing.md#proof.body");
    assert_eq!(value.winner.text.trim(), "Es war sicher.");
    let steps = [("partner=acme", "choose", "proof-speed"), ("region=dach", "choose", "proof-risk")];
    assert_eq!(told(&value.decided_by), steps);
    assert_eq!(value.decided_by[1].place.file, "regions/dach/content/landing.md");
    assert!(value.hides.iter().any(|word| word.text.trim() == "Es ging schnell."), "{:?}", value.hides);
    let of = |path: &str| wins(&program, path).into_iter().map(|(.., wins)| wins).collect::<Vec<_>>();
    assert_eq!(of("content/landing.md#proof-speed.body"), [0, 0, 1]);
    assert_eq!(of("content/landing.md#proof-risk.body"), [0, 1]);
}

/// Below what hides it, it is told where the text comes from, and by which words.
#[test]
fn what_is_inherited_from_behind_a_replace_is_told_with_its_place() {
    let files = base()
        .with("regions/dach/package.yaml", "vars: {$replace: {slogan: Region}}\n")
        .with("partners/acme/package.yaml", "vars: {slogan: {$inherit: master}}\n");
    let program = open(&files);
    let value = explained(&program, ACME, "vars.slogan");
    assert_eq!(
        (&*value.winner.text, &*value.winner.place.file),
        ("Guten Morgen", "master-templates/locales/de-DE/package.yaml")
    );
    assert_eq!(told(&value.decided_by), [("partner=acme", "inherit", "master")]);
    let counted = wins(&program, "vars.slogan");
    let counted: Vec<_> = counted.iter().map(|(layer, operation, _, wins)| (&**layer, *operation, *wins)).collect();
    let region = [("region=dach", "replace", 0), ("region=dach", "set", 0)];
    assert_eq!(counted[2..], [&region[..], &[("partner=acme", "inherit", 1)]].concat());
}

/// A change of which nothing is left is told as hidden.
#[test]
fn a_change_of_a_set_counts_while_something_of_it_is_left() {
    let words = |change: &str| format!("fields:\n  - {{id: job_role, values: {change}}}\n");
    let files = base()
        .with("regions/dach/qualification.yaml", words("{$add: [clerk, it]}"))
        .with("partners/acme/qualification.yaml", words("{$remove: [clerk]}"));
    let program = open(&files);
    let set = explained(&program, ACME, WORDS);
    assert_eq!((&*set.winner.text, &*set.winner.layer), ("[it, other]", "partner=acme"));
    assert_eq!(told(&set.amended), [("partner=acme", "add", "-clerk"), ("master", "set", "it, other")]);
    assert_eq!(told(&set.hides), [("region=dach", "add", "clerk, it")]);
    assert_eq!(wins(&program, WORDS).iter().map(|(.., wins)| *wins).collect::<Vec<_>>(), [10, 0, 1]);
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

const TO_PACKAGE: [Deed; 12] = [
    ("package.yaml", "vars: {slogan: Own}\n"),
    ("package.yaml", "vars: {slogan: Own, tone: own}\n"),
    ("package.yaml", "vars: {slogan: {$inherit: master}}\n"),
    ("package.yaml", "vars: {slogan: {$inherit: region}}\n"),
    ("package.yaml", "vars: {$replace: {tone: loud}}\n"),
    ("package.yaml", "vars: {slogan: {$remove: true}}\n"),
    ("package.yaml", "vars: {$inherit: master}\n"),
    ("package.yaml", "vars: {$replace: {slogan: {$inherit: master}}}\n"),
    ("package.yaml", "vars: {$replace: {tone: {$inherit: region}, slogan: Own}}\n"),
    ("package.yaml", "vars: {$replace: {$inherit: master}}\n"),
    ("package.yaml", "vars: {$remove: true}\n"),
    ("package.yaml", "vars: {slogan: null}\n"),
];

const TO_PILLARS: [Deed; 7] = [
    ("package.yaml", "pillars: [{id: fast, title: Own}]\n"),
    ("package.yaml", "pillars: [{id: fast, $remove: true}, {id: kind, $at: first}]\n"),
    ("package.yaml", "pillars: [{id: fast, $inherit: master}]\n"),
    ("package.yaml", "pillars: [{id: fast, title: {$inherit: master}, promise: Own}]\n"),
    ("package.yaml", "pillars: [{id: own, $at: first, title: Own, promise: Own}]\n"),
    (
        "package.yaml",
        "pillars: {$replace: [{id: safe, title: {$inherit: master}, promise: Own}, {id: fast, $inherit: region}]}\n",
    ),
    ("package.yaml", "pillars: {$order: [kind, \"...\"]}\n"),
];

const WORDS: &str = "qualification.fields[job_role].values";

const TO_WORDS: [Deed; 6] = [
    ("qualification.yaml", "fields: [{id: job_role, values: {$add: [clerk]}}]\n"),
    ("qualification.yaml", "fields: [{id: job_role, values: {$add: [boss, it], $remove: [other]}}]\n"),
    ("qualification.yaml", "fields: [{id: job_role, values: {$add: [other], $remove: [it]}}]\n"),
    ("qualification.yaml", "fields: [{id: job_role, values: [boss, other]}]\n"),
    ("qualification.yaml", "fields: [{id: job_role, values: {$inherit: master}}]\n"),
    ("qualification.yaml", "fields: [{id: job_role, values: {$replace: [clerk, it]}}]\n"),
];

const TO_PROOF: [Deed; 8] = [
    (PAGE, "<!-- replace-body: proof -->\nOwn proof.\n<!-- /replace-body -->\n"),
    (PAGE, "<!-- replace: proof -->\n## Own {#proof}\n\nOwn proof.\n<!-- /replace -->\n"),
    (PAGE, "<!-- append: proof -->\nMore.\n<!-- /append -->\n"),
    (PAGE, "<!-- inherit: proof -->\n"),
    (PAGE, "<!-- choose: proof proof-speed -->\n"),
    (PAGE, "<!-- remove: proof -->\n"),
    (PAGE, "<!-- choose: proof-speed proof-risk -->\n"),
    (
        PAGE,
        "<!-- choose: proof proof-speed -->\n<!-- replace-body: proof-risk -->\nOwn risk.\n<!-- /replace-body -->\n",
    ),
];

const TO_PAINS: [Deed; 7] = [
    (PAGE, "<!-- replace-body: pains -->\nAll gone.\n<!-- /replace-body -->\n"),
    (
        PAGE,
        "<!-- replace: pains -->\n## Own {#pains}\n\nOwn.\n\n### Cost {#pains/cost}\n\nOwn cost.\n<!-- /replace -->\n",
    ),
    (PAGE, "<!-- replace-body: pains/cost -->\nOwn cost.\n<!-- /replace-body -->\n"),
    (PAGE, "<!-- remove: pains/risk -->\n"),
    (PAGE, "<!-- remove: pains -->\n"),
    (PAGE, "<!-- inherit: pains -->\n"),
    (PAGE, "<!-- inherit: pains/cost -->\n"),
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
    (one(&TO_PACKAGE), one(&TO_PILLARS), one(&TO_WORDS), one(&TO_PROOF), one(&TO_PAINS), one(&TRANSLATED))
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f].into_iter().flatten().collect())
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

const ROOTS: [&str; 4] = ["vars", "pillars", PAGE, WORDS];

/// What stands where, with where it is from.
fn written(tree: &Tree) -> Vec<(String, String)> {
    let leaf = |(path, node): (String, &Tree)| {
        let resolved = node.as_leaf()?;
        Some((path, format!("{:?} {:?}", resolved.leaf.data::<()>(&|_, _| Ok(Data::Null)), resolved.origin)))
    };
    tree.places().into_iter().filter_map(leaf).collect()
}

/// The same tree resolved alone, upon its base, and while an account is kept.
fn otherwise(program: &Program, stack: &Stack, locale: LocaleId) -> [Arc<Tree>; 3] {
    let (alone, mut unheard) = (Resolver::with_room(program.approved(), 0), Diagnostics::default());
    let catalog = program.catalog();
    let is_base = |id: &LayerId| catalog.layer(*id).selector.binds(catalog.settings.partner()).is_none();
    let below = Stack::of(stack.layers().iter().copied().filter(is_base).collect());
    let base = alone.resolve(&below, locale, None, &mut unheard);
    [
        alone.resolve(stack, locale, None, &mut unheard).tree,
        alone.resolve(stack, locale, Some((&below, &base)), &mut unheard).tree,
        alone.account(&[], stack, locale).0,
    ]
}

fn shown_by_trees(program: &Program) -> Shown {
    let catalog = program.catalog();
    let resolver = Resolver::new(program.approved());
    let mut shown = Shown::new();
    for deployment in list(program, &[]).iter() {
        let stack = Stack::matching(catalog, &find(program, &deployment.id).unwrap());
        for tag in &deployment.locales {
            let locale = catalog.locales.find(tag).unwrap();
            let tree = resolver.resolve(&stack, locale, None, &mut Diagnostics::default()).tree;
            for other in otherwise(program, &stack, locale) {
                assert_eq!(written(&tree), written(&other), "{} in {tag}", deployment.id);
            }
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
            let values = explain(&subject, root, Some(tag)).map(|found| found.values).unwrap_or_default();
            all.extend(values.into_iter().map(|value| (deployment.id.to_string(), value)));
        }
    }
    all
}

fn shown_by_explain(all: &[(String, Explained)]) -> Shown {
    let mut shown = Shown::new();
    for (id, value) in all {
        let holds = std::iter::once(&value.winner).chain(&value.amended);
        for word in holds.filter(|word| ["set", "append", "prepend", "add"].contains(&word.operation)) {
            shown.entry(said(&value.path, &word.place)).or_default().insert(id.clone());
        }
    }
    shown
}

/// The layers of each deployment, and the words that it has.
fn words_shown(program: &Program) -> Vec<(Vec<String>, Vec<String>)> {
    let catalog = program.catalog();
    let resolver = Resolver::new(program.approved());
    let shown = |id: &str| {
        let stack = Stack::matching(catalog, &find(program, id).unwrap());
        let tree = resolver.resolve_only("qualification", &stack, catalog.locales.source());
        let layers = stack.layers().iter().map(|&id| catalog.layer(id).selector.to_string()).collect();
        let leaf = &tree.at(WORDS).unwrap().as_leaf().unwrap().leaf;
        let Leaf::Seq(words) = leaf else { panic!("{leaf:?}") };
        (layers, words.iter().filter_map(|word| word.source()).map(str::to_owned).collect())
    };
    list(program, &[]).iter().map(|deployment| shown(&deployment.id)).collect()
}

/// In how many deployments a layer's word on a set surely shows, since nobody else takes in what is there, and in how
/// many it may.
fn counts(word: &Contributor, all: &[Contributor], shown: &[(Vec<String>, Vec<String>)]) -> (usize, usize) {
    let said = |word: &Contributor| word.text.split(", ").map(str::to_owned).collect::<Vec<_>>();
    let own = shown.iter().filter(|(layers, _)| layers.contains(&word.layer));
    let is_sure = |(layers, words): &&(Vec<String>, Vec<String>)| {
        let others = || all.iter().filter(|other| other.layer != word.layer && layers.contains(&other.layer));
        said(word).iter().any(|word| words.contains(word) && !others().any(|other| said(other).contains(word)))
    };
    let may = |(_, words): &&(Vec<String>, Vec<String>)| {
        let is_felt = |word: &String| match word.strip_prefix('-') {
            Some(word) => words.iter().all(|other| other != word),
            None => words.contains(word),
        };
        // A whole set also takes out what is not in it.
        word.operation == "set" && words.len() < 4 || said(word).iter().any(is_felt)
    };
    (own.clone().filter(is_sure).count(), own.filter(may).count())
}

/// In how many deployments an operation is told of as what decides a path.
fn decided(program: &Program, path: &str, word: &Contributor) -> usize {
    let decides = |id: &str, tags: &[Arc<str>]| {
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
        let shown = words_shown(&program);
        for root in ["vars.**", "pillars**", "content/landing.md**", WORDS] {
            let found = who_sets(&program, root).unwrap();
            let words = found.paths.iter().flat_map(|found| found.layers.iter().map(move |word| (found, word)));
            for (Contributed { path, layers, .. }, word) in words {
                let key = said(path, &word.place);
                let in_told = told.get(&key).copied().unwrap_or_default();
                match word.operation {
                    "set" | "add" if path == WORDS => {
                        let (least, most) = counts(word, layers, &shown);
                        prop_assert!((least..=most).contains(&word.wins), "{least} {most} {word:?} in {deeds:?}");
                        prop_assert_eq!(word.wins, in_told, "{:?} is explained otherwise in {:?}", word, deeds);
                        compared.set(compared.get() + 1);
                    }
                    "set" | "append" | "prepend" => {
                        let in_trees = trees.get(&key).copied().unwrap_or_default();
                        prop_assert_eq!(word.wins, in_trees, "{} {:?} in {:?}", path, word, deeds);
                        let is_quiet = [".id", ".level", ".class"].iter().any(|end| path.ends_with(end)) || word.text.is_empty();
                        if !is_quiet {
                            prop_assert_eq!(word.wins, in_told, "{} {:?} is explained otherwise in {:?}", path, word, deeds);
                        }
                        compared.set(compared.get() + 1);
                    }
                    "remove" | "inherit" | "choose" | "replace" | "replace-body" if !path.contains("proof-") => {
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
