//! `cobrand key new FILE`

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Exit;
use super::arguments::{Common, Format, NewKey};
use super::diagnostics::Findings;
use super::diagnostics::json::{self, Finding};
use super::location::Location;
use super::password;
use super::terminal::Terminal;
use crate::diag::Diagnostic;
use crate::emit::{self, OWN_FOLDER};
use crate::inventory;
use crate::signature::{self, NewPair};
use crate::source::Sources;
use crate::workspace::SETTINGS;

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    /// The id by which people tell keys apart.
    key: Option<String>,
    private: String,
    public: String,
    diagnostics: Vec<Finding<'a>>,
}

pub fn run(terminal: &Terminal, common: &Common, arguments: &NewKey) -> Exit {
    if let Err(exit) = terminal.needs_results("key new") {
        return exit;
    }
    // Before anybody is asked for a password.
    let made = kept_out(&arguments.file, &Location::find(common)).map(|()| password(arguments));
    let made = match made {
        Ok(Err(problem)) => return terminal.refuse(&problem),
        Ok(Ok(password)) => write(&arguments.file, password.as_deref()),
        Err(problem) => Err(problem),
    };
    let exit = if made.is_ok() { Exit::Fine } else { Exit::Errors };
    print(terminal, &arguments.file, made).err().unwrap_or(exit)
}

fn password(arguments: &NewKey) -> Result<Option<String>, String> {
    match &arguments.password_env {
        _ if arguments.no_password => Ok(None),
        Some(name) => password::from_environment(name).map(Some),
        None => password::ask_for_new().map(Some),
    }
}

/// Makes the pair and writes it; gives its id.
fn write(file: &Path, password: Option<&str>) -> Result<String, Diagnostic> {
    let failed = |reason: String| {
        Diagnostic::error("E-KEYFILE", format!("cannot make the key `{}`: {reason}", file.display()))
            .help("name a file in a folder that is there, such as `~/keys/halvorn.key`")
    };
    let name = file.file_name().and_then(|name| name.to_str()).ok_or_else(|| failed("it has no name".to_owned()))?;
    let NewPair { secret, public, id } = signature::new_pair(password).map_err(|fault| failed(fault.to_string()))?;
    emit::write_keys(&folder(file), (name, &secret), (&format!("{name}.pub"), &public))?;
    Ok(id)
}

fn print(terminal: &Terminal, file: &Path, made: Result<String, Diagnostic>) -> Result<(), Exit> {
    let (private, public) = (file.display().to_string(), format!("{}.pub", file.display()));
    if terminal.format == Format::Json {
        let sources = Sources::default();
        let key = made.as_ref().ok().cloned();
        let findings = Findings::new(made.err().map(Into::into).unwrap_or_default(), &sources, "");
        return terminal.document(&Document { format: 1, key, private, public, diagnostics: json::list(&findings) });
    }
    match made {
        Ok(id) if !terminal.quiet => terminal.result(&format!(
            "made the key {id}\n  {private}      private: keep it, back it up, give it to nobody\n  {public}  public: give it to \
             whoever is to verify\n"
        )),
        Ok(_) => Ok(()),
        Err(problem) => {
            terminal.explain_one(problem);
            Ok(())
        }
    }
}

/// A private key must not lie where it would be checked in or published.
pub fn kept_out(file: &Path, location: &Location) -> Result<(), Diagnostic> {
    let lies_at = file.canonicalize().or_else(|_| folder(file).canonicalize());
    let Ok(lies_at) = lies_at else { return Ok(()) };
    let output = location.output.canonicalize().ok();
    let is_published = |folder: &Path| {
        [SETTINGS, inventory::FILE_NAME].iter().any(|name| folder.join(name).is_file())
            || folder.join(OWN_FOLDER).is_dir()
    };
    let around = lies_at.ancestors().find(|folder| is_published(folder) || output.as_deref() == Some(*folder));
    match around {
        None => Ok(()),
        Some(around) => {
            let message = format!("`{}` lies in `{}`, a workspace or an output", file.display(), around.display());
            Err(Diagnostic::error("E-KEYPLACE", message)
                .note("what lies there is checked in, built from or published; a private key is for nobody's eyes")
                .help("keep it elsewhere, such as in `~/keys`"))
        }
    }
}

fn folder(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}
