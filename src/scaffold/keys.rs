//! YAML files of a scaffold: every value that may be set, as a comment with what holds today.
//!
//! A value's line begins with `# `, a remark with `##`: taking one `#` away from all lines, as editors do,
//! leaves a file in which every value is set and every remark is a comment.

use std::sync::Arc;

use crate::catalog::patch::{Leaf, Right, entry_path, item_path};
use crate::resolve::tree::{Tree, Value};

use super::footing::Footing;
use super::overlay::Wanted;
use super::scalar;

/// Above the values of each file.
pub const HOW: &str = "## To set a value, take `# ` away from its line and from those it lies under.";

/// Writes the values of one file.
pub struct Keys<'a> {
    pub footing: &'a Footing<'a>,
    pub wanted: &'a Wanted,
    pub is_record: bool,
    /// The remark that holds for what follows, so that it is said once.
    remark: String,
    lines: Vec<String>,
}

impl<'a> Keys<'a> {
    pub fn new(footing: &'a Footing<'a>, wanted: &'a Wanted, is_record: bool) -> Self {
        Self { footing, wanted, is_record, remark: String::new(), lines: Vec::new() }
    }

    /// The lines for what lies below `path`, save the keys of which `skip` says so.
    pub fn below(mut self, tree: &Tree, path: &str, skip: impl Fn(&str) -> bool) -> Vec<String> {
        for (key, child) in tree.children().filter(|(key, _)| !skip(key)) {
            self.entry(key, child, path, 0);
        }
        self.lines
    }

    fn entry(&mut self, key: &str, node: &Tree, path: &str, indent: usize) {
        let path = entry_path(path, key);
        let key = scalar::text(key);
        match node.value() {
            Value::Leaf(resolved) => self.leaf(&key, &resolved.leaf, &path, indent),
            Value::Map(_) => self.under(indent, &format!("{key}:"), |keys| {
                node.children().for_each(|(key, child)| keys.entry(key, child, &path, indent + 2));
            }),
            Value::List(_) => self.under(indent, &format!("{key}:"), |keys| {
                node.children().for_each(|(id, item)| keys.item(id, item, &path, indent + 2));
            }),
        }
    }

    fn item(&mut self, id: &Arc<str>, node: &Tree, path: &str, indent: usize) {
        let path = item_path(path, id);
        self.under(indent, &format!("- id: {}", scalar::text(id)), |keys| {
            let own = node.children().filter(|(key, _)| &***key != "id");
            own.for_each(|(key, child)| keys.entry(key, child, &path, indent + 2));
        });
    }

    /// A line that stands only if something stands under it.
    fn under(&mut self, indent: usize, line: &str, inner: impl FnOnce(&mut Self)) {
        let at = self.lines.len();
        self.say(indent, line);
        inner(self);
        if self.lines.len() == at + 1 {
            self.lines.truncate(at);
        }
    }

    fn leaf(&mut self, key: &str, leaf: &Leaf, path: &str, indent: usize) {
        let right = self.footing.plain(path, self.is_record);
        // A variable may be new; everything else speaks of what a weaker layer has.
        let is_known = right == Right::SetVar || self.footing.is_known(path);
        let is_open = self.wanted.has(path) && is_known && self.footing.may(path, right);
        let Some(value) = scalar::value(leaf).filter(|_| is_open) else { return };
        let fits = leaf.source().is_none_or(|text| self.footing.fits(path, text));
        self.remark(path, indent);
        match fits {
            true => self.say(indent, &format!("{key}: {value}")),
            false => self.lines.push(format!("## {:indent$}{key}: today's value is beyond the limits: {value}", "")),
        }
    }

    fn remark(&mut self, path: &str, indent: usize) {
        let remark = remark(self.footing, path);
        if remark != self.remark {
            if !remark.is_empty() {
                self.lines.push(format!("## {:indent$}{remark}", ""));
            }
            self.remark = remark;
        }
    }

    fn say(&mut self, indent: usize, line: &str) {
        self.lines.push(format!("# {:indent$}{line}", ""));
    }
}

/// Limits and reason of a path, and what has to be set with it.
pub fn remark(footing: &Footing<'_>, path: &str) -> String {
    let mut said = footing.limits(path);
    for group in footing.program.approved().policy().groups() {
        if group.members.iter().any(|member| member.covers(path)) {
            let others = group.members.iter().filter(|member| !member.covers(path));
            let others: Vec<&str> = others.map(|member| member.text()).collect();
            said.push(format!("only together with {}", others.join(", ")));
        }
    }
    said.join("; ").replace(['\n', '\r'], " ")
}
