//! Partner playbook: what happens when, who does what, how systems are set up.
//!
//! - `rights`: what policy leaves to the partner

mod rights;

use super::dates::{self, Entry};
use super::platforms::{self, crm_system, email_platform};
use super::readers::{self, Reader};
use super::sales;
use super::shown::{FEEDBACK, PATH, Shown};
use super::{Asked, Component, ComponentKind, Failure, Finding, Input, Task};
use crate::data::Data;
use crate::diag::Diagnostics;
use crate::encode::{Content, ics};
use crate::journey::lower::BOUNCED;
use crate::journey::telling::READS;
use crate::journey::view::Named;
use crate::journey::{Open, Path, Told};
use crate::links::utm_id;
use crate::package::playbook::{CapabilityPlan, Phase};
use crate::package::{self, Package};
use crate::times::Times;

pub struct PartnerPlaybook;

const CALENDAR: &str = "calendar.ics";
const PICTURE: &str = "journey.svg";
const PROOF: &str = "journey.json";

impl Component for PartnerPlaybook {
    fn id(&self) -> &'static str {
        "playbook"
    }

    fn title(&self) -> &'static str {
        "Partner playbook"
    }

    fn required(&self) -> &'static [&'static str] {
        &["playbook/index.html", "playbook/calendar.ics"]
    }

    fn shows(&self) -> Vec<Shown> {
        let told = [
            "journey.leads",
            "journey.rights",
            "outcome",
            "playbook",
            "quarters",
            "schedule",
            "roles",
            "qualification.handoff.criteria",
            "platforms.tokens",
        ];
        let others =
            [Shown::Items("nurture.emails", &["subject", "goal"]), Shown::System("email"), Shown::System("crm")];
        PATH.into_iter().chain(told.map(Shown::Whole)).chain(FEEDBACK).chain(others).collect()
    }

    /// `playbook/calendar.ics` in each language of its readers, and of a journey its picture and its proof in each
    /// language that it is told in.
    fn tasks(&self, input: &Input<'_>) -> Vec<Task> {
        let calendar = |(at, reader): (usize, &Reader)| {
            let path = format!("{}/{}", self.folder(), reader.file(CALENDAR));
            let tag = Some(reader.tag.clone()).filter(|tag| !tag.is_empty());
            Task::new([Asked::always(path, "calendar").reading(readers::READS, tag)], move |input| calendar(input, at))
        };
        let calendars = input.readers.of(ComponentKind::PLAYBOOK).iter().enumerate().map(calendar);
        let told = input.path.map(Path::told).unwrap_or_default();
        let told = told.iter().enumerate().map(|(at, told)| {
            let files = [(PICTURE, "picture"), (PROOF, "proof")].map(|(name, kind)| {
                let path = format!("{}/{}", self.folder(), told.file(name));
                Asked::by(path, kind, "journey").reading(READS, Some(told.view.language.clone()))
            });
            Task::new(files, move |input| path(input, at))
        });
        calendars.chain(told).collect()
    }

    /// What the playbook sees as `view`.
    ///
    /// `launch`, `campaign`, `utm_id`; `calendar` [{date, title, detail, owner}]; `holidays` [{date, name, names}]
    /// of the period; `phases` [{id, first, last}]; `capability`, the id of the plan by which it is served; `email` and `crm` {id, name, known, tokens} as in
    /// [`email_platform`]; `picture`, the file with the lead's path, and `told` [{tag, title, file}], the same in other languages;
    /// `posts` [{id, file, body}], what is published on networks, with its links;
    /// `load` [{address, minutes, tasks}] of [`Load::data`](crate::journey::Load::data);
    /// `pages` [{id, file}] with the forms of requests; `ends` [{sequence, purpose, right, bounced}], a row for each event that ends a
    /// sequence, with a right where a lead asks for one by it; `rights`
    /// [{path, words, operations, reason}], what policy leaves to the partner. Dates are texts such as `2027-01-31`; all that has
    /// words is named by its id, so that a page says it in its own language.
    fn view(&self, input: &Input<'_>) -> Result<Data, Diagnostics> {
        let package = input.package;
        let work = package.days();
        let launch = package.schedule.launch(&package.program.period, &work);
        let phase = |phase: &Phase| {
            Data::map([
                ("id", Data::Text(phase.id.clone())),
                ("first", work.offset(launch, phase.first_day).to_string().into()),
                ("last", work.offset(launch, phase.last_day).to_string().into()),
            ])
        };
        Ok(Data::map([
            ("launch", launch.to_string().into()),
            ("campaign", super::tracking::deployment_key(input).into()),
            ("utm_id", utm_id(&input.deployment.id).into()),
            ("calendar", Data::list(dates::entries(input, input.reader)?.iter().map(Entry::data))),
            ("holidays", holidays(input)),
            ("phases", Data::list(package.playbook.phases.iter().map(phase))),
            ("capability", served(package).into()),
            ("email", email_platform(package)),
            ("crm", crm_system(package)),
            ("picture", picture(input).map_or(Data::Null, |told| drawn(told).into())),
            ("told", others(input)),
            ("pages", pages(input)),
            ("ends", ends(input)),
            ("posts", posts(input)?),
            ("load", input.path.map_or(Data::Null, |path| path.load().data())),
            ("rights", rights::rights(input.data)),
        ]))
    }

    fn check(&self, input: &Input<'_>) -> Vec<Finding> {
        platforms::check(input)
    }
}

