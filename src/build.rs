//! The pipeline, and nothing else.
//!
//! 1. [`Program::open`]: read, parse, check rights, count the deployments, check the templates
//! 2. for each base: [`base`] resolves it, plans its outputs, and binds what its deployments share
//! 3. for each deployment: [`prepared`] resolves the partner's part, [`deployment`] renders
//! 4. [`crate::audit`] looks at what was made; [`crate::emit`] puts it in place
//! 5. [`crate::portal`] writes the catalogue
//!
//! [`check`] is the same without 4's second half and without 5.

mod base;
mod checks;
mod definitions;
mod deployment;
mod facts;
mod hygiene;
mod inputs;
mod list;
mod prepared;
mod program;
mod rendered;
mod report;
mod slots;
pub mod trace;

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::archive::{Level, PieceCache};
use crate::diag::Diagnostics;
use crate::emit::{self, Changes, Output, Past};
use crate::manifest::Digest;
use crate::matrix;
use crate::matrix::query::Query;
use crate::paths::OutputPath;
use crate::portal;
use crate::resolve::latent;
use crate::stopwatch::{Phase, Stopwatch};

use base::BaseContext;
pub use facts::locales;
use inputs::Inputs;
pub use list::{List, list};
pub use prepared::computed;
pub use program::Program;
pub use report::{Outcome, Report, State, Tally};

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
    /// Whether source maps are kept beside the packages: whoever builds writes them, and this build then leaves
    /// those of earlier ones.
    pub source_maps: bool,
    /// Every page is rendered from its template, and none filled from a form.
    pub without_forms: bool,
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

/// What is made and then dropped: a package goes to the output, or nowhere.
enum Sink<'a> {
    /// A deployment that was made before from the same, and without a word, needs no second look.
    Nowhere(&'a Past),
    Output {
        output: &'a Output,
        pieces: PieceCache,
    },
}

/// Does everything but write: whatever [`build`] would refuse is in the report.
pub fn check(program: &Program, options: &Options, watch: &dyn Watch) -> Report {
    let mut report = run(program, options, watch, &Sink::Nowhere(&options.past));
    report.diagnostics.append(hygiene::check(program));
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
        let report = check(program, options, &Unwatched);
        if report.diagnostics.has_errors() || program.has_errors() {
            return report.refused();
        }
    }
    let sink = Sink::Output { output, pieces: PieceCache::new(Level::default(), PIECES) };
    // Not where the workspace has errors: a partner whose file cannot be read would look like one that left.
    let is_whole = options.queries.is_empty() && !program.has_errors();
    let wanted = is_whole.then(|| portal::Wanted::new(program.catalog(), program.matrix(), options.source_maps));
    let mut before = Report::default();
    let stopwatch = &options.stopwatch;
    if let Some(wanted) = &wanted {
        stopwatch.time(Phase::Remove, || before.remove(output, &|path| !wanted.is_barred_by(path)));
    }
    let mut report = run(program, options, watch, &sink);
    report.changes += before.changes;
    report.diagnostics.append(before.diagnostics);
    if !options.zips {
        stopwatch.time(Phase::Remove, || report.remove_beside(output, portal::zip_of));
    }
    if !options.source_maps {
        stopwatch.time(Phase::Remove, || report.remove_beside(output, portal::map_of));
    }
    let catalogue = || portal::write(program.approved(), program.matrix(), &program.heading(), output);
    match stopwatch.time(Phase::Catalogue, catalogue) {
        Ok(changes) => report.changes += changes,
        Err(diagnostics) => report.diagnostics.append(diagnostics),
    }
    // Last, so that the catalogue never leads to what is gone.
    if let Some(wanted) = &wanted {
        stopwatch.time(Phase::Remove, || report.remove(output, &|path| wanted.has(path)));
    }
    report
}

/// How many bytes of deflated pieces are kept for other packages.
const PIECES: usize = 8 << 20;

fn run(program: &Program, options: &Options, watch: &dyn Watch, sink: &Sink<'_>) -> Report {
    let matrix = program.matrix().narrowed(program.catalog(), &options.queries);
    watch.total(matrix.len());
    let inputs = options.stopwatch.time(Phase::Compare, || Inputs::new(program, options));
    let reports =
        matrix.bases().par_iter().map(|base| run_base(program, base, options, &inputs, watch, sink)).collect();
    let mut report = Report::of(reports);
    report.outcomes.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    report
}

/// How many partners of a base one thread takes at a time.
const PARTNERS: usize = 8;

fn run_base(
    program: &Program,
    base: &matrix::Base,
    options: &Options,
    inputs: &Inputs,
    watch: &dyn Watch,
    sink: &Sink<'_>,
) -> Report {
    let context = LazyContext { program, base, options, made: OnceLock::new() };
    // The first one makes what the others share.
    let (first, others) = base.partners.split_at(1.min(base.partners.len()));
    let run = |partners: &[usize]| run_partners(partners, &context, inputs, watch, sink);
    let first = run(first);
    let others = others.par_chunks(PARTNERS).map(run).collect();
    Report::of(vec![context.into_report(), first, Report::of(others)])
}

