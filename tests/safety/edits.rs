//! A warm build equals a cold one, byte for byte, after any sequence of edits.
//!
//! `COBRAND_SCRIPTS=500 cargo test --test safety edits` tries more scripts than usual.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cobrand::build::{self, Options, Program, Report, Sharing, State, Unwatched};
use cobrand::diag::Diagnostics;
use cobrand::emit::Output;
use cobrand::matrix::query::Query;
use cobrand::workspace::DiskFiles;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use super::edit::{Draft, Edit, KINDS};
use super::process::tells_of_all;
use super::stand::{self, Files, asked};

/// What happens before a build.
#[derive(Clone, Copy, Debug)]
enum Step {
    Edit(Edit),
    /// The last edit is taken back.
    Undo,
    /// A file is written again as it is.
    Touch(usize),
    /// A file of the output is lost.
    Lose(usize),
    /// Somebody puts a file of their own into the output.
    Foreign(usize),
    /// Only some of the deployments are built, before all are.
    Narrow(usize),
}

impl Step {
    fn new((kind, pick): (usize, usize)) -> Self {
        match kind.checked_sub(KINDS) {
            None => Self::Edit(Edit::new(kind, pick)),
            Some(0 | 1) => Self::Undo,
            Some(2) => Self::Touch(pick),
            Some(3) => Self::Lose(pick),
            Some(4) => Self::Foreign(pick),
            Some(_) => Self::Narrow(pick),
        }
    }
}

/// How pages are made: a warm build from forms equals a cold one without.
#[derive(Clone, Copy, Debug)]
enum Pages {
    Formed,
    Rendered,
}

/// A workspace on a disk with an output that is built again and again.
struct Story {
    folder: tempfile::TempDir,
    draft: Draft,
    /// What the disk holds.
    written: Draft,
    before: Vec<Draft>,
    foreign: BTreeSet<String>,
    last: Files,
    /// Where clean builds are made, each in a folder of its own.
    cold: tempfile::TempDir,
    colds: usize,
}

