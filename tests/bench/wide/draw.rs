//! Who the partners are: drawn by a fixed seed, the n-th alike in a program of any size.

use std::collections::BTreeSet;

use super::chance::Chance;
use super::market::{INDUSTRIES, MASTER_LOCALE, MOTIONS, REGIONS, Region, language};
use super::name;

/// One under which the first four hundred come near to the shares that are written below.
const SEED: u64 = 2026;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    One,
    Few,
    Many,
}

/// How many motions, industries and regions a partner has, and whether one combination is left out.
type Spread = (usize, usize, usize, bool);

/// What a partner says in its own words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// Nothing: its data alone, and perhaps a logo.
    Silent,
    /// A spotlight, in the one language of all its regions.
    OneLanguage,
    /// The same in a second language too, or in a third.
    SeveralLanguages,
}

/// What a partner may run: all combinations of its lists, less one.
pub struct Ground {
    pub motions: Vec<&'static str>,
    pub industries: Vec<&'static str>,
    pub regions: Vec<&'static Region>,
    /// The last motion is not run in the last industry.
    pub excludes: bool,
}

pub struct Partner {
    pub index: usize,
    pub id: String,
    pub name: String,
    /// The legal form.
    pub form: &'static str,
    pub tier: Tier,
    pub voice: Voice,
    pub ground: Ground,
    pub logo: bool,
    /// For everything about it that is drawn, and that nothing depends on.
    pub luck: u64,
}

/// The first so many partners of the program; there are no more than companies.
pub fn partners(count: usize) -> Vec<Partner> {
    assert!(count <= name::COMPANIES, "there are {} partners, and not {count}", name::COMPANIES);
    let mut taken = BTreeSet::new();
    (0..count).map(|index| Partner::drawn(index, &mut taken)).collect()
}

/// Motion, industry and region of a tier.
pub type Cell = (Tier, &'static str, &'static str, &'static str);

impl Partner {
    fn drawn(index: usize, taken: &mut BTreeSet<Cell>) -> Self {
        let mut chance = Chance::new(SEED ^ (index as u64) << 16);
        let tier = Tier::of(index);
        let voice = tier.voice(&mut chance);
        let ground = Ground::drawn(tier, voice, taken, &mut chance);
        let (start, id) = name::company(index);
        let [kind, form] = ground.home().kinds[chance.below(ground.home().kinds.len())];
        let logo = tier != Tier::Many || chance.holds(if voice == Voice::Silent { 12 } else { 50 });
        Self {
            index,
            id,
            name: format!("{start} {kind}"),
            form,
            tier,
            voice,
            ground,
            logo,
            luck: chance.below(1 << 32) as u64,
        }
    }

    /// Where it is at home.
    pub fn home(&self) -> &'static Region {
        self.ground.home()
    }

    /// What its files are written in: English if any of its regions reads that, since every English page falls back to the
    /// master's locale; otherwise the language of its home. Whoever says nothing is as the master is.
    pub fn locale(&self) -> &'static str {
        let reads_english = self.ground.locales().any(|locale| language(locale) == language(MASTER_LOCALE));
        if reads_english || self.voice == Voice::Silent { MASTER_LOCALE } else { self.home().locales[0] }
    }

    /// The locales that its words have to be translated to.
    pub fn other_locales(&self) -> impl Iterator<Item = &'static str> {
        let own = language(self.locale());
        self.ground.locales().filter(move |locale| language(locale) != own)
    }
}

impl Tier {
    /// Exactly 1, 10 and 89 in a hundred, also of the first hundred.
    fn of(index: usize) -> Self {
        match index % 100 {
            0 => Self::One,
            number if number % 10 == 5 => Self::Few,
            _ => Self::Many,
        }
    }

