//! Where packages go: onto the disk, into memory, or nowhere. What is made before that is the same for all.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::archive::{Level, PieceCache};
use crate::deployment::Deployment;
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::emit::{self, Changes, Check, Key, Output, Past};
use crate::manifest::{self, Bundle};
use crate::paths::OutputPath;
use crate::stopwatch::{Phase, Stopwatch};

use super::deployment::Package;
use super::{Options, Program, facts};

/// Takes packages, one by one and in any order.
pub trait Store: Sync {
    /// What is kept if the package that stands was made from layers of the same bytes; `None` where that has to be
    /// found out.
    fn current(&self, deployment: &Deployment, inputs: Digest) -> Result<Option<Changes>, Diagnostic>;

    /// What is kept if the package that stands was made from the same values; `None` where it has to be made.
    fn stands(&self, deployment: &Deployment, key: &Key) -> Result<Option<Changes>, Diagnostic>;

    /// What the package that stands was made from.
    fn key(&self, deployment: &Deployment) -> Option<Key>;

    /// Puts a package in the place of the one that stands; old or new, never half.
    fn put(&self, program: &Program, package: &Package, key: &Key) -> Result<Changes, Diagnostic>;
}

/// A package with its manifest.
fn bundle<'p>(program: &Program, package: &'p Package) -> Result<Bundle<'p>, Diagnostic> {
    let Package { deployment, sealed, .. } = package;
    let axes: Vec<(&str, &str)> = deployment.axes.iter().map(|(axis, value)| (&**axis, &**value)).collect();
    manifest::seal(&program.head(&deployment.id, &axes), &sealed.parts()).map_err(|clash| facts::clash(&clash))
}

/// An output folder, with zips beside the packages if they are wanted.
pub struct Disk<'a> {
    output: &'a Output,
    zips: bool,
    /// Deflated pieces, for other zips.
    pieces: PieceCache,
    check: Check,
    stopwatch: &'a Stopwatch,
}

/// How many bytes of deflated pieces are kept for other packages.
const PIECES: usize = 8 << 20;

impl<'a> Disk<'a> {
    pub fn new(output: &'a Output, options: &'a Options) -> Self {
        let check = if options.trust_ledger { Check::Ledger } else { Check::Stat };
        let pieces = PieceCache::new(Level::default(), PIECES);
        Self { output, zips: options.zips, pieces, check, stopwatch: &options.stopwatch }
    }
}

impl Store for Disk<'_> {
    fn current(&self, deployment: &Deployment, inputs: Digest) -> Result<Option<Changes>, Diagnostic> {
        let Ok(folder) = OutputPath::new(&deployment.id) else { return Ok(None) };
        let zip = facts::zip_path(deployment).filter(|_| self.zips);
        self.output.current(&folder, inputs, zip.as_ref(), self.check)
    }

    fn stands(&self, deployment: &Deployment, key: &Key) -> Result<Option<Changes>, Diagnostic> {
        let Ok(folder) = OutputPath::new(&deployment.id) else { return Ok(None) };
        let zip = facts::zip_path(deployment).filter(|_| self.zips);
        self.output.stands(&folder, key, zip.as_ref(), self.check)
    }

    fn key(&self, deployment: &Deployment) -> Option<Key> {
        // Asked only to tell why: what cannot be read is told where the package is put.
        self.output.key(&deployment.id).ok().flatten()
    }

    fn put(&self, program: &Program, package: &Package, key: &Key) -> Result<Changes, Diagnostic> {
        let bundle = self.stopwatch.time(Phase::Seal, || bundle(program, package))?;
        let deployment = &package.deployment;
        let (Ok(folder), Some(zip_path)) = (OutputPath::new(&deployment.id), facts::zip_path(deployment)) else {
            return Ok(Changes::default());
        };
        let zip = self.zips.then(|| emit::Zip {
            path: &zip_path,
            folder: &deployment.slug,
            date: program.zip_date(),
            pieces: &self.pieces,
            stopwatch: self.stopwatch,
        });
        let package = emit::Package { id: &folder, bundle: &bundle, key, zip };
        self.stopwatch.time(Phase::Write, || self.output.put(&package))
    }
}

/// Nothing is kept. A deployment that was made before from the same, and without a word, needs no second look.
pub struct Nowhere<'a>(pub &'a Past);

impl Store for Nowhere<'_> {
    fn current(&self, deployment: &Deployment, inputs: Digest) -> Result<Option<Changes>, Diagnostic> {
        Ok(self.0.made(&deployment.id, inputs).then(Changes::default))
    }

    fn stands(&self, deployment: &Deployment, key: &Key) -> Result<Option<Changes>, Diagnostic> {
        let before = self.0.key(&deployment.id);
        Ok(before.filter(|before| before.makes_the_same(key)).map(|_| Changes::default()))
    }

    fn key(&self, deployment: &Deployment) -> Option<Key> {
        self.0.key(&deployment.id).cloned()
    }

    fn put(&self, _: &Program, _: &Package, _: &Key) -> Result<Changes, Diagnostic> {
        Ok(Changes::default())
    }
}

/// Every file by its path in the output, for a preview and for tests.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Memory {
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn current(&self, _: &Deployment, _: Digest) -> Result<Option<Changes>, Diagnostic> {
        Ok(None)
    }

    fn stands(&self, _: &Deployment, _: &Key) -> Result<Option<Changes>, Diagnostic> {
        Ok(None)
    }

    fn key(&self, _: &Deployment) -> Option<Key> {
        None
    }

    fn put(&self, program: &Program, package: &Package, _: &Key) -> Result<Changes, Diagnostic> {
        let bundle = bundle(program, package)?;
        let id = &package.deployment.id;
        // Whatever panicked elsewhere, a file is there or not.
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changes = Changes::default();
        for file in bundle.files() {
            changes += Changes { written: 1, bytes: file.bytes.len() as u64, ..Changes::default() };
            files.insert(format!("{id}/{}", file.path), file.bytes.to_vec());
        }
        Ok(changes)
    }
}
