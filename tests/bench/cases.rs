//! The cases: what is built, over what, and after which change.

use std::path::PathBuf;
use std::process::Command;

use super::files;
use super::floor;
use super::goals::goal;
use super::growth::{self, Full};
use super::pairs::{Pairs, clear};
use super::place::{Need, Place};
use super::plan::Plan;
use super::process::{self, Cost};
use super::shape::Shape;
use super::subject::Subject;

/// The names of all cases, in the order they are measured.
pub const CASES: [&str; 6] = ["full", "zips", "nothing", "trusted", "partner", "master"];

/// Measures all that is asked for.
pub fn run(plan: &Plan) -> Result<(), String> {
    let cases: Vec<&str> = CASES.into_iter().filter(|case| plan.has(case)).collect();
    let need = Need::of(&cases);
    let place = Place::choose(plan.place.as_deref(), plan.most_deployments(), need)?;
    println!("in {place}");
    let done = all_workloads(plan, &place);
    if !plan.keep {
        place.remove();
    }
    done
}

fn all_workloads(plan: &Plan, place: &Place) -> Result<(), String> {
    let mut full = Vec::new();
    for (number, workload) in plan.workloads.iter().enumerate() {
        let folder = place.folder.join(format!("{number}"));
        let subject = Subject::new(workload.clone(), folder.join("workspace"))?;
        full.extend(Bench { plan, folder: folder.clone(), subject }.run()?);
        if !plan.keep {
            clear(&folder)?;
        }
    }
    growth::print(&full);
    Ok(())
}

struct Bench<'a> {
    plan: &'a Plan,
    folder: PathBuf,
    subject: Subject,
}

impl Bench<'_> {
    /// Measures all cases that are asked for, and tells the cost of full builds.
    fn run(&self) -> Result<Option<Full>, String> {
        let list = self.list()?;
        let shape = Shape::of(&self.plan.binary, &self.subject.workspace, &list)?;
        println!("\n{}: {shape}", self.subject.workload.name());
        let mut full = None;
        if self.plan.has("full") {
            let pairs = self.measure("full", |_| self.alone(&["--no-zips"]))?;
            full = Some(Full::of(self.subject.workload.name(), shape.deployments, &pairs));
        }
        if self.plan.has("zips") {
            self.measure("zips", |_| self.alone(&[]))?;
        }
        self.rebuilds()?;
        Ok(full)
    }

    /// Builds over an output that stands.
    fn rebuilds(&self) -> Result<(), String> {
        if !CASES[2..].iter().any(|case| self.plan.has(case)) {
            return Ok(());
        }
        let again = || self.build(&["--no-zips"]);
        again()?;
        if self.plan.has("nothing") {
            self.measure("nothing", |_| again())?;
        }
        if self.plan.has("trusted") {
            self.measure("trusted", |_| self.build(&["--no-zips", "--trust-ledger"]))?;
        }
        if self.plan.has("partner") {
            self.measure("partner", |index| {
                self.subject.edit_partner(index + 1)?;
                again()
            })?;
        }
        if self.plan.has("master") {
            self.measure("master", |index| {
                self.subject.edit_master(index + 1)?;
                again()
            })?;
        }
        Ok(())
    }

    /// Writes the list of files for the floor: what one build without zips really writes.
    fn list(&self) -> Result<String, String> {
        self.build(&["--no-zips"])?;
        let list = floor::list(&self.output())?;
        files::write(&self.folder.join("list"), &list)?;
        Ok(list)
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
    fn measure(&self, case: &str, ours: impl FnMut(usize) -> Result<Cost, String>) -> Result<Pairs, String> {
        let pairs = Pairs::run(self.plan.pairs, ours, || self.floor())?;
        pairs.print(case);
        if let Some(goal) = goal(case, &self.subject.workload) {
            println!("         goal {goal}");
        }
        Ok(pairs)
    }
}
