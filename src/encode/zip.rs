//! The zip format, as little of it as a package needs (APPNOTE sections 4.3.7, 4.3.12 and 4.3.16): what lies around the
//! contents of a zip, and whole ones of a few texts.

use std::fmt;
use std::io;

use jiff::civil::Date;

use super::Content;

/// The date of every entry, at midnight. The format knows the years 1980 to 2107; others become the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ZipDate(u16);

impl From<Date> for ZipDate {
    fn from(date: Date) -> Self {
        let packed = |years: u16, month: u16, day: u16| Self(years << 9 | month << 5 | day);
        match date.year() {
            ..1980 => packed(0, 1, 1),
            2108.. => packed(127, 12, 31),
            year => packed((year - 1980) as u16, date.month() as u16, date.day() as u16),
        }
    }
}

impl ZipDate {
    /// As the format holds it.
    pub fn dos(self) -> u16 {
        self.0
    }

    pub fn from_dos(date: u16) -> Self {
        Self(date)
    }
}

/// Why a zip could not be written.
#[derive(Debug)]
pub enum ZipError {
    Io(io::Error),
    /// A file, or the zip as a whole, reaches 4 GiB.
    TooLarge(String),
    /// More files than the format counts.
    TooMany(usize),
    /// Two entries with one name.
    Twice(String),
    /// A name longer than the format holds.
    LongName(String),
}

impl fmt::Display for ZipError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::TooLarge(name) => write!(f, "`{name}` takes the zip past 4 GiB, more than every reader can open"),
            Self::TooMany(count) => write!(f, "a zip holds at most 65534 files, and there are {count}"),
            Self::Twice(name) => write!(f, "`{name}` would stand in the zip twice"),
            Self::LongName(name) => write!(f, "the name `{name}` is too long for a zip"),
        }
    }
}

impl std::error::Error for ZipError {}

impl From<io::Error> for ZipError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// Version 2.0: folders and deflate.
const NEEDED: u16 = 20;
const MADE_BY_UNIX: u16 = 3 << 8 | NEEDED;
const REGULAR_FILE_0644: u32 = 0o100_644 << 16;

/// What a zip says of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    pub crc32: u32,
    pub size: u64,
    /// As it lies in the zip.
    pub packed: u64,
    pub is_deflated: bool,
}

/// A zip of texts, such as another system takes them in. They lie at its top, ordered by path, and as they are.
pub fn texts(entries: &[(&str, Content)], date: ZipDate) -> Result<Content, ZipError> {
    let mut sorted: Vec<&(&str, Content)> = entries.iter().collect();
    sorted.sort_unstable_by_key(|(path, _)| *path);
    let shape = |bytes: &[u8]| Shape {
        crc32: crc32fast::hash(bytes),
        size: bytes.len() as u64,
        packed: bytes.len() as u64,
        is_deflated: false,
    };
    let shapes: Vec<(&str, Shape)> = sorted.iter().map(|(path, text)| (*path, shape(text))).collect();
    let frame = Frame::new("", &shapes, date)?;
    let mut bytes = Vec::new();
    for (header, (_, text)) in frame.headers.iter().zip(sorted) {
        bytes.extend_from_slice(header);
        bytes.extend_from_slice(text);
    }
    bytes.extend_from_slice(&frame.directory);
    Ok(Content(bytes.into()))
}

/// All of a zip but its contents: there is one way only to write it.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    /// What stands before each content.
    pub headers: Vec<Vec<u8>>,
    /// What stands behind the last one.
    pub directory: Vec<u8>,
}

impl Frame {
    /// Of entries that are ordered by path, below a folder or at the top.
    pub fn new(folder: &str, entries: &[(&str, Shape)], date: ZipDate) -> Result<Self, ZipError> {
        // 65535 is the mark of ZIP64.
        if entries.len() >= usize::from(u16::MAX) {
            return Err(ZipError::TooMany(entries.len()));
        }
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(ZipError::Twice(pair[0].0.to_owned()));
        }
        let (mut headers, mut directory) = (Vec::with_capacity(entries.len()), Vec::new());
        let mut offset = 0;
        for (path, shape) in entries {
            let name = if folder.is_empty() { (*path).to_owned() } else { format!("{folder}/{path}") };
            let entry = Entry::new(name, shape, date, offset)?;
            let header = entry.local_header();
            offset += header.len() as u64 + u64::from(entry.packed);
            entry.central_header(&mut directory);
            headers.push(header);
        }
        let start = small(offset, folder)?;
        let length = small(directory.len() as u64, folder)?;
        small(offset + directory.len() as u64, folder)?;
        end_of_central_directory(&mut directory, entries.len() as u16, start, length);
        Ok(Self { headers, directory })
    }
}

struct Entry {
    name: String,
    is_deflated: bool,
    crc32: u32,
    date: ZipDate,
    offset: u32,
    size: u32,
    packed: u32,
}

impl Entry {
    fn new(name: String, shape: &Shape, date: ZipDate, offset: u64) -> Result<Self, ZipError> {
        if name.len() > usize::from(u16::MAX) {
            return Err(ZipError::LongName(name));
        }
        let (offset, size) = (small(offset, &name)?, small(shape.size, &name)?);
        let packed = small(shape.packed, &name)?;
        Ok(Self { name, is_deflated: shape.is_deflated, crc32: shape.crc32, date, offset, size, packed })
    }

    /// What both headers hold alike, from the needed version to the length of the extra field.
    fn shared(&self, header: &mut Vec<u8>) {
        let method = if self.is_deflated { 8 } else { 0 };
        put16(header, [NEEDED, FLAGS, method, 0, self.date.dos()]);
        put32(header, [self.crc32, self.packed, self.size]);
        put16(header, [self.name.len() as u16, 0]);
    }

    fn local_header(&self) -> Vec<u8> {
        let mut header = Vec::with_capacity(30 + self.name.len());
        header.extend_from_slice(b"PK\x03\x04");
        self.shared(&mut header);
        header.extend_from_slice(self.name.as_bytes());
        header
    }

    fn central_header(&self, central: &mut Vec<u8>) {
        central.extend_from_slice(b"PK\x01\x02");
        put16(central, [MADE_BY_UNIX]);
        self.shared(central);
        // No comment, the first disk, no internal attributes.
        put16(central, [0, 0, 0]);
        put32(central, [REGULAR_FILE_0644, self.offset]);
        central.extend_from_slice(self.name.as_bytes());
    }
}

fn end_of_central_directory(out: &mut Vec<u8>, entries: u16, start: u32, length: u32) {
    out.extend_from_slice(b"PK\x05\x06");
    put16(out, [0, 0, entries, entries]);
    put32(out, [length, start]);
    put16(out, [0]);
}

/// A length or offset that needs no ZIP64, whose mark is `u32::MAX`.
fn small(value: u64, name: &str) -> Result<u32, ZipError> {
    u32::try_from(value).ok().filter(|&value| value < u32::MAX).ok_or_else(|| ZipError::TooLarge(name.to_owned()))
}

fn put16<const N: usize>(out: &mut Vec<u8>, values: [u16; N]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

fn put32<const N: usize>(out: &mut Vec<u8>, values: [u32; N]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}
