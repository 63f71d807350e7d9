use std::sync::Arc;

use proptest::prelude::*;

use super::super::{Finding, sample};
use super::*;
use crate::html::Page;
use crate::package::qualification::{Condition, Event, FeedbackStatus, Half, Lead, LeadEvent, Stage};
use crate::package::read;

pub(super) fn model() -> Qualification {
    let mut model: Qualification = read(&sample::qualification(), "qualification").unwrap();
    let data = DataMap::from_iter([("journey".into(), sample::journey())]);
    entered::fill(&mut model.routing, &data);
    entered::due(&mut model.feedback, &data);
    model
}

fn emitted() -> Emitted {
    let documents = sample::package().get("documents").unwrap().clone();
    let parts = [("nurture", sample::nurture()), ("journey", sample::journey()), ("documents", documents)];
    Emitted::of(&parts.into_iter().map(|(key, value)| (key.into(), value)).collect())
}

fn found(change: impl FnOnce(&mut Qualification)) -> Vec<Finding> {
    let mut model = model();
    change(&mut model);
    check::check(&model, &emitted())
}

fn only(change: impl FnOnce(&mut Qualification)) -> (String, String) {
    let mut findings = found(change);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    let finding = findings.remove(0);
    (finding.path, finding.message)
}

#[test]
fn the_sample_fits_the_schema_and_has_no_findings() {
    let shape = crate::schema::qualification::schema().shape;
    assert_eq!(sample::misfits(&shape, &sample::qualification(), "qualification"), Vec::<String>::new());
    assert_eq!(found(|_| {}), []);
}

#[test]
fn when_feedback_is_due_is_said_once() {
    let of = |change: fn(&mut FeedbackStatus)| only(|model| change(&mut model.feedback[0]));
    let nowhere = of(|status| status.within = None);
    assert_eq!(nowhere.0, "qualification.feedback[accepted].ends");
    let twice = of(|status| status.due_days = Some(1));
    assert_eq!(twice.1, "when `accepted` is due, the state `sales.offered` of the journey says");
    let never = of(|status| (status.ends, status.within) = (None, None));
    assert_eq!(never.1, "nothing says when `accepted` is due");
}

#[test]
fn every_industrys_weights_keep_the_test_leads_in_their_stages() {
    let overlays = [
        include_str!("../../../industries/energy/qualification.yaml"),
        include_str!("../../../industries/financial-services/qualification.yaml"),
        include_str!("../../../industries/government/qualification.yaml"),
        include_str!("../../../industries/healthcare/qualification.yaml"),
        include_str!("../../../industries/manufacturing/qualification.yaml"),
        include_str!("../../../industries/retail/qualification.yaml"),
    ];
    for overlay in overlays {
        let overlay = sample::read(overlay);
        let findings = found(|model| {
            for change in overlay.get("signals").unwrap().items() {
                let id = change.get("id").and_then(Data::as_str);
                let signal = model.signals.iter_mut().find(|signal| Some(&*signal.id) == id).unwrap();
                let Some(&Data::Int(points)) = change.get("points") else { panic!("no points in {change:?}") };
                signal.points = points.try_into().unwrap();
            }
        });
        assert_eq!(findings, []);
    }
}

#[test]
fn reasons_add_up_and_caps_are_named() {
    let model = model();
    let lead = &model.test_leads.iter().find(|test| &*test.id == "ready").unwrap().lead;
    let scored = score(&model, lead);
    assert_eq!((scored.fit, scored.engagement, scored.cell().as_str()), (55, 63, "A1"));
    assert_eq!((scored.stage, scored.owner.as_deref()), (Stage::Sql, Some("partner-sales")));
    let mut often = lead.clone();
    for target in ["diagnose", "checklist", "session"] {
        often.events.push(LeadEvent { event: Event::EmailClick, target: Some(target.into()), days_ago: 1 });
    }
    let capped = score(&model, &often);
    let cap = capped.why.iter().find(|reason| &*reason.id == "content").unwrap();
    assert_eq!((cap.points, cap.title.as_str()), (-7, "Content: no more than 25"));
    assert_eq!(capped.why.iter().map(|reason| reason.points).sum::<i32>(), capped.total());
}

#[test]
fn decay_takes_whole_months_and_windows_close() {
    let model = model();
    let asked = |days_ago| {
        let events = vec![LeadEvent { event: Event::FormSubmit, target: None, days_ago }];
        score(&model, &Lead { events, ..Lead::default() })
            .why
            .iter()
            .filter(|r| r.points > 0)
            .map(|r| r.points)
            .sum::<i32>()
    };
    assert_eq!([asked(0), asked(29), asked(30), asked(60), asked(149), asked(150)], [15, 15, 12, 9, 3, 0]);
    let invited = |days_ago| {
        let events = vec![LeadEvent { event: Event::EmailClick, target: Some("session".into()), days_ago }];
        score(&model, &Lead { events, ..Lead::default() }).why.iter().filter(|r| r.points > 0).count()
    };
    assert_eq!([invited(90), invited(91)], [1, 0]);
}

