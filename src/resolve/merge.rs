//! The merge of all patches at one place.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Keyed, PatchKind, entry_path, item_path};
use crate::catalog::place::Step;
use crate::catalog::{Catalog, LayerId};
use crate::data::IndexMap;
use crate::diag::{Diagnostic, Diagnostics};
use crate::guard::Approved;

use super::Resolver;
use super::account::{Account, Fate};
use super::clash::{Clash, Side};
use super::inherit::keyed;
use super::input::{Input, Kind, is_removal, is_whole};
use super::leaf::Candidate;
use super::nodes::{Made, Nodes};
use super::order;
use super::set;
use super::tongue::Tongue;
use super::tree::{Amendment, Origin, Resolved, Tree, Value};

pub struct Merge<'r, 'a> {
    pub catalog: &'a Catalog,
    approved: &'a Approved,
    nodes: &'r Nodes,
    pub locale: LocaleId,
    /// The only way down that is wanted; everything, once it is walked to its end.
    only: &'r [Step],
    /// The place that is being resolved, as it is named to the user.
    pub path: String,
    /// What is said of the list that the place is an item of.
    pub siblings: Vec<(Input<'a>, &'a Keyed)>,
    /// All that the layers say, from the root.
    pub roots: Vec<Input<'a>>,
    /// The items that are chosen on the way to what is being resolved.
    pub chosen: Vec<&'a str>,
    /// Whether the words at the place are all that the layers say there: no operation around it hides any.
    pub is_all: bool,
    /// The same place as keys of the tree.
    pub keys: Vec<Arc<str>>,
    /// What clashes in the base; it counts where the base's own node is taken over (O3).
    base_clashes: &'r [Clash],
    pub clashes: Vec<Clash>,
    pub diagnostics: &'r mut Diagnostics,
    /// Where it is told what became of each word, if anybody asks.
    pub account: Option<&'r mut Account>,
}

impl<'r, 'a> Merge<'r, 'a> {
    pub fn new(
        resolver: &'r Resolver<'a>,
        locale: LocaleId,
        only: &'r [Step],
        base_clashes: &'r [Clash],
        diagnostics: &'r mut Diagnostics,
    ) -> Self {
        let approved = resolver.approved;
        Self {
            catalog: approved.catalog(),
            approved,
            nodes: &resolver.nodes,
            locale,
            only,
            path: String::new(),
            siblings: Vec::new(),
            roots: Vec::new(),
            chosen: Vec::new(),
            is_all: true,
            keys: Vec::new(),
            base_clashes,
            clashes: Vec::new(),
            diagnostics,
            account: None,
        }
    }

    /// The tree of all that some layers say.
    pub fn tree(&mut self, roots: Vec<Input<'a>>, base: Option<&Arc<Tree>>) -> Arc<Tree> {
        self.roots = roots;
        self.node(&self.roots.clone(), base).unwrap_or_default()
    }

    /// How the layer of `a` compares to the layer of `b` at this place.
    pub fn strength(&self, a: LayerId, b: LayerId) -> Option<Ordering> {
        super::strength(self.approved, &self.path, a, b)
    }

