//! Calendars of days and of events at a time of day (RFC 5545).
//!
//! Days carry dates, not times, so they stand on the same day in every time zone. Events carry UTC, which every program
//! shows in the time of whoever looks, without a table of zones in the file.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Content;

/// Something with a day.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Unique in the calendar and the same in every build.
    pub uid: String,
    pub date: Date,
    /// From when until when, where it is not all day.
    pub time: Option<(Timestamp, Timestamp)>,
    /// The days on which what repeats every week is held, the first one included: at most one of each week that begins with
    /// the weekday of the first. None where it does not repeat.
    pub weekly: &'a [Date],
    pub title: &'a str,
    pub detail: &'a str,
    pub place: &'a str,
    pub category: &'a str,
}

/// How long before an event at a time of day people are told of it.
const ALARM: &str = "TRIGGER:-P1D";

/// A calendar file; `stamp` is the day it was made.
pub fn calendar(name: &str, time_zone: Option<&str>, stamp: Date, events: &[Event<'_>]) -> Content {
    let mut file = String::with_capacity(256 + events.len() * 400);
    line(&mut file, "BEGIN:VCALENDAR");
    line(&mut file, "VERSION:2.0");
    line(&mut file, "PRODID:-//cobrand//Partner playbook//EN");
    line(&mut file, "CALSCALE:GREGORIAN");
    line(&mut file, &format!("X-WR-CALNAME:{}", escape(name)));
    if let Some(zone) = time_zone {
        line(&mut file, &format!("X-WR-TIMEZONE:{}", escape(zone)));
    }
    for event in events {
        let weeks = weeks(event);
        component(&mut file, event, stamp, |file| {
            starts(file, event, event.date);
            if let Some(&(last, _)) = weeks.last() {
                line(file, &format!("RRULE:FREQ=WEEKLY;UNTIL={}", compact(last)));
            }
            for (planned, _) in weeks.iter().filter(|(_, held)| held.is_none()) {
                line(file, &format!("EXDATE;VALUE=DATE:{}", compact(*planned)));
            }
        });
        // A day that is moved is the same event with another day.
        for (planned, held) in weeks.iter().filter_map(|(planned, held)| Some((*planned, (*held)?))) {
            if held != planned {
                component(&mut file, event, stamp, |file| {
                    line(file, &format!("RECURRENCE-ID;VALUE=DATE:{}", compact(planned)));
                    starts(file, event, held);
                });
            }
        }
    }
    line(&mut file, "END:VCALENDAR");
    Content(file.into_bytes().into())
}

/// Of what repeats each week's planned day, with the day on which it is held, if it is.
fn weeks(event: &Event<'_>) -> Vec<(Date, Option<Date>)> {
    let Some(&last) = event.weekly.last() else { return Vec::new() };
    let planned = event.date.series(7.days()).take_while(|day| *day <= last);
    let held = |day: Date| event.weekly.iter().copied().find(|it| (day..day.saturating_add(7.days())).contains(it));
    planned.map(|day| (day, held(day))).collect()
}

fn component(file: &mut String, event: &Event<'_>, stamp: Date, when: impl FnOnce(&mut String)) {
    line(file, "BEGIN:VEVENT");
    line(file, &format!("UID:{}", escape(&event.uid)));
    line(file, &format!("DTSTAMP:{}T000000Z", compact(stamp)));
    when(file);
    line(file, &format!("SUMMARY:{}", escape(event.title)));
    line(file, &format!("DESCRIPTION:{}", escape(event.detail)));
    if !event.place.is_empty() {
        line(file, &format!("LOCATION:{}", escape(event.place)));
    }
    line(file, &format!("CATEGORIES:{}", escape(event.category)));
    // A day is no time in which anybody is busy; an event is.
    line(file, if event.time.is_some() { "TRANSP:OPAQUE" } else { "TRANSP:TRANSPARENT" });
    if event.time.is_some() {
        line(file, "BEGIN:VALARM");
        line(file, "ACTION:DISPLAY");
        line(file, &format!("DESCRIPTION:{}", escape(event.title)));
        line(file, ALARM);
        line(file, "END:VALARM");
    }
    line(file, "END:VEVENT");
}

fn starts(file: &mut String, event: &Event<'_>, date: Date) {
    match event.time {
        Some((from, until)) => {
            line(file, &format!("DTSTART:{}", from.strftime(UTC)));
            line(file, &format!("DTEND:{}", until.strftime(UTC)));
        }
        None => {
            line(file, &format!("DTSTART;VALUE=DATE:{}", compact(date)));
            line(file, &format!("DTEND;VALUE=DATE:{}", compact(date.tomorrow().unwrap_or(date))));
        }
    }
}

const UTC: &str = "%Y%m%dT%H%M%SZ";

fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// A text as a value of a calendar or a card.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.trim().chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            // Lines may end in both signs.
            '\r' => {}
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Longest line in octets, without its end.
const WIDTH: usize = 75;

/// Adds a line, folded: a longer one goes on in the next line after a space. Characters stay whole.
fn line(file: &mut String, content: &str) {
    let mut room = WIDTH;
    for c in content.chars() {
        if c.len_utf8() > room {
            file.push_str("\r\n ");
            room = WIDTH - 1;
        }
        file.push(c);
        room -= c.len_utf8();
    }
    file.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_event_is_a_day() {
        let event = Event {
            uid: "launch.x@y".into(),
            date: date(2027, 1, 11),
            time: None,
            weekly: &[],
            title: "Launch; go, now",
            detail: "First line\nsecond \\ line",
            place: "",
            category: "partner",
        };
        let file = calendar("Plan", Some("Europe/Berlin"), date(2026, 11, 16), &[event]);
        let file = std::str::from_utf8(&file).unwrap();
        assert!(file.starts_with("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && file.ends_with("END:VCALENDAR\r\n"));
        assert!(
            file.contains(
                "\r\nDTSTAMP:20261116T000000Z\r\nDTSTART;VALUE=DATE:20270111\r\nDTEND;VALUE=DATE:20270112\r\n"
            )
        );
        assert!(file.contains("\r\nSUMMARY:Launch\\; go\\, now\r\nDESCRIPTION:First line\\nsecond \\\\ line\r\n"));
    }

    fn plain<'a>(weekly: &'a [Date], time: Option<(Timestamp, Timestamp)>) -> Event<'a> {
        let (uid, title, detail, category) = ("x@y".into(), "X", "Y", "partner");
        Event { uid, date: date(2027, 1, 4), time, weekly, title, detail, place: "Room 1", category }
    }

    fn file(event: Event<'_>) -> String {
        String::from_utf8(calendar("Plan", None, date(2026, 11, 16), &[event]).to_vec()).unwrap()
    }

    #[test]
    fn what_repeats_is_one_event_whose_weeks_are_moved_or_left_out() {
        let weekly = [date(2027, 1, 4), date(2027, 1, 12), date(2027, 1, 25)];
        let file = file(plain(&weekly, None));
        assert!(file.contains("DTSTART;VALUE=DATE:20270104\r\n"));
        assert!(file.contains("RRULE:FREQ=WEEKLY;UNTIL=20270125\r\nEXDATE;VALUE=DATE:20270118\r\n"));
        let moved = "RECURRENCE-ID;VALUE=DATE:20270111\r\nDTSTART;VALUE=DATE:20270112\r\n";
        assert!(file.contains(moved) && file.matches("BEGIN:VEVENT").count() == 2, "{file}");
        assert_eq!(file.matches("UID:x@y").count(), 2);
    }

    #[test]
    fn an_event_at_a_time_of_day_is_busy_and_told_of() {
        let time: Timestamp = "2027-01-04T17:00:00Z".parse().unwrap();
        let file = file(plain(&[], Some((time, time + jiff::SignedDuration::from_hours(2)))));
        assert!(file.contains("DTSTART:20270104T170000Z\r\nDTEND:20270104T190000Z\r\n"), "{file}");
        assert!(file.contains("TRANSP:OPAQUE\r\nBEGIN:VALARM\r\n") && file.contains("LOCATION:Room 1\r\n"));
    }

    proptest! {
        #[test]
        fn folded_lines_are_short_and_unfold_to_what_was_written(text in "\\PC{0,300}|[日本ü ]{0,200}") {
            let mut file = String::new();
            line(&mut file, &text);
            prop_assert!(file.split("\r\n").all(|part| part.len() <= WIDTH));
            prop_assert_eq!(file.replace("\r\n ", ""), format!("{text}\r\n"));
        }
    }
}
