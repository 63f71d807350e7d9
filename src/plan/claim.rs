//! The claim of a partner: what its packages claim of one fund, each activity once.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::amount;
use super::part::{Activity, Part};

/// One claim of a fund, or what some packages have of it. It is the same whatever order the parts came in.
#[derive(Clone, Debug)]
pub struct Claim<'p> {
    /// The packages that have a part in it, by their ids. There is always one.
    pub parts: Vec<&'p Part>,
    pub rows: Vec<Row<'p>>,
    pub pays: Pays,
}

/// What of a claim's planned cost is paid back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pays {
    /// Known of the whole claim, and of parts of it that is known of; nothing where the fund does not say how much there is.
    Planned(Option<Decimal>),
    /// One package does not know what the claim as a whole comes to.
    Elsewhere,
}

/// An activity as it is claimed: with all packages for which it takes place once.
#[derive(Clone, Debug)]
pub struct Row<'p> {
    pub activity: &'p Activity,
    /// In the order of the claim's, with what the budget has for each.
    amounts: Vec<(&'p Part, Option<Decimal>)>,
    /// By metric, over these packages.
    pub values: IndexMap<&'p str, i64>,
    /// Of the budget, over these packages.
    pub amount: Option<Decimal>,
}

/// The claims that some packages of one partner have parts in, by their ids: one for each fund and currency.
pub fn claims<'p>(parts: impl IntoIterator<Item = &'p Part>) -> Vec<Claim<'p>> {
    let mut by_claim: BTreeMap<&str, Vec<&Part>> = BTreeMap::new();
    for part in parts {
        by_claim.entry(&part.fund.claim).or_default().push(part);
    }
    let whole = |parts| {
        let claim = Claim::of(parts, Pays::Elsewhere);
        Claim { pays: Pays::Planned(claim.reimbursed()), ..claim }
    };
    by_claim.into_values().map(whole).collect()
}

/// What a package knows of its claim: all of it where its partner has no other.
pub fn own_claim(part: &Part) -> Claim<'_> {
    let claim = Claim::of(vec![part], Pays::Elsewhere);
    let pays = if part.packages == 1 { Pays::Planned(claim.reimbursed()) } else { Pays::Elsewhere };
    Claim { pays, ..claim }
}

impl<'p> Claim<'p> {
    /// What some of its packages have of it: the parts of packages come to the whole, to the smallest unit.
    pub fn of_some(&self, is_of: impl Fn(&Part) -> bool) -> Option<Self> {
        let parts: Vec<&Part> = self.parts.iter().copied().filter(|part| is_of(part)).collect();
        if parts.is_empty() {
            return None;
        }
        let pays = match self.pays {
            Pays::Planned(Some(whole)) => {
                let shares = self.shares(whole).filter(|(part, _)| is_of(part));
                Pays::Planned(Some(shares.map(|(_, share)| share).sum()))
            }
            pays => pays,
        };
        Some(Self::of(parts, pays))
    }

