//! The plan of a partner: what each of its packages adds to it, and what they come to together.
//!
//! A package tells its [`Part`] as data, in [`FILE`]. The parts of a partner make its one [`Claim`] of a fund; parts of all
//! partners make the sums of a region and of the program. A part names the package that it is of, so each row of a sum says
//! where it comes from.
//!
//! What holds:
//!
//! - Parts add up: of a goal or a budget each package has its part, and all parts together are the whole.
//! - What takes place once for several packages is claimed once, with the sum of their parts.
//! - No figure depends on the order of packages or partners.
//!
//! - [`amount`]: money, exact to the minor unit
//! - `part`: what a package adds
//! - `claim`: a claim over the parts of a partner
//! - [`tables`], `book`: claims as tables, and as a workbook that counts
//! - `dates`: the calendar of several packages
//! - `crm`: campaigns, as CRMs take them
//! - [`load`]: what packages ask of people in a week

pub mod amount;
mod book;
mod claim;
mod crm;
mod dates;
pub mod load;
mod part;
pub mod tables;

pub use book::book;
pub use claim::{Claim, Row, claims, own_claim};
pub use crm::{Campaigns, Crm, GENERIC};
pub use dates::{Calendar, Day};
pub use part::{
    Activity, Approval, Basis, Campaign, DateTest, Dated, Evidence, Exchange, FORMAT, Fund, Goal, Level, Part, Period,
    Status, Time, Word, Words,
};

/// Where a package tells its part.
pub const FILE: &str = "proof/plan.json";

#[cfg(test)]
mod tests;