    /// Resolves a place below the present one.
    fn child(
        &mut self,
        path: String,
        key: &Arc<str>,
        inputs: &[Input<'a>],
        base: Option<&Arc<Tree>>,
    ) -> Option<Arc<Tree>> {
        let above = std::mem::replace(&mut self.path, path);
        self.keys.push(key.clone());
        let tree = self.node(inputs, base);
        self.keys.pop();
        self.path = above;
        tree
    }

    pub fn is_stronger(&self, a: LayerId, b: LayerId) -> bool {
        self.strength(a, b) == Some(Ordering::Greater)
    }

    pub fn is_weaker_or_same(&self, a: LayerId, b: LayerId) -> bool {
        a == b || self.is_stronger(b, a)
    }

    /// The value of a place; `None` where nothing is left of it.
    fn node(&mut self, inputs: &[Input<'a>], base: Option<&Arc<Tree>>) -> Option<Arc<Tree>> {
        if let (Some(base), false) = (base, inputs.iter().any(|input| input.extra)) {
            let below = self.base_clashes.iter().filter(|clash| clash.keys.starts_with(&self.keys));
            self.clashes.extend(below.cloned());
            return Some(base.clone());
        }
        // A root is seldom met twice, a part of a place is not the place, and a node that is found tells nothing.
        if self.account.is_some() || self.keys.is_empty() || self.keys.len() < self.only.len() {
            return self.resolved(inputs, base);
        }
        let chosen = self.choosable(inputs);
        let mut all = inputs.iter().chain(&chosen);
        // What is inherited from behind an operation is not among the words at the place.
        if !self.is_all && all.any(|input| input.patch.holds_inherit()) {
            return self.resolved(inputs, base);
        }
        let tongue = Tongue::of(&self.catalog.locales, self.locale, inputs.iter().chain(&chosen));
        if let Some(found) = self.nodes.find(&Made { path: &self.path, inputs, chosen: &chosen, tongue }) {
            return found;
        }
        let said = self.said();
        let node = self.resolved(inputs, base);
        match self.said() == said {
            true => self.nodes.keep(&Made { path: &self.path, inputs, chosen: &chosen, tongue }, node),
            false => node,
        }
    }

    /// How much has been said so far.
    fn said(&self) -> (usize, usize) {
        (self.diagnostics.len(), self.clashes.len())
    }

    fn resolved(&mut self, inputs: &[Input<'a>], base: Option<&Arc<Tree>>) -> Option<Arc<Tree>> {
        let inputs = &*self.with_inherited(inputs);
        // What is hidden stays so, but for a text of it that holds.
        self.note(inputs.iter().filter(|input| !input.hidden), Fate::Heard);
        let visible = self.visible(inputs);
        let visible = self.of_one_kind(visible);
        self.note_others(inputs, &visible, Fate::Hidden);
        if visible.iter().any(|input| Kind::of(&input.patch.kind) == Some(Kind::Leaf)) {
            self.nodes.count_leaf();
            return self.leaf(&visible, inputs);
        }
        let is_whole = |input: &&Input<'_>| is_whole(&input.patch.kind) && !input.translation;
        let wholes: Vec<Input<'a>> = visible.iter().filter(is_whole).copied().collect();
        match wholes.as_slice() {
            [] => self.container(&visible, base),
            [first, rest @ ..] => {
                if let Some(other) = rest.iter().find(|other| first.patch != other.patch) {
                    self.peers(&[*first, *other]);
                }
                self.note(&wholes, Fate::Decides);
                self.below_whole(*first, &visible, inputs, base)
            }
        }
    }

    /// Leaves out what a stronger `$replace`, `$remove` or `$inherit` hides. Where there are only leaves,
    /// all stay: which of them holds is decided in its locale. Translations stay too: they give texts to
    /// whatever structure is left, and so does what a `$replace` in another language hides. Those of what was removed
    /// do not: who brings it back brings its texts.
    pub fn visible(&self, inputs: &[Input<'a>]) -> Vec<Input<'a>> {
        let inputs = &*self.worded(inputs);
        let has = |kind: Kind| inputs.iter().any(|input| Kind::of(&input.patch.kind) == Some(kind));
        if has(Kind::Leaf) && !has(Kind::Container) {
            return inputs.to_vec();
        }
        let hidden = |input: &Input<'_>| {
            let mut others = inputs.iter().filter(|other| !other.translation && is_whole(&other.patch.kind));
            match input.translation {
                true => others.any(|other| is_removal(other) && self.is_weaker_or_same(input.layer, other.layer)),
                false => others.any(|other| self.is_stronger(other.layer, input.layer)),
            }
        };
        let left = |input: &Input<'a>| if hidden(input) { self.as_text(input, inputs) } else { Some(*input) };
        inputs.iter().filter_map(left).collect()
    }

    /// V2: a place holds a single value or others below it. Where layers disagree, the strongest one's
    /// kind is kept.
    fn of_one_kind(&mut self, visible: Vec<Input<'a>>) -> Vec<Input<'a>> {
        let own: Vec<_> = visible
            .iter()
            .filter(|input| !input.translation)
            .filter_map(|input| Some((*input, Kind::of(&input.patch.kind)?)))
            .collect();
        let Some(&(last, kind)) = own.last() else { return visible };
        if let Some(&(other, _)) = own.iter().find(|(_, other)| *other != kind) {
            self.different_kinds(last, kind, other);
        }
        visible.into_iter().filter(|input| Kind::of(&input.patch.kind).is_none_or(|other| other == kind)).collect()
    }

    fn different_kinds(&mut self, last: Input<'_>, kind: Kind, other: Input<'_>) {
        let (here, there) = match kind {
            Kind::Leaf => ("a single value", "a map or a list"),
            Kind::Container => ("a map or a list", "a single value"),
        };
        let selector = &self.catalog.layer(other.layer).selector;
        let message = format!("`{}` is {here} here and {there} in `{selector}`", self.path);
        self.diagnostics.push(
            Diagnostic::error("E-KIND", message)
                .at(last.patch.span, here)
                .other(other.patch.span, there)
                .help("keep its kind, or write `$replace: …` to replace all of it"),
        );
    }

    /// A place with one `$replace`, `$remove` or `$inherit`, and containers beside or above it.
    fn below_whole(
        &mut self,
        whole: Input<'a>,
        visible: &[Input<'a>],
        all: &[Input<'a>],
        base: Option<&Arc<Tree>>,
    ) -> Option<Arc<Tree>> {
        let mut others = visible.iter().filter(|input| !input.translation && !is_whole(&input.patch.kind));
        let is_peer = |input: &&Input<'_>| self.strength(input.layer, whole.layer).is_none();
        if let Some(&peer) = others.find(is_peer) {
            self.peers(&[whole, peer]);
        }
        if matches!(whole.patch.kind, PatchKind::Inherit(_)) {
            let found = self.inherited(whole, all);
            self.note_passed(whole, all, &found);
        }
        self.refuse_circle(whole);
        let beneath = self.beneath(whole, visible, all);
        let is_all = std::mem::replace(&mut self.is_all, false);
        let tree = match &whole.patch.kind {
            // What was taken away may be there anew, and is no other operation's.
            PatchKind::Remove => {
                let anew = self.container(&beneath, base);
                if anew.is_none() {
                    self.tell_removed(whole, all);
                }
                anew
            }
            _ => self.choosing(whole, |merge| merge.node(&beneath, None)),
        };
        self.is_all = is_all;
        tree
    }

    /// Maps, keyed lists and sets.
    fn container(&mut self, inputs: &[Input<'a>], base: Option<&Arc<Tree>>) -> Option<Arc<Tree>> {
        let first = inputs.iter().find(|input| !input.translation && !matches!(input.patch.kind, PatchKind::Remove))?;
        match &first.patch.kind {
            PatchKind::Map(_) => Some(Arc::new(self.map(inputs, base))),
            PatchKind::Keyed(_) => Some(Arc::new(Value::List(self.list(inputs, base)).into())),
            PatchKind::Set(_) => set::set(self, inputs).map(node),
            _ => None,
        }
    }

    fn map(&mut self, inputs: &[Input<'a>], base: Option<&Arc<Tree>>) -> Tree {
        let mut keys: IndexMap<Arc<str>, Vec<Input<'a>>> = IndexMap::default();
        let (translations, own): (Vec<&Input<'a>>, Vec<&Input<'a>>) =
            inputs.iter().partition(|input| input.translation);
        for (index, input) in own.into_iter().enumerate() {
            let PatchKind::Map(entries) = &input.patch.kind else { continue };
            let mut new: Vec<_> = entries.iter().filter(|(key, _)| !keys.contains_key(*key)).collect();
            if index > 0 {
                // V1: after the master's own order, new keys go by name, never by place in a file.
                new.sort_by(|a, b| a.0.cmp(b.0));
            }
            for (key, _) in new {
                keys.insert(key.clone(), Vec::new());
            }
            for (key, patch) in entries.iter() {
                if let Some(list) = keys.get_mut(key) {
                    list.push(Input { patch, ..*input });
                }
            }
        }
        for input in translations {
            let PatchKind::Map(entries) = &input.patch.kind else { continue };
            for (key, patch) in entries.iter() {
                let has = |kind: &PatchKind| matches!(kind, PatchKind::Map(own) if own.contains_key(key));
                if let Some(list) = keys.get_mut(key).filter(|_| !self.is_replaced(input, inputs, has)) {
                    list.push(Input { patch, ..*input });
                }
            }
        }
        if let Some(wanted) = self.only.get(self.keys.len()) {
            keys.retain(|key, _| key == wanted.name());
        }
        let unsaid: Vec<Origin> = keys.values().flat_map(|inputs| self.unsaid(inputs)).collect();
        let resolve = |(key, inputs): (Arc<str>, Vec<Input<'a>>)| {
            let base = base.and_then(|base| base.get(&key));
            let path = entry_path(&self.path, &key);
            self.child(path, &key, &inputs, base).map(|tree| (key, tree))
        };
        Tree::from(Value::Map(keys.into_iter().filter_map(resolve).collect())).without(unsaid)
    }

    fn list(&mut self, inputs: &[Input<'a>], base: Option<&Arc<Tree>>) -> IndexMap<Arc<str>, Arc<Tree>> {
        let keyed = keyed(inputs);
        let ids = order::order(self, &keyed);
        if !self.is_all {
            self.tell_gone(&keyed, &ids);
        }
        let mut items = IndexMap::with_capacity_and_hasher(ids.len(), Default::default());
        let around = std::mem::replace(&mut self.siblings, keyed);
        let wanted = self.only.get(self.keys.len());
        for id in ids.into_iter().filter(|id| wanted.is_none_or(|wanted| id == wanted.name())) {
            let path = item_path(&self.path, &id);
            if self.approved.policy().is_variant(&path) {
                continue;
            }
            let inputs = self.said_of(&id);
            // What only changes an item is for those deployments that have it.
            if !self.is_item(&id) && !inputs.iter().any(|input| self.brings_back(input, &id)) {
                continue;
            }
            let chooses = inputs.iter().any(|input| matches!(input.patch.kind, PatchKind::Choose(_)));
            // A choice changes with what another item says, which the base may not know.
            let base = base.filter(|_| !chooses).and_then(|base| base.get(&id));
            if let Some(tree) = self.child(path, &id, &inputs, base) {
                items.insert(id, tree);
            }
        }
        self.siblings = around;
        items
    }

    /// Whether a `$replace` hides what a translation is of: it stands for all that is weaker, and does not have it.
    pub fn is_replaced<'i>(
        &self,
        text: &Input<'a>,
        inputs: impl IntoIterator<Item = &'i Input<'a>>,
        has: impl Fn(&PatchKind) -> bool,
    ) -> bool
    where
        'a: 'i,
    {
        let mut wholes = inputs.into_iter().filter(|other| text.translation && other.whole && !other.translation);
        wholes.any(|whole| !has(&whole.patch.kind) && self.is_weaker_or_same(text.layer, whole.layer))
    }

    /// The winner of a leaf.
    fn leaf(&mut self, visible: &[Input<'a>], all: &[Input<'a>]) -> Option<Arc<Tree>> {
        let amended = self.amendments(visible);
        self.note_amendments(visible, &amended);
        let candidates = self.standing(visible.iter().filter_map(Candidate::of).collect());
        if candidates.is_empty() {
            let (first, rest) = amended.split_first()?;
            let (leaf, origin) = (first.leaf.clone(), first.origin);
            let (hides, amended) = (Vec::new(), rest.to_vec());
            return Some(node(Resolved { leaf, origin, translated: true, hides, dropped: None, amended }));
        }
        let translated = !visible.iter().any(|input| matches!(input.patch.kind.innermost(), PatchKind::Neutral(_)));
        let said = self.clashes.len();
        let winner = self.winner(&candidates, translated)?;
        self.note_candidates(&winner, &candidates);
        self.note_clashes(said, visible);
        match winner.value {
            Some(leaf) => {
                let hides = self.hidden(&winner, all);
                let dropped = if translated { self.dropped(&winner, &candidates) } else { None };
                let origin = winner.input.origin();
                Some(node(Resolved { leaf: leaf.clone(), origin, translated, hides, dropped, amended }))
            }
            None => match winner.input.patch.kind.innermost() {
                PatchKind::Inherit(_) => {
                    let found = self.inherited(winner.input, all);
                    self.note_passed(winner.input, all, &found);
                    // What is stronger had no text in this language, and may have one in the next.
                    let above = |input: &&Input<'a>| self.is_stronger(input.layer, winner.input.layer);
                    let above: Vec<Input<'a>> = visible.iter().filter(above).copied().collect();
                    self.resolved(&[found, above].concat(), None)
                }
                _ => {
                    self.tell_removed(winner.input, visible);
                    None
                }
            },
        }
    }

    /// Text that layers add, in the page's own language: what is not translated stays away, as an
    /// override does.
    fn amendments(&self, visible: &[Input<'a>]) -> Vec<Amendment> {
        let mut found: Vec<Amendment> = Vec::new();
        let spoken = |input: &&Input<'a>| self.catalog.locales.same_language(input.locale, self.locale);
        for input in visible.iter().filter(spoken) {
            let PatchKind::Amend(leaf) = &input.patch.kind else { continue };
            let rank = self.chain_rank(input.locale);
            let new = Amendment { leaf: leaf.clone(), origin: input.origin() };
            match found.iter_mut().find(|amendment| amendment.origin.layer == input.layer) {
                Some(other) if rank < self.chain_rank(other.origin.locale) => *other = new,
                Some(_) => {}
                None => found.push(new),
            }
        }
        found
    }

    /// Of what layers add, that of which the layer has nothing in the page's own language.
    fn unsaid(&self, inputs: &[Input<'a>]) -> Vec<Origin> {
        let is_spoken = |input: &Input<'a>| self.catalog.locales.same_language(input.locale, self.locale);
        let is_unsaid = |input: &&Input<'a>| {
            matches!(input.patch.kind, PatchKind::Amend(_))
                && !input.translation
                && !inputs.iter().any(|other| other.layer == input.layer && is_spoken(other))
        };
        inputs.iter().filter(is_unsaid).map(Input::origin).collect()
    }

    /// Tells what became of some words at this place, if anybody asks.
    pub fn note<'i>(&mut self, inputs: impl IntoIterator<Item = &'i Input<'a>>, fate: Fate)
    where
        'a: 'i,
    {
        if let Some(account) = &mut self.account {
            account.note(&self.path, inputs, fate);
        }
    }

    /// Tells what became of those that are not among the ones left.
    fn note_others(&mut self, all: &[Input<'a>], left: &[Input<'a>], fate: Fate) {
        if self.account.is_some() {
            let is_left = |input: &&Input<'_>| left.iter().any(|left| left.identity() == input.identity());
            self.note(all.iter().filter(|input| !is_left(input)), fate);
        }
    }

    /// Tells what an `$inherit` looks past: what is stronger than it is not its matter.
    fn note_passed(&mut self, inherit: Input<'a>, all: &[Input<'a>], inputs: &[Input<'a>]) {
        if self.account.is_some() {
            let weaker = all.iter().filter(|input| self.is_stronger(inherit.layer, input.layer)).copied();
            let weaker: Vec<Input<'a>> = weaker.collect();
            self.note_others(&weaker, inputs, Fate::Passed);
        }
    }

    fn note_amendments(&mut self, visible: &[Input<'a>], amended: &[Amendment]) {
        if self.account.is_none() {
            return;
        }
        for input in visible.iter().filter(|input| matches!(input.patch.kind, PatchKind::Amend(_))) {
            let is_added = amended.iter().any(|amendment| amendment.origin == input.origin());
            let is_spoken = self.catalog.locales.same_language(input.locale, self.locale);
            let fate = if is_added {
                Fate::Added
            } else if is_spoken {
                Fate::Hidden
            } else {
                Fate::Foreign
            };
            self.note([input], fate);
        }
    }

    fn note_candidates(&mut self, winner: &Candidate<'a>, candidates: &[Candidate<'a>]) {
        if self.account.is_none() {
            return;
        }
        for candidate in candidates {
            let is_foreign = candidate.value.is_some() && self.is_stronger(candidate.input.layer, winner.input.layer);
            self.note([&candidate.input], if is_foreign { Fate::Foreign } else { Fate::Hidden });
        }
        self.note([&winner.input], if winner.value.is_some() { Fate::Holds } else { Fate::Decides });
    }

    /// Of the words of a place those that clash, by what was said of it since.
    fn note_clashes(&mut self, since: usize, visible: &[Input<'a>]) {
        if self.account.is_none() {
            return;
        }
        let sides: Vec<Side> = self.clashes.iter().skip(since).flat_map(|clash| clash.sides).collect();
        let is_side =
            |input: &&Input<'a>| sides.iter().any(|side| (side.layer, side.span) == (input.layer, input.patch.span));
        self.note(visible.iter().filter(is_side), Fate::Clashes);
    }

    /// What the winner hides, strongest first.
    fn hidden(&self, winner: &Candidate<'_>, all: &[Input<'_>]) -> Vec<Origin> {
        let hides = |input: &&Input<'_>| input.origin() != winner.input.origin();
        all.iter().rev().filter(hides).map(Input::origin).collect()
    }
}

fn node(resolved: Resolved) -> Arc<Tree> {
    Arc::new(Value::Leaf(resolved).into())
}