    pub fn id(self) -> &'static str {
        match self {
            Self::One => "one-to-one",
            Self::Few => "one-to-few",
            Self::Many => "one-to-many",
        }
    }

    /// A third of all partners have words of their own: those of the named tiers, of whom the policy expects it, and a
    /// quarter of the others. Three in ten of those who speak do so in several languages, which is a tenth of all.
    fn voice(self, chance: &mut Chance) -> Voice {
        let speaks = self != Self::Many || chance.holds(25);
        match (speaks, chance.holds(30)) {
            (false, _) => Voice::Silent,
            (true, false) => Voice::OneLanguage,
            (true, true) => Voice::SeveralLanguages,
        }
    }

    /// What partners have, with how many in a hundred have that much. Most have one region, and one or two industries;
    /// the named ones run more. A row of a registry cannot leave a combination out.
    fn spreads(self) -> &'static [(Spread, usize)] {
        match self {
            Self::One => &[((2, 3, 1, false), 40), ((1, 3, 2, false), 40), ((3, 1, 2, false), 20)],
            Self::Few => {
                &[((2, 3, 1, false), 40), ((2, 3, 1, true), 20), ((2, 2, 1, false), 25), ((1, 3, 2, false), 15)]
            }
            Self::Many => &[
                ((1, 1, 1, false), 36),
                ((1, 2, 1, false), 22),
                ((2, 1, 1, false), 10),
                ((1, 1, 2, false), 6),
                ((1, 3, 1, false), 7),
                ((3, 1, 1, false), 3),
                ((2, 2, 1, false), 8),
                ((1, 2, 2, false), 4),
                ((2, 3, 1, false), 4),
            ],
        }
    }

    /// How often a ground is drawn, to take the one with the most that nobody of the tier has yet. A vendor signs its
    /// named partners where it has none; the others come as they come.
    fn tries(self) -> usize {
        if self == Self::Many { 1 } else { 16 }
    }
}

impl Ground {
    fn drawn(tier: Tier, voice: Voice, taken: &mut BTreeSet<Cell>, chance: &mut Chance) -> Self {
        let mut best = Self::suiting(tier, voice, chance);
        let news = |ground: &Self| ground.cells(tier).filter(|cell| !taken.contains(cell)).count();
        for _ in 1..tier.tries() {
            let other = Self::suiting(tier, voice, chance);
            if news(&other) > news(&best) {
                best = other;
            }
        }
        taken.extend(best.cells(tier));
        best
    }

    /// One where the partner can say what it says: whoever writes in one language has regions of one.
    fn suiting(tier: Tier, voice: Voice, chance: &mut Chance) -> Self {
        loop {
            let ground = Self::any(tier, chance);
            let languages: BTreeSet<&str> = ground.locales().map(language).collect();
            if match voice {
                Voice::Silent => true,
                Voice::OneLanguage => languages.len() == 1,
                Voice::SeveralLanguages => languages.len() > 1,
            } {
                return ground;
            }
        }
    }

    fn any(tier: Tier, chance: &mut Chance) -> Self {
        let (motions, industries, regions, excludes) = chance.weighted(tier.spreads());
        let all: Vec<(&'static Region, usize)> = REGIONS.iter().map(|region| (region, region.weight)).collect();
        Self {
            motions: chance.several(motions, &MOTIONS),
            industries: chance.several(industries, &INDUSTRIES),
            regions: chance.several(regions, &all),
            excludes,
        }
    }

    fn home(&self) -> &'static Region {
        self.regions[0]
    }

    /// The locales of all its regions.
    fn locales(&self) -> impl Iterator<Item = &'static str> {
        self.regions.iter().flat_map(|region| region.locales.iter().copied())
    }

    /// The combinations that it is made of.
    pub fn cells(&self, tier: Tier) -> impl Iterator<Item = Cell> {
        let of_motion = move |motion: &'static str| {
            let industries = self.industries.iter().filter(move |industry| !self.is_excluded(motion, industry));
            industries
                .flat_map(move |industry| self.regions.iter().map(move |region| (tier, motion, *industry, region.id)))
        };
        self.motions.iter().flat_map(move |motion| of_motion(motion))
    }

    fn is_excluded(&self, motion: &str, industry: &str) -> bool {
        self.excluded() == Some((motion, industry))
    }

    pub fn excluded(&self) -> Option<(&str, &str)> {
        let last = (*self.motions.last()?, *self.industries.last()?);
        self.excludes.then_some(last)
    }
}
