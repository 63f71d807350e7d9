//! The cases: each a build by `cobrand`, paired with a run of the floor right after it.
//!
//! Nothing is deleted until all is measured: after a mass deletion creating files is slower for a while.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::floor;
use super::generate::Size;
use super::goals::{self, goal};
use super::process::{self, Cost};
use super::statistics::Summary;
use super::subject::Subject;

/// The names of all cases, in the order they are measured.
pub const CASES: [&str; 6] = ["full", "zips", "nothing", "trusted", "partner", "master"];

/// What to measure.
pub struct Plan {
    /// Numbers of deployments.
    pub sizes: Vec<usize>,
    pub pairs: usize,
    /// Names of cases; all of them if empty.
    pub only: Vec<String>,
    pub binary: PathBuf,
    /// A workspace of one's own instead of the reference workload. It is copied, and the copy edited.
    pub workspace: Option<PathBuf>,
    /// Whether the folders stay for a look at them.
    pub keep: bool,
}

impl Default for Plan {
    fn default() -> Self {
        let binary = env!("CARGO_BIN_EXE_cobrand").into();
        Self { sizes: Vec::new(), pairs: 5, only: Vec::new(), binary, workspace: None, keep: false }
    }
}

pub fn run(mut plan: Plan) -> Result<(), String> {
    if plan.sizes.is_empty() {
        plan.sizes = vec![100, 1_000];
    }
    if let Some(unknown) = plan.only.iter().find(|only| !CASES.contains(&only.as_str())) {
        return Err(format!("there is no case `{unknown}`, only {}", CASES.join(", ")));
    }
    let scratch = std::env::temp_dir().join(format!("cobrand-bench-{}", std::process::id()));
    let done = match &plan.workspace {
        Some(own) => Subject::copied(own, scratch.join("workspace"))
            .and_then(|subject| Bench::new(&plan, &scratch, subject).run().map(drop)),
        None => all_sizes(&plan, &scratch),
    };
    if !plan.keep {
        let _ = std::fs::remove_dir_all(&scratch);
    }
    done
}

fn all_sizes(plan: &Plan, scratch: &Path) -> Result<(), String> {
    let mut full: Vec<(usize, Full)> = Vec::new();
    for &deployments in &plan.sizes {
        let size = Size::of(deployments);
        let folder = scratch.join(format!("at-{deployments}"));
        let subject = Subject::generated(size, folder.join("workspace"))?;
        println!(
            "\n{} deployments: {} partners, {} industries, {} regions",
            size.deployments(),
            size.partners,
            size.industries,
            size.regions
        );
        if let Some(done) = Bench::new(plan, &folder, subject).run()? {
            full.push((size.deployments(), done));
        }
    }
    full.sort_by_key(|(deployments, _)| *deployments);
    full.windows(2).for_each(|pair| growth(&pair[0], &pair[1]));
    Ok(())
}

/// What the full builds of one size cost.
#[derive(Clone, Copy)]
struct Full {
    /// Median, in seconds.
    cpu: f64,
    floor: f64,
    /// Median, in MiB.
    peak: f64,
}

/// Prints how cost grows from one size to the next (P7 and P9).
fn growth((few, of_few): &(usize, Full), (many, of_many): &(usize, Full)) {
    let kib = (of_many.peak - of_few.peak) * 1024.0 / (many - few).max(1) as f64;
    let each = |full: &Full, deployments: usize| full.cpu / deployments as f64;
    println!("\nfrom {few} to {many} deployments:");
    println!("  peak grows by {kib:.2} KiB a deployment  (goal P7: {:.2})", goals::GROWTH);
    println!(
        "  CPU a deployment {:.3} ms and {:.3} ms: {:.2} times; as ratios to the floor {:.2} times  (goal P9: {:.2})",
        each(of_few, *few) * 1e3,
        each(of_many, *many) * 1e3,
        each(of_many, *many) / each(of_few, *few),
        (of_many.cpu / of_many.floor) / (of_few.cpu / of_few.floor),
        goals::SPREAD
    );
}

struct Bench<'a> {
    plan: &'a Plan,
    folder: PathBuf,
    subject: Subject,
}

impl<'a> Bench<'a> {
    fn new(plan: &'a Plan, folder: &Path, subject: Subject) -> Self {
        Self { plan, folder: folder.to_owned(), subject }
    }

    fn has(&self, case: &str) -> bool {
        self.plan.only.is_empty() || self.plan.only.iter().any(|only| only == case)
    }

