//! Every file of a package, planned before anything is made: where it goes, what it is, who asks for it, and the job
//! that makes it.
//!
//! A [`Planner`] takes what components ask for and refuses two files that cannot stand side by side, at
//! both places that ask for them. So what is made afterwards has its place already.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::catalog::locales::LocaleId;
use crate::components::ComponentKind;
use crate::diag::{Diagnostic, Diagnostics};
use crate::encode::Content;
use crate::paths::OutputPath;
use crate::source::Span;

/// What documents come to.
pub const PAGE: &str = "page";

/// The forms of an email.
pub const EMAIL: &str = "email";

/// A file that is going to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub path: OutputPath,
    pub order: Order,
}

/// What is asked for at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub component: ComponentKind,
    /// What it is, for the manifest: `page`, `email`, `model`, `table`, `text`.
    pub kind: &'static str,
    /// The locale that it is for; `None` for the master's.
    pub locale: Option<LocaleId>,
    /// The place in the workspace that asks for it; `None` for what every package has.
    pub asked_by: Option<Span>,
    /// Which of its component's jobs makes it.
    pub job: Job,
    /// The values that it is made from, where those are not its component's own part of the package.
    pub reads: Option<&'static [&'static str]>,
}

/// What is made in one go; one job may make several files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// An output of a document, both by their number in the plan.
    Page { document: usize, output: usize },
    /// An email in one locale, in its three forms.
    Email { email: usize, output: usize },
    /// The files that go with the site.
    Assets,
    /// One of the component's tasks.
    Task(usize),
}

/// A finished file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub path: OutputPath,
    pub bytes: Content,
    pub component: ComponentKind,
    pub kind: &'static str,
}

impl Planned {
    /// The file, once it is made.
    pub fn made(&self, bytes: Content) -> File {
        let Order { component, kind, .. } = self.order;
        File { path: self.path.clone(), bytes, component, kind }
    }
}

/// Gathers what is planned; each path once.
#[derive(Clone, Debug, Default)]
pub struct Planner {
    taken: BTreeMap<OutputPath, Option<Order>>,
    /// Files of which it was said that others need a folder there.
    folders: BTreeSet<OutputPath>,
    diagnostics: Diagnostics,
}

impl Planner {
    /// Plans a file. One that cannot stand beside another is an error, and is not planned.
    pub fn add(&mut self, path: OutputPath, order: Order) {
        self.take(path, Some(order));
    }

    /// Plans a file at a path that follows from an id. A path that no output may have is an error at the place
    /// that asks for it.
    pub fn add_at(&mut self, path: &str, order: Order) -> Option<OutputPath> {
        let named = self.named(path, order.asked_by)?;
        self.add(named.clone(), order);
        Some(named)
    }

    /// Plans a file no more.
    pub fn leave_out(&mut self, path: &OutputPath) {
        self.taken.remove(path);
    }

    /// Keeps a path free for what is made of all other files.
    pub fn reserve(&mut self, path: &str) {
        if let Some(path) = self.named(path, None) {
            self.take(path, None);
        }
    }

    /// Says what is wrong with a path, if no output may have it.
    pub fn named(&mut self, path: &str, asked_by: Option<Span>) -> Option<OutputPath> {
        let error = match OutputPath::new(path) {
            Ok(path) => return Some(path),
            Err(error) => error,
        };
        let said = Diagnostic::error("E-OUTPUT", format!("`{path}` is no output path: {error}"))
            .help("lower-case ASCII letters, digits, `-`, `_` and `.`, and no name that means something else to Windows: give it another id or `output`");
        self.diagnostics.push(match asked_by {
            Some(span) => said.at(span, ""),
            None => said,
        });
        None
    }

    fn take(&mut self, path: OutputPath, order: Option<Order>) {
        match self.rival(path.as_str()) {
            Some((other, first)) => {
                let is_around =
                    |outer: &OutputPath, inner: &OutputPath| inner.as_str().starts_with(&format!("{outer}/"));
                // Once for all that would lie in it.
                if is_around(&other, &path) && !self.folders.insert(other.clone()) {
                    return;
                }
                let second = (path.as_str(), asked_by(order.as_ref()));
                self.diagnostics.push(clash(second, (other.as_str(), first)));
            }
            None => drop(self.taken.insert(path, order)),
        }
    }

    /// A file of the same path, or one where the other needs a folder, and who asks for it.
    fn rival(&self, path: &str) -> Option<(OutputPath, Option<Span>)> {
        let mut folders = path.rmatch_indices('/').filter_map(|(end, _)| path.get(..end));
        let above = folders.find_map(|folder| self.taken.get_key_value(folder));
        let inside = format!("{path}/");
        let behind = (Bound::Included(inside.as_str()), Bound::Unbounded);
        let below = self.taken.range::<str, _>(behind).next().filter(|(other, _)| other.as_str().starts_with(&inside));
        let found = self.taken.get_key_value(path).or(above).or(below);
        found.map(|(path, order)| (path.clone(), asked_by(order.as_ref())))
    }

