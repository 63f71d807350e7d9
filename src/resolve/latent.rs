//! Clashes that no deployment has yet (O5), and those that the order of bands decides unseen.

use std::cmp::Ordering;

use crate::catalog::place::{lies_in, steps};
use crate::catalog::selector::Selector;
use crate::catalog::{Catalog, Layer, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::guard::Approved;
use crate::matrix::Matrix;

use super::{Clash, Resolver, Stack};

/// What peers would set differently in combinations that some layers make possible and no deployment
/// uses. Two layers that say nothing of one place are not combined.
pub fn latent(approved: &Approved, matrix: &Matrix) -> Diagnostics {
    let mut found = Diagnostics::default();
    found.extend(clashes(approved, matrix).into_iter().map(|clash| as_latent(clash.error)));
    found
}

/// The same as clashes.
pub fn clashes(approved: &Approved, matrix: &Matrix) -> Vec<Clash> {
    let catalog = approved.catalog();
    let resolver = Resolver::new(approved);
    let mut found = Vec::new();
    for (one, two) in pairs(catalog) {
        let (a, b) = (catalog.layer(one), catalog.layer(two));
        if a.selector.strength(&b.selector).is_some() || !meet(a, b) {
            continue;
        }
        let Some(values) = a.selector.join(&b.selector, &catalog.axes) else { continue };
        if is_used(catalog, matrix, &a.selector, &b.selector) {
            continue;
        }
        // Whatever else is wrong there is nobody's yet.
        let mut unheard = Diagnostics::default();
        let stack = Stack::matching(catalog, &values);
        let mut locales = vec![catalog.locales.source(), a.locale, b.locale];
        locales.sort_unstable();
        locales.dedup();
        for locale in locales {
            found.extend(resolver.resolve(&stack, locale, None, &mut unheard).clashes);
        }
    }
    found
}

fn as_latent(clash: Diagnostic) -> Diagnostic {
    let warning = Diagnostic::warning("W-LATENT", format!("{}; no deployment has both yet", clash.message));
    Diagnostic { place: clash.place, others: clash.others, help: clash.help, ..warning }
}

/// Where one of two layers wins by the order of bands alone, although by default they are peers.
pub fn decided_by_bands(approved: &Approved) -> Diagnostics {
    let catalog = approved.catalog();
    let peers = catalog.settings.with_default_bands();
    let loose = |layer: &Layer| Selector::new(layer.selector.bindings().to_vec(), &peers, &catalog.axes);
    let mut found = Diagnostics::default();
    for (one, two) in pairs(catalog) {
        let (mut a, mut b) = (catalog.layer(one), catalog.layer(two));
        let Some(order) = a.selector.strength(&b.selector) else { continue };
        let compatible = a.selector.join(&b.selector, &catalog.axes).is_some();
        if !compatible || loose(a).strength(&loose(b)).is_some() || !meet(a, b) {
            continue;
        }
        if order == Ordering::Greater {
            (a, b) = (b, a);
        }
        for weak in &a.contributions {
            let Some(strong) = b.contributions.iter().find(|strong| strong.path == weak.path) else { continue };
            let way = steps(&weak.path);
            let alike = a.patch.find(&way).zip(b.patch.find(&way)).is_some_and(|(a, b)| a.says_the_same(b));
            if !alike {
                let message = format!("`{}` wins over `{}` here by its band alone", b.selector, a.selector);
                let warning = Diagnostic::warning("W-PEER", message).at(strong.span, "wins");
                found.push(warning.other(weak.span, "hidden").help("see that this is meant, or make the axes peers"));
            }
        }
    }
    found
}

/// All pairs of layers that bind something.
fn pairs(catalog: &Catalog) -> impl Iterator<Item = (LayerId, LayerId)> + '_ {
    let bound = move || catalog.layer_ids().filter(|&id| !catalog.layer(id).selector.is_master());
    bound().flat_map(move |one| bound().filter(move |&two| one < two).map(move |two| (one, two)))
}

/// Whether two layers say something of one place.
fn meet(a: &Layer, b: &Layer) -> bool {
    let near = |one: &str, two: &str| lies_in(one, two).is_some() || lies_in(two, one).is_some();
    a.contributions.iter().any(|one| b.contributions.iter().any(|two| near(&one.path, &two.path)))
}

/// Whether a deployment has both; then a clash is an error already.
fn is_used(catalog: &Catalog, matrix: &Matrix, a: &Selector, b: &Selector) -> bool {
    matrix.matching(catalog, &[a, b]).next().is_some()
}
