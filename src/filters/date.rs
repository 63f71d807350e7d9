//! Dates in words.

use icu_calendar::{Date, Iso};
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::enums::DateFieldSet;
use icu_datetime::fieldsets::{YMD, YMDE};
use icu_datetime::options::YearStyle;

use crate::data::Data;
use crate::filters::locale::{formatters, get_or_try};
use crate::filters::{Arguments, text};

const STYLES: [&str; 4] = ["short", "medium", "long", "full"];

/// A date (or the date of a date and time) in the locale's words. All years have four digits.
pub fn date(value: &Data, arguments: &Arguments<'_>) -> Result<Data, String> {
    let text = text::text(value)?;
    let day: jiff::civil::Date =
        text.trim().parse().map_err(|_| format!("`{text}` is no date: write it like 2026-11-16"))?;
    let style = arguments.text(0)?.unwrap_or("medium".into());
    if style == "iso" {
        return Ok(day.to_string().into());
    }
    let known = STYLES.iter().position(|known| *known == style);
    let known = known.ok_or_else(|| format!("`{style}` is no date style: use short, medium, long, full or iso"))?;
    let formatters = formatters(arguments.locale)?;
    let formatter = get_or_try(&formatters.dates[known], || {
        DateTimeFormatter::try_new((&formatters.locale).into(), fields(known))
            .map_err(|error| format!("no dates for `{}`: {error}", arguments.locale))
    })?;
    Ok(formatter.format(&iso(day)?).to_string().into())
}

fn fields(style: usize) -> DateFieldSet {
    match style {
        0 => DateFieldSet::YMD(YMD::short().with_year_style(YearStyle::Full)),
        1 => DateFieldSet::YMD(YMD::medium().with_year_style(YearStyle::Full)),
        2 => DateFieldSet::YMD(YMD::long().with_year_style(YearStyle::Full)),
        _ => DateFieldSet::YMDE(YMDE::long().with_year_style(YearStyle::Full)),
    }
}

fn iso(day: jiff::civil::Date) -> Result<Date<Iso>, String> {
    let (month, date) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    Date::try_new_iso(day.year().into(), month, date).map_err(|error| format!("`{day}` is no date: {error}"))
}
