//! Whether a model can work: what no schema sees.
//!
//! Every threshold and stage must be reachable, none by fit alone; every combination of bands must
//! lead to one stage and one owner; every event must be one the package causes, every field one its
//! form asks for.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::Finding;
use super::{reach, score};
use crate::capture::{self, Named};
use crate::components::LANDING_PAGE;
use crate::data::{Data, DataMap};
use crate::html::Page;
use crate::package::qualification::{Band, Condition, Event, FieldSource, Half, Qualification, Route, Stage};

/// What the pages and emails of a package can cause to happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// Ids of the emails of the sequence.
    pub emails: BTreeSet<String>,
    /// Ids of the pages of the site.
    pub pages: BTreeSet<String>,
    /// Ids of the requests of the journey.
    pub requests: BTreeSet<String>,
}

impl Emitted {
    /// Reads them from the package's data.
    pub fn of(data: &DataMap) -> Self {
        let ids = |items: &[Data]| {
            items.iter().filter_map(|item| item.get("id").and_then(Data::as_str)).map(str::to_owned).collect()
        };
        let emails = data.get("nurture").and_then(|nurture| nurture.get("emails")).map_or(&[][..], Data::items);
        let documents = data.get("documents").map_or(&[][..], Data::items);
        let pages: Vec<Data> = documents
            .iter()
            .filter(|document| {
                document.get("output").and_then(Data::as_str).is_some_and(|path| path.starts_with("site/"))
            })
            .cloned()
            .collect();
        let requests = data.get("journey").and_then(|journey| journey.get("requests")).map_or(&[][..], Data::items);
        Self { emails: ids(emails), pages: ids(&pages), requests: ids(requests) }
    }
}

/// Everything that is wrong with `model`. Pass the model of one deployment (`effective`).
pub fn check(model: &Qualification, emitted: &Emitted) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    check_groups(model, &mut findings);
    check_signals(model, emitted, &mut findings);
    check_bands(&model.bands.fit, "fit", reach::of_half(model, Half::Fit), &mut findings);
    check_bands(&model.bands.engagement, "engagement", reach::of_half(model, Half::Engagement), &mut findings);
    check_thresholds(model, &mut findings);
    check_matrix(model, &mut findings);
    check_routing(model, emitted, &mut findings);
    check_feedback(model, &mut findings);
    check_stages(model, &mut findings);
    // Scores of a model with gaps would only repeat what was said above.
    if findings.0.is_empty() {
        check_test_leads(model, &mut findings);
    }
    findings.0
}

/// Compares the fields that fit is judged by with the form of the finished landing page, under the names that it is
/// posted with. Where it is not posted, nothing can be compared.
pub fn check_form(model: &Qualification, landing_page: &Page, data: &DataMap) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    let documents = data.get("documents").map_or(&[][..], Data::items);
    let is_landing = |document: &&Data| {
        document
            .get("output")
            .and_then(Data::as_str)
            .is_some_and(|output| output.replace("{locale}/", "") == LANDING_PAGE)
    };
    let landing = documents.iter().find(is_landing).and_then(|it| it.get("id")?.as_str()).unwrap_or_default();
    for field in model.fields.iter().filter(|field| field.source == FieldSource::Form) {
        let name = match capture::name_on(data, landing, &field.id) {
            Named::AsOurs => &*field.id,
            Named::As(name) => name,
            Named::Elsewhere => continue,
        };
        if !landing_page.asks_for(name) {
            findings.add(
                format!("fields[{}]", field.id),
                format!("the form of the landing page has no field `{}`", field.id),
                "add the field to the form, or give the field `source: record`",
            );
            continue;
        }
        for value in field.values.iter().filter(|value| !landing_page.offers(name, value)) {
            findings.add(
                format!("fields[{}].values", field.id),
                format!("the form does not offer the value `{value}` of `{}`", field.id),
                "use the values of the form, or add this one to it",
            );
        }
    }
    findings.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, path: impl AsRef<str>, message: impl Into<String>, help: impl Into<String>) {
        self.0.push(Finding::new(format!("qualification.{}", path.as_ref()), message, help));
    }
}

