//! The disk fails, or the process dies, at the n-th step, for every n: the package is whole afterwards, old or
//! new, and the next build goes through.
//!
//! What is checked is what a stranger can check: the manifests, by `verify`. It stands above this module,
//! but only this test looks up to it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::bench::{Bench, Files, expect, heading, path};
use crate::emit::Check;
use crate::emit::disk::{Gate, Step};
use crate::emit::ledger::Kind;

const ID: &str = "acme/launch/dach";
const OLD: Files<'static> = &[("site/index.html", "<p>one"), ("site/style.css", "p{}"), ("old/a.txt", "a")];
const NEW: Files<'static> = &[("site/index.html", "<p>two"), ("site/style.css", "p{}"), ("new/b.txt", "b")];

/// Closes at the n-th step.
struct Fault {
    after: usize,
    passed: AtomicUsize,
    kind: io::ErrorKind,
    /// The process is dead: nothing passes any more.
    for_good: bool,
    /// The file system cannot exchange.
    without_exchange: bool,
    closed: AtomicBool,
}

impl Fault {
    fn at(after: usize, kind: io::ErrorKind) -> Self {
        let (passed, closed) = (AtomicUsize::new(0), AtomicBool::new(false));
        Self { after, passed, kind, for_good: false, without_exchange: false, closed }
    }
}

impl Gate for Fault {
    fn pass(&self, step: Step) -> io::Result<()> {
        if self.without_exchange && step == Step::Exchange {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let now = self.passed.fetch_add(1, Ordering::Relaxed);
        if now == self.after || (self.for_good && now > self.after) {
            self.closed.store(true, Ordering::Relaxed);
            return Err(self.kind.into());
        }
        Ok(())
    }
}

/// Which package is there, if it is whole.
fn whole(bench: &Bench) -> Option<&'static str> {
    let folder = bench.folder.join(ID);
    if !folder.exists() {
        return None;
    }
    let report = crate::verify::verify(&folder, &Default::default());
    assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
    match bench.read(&format!("{ID}/site/index.html")).as_deref() {
        Some("<p>one") => Some("old"),
        Some("<p>two") => Some("new"),
        other => panic!("{other:?}"),
    }
}

/// What is there can be listed and is then as listed. Zips are whole too; one of another build than the folder is only
/// allowed after a death, and so is a folder for what did not come.
fn verify_output(bench: &Bench, after_death: bool) {
    bench.take_inventory();
    for finding in crate::verify::verify(&bench.folder, &Default::default()).diagnostics.iter() {
        let left = ["of another build", "has no folder", "is an empty folder"];
        let of_another_build = left.iter().any(|words| finding.message.contains(words));
        assert!(after_death && of_another_build, "{finding:?}");
    }
}

/// Builds OLD, then lets building NEW fail at every step in turn.
fn at_every_step(first: Option<Files<'_>>, make: impl Fn(usize) -> Fault) {
    for after in 0.. {
        let bench = Bench::new();
        if let Some(files) = first {
            bench.build(ID, files).unwrap();
        }
        let before = first.map(|_| "old");
        let fault = Arc::new(make(after));
        let result = bench.open_gated(fault.clone()).and_then(|output| {
            let result = bench.put(&output, ID, NEW);
            output.finish()?;
            result
        });
        let closed = fault.closed.load(Ordering::Relaxed);
        let found = whole(&bench);
        assert!(found == before || found == Some("new"), "{found:?} after {after}");
        if let Err(diagnostic) = &result {
            let expected = if fault.kind == io::ErrorKind::StorageFull { "E-DISKFULL" } else { "E-WRITE" };
            assert_eq!(diagnostic.code.0, expected, "{diagnostic:?}");
            assert!(!diagnostic.help.is_empty());
        } else {
            assert_eq!(found, Some("new"));
        }
        if found.is_some() {
            verify_output(&bench, fault.for_good);
        }
        // The next build goes through, keeps what it can, and leaves nothing behind.
        bench.build(ID, NEW).unwrap();
        assert_eq!(whole(&bench), Some("new"));
        verify_output(&bench, false);
        expect(bench.build(ID, NEW), 0, 5, 0);
        assert_eq!(bench.stage(), [""; 0]);
        if !closed {
            assert!(after > 10, "only {after} steps");
            break;
        }
    }
}

