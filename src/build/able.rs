//! What the partner's platforms do not do by themselves (W3): somebody of the journey's `substitutes` does it, or what takes
//! it is left out, and what needs it fails.
//!
//! It is the platform of whoever does something that counts: the email platform of who sends the series or takes the forms,
//! the CRM of who keeps the leads. The vendor's own are HQ's choice: nothing is asked of them unless `vendor.platforms` names
//! them. Where the vendor stands in for what the series needs, the series goes out from its platform: it is the sender then.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::components::qualification;
use crate::data::IndexMap;
use crate::diag::Diagnostic;
use crate::package::Package;
use crate::package::journey::{Controller, Happening, PLATFORM};
use crate::package::qualification::{Condition, LeadEvent, Signal, TestLead};
use crate::resolve::tree::{Tree, Value};
use crate::schema::platforms::ABILITIES_OF_CRM;
use crate::source::Span;

use super::leads::{BY_MAIL, made};
use super::lowering::without;

/// Whose platform does something.
#[derive(Clone, Copy)]
enum Doer {
    /// Whoever sends the series.
    Sender,
    /// Whoever receives forms.
    Receiver,
}

/// The tree with who sends the series as `sends` of `leads`, where somebody says it: the vendor too where it does for the
/// partner's platform what that cannot.
pub fn with_sender(tree: &Arc<Tree>) -> Arc<Tree> {
    let able = Able::of(tree);
    let planned = able.plan().and_then(|plan| plan.get("sends"));
    let (Some(leads), Some(planned)) = (tree.get("leads"), planned.and_then(|it| it.as_leaf())) else {
        return tree.clone();
    };
    let side = if able.hosted().is_empty() { able.side(Doer::Sender) } else { Controller::Vendor };
    let sends = made(Leaf::Str(side.id().into()), planned.origin);
    tree.with("leads", leads.with(SENDS, sends))
}

/// The tree without what takes something that nobody does here, and with those substitutes alone that are needed.
pub fn able(tree: &Arc<Tree>) -> Result<Arc<Tree>, Diagnostic> {
    let able = Able::of(tree);
    let mut used = able.hosted();
    for (list, id, node) in uses(tree) {
        let doer = doer(node);
        let fails = words(node.get("needs")).into_iter().find(|ability| !able.does(ability, doer));
        if let Some(ability) = fails {
            return Err(able.fails(&format!("{list}[{id}]"), node, ability));
        }
        let wanted = words(node.get("needs")).into_iter().chain(words(node.get("takes")));
        if able.has_all(node, doer) {
            used.extend(wanted.filter_map(|ability| able.stands_in(ability, doer)));
        }
    }
    let left: BTreeSet<&str> = able.left("journey.sequences").collect();
    let is_left = |email: &Tree| {
        !able.has_all(email, doer(email)) || email.text_at("in").is_some_and(|sequence| left.contains(sequence))
    };
    let tree = without(tree, &["journey", "sequences"], &|sequence| !able.has_all(sequence, Doer::Sender));
    let tree = without(&tree, &["nurture", "emails"], &is_left);
    Ok(with_substitutes(&tree, &used))
}

/// Why a sequence or an email is not here that its layers say, and what says so.
pub fn since(node: &Tree, written: &Tree, tree: &Tree) -> Option<(String, Option<Span>)> {
    let able = Able::of(tree);
    let sequence = node.text_at("in").and_then(|id| written.at("journey.sequences")?.get(id).map(|it| &**it));
    let lacking = |node: &Tree| {
        words(node.get("takes")).into_iter().find(|ability| !able.does(ability, doer(node))).map(str::to_owned)
    };
    let own = |node| Some((lacking(node)?, doer(node)));
    let (ability, doer) = own(node).or_else(|| sequence.and_then(own))?;
    let since = format!("`{}` does not `{ability}`, and nobody does it instead", able.called(&ability, doer));
    Some((since, able.chosen(&ability, doer)))
}

/// Lets people tell of what no platform tells of, and leaves out the signals that nobody can count here.
pub fn lower(package: &mut Package, tree: &Tree) {
    let able = Able::of(tree);
    if package.journey.happens.iter().any(|it| able.told_by(it).is_some()) {
        for happening in &mut Arc::make_mut(&mut package.journey).happens {
            if let Some(person) = able.told_by(happening) {
                happening.by.retain(|by| **by != *PLATFORM && **by != *person);
                happening.by.insert(0, person.into());
            }
        }
    }
    signals(package, &able);
}

/// Without signals that nobody can count, groups of which no signal is left, and those test leads that were expected to come
/// to another stage by them.
fn signals(package: &mut Package, able: &Able<'_>) {
    let counts = |signal: &Signal| signal.takes.iter().all(|ability| able.does(ability, Doer::Sender));
    if package.qualification.signals.iter().all(counts) {
        return;
    }
    let model = Arc::make_mut(&mut package.qualification);
    let (kept, left): (Vec<_>, Vec<_>) = std::mem::take(&mut model.signals).into_iter().partition(counts);
    model.signals = kept;
    let is_of = |signals: &[Signal], group: &str| signals.iter().any(|signal| *signal.group == *group);
    model.groups.retain(|group| is_of(&model.signals, &group.id) || !is_of(&left, &group.id));
    let rests = |test: &TestLead| test.lead.events.iter().any(|event| left.iter().any(|it| looks_at(it, event)));
    let mut tests = std::mem::take(&mut model.test_leads);
    let holds =
        |test: &TestLead| test.expect.is_none_or(|stage| qualification::score(model, &test.lead).stage == stage);
    tests.retain(|test| !rests(test) || holds(test));
    model.test_leads = tests;
    model.unable = left;
}

