//! Disks that are full, read-only or gone, through the command: it says where and what to do, what stood
//! stands, and the next build recovers.

use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::Command;

use super::process::{Site, assert_old_or_new, assert_packages_old_or_new, assert_verifies, ids, said};
use super::stand::{self, Files, assert_equal};

/// A site whose output is of one edition, and whose workspace is of the next.
struct Between {
    site: Site,
    old: Files,
    new: Files,
}

impl Between {
    fn new() -> Self {
        let site = Site::new(4);
        site.edition(0);
        let old = site.build();
        site.edition(1);
        let new = site.clean();
        Self { site, old, new }
    }

    /// Packages are whole, and the next build goes through.
    #[track_caller]
    fn recovers(&self) {
        assert_old_or_new(&self.site.output(), &self.old, &self.new);
        assert_verifies(&self.site.output());
        assert_equal(&self.site.build(), &self.new, "the build after a failure");
    }
}

/// A build is refused with these words.
#[track_caller]
fn refused(command: &mut Command, code: &str, words: &[&str]) {
    let done = command.output().unwrap();
    let told = said(&done);
    assert_eq!(done.status.code(), Some(1), "{told}");
    for word in words.iter().chain(&["help: "]) {
        assert!(told.contains(word), "no `{word}` in\n{told}");
    }
    assert!(told.contains(&format!("error[{code}]")), "{told}");
    assert!(!told.contains("panicked"), "{told}");
}

/// No file may become larger: what is written gets cut off in the middle, as on a disk that fills up. Whether the
/// process hears of it or dies of it is `survives`.
fn with_limit(mut command: Command, bytes: u64, survives: bool) -> Command {
    let limit = move || {
        let limit = libc::rlimit { rlim_cur: bytes, rlim_max: bytes };
        // SAFETY: both calls are allowed between fork and exec, and `limit` is a live local.
        let failed = unsafe {
            if survives {
                libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
            }
            // A death by this signal is expected here, so its memory is nothing to keep.
            libc::setrlimit(libc::RLIMIT_CORE, &libc::rlimit { rlim_cur: 0, rlim_max: 0 });
            libc::setrlimit(libc::RLIMIT_FSIZE, &limit)
        };
        if failed == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) }
    };
    // SAFETY: the closure does nothing but the system calls above.
    unsafe { command.pre_exec(limit) };
    command
}

/// From nothing at all to more than any file needs, the ledger's own lengths among them.
fn limits(site: &Site) -> Vec<u64> {
    let ledger = std::fs::metadata(site.output().join(".cobrand/ledger")).unwrap().len();
    let enough = 64 << 20;
    vec![0, 1, 300, 1_500, 5_000, 9_000, ledger - 1, ledger, ledger + 100, ledger + 4_000, ledger + 20_000, enough]
}

#[test]
fn writes_that_are_cut_off_are_said_and_leave_whole_packages() {
    let between = Between::new();
    let (mut through, limits) = (0, limits(&between.site));
    for &bytes in &limits {
        let done = with_limit(between.site.command(), bytes, true).output().unwrap();
        let told = said(&done);
        if done.status.success() {
            through += 1;
            assert_old_or_new(&between.site.output(), &between.old, &between.new);
        } else {
            assert_eq!(done.status.code(), Some(1), "{told}");
            assert!(told.contains("error[E-WRITE]: cannot write `"), "{told}");
            let output = between.site.output();
            assert!(told.contains(&format!("`{}/", output.display())), "{told}");
            assert!(told.contains("help: allow larger files (`ulimit -f unlimited`)"), "{told}");
            assert_packages_old_or_new(&output, &between.old, &between.new);
        }
        assert_verifies(&between.site.output());
    }
    assert!(through < limits.len() / 2, "{through} limits were none");
    between.recovers();
}

