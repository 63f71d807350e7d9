//! `cobrand sign [OUTPUT] --key FILE`

use std::path::Path;

use serde::Serialize;

use super::Exit;
use super::arguments::{Common, Format, Sign};
use super::diagnostics::Findings;
use super::diagnostics::json::{self, Finding};
use super::key::kept_out;
use super::location::Location;
use super::password;
use super::terminal::Terminal;
use super::wording::count;
use crate::diag::{Diagnostic, Diagnostics};
use crate::emit::{Changes, Output};
use crate::inventory::{self, Inventory};
use crate::paths::OutputPath;
use crate::signature::{self, Fault, PublicKey, SecretKey};
use crate::source::Sources;
use crate::verify::{self, Against};
use crate::workspace::named_text;

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    key: Option<String>,
    written: u64,
    kept: u64,
    diagnostics: Vec<Finding<'a>>,
}

/// Why nothing was signed.
enum Stop {
    /// The command line is wrong.
    Usage(String),
    Found(Diagnostics),
}

impl<T: Into<Diagnostics>> From<T> for Stop {
    fn from(found: T) -> Self {
        Self::Found(found.into())
    }
}

pub fn run(terminal: &Terminal, common: &Common, arguments: &Sign) -> Exit {
    if let Err(exit) = terminal.needs_results("sign") {
        return exit;
    }
    let location = Location::find(common);
    let output = arguments.folder.as_deref().unwrap_or(&location.output);
    let signed = key(arguments, &location)
        .and_then(|key| Ok((key.public().map_err(|fault| malformed(arguments, &fault))?, key)));
    let signed = signed.and_then(|(public, key)| Ok((sign(output, &key, &public)?, public.id())));
    let exit = if signed.is_ok() { Exit::Fine } else { Exit::Errors };
    let printed = match signed {
        Err(Stop::Usage(problem)) => return terminal.refuse(&problem),
        Err(Stop::Found(found)) => print(terminal, output, None, found),
        Ok((changes, key)) => print(terminal, output, Some((changes, key)), Diagnostics::default()),
    };
    printed.err().unwrap_or(exit)
}

fn key(arguments: &Sign, location: &Location) -> Result<SecretKey, Stop> {
    let file = &arguments.key;
    kept_out(file, location)?;
    let text = named_text(file).map_err(|error| {
        Diagnostic::error("E-KEYFILE", format!("cannot read the key `{}`: {error}", file.display()))
            .help("name the file of a private key; `cobrand key new` makes one")
    })?;
    let password = match &arguments.password_env {
        _ if !signature::needs_password(&text) => None,
        Some(name) => Some(password::from_environment(name).map_err(Stop::Usage)?),
        None => {
            let prompt = format!("password of `{}`: ", file.display());
            Some(password::ask(&prompt, "name a variable with `--password-env NAME`").map_err(Stop::Usage)?)
        }
    };
    Ok(SecretKey::read(&text, password.as_deref()).map_err(|fault| malformed(arguments, &fault))?)
}

fn malformed(arguments: &Sign, fault: &Fault) -> Diagnostic {
    Diagnostic::error("E-KEYFILE", format!("cannot sign with `{}`: {fault}", arguments.key.display()))
        .help("name the file of a private key, and give its own password")
}

/// Signs every inventory of an output that is as its inventories say. Nobody builds into it meanwhile.
fn sign(folder: &Path, key: &SecretKey, public: &PublicKey) -> Result<Changes, Stop> {
    // A folder without inventories is not made an output.
    verify::inventories(folder)?;
    let output = Output::open(folder)?;
    let found = verify::verify(folder, &Against::default()).diagnostics;
    if found.has_errors() {
        return Err(found.into());
    }
    let mut changes = Changes::default();
    for (path, inventory, bytes) in verify::inventories(folder)? {
        changes += sign_one(&output, folder, &path, &inventory, &bytes, (key, public))?;
    }
    output.finish()?;
    Ok(changes)
}

fn sign_one(
    output: &Output,
    folder: &Path,
    path: &str,
    inventory: &Inventory,
    bytes: &[u8],
    (key, public): (&SecretKey, &PublicKey),
) -> Result<Changes, Diagnostic> {
    let beside = inventory::signature_of(path);
    // A signature is another one each time it is made.
    if named_text(&folder.join(&beside)).is_ok_and(|stands| public.verify(bytes, &stands).is_ok()) {
        return Ok(Changes { kept: 1, ..Changes::default() });
    }
    let failed = |reason: String| {
        Diagnostic::error("E-SIGNATURE", format!("cannot sign `{path}`: {reason}")).help("try another key")
    };
    let Inventory { program, version, released, .. } = inventory;
    let comment = format!("inventory of {program} {version}, released {released}, at {path}");
    let comment = comment.replace(char::is_control, " ");
    let signature = key.sign(bytes, comment.trim()).map_err(|fault| failed(fault.to_string()))?;
    // The two halves of a damaged key do not belong together.
    public.verify(bytes, &signature).map_err(|fault| failed(fault.to_string()))?;
    let beside = OutputPath::new(&beside).map_err(|error| failed(error.to_string()))?;
    output.put_file(&beside, signature.as_bytes())
}

fn print(
    terminal: &Terminal,
    folder: &Path,
    signed: Option<(Changes, String)>,
    found: Diagnostics,
) -> Result<(), Exit> {
    let sources = Sources::default();
    let findings = Findings::new(found, &sources, "");
    terminal.findings(&findings)?;
    let (changes, key) = signed.map_or((Changes::default(), None), |(changes, key)| (changes, Some(key)));
    match (terminal.format, key) {
        (Format::Json, key) => terminal.document(&Document {
            format: 1,
            key,
            written: changes.written,
            kept: changes.kept,
            diagnostics: json::list(&findings),
        }),
        (_, Some(key)) if !terminal.quiet => {
            let written = count(changes.written, "signature");
            let kept = if changes.kept > 0 { format!(", {} still good", changes.kept) } else { String::new() };
            terminal.result(&format!("signed `{}` with the key {key}: {written} written{kept}\n", folder.display()))
        }
        _ => Ok(()),
    }
}
