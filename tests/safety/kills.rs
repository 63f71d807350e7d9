//! Real builds that are killed at random moments, and builds at once.
//!
//! The moment is chosen by how far the ledger has grown, and a random number of looks after that, so that it
//! falls anywhere in a build on any machine. `COBRAND_KILLS=500 cargo test --test safety kill` kills more than
//! usual.

use std::path::Path;
use std::process::{Child, Output};

use super::process::{Site, assert_old_or_new, assert_verifies, said};
use super::stand::{self, Files, Numbers, asked, assert_equal};

/// How many deaths at most before a build is let through.
const IN_A_ROW: usize = 5;

fn ledger(output: &Path) -> u64 {
    std::fs::metadata(output.join(".cobrand/ledger")).map_or(0, |found| found.len())
}

/// Waits until the ledger has grown by so much, then for some looks more; `false` when the build is over before.
fn wait_for(child: &mut Child, output: &Path, growth: u64, looks: usize) -> bool {
    let start = ledger(output);
    let mut left = looks;
    while child.try_wait().unwrap().is_none() {
        if ledger(output).saturating_sub(start) >= growth {
            if left == 0 {
                return true;
            }
            left -= 1;
        }
        std::thread::yield_now();
    }
    false
}

/// Starts a build and kills it somewhere; `false` when it was over before.
fn kill_one(site: &Site, growth: usize, numbers: &mut Numbers) -> bool {
    let output = site.output();
    let threads = (1 + numbers.below(4)).to_string();
    let mut child = site.command().args(["-j", &threads]).spawn().unwrap();
    // One in six dies before or at its first step.
    let target = if numbers.below(6) == 0 { 0 } else { numbers.below(growth + 1) as u64 };
    let looks = numbers.below(if target == 0 { 4_000 } else { 30 });
    let alive = wait_for(&mut child, &output, target, looks);
    // The signal that nobody can hear.
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(alive || status.success(), "{status:?}");
    alive && !status.success()
}

/// How much a build of another edition adds to the ledger.
fn growth(site: &Site) -> (usize, Files, Files) {
    site.edition(0);
    let old = site.clean();
    assert_equal(&site.build(), &old, "the first build");
    let before = ledger(&site.output());
    site.edition(1);
    let new = site.build();
    assert_equal(&new, &site.clean(), "the second build");
    ((ledger(&site.output()) - before) as usize, old, new)
}

#[test]
fn a_build_killed_at_any_moment_leaves_whole_packages_and_the_next_one_goes_through() {
    let kills = asked("COBRAND_KILLS", 40);
    let site = Site::new(12);
    let (growth, even, odd) = growth(&site);
    let mut numbers = Numbers::new(asked("COBRAND_SEED", 1));
    let (mut done, mut rounds, mut early, mut mixed) = (0, 1, 0, 0);
    while done < kills {
        rounds += 1;
        site.edition(rounds % 2);
        // Editions are told apart by what they are for, so there are only two of them.
        let (old, new) = if rounds % 2 == 0 { (&odd, &even) } else { (&even, &odd) };
        for deaths in 0..=numbers.below(IN_A_ROW) {
            // The later ones have less to do.
            done += usize::from(kill_one(&site, growth / (deaths + 1), &mut numbers));
            let stand = assert_old_or_new(&site.output(), old, new);
            early += usize::from(stand.new == 0);
            mixed += usize::from(stand.old > 0 && stand.new > 0);
            assert_verifies(&site.output());
        }
        assert_equal(&site.build(), new, "the build after the kills");
    }
    eprintln!("{done} kills in {rounds} rounds: {early} before the first package, {mixed} amid them");
    assert!(mixed > kills / 10, "only {mixed} of {done} kills fell amid the packages");
}

#[test]
fn a_first_build_killed_at_any_moment_leaves_whole_packages_or_none() {
    let site = Site::new(6);
    let (growth, _, new) = growth(&site);
    let mut numbers = Numbers::new(asked("COBRAND_SEED", 1) + 1);
    let mut done = 0;
    while done < asked("COBRAND_KILLS", 40) / 6 {
        std::fs::remove_dir_all(site.output()).unwrap();
        for deaths in 0..=numbers.below(IN_A_ROW) {
            done += usize::from(kill_one(&site, growth / (deaths + 1), &mut numbers));
            if site.output().exists() {
                assert_old_or_new(&site.output(), &Files::new(), &new);
                assert_verifies(&site.output());
            }
        }
        assert_equal(&site.build(), &new, "the build after the kills");
    }
}

#[test]
fn a_build_beside_another_one_is_refused_and_touches_nothing() {
    let site = Site::new(2);
    site.edition(0);
    let old = site.build();
    let stamps = stand::stamps(&site.output());
    site.edition(1);
    let first = cobrand::emit::Output::open(&site.output()).unwrap();
    let done = site.command().output().unwrap();
    let told = said(&done);
    assert_eq!(done.status.code(), Some(1));
    let process = format!("error[E-LOCKED]: process {} is writing to `", std::process::id());
    assert!(told.contains(&process) && told.contains("help: wait until it is done"), "{told}");
    assert_equal(&stand::files(&site.output()), &old, "a refused build");
    assert_eq!(stand::stamps(&site.output()), stamps);
    drop(first);
    assert_equal(&site.build(), &site.clean(), "the build after it");
}

#[test]
fn builds_at_once_take_turns_or_say_so() {
    let site = Site::new(6);
    site.edition(0);
    let mut old = site.build();
    for round in 1..=4 {
        site.edition(round);
        let new = site.clean();
        let children: Vec<Child> = (0..3).map(|_| site.command().spawn().unwrap()).collect();
        let done: Vec<Output> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
        let refused = |done: &&Output| done.status.code() == Some(1) && said(done).contains("error[E-LOCKED]");
        let through = done.iter().filter(|done| done.status.success()).count();
        let told: Vec<String> = done.iter().map(said).collect();
        assert_eq!(through + done.iter().filter(refused).count(), 3, "{told:#?}");
        assert!(through > 0, "{told:#?}");
        assert_old_or_new(&site.output(), &old, &new);
        assert_equal(&site.build(), &new, "builds at once");
        old = new;
    }
}
