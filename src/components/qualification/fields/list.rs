//! What there is to keep of a lead: each field once, in the order in which it comes to be known.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::super::Input;
use super::super::handoff::Handed;
use super::super::reach;
use super::labels::Labels;
use super::told::Told;
use super::{Choice, Field, Holds, Part};
use crate::capture::TYPED;
use crate::journey::view::{Named, View};
use crate::package::journey::{CONSENT_AT, GIVEN_AT, NAMES, WITHDRAWN_AT};
use crate::package::qualification::{Half, Hand, Qualification, Stage};
use crate::schema::journey::nodes::machine_path;

/// The most that the sample's script carries of an address of a page, and of a word of a campaign.
const CARRIED_PAGE: u32 = 400;
const CARRIED_WORD: u32 = 200;
/// What the package itself writes.
const WRITTEN: u32 = 255;
/// What a person writes into a record.
const NOTED: u32 = 2000;
/// What tells which text was agreed to, and comes along with a form.
const PROOFS: [&str; 1] = ["phone_consent"];

pub fn fields(input: &Input<'_>, model: &Qualification, labels: &Labels, told: &[Told<'_>]) -> Vec<Field> {
    let mut list = List { input, model, labels, path: labels.path(input), told, fields: Vec::new() };
    list.requests();
    list.consents();
    list.attribution();
    list.score();
    list.path();
    list.handoff();
    let mut seen = BTreeSet::new();
    list.fields.retain(|field| seen.insert(field.id.clone()));
    list.fields
}

struct List<'l> {
    input: &'l Input<'l>,
    model: &'l Qualification,
    labels: &'l Labels,
    path: Option<&'l View>,
    told: &'l [Told<'l>],
    fields: Vec<Field>,
}

