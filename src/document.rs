//! Pages and documents: what is rendered for a deployment, where it goes, what its template sees.
//!
//! - [`plan`]: every document and email with its output paths, before anything is rendered
//! - [`page`]: `page` of the template context: front matter, blocks, alternates
//! - [`scope`]: links and assets as one page sees them
//! - [`bound`]: where words lead that are bound to the lead's path (J16)
//! - [`language`]: whether a page's texts are all in its language (T4)
//! - [`assets`]: the files that go with the site
//! - [`known`]: what forms are filled with by the pages themselves

pub mod assets;
pub mod bound;
pub mod known;
pub mod language;
pub mod page;
pub mod plan;
pub mod scope;