fn check_groups(model: &Qualification, findings: &mut Findings) {
    for group in &model.groups {
        let path = format!("groups[{}]", group.id);
        if group.cap <= 0 {
            findings.add(&path, format!("group `{}` is capped at {}", group.id, group.cap), "give it a cap above 0");
        }
        if !model.signals.iter().any(|signal| signal.group == group.id) {
            findings.add(
                &path,
                format!("no signal belongs to group `{}`", group.id),
                "add a signal, or remove the group",
            );
        }
    }
    for negative in model.negatives.iter().filter(|negative| negative.points <= 0) {
        findings.add(
            format!("negatives[{}].points", negative.id),
            format!(
                "negative `{}` has {} points; they are taken away, so they are written as a positive number",
                negative.id, negative.points
            ),
            "write how many points are taken away",
        );
    }
}

fn check_signals(model: &Qualification, emitted: &Emitted, findings: &mut Findings) {
    for signal in &model.signals {
        let path = format!("signals[{}]", signal.id);
        let Some(group) = model.groups.iter().find(|group| group.id == signal.group) else {
            let known = model.groups.iter().map(|group| format!("`{}`", group.id)).collect::<Vec<_>>().join(", ");
            findings.add(
                format!("{path}.group"),
                format!("there is no group `{}`", signal.group),
                format!("use one of {known}"),
            );
            continue;
        };
        if signal.points <= 0 || signal.points > group.cap {
            findings.add(
                format!("{path}.points"),
                format!(
                    "signal `{}` gives {} points, but its group `{}` counts 1 to {}",
                    signal.id, signal.points, group.id, group.cap
                ),
                "change the points or the cap; what takes points away belongs into `negatives`",
            );
        }
        if signal.max_times == 0 {
            findings.add(
                format!("{path}.max_times"),
                format!("signal `{}` never counts", signal.id),
                "count it once or more",
            );
        }
        if signal.decay_pct_per_month.is_some_and(|percent| percent > 100) {
            findings.add(
                format!("{path}.decay_pct_per_month"),
                format!("signal `{}` loses more than 100 percent a month", signal.id),
                "use 1 to 100",
            );
        }
        let of_event = matches!(signal.when, Condition::Happened { .. });
        if of_event != (group.kind == Half::Engagement) {
            findings.add(
                format!("{path}.group"),
                format!("signal `{}` and its group `{}` belong to different halves of the score", signal.id, group.id),
                "put fields into a group of kind `fit`, events into one of kind `engagement`",
            );
        }
        check_condition(model, &signal.when, &format!("{path}.when"), emitted, findings);
    }
    for negative in &model.negatives {
        check_condition(model, &negative.when, &format!("negatives[{}].when", negative.id), emitted, findings);
    }
    for rule in &model.disqualify {
        check_condition(model, &rule.when, &format!("disqualify[{}].when", rule.id), emitted, findings);
    }
}

fn check_condition(
    model: &Qualification,
    condition: &Condition,
    path: &str,
    emitted: &Emitted,
    findings: &mut Findings,
) {
    match condition {
        Condition::FieldIs { field, values } | Condition::FieldIsNot { field, values } => {
            check_values(model, field, values, path, findings);
        }
        Condition::DomainIn { field, .. } => check_values(model, field, &[], path, findings),
        Condition::Happened { event, target } => check_event(*event, target.as_deref(), path, emitted, findings),
        Condition::Inactive { .. } => {}
    }
}

fn check_values(model: &Qualification, id: &str, values: &[Arc<str>], path: &str, findings: &mut Findings) {
    let Some(field) = model.fields.iter().find(|field| *field.id == *id) else {
        let known = model.fields.iter().map(|field| format!("`{}`", field.id)).collect::<Vec<_>>().join(", ");
        findings.add(format!("{path}.field"), format!("there is no lead field `{id}`"), format!("use one of {known}"));
        return;
    };
    for value in values.iter().filter(|value| !field.values.is_empty() && !field.values.contains(value)) {
        findings.add(
            format!("{path}.values"),
            format!("the field `{id}` never has the value `{value}`"),
            format!("use one of `{}`", field.values.join("`, `")),
        );
    }
}

fn check_event(event: Event, target: Option<&str>, path: &str, emitted: &Emitted, findings: &mut Findings) {
    let path = format!("{path}.target");
    match (event, target) {
        (Event::EmailClick, Some(target)) if !emitted.emails.contains(target) => findings.add(
            path,
            format!("no email `{target}` is sent, so nobody can follow a link of it"),
            "name the id of an email of `nurture.emails`",
        ),
        (Event::PageView, Some(target)) if !emitted.pages.contains(target) => findings.add(
            path,
            format!("the site has no page `{target}`"),
            "name the id of a document with an output below `site/`",
        ),
        (Event::Recorded, None) => {
            findings.add(path, "what is recorded has no name", "add `target:` with a name for what a colleague notes");
        }
        (Event::FormSubmit, Some(target)) if !emitted.requests.contains(target) => {
            findings.add(path, no_request(target), "name the id of an item of `journey.requests`");
        }
        (Event::EmailReply | Event::OptOut, Some(_)) => {
            findings.add(path, "this event has no target", "remove `target`");
        }
        _ => {}
    }
}

