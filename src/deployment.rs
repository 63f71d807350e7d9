//! What is built: one value for each axis.

use std::sync::Arc;

use indexmap::IndexMap;

/// One combination of partner, motion, industry, region and whatever other axes the workspace
/// declares, for which a complete package is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Its path in the output, such as `rheinfeld/launch/manufacturing/dach`.
    pub id: Arc<str>,
    /// The partner's id.
    pub partner: Arc<str>,
    /// The id with `-` for `/`: names downloads and campaigns.
    pub slug: Arc<str>,
    /// Where its site is published: absolute, ends with `/`.
    pub url: Arc<str>,
    /// The value of every axis it uses, in the order the workspace declares them.
    pub axes: IndexMap<Arc<str>, Arc<str>>,
    /// The locales its site and emails are written in; the first is the default.
    pub locales: Vec<Arc<str>>,
}
