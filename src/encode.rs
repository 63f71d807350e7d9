//! The ways out: for each place that a text can get to, one encoder.
//!
//! An overlay is untrusted: whatever it writes has to come out as text, wherever it is printed. So the bytes of a
//! package's file are a [`Content`], which only the writers in here make, and finished markup is an [`html::Html`].
//! Two encoders for one place would soon differ: `tests/architecture.rs` lists them all, and fails where another
//! module encodes by hand.
//!
//! - [`html`]: HTML and XML, as text, in quoted attributes, and as elements
//! - [`url`]: parts of addresses, whole ones, mail addresses
//! - [`css`]: values of custom properties
//! - [`json`]: documents, and data for scripts
//! - [`csv`]: cells, also where a spreadsheet parts them otherwise
//! - [`ics`]: calendars of all-day events
//! - [`mail`]: messages with their headers
//! - [`plain`]: what people copy, and texts that stand on one line
//! - [`yaml`], [`markdown`]: what the program writes into a workspace
//! - [`xlsx`]: workbooks that people fill in
//! - [`zip`]: what lies around the contents of a zip, and zips of a few texts
//! - [`shell`]: commands that are proposed
//! - [`terminal`], [`workflow`]: what is printed
//!
//! Names of files are [`crate::paths::OutputPath`]s.

pub mod css;
pub mod csv;
pub mod html;
pub mod ics;
pub mod json;
pub mod mail;
pub mod markdown;
pub mod plain;
pub mod shell;
pub mod terminal;
pub mod url;
pub mod workflow;
pub mod xlsx;
pub mod yaml;
pub mod zip;

use std::ops::Deref;
use std::sync::Arc;

/// The bytes of a package's file. Holding them proves that every text in them went through an encoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content(Arc<[u8]>);

impl Content {
    /// A page or letter that an engine rendered, which escapes what it prints.
    pub fn rendered(text: String) -> Self {
        Self(text.into_bytes().into())
    }

    /// A file of a layer that goes out as it came in; what may come in is for [`crate::guard`].
    pub fn as_it_is(bytes: Arc<[u8]>) -> Self {
        Self(bytes)
    }
}

impl Deref for Content {
    type Target = Arc<[u8]>;

    fn deref(&self) -> &Arc<[u8]> {
        &self.0
    }
}
