//! Working days and business hours: by when something is due.
//!
//! Public holidays and weekends come with the program, by country ([`holidays`]). Whoever owes something has [`Days`] on
//! which people work and a [`Clock`] of hours in a zone. Outside of the years whose holidays are known the answer is
//! [`Unknown`], never a day on which nobody works.
//!
//! - [`holidays`]: what comes with the program, and from where
//! - [`hours`]: the hours of each weekday
//! - [`within`]: how long something may take
//! - [`days`]: counting working days
//! - [`clock`]: counting business hours

pub mod clock;
pub mod days;
pub mod holidays;
pub mod hours;
#[cfg(test)]
mod tests;
pub mod within;

pub use clock::{Clock, Due, zone};
pub use days::{Days, Place, Unknown, plus};
pub use hours::{Hours, Span, WEEKDAYS, Week};
pub use within::Within;
