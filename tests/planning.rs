//! Plans drawn at random hold, and a plan with one mistake is refused by the rule that the mistake breaks, at the file with it.

#[path = "support/small.rs"]
mod small;

use std::collections::BTreeSet;
use std::fmt::Write;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::diag::Diagnostic;
use proptest::prelude::*;
use small::Small;

/// What a plan is made of, beside what all plans have in common.
#[derive(Clone, Debug)]
struct Drawn {
    leads: i64,
    /// Of the leads, so never more.
    mqls: i64,
    /// Where the percentages of activities are cut.
    cuts: Vec<(u32, u32, u32)>,
    days: Vec<(i32, i32)>,
    lead_days: i32,
    seats: i64,
    budget: Option<u32>,
}

#[derive(Clone, Debug)]
struct Planned {
    first_day: i32,
    last_day: i32,
    budget: i64,
    leads: i64,
    mqls: i64,
    /// Hours, seats and capacity of an event.
    event: Option<(String, i64, i64)>,
}

#[derive(Clone, Debug)]
struct Written {
    leads: i64,
    mqls: i64,
    lead_days: i32,
    /// With its currency.
    budget: Option<(u32, Option<&'static str>)>,
    activities: Vec<Planned>,
    /// The day on which guests are invited, counted from the event.
    invited: Option<i32>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let percents = (0u32..=100, 0u32..=100, 0u32..=100);
    (
        0i64..200,
        0i64..200,
        prop::collection::vec(percents, 0..3),
        prop::collection::vec((10i32..30, 0i32..25), 3),
        0i32..10,
        0i64..50,
        prop::option::of(1u32..100_000),
    )
        .prop_map(|(leads, less, cuts, days, lead_days, seats, budget)| {
            let mqls = (leads - less).max(0);
            Drawn { leads, mqls, cuts, days, lead_days, seats, budget }
        })
}

/// A plan without a mistake. The last activity is an event with room for all.
fn written(drawn: &Drawn) -> Written {
    let column = |pick: fn(&(u32, u32, u32)) -> u32| {
        let mut cuts: Vec<i64> = drawn.cuts.iter().map(|cut| pick(cut).into()).chain([0, 100]).collect();
        cuts.sort_unstable();
        cuts.windows(2).map(|pair| pair[1] - pair[0]).collect::<Vec<i64>>()
    };
    let (budgets, leads, mqls) = (column(|cut| cut.0), column(|cut| cut.1), column(|cut| cut.2));
    let mut activities: Vec<Planned> = (0..budgets.len())
        .map(|at| {
            let (first_day, length) = drawn.days[at];
            let (budget, leads, mqls) = (budgets[at], leads[at], mqls[at]);
            Planned { first_day, last_day: first_day + length, budget, leads, mqls, event: None }
        })
        .collect();
    if let Some(last) = activities.last_mut() {
        last.last_day = last.first_day;
        let room = drawn.leads;
        last.event = Some(("18:00-20:00".to_owned(), room + drawn.seats, room));
    }
    let budget = drawn.budget.map(|budget| (budget, Some("EUR")));
    Written { leads: drawn.leads, mqls: drawn.mqls, lead_days: drawn.lead_days, budget, activities, invited: None }
}

impl Written {
    fn last(&mut self) -> &mut Planned {
        self.activities.last_mut().unwrap()
    }

    fn event(&mut self) -> &mut (String, i64, i64) {
        self.last().event.as_mut().unwrap()
    }

    fn proof(&self) -> String {
        let mut text = format!(
            "fund:\n  name: Fund\n  profile: standard\n  approval_lead_days: {}\n  reimbursed_percent: 50\n  tax_basis: net\n  \
             exchange: {{source: Central bank, date: invoice}}\n  dates_within: [invoice]\n",
            self.lead_days
        );
        if let Some((budget, currency)) = self.budget {
            writeln!(text, "  budget: {budget}").unwrap();
            currency.iter().for_each(|currency| writeln!(text, "  currency: {currency}").unwrap());
        }
        writeln!(text, "metrics:\n  - {{id: leads, title: Leads, meaning: Forms, plan: {}}}", self.leads).unwrap();
        writeln!(text, "  - {{id: mqls, within: leads, title: Ripe, meaning: Fit, plan: {}}}", self.mqls).unwrap();
        text += "activities:\n";
        for (at, activity) in self.activities.iter().enumerate() {
            let Planned { first_day, last_day, budget, leads, mqls, event } = activity;
            let link = if at == 0 { ", placements: [launch-post], emails: true" } else { "" };
            writeln!(
                text,
                "  - {{id: a{at}, kind: email, title: A, audience: B, first_day: {first_day}, last_day: {last_day}, \
                 budget: {budget}, share: {{leads: {leads}, mqls: {mqls}}}{link}{}}}",
                event.as_ref().map_or(String::new(), |(hours, seats, room)| {
                    format!(", event: {{hours: \"{hours}\", seats: {seats}, place: Here}}, capacity: {{leads: {room}}}")
                })
            )
            .unwrap();
        }
        text + "evidence:\n  - {id: email, title: Email, items: [{id: report, title: Report, shows: performance, file: pdf}]}\n"
    }

