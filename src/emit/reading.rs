//! Reads back what earlier builds and this one wrote, for whatever sums it up. Nothing is believed that is another than it was
//! written: such a file is told of like one that no build wrote.

use std::sync::Arc;

use super::failure::Outcome;
use super::file::FilePlan;
use super::ledger::Kind;
use super::refusal::Refusal;
use super::{Output, ledger};
use crate::diag::Diagnostic;
use crate::digest::Digest;

impl Output {
    /// The digest of a package that stands in the output; `None` where there is none.
    pub fn digest_of(&self, id: &str) -> Result<Option<Digest>, Diagnostic> {
        let Some(places) = self.ledger.places(id).filter(|places| places.kind == Kind::Package) else {
            return Ok(None);
        };
        self.package_digest(id, &places).map_err(|failure| self.root.say(failure).deployment(id))
    }

    /// A file of a package; `None` where there is no such package, or where it has no such file.
    pub fn read_in(&self, id: &str, path: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        let record = self.ledger.last(id).map_err(|failure| self.root.say(failure))?;
        let known = record.and_then(|record| record.files.into_iter().find(|known| *known.path == *path));
        known.map(|known| self.read_as(&format!("{id}/{path}"), &known)).transpose()
    }

    /// A file beside the packages; `None` where no build wrote one there.
    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Diagnostic> {
        let record = self.ledger.last(path).map_err(|failure| self.root.say(failure))?;
        let known = record.and_then(|record| record.files.into_iter().next());
        known.map(|known| self.read_as(path, &known)).transpose()
    }

    /// What is lost or was edited is no file of ours any more.
    fn read_as(&self, path: &str, known: &ledger::Known) -> Result<Vec<u8>, Diagnostic> {
        let read: Outcome<_> = self.content(path);
        let bytes = read.map_err(|failure| self.root.say(failure))?;
        let bytes = bytes.filter(|bytes| crc32fast::hash(bytes) == known.crc32);
        bytes.ok_or_else(|| self.explain(Refusal::Foreign(vec![path.to_owned()]), path))
    }

    /// Whether a file beside the packages is as it was written, from what had this digest.
    pub fn keeps(&self, path: &str, digest: Digest) -> bool {
        matches!(self.plan_file(path, digest), Ok(FilePlan::Keep))
    }

    /// The digest of what stands in a file beside the packages.
    pub fn content_digest(&self, path: &str) -> Result<Option<Digest>, Diagnostic> {
        let record = self.ledger.last(path).map_err(|failure| self.root.say(failure))?;
        Ok(record.map(|record| record.content))
    }

    /// The files beside the packages that lie in a folder itself, in order.
    pub fn files_in(&self, folder: &str) -> Vec<Arc<str>> {
        let below = format!("{folder}/");
        let is_in = |key: &Arc<str>| key.strip_prefix(&*below).is_some_and(|name| !name.contains('/'));
        self.ledger.keys_below(Kind::File, &below).into_iter().filter(is_in).collect()
    }
}
