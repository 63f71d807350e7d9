#![doc = include_str!("ARCHITECTURE.md")]

pub mod archive;
pub mod components;
pub mod data;
pub mod deployment;
pub mod diag;
pub mod filters;
pub mod interpolate;
pub mod links;
pub mod manifest;
pub mod package;
pub mod paths;
pub mod schema;
pub mod source;
pub mod syntax;
pub mod template;
pub mod workspace;
