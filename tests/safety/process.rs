//! Runs of the program over a workspace that grows new editions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::small::Small;
use super::stand::{self, Files};

/// A workspace of some tens of deployments, and an output beside it.
pub struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// With so many partners beside those of the small workspace.
    pub fn new(partners: usize) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        let base = Small::base();
        for path in base.paths() {
            // Not every deployment has every axis here.
            let text = base.text(path).replace(", {{ industry.name }}, {{ region.name }}", "");
            stand::write(&site.workspace().join(path), text);
        }
        // Two partners more come and go with the editions.
        for index in 0..partners + 2 {
            site.partner(index, 0);
        }
        site
    }

    pub fn workspace(&self) -> PathBuf {
        self.path("workspace")
    }

    pub fn output(&self) -> PathBuf {
        self.path("output")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn partner(&self, index: usize, edition: usize) {
        let industries = ["[retail]", "[health]", "[retail, health]"][index % 3];
        let record = format!(
            "name: Partner {index}\ntier: one-to-one\nmotions: [launch]\nindustries: {industries}\nregions: [europe]\n\
             contact: {{name: Person {edition}, email: p{index}@p{index}.example}}\nlegal: {{legal_name: P{index} Inc.}}\n"
        );
        stand::write(&self.workspace().join(format!("partners/p{index:02}.yaml")), record);
    }

    /// Changes what every package says; one partner leaves, and another one is back.
    pub fn edition(&self, number: usize) {
        let master = self.workspace().join("master-templates/content/landing.md");
        let text = Small::base().text("master-templates/content/landing.md").to_owned();
        stand::write(&master, text.replace("What hurts.", &format!("What hurts in edition {number}.")));
        let css = format!("p{{--edition:{number}}}\n");
        stand::write(&self.workspace().join("master-templates/assets/style.css"), css);
        let (here, gone) = (number % 2, (number + 1) % 2);
        self.partner(here, 0);
        let _ = std::fs::remove_file(self.workspace().join(format!("partners/p{gone:02}.yaml")));
        // This one has an axis less in every other edition: its packages stand around and within each other.
        self.partner(2, 0);
        if number % 2 == 1 {
            let path = self.workspace().join("partners/p02.yaml");
            let record = std::fs::read_to_string(&path).unwrap().replace("regions: [europe]\n", "");
            stand::write(&path, record);
        }
    }

    /// The command for a build into the output.
    pub fn command(&self) -> Command {
        self.command_into(&self.output())
    }

    pub fn command_into(&self, output: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cobrand"));
        command.arg("build").arg("-C").arg(self.workspace()).arg("-o").arg(output);
        command.env("NO_COLOR", "1").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Builds into the output, without a word.
    #[track_caller]
    pub fn build(&self) -> Files {
        quiet(&mut self.command());
        let stage = std::fs::read_dir(self.output().join(".cobrand/stage")).unwrap();
        assert_eq!(stage.count(), 0, "something is left in the stage");
        stand::files(&self.output())
    }

    /// What a build into a new folder gives.
    #[track_caller]
    pub fn clean(&self) -> Files {
        let folder = tempfile::tempdir().unwrap();
        quiet(&mut self.command_into(folder.path()));
        stand::files(folder.path())
    }
}

#[track_caller]
fn quiet(command: &mut Command) {
    let done = command.output().unwrap();
    let said = said(&done);
    assert!(done.status.success() && said.is_empty(), "{said}");
}

/// What a run said on standard error.
pub fn said(done: &Output) -> String {
    String::from_utf8_lossy(&done.stderr).into_owned()
}

/// The ids of all packages in an output.
pub fn ids(files: &Files) -> Vec<&str> {
    files.keys().filter_map(|path| path.strip_suffix("/manifest.json")).collect()
}

/// How many packages, zips and catalogues are of which edition, of those that both have.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stand {
    pub old: usize,
    pub new: usize,
}

/// Asserts that each package, zip and catalogue is whole, and of one of two editions; what only one of them
/// has may be missing.
#[track_caller]
pub fn assert_old_or_new(output: &Path, old: &Files, new: &Files) -> Stand {
    assert_units_old_or_new(output, old, new, |_| true)
}

/// As [`assert_old_or_new`], where some packages could be replaced and others could not: pages beside them tell of both.
#[track_caller]
pub fn assert_packages_old_or_new(output: &Path, old: &Files, new: &Files) -> Stand {
    let packages: BTreeSet<&str> = ids(old).into_iter().chain(ids(new)).collect();
    assert_units_old_or_new(output, old, new, |unit| packages.contains(unit) || unit.ends_with(".zip"))
}

#[track_caller]
fn assert_units_old_or_new(output: &Path, old: &Files, new: &Files, counts: impl Fn(&str) -> bool) -> Stand {
    let found = stand::files(output);
    let packages: BTreeSet<&str> = ids(old).into_iter().chain(ids(new)).collect();
    let [found, old, new] = [&found, old, new].map(|files| units(files, &packages));
    let all: BTreeSet<&str> = [&found, &old, &new].into_iter().flat_map(BTreeMap::keys).copied().collect();
    let mut stand = Stand::default();
    for unit in all.into_iter().filter(|unit| counts(unit)) {
        let (stands, old, new) = (found.get(unit), old.get(unit), new.get(unit));
        let may_be_missing = stands.is_none() && !(old.is_some() && new.is_some());
        assert!(stands == old || stands == new || may_be_missing, "{unit} is neither old nor new");
        if old.is_some() && new.is_some() && old != new {
            stand.old += usize::from(stands == old);
            stand.new += usize::from(stands == new);
        }
    }
    stand
}

/// Whether a file tells of all that stands: an inventory, or a sum of a region or the program.
pub fn tells_of_all(path: &str) -> bool {
    path.ends_with("inventory.json") || path.starts_with("program/") || path.starts_with("regions/")
}

/// Files by the package they are in; one beside the packages by itself. What tells of all that stands is left out: that may be
/// some of each edition.
fn units<'a>(files: &'a Files, packages: &BTreeSet<&'a str>) -> BTreeMap<&'a str, BTreeMap<&'a str, &'a [u8]>> {
    let mut units: BTreeMap<&str, BTreeMap<&str, &[u8]>> = BTreeMap::new();
    for (path, bytes) in files.iter().filter(|(path, _)| !tells_of_all(path)) {
        let mut around = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
        let unit = around.find(|folder| packages.contains(folder)).unwrap_or(path);
        units.entry(unit).or_default().insert(path, bytes);
    }
    units
}

/// Asserts that nothing is wrong with an output but what a death may leave: a package, a zip or a page of another
/// edition than the inventories, which are taken last.
#[track_caller]
pub fn assert_verifies(output: &Path) {
    const OF_ANOTHER_EDITION: [&str; 6] = [
        "than is listed",
        "is listed but not there",
        "no inventory",
        "is an empty folder",
        "has no folder",
        "of another build than the folder",
    ];
    if !output.join("index.html").exists() {
        return;
    }
    for finding in cobrand::verify::verify(output, &Default::default()).diagnostics.iter() {
        let is_left = OF_ANOTHER_EDITION.iter().any(|words| finding.message.contains(words));
        // Where an inventory or a package is listed and a folder of another edition stands.
        let is_gone = finding.message.contains("there is no");
        assert!(is_left || is_gone, "{finding:?}");
    }
}