fn run_partners(
    partners: &[usize],
    context: &LazyContext<'_>,
    inputs: &Inputs,
    watch: &dyn Watch,
    sink: &Sink<'_>,
) -> Report {
    let LazyContext { program, base, options, .. } = *context;
    let one = |&partner: &usize| {
        let values = base.with_partner(program.catalog(), partner);
        let id: Arc<str> = matrix::id(program.catalog(), &values).into();
        let (mut diagnostics, mut tally) = (Diagnostics::default(), Tally::default());
        let current = || inputs.current(program, &values, &id, options, sink, &mut diagnostics);
        let outcome = match options.stopwatch.time(Phase::Compare, current) {
            Some(changes) => Some((State::Kept, changes)),
            None => {
                let context = context.get();
                tally.made += u64::from(context.is_some());
                context.and_then(|base| one(program, base, &values, &id, inputs, options, sink, &mut diagnostics))
            }
        };
        let (state, changes) = outcome.unwrap_or((State::Refused, Changes::default()));
        watch.done(&id, state);
        Report { outcomes: vec![Outcome { id, state, changes }], changes, tally, diagnostics }
    };
    Report::of(partners.iter().map(one).collect())
}

/// What a base's deployments share, made when the first of them needs it: where nothing changed, none does.
struct LazyContext<'a> {
    program: &'a Program,
    base: &'a matrix::Base,
    options: &'a Options,
    made: OnceLock<(Option<BaseContext<'a>>, Diagnostics)>,
}

impl<'a> LazyContext<'a> {
    /// `None` where the base has an error, which refuses all of its deployments.
    fn get(&self) -> Option<&BaseContext<'a>> {
        let made = self.made.get_or_init(|| {
            let mut found = Diagnostics::default();
            let new = || BaseContext::new(self.program, self.base, self.options, &mut found);
            let mut context = self.options.stopwatch.time(Phase::Resolve, new).filter(|_| !found.has_errors());
            if let Some(context) = &mut context {
                context.quiet = found.is_empty();
            }
            (context, found)
        });
        made.0.as_ref()
    }

    /// What was found of the base itself.
    fn into_report(self) -> Report {
        let Some((context, diagnostics)) = self.made.into_inner() else { return Report::default() };
        let forms = context.and_then(|context| context.forms).map(|forms| forms.counts()).unwrap_or_default();
        Report { tally: Tally { bases: 1, made: 0, forms }, diagnostics, ..Report::default() }
    }
}

/// Builds one deployment and hands it to the sink; `None` if it is refused.
#[allow(clippy::too_many_arguments, reason = "the pipeline's own step: everything it is given is used once")]
fn one(
    program: &Program,
    context: &BaseContext<'_>,
    values: &[Option<usize>],
    id: &Arc<str>,
    inputs: &Inputs,
    options: &Options,
    sink: &Sink<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<(State, Changes)> {
    let mut found = Diagnostics::default();
    let package = deployment::render(program, context, values, options, &mut found);
    let refused = found.has_errors();
    // Whatever was said is said again next time, so the package must not look like one that needs no making.
    let made_from = if found.is_empty() && context.quiet { inputs.digest(program, values) } else { Digest::default() };
    diagnostics.extend(found.iter().cloned().map(|diagnostic| diagnostic.deployment(id.clone())));
    let package = package.filter(|_| !refused)?;
    let Sink::Output { output, pieces } = sink else { return Some((State::Kept, Changes::default())) };
    let parts = package.parts();
    let axes: Vec<(&str, &str)> = package.deployment.axes.iter().map(|(axis, value)| (&**axis, &**value)).collect();
    let stopwatch = &options.stopwatch;
    let bundle = match stopwatch.time(Phase::Seal, || crate::manifest::seal(&program.head(id, &axes), &parts)) {
        Ok(bundle) => bundle,
        Err(clash) => {
            diagnostics.push(facts::clash(&clash).deployment(id.clone()));
            return None;
        }
    };
    let folder = OutputPath::new(id).ok()?;
    let zip_path = facts::zip_path(&package.deployment)?;
    let zip = options.zips.then(|| emit::Zip {
        path: &zip_path,
        folder: &package.deployment.slug,
        date: program.zip_date(),
        pieces,
        stopwatch,
    });
    let package = emit::Package { id: &folder, bundle: &bundle, inputs: made_from, zip };
    match stopwatch.time(Phase::Write, || output.put(&package)) {
        Ok(changes) if changes.written + changes.removed == 0 => Some((State::Kept, changes)),
        Ok(changes) => Some((State::Written, changes)),
        Err(error) => {
            diagnostics.push(error.deployment(id.clone()));
            None
        }
    }
}
