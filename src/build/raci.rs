//! Who does what in a deployment, answers for it, is asked before and is told afterwards: `raci` of the template context.
//! All of it is derived: from the journey and the tasks of the package, and from policy, which says who answers (J17).

use std::sync::Arc;

use crate::catalog::settings::Settings;
use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics};
use crate::journey::raci::{Charge, charges};
use crate::policy::rules::{Rule, TierCut};
use crate::policy::{HQ, Policy};
use crate::resolve::tree::Tree;
use crate::schema::package::FUNCTIONS;

use super::Program;
use super::checks::placed_at;
use super::outline::Outline;

/// The roles of a table, in its order.
const ROLES: [&str; 3] = [HQ, "region", PARTNER];
/// The role that a tier cuts.
const PARTNER: &str = "partner";

/// A row for each function with its tasks; of each task its names, and of each role what it has to do with it: `does`,
/// `answers`, `asked` or `told`. A task for which two answer, or that is about nothing, is noted.
pub fn data(program: &Program, tree: &Tree, outline: &Outline, diagnostics: &mut Diagnostics) -> Data {
    let Outline { journey, tasks, roles, keeper, .. } = outline;
    let charges = charges(journey, tasks, roles, *keeper);
    let (policy, settings) = (program.approved().policy(), &program.catalog().settings);
    let cut = tree.text_at("tier.id").and_then(|tier| policy.tier(tier));
    let deciders = Deciders { policy, settings, cut, tree };
    let answering: Vec<Arc<str>> = charges.iter().map(|charge| deciders.answering(charge, diagnostics)).collect();
    let charges: Vec<(&Charge, &Arc<str>)> = charges.iter().zip(&answering).collect();
    Data::list(FUNCTIONS.iter().map(|&function| {
        let own = charges.iter().filter(|(charge, _)| &*charge.function == function);
        Data::map([
            ("function", function.into()),
            ("tasks", Data::list(own.map(|(charge, answers)| task(charge, answers)))),
        ])
    }))
}

fn task(charge: &Charge, answers: &Arc<str>) -> Data {
    let names = charge.names.iter().map(|(key, id)| (*key, Data::Text(id.clone())));
    let parts = ROLES.map(|role| (role, Data::list(parts(charge, answers, role).into_iter().map(Data::from))));
    Data::map(names.chain(parts))
}

/// What a role has to do with a task. Whoever answers for it is neither asked nor told besides.
fn parts(charge: &Charge, answers: &str, role: &str) -> Vec<&'static str> {
    let does = &*charge.does == role;
    let parts = [
        ("does", does),
        ("answers", answers == role),
        ("asked", answers != role && charge.asked.contains(role)),
        ("told", answers != role && charge.told.contains(role)),
    ];
    parts.into_iter().filter_map(|(part, is)| is.then_some(part)).collect()
}

/// What says who decides on a place.
struct Deciders<'p> {
    policy: &'p Policy,
    settings: &'p Settings,
    cut: Option<&'p TierCut>,
    tree: &'p Tree,
}

impl Deciders<'_> {
    /// Whoever has the last word on what a task is about: of those whom policy lets decide on it the one whose layers are
    /// strongest, and HQ where it lets nobody else.
    fn answering(&self, charge: &Charge, diagnostics: &mut Diagnostics) -> Arc<str> {
        let Some(about) = &charge.about else { return charge.does.clone() };
        let of_task = charge.path.strip_suffix(".owner").map(|task| format!("{task}.about"));
        let placed = |error| placed_at(self.tree, error, of_task.as_deref().unwrap_or(&charge.path));
        if !is_there(about, self.tree) {
            let error = Diagnostic::error("E-J17", format!("there is no `{about}`, so nobody can answer for it")).help(
                "name a path of the master, as policy does, or leave it out: whoever does the task answers for it",
            );
            diagnostics.push(placed(error));
            return charge.does.clone();
        }
        let rules = self.policy.rules_for(about);
        let deciding = || rules.iter().flat_map(|rule| self.deciding(rule).map(move |role| (role, *rule)));
        let band = |role: &str| self.policy.band_of(role, self.settings);
        let Some((first, rule)) = deciding().max_by_key(|(role, _)| band(role)) else { return HQ.into() };
        if let Some((second, other)) = deciding().find(|(role, _)| *role != first && band(role) == band(first)) {
            let message = format!("`{first}` and `{second}` answer for one task: both have the last word on `{about}`");
            let error = Diagnostic::error("E-J17", message)
                .other(rule.span, format!("opened to `{first}` here"))
                .other(other.span, format!("opened to `{second}` here"))
                .help("make two tasks of it, each about what one of them decides on");
            diagnostics.push(placed(error));
        }
        first.clone()
    }

    /// The roles besides HQ to which a rule leaves the place as a whole.
    fn deciding<'r>(&self, rule: &'r Rule) -> impl Iterator<Item = &'r Arc<str>> {
        let is_cut = self.cut.is_some_and(|cut| !cut.leaves(rule.pattern.text()));
        let is_left = move |role: &str| role != HQ && !(is_cut && role == PARTNER);
        let open = rule.allow.iter().filter(move |(role, _)| is_left(role));
        open.filter(|(_, rights)| rights.iter().any(|right| right.takes_along())).map(|(role, _)| role)
    }
}

/// Whether a path, as far as it names one place, is one of the tree.
fn is_there(path: &str, tree: &Tree) -> bool {
    let named = path.find('*').map_or(path, |at| path[..at].trim_end_matches(['.', '[', '#', '/', '-']));
    named.is_empty() || tree.at(named).is_some()
}
