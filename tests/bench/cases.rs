//! The cases: what is built, over what, and after which change.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::floor;
use super::generate::Size;
use super::goals::{self, goal};
use super::pairs::{Pairs, clear};
use super::place::Place;
use super::process::{self, Cost};
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
    /// Where to work.
    pub place: Option<PathBuf>,
    /// Whether the folders stay for a look at them.
    pub keep: bool,
}

impl Default for Plan {
    fn default() -> Self {
        let binary = env!("CARGO_BIN_EXE_cobrand").into();
        Self { sizes: Vec::new(), pairs: 5, only: Vec::new(), binary, workspace: None, place: None, keep: false }
    }
}

pub fn run(mut plan: Plan) -> Result<(), String> {
    if plan.sizes.is_empty() {
        plan.sizes = vec![100, 1_000];
    }
    if let Some(unknown) = plan.only.iter().find(|only| !CASES.contains(&only.as_str())) {
        return Err(format!("there is no case `{unknown}`, only {}", CASES.join(", ")));
    }
    let place = Place::choose(plan.place.as_deref(), plan.sizes.iter().copied().max().unwrap_or_default())?;
    println!("in {place}");
    let done = match &plan.workspace {
        Some(own) => Subject::copied(own, place.folder.join("workspace"))
            .and_then(|subject| Bench::new(&plan, &place.folder, subject).run().map(drop)),
        None => all_sizes(&plan, &place.folder),
    };
    if !plan.keep {
        place.remove();
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
        self.list()?;
        let mut full = None;
        if self.has("full") {
            full = Some(self.measure("full", |_| self.alone(&["--no-zips"]))?);
        }
        if self.has("zips") {
            self.measure("zips", |_| self.alone(&[]))?;
        }
        self.rebuilds()?;
        Ok(full)
    }

    /// Builds over an output that stands.
    fn rebuilds(&self) -> Result<(), String> {
        if !CASES[2..].iter().any(|case| self.has(case)) {
            return Ok(());
        }
        let again = || self.build(&["--no-zips"]);
        again()?;
        if self.has("nothing") {
            self.measure("nothing", |_| again())?;
        }
        if self.has("trusted") {
            self.measure("trusted", |_| self.build(&["--no-zips", "--trust-ledger"]))?;
        }
        if self.has("partner") {
            self.measure("partner", |index| {
                self.subject.edit_partner(index + 1)?;
                again()
            })?;
        }
        if self.has("master") {
            self.measure("master", |index| {
                self.subject.edit_master(index + 1)?;
                again()
            })?;
        }
        Ok(())
    }

    /// Writes the list of files for the floor: what one build without zips really writes.
    fn list(&self) -> Result<(), String> {
        self.build(&["--no-zips"])?;
        let text = floor::list(&self.output())?;
        let manifests = text.lines().filter(|line| line.ends_with("/manifest.json")).count().max(1);
        let bytes: u64 = text.lines().filter_map(|line| line.split(' ').next()?.parse::<u64>().ok()).sum();
        println!(
            "{} files, {:.1} MB in all; {manifests} deployments, each {:.1} files, {:.1} KB",
            text.lines().count(),
            bytes as f64 / 1e6,
            text.lines().count() as f64 / manifests as f64,
            bytes as f64 / 1e3 / manifests as f64
        );
        std::fs::write(self.folder.join("list"), text).map_err(|error| error.to_string())
    }

    fn output(&self) -> PathBuf {
        self.folder.join("output")
    }

    /// Builds into an empty folder, and leaves it empty.
    fn alone(&self, options: &[&str]) -> Result<Cost, String> {
        clear(&self.output())?;
        let cost = self.build(options)?;
        clear(&self.output())?;
        Ok(cost)
    }

    /// Builds over whatever stands.
    fn build(&self, options: &[&str]) -> Result<Cost, String> {
        let mut command = Command::new(&self.plan.binary);
        command
            .arg("build")
            .arg("-q")
            .arg("-C")
            .arg(&self.subject.workspace)
            .arg("-o")
            .arg(self.output())
            .args(options);
        process::run(&command)
    }

    fn floor(&self) -> Result<Cost, String> {
        let (own, folder) = (std::env::current_exe().map_err(|error| error.to_string())?, self.folder.join("floor"));
        let cost = process::run(Command::new(own).arg("floor").arg(self.folder.join("list")).arg(&folder))?;
        clear(&folder)?;
        Ok(cost)
    }

    /// Runs a case and prints it with its goal.
    fn measure(&self, case: &str, ours: impl FnMut(usize) -> Result<Cost, String>) -> Result<Full, String> {
        let pairs = Pairs::run(self.plan.pairs, ours, || self.floor())?;
        pairs.print(case);
        if let Some(goal) = self.subject.deployments().and_then(|deployments| goal(case, deployments)) {
            println!("         goal {goal}");
        }
        let peak = pairs.ours(|cost| cost.peak).median;
        Ok(Full { cpu: pairs.ours(Cost::cpu).median, floor: pairs.floor(Cost::cpu).median, peak })
    }
}
