#!/usr/bin/env python3
"""Writes `holidays.txt`, `vectors.txt` and `due.txt` beside this file.

    pip install holidays==0.109 babel==2.19.0
    python3 src/calendar/generate.py

Holidays are those of the package `holidays` (MIT), weekends those of CLDR's weekData, which `babel` (BSD) carries.
Where the two differ on a weekend, offices are taken to be closed on the days of both; the script tells of it.
`vectors.txt` holds what these packages say of days picked by a fixed seed, `due.txt` by when something is due, counted
here minute by minute in UTC: the tests' outside witnesses.
"""

import datetime
import pathlib
import random
import re
import warnings
import zoneinfo

import babel
import babel.core
import holidays

YEARS = range(2025, 2033)
# Dates that a moon decides and that nobody has announced: from this year on they are expected, one day to either side.
ANNOUNCED_UNTIL = 2026
COUNTRIES = """
AE AR AT AU BE BG BH BR CA CH CL CN CO CR CY CZ DE DK EE EG ES FI FR GB GR HK HR HU ID IE IL IN IS IT JO JP KE KR KW
LI LT LU LV MA MT MX MY NG NL NO NZ OM PE PH PL PT QA RO RS SA SE SG SI SK TH TN TR TW US UY VN ZA
""".split()
LANGUAGES = ["en", "de", "fr", "it", "es", "pt", "nl", "ja", "ar"]
# What moves with the sighting of a moon, or with a calendar whose days an authority announces.
SIGHTED = re.compile(r"Eid|Arafat|Ashura|Hijri|Islamic New Year|Prophet|Isra|Ramad|Muharram|Mawlid|Diwali|Deepavali|"
                     r"Holi\b|Vesak|Milad|Bakrid|Sacrifice|Buddha Purnima|Janmashtami|Dussehra|Thaipusam|Qadr|Nyepi|"
                     r"Guru Nanak|Mahavir|Ram Navami|Waisak|Quran|Ghadir", re.I)
HERE = pathlib.Path(__file__).parent
DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def languages(code):
    """By language, the name that the package knows it under; the country's own comes first."""
    kind = getattr(holidays, code)
    own = kind.default_language
    found = {}
    for name in [own, *sorted(kind.supported_languages, key=lambda name: (name != "en_US", name))]:
        tag = (name or "en_US").split("_")[0]
        if name == own or tag in LANGUAGES:
            found.setdefault(tag, name)
    return found


def of(code, subdivision, language, category):
    kind = getattr(holidays, code)
    if category not in kind.supported_categories:
        return None
    options = {"language": language} if language else {}
    return holidays.country_holidays(code, subdiv=subdivision, years=YEARS, categories=(category,), **options)


def clean(name, is_estimated):
    """A name without what the flag says: the mark of an estimate stands in its language, in brackets at the end."""
    parts = [part.strip().replace("\xa0", " ").replace("|", "/") for part in name.split(";")]
    if is_estimated:
        parts = [re.sub(r"\s*[(（][^()（）]*[)）]$", "", part) for part in parts]
    return "; ".join(dict.fromkeys(parts))


def flag(category, english, date):
    if category == "half_day":
        return "h"
    sighted = "estimated)" in english or SIGHTED.search(english)
    return "e" if sighted and date.year > ANNOUNCED_UNTIL else "d"


def places(subdivisions, has):
    """Where a day is one: `*` everywhere, `-A,B` everywhere but there, `A,B` only there."""
    without = [it for it in subdivisions if it not in has]
    if "" in has:
        return "-" + ",".join(without) if without else "*"
    return ",".join(it for it in subdivisions if it in has)


def written(dates):
    """Dates of a line; one that is the same in all years stands once."""
    days = {f"{date:%m%d}" for date in dates}
    if len(days) == 1 and len(dates) == len(YEARS):
        return "*" + days.pop()
    return " ".join(f"{date:%y%m%d}" for date in sorted(dates))


def weekend(code, subdivision=None):
    """The free weekdays; of a country as a whole those of CLDR besides."""
    calendar = of(code, subdivision, None, "public")
    known = {tuple(sorted(calendar._get_weekend(datetime.date(year, month, 15)))) for year in YEARS for month in (1, 7)}
    assert len(known) == 1, (code, known)
    known = set(known.pop())
    if subdivision:
        return known
    territory = babel.Locale.parse(f"und_{code}")
    cldr = {territory.weekend_start, territory.weekend_end}
    if known != cldr:
        print(f"{code}: weekend {[DAYS[day] for day in sorted(known)]}, in CLDR {[DAYS[day] for day in sorted(cldr)]}")
    return known | cldr


def weekends(code):
    """`sat,sun`, and behind `;` what is another in a subdivision: `;fri,sat@02,03`."""
    listed = lambda days: ",".join(DAYS[day] for day in sorted(days))
    others = {}
    for subdivision in subdivisions_of(code):
        own = weekend(code, subdivision)
        if own != set(of(code, None, None, "public").weekend):
            others.setdefault(listed(own), []).append(subdivision)
    return ";".join([listed(weekend(code)), *(f"{days}@{','.join(where)}" for days, where in sorted(others.items()))])


def subdivisions_of(code):
    """Those with a code of ISO 3166-2; the package also knows some cities and school zones by name."""
    return [it for it in sorted(getattr(holidays, code).subdivisions) if re.fullmatch("[A-Z0-9]{1,3}", it)]


