//! What is drawn of many.

#[path = "../../support/chance.rs"]
mod numbers;

pub use numbers::Chance;

impl Chance {
    /// Whether something is so that holds for so many in a hundred.
    pub fn holds(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of some, the heavier the likelier.
    pub fn weighted<T: Copy>(&mut self, all: &[(T, usize)]) -> T {
        all[self.weighted_index(all)].0
    }

    /// Several of some, none twice, in the order in which they are drawn.
    pub fn several<T: Copy>(&mut self, count: usize, all: &[(T, usize)]) -> Vec<T> {
        let mut left = all.to_vec();
        (0..count).map(|_| left.remove(self.weighted_index(&left)).0).collect()
    }

    fn weighted_index<T>(&mut self, all: &[(T, usize)]) -> usize {
        let mut at = self.below(all.iter().map(|(_, weight)| weight).sum());
        let is_here = |(_, weight): &(T, usize)| {
            let here = at < *weight;
            at = at.saturating_sub(*weight);
            here
        };
        all.iter().position(is_here).unwrap_or_default()
    }
}
