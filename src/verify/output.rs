//! A whole output folder: every package, every zip, and where the catalogues lead.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{Report, Verified, archive, catalog, folder, unreadable};
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::emit::OWN_FOLDER;
use crate::manifest::FILE_NAME;

/// What an output folder holds, as far as it is ours to check.
#[derive(Default)]
struct Found {
    packages: Vec<PathBuf>,
    zips: Vec<PathBuf>,
    catalogs: Vec<PathBuf>,
}

pub(super) fn verify(root: &Path) -> Report {
    let mut report = Report::default();
    let found = find(root, &mut report);
    let mut digests: BTreeMap<String, Option<Digest>> = BTreeMap::new();
    for path in &found.packages {
        let verified = folder::verify(path);
        report.diagnostics.extend(misplaced(root, path, &verified));
        if let Some(id) = verified.deployment {
            digests.insert(id, verified.digest.filter(|_| !verified.report.diagnostics.has_errors()));
        }
        report.add(verified.report);
    }
    for path in &found.zips {
        let verified = archive::verify(path);
        report.diagnostics.extend(unequal(path, &verified, &digests));
        report.add(verified.report);
    }
    for path in &found.catalogs {
        report.diagnostics.append(catalog::verify(root, path));
    }
    if report.packages == 0 {
        report.diagnostics.push(
            Diagnostic::error("E-MANIFEST", format!("`{}` holds no package", root.display()))
                .help("name a package, a zip or an output folder"),
        );
    }
    report
}

fn find(root: &Path, report: &mut Report) -> Found {
    let mut found = Found::default();
    let ours = |entry: &DirEntry| entry.depth() == 1 && entry.file_name() == OWN_FOLDER;
    let mut walk = WalkDir::new(root).sort_by_file_name().into_iter();
    // By hand, since the inside of a package is its manifest's affair.
    while let Some(entry) = walk.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root).to_owned();
                report.diagnostics.push(unreadable(&path, &error.into()));
                continue;
            }
        };
        if entry.file_type().is_dir() {
            let is_package = entry.depth() > 0 && entry.path().join(FILE_NAME).symlink_metadata().is_ok();
            if is_package {
                found.packages.push(entry.path().to_owned());
            }
            if is_package || ours(&entry) {
                walk.skip_current_dir();
            }
        } else if entry.file_type().is_symlink() {
            report.diagnostics.push(
                Diagnostic::error("E-EXTRA", format!("`{}` is a symbolic link", entry.path().display()))
                    .help("remove it: a build writes none"),
            );
        } else if entry.path().extension().is_some_and(|extension| extension == "zip") {
            found.zips.push(entry.path().to_owned());
        } else if entry.file_name() == catalog::FILE_NAME {
            found.catalogs.push(entry.path().to_owned());
        }
    }
    found
}

/// A package lies at its deployment's id.
fn misplaced(root: &Path, path: &Path, verified: &Verified) -> Option<Diagnostic> {
    let id = verified.deployment.as_ref()?;
    if path.strip_prefix(root).is_ok_and(|below| below == Path::new(id)) {
        return None;
    }
    let message = format!("`{}` holds the package of `{}`", path.display(), id.escape_debug());
    Some(Diagnostic::error("E-EXTRA", message).help("remove it and build again"))
}

/// A zip has the digest of its folder.
fn unequal(path: &Path, zip: &Verified, folders: &BTreeMap<String, Option<Digest>>) -> Option<Diagnostic> {
    let id = zip.deployment.as_ref().filter(|_| !zip.report.diagnostics.has_errors())?;
    let shown = path.display();
    match folders.get(id) {
        None => Some(
            Diagnostic::error("E-ZIP", format!("`{shown}` is of `{}`, which has no folder", id.escape_debug()))
                .help("remove it, or build everything again"),
        ),
        // The folder is broken, which was said already.
        Some(None) => None,
        Some(digest) if *digest == zip.digest => None,
        Some(_) => Some(
            Diagnostic::warning("W-ZIP", format!("`{shown}` is whole, but of another build than the folder of `{id}`"))
                .help("build again: a build that was stopped leaves this behind"),
        ),
    }
}