#[test]
fn a_mail_domain_covers_what_is_below_it_and_nothing_beside_it() {
    let model = model();
    let stage = |email: &str| {
        score(&model, &Lead { fields: [("email".into(), email.into())].into_iter().collect(), events: vec![] }).stage
    };
    assert_eq!(stage("a@competitor.example"), Stage::Disqualified);
    assert_eq!(stage("a@Sales.Competitor.Example"), Stage::Disqualified);
    assert_eq!(stage("a@not-competitor.example"), Stage::Nurture);
    assert_eq!(stage("competitor.example"), Stage::Nurture);
}

#[test]
fn a_model_that_cannot_work_is_found() {
    let (path, message) = only(|model| model.thresholds.sql = 400);
    assert_eq!(path, "qualification.thresholds.sql");
    assert_eq!(message, "nobody can reach 400 points: the highest score is 165");
    let (path, message) = only(|model| model.bands.fit[0].min = 90);
    assert_eq!(path, "qualification.bands.fit[A].min");
    assert_eq!(message, "band `A` begins at 90, but fit cannot score more than 55");
}

#[test]
fn fit_alone_never_reaches_sales() {
    let (path, message) = only(|model| {
        model.thresholds.mql = 40;
        model.thresholds.sql = 55;
    });
    assert_eq!(path, "qualification.thresholds.sql");
    assert_eq!(message, "fit alone reaches 55 points, so a lead that did nothing would go to sales at 55");
}

#[test]
fn gaps_and_overlaps_are_found() {
    let (path, message) = only(|model| model.matrix.retain(|cell, _| &**cell != "B2"));
    assert_eq!((path.as_str(), message.as_str()), ("qualification.matrix", "the matrix has no stage for `B2`"));
    let (path, _) = only(|model| model.matrix.extend([("D1".into(), Stage::Sql)]));
    assert_eq!(path, "qualification.matrix.D1");
    let (path, message) = only(|model| model.matrix.extend([("A2".into(), Stage::Nurture)]));
    assert_eq!(
        (path.as_str(), message.as_str()),
        ("qualification.matrix.A2", "`A2` is better than `B2`, but has a lower stage")
    );
    let (path, message) = only(|model| model.routing[4].priority = 20);
    assert_eq!(path, "qualification.routing[worth-a-look].priority");
    assert_eq!(message, "`sales-ready` and `worth-a-look` both have priority 20");
    let findings = found(|model| model.routing.retain(|route| &*route.id != "sales-ready"));
    assert_eq!(findings.len(), 3, "one for each fit band: {findings:#?}");
}

#[test]
fn what_is_asked_for_is_a_request_of_the_journey() {
    let (path, message) = only(|model| model.routing[0].when.requested = vec!["talks".into()]);
    assert_eq!(path, "qualification.routing[hand-raised].when.requested");
    assert_eq!(message, "the journey has no request `talks`, so no form of it is sent");
    let (path, _) = only(|model| {
        let signal = model.signals.iter_mut().find(|signal| &*signal.id == "session-request").unwrap();
        signal.when = Condition::Happened { event: Event::FormSubmit, target: Some("seat".into()) };
    });
    assert_eq!(path, "qualification.signals[session-request].when.target");
}

#[test]
fn signals_need_a_group_an_event_and_a_field_that_exist() {
    let (path, _) = only(|model| model.signals[0].group = "roles".into());
    assert_eq!(path, "qualification.signals[role-it-operations].group");
    let (path, message) = only(|model| {
        let signal = model.signals.iter_mut().find(|signal| &*signal.id == "case-click").unwrap();
        signal.when = Condition::Happened { event: Event::EmailClick, target: Some("cases".into()) };
    });
    assert_eq!(path, "qualification.signals[case-click].when.target");
    assert_eq!(message, "no email `cases` is sent, so nobody can follow a link of it");
    let (path, message) = only(|model| model.fields[0].values.retain(|value| &**value != "procurement"));
    assert_eq!(path, "qualification.signals[role-procurement].when.values");
    assert_eq!(message, "the field `job_role` never has the value `procurement`");
    let page = Page::read(b"<INPUT name=email><select name='job_role'><option>procurement<option value=IT></select>");
    let missing = check::check_form(&model(), &page, &DataMap::default());
    assert!(missing.iter().any(|finding| finding.path == "qualification.fields[company_size]"));
    assert!(missing.iter().any(|finding| finding.message.contains("does not offer the value `it_operations`")));
}

