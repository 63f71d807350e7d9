//! The lines of the ledger.

use std::fmt::Write;

use super::{Kind, Known, KnownFolder, Record};
use crate::digest::Digest;
use crate::emit::Key;
use crate::emit::disk::Stamp;

/// Names of words that are none of a file: no output has such a path.
const VALUES: &str = "=";
const PARTS: &str = "~";
const LINKS: &str = "@";
const CONTENT: &str = "#";

/// A line as far as it is looked at when a ledger is opened.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::emit) enum Event<'a> {
    Record { kind: Kind, key: &'a str },
    Complete { key: &'a str },
    Aside { key: &'a str, name: &'a str },
    Removed { key: &'a str },
}

pub(super) fn record(kind: Kind, key: &str, record: &Record) -> Vec<u8> {
    let mut line = String::with_capacity(160 + key.len() + record.files.len() * 72);
    let letter = match kind {
        Kind::Package => 'p',
        Kind::File => 'f',
    };
    // Writing into a string cannot fail.
    let _ = write!(line, "{letter} {key} {} {}", record.digest.hex(), record.key.inputs.hex());
    if record.key.values != Digest::default() {
        let _ = write!(line, " {VALUES}:{} {PARTS}:", record.key.values.hex());
        for part in &record.key.parts {
            let _ = write!(line, "{part:08x}");
        }
        if !record.key.links.is_empty() {
            let _ = write!(line, " {LINKS}:{}", record.key.links);
        }
    }
    if record.content != Digest::default() {
        let _ = write!(line, " {CONTENT}:{}", record.content.hex());
    }
    for Known { path, stamp, crc32 } in &record.files {
        let _ = write!(line, " {path}:{}:{}:{crc32:08x}", stamp.size, stamp.time);
    }
    for KnownFolder { path, time } in &record.folders {
        let _ = write!(line, " {path}/:{time}");
    }
    sealed(line)
}

pub(super) fn complete(key: &str) -> Vec<u8> {
    sealed(format!("c {key}"))
}

pub(super) fn aside(key: &str, name: &str) -> Vec<u8> {
    sealed(format!("a {key} {name}"))
}

pub(super) fn removed(key: &str) -> Vec<u8> {
    sealed(format!("x {key}"))
}

fn sealed(mut line: String) -> Vec<u8> {
    let sum = crc32fast::hash(line.as_bytes());
    let _ = writeln!(line, " {sum:08x}");
    line.into_bytes()
}

/// The line without its sum, if that is right.
fn unsealed(line: &[u8]) -> Option<&str> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
    let (text, sum) = line.rsplit_once(' ')?;
    (u32::from_str_radix(sum, 16).ok()? == crc32fast::hash(text.as_bytes())).then_some(text)
}

/// Reads a line; `None` for one that was cut off or is none of ours.
pub(in crate::emit) fn parse(line: &[u8]) -> Option<Event<'_>> {
    let mut words = unsealed(line)?.split(' ');
    let (letter, key) = (words.next()?, words.next()?);
    match letter {
        "p" => Some(Event::Record { kind: Kind::Package, key }),
        "f" => Some(Event::Record { kind: Kind::File, key }),
        "c" => Some(Event::Complete { key }),
        "a" => Some(Event::Aside { key, name: words.next()? }),
        "x" => Some(Event::Removed { key }),
        _ => None,
    }
}

/// What a record says its package was made from.
pub(in crate::emit) fn key(line: &[u8]) -> Option<Key> {
    let mut words = unsealed(line)?.split(' ').skip(3);
    let mut key = Key { inputs: Digest::from_hex(words.next()?)?, ..Key::default() };
    for word in words {
        let Some((name, rest)) = word.split_once(':') else { break };
        if !read_key(&mut key, name, rest)? {
            break;
        }
    }
    Some(key)
}

/// Takes a word in that is about the key, and says whether it was one.
fn read_key(key: &mut Key, name: &str, rest: &str) -> Option<bool> {
    match name {
        VALUES => key.values = Digest::from_hex(rest)?,
        PARTS => key.parts = parts(rest)?,
        LINKS => key.links = rest.into(),
        _ => return Some(false),
    }
    Some(true)
}

fn parts(hex: &str) -> Option<Vec<u32>> {
    let part = |at| u32::from_str_radix(hex.get(at..at + 8)?, 16).ok();
    (0..hex.len()).step_by(8).map(part).collect()
}

/// The digest in a record, of which nothing else is wanted.
pub(super) fn digest(line: &[u8]) -> Option<Digest> {
    Digest::from_hex(unsealed(line)?.split(' ').nth(2)?)
}

pub(super) fn parse_record(line: &[u8]) -> Option<Record> {
    let mut words = unsealed(line)?.split(' ').skip(2);
    let (digest, inputs) = (Digest::from_hex(words.next()?)?, Digest::from_hex(words.next()?)?);
    let key = Key { inputs, ..Key::default() };
    let mut record = Record { digest, key, ..Record::default() };
    for word in words {
        let (path, rest) = word.split_once(':')?;
        if path == CONTENT {
            record.content = Digest::from_hex(rest)?;
            continue;
        }
        if read_key(&mut record.key, path, rest)? {
            continue;
        }
        match path.strip_suffix('/') {
            Some(folder) => record.folders.push(KnownFolder { path: folder.into(), time: rest.parse().ok()? }),
            None => record.files.push(known(path, rest)?),
        }
    }
    Some(record)
}

fn known(path: &str, rest: &str) -> Option<Known> {
    let mut numbers = rest.split(':');
    let stamp = Stamp { size: numbers.next()?.parse().ok()?, time: numbers.next()?.parse().ok()? };
    let crc32 = u32::from_str_radix(numbers.next()?, 16).ok()?;
    Some(Known { path: path.into(), stamp, crc32 })
}
