//! Who made something: the signature beside an inventory.

use std::path::Path;

use crate::diag::Diagnostic;
use crate::inventory::{Inventory, SIGNED};
use crate::signature::{Fault, PublicKey};
use crate::workspace::named_text;

/// Who signed what, when the signature holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The key's id.
    pub key: String,
    pub program: String,
    pub version: String,
    pub released: String,
    /// The partner's folder; empty for a whole output.
    pub folder: String,
}

/// A public key: a file, or the key itself, which is a line of letters.
pub fn public_key(named: &str) -> Result<PublicKey, Diagnostic> {
    let text = match named_text(Path::new(named)) {
        Ok(text) => text,
        Err(_) if PublicKey::read(named).is_ok() => named.to_owned(),
        Err(error) => {
            return Err(Diagnostic::error("E-KEYFILE", format!("cannot read the key `{named}`: {error}"))
                .help("name the file of a public key, or write the key itself"));
        }
    };
    PublicKey::read(&text).map_err(|fault| {
        Diagnostic::error("E-KEYFILE", format!("`{named}` is no public key: {fault}"))
            .help("a public key is the `.pub` file that `cobrand key new` writes beside the private one")
    })
}

/// Whether the signature beside an inventory is of these bytes and by the key.
pub(super) fn check(path: &Path, bytes: &[u8], key: &PublicKey) -> Result<(), Diagnostic> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(SIGNED);
    let beside = Path::new(&beside);
    let said = |message: String| Diagnostic::error("E-SIGNATURE", message);
    let shown = beside.display();
    // No link is followed, and nothing but a file is waited for.
    if !beside.symlink_metadata().is_ok_and(|found| found.is_file()) {
        return Err(said(format!("`{}` is not signed: there is no `{shown}`", path.display()))
            .help("ask for a signed output, or sign it with `cobrand sign`"));
    }
    let signature = named_text(beside).map_err(|error| said(format!("cannot read `{shown}`: {error}")).help(DOUBT))?;
    key.verify(bytes, &signature).map_err(|fault| match fault {
        Fault::Wrong => said(format!("`{shown}` does not sign what stands there")).help(DOUBT),
        Fault::OtherKey(id) => said(format!("`{shown}` was made with the key {id}, not with {}", key.id()))
            .help("if that is not the key of somebody else whom you trust, do not use what is there"),
        other => said(format!("`{shown}` is no signature: {other}")).help(DOUBT),
    })
}

const DOUBT: &str = "do not use what is there; if it is your own, build and sign again";

impl Origin {
    pub(super) fn of(inventory: &Inventory, key: &PublicKey) -> Self {
        let Inventory { program, version, released, folder, .. } = inventory;
        let [program, version, released, folder] = [program, version, released, folder].map(Clone::clone);
        Self { key: key.id(), program, version, released, folder }
    }
}
