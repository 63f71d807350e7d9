//! The pipeline, and nothing else.
//!
//! 1. [`Program::open`]: read, parse, check rights, count the deployments, check the templates
//! 2. for each base: [`base`] resolves it, plans its outputs, and binds what its deployments share
//! 3. for each deployment: [`prepared`] resolves the partner's part, [`deployment`] renders
//! 4. [`crate::audit`] looks at what was made and seals it; a [`Store`] puts it in place
//! 5. [`crate::portal`] writes the catalogue, and the output takes its inventories
//!
//! [`check`] is the same with a store that keeps nothing, and without 5.

mod able;
mod around;
mod base;
mod bound;
mod captured;
mod checks;
mod computed;
mod definitions;
mod deployment;
mod duties;
mod facts;
mod fallen;
mod filled;
mod gone;
mod handing;
mod handoff;
mod hygiene;
mod inputs;
mod journey;
mod labels;
mod law;
mod languages;
mod leads;
mod list;
mod lowering;
mod measuring;
mod mender;
mod mentions;
mod named;
mod naming;
mod nodes;
mod once;
mod outline;
mod parts;
mod planning;
mod prepared;
mod program;
mod raci;
mod readers;
mod reads;
mod rendered;
mod report;
mod resolved;
mod slots;
mod stale;
mod store;
mod tellings;
mod times;
mod titles;
pub mod trace;
mod why;
mod wording;

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::emit::{Changes, Output, Past};
use crate::matrix::query::Query;
use crate::matrix::{self, Deployments};
use crate::portal;
use crate::resolve::{Resolver, latent};
use crate::stopwatch::{Phase, Stopwatch};

use base::BaseContext;
pub use computed::of_tree as computed;
use deployment::Places;
pub use facts::{COMPUTED, LOCALES, locales};
pub use fallen::{Fallen, all_fallen, fallen};
pub use gone::{Gone, line};
use inputs::Inputs;
pub use journey::{Shown, shown as journey};
pub use leads::with_leads;
pub use list::{List, languages, list};
use naming::Naming;
use prepared::Prepared;
pub use program::Program;
use reads::Parts;
pub use report::{Outcome, Reasons, Report, State, Tally};
use store::{Disk, Nowhere};
pub use store::{Memory, Store};
pub use why::{Why, why};

/// How a run is made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which deployments; all of them if empty.
    pub queries: Vec<Query>,
    /// A page that would fall back to another language is an error.
    pub release: bool,
    /// Nothing is written if anything is wrong.
    pub all_or_nothing: bool,
    /// Whether packages are zipped too.
    pub zips: bool,
    /// Measures where the time goes, if it has a clock.
    pub stopwatch: Stopwatch,
    /// Whether it is counted why packages are made again.
    pub reasons: bool,
    /// Whether source maps are kept beside the packages: whoever builds writes them and takes the inventories then
    /// ([`Report::take_inventory`]), and this build leaves those of earlier ones.
    pub source_maps: bool,
    /// Whether deployments share what they have in common.
    pub sharing: Sharing,
    /// What the ledger says of the output is believed without a look at it: a file that was lost or edited since
    /// is only seen when its package is made anew.
    pub trust_ledger: bool,
    /// Deployments that [`check`] need not make to know that they can be made.
    pub past: Past,
    /// [`check`] also looks at combinations that no deployment uses yet (O5).
    pub all_combinations: bool,
    /// [`check`] also lists where one axis wins over another by its band alone.
    pub strict_peers: bool,
}

/// Whether nodes are found again, and pages filled from forms; either way the bytes are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sharing {
    /// Nodes always; forms in bases with so many deployments that they pay.
    #[default]
    WherePaid,
    Always,
    /// Every node is resolved and every page rendered anew, wherever it stands.
    Never,
}

impl Sharing {
    fn resolver(self, program: &Program) -> Resolver<'_> {
        match self {
            Self::Never => Resolver::with_room(program.approved(), 0),
            Self::WherePaid | Self::Always => Resolver::new(program.approved()),
        }
    }
}

/// Hears how far a run is.
pub trait Watch: Sync {
    /// How many deployments there will be; once, first.
    fn total(&self, _deployments: usize) {}

    /// A deployment is done.
    fn done(&self, _id: &str, _state: State) {}
}

