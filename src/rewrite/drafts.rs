//! Files while they are rewritten, and the workspace as it would be with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::paths::InputPath;
use crate::workspace::{File, MemoryFiles, Workspace};

use super::Change;
use super::text::has_usual_lines;
use super::yaml::Reason;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A file with its text as it shall be.
#[derive(Clone, Debug)]
struct Draft {
    /// As it is on disk; `None` for a file that is not there yet.
    from: Option<InputPath>,
    /// `None` for a file that is no text: it can only be moved.
    text: Option<String>,
}

/// All files that may be rewritten, by the path they shall have.
pub struct Drafts<'a> {
    workspace: &'a Workspace,
    /// The files of the workspace by their names on disk.
    files: BTreeMap<InputPath, &'a File>,
    drafts: BTreeMap<InputPath, Draft>,
}

impl<'a> Drafts<'a> {
    pub fn new(workspace: &'a Workspace) -> Self {
        let sources = workspace.sources();
        let files = workspace.files().map(|(_, file)| (sources.get(file.source).path.clone(), file)).collect();
        Self { workspace, files, drafts: BTreeMap::new() }
    }

    /// The text of a file as it is so far.
    pub fn text(&self, path: &InputPath) -> Option<String> {
        match self.drafts.get(path) {
            Some(draft) => draft.text.clone(),
            None => self.written(path).map(|text| text.to_string()),
        }
    }

    fn written(&self, path: &InputPath) -> Option<Arc<str>> {
        match self.files.get(path)?.content {
            crate::workspace::Content::Text(id) => Some(self.workspace.sources().get(id).text.clone()),
            crate::workspace::Content::Binary(_) => None,
        }
    }

    /// Sets the text that a file shall have; it is made if it is not there.
    pub fn set(&mut self, path: &InputPath, text: String) -> Result<(), Reason> {
        if !has_usual_lines(&text) {
            return Err("its lines end in an unusual way");
        }
        if self.files.get(path).is_some_and(|file| !self.workspace.damaged(file.source).is_empty()) {
            return Err("it holds bytes that are no text");
        }
        let from = self.files.contains_key(path).then(|| path.clone());
        self.drafts.entry(path.clone()).or_insert(Draft { from, text: None }).text = Some(text);
        Ok(())
    }

    /// Gives a file another path.
    pub fn rename(&mut self, path: &InputPath, new: &InputPath) -> Result<(), Reason> {
        if self.drafts.contains_key(new) || self.files.contains_key(new) {
            return Err("there is a file at its new place");
        }
        let text = self.text(path);
        let draft = self.drafts.remove(path).unwrap_or(Draft { from: Some(path.clone()), text: None });
        self.drafts.insert(new.clone(), Draft { text, ..draft });
        Ok(())
    }

    /// Forgets what was to become of some files.
    pub fn drop_all(&mut self, is_dropped: impl Fn(&InputPath) -> bool) {
        self.drafts.retain(|path, draft| !is_dropped(path) && !draft.from.as_ref().is_some_and(&is_dropped));
    }

    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    /// The paths that change, old and new.
    pub fn touched(&self) -> impl Iterator<Item = &InputPath> {
        self.drafts.iter().flat_map(|(path, draft)| std::iter::once(path).chain(&draft.from))
    }

    /// The whole workspace as it would be.
    pub fn files(&self) -> MemoryFiles {
        let mut files = MemoryFiles::default();
        let moved: Vec<&InputPath> = self.drafts.values().filter_map(|draft| draft.from.as_ref()).collect();
        for (path, file) in self.files.iter().filter(|(path, _)| !moved.contains(path)) {
            files.insert(path.as_str(), file.bytes(self.workspace.sources()));
        }
        for (path, draft) in &self.drafts {
            let bytes = match (&draft.text, &draft.from) {
                (Some(text), _) => text.as_bytes().to_vec(),
                (None, Some(from)) => self.bytes(from),
                (None, None) => continue,
            };
            files.insert(path.as_str(), bytes);
        }
        files
    }

    fn bytes(&self, path: &InputPath) -> Vec<u8> {
        self.files.get(path).map(|file| file.bytes(self.workspace.sources()).to_vec()).unwrap_or_default()
    }

    /// What has to be written; drafts that came out as the file is are none.
    pub fn changes(&self) -> Vec<Change> {
        self.drafts.iter().filter_map(|(path, draft)| self.change(path, draft)).collect()
    }

    fn change(&self, path: &InputPath, draft: &Draft) -> Option<Change> {
        let Some(from) = &draft.from else {
            let text = draft.text.clone()?;
            return Some(Change { path: path.clone(), from: None, old: "".into(), new: text.into(), has_mark: false });
        };
        let file = self.files.get(from)?;
        let old = self.written(from).unwrap_or_else(|| "".into());
        let new: Arc<str> = draft.text.as_deref().map_or_else(|| old.clone(), Into::into);
        if old == new && from == path {
            return None;
        }
        // The text has no mark at its start any more, but the digest is of all bytes.
        let has_mark = draft.text.is_some() && file.digest != blake3::hash(old.as_bytes());
        Some(Change { path: path.clone(), from: Some((from.clone(), file.digest)), old, new, has_mark })
    }
}

impl Change {
    /// The bytes that the file shall have; `None` for one that only gets another path.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let mark = if self.has_mark { BYTE_ORDER_MARK } else { "" };
        let only_moved = self.old == self.new && self.from.as_ref().is_some_and(|(from, _)| *from != self.path);
        (!only_moved).then(|| [mark.as_bytes(), self.new.as_bytes()].concat())
    }
}
