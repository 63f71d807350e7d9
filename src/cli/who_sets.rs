//! `cobrand who-sets PATH`

use super::Exit;
use super::arguments::{Common, Format, WhoSets};
use super::explain::{fell_back, refuse, short};
use super::program::Opened;
use super::terminal::Terminal;
use super::wording::{count, place as named};
use crate::explain::contributors::{Contributor, Contributors, Fallen, who_sets};

pub fn run(terminal: &Terminal, common: &Common, arguments: &WhoSets) -> Exit {
    if let Err(exit) = terminal.needs_results("who-sets") {
        return exit;
    }
    let opened = Opened::read(common);
    let found = match opened.usable(terminal) {
        Ok(program) => who_sets(program, &arguments.path),
        Err(exit) => return exit,
    };
    let found = match found {
        Ok(found) => found,
        Err(unknown) => return refuse(terminal, &unknown),
    };
    let printed = match terminal.format {
        Format::Json => terminal.document(&found),
        _ => terminal.result(&words(&found, &opened.location.prefix, terminal.verbose)),
    };
    printed.err().unwrap_or(Exit::Fine)
}

fn words(found: &Contributors, prefix: &str, verbose: bool) -> String {
    let mut out = String::new();
    for path in &found.paths {
        out.push_str(&format!("{}\n", path.path));
        for layer in path.layers.iter().rev() {
            out.push_str(&line(layer, found.deployments, prefix, verbose));
        }
        for fallen in &path.fallbacks {
            let Fallen { fallback, deployments } = fallen;
            let deployments = count(*deployments as u64, "deployment");
            out.push_str(&format!("  but in {deployments}: {}\n", fell_back(fallback, prefix)));
        }
    }
    out
}

fn line(word: &Contributor, deployments: usize, prefix: &str, verbose: bool) -> String {
    let locale = word.locale.as_ref().map(|locale| format!(" ({locale})")).unwrap_or_default();
    let operation = if word.operation == "set" { String::new() } else { format!("{} ", word.operation) };
    format!(
        "  {}  {}{locale}  wins in {} of {}  {operation}{}\n",
        named(&word.place, prefix),
        word.layer,
        word.wins,
        count(deployments as u64, "deployment"),
        short(&word.text, verbose),
    )
}
