//! Calendars of all-day events (RFC 5545).
//!
//! All-day events carry dates, not times, so they stand on the same day in every time zone.

use jiff::civil::Date;

use super::Content;

/// An all-day event.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Unique in the calendar and the same in every build.
    pub uid: String,
    pub date: Date,
    pub title: &'a str,
    pub detail: &'a str,
    pub category: &'a str,
}

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
        line(&mut file, "BEGIN:VEVENT");
        line(&mut file, &format!("UID:{}", escape(&event.uid)));
        line(&mut file, &format!("DTSTAMP:{}T000000Z", compact(stamp)));
        line(&mut file, &format!("DTSTART;VALUE=DATE:{}", compact(event.date)));
        line(&mut file, &format!("DTEND;VALUE=DATE:{}", compact(event.date.tomorrow().unwrap_or(event.date))));
        line(&mut file, &format!("SUMMARY:{}", escape(event.title)));
        line(&mut file, &format!("DESCRIPTION:{}", escape(event.detail)));
        line(&mut file, &format!("CATEGORIES:{}", escape(event.category)));
        line(&mut file, "TRANSP:TRANSPARENT");
        line(&mut file, "END:VEVENT");
    }
    line(&mut file, "END:VCALENDAR");
    Content(file.into_bytes().into())
}

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
            title: "Launch; go, now",
            detail: "First line\nsecond \\ line",
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
