//! What the package adds to its partner's plan, as data.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::super::plan::{Plan, Planned, percent, period};
use super::super::{ComponentKind, Input, dates, tracking};
use super::load;
use crate::diag::Diagnostics;
use crate::package::proof::{Proof, Shows};
use crate::plan::{Activity, Dated, Evidence, FORMAT, Fund, Goal, Part, Word, Words, amount};

/// In the words of the first of the partner's people.
pub fn part(input: &Input<'_>) -> Result<Part, Diagnostics> {
    let (package, plan) = (input.package, Plan::new(input));
    let reader = &input.readers.of(ComponentKind::PROOF)[0];
    let said: Proof = reader.model("proof")?;
    let program = &package.program;
    let calendar = &package.region.calendar;
    let numbers = plan.proof.metrics.iter().zip(plan.goals.iter().zip(&plan.totals));
    Ok(Part {
        format: FORMAT,
        deployment: input.deployment.id.clone(),
        partner: input.deployment.partner.clone(),
        name: package.partner.name.clone(),
        axes: input.deployment.axes.clone(),
        number: plan.ordinal.before + 1,
        packages: plan.ordinal.of,
        program: program.id.clone(),
        released: program.released,
        zone: calendar.zone.clone(),
        campaign: plan.campaign.as_str().into(),
        utm_id: plan.utm_id.as_str().into(),
        period: period(input),
        fund: fund(input, &plan, &said),
        goals: numbers
            .map(|(metric, (&goal, &planned))| {
                let title = said.metrics.iter().find(|said| said.id == metric.id).unwrap_or(metric).title.clone();
                Goal { metric: metric.id.clone(), title, goal, planned }
            })
            .collect(),
        activities: plan.activities.iter().map(|planned| activity(planned, &said, plan.currency)).collect(),
        dates: dated(input)?,
        campaigns: tracking::campaigns(input),
        statuses: tracking::statuses(input),
        load: load::load(input)?,
        words: words(&said),
        rtl: reader.rtl,
    })
}

fn fund(input: &Input<'_>, plan: &Plan<'_>, said: &Proof) -> Fund {
    let (fund, legal) = (&plan.proof.fund, &input.package.partner.legal);
    Fund {
        claim: plan.claim.as_str().into(),
        name: said.fund.name.clone(),
        currency: plan.currency.into(),
        reimbursed_percent: percent(fund.reimbursed_percent),
        cap: cap(fund.cap, plan.currency),
        tax_basis: fund.tax_basis,
        approval: fund.approval,
        exchange: fund.exchange.clone(),
        dates: fund.dates_within.clone(),
        claim_due: plan.claim_due,
        submit_by: plan.submit_by,
        keep_until: plan.retention_until,
        contact: fund.contact.clone(),
        legal_name: legal.legal_name.clone(),
        tax_id: legal.vat_id.clone(),
    }
}

/// The most that is paid, in the smallest unit of the claim's currency.
fn cap(most: Option<f64>, currency: &str) -> Option<Decimal> {
    most.and_then(amount::of).map(|most| amount::rounded(most, amount::places(currency)))
}

fn activity(planned: &Planned<'_>, said: &Proof, currency: &str) -> Activity {
    let own = planned.activity;
    let told = said.activities.iter().find(|said| said.id == own.id).unwrap_or(own);
    let kind = said.evidence.iter().find(|kind| kind.id == own.kind);
    let title =
        |id: &Arc<str>| kind.and_then(|kind| Some(kind.items.iter().find(|item| item.id == *id)?.title.clone()));
    Activity {
        id: own.id.clone(),
        key: planned.key.as_str().into(),
        kind: own.kind.clone(),
        title: told.title.clone(),
        audience: told.audience.clone(),
        start: planned.start,
        end: planned.end,
        approval_due: planned.approval_due,
        claim_due: planned.claim_due,
        budget: percent(own.budget),
        amount: planned.amount,
        cap: cap(own.cap, currency),
        values: planned.values.iter().map(|(metric, value)| (metric.id.clone(), *value)).collect(),
        contents: planned.contents.clone(),
        evidence: planned
            .evidence
            .iter()
            .map(|evidence| Evidence {
                id: evidence.item.id.clone(),
                title: title(&evidence.item.id).unwrap_or_else(|| evidence.item.title.clone()),
                shows: match evidence.item.shows {
                    Shows::Cost => "cost".into(),
                    Shows::Performance => "performance".into(),
                },
                optional: evidence.item.optional,
                file: evidence.file.as_str().into(),
                due: evidence.due,
            })
            .collect(),
    }
}

/// In the words of the playbook's first language.
fn dated(input: &Input<'_>) -> Result<Vec<Dated>, Diagnostics> {
    let entries = dates::entries(input, &input.readers.of(ComponentKind::PLAYBOOK)[0])?;
    Ok(entries.into_iter().map(dates::Entry::dated).collect())
}

fn words(said: &Proof) -> Words {
    let word = |named: &crate::package::proof::Named| Word { title: named.title.clone(), note: named.note.clone() };
    Words(said.words.iter().map(|named| (named.id.clone(), word(named))).collect())
}
