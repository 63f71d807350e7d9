//! How the numbers of a partner and a fund are split over the activities of a package: without a remainder, and no part more
//! than its whole.

use rust_decimal::Decimal;

use crate::matrix::Ordinal;
use crate::package::program::Partner;
use crate::package::proof::{Activity, Metric, Proof};
use crate::plan::amount;

/// What a partner plans of each metric, over all of its packages. Its own goal comes first; a metric without one is scaled
/// like the first metric that has one, so that a partner who only plans leads gets numbers that fit.
pub(super) fn goals(proof: &Proof, partner: &Partner) -> Vec<i64> {
    let goal = |metric: &Metric| partner.goals.get(&metric.id).copied();
    let scale = proof.metrics.iter().find_map(|metric| Some(goal(metric)? / metric.plan));
    let scale = scale.filter(|scale| scale.is_finite()).unwrap_or(1.0);
    proof.metrics.iter().map(|metric| whole(goal(metric).unwrap_or(metric.plan * scale))).collect()
}

fn whole(value: f64) -> i64 {
    // `as` saturates, which for numbers of people is as good as any other answer.
    value.round() as i64
}

/// Each metric's plan over the activities. Rounding runs along, so the parts add up to the plan; and in no activity there is
/// more of a metric than of the one that it is a part of, where that can be.
pub(super) fn shares<'a>(proof: &'a Proof, totals: &[i64]) -> Vec<Vec<(&'a Metric, i64)>> {
    let mut parts: Vec<Vec<Option<i64>>> =
        proof.metrics.iter().zip(totals).map(|(metric, total)| parts(proof, metric, *total)).collect();
    for (at, around) in wholes_first(proof) {
        let around = parts[around].clone();
        nest(&mut parts[at], &around);
    }
    let of = |activity: usize| {
        let values = proof.metrics.iter().zip(&parts);
        values.filter_map(|(metric, parts)| Some((metric, parts[activity]?))).collect()
    };
    (0..proof.activities.len()).map(of).collect()
}

/// One metric over the activities; nothing where an activity has no share of it.
fn parts(proof: &Proof, metric: &Metric, total: i64) -> Vec<Option<i64>> {
    let (mut percent, mut given) = (0.0, 0i64);
    let part = |activity: &Activity| {
        percent += activity.share.get(&metric.id)?;
        let now = whole(total as f64 * percent / 100.0);
        let part = now.saturating_sub(given);
        given = now;
        Some(part)
    };
    proof.activities.iter().map(part).collect()
}

/// The metrics that are parts of others, each with that one, in an order in which a whole comes before its parts.
fn wholes_first(proof: &Proof) -> Vec<(usize, usize)> {
    let place = |id: &str| proof.metrics.iter().position(|metric| *metric.id == *id);
    let around = |at: usize| proof.metrics[at].within.as_deref().and_then(place);
    let mut depths: Vec<(usize, usize, usize)> = (0..proof.metrics.len())
        .filter_map(|at| {
            // One that is a part of itself is found by the check.
            let chain = std::iter::successors(around(at), |&at| around(at)).take(proof.metrics.len());
            Some((chain.count(), at, around(at)?))
        })
        .collect();
    depths.sort_unstable();
    depths.into_iter().map(|(_, at, around)| (at, around)).collect()
}

/// Moves what is too much in one activity to those that have room for it.
fn nest(parts: &mut [Option<i64>], around: &[Option<i64>]) {
    let mut excess = 0;
    for (part, most) in parts.iter_mut().zip(around) {
        if let Some(part) = part {
            let over = (*part - most.unwrap_or_default()).max(0);
            *part -= over;
            excess += over;
        }
    }
    for (part, most) in parts.iter_mut().zip(around) {
        if let Some(part) = part {
            let moved = (most.unwrap_or_default() - *part).clamp(0, excess);
            *part += moved;
            excess -= moved;
        }
    }
    if let Some(part) = parts.iter_mut().flatten().next() {
        *part += excess;
    }
}

/// What the fund plans with, over the activities of a package: of what falls to it among the partner's packages. Nothing where
/// the fund does not say.
pub(super) fn amounts(proof: &Proof, ordinal: Ordinal, currency: &str) -> Vec<Decimal> {
    let places = amount::places(currency);
    let whole = proof.fund.budget.and_then(amount::of).and_then(|budget| amount::minor(budget, places));
    let Some(whole) = whole else { return Vec::new() };
    let part = amount::of_minor(ordinal.part(whole), places);
    amount::shares(part, places, proof.activities.iter().map(|activity| percent(activity.budget)))
}

/// A percentage as it was written.
pub fn percent(number: f64) -> Decimal {
    amount::of(number).unwrap_or_default().normalize()
}
