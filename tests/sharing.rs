//! What deployments have in common is resolved once, and nobody can tell: laws on the results, and counts of the
//! work, never its time.

#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use cobrand::build::{self, Memory, Options, Program, Sharing, Unwatched};
use cobrand::catalog::locales::LocaleId;
use cobrand::emit::Output;
use cobrand::matrix::query::Query;
use cobrand::matrix::{self, Base};
use cobrand::resolve::tree::Tree;
use cobrand::resolve::{Resolver, Stack};
use cobrand::stopwatch::{Clock, Phase, Stopwatch};
use cobrand::workspace::DiskFiles;
use outcome::shown;
use proptest::prelude::*;
use small::Small;

fn sample() -> Program {
    Program::open(&DiskFiles::new(env!("CARGO_MANIFEST_DIR"))).0.unwrap_or_else(|_| panic!("the sample does not open"))
}

/// Every how manyth base of the sample is looked at; enough of them that each motion and region is among them.
const STEP: usize = 9;

/// Stacks of the sample: of bases, each with one of its deployments.
fn stacks(program: &Program) -> Vec<(Stack, Stack)> {
    let catalog = program.catalog();
    let bases = program.matrix().bases().iter().step_by(STEP);
    let both = bases.map(|base| {
        let own = base.with_partner(catalog, base.partners[0]);
        (Stack::matching(catalog, &base.values), Stack::matching(catalog, &own))
    });
    both.collect()
}

/// Some of the locales: the master's, one of another language, and two of one language.
fn locales(program: &Program) -> Vec<LocaleId> {
    let locales = &program.catalog().locales;
    ["en-US", "en-GB", "de-DE", "ja-JP"].iter().filter_map(|tag| locales.find(tag)).collect()
}

fn resolved(resolver: &Resolver<'_>, base: &Stack, own: &Stack, locale: LocaleId) -> [String; 2] {
    let said = &mut Default::default();
    let below = resolver.resolve(base, locale, None, said);
    let above = resolver.resolve(own, locale, Some((base, &below)), said);
    let clashes = |resolution: &cobrand::resolve::Resolution| {
        let told = resolution.clashes.iter().map(|clash| format!("{} {:?}\n", clash.path, clash.sides));
        told.collect::<String>()
    };
    [&below, &above].map(|resolution| shown(&resolution.tree, "") + &clashes(resolution))
}

#[test]
fn whatever_was_resolved_before_a_tree_is_the_one_that_is_resolved_alone() {
    let program = sample();
    let (stacks, locales) = (stacks(&program), locales(&program));
    assert!(stacks.len() > 10 && locales.len() == 4);
    let shared = Resolver::new(program.approved());
    // So little room that nodes go while they are still wanted.
    let small = Resolver::with_room(program.approved(), 200_000);
    for (base, own) in stacks.iter().rev() {
        for &locale in &locales {
            let alone = resolved(&Resolver::with_room(program.approved(), 0), base, own, locale);
            assert!(resolved(&shared, base, own, locale) == alone);
            assert!(resolved(&small, base, own, locale) == alone);
        }
    }
    assert!(small.leaves() > shared.leaves(), "the small one let nothing go");
    // In another order, by other threads.
    let again = Resolver::new(program.approved());
    let work = |stacks: Vec<&(Stack, Stack)>| {
        stacks.into_iter().map(|(base, own)| resolved(&again, base, own, locales[1])).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let forth = scope.spawn(|| work(stacks.iter().collect()));
        let back = scope.spawn(|| work(stacks.iter().rev().collect()));
        let (forth, mut back) = (forth.join().unwrap(), back.join().unwrap());
        back.reverse();
        assert!(forth == back);
        let first = resolved(&Resolver::with_room(program.approved(), 0), &stacks[0].0, &stacks[0].1, locales[1]);
        assert!(forth[0] == first);
    });
}

/// The leaves of a tree: each a path with its winner and what that hides, whichever locale they were looked for in.
fn distinct(tree: &Tree, path: &str, found: &mut BTreeSet<String>) {
    found.extend(tree.as_leaf().map(|_| shown(tree, path)));
    tree.children().for_each(|(key, child)| distinct(child, &format!("{path}/{key}"), found));
}