#[test]
fn a_death_in_the_middle_of_a_write_leaves_whole_packages() {
    let between = Between::new();
    let mut deaths = 0;
    for bytes in limits(&between.site) {
        let done = with_limit(between.site.command(), bytes, false).output().unwrap();
        deaths += usize::from(done.status.signal() == Some(libc::SIGXFSZ));
        assert_old_or_new(&between.site.output(), &between.old, &between.new);
        assert_verifies(&between.site.output());
    }
    assert!(deaths > 3, "only {deaths} deaths");
    between.recovers();
}

#[test]
fn what_stands_in_the_place_of_our_own_folders_is_named() {
    for (path, is_folder, code) in [
        (".cobrand/stage", false, "E-WRITE"),
        (".cobrand/lock", true, "E-WRITE"),
        (".cobrand/ledger", true, "E-WRITE"),
        (".cobrand", false, "E-FOREIGN"),
    ] {
        let between = Between::new();
        let (output, aside) = (between.site.output(), between.site.path("aside"));
        let place = output.join(path);
        std::fs::rename(&place, &aside).unwrap();
        if is_folder {
            std::fs::create_dir(&place).unwrap()
        } else {
            stand::write(&place, "mine")
        }
        refused(&mut between.site.command(), code, &[path]);
        assert_old_or_new(&output, &between.old, &between.old);
        if is_folder { std::fs::remove_dir(&place) } else { std::fs::remove_file(&place) }.unwrap();
        std::fs::rename(&aside, &place).unwrap();
        between.recovers();
    }
}

#[test]
fn a_file_in_the_place_of_a_partner_stops_this_partner_only() {
    let between = Between::new();
    let (output, aside) = (between.site.output(), between.site.path("aside"));
    std::fs::rename(output.join("beta"), &aside).unwrap();
    stand::write(&output.join("beta"), "mine");
    refused(&mut between.site.command(), "E-FOREIGN", &["beta"]);
    let mut found = stand::files(&output);
    assert_eq!(found.remove("beta").as_deref(), Some(&b"mine"[..]));
    for id in ids(&between.new).into_iter().filter(|id| !id.starts_with("beta/")) {
        let manifest = format!("{id}/manifest.json");
        assert_eq!(found.get(&manifest), between.new.get(&manifest), "{id}");
    }
    std::fs::remove_file(output.join("beta")).unwrap();
    std::fs::rename(&aside, output.join("beta")).unwrap();
    between.recovers();
}

#[test]
fn an_output_that_is_a_file_is_refused() {
    let between = Between::new();
    let file = between.site.path("file");
    stand::write(&file, "mine");
    for path in [file.clone(), file.join("below")] {
        refused(&mut between.site.command_into(&path), "E-WRITE", &[&path.display().to_string()]);
    }
    assert_eq!(std::fs::read(&file).unwrap(), b"mine");
}

#[test]
fn a_folder_that_vanishes_during_a_build_is_made_again_by_the_next() {
    let between = Between::new();
    let output = between.site.output();
    for looks in [0, 3, 20, 60] {
        between.site.edition(0);
        between.site.build();
        between.site.edition(1);
        let mut child = between.site.command().spawn().unwrap();
        let before = std::fs::metadata(output.join(".cobrand/ledger")).unwrap().len();
        let grown = || std::fs::metadata(output.join(".cobrand/ledger")).map_or(0, |found| found.len()) > before;
        let mut left = looks;
        while child.try_wait().unwrap().is_none() && left > 0 {
            left -= usize::from(grown());
            std::thread::yield_now();
        }
        // A build that goes on makes files while they are removed.
        while output.exists() && std::fs::remove_dir_all(&output).is_err() {}
        let done = child.wait_with_output().unwrap();
        let told = said(&done);
        let failed = done.status.code() == Some(1) && told.contains("help: ") && told.contains("error[E-");
        assert!(done.status.success() || failed, "{:?}: {told}", done.status);
        // It may have made a part of it again, without a ledger to say whose that is.
        while output.exists() && std::fs::remove_dir_all(&output).is_err() {}
        assert_equal(&between.site.build(), &between.new, "the build after it vanished");
    }
}

