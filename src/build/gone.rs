//! What of the lead's path a deployment does not have, and why (W1).

use std::sync::Arc;

use crate::catalog::patch::{Contribution, Right, above};
use crate::catalog::place::Step;
use crate::catalog::{Catalog, LayerId};
use crate::journey::Mode;
use crate::resolve::Stack;
use crate::resolve::tree::Tree;
use crate::source::{Sources, Span};

use super::nodes::Node;
use super::{Program, able, handing, leads};

/// A node that is not here, since something else holds here.
#[derive(Clone, Debug)]
pub struct Gone {
    pub path: Arc<str>,
    /// `sales.offered`
    pub name: String,
    /// Why, as the end of a sentence: "only `motion=event` has it".
    pub since: String,
    /// What says so.
    pub place: Option<Span>,
}

impl Gone {
    /// The whole sentence, with the place.
    pub fn said(&self, sources: &Sources) -> String {
        let place = self.place.map(|span| format!(", {}", line(sources, span))).unwrap_or_default();
        format!("`{}` is gone here, since {}{place}", self.name, self.since)
    }
}

/// A place as people write it: `motions/services/journey.yaml:12`.
pub fn line(sources: &Sources, span: Span) -> String {
    format!("{}:{}", sources.get(span.source).path.as_str(), sources.position(span).line)
}

/// What a deployment is made of, as far as its path is concerned.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub program: &'a Program,
    pub stack: &'a Stack,
    /// What its layers say, before anybody is asked who may have the lead.
    pub written: &'a Tree,
    /// What is left of it.
    pub tree: &'a Tree,
}

impl Around<'_> {
    /// All that is gone, in the order of lists and ids.
    pub fn gone(self) -> Vec<Gone> {
        let nodes = self.program.nodes().all.iter().filter(|node| node.find(self.tree).is_none());
        nodes.map(|node| self.of(node)).collect()
    }

    fn of(self, node: &Node) -> Gone {
        let why = self.unhanded(node).or_else(|| self.unfit(node)).or_else(|| self.unable(node));
        let why = why.or_else(|| self.unconfirmed(node)).or_else(|| self.taken_out(node));
        let (since, place) = why.unwrap_or_else(|| self.elsewhere(node));
        Gone { path: node.path.clone(), name: node.name.clone(), since, place }
    }

    /// W2: who owes something in a state may not have the lead.
    fn unhanded(self, node: &Node) -> Option<(String, Option<Span>)> {
        let state = node.find(self.written)?;
        let since = handing::since(state, self.tree)?;
        Some((since, self.tree.at("leads.keeps").and_then(Tree::origin).map(|origin| origin.span)))
    }

    /// W1: a record goes over only where leads are kept in another way, or of other partners.
    fn unfit(self, node: &Node) -> Option<(String, Option<Span>)> {
        let record = node.find(self.written).filter(|_| node.path.starts_with("journey.records["))?;
        leads::since(record, self.tree)
    }

    /// W3: the partner's platform does not do what it takes.
    fn unable(self, node: &Node) -> Option<(String, Option<Span>)> {
        able::since(node.find(self.written)?, self.written, self.tree)
    }

    /// W4: an email that asks to confirm, where nothing is confirmed.
    fn unconfirmed(self, node: &Node) -> Option<(String, Option<Span>)> {
        let named = self.tree.text_at("region.legal.consent_mode");
        let way: Vec<Step> = node.steps.iter().cloned().chain([Step::Key("confirms".into())]).collect();
        let confirms = |&layer: &LayerId| self.catalog().layer(layer).patch.find(&way).is_some();
        let is_unconfirmed = Mode::named(named) != Mode::DoubleOptIn
            && node.path.starts_with("nurture.emails[")
            && self.stack.layers().iter().any(confirms);
        let place = self.tree.at("region.legal.consent_mode").and_then(Tree::origin).map(|origin| origin.span);
        let since = match named {
            Some(named) => format!("`region.legal.consent_mode` is `{named}`, so no permission is confirmed"),
            None => "no `region.legal.consent_mode` asks to confirm permissions".to_owned(),
        };
        is_unconfirmed.then_some((since, place))
    }

    /// A layer takes it out, or replaces what it stands in.
    fn taken_out(self, node: &Node) -> Option<(String, Option<Span>)> {
        let catalog = self.catalog();
        let takes = |said: &&Contribution| {
            said.right == Right::Remove || (*said.path != *node.path && said.right.takes_along())
        };
        let of_layer = |&layer: &LayerId| {
            let said = above(&node.path).flat_map(|path| catalog.layer(layer).said_at(path)).find(takes)?;
            Some((format!("`{}` takes it out", catalog.layer(layer).selector), Some(said.span)))
        };
        let mut stronger = self.stack.layers().iter().rev().filter(|layer| !node.layers.contains(layer));
        stronger.find_map(of_layer)
    }

    /// Only layers have it that do not hold here.
    fn elsewhere(self, node: &Node) -> (String, Option<Span>) {
        let catalog = self.catalog();
        let others: Vec<&LayerId> = node.layers.iter().filter(|layer| !self.stack.layers().contains(layer)).collect();
        let Some(&&first) = others.first() else { return ("no layer that holds here brings it in".to_owned(), None) };
        let name = |layer: &&LayerId| format!("`{}`", catalog.layer(**layer).selector);
        let (names, verb) =
            (others.iter().map(name).collect::<Vec<_>>().join(", "), if others.len() == 1 { "has" } else { "have" });
        (format!("only {names} {verb} it"), node.written_in(catalog, first))
    }

    fn catalog(&self) -> &Catalog {
        self.program.catalog()
    }
}