/// The locales that are resolved for each deployment: those of its pages, all that these fall back to, and the source.
fn asked(program: &Program) -> BTreeMap<Arc<str>, BTreeSet<LocaleId>> {
    let catalog = program.catalog();
    let list = build::list(program, &[]);
    let all = list.iter().map(|deployment| {
        let locales = deployment.locales.iter().map(|tag| catalog.locales.find(tag).unwrap());
        let chains = locales.flat_map(|locale| catalog.locale(locale).chain.iter().copied());
        (deployment.id.clone(), chains.chain([catalog.locales.source()]).collect())
    });
    all.collect()
}

/// What is resolved for the deployments of some bases, in their order: of each base, and of each of its partners, in every
/// locale that is asked for.
fn wanted(program: &Program, bases: &[&Base]) -> Vec<(Stack, Option<Stack>, LocaleId)> {
    let (catalog, asked) = (program.catalog(), asked(program));
    let mut wanted = Vec::new();
    for base in bases {
        let own = base.partners.iter().map(|&partner| base.with_partner(catalog, partner));
        let own: Vec<_> = own.map(|values| (matrix::id(catalog, &values), Stack::matching(catalog, &values))).collect();
        let below = Stack::matching(catalog, &base.values);
        let locales: BTreeSet<LocaleId> = own.iter().flat_map(|(id, _)| asked[&**id].iter().copied()).collect();
        wanted.extend(locales.iter().map(|&locale| (below.clone(), None, locale)));
        for (id, own) in own {
            wanted.extend(asked[&*id].iter().map(|&locale| (below.clone(), Some(own.clone()), locale)));
        }
    }
    wanted
}

/// The leaves that differ of all that is resolved for the deployments of some bases.
fn distinct_of(program: &Program, bases: &[&Base]) -> BTreeSet<String> {
    let alone = Resolver::with_room(program.approved(), 0);
    let mut found = BTreeSet::new();
    for (below, own, locale) in wanted(program, bases) {
        let stack = own.as_ref().unwrap_or(&below);
        distinct(&alone.resolve(stack, locale, None, &mut Default::default()).tree, "", &mut found);
    }
    found
}

#[test]
fn a_leaf_is_resolved_about_once_for_what_it_is_made_from() {
    let program = sample();
    let bases: Vec<&Base> = program.matrix().bases().iter().collect();
    let shared = Resolver::new(program.approved());
    for (below, own, locale) in wanted(&program, &bases) {
        let said = &mut Default::default();
        let base = shared.resolve(&below, locale, None, said);
        own.map(|own| shared.resolve(&own, locale, Some((&below, &base)), said));
    }
    let (made, different) = (shared.leaves(), distinct_of(&program, &bases).len() as u64);
    assert!(made <= 2 * different, "{made} leaves were resolved, of which {different} differ");
}

#[test]
fn a_build_resolves_a_leaf_about_once_for_what_it_is_made_from() {
    let program = sample();
    let catalog = program.catalog();
    let partner = catalog.settings.partner();
    // Bases of several partners, so that some with layers of their own are among them.
    let bases: Vec<&Base> = program.matrix().bases().iter().filter(|base| base.partners.len() > 1).collect();
    let own = bases.iter().flat_map(|base| base.partners.iter().map(|&partner| base.with_partner(catalog, partner)));
    let own: Vec<_> = own.collect();
    assert!(own.iter().any(|values| catalog.speaks(partner, values[partner.0].unwrap())), "no partner has a layer");
    let ids: Vec<String> = own.iter().map(|values| matrix::id(catalog, values)).collect();
    let options = Options { queries: ids.iter().map(|id| Query::new(id)).collect(), ..Options::default() };
    // Threads that come to a leaf at once each resolve it; how often they do is a matter of chance.
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let tally = alone.install(|| build::build_into(&program, &Memory::default(), &options).tally);
    assert_eq!((tally.bases, tally.made), (bases.len() as u64, ids.len() as u64));
    let (made, different) = (tally.leaves, distinct_of(&program, &bases).len() as u64);
    assert!(made <= 2 * different, "{made} leaves were resolved, of which {different} differ");
}