    /// What is paid back, over the activities and the packages of each.
    fn shares(&self, whole: Decimal) -> impl Iterator<Item = (&'p Part, Decimal)> {
        let of_row = |row: &Row<'p>| {
            let share = row.reimbursed(self.places()).unwrap_or_default();
            let cost = row.amount.unwrap_or_default();
            let part = |&(part, amount): &(&'p Part, Option<Decimal>)| {
                (part, (share * amount.unwrap_or_default()).checked_div(cost).unwrap_or_default())
            };
            row.amounts.iter().map(part).collect::<Vec<_>>()
        };
        let weights: Vec<(&Part, Decimal)> = self.rows.iter().flat_map(of_row).collect();
        let all: Decimal = weights.iter().map(|(_, weight)| weight).sum();
        let percent = |weight: Decimal| (weight * Decimal::ONE_HUNDRED).checked_div(all).unwrap_or_default();
        let shares = amount::shares(whole, self.places(), weights.iter().map(|(_, weight)| percent(*weight)));
        weights.into_iter().map(|(part, _)| part).zip(shares).collect::<Vec<_>>().into_iter()
    }

    fn of(mut parts: Vec<&'p Part>, pays: Pays) -> Self {
        parts.sort_unstable_by(|a, b| a.deployment.cmp(&b.deployment));
        let mut rows: IndexMap<&str, Row<'p>> = IndexMap::new();
        for &part in &parts {
            for activity in &part.activities {
                rows.entry(&activity.key).or_insert_with(|| Row::new(activity)).add(part, activity);
            }
        }
        Self { parts, rows: rows.into_values().collect(), pays }
    }

    /// The package whose rules and words are the claim's: the first.
    pub fn head(&self) -> &'p Part {
        self.parts[0]
    }

    /// How many digits of its currency stand behind the point.
    pub fn places(&self) -> u32 {
        amount::places(&self.head().fund.currency)
    }

    /// What the budget plans for it, where the fund says how much there is.
    pub fn planned(&self) -> Option<Decimal> {
        self.rows.iter().map(|row| row.amount).sum()
    }

    /// What of that is paid back if it is all that is claimed: no more than the caps of activities and claim.
    fn reimbursed(&self) -> Option<Decimal> {
        let of_row = |row: &Row<'_>| row.reimbursed(self.places());
        let sum: Decimal = self.rows.iter().map(of_row).sum::<Option<Decimal>>()?;
        Some(self.head().fund.cap.map_or(sum, |cap| sum.min(cap)))
    }

    /// The earliest day of its packages.
    pub fn submit_by(&self) -> Date {
        self.parts.iter().map(|part| part.fund.submit_by).min().unwrap_or(self.head().fund.submit_by)
    }

    pub fn claim_due(&self) -> Date {
        self.parts.iter().map(|part| part.fund.claim_due).min().unwrap_or(self.head().fund.claim_due)
    }

    /// The latest day of its packages.
    pub fn keep_until(&self) -> Date {
        self.parts.iter().map(|part| part.fund.keep_until).max().unwrap_or(self.head().fund.keep_until)
    }

    /// What is planned in any of its packages: metric and title.
    pub fn metrics(&self) -> Vec<(&'p str, &'p str)> {
        let all = self.parts.iter().flat_map(|part| &part.goals);
        let named: IndexMap<&str, &str> = all.rev().map(|goal| (&*goal.metric, &*goal.title)).collect();
        let order = self.parts.iter().flat_map(|part| &part.goals).map(|goal| &*goal.metric);
        let order: indexmap::IndexSet<&str> = order.collect();
        order.into_iter().filter_map(|metric| Some((metric, *named.get(metric)?))).collect()
    }
}

impl<'p> Row<'p> {
    fn new(activity: &'p Activity) -> Self {
        Self { activity, amounts: Vec::new(), values: IndexMap::new(), amount: Some(Decimal::ZERO) }
    }

    fn add(&mut self, part: &'p Part, activity: &'p Activity) {
        self.amounts.push((part, activity.amount));
        for (metric, value) in &activity.values {
            *self.values.entry(metric).or_default() += value;
        }
        // Of what is not known for one package nothing is known for all.
        self.amount = self.amount.zip(activity.amount).map(|(sum, amount)| sum + amount);
    }

    /// The packages that have it, in the order of the claim's.
    pub fn parts(&self) -> impl Iterator<Item = &'p Part> {
        self.amounts.iter().map(|(part, _)| *part)
    }

    pub fn percent(&self) -> Decimal {
        self.parts().next().map_or(Decimal::ZERO, |part| part.fund.reimbursed_percent)
    }

    /// What of its planned cost is paid back, by share and cap.
    fn reimbursed(&self, places: u32) -> Option<Decimal> {
        let share = amount::rounded(self.amount? * self.percent() / Decimal::ONE_HUNDRED, places);
        Some(self.activity.cap.map_or(share, |cap| share.min(cap)))
    }

    /// `utm_content` of the links that count for it, each once, in the order of the alphabet.
    pub fn contents(&self) -> Vec<&'p str> {
        let own = |part: &'p Part| part.activities.iter().find(|activity| activity.key == self.activity.key);
        let all = self.parts().filter_map(own).flat_map(|activity| &activity.contents);
        let mut contents: Vec<&str> = all.map(|content| &**content).collect();
        contents.sort_unstable();
        contents.dedup();
        contents
    }
}
