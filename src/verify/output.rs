//! A whole output folder, or a partner's folder in it: everything that is there against what the inventories list.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::DirEntry;
use std::path::Path;

use walkdir::WalkDir;

use super::listing::Listing;
use super::{Against, Report, Verified, archive, contents, folder, shown_below, unreadable};
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::emit::{OWN_FOLDER, OWN_NAMES, STAGE};
use crate::inventory;
use crate::manifest::FILE_NAME;

/// Keeps an output out of version control; a user may write one.
const IGNORE: &str = ".gitignore";

pub(super) fn verify(root: &Path, against: &Against<'_>) -> Report {
    let mut report = Report::default();
    if let Some(named) = against.inventory {
        report.diagnostics.push(superfluous(root, named));
        return report;
    }
    let listing = Listing::read(root, against, &mut report.diagnostics);
    report.origin.clone_from(&listing.origin);
    let mut look = Look { root, listing, report, seen: BTreeSet::new(), zips: Vec::new(), whole: BTreeMap::new() };
    look.walk();
    look.missing();
    look.zips();
    look.report
}

/// What was found so far.
struct Look<'a> {
    root: &'a Path,
    listing: Listing,
    report: Report,
    /// What is listed and there.
    seen: BTreeSet<String>,
    /// Zips as they are listed.
    zips: Vec<(String, Verified)>,
    /// The digest of each package by its deployment's id; none for one with errors.
    whole: BTreeMap<String, Option<Digest>>,
}

