#![doc = include_str!("ARCHITECTURE.md")]
#![allow(rustdoc::private_intra_doc_links, reason = "the head of a module lists all its parts, private ones too")]
// Whatever a user writes is answered with a diagnostic. Tests may panic: that is how they fail.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented
    )
)]

// In dependency order: a module uses only modules above it (tests/architecture.rs).

// Input, output and value paths that cannot be mixed up or leave their root.
pub mod paths;
// Texts with identity, and places in them.
pub mod source;
// What is said to the user, as values.
pub mod diag;
// Names for contents.
pub mod digest;
// What is made once and looked at by many.
pub mod recent;
// Where the time goes, by a clock that is brought along.
pub mod stopwatch;
// Text to spanned trees: YAML, Markdown with blocks, CSV.
pub mod syntax;
// The only reader of input.
pub mod workspace;
// Signs that tell where each byte of a page came from.
pub mod marks;
// The ways out: for each place that a text can get to, one encoder.
pub mod encode;
// Working days and business hours: by when something is due.
pub mod calendar;
// What each file may hold, and how it merges.
pub mod schema;
// What templates and components see.
pub mod data;
// What can be done to a value in text and templates.
pub mod filters;
// Text with `{{ }}`, compiled once.
pub mod interpolate;
// What stands in a page, a drawing or a style sheet, read as a browser reads it.
pub mod html;
// Markdown, compiled once.
pub mod prose;
// Axes, layers and what each layer says.
pub mod catalog;
// Who may change what.
pub mod policy;
// What other systems want, as data.
pub mod profiles;
// Rights and limits, checked on every contribution.
pub mod guard;
// One combination of axis values.
pub mod deployment;
// All deployments, grouped by base.
pub mod matrix;
// Winners and their histories.
pub mod resolve;
// Plain data of one deployment in one locale.
pub mod values;
// What a partner's packages plan and claim, and what they come to together.
pub mod plan;
// Typed models of the resolved package.
pub mod package;
// How forms are posted to whoever keeps the leads.
pub mod capture;
// What counts what happens on the pages, and what there is to count.
pub mod analytics;
// The lead's path, and the proof that it closes.
pub mod journey;
// By when something is due, by the calendar of whoever owes it.
pub mod times;
// The only place where a URL gets its parameters.
pub mod links;
// The template engines behind one trait.
pub mod template;
// What is said of a package's files.
pub mod manifest;
// What stands in an output, listed and digested.
pub mod inventory;
// Who wrote something, by signatures that `minisign` knows.
pub mod signature;
// The seven components.
pub mod components;
// Every file of a package, planned before it is made.
pub mod artifact;
// Colours that can be read.
pub mod brand;
// Pages, documents and emails: what is rendered, and what their templates see.
pub mod document;
// Checks on what was made.
pub mod audit;
// Deterministic zips.
pub mod archive;
// The only writer.
pub mod emit;
// A package, a zip or an output against its manifests.
pub mod verify;
// The catalogue of what was built.
pub mod portal;
// The pipeline.
pub mod build;
// Where something comes from, and who may change it.
pub mod explain;
// JSON Schemas for editors.
pub mod editor;
// Overlays rewritten as the master moved on, and put in order.
pub mod rewrite;
// What `new` writes, before it is written.
pub mod scaffold;
// The workspace that `init` writes.
pub mod starter;
// Arguments, commands, printing, exit codes.
pub mod cli;