/// Hears nothing.
pub struct Unwatched;

impl Watch for Unwatched {}

/// Does everything but write: whatever [`build`] would refuse is in the report.
pub fn check(program: &Program, options: &Options, watch: &dyn Watch) -> Report {
    let deployments = program.matrix().narrowed(program.catalog(), &options.queries);
    let mut report = run(program, &deployments, options, watch, &Nowhere(&options.past));
    report.unread = named(program.matrix().unread(program.catalog(), || options.past.packages()), options);
    report.diagnostics.append(hygiene::check(program, &deployments));
    if options.all_combinations {
        report.diagnostics.append(latent::latent(program.approved(), program.matrix()));
    }
    if options.strict_peers {
        report.diagnostics.append(latent::decided_by_bands(program.approved()));
    }
    report
}

/// Builds the deployments that the options name.
pub fn build(program: &Program, output: &Output, options: &Options, watch: &dyn Watch) -> Report {
    if options.all_or_nothing {
        let deployments = program.matrix().narrowed(program.catalog(), &options.queries);
        let report = run(program, &deployments, options, &Unwatched, &Nowhere(&options.past));
        if report.diagnostics.has_errors() || program.has_errors() {
            let unread = program.matrix().unread(program.catalog(), || output.packages());
            return Report { unread: named(unread, options), ..report.refused() };
        }
    }
    // Not where the workspace has errors: a partner whose file cannot be read would look like one that left.
    let is_whole = options.queries.is_empty() && !program.has_errors();
    let wanted = is_whole.then(|| portal::Wanted::new(program.catalog(), program.matrix().all(), options.source_maps));
    let mut before = Report::default();
    let stopwatch = &options.stopwatch;
    if let Some(wanted) = &wanted {
        stopwatch.time(Phase::Remove, || before.remove(output, &|path| !wanted.is_barred_by(path)));
    }
    let deployments = program.matrix().narrowed(program.catalog(), &options.queries);
    let mut report = run(program, &deployments, options, watch, &Disk::new(output, options));
    report.changes += before.changes;
    report.diagnostics.append(before.diagnostics);
    if !options.zips {
        stopwatch.time(Phase::Remove, || report.remove_beside(output, portal::zip_of));
    }
    if !options.source_maps {
        stopwatch.time(Phase::Remove, || report.remove_beside(output, portal::map_of));
    }
    let unread = program.matrix().unread(program.catalog(), || output.packages());
    let catalogue = || portal::write(program.approved(), program.matrix(), &program.heading(), output, &unread);
    match stopwatch.time(Phase::Catalogue, catalogue) {
        Ok(changes) => report.changes += changes,
        Err(diagnostics) => report.diagnostics.append(diagnostics),
    }
    report.unread = named(unread, options);
    // Last, so that the catalogue never leads to what is gone.
    if let Some(wanted) = &wanted {
        stopwatch.time(Phase::Remove, || report.remove(output, &|path| wanted.has(path)));
    }
    if !options.source_maps {
        report.take_inventory(program, output, stopwatch);
    }
    report
}

/// Those of some packages that the options name.
fn named(mut packages: Vec<Arc<str>>, options: &Options) -> Vec<Arc<str>> {
    let queries = &options.queries;
    packages.retain(|id| queries.is_empty() || queries.iter().any(|query| query.matches(id)));
    packages
}

/// Makes the deployments that the options name, for any store. The catalogue is the disk's alone.
pub fn build_into(program: &Program, store: &dyn Store, options: &Options) -> Report {
    let deployments = program.matrix().narrowed(program.catalog(), &options.queries);
    run(program, &deployments, options, &Unwatched, store)
}

/// What all steps of a run are given.
struct Run<'a> {
    program: &'a Program,
    resolver: Resolver<'a>,
    options: &'a Options,
    inputs: Inputs,
    /// What all packages are made from.
    common: Parts,
    watch: &'a dyn Watch,
    store: &'a dyn Store,
    places: Places,
    naming: Naming,
}

fn run(
    program: &Program,
    deployments: &Deployments,
    options: &Options,
    watch: &dyn Watch,
    store: &dyn Store,
) -> Report {
    watch.total(deployments.len());
    let run = Run::new(program, deployments, options, watch, store);
    let reports = deployments.bases().par_iter().map(|base| run.base(base)).collect();
    let mut report = Report::of(reports);
    report.fold(program);
    report.tally.leaves = run.resolver.leaves();
    report.tally.traced = run.places.traced();
    report.outcomes.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    report
}