#[test]
fn a_full_disk_leaves_the_old_package() {
    at_every_step(Some(OLD), |after| Fault::at(after, io::ErrorKind::StorageFull));
}

#[test]
fn a_full_disk_leaves_no_first_package() {
    at_every_step(None, |after| Fault::at(after, io::ErrorKind::StorageFull));
}

#[test]
fn a_read_only_disk_is_said_to_be_one() {
    at_every_step(Some(OLD), |after| Fault { for_good: true, ..Fault::at(after, io::ErrorKind::ReadOnlyFilesystem) });
}

#[test]
fn a_death_leaves_the_old_package_or_the_new_one() {
    for first in [Some(OLD), None] {
        at_every_step(first, |after| Fault { for_good: true, ..Fault::at(after, io::ErrorKind::Other) });
    }
}

#[test]
fn a_disk_that_fails_and_cannot_exchange_leaves_the_old_package() {
    at_every_step(Some(OLD), |after| Fault { without_exchange: true, ..Fault::at(after, io::ErrorKind::StorageFull) });
}

#[test]
fn a_death_between_the_two_steps_of_an_exchange_is_mended_by_the_next_build() {
    let mut gaps = 0;
    for after in 0..60 {
        let bench = Bench::new();
        bench.build(ID, OLD).unwrap();
        let fault = Fault { without_exchange: true, for_good: true, ..Fault::at(after, io::ErrorKind::Other) };
        if let Ok(output) = bench.open_gated(Arc::new(fault)) {
            let _ = bench.put(&output, ID, NEW);
        }
        gaps += usize::from(whole(&bench).is_none());
        drop(bench.open());
        assert!(whole(&bench).is_some(), "nothing there after {after}");
        bench.build(ID, NEW).unwrap();
        assert_eq!(whole(&bench), Some("new"));
        assert_eq!(bench.stage(), [""; 0]);
    }
    assert_eq!(gaps, 1);
}

#[test]
fn deaths_in_a_row_do_not_make_our_own_files_foreign() {
    let bench = Bench::new();
    bench.build(ID, OLD).unwrap();
    for round in 0..60 {
        let text = format!("round {round}");
        let fault = Fault { for_good: true, ..Fault::at(round, io::ErrorKind::Other) };
        if let Ok(output) = bench.open_gated(Arc::new(fault)) {
            let _ = bench.put(&output, ID, &[("site/index.html", &text)]);
        }
    }
    bench.build(ID, NEW).unwrap();
    assert_eq!(whole(&bench), Some("new"));
    verify_output(&bench, false);
}

#[test]
fn a_removal_that_fails_or_dies_is_finished_by_the_next() {
    for (for_good, after) in [true, false].into_iter().flat_map(|for_good| (0..40).map(move |after| (for_good, after)))
    {
        let bench = Bench::new();
        bench.build(ID, OLD).unwrap();
        let fault = Arc::new(Fault { for_good, ..Fault::at(after, io::ErrorKind::StorageFull) });
        if let Ok(output) = bench.open_gated(fault.clone()) {
            let (changes, diagnostics) = output.remove_stale(&|_| false);
            assert!(diagnostics.iter().all(|diagnostic| diagnostic.code.0 == "E-DISKFULL"), "{diagnostics:?}");
            assert!(fault.closed.load(Ordering::Relaxed) || changes.removed == 5, "{changes:?}");
        }
        whole(&bench);
        let (_, diagnostics) = bench.open().remove_stale(&|_| false);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        assert_eq!(bench.tree().len(), 0);
        assert_eq!(bench.stage(), [""; 0]);
    }
}

