//! Winners and their histories: every value of a deployment, resolved from all layers at once.
//!
//! Layers are never folded pairwise. At each place the patches of all matching layers stand side by
//! side, so the order of files cannot matter, a removal cannot leak, and what a value hides is known.
//!
//! - Maps merge key by key (V1); a leaf is the maximal contribution by O1, two different maximal
//!   ones are E-PEER (O2); a clash below a stronger layer does not count (O3).
//! - `$remove` is a value like any other (V4); `$replace` hides what is weaker below it (V5);
//!   `$inherit` resolves the place as if the layers between were not there (V6).
//! - A translated leaf is resolved in the first group of the locale's chain that has it, where a
//!   group is a run of locales of one language: inside a language the stronger layer speaks first,
//!   across languages the page's language does (T1, T3 `scope-back`, T5).
//!
//! A partner's tree is computed from its base's: wherever no layer of the partner says anything, the
//! base's node itself is taken over.
//!
//! What was resolved once is found again: most nodes of a base are those of the base before it.
//!
//! - [`tree`]: the result
//! - [`account`]: what became of each layer's words
//! - [`answers`]: questions about a node that are answered once
//! - [`kept`]: what is made of a node alone, once
//! - [`digest`]: values without their places
//! - [`input`]: what one layer says at a place
//! - [`tongue`]: what a locale is to the languages it is said in
//! - [`nodes`]: nodes that are found again
//! - [`merge`]: the rules
//! - [`choice`]: what a choice shows (G6)
//! - [`inherit`]: what an `$inherit` finds (V6)
//! - [`clash`]: peers that disagree
//! - [`order`]: the order of keyed lists (L4, L5)
//! - [`set`]: words taken in and out (L6)
//! - [`latent`]: clashes that no deployment has yet
//! - [`leaf`]: winners of a single place, with locales
//! - [`texts`]: what a `$replace` in another language leaves of what it hides (T2)
//! - [`lost`]: what is said of a place that is gone (V4)

pub mod account;
mod answers;
mod choice;
mod clash;
mod digest;
mod inherit;
mod input;
mod kept;
pub mod latent;
mod leaf;
mod lost;
mod merge;
mod nodes;
mod order;
mod set;
mod texts;
mod tongue;
pub mod tree;

use std::cmp::Ordering;
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::catalog::place::{Step, steps};
use crate::catalog::{Catalog, LayerId};
use crate::diag::{Diagnostic, Diagnostics};
use crate::guard::Approved;

use account::Account;
pub use clash::{Clash, Side};
use input::Input;
use merge::Merge;
use nodes::Nodes;
use tree::Tree;

/// How one layer compares to another at a place: by O1, and for peers by the precedence that policy gives to
/// the place (O4); `None` if neither is stronger.
pub fn strength(approved: &Approved, path: &str, a: LayerId, b: LayerId) -> Option<Ordering> {
    let catalog = approved.catalog();
    let (one, two) = (catalog.layer(a), catalog.layer(b));
    let (a, b) = (&one.selector, &two.selector);
    let strength = a.strength(b).or_else(|| {
        let rules = approved.policy().rules_for(path);
        let axes = rules.first().map_or(&[][..], |rule| &rule.precedence);
        a.precedence(b, axes, &catalog.axes)
    });
    // What the master says of a region is weaker than what the region's own folder says.
    strength.map(|strength| strength.then(one.author.cmp(&two.author)))
}

/// The layers that match a combination of axis values, laid out weak to strong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    layers: Vec<LayerId>,
}

impl Stack {
    /// The layers that match `values` (one for each axis).
    pub fn matching(catalog: &Catalog, values: &[Option<usize>]) -> Self {
        let mut layers = catalog.layout.kin(&catalog.axes, values[catalog.settings.partner().0]);
        layers.retain(|&id| catalog.layer(id).selector.matches(values, &catalog.axes));
        catalog.layout.sort(&mut layers);
        Self { layers }
    }

    pub fn layers(&self) -> &[LayerId] {
        &self.layers
    }

    /// Of layers that are laid out already.
    pub fn of(layers: Vec<LayerId>) -> Self {
        Self { layers }
    }
}

