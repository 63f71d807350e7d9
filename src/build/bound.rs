//! Words that are bound to nodes (J16): in the texts that a deployment prints, what they are bound to is there, and
//! nothing is called by the name of what is not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::catalog::locales::LocaleId;
use crate::catalog::patch::Leaf;
use crate::components::ComponentKind;
use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::document::plan::{Document, Email, EmailOutput, Output, Plan};
use crate::paths::OutputPath;
use crate::resolve::tree::{Origin, Tree};
use crate::schema::journey::nodes::{STATUS_FILE, places};
use crate::source::{Span, Spanned};

use super::Program;
use super::gone::line;
use super::mender::Mender;
use super::mentions;
use super::nodes::{Node, Paths, fixed};
use super::reads::reached;
use super::stale::{self, Stale};

/// What a deployment is printed from.
pub struct Printed<'p> {
    pub plan: &'p Plan,
    /// The locale whose texts each page and email shows, where it is not the planned one.
    pub languages: &'p BTreeMap<OutputPath, LocaleId>,
    pub trees: &'p BTreeMap<LocaleId, Arc<Tree>>,
    /// Whether partners return a status file here.
    pub has_status: bool,
}

/// Notes words that are bound to what is gone, and titles of what is gone that stand unbound.
pub fn check(printed: &Printed<'_>, mender: Mender<'_>, diagnostics: &mut Diagnostics) {
    let Mender { program, gone, .. } = mender;
    let stale = |(&locale, tree): (&LocaleId, &Arc<Tree>)| (locale, stale::all(mender, tree, locale));
    let stale: BTreeMap<LocaleId, BTreeMap<usize, Stale>> = printed.trees.iter().map(stale).collect();
    let lacks_status = !printed.has_status && program.binds_status();
    if gone.is_empty() && !lacks_status && stale.values().all(BTreeMap::is_empty) {
        return;
    }
    let (mut found, mut bound, none) = (Found::default(), HashMap::new(), BTreeMap::new());
    for (locale, texts) in printed.texts(mender) {
        let stale = stale.get(&locale).unwrap_or(&none);
        let mut checker = Checker { stale, mender, lacks_status, bound: &mut bound, found: &mut found };
        for text in texts {
            checker.below(text);
        }
    }
    diagnostics.extend(found.all);
}

/// What is made of a content file and some templates, in a locale.
type Made<'p> = (LocaleId, [Option<&'p Arc<str>>; 2], Option<&'p Arc<str>>);

impl<'p> Printed<'p> {
    /// In each language the nodes with the texts that are printed in it.
    fn texts(&self, mender: Mender<'_>) -> BTreeMap<LocaleId, Vec<&'p Tree>> {
        let made: Vec<Made<'_>> = self.made();
        let paths = mender.program.nodes().printed(Digest::of_value(&made), || paths(&made, mender.program));
        let of_locale = |(&locale, paths): (&LocaleId, &BTreeSet<Arc<str>>)| {
            let tree = self.trees.get(&locale)?;
            let nodes = paths.iter().filter_map(|path| node(tree, path)).flat_map(|node| own(tree, node));
            Some((locale, once(nodes)))
        };
        paths.iter().filter_map(of_locale).collect()
    }

    fn made(&self) -> Vec<Made<'p>> {
        let locale = |path: &OutputPath, planned| self.languages.get(path).copied().unwrap_or(planned);
        let page = |document: &'p Document, output: &'p Output| {
            (locale(&output.path, output.locale), [Some(&document.template), None], document.content.as_ref())
        };
        let email = |email: &'p Email, output: &'p EmailOutput| {
            let templates = [Some(&email.html), Some(&email.text)];
            (locale(&output.html, output.locale), templates, Some(&email.content))
        };
        let mut made = Vec::new();
        for document in &self.plan.documents {
            made.extend(document.outputs.iter().map(|output| page(document, output)));
        }
        for item in &self.plan.emails {
            made.extend(item.outputs.iter().map(|output| email(item, output)));
        }
        made
    }
}

/// In each language the paths of what is printed in it.
fn paths(made: &[Made<'_>], program: &Program) -> Paths {
    let mut paths = Paths::new();
    let mut read: BTreeSet<(LocaleId, &Arc<str>)> = BTreeSet::new();
    for &(locale, templates, content) in made {
        let own = paths.entry(locale).or_default();
        own.extend(content.cloned());
        let whole = templates.into_iter().flatten().filter_map(|name| program.engine().reads(name));
        for name in whole.flat_map(|reads| &reads.whole) {
            if read.insert((locale, name)) {
                own.extend(program.engine().reads(name).iter().flat_map(|reads| &reads.paths).cloned());
            }
        }
    }
    // Components print what stands below their names in the master's language, beside what templates name.
    let source = program.catalog().locales.source();
    paths.entry(source).or_default().extend(ComponentKind::ALL.map(|component| Arc::from(component.id())));
    paths
}

/// What a path of a template leads to, or a content file.
fn node<'t>(tree: &'t Tree, path: &str) -> Option<&'t Tree> {
    tree.get(path).map(|node| &**node).or_else(|| Some(reached(tree, path)?.1))
}

