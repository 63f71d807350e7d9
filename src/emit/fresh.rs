//! New files for somebody to begin with: a whole workspace, or some more in one that is there.

use std::collections::BTreeSet;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode, OFlags};

use super::disk::{self, Disk};
use super::failure::{Context, Outcome};
use super::{Changes, tree};
use crate::diag::Diagnostic;

/// Version control is set up before or after; it is nobody's content.
const IGNORED: &str = ".git";

/// Writes files into a folder that is empty or not there yet; refuses any other (`E-EXISTS`). When
/// it fails on the way, nothing of it stays.
pub fn write_new<'a>(
    folder: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Changes, Diagnostic> {
    write_new_on(&Disk::new(disk::open_gate()), folder, files)
}

fn write_new_on<'a>(
    disk: &Disk,
    folder: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Changes, Diagnostic> {
    let shown = folder.display().to_string();
    let root = open(folder).map_err(|failure| failure.diagnostic(&shown))?;
    let entries = tree::list(&root).context("read", "").map_err(|failure| failure.diagnostic(&shown))?;
    let found: Vec<_> = entries.iter().map(|(name, _)| name.to_string_lossy()).filter(|n| n != IGNORED).collect();
    if !found.is_empty() {
        return Err(not_empty(&shown, &found));
    }
    let mut tops = BTreeSet::new();
    let written = write(disk, &root, files, &mut tops);
    written.map_err(|failure| {
        // What cannot be removed either is for the user to see; the first failure is the one to tell.
        let _ = clear(disk, &root, &tops);
        failure.diagnostic(&shown)
    })
}

/// Adds files to a folder that may hold others. A file that is there already is left alone, and so is
/// everything else then (`E-EXISTS`); but one that holds `mark` was written by this program, and is replaced.
pub fn add<'a>(
    folder: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    mark: Option<&str>,
) -> Result<Changes, Diagnostic> {
    add_on(&Disk::new(disk::open_gate()), folder, files, mark)
}

fn add_on<'a>(
    disk: &Disk,
    folder: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    mark: Option<&str>,
) -> Result<Changes, Diagnostic> {
    let shown = folder.display().to_string();
    let told = |failure: super::failure::Failure| failure.diagnostic(&shown);
    let root = open(folder).map_err(told)?;
    let files: Vec<(&str, &[u8])> = files.into_iter().collect();
    let mut plans = Vec::with_capacity(files.len());
    for &(path, bytes) in &files {
        let before = before(&root, path).context("read", path).map_err(told)?;
        let plan = match before {
            Before::Nothing => Plan::Write,
            Before::File(old) if old == bytes => Plan::Keep,
            Before::File(old) if mark.is_some_and(|mark| holds(&old, mark)) => Plan::Replace,
            _ => return Err(exists(&shown, path)),
        };
        plans.push(plan);
    }
    let mut changes = Changes::default();
    for ((path, bytes), plan) in files.into_iter().zip(plans) {
        if matches!(plan, Plan::Keep) {
            changes.kept += 1;
            continue;
        }
        put(disk, &root, path, bytes, matches!(plan, Plan::Replace)).map_err(told)?;
        changes.written += 1;
        changes.bytes += bytes.len() as u64;
    }
    Ok(changes)
}

/// Adds files as [`add`] does, and removes every other file below the folder that holds `mark`.
pub fn refresh(folder: &Path, files: &[(&str, &[u8])], mark: &str) -> Result<Changes, Diagnostic> {
    let disk = Disk::new(disk::open_gate());
    let mut changes = add_on(&disk, folder, files.iter().copied(), Some(mark))?;
    let wanted: BTreeSet<&str> = files.iter().map(|(path, _)| *path).collect();
    let is_stale = |path: &str, bytes: &[u8]| !wanted.contains(path) && holds(bytes, mark);
    let shown = folder.display().to_string();
    let swept = open(folder).and_then(|root| sweep(&disk, &root, "", 0, &is_stale).context("remove", ""));
    changes.removed = swept.map_err(|failure| failure.diagnostic(&shown))?;
    Ok(changes)
}

/// Removes what is stale below a folder, with the folders that are empty then; says how many files.
fn sweep(
    disk: &Disk,
    folder: &OwnedFd,
    at: &str,
    depth: usize,
    is_stale: &dyn Fn(&str, &[u8]) -> bool,
) -> std::io::Result<u64> {
    let mut removed = 0;
    for (name, kind) in tree::list(folder)? {
        // No file of ours has another name.
        let Ok(shown) = name.to_str() else { continue };
        let path = if at.is_empty() { shown.to_owned() } else { format!("{at}/{shown}") };
        match kind {
            FileType::Directory if depth < tree::DEEPEST => {
                let inner = disk::open_folder(folder, &name)?;
                let gone = sweep(disk, &inner, &path, depth + 1, is_stale)?;
                if gone > 0 && tree::list(&inner)?.is_empty() {
                    disk.remove_folder(folder, &name)?;
                }
                removed += gone;
            }
            FileType::RegularFile => {
                let mut bytes = Vec::new();
                disk::open_file(folder, shown)?.read_to_end(&mut bytes)?;
                if is_stale(&path, &bytes) {
                    disk.remove_file(folder, &name)?;
                    removed += 1;
                }
            }
            _ => {}
        }
    }
    Ok(removed)
}

