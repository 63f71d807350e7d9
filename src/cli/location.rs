//! Where the workspace is, and how its files are named from here.

use std::path::{Component, Path, PathBuf};

use super::arguments::Common;
use crate::diag::Diagnostic;
use crate::workspace::SETTINGS;

/// The folders a command works on.
#[derive(Debug, PartialEq, Eq)]
pub struct Location {
    pub workspace: PathBuf,
    pub output: PathBuf,
    /// What leads from the current folder to the workspace; empty, or ends with `/`.
    pub prefix: String,
}

impl Location {
    /// The workspace asked for, else the nearest folder above this one that holds settings, else this one.
    pub fn find(common: &Common) -> Self {
        let workspace = match &common.workspace {
            Some(folder) => folder.clone(),
            None => nearest(|folder| folder.join(SETTINGS).is_file()).unwrap_or_else(|| PathBuf::from(".")),
        };
        let output = common.output.clone().unwrap_or_else(|| below(&workspace, "output"));
        let prefix = prefix(&workspace);
        Self { workspace, output, prefix }
    }
}

impl Location {
    /// Refuses an output that lies in a folder that is read, or around one: a build would read what it wrote, or take
    /// input for its own. `folders` are those of the workspace that are read.
    pub fn check_apart<'f>(&self, folders: impl IntoIterator<Item = &'f str>) -> Result<(), Diagnostic> {
        let (root, output) = (settled(&self.workspace), settled(&self.output));
        let shown = self.output.display();
        let refuse = |message: String| {
            Err(Diagnostic::error("E-OVERLAP", message).help("name a folder beside them with `--output`"))
        };
        if root.starts_with(&output) {
            return refuse(format!("the workspace lies in the output folder `{shown}`"));
        }
        for folder in folders {
            let input = settled(&root.join(folder));
            if output.starts_with(&input) {
                return refuse(format!("the output folder `{shown}` lies in `{folder}`, which is read"));
            }
            if input.starts_with(&output) {
                return refuse(format!("`{folder}`, which is read, lies in the output folder `{shown}`"));
            }
        }
        Ok(())
    }
}

/// Where a path leads, with every link on the way followed as far as it is there.
fn settled(path: &Path) -> PathBuf {
    let mut settled = std::env::current_dir().unwrap_or_default();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(settled.pop()),
            part => settled.push(part),
        }
        settled = settled.canonicalize().unwrap_or(settled);
    }
    settled
}

/// The first of `.`, `..`, `../..` and so on that is `wanted`.
fn nearest(wanted: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let depth = std::env::current_dir().map_or(0, |here| here.components().count().saturating_sub(1));
    let above = |levels: usize| match levels {
        0 => PathBuf::from("."),
        _ => std::iter::repeat_n("..", levels).collect(),
    };
    (0..=depth).map(above).find(|folder| wanted(folder))
}

/// A folder's entry, without a useless `./` before it.
fn below(folder: &Path, name: &str) -> PathBuf {
    let parts = folder.components().filter(|part| *part != Component::CurDir);
    parts.collect::<PathBuf>().join(name)
}

fn prefix(workspace: &Path) -> String {
    let path: PathBuf = workspace.components().filter(|part| *part != Component::CurDir).collect();
    match path.to_string_lossy() {
        path if path.is_empty() || path.ends_with('/') => path.into_owned(),
        path => format!("{path}/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_current_folder() {
        assert_eq!(prefix(Path::new(".")), "");
        assert_eq!(prefix(Path::new("./a/b")), "a/b/");
        assert_eq!(prefix(Path::new("../..")), "../../");
        assert_eq!(prefix(Path::new("/")), "/");
        assert_eq!(below(Path::new("."), "output"), Path::new("output"));
        assert_eq!(below(Path::new("../a"), "output"), Path::new("../a/output"));
    }

    #[test]
    fn a_workspace_is_found_from_below_it() {
        // Tests run in the package's root, which is a workspace.
        assert_eq!(nearest(|folder| folder.join(SETTINGS).is_file()), Some(PathBuf::from(".")));
        assert_eq!(nearest(|folder| folder == Path::new("../..")), Some(PathBuf::from("../..")));
        assert_eq!(nearest(|_| false), None);
    }
}
