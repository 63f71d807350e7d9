//! What each case is to cost: CPU over that of the floor, unless said otherwise.

/// A case at a number of deployments.
pub struct Goal {
    /// As it is called in `docs/performance.md`.
    pub name: &'static str,
    /// CPU over floor.
    pub cpu: f64,
    /// Wall time over floor.
    pub wall: Option<f64>,
    /// In seconds.
    pub seconds: Option<f64>,
    /// Peak memory in MiB.
    pub peak: Option<f64>,
}

/// The goal of a case of the reference workload, where there is one.
pub fn goal(case: &str, deployments: usize) -> Option<Goal> {
    let goal = |name, cpu| Goal { name, cpu, wall: None, seconds: None, peak: None };
    match case {
        "full" if deployments <= 100 => Some(Goal { seconds: Some(0.050), ..goal("P2", 1.6) }),
        "full" if deployments >= 10_000 => Some(Goal { wall: Some(1.25), peak: Some(32.0), ..goal("P1, P7", 1.2) }),
        "full" => Some(Goal { wall: Some(1.25), ..goal("P1", 1.2) }),
        "nothing" => Some(goal("P3", 0.18)),
        "trusted" => Some(goal("P4", 0.03)),
        "partner" => Some(goal("P5", 0.06)),
        "master" => Some(goal("P6", 1.5)),
        "zips" => Some(goal("P8", 2.0)),
        _ => None,
    }
}

/// KiB that a further deployment may hold (P7).
pub const GROWTH: f64 = 1.0;

/// How far the CPU of a deployment among many may be above that of one among few (P9).
pub const SPREAD: f64 = 1.10;

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: CPU/floor {:.2}", self.name, self.cpu)?;
        self.wall.map_or(Ok(()), |wall| write!(f, ", wall/floor {wall:.2}"))?;
        self.seconds.map_or(Ok(()), |seconds| write!(f, ", wall {:.0} ms", seconds * 1e3))?;
        self.peak.map_or(Ok(()), |peak| write!(f, ", peak {peak:.0} MiB"))
    }
}