#[test]
fn a_catalogue_is_old_or_new_at_every_step() {
    let catalogue = path("acme/catalog.json");
    for (for_good, after) in [true, false].into_iter().flat_map(|for_good| (0..24).map(move |after| (for_good, after)))
    {
        let bench = Bench::new();
        bench.open().put_file(&catalogue, b"one").unwrap();
        let fault = Arc::new(Fault { for_good, ..Fault::at(after, io::ErrorKind::StorageFull) });
        let result = bench.open_gated(fault.clone()).and_then(|output| {
            output.put_file(&catalogue, b"two")?;
            output.finish()
        });
        let closed = fault.closed.load(Ordering::Relaxed);
        assert!(closed || after > 5, "only {after} steps");
        let found = bench.read(catalogue.as_str()).unwrap();
        match result {
            Ok(()) => assert_eq!(found, "two"),
            Err(diagnostic) => {
                assert_eq!(diagnostic.code.0, "E-DISKFULL");
                assert!(["one", "two"].contains(&&*found), "{found}");
            }
        }
        bench.open().put_file(&catalogue, b"two").unwrap();
        assert_eq!(bench.read(catalogue.as_str()).unwrap(), "two");
        assert_eq!(bench.stage(), [""; 0]);
    }
}

/// Whenever a build dies while it takes inventories, none has a signature that is not its own, and the next build lists
/// what stands as a build of nothing else would.
#[test]
fn inventories_are_taken_again_after_a_death_at_any_step() {
    let sign = |bench: &Bench| bench.open().put_file(&path("inventory.json.minisig"), b"of the old").unwrap();
    let old = |bench: &Bench| {
        bench.build(ID, OLD).unwrap();
        bench.take_inventory();
        bench.read("inventory.json")
    };
    let cold = Bench::new();
    cold.build(ID, NEW).unwrap();
    cold.take_inventory();
    for after in 0.. {
        let bench = Bench::new();
        let stood = old(&bench);
        sign(&bench);
        bench.build(ID, NEW).unwrap();
        let fault = Arc::new(Fault { for_good: true, ..Fault::at(after, io::ErrorKind::Other) });
        if let Ok(output) = bench.open_gated(fault.clone()) {
            let _ = output.take_inventory(&heading());
        }
        let signed = bench.read("inventory.json.minisig").is_some();
        assert!(!signed || bench.read("inventory.json") == stood, "a stale signature after {after} steps");
        let (_, said) = bench.open().take_inventory(&heading());
        assert!(!said.has_errors(), "{said:?}");
        for listed in ["inventory.json", "acme/inventory.json"] {
            assert_eq!(bench.read(listed), cold.read(listed), "{listed} after {after} steps");
        }
        assert_eq!(bench.read("inventory.json.minisig"), None);
        verify_output(&bench, false);
        if !fault.closed.load(Ordering::Relaxed) {
            assert!(after > 8, "only {after} steps");
            break;
        }
    }
}

/// A long ledger is rewritten when it is opened. One that cannot be stays as it was.
#[test]
fn a_ledger_is_old_or_new_at_every_step_of_its_rewriting() {
    for for_good in [true, false] {
        let bench = Bench::new();
        bench.build(ID, OLD).unwrap();
        let output = bench.open();
        let long = |bench: &Bench| bench.read(".cobrand/ledger").unwrap();
        for round in 0.. {
            output.put_file(&path("acme/index.html"), format!("{round}").as_bytes()).unwrap();
            if round % 100 == 0 && long(&bench).len() > 300_000 {
                break;
            }
        }
        output.finish().unwrap();
        let before = long(&bench);
        let mut failures = 0;
        for after in 0.. {
            let fault = Fault { for_good, ..Fault::at(after, io::ErrorKind::StorageFull) };
            let opened = bench.open_gated(Arc::new(fault));
            failures += usize::from(opened.is_err());
            drop(opened);
            let now = long(&bench);
            if now != before {
                assert!(now.len() < before.len() / 10, "{} of {}", now.len(), before.len());
                break;
            }
        }
        // The lock, the rewriting itself, and putting it in place.
        assert!(failures > 3, "only {failures} failures");
        let output = bench.open();
        assert_eq!(bench.current(&output, ID, OLD, Check::Stat), Some(5));
        assert_eq!(output.ledger.keys(Kind::File).len(), 2);
    }
}