/// Whether a signal counts an event.
fn looks_at(signal: &Signal, happened: &LeadEvent) -> bool {
    match &signal.when {
        Condition::Happened { event, target } => {
            *event == happened.event && (target.is_none() || *target == happened.target)
        }
        _ => false,
    }
}

/// Everything that may need or take something, with its list and its id.
fn uses(tree: &Tree) -> impl Iterator<Item = (&'static str, &Arc<str>, &Arc<Tree>)> {
    let lists = ["journey.sequences", "journey.happens", "journey.machines", "nurture.emails", "qualification.signals"];
    let of = move |list: &'static str| tree.at(list).into_iter().flat_map(Tree::children).map(move |it| (list, it));
    lists.into_iter().flat_map(of).map(|(list, (id, node))| (list, id, node))
}

/// An email of no sequence answers a form, or asks to confirm it; a machine moves where the leads are kept.
fn doer(node: &Tree) -> Doer {
    let is_outside = node.get("content").is_some() && node.get("in").is_none();
    if is_outside || node.get("states").is_some() { Doer::Receiver } else { Doer::Sender }
}

/// How `leads` names who sends the series.
const SENDS: &str = "sends";

/// What a platform does that asks to confirm a permission, and hears that it was.
const CONFIRM: &str = "confirm";

/// What is done here, and by whom.
struct Able<'t> {
    tree: &'t Tree,
}

impl<'t> Able<'t> {
    fn of(tree: &'t Tree) -> Self {
        Self { tree }
    }

    fn receives(&self) -> Controller {
        self.tree.text_at("leads.keeps").map_or(Controller::Partner, Controller::of_forms)
    }