/// Runs a script with file systems of its own; `None`, said so, where the system does not allow that.
fn apart(site: &Site, script: &str) -> Option<String> {
    let shell = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-euc", script, env!("CARGO_BIN_EXE_cobrand")]);
        command.arg(site.workspace()).arg(site.output()).env("NO_COLOR", "1").output()
    };
    let may = shell("mount -t tmpfs tmpfs /mnt").is_ok_and(|done| done.status.success());
    if !may {
        eprintln!("skipped: this system lets nobody mount a file system of their own");
        return None;
    }
    let done = shell(script).unwrap();
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{text}\n{}", said(&done));
    Some(text)
}

#[test]
fn a_full_disk_is_said_to_be_full_and_leaves_whole_packages() {
    let between = Between::new();
    // What fits is one edition and a part of the other, more and more of it.
    for spare in [8, 60, 150] {
        let size: usize = between.old.values().map(|bytes| bytes.len().div_ceil(4096) * 4).sum::<usize>() + spare;
        between.site.edition(0);
        let (copy, longer) = (between.site.path(&format!("copy-{spare}")), "What hurts ".repeat(3_000));
        let script = format!(
            "mkdir -p $2; mount -t tmpfs -o size={size}k tmpfs $2; cobrand() {{ \"$0\" build -C $1 -o $2; }}\n\
             cobrand $1 $2 >/dev/null || echo first failed\n\
             sed -i 's/What hurts in/{longer} in/' $1/master-templates/content/landing.md\n\
             code=0; cobrand $1 $2 2>&1 || code=$?; echo code $code\n\
             \"$0\" verify $2 2>&1 || true\n\
             mount -o remount,size=64m $2; cobrand $1 $2 >/dev/null; \"$0\" verify $2; cp -r $2 {}",
            copy.display()
        );
        let Some(told) = apart(&between.site, &script) else { return };
        assert!(told.contains("code 1\n"), "{told}");
        assert!(
            told.contains("error[E-DISKFULL]: the disk is full: cannot ") && told.contains("help: free some space")
        );
        // However many packages and files met it.
        assert_eq!(told.matches("E-DISKFULL").count(), 1, "{told}");
        // Of the packages only one may be of another edition than its zip.
        assert!(!told.contains("error[E-CHANGED]") && !told.contains("error[E-MISSING]"), "{told}");
        assert_equal(&stand::files(&copy), &between.site.clean(), "the build after a full disk");
    }
}

#[test]
fn a_read_only_disk_is_said_to_be_one() {
    let between = Between::new();
    let script = "mount --bind $2 $2; mount -o remount,ro,bind $2; code=0\n\
                  \"$0\" build -C $1 -o $2 2>&1 || code=$?; echo code $code; \"$0\" verify $2";
    let Some(told) = apart(&between.site, script) else { return };
    assert!(told.contains("code 1\n") && told.contains("read-only file system"), "{told}");
    assert!(told.contains("help: make the folder writable for you"), "{told}");
    assert_equal(&stand::files(&between.site.output()), &between.old, "a read-only disk");
    between.recovers();
}

/// The superuser may write anywhere, so this is for everybody else.
#[test]
fn a_folder_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let between = Between::new();
    let output = between.site.output();
    let set = |path: &Path, mode: u32| std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
    set(&output.join(".cobrand/stage"), 0o555);
    let may_write = std::fs::create_dir(output.join(".cobrand/stage/x")).is_ok();
    if may_write {
        std::fs::remove_dir(output.join(".cobrand/stage/x")).unwrap();
        eprintln!("skipped: whoever runs this may write anywhere");
    } else {
        refused(&mut between.site.command(), "E-WRITE", &["permission denied", "make the folder writable for you"]);
        assert_old_or_new(&output, &between.old, &between.old);
    }
    set(&output.join(".cobrand/stage"), 0o755);
    between.recovers();
}