fn no_request(id: &str) -> String {
    format!("the journey has no request `{id}`, so no form of it is sent")
}

fn check_bands(bands: &[Band], half: &str, highest: i32, findings: &mut Findings) {
    let path = format!("bands.{half}");
    let sorted = bands.windows(2).all(|pair| pair[0].min > pair[1].min);
    if !sorted || bands.last().is_none_or(|last| last.min != 0) {
        findings.add(
            &path,
            format!("the {half} bands leave a gap or overlap"),
            "list them best first, each `min` lower than the one before, the last one 0",
        );
    }
    if let Some(best) = bands.first().filter(|best| best.min > highest) {
        findings.add(
            format!("{path}[{}].min", best.id),
            format!("band `{}` begins at {}, but {half} cannot score more than {highest}", best.id, best.min),
            "lower the band, or raise points or caps",
        );
    }
}

fn check_thresholds(model: &Qualification, findings: &mut Findings) {
    let (fit, engagement) = (reach::of_half(model, Half::Fit), reach::of_half(model, Half::Engagement));
    let thresholds = &model.thresholds;
    if thresholds.mql <= 0 || thresholds.mql >= thresholds.sql {
        findings.add(
            "thresholds",
            format!("the thresholds {} and {} are out of order", thresholds.mql, thresholds.sql),
            "make 0 < `mql` < `sql`",
        );
    }
    if fit + engagement < thresholds.sql {
        findings.add(
            "thresholds.sql",
            format!("nobody can reach {} points: the highest score is {}", thresholds.sql, fit + engagement),
            "lower the threshold, or raise points or caps",
        );
    }
    if fit >= thresholds.sql {
        findings.add(
            "thresholds.sql",
            format!(
                "fit alone reaches {fit} points, so a lead that did nothing would go to sales at {}",
                thresholds.sql
            ),
            format!("raise the threshold above {fit}, or lower the caps of the fit groups"),
        );
    }
}

fn check_matrix(model: &Qualification, findings: &mut Findings) {
    let (fit, engagement) = (&model.bands.fit, &model.bands.engagement);
    let mut cells = BTreeSet::new();
    for (row, fit_band) in fit.iter().enumerate() {
        for (column, engagement_band) in engagement.iter().enumerate() {
            let cell = format!("{}{}", fit_band.id, engagement_band.id);
            match model.matrix.get(&*cell) {
                None => findings.add(
                    "matrix",
                    format!("the matrix has no stage for `{cell}`"),
                    format!("add `{cell}: nurture`, `mql` or `sql`"),
                ),
                Some(&stage) => check_cell(model, &cell, stage, (row, column), findings),
            }
            cells.insert(cell);
        }
    }
    for cell in model.matrix.keys().filter(|cell| !cells.contains(&***cell)) {
        findings.add(
            format!("matrix.{cell}"),
            format!("there are no bands for `{cell}`"),
            "remove it, or add the band",
        );
    }
}

fn check_cell(model: &Qualification, cell: &str, stage: Stage, at: (usize, usize), findings: &mut Findings) {
    let (fit, engagement) = (&model.bands.fit, &model.bands.engagement);
    let highest = reach::of_band(fit, at.0, reach::of_half(model, Half::Fit))
        + reach::of_band(engagement, at.1, reach::of_half(model, Half::Engagement));
    let needed = match stage {
        Stage::Sql => model.thresholds.sql,
        Stage::Mql => model.thresholds.mql,
        Stage::Nurture | Stage::Disqualified => 0,
    };
    if stage == Stage::Disqualified {
        findings.add(
            format!("matrix.{cell}"),
            "a score never disqualifies",
            "use `nurture`, and a rule in `disqualify`",
        );
    }
    // A threshold that nobody reaches has been reported as such.
    let reachable = reach::of_half(model, Half::Fit) + reach::of_half(model, Half::Engagement) >= needed;
    if reachable && highest < needed {
        findings.add(
            format!("matrix.{cell}"),
            format!("a lead in `{cell}` has {highest} points at most, but `{}` takes {needed}", stage.id()),
            "give the cell a lower stage, or lower the threshold",
        );
    }
    let worse = [
        fit.get(at.0 + 1).map(|band| (band, &engagement[at.1])),
        engagement.get(at.1 + 1).map(|band| (&fit[at.0], band)),
    ];
    for (fit_band, engagement_band) in worse.into_iter().flatten() {
        let other = format!("{}{}", fit_band.id, engagement_band.id);
        if model.matrix.get(&*other).is_some_and(|&below| below > stage) {
            findings.add(
                format!("matrix.{cell}"),
                format!("`{cell}` is better than `{other}`, but has a lower stage"),
                "let a better band never lower the stage",
            );
        }
    }
}

