//! Where something comes from, and who may change it.
//!
//! Every answer is a plain structure that serializes as it is documented in `docs/explain.md`; [`crate::cli`]
//! only puts it into words. Nothing here is guessed: the winner is the one that [`crate::resolve`] found, the
//! rule is the one that [`crate::guard`] applies.
//!
//! - [`mod@place`]: files, lines and columns
//! - [`statement`]: what each layer says, place by place
//! - [`subject`]: one deployment, or the master alone, resolved as far as a question needs
//! - [`part`]: as much of it as one answer needs
//! - [`permission`]: the rule for a path, its limits, and what each role may do
//! - [`bounds`]: narrowings, groups and waivers around a place
//! - [`filling`]: what the variables of a text stand for
//! - [`cells`]: where a text was looked for
//! - [`fallback`]: pages that show a text in another language
//! - [`answer`]: the winner of a path and what it hides (`explain`)
//! - `line`: from a line of a page back to its template and values (`explain FILE:LINE`)
//! - [`maps`]: the source maps that are kept beside packages (`build --source-maps`)
//! - `verdict`: which words hold at a place
//! - [`contributors`]: every layer that speaks of a path (`who-sets`)
//! - [`sheet`]: what one partner may touch (`policy`)
//! - [`owners`]: folders bound to people (`codeowners`)
//! - [`comparison`]: two deployments, leaf by leaf (`diff`)

pub mod answer;
pub mod bounds;
pub mod cells;
pub mod comparison;
pub mod contributors;
pub mod fallback;
pub mod filling;
pub mod line;
pub mod maps;
pub mod owners;
mod part;
pub mod permission;
pub mod place;
pub mod sheet;
pub mod statement;
pub mod subject;
mod verdict;

/// Version of all JSON forms of this module; keys are only added.
pub const FORMAT: u32 = 1;

/// The phases of a build in their fixed order, with what holds after each.
pub const PHASES: [(&str, &str); 10] = [
    ("read", "all input is in memory; nothing reads the workspace after it"),
    ("parse", "every value has its place: file, line and column"),
    ("compile policy and schema", "every rule is known, and no two are equally specific"),
    ("check rights", "each layer says only what its role and tier may, also where it is hidden"),
    ("resolve leaves", "each place has one winner, or is E-PEER; what it hides is kept"),
    ("order lists and blocks", "each item stands on its side of its anchor"),
    ("choose locale", "each text is the page's language, or the page falls back whole"),
    ("check the result", "required values are there and have their types"),
    ("interpolate and render", "each variable is filled; limits hold for what was rendered"),
    ("write", "packages, manifests and zips are in place: old or new, never half"),
];

/// Something on the command line that the workspace does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What was looked for: `deployment`, `path`, `partner`, `locale`.
    pub what: &'static str,
    pub name: String,
    /// The name it was probably meant to be.
    pub near: Option<String>,
}

impl Unknown {
    /// An unknown name, with the nearest of those that are known.
    pub fn new<'a>(what: &'static str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self { what, name: name.to_owned(), near: crate::diag::nearest(name, known).map(str::to_owned) }
    }
}

#[cfg(test)]
mod tests;