#[test]
fn a_test_lead_that_changes_its_stage_is_found() {
    let (path, message) = only(|model| {
        model.test_leads.iter_mut().find(|lead| &*lead.id == "curious").unwrap().expect = Some(Stage::Sql);
    });
    assert_eq!(path, "qualification.test_leads[curious].expect");
    assert_eq!(message, "test lead `curious` is `mql` with 42 + 39 points (A2), but should be `sql`");
}

#[test]
fn a_form_is_compared_under_the_names_that_it_is_posted_with() {
    let page = Page::read(b"<input name=EMAIL><select name=r><option value=it_operations></select>");
    let data = |way: &str| {
        let names = Data::map([("job_role", Data::from("r")), ("email", Data::from("EMAIL"))]);
        let form = Data::map([("way", Data::from(way)), ("names", names)]);
        let capture = Data::map([("forms", Data::map([("report", form)]))]);
        let documents = sample::package().get("documents").unwrap().clone();
        DataMap::from_iter([
            ("capture".into(), capture),
            ("journey".into(), sample::journey()),
            ("documents".into(), documents),
        ])
    };
    let paths = |way: &str| {
        let findings = check::check_form(&model(), &page, &data(way));
        findings.into_iter().map(|finding| finding.path).collect::<Vec<_>>()
    };
    // Seven roles are not offered, and two fields are not asked for.
    let values = ["qualification.fields[job_role].values"; 7];
    assert_eq!(
        paths("post"),
        [&values[..], &["qualification.fields[company_size]", "qualification.fields[timeframe]"]].concat()
    );
    assert!(paths("page").is_empty());
}

#[test]
fn a_lead_goes_to_nobody_without_a_basis() {
    let data = |keeps: &str, capability: &str| {
        let boxes = Data::list([Data::map([("id", Data::from("partner"))])]);
        let region = Data::map([("consent", Data::map([("boxes", boxes)]))]);
        DataMap::from_iter([
            ("partner".into(), Data::map([("capability", Data::from(capability))])),
            ("region".into(), region),
            ("leads".into(), Data::map([("keeps", Data::from(keeps))])),
            ("journey".into(), sample::journey()),
        ])
    };
    let routes = |keeps: &str, capability: &str| {
        let model = effective(&model(), &data(keeps, capability));
        let of = |route: &crate::package::qualification::Route| {
            (route.id.to_string(), route.to.to_string(), route.fallback.as_deref().map(str::to_owned))
        };
        model.routing.iter().map(of).collect::<Vec<_>>()
    };
    let row = |id: &str, to: &str, fallback: Option<&str>| (id.to_owned(), to.to_owned(), fallback.map(str::to_owned));
    assert_eq!(
        routes("partner", "full"),
        [
            row("hand-raised", "partner-sales", None),
            row("no-emails", "partner-marketing", None),
            row("sales-ready", "partner-sales", None),
            row("worth-a-look", "partner-marketing", None),
            row("own-automation", "partner-marketing", None),
        ]
    );
    assert_eq!(
        routes("vendor-until-sales-ready", "none"),
        [
            row("hand-raised", "partner-sales", Some("region-desk")),
            row("no-permission", "vendor-desk", None),
            row("sales-ready", "partner-sales", Some("region-desk")),
            row("worth-a-look", "partner-marketing", None),
            row("hosted", "vendor-desk", None),
        ]
    );
}

#[test]
fn routing_follows_capability_and_permission() {
    let data = |capability: &str| {
        let boxes = Data::list([Data::map([("id", Data::from("partner"))])]);
        let region = Data::map([("consent", Data::map([("boxes", boxes)]))]);
        DataMap::from_iter([
            ("partner".into(), Data::map([("capability", Data::from(capability))])),
            ("region".into(), region),
            ("journey".into(), sample::journey()),
        ])
    };
    let owner = |model: &Qualification, id: &str| {
        let test = model.test_leads.iter().find(|test| &*test.id == id).unwrap();
        score(model, &test.lead).owner.unwrap().to_string()
    };
    let able = effective(&model(), &data("full"));
    assert_eq!(owner(&able, "curious"), "partner-marketing");
    assert_eq!(owner(&able, "no-permission"), "vendor-desk");
    // Who asks for a call is called, without a permission for emails and whatever the score.
    assert_eq!(owner(&able, "hand-raised"), "partner-sales");
    let none = effective(&model(), &data("none"));
    assert_eq!(owner(&none, "student"), "vendor-desk");
    assert_eq!(owner(&none, "ready"), "partner-sales");
    let without_boxes = effective(&model(), &DataMap::from_iter([("journey".into(), sample::journey())]));
    assert_eq!(owner(&without_boxes, "no-permission"), "partner-sales");
    for model in [able, none, without_boxes] {
        assert_eq!(check::check(&model, &emitted()), []);
    }
}

