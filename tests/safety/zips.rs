//! The zips, as programs open them that are none of ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::process::{Site, ids};
use super::stand::{self, Files};

/// A built output, and its zips with the package of each.
struct Built {
    site: Site,
    files: Files,
}

impl Built {
    fn new() -> Self {
        let site = Site::new(3);
        site.edition(0);
        let files = site.build();
        Self { site, files }
    }

    /// Each zip, the id of its package and the one folder in it.
    fn zips(&self) -> Vec<(PathBuf, String, String)> {
        let zip = |id: &str| {
            let folder = id.replace('/', "-");
            let path = format!("{}/downloads/{folder}.zip", id.split('/').next().unwrap());
            (self.site.output().join(path), id.to_owned(), folder)
        };
        let zips: Vec<_> = ids(&self.files).into_iter().map(zip).collect();
        assert!(zips.len() > 6 && zips.iter().all(|(path, ..)| path.is_file()));
        zips
    }

    /// The files of a package by the names they have in its zip.
    fn wanted(&self, id: &str, folder: &str) -> BTreeMap<String, &[u8]> {
        let below = |path: &str| path.strip_prefix(id)?.strip_prefix('/').map(|rest| format!("{folder}/{rest}"));
        self.files.iter().filter_map(|(path, bytes)| Some((below(path)?, bytes.as_slice()))).collect()
    }
}

/// Runs a tool; `None`, said so, where it is missing.
fn tool(name: &str, arguments: &[&Path]) -> Option<String> {
    let Ok(done) = Command::new(name).args(arguments).env("LC_ALL", "C").output() else {
        eprintln!("skipped: there is no `{name}` here");
        return None;
    };
    let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{text}");
    Some(text)
}

#[test]
fn unzip_opens_every_zip_without_a_word() {
    let built = Built::new();
    for (path, id, folder) in built.zips() {
        let Some(tested) = tool("unzip", &[Path::new("-t"), &path]) else { return };
        assert!(tested.contains("No errors detected in compressed data"), "{tested}");
        assert!(!tested.contains("warning") && !tested.contains("extra bytes"), "{tested}");
        let into = built.site.path(&folder);
        tool("unzip", &[Path::new("-q"), &path, Path::new("-d"), &into]).unwrap();
        let found = stand::files(&into);
        let wanted: Files =
            built.wanted(&id, &folder).into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
        assert!(found == wanted, "{id} is not what its zip holds");
    }
}

/// Prints what Python reads, a line for each entry, having read them all.
const PYTHON: &str = r#"
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    assert z.comment == b""
    for i in z.infolist():
        assert i.date_time == (2027, 1, 4, 0, 0, 0), i.date_time
        assert i.flag_bits == 0x800, i.flag_bits
        assert i.create_system == 3 and i.external_attr >> 16 == 0o100644, i
        assert i.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), i
        assert i.extra == b"" and i.comment == b"" and i.volume == 0 and not i.is_dir(), i
        assert len(z.read(i)) == i.file_size and i.compress_size <= i.file_size, i
        print(i.file_size, i.CRC, i.filename)
"#;

#[test]
fn python_opens_every_zip_and_reads_the_same() {
    let built = Built::new();
    let script = built.site.path("read.py");
    stand::write(&script, PYTHON);
    for (path, id, folder) in built.zips() {
        let Some(read) = tool("python3", &[&script, &path]) else { return };
        let wanted = built.wanted(&id, &folder);
        let line = |(name, bytes): (&String, &&[u8])| format!("{} {} {name}\n", bytes.len(), crc32fast::hash(bytes));
        // In the order of their paths within the package.
        assert_eq!(read, wanted.iter().map(line).collect::<String>(), "{id}");
    }
}

/// Little-endian numbers at a place, as a reader of headers takes them.
struct Header<'a>(&'a [u8]);

impl Header<'_> {
    fn two(&self, at: usize) -> usize {
        usize::from(u16::from_le_bytes([self.0[at], self.0[at + 1]]))
    }

    fn four(&self, at: usize) -> usize {
        self.two(at) | self.two(at + 2) << 16
    }
}

/// As the Windows Explorer reads: from the end of the file, by the central directory alone, knowing neither ZIP64 nor
/// data descriptors, and taking what is before the first slash for a folder.
#[test]
fn a_reader_of_few_talents_finds_plain_entries_in_one_folder() {
    let built = Built::new();
    for (path, id, folder) in built.zips() {
        let bytes = std::fs::read(&path).unwrap();
        let end = Header(&bytes[bytes.len() - 22..]);
        assert_eq!(&end.0[..4], b"PK\x05\x06", "a comment, or something behind the end");
        let (count, start) = (end.two(10), end.four(16));
        assert_eq!((end.two(4), end.two(6), end.two(8), end.two(20)), (0, 0, count, 0));
        assert_eq!(start + end.four(12), bytes.len() - 22);
        let (mut at, mut local, mut names) = (start, 0, Vec::new());
        for _ in 0..count {
            let entry = Header(&bytes[at..]);
            let name = std::str::from_utf8(&entry.0[46..46 + entry.two(28)]).unwrap();
            assert_eq!(&entry.0[..4], b"PK\x01\x02");
            assert_eq!((entry.two(30), entry.two(32)), (0, 0), "extra fields or comments");
            assert!(entry.two(6) <= 20, "{name} needs more than version 2.0");
            assert_eq!(entry.two(8), 1 << 11, "{name}: the flag of UTF-8 names, and no other");
            assert!([0, 8].contains(&entry.two(10)));
            assert_eq!((entry.two(12), entry.two(14)), (0, (2027 - 1980) << 9 | 1 << 5 | 4));
            assert!(entry.four(20) != 0xffff_ffff && entry.four(24) != 0xffff_ffff && entry.four(42) != 0xffff_ffff);
            // The entry itself says the same, and stands where the directory says, right behind the one before.
            let own = Header(&bytes[entry.four(42)..]);
            assert_eq!((entry.four(42), &own.0[..4]), (local, &b"PK\x03\x04"[..]));
            assert_eq!(own.0[4..28], entry.0[6..30]);
            assert_eq!(&own.0[30..30 + own.two(26)], name.as_bytes());
            local += 30 + own.two(26) + own.two(28) + own.four(18);
            at += 46 + entry.two(28);
            names.push(name.to_owned());
        }
        assert_eq!((at, local), (bytes.len() - 22, start), "gaps");
        assert!(names.is_sorted() && names.iter().all(|name| is_plain(name, &folder)), "{names:?}");
        assert_eq!(names, built.wanted(&id, &folder).into_keys().collect::<Vec<_>>());
    }
}

/// A name that means the same on every system: below the one folder, and none that Windows would refuse.
fn is_plain(name: &str, folder: &str) -> bool {
    const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
    let part = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
        let device = (stem.starts_with("com") || stem.starts_with("lpt")) && stem.len() == 4;
        !part.is_empty() && !RESERVED.contains(&stem.as_str()) && !device && !part.ends_with(['.', ' '])
    };
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "-_./@".contains(letter);
    name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        && name.chars().all(fits)
        && name.split('/').all(part)
}