    fn small(&self) -> Small {
        let base = Small::base();
        let package =
            base.text("master-templates/package.yaml").replace("released: 2027-01-04", "released: 2026-12-01");
        let invited = self.invited.map_or(String::new(), |day| {
            let last = self.activities.len() - 1;
            format!("\n  - {{id: invite, for: a{last}, from: activity, day: {day}, title: Invite, detail: Write, owner: partner}}")
        });
        let go = "  - {id: go, day: 0, title: Launch, detail: Publish, owner: partner}";
        let playbook = base.text("master-templates/playbook.yaml").replace(go, &(go.to_owned() + &invited));
        let region = base.text("regions/europe.yaml").to_owned();
        base.with("master-templates/package.yaml", package)
            .with("master-templates/playbook.yaml", playbook)
            .with("regions/europe.yaml", region)
            .with(PROOF, self.proof())
    }
}

const PROOF: &str = "master-templates/proof.yaml";
const PLAYBOOK: &str = "master-templates/playbook.yaml";

/// A mistake, the code of the rule that it breaks, and the file in which it is.
type Mistake = (&'static str, fn(&mut Written), &'static str, &'static str);

const MISTAKES: [Mistake; 12] = [
    ("share", |plan| nudge(&mut plan.activities[0].leads), "E-A1", PROOF),
    ("share of a part", |plan| nudge(&mut plan.last().mqls), "E-A1", PROOF),
    ("budget", |plan| nudge(&mut plan.last().budget), "E-A1", PROOF),
    ("goal", |plan| plan.mqls = plan.leads + 1, "E-A1", PROOF),
    ("capacity", |plan| (plan.event().2, plan.leads) = (0, plan.leads + 100), "E-A2", PROOF),
    ("seats", |plan| plan.event().2 = plan.event().1 + 1, "E-A2", PROOF),
    ("currency", |plan| plan.budget = Some((1000, None)), "E-A2", PROOF),
    ("date", |plan| (plan.last().first_day, plan.last().last_day) = (200, 200), "E-A3", PROOF),
    ("order", |plan| plan.activities[0].last_day = plan.activities[0].first_day - 1, "E-A3", PROOF),
    ("approval", |plan| plan.lead_days = 300, "E-A3", PROOF),
    ("hours", |plan| plan.event().0 = "09:00-10:00, 11:00-12:00".to_owned(), "E-A3", PROOF),
    ("invitation", |plan| plan.invited = Some(-20), "E-A3", PLAYBOOK),
];

/// Another percentage.
fn nudge(percent: &mut i64) {
    *percent += if *percent > 0 { -1 } else { 1 };
}

/// The codes of errors, and the files that they are in.
fn said(plan: &Written) -> BTreeSet<(String, String)> {
    let (program, found) = Program::open(&plan.small().memory());
    let program = program.unwrap_or_else(|_| panic!("it does not open: {found:?}"));
    let report = build::check(&program, &Options::default(), &Unwatched);
    let place = |error: &Diagnostic| {
        let place = error.place.as_ref().map(|place| program.sources().get(place.span.source).path.to_string());
        (error.code.0.to_owned(), place.unwrap_or_default())
    };
    report.diagnostics.iter().filter(|it| it.is_error()).map(place).collect()
}

#[test]
fn each_mistake_is_found_by_the_rule_that_it_breaks() {
    let found = std::cell::RefCell::new(BTreeSet::new());
    proptest!(ProptestConfig::with_cases(8), |(drawn in drawn())| {
        let plan = written(&drawn);
        prop_assert_eq!(said(&plan), BTreeSet::new(), "{:?}", &plan);
        for (what, change, code, file) in MISTAKES {
            let mut broken = plan.clone();
            change(&mut broken);
            // Of a plan without leads some mistakes are none.
            let is_none = what == "capacity" && (broken.last().leads == 0);
            let said = said(&broken);
            if is_none {
                continue;
            }
            prop_assert_eq!(said, BTreeSet::from([(code.to_owned(), file.to_owned())]), "{}: {:?}", what, &broken);
            found.borrow_mut().insert(what);
        }
    });
    assert_eq!(found.borrow().len(), MISTAKES.len(), "some mistake was never one: {:?}", found.borrow());
}
