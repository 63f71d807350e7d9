//! Paths that cannot be mixed up or leave their root.
//!
//! An [`InputPath`] names a file of the workspace, an [`OutputPath`] a file of a package. Both are
//! relative, use `/`, and hold no empty part, `.`, `..`, backslash, colon or control character, so nobody downstream asks.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// Why a text is no path of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathError {
    Empty,
    Absolute,
    /// A part is `.`, `..` or empty.
    Part(String),
    /// A character that no path of ours may hold.
    Character(char),
    /// Output names are lower-case ASCII letters, digits, `-`, `_` and `.`.
    OutputName(String),
    /// Windows takes it for a device, or for another name.
    Windows(String),
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the path is empty"),
            Self::Absolute => f.write_str("the path is absolute; it has to be relative"),
            Self::Part(part) if part.is_empty() => f.write_str("the path has an empty part"),
            Self::Part(part) => write!(f, "the path has the part `{part}`"),
            Self::Character(c) => write!(f, "the path holds the character {c:?}"),
            Self::OutputName(name) => {
                write!(f, "`{name}` is no output name: only lower-case ASCII letters, digits, `-`, `_` and `.`")
            }
            Self::Windows(name) => {
                write!(f, "Windows makes no file or folder `{name}`: it is the name of a device, or ends with a dot")
            }
        }
    }
}

impl std::error::Error for PathError {}

fn check(path: &str) -> Result<(), PathError> {
    if path.is_empty() {
        return Err(PathError::Empty);
    }
    if path.starts_with('/') {
        return Err(PathError::Absolute);
    }
    if let Some(c) = path.chars().find(|&c| c.is_control() || c == '\\' || c == ':') {
        return Err(PathError::Character(c));
    }
    match path.split('/').find(|part| matches!(*part, "" | "." | "..")) {
        Some(part) => Err(PathError::Part(part.to_owned())),
        None => Ok(()),
    }
}

/// Whether Windows takes a name for that of a device, whatever follows its first dot.
pub fn is_device(name: &str) -> bool {
    let name = name.split('.').next().unwrap_or_default();
    let is_port = |rest: &str| rest.len() == 1 && rest.bytes().all(|digit| digit.is_ascii_digit());
    let numbered = name.strip_prefix("com").or_else(|| name.strip_prefix("lpt")).is_some_and(is_port);
    numbered || matches!(name, "con" | "prn" | "aux" | "nul")
}

macro_rules! path_type {
    ($name:ident) => {
        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The last part.
            pub fn file_name(&self) -> &str {
                self.0.rsplit('/').next().unwrap_or(&self.0)
            }

            /// What follows the last `.` of the last part; empty without one.
            pub fn extension(&self) -> &str {
                self.file_name().rsplit_once('.').map_or("", |(_, extension)| extension)
            }

            /// Everything before the last part, without the slash; empty at the top.
            pub fn folder(&self) -> &str {
                self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
            }

            /// This path with further parts below it.
            pub fn join(&self, below: &str) -> Result<Self, PathError> {
                Self::new(&format!("{}/{below}", self.0))
            }
        }

        /// Paths are looked up by their text; both compare and hash alike.
        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// A file or folder of the workspace, relative to its root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputPath(Arc<str>);

impl InputPath {
    pub fn new(path: &str) -> Result<Self, PathError> {
        check(path)?;
        Ok(Self(path.into()))
    }
}

path_type!(InputPath);

/// A file of a package or of the output folder, relative to its root.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputPath(Arc<str>);

impl OutputPath {
    pub fn new(path: &str) -> Result<Self, PathError> {
        check(path)?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        if let Some(part) = path.split('/').find(|part| !part.chars().all(plain)) {
            return Err(PathError::OutputName(part.to_owned()));
        }
        match path.split('/').find(|part| is_device(part) || part.ends_with('.')) {
            Some(part) => Err(PathError::Windows(part.to_owned())),
            None => Ok(Self(path.into())),
        }
    }

    /// The relative URL that leads from this file to `target`, both below one root.
    pub fn relative_to(&self, target: &OutputPath) -> String {
        let (from, to): (Vec<_>, Vec<_>) = (self.0.split('/').collect(), target.0.split('/').collect());
        let shared = from[..from.len() - 1].iter().zip(&to[..to.len() - 1]).take_while(|(a, b)| a == b).count();
        let mut url = "../".repeat(from.len() - 1 - shared);
        url.push_str(&to[shared..].join("/"));
        url
    }
}

path_type!(OutputPath);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_leaves_the_root() {
        assert_eq!(InputPath::new("../a"), Err(PathError::Part("..".into())));
        assert_eq!(InputPath::new("a//b"), Err(PathError::Part(String::new())));
        assert_eq!(InputPath::new("/etc"), Err(PathError::Absolute));
        assert_eq!(InputPath::new("a\\b"), Err(PathError::Character('\\')));
        assert_eq!(OutputPath::new("A.html"), Err(PathError::OutputName("A.html".into())));
        for name in ["aux.html", "con", "com1.tar.gz", "lpt0", "a.", "nul.txt"] {
            for path in [name.to_owned(), format!("{name}/b"), format!("b/{name}")] {
                assert_eq!(OutputPath::new(&path), Err(PathError::Windows(name.into())), "{path}");
            }
        }
        for fine in ["auxiliary.html", "a.con", "com10", "com", ".nojekyll", "con-tact/x"] {
            assert!(OutputPath::new(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn relative_urls_climb_only_as_far_as_needed() {
        let path = |text| OutputPath::new(text).unwrap();
        assert_eq!(path("site/de-de/index.html").relative_to(&path("site/assets/a.css")), "../assets/a.css");
        assert_eq!(path("site/index.html").relative_to(&path("site/thank-you.html")), "thank-you.html");
        assert_eq!(path("playbook/index.html").relative_to(&path("site/index.html")), "../site/index.html");
    }
}
