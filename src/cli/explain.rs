//! `cobrand explain DEPLOYMENT PATH` and `cobrand explain OUTPUT-FILE:LINE`

mod line;
mod words;

pub use words::{fell_back, short};

use super::Exit;
use super::arguments::{Common, Explain, Format};
use super::program::Opened;
use super::terminal::Terminal;
use crate::build::Program;
use crate::explain::answer;
use crate::explain::subject::Subject;
use crate::explain::{PHASES, Unknown};

pub fn run(terminal: &Terminal, common: &Common, arguments: &Explain) -> Exit {
    if let Err(exit) = terminal.needs_results("explain") {
        return exit;
    }
    if arguments.phases {
        return phases(terminal);
    }
    let opened = Opened::read(common);
    let program = match opened.usable(terminal) {
        Ok(program) => program,
        Err(exit) => return exit,
    };
    match (&arguments.target, &arguments.path) {
        (Some(deployment), Some(path)) => of_path(terminal, &opened, program, deployment, path, arguments),
        (Some(target), None) => line::run(terminal, &opened, program, target, arguments.map),
        _ => {
            terminal.refuse("name a deployment and a path\nhelp: such as `cobrand explain acme/launch/us partner.name`")
        }
    }
}

fn of_path(
    terminal: &Terminal,
    opened: &Opened,
    program: &Program,
    deployment: &str,
    path: &str,
    arguments: &Explain,
) -> Exit {
    let explanation = Subject::open(program, deployment)
        .and_then(|subject| answer::explain(&subject, path, arguments.locale.as_deref()));
    let explanation = match explanation {
        Ok(explanation) => explanation,
        Err(unknown) => return refuse(terminal, &unknown),
    };
    let printed = match terminal.format {
        Format::Json => terminal.document(&explanation),
        _ => terminal.result(&words::explanation(&explanation, &opened.location.prefix, terminal.verbose)),
    };
    printed.err().unwrap_or(Exit::Fine)
}

fn phases(terminal: &Terminal) -> Exit {
    let printed = match terminal.format {
        Format::Json => {
            let phases = PHASES.map(|(name, holds)| serde_json::json!({"name": name, "holds": holds}));
            terminal.document(&serde_json::json!({"format": crate::explain::FORMAT, "phases": phases}))
        }
        _ => {
            let width = PHASES.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            let line = |(number, (name, holds)): (usize, &(&str, &str))| {
                format!("{:>2}  {name:width$}  {holds}\n", number + 1)
            };
            terminal.result(&PHASES.iter().enumerate().map(line).collect::<String>())
        }
    };
    printed.err().unwrap_or(Exit::Fine)
}

/// Says that the workspace has no such thing, and what was probably meant.
pub fn refuse(terminal: &Terminal, unknown: &Unknown) -> Exit {
    let Unknown { what, name, near } = unknown;
    let help = match (near, *what) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, "deployment") => "`cobrand list` shows all deployments".to_owned(),
        (None, "partner") => "`cobrand list` shows all partners".to_owned(),
        (None, "locale") => "locales are declared in the master's `package.yaml`".to_owned(),
        (None, _) => "`content/landing.md#hero` is a block, `nurture.emails[welcome].subject` a value".to_owned(),
    };
    terminal.refuse(&format!("there is no {what} `{name}`\nhelp: {help}"))
}
