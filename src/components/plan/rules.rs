//! What a plan has to hold to, whatever component tells of it.
//!
//! - `numbers`: they nest, and what is split adds up (A1)
//! - `possible`: no more is planned than there is room for (A2)
//! - `dates`: they lie where they can be kept (A3)
//! - `approvals`: what is approved is approved in time (A3)

mod approvals;
mod dates;
mod numbers;
mod possible;

use super::super::{Finding, Input};
use super::Plan;
use crate::diag::nearest;

pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let plan = Plan::new(input);
    let mut findings = numbers::check(input.package, &plan);
    findings.extend(possible::check(input, &plan));
    findings.extend(dates::check(input.package, &plan));
    findings
}

/// That there is nothing of this name.
pub fn unknown<'a>(path: String, what: &str, name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Finding {
    let help = match nearest(name, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => {
            format!("use one of {}", known.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
        }
    };
    Finding::new(path, format!("there is no {what} `{name}`"), help)
}

fn unknown_metric(path: String, name: &str, plan: &Plan<'_>) -> Finding {
    unknown(path, "metric", name, plan.proof.metrics.iter().map(|metric| &*metric.id))
}
