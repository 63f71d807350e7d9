#![doc = include_str!("ARCHITECTURE.md")]

pub mod data;
pub mod diag;
pub mod paths;
pub mod schema;
pub mod source;
pub mod syntax;
