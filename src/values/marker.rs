//! Signs around every text of a deployment, so that a page tells which values it shows.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::catalog::patch::Leaf;
use crate::data::Data;
use crate::marks;
use crate::resolve::tree::{Origin, Tree};

/// Numbers from here on are values; those below are places in templates.
pub const FIRST: u32 = 1 << 20;

/// A value that a sign stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub path: String,
    /// The strongest place that makes it; `None` for an empty map.
    pub origin: Option<Origin>,
}

/// Every value of a tree with its number.
#[derive(Debug)]
pub struct Marker {
    contents: Vec<Content>,
    by_path: HashMap<String, u32>,
    /// By the address of the leaf, which the tree keeps in place.
    by_leaf: HashMap<usize, u32>,
    /// Numbers that get no sign, since a template looks at their values.
    bare: Vec<Range<u32>>,
    _tree: Arc<Tree>,
}

impl Marker {
    pub fn new(tree: &Arc<Tree>) -> Self {
        let (mut contents, mut by_path, mut by_leaf) = (Vec::new(), HashMap::new(), HashMap::new());
        let mut add = |path: &str, origin| {
            contents.push(Content { path: path.to_owned(), origin });
            FIRST + contents.len() as u32 - 1
        };
        for (path, node) in tree.places() {
            let number = add(&path, node.origin());
            if let Some(resolved) = node.as_leaf() {
                // `leads` shows values of other places too: they are known by where they are written.
                by_leaf.entry(address(&resolved.leaf)).or_insert(number);
                for more in &resolved.amended {
                    by_leaf.insert(address(&more.leaf), add(&path, Some(more.origin)));
                }
            }
            by_path.insert(path, number);
        }
        Self { contents, by_path, by_leaf, bare: Vec::new(), _tree: tree.clone() }
    }

    /// The same with no signs for some of the numbers.
    #[must_use]
    pub fn without(tree: &Arc<Tree>, bare: Vec<Range<u32>>) -> Self {
        Self { bare, ..Self::new(tree) }
    }

    /// All numbers.
    pub fn numbers(&self) -> Range<u32> {
        FIRST..FIRST + self.contents.len() as u32
    }

    fn wrap(&self, number: Option<&u32>, text: &str) -> String {
        match number.filter(|number| !self.bare.iter().any(|range| range.contains(number))) {
            Some(&number) => marks::wrap(number, text),
            None => text.to_owned(),
        }
    }

    /// What the sign of a number stands for; `None` for places in templates.
    pub fn content(&self, number: u32) -> Option<&Content> {
        self.contents.get(number.checked_sub(FIRST)? as usize)
    }

    /// The text of a leaf, with signs.
    pub fn text(&self, leaf: &Leaf, text: &str) -> String {
        self.wrap(self.by_leaf.get(&address(leaf)), text)
    }

    /// What came of the value at a path, with signs.
    pub fn of_path(&self, path: &str, text: &str) -> String {
        self.wrap(self.by_path.get(path), text)
    }

    /// The leaves by their filled texts; of two with one text, the first.
    pub fn texts(&self, tree: &Arc<Tree>, filled: &dyn Fn(&Arc<Tree>) -> Option<Data>) -> HashMap<Arc<str>, u32> {
        fn visit(
            marker: &Marker,
            node: &Arc<Tree>,
            filled: &dyn Fn(&Arc<Tree>) -> Option<Data>,
            texts: &mut HashMap<Arc<str>, u32>,
        ) {
            node.children().for_each(|(_, child)| visit(marker, child, filled, texts));
            let Some(number) = node.as_leaf().and_then(|resolved| marker.by_leaf.get(&address(&resolved.leaf))) else {
                return;
            };
            if let Some(Data::Text(text)) = filled(node).filter(|data| !data.as_str().is_some_and(is_word)) {
                texts.entry(text).or_insert(*number);
            }
        }
        let mut texts = HashMap::new();
        visit(self, tree, filled, &mut texts);
        texts
    }

    /// A text with the sign of the leaf whose text it is, if there is one.
    pub fn as_known(&self, texts: &HashMap<Arc<str>, u32>, text: &str) -> String {
        self.wrap(texts.get(text), text)
    }

    /// The data of a leaf, with signs. Words that templates compare, such as ids, go without.
    pub fn data(&self, leaf: &Leaf, data: &Data) -> Data {
        data.map_text(&|text| if is_word(text) { text.to_owned() } else { self.text(leaf, text) })
    }
}

fn address(leaf: &Leaf) -> usize {
    std::ptr::from_ref(leaf) as usize
}

/// Whether a text is an id, a path or a choice among a few.
fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-./{}".contains(&byte))
}
