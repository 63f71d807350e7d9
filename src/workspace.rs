//! Reads the input, once; the only module that does. After it nothing looks at the disk.
//!
//! - `cobrand.yaml` and the folders asked for are read, nothing else; hidden files are skipped, and what systems and
//!   editors leave beside a file.
//! - A symbolic link is followed only to a file of its own layer, so no overlay reads another
//!   layer or the machine it is built on.
//! - Names have to mean the same everywhere: no two that differ only in case or in how their
//!   characters are composed.
//! - Text is valid UTF-8; a byte order mark is dropped, line ends stay. Everything else is bytes.
//! - Both have a largest size, checked before a file is held in memory.
//!
//! `x.yml` is taken as `x.yaml`; messages show the name it really has.

mod decode;
mod disk;
mod memory;
mod named;
mod names;
mod with;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::ops::Bound;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diag::{Diagnostic, Diagnostics};
use crate::paths::InputPath;
use crate::source::{SourceId, Sources, Span};

pub use disk::DiskFiles;
pub use memory::MemoryFiles;
pub use named::named_text;
pub use with::WithFiles;

/// The settings file at the workspace's root.
pub const SETTINGS: &str = "cobrand.yaml";

/// The largest text file, in bytes.
pub const MAX_TEXT: u64 = 8 << 20;

/// The largest registry, in bytes: a million partners.
pub const MAX_TABLE: u64 = 128 << 20;

/// The largest file of any other kind, in bytes.
pub const MAX_BINARY: u64 = 16 << 20;

/// Kinds of files that are texts, by extension.
const TEXTS: [&str; 21] = [
    "yaml",
    "yml",
    "md",
    "csv",
    "html",
    "htm",
    "xhtml",
    "txt",
    "css",
    "svg",
    "js",
    "json",
    "xml",
    "ics",
    "vcf",
    "eml",
    "tsv",
    "toml",
    "jinja",
    "tera",
    "webmanifest",
];

/// A folder to read, and where its layers begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Folder {
    /// The whole folder is one layer: the master.
    Layer(InputPath),
    /// Each file and folder in it is a layer of its own: an axis.
    Layers(InputPath),
}

impl Folder {
    pub fn path(&self) -> &InputPath {
        match self {
            Self::Layer(path) | Self::Layers(path) => path,
        }
    }
}

/// Where input comes from.
pub trait Files: Sync {
    /// All files below a folder, sorted; none for a folder that is not there. What may not be read
    /// is left out and reported.
    fn list(&self, folder: &Folder) -> (Vec<InputPath>, Vec<Refused>);

    /// The bytes of a file that holds at most `limit` of them.
    fn read(&self, path: &InputPath, limit: u64) -> Result<Vec<u8>, ReadError>;
}

/// A file that may not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its path; `None` if its name is none of ours.
    pub path: Option<InputPath>,
    pub problem: Diagnostic,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    Missing,
    TooLarge,
    /// A folder, a pipe, a device or a socket.
    Irregular,
    /// In the system's words.
    Failed(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such file"),
            Self::TooLarge => f.write_str("the file is too large"),
            Self::Irregular => f.write_str("it is no regular file"),
            Self::Failed(reason) => f.write_str(reason),
        }
    }
}

/// One input file.
#[derive(Clone, Debug)]
pub struct File {
    pub content: Content,
    /// Names the file in messages: its text, or an empty one for bytes.
    pub source: SourceId,
    /// Of the bytes as they were read.
    pub digest: blake3::Hash,
}

#[derive(Clone, Debug)]
pub enum Content {
    Text(SourceId),
    Binary(Arc<[u8]>),
}

/// All input bytes of a run, by path.
#[derive(Debug, Default)]
pub struct Workspace {
    sources: Sources,
    files: BTreeMap<InputPath, File>,
    /// Files that are there, and could not be read.
    unread: Vec<InputPath>,
    /// The places in tables that are no text.
    damaged: HashMap<SourceId, Vec<u32>>,
}

impl Workspace {
    /// Reads the settings and everything below `folders`. Files that are refused are reported and
    /// left out.
    ///
    /// The settings say which folders there are, so a run reads twice: first without any folder.
    pub fn read(files: &impl Files, folders: &[Folder]) -> (Self, Diagnostics) {
        let mut workspace = Self::default();
        let mut problems = workspace.read_settings(files);
        let listed: Vec<_> = folders.par_iter().map(|folder| files.list(folder)).collect();
        for (paths, refused) in listed {
            problems.extend(refused.into_iter().map(|refused| match refused.path {
                Some(path) => workspace.placed(path, refused.problem),
                None => refused.problem,
            }));
            let paths = paths.into_par_iter().filter(|path| !names::is_dropping(path.file_name()));
            let read: Vec<_> = paths.map(|path| (files.read(&path, limit(&path)), path)).collect();
            for (bytes, path) in read {
                match bytes {
                    Ok(bytes) => workspace.add(path, bytes, &mut problems),
                    Err(error) => {
                        let problem = unreadable(&path, &error);
                        problems.push(workspace.placed(path, problem));
                    }
                }
            }
        }
        names::check(&workspace, &mut problems);
        (workspace, problems)
    }

