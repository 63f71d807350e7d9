//! What partners say, in each language: a few sentences for each place, of which each partner takes one. The n-th line of
//! every file says the same, so that a translation has the variables of its source.

use super::draw::Partner;
use super::market::language;

static ALL: [(&str, &str); 6] = [
    ("en", include_str!("words/en.txt")),
    ("de", include_str!("words/de.txt")),
    ("fr", include_str!("words/fr.txt")),
    ("pt", include_str!("words/pt.txt")),
    ("ja", include_str!("words/ja.txt")),
    ("ar", include_str!("words/ar.txt")),
];

/// Sentences to choose from at each place of a spotlight.
const CHOICES: usize = 3;

/// The words of one partner in one language.
pub struct Words {
    lines: Vec<&'static str>,
    luck: usize,
}

impl Words {
    pub fn of(partner: &Partner, locale: &str) -> Self {
        let text = ALL.iter().find(|(name, _)| *name == language(locale)).map_or("", |(_, text)| text);
        Self { lines: text.lines().collect(), luck: partner.luck as usize }
    }

    /// The section of its own on the landing page: who it is, how it rehearses, and where to find it.
    pub fn spotlight(&self) -> String {
        let year = (1975 + self.luck / 81 % 50).to_string();
        let who = self.choice(0).replace("{year}", &year);
        let (knows, rehearses, leaves) = (self.choice(1), self.choice(2), self.choice(3));
        let space = if who.ends_with('。') { "" } else { " " };
        let link = self.line(4 * CHOICES);
        format!("{who}{space}{knows}\n\n{rehearses}{space}{leaves}\n\n[{link}](link:partner-site)\n")
    }

    /// The first lines of the first email.
    pub fn intro(&self) -> &'static str {
        self.line(4 * CHOICES + 1)
    }

    /// The last lines of the last email.
    pub fn close(&self) -> &'static str {
        self.line(4 * CHOICES + 2)
    }

    /// The sentence of the partner at a place.
    fn choice(&self, place: usize) -> &'static str {
        self.line(place * CHOICES + self.luck / CHOICES.pow(place as u32) % CHOICES)
    }

    fn line(&self, number: usize) -> &'static str {
        self.lines.get(number).copied().unwrap_or_default()
    }
}
