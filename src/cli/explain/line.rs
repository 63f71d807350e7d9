//! `cobrand explain OUTPUT-FILE:LINE`

use std::path::{Path, PathBuf};

use super::super::Exit;
use super::super::arguments::Format;
use super::super::diagnostics::Findings;
use super::super::program::Opened;
use super::super::terminal::Terminal;
use super::{refuse, words};
use crate::build::Program;
use crate::explain::line::{Failure, explain, package_of, source_map};
use crate::explain::subject::Subject;

pub fn run(terminal: &Terminal, opened: &Opened, program: &Program, target: &str, map: bool) -> Exit {
    let (file, line) = match target.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?))) {
        Some((file, line)) => (file, Some(line)),
        None => (target, None),
    };
    if line.is_none() && !map {
        let problem = "name a path of the deployment, or a line of an output file";
        return terminal.refuse(&format!(
            "{problem}\nhelp: such as `cobrand explain {target} partner.name` or `cobrand explain {target}:12`"
        ));
    }
    let output = &opened.location.output;
    let Some((path, relative)) = located(output, Path::new(file)) else {
        let help = "name a file of a package, as in `output/acme/launch/healthcare/us/site/index.html:12`";
        return terminal.refuse(&format!("there is no file `{file}` in `{}`\nhelp: {help}", output.display()));
    };
    let Some((deployment, page)) = package_of(program, &relative) else {
        return terminal
            .refuse(&format!("`{file}` belongs to no deployment\nhelp: `cobrand list` shows their folders"));
    };
    let text = match crate::verify::page_text(&path) {
        Ok(text) => text,
        Err(error) => return terminal.refuse(&format!("cannot read `{file}`: {error}")),
    };
    let subject = match Subject::open(program, &deployment) {
        Ok(subject) => subject,
        Err(unknown) => return refuse(terminal, &unknown),
    };
    let printed = match (line, map) {
        (Some(line), false) => explain(&subject, page, line, &text).map(|found| match terminal.format {
            Format::Json => terminal.document(&found),
            _ => terminal.result(&words::line(&found, &opened.location.prefix, terminal.verbose)),
        }),
        _ => source_map(&subject, page, &text).map(|found| terminal.document(&found)),
    };
    match printed {
        Ok(printed) => printed.err().unwrap_or(Exit::Fine),
        Err(failure) => failed(terminal, opened, program, file, failure),
    }
}

/// A file named from here or from the output, and its path within the output.
fn located(output: &Path, file: &Path) -> Option<(PathBuf, String)> {
    let root = output.canonicalize().ok()?;
    let mut candidates = [file.to_owned(), output.join(file)].into_iter().filter_map(|path| path.canonicalize().ok());
    let found = candidates.find(|path| path.is_file() && path.starts_with(&root))?;
    let relative = found.strip_prefix(&root).ok()?.components();
    let parts: Vec<_> = relative.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    Some((found, parts.join("/")))
}

fn failed(terminal: &Terminal, opened: &Opened, program: &Program, file: &str, failure: Failure) -> Exit {
    match failure {
        Failure::NoPage => terminal.refuse(&format!(
            "`{file}` is no page and no text of an email, so it has no lines to explain\n\
             help: its manifest names the files it is made from; an `.eml` is made from the `.html` and `.txt` beside it"
        )),
        Failure::NoLine(lines) => terminal.refuse(&format!("`{file}` has {lines} lines")),
        Failure::Differs => {
            terminal.say(&format!(
                "error: `{file}` is not what the workspace would build now\n\
                 help: build it again, and name the line again\n"
            ));
            Exit::Errors
        }
        Failure::NoMap => {
            terminal.say(&format!("error: the template of `{file}` cannot be mapped\n"));
            Exit::Errors
        }
        Failure::Refused(diagnostics) => {
            terminal.explain(&Findings::new(diagnostics, program.sources(), &opened.location.prefix));
            Exit::Errors
        }
    }
}
