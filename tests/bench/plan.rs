//! What to measure, as the command line says it.

use std::path::PathBuf;

use super::cases::CASES;
use super::workload::{NAMES, Workload};

pub struct Plan {
    pub workloads: Vec<Workload>,
    pub pairs: usize,
    pub binary: PathBuf,
    /// Where to work.
    pub place: Option<PathBuf>,
    /// Whether the folders stay for a look at them.
    pub keep: bool,
    /// Names of cases; all of them if empty.
    only: Vec<String>,
}

impl Plan {
    /// None where the arguments are none.
    pub fn read(arguments: &[String]) -> Result<Option<Self>, String> {
        let (mut names, mut sizes, mut own) = (Vec::new(), Vec::new(), None);
        let binary = env!("CARGO_BIN_EXE_cobrand").into();
        let mut plan = Self { workloads: Vec::new(), pairs: 5, binary, place: None, keep: false, only: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if argument == "--keep" {
                plan.keep = true;
                continue;
            }
            let Some(value) = rest.next() else { return Ok(None) };
            match (argument.as_str(), value.parse::<usize>()) {
                ("--workload", _) => names.push(value.as_str()),
                ("--at", Ok(number)) => sizes.push(number),
                ("--pairs", Ok(number)) => plan.pairs = number.max(1),
                ("--only", _) => plan.only.extend(value.split(',').map(str::to_owned)),
                ("--binary", _) => plan.binary = value.into(),
                ("--workspace", _) => own = Some(Workload::Own(value.into())),
                ("--in", _) => plan.place = Some(value.into()),
                _ => return Ok(None),
            }
        }
        if names.is_empty() && own.is_none() {
            names.extend(NAMES);
        }
        sizes.sort_unstable();
        for name in names {
            let unknown = || format!("there is no workload `{name}`, only {}", NAMES.join(", "));
            plan.workloads.extend(Workload::named(name, &sizes).ok_or_else(unknown)?);
        }
        plan.workloads.extend(own);
        match plan.only.iter().find(|only| !CASES.contains(&only.as_str())) {
            Some(unknown) => Err(format!("there is no case `{unknown}`, only {}", CASES.join(", "))),
            None => Ok(Some(plan)),
        }
    }

    pub fn has(&self, case: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == case)
    }

    /// The most deployments that are built at once; a workspace of one's own is taken for one of middle size.
    pub fn most_deployments(&self) -> usize {
        self.workloads.iter().map(|workload| workload.at().unwrap_or(1_000)).max().unwrap_or_default()
    }
}