/// A node; of the playbook, without what it says for partners with other systems.
fn own<'t>(tree: &'t Tree, node: &'t Tree) -> Vec<&'t Tree> {
    let is_playbook = tree.get("playbook").is_some_and(|playbook| std::ptr::eq(&**playbook, node));
    if !is_playbook {
        return vec![node];
    }
    let capability = tree.text_at("partner.capability").unwrap_or_default();
    let parts = node.children().flat_map(|(key, part)| match &**key {
        "capabilities" => part.get(capability).map(|own| &**own).into_iter().collect::<Vec<_>>(),
        _ => vec![&**part],
    });
    parts.collect()
}

/// Each node once, wherever it was named.
fn once<'t>(nodes: impl Iterator<Item = &'t Tree>) -> Vec<&'t Tree> {
    let mut known = BTreeSet::new();
    nodes.filter(|node| known.insert(std::ptr::from_ref(*node) as usize)).collect()
}

/// What was found, that of one cause once.
#[derive(Default)]
struct Found {
    all: Vec<Diagnostic>,
    causes: HashMap<(Span, String), usize>,
}

impl Found {
    fn add(&mut self, diagnostic: Diagnostic) {
        let place = diagnostic.place.as_ref().map(|label| label.span);
        let at = place.map(|span| (span, diagnostic.message.clone()));
        match at.as_ref().and_then(|at| self.causes.get(at)) {
            Some(&known) => {
                let new = diagnostic.others.into_iter().filter(|other| !self.all[known].others.contains(other));
                let new: Vec<_> = new.collect();
                self.all[known].others.extend(new);
            }
            None => {
                self.causes.extend(at.map(|at| (at, self.all.len())));
                self.all.push(diagnostic);
            }
        }
    }
}

struct Checker<'c> {
    /// Titles that name nothing here.
    stale: &'c BTreeMap<usize, Stale>,
    mender: Mender<'c>,
    /// Whether texts name a status file that there is not.
    lacks_status: bool,
    /// Of what words are bound to, whether it is gone.
    bound: &'c mut HashMap<Arc<str>, bool>,
    found: &'c mut Found,
}

impl Checker<'_> {
    /// Looks closer where something is mentioned that is not here.
    fn below(&mut self, text: &Tree) {
        let mentions = self.mender.program.nodes().mentions.of(text);
        let is_wrong = mentions.titles.iter().any(|number| self.stale.contains_key(number))
            || mentions.nodes.iter().any(|node| self.is_gone(node));
        match text.as_leaf() {
            _ if !is_wrong => {}
            Some(resolved) => {
                self.leaf(&resolved.leaf, resolved.origin);
                resolved.amended.iter().for_each(|more| self.leaf(&more.leaf, more.origin));
            }
            None => text.children().for_each(|(_, child)| self.below(child)),
        }
    }

    fn is_gone(&mut self, node: &Arc<str>) -> bool {
        if let Some(&known) = self.bound.get(node) {
            return known;
        }
        let is_gone = self.why_gone(node).is_some();
        self.bound.insert(node.clone(), is_gone);
        is_gone
    }

    /// Why something is not here, as the end of a sentence, and the place in the tree where it would stand.
    fn why_gone(&self, node: &str) -> Option<(String, Option<String>)> {
        if node == STATUS_FILE {
            return self.lacks_status.then(|| ("no record of a lead is handed to the partner here".to_owned(), None));
        }
        let paths = places(node);
        let gone = self.mender.gone.iter().find(|gone| paths.iter().any(|path| **path == *gone.path))?;
        Some((gone.said(self.mender.program.sources()), Some(gone.path.to_string())))
    }

    fn leaf(&mut self, leaf: &Leaf, origin: Origin) {
        for node in leaf.nodes() {
            self.node(node, origin);
        }
        mentions::words(leaf, &mut |source| self.words(source, origin));
    }

    /// What words are bound to is here.
    fn node(&mut self, node: &Spanned<Arc<str>>, origin: Origin) {
        let Some((why, path)) = self.why_gone(&node.value) else { return };
        let own = Origin { span: node.span, ..origin };
        let message = format!("words are bound to `{}`, and {why}", node.value);
        let error =
            Diagnostic::error("E-J16", message).help("bind them to what is here, or write another text for here");
        self.found.add(self.mender.text(error, own, &Vec::from_iter(path)));
    }

    /// No words are the title of what is not here.
    fn words(&mut self, source: &str, origin: Origin) {
        let program = self.mender.program;
        for stale in program.nodes().mentions.titles_in(source).iter().filter_map(|number| self.stale.get(number)) {
            let message = format!("`{}` stands in this text, and {}", stale.title, stale.why);
            let warning = Diagnostic::warning("W-J16", message).at(origin.span, "");
            let warning = match stale.place {
                Some(place) => warning.other(place, line(program.sources(), place)),
                None => warning,
            };
            // What is gone cannot be bound to.
            let help = match stale.instead.is_empty() {
                true => "write another text for here".to_owned(),
                false => format!(
                    "bind the words if they are right, `[words](node:{})`, or write another text for here",
                    stale.name
                ),
            };
            self.found.add(warning.help(help));
        }
    }
}

/// What a node is called in a tree.
pub fn called(node: &Node, tree: &Tree) -> Option<(Arc<str>, Span)> {
    let resolved = node.find(tree)?.get(node.key?)?.as_leaf()?;
    Some((fixed(&resolved.leaf)?, resolved.origin.span))
}