def country(code):
    tags = languages(code)
    subdivisions = ["", *subdivisions_of(code)]
    rows, extra = {}, {}
    for subdivision in subdivisions:
        for category in ("public", "half_day"):
            named = {tag: of(code, subdivision or None, name, category) for tag, name in tags.items()}
            if None in named.values():
                continue
            english = named.get("en", next(iter(named.values())))
            for date, name in english.items():
                is_estimated = "estimated)" in name
                names = tuple(clean(named[tag].get(date, name), is_estimated) for tag in tags)
                rows.setdefault((names, flag(category, name, date), date), set()).add(subdivision)
            for date in getattr(english, "weekend_workdays", ()):
                if date.year in YEARS and category == "public" and date not in english:
                    extra.setdefault(date, set()).add(subdivision)
    lines = {}
    for (names, kind, date), has in rows.items():
        lines.setdefault((names, kind, places(subdivisions, has)), []).append(date)
    for date, has in extra.items():
        lines.setdefault((("",) * len(tags), "w", places(subdivisions, has)), []).append(date)
    out = [f"= {code} {weekends(code)} {','.join(tags)} {','.join(subdivisions[1:])}".rstrip()]
    shown = None
    for (names, kind, where), dates in sorted(lines.items(), key=lambda line: (line[0][0], line[0][1:])):
        if names != shown:
            out.append("|".join(names) if any(names) else "|")
            shown = names
        out.append(f"\t{kind} {where} {written(dates)}")
    return out


def vectors(codes):
    """`code subdivision date is-working`, and `code subdivision date n n-working-days-later`."""
    chance = random.Random(21)
    out = []
    for code in codes:
        if set(of(code, None, None, "public").weekend) != weekend(code):
            continue
        subdivisions = subdivisions_of(code)
        for subdivision in [None, *chance.sample(subdivisions, min(2, len(subdivisions)))]:
            calendar = of(code, subdivision, None, "public")
            for _ in range(4):
                date = datetime.date(2025, 1, 1) + datetime.timedelta(chance.randrange(365 * 7))
                days = chance.randrange(1, 40)
                there = calendar.get_nth_working_day(date, days)
                out.append(f"{code} {subdivision or '-'} {date} {int(calendar.is_working_day(date))} {days} {there}")
    return out


# Country, subdivision, zone, hours of a workday, hours of a Friday.
OFFICES = [
    ("DE", "BY", "Europe/Berlin", "09:00-17:00", "09:00-13:00"),
    ("US", "NY", "America/New_York", "08:00-12:00,13:00-18:30", "08:00-12:00"),
    ("AU", "NSW", "Australia/Sydney", "09:00-17:00", "09:00-17:00"),
    ("JP", None, "Asia/Tokyo", "09:00-18:00", "09:00-18:00"),
    ("SA", None, "Asia/Riyadh", "08:00-16:00", "closed"),
    ("BR", "SP", "America/Sao_Paulo", "00:00-24:00", "10:00-11:00"),
]


def spans(text):
    minutes = lambda time: int(time[:2]) * 60 + int(time[3:])
    return [] if text == "closed" else [tuple(map(minutes, span.split("-"))) for span in text.split(",")]


def hours_due(office, start, hours):
    """The moment at which so many minutes were worked, one after the other."""
    code, subdivision, zone, workday, friday = office
    calendar, zone = of(code, subdivision, None, "public"), zoneinfo.ZoneInfo(zone)
    opened = {4: spans(friday)}
    left, now, minute = hours * 60, start, datetime.timedelta(minutes=1)
    while left:
        wall = now.astimezone(zone)
        at = wall.hour * 60 + wall.minute
        if calendar.is_working_day(wall.date()):
            left -= any(first <= at < last for first, last in opened.get(wall.weekday(), spans(workday)))
        now += minute
    return now.astimezone(zone)


def due():
    """`country subdivision zone workday friday start-in-UTC hours due-by-the-wall`."""
    chance = random.Random(12)
    out = []
    for office in OFFICES:
        for _ in range(25):
            minutes = chance.randrange(60 * 24 * 365 * 3)
            start = datetime.datetime(2025, 2, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
            hours = chance.randrange(1, 25)
            there = hours_due(office, start, hours)
            told = [word or "-" for word in office]
            out.append(" ".join([*told, f"{start:%Y-%m-%dT%H:%M}", str(hours), f"{there:%Y-%m-%dT%H:%M}"]))
    return out


def main():
    warnings.simplefilter("ignore")
    head = [f"# Python holidays {holidays.__version__} (MIT), weekends as in CLDR by babel {babel.__version__}",
            "# Made by generate.py; see data.rs for how it is read.",
            f"years {YEARS[0]} {YEARS[-1]}", f"announced {ANNOUNCED_UNTIL}"]
    text = head + [line for code in COUNTRIES for line in country(code)]
    (HERE / "holidays.txt").write_text("\n".join(text) + "\n")
    head = [f"# What Python holidays {holidays.__version__} says; made by generate.py.",
            "# country, subdivision, date, whether people work then, a number, so many working days later"]
    (HERE / "vectors.txt").write_text("\n".join(head + vectors(COUNTRIES)) + "\n")
    head = ["# By when something is due, counted minute by minute; made by generate.py.",
            "# country, subdivision, zone, hours of a workday and of a Friday, start in UTC, hours, due by the wall"]
    (HERE / "due.txt").write_text("\n".join(head + due()) + "\n")


if __name__ == "__main__":
    main()
