use std::io::{Cursor, Read};
use std::sync::Arc;

use jiff::civil::date;
use proptest::prelude::*;

use super::piece::Data;
use super::*;
use crate::digest::Digest;
use crate::paths::OutputPath;

fn entry(path: &str, bytes: &[u8]) -> (OutputPath, Piece) {
    (OutputPath::new(path).unwrap(), deflate(bytes, Level::default()))
}

fn zipped(entries: &[(OutputPath, Piece)]) -> Vec<u8> {
    let mut out = Vec::new();
    write_zip("acme-launch", entries, date(2026, 11, 16).into(), &mut out).unwrap();
    out
}

#[test]
fn a_zip_reads_back_with_names_modes_and_dates() {
    let text = b"the same words again and again, the same words again and again".as_slice();
    let bytes = zipped(&[entry("site/index.html", text), entry("a.txt", b""), entry("b.bin", &[7])]);
    let mut archive = ::zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names, ["acme-launch/a.txt", "acme-launch/b.bin", "acme-launch/site/index.html"]);
    let mut page = archive.by_name("acme-launch/site/index.html").unwrap();
    assert_eq!(page.unix_mode(), Some(0o100_644));
    assert_eq!(page.compression(), ::zip::CompressionMethod::Deflated);
    let stamp = page.last_modified().unwrap();
    assert_eq!((stamp.year(), stamp.month(), stamp.day(), stamp.hour()), (2026, 11, 16, 0));
    let mut read = Vec::new();
    page.read_to_end(&mut read).unwrap();
    assert_eq!(read, text);
}

#[test]
fn what_does_not_shrink_is_stored() {
    assert!(matches!(deflate(b"", Level::default()).data, Data::Stored(_)));
    assert!(matches!(deflate(b"abc", Level::default()).data, Data::Stored(_)));
    assert!(matches!(deflate(&[0; 1000], Level::default()).data, Data::Deflated(_)));
}

#[test]
fn the_order_of_entries_does_not_matter_and_a_name_stands_once() {
    let (a, b) = (entry("a", b"1"), entry("b/c", b"2"));
    assert_eq!(zipped(&[a.clone(), b.clone()]), zipped(&[b, a.clone()]));
    let twice = write_zip("t", &[a.clone(), a], date(2026, 1, 1).into(), &mut Vec::new());
    assert!(matches!(twice, Err(ZipError::Twice(name)) if name == "a"));
}

#[test]
fn what_would_need_zip64_is_an_error() {
    let huge = Piece { crc32: 0, size: 1 << 32, data: Data::Deflated(Arc::from([])) };
    let entries = [(OutputPath::new("huge.bin").unwrap(), huge)];
    let error = write_zip("t", &entries, date(2026, 1, 1).into(), &mut Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "`t/huge.bin` takes the zip past 4 GiB, more than every reader can open");
    let many: Vec<_> = (0..65_535).map(|n| entry(&format!("f{n}"), b"")).collect();
    let error = write_zip("t", &many, date(2026, 1, 1).into(), &mut Vec::new()).unwrap_err();
    assert!(matches!(error, ZipError::TooMany(65_535)));
}

#[test]
fn dates_outside_the_format_become_the_nearest() {
    assert_eq!(ZipDate::from(date(1970, 5, 5)), ZipDate::from(date(1980, 1, 1)));
    assert_eq!(ZipDate::from(date(3000, 5, 5)), ZipDate::from(date(2107, 12, 31)));
}

fn piece(cache: &PieceCache, bytes: &[u8]) -> Piece {
    cache.piece(bytes, crc32fast::hash(bytes), Digest::of(bytes))
}

#[test]
fn what_is_shared_is_deflated_twice_at_most() {
    let cache = PieceCache::new(Level::default(), 1 << 20);
    let shared = [b'x'; 5000];
    for package in 0..50u32 {
        piece(&cache, &shared);
        let own = package.to_le_bytes().repeat(100);
        assert_eq!(piece(&cache, &own), deflate(&own, Level::default()));
    }
    assert_eq!(cache.deflated(), 50 + 2);
}

#[test]
fn the_cache_stays_within_its_bound_and_keeps_what_is_used() {
    let cache = PieceCache::new(Level::default(), 4096);
    let shared: Vec<u8> = (0..=255).collect();
    for package in 0..1000u32 {
        piece(&cache, &shared);
        let own = package.to_le_bytes();
        piece(&cache, &own);
    }
    assert_eq!(cache.deflated(), 1000 + 2);
    let empty = PieceCache::new(Level::default(), 0);
    (0..3).for_each(|_| assert_eq!(piece(&empty, &shared), deflate(&shared, Level::default())));
}

proptest! {
    #[test]
    fn any_content_at_any_level_reads_back(bytes in proptest::collection::vec(0u8..8, 0..4000), level in 1u8..=12) {
        let piece = deflate(&bytes, Level::new(level).unwrap());
        let zip = zipped(&[(OutputPath::new("x").unwrap(), piece)]);
        let mut archive = ::zip::ZipArchive::new(Cursor::new(&zip)).unwrap();
        let mut read = Vec::new();
        archive.by_index(0).unwrap().read_to_end(&mut read).unwrap();
        prop_assert_eq!(read, bytes);
    }
}
