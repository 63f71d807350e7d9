//! Files beside the packages: catalogues, and the zips of packages.

use std::io::{self, BufWriter, Write};
use std::os::fd::{AsFd, OwnedFd};

use rustix::fs::FileType;

use super::disk::{Stamp, stat};
use super::failure::{Context, Outcome};
use super::ledger::{Kind, Known, Record};
use super::refusal::Refusal;
use super::stage::Staged;
use super::{Changes, Output, Zip, inspect, tree};
use crate::archive::{Piece, ZipError, write_sorted};
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::manifest::Bundle;
use crate::paths::OutputPath;

/// What is to be done about one file.
pub(super) enum FilePlan {
    Keep,
    /// It is as wanted, but the ledger's last record is another.
    Note(Record),
    /// `stands`: what is there now; `is_noted`: the ledger's last record says so.
    Write {
        stands: Option<Record>,
        is_noted: bool,
    },
}

impl FilePlan {
    /// The record of what stands there, where it is what was made anew from something else: then it stays.
    fn same(&self, ready: &ReadyFile<'_>) -> Option<Record> {
        let Self::Write { stands: Some(stands), .. } = self else { return None };
        let is_same = stands.content == ready.record.content;
        is_same.then(|| Record { digest: ready.record.digest, ..stands.clone() })
    }

    const NEW: Self = Self::Write { stands: None, is_noted: true };
}

/// A file in the stage, ready to be put in place.
pub(super) struct ReadyFile<'a> {
    path: String,
    staged: Staged<'a>,
    record: Record,
    pub bytes: u64,
}

impl Output {
    /// Writes a file beside the packages, such as a catalogue. Leaves it alone when it is as it should be.
    pub fn put_file(&self, path: &OutputPath, bytes: &[u8]) -> Result<Changes, Diagnostic> {
        self.try_put_file(path.as_str(), bytes).map_err(|refusal| self.explain(refusal, path.as_str()))
    }

