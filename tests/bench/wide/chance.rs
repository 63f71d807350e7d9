//! Numbers that look drawn and are the same on every machine: SplitMix64.

pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another one, which is not zero. With a few dozens out of 2^64, no remainder is favoured to speak of.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

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
