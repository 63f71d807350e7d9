use std::io::Write;
use std::os::fd::AsFd;

use super::*;
use crate::emit::disk::{open_folder, open_gate};

fn record(n: u8) -> Record {
    Record {
        digest: Digest([n; 32]),
        content: Digest([n + 50; 32]),
        key: Key {
            inputs: Digest([n + 100; 32]),
            values: Digest([n; 32]),
            parts: vec![n.into(), 7 << 28],
            links: "privacy,talk".into(),
        },
        files: vec![Known { path: "site/index.html".into(), stamp: Stamp { size: 12, time: -5 }, crc32: 7 }],
        folders: vec![KnownFolder { path: ".".into(), time: 1 }, KnownFolder { path: "site".into(), time: i64::MAX }],
    }
}

struct Bench {
    folder: tempfile::TempDir,
    disk: Disk,
}

impl Bench {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), disk: Disk::new(open_gate()) }
    }

    fn open(&self) -> Ledger {
        let own = open_folder(rustix::fs::CWD, self.folder.path()).unwrap();
        Ledger::open(own.as_fd(), &self.disk).unwrap()
    }

    fn append(&self, ledger: &Ledger, key: &str, n: u8) {
        ledger.append(&self.disk, Kind::Package, key, &record(n)).unwrap();
    }
}

#[test]
fn the_last_two_records_survive_and_completion_is_noted() {
    let bench = Bench::new();
    let ledger = bench.open();
    (1..=3).for_each(|n| bench.append(&ledger, "a/b", n));
    ledger.complete(&bench.disk, "a/b").unwrap();
    bench.append(&ledger, "a/c", 9);
    ledger.flush(&bench.disk).unwrap();
    let ledger = bench.open();
    assert_eq!(ledger.records("a/b").unwrap(), [record(3), record(2)]);
    assert_eq!(ledger.records("a/c").unwrap(), [record(9)]);
    assert_eq!(ledger.records("a").unwrap(), []);
    assert!(ledger.places("a/b").unwrap().complete);
    assert!(!ledger.places("a/c").unwrap().complete);
}

#[test]
fn a_line_that_was_cut_off_is_skipped_and_the_next_one_is_whole() {
    let bench = Bench::new();
    bench.append(&bench.open(), "a", 1);
    let path = bench.folder.path().join(NAME);
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"p a 00ff").unwrap();
    let ledger = bench.open();
    assert_eq!(ledger.records("a").unwrap(), [record(1)]);
    bench.append(&ledger, "a", 2);
    assert_eq!(bench.open().records("a").unwrap(), [record(2), record(1)]);
}

#[test]
fn history_is_dropped_when_it_outgrows_what_counts() {
    let bench = Bench::new();
    let ledger = bench.open();
    for n in 0..3000u32 {
        bench.append(&ledger, "a/b", (n % 100) as u8);
    }
    bench.append(&ledger, "x", 5);
    ledger.complete(&bench.disk, "a/b").unwrap();
    ledger.flush(&bench.disk).unwrap();
    let before = std::fs::metadata(bench.folder.path().join(NAME)).unwrap().len();
    let ledger = bench.open();
    let after = std::fs::metadata(bench.folder.path().join(NAME)).unwrap().len();
    assert!(after < before / 100, "{after} of {before}");
    assert_eq!(ledger.records("a/b").unwrap(), [record(99), record(98)]);
    assert!(ledger.places("a/b").unwrap().complete);
}

#[test]
fn packages_do_not_nest() {
    let bench = Bench::new();
    let ledger = bench.open();
    bench.append(&ledger, "a/b", 1);
    let conflict = |kind, key| ledger.conflict(kind, key).map(|key| key.to_string());
    assert_eq!(conflict(Kind::Package, "a/b"), None);
    assert_eq!(conflict(Kind::Package, "a/b-c"), None);
    assert_eq!(conflict(Kind::Package, "a").as_deref(), Some("a/b"));
    assert_eq!(conflict(Kind::Package, "a/b/c").as_deref(), Some("a/b"));
    assert_eq!(conflict(Kind::File, "a/b/c").as_deref(), Some("a/b"));
    assert_eq!(conflict(Kind::File, "a/index.html"), None);
    ledger.forget(&bench.disk, "a/b").unwrap();
    assert_eq!(conflict(Kind::Package, "a"), None);
}