/// How many partners of a base one thread takes at a time.
const PARTNERS: usize = 8;

impl<'a> Run<'a> {
    fn new(
        program: &'a Program,
        deployments: &Deployments,
        options: &'a Options,
        watch: &'a dyn Watch,
        store: &'a dyn Store,
    ) -> Self {
        let inputs = options.stopwatch.time(Phase::Compare, || Inputs::new(program, options));
        Self {
            program,
            resolver: options.sharing.resolver(program),
            options,
            inputs,
            common: Parts::of_program(program),
            watch,
            store,
            places: Places::default(),
            naming: Naming::of(deployments.ids(program.catalog())),
        }
    }

    fn lazily(&'a self, base: &'a matrix::Base) -> LazyContext<'a> {
        LazyContext { run: self, base, made: OnceLock::new() }
    }

    fn base(&self, base: &matrix::Base) -> Report {
        let context = self.lazily(base);
        // The first one makes what the others share.
        let (first, others) = base.partners.split_at(1.min(base.partners.len()));
        let first = self.partners(first, &context);
        let others = others.par_chunks(PARTNERS).map(|partners| self.partners(partners, &context)).collect();
        Report::of(vec![context.into_report(), first, Report::of(others)])
    }

    fn partners(&self, partners: &[usize], context: &LazyContext<'_>) -> Report {
        Report::of(partners.iter().map(|&partner| self.partner(partner, context)).collect())
    }

    /// One deployment, unless its package is as it should be already.
    fn partner(&self, partner: usize, context: &LazyContext<'_>) -> Report {
        let Self { program, options, .. } = self;
        let values = context.base.with_partner(program.catalog(), partner);
        let id: Arc<str> = matrix::id(program.catalog(), &values).into();
        let (mut diagnostics, mut tally) = (Diagnostics::default(), Tally::default());
        if let Some(error) = self.naming.refusal(&id) {
            diagnostics.push(error.deployment(id.clone()));
            self.watch.done(&id, State::Refused);
            let outcomes = vec![Outcome { id, state: State::Refused, changes: Changes::default() }];
            return Report { outcomes, diagnostics, ..Report::default() };
        }
        let (inputs, current) = options.stopwatch.time(Phase::Compare, || {
            let inputs = self.inputs.digest(program, &values);
            (inputs, self.current(&values, inputs))
        });
        let current = current.unwrap_or_else(|error| {
            diagnostics.push(error.deployment(id.clone()));
            None
        });
        let outcome = match current {
            Some(changes) => Some((State::Kept, changes)),
            None => {
                let context = context.get();
                context.and_then(|base| self.make(base, &values, &id, inputs, &mut tally, &mut diagnostics))
            }
        };
        let (state, changes) = outcome.unwrap_or((State::Refused, Changes::default()));
        self.watch.done(&id, state);
        Report { outcomes: vec![Outcome { id, state, changes }], changes, tally, diagnostics, ..Report::default() }
    }

    /// Makes one deployment and hands it to the store, unless the package that stands was made from the same values;
    /// `None` if it is refused.
    fn make(
        &self,
        context: &BaseContext<'_>,
        values: &[Option<usize>],
        id: &Arc<str>,
        inputs: Option<Digest>,
        tally: &mut Tally,
        diagnostics: &mut Diagnostics,
    ) -> Option<(State, Changes)> {
        let mut found = Diagnostics::default();
        let made = self.made(context, values, inputs, tally, &mut found);
        let refused = found.has_errors();
        diagnostics.extend(found.iter().cloned().map(|diagnostic| diagnostic.deployment(id.clone())));
        match made.filter(|_| !refused)? {
            Ok(changes) if changes.written + changes.removed > 0 => Some((State::Written, changes)),
            Ok(changes) => Some((State::Kept, changes)),
            Err(error) => {
                diagnostics.push(error.deployment(id.clone()));
                None
            }
        }
    }

    /// What the store did for a deployment, or why it could not; `None` where there is no package to put.
    fn made(
        &self,
        context: &BaseContext<'_>,
        values: &[Option<usize>],
        inputs: Option<Digest>,
        tally: &mut Tally,
        found: &mut Diagnostics,
    ) -> Option<Result<Changes, Diagnostic>> {
        let Self { program, options, store, .. } = self;
        let (prepared, parts) = self.prepared(context, values, found)?;
        // Whatever was said is said again next time, so the package must not look like one that needs no second look.
        let quiet = found.is_empty() && context.quiet;
        let inputs = inputs.filter(|_| quiet).unwrap_or_default();
        let before = store.key(&prepared.deployment);
        let asked = before.as_ref().map(|before| before.links.clone()).unwrap_or_default();
        let asking = parts.asking(&prepared, &asked);
        let key = asking.key(inputs, asked);
        if !found.has_errors()
            && let Some(stands) = store.stands(&prepared.deployment, &key).transpose()
        {
            tally.unmoved += u64::from(stands.is_ok());
            return Some(stands);
        }
        tally.made += 1;
        if options.reasons {
            tally.reasons.add(Why::of(&asking, before.as_ref()));
        }
        let package = deployment::make(&prepared, &self.places, found)?;
        // What it asked for this time may be other links.
        let key = match *package.asked == *key.links {
            true => key,
            false => parts.asking(&prepared, &package.asked).key(inputs, package.asked.clone()),
        };
        Some(store.put(program, &package, &key))
    }

    /// A deployment that can be made, with what it is made from, but for the links that its making asks for.
    fn prepared<'c>(
        &self,
        context: &'c BaseContext<'c>,
        values: &[Option<usize>],
        found: &mut Diagnostics,
    ) -> Option<(Prepared<'c>, Parts)> {
        let stopwatch = &self.options.stopwatch;
        let prepared = stopwatch.time(Phase::Bind, || Prepared::new(context, values, self.options, found))?;
        let parts = stopwatch.time(Phase::Compare, || self.common.with(&prepared));
        Some((prepared, parts))
    }

    /// What is kept of a deployment if nothing that it is made from has changed.
    fn current(&self, values: &[Option<usize>], inputs: Option<Digest>) -> Result<Option<Changes>, Diagnostic> {
        let Some(inputs) = inputs else { return Ok(None) };
        self.store.current(&matrix::deployment(self.program.catalog(), values, Vec::new()), inputs)
    }
}

