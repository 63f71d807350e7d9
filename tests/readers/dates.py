#!/usr/bin/env python3
"""Reads every calendar with two parsers of others, and holds its days against a library of holidays.

Shares nothing with the program but the version of that library, which the data of the program is made from: the country,
the subdivision and the weekdays are those that each package states of its calendars (`qualification/model.json`).

    dates.py OUTPUT
"""

import datetime
import json
import pathlib
import sys

import holidays
import icalendar
import vobject
from dateutil.rrule import rrulestr

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
# The program marks a day that hangs on the moon; the library writes it behind the name.
ESTIMATED = "(estimated)"

faults = []


def expect(holds, where, what):
    if not holds:
        faults.append(f"{where}: {what}")


def day(value):
    return value.date() if isinstance(value, datetime.datetime) else value


class Event:
    """What both parsers have to say of an event."""

    def __init__(self, uid, moved, start, end, summary, rule):
        self.uid, self.moved, self.start, self.end, self.summary, self.rule = uid, moved, start, end, summary, rule

    def key(self):
        return tuple(str(part) for part in (self.uid, self.moved, self.start, self.end, self.summary, self.rule))


def by_icalendar(text):
    for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
        moved = event.get("RECURRENCE-ID")
        rule = event.get("RRULE")
        yield Event(str(event["UID"]), moved and moved.dt, event["DTSTART"].dt, event["DTEND"].dt, str(event["SUMMARY"]), rule and rule.to_ical().decode())


def by_vobject(text):
    for event in vobject.readOne(text).vevent_list:
        value = lambda name: getattr(event, name).value if hasattr(event, name) else None
        yield Event(value("uid"), value("recurrence_id"), value("dtstart"), value("dtend"), value("summary"), value("rrule"))


def instances(events):
    """Each day on which something is, with what it belongs to: weeks that moved stand in the place of their own."""
    moved = {(event.uid, str(event.moved)): event for event in events if event.moved}
    for event in events:
        if event.moved:
            continue
        if not event.rule:
            yield event, day(event.start)
            continue
        first = event.start
        clock = first if isinstance(first, datetime.datetime) else datetime.datetime.combine(first, datetime.time())
        for at in rrulestr(event.rule, dtstart=clock):
            at = at if isinstance(first, datetime.datetime) else at.date()
            instead = moved.pop((event.uid, str(at)), None)
            yield event, day(instead.start if instead else at)
    for uid, at in moved:
        faults.append(f"{uid} moves {at}, which is no day of it")


def read(path, where):
    text = path.read_text("utf-8")
    events = list(by_icalendar(text))
    expect(sorted(it.key() for it in events) == sorted(it.key() for it in by_vobject(text)), where, "two parsers read two calendars")
    names = [(event.uid, str(event.moved)) for event in events]
    expect(len(set(names)) == len(names), where, "two events have one name")
    for event in events:
        expect(event.end > event.start, where, f"{event.uid} ends before it begins")
    return events


def known(country, subdivision, years, cache={}):
    key = (country, subdivision, tuple(years))
    if key not in cache:
        cache[key] = dict(holidays.country_holidays(country, subdiv=subdivision, years=years, language="en_US"))
    return cache[key]


def check_days_off(calendar, years, where):
    """What is stated as a public holiday is one, and none is missing between the first and the last."""
    own = {datetime.date.fromisoformat(it["date"]): it["kind"] for it in calendar["days_off"]}
    public = {date for date, kind in own.items() if kind in ("public", "expected")}
    theirs = known(calendar["country"], calendar["subdivision"], years)
    closed = {date for date, kind in own.items() if kind == "closed"}
    working = {WEEKDAYS.index(name) for name in working_days(calendar)}
    # Holidays on days on which nobody works anyway need not be told.
    missing = {date for date in theirs if date.weekday() in working} - public - closed
    expect(not missing, where, f"{calendar['country']} {calendar['subdivision']} is closed on {sorted(map(str, missing))[:3]}, too")
    more = public - set(theirs)
    expect(not more, where, f"{calendar['country']} {calendar['subdivision']} is open on {sorted(map(str, more))[:3]}")
    for date, kind in own.items():
        estimated = ESTIMATED in theirs.get(date, "")
        expect(kind not in ("public", "expected") or (kind == "expected") == estimated, where, f"{date} is {kind} ({theirs.get(date)})")


