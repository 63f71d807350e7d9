//! The holidays and weekends that come with the program: `holidays.txt`, made by `generate.py` beside it.
//!
//! A country begins with `= CODE weekends languages subdivisions`, where `sat,sun;fri,sat@02` is Saturday and Sunday, but
//! Friday and Saturday in `02`. A line of names, one for each language, is followed by
//! lines of days: what they are, where, and when. `*` stands for everywhere, `-A,B` for everywhere but there; `*0101` is
//! that day of every year.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::{LazyLock, OnceLock};

use jiff::civil::{Date, Weekday};

const TEXT: &str = include_str!("holidays.txt");

/// Where the data is from, with its version.
pub fn source() -> &'static str {
    TEXT.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or_default()
}

/// The years whose holidays are known.
pub fn years() -> RangeInclusive<i16> {
    static YEARS: LazyLock<RangeInclusive<i16>> = LazyLock::new(|| {
        let line = TEXT.lines().find_map(|line| line.strip_prefix("years "));
        let years = line.and_then(|line| line.split_once(' '));
        let years = years.and_then(|(first, last)| Some(first.parse().ok()?..=last.parse().ok()?));
        // No years: everything is unknown.
        years.unwrap_or(RangeInclusive::new(i16::MAX, i16::MIN))
    });
    YEARS.clone()
}

/// What a day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nobody works.
    Public,
    /// As [`Kind::Public`], on this day or one beside it: a moon decides, or an authority has not announced it.
    Expected,
    /// Offices close early; it counts as a working day unless a calendar closes it.
    Half,
    /// A day of the weekend on which people work.
    Worked,
}

/// A holiday of a country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub kind: Kind,
    /// By language, the country's own first.
    pub names: Vec<(&'static str, &'static str)>,
}

impl Holiday {
    /// In English, or in the country's own language where there is none.
    pub fn name(&self) -> &'static str {
        let english = self.names.iter().find(|(language, _)| *language == "en");
        english.or(self.names.first()).map_or("", |(_, name)| name)
    }
}

/// What is known of a country.
#[derive(Debug)]
pub struct Country {
    pub code: &'static str,
    /// Free weekdays with the subdivisions of which they are those; the country's own come first.
    weekends: Vec<(Vec<&'static str>, Vec<&'static str>)>,
    languages: Vec<&'static str>,
    /// Codes of ISO 3166-2, without the country's.
    pub subdivisions: Vec<&'static str>,
    days: BTreeMap<Date, Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    kind: Kind,
    names: &'static str,
    places: Places,
}

/// In which subdivisions something is so; `""` is a country of which no subdivision is named.
#[derive(Clone, Debug)]
enum Places {
    Everywhere,
    Only(Vec<&'static str>),
    AllBut(Vec<&'static str>),
}

impl Places {
    fn of(text: &'static str) -> Self {
        match (text, text.strip_prefix('-')) {
            ("*", _) => Self::Everywhere,
            (_, Some(rest)) => Self::AllBut(rest.split(',').collect()),
            _ => Self::Only(text.split(',').collect()),
        }
    }

    fn has(&self, place: &str) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Only(places) => places.contains(&place),
            Self::AllBut(places) => !places.contains(&place),
        }
    }
}

/// Every country whose holidays are known.
pub fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.keys().copied()
}

/// A country by its code of ISO 3166-1.
pub fn country(code: &str) -> Option<&'static Country> {
    let (text, parsed) = COUNTRIES.get(code)?;
    Some(parsed.get_or_init(|| Country::parse(text)))
}

/// The text of each country, which is read when it is first asked for.
static COUNTRIES: LazyLock<BTreeMap<&'static str, (&'static str, OnceLock<Country>)>> = LazyLock::new(|| {
    let parts = TEXT.split("\n= ").skip(1);
    parts.filter_map(|text| Some((text.split(' ').next()?, (text, OnceLock::new())))).collect()
});

