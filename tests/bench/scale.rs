//! Measures `cobrand` against the floor: a program that only creates the same folders and writes the
//! same bytes. What is measured and how to read it: `docs/performance.md`.
//!
//! ```text
//! cargo bench --bench scale                              all cases at 100 and 1,000 deployments
//! cargo bench --bench scale -- --at 1000 --at 10000 --pairs 3 --only full,nothing
//! cargo bench --bench scale -- generate --partners 50 --industries 5 --regions 4 DIR
//! cargo bench --bench scale -- floor LIST DIR            the floor by itself
//! ```

#![allow(clippy::disallowed_methods, reason = "a benchmark makes its own workspaces, outside of any output")]

mod cases;
mod floor;
mod generate;
mod goals;
mod pairs;
mod place;
mod process;
mod statistics;
mod subject;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use cases::Plan;
use generate::Size;

const USAGE: &str = "usage:
  scale [--at N]… [--pairs N] [--only CASE,…] [--binary FILE] [--workspace DIR] [--in DIR] [--keep]
  scale generate [--partners N] [--industries N] [--regions N] DIR
  scale floor LIST DIR
cases: full, zips, nothing, trusted, partner, master";

fn main() -> ExitCode {
    // Cargo adds `--bench` of its own accord.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let done = match arguments.first().map(String::as_str) {
        Some("generate") => generate_command(&arguments[1..]),
        Some("floor") => floor_command(&arguments[1..]),
        Some("measure") => process::measure(&arguments[1..]),
        _ => run_command(&arguments),
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
    let mut folder = None;
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--partners" => size.partners = number(rest.next())?,
            "--industries" => size.industries = number(rest.next())?,
            "--regions" => size.regions = number(rest.next())?,
            path if !path.starts_with('-') => folder = Some(PathBuf::from(path)),
            _ => return Err(USAGE.to_owned()),
        }
    }
    generate::write(size, &folder.ok_or(USAGE)?)
}

fn floor_command(arguments: &[String]) -> Result<(), String> {
    let [list, folder] = arguments else { return Err(USAGE.to_owned()) };
    floor::write(Path::new(list), Path::new(folder))
}

fn run_command(arguments: &[String]) -> Result<(), String> {
    let mut plan = Plan::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--at" => plan.sizes.push(number(rest.next())?),
            "--pairs" => plan.pairs = number(rest.next())?.max(1),
            "--only" => plan.only.extend(rest.next().ok_or(USAGE)?.split(',').map(str::to_owned)),
            "--binary" => plan.binary = rest.next().ok_or(USAGE)?.into(),
            "--workspace" => plan.workspace = Some(rest.next().ok_or(USAGE)?.into()),
            "--in" => plan.place = Some(rest.next().ok_or(USAGE)?.into()),
            "--keep" => plan.keep = true,
            _ => return Err(USAGE.to_owned()),
        }
    }
    cases::run(plan)
}

fn number(text: Option<&String>) -> Result<usize, String> {
    text.and_then(|text| text.parse().ok()).ok_or_else(|| USAGE.to_owned())
}