def working_days(calendar):
    for span in calendar["week"]:
        first, last = WEEKDAYS.index(span["from"]), WEEKDAYS.index(span["to"])
        length = (last - first) % 7 + 1
        yield from (WEEKDAYS[(first + at) % 7] for at in range(length))


def calendars_of(package, where):
    times = json.loads((package / "qualification/model.json").read_text("utf-8"))["times"]
    expect(f"holidays {holidays.__version__} " in times["source"], where, f"its days are of {times['source']}, these of {holidays.__version__}")
    return times["calendars"]


def is_free(date, calendar):
    """Whether nobody works then; half of a day is worked."""
    off = {it["date"]: it["kind"] for it in calendar["days_off"]}
    kind = off.get(date.isoformat())
    if kind == "worked":
        return False
    return kind in ("public", "expected", "closed") or WEEKDAYS[date.weekday()] not in working_days(calendar)


def check_package(path, package, seen):
    """Its events are on days on which its region and its partner work, and its calendars are those of the library."""
    where = package
    events = read(path, where)
    calendars = calendars_of(path.parent.parent, where)
    for calendar in calendars:
        dates = sorted(it["date"] for it in calendar["days_off"])
        name = json.dumps({key: it for key, it in calendar.items() if key != "arrivals"})
        if name not in seen:
            seen.add(name)
            check_days_off(calendar, range(int(dates[0][:4]), int(dates[-1][:4]) + 1), where)
    for event, date in instances(events):
        for calendar in calendars:
            expect(not is_free(date, calendar), where, f"{event.uid} is on {date}, when nobody works ({calendar['id']})")
    return events


def owners_of(output):
    """Whose each day is, by the name that its event begins with."""
    owners = {}
    for path in output.glob("*/plan.json"):
        for package in json.loads(path.read_text("utf-8"))["packages"]:
            slug = package["deployment"].replace("/", "-")
            owners.update({f"{dated['id']}.{slug}": dated["owner"] for dated in package["dates"]})
    return owners


def reader_of(where):
    """Of which packages a sum is, and whose days stand in it; of a partner's packages all."""
    if where == "program":
        return lambda package: True, "hq"
    if where.startswith("regions/"):
        return lambda package: package.split("/")[3] == where.split("/")[1], "region"
    return lambda package: package.split("/")[0] == where, None


def main(output):
    seen, packages, sums = set(), {}, 0
    for path in sorted(output.glob("*/*/*/*/playbook/calendar.ics")):
        package = str(path.parent.parent.relative_to(output))
        packages[package] = check_package(path, package, seen)
    owners = owners_of(output)
    # What a partner, a region and the program get is what their packages have for them, on one day once.
    for path in sorted({*output.glob("*/calendar.ics"), *output.glob("regions/*/calendar.ics")}):
        where = str(path.parent.relative_to(output))
        own = {event.key()[1:] for event in read(path, where)}
        of, owner = reader_of(where)
        wanted = [event for package, events in packages.items() if of(package) for event in events]
        theirs = {event.key()[1:] for event in wanted if owner in (None, owners.get(event.uid.split("@")[0]))}
        expect(own <= theirs, where, f"no package has {sorted(own - theirs)[:3]}")
        expect(theirs <= own, where, f"it lacks {sorted(theirs - own)[:3]}")
        sums += 1
    expect(packages, output, "no package has a calendar")
    events = sum(map(len, packages.values()))
    print(f"{len(packages)} packages, {events} events, {len(seen)} calendars, {sums} sums: {len(faults)} faults")
    for fault in faults[:20]:
        print(f"  {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