#[test]
fn the_model_file_can_be_read_back_and_its_vectors_reproduce() {
    let file = || output::model_file("p/launch", None, None, &model()).unwrap();
    let read_back: Qualification = serde_json::from_slice(&file()).unwrap();
    assert_eq!(read_back, model());
    let written = || output::vectors("p/launch", &model(), &probes::probes(&model())).unwrap();
    let vectors: serde_json::Value = serde_json::from_slice(&written()).unwrap();
    let vectors = vectors["vectors"].as_array().unwrap();
    assert!(vectors.len() > model().test_leads.len());
    for vector in vectors {
        let lead: Lead = serde_json::from_value(vector["lead"].clone()).unwrap();
        let scored = score(&read_back, &lead);
        assert_eq!(vector["expected"]["total"], scored.total());
        assert_eq!(vector["expected"]["stage"], scored.stage.id());
    }
    assert_eq!((file(), written()), (file(), written()), "same input, same bytes");
}

#[test]
fn the_build_sheet_works_out_three_leads() {
    let view = sheet::view(&model(), Data::Null, Data::Null);
    assert_eq!(view.at("totals.fit"), Some(&Data::Int(55)));
    let examples = view.get("examples").unwrap().items();
    assert_eq!(examples.len(), 3);
    assert_eq!(examples[0].get("stage").and_then(Data::as_str), Some("sql"));
    assert_eq!(view.get("matrix").unwrap().items().len(), 3);
}

fn value(field: &'static str) -> impl Strategy<Value = Arc<str>> {
    let model = model();
    let values = model.fields.into_iter().find(|it| &*it.id == field).unwrap().values;
    prop::sample::select(values)
}

fn event() -> impl Strategy<Value = LeadEvent> {
    let happened: Vec<(Event, Option<Arc<str>>)> = model()
        .signals
        .into_iter()
        .filter_map(|signal| match signal.when {
            Condition::Happened { event, target } => Some((event, target)),
            _ => None,
        })
        .collect();
    (prop::sample::select(happened), 0_u32..400).prop_map(|((event, target), days_ago)| LeadEvent {
        event,
        target,
        days_ago,
    })
}

pub(super) fn lead() -> impl Strategy<Value = Lead> {
    let fields = (value("job_role"), value("company_size"), value("timeframe"));
    (fields, prop::collection::vec(event(), 0..12)).prop_map(|((role, size, time), events)| Lead {
        fields: [("job_role".into(), role), ("company_size".into(), size), ("timeframe".into(), time)]
            .into_iter()
            .collect(),
        events,
    })
}

proptest! {
    #[test]
    fn one_more_event_never_lowers_score_or_stage(lead in lead(), more in event()) {
        let model = model();
        let before = score(&model, &lead);
        let mut after = lead;
        after.events.push(more);
        let after = score(&model, &after);
        // A first event that is old starts the clock of inactivity, which is a different matter.
        prop_assume!(!after.why.iter().any(|reason| &*reason.id == "inactive"));
        prop_assert!(after.engagement >= before.engagement);
        prop_assert!(after.stage >= before.stage);
        prop_assert_eq!(after.fit, before.fit);
    }

    #[test]
    fn caps_and_highest_scores_hold(lead in lead()) {
        let model = model();
        let scored = score(&model, &lead);
        prop_assert!(scored.fit <= reach::of_half(&model, Half::Fit));
        prop_assert!(scored.engagement <= reach::of_half(&model, Half::Engagement));
        for group in &model.groups {
            let points: i32 = scored.why.iter().filter(|reason| {
                reason.id == group.id || model.signals.iter().any(|it| it.id == reason.id && it.group == group.id)
            }).map(|reason| reason.points).sum();
            prop_assert!(points <= group.cap);
        }
    }

    #[test]
    fn every_lead_has_an_owner_and_a_stage_its_points_allow(lead in lead()) {
        let model = model();
        let scored = score(&model, &lead);
        prop_assert!(scored.owner.is_some());
        prop_assert!(scored.stage < Stage::Sql || scored.total() >= model.thresholds.sql);
        prop_assert!(scored.stage < Stage::Mql || scored.total() >= model.thresholds.mql);
    }
}
