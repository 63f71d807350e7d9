//! The small workspace in `tests/cases/base`, in memory, to be edited by a test.

#![allow(dead_code, reason = "each test uses its own part")]

use std::collections::BTreeMap;
use std::path::Path;

use cobrand::workspace::MemoryFiles;

/// A workspace in memory.
#[derive(Clone, Default)]
pub struct Small {
    files: BTreeMap<String, Vec<u8>>,
}

impl Small {
    /// A complete, valid workspace: three partners with six deployments between them.
    pub fn base() -> Self {
        Self::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/base"))
    }

    pub fn read(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        let entries = walkdir::WalkDir::new(root).into_iter().map(Result::unwrap);
        for entry in entries.filter(|entry| entry.file_type().is_file()) {
            let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(path, std::fs::read(entry.path()).unwrap());
        }
        Self { files }
    }

    #[must_use]
    pub fn with(mut self, path: &str, text: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), text.into());
        self
    }

    /// With something at the end of a file.
    #[must_use]
    pub fn more(self, path: &str, text: &str) -> Self {
        let all = self.text(path).to_owned() + text;
        self.with(path, all)
    }

    /// Without a file, or without everything below a folder.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        let folder = format!("{}/", path.trim_end_matches('/'));
        let before = self.files.len();
        self.files.retain(|file, _| file != path && !file.starts_with(&folder));
        assert_ne!(before, self.files.len(), "the workspace has no `{path}` to leave out");
        self
    }

    /// With every text written in another way.
    #[must_use]
    pub fn mapped(&self, write: impl Fn(&str, &str) -> String) -> Self {
        let written = |(path, bytes): (&String, &Vec<u8>)| match std::str::from_utf8(bytes) {
            Ok(text) => {
                let plain = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
                (path.clone(), write(path, &plain).into_bytes())
            }
            Err(_) => (path.clone(), bytes.clone()),
        };
        Self { files: self.files.iter().map(written).collect() }
    }

    /// With the other template engine, whose functions have names for their arguments.
    #[must_use]
    pub fn in_tera(&self) -> Self {
        let package = "master-templates/package.yaml";
        let tera = match self.files.contains_key(package) {
            true => self.clone().more(package, "templates: {engine: tera}\n"),
            false => self.clone(),
        };
        tera.mapped(|path, text| {
            if !path.starts_with("master-templates/templates/") {
                return text.to_owned();
            }
            let text = text.replace("asset(\"", "asset(path=\"").replace("link(\"", "link(id=\"");
            let text = text.replace("link(email.", "link(id=email.");
            ["footer", "button"].iter().fold(text, |text, placement| {
                text.replace(&format!(", \"{placement}\")"), &format!(", placement=\"{placement}\")"))
            })
        })
    }

    pub fn text(&self, path: &str) -> &str {
        let bytes = self.files.get(path).unwrap_or_else(|| panic!("the workspace has no `{path}`"));
        std::str::from_utf8(bytes).unwrap()
    }

    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    pub fn bytes(&self, path: &str) -> Vec<u8> {
        self.files.get(path).cloned().unwrap_or_else(|| panic!("the workspace has no `{path}`"))
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// All files, with their bytes.
    pub fn files(&self) -> impl Iterator<Item = (&str, Vec<u8>)> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.clone()))
    }

    pub fn memory(&self) -> MemoryFiles {
        self.files.iter().map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
    }
}
