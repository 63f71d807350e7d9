//! What the variables of a text stand for, and who set them.

use std::cell::OnceCell;
use std::sync::Arc;

use serde::Serialize;

use crate::build;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::{Leaf, is_within};
use crate::data::Data;
use crate::interpolate::{Escape, Scope};
use crate::policy::HQ;
use crate::resolve::tree::{Resolved, Tree};
use crate::values::{Shared, Values};

use super::part;
use super::permission;
use super::place::Place;
use super::subject::Subject;

/// A variable of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Variable {
    pub path: String,
    /// `null` where it is not set, or where a build alone knows it.
    pub value: Option<String>,
    /// Who set it; `null` for what is computed from the deployment.
    pub layer: Option<String>,
    #[serde(flatten)]
    pub place: Option<Place>,
    /// The roles that may set it: a fixed text may hold variables that others set (I4).
    pub roles: Vec<String>,
}

impl Variable {
    /// Whether it follows from the deployment, and no layer sets it.
    pub fn is_computed(&self) -> bool {
        self.layer.is_none() && computed(&self.path)
    }
}

/// What fills the texts of a deployment, looked for when the first text has a variable.
pub struct Filling<'a> {
    subject: &'a Subject<'a>,
    locale: LocaleId,
    tree: &'a Arc<Tree>,
    /// The tree that variables are looked up in, and its values.
    around: OnceCell<(Arc<Tree>, Values<'a>)>,
}

impl<'a> Filling<'a> {
    /// Of the texts in a tree, which may be a part of the whole.
    pub fn of(subject: &'a Subject<'a>, locale: LocaleId, tree: &'a Arc<Tree>) -> Self {
        Self { subject, locale, tree, around: OnceCell::new() }
    }

    /// Looks variables up in this tree.
    pub fn within(self, tree: Arc<Tree>) -> Self {
        Self { around: self.values(tree).into(), ..self }
    }

    pub fn variables(&self, resolved: &Resolved) -> Vec<Variable> {
        let mut paths: Vec<String> = Vec::new();
        for leaf in resolved.leaves() {
            for path in variables(leaf) {
                if !paths.iter().any(|known| known == path) {
                    paths.push(path.to_owned());
                }
            }
        }
        paths.into_iter().map(|path| self.variable(path)).collect()
    }

    fn variable(&self, path: String) -> Variable {
        let program = self.subject.program;
        let (tree, values) = self.around();
        let origin = tree.at(&path).and_then(Tree::origin);
        let value = Scope::value(values, &path);
        let value = value.filter(|value| !value.is_null()).map(|value| text(&value));
        let policy = program.approved().policy();
        let is_set = origin.is_some() || !computed(&path);
        let may_set =
            |role: &&str| is_set && *role != HQ && !permission::speaker(self.subject, role).rights(&path).is_empty();
        let roles = policy.role_names().filter(may_set);
        Variable {
            value,
            layer: origin.map(|origin| program.catalog().layer(origin.layer).selector.to_string()),
            place: origin.map(|origin| Place::of(program.sources(), origin.span)),
            roles: roles.map(str::to_owned).collect(),
            path,
        }
    }

    /// A text with its variables filled; Markdown stays Markdown.
    pub fn filled(&self, leaf: &Leaf) -> Option<String> {
        match leaf {
            Leaf::Text { text, .. } => text.fill(&self.around().1, Escape::None).ok().map(|text| text.to_string()),
            _ => None,
        }
    }

    fn around(&self) -> &(Arc<Tree>, Values<'a>) {
        self.around.get_or_init(|| self.values(part::around(self.subject, self.locale, self.tree)))
    }

    fn values(&self, tree: Arc<Tree>) -> (Arc<Tree>, Values<'a>) {
        // Where no row fits there is none; the build says so.
        let tree = build::with_leads(&tree).unwrap_or(tree);
        let computed = build::computed(self.subject.program, &self.subject.values, &tree);
        let tag = self.subject.program.catalog().locale(self.locale).tag.clone();
        let values = Values::new(tree.clone(), computed.into(), tag, Shared::nothing());
        (tree, values)
    }
}

/// The paths that a value refers to.
pub fn variables(leaf: &Leaf) -> Vec<&str> {
    match leaf {
        Leaf::Text { text, .. } => text.variables().collect(),
        Leaf::Prose { prose, .. } => prose.variables().collect(),
        Leaf::Seq(items) => items.iter().flat_map(variables).collect(),
        Leaf::Map(entries) => entries.values().flat_map(variables).collect(),
        _ => Vec::new(),
    }
}

/// Roots that follow from the deployment, and that no layer sets.
fn computed(path: &str) -> bool {
    build::COMPUTED.iter().any(|root| is_within(path, root))
}

fn text(value: &Data) -> String {
    match value {
        Data::List(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Data::Map(_) => "…".to_owned(),
        value => crate::filters::print(value).map(|text| text.into_owned()).unwrap_or_default(),
    }
}
