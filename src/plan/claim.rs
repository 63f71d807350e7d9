//! The claim of a partner: what its packages claim of one fund, each activity once.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::amount;
use super::part::{Activity, Part};

/// One claim of a fund. It is the same whatever order the parts came in.
#[derive(Clone, Debug)]
pub struct Claim<'p> {
    /// The packages that have a part in it, by their ids. There is always one.
    pub parts: Vec<&'p Part>,
    pub rows: Vec<Row<'p>>,
}

/// An activity as it is claimed: with all packages for which it takes place once.
#[derive(Clone, Debug)]
pub struct Row<'p> {
    pub activity: &'p Activity,
    /// In the order of the claim's.
    pub parts: Vec<&'p Part>,
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
    by_claim.into_values().map(Claim::of).collect()
}

impl<'p> Claim<'p> {
    fn of(mut parts: Vec<&'p Part>) -> Self {
        parts.sort_unstable_by(|a, b| a.deployment.cmp(&b.deployment));
        let mut rows: IndexMap<&str, Row<'p>> = IndexMap::new();
        for &part in &parts {
            for activity in &part.activities {
                rows.entry(&activity.key).or_insert_with(|| Row::new(activity)).add(part, activity);
            }
        }
        Self { parts, rows: rows.into_values().collect() }
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

    /// What of that is paid back: no more than the caps of activities and claim.
    pub fn reimbursed(&self) -> Option<Decimal> {
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
        Self { activity, parts: Vec::new(), values: IndexMap::new(), amount: None }
    }

    fn add(&mut self, part: &'p Part, activity: &'p Activity) {
        let is_first = self.parts.is_empty();
        self.parts.push(part);
        for (metric, value) in &activity.values {
            *self.values.entry(metric).or_default() += value;
        }
        self.amount = match (is_first, self.amount, activity.amount) {
            (true, _, amount) => amount,
            (false, Some(sum), Some(amount)) => Some(sum + amount),
            // Of what is not known for one package nothing is known for all.
            (false, ..) => None,
        };
    }

    pub fn percent(&self) -> Decimal {
        self.parts.first().map_or(Decimal::ZERO, |part| part.fund.reimbursed_percent)
    }

    /// What of its planned cost is paid back, by share and cap.
    fn reimbursed(&self, places: u32) -> Option<Decimal> {
        let share = amount::rounded(self.amount? * self.percent() / Decimal::ONE_HUNDRED, places);
        Some(self.activity.cap.map_or(share, |cap| share.min(cap)))
    }

    /// `utm_content` of the links that count for it, each once, in the order of the alphabet.
    pub fn contents(&self) -> Vec<&'p str> {
        let own = |part: &&'p Part| part.activities.iter().find(|activity| activity.key == self.activity.key);
        let all = self.parts.iter().filter_map(own).flat_map(|activity| &activity.contents);
        let mut contents: Vec<&str> = all.map(|content| &**content).collect();
        contents.sort_unstable();
        contents.dedup();
        contents
    }
}
