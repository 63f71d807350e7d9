//! What the build sheet shows: the model as tables, and sample leads with their arithmetic.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::Input;
use super::{Scored, reach, score};
use crate::data::Data;
use crate::journey::lower::{BOUNCED, PENDING};
use crate::journey::{Ground, Path, Permission, Step};
use crate::package::journey::Controller;
use crate::package::qualification::{
    Band, Condition, Disqualifier, Group, Half, Negative, Qualification, RecordField, Route, Signal, Stage, TestLead,
};

/// Sample leads that are worked out in full; the others stand in the test vectors.
const EXAMPLES: usize = 3;

pub fn view(model: &Qualification, fields: Data, setup: Data) -> Data {
    let (fit, engagement) = (reach::of_half(model, Half::Fit), reach::of_half(model, Half::Engagement));
    let number = |points: i32| Data::Int(points.into());
    Data::map([
        ("fields", fields),
        ("setup", setup),
        (
            "totals",
            Data::map([("fit", number(fit)), ("engagement", number(engagement)), ("total", number(fit + engagement))]),
        ),
        ("halves", Data::list([half(model, Half::Fit, fit), half(model, Half::Engagement, engagement)])),
        ("untold", words(model.untold.iter().map(|it| &*it.id))),
        ("unable", words(model.unable.iter().map(|it| &*it.id))),
        ("columns", Data::list(model.bands.engagement.iter().map(band))),
        ("matrix", matrix(model)),
        ("record", Data::list(model.handoff.record.iter().map(row))),
        ("routes", Data::list(model.routing.iter().map(route))),
        ("ended", Data::list(model.disqualify.iter().map(ended))),
        ("examples", Data::list(model.test_leads.iter().take(EXAMPLES).map(|it| example(model, it)))),
        ("tests", Data::list(model.test_leads.iter().map(|it| test(model, it)))),
    ])
}

/// What whoever sets a system up sees besides: `tool` (`id`, `name`: where leads are kept and written to), `sender` (the same of
/// where the series goes out, with whose it is as `of`; null where the leads are kept there), `permissions`
/// [{purpose, states, allows, confirmed_by}], `events` [{id, kind, about}], `emails` [{id, number, starts, days, ground, request,
/// sequence, purpose, allows, waits [{machine, states}], ends}].
pub fn setup(input: &Input<'_>) -> Data {
    let permissions = input.path.map_or(&[][..], Path::permissions);
    let ids = |ids: &[Arc<str>]| words(ids.iter().map(|id| &**id));
    let sends = &input.data.get("nurture").and_then(|nurture| nurture.get("emails"));
    let sends = sends.map_or(&[][..], Data::items);
    let permission = |it: &Permission| {
        let confirms = |email: &&Data| {
            let purposes = email.get("confirms").map_or(&[][..], Data::items);
            purposes.iter().any(|purpose| purpose.as_str() == Some(&*it.purpose.id))
        };
        let confirming = sends.iter().filter(confirms).filter_map(|email| email.get("id").and_then(Data::as_str));
        Data::map([
            ("purpose", text(&it.purpose.id)),
            ("states", ids(&it.states)),
            ("allows", ids(&it.allows)),
            ("confirmed_by", words(confirming)),
        ])
    };
    let email = |step: &Step| {
        let number = sends.iter().position(|email| email.get("id").and_then(Data::as_str) == Some(&*step.id));
        let mut map = vec![
            ("id", text(&step.id)),
            ("number", Data::Int(number.map_or(0, |at| at as i64 + 1))),
            ("starts", ids(&step.starts)),
            ("days", Data::Int(step.days)),
        ];
        match &step.ground {
            Ground::Request(request) => map.extend([("ground", text("request")), ("request", text(request))]),
            Ground::Owed => map.push(("ground", text("owed"))),
            Ground::Confirms(purposes) => map.extend([
                ("ground", text("confirmation")),
                ("purposes", ids(purposes)),
                ("unconfirmed", PENDING.into()),
            ]),
            Ground::Permission { sequence, purpose, goes_on } => {
                let own = permissions.iter().find(|it| it.purpose.id == *purpose);
                let waits = goes_on
                    .iter()
                    .map(|(machine, states)| Data::map([("machine", text(machine)), ("states", ids(states))]));
                map.extend([
                    ("ground", text("permission")),
                    ("sequence", text(sequence)),
                    ("purpose", text(purpose)),
                    ("allows", ids(own.map_or(&[][..], |it| &it.allows))),
                    ("waits", Data::list(waits)),
                    ("ends", ids(own.map_or(&[][..], |it| &it.ends))),
                ]);
            }
        }
        Data::map(map)
    };
    let emails = input.path.map_or(&[][..], Path::emails);
    Data::map([
        ("tool", tool(input)),
        ("sender", sender(input)),
        ("permissions", Data::list(permissions.iter().map(permission))),
        ("events", Data::list(events(input).iter().map(|id| happening(input, id)))),
        ("emails", Data::list(emails.iter().map(email))),
    ])
}

