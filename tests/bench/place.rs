//! Where the bench works, and on which file system: the floor is dear and unsteady on a disk, and steady in memory,
//! so a figure says nothing without the name of the file system.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// Where Linux has a file system in memory that everybody may use.
const MEMORY: &str = "/dev/shm";

/// Bytes that a package of the sample program takes, by the blocks of a file system in memory, with its part of the
/// workspace: 1,549,000 were seen.
const PACKAGE: u64 = 1_700_000;

/// What its zip takes.
const ZIP: u64 = 400_000;

/// Files and folders of a package: 138 were seen.
const FILES: u64 = 150;

/// What a deployment needs.
#[derive(Clone, Copy)]
pub struct Need {
    bytes: u64,
    files: u64,
}

impl Need {
    /// Of all outputs one stands at a time, but where something is built again: the floor's stands beside it then.
    pub fn of(cases: &[&str]) -> Self {
        let packages = if cases.iter().any(|case| !["full", "zips"].contains(case)) { 2 } else { 1 };
        let zips = if cases.contains(&"zips") { ZIP } else { 0 };
        Self { bytes: packages * PACKAGE + zips, files: packages * FILES }
    }
}

/// A folder to work in.
pub struct Place {
    pub folder: PathBuf,
    system: String,
}

impl Place {
    /// The folder that is asked for. Otherwise a file system in memory, if there is one with room for so many
    /// deployments, or else the system's folder for temporary files.
    pub fn choose(asked: Option<&Path>, deployments: usize, need: Need) -> Result<Self, String> {
        let parent = match asked {
            Some(folder) => folder.to_owned(),
            None if has_room(Path::new(MEMORY), deployments, need) => MEMORY.into(),
            None => std::env::temp_dir(),
        };
        let folder = parent.join(format!("cobrand-bench-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        // The system's own path: a build is told its output from wherever it runs.
        let folder = folder.canonicalize().map_err(|error| format!("{}: {error}", folder.display()))?;
        let system = system(&folder)?;
        Ok(Self { folder, system })
    }

    pub fn remove(&self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.folder.display(), self.system)
    }
}

/// Whether a folder lies in memory, and both the file system and the machine have room: what is written there is
/// memory that nobody else can have.
fn has_room(folder: &Path, deployments: usize, need: Need) -> bool {
    let deployments = deployments as u64;
    let Ok(room) = rustix::fs::statvfs(folder) else { return false };
    system(folder).is_ok_and(|system| system == "tmpfs")
        && room.f_bavail.saturating_mul(room.f_frsize) > need.bytes * deployments
        && room.f_favail > need.files * deployments
        && available_memory().is_none_or(|available| available > need.bytes * deployments)
}

/// Bytes of memory that are free or can be freed, where the system tells.
fn available_memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok()?.checked_mul(1024)
}

/// The name of the file system that a folder lies on.
fn system(folder: &Path) -> Result<String, String> {
    let about = rustix::fs::statfs(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // The width of the number differs between machines; its names are of 32 bits.
    let kind = about.f_type as u64 & 0xffff_ffff;
    let name = SYSTEMS.iter().find(|(number, _)| *number == kind).map(|(_, name)| (*name).to_owned());
    Ok(name.unwrap_or_else(|| format!("file system {kind:#x}")))
}

/// As `statfs(2)` numbers them.
const SYSTEMS: [(u64, &str); 9] = [
    (0x0102_1994, "tmpfs"),
    (0xef53, "ext4"),
    (0x5846_5342, "xfs"),
    (0x9123_683e, "btrfs"),
    (0x2fc1_2fc1, "zfs"),
    (0xf2f5_2010, "f2fs"),
    (0x794c_7630, "overlayfs"),
    (0x6969, "nfs"),
    (0x6573_5546, "fuse"),
];