fn check_routing(model: &Qualification, emitted: &Emitted, findings: &mut Findings) {
    let known = |id: &str| model.owners.iter().any(|owner| *owner.id == *id);
    for (at, route) in model.routing.iter().enumerate() {
        let path = format!("routing[{}]", route.id);
        match &route.enters {
            // Owners of states are the journey's to prove.
            Some(state) if route.to.is_empty() => findings.add(
                format!("{path}.enters"),
                format!("the journey has no state `{state}` in which somebody owes something"),
                "name a machine and a state of it with `who`, as `sales.offered`",
            ),
            None if !known(&route.to) => findings.add(
                format!("{path}.to"),
                format!("there is no owner `{}`", route.to),
                "use the id of an item of `owners`, or say by `enters` which state of the journey follows",
            ),
            _ => {}
        }
        for request in route.when.requested.iter().filter(|request| !emitted.requests.contains(&***request)) {
            let help = "name the id of an item of `journey.requests`";
            findings.add(format!("{path}.when.requested"), no_request(request), help);
        }
        if let Some(other) = model.routing[..at].iter().find(|other| other.priority == route.priority) {
            findings.add(
                format!("{path}.priority"),
                format!("`{}` and `{}` both have priority {}", other.id, route.id, route.priority),
                "give each rule a priority of its own",
            );
        }
    }
    for stage in [Stage::Nurture, Stage::Mql, Stage::Sql] {
        for band in &model.bands.fit {
            if !model.routing.iter().any(|route| always_takes(route, stage, &band.id)) {
                findings.add(
                    "routing",
                    format!("no rule takes a lead of stage `{}` in fit band `{}`", stage.id(), band.id),
                    "add a rule without further conditions as the last one, to somebody who may have the lead (`leads`)",
                );
            }
        }
    }
}

fn always_takes(route: &Route, stage: Stage, fit_band: &str) -> bool {
    let when = &route.when;
    when.missing.is_empty()
        && when.requested.is_empty()
        && (when.stages.is_empty() || when.stages.contains(&stage))
        && (when.fit.is_empty() || when.fit.iter().any(|band| **band == *fit_band))
}

/// When a status is due is said once.
fn check_feedback(model: &Qualification, findings: &mut Findings) {
    for status in &model.feedback {
        let path = format!("feedback[{}]", status.id);
        match (&status.ends, &status.within, status.due_days) {
            (Some(state), None, _) => findings.add(
                format!("{path}.ends"),
                format!("the journey has no state `{state}` in which somebody has a time"),
                "name a state with `who` and `within` as `machine.state`",
            ),
            (Some(state), Some(_), Some(_)) => findings.add(
                format!("{path}.due_days"),
                format!("when `{}` is due, the state `{state}` of the journey says", status.id),
                "take `due_days` out",
            ),
            (None, _, None) => findings.add(
                path,
                format!("nothing says when `{}` is due", status.id),
                "say by `ends` which state of the journey ends with it, or give it `due_days`",
            ),
            _ => {}
        }
    }
}

fn check_stages(model: &Qualification, findings: &mut Findings) {
    for stage in Stage::ALL {
        if !model.stages.iter().any(|info| info.id == stage) {
            findings.add(
                "stages",
                format!("stage `{}` is not described", stage.id()),
                "add it with `title`, `meaning` and `next`",
            );
        }
    }
}

fn check_test_leads(model: &Qualification, findings: &mut Findings) {
    for test in &model.test_leads {
        let scored = score(model, &test.lead);
        if let Some(expected) = test.expect.filter(|expected| *expected != scored.stage) {
            findings.add(
                format!("test_leads[{}].expect", test.id),
                format!(
                    "test lead `{}` is `{}` with {} + {} points ({}), but should be `{}`",
                    test.id,
                    scored.stage.id(),
                    scored.fit,
                    scored.engagement,
                    scored.cell(),
                    expected.id()
                ),
                "change points, bands or thresholds until it is, or correct what is expected",
            );
        }
    }
}
