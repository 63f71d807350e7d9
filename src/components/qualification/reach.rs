//! The most that a lead can score: by half, by group, by cell of the matrix.

use indexmap::IndexMap;

use crate::package::qualification::{Band, Condition, Group, Half, Qualification, Signal};

/// The highest score of a half.
pub(super) fn of_half(model: &Qualification, half: Half) -> i32 {
    model.groups.iter().filter(|group| group.kind == half).map(|group| of_group(model, group)).sum()
}

/// The highest score of a group: its cap, or less if its signals do not add up to it.
pub(super) fn of_group(model: &Qualification, group: &Group) -> i32 {
    let mut by_field: IndexMap<&str, i32> = IndexMap::new();
    let mut events = 0_i32;
    for signal in model.signals.iter().filter(|signal| signal.group == group.id) {
        match field(&signal.when) {
            // A field has one value, so of the signals on it the best one counts.
            Some(field) => {
                let best = by_field.entry(field).or_default();
                *best = signal.points.max(*best);
            }
            None => events = events.saturating_add(of_event(signal)),
        }
    }
    by_field.values().sum::<i32>().saturating_add(events).min(group.cap)
}

fn of_event(signal: &Signal) -> i32 {
    signal.points.saturating_mul(i32::try_from(signal.max_times).unwrap_or(i32::MAX))
}

fn field(condition: &Condition) -> Option<&str> {
    match condition {
        Condition::FieldIs { field, .. } | Condition::FieldIsNot { field, .. } | Condition::DomainIn { field, .. } => {
            Some(field)
        }
        Condition::Happened { .. } | Condition::Inactive { .. } => None,
    }
}

/// The highest score within a band: one below the next better band, or the half's highest.
pub(super) fn of_band(bands: &[Band], at: usize, highest: i32) -> i32 {
    match at.checked_sub(1).and_then(|better| bands.get(better)) {
        Some(better) => (better.min - 1).min(highest),
        None => highest,
    }
}
