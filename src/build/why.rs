//! Why packages are made again, or are not.

use std::sync::Arc;

use rayon::prelude::*;

use crate::diag::Diagnostics;
use crate::digest::Digest;
use crate::emit::{Key, Past};
use crate::matrix;

use super::reads::{Part, Parts};
use super::store::Nowhere;
use super::{Options, Program, Run, Unwatched};

/// What the next build would do with a deployment, as far as the ledger knows. The files of the output are not
/// looked at: one that was lost or edited since is a matter of the build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nothing that it is made from was touched.
    Untouched,
    /// Its layers were touched, but no value that it is made from.
    Unmoved,
    /// The last build had something to say of it, so it is looked at each time; no value has changed.
    Noted,
    /// No build has made it yet.
    New,
    /// It is made from other values: these are new or others than before, or of this kind one is gone. None where they are
    /// the same in another order.
    Changed(Vec<String>),
    /// It cannot be made; `check` says why.
    Refused,
}

impl Why {
    /// Why a package is made that was made from `before`.
    pub(super) fn of(parts: &Parts, before: Option<&Key>) -> Self {
        match before {
            None => Self::New,
            // Of an earlier version of the program, which kept no values.
            Some(before) if before.values == Digest::default() => Self::New,
            Some(before) => Self::Changed(parts.beside(before).iter().map(Part::describe).collect()),
        }
    }

    /// One word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Untouched => "untouched",
            Self::Unmoved => "unmoved",
            Self::Noted => "noted",
            Self::New => "new",
            Self::Changed(_) => "changed",
            Self::Refused => "refused",
        }
    }
}

/// For each deployment that the options name, by id, why the next build would make it again or not.
pub fn why(program: &Program, past: &Past, options: &Options) -> Vec<(Arc<str>, Why)> {
    let nowhere = Nowhere(past);
    let matrix = program.matrix().narrowed(program.catalog(), &options.queries);
    let run = Run::new(program, &matrix, options, &Unwatched, &nowhere);
    let of_base = |base: &matrix::Base| -> Vec<(Arc<str>, Why)> {
        let context = run.lazily(base);
        let of_partner = |&partner: &usize| {
            let values = base.with_partner(program.catalog(), partner);
            let id: Arc<str> = matrix::id(program.catalog(), &values).into();
            let why = of_deployment(&context, &values, &id, past);
            (id, why)
        };
        base.partners.iter().map(of_partner).collect()
    };
    let mut all: Vec<_> = matrix.bases().par_iter().flat_map_iter(of_base).collect();
    all.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    all
}

fn of_deployment(context: &super::LazyContext<'_>, values: &[Option<usize>], id: &str, past: &Past) -> Why {
    let run = context.run;
    let inputs = run.inputs.digest(run.program, values).filter(|_| run.naming.refusal(id).is_none());
    let Some(inputs) = inputs else { return Why::Refused };
    if past.made(id, inputs) {
        return Why::Untouched;
    }
    let mut found = Diagnostics::default();
    let prepared = context.get().and_then(|base| run.prepared(base, values, &mut found));
    let Some((prepared, parts)) = prepared.filter(|_| !found.has_errors()) else { return Why::Refused };
    let before = past.key(id);
    let asked = before.map(|before| before.links.clone()).unwrap_or_default();
    let parts = parts.asking(&prepared, &asked);
    match before {
        Some(before) if before.makes_the_same(&parts.key(inputs, asked)) => match before.inputs == Digest::default() {
            true => Why::Noted,
            false => Why::Unmoved,
        },
        before => Why::of(&parts, before),
    }
}
