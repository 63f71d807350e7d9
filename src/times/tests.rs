use jiff::civil::date;

use super::*;
use crate::package::calendar::Closed;
use crate::package::program::Period;

fn calendar(country: &str, zone: &str, hours: &[(&str, &str)]) -> Calendar {
    let hours = hours.iter().map(|(day, text)| (Arc::from(*day), Arc::from(*text))).collect();
    Calendar { country: Some(country.into()), zone: Some(zone.into()), hours, ..Calendar::default() }
}

fn program() -> Program {
    let period = Period { code: "q".into(), name: "Q".into(), start: date(2027, 1, 4), end: date(2027, 3, 31) };
    Program { id: "p".into(), version: "1".into(), released: date(2026, 11, 14), period }
}

fn machines() -> Vec<Machine> {
    let state = |id: &str, who: &str, within: &str| State {
        id: id.into(),
        title: None,
        who: (!who.is_empty()).then(|| who.into()),
        within: (!within.is_empty()).then(|| within.into()),
        minutes: None,
        from: None,
        record: None,
        contact: Vec::new(),
        sends: None,
        same: Vec::new(),
        to: IndexMap::new(),
        called: IndexMap::new(),
    };
    let states = vec![state("none", "", ""), state("offered", "sales", "4h"), state("desk", "desk", "1d")];
    vec![Machine { id: "sales".into(), title: None, states, stops: None }]
}

fn times(region: &Calendar, partner: &Calendar) -> Times {
    let owner = |id: &str, role: &str| Owner { id: id.into(), title: id.into(), contact: id.into(), role: role.into() };
    let owners = [owner("sales", "partner"), owner("desk", "region")];
    Times::new(&Given { requests: &[], machines: &machines(), owners: &owners, region, partner, program: &program() })
}

fn told(owed: &Owed) -> String {
    let due: Vec<String> = owed.due.iter().map(|due| format!("{} {}", due.date, due.time)).collect();
    format!("{} {} {} {}: {}", owed.state, owed.amount, owed.unit, owed.calendar, due.join(", "))
}

#[test]
fn each_owner_works_by_the_own_calendar() {
    let region = calendar("DE", "Europe/Berlin", &[("workday", "09:00-17:00")]);
    let partner = Calendar { country: Some("AT".into()), ..Calendar::default() };
    let times = times(&region, &partner);
    let arrivals = |at: usize| {
        let of = times.calendars[at].arrivals.iter();
        of.map(|it| format!("{} {} {}", it.date, it.time, it.why)).collect::<Vec<_>>().join(", ")
    };
    // Epiphany is a day off in Austria.
    assert_eq!(arrivals(0), "2027-01-08 16:30 weekend, 2027-01-06 12:00 free, 2027-01-05 16:30 holiday");
    assert_eq!(told(&times.states[0]), "offered 4 hours partner: 2027-01-11 12:30, 2027-01-07 13:00, 2027-01-07 12:30");
    assert_eq!(arrivals(1), "2027-01-08 16:30 weekend, 2027-01-09 12:00 free, 2027-03-25 16:30 holiday");
    assert_eq!(told(&times.states[1]), "desk 1 days region: 2027-01-11 16:30, 2027-01-12 09:00, 2027-03-30 16:30");
}

#[test]
fn a_calendar_without_hours_says_what_it_lacks_and_nothing_to_be_due() {
    let times = times(&Calendar::default(), &Calendar::default());
    let lacks = |at: usize| times.calendars[at].lacks.iter().map(|key| &**key).collect::<Vec<_>>();
    assert_eq!(lacks(0), ["region.calendar.hours", "region.calendar.zone"]);
    assert!(times.states.iter().all(|owed| owed.due.is_empty()));
}