/// What a base's deployments share, made when the first of them needs it: where nothing changed, none does.
struct LazyContext<'a> {
    run: &'a Run<'a>,
    base: &'a matrix::Base,
    made: OnceLock<(Option<BaseContext<'a>>, Diagnostics)>,
}

impl<'a> LazyContext<'a> {
    /// `None` where the base has an error, which refuses all of its deployments.
    fn get(&self) -> Option<&BaseContext<'a>> {
        let made = self.made.get_or_init(|| {
            let mut found = Diagnostics::default();
            let Run { program, resolver, options, .. } = self.run;
            let new = || BaseContext::new(program, resolver, self.base, options, &mut found);
            let mut context = options.stopwatch.time(Phase::Resolve, new).filter(|_| !found.has_errors());
            if let Some(context) = &mut context {
                context.quiet = found.is_empty();
            }
            (context, found)
        });
        made.0.as_ref()
    }

    /// What was found of the base itself.
    fn into_report(self) -> Report {
        let (base, run) = (self.base, self.run);
        let Some((context, diagnostics)) = self.made.into_inner() else { return Report::default() };
        let diagnostics = if context.is_none() { refusing(run, base, diagnostics) } else { diagnostics };
        let forms = context.and_then(|context| context.forms).map(|forms| forms.counts()).unwrap_or_default();
        Report { tally: Tally { bases: 1, forms, ..Tally::default() }, diagnostics, ..Report::default() }
    }
}

/// What was found of a base whose deployments are all refused, with these at the errors.
fn refusing(run: &Run<'_>, base: &matrix::Base, diagnostics: Diagnostics) -> Diagnostics {
    let catalog = run.program.catalog();
    let id = |&partner: &usize| matrix::id(catalog, &base.with_partner(catalog, partner)).into();
    let ids: Vec<Arc<str>> = base.partners.iter().map(id).collect();
    let mut refusing = Diagnostics::default();
    refusing.extend(diagnostics.iter().cloned().map(|found| match found.is_error() {
        true => found.deployments(&ids),
        false => found,
    }));
    refusing
}