#[test]
fn a_question_costs_what_it_asks() {
    let program = sample();
    // Of each base only the region's list of locales is read.
    let regions = program.catalog().settings.axis_named("region").unwrap();
    let regions = program.catalog().axes[regions.0].iter().count() as u64;
    let list = build::list(&program, &[]);
    assert_eq!(list.iter().count(), program.matrix().len());
    assert!(list.leaves() <= regions, "{} leaves for {regions} regions", list.leaves());
    let bases = |query: &str| {
        let options = Options { queries: vec![Query::new(query)], ..Options::default() };
        let report = build::check(&program, &options, &Unwatched);
        assert!(!report.outcomes.is_empty());
        (report.tally.bases, report.tally.made)
    };
    let first = program.matrix().ids(program.catalog()).into_iter().next().unwrap();
    assert_eq!(bases(&first), (1, 1));
}

#[test]
fn one_path_is_resolved_as_it_is_among_all_others() {
    let program = sample();
    let locale = locales(&program)[2];
    for (base, _) in stacks(&program).iter().step_by(4) {
        let whole = Resolver::new(program.approved()).resolve(base, locale, None, &mut Default::default()).tree;
        for path in ["region.locales", "nurture.emails[welcome].subject", "content/landing.md#hero", "vendor"] {
            let only = Resolver::new(program.approved()).resolve_only(path, base, locale);
            assert_eq!(only.children().count(), 1, "{path}");
            let at = |tree: &Tree| tree.at(path).map(|node| shown(node, path));
            assert!(at(&whole).is_some(), "{path}");
            assert_eq!(at(&only), at(&whole));
        }
    }
}

/// What a layer may say of the pillars, of texts and of the record: changes, removals, moves, choices of language.
fn overlay() -> impl Strategy<Value = String> {
    let item = prop::sample::select(vec![
        "",
        "pillars: [{id: kind, $remove: true}]",
        "pillars: [{id: fast, $at: last}]",
        "pillars: [{id: fast, promise: Another}]",
        "pillars: [{id: more, $at: {after: safe}, title: T, promise: P}]",
        "pillars: {$replace: [{id: only, title: T, promise: P}, {id: safe, title: S, promise: P}]}",
        "product: {name: Another}",
        "vars: {slogan: Waves}",
        "vars: {slogan: Waves}",
        "vars: {slogan: Stars}",
        "vars: {slogan: Stars}",
    ]);
    let content = prop::sample::select(vec![
        "",
        "<!-- choose: proof proof-speed -->",
        "<!-- replace-body: proof-speed -->\n    Faster still.\n    <!-- /replace-body -->",
        "<!-- replace-body: proof -->\n    It worked twice.\n    <!-- /replace-body -->",
    ]);
    (item, content).prop_map(|(item, content)| {
        let package = if item.is_empty() { String::new() } else { format!("  package: {{{item}}}\n") };
        let landing =
            if content.is_empty() { String::new() } else { format!("  content/landing.md: |\n    {content}\n") };
        match package + &landing {
            said if said.is_empty() => String::new(),
            said => format!("overlay:\n{said}"),
        }
    })
}

/// With a block that may be chosen in another one's place.
fn with_a_variant(small: Small) -> Small {
    let rule = "  - path: \"content/landing.md#proof\"\n    allow: {region: [choose, replace-body]}\n    variants: [proof-speed]\n";
    let small = small.more("master-templates/policy.yaml", rule);
    let small = small.more("master-templates/content/landing.md", "\n## Faster {#proof-speed}\n\nIt was fast.\n");
    small
        .more("master-templates/locales/de-DE/content/landing.md", "\n## Schneller {#proof-speed}\n\nEs war schnell.\n")
}

/// Layers that may all have something to say; a region's is no stronger than an industry's, and no weaker.
const SAYING: [&str; 5] = [
    "motions/launch.yaml",
    "industries/retail.yaml",
    "industries/health.yaml",
    "regions/europe.yaml",
    "tiers/one-to-one.yaml",
];

