//! The paths people write, as ways through a tree.
//!
//! `nurture.emails[welcome].subject`, `content/landing.md#pains/cost`, `content/landing.md@title`,
//! `assets/logo.svg`.

use std::sync::Arc;

/// One step down a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the entry of a map.
    Key(Arc<str>),
    /// To the item of a keyed list.
    Item(Arc<str>),
}

impl Step {
    pub fn name(&self) -> &Arc<str> {
        match self {
            Self::Key(name) | Self::Item(name) => name,
        }
    }
}

impl Way for Vec<Step> {
    fn key(&mut self, name: &str) {
        self.push(Step::Key(name.into()));
    }

    fn item(&mut self, id: &str) {
        self.push(Step::Item(id.into()));
    }
}

/// Goes along a path.
pub trait Way {
    /// To the entry of a map.
    fn key(&mut self, name: &str);

    /// To the item of a keyed list.
    fn item(&mut self, id: &str);
}

/// The steps of a path.
pub fn steps(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    go(path, &mut steps);
    steps
}

/// Goes along a path. A block's id holds its parents', and so do the steps to it.
pub fn go(path: &str, way: &mut impl Way) {
    let is_file = path.starts_with("content/") || path.starts_with("assets/");
    let end_of = |sign: &str| path.find(sign).map(|at| at + ".md".len());
    if let Some(end) = end_of(".md#") {
        way.key(&path[..end]);
        // A block's id holds no dot: what follows one is a text of the block.
        let id = &path[end + 1..];
        let (id, text) = id.split_once('.').map_or((id, None), |(id, text)| (id, Some(text)));
        for end in id.match_indices('/').map(|(at, _)| at).chain([id.len()]) {
            way.key("blocks");
            way.item(&id[..end]);
        }
        text.into_iter().for_each(|text| dotted(text, way));
    } else if let Some(end) = end_of(".md@") {
        way.key(&path[..end]);
        way.key("front");
        dotted(&path[end + 1..], way);
    } else if is_file {
        way.key(path);
    } else {
        dotted(path, way);
    }
}

/// `a.b[c].d`; an id may hold dots.
fn dotted(path: &str, way: &mut impl Way) {
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if let Some((id, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            way.item(id);
            rest = behind;
            continue;
        }
        let end = rest.find(['.', '[']).filter(|&end| end > 0).unwrap_or(rest.len());
        way.key(&rest[..end]);
        rest = &rest[end..];
    }
}

/// What follows `outer` in `path`, if it is that place or one inside it.
pub fn lies_in<'p>(path: &'p str, outer: &str) -> Option<&'p str> {
    path.strip_prefix(outer).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[', '/', '#', '@']))
}

/// The path that rights are checked on: a block's own texts are the block's.
pub fn governed(path: &str) -> &str {
    match path.split_once(".md#") {
        Some((file, id)) => &path[..file.len() + 4 + id.find('.').unwrap_or(id.len())],
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_path_has_its_steps() {
        let shown = |path: &str| {
            let show = |step: Step| match step {
                Step::Key(name) => name.to_string(),
                Step::Item(name) => format!("[{name}]"),
            };
            steps(path).into_iter().map(show).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown("nurture.emails[a.b].subject"), "nurture emails [a.b] subject");
        assert_eq!(shown("content/x.md#a/b"), "content/x.md blocks [a] blocks [a/b]");
        assert_eq!(shown("content/x.md#a/b.heading"), "content/x.md blocks [a] blocks [a/b] heading");
        assert_eq!(shown("content/x.md@vars.note"), "content/x.md front vars note");
        assert_eq!(shown("assets/logo.svg"), "assets/logo.svg");
    }

    #[test]
    fn a_place_lies_in_another_at_a_boundary_only() {
        assert_eq!(lies_in("a.b[c]", "a.b"), Some("[c]"));
        assert_eq!(lies_in("a.bc", "a.b"), None);
    }
}