/// Systems in which a whole path can be built, as far as this package tells how.
const TOOLS: [(&str, &str); 4] = [
    ("hubspot", "HubSpot"),
    ("marketo", "Adobe Marketo Engage"),
    ("account-engagement", "Account Engagement"),
    ("dynamics", "Dynamics 365 Customer Insights"),
];

/// Any other, for which it tells what holds for most.
const OTHER: &str = "other";

/// Where whoever keeps the leads writes to them: the partner's email platform, or what takes the forms.
fn tool(input: &Input<'_>) -> Data {
    let target = input.data.get("capture").and_then(|capture| capture.get("target")).and_then(Data::as_str);
    let is_partners = input.package.leads.as_ref().as_ref().is_none_or(|it| it.keeps.receiver() == Controller::Partner);
    let own = input.package.partner.platforms.email.as_deref().filter(|_| is_partners);
    let found = [own, target].into_iter().flatten().find_map(|id| TOOLS.iter().find(|(tool, _)| *tool == id));
    let (id, name) = found.copied().unwrap_or((OTHER, ""));
    Data::map([("id", text(id)), ("name", text(name))])
}

/// From where the series goes out, where that is not where the leads are kept.
fn sender(input: &Input<'_>) -> Data {
    let leads = input.package.leads.as_ref().as_ref();
    let Some(of) = leads.and_then(|it| it.sends.filter(|of| *of != it.keeps.receiver())) else {
        return Data::Null;
    };
    let vendors = || input.data.get("vendor")?.get("platforms")?.get("email")?.as_str();
    let platform = match of {
        Controller::Partner => input.package.partner.platforms.email.as_deref(),
        Controller::Vendor => vendors(),
    };
    let platform = platform.unwrap_or_default();
    let known = input.package.platforms.email.iter().find(|system| *system.id == *platform);
    let name = known.map_or(platform, |system| &system.name);
    let tool = TOOLS.iter().find(|(tool, _)| *tool == platform).map_or(OTHER, |(tool, _)| tool);
    Data::map([("id", text(tool)), ("name", text(name)), ("of", text(of.id()))])
}

/// What machines hear and emails begin with.
fn events(input: &Input<'_>) -> BTreeSet<Arc<str>> {
    let states = input.package.journey.machines.iter().flat_map(|machine| &machine.states);
    let heard = states.flat_map(|state| state.to.keys().chain(&state.same)).cloned();
    let emails = input.path.map_or(&[][..], Path::emails);
    let ends = input.path.map_or(&[][..], Path::permissions).iter().flat_map(|it| it.ends.iter().cloned());
    heard.chain(emails.iter().flat_map(|step| step.starts.iter().cloned())).chain(ends).collect()
}

/// An event by what it is and what it is about: `asked` of a request, `given` and `ticked` of a purpose, `late`, `enters` of a state, a
/// happening, or a right, with the `reasons` of the status file that ask for it.
fn happening(input: &Input<'_>, id: &str) -> Data {
    let journey = &input.package.journey;
    let (about, last) = id.rsplit_once('.').unwrap_or(("", id));
    let is_request = || journey.requests.iter().any(|it| *it.id == *about);
    let is_purpose = || journey.purposes.iter().any(|it| *it.id == *about);
    let kind = match last {
        "asked" if is_request() => "asked",
        "given" | "withdrawn" | "ticked" | "unticked" if is_purpose() => last,
        "asked" => "right",
        "sent" => "sent",
        "late" => "late",
        BOUNCED if about.is_empty() => BOUNCED,
        _ if about.is_empty() => "happens",
        _ => "enters",
    };
    let reasons = journey.happens.iter().flat_map(|it| &it.reasons);
    let meaning = reasons.filter(|it| kind == "right" && it.means.as_deref() == Some(about)).map(|it| &*it.id);
    Data::map([
        ("id", text(id)),
        ("kind", text(kind)),
        ("about", text(about)),
        ("state", text(last)),
        ("reasons", words(meaning)),
    ])
}

/// A row of what is handed over: `always`, `permission` and `known` say when it is needed, or else the ids of requests.
fn row(row: &RecordField) -> Data {
    let own = if row.required { "always" } else { "known" };
    let needed = row.needed.as_deref().unwrap_or(own);
    Data::map([("id", text(&row.id)), ("needed", text(needed))])
}

fn text(text: &str) -> Data {
    Data::text(text)
}

fn band(band: &Band) -> Data {
    Data::map([("id", text(&band.id)), ("min", Data::Int(band.min.into()))])
}

fn half(model: &Qualification, half: Half, highest: i32) -> Data {
    let groups = model.groups.iter().filter(|it| it.kind == half).map(|it| group(model, it));
    let negatives = model.negatives.iter().filter(|it| it.kind == half).map(negative);
    Data::map([
        ("id", text(half_id(half))),
        ("max", Data::Int(highest.into())),
        ("groups", Data::list(groups)),
        ("negatives", Data::list(negatives)),
    ])
}