#[test]
fn random_layers_resolve_alike_with_others_and_alone() {
    let base = with_a_variant(Small::base());
    let clashing = Cell::new(0);
    proptest!(ProptestConfig::with_cases(60), |(said in prop::array::uniform5(overlay()), turn in 0..6_usize)| {
        let small = SAYING.iter().zip(&said).fold(base.clone(), |small, (file, text)| small.more(file, text));
        let Ok(program) = Program::open(&small.memory()).0 else { return Ok(()) };
        let catalog = program.catalog();
        let shared = Resolver::new(program.approved());
        let mut bases: Vec<_> = program.matrix().bases().iter().collect();
        let middle = turn % bases.len();
        bases.rotate_left(middle);
        for base in bases {
            for locale in (0..catalog.locales.tags().count() as u16).map(LocaleId) {
                let below = Stack::matching(catalog, &base.values);
                let own = Stack::matching(catalog, &base.with_partner(catalog, base.partners[0]));
                let alone = Resolver::with_room(program.approved(), 0);
                let here = resolved(&shared, &below, &own, locale);
                clashing.set(clashing.get() + usize::from(here[0].contains("vars.slogan [")));
                prop_assert_eq!(here, resolved(&alone, &below, &own, locale));
            }
        }
    });
    assert!(clashing.get() > 0, "peers seldom said anything different");
}

/// The files of some deployments, and what is told of them; all are made at once, by one resolver.
fn built(program: &Program, queries: &[&str], sharing: Sharing) -> (BTreeMap<String, Vec<u8>>, BTreeSet<String>) {
    let queries = queries.iter().map(|query| Query::new(query)).collect();
    let memory = Memory::default();
    let report = build::build_into(program, &memory, &Options { queries, sharing, ..Options::default() });
    let mut told = BTreeSet::new();
    for diagnostic in report.diagnostics.iter() {
        told.extend(diagnostic.deployments.iter().map(|id| format!("{id} {}", diagnostic.message)));
    }
    (memory.into_files(), told)
}

/// What a partner says of itself, and what is said in another language.
fn partner() -> impl Strategy<Value = (String, String)> {
    let said = prop::sample::select(vec![
        "",
        "overlay: {package: {pillars: [{id: safe, $remove: true}]}}\n",
        "overlay: {package: {product: {name: \"{{ partner.name }} Shield\"}}}\n",
        "overlay: {package: {product: {name: \"{{ partner.nothing }}\"}}}\n",
        "contact: {name: Kim, email: kim@beta.example}\n",
        "legal: {legal_name: Beta KG}\n",
    ]);
    let german = prop::sample::select(vec!["", "product: {name: Schild}\n", "nonsense: 1\n"]);
    (said.prop_map(str::to_owned), german.prop_map(str::to_owned))
}

#[test]
fn all_deployments_at_once_are_those_that_are_each_built_alone() {
    let base = Small::base();
    let beta = base.text("partners/beta.yaml").to_owned();
    let files = ["motions/launch.yaml", "industries/retail.yaml", "tiers/one-to-one.yaml"];
    let base = with_a_variant(base);
    let (made, refused) = (Cell::new(0), Cell::new(0));
    let said = (prop::array::uniform3(overlay()), partner(), any::<bool>());
    proptest!(ProptestConfig::with_cases(16), |((said, (own, german), always) in said)| {
        let small = files.iter().zip(&said).fold(base.clone(), |small, (file, text)| small.more(file, text));
        let small = small.with("partners/beta.yaml", format!("{beta}{own}"));
        let small = small.with("industries/retail/locales/de-DE/package.yaml", german);
        let Ok(program) = Program::open(&small.memory()).0 else { return Ok(()) };
        let whole = built(&program, &[], if always { Sharing::Always } else { Sharing::WherePaid });
        let (mut files, mut told) = (BTreeMap::new(), BTreeSet::new());
        let ids = program.matrix().ids(program.catalog());
        for id in &ids {
            // Opened anew: nothing is left of the deployment before.
            let alone = Program::open(&small.memory()).0.unwrap_or_else(|_| panic!("it opened before"));
            let (of_one, said) = built(&alone, &[id], Sharing::Never);
            let folder = format!("{id}/");
            prop_assert!(of_one.keys().all(|path| path.starts_with(&folder)));
            refused.set(refused.get() + usize::from(of_one.is_empty()));
            made.set(made.get() + usize::from(!of_one.is_empty()));
            files.extend(of_one);
            told.extend(said);
        }
        let differing = files.iter().find(|(path, bytes)| whole.0.get(*path) != Some(*bytes)).map(|(path, _)| path);
        prop_assert_eq!(differing, None);
        prop_assert_eq!(whole.0.len(), files.len());
        prop_assert_eq!(whole.1, told);
    });
    // How many come out either way is a matter of chance.
    assert!(made.get() > 3 && refused.get() > 2, "{} made, {} refused", made.get(), refused.get());
}

