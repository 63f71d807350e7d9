//! `cobrand fix [PATH…]`

use super::Exit;
use super::arguments::{Common, Fix};
use super::rewriting::{self, Words};
use super::terminal::Terminal;
use crate::rewrite;
use crate::workspace::DiskFiles;

pub fn run(terminal: &Terminal, common: &Common, arguments: &Fix) -> Exit {
    let words = Words { command: "fix", nothing: "fix" };
    rewriting::run(terminal, common, &arguments.rewriting, &words, |location, selected| {
        rewrite::fix(&DiskFiles::new(&location.workspace), selected)
    })
}
