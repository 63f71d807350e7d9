//! Names of companies and people. All are made up.

/// A company's name before what it does, and the same as a part of an id.
pub fn company(index: usize) -> (String, String) {
    // Coprime to the number of all, so that neighbours differ and none comes twice before all came once.
    let number = index * 617 % (STARTS.len() * ENDS.len());
    let name = format!("{}{}", STARTS[number % STARTS.len()], ENDS[number / STARTS.len()]);
    let id = name.to_lowercase();
    (name, id)
}

/// How many companies have gone by before names come again.
pub const COMPANIES: usize = STARTS.len() * ENDS.len();

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