/// What stands where a file is to be.
enum Before {
    Nothing,
    File(Vec<u8>),
    Other,
}

enum Plan {
    Write,
    Keep,
    Replace,
}

fn before(root: &OwnedFd, path: &str) -> std::io::Result<Before> {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = match tree::find(root, parent)? {
        tree::Found::Folder(folder) => folder,
        tree::Found::Nothing => return Ok(Before::Nothing),
        tree::Found::Other(_) => return Ok(Before::Other),
    };
    match disk::stat(&parent, name)? {
        None => Ok(Before::Nothing),
        Some(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => {
            let mut bytes = Vec::new();
            disk::open_file(&parent, name)?.read_to_end(&mut bytes)?;
            Ok(Before::File(bytes))
        }
        Some(_) => Ok(Before::Other),
    }
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    memchr::memmem::find(bytes, mark.as_bytes()).is_some()
}

fn put(disk: &Disk, root: &OwnedFd, path: &str, bytes: &[u8], replaces: bool) -> Outcome<()> {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    let parent = match tree::make(disk, root, parent).context("make", parent)? {
        tree::Found::Folder(folder) => folder,
        _ => return Err(std::io::Error::from(std::io::ErrorKind::NotADirectory)).context("make", parent),
    };
    // Old or new, never half. A hidden file is nobody's content, should this die in between.
    let draft = format!(".{name}.new");
    if disk::stat(&parent, &draft).context("read", path)?.is_some() {
        disk.remove_file(&parent, draft.as_str()).context("remove", &draft)?;
    }
    disk.write_new(&parent, &draft, bytes).context("write", path)?;
    let put = match replaces {
        true => disk.rename(&parent, &draft, &parent, name),
        false => disk.rename_new(&parent, &draft, &parent, name),
    };
    put.inspect_err(|_| drop(disk.remove_file(&parent, draft.as_str()))).context("write", path)
}

fn exists(shown: &str, path: &str) -> Diagnostic {
    let at = if shown == "." { path.to_owned() } else { format!("{shown}/{path}") };
    Diagnostic::error("E-EXISTS", format!("`{at}` is there already"))
        .help("nothing was written: move it out of the way, or write your change into it")
}

fn open(folder: &Path) -> Outcome<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    std::fs::create_dir_all(folder)
        .and_then(|()| Ok(rustix::fs::openat(CWD, folder, flags, Mode::empty())?))
        .context("open", "")
}

fn not_empty(shown: &str, found: &[std::borrow::Cow<'_, str>]) -> Diagnostic {
    const NAMED: usize = 3;
    let named: Vec<_> = found.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let more = if found.len() > NAMED { format!(" and {} more", found.len() - NAMED) } else { String::new() };
    Diagnostic::error("E-EXISTS", format!("`{shown}` is not empty: it holds {}{more}", named.join(", ")))
        .help("name a new or empty folder, as in `cobrand init my-program`")
}

fn write<'a>(
    disk: &Disk,
    root: &OwnedFd,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    tops: &mut BTreeSet<&'a str>,
) -> Outcome<Changes> {
    let mut changes = Changes::default();
    for (path, bytes) in files {
        tops.insert(path.split('/').next().unwrap_or(path));
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = match tree::make(disk, root, parent).context("make", parent)? {
            tree::Found::Folder(folder) => folder,
            // Somebody else is writing here at the same moment.
            _ => return Err(std::io::Error::from(std::io::ErrorKind::NotADirectory)).context("make", parent),
        };
        disk.write_new(&parent, name, bytes).context("write", path)?;
        changes.written += 1;
        changes.bytes += bytes.len() as u64;
    }
    Ok(changes)
}