fn half_id(half: Half) -> &'static str {
    match half {
        Half::Fit => "fit",
        Half::Engagement => "engagement",
    }
}

fn group(model: &Qualification, group: &Group) -> Data {
    let signals = model.signals.iter().filter(|it| it.group == group.id).map(signal);
    Data::map([("id", text(&group.id)), ("cap", Data::Int(group.cap.into())), ("signals", Data::list(signals))])
}

fn signal(signal: &Signal) -> Data {
    Data::map([
        ("id", text(&signal.id)),
        ("points", Data::Int(signal.points.into())),
        ("when", when(&signal.when)),
        ("times", Data::Int(signal.max_times.into())),
        ("window", signal.window_days.map_or(Data::Null, |days| Data::Int(days.into()))),
        ("decay", signal.decay_pct_per_month.map_or(Data::Null, |percent| Data::Int(percent.into()))),
    ])
}

fn negative(negative: &Negative) -> Data {
    Data::map([
        ("id", text(&negative.id)),
        ("points", Data::Int((-negative.points).into())),
        ("when", when(&negative.when)),
    ])
}

/// A condition by its parts, for a page in whatever language: `kind` (`field`, `event`, `inactive`), `field`, `op`, `values`,
/// `event`, `target`, `days`.
fn when(condition: &Condition) -> Data {
    let on_field = |op: &str, field: &str, values: &[Arc<str>]| {
        let values = Data::list(values.iter().map(|value| Data::Text(value.clone())));
        Data::map([("kind", text("field")), ("op", text(op)), ("field", text(field)), ("values", values)])
    };
    match condition {
        Condition::FieldIs { field, values } => on_field("is", field, values),
        Condition::FieldIsNot { field, values } => on_field("is-not", field, values),
        Condition::DomainIn { field, values } => on_field("domain-in", field, values),
        Condition::Happened { event, target } => Data::map([
            ("kind", text("event")),
            ("event", text(event.id())),
            ("target", target.as_deref().map_or(Data::Null, text)),
        ]),
        Condition::Inactive { days } => Data::map([("kind", text("inactive")), ("days", Data::Int((*days).into()))]),
    }
}

fn matrix(model: &Qualification) -> Data {
    let row = |fit: &Band| {
        let cells = model.bands.engagement.iter().map(|engagement| {
            let cell = format!("{}{}", fit.id, engagement.id);
            let stage = model.matrix.get(&*cell).copied().unwrap_or(Stage::Nurture);
            Data::map([("cell", Data::from(cell)), ("stage", text(stage.id()))])
        });
        Data::map([("band", band(fit)), ("cells", Data::list(cells))])
    };
    Data::list(model.bands.fit.iter().map(row))
}

fn ended(rule: &Disqualifier) -> Data {
    Data::map([("id", text(&rule.id)), ("when", when(&rule.when))])
}

fn route(route: &Route) -> Data {
    Data::map([
        ("id", text(&route.id)),
        ("priority", Data::Int(route.priority.into())),
        ("requested", words(route.when.requested.iter().map(|id| &**id))),
        ("missing", words(route.when.missing.iter().map(|id| &**id))),
        ("unpermitted", words(route.when.unpermitted.iter().map(|id| &**id))),
        ("stages", words(route.when.stages.iter().map(|stage| stage.id()))),
        ("fit", words(route.when.fit.iter().map(|id| &**id))),
        ("to", text(&route.to)),
        ("late", route.fallback.as_deref().map_or(Data::Null, text)),
        ("enters", route.enters.as_deref().map_or(Data::Null, text)),
    ])
}

fn words<'w>(words: impl Iterator<Item = &'w str>) -> Data {
    Data::list(words.map(text))
}

fn example(model: &Qualification, test: &TestLead) -> Data {
    let scored = score(model, &test.lead);
    let reasons = scored.why.iter().map(|reason| {
        Data::map([
            ("id", text(&reason.id)),
            ("half", text(half_id(reason.half))),
            ("points", Data::Int(reason.points.into())),
        ])
    });
    let mut map = outcome(test, &scored);
    map.push(("reasons", Data::list(reasons)));
    Data::map(map)
}

fn test(model: &Qualification, test: &TestLead) -> Data {
    Data::map(outcome(test, &score(model, &test.lead)))
}

fn outcome(test: &TestLead, scored: &Scored) -> Vec<(&'static str, Data)> {
    vec![
        ("id", text(&test.id)),
        ("fit", Data::Int(scored.fit.into())),
        ("engagement", Data::Int(scored.engagement.into())),
        ("total", Data::Int(scored.total().into())),
        ("cell", Data::from(scored.cell())),
        ("stage", text(scored.stage.id())),
        ("to", scored.owner.as_deref().map_or(Data::Null, text)),
    ]
}
