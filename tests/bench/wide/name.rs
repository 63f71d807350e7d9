//! Names of companies and people. All are made up.

/// A company's name before what it does, and the same as a part of an id. No two companies have one.
pub fn company(index: usize) -> (String, String) {
    // Coprime to the number of all, so that neighbours differ and none comes twice before all came once.
    let number = index * 617 % FAMILIES;
    let family = format!("{}{}", STARTS[number % STARTS.len()], ENDS[number / STARTS.len()]);
    let name = match index / FAMILIES {
        0 => family,
        round => format!("{family} {}", BRANCHES[round - 1]),
    };
    let id = name.to_lowercase().replace(' ', "-");
    (name, id)
}

/// How many companies have a name of one word.
const FAMILIES: usize = STARTS.len() * ENDS.len();

/// How many companies there are.
pub const COMPANIES: usize = FAMILIES * (1 + BRANCHES.len());

pub fn person(number: usize) -> String {
    format!("{} {}", FIRST[number % FIRST.len()], LAST[number / FIRST.len() % LAST.len()])
}

/// As many people.
pub const PEOPLE: usize = FIRST.len() * LAST.len();

static STARTS: [&str; 40] = [
    "Alder", "Amber", "Ash", "Birch", "Bram", "Brook", "Cedar", "Cinder", "Clover", "Copper", "Cross", "Dun", "Elder",
    "Ember", "Fair", "Fern", "Flint", "Fox", "Glen", "Hazel", "Heron", "Holly", "Iron", "Juniper", "Lark", "Linden",
    "Maple", "Marl", "Mill", "Moss", "North", "Oak", "Otter", "Quill", "Raven", "Rowan", "Salt", "Silver", "Thorn",
    "Wren",
];

static ENDS: [&str; 40] = [
    "bank", "bay", "beck", "bourne", "bridge", "brook", "burn", "bury", "cliff", "combe", "cote", "cove", "croft",
    "dale", "den", "edge", "fell", "field", "ford", "gate", "grove", "hall", "ham", "haven", "hill", "holm", "hurst",
    "lake", "land", "leigh", "marsh", "mere", "moor", "port", "ridge", "stead", "stone", "ton", "wick", "wood",
];

/// The second words of companies that share the first. None says what a company does, which follows it.
static BRANCHES: [&str; 14] = [
    "Anchor", "Atlas", "Beacon", "Compass", "Delta", "Harbour", "Keystone", "Lantern", "Meridian", "Orbit", "Pioneer",
    "Summit", "Vector", "Zenith",
];

static FIRST: [&str; 16] = [
    "Aiko", "Amélie", "Bronwyn", "Caio", "Corey", "Dana", "Farah", "Hugo", "Jana", "Karim", "Layla", "Merle", "Niamh",
    "Omar", "Renata", "Tane",
];

static LAST: [&str; 16] = [
    "Ashdown",
    "Benali",
    "Coyle",
    "Falcão",
    "Gervais",
    "Haddad",
    "Harms",
    "Kolbe",
    "Lacasse",
    "Lindqvist",
    "Morwen",
    "Okafor",
    "Riedl",
    "Sato",
    "Vasseur",
    "Whelan",
];
