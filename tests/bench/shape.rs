//! How large a workload is, and how much its deployments have in common.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

pub struct Shape {
    pub deployments: usize,
    /// Combinations of all axes but the partner.
    bases: usize,
    files: usize,
    bytes: u64,
}

impl Shape {
    /// Of a workspace, by the binary that is measured, and of the floor's list of what a build of it writes.
    pub fn of(binary: &Path, workspace: &Path, list: &str) -> Result<Self, String> {
        let sizes = list.lines().filter_map(|line| line.split(' ').next()?.parse::<u64>().ok());
        let (files, bytes) = (list.lines().count(), sizes.sum());
        let deployments = deployments(binary, workspace)?;
        let bases: BTreeSet<String> = deployments.iter().map(base).collect();
        Ok(Self { deployments: deployments.len(), bases: bases.len(), files, bytes })
    }
}

fn deployments(binary: &Path, workspace: &Path) -> Result<Vec<Value>, String> {
    let mut command = Command::new(binary);
    command.args(["list", "--format", "json", "-C"]).arg(workspace);
    let listed = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if !listed.status.success() {
        return Err(String::from_utf8_lossy(&listed.stderr).into_owned());
    }
    let mut all: Value = serde_json::from_slice(&listed.stdout).map_err(|error| error.to_string())?;
    match all["deployments"].take() {
        Value::Array(deployments) => Ok(deployments),
        _ => Err(format!("{command:?} lists no deployments")),
    }
}

/// A deployment's values on all axes but the partner: what is not said of the one deployment alone.
fn base(deployment: &Value) -> String {
    const OWN: [&str; 6] = ["id", "partner", "locales", "path", "url", "zip"];
    let axes = deployment.as_object().into_iter().flatten().filter(|(key, _)| !OWN.contains(&key.as_str()));
    axes.map(|(key, value)| format!("{key}={value} ")).collect()
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let each = |sum: f64| sum / self.deployments.max(1) as f64;
        write!(
            f,
            "{} deployments of {} bases, {} files, {:.1} MB; each {:.1} files, {:.1} KB",
            self.deployments,
            self.bases,
            self.files,
            self.bytes as f64 / 1e6,
            each(self.files as f64),
            each(self.bytes as f64 / 1e3)
        )
    }
}
