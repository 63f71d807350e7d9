//! One deployment, or the master alone, resolved as far as a question needs.

use std::cell::OnceCell;
use std::sync::Arc;

use crate::build::{self, Fallen, Program};
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::PatchKind;
use crate::catalog::place::Step;
use crate::diag::Diagnostics;
use crate::matrix;
use crate::matrix::query::Query;
use crate::resolve::account::Account;
use crate::resolve::tree::Tree;
use crate::resolve::{Resolver, Stack};

use super::Unknown;
use super::fallback::Fallback;

pub use crate::catalog::place::governed;

/// The name of the master where a deployment is expected.
pub const MASTER: &str = "master";

/// A combination of axis values with the layers that match it.
pub struct Subject<'a> {
    pub program: &'a Program,
    /// The deployment's id, or `master`.
    pub id: String,
    /// For each axis its value.
    pub values: Vec<Option<usize>>,
    pub stack: Stack,
    /// The locales it is made in; the first is the default.
    pub locales: Vec<LocaleId>,
    resolver: Resolver<'a>,
    /// What is not made in its own locale, looked for when the first text is asked about.
    fallen: OnceCell<Box<[Fallen]>>,
}

impl<'a> Subject<'a> {
    /// The deployment of that id, or the master alone.
    pub fn open(program: &'a Program, id: &str) -> Result<Self, Unknown> {
        let id = id.trim_end_matches('/').trim_start_matches("./");
        if id == MASTER {
            return Ok(Self::of(program, MASTER.to_owned(), vec![None; program.catalog().settings.axes.len()]));
        }
        match find(program, id) {
            Some(values) => Ok(Self::of(program, id.to_owned(), values)),
            None => {
                let ids = program.matrix().ids(program.catalog());
                Err(Unknown::new("deployment", id, ids.iter().map(String::as_str)))
            }
        }
    }

    fn of(program: &'a Program, id: String, values: Vec<Option<usize>>) -> Self {
        let catalog = program.catalog();
        let stack = Stack::matching(catalog, &values);
        let resolver = Resolver::new(program.approved());
        let region = resolver.resolve_only(build::LOCALES, &stack, catalog.locales.source());
        let locales = build::locales(&region, &catalog.locales);
        Self { program, id, values, stack, locales, resolver, fallen: OnceCell::new() }
    }

    /// The default locale, or the one with the given tag.
    pub fn locale(&self, tag: Option<&str>) -> Result<LocaleId, Unknown> {
        let locales = &self.program.catalog().locales;
        match tag {
            None => Ok(self.locales.first().copied().unwrap_or(locales.source())),
            Some(tag) => locales.find(tag).ok_or_else(|| Unknown::new("locale", tag, locales.tags())),
        }
    }

    /// The pages and emails that were to show a path in a locale, and are made in another. For the master alone none is.
    pub fn fallbacks(&self, path: &str, locale: LocaleId) -> Vec<Fallback> {
        let all = || match self.id == MASTER {
            true => Box::default(),
            false => build::fallen(self.program, &self.values).into(),
        };
        let fallen = if self.locales.contains(&locale) { self.fallen.get_or_init(all) } else { &[][..] };
        let shows = |fallen: &&Fallen| fallen.wanted == locale && fallen.shows(path);
        fallen.iter().filter(shows).map(|fallen| Fallback::of(self.program, fallen)).collect()
    }

    /// Everything it says in a locale. What is wrong with it is for a build to say.
    pub fn tree(&self, locale: LocaleId) -> Arc<Tree> {
        self.resolver.resolve(&self.stack, locale, None, &mut Diagnostics::default()).tree
    }

    /// As [`Subject::tree`], of what lies at one key at the tree's top.
    pub fn part(&self, key: &str, locale: LocaleId) -> Arc<Tree> {
        self.resolver.resolve_only(key, &self.stack, locale)
    }

    /// What became of all that its layers say on the way to a place and below it.
    pub fn account(&self, way: &[Step], locale: LocaleId) -> Account {
        self.resolver.account(way, &self.stack, locale).1
    }

    /// The keys at the top of what its layers say, a layer's own first.
    pub fn keys(&self) -> impl Iterator<Item = &'a Arc<str>> {
        let catalog = self.program.catalog();
        let patches = self.stack.layers().iter().flat_map(|&id| {
            let layer = catalog.layer(id);
            std::iter::once(&layer.patch).chain(layer.translations.values())
        });
        let entries = patches.filter_map(|patch| match &patch.kind {
            PatchKind::Map(entries) => Some(entries.keys()),
            _ => None,
        });
        entries.flatten()
    }

    /// The value of the axis `tier`.
    pub fn tier(&self) -> Option<&'a str> {
        let catalog = self.program.catalog();
        let axis = catalog.settings.axis_named("tier")?;
        Some(&catalog.axes[axis.0].at(self.values[axis.0]?).id)
    }
}

/// The axis values of a deployment's id.
pub fn find(program: &Program, id: &str) -> Option<Vec<Option<usize>>> {
    let catalog = program.catalog();
    let named = program.matrix().narrowed(catalog, &[Query::new(id)]);
    let base = named.bases().first()?;
    let values = base.with_partner(catalog, *base.partners.first()?);
    // A query may hold stars; an id has none.
    (matrix::id(catalog, &values) == id).then_some(values)
}

/// A path as somebody may write it: without the master's folder before it.
pub fn normalized(path: &str) -> &str {
    let path = path.trim();
    path.strip_prefix("master-templates/").unwrap_or(path)
}

/// Whether a path is what a block is known by, and not what it says.
pub fn is_plumbing(path: &str) -> bool {
    path.contains(".md#") && [".id", ".level", ".class"].iter().any(|end| path.ends_with(end))
}
