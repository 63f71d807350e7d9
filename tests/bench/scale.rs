//! Measures `cobrand` against the floor: a program that only creates the same folders and writes the
//! same bytes. What is measured and how to read it: `docs/performance.md`.
//!
//! ```text
//! cargo bench --bench scale                              all cases of all workloads
//! cargo bench --bench scale -- --workload wide --at 1000 --at 10000 --pairs 3 --only full,nothing
//! cargo bench --bench scale -- generate --workload wide --at 1000 DIR
//! cargo bench --bench scale -- floor LIST DIR            the floor by itself
//! ```

#![allow(clippy::disallowed_methods, reason = "a benchmark makes its own workspaces, outside of any output")]

mod cases;
mod files;
mod floor;
mod generate;
mod goals;
mod growth;
mod pairs;
mod place;
mod plan;
mod process;
mod shape;
mod statistics;
mod subject;
mod wide;
mod workload;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use generate::Size;
use plan::Plan;
use workload::Workload;

const USAGE: &str = "usage:
  scale [--workload NAME]… [--at N]… [--workspace DIR] [--pairs N] [--only CASE,…] [--binary FILE] [--in DIR] [--keep]
  scale generate --workload NAME --at N DIR
  scale generate [--partners N] [--industries N] [--regions N] DIR
  scale floor LIST DIR
workloads: sample, wide, generated
cases: full, zips, nothing, trusted, partner, master";

fn main() -> ExitCode {
    // Cargo adds `--bench` of its own accord.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let done = match arguments.first().map(String::as_str) {
        Some("generate") => generate_command(&arguments[1..]),
        Some("floor") => floor_command(&arguments[1..]),
        Some("measure") => process::measure(&arguments[1..]),
        _ => Plan::read(&arguments).and_then(|plan| cases::run(&plan.ok_or(USAGE)?)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn generate_command(arguments: &[String]) -> Result<(), String> {
    let mut size = Size { partners: 50, industries: 5, regions: 4 };
    let (mut name, mut at, mut folder) = (None, None, None);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--workload" => name = Some(rest.next().ok_or(USAGE)?),
            "--at" => at = Some(number(rest.next())?),
            "--partners" => size.partners = number(rest.next())?,
            "--industries" => size.industries = number(rest.next())?,
            "--regions" => size.regions = number(rest.next())?,
            path if !path.starts_with('-') => folder = Some(PathBuf::from(path)),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let folder = folder.ok_or(USAGE)?;
    match name {
        Some(name) => {
            let workloads = Workload::named(name, at.as_slice()).ok_or(USAGE)?;
            workloads.first().ok_or(USAGE)?.write(&folder)
        }
        None => generate::write(at.map_or(size, Size::of), &folder),
    }
}

fn floor_command(arguments: &[String]) -> Result<(), String> {
    let [list, folder] = arguments else { return Err(USAGE.to_owned()) };
    floor::write(Path::new(list), Path::new(folder))
}

fn number(text: Option<&String>) -> Result<usize, String> {
    text.and_then(|text| text.parse().ok()).ok_or_else(|| USAGE.to_owned())
}
