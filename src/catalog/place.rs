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

/// The steps of a path. A block's id holds its parents', and so do the steps to it.
pub fn steps(path: &str) -> Vec<Step> {
    let key = |name: &str| Step::Key(name.into());
    if let Some((file, id)) = path.split_once(".md#") {
        let mut steps = vec![key(&format!("{file}.md"))];
        // A block's id holds no dot: what follows one is a text of the block.
        let (id, text) = id.split_once('.').map_or((id, None), |(id, text)| (id, Some(text)));
        for end in id.match_indices('/').map(|(at, _)| at).chain([id.len()]) {
            steps.extend([key("blocks"), Step::Item(id[..end].into())]);
        }
        steps.extend(text.into_iter().flat_map(dotted));
        return steps;
    }
    if let Some((file, front)) = path.split_once(".md@") {
        let mut steps = vec![key(&format!("{file}.md")), key("front")];
        steps.extend(dotted(front));
        return steps;
    }
    if path.starts_with("content/") || path.starts_with("assets/") { vec![key(path)] } else { dotted(path) }
}

/// `a.b[c].d`; an id may hold dots.
fn dotted(path: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        rest = rest.strip_prefix('.').unwrap_or(rest);
        if let Some((id, behind)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            steps.push(Step::Item(id.into()));
            rest = behind;
            continue;
        }
        let end = rest.find(['.', '[']).filter(|&end| end > 0).unwrap_or(rest.len());
        steps.push(Step::Key(rest[..end].into()));
        rest = &rest[end..];
    }
    steps
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