#[test]
fn days_off_are_those_of_the_programs_years_with_what_they_are() {
    let closed = vec![Closed { date: date(2027, 2, 22), name: "Founding Day".into() }];
    let region = Calendar { closed, ..calendar("AE", "Asia/Dubai", &[("workday", "08:00-17:00")]) };
    let times = times(&region, &Calendar::default());
    let off = &times.calendars[1].days_off;
    assert!(off.iter().all(|day| ["2026", "2027"].contains(&&day.date[..4])));
    let kind = |date: &str| off.iter().find(|day| &*day.date == date).map(|day| &*day.kind);
    let said = ["2027-01-01", "2027-03-10", "2027-02-22", "2027-03-01"].map(kind);
    assert_eq!(said, [Some("public"), Some("expected"), Some("closed"), None]);
    let new_year = off.iter().find(|day| &*day.date == "2027-01-01").unwrap();
    assert_eq!((&*new_year.name, &*new_year.names["ar"]), ("New Year's Day", "رأس السنة الميلادية"));
}

#[test]
fn weekdays_with_the_same_hours_are_one_row() {
    let hours = [("workday", "09:00-17:00"), ("friday", "09:00-12:00"), ("wednesday", "closed")];
    let times = times(&calendar("DE", "Europe/Berlin", &hours), &Calendar::default());
    let rows: Vec<_> = times.calendars[1].week.iter().map(|row| format!("{} to {}", row.from, row.to)).collect();
    assert_eq!(rows, ["monday to tuesday", "thursday to thursday", "friday to friday"]);
}

#[test]
fn what_templates_see_is_what_the_model_says() {
    let times = times(&calendar("DE", "Europe/Berlin", &[("workday", "09:00-17:00")]), &Calendar::default());
    assert_eq!(crate::package::read::<Times>(&Data::from(&times), "times").unwrap(), times);
}

#[test]
fn whoever_asks_for_a_call_is_promised_the_time_until_the_first_contact() {
    let id = Arc::<str>::from;
    let mut machines = machines();
    let [none, offered, desk] = &mut machines[0].states[..] else { panic!() };
    none.to.insert(id("talk.asked"), id("offered"));
    offered.to.extend([(id("accepted"), id("calls")), (id("late"), id("desk"))]);
    let calls = State { id: id("calls"), contact: vec![id("phone")], from: Some(id("when")), ..offered.clone() };
    let far = State { contact: vec![id("phone")], ..desk.clone() };
    *desk = far;
    machines[0].states.push(calls);
    let request = |id: &str, calls: bool| Request {
        id: id.into(),
        label: id.into(),
        page: id.into(),
        gives: None,
        calls,
        answer: id.into(),
        then: id.into(),
        status: id.into(),
        form: Vec::new(),
        asks: Vec::new(),
        minutes: None,
    };
    let owner = |id: &str, role: &str| Owner { id: id.into(), title: id.into(), contact: id.into(), role: role.into() };
    let owners = [owner("sales", "partner"), owner("desk", "region")];
    let (region, partner) = (calendar("DE", "Europe/Berlin", &[("workday", "09:00-17:00")]), Calendar::default());
    let requests = [request("talk", true), request("report", false)];
    let (region, partner, program) = (&region, &partner, &program());
    let given = Given { requests: &requests, machines: &machines, owners: &owners, region, partner, program };
    // Not by the desk, to which only a clock leads.
    let span = promised::Span { calendar: id("partner"), amount: 8, unit: id("hours") };
    let promised = promised::Promised { request: id("talk"), spans: vec![span], from: Some(id("when")) };
    assert_eq!(Times::new(&given).promised, [promised]);
}

#[test]
fn the_eve_of_a_holiday_is_not_told_as_that_of_a_weekend_too() {
    let region = calendar("US", "America/Chicago", &[("workday", "08:00-17:00")]);
    let mut program = program();
    program.period.start = date(2027, 1, 11);
    let given = Given {
        requests: &[],
        machines: &[],
        owners: &[],
        region: &region,
        partner: &Calendar::default(),
        program: &program,
    };
    let times = Times::new(&given);
    let told = times.calendars[1].arrivals.iter().map(|it| format!("{} {}", it.date, it.why));
    assert_eq!(told.collect::<Vec<_>>(), ["2027-01-22 weekend", "2027-01-16 free", "2027-01-15 holiday"]);
}