/// What ends each sequence, in the order of the path: its permission is taken back, a right is asked for, or the address no
/// longer takes emails.
fn ends(input: &Input<'_>) -> Data {
    let permissions = input.path.map_or(&[][..], Path::permissions);
    let sequences = input.package.journey.sequences.iter();
    let of = sequences.flat_map(|sequence| {
        let own = permissions.iter().filter(|it| it.purpose.id == sequence.purpose);
        own.flat_map(|it| &it.ends).map(move |event| (sequence, event))
    });
    Data::list(of.map(|(sequence, event)| {
        let right = event.strip_suffix(".asked");
        Data::map([
            ("sequence", Data::Text(sequence.id.clone())),
            ("purpose", Data::Text(sequence.purpose.clone())),
            ("right", right.map_or(Data::Null, Data::from)),
            ("bounced", Data::from(**event == *BOUNCED)),
        ])
    }))
}

/// The plan by which the partner is served: that of its capability, or where the vendor sends the series all the same, the
/// first one that says so.
fn served(package: &Package) -> &str {
    let sends = package.leads.as_ref().as_ref().and_then(|leads| leads.sends);
    let plans = &package.playbook.capabilities;
    let own = package.partner.capability.id();
    let fits = |plan: &&CapabilityPlan| sends.is_none() || plan.sends == sends;
    let is_own = plans.iter().find(|plan| *plan.id == *own).is_none_or(|plan| fits(&plan));
    plans.iter().find(fits).filter(|_| !is_own).map_or(own, |plan| &plan.id)
}

/// The calendar in the language of one of its readers, for the calendar programs people use.
fn calendar(input: &Input<'_>, at: usize) -> Result<Vec<Content>, Failure> {
    let Some(reader) = input.readers.of(ComponentKind::PLAYBOOK).get(at) else { return Ok(Vec::new()) };
    let program = &input.package.program;
    let entries = dates::entries(input, reader)?;
    let events: Vec<_> = entries.iter().map(|entry| entry.event(program, input.deployment)).collect();
    let zone = input.package.region.calendar.zone.as_deref();
    let name = format!("{}: {}", input.package.partner.name, program.period.name);
    Ok(vec![ics::calendar(&name, zone, program.released, &events)])
}

/// The picture of the lead's path and its proof, in one of the languages that it is told in.
fn path(input: &Input<'_>, at: usize) -> Result<Vec<Content>, Failure> {
    let told = input.path.and_then(|path| Some((path, path.told().get(at)?)));
    let files = told.map(|(path, told)| Ok([path.picture(told), path.report(told, &open(input))?]));
    files.transpose().map(|files| files.into_iter().flatten().collect())
}

/// The pages with forms, as files of the package, in the language of the picture.
fn pages(input: &Input<'_>) -> Data {
    let requests = picture(input).into_iter().flat_map(|told| &told.view.model.requests);
    let page =
        |page: &Named| Data::map([("id", Data::Text(page.id.clone())), ("file", Data::Text(page.title.clone()))]);
    Data::list(requests.map(|request| page(&request.page)))
}

/// What is published on networks, in the language of the playbook's reader or else in the first one that sellers read.
fn posts(input: &Input<'_>) -> Result<Data, Diagnostics> {
    let readers = input.readers.of(ComponentKind::SALES);
    let reader = readers.iter().find(|reader| reader.tag == input.reader.tag).or_else(|| readers.first());
    let Some(reader) = reader else { return Ok(Data::list([])) };
    Ok(sales::sheet::posts(&reader.model("sales")?, reader, input.placements))
}

/// What is still to be given and seen to, as templates are told of it.
fn open(input: &Input<'_>) -> Open {
    let of =
        |root: &str, key: &str| input.data.get(root).and_then(|root| root.get(key)).cloned().unwrap_or(Data::list([]));
    let times = input.data.get("times").and_then(|times| package::read::<Times>(times, "times").ok());
    Open {
        leads: input.package.leads.as_ref().clone(),
        gaps: package::read(&of("capture", "gaps"), "capture.gaps").unwrap_or_default(),
        uncounted: package::read(&of("analytics", "gaps"), "analytics.gaps").unwrap_or_default(),
        promises: package::read(&of("capture", "promises"), "capture.promises").unwrap_or_default(),
        lacks: times.map(|times| times.lacks().to_vec()).unwrap_or_default(),
    }
}

/// The picture of the lead's path in the reader's language, or else in the master's.
fn picture<'i>(input: &Input<'i>) -> Option<&'i Told> {
    let told = input.path.map(Path::told)?;
    told.iter().find(|told| told.view.language == input.reader.tag).or_else(|| told.first()).map(|told| &**told)
}

/// The pictures in all other languages.
fn others(input: &Input<'_>) -> Data {
    let shown = picture(input).map(|told| &told.view.language);
    let others = input.path.into_iter().flat_map(Path::told).filter(|told| Some(&told.view.language) != shown);
    Data::list(others.map(|told| {
        Data::map([
            ("tag", Data::Text(told.view.language.clone())),
            ("title", Data::Text(told.view.words.path.clone())),
            ("file", drawn(told).into()),
        ])
    }))
}

/// Where its picture lies in the package.
fn drawn(told: &Told) -> String {
    format!("{}/{}", ComponentKind::PLAYBOOK.id(), told.file(PICTURE))
}

/// The holidays that the dates of the period keep clear of.
fn holidays(input: &Input<'_>) -> Data {
    let program = &input.package.program;
    let days = program.released..=program.period.end;
    let off = input.package.region.calendar.days_off(days);
    let free = off.into_iter().filter(|day| day.is_free());
    Data::list(free.map(|day| {
        let names = day.names.iter().map(|(language, name)| (*language, Data::from(*name)));
        let (date, name) = (day.date.to_string().into(), Data::Text(day.name.clone()));
        Data::map([("date", date), ("name", name), ("names", Data::map(names))])
    }))
}