impl Country {
    fn parse(text: &'static str) -> Self {
        let mut lines = text.lines();
        let mut head = lines.next().unwrap_or_default().split(' ');
        let code = head.next().unwrap_or_default();
        let list = |text: Option<&'static str>| text.map(|text| text.split(',').collect()).unwrap_or_default();
        let weekend = |text: &'static str| {
            let (days, places) = text.split_once('@').unwrap_or((text, ""));
            (days.split(',').collect(), places.split(',').collect())
        };
        let weekends = head.next().unwrap_or_default().split(';').map(weekend).collect();
        let (languages, subdivisions) = (list(head.next()), list(head.next()));
        let (mut days, mut names) = (BTreeMap::<Date, Vec<Entry>>::new(), "");
        for line in lines {
            let Some(line) = line.strip_prefix('\t') else {
                names = line;
                continue;
            };
            let mut words = line.split(' ');
            let (kind, places) = (words.next().and_then(kind), words.next().map(Places::of));
            let Some((kind, places)) = kind.zip(places) else { continue };
            for date in words.flat_map(dates) {
                days.entry(date).or_default().push(Entry { kind, names, places: places.clone() });
            }
        }
        Self { code, weekends, languages, subdivisions, days }
    }

    /// Whether a weekday belongs to the weekend of a subdivision, or of the country where none is named.
    pub fn is_weekend(&self, weekday: Weekday, subdivision: Option<&str>) -> bool {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let at = usize::from(weekday.to_monday_zero_offset().unsigned_abs());
        let own = self.weekends.iter().find(|(_, places)| subdivision.is_some_and(|place| places.contains(&place)));
        let weekend = own.or(self.weekends.first());
        names.get(at).zip(weekend).is_some_and(|(name, (days, _))| days.contains(name))
    }

    /// What a day is in a subdivision, or in the country where none is named.
    pub fn on(&self, date: Date, subdivision: Option<&'static str>) -> impl Iterator<Item = Holiday> + '_ {
        self.entries(date, subdivision).map(|entry| Holiday {
            kind: entry.kind,
            names: self.languages.iter().copied().zip(entry.names.split('|')).collect(),
        })
    }

    /// As [`Country::on`], without names.
    pub fn kinds(&self, date: Date, subdivision: Option<&'static str>) -> impl Iterator<Item = Kind> + '_ {
        self.entries(date, subdivision).map(|entry| entry.kind)
    }

    fn entries(&self, date: Date, subdivision: Option<&'static str>) -> impl Iterator<Item = &Entry> + '_ {
        let place = subdivision.unwrap_or_default();
        self.days.get(&date).into_iter().flatten().filter(move |entry| entry.places.has(place))
    }

    /// The days between two, both included, on which something is different; none where the last is before the first.
    pub fn between(&self, days: RangeInclusive<Date>) -> impl Iterator<Item = Date> + '_ {
        let in_order = !days.is_empty();
        in_order.then(|| self.days.range(days)).into_iter().flatten().map(|(date, _)| *date)
    }
}

fn kind(word: &str) -> Option<Kind> {
    match word {
        "d" => Some(Kind::Public),
        "e" => Some(Kind::Expected),
        "h" => Some(Kind::Half),
        "w" => Some(Kind::Worked),
        _ => None,
    }
}

/// `*0101` or `270326`.
fn dates(word: &'static str) -> Vec<Date> {
    let number = |text: &str| text.parse::<i8>().ok();
    let day = |year: i16, text: &str| Date::new(year, number(text.get(..2)?)?, number(text.get(2..4)?)?).ok();
    match word.strip_prefix('*') {
        Some(rest) => years().filter_map(|year| day(year, rest)).collect(),
        None => {
            let year = word.get(..2).and_then(|year| year.parse::<i16>().ok()).map(|year| 2000 + year);
            year.zip(word.get(2..)).and_then(|(year, rest)| day(year, rest)).into_iter().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn no_day_lies_between_two_that_are_out_of_order() {
        let (early, late) = (date(2027, 1, 1), date(2027, 12, 31));
        let country = country("DE").unwrap();
        assert!(country.between(early..=late).count() > 0);
        assert_eq!(country.between(late..=early).count(), 0);
    }

    #[test]
    fn every_line_of_the_data_is_read() {
        assert!(years().contains(&2025) && years().count() >= 5, "{:?}", years());
        assert!(source().contains("holidays 0."), "{}", source());
        let told = format!("{} countries and the years {} to {}", countries().count(), years().start(), years().end());
        assert!(include_str!("../../docs/journey.md").contains(&told), "docs/journey.md does not say: {told}");
        for code in countries() {
            let country = country(code).unwrap();
            let text = COUNTRIES[code].0;
            let words =
                text.lines().filter_map(|line| line.strip_prefix('\t')).flat_map(|line| line.split(' ').skip(2));
            let written: usize = words.map(|word| dates(word).len()).sum();
            assert_eq!(country.days.values().map(Vec::len).sum::<usize>(), written, "{code}");
            assert!(written > 20, "{code} has no holidays");
            let names = text.lines().skip(1).filter(|line| !line.starts_with('\t'));
            names.for_each(|names| assert_eq!(names.split('|').count(), country.languages.len(), "{code} {names}"));
            for year in years() {
                let days = country.between(date(year, 1, 1)..=date(year, 12, 31)).count();
                assert!(days >= 4, "{code} {year}: {days}");
            }
        }
    }

    #[test]
    fn a_day_may_be_free_in_a_part_of_a_country() {
        let germany = country("DE").unwrap();
        let epiphany = date(2027, 1, 6);
        let names = |place| germany.on(epiphany, place).map(|day| day.name()).collect::<Vec<_>>();
        assert_eq!((names(Some("BY")), names(Some("BE")), names(None)), (vec!["Epiphany"], vec![], vec![]));
        assert_eq!(germany.on(epiphany, Some("BW")).next().unwrap().names[0], ("de", "Heilige Drei Könige"));
    }

    #[test]
    fn what_a_moon_decides_is_expected_and_a_weekend_may_be_worked() {
        let kinds = |code: &str, date| country(code).unwrap().on(date, None).map(|day| day.kind).collect::<Vec<_>>();
        assert_eq!(kinds("SA", date(2027, 3, 9)), [Kind::Expected]);
        assert_eq!(kinds("AE", date(2026, 3, 20)), [Kind::Public]);
        assert_eq!(kinds("CN", date(2026, 2, 14)), [Kind::Worked]);
        let rests_on_friday = |code, place| country(code).unwrap().is_weekend(Weekday::Friday, place);
        let said = [("SA", None), ("AE", None), ("MY", None), ("MY", Some("11"))];
        assert_eq!(said.map(|(code, place)| rests_on_friday(code, place)), [true, false, false, true]);
    }
}