    /// Notes what was wrong so far, once.
    pub fn tell(&mut self, diagnostics: &mut Diagnostics) {
        diagnostics.append(std::mem::take(&mut self.diagnostics));
    }

    /// What was planned, in the order of the paths.
    pub fn planned(self) -> Vec<Planned> {
        let planned = self.taken.into_iter().filter_map(|(path, order)| Some(Planned { path, order: order? }));
        planned.collect()
    }
}

fn asked_by(order: Option<&Order>) -> Option<Span> {
    order.and_then(|order| order.asked_by)
}

/// Two files that one package cannot hold.
fn clash((path, asked_by): (&str, Option<Span>), (first, first_span): (&str, Option<Span>)) -> Diagnostic {
    if let Some(span) = asked_by.filter(|_| asked_by == first_span && path == first) {
        let message = format!("`{path}` would be written once for each language, over the one before");
        return Diagnostic::error("E-OUTPUT", message)
            .at(span, "")
            .help("with `each: locale` an `output` needs `{locale}`");
    }
    let message = if path == first {
        format!("two files are written to `{path}`")
    } else {
        format!("`{first}` and `{path}` cannot both be written: one would be a folder of the other")
    };
    let error = Diagnostic::error("E-OUTPUT", message).help("give one of them another `output` or id");
    // What every package has cannot be mended: the place to say it is the one somebody wrote.
    let (place, other) = match (asked_by, first_span) {
        (Some(second), first) => (Some(second), first),
        (None, first) => (first, None),
    };
    let error = match place {
        Some(span) => error.at(span, "asked for here"),
        None => error,
    };
    match other {
        Some(span) => error.other(span, "and here"),
        None => error.note("every package has that file"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn span(at: usize) -> Option<Span> {
        Some(Span::new(SourceId(0), at, at + 1))
    }

    fn order(asked_by: Option<Span>) -> Order {
        let (component, job) = (ComponentKind::PROOF, Job::Task(0));
        Order { component, kind: "table", locale: None, asked_by, job, reads: None }
    }

    fn said(paths: &[(&str, Option<Span>)]) -> Vec<Diagnostic> {
        let mut planner = Planner::default();
        for (path, span) in paths {
            planner.add_at(path, order(*span));
        }
        let mut found = Diagnostics::default();
        planner.tell(&mut found);
        found.iter().cloned().collect()
    }

    #[test]
    fn what_cannot_stand_side_by_side_is_said_once_at_both_places() {
        for (first, second) in [("a/b.txt", "a/b.txt"), ("a", "a/b.txt"), ("a/b.txt", "a"), ("a/b/c", "a")] {
            let found = said(&[("a.txt", span(0)), (first, span(2)), ("a-b", None), (second, span(4))]);
            assert_eq!(found.len(), 1, "{first} and {second}: {found:?}");
            assert_eq!(found[0].place.as_ref().map(|place| place.span), span(4));
            assert_eq!(found[0].others[0].span, span(2).unwrap());
        }
        assert_eq!(said(&[("a/b", span(0)), ("a/c", span(2)), ("a-b", span(4))]), []);
    }

    #[test]
    fn what_every_package_has_is_said_at_the_place_that_somebody_wrote() {
        for both in [[("a", None), ("a", span(2))], [("a", span(2)), ("a", None)]] {
            let found = said(&both);
            assert_eq!(found[0].place.as_ref().map(|place| place.span), span(2));
            assert_eq!(found[0].others.len(), 0);
        }
    }

    #[test]
    fn what_one_place_asks_for_twice_is_for_languages() {
        let found = said(&[("a", span(2)), ("a", span(2))]);
        assert_eq!(found[0].help.first().map(|help| help.contains("{locale}")), Some(true));
        assert_eq!((found.len(), found[0].others.len()), (1, 0));
    }

    #[test]
    fn a_path_that_no_output_may_have_is_an_error_where_it_is_asked_for() {
        assert_eq!(said(&[("../x", span(3))])[0].place.as_ref().map(|place| place.span), span(3));
    }

    #[test]
    fn what_is_kept_free_is_nobodys_and_no_file_that_is_planned() {
        for is_first in [true, false] {
            let mut planner = Planner::default();
            if is_first {
                planner.reserve("manifest.json");
            }
            planner.add_at("a", order(span(2)));
            planner.add_at("manifest.json", order(span(4)));
            if !is_first {
                planner.reserve("manifest.json");
            }
            let mut found = Diagnostics::default();
            planner.tell(&mut found);
            let places: Vec<_> = found.iter().map(|it| it.place.as_ref().map(|place| place.span)).collect();
            assert_eq!(places, [span(4)]);
            let planned: Vec<String> = planner.planned().iter().map(|it| it.path.to_string()).collect();
            assert_eq!(planned, if is_first { vec!["a"] } else { vec!["a", "manifest.json"] });
        }
    }
}
