//! Rules, limits and tier cuts as `policy.yaml` writes them.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::catalog::patch::Right;
use crate::catalog::settings::{AxisId, Settings};
use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::source::{Span, Spanned};
use crate::syntax::markdown::Place;
use crate::syntax::tree::{Core, Entry, Map, Node};

use super::limits::{self, Limits};
use super::pattern::Pattern;

/// One line of the policy: for a set of paths, which role may do what, and how far.
#[derive(Clone, Debug)]
pub struct Rule {
    pub pattern: Pattern,
    pub span: Span,
    /// Rights by role; empty for a fixed path.
    pub allow: IndexMap<Arc<str>, Vec<Right>>,
    /// The only place for insertions and moves.
    pub at: Option<Place>,
    pub limits: Limits,
    /// Which of two peers holds on this path: the axis named first (O4).
    pub precedence: Vec<AxisId>,
    pub reason: Option<Arc<str>>,
    /// G6: the blocks beside it that may be chosen in its place.
    pub variants: Vec<Spanned<Arc<str>>>,
    /// G9: the last day on which breaking the rule is a warning.
    pub grace: Option<Date>,
    /// G13: one of the roles that may set it has to.
    pub is_slot: bool,
    /// F2: a folder to which files may be added.
    pub is_open: bool,
}

impl Rule {
    /// The paths of its variants, which stand beside the block.
    pub fn variant_paths(&self) -> impl Iterator<Item = String> {
        let end = self.pattern.text().rfind(['#', '/']).map_or(0, |at| at + 1);
        let around = &self.pattern.text()[..end];
        self.variants.iter().map(move |name| format!("{around}{}", name.value))
    }
}

/// G7: places that are overridden together or not at all.
#[derive(Clone, Debug)]
pub struct Group {
    pub members: Vec<Pattern>,
    pub span: Span,
    pub reason: Option<Arc<str>>,
}

/// What a tier leaves of the partner's rights.
#[derive(Clone, Debug, Default)]
pub struct TierCut {
    /// The only paths; `None` cuts nothing.
    pub only: Option<Vec<Pattern>>,
    pub max_inserted_blocks: Option<usize>,
    /// O6: how many overlays for a single deployment a partner may have.
    pub max_deployment_overlays: Option<usize>,
    /// Whether a partner of the tier is expected to say something of its own.
    pub own_words: bool,
    pub span: Option<Span>,
}

impl TierCut {
    pub fn leaves(&self, path: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|pattern| pattern.text() == path || pattern.covers(path)))
    }
}

/// What [`read`] finds.
#[derive(Default)]
pub struct Parts {
    pub roles: IndexMap<Arc<str>, Vec<AxisId>>,
    pub rules: Vec<Rule>,
    pub groups: Vec<Group>,
    pub owners: IndexMap<Arc<str>, Arc<str>>,
    pub tiers: IndexMap<Arc<str>, TierCut>,
}

pub fn read(node: &Node, settings: &Settings, diagnostics: &mut Diagnostics) -> Parts {
    let mut reader = Reader { settings, diagnostics };
    let mut parts = Parts::default();
    let Some(map) = reader.map(node, "policy.yaml") else { return parts };
    reader.known(map, &["roles", "rules", "tiers", "owners"]);
    if let Some(roles) = map.get("roles") {
        parts.roles = reader.roles(roles);
    }
    if let Some(owners) = map.get("owners").and_then(|owners| reader.map(owners, "owners")) {
        let handle = |entry: &Entry| Some((entry.key.value.clone(), entry.value.as_text()?.clone()));
        parts.owners = owners.entries.iter().filter_map(handle).collect();
    }
    for rule in map.get("rules").and_then(Node::as_seq).unwrap_or(&[]) {
        match rule.as_map().and_then(|map| map.entry("group")) {
            Some(members) => parts.groups.extend(reader.group(rule, &members.value)),
            None => parts.rules.extend(reader.rule(rule, &parts.roles)),
        }
    }
    if let Some(tiers) = map.get("tiers").and_then(|tiers| reader.map(tiers, "tiers")) {
        parts.tiers = tiers.entries.iter().filter_map(|entry| reader.tier(entry)).collect();
    }
    reader.ties(&parts.rules);
    parts
}

