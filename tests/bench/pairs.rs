//! One case: builds by `cobrand`, each paired with a run of the floor right after it, A B A B.

use std::fs;
use std::path::Path;

use super::process::Cost;
use super::statistics::Summary;

/// What one pair cost.
struct Pair {
    ours: Cost,
    floor: Cost,
}

/// All pairs of a case that count.
pub struct Pairs(Vec<Pair>);

impl Pairs {
    /// Runs a pair more than is asked for and leaves out the first: it is the one that touches the pages of a file
    /// system in memory and fills the caches. Each run is to remove what it wrote, once it is measured, so that the next
    /// one finds the file system as it did.
    pub fn run(
        count: usize,
        mut ours: impl FnMut(usize) -> Result<Cost, String>,
        mut floor: impl FnMut() -> Result<Cost, String>,
    ) -> Result<Self, String> {
        let pairs = (0..=count).map(|index| Ok(Pair { ours: ours(index)?, floor: floor()? }));
        Ok(Self(pairs.collect::<Result<Vec<_>, String>>()?.split_off(1)))
    }

    /// Of our runs.
    pub fn ours(&self, what: impl Fn(&Cost) -> f64) -> Summary {
        Summary::of(self.0.iter().map(|pair| what(&pair.ours)))
    }

    /// Of the floor's.
    pub fn floor(&self, what: impl Fn(&Cost) -> f64) -> Summary {
        Summary::of(self.0.iter().map(|pair| what(&pair.floor)))
    }

    /// Of ours over the floor's beside it.
    pub fn ratio(&self, what: impl Fn(&Cost) -> f64) -> Summary {
        Summary::of(self.0.iter().map(|pair| what(&pair.ours) / what(&pair.floor).max(1e-6)))
    }

    /// Two lines: what decides, and what it is made of.
    pub fn print(&self, case: &str) {
        let (wall, floor) = (self.ours(|cost| cost.wall * 1e3), self.floor(Cost::cpu));
        println!(
            "{case:8} CPU/floor {}  wall/floor {}  (floor {:.3} s CPU, {:.3} to {:.3}; {} pairs)",
            self.ratio(Cost::cpu),
            self.ratio(|cost| cost.wall),
            floor.median,
            floor.low,
            floor.high,
            self.0.len()
        );
        println!(
            "         user {:.3} s, sys {:.3} s, CPU {:.3} s  wall {:.0} ms ({:.0} to {:.0})  peak {:.1} MiB",
            self.ours(|cost| cost.user).median,
            self.ours(|cost| cost.sys).median,
            self.ours(Cost::cpu).median,
            wall.median,
            wall.low,
            wall.high,
            self.ours(|cost| cost.peak).high
        );
    }
}

/// Removes what a run wrote, if there is any.
pub fn clear(folder: &Path) -> Result<(), String> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(format!("{}: {error}", folder.display())),
        _ => Ok(()),
    }
}