impl Story {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let draft = Draft::new();
        let mut nothing = draft.clone();
        nothing.files.clear();
        let (before, foreign, last) = (Vec::new(), BTreeSet::new(), Files::new());
        // In memory where that is to be had: nobody looks at these again.
        let cold = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        Self { folder, draft, written: nothing, before, foreign, last, cold, colds: 0 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Edit(edit) => {
                self.before.push(self.draft.clone());
                self.draft.apply(edit);
            }
            Step::Undo => self.draft = self.before.pop().unwrap_or_else(|| self.draft.clone()),
            Step::Touch(pick) => {
                let at = pick % self.written.files.len().max(1);
                if let Some(path) = self.written.files.keys().nth(at).cloned() {
                    // Written anew by what follows.
                    self.written.files.remove(&path);
                }
            }
            Step::Lose(pick) => {
                let at = pick % self.last.len().max(1);
                if let Some(path) = self.last.keys().nth(at).cloned() {
                    std::fs::remove_file(self.path("output").join(&path)).unwrap();
                    // Nor has a refused deployment it any more.
                    self.last.remove(&path);
                }
            }
            Step::Foreign(pick) => {
                let path = ["notes.txt", "acme/mine.txt", "p1/launch/mine.txt", "beta/downloads/mine.zip"][pick % 4];
                stand::write(&self.path("output").join(path), "mine");
                self.foreign.insert(path.to_owned());
            }
            Step::Narrow(pick) => {
                self.write();
                let query = ["acme/**", "*/launch/**", "p*/**"][pick % 3];
                self.build(&self.path("output"), &[Query::new(query)], Pages::Formed);
            }
        }
    }

    /// Brings the workspace on the disk to what the draft says.
    fn write(&mut self) {
        let root = self.path("workspace");
        for path in self.written.files.keys().filter(|path| !self.draft.files.contains_key(*path)) {
            std::fs::remove_file(root.join(path)).unwrap();
        }
        for (path, text) in &self.draft.files {
            if self.written.files.get(path) != Some(text) {
                stand::write(&root.join(path), text);
            }
        }
        self.written = self.draft.clone();
    }

    /// Builds; `None` where the workspace as a whole has errors.
    fn build(&self, output: &Path, queries: &[Query], pages: Pages) -> Option<(Report, Diagnostics)> {
        let (program, said) = Program::open(&DiskFiles::new(self.path("workspace")));
        let program = program.ok()?;
        let Draft { release, zips, .. } = self.draft;
        let sharing = if matches!(pages, Pages::Rendered) { Sharing::Never } else { Sharing::Always };
        let options = Options { queries: queries.to_vec(), release, zips, sharing, ..Options::default() };
        let output = Output::open(output).unwrap();
        let report = build::build(&program, &output, &options, &Unwatched);
        output.finish().unwrap();
        Some((report, said))
    }

    /// Builds warm, cold and warm again, and compares.
    fn check(&mut self, step: Step) -> Result<(), TestCaseError> {
        self.write();
        self.colds += 1;
        let (output, cold) = (self.path("output"), self.cold.path().join(self.colds.to_string()));
        let warm = self.build(&output, &[], Pages::Formed);
        let clean = self.build(&cold, &[], Pages::Rendered);
        let found: Files = self.ours(&output);
        let (Some((warm, _)), Some((clean, said))) = (&warm, &clean) else {
            // Nothing is touched.
            return same(&found, &self.last, &format!("{step:?}, of which nothing can be built"));
        };
        let states = |report: &Report| -> Vec<(String, bool)> {
            let outcomes = report.outcomes.iter();
            outcomes.map(|outcome| (outcome.id.to_string(), outcome.state == State::Refused)).collect()
        };
        if states(warm) != states(clean) {
            let told = format!("{:#?}\n{:#?}", warm.diagnostics, clean.diagnostics);
            return Err(TestCaseError::fail(format!("after {step:?} other deployments are refused: {told}")));
        }
        let refused: Vec<String> =
            states(clean).into_iter().filter(|(_, refused)| *refused).map(|(id, _)| id).collect();
        let wanted = stand::files(&cold);
        if refused.is_empty() && !said.has_errors() {
            same(&found, &wanted, &format!("{step:?}"))?;
        } else {
            self.check_refused(&found, &wanted, &refused, said.has_errors(), step)?;
        }
        let before = stand::stamps(&output);
        let (again, _) = self.build(&output, &[], Pages::Formed).unwrap();
        let idle = again.changes.written + again.changes.removed + again.changes.bytes == 0;
        if !idle || stand::stamps(&output) != before {
            return Err(TestCaseError::fail(format!("a second build after {step:?} is not idle: {:?}", again.changes)));
        }
        self.last = self.ours(&output);
        std::fs::remove_dir_all(&cold).unwrap();
        Ok(())
    }

    /// Where some are refused: their last good packages stand, and all others are as in a cold build.
    fn check_refused(
        &self,
        found: &Files,
        wanted: &Files,
        refused: &[String],
        whole_is_wrong: bool,
        step: Step,
    ) -> Result<(), TestCaseError> {
        let zip = |id: &str| format!("{}/downloads/{}.zip", id.split('/').next().unwrap(), id.replace('/', "-"));
        let of = |path: &str, id: &String| path.starts_with(&format!("{id}/")) || path == zip(id);
        let is_refused = |path: &str| refused.iter().any(|id| of(path, id));
        let is_catalog =
            |path: &str| path.ends_with("catalog.json") || !path.trim_end_matches("/index.html").contains('/');
        // Sums tell of the last good packages too, which a cold build has not.
        let is_barred =
            |path: &str| refused.iter().any(|id| id.starts_with(path.rsplit_once('/').map_or("", |(at, _)| at)));
        for path in found.keys().chain(wanted.keys()).chain(self.last.keys()) {
            let expected = if is_refused(path) { self.last.get(path) } else { wanted.get(path) };
            // A deployment that left keeps its package while the workspace has errors: it may only seem to have.
            let stays = whole_is_wrong && expected.is_none() && found.get(path) == self.last.get(path);
            if found.get(path) != expected && !stays && !is_catalog(path) && !is_barred(path) && !tells_of_all(path) {
                return Err(TestCaseError::fail(format!("after {step:?} {path} is not as it should be")));
            }
        }
        Ok(())
    }

    /// The output without what others put there, which must be as they left it.
    fn ours(&self, output: &Path) -> Files {
        let mut files = stand::files(output);
        for path in &self.foreign {
            assert_eq!(files.remove(path).as_deref(), Some(&b"mine"[..]), "{path}");
        }
        files
    }
}

fn same(found: &Files, wanted: &Files, when: &str) -> Result<(), TestCaseError> {
    let all: BTreeSet<&String> = found.keys().chain(wanted.keys()).collect();
    let differs: Vec<&String> = all.into_iter().filter(|path| found.get(*path) != wanted.get(*path)).collect();
    if differs.is_empty() { Ok(()) } else { Err(TestCaseError::fail(format!("after {when}: {differs:#?}"))) }
}

/// The same scripts in each run.
fn runner(scripts: usize) -> TestRunner {
    let config =
        Config { cases: scripts as u32, failure_persistence: None, max_shrink_iters: 100, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

#[test]
fn a_warm_build_equals_a_cold_one_after_any_edits() {
    let script = proptest::collection::vec((0..KINDS + 7, 0usize..1000), 1..10);
    let done = runner(asked("COBRAND_SCRIPTS", 8)).run(&script, |script| {
        let mut story = Story::new();
        story.check(Step::Touch(0))?;
        for step in script.into_iter().map(Step::new) {
            story.take(step);
            story.check(step)?;
        }
        Ok(())
    });
    done.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Each kind of edit alone, there and back: none is overlooked, and none leaves a trace.
#[test]
fn each_edit_is_seen_and_its_undo_leaves_no_trace() {
    let mut story = Story::new();
    story.check(Step::Touch(0)).unwrap();
    let first = story.last.clone();
    for kind in 0..KINDS {
        let edit = Edit::new(kind, 12);
        story.take(Step::Edit(edit));
        let changed = story.draft != story.written;
        story.check(Step::Edit(edit)).unwrap();
        let nothing_to_see = matches!(edit, Edit::Mistake(_) | Edit::Release | Edit::Mend);
        assert!(!changed || nothing_to_see || story.last != first, "{edit:?} is not seen");
        story.take(Step::Undo);
        story.check(Step::Undo).unwrap();
        assert!(story.last == first, "{edit:?} leaves a trace");
    }
}
