//! Who would speak in a new layer, what may be said there, and what holds today.

use crate::build::Program;
use crate::catalog::convert::Voice;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Contribution, Right};
use crate::catalog::selector::Selector;
use crate::catalog::settings::AxisId;
use crate::catalog::{Layer, LayerId};
use crate::editor::{Today, plain_right};
use crate::explain::permission;
use crate::guard::{self, Speaker, place_of};
use crate::policy::HQ;
use crate::policy::limits::Limits;
use crate::policy::rules::Rule;
use crate::resolve::Stack;
use crate::resolve::tree::Tree;
use crate::source::Span;

/// The place of a layer that may not be there yet.
pub struct Footing<'a> {
    pub program: &'a Program,
    speaker: Speaker<'a>,
    today: Today,
    /// The layers that are weaker than it, and reach what it reaches.
    weaker: Vec<LayerId>,
    /// The partner whose layer it is.
    partner: Option<usize>,
    /// Names it among others: `acme`, `acme-dach`.
    pub own: String,
}

impl<'a> Footing<'a> {
    /// Of a value that an axis does not have yet: it stands on what `values` come to, its parent among them.
    pub fn of_new(
        program: &'a Program,
        (axis, id): (AxisId, &str),
        tier: Option<&'a str>,
        values: &[Option<usize>],
        locale: LocaleId,
    ) -> Self {
        let speaker = Speaker::of_axis(program.approved(), axis, tier);
        let today = Today::of_values(program, &[values.to_vec()], locale);
        let weaker = Stack::matching(program.catalog(), values).layers().to_vec();
        Self { program, speaker, today, weaker, partner: None, own: id.to_owned() }
    }

    /// Of a layer that binds values the axes have.
    pub fn of_selector(program: &'a Program, selector: &Selector) -> Self {
        let catalog = program.catalog();
        let own =
            catalog.layer_ids().find(|&id| is_overlay(catalog.layer(id)) && catalog.layer(id).selector == *selector);
        let speaker = match own {
            Some(id) => Speaker::of_layer(program.approved(), id),
            None => Speaker::of_selector(program.approved(), selector),
        };
        let is_weaker = |id: &LayerId| {
            let other = catalog.layer(*id);
            other.is_of_master()
                || (selector.strength(&other.selector) == Some(std::cmp::Ordering::Greater)
                    && selector.join(&other.selector, &catalog.axes).is_some())
        };
        let today = Today::of_selector(program, selector, locale(program, selector));
        let weaker = catalog.layer_ids().filter(is_weaker).collect();
        let partner = selector.binds(catalog.settings.partner()).map(|binding| binding.value);
        let ids: Vec<&str> = selector.bindings().iter().rev().map(|binding| &*binding.id).collect();
        Self { program, speaker, today, weaker, partner, own: ids.join("-") }
    }

    /// What holds there today.
    pub fn tree(&self) -> Option<&Tree> {
        self.today.first()
    }

    pub fn is_hq(&self) -> bool {
        self.speaker.role() == HQ
    }

    /// `role partner, tier one-to-few`
    pub fn who(&self) -> String {
        let tier = self.speaker.tier().map(|tier| format!(", tier {tier}")).unwrap_or_default();
        format!("role {}{tier}", self.speaker.role())
    }

    /// Whether policy, tier and narrowings leave the right, and a weaker layer has the place.
    pub fn may(&self, path: &str, right: Right) -> bool {
        self.speaker.may(path, right) && !self.is_narrowed(path)
    }

    /// Whether a weaker layer has the place that a path speaks of.
    pub fn is_known(&self, path: &str) -> bool {
        self.has_below(place_of(path))
    }

    fn has_below(&self, place: &str) -> bool {
        self.program.approved().index().layers(place).iter().any(|id| self.weaker.contains(id))
    }

    /// The right that a plain value needs.
    pub fn plain(&self, path: &str, is_record: bool) -> Right {
        plain_right(Voice::Overlay, path, is_record)
    }

    /// Whether all that would go along with a place is open, too.
    pub fn is_open_below(&self, path: &str, right: Right) -> bool {
        let mut inside = self.program.approved().index().inside(path);
        self.is_hq() || inside.all(|below| !self.has_below(below) || self.may(below, right))
    }

    /// The rule for a path, unless nothing limits the role.
    pub fn rule(&self, path: &str) -> Option<&'a Rule> {
        self.speaker.rule(path)
    }

    /// What may be done at a path, in the policy's words; to a text in its own language.
    pub fn rights(&self, path: &str) -> String {
        let rights = self.speaker.rights(path).into_iter().filter(|right| *right != Right::Translate.word());
        if self.is_hq() { "anything".to_owned() } else { rights.collect::<Vec<_>>().join(", ") }
    }

    /// Limits and reason of a path, a phrase each.
    pub fn limits(&self, path: &str) -> Vec<String> {
        let Some(rule) = self.rule(path) else { return Vec::new() };
        permission::limits(rule).into_iter().chain(rule.reason.as_ref().map(ToString::to_string)).collect()
    }

    /// Whether a text keeps all limits of its path.
    pub fn fits(&self, path: &str, text: &str) -> bool {
        let span = Span::file(crate::source::SourceId(0));
        let said = Contribution { text: Some(text.into()), ..Contribution::new(path, Right::Replace, span) };
        let narrowed = self.narrowings(path).map(|narrowing| &narrowing.limits);
        let mut limits: Vec<&Limits> = narrowed.collect();
        limits.extend(self.rule(path).map(|rule| &rule.limits));
        limits.iter().all(|limits| guard::faults(&said, limits).is_empty())
    }

    /// Whether the tier has room for one more insertion.
    pub fn has_room(&self) -> bool {
        let policy = self.program.approved().policy();
        let cut = self.speaker.tier().and_then(|tier| policy.tier(tier));
        let Some(most) = cut.and_then(|cut| cut.max_inserted_blocks) else { return true };
        let catalog = self.program.catalog();
        let is_own = |layer: &&Layer| {
            let partner = layer.selector.binds(catalog.settings.partner()).map(|binding| binding.value);
            self.partner.is_some() && partner == self.partner
        };
        let own = catalog.layers.iter().filter(is_own).flat_map(|layer| &layer.contributions);
        own.filter(|said| said.right == Right::Insert).count() < most
    }

    fn narrowings(&self, path: &str) -> impl Iterator<Item = &'a crate::policy::narrowing::Narrowing> {
        let narrowings = self.program.approved().narrowings().iter();
        narrowings.filter(move |narrowing| {
            !self.is_hq() && self.weaker.contains(&narrowing.layer) && narrowing.pattern.covers(path)
        })
    }

    fn is_narrowed(&self, path: &str) -> bool {
        self.narrowings(path).any(|narrowing| narrowing.is_fixed)
    }
}

fn is_overlay(layer: &Layer) -> bool {
    !layer.is_of_master()
}

/// The locale that a layer is written in: that of the value in whose folder it lies (T2).
pub fn locale(program: &Program, selector: &Selector) -> LocaleId {
    let catalog = program.catalog();
    let strongest = super::overlay::owner(&catalog.settings, selector);
    let is_value =
        |layer: &&Layer| is_overlay(layer) && matches!(layer.selector.bindings(), [only] if Some(only) == strongest);
    catalog.layers.iter().find(is_value).map_or(catalog.locales.source(), |layer| layer.locale)
}
