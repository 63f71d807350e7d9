//! `cobrand fmt [PATH…]`

use super::Exit;
use super::arguments::{Common, Fmt};
use super::rewriting::{self, Words};
use super::terminal::Terminal;
use crate::rewrite::{self, Also};
use crate::workspace::DiskFiles;

pub fn run(terminal: &Terminal, common: &Common, arguments: &Fmt) -> Exit {
    let words = Words { command: "fmt", nothing: "put in order" };
    let also = Also { rows: arguments.rows, ids: arguments.add_ids };
    rewriting::run(terminal, common, &arguments.rewriting, &words, |location, selected| {
        rewrite::format(&DiskFiles::new(&location.workspace), selected, also)
    })
}
