//! How old the events of a signal are tried: wherever another window, another decay or another count of months would
//! give other points.

use std::collections::BTreeSet;

use super::super::score::earned_at;
use crate::package::qualification::{Condition, LeadEvent, Qualification, Signal};

/// The signals on events, in classes of which no two take one event.
pub fn classes(model: &Qualification) -> Vec<Vec<&Signal>> {
    let mut classes: Vec<Vec<&Signal>> = Vec::new();
    for signal in model.signals.iter().filter(|signal| event(signal, 0).is_some()) {
        match classes.iter_mut().find(|class| class.iter().all(|other| !share(other, signal))) {
            Some(class) => class.push(signal),
            None => classes.push(vec![signal]),
        }
    }
    classes
}

/// As many signals on events as can be put side by side, for each of which one such set at least.
pub fn sides(model: &Qualification) -> Vec<Vec<&Signal>> {
    let classes = classes(model);
    let side = |at: usize| {
        let mut side = classes[at].clone();
        for signal in classes.iter().flatten() {
            // A signal shares its own events.
            if !side.iter().any(|other| share(other, signal)) {
                side.push(signal);
            }
        }
        side
    };
    let mut sides: Vec<_> = (0..classes.len()).map(side).collect();
    if sides.is_empty() {
        sides.push(Vec::new());
    }
    sides
}

fn share(one: &Signal, other: &Signal) -> bool {
    let (Condition::Happened { event: a, target: to_a }, Condition::Happened { event: b, target: to_b }) =
        (&one.when, &other.when)
    else {
        return false;
    };
    a == b && (to_a.is_none() || to_b.is_none() || to_a == to_b)
}

/// An event that a signal takes.
pub fn event(signal: &Signal, days_ago: u32) -> Option<LeadEvent> {
    match &signal.when {
        Condition::Happened { event, target } => Some(LeadEvent { event: *event, target: target.clone(), days_ago }),
        _ => None,
    }
}

/// Days of a month, as decay counts them.
const MONTH: u32 = 30;

/// What is tried: each entry is the ages of the events of one lead, the oldest first, since only the latest count.
pub fn of(signal: &Signal) -> Vec<Vec<u32>> {
    let mut single: BTreeSet<u32> = BTreeSet::from([0]);
    single.extend(signal.window_days.into_iter().flat_map(|days| [days, days + 1]));
    if let Some(percent) = signal.decay_pct_per_month {
        let others = [percent.saturating_sub(1), percent + 1];
        single.extend(others.into_iter().filter_map(|other| first_other(signal, other)));
        single.extend([MONTH - 1, MONTH]);
    }
    let times = signal.max_times as usize;
    let mut all: Vec<Vec<u32>> = single.into_iter().map(|age| vec![age]).collect();
    all.push(vec![0; times]);
    let mut latest = vec![MONTH];
    latest.resize(times + 1, 0);
    all.push(latest);
    all
}

/// Ages that give all points that the events of a signal can give from a day on, when they are of one age.
pub fn worths(signal: &Signal, from: u32) -> Vec<Vec<u32>> {
    let last = match signal.decay_pct_per_month {
        Some(percent) if percent > 0 => signal.window_days.map_or(100, |days| days / MONTH).min(100 / percent),
        _ => 0,
    };
    let single = [from].into_iter().chain((0..=last).map(|month| month * MONTH).filter(|age| *age > from));
    let times = 1..=signal.max_times as usize;
    single.flat_map(|age| times.clone().map(move |times| vec![age; times])).collect()
}

/// The first age at which another decay would leave other points.
fn first_other(signal: &Signal, percent: u32) -> Option<u32> {
    let other = Signal { decay_pct_per_month: Some(percent), ..signal.clone() };
    let last = signal.window_days.map_or(100, |days| days / MONTH);
    (1..=last).map(|month| month * MONTH).find(|age| earned_at(signal, &[*age]) != earned_at(&other, &[*age]))
}
