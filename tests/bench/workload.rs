//! What is built: the sample program, one that is wide, one that is generated, or a workspace of one's own.

use std::path::{Path, PathBuf};

use super::generate::{self, Size};
use super::{files, wide};

#[derive(Clone, PartialEq)]
pub enum Workload {
    /// The program at the repository's root.
    Sample,
    /// The same with hundreds of other partners, few to a base.
    Wide(usize),
    /// A small master with many partners to a base.
    Generated(usize),
    Own(PathBuf),
}

/// As the command line names them.
pub const NAMES: [&str; 3] = ["sample", "wide", "generated"];

impl Workload {
    /// The workload of a name, once for each number of deployments that it is asked for; the sample has but one.
    pub fn named(name: &str, sizes: &[usize]) -> Option<Vec<Self>> {
        let each = |standard: &[usize], of: fn(usize) -> Self| {
            let sizes = if sizes.is_empty() { standard } else { sizes };
            sizes.iter().copied().map(of).collect()
        };
        match name {
            "sample" => Some(vec![Self::Sample]),
            "wide" => Some(each(&[1_000], Self::Wide)),
            "generated" => Some(each(&[100, 1_000], Self::Generated)),
            _ => None,
        }
    }

    pub fn name(&self) -> String {
        match self {
            Self::Sample => "sample".to_owned(),
            Self::Wide(_) => "wide".to_owned(),
            Self::Generated(_) => "generated".to_owned(),
            Self::Own(folder) => folder.display().to_string(),
        }
    }

    /// About how many deployments it has, where that was asked for.
    pub fn at(&self) -> Option<usize> {
        match self {
            Self::Wide(at) | Self::Generated(at) => Some(*at),
            Self::Sample | Self::Own(_) => None,
        }
    }

    /// Writes the workspace; the folder must not exist yet. What exists already is copied, since it is edited.
    pub fn write(&self, folder: &Path) -> Result<(), String> {
        match self {
            Self::Sample => files::copy(&files::sample(), folder, |_| true),
            Self::Wide(at) => wide::write(*at, folder),
            Self::Generated(at) => generate::write(Size::of(*at), folder),
            Self::Own(own) => files::copy(own, folder, |_| true),
        }
    }
}