    fn read_settings(&mut self, files: &impl Files) -> Diagnostics {
        let mut problems = Diagnostics::default();
        for name in [SETTINGS, "cobrand.yml"] {
            let Ok(path) = InputPath::new(name) else { continue };
            match files.read(&path, MAX_TEXT) {
                Ok(bytes) => {
                    self.add(path, bytes, &mut problems);
                    return problems;
                }
                Err(ReadError::Missing) => {}
                Err(error) => {
                    problems.push(unreadable(&path, &error));
                    return problems;
                }
            }
        }
        let message = format!("there is no `{SETTINGS}` here, so this is no workspace");
        problems.push(
            Diagnostic::error("E-WORKSPACE", message)
                .help("name the workspace with `--workspace DIR`, or make one with `cobrand init`"),
        );
        problems
    }

    /// The problem at the file it is about, of which nothing can be shown. The place tells which layer
    /// is refused.
    fn placed(&mut self, path: InputPath, problem: Diagnostic) -> Diagnostic {
        self.unread.push(names::canonical(&path));
        let source = self.sources.add(path, "");
        problem.at(Span::file(source), "")
    }

    fn add(&mut self, path: InputPath, bytes: Vec<u8>, problems: &mut Diagnostics) {
        let digest = blake3::hash(&bytes);
        let (content, source) = if is_text(&path) {
            match self.decoded(&path, bytes) {
                Ok((id, found)) => {
                    problems.extend(found);
                    (Content::Text(id), id)
                }
                Err(problem) => {
                    self.unread.push(names::canonical(&path));
                    return problems.push(problem);
                }
            }
        } else {
            (Content::Binary(bytes.into()), self.sources.add(path.clone(), ""))
        };
        match self.files.entry(names::canonical(&path)) {
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(File { content, source, digest });
            }
            std::collections::btree_map::Entry::Occupied(_) => {
                problems.push(names::both_endings(&path).at(Span::file(source), ""));
            }
        }
    }

    /// A text, with what is wrong with rows of a table.
    fn decoded(&mut self, path: &InputPath, bytes: Vec<u8>) -> Result<(SourceId, Vec<Diagnostic>), Diagnostic> {
        if !is_table(path) {
            return decode::text(&mut self.sources, path, bytes).map(|id| (id, Vec::new()));
        }
        let (id, found) = decode::table(&mut self.sources, path, bytes)?;
        let places = found.iter().filter_map(|found| Some(found.place.as_ref()?.span.start));
        if !found.is_empty() {
            self.damaged.insert(id, places.collect());
        }
        Ok((id, found))
    }

    /// The files that are there, and could not be read.
    pub fn unread(&self) -> &[InputPath] {
        &self.unread
    }

    /// The first place in each line of a table that is no text, in order.
    pub fn damaged(&self, source: SourceId) -> &[u32] {
        self.damaged.get(&source).map_or(&[], Vec::as_slice)
    }

    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The sources alone, for printing diagnostics about a workspace that cannot be built.
    pub fn into_sources(self) -> Sources {
        self.sources
    }

    /// The file of this path; YAML files under `.yaml`.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.get(path)
    }

    /// The text file of this path.
    pub fn text(&self, path: &str) -> Option<(SourceId, &Arc<str>)> {
        match self.file(path)?.content {
            Content::Text(id) => Some((id, &self.sources.get(id).text)),
            Content::Binary(_) => None,
        }
    }

    /// All files, by path.
    pub fn files(&self) -> impl Iterator<Item = (&InputPath, &File)> {
        self.files.iter()
    }

    /// The files below a folder, by path.
    pub fn below(&self, folder: &str) -> impl Iterator<Item = (&InputPath, &File)> {
        let prefix = format!("{folder}/");
        let from = (Bound::Excluded(prefix.as_str()), Bound::Unbounded);
        let files = self.files.range::<str, _>(from);
        files.take_while(move |(path, _)| path.as_str().starts_with(&prefix))
    }
}

impl File {
    /// Its content as bytes; those of a text without a byte order mark.
    pub fn bytes<'a>(&'a self, sources: &'a Sources) -> &'a [u8] {
        match &self.content {
            Content::Text(id) => sources.get(*id).text.as_bytes(),
            Content::Binary(bytes) => bytes,
        }
    }
}

/// Whether a file is read as a text.
pub fn is_text(path: &InputPath) -> bool {
    TEXTS.iter().any(|extension| path.extension().eq_ignore_ascii_case(extension))
}

fn limit(path: &InputPath) -> u64 {
    match is_text(path) {
        true if is_table(path) => MAX_TABLE,
        true => MAX_TEXT,
        false => MAX_BINARY,
    }
}

/// Whether it lies where registries do, which is in no partner's folder.
fn is_table(path: &InputPath) -> bool {
    path.extension() == "csv" && path.as_str().matches('/').count() == 1
}

fn unreadable(path: &InputPath, error: &ReadError) -> Diagnostic {
    match error {
        ReadError::TooLarge => {
            let megabytes = limit(path) >> 20;
            Diagnostic::error("E-SIZE", format!("`{path}` is larger than {megabytes} MiB"))
                .help("make the file smaller; large downloads belong on a server, with a link to them")
        }
        ReadError::Irregular => irregular(path),
        _ => Diagnostic::error("E-READ", format!("`{path}` can not be read: {error}"))
            .help("check that the file is there and that you may read it"),
    }
}

/// What is said of a folder, a pipe, a device or a socket where a file should be.
fn irregular(path: &InputPath) -> Diagnostic {
    Diagnostic::error("E-READ", format!("`{path}` is no regular file"))
        .help("delete it, or put a regular file in its place")
}

#[cfg(test)]
mod tests;