    /// Who does what for a partner of this capability.
    fn plan(&self) -> Option<&'t Arc<Tree>> {
        let capability = self.tree.text_at("partner.capability").unwrap_or("full");
        self.tree.at("playbook.capabilities")?.get(capability)
    }

    /// Whose platform does something.
    fn side(&self, doer: Doer) -> Controller {
        let said = self.tree.get("leads").and_then(|leads| leads.text_at(SENDS));
        let sends = || said.or_else(|| self.plan()?.text_at(SENDS));
        match (doer, sends()) {
            (Doer::Sender, Some(sends)) if sends == Controller::Partner.id() => Controller::Partner,
            (Doer::Sender, Some(_)) => Controller::Vendor,
            _ => self.receives(),
        }
    }

    /// Who of the vendor sends the series from its platform, since that of the partner does not do what a sequence or an
    /// email of one depends on.
    fn hosted(&self) -> BTreeSet<Arc<str>> {
        let is_planned = self.plan().and_then(|plan| plan.text_at(SENDS)) == Some(Controller::Partner.id());
        let lists = ["journey.sequences", "nurture.emails"].into_iter().filter(|_| is_planned);
        let nodes = lists.filter_map(|list| self.tree.at(list)).flat_map(Tree::children).map(|(_, node)| node);
        let sent = nodes.filter(|node| matches!(doer(node), Doer::Sender));
        let abilities = sent.flat_map(|node| [node.get("needs"), node.get("takes")]).flat_map(words);
        let is_vendors = |id: &Arc<str>| {
            let who = self.tree.at("journey.substitutes").and_then(|all| all.get(id)?.text_at("who"));
            who.and_then(|who| self.of_owner(who)) == Some(Controller::Vendor)
        };
        let lacking = abilities.filter(|ability| self.lacks_at(ability, Controller::Partner));
        lacking.filter_map(|ability| self.substitute_at(ability, Controller::Partner)).filter(is_vendors).collect()
    }

    /// The platform as it is named; a vendor that names none is asked nothing.
    fn named(&self, side: Controller, kind: &str) -> Option<&'t str> {
        let named = self.tree.text_at(&format!("{}.platforms.{kind}", side.id()));
        match side {
            Controller::Partner => Some(named.unwrap_or("none")),
            Controller::Vendor => named,
        }
    }

    fn called(&self, ability: &str, doer: Doer) -> &'t str {
        self.named(self.side(doer), kind(ability)).unwrap_or("none")
    }

    fn does(&self, ability: &str, doer: Doer) -> bool {
        !self.lacks(ability, doer) || self.substitute(ability, doer).is_some()
    }

    /// Whether a platform should do it and cannot.
    fn lacks(&self, ability: &str, doer: Doer) -> bool {
        self.lacks_at(ability, self.side(doer))
    }

    fn lacks_at(&self, ability: &str, side: Controller) -> bool {
        // Where no page confirms a reply does, which somebody has to read.
        if ability == CONFIRM && side == self.receives() && self.tree.text_at("leads.confirmed_by") == Some(BY_MAIL) {
            return true;
        }
        let Some(named) = self.named(side, kind(ability)) else { return false };
        let systems = self.tree.at(&format!("platforms.{}", kind(ability)));
        let system = systems.and_then(|all| all.get(named).or_else(|| all.get("other")));
        system.and_then(|system| system.get("can")?.get(ability)).is_none()
    }

    /// Who does it here in place of the platform, where that should and cannot.
    fn stands_in(&self, ability: &str, doer: Doer) -> Option<Arc<str>> {
        self.substitute(ability, doer).filter(|_| self.lacks(ability, doer))
    }

    /// Who tells of a happening in place of the platform, in the words of `by`: the partner, or else the region's team.
    fn told_by(&self, happening: &Happening) -> Option<&'static str> {
        let by_platform = happening.is_of_platform();
        let substitute =
            happening.needs.iter().find_map(|it| self.stands_in(it, Doer::Sender)).filter(|_| by_platform)?;
        let who = self.tree.at("journey.substitutes")?.get(&substitute)?.text_at("who")?;
        Some(match self.of_owner(who) {
            Some(Controller::Vendor) => "region",
            _ => Controller::Partner.id(),
        })
    }

    fn of_owner(&self, owner: &str) -> Option<Controller> {
        self.tree.at("qualification.owners")?.get(owner)?.text_at("role").map(Controller::of_role)
    }

    /// The first that does it in place of a platform, and may have the leads: the partner's people have them where its
    /// platform does, others only where the vendor keeps them.
    fn substitute(&self, ability: &str, doer: Doer) -> Option<Arc<str>> {
        self.substitute_at(ability, self.side(doer))
    }

    fn substitute_at(&self, ability: &str, side: Controller) -> Option<Arc<str>> {
        let may = |who: &str| match (self.of_owner(who), side) {
            (Some(Controller::Vendor), Controller::Partner) => self.receives() == Controller::Vendor,
            (Some(of), side) => of == side,
            (None, _) => true,
        };
        let all = self.tree.at("journey.substitutes").into_iter().flat_map(Tree::children);
        let mut able =
            all.filter(|(_, it)| words(it.get("for")).contains(&ability) && it.text_at("who").is_none_or(may));
        able.next().map(|(id, _)| id.clone())
    }

    fn has_all(&self, node: &Tree, doer: Doer) -> bool {
        words(node.get("takes")).iter().all(|ability| self.does(ability, doer))
    }

    fn left(&self, list: &str) -> impl Iterator<Item = &'t str> {
        let items = self.tree.at(list).into_iter().flat_map(Tree::children);
        items.filter(|(_, node)| !self.has_all(node, doer(node))).map(|(id, _)| &**id)
    }

    /// Where it is said what somebody works with.
    fn chosen(&self, ability: &str, doer: Doer) -> Option<Span> {
        let side = self.side(doer).id();
        let named = self.tree.at(&format!("{side}.platforms.{}", kind(ability)));
        let named = named.or_else(|| self.tree.get(side).map(|it| &**it));
        named.and_then(Tree::origin).map(|origin| origin.span)
    }

    fn fails(&self, path: &str, node: &Tree, ability: &str) -> Diagnostic {
        let doer = doer(node);
        let message = format!(
            "`{path}` needs `{ability}`, which `{}` does not do, and nobody does it instead",
            self.called(ability, doer)
        );
        let error = Diagnostic::error("E-J9", message).help(
            "name in `journey.substitutes` who does it where a platform cannot, or write `takes`, so that it is left out",
        );
        let error = match node.get("needs").and_then(|needs| needs.origin()) {
            Some(origin) => error.at(origin.span, "needed here"),
            None => error,
        };
        match self.chosen(ability, doer) {
            Some(span) => error.other(span, format!("what the {} works with", self.side(doer).id())),
            None => error,
        }
    }
}

fn with_substitutes(tree: &Arc<Tree>, used: &BTreeSet<Arc<str>>) -> Arc<Tree> {
    let Some((journey, all)) = tree.get("journey").and_then(|it| Some((it, it.get("substitutes")?))) else {
        return tree.clone();
    };
    let kept = all.children().filter(|(id, _)| used.contains(*id)).map(|(id, it)| (id.clone(), it.clone()));
    let kept: IndexMap<Arc<str>, Arc<Tree>> = kept.collect();
    tree.with("journey", journey.with("substitutes", Arc::new(Value::List(kept).into())))
}

/// The kind of platform of which something is asked.
fn kind(ability: &str) -> &'static str {
    if ABILITIES_OF_CRM.contains(&ability) { "crm" } else { "email" }
}

fn words(list: Option<&Arc<Tree>>) -> Vec<&str> {
    match list.and_then(|list| Some(&list.as_leaf()?.leaf)) {
        Some(Leaf::Seq(words)) => words.iter().filter_map(Leaf::source).collect(),
        _ => Vec::new(),
    }
}
