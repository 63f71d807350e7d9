//! Two deployments, leaf by leaf: how far is this one from the other, or from the standard.

use indexmap::IndexMap;
use serde::Serialize;

use crate::build::Program;
use crate::policy::HQ;
use crate::resolve::tree::{Resolved, Tree};

use super::FORMAT;
use super::permission;
use super::place::Place;
use super::statement::shown;
use super::subject::Subject;

/// What `diff` answers.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    pub format: u32,
    pub a: String,
    pub b: String,
    pub locale: String,
    pub files: Vec<FileDifference>,
    pub summary: Summary,
}

/// The differences in one file of the master's tree, or in one record.
#[derive(Clone, Debug, Serialize)]
pub struct FileDifference {
    pub file: String,
    pub differences: Vec<Difference>,
}

/// A value that is not the same on both sides.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    pub path: String,
    /// `null` where the side has no such value.
    pub a: Option<Side>,
    pub b: Option<Side>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    pub layer: String,
    pub text: String,
    #[serde(flatten)]
    pub place: Place,
}

/// How far the second side is from the master.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Values of the second side; the records of the axes are not counted, since each value of an axis has its own.
    pub values: usize,
    pub different: usize,
    /// For each role how many of the second side's values come from its layers, weak to strong.
    pub roles: IndexMap<String, usize>,
}

/// Compares two subjects in the default locale of the second.
pub fn compare(a: &Subject<'_>, b: &Subject<'_>) -> Comparison {
    let program = b.program;
    let catalog = program.catalog();
    // The master has no region and so no locale of its own: both sides are read in one language.
    let locale = b.locales.first().copied().unwrap_or(catalog.locales.source());
    let (left, right) = (a.tree(locale), b.tree(locale));
    let (left, right) = (leaves(&left), leaves(&right));
    let mut files: IndexMap<String, Vec<Difference>> = IndexMap::new();
    let mut note = |difference: Difference| files.entry(file(&difference.path)).or_default().push(difference);
    for (path, mine) in &left {
        match right.get(path) {
            Some(theirs) if same(mine, theirs) => {}
            theirs => note(difference(program, path, Some(mine), theirs.copied())),
        }
    }
    for (path, theirs) in right.iter().filter(|(path, _)| !left.contains_key(*path)) {
        note(difference(program, path, None, Some(theirs)));
    }
    let summary = summary(program, &right, files.values().map(Vec::len).sum());
    Comparison {
        format: FORMAT,
        a: a.id.clone(),
        b: b.id.clone(),
        locale: catalog.locale(locale).tag.to_string(),
        files: files.into_iter().map(|(file, differences)| FileDifference { file, differences }).collect(),
        summary,
    }
}

fn leaves(tree: &Tree) -> IndexMap<String, &Resolved> {
    tree.places().into_iter().filter_map(|(path, node)| Some((path, node.as_leaf()?))).collect()
}

fn same(a: &Resolved, b: &Resolved) -> bool {
    a.leaf == b.leaf
        && a.amended.len() == b.amended.len()
        && a.amended.iter().zip(&b.amended).all(|(a, b)| a.leaf == b.leaf)
}

fn difference(program: &Program, path: &str, a: Option<&Resolved>, b: Option<&Resolved>) -> Difference {
    Difference {
        path: path.to_owned(),
        a: a.map(|resolved| side(program, resolved)),
        b: b.map(|resolved| side(program, resolved)),
    }
}

fn side(program: &Program, resolved: &Resolved) -> Side {
    let texts = std::iter::once(&resolved.leaf).chain(resolved.amended.iter().map(|more| &more.leaf));
    let strongest = resolved.amended.last().map_or(resolved.origin, |more| more.origin);
    Side {
        layer: program.catalog().layer(strongest.layer).selector.to_string(),
        text: texts.map(shown).collect::<Vec<_>>().join("\n"),
        place: Place::of(program.sources(), strongest.span),
    }
}

fn summary(program: &Program, leaves: &IndexMap<String, &Resolved>, different: usize) -> Summary {
    let policy = program.approved().policy();
    let mut roles: IndexMap<String, usize> = IndexMap::from([("master".to_owned(), 0), (HQ.to_owned(), 0)]);
    roles.extend(policy.role_names().map(|role| (role.to_owned(), 0)));
    let counted: Vec<_> = leaves.iter().filter(|(path, _)| !is_record(program, path)).collect();
    for (_, resolved) in &counted {
        let strongest = resolved.amended.last().map_or(resolved.origin, |more| more.origin);
        let layer = program.catalog().layer(strongest.layer);
        let role = match layer.selector.is_master() {
            true => "master".to_owned(),
            false => permission::roles(program, strongest.layer).pop().unwrap_or_else(|| HQ.to_owned()),
        };
        *roles.entry(role).or_default() += 1;
    }
    Summary { values: counted.len(), different, roles }
}

fn is_record(program: &Program, path: &str) -> bool {
    let root = root(path);
    program.catalog().settings.axes.iter().any(|axis| &*axis.name == root)
}

fn root(path: &str) -> &str {
    &path[..path.find(['.', '[']).unwrap_or(path.len())]
}

/// What a difference is listed under: the Markdown file or the asset, else the root (`nurture`, `partner`).
fn file(path: &str) -> String {
    match path.split_once(".md") {
        Some((file, _)) => format!("{file}.md"),
        None if path.starts_with("assets/") => path.to_owned(),
        None => root(path).to_owned(),
    }
}
