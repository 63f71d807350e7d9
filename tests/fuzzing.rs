//! The fuzz targets of `tests/fuzz`, run over their seeds and over a fixed number of mutations of these. What is drawn
//! follows from `PROPTEST_RNG_SEED`, so a failure is found again with the seed that it names; `FUZZ_RUNS` asks for
//! more of them, `FUZZ_TARGET` for one target. `cargo fuzz` runs the same targets, led by what they cover.

#![allow(clippy::disallowed_methods, reason = "what is read is written first, outside of any output")]

#[path = "support/chance.rs"]
mod chance;
#[path = "support/small.rs"]
mod small;
#[path = "fuzz/targets.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use chance::Chance;
use targets::{TARGETS, Target};

/// Mutations for each hundred of a target's share.
const RUNS: u32 = 100;

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// A seed with a few changes: bytes, a part left out, a part twice, a part of another seed.
fn mutated(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(6) {
        let (start, length) = (chance.below(bytes.len() + 1), chance.below(24));
        let end = (start + length).min(bytes.len());
        match chance.below(6) {
            0 => bytes.iter_mut().skip(start).take(1).for_each(|byte| *byte ^= 1 << (length % 8)),
            1 => drop(bytes.drain(start..end)),
            2 => {
                let part = bytes[start..end].repeat(1 + chance.below(40));
                drop(bytes.splice(start..start, part));
            }
            3 => {
                let other = &seeds[chance.below(seeds.len())];
                let from = chance.below(other.len() + 1);
                let part = other[from..(from + length * 4).min(other.len())].to_vec();
                drop(bytes.splice(start..end, part));
            }
            4 => {
                let signs = b"{}[]()<>\"'|-:,;#%&*\\\n\r\t \0=@!`~^$.";
                bytes.insert(start, signs[chance.below(signs.len())]);
            }
            _ => {
                let signs = [
                    "\u{feff}",
                    "\u{202e}",
                    "\u{fdd4}",
                    "\u{e000}",
                    "é",
                    "🦀",
                    "\u{0}",
                    "\u{85}",
                    "99999999999999999999",
                ];
                drop(bytes.splice(start..start, signs[chance.below(signs.len())].bytes()));
            }
        }
    }
    bytes
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn run(target: &Target, seed: u64, runs: u32) {
    let seeds = seeds(target.name);
    assert!(!seeds.is_empty(), "`{}` has no seeds", target.name);
    let mut chance = Chance::new(seed);
    let mutations = (0..runs * target.share / 100).map(|_| mutated(&seeds, &mut chance));
    for bytes in seeds.iter().cloned().chain(mutations) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| (target.run)(&bytes))) {
            eprintln!("`{}` fails, with the seed {seed}, for \"{}\"", target.name, bytes.escape_ascii());
            std::panic::resume_unwind(panic);
        }
    }
}

#[test]
fn targets_hold_for_their_seeds_and_mutations_of_them() {
    let seed = number("PROPTEST_RNG_SEED").unwrap_or(1);
    let runs = number("FUZZ_RUNS").map_or(RUNS, |runs| runs as u32);
    let only = std::env::var("FUZZ_TARGET").ok();
    for target in TARGETS.iter().filter(|target| only.as_deref().is_none_or(|only| only == target.name)) {
        run(target, seed, runs);
    }
}

/// Each target is also one of `cargo fuzz`.
#[test]
fn cargo_fuzz_has_the_same_targets() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
    for target in &TARGETS {
        assert!(manifest.contains(&format!("name = \"{}\"", target.name)), "{}", target.name);
        assert!(folder.join(format!("fuzz_targets/{}.rs", target.name)).is_file(), "{}", target.name);
    }
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
}
