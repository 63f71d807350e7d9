//! The hours in which people work, by weekday.

use std::str::FromStr;

use jiff::civil::Weekday;

/// The keys of a week, in its order.
pub const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// From one time of day to a later one, in minutes after midnight; the end may be midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub opens: u16,
    pub closes: u16,
}

impl Span {
    pub fn minutes(self) -> u32 {
        u32::from(self.closes - self.opens)
    }
}

/// A time of day as it is written.
pub fn time(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// The hours of a day: spans in their order, none of which touches another. None: closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hours(Vec<(u16, u16)>);

/// No times such as `09:00-12:00, 13:00-17:00`, one after the other, and not `closed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotHours;

impl Hours {
    pub fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        self.0.iter().map(|&(opens, closes)| Span { opens, closes })
    }

    pub fn is_closed(&self) -> bool {
        self.0.is_empty()
    }

    pub fn minutes(&self) -> u32 {
        self.spans().map(Span::minutes).sum()
    }
}

impl FromStr for Hours {
    type Err = NotHours;

    fn from_str(text: &str) -> Result<Self, NotHours> {
        if text == "closed" {
            return Ok(Self::default());
        }
        let mut spans = Vec::new();
        for span in text.split(',') {
            let (opens, closes) = span.trim().split_once('-').ok_or(NotHours)?;
            let (opens, closes) = (minutes(opens)?, minutes(closes)?);
            let follows = spans.last().is_none_or(|&(_, before)| before < opens);
            if opens >= closes || !follows {
                return Err(NotHours);
            }
            spans.push((opens, closes));
        }
        Ok(Self(spans))
    }
}

fn minutes(time: &str) -> Result<u16, NotHours> {
    let (hours, minutes) = time.split_once(':').ok_or(NotHours)?;
    let number = |text: &str| match text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => text.parse::<u16>().map_err(|_| NotHours),
        false => Err(NotHours),
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let total = hours * 60 + minutes;
    if minutes < 60 && total <= 24 * 60 { Ok(total) } else { Err(NotHours) }
}

/// The hours of each weekday, from Monday on. At least one of them is open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Week([Hours; 7]);

impl Week {
    /// `None` where every day is closed: nothing would ever be due.
    pub fn new(days: [Hours; 7]) -> Option<Self> {
        days.iter().any(|day| !day.is_closed()).then_some(Self(days))
    }

    pub fn on(&self, weekday: Weekday) -> &Hours {
        // Monday is 0.
        &self.0[usize::from(weekday.to_monday_zero_offset().unsigned_abs()) % 7]
    }

    /// From Monday on.
    pub fn days(&self) -> &[Hours; 7] {
        &self.0
    }

    pub fn minutes(&self) -> u32 {
        self.0.iter().map(Hours::minutes).sum()
    }
}
