//! What packages ask of people in a week, by mailbox.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::part::Part;
use crate::encode::Content;
use crate::encode::csv::Table;

/// What a package asks, and what HQ's bounds are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// The most that a mailbox gives in a week to all packages of its partner.
    pub most: Option<u32>,
    pub mailboxes: Vec<Mailbox>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    pub address: Arc<str>,
    /// Whether somebody of the partner reads it.
    pub is_partners: bool,
    /// An ordinary week.
    pub minutes: u32,
    /// Weeks that take more or less, by their Monday.
    pub weeks: BTreeMap<Date, u32>,
    pub tasks: Vec<Task>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its place in the model: the same in all packages.
    pub about: Arc<str>,
    pub title: Arc<str>,
    pub minutes: u32,
}

/// What several packages ask of a mailbox together.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub is_partners: bool,
    /// How many packages ask something of it.
    pub packages: usize,
    /// An ordinary week.
    pub minutes: u32,
    /// What it has to give at most: the least of the bounds of these packages, where the partner's people read it.
    pub most: Option<u32>,
    /// By Monday, how much more or less than an ordinary week takes.
    weeks: BTreeMap<Date, i64>,
}

impl Asked {
    fn add(&mut self, mailbox: &Mailbox, most: Option<u32>) {
        self.is_partners |= mailbox.is_partners;
        self.packages += 1;
        self.minutes += mailbox.minutes;
        self.most = [self.most, most.filter(|_| mailbox.is_partners)].into_iter().flatten().min();
        for (week, minutes) in &mailbox.weeks {
            *self.weeks.entry(*week).or_default() += i64::from(*minutes) - i64::from(mailbox.minutes);
        }
    }

    /// The week that takes more than an ordinary one and more than any other, if one does: its Monday, and its minutes.
    pub fn fullest(&self) -> Option<(Date, u32)> {
        let (week, more) = self.weeks.iter().rev().max_by_key(|(_, more)| **more).filter(|(_, more)| **more > 0)?;
        Some((*week, self.minutes.saturating_add(u32::try_from(*more).ok()?)))
    }

    /// Whether its fullest week takes more than it has to give.
    pub fn is_too_much(&self) -> bool {
        let minutes = self.fullest().map_or(self.minutes, |(_, minutes)| minutes);
        self.most.is_some_and(|most| minutes > most)
    }
}

/// What packages ask together. It is the same whatever order they came in.
#[derive(Clone, Debug, Default)]
pub struct Loads(BTreeMap<Arc<str>, Asked>);

impl Loads {
    pub fn add(&mut self, part: &Part) {
        for mailbox in &part.load.mailboxes {
            self.0.entry(mailbox.address.clone()).or_default().add(mailbox, part.load.most);
        }
    }

    /// By mailbox, those first that give most.
    pub fn rows(&self) -> Vec<(&Arc<str>, &Asked)> {
        let mut rows: Vec<_> = self.0.iter().collect();
        rows.sort_by_key(|(_, asked)| std::cmp::Reverse(asked.minutes));
        rows
    }

    pub fn table(&self) -> Content {
        let mut table =
            Table::new(&["mailbox", "of", "packages", "minutes", "fullest_week", "fullest_minutes", "most"]);
        for (address, asked) in self.rows() {
            let fullest = asked.fullest();
            let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
            table.row(&[
                &**address,
                if asked.is_partners { "partner" } else { "vendor" },
                &asked.packages.to_string(),
                &asked.minutes.to_string(),
                &fullest.map(|(week, _)| week.to_string()).unwrap_or_default(),
                &number(fullest.map(|(_, minutes)| minutes)),
                &number(asked.most),
            ]);
        }
        table.finish()
    }
}

/// What packages ask of one mailbox, each task once: its title in the first of them, and the minutes of all.
pub fn tasks<'p>(parts: &'p [Part], address: &str) -> Vec<(&'p str, u32)> {
    let mailboxes = parts.iter().flat_map(|part| &part.load.mailboxes).filter(|it| *it.address == *address);
    let mut tasks: IndexMap<&str, (&str, u32)> = IndexMap::new();
    for task in mailboxes.flat_map(|mailbox| &mailbox.tasks) {
        tasks.entry(&task.about).or_insert((&task.title, 0)).1 += task.minutes;
    }
    tasks.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(minutes: u32, weeks: &[(&str, u32)]) -> Mailbox {
        let weeks = weeks.iter().map(|(week, minutes)| (week.parse().unwrap(), *minutes)).collect();
        Mailbox { address: "ours".into(), is_partners: true, minutes, weeks, tasks: Vec::new() }
    }

    #[test]
    fn the_fullest_week_of_several_packages_is_that_of_their_sum() {
        let first = mailbox(100, &[("2027-03-22", 160), ("2027-03-29", 130)]);
        let second = mailbox(50, &[("2027-03-22", 20), ("2027-03-29", 60)]);
        let mut asked = Asked::default();
        assert_eq!(asked.fullest(), None);
        asked.add(&first, Some(300));
        assert_eq!(asked.fullest(), Some(("2027-03-22".parse().unwrap(), 160)));
        asked.add(&second, Some(185));
        // 180 and 190, where each has its own fullest week.
        assert_eq!((asked.minutes, asked.fullest()), (150, Some(("2027-03-29".parse().unwrap(), 190))));
        assert!(asked.is_too_much() && asked.most == Some(185));
        let mut others = Asked::default();
        others.add(&second, Some(185));
        others.add(&first, Some(300));
        assert_eq!((others.fullest(), others.most), (asked.fullest(), asked.most));
    }

    #[test]
    fn nobody_but_the_partner_has_its_bound() {
        let mut asked = Asked::default();
        asked.add(&Mailbox { is_partners: false, ..mailbox(500, &[]) }, Some(100));
        assert!(!asked.is_too_much());
    }
}