    /// Measures all cases that are asked for, and tells the cost of full builds.
    fn run(&self) -> Result<Option<Full>, String> {
        let list = self.list()?;
        let mut full = None;
        for (case, options) in [("full", &["--no-zips"][..]), ("zips", &[])] {
            if self.has(case) {
                let done =
                    self.pairs(case, &list, |index| self.build(&self.folder.join(format!("{case}-{index}")), options))?;
                full = full.or((case == "full").then_some(done));
            }
        }
        self.rebuilds(&list)?;
        Ok(full)
    }

    /// Builds over an output that stands.
    fn rebuilds(&self, list: &Path) -> Result<(), String> {
        if !CASES[2..].iter().any(|case| self.has(case)) {
            return Ok(());
        }
        let output = self.folder.join("standing");
        let build = || self.build(&output, &["--no-zips"]);
        build()?;
        if self.has("nothing") {
            self.pairs("nothing", list, |_| build())?;
        }
        if self.has("trusted") {
            self.pairs("trusted", list, |_| self.build(&output, &["--no-zips", "--trust-ledger"]))?;
        }
        if self.has("partner") {
            self.pairs("partner", list, |index| {
                self.subject.edit_partner(index + 1)?;
                build()
            })?;
        }
        if self.has("master") {
            self.pairs("master", list, |index| {
                self.subject.edit_master(index)?;
                build()
            })?;
        }
        Ok(())
    }

    /// The list of files for the floor: what one build without zips really wrote.
    fn list(&self) -> Result<PathBuf, String> {
        let path = self.folder.join("list");
        let output = self.folder.join("first");
        self.build(&output, &["--no-zips"])?;
        let text = floor::list(&output)?;
        let manifests = text.lines().filter(|line| line.ends_with("/manifest.json")).count().max(1);
        let bytes: u64 = text.lines().filter_map(|line| line.split(' ').next()?.parse::<u64>().ok()).sum();
        println!(
            "{} files, {:.1} MB in all; {manifests} deployments, each {:.1} files, {:.1} KB",
            text.lines().count(),
            bytes as f64 / 1e6,
            text.lines().count() as f64 / manifests as f64,
            bytes as f64 / 1e3 / manifests as f64
        );
        std::fs::write(&path, text).map_err(|error| error.to_string())?;
        Ok(path)
    }

    fn build(&self, output: &Path, options: &[&str]) -> Result<Cost, String> {
        let mut command = Command::new(&self.plan.binary);
        command.arg("build").arg("-q").arg("-C").arg(&self.subject.workspace).arg("-o").arg(output).args(options);
        process::run(&command)
    }

    fn floor(&self, list: &Path, folder: &Path) -> Result<Cost, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        process::run(Command::new(own).arg("floor").arg(list).arg(folder))
    }

    /// A B A B, each into a folder of its own, and a line with medians, spread and goal.
    fn pairs(
        &self,
        case: &str,
        list: &Path,
        mut build: impl FnMut(usize) -> Result<Cost, String>,
    ) -> Result<Full, String> {
        let mut pairs = Vec::with_capacity(self.plan.pairs);
        for index in 0..self.plan.pairs {
            let ours = build(index)?;
            let floor = self.floor(list, &self.folder.join(format!("floor-{case}-{index}")))?;
            pairs.push((ours, floor));
        }
        let ours = |what: fn(&Cost) -> f64| Summary::of(pairs.iter().map(|(ours, _)| what(ours)));
        let ratio = |what: fn(&Cost) -> f64| Summary::of(pairs.iter().map(|(a, b)| what(a) / what(b).max(1e-6)));
        let floor = Summary::of(pairs.iter().map(|(_, floor)| floor.cpu)).median;
        let wall = ours(|cost| cost.wall);
        println!(
            "{case:8} CPU/floor {}  wall/floor {}  CPU {:.3} s  wall {:.0} ms ({:.0} to {:.0})  peak {:.1} MiB  \
             (floor {floor:.3} s CPU, {} pairs)",
            ratio(|cost| cost.cpu),
            ratio(|cost| cost.wall),
            ours(|cost| cost.cpu).median,
            wall.median * 1e3,
            wall.low * 1e3,
            wall.high * 1e3,
            ours(|cost| cost.peak).high,
            pairs.len()
        );
        if let Some(goal) = self.subject.deployments().and_then(|deployments| goal(case, deployments)) {
            println!("         goal {goal}");
        }
        Ok(Full { cpu: ours(|cost| cost.cpu).median, floor, peak: ours(|cost| cost.peak).median })
    }
}
