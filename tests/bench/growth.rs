//! How the cost of a full build grows with the number of deployments.

use super::goals;
use super::pairs::Pairs;
use super::process::Cost;

/// What the full builds of one workload cost, by their medians.
pub struct Full {
    workload: String,
    deployments: usize,
    /// In seconds.
    cpu: f64,
    floor: f64,
    /// In MiB.
    peak: f64,
}

impl Full {
    pub fn of(workload: String, deployments: usize, pairs: &Pairs) -> Self {
        let (cpu, floor) = (pairs.ours(Cost::cpu).median, pairs.floor(Cost::cpu).median);
        Self { workload, deployments, cpu, floor, peak: pairs.ours(|cost| cost.peak).median }
    }
}

/// Prints how cost grows from each size of a workload to the next (P6 and P10).
pub fn print(all: &[Full]) {
    for pair in all.windows(2) {
        if let [few, many] = pair
            && few.workload == many.workload
            && few.deployments < many.deployments
        {
            print_step(few, many);
        }
    }
}

fn print_step(few: &Full, many: &Full) {
    let kib = (many.peak - few.peak) * 1024.0 / (many.deployments - few.deployments) as f64;
    let each = |full: &Full| full.cpu / full.deployments as f64;
    println!("\n{}, from {} to {} deployments:", few.workload, few.deployments, many.deployments);
    println!("  peak grows by {kib:.2} KiB a deployment  (goal P6: {:.2})", goals::GROWTH);
    println!(
        "  CPU a deployment {:.3} ms and {:.3} ms: {:.2} times; as ratios to the floor {:.2} times  (goal P10: {:.2})",
        each(few) * 1e3,
        each(many) * 1e3,
        each(many) / each(few),
        (many.cpu / many.floor) / (few.cpu / few.floor),
        goals::SPREAD
    );
}