/// What a stack of layers comes to, in one locale.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    pub tree: Arc<Tree>,
    /// Where peers disagree. In a base they count for the deployments whose partner does not settle
    /// them (O3).
    pub clashes: Vec<Clash>,
}

impl Resolution {
    /// The clashes as errors.
    pub fn errors(&self) -> impl Iterator<Item = Diagnostic> + '_ {
        self.clashes.iter().map(|clash| clash.error.clone())
    }
}

/// Resolves stacks of layers, and finds again what it resolved before. Its results are the same whatever it
/// was asked before, in whatever order, by however many threads.
pub struct Resolver<'a> {
    approved: &'a Approved,
    nodes: Nodes,
}

/// How many bytes of nodes are held beyond those in use: with half as many, a program of a hundred bases in ten locales
/// resolves what it had resolved before.
const ROOM: usize = 32 << 20;

impl<'a> Resolver<'a> {
    pub fn new(approved: &'a Approved) -> Self {
        Self::with_room(approved, ROOM)
    }

    /// Holds about so many bytes of nodes; with none, each is resolved anew.
    pub fn with_room(approved: &'a Approved, bytes: usize) -> Self {
        Self { approved, nodes: Nodes::with_room(bytes) }
    }

    /// How many leaves were resolved, and not found.
    pub fn leaves(&self) -> u64 {
        self.nodes.leaves()
    }

    /// Resolves everything a stack of layers says, in one locale.
    ///
    /// With `base`, the resolution of a part of the stack, only what the other layers touch is resolved anew.
    pub fn resolve(
        &self,
        stack: &Stack,
        locale: LocaleId,
        base: Option<(&Stack, &Resolution)>,
        diagnostics: &mut Diagnostics,
    ) -> Resolution {
        self.resolve_below(&[], stack, locale, base, diagnostics)
    }

    /// The tree of a stack with nothing in it but what lies at `path` and around it. What is wrong with it is for
    /// whoever resolves the whole to say.
    pub fn resolve_only(&self, path: &str, stack: &Stack, locale: LocaleId) -> Arc<Tree> {
        self.resolve_below(&steps(path), stack, locale, None, &mut Diagnostics::default()).tree
    }

    /// As [`Resolver::resolve_only`], by the steps of a path, and what became of what each layer says there and around it.
    /// Every node is resolved anew for this: one that was found again would tell nothing.
    pub fn account(&self, only: &[Step], stack: &Stack, locale: LocaleId) -> (Arc<Tree>, Account) {
        let (mut account, unheard) = (Account::default(), &mut Diagnostics::default());
        let mut merge = Merge::new(self, locale, only, &[], unheard);
        merge.account = Some(&mut account);
        let tree = merge.tree(self.inputs(stack, None), None);
        (tree, account)
    }

    fn resolve_below(
        &self,
        only: &[Step],
        stack: &Stack,
        locale: LocaleId,
        base: Option<(&Stack, &Resolution)>,
        diagnostics: &mut Diagnostics,
    ) -> Resolution {
        let inputs = self.inputs(stack, base.map(|(stack, _)| stack));
        let base_clashes = base.map_or(&[][..], |(_, base)| &base.clashes);
        let mut merge = Merge::new(self, locale, only, base_clashes, diagnostics);
        let tree = merge.tree(inputs, base.map(|(_, base)| &base.tree));
        Resolution { tree, clashes: merge.clashes }
    }

    /// What each layer says in all, and in each language it is translated to.
    fn inputs(&self, stack: &Stack, base: Option<&Stack>) -> Vec<Input<'a>> {
        let catalog = self.approved.catalog();
        let mut inputs = Vec::with_capacity(stack.layers.len());
        for id in &stack.layers {
            let layer = catalog.layer(*id);
            let own = Input {
                layer: *id,
                locale: layer.locale,
                translation: false,
                hidden: false,
                extra: base.is_some_and(|base| !base.layers.contains(id)),
                whole: false,
                patch: &layer.patch,
            };
            inputs.push(own);
            for (&locale, patch) in &layer.translations {
                inputs.push(Input { locale, translation: true, patch, ..own });
            }
        }
        inputs
    }
}
