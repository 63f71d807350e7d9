//! What the inventories of an output list, all of them together.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::Against;
use super::origin::{self, Origin};
use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::inventory::{FILE_NAME, Inventory, ListedFile, ListedPackage, below, folder_of};

/// An inventory larger than this is none of ours.
const LARGEST: u64 = 256 << 20;

/// What belongs into an output, or into a partner's folder, by its path in there.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// What is between the output and the folder that is looked at: empty, or the partner's folder.
    pub folder: String,
    pub packages: BTreeMap<String, Digest>,
    pub files: BTreeMap<String, Digest>,
    /// Folders of which it is not known what belongs into them, since their inventory cannot be read.
    pub unknown: Vec<String>,
    pub origin: Option<Origin>,
}

impl Listing {
    /// Reads the inventory at the top of a folder, and those that it lists.
    pub fn read(root: &Path, against: &Against<'_>, diagnostics: &mut Diagnostics) -> Self {
        let mut listing = Self::default();
        let Some(top) = listing.add(root, "", against, diagnostics) else { return listing };
        listing.folder.clone_from(&top.folder);
        listing.origin = against.key.map(|key| Origin::of(&top, key)).filter(|_| !diagnostics.has_errors());
        let folders: Vec<&str> = top.files.iter().filter_map(|file| folder_of(&file.path)).collect();
        for folder in folders.into_iter().filter(|_| top.folder.is_empty()) {
            if let Some(own) = listing.add(root, folder, against, diagnostics)
                && own.folder != folder
            {
                let shown = root.join(folder).join(FILE_NAME);
                diagnostics.push(wrong(&shown, &format!("it is of the folder `{}`", own.folder)));
            }
        }
        listing
    }

    fn add(&mut self, root: &Path, folder: &str, against: &Against<'_>, said: &mut Diagnostics) -> Option<Inventory> {
        let path = root.join(below(folder, FILE_NAME));
        let (bytes, inventory) = match read(&path) {
            Ok(read) => read,
            Err(problem) => {
                said.push(*problem);
                self.unknown.push(folder.to_owned());
                return None;
            }
        };
        // One that is not signed still tells what is wrong besides.
        said.extend(against.key.and_then(|key| origin::check(&path, &bytes, key).err()));
        let package = |listed: &ListedPackage| (below(folder, &listed.path), listed.digest);
        self.packages.extend(inventory.packages.iter().map(package));
        let file = |listed: &ListedFile| (below(folder, &listed.path), listed.digest);
        self.files.extend(inventory.files.iter().map(file));
        Some(inventory)
    }

    /// Whether it is known what belongs to a path.
    pub fn knows(&self, path: &str) -> bool {
        let is_within = |folder: &String| {
            folder.is_empty() || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        !self.unknown.iter().any(is_within)
    }

    /// Whether something that is listed lies in a folder.
    pub fn is_around(&self, folder: &str) -> bool {
        let start = format!("{folder}/");
        let begins = |path: Option<&String>| path.is_some_and(|path| path.starts_with(&start));
        begins(self.packages.range(start.clone()..).next().map(|(path, _)| path))
            || begins(self.files.range(start.clone()..).next().map(|(path, _)| path))
    }

    /// Where something of this content belongs.
    pub fn place_of(&self, content: Digest) -> Option<&str> {
        let found = self.files.iter().find(|(_, digest)| **digest == content);
        found.map(|(path, _)| path.as_str())
    }
}

/// The inventories of an output, by their paths in it, with their bytes: what there is to sign.
pub fn inventories(root: &Path) -> Result<Vec<(String, Inventory, Vec<u8>)>, Diagnostic> {
    let take = |folder: &str| {
        let (bytes, inventory) = read(&root.join(below(folder, FILE_NAME))).map_err(|problem| *problem)?;
        Ok((below(folder, FILE_NAME), inventory, bytes))
    };
    let top = take("")?;
    let folders: Vec<String> = top.1.files.iter().filter_map(|file| folder_of(&file.path)).map(str::to_owned).collect();
    std::iter::once(Ok(top)).chain(folders.iter().map(|folder| take(folder))).collect()
}

/// The bytes of an inventory and what they say.
pub(super) fn read(path: &Path) -> Result<(Vec<u8>, Inventory), Box<Diagnostic>> {
    let bytes = match bytes(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let message = format!("there is no `{}`, so nobody knows what belongs there", path.display());
            return Err(Diagnostic::error("E-INVENTORY", message)
                .help("name a package, a zip, an output folder or a partner's folder in one; or build again")
                .into());
        }
        Err(error) => return Err(wrong(path, &error.to_string()).into()),
    };
    match Inventory::read(&bytes) {
        Ok(inventory) => Ok((bytes, inventory)),
        Err(error) => Err(wrong(path, &error.to_string()).into()),
    }
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // Only a regular file: a link leads elsewhere, a pipe never ends.
    if !path.symlink_metadata()?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn wrong(path: &Path, reason: &str) -> Diagnostic {
    Diagnostic::error("E-INVENTORY", format!("`{}` is no inventory: {reason}", path.display()))
        .help("move it away and build again")
}