impl Look<'_> {
    fn walk(&mut self) {
        let mut walk = WalkDir::new(self.root).min_depth(1).sort_by_file_name().into_iter();
        // By hand, since the inside of a package is its manifest's affair.
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(self.root).to_owned();
                    self.report.diagnostics.push(unreadable(&path, &error.into()));
                    continue;
                }
            };
            let path = shown_below(self.root, entry.path());
            let goes_in = match entry.file_type() {
                kind if kind.is_dir() => self.folder(&path, &entry),
                kind => {
                    self.file(&path, &entry, kind.is_file());
                    true
                }
            };
            if !goes_in {
                walk.skip_current_dir();
            }
        }
    }

    /// Looks at a folder; whether its entries are to be looked at too.
    fn folder(&mut self, path: &str, entry: &walkdir::DirEntry) -> bool {
        if path == OWN_FOLDER {
            self.own(entry.path());
            return false;
        }
        let is_package = entry.path().join(FILE_NAME).symlink_metadata().is_ok();
        let listed = self.listing.packages.get(path).copied();
        match listed {
            Some(digest) => self.package(path, entry.path(), digest),
            None if is_package && self.listing.knows(path) => self.extra(path, "is a package that no inventory lists"),
            None if is_package => self.report.add(folder::verify(entry.path()).report),
            None => {
                let is_empty = || entry.path().read_dir().is_ok_and(|mut entries| entries.next().is_none());
                if self.listing.knows(path) && !self.listing.is_around(path) && is_empty() {
                    self.extra(path, "is an empty folder");
                }
                return true;
            }
        }
        false
    }

    fn package(&mut self, path: &str, at: &Path, listed: Digest) {
        self.seen.insert(path.to_owned());
        let id = inventory::below(&self.listing.folder, path);
        let verified = folder::verify(at);
        let is_whole = !verified.report.diagnostics.has_errors();
        if is_whole && verified.digest != Some(listed) {
            let mut finding = changed(self.root, path, "is whole, but another package than is listed");
            if let Some(found) = verified.deployment.as_ref().filter(|found| **found != id) {
                finding = finding.note(format!("it is the package of `{}`", found.escape_debug()));
            }
            self.report.diagnostics.push(finding);
        } else if is_whole && verified.deployment.as_ref() != Some(&id) {
            self.report.diagnostics.push(changed(self.root, path, "is not the package of this place"));
        }
        self.whole.insert(id, verified.digest.filter(|digest| is_whole && *digest == listed));
        self.report.add(verified.report);
    }

    fn file(&mut self, path: &str, entry: &walkdir::DirEntry, is_file: bool) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_inventory = name == inventory::FILE_NAME && folder.is_empty();
        let is_signature = inventory::folder_of(path).is_some() && name != inventory::FILE_NAME;
        if is_file && (is_inventory || path == IGNORE || is_signature) {
            // The inventory at the top is read and its signature checked by the listing.
            self.report.beside += u64::from(path != IGNORE);
            if is_signature && !self.signs(folder) {
                self.extra(path, "signs no inventory");
            }
            return;
        }
        let Some(&digest) = self.listing.files.get(path) else {
            if self.listing.knows(path) {
                self.extra(path, if is_file { "is in no inventory" } else { "is no file, and in no inventory" });
            } else if path.ends_with(".zip") && is_file {
                self.report.add(archive::verify(entry.path()).report);
            }
            return;
        };
        self.seen.insert(path.to_owned());
        self.report.beside += 1;
        if !is_file {
            self.report.diagnostics.push(changed(self.root, path, "is no regular file"));
            return;
        }
        match contents::summed(entry.path()) {
            Err(error) => self.report.diagnostics.push(unreadable(entry.path(), &error)),
            Ok(found) => self.listed(path, entry.path(), found, digest),
        }
    }

    /// Whether there is an inventory in a folder, which a signature beside it can be of.
    fn signs(&self, folder: &str) -> bool {
        folder.is_empty() || self.listing.files.contains_key(&inventory::path_in(folder)) || !self.listing.knows(folder)
    }

    fn listed(&mut self, path: &str, at: &Path, found: Digest, listed: Digest) {
        let is_zip = path.ends_with(".zip");
        if found == listed {
            if is_zip {
                self.zips.push((path.to_owned(), archive::verify(at)));
            }
            return;
        }
        if is_zip {
            // What is wrong inside says more than that something is.
            let verified = archive::verify(at);
            let says_more = verified.report.diagnostics.has_errors();
            self.report.add(verified.report);
            if says_more {
                return;
            }
        }
        let mut finding = changed(self.root, path, "is another one than is listed");
        if let Some(place) = self.listing.place_of(found) {
            finding = finding.note(format!("its content belongs at `{}`", self.root.join(place).display()));
        }
        self.report.diagnostics.push(finding);
    }

    fn missing(&mut self) {
        let listed = self.listing.packages.keys().chain(self.listing.files.keys());
        for path in listed.filter(|path| !self.seen.contains(*path)) {
            // Whoever misses an inventory was told already.
            if inventory::folder_of(path).is_none_or(|folder| !self.listing.unknown.contains(&folder.to_owned())) {
                let shown = self.root.join(path);
                self.report.diagnostics.push(
                    Diagnostic::error("E-MISSING", format!("`{}` is listed but not there", shown.display()))
                        .help("build everything again"),
                );
            }
        }
    }

    /// A zip is of its package's folder.
    fn zips(&mut self) {
        for (path, zip) in std::mem::take(&mut self.zips) {
            if let Some(id) = zip.deployment.as_ref().filter(|_| !zip.report.diagnostics.has_errors()) {
                let shown = self.root.join(&path);
                self.report.diagnostics.extend(unequal(&shown, id, zip.digest, self.whole.get(id)));
            }
            self.report.add(zip.report);
        }
    }

    /// Our own folder is for builds alone: what is in its files shows in no package. Names and kinds tell whether somebody
    /// put something there; of another kind than builds make, they would stop the next build.
    fn own(&mut self, folder: &Path) {
        let entries = match folder.read_dir() {
            Ok(entries) => entries,
            Err(error) => return self.report.diagnostics.push(unreadable(folder, &error)),
        };
        let kind = |entry: DirEntry| Some((entry.file_name().to_string_lossy().into_owned(), entry.file_type().ok()?));
        let mut own: Vec<_> = entries.flatten().filter_map(kind).collect();
        own.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        for (name, kind) in own {
            let fault = match &*name {
                STAGE if !kind.is_dir() => "is no folder, as builds make it",
                STAGE => continue,
                name if !OWN_NAMES.contains(&name) => "is none of the compiler's own files",
                _ if !kind.is_file() => "is no file, as builds make it",
                _ => continue,
            };
            self.extra(&format!("{OWN_FOLDER}/{name}"), fault);
        }
    }

    fn extra(&mut self, path: &str, what: &str) {
        let shown = self.root.join(path);
        let message = format!("`{}` {what}", shown.display().to_string().escape_debug());
        self.report.diagnostics.push(
            Diagnostic::error("E-EXTRA", message).help("move it away: only what a build wrote belongs into an output"),
        );
    }
}

fn changed(root: &Path, path: &str, what: &str) -> Diagnostic {
    Diagnostic::error("E-CHANGED", format!("`{}` {what}", root.join(path).display()))
        .help("move it away and build again")
}

fn unequal(shown: &Path, id: &str, found: Option<Digest>, folder: Option<&Option<Digest>>) -> Option<Diagnostic> {
    let (shown, id) = (shown.display(), id.escape_debug());
    match folder {
        None => Some(
            Diagnostic::error("E-ZIP", format!("`{shown}` is of `{id}`, which has no folder"))
                .help("remove it, or build everything again"),
        ),
        // The folder is broken, which was said already.
        Some(None) => None,
        Some(digest) if *digest == found => None,
        Some(_) => Some(
            Diagnostic::warning(
                "W-ZIP",
                format!("`{shown}` is as listed, but of another build than the folder of `{id}`"),
            )
            .help("build again: a build that was stopped leaves this behind"),
        ),
    }
}

fn superfluous(root: &Path, named: &Path) -> Diagnostic {
    let message = format!("`{}` is no package, so `{}` does not list it", root.display(), named.display());
    Diagnostic::error("E-INVENTORY", message)
        .help("leave `--inventory` out: an output, and a partner's folder in it, have their own")
}
