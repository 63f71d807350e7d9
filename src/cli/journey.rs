//! `cobrand journey DEPLOYMENT`

use serde::Serialize;

use super::Exit;
use super::arguments::{Common, Format, Journey};
use super::diagnostics::Findings;
use super::explain::refuse;
use super::program::Opened;
use super::terminal::Terminal;
use crate::build;
use crate::diag::Diagnostics;
use crate::explain::Unknown;
use crate::explain::subject::find;
use crate::journey::prove;
use crate::journey::view::{View, drawing, text};

/// What `--format json` prints; documented in `docs/journey.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    deployment: &'a str,
    #[serde(flatten)]
    view: &'a View<'a>,
}

pub fn run(terminal: &Terminal, common: &Common, arguments: &Journey) -> Exit {
    if let Err(exit) = terminal.needs_results("journey") {
        return exit;
    }
    let opened = Opened::read(common);
    let program = match opened.usable(terminal) {
        Ok(program) => program,
        Err(exit) => return exit,
    };
    let id = arguments.deployment.trim_end_matches('/').trim_start_matches("./");
    let Some(values) = find(program, id) else {
        let ids = program.matrix().ids(program.catalog());
        return refuse(terminal, &Unknown::new("deployment", id, ids.iter().map(String::as_str)));
    };
    let mut found = Diagnostics::default();
    let stated = build::journey(program, &values, &mut found);
    let Some(stated) = stated.filter(|_| !found.has_errors()) else {
        terminal.explain(&Findings::new(found, program.sources(), &opened.location.prefix));
        return Exit::Errors;
    };
    if stated.is_empty() {
        return terminal.refuse(&format!(
            "`{id}` has no journey: no layer of it says `journey`\n\
             help: write `master-templates/journey.yaml`; `docs/journey.md` shows what is written there"
        ));
    }
    // What does not close is among the errors, each at its place.
    let Ok(proved) = prove(&stated.journey, &stated.sends, stated.mode, &stated.around) else { return Exit::Errors };
    let view = View::new(&proved, &stated.around);
    let title = format!("{id}: the lead's path, proved to close");
    let printed = match terminal.format {
        _ if arguments.svg => terminal.result(&String::from_utf8_lossy(&drawing::drawing(&view, &title))),
        Format::Json => terminal.document(&Document { format: 1, deployment: id, view: &view }),
        _ => terminal.result(&format!("{title}\n\n{}", text::text(&view))),
    };
    printed.err().unwrap_or(Exit::Fine)
}
