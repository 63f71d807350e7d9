//! Which pages and emails are made in another locale than they are planned in (T4), for whoever explains what they show.

use std::sync::Arc;

use rayon::prelude::*;

use crate::diag::Diagnostics;
use crate::matrix::Base;
use crate::resolve::Resolver;

use super::base::BaseContext;
use super::computed::Computed;
pub use super::languages::Fallen;
use super::resolved::Resolved;
use super::{Options, Program, languages, planning};

/// Those of one deployment; none of one that is refused before its languages are chosen, which has no pages.
pub fn fallen(program: &Program, values: &[Option<usize>]) -> Vec<Fallen> {
    of_base(program, &Resolver::new(program.approved()), &Base::of_one(program.catalog(), values))
}

/// Those of every deployment.
pub fn all_fallen(program: &Program, resolver: &Resolver<'_>) -> Vec<Fallen> {
    program.matrix().bases().par_iter().flat_map_iter(|base| of_base(program, resolver, base)).collect()
}

/// What is wrong with a deployment is for a build to say.
fn of_base(program: &Program, resolver: &Resolver<'_>, base: &Base) -> Vec<Fallen> {
    let (options, mut unheard) = (Options::default(), Diagnostics::default());
    let Some(context) = BaseContext::new(program, resolver, base, &options, &mut unheard) else { return Vec::new() };
    let of_partner = |&partner: &usize| {
        let mut unheard = Diagnostics::default();
        let values = base.with_partner(program.catalog(), partner);
        let resolved = Resolved::new(&context, &values, &options, &mut unheard)?;
        let capture = Computed::new(&resolved, &mut unheard)?.capture;
        let plan = planning::reached(Arc::clone(&resolved.plan), &resolved.tree, capture.as_ref());
        Some(languages::choose(program, &resolved.trees, &plan, options.release, &mut unheard).fallen)
    };
    base.partners.iter().filter_map(of_partner).flatten().collect()
}