/// The modules of a code of ours, drawn again from its path.
fn modules(svg: &str) -> Vec<Vec<bool>> {
    let between = |start: &str, end: &str| svg.split_once(start).unwrap().1.split_once(end).unwrap().0.to_owned();
    let quiet = 4;
    let size: usize = between("viewBox=\"0 0 ", " ").parse::<usize>().unwrap() - 2 * quiet;
    let mut drawn = vec![vec![false; size]; size];
    for row in between("<path stroke=\"#000\" d=\"", "\"").split('M').skip(1) {
        let (start, rest) = row.split_once(".5").unwrap();
        let (x, y) = start.split_once(' ').unwrap();
        let (mut x, y) = (x.parse::<usize>().unwrap() - quiet, y.parse::<usize>().unwrap() - quiet);
        for step in rest.split(['h', 'm']) {
            let gap = step.strip_suffix(" 0");
            let Ok(length) = gap.unwrap_or(step).parse::<usize>() else { continue };
            drawn[y][x..x + length].fill(gap.is_none());
            x += length;
        }
    }
    drawn
}

/// A clock that stands: what is looked at is how often a phase was come to.
struct Still;

impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

#[test]
fn each_address_has_one_code_and_a_reader_reads_it() {
    let (program, folder) = (sample(), tempfile::tempdir().unwrap());
    let ids: Vec<String> = program.matrix().ids(program.catalog()).into_iter().step_by(40).collect();
    let queries = ids.iter().map(|id| Query::new(id)).collect();
    let stopwatch = Stopwatch::new(Box::new(Still));
    let options = Options { queries, stopwatch: stopwatch.clone(), ..Options::default() };
    let output = Output::open(folder.path()).unwrap();
    build::build(&program, &output, &options, &Unwatched);
    output.finish().unwrap();
    let mut read = BTreeSet::new();
    for id in &ids {
        let tracking = folder.path().join(id).join("tracking");
        let links: serde_json::Value =
            serde_json::from_slice(&std::fs::read(tracking.join("utm.json")).unwrap()).unwrap();
        let rows = links["links"].as_array().unwrap();
        let urls: BTreeMap<&str, &str> =
            rows.iter().map(|row| (row["utm_content"].as_str().unwrap(), row["url"].as_str().unwrap())).collect();
        let codes: Vec<_> =
            std::fs::read_dir(tracking.join("qr")).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!codes.is_empty());
        for path in &codes {
            let drawn = modules(&std::fs::read_to_string(path).unwrap());
            let grid = rqrr::SimpleGrid::from_func(drawn.len(), |x, y| drawn[y][x]);
            let (_, address) = rqrr::Grid::new(grid).decode().unwrap();
            let content = path.file_stem().unwrap().to_str().unwrap();
            assert_eq!(urls.get(content), Some(&&*address), "{}", path.display());
            assert!(read.insert(address), "two codes for one address");
        }
    }
    let drawn = stopwatch.laps().iter().find(|lap| lap.phase == Phase::Codes).map(|lap| lap.times);
    assert_eq!(drawn, Some(read.len() as u64), "each address is drawn once");
}
