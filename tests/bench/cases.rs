//! The cases: each a build by `cobrand`, paired with a run of the floor right after it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::floor;
use super::generate::{self, Size};
use super::process::{self, Cost};
use super::statistics::Summary;

/// What to measure.
pub struct Plan {
    /// Numbers of deployments.
    pub sizes: Vec<usize>,
    pub pairs: usize,
    /// Names of cases; all of them if empty.
    pub only: Vec<String>,
    pub binary: PathBuf,
    /// A workspace of one's own instead of the reference workload; full builds only.
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
    let scratch = std::env::temp_dir().join(format!("cobrand-bench-{}", std::process::id()));
    let done = match &plan.workspace {
        Some(workspace) => Bench::new(&plan, &scratch, workspace.clone()).full_builds(),
        None => plan.sizes.iter().try_for_each(|&deployments| {
            let size = Size::of(deployments);
            let folder = scratch.join(format!("at-{deployments}"));
            let workspace = folder.join("workspace");
            generate::write(size, &workspace)?;
            println!(
                "\n{} deployments: {} partners, {} industries, {} regions",
                size.deployments(),
                size.partners,
                size.industries,
                size.regions
            );
            let bench = Bench::new(&plan, &folder, workspace);
            bench.full_builds()?;
            bench.rebuilds(size)
        }),
    };
    // Only now: after a mass deletion creating files is slower for a while.
    if !plan.keep {
        let _ = std::fs::remove_dir_all(&scratch);
    }
    done
}

struct Bench<'a> {
    plan: &'a Plan,
    folder: PathBuf,
    workspace: PathBuf,
}

impl<'a> Bench<'a> {
    fn new(plan: &'a Plan, folder: &Path, workspace: PathBuf) -> Self {
        Self { plan, folder: folder.to_owned(), workspace }
    }

    fn has(&self, case: &str) -> bool {
        self.plan.only.is_empty() || self.plan.only.iter().any(|only| only == case)
    }

    fn full_builds(&self) -> Result<(), String> {
        let list = self.list()?;
        for (case, zips) in [("full", false), ("zips", true)] {
            if !self.has(case) {
                continue;
            }
            self.pairs(case, &list, |index| {
                let output = self.folder.join(format!("{case}-{index}"));
                self.build(&output, zips)
            })?;
        }
        Ok(())
    }

    /// Builds over an output that stands.
    fn rebuilds(&self, size: Size) -> Result<(), String> {
        if !["nothing", "partner", "master"].iter().any(|case| self.has(case)) {
            return Ok(());
        }
        let list = self.list()?;
        let output = self.folder.join("standing");
        self.build(&output, false)?;
        if self.has("nothing") {
            self.pairs("nothing", &list, |_| self.build(&output, false))?;
        }
        if self.has("partner") {
            self.pairs("partner", &list, |index| {
                generate::partner(&self.workspace, size.partners / 2, size, index + 1)?;
                self.build(&output, false)
            })?;
        }
        if self.has("master") {
            self.pairs("master", &list, |index| {
                generate::edit_master(&self.workspace, index)?;
                self.build(&output, false)
            })?;
        }
        Ok(())
    }

    /// The list of files for the floor: what one build without zips really wrote.
    fn list(&self) -> Result<PathBuf, String> {
        let path = self.folder.join("list");
        if !path.exists() {
            let output = self.folder.join("first");
            self.build(&output, false)?;
            let text = floor::list(&output)?;
            let manifests = text.lines().filter(|line| line.ends_with("/manifest.json")).count().max(1);
            let bytes: u64 = text.lines().filter_map(|line| line.split(' ').next()?.parse::<u64>().ok()).sum();
            println!(
                "{} files, {:.1} MB in all; a deployment: {:.1} files, {:.1} KB",
                text.lines().count(),
                bytes as f64 / 1e6,
                text.lines().count() as f64 / manifests as f64,
                bytes as f64 / 1e3 / manifests as f64
            );
            std::fs::write(&path, text).map_err(|error| error.to_string())?;
        }
        Ok(path)
    }

    fn build(&self, output: &Path, zips: bool) -> Result<Cost, String> {
        let mut command = Command::new(&self.plan.binary);
        command.arg("build").arg("-q").arg("-C").arg(&self.workspace).arg("-o").arg(output);
        if !zips {
            command.arg("--no-zips");
        }
        process::run(&mut command)
    }

    fn floor(&self, list: &Path, folder: &Path) -> Result<Cost, String> {
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        process::run(Command::new(own).arg("floor").arg(list).arg(folder))
    }

    /// A B A B, each into a folder of its own, and a line with medians and spread.
    fn pairs(
        &self,
        case: &str,
        list: &Path,
        mut build: impl FnMut(usize) -> Result<Cost, String>,
    ) -> Result<(), String> {
        let mut pairs = Vec::with_capacity(self.plan.pairs);
        for index in 0..self.plan.pairs {
            let ours = build(index)?;
            let floor = self.floor(list, &self.folder.join(format!("floor-{case}-{index}")))?;
            pairs.push((ours, floor));
        }
        let ours = |what: fn(&Cost) -> f64| Summary::of(pairs.iter().map(|(ours, _)| what(ours)));
        let floor = Summary::of(pairs.iter().map(|(_, floor)| floor.cpu));
        let ratio = |what: fn(&Cost) -> f64| Summary::of(pairs.iter().map(|(a, b)| what(a) / what(b).max(1e-6)));
        println!(
            "{case:8} CPU/floor {}  wall/floor {}  CPU {:.3} s  wall {:.3} s  peak {:.1} MiB  (floor {:.3} s CPU, {} pairs)",
            ratio(|cost| cost.cpu),
            ratio(|cost| cost.wall),
            ours(|cost| cost.cpu).median,
            ours(|cost| cost.wall).median,
            ours(|cost| cost.peak).high,
            floor.median,
            pairs.len()
        );
        Ok(())
    }
}
