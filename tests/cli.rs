//! The program as its users meet it: exit codes, streams, formats, and what it says of bad input.

#[path = "cli/bench.rs"]
mod bench;

#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/commands.rs"]
mod commands;
#[path = "cli/explain.rs"]
mod explain;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/journey.rs"]
mod journey;
#[path = "cli/rewriting.rs"]
mod rewriting;
#[path = "cli/new.rs"]
mod new;
#[path = "cli/settle.rs"]
mod settle;
#[path = "cli/signing.rs"]
mod signing;
#[path = "cli/source_maps.rs"]
mod source_maps;