impl List<'_> {
    /// Adds a field of something that is known of one lead, unless said otherwise.
    fn add(&mut self, id: &str, title: String, part: Part, holds: Holds, by: Hand, said: String) -> &mut Field {
        self.fields.push(Field {
            id: id.to_owned(),
            title,
            part,
            holds,
            by,
            is_personal: true,
            is_consent: part == Part::Consent,
            said,
        });
        let last = self.fields.len() - 1;
        &mut self.fields[last]
    }

    fn requests(&mut self) {
        let journey = self.input.package.journey.clone();
        let said = |request: &str| format!("journey.requests[{request}].form");
        let first = journey.requests.first().map_or_else(|| "qualification.fields".to_owned(), |it| said(&it.id));
        let names = NAMES.iter().map(|name| (Arc::<str>::from(*name), first.clone()));
        let forms = journey.requests.iter().flat_map(|it| it.form.iter().map(|field| (field.clone(), said(&it.id))));
        let judged = self.model.fields.iter().filter(|field| !field.id.starts_with("consent_"));
        let judged = judged.map(|field| (field.id.clone(), format!("qualification.fields[{}]", field.id)));
        for (id, said) in names.chain(forms).chain(judged).collect::<Vec<_>>() {
            let known = self.model.fields.iter().find(|field| field.id == id);
            let title = self.labels.title(&id, known.map_or(&*id, |field| &field.title));
            let holds = match known.map_or(&[][..], |field| &field.values) {
                [] if &*id == "email" => Holds::Email,
                [] => Holds::Text(TYPED),
                values => Holds::One(self.labels.values(&id, values)),
            };
            self.add(&id, title, Part::Request, holds, Hand::Lead, said);
        }
        if let Some(path) = self.path.filter(|path| !path.model.requests.is_empty()) {
            let choices = path.model.requests.iter().map(|it| choice(&it.id, &it.label)).collect();
            let title = self.labels.title("requests", "requests");
            self.add("requests", title, Part::Request, Holds::Some(choices), Hand::Platform, "journey.requests".into());
        }
    }

    fn consents(&mut self) {
        let Some(path) = self.path else { return };
        let asked: BTreeSet<&Arc<str>> = path.model.requests.iter().flat_map(|request| &request.asks).collect();
        for purpose in path.model.purposes.iter().filter(|purpose| asked.contains(&purpose.named.id)) {
            let Named { id, title } = &purpose.named;
            let text = labelled(&self.labels.word("consent"), title);
            // The box posts the version of its text: what was agreed to, and not only that something was.
            let said = format!("region.consent.boxes[{id}]");
            self.add(&format!("consent_{id}"), text, Part::Consent, Holds::Text(WRITTEN), Hand::Lead, said);
            let states = purpose.states.iter().map(|state| choice(&state.named.id, &state.named.title)).collect();
            let state = labelled(&self.labels.word("permission"), title);
            let said = format!("journey.purposes[{id}]");
            self.add(
                &format!("permission_{id}"),
                state,
                Part::Consent,
                Holds::One(states),
                Hand::Platform,
                said.clone(),
            );
            // A page without scripts knows no time, and one with them only that of its device.
            for (field, word) in
                [CONSENT_AT, GIVEN_AT, WITHDRAWN_AT].into_iter().zip(["consent_at", "given_at", "withdrawn_at"])
            {
                let when = labelled(&self.labels.word(word), title);
                self.add(&field.of(id), when, Part::Consent, Holds::Moment, Hand::Platform, said.clone());
            }
        }
    }

    /// What comes along with a form.
    fn attribution(&mut self) {
        let tracking = self.input.package.tracking.clone();
        for field in &tracking.fields {
            let from = field.from.as_deref().unwrap_or_default();
            let most = match from {
                "page" => CARRIED_PAGE,
                "query" | "first_touch" => CARRIED_WORD,
                _ => WRITTEN,
            };
            let part = if PROOFS.contains(&&*field.id) { Part::Consent } else { Part::Attribution };
            let title = self.labels.title(&field.id, &field.id);
            let said = format!("tracking.fields[{}]", field.id);
            // A time comes as a page writes it: no system reads it as one of its own wherever a form is posted.
            self.add(&field.id, title, part, Holds::Text(most), Hand::Page, said).is_personal = from != "package";
        }
    }

    fn score(&mut self) {
        let model = self.model;
        let (fit, engagement) = (reach::of_half(model, Half::Fit), reach::of_half(model, Half::Engagement));
        for (id, most) in [("score_fit", fit), ("score_engagement", engagement), ("score_total", fit + engagement)] {
            self.scored(id, Holds::Points { most }, "qualification.groups");
        }
        for (id, bands) in [("band_fit", &model.bands.fit), ("band_engagement", &model.bands.engagement)] {
            let bands = bands.iter().map(|band| choice(&band.id, &format!("{}: {}", band.id, band.title))).collect();
            self.scored(id, Holds::One(bands), "qualification.bands");
        }
        let cells = model.matrix.keys().map(|cell| choice(cell, cell)).collect();
        self.scored("score_cell", Holds::One(cells), "qualification.matrix");
        let stages = self.labels.items("stages", Stage::ALL.iter().rev().map(|stage| stage.id()));
        self.scored("score_stage", Holds::One(stages), "qualification.stages");
        let ended = self.labels.items("disqualify", model.disqualify.iter().map(|rule| &*rule.id));
        self.scored("disqualified_by", Holds::One(ended), "qualification.disqualify");
        let routes = self.labels.items("routing", model.routing.iter().map(|route| &*route.id));
        self.scored("routed_by", Holds::One(routes), "qualification.routing");
        let owners = self.labels.items("owners", model.owners.iter().map(|owner| &*owner.id));
        self.scored("routed_to", Holds::One(owners), "qualification.owners");
    }

    fn scored(&mut self, id: &str, holds: Holds, said: &str) {
        let title = self.labels.title(id, id);
        if holds.choices().is_empty() && matches!(holds, Holds::One(_)) {
            return;
        }
        self.add(id, title, Part::Score, holds, Hand::Platform, said.to_owned());
    }

    /// Where the lead stands, and since when: its clock starts there.
    fn path(&mut self) {
        let Some(path) = self.path else { return };
        for machine in &path.model.machines {
            let Named { id, title } = &machine.named;
            let states = machine.states.iter().map(|state| choice(&state.named.id, &state.named.title)).collect();
            let said = machine_path(id);
            let state = labelled(title, &self.labels.word("state"));
            self.add(&format!("{id}_state"), state, Part::Path, Holds::One(states), Hand::Platform, said.clone());
            let since = labelled(title, &self.labels.word("since"));
            self.add(&format!("{id}_since"), since, Part::Path, Holds::Moment, Hand::Platform, said.clone());
            let told = self.told.iter().find(|told| *told.machine() == **id);
            if let Some(told) = told.filter(|told| !told.happenings.is_empty()) {
                let choices = told.happenings.iter().map(|it| choice(&it.id, path.event(&it.id))).collect();
                self.happened(&told.field(), title, choices, said);
            }
        }
    }

    /// What people tell, and when it was: the same may happen twice.
    fn happened(&mut self, field: &str, title: &str, choices: Vec<Choice>, said: String) {
        let (what, when) = (self.labels.word("happened"), self.labels.word("happened_at"));
        let holds = Holds::One(choices);
        self.add(field, labelled(title, &what), Part::Path, holds, Hand::Person, said.clone());
        self.add(&format!("{field}_at"), labelled(title, &when), Part::Path, Holds::Moment, Hand::Person, said);
    }

    /// What goes over to the partner, and what comes back.
    fn handoff(&mut self) {
        let (Some(handed), Some(path)) = (Handed::of(self.input), self.path) else { return };
        self.handed("handoff_id", Holds::Text(TYPED), Hand::Platform, "journey.records");
        let record = self.model.handoff.record.iter().filter(|row| row.holds.is_empty());
        for row in record {
            let title = self.labels.item("record", &row.id);
            let said = format!("qualification.handoff.record[{}]", row.id);
            self.add(&of_handoff(&row.id), title, Part::Handoff, Holds::Text(NOTED), row.by, said);
        }
        for (column, words) in handed.answers(path) {
            let choices: Vec<Choice> = words.into_iter().map(|(value, label)| choice(value, label)).collect();
            if !choices.is_empty() {
                let said = "qualification.feedback";
                self.handed(&of_handoff(column), Holds::One(choices), Hand::Person, said);
            }
        }
    }

    fn handed(&mut self, id: &str, holds: Holds, by: Hand, said: &str) {
        let title = self.labels.title(id, id);
        self.add(id, title, Part::Handoff, holds, by, said.to_owned());
    }
}

/// The field of what is handed over, or of what comes back.
pub fn of_handoff(id: &str) -> String {
    if id.starts_with("handoff") { id.to_owned() } else { format!("handoff_{id}") }
}

fn choice(value: &str, label: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned() }
}

/// Two labels as one; the second alone where the master has no word for the first.
fn labelled(first: &str, second: &str) -> String {
    [first, second].iter().filter(|text| !text.is_empty()).copied().collect::<Vec<_>>().join(": ")
}
