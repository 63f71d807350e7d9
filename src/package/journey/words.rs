//! The words that a path is shown with: data of the master, in each of its languages.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::calendar::Within;

/// `journey.words` of a deployment in one language.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Words {
    pub path: Arc<str>,
    pub lead: Arc<str>,
    pub package: Arc<str>,
    pub colon: Arc<str>,
    pub comma: Arc<str>,
    pub requests: Arc<str>,
    pub page: Arc<str>,
    pub by_mail: Arc<str>,
    pub by_page: Arc<str>,
    pub by_hand: Arc<str>,
    pub answer: Arc<str>,
    pub then: Arc<str>,
    pub status: Arc<str>,
    pub calls: Arc<str>,
    pub asks: Arc<str>,
    pub starts: Arc<str>,
    pub gate: Arc<str>,
    pub permission: Arc<str>,
    pub goes_on: Arc<str>,
    pub day: Arc<str>,
    pub rest: Arc<str>,
    pub from: Arc<str>,
    pub record: Arc<str>,
    pub contact: Arc<str>,
    pub sends: Arc<str>,
    pub asked: Arc<str>,
    pub sent: Arc<str>,
    pub late: Arc<str>,
    pub weak: Arc<str>,
    pub ticked: Arc<str>,
    pub unticked: Arc<str>,
    pub confirmed: Arc<str>,
    pub anytime: Arc<str>,
    pub bounced: Arc<str>,
    pub expires: Arc<str>,
    pub silent: Arc<str>,
    pub legend: Legend,
    /// Labels before how long somebody has, by the unit.
    pub within: IndexMap<Arc<str>, Arc<str>>,
    /// Of a permission, by its id.
    pub states: IndexMap<Arc<str>, Arc<str>>,
    /// How a lead is contacted, by the words of `contact`.
    pub channels: IndexMap<Arc<str>, Arc<str>>,
    /// Who tells of a happening, by the words of its `by`.
    pub by: IndexMap<Arc<str>, Arc<str>>,
    /// Each rule in one sentence, by its id.
    pub rules: IndexMap<Arc<str>, Arc<str>>,
    pub undecided: Undecided,
    pub lost: Lost,
    /// Of the file that partners return.
    #[serde(default)]
    pub status_file: StatusWords,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Lost {
    pub scripts: Arc<str>,
    pub mail: Arc<str>,
}

/// The words of the status file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct StatusWords {
    pub title: Arc<str>,
    /// What whoever fills it in has to know.
    pub about: Vec<Arc<str>>,
    pub column: Arc<str>,
    pub value: Arc<str>,
    pub meaning: Arc<str>,
    pub beside: Arc<str>,
    /// What each column holds.
    pub columns: IndexMap<Arc<str>, Arc<str>>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Legend {
    pub open: Arc<str>,
    pub numbers: Arc<str>,
    pub late: Arc<str>,
}

/// Sentences about a title that stands before them.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
pub struct Undecided {
    pub gate: Arc<str>,
    pub contact: Arc<str>,
    pub told: Arc<str>,
    pub noted: Arc<str>,
    pub worded: Arc<str>,
}

impl Words {
    /// A label before what it is about.
    pub fn label(&self, label: &str, value: &str) -> String {
        [label, &self.colon, after(&self.colon), value].concat()
    }

    /// How long somebody has, in words; as it is written, where that is no time.
    pub fn time(&self, within: &str) -> String {
        let parsed = within.parse::<Within>().ok();
        let label = parsed.and_then(|it| Some((self.within.get(it.unit())?, it.amount().to_string())));
        label.map_or_else(|| within.to_owned(), |(label, amount)| self.label(label, &amount))
    }

    pub fn list(&self, words: impl IntoIterator<Item = impl AsRef<str>>) -> String {
        let words: Vec<_> = words.into_iter().collect();
        let between = [&self.comma, after(&self.comma)].concat();
        words.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join(&between)
    }
}

/// What stands behind a sign: nothing where it is as wide as a letter of its script, or else a blank.
fn after(sign: &str) -> &'static str {
    let is_wide = sign.chars().next_back().is_some_and(|c| ('\u{3000}'..='\u{ffef}').contains(&c));
    if is_wide { "" } else { " " }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_stand_as_in_their_language() {
        let words = |colon: &str, comma: &str| Words { colon: colon.into(), comma: comma.into(), ..Words::default() };
        assert_eq!(words(":", ",").label("Tag", &words(":", ",").list(["1", "2"])), "Tag: 1, 2");
        assert_eq!(words("\u{a0}:", ",").label("Jour", "1"), "Jour\u{a0}: 1");
        assert_eq!(words("：", "、").label("期限", &words("：", "、").list(["一", "二"])), "期限：一、二");
    }
}
