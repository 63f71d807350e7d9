//! What each case is to cost: CPU over that of the floor, unless said otherwise. The names are those of
//! `docs/performance.md`.

use std::fmt;

use super::workload::Workload;

/// A case of a workload.
#[derive(Default)]
pub struct Goal {
    name: &'static str,
    /// CPU over floor.
    cpu: Option<f64>,
    /// Wall time, in seconds.
    wall: Option<f64>,
    /// Peak memory in MiB.
    peak: Option<f64>,
}

/// The goal of a case, where there is one.
pub fn goal(case: &str, workload: &Workload) -> Option<Goal> {
    use Workload::{Generated, Own, Sample, Wide};
    let cpu = |name, cpu| Some(Goal { name, cpu: Some(cpu), ..Goal::default() });
    match (case, workload) {
        (_, Own(_)) => None,
        ("full", Sample) => cpu("P1", 5.5),
        ("full", Wide(10_000..)) => Some(Goal { name: "P1, P6", cpu: Some(3.5), peak: Some(96.0), ..Goal::default() }),
        ("full", Wide(_)) => cpu("P1", 3.5),
        ("full", Generated(..=100)) => Some(Goal { name: "P2", wall: Some(0.060), ..Goal::default() }),
        ("full", Generated(_)) => cpu("P1", 2.0),
        ("nothing", _) => cpu("P3", 0.15),
        ("partner", Wide(1_000)) => cpu("P4", 0.15),
        ("master", Wide(1_000)) => cpu("P4", 2.0),
        ("zips", Wide(_)) => cpu("P5", 5.0),
        _ => None,
    }
}

/// KiB that a further deployment may hold (P6).
pub const GROWTH: f64 = 1.0;

/// How far the CPU of a deployment among many may be above that of one among few (P10).
pub const SPREAD: f64 = 1.10;

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limits = [
            self.cpu.map(|cpu| format!("CPU/floor {cpu:.2}")),
            self.wall.map(|wall| format!("wall {:.0} ms", wall * 1e3)),
            self.peak.map(|peak| format!("peak {peak:.0} MiB")),
        ];
        let limits: Vec<String> = limits.into_iter().flatten().collect();
        write!(f, "{}: {}", self.name, limits.join(", "))
    }
}
