//! How long something may take.

use std::fmt;
use std::str::FromStr;

/// A time that only runs while people work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Business hours: `8h`.
    Hours(u32),
    /// Working days, to the same time of day: `2d`.
    Days(u32),
}

impl Within {
    pub fn amount(self) -> u32 {
        match self {
            Self::Hours(amount) | Self::Days(amount) => amount,
        }
    }

    /// `hours` or `days`
    pub fn unit(self) -> &'static str {
        match self {
            Self::Hours(_) => "hours",
            Self::Days(_) => "days",
        }
    }

    /// Whether it is surely over no later than another time that starts with it.
    pub fn is_within(self, other: Self) -> bool {
        self.unit() == other.unit() && self.amount() <= other.amount()
    }
}

/// No whole number from 1 to 9999 with `h` or `d` behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotWithin;

impl FromStr for Within {
    type Err = NotWithin;

    fn from_str(text: &str) -> Result<Self, NotWithin> {
        let digits = text.get(..text.len().saturating_sub(1)).unwrap_or_default();
        let is_number = (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number || digits.starts_with('0') {
            return Err(NotWithin);
        }
        let amount = digits.parse().map_err(|_| NotWithin)?;
        match text.as_bytes().last() {
            Some(b'h') => Ok(Self::Hours(amount)),
            Some(b'd') => Ok(Self::Days(amount)),
            _ => Err(NotWithin),
        }
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(hours) => write!(f, "{hours}h"),
            Self::Days(days) => write!(f, "{days}d"),
        }
    }
}