struct Reader<'a> {
    settings: &'a Settings,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    fn error(&mut self, message: impl Into<String>, span: Span, help: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error("E-POLICY", message).at(span, "").help(help));
    }

    fn map<'n>(&mut self, node: &'n Node, name: &str) -> Option<&'n Map> {
        let map = node.as_map();
        if map.is_none() {
            self.error(format!("`{name}` has to be a map"), node.span, format!("this is {}", node.kind()));
        }
        map
    }

    fn known(&mut self, map: &Map, known: &[&str]) {
        for entry in &map.entries {
            let key = &entry.key.value;
            if !known.contains(&&**key) {
                let help = match nearest(key, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known keys are {}", known.join(", ")),
                };
                self.error(format!("the policy knows no `{key}`"), entry.key.span, help);
            }
        }
    }

    fn roles(&mut self, node: &Node) -> IndexMap<Arc<str>, Vec<AxisId>> {
        let mut roles = IndexMap::new();
        let Some(map) = self.map(node, "roles") else { return roles };
        for entry in &map.entries {
            roles.insert(entry.key.value.clone(), self.axes(&entry.value));
        }
        roles
    }

    fn axes(&mut self, node: &Node) -> Vec<AxisId> {
        let mut axes = Vec::new();
        for name in node.as_seq().unwrap_or(&[]) {
            let Some(text) = name.as_text() else { continue };
            match self.settings.axis_named(text) {
                Some(axis) => axes.push(axis),
                None => {
                    self.error(format!("there is no axis `{text}`"), name.span, "axes are declared in `cobrand.yaml`")
                }
            }
        }
        axes
    }

    fn rule(&mut self, node: &Node, roles: &IndexMap<Arc<str>, Vec<AxisId>>) -> Option<Rule> {
        let map = self.map(node, "rule")?;
        let known =
            ["path", "open", "fixed", "allow", "at", "variants", "limits", "precedence", "grace", "slot", "reason"];
        self.known(map, &known);
        let is_open = map.get("open").is_some();
        let Some(path) = map.get(if is_open { "open" } else { "path" }).and_then(Node::as_text) else {
            self.error("a rule has no `path`", node.span, "name what it is about: `path: \"content/landing.md#hero\"`");
            return None;
        };
        let fixed = map.get("fixed").and_then(Node::as_scalar).is_some_and(|s| s.core() == Core::Bool(true));
        let allow = map.entry("allow").map(|entry| self.allow(entry, roles)).unwrap_or_default();
        if fixed == map.get("allow").is_some() {
            self.error(
                format!("the rule for `{path}` has to be either fixed or open"),
                node.span,
                "give one of `fixed: true` and `allow: {role: [rights]}`",
            );
        }
        Some(Rule {
            pattern: Pattern::new(&**path),
            span: node.span,
            allow,
            at: map.get("at").and_then(|at| self.place(at)),
            limits: map.get("limits").map(|node| limits::read(node, self.diagnostics)).unwrap_or_default(),
            precedence: map.get("precedence").map(|axes| self.axes(axes)).unwrap_or_default(),
            reason: map.get("reason").and_then(Node::as_text).cloned(),
            variants: map.get("variants").map(|list| self.variants(path, list)).unwrap_or_default(),
            grace: map.get("grace").and_then(|day| self.date(day)),
            is_slot: map.get("slot").is_some_and(|word| self.slot(path, word)),
            is_open,
        })
    }

    fn group(&mut self, node: &Node, members: &Node) -> Option<Group> {
        let map = self.map(node, "group")?;
        self.known(map, &["group", "reason"]);
        let paths = members.as_seq().unwrap_or(&[]).iter().filter_map(Node::as_text);
        let members: Vec<_> = paths.map(|path| Pattern::new(&**path)).collect();
        if members.len() < 2 {
            self.error("a group has to name two paths or more", node.span, "write `group: [path, path]`");
            return None;
        }
        Some(Group { members, span: node.span, reason: map.get("reason").and_then(Node::as_text).cloned() })
    }

    fn variants(&mut self, path: &str, node: &Node) -> Vec<Spanned<Arc<str>>> {
        if !path.contains(".md#") || path.contains('*') {
            let help = "write the rule for a single block: `path: \"content/landing.md#proof\"`";
            self.error("only a block has variants", node.span, help);
            return Vec::new();
        }
        let names = node.as_seq().unwrap_or(&[]).iter();
        names.filter_map(|name| Some(Spanned::new(name.as_text()?.clone(), name.span))).collect()
    }

    fn date(&mut self, node: &Node) -> Option<Date> {
        let date = node.as_text().and_then(|text| text.parse().ok());
        if date.is_none() {
            self.error("`grace` has to be a day", node.span, "write the last day of grace, such as 2026-12-31");
        }
        date
    }

    fn slot(&mut self, path: &str, node: &Node) -> bool {
        let is_required = node.as_text().is_some_and(|word| &**word == "required");
        if !is_required || path.contains('*') {
            self.error("this is no slot", node.span, "write `slot: required` in the rule for a single path");
        }
        is_required
    }

    fn allow(&mut self, entry: &Entry, roles: &IndexMap<Arc<str>, Vec<AxisId>>) -> IndexMap<Arc<str>, Vec<Right>> {
        let mut allow = IndexMap::new();
        let Some(map) = self.map(&entry.value, "allow") else { return allow };
        for entry in &map.entries {
            let role = &entry.key.value;
            if !roles.contains_key(role) {
                let near = nearest(role, roles.keys().map(|role| &**role));
                let help =
                    near.map_or("roles are declared in `roles`".into(), |near| format!("did you mean `{near}`?"));
                self.error(format!("there is no role `{role}`"), entry.key.span, help);
            }
            let mut rights = Vec::new();
            for word in entry.value.as_seq().unwrap_or(&[]) {
                let Some(text) = word.as_text() else { continue };
                match Right::from_word(text) {
                    Some(right) => rights.push(right),
                    None => {
                        let words = || Right::ALL.into_iter().map(Right::word);
                        let help = match nearest(text, words()) {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("rights are {}", words().collect::<Vec<_>>().join(", ")),
                        };
                        self.error(format!("there is no right `{text}`"), word.span, help);
                    }
                }
            }
            allow.insert(role.clone(), rights);
        }
        allow
    }

    fn place(&mut self, node: &Node) -> Option<Place> {
        let place = Place::of(node);
        if place.is_none() {
            self.error("`at` is no place", node.span, "write `first`, `last`, `{before: id}` or `{after: id}`");
        }
        place
    }

    fn count(&mut self, map: &Map, key: &str) -> Option<usize> {
        let node = map.get(key)?;
        match node.as_scalar().map(|scalar| scalar.core()) {
            Some(Core::Int(count)) if count >= 0 => usize::try_from(count).ok(),
            _ => {
                self.error(format!("`{key}` has to be a whole number"), node.span, format!("this is {}", node.kind()));
                None
            }
        }
    }

    fn tier(&mut self, entry: &Entry) -> Option<(Arc<str>, TierCut)> {
        let map = self.map(&entry.value, &entry.key.value)?;
        self.known(map, &["only", "max_inserted_blocks", "max_deployment_overlays", "own_words"]);
        let only = map
            .get("only")
            .and_then(Node::as_seq)
            .map(|paths| paths.iter().filter_map(|path| path.as_text().map(|text| Pattern::new(&**text))).collect());
        let max_inserted_blocks = self.count(map, "max_inserted_blocks");
        let max_deployment_overlays = self.count(map, "max_deployment_overlays");
        let own_words = map.get("own_words").and_then(Node::as_scalar).is_some_and(|s| s.core() == Core::Bool(true));
        let span = Some(entry.key.span);
        Some((entry.key.value.clone(), TierCut { only, max_inserted_blocks, max_deployment_overlays, own_words, span }))
    }

    /// Two rules for exactly the same paths: which one would hold?
    fn ties(&mut self, rules: &[Rule]) {
        for (index, rule) in rules.iter().enumerate() {
            if let Some(first) = rules[..index].iter().find(|other| other.pattern == rule.pattern) {
                self.diagnostics.push(
                    Diagnostic::error("E-POLICY", format!("two rules for `{}`", rule.pattern.text()))
                        .at(rule.span, "again here")
                        .other(first.span, "first here")
                        .help("make them one rule"),
                );
            }
        }
    }
}