    /// Writes a file beside the packages piece by piece, so that it is never in memory as a whole. `digest` is
    /// of everything that its bytes depend on: where that is as it was and the file is untouched, `fill` is
    /// not called.
    ///
    /// What `fill` fails with is taken for a failure of the disk.
    pub fn put_stream(
        &self,
        path: &OutputPath,
        digest: Digest,
        fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Changes, Diagnostic> {
        self.try_put_stream(path.as_str(), digest, fill).map_err(|refusal| self.explain(refusal, path.as_str()))
    }

    fn try_put_file(&self, path: &str, bytes: &[u8]) -> Result<Changes, Refusal> {
        self.try_put_stream(path, Digest::of(bytes), &mut |out| out.write_all(bytes))
    }

    fn try_put_stream(
        &self,
        path: &str,
        digest: Digest,
        fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Changes, Refusal> {
        self.refuse_nesting(Kind::File, path)?;
        let plan = self.plan_file(path, digest)?;
        if let Some(kept) = self.settle(path, &plan)? {
            return Ok(kept);
        }
        let ready = self.stage_stream(path, digest, ".file", fill).context("write", path)?;
        if let Some(same) = plan.same(&ready) {
            let kept = self.settle(path, &FilePlan::Note(same))?;
            return Ok(kept.unwrap_or_default());
        }
        let parent = self.parent(path)?;
        self.announce(&plan, &ready)?;
        self.place(&parent, &ready)?;
        self.ledger.complete(&self.disk, path)?;
        Ok(Changes { written: 1, bytes: ready.bytes, ..Changes::default() })
    }

    /// Compares what is at `path` with the wanted content; refuses what no build wrote.
    pub(super) fn plan_file(&self, path: &str, wanted: Digest) -> Result<FilePlan, Refusal> {
        let (folder, name) = split(path);
        let parent = match tree::find(self.root.folder(), folder).context("open", folder)? {
            tree::Found::Folder(parent) => parent,
            tree::Found::Nothing => return Ok(FilePlan::NEW),
            tree::Found::Other(other) => return Err(Refusal::Foreign(vec![other])),
        };
        let Some(found) = stat(&parent, name).context("read", path)? else {
            return Ok(FilePlan::NEW);
        };
        if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile {
            return Err(Refusal::Foreign(vec![path.to_owned()]));
        }
        let records = self.ledger.records(path)?;
        self.compare(&parent, path, Stamp::of(&found), &records, wanted)
    }

    fn compare(
        &self,
        parent: &OwnedFd,
        path: &str,
        stamp: Stamp,
        records: &[Record],
        wanted: Digest,
    ) -> Result<FilePlan, Refusal> {
        for (age, record) in records.iter().enumerate() {
            let candidates: Vec<&Known> = record.files.iter().collect();
            let Some(known) = inspect::file(parent, split(path).1, stamp, &candidates).context("read", path)? else {
                continue;
            };
            let unchanged = age == 0 && record.files[0] == known;
            let found = Record { files: vec![known], ..record.clone() };
            // What an older compiler noted lacks the digest of the content.
            let is_wanted = found.digest == wanted && found.content != Digest::default();
            return Ok(match (is_wanted, unchanged) {
                (true, true) => FilePlan::Keep,
                (true, false) => FilePlan::Note(found),
                (false, is_noted) => FilePlan::Write { stands: Some(found), is_noted },
            });
        }
        Err(Refusal::Foreign(vec![path.to_owned()]))
    }

    /// Brings the ledger up to date for a file that is left alone; `None` when it is to be written.
    pub(super) fn settle(&self, path: &str, plan: &FilePlan) -> Outcome<Option<Changes>> {
        match plan {
            FilePlan::Write { .. } => return Ok(None),
            FilePlan::Note(record) => self.ledger.append(&self.disk, Kind::File, path, record)?,
            FilePlan::Keep => {}
        }
        self.ledger.complete(&self.disk, path)?;
        Ok(Some(Changes { kept: 1, ..Changes::default() }))
    }

    /// Notes what is about to be put in place, and what is there where that is not noted last.
    pub(super) fn announce(&self, plan: &FilePlan, ready: &ReadyFile<'_>) -> Outcome<()> {
        if let FilePlan::Write { stands: Some(found), is_noted: false } = plan {
            self.ledger.append(&self.disk, Kind::File, &ready.path, found)?;
        }
        self.ledger.append(&self.disk, Kind::File, &ready.path, &ready.record)
    }

    pub(super) fn place(&self, parent: impl AsFd, ready: &ReadyFile<'_>) -> Outcome<()> {
        let path = ready.path.as_str();
        self.disk.rename(self.root.stage(), &ready.staged.name, parent, split(path).1).context("write", path)
    }

    /// The folder of `path`, made if it is missing.
    pub(super) fn parent(&self, path: &str) -> Result<OwnedFd, Refusal> {
        let (folder, _) = split(path);
        match tree::make(&self.disk, self.root.folder(), folder).context("make", folder)? {
            tree::Found::Folder(parent) => Ok(parent),
            tree::Found::Nothing => Err(io::Error::from(io::ErrorKind::NotFound)).context("make", folder)?,
            tree::Found::Other(other) => Err(Refusal::Foreign(vec![other])),
        }
    }

    /// Makes the zip of a package in the stage.
    pub(super) fn stage_zip(&self, zip: &Zip<'_>, bundle: &Bundle<'_>) -> Result<ReadyFile<'_>, Refusal> {
        let mut entries: Vec<(&str, Piece)> =
            bundle.files().map(|file| (file.path, zip.pieces.piece(file.bytes, file.crc32, file.digest))).collect();
        entries.sort_unstable_by_key(|(path, _)| *path);
        let entries: Vec<(&str, &Piece)> = entries.iter().map(|(path, piece)| (*path, piece)).collect();
        let (path, mut refused) = (zip.path.as_str(), None);
        let ready = self.stage_stream(path, zip.digest(bundle), ".zip", &mut |out| match write_sorted(
            zip.folder, &entries, zip.date, out,
        ) {
            Err(ZipError::Io(error)) => Err(error),
            other => {
                refused = other.err();
                Ok(())
            }
        });
        match refused {
            Some(error) => Err(Refusal::Zip(error)),
            None => Ok(ready.context("write", path)?),
        }
    }

    /// Makes a file in the stage, piece by piece.
    fn stage_stream(
        &self,
        path: &str,
        digest: Digest,
        suffix: &str,
        fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<ReadyFile<'_>> {
        let (staged, mut sum) = (self.staged(suffix), Sum::default());
        let stamp = self.disk.stream_new(self.root.stage(), &staged.name, |file| {
            let mut out = BufWriter::with_capacity(64 * 1024, Summed { file, sum: &mut sum });
            fill(&mut out)?;
            out.flush()
        })?;
        let content = Digest(sum.digest.finalize().into());
        let known = Known { path: ".".into(), stamp, crc32: sum.crc32.finalize() };
        let record = Record { digest, content, files: vec![known], ..Record::default() };
        Ok(ReadyFile { path: path.to_owned(), staged, record, bytes: sum.bytes })
    }
}

impl Zip<'_> {
    /// Of everything that the zip's bytes depend on; costs no deflating.
    pub(super) fn digest(&self, bundle: &Bundle<'_>) -> Digest {
        let options = [self.date.dos().to_le_bytes().as_slice(), &[self.pieces.level().get()]].concat();
        Digest::of(&[bundle.digest().0.as_slice(), &options, self.folder.as_bytes()].concat())
    }
}

/// The folder and name of a path.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[derive(Default)]
struct Sum {
    crc32: crc32fast::Hasher,
    digest: blake3::Hasher,
    bytes: u64,
}

struct Summed<'a> {
    file: &'a mut std::fs::File,
    sum: &'a mut Sum,
}

impl Write for Summed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.crc32.update(&bytes[..written]);
        self.sum.digest.update(&bytes[..written]);
        self.sum.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