/// Removes what was written, and nothing else.
fn clear(disk: &Disk, root: &OwnedFd, tops: &BTreeSet<&str>) -> std::io::Result<()> {
    for (name, kind) in tree::list(root)? {
        if !name.to_str().is_ok_and(|name| tops.contains(name)) {
            continue;
        }
        if kind == FileType::Directory {
            tree::empty(disk, disk::open_folder(root, &name)?, 0)?;
            disk.remove_folder(root, &name)?;
        } else {
            disk.remove_file(root, &name)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [(&str, &[u8]); 2] = [("a.yaml", b"a: 1\n"), ("b/c/d.md", b"text")];

    #[test]
    fn writes_into_a_new_folder_and_beside_version_control() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(temp.path().join("x/.git")).unwrap();
        for folder in ["x", "y/z"] {
            let folder = temp.path().join(folder);
            let changes = write_new(&folder, FILES).unwrap();
            assert_eq!((changes.written, changes.bytes), (2, 9));
            assert_eq!(std::fs::read_to_string(folder.join("b/c/d.md")).unwrap(), "text");
        }
    }

    #[test]
    fn refuses_a_folder_with_anything_in_it_and_names_it() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::create_dir(temp.path().join("notes")).unwrap();
        let error = write_new(temp.path(), FILES).unwrap_err();
        assert_eq!(error.code.0, "E-EXISTS");
        assert!(error.message.ends_with("is not empty: it holds `notes`"), "{}", error.message);
        assert!(!temp.path().join("a.yaml").exists());
    }

    #[test]
    fn adds_all_files_or_none_and_replaces_only_its_own() {
        let temp = tempfile::tempdir().unwrap();
        let read = |path: &str| std::fs::read_to_string(temp.path().join(path)).unwrap();
        assert_eq!(add(temp.path(), FILES, None).unwrap().written, 2);
        assert_eq!(add(temp.path(), FILES, None).unwrap().kept, 2);
        let other: [(&str, &[u8]); 2] = [("new.yaml", b"x"), ("a.yaml", b"a: 2\n")];
        let error = add(temp.path(), other, None).unwrap_err();
        assert_eq!(error.code.0, "E-EXISTS");
        assert!(!temp.path().join("new.yaml").exists());
        assert_eq!(add(temp.path(), other, Some("a: 1")).unwrap().written, 2);
        assert_eq!(read("a.yaml"), "a: 2\n");
    }

    #[test]
    fn removes_its_own_that_nobody_wants_any_more_and_nothing_else() {
        let temp = tempfile::tempdir().unwrap();
        let ours: [(&str, &[u8]); 3] = [("a.json", b"mark 1"), ("b/c.json", b"mark 2"), ("d/e.json", b"mark 3")];
        add(temp.path(), ours, None).unwrap();
        add(temp.path(), [("d/mine.json", b"mine".as_slice())], None).unwrap();
        let changes = refresh(temp.path(), &ours[..1], "mark").unwrap();
        assert_eq!((changes.written, changes.kept, changes.removed), (0, 1, 2));
        assert!(temp.path().join("d/mine.json").is_file() && !temp.path().join("d/e.json").exists());
        assert!(temp.path().join("a.json").is_file() && !temp.path().join("b").exists());
    }

    /// Passes nothing at the n-th step, and neither afterwards if it is for good.
    struct Fault {
        left: std::sync::atomic::AtomicIsize,
        for_good: bool,
    }

    impl disk::Gate for Fault {
        fn pass(&self, _: disk::Step) -> std::io::Result<()> {
            let left = self.left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
            let closed = left == 0 || (left < 0 && self.for_good);
            if closed { Err(std::io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }
    }

    fn failing(step: isize, for_good: bool) -> Disk {
        Disk::new(std::sync::Arc::new(Fault { left: step.into(), for_good }))
    }

    #[test]
    fn a_disk_that_fails_at_any_step_leaves_nothing_of_a_new_workspace() {
        for step in 0.. {
            let temp = tempfile::tempdir().unwrap();
            let Err(error) = write_new_on(&failing(step, false), temp.path(), FILES) else {
                assert!(step > 5, "only {step} steps");
                break;
            };
            assert_eq!(error.code.0, "E-DISKFULL");
            assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
        }
    }

    #[test]
    fn a_disk_that_fails_at_any_step_leaves_each_added_file_old_or_new() {
        let others: [(&str, &[u8]); 3] = [("a.yaml", b"a: 2\n"), ("b/c/d.md", b"other text"), ("new.yaml", b"x")];
        for (for_good, step) in [false, true].into_iter().flat_map(|for_good| (0..24).map(move |step| (for_good, step)))
        {
            let temp = tempfile::tempdir().unwrap();
            add(temp.path(), FILES, None).unwrap();
            let done = add_on(&failing(step, for_good), temp.path(), others, Some(""));
            assert!(done.is_ok() || step < 20, "more than {step} steps");
            for (path, new) in others {
                let found = std::fs::read(temp.path().join(path)).ok();
                let old = FILES.iter().find(|(name, _)| *name == path).map(|(_, bytes)| bytes.to_vec());
                assert!(found == old || found.as_deref() == Some(new), "{path}: {found:?} at step {step}");
                let draft = temp.path().join(path).with_file_name(format!(".{}.new", path.rsplit('/').next().unwrap()));
                assert!(for_good || !draft.exists(), "{}", draft.display());
            }
            add(temp.path(), others, Some("")).unwrap();
            assert_eq!(add(temp.path(), others, None).unwrap().kept, 3);
        }
    }

    #[test]
    fn a_failure_on_the_way_leaves_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let files: [(&str, &[u8]); 2] = [("a/b", b"1"), ("a/b/c", b"2")];
        let error = write_new(temp.path(), files).unwrap_err();
        assert_eq!(error.code.0, "E-WRITE");
        assert_eq!(std::fs::read_dir(temp.path()).unwrap().count(), 0);
    }
}
