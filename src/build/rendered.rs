//! Limits on texts as a page shows them (I6): with every variable filled, in each locale.

use std::sync::Arc;

use crate::catalog::patch::{Leaf, entry_path, item_path};
use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics};
use crate::encode::html::plain;
use crate::guard::wording;
use crate::interpolate::Scope;
use crate::policy::Policy;
use crate::policy::rules::Rule;
use crate::resolve::tree::{Resolved, Tree, Value};
use crate::values::Values;

/// Checks every text that a rule with `on: rendered` governs.
pub fn check(policy: &Policy, values: &Values<'_>, tag: &str, diagnostics: &mut Diagnostics) {
    if policy.rules().iter().any(|rule| rule.limits.on_rendered) {
        Checker { policy, values, tag, diagnostics }.walk(values.tree(), "");
    }
}

struct Checker<'a, 'd> {
    policy: &'a Policy,
    values: &'a Values<'a>,
    tag: &'a str,
    diagnostics: &'d mut Diagnostics,
}

impl Checker<'_, '_> {
    fn walk(&mut self, node: &Arc<Tree>, path: &str) {
        match node.value() {
            Value::Leaf(resolved) => self.leaf(node, resolved, path),
            Value::Map(entries) => entries.iter().for_each(|(key, child)| self.walk(child, &entry_path(path, key))),
            Value::List(items) => items.iter().for_each(|(id, child)| self.walk(child, &item_path(path, id))),
        }
    }

    fn leaf(&mut self, node: &Arc<Tree>, resolved: &Resolved, path: &str) {
        let [rule] = self.policy.rules_for(path)[..] else { return };
        // Ids, levels and classes of blocks are no words.
        let is_text = matches!(resolved.leaf, Leaf::Prose { .. }) || !path.contains(".md#");
        if !rule.limits.on_rendered || !is_text {
            return;
        }
        let text = match &resolved.leaf {
            Leaf::Prose { prose, .. } => prose.html(&Words(self.values)).ok().map(|html| plain(&html)),
            _ => self.values.bind(node).ok().and_then(|data| Some(data.as_str()?.to_owned())),
        };
        // What cannot be filled is reported where the page is made.
        if let Some(text) = text {
            self.faults(rule, resolved, path, &text);
        }
    }

    fn faults(&mut self, rule: &Rule, resolved: &Resolved, path: &str, text: &str) {
        for fault in wording(path, text, &rule.limits) {
            self.diagnostics.push(
                Diagnostic::error("E-LIMIT", format!("{}, as {} shows it", fault.message, self.tag))
                    .at(resolved.origin.span, "")
                    .other(rule.span, "the limit")
                    .note(format!("shown: {}", text.trim()))
                    .help(fault.help),
            );
        }
    }
}

/// Values, where links and assets are only words.
struct Words<'a>(&'a Values<'a>);

impl Scope for Words<'_> {
    fn value(&self, path: &str) -> Option<Data> {
        self.0.value(path)
    }

    fn link(&self, id: &str, _: &str) -> Result<String, String> {
        Ok(format!("#{id}"))
    }

    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(path.to_owned())
    }

    fn email_asset(&self, path: &str) -> Result<String, String> {
        Ok(path.to_owned())
    }

    fn locale(&self) -> &str {
        self.0.locale()
    }

    fn roots(&self) -> Vec<Arc<str>> {
        self.0.roots()
    }
}
