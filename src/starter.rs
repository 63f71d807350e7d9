//! The workspace that `init` writes, carried in the binary.
//!
//! Most of it is the repository's own program: the master, one motion, two industries, three regions
//! and the tiers. A partner, a settings file and notes for the newcomer are written for it.
//!
//! What is carried is what lay there when this module was compiled. No build script watches these
//! folders: it would compile the crate again for every word that is edited in the program.

use include_dir::{Dir, DirEntry, include_dir};

static MASTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/master-templates");
static LAUNCH: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/motions/launch");
static MANUFACTURING: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/industries/manufacturing");
static HEALTHCARE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/industries/healthcare");
static US: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/regions/us");
static EUROPE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/regions/europe");
static DACH: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/regions/dach");
static TIERS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tiers");

/// Folders of the repository, by the path they have in a new workspace.
static FOLDERS: [(&str, &Dir<'_>); 8] = [
    ("master-templates", &MASTER),
    ("motions/launch", &LAUNCH),
    ("industries/manufacturing", &MANUFACTURING),
    ("industries/healthcare", &HEALTHCARE),
    ("regions/us", &US),
    ("regions/europe", &EUROPE),
    ("regions/dach", &DACH),
    ("tiers", &TIERS),
];

/// Files of the starter's own. Those with a leading dot are stored without it, so that they mean nothing here.
static FILES: [(&str, &str); 8] = [
    ("cobrand.yaml", include_str!("../cobrand.yaml")),
    ("README.md", include_str!("starter/README.md")),
    (".gitignore", include_str!("starter/gitignore")),
    ("output/.gitignore", include_str!("starter/output-gitignore")),
    ("partners/acme/partner.yaml", include_str!("starter/partner.yaml")),
    ("partners/acme/assets/logo.svg", include_str!("starter/logo.svg")),
    ("partners/acme/content/landing.md", include_str!("starter/spotlight.md")),
    ("partners/acme/locales/de-DE/content/landing.md", include_str!("starter/spotlight.de-DE.md")),
];

/// A file of a new workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Within the workspace.
    pub path: String,
    pub bytes: &'static [u8],
}

/// Every file of a new workspace, by path.
pub fn files() -> Vec<File> {
    let own = FILES.iter().map(|(path, text)| File { path: (*path).to_owned(), bytes: text.as_bytes() });
    let mut files: Vec<File> = own.collect();
    for (path, folder) in FOLDERS {
        collect(path, folder, &mut files);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(prefix: &str, folder: &'static Dir<'_>, files: &mut Vec<File>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(inner) => collect(prefix, inner, files),
            DirEntry::File(file) => {
                // Names in the repository are plain; a path that is not would be a mistake in it.
                if let Some(path) = file.path().to_str().filter(|path| !is_hidden(path)) {
                    files.push(File { path: format!("{prefix}/{path}"), bytes: file.contents() });
                }
            }
        }
    }
}

/// Whether a part of the path begins with a dot: what editors leave behind.
fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_workspace_holds_every_part_and_nothing_hidden_but_its_own() {
        let files = files();
        let has = |path: &str| files.iter().any(|file| file.path == path);
        for path in [
            "cobrand.yaml",
            "master-templates/package.yaml",
            "master-templates/content/landing.md",
            "motions/launch/motion.yaml",
            "industries/healthcare/industry.yaml",
            "regions/dach/region.yaml",
            "tiers/one-to-few/tier.yaml",
            "partners/acme/partner.yaml",
            "output/.gitignore",
        ] {
            assert!(has(path), "{path}");
        }
        assert!(files.is_sorted_by(|a, b| a.path < b.path));
    }
}
