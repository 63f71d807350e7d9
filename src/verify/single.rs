//! A package or a zip alone, for somebody who has no more than that and the inventory that lists it.

use std::path::Path;

use super::origin::{self, Origin};
use super::{Against, Report, Verified, contents, listing};
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::inventory::{Inventory, below};

pub(super) fn verify(path: &Path, verified: Verified, against: &Against<'_>) -> Report {
    let is_whole = !verified.report.diagnostics.has_errors();
    let (digest, deployment) = (verified.digest, verified.deployment);
    let mut report = verified.report;
    let Some(named) = against.inventory else {
        report.diagnostics.extend(against.key.map(|_| unlisted(path)));
        return report;
    };
    match listed(named, against) {
        Err(problem) => report.diagnostics.push(*problem),
        Ok((inventory, origin)) => {
            report.origin = origin;
            if is_whole {
                let is_zip = path.is_file();
                let found = if is_zip { zip(path, &inventory) } else { package(deployment, digest, &inventory) };
                report.diagnostics.extend(found.err().map(|reason| other(path, named, &reason, &inventory)));
            }
        }
    }
    report
}

fn listed(named: &Path, against: &Against<'_>) -> Result<(Inventory, Option<Origin>), Box<Diagnostic>> {
    let (bytes, inventory) = listing::read(named)?;
    let Some(key) = against.key else { return Ok((inventory, None)) };
    origin::check(named, &bytes, key)?;
    let origin = Origin::of(&inventory, key);
    Ok((inventory, Some(origin)))
}

/// By its bytes: whoever downloads a file may give it another name.
fn zip(path: &Path, inventory: &Inventory) -> Result<(), String> {
    let digest = contents::summed(path).map_err(|error| format!("it cannot be read: {error}"))?;
    match inventory.files.iter().any(|file| file.digest == digest) {
        true => Ok(()),
        false => Err("no file in it has these bytes".to_owned()),
    }
}

fn package(deployment: Option<String>, digest: Option<Digest>, inventory: &Inventory) -> Result<(), String> {
    let id = deployment.unwrap_or_default();
    match inventory.packages.iter().find(|listed| below(&inventory.folder, &listed.path) == id) {
        Some(listed) if Some(listed.digest) == digest => Ok(()),
        Some(_) => Err(format!("the package of `{id}` in it is another one")),
        None => Err(format!("it lists no package of `{}`", id.escape_debug())),
    }
}

fn other(path: &Path, named: &Path, reason: &str, inventory: &Inventory) -> Diagnostic {
    let message = format!("`{}` is not listed in `{}`: {reason}", path.display(), named.display());
    let finding = Diagnostic::error("E-CHANGED", message);
    match inventory.folder.as_str() {
        "" => finding.help("name the inventory in the partner's folder: the one at the top lists no packages"),
        _ => finding.help("ask for the package and the inventory of one build; do not use what is not listed"),
    }
}

fn unlisted(path: &Path) -> Diagnostic {
    Diagnostic::error("E-SIGNATURE", format!("`{}` has no signature of its own", path.display())).help(
        "name the inventory that lists it with `--inventory`: it lies in the partner's folder, its signature beside it",
    )
}
