//! Tracking, playbook and proof over the sample program: models, checks, files and documents.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::readers::{Reader, Readers};
use super::*;
use crate::analytics::{Analytics, Pages, Said};
use crate::capture::{Capture, Receiver, Wanted};
use crate::components::sample;
use crate::data::Data;
use crate::interpolate::{Escape, Scope, Text};
use crate::journey::duties::Duties;
use crate::links::{DocumentOutput, Documents, Facts, LinkFrom, LinkKind, Links, PLACEMENTS, codes, manifest};
use crate::package::journey::{Controller, Journey, Term, Time};
use crate::package::qualification::Owner;
use crate::paths::OutputPath;
use crate::prose::{Prose, Trust};
use crate::source::{SourceId, Span};
use crate::syntax::markdown::{self, Block};
use crate::template::{Context, Language, Templates, engine};

/// The root of one deployment; templates and texts see the same.
#[derive(Clone)]
struct Root(Data);

impl Scope for Root {
    fn value(&self, path: &str) -> Option<Data> {
        self.0.at(path).cloned()
    }

    fn link(&self, id: &str, _: &str) -> Result<String, String> {
        Ok(format!("https://link.example/{id}"))
    }

    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("../site/assets/{path}"))
    }

    fn email_asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("https://go.halvorn.example/assets/{path}"))
    }

    fn locale(&self) -> &str {
        "en-US"
    }
}

fn span() -> Span {
    Span::file(SourceId(0))
}

fn fill(data: &Data, root: &Root) -> Data {
    match data {
        Data::Text(text) => Data::Text(Text::compile(text, span()).unwrap().fill(root, Escape::None).unwrap()),
        Data::List(items) => Data::list(items.iter().map(|item| fill(item, root))),
        Data::Map(map) => Data::map(map.iter().map(|(key, value)| (key.clone(), fill(value, root)))),
        other => other.clone(),
    }
}

fn deployment() -> Deployment {
    let axes = [("partner", "rheinfeld"), ("motion", "launch"), ("industry", "manufacturing"), ("region", "dach")];
    Deployment {
        id: "rheinfeld/launch/manufacturing/dach".into(),
        partner: "rheinfeld".into(),
        slug: "rheinfeld-launch-manufacturing-dach".into(),
        url: "https://go.halvorn.example/rheinfeld/launch-manufacturing-dach/".into(),
        axes: axes.into_iter().map(|(axis, value)| (axis.into(), value.into())).collect(),
        locales: vec!["de-DE".into()],
    }
}

fn record(id: &str, text: &str, more: &[(&str, &str)]) -> Data {
    let mut record = sample::read(text).as_map().cloned().unwrap();
    record.insert("id".into(), id.into());
    record.extend(more.iter().map(|&(key, value)| (Arc::from(key), value.into())));
    Data::Map(Arc::new(record))
}

fn root() -> Data {
    let deployment = deployment();
    let mut root = sample::package().as_map().cloned().unwrap();
    let package = ["id", "version", "released", "period"].map(|key| (key, root[key].clone()));
    let locale = Data::map([("tag", "de-DE")].map(|(key, value)| (key, Data::from(value))));
    let facts = [("id", &deployment.id), ("slug", &deployment.slug), ("url", &deployment.url)];
    let mut facts: DataMap = facts.into_iter().map(|(key, value)| (key.into(), Data::Text(value.clone()))).collect();
    facts.insert("campaign".into(), "fy27q1_recall_launch_dach_manufacturing_rheinfeld".into());
    facts.insert("locales".into(), Data::list([locale]));
    let policy = sample::read(
        "- {path: \"partner.**\", roles: {partner: [set-var]}}\n- {path: \"region.**\", roles: {region: [set-var]}}\n",
    );
    let rheinfeld = record("rheinfeld", include_str!("../../partners/rheinfeld/partner.yaml"), &[]);
    let contact = |id| (id, Data::from(format!("privacy@{id}.example")));
    let contacts = Data::map(["partner", "vendor"].map(contact));
    let leads = Data::map([
        ("keeps", Data::from("partner")),
        ("receiver", rheinfeld.clone()),
        ("contact", Data::from("privacy@rheinfeld.example")),
        ("contacts", contacts),
        ("preferences", Data::from("mailto:privacy@rheinfeld.example")),
        ("confirmation", Data::from("mailto:privacy@rheinfeld.example")),
        ("confirmed_by", Data::from("mail")),
        ("withdrawn_by", Data::from("mail")),
        ("partner", Data::from("Leads live in the systems of the partner")),
    ]);
    let wanted = ["report", "case-study", "talk"].map(|id| Wanted {
        request: id.into(),
        needs: vec!["email".into()],
        takes: vec![],
    });
    let receiver = Receiver { owner: "partner", record: &rheinfeld, file: "partners/rheinfeld/partner.yaml".into() };
    root.insert("capture".into(), Capture::new(&receiver, &wanted).data());
    let keys = Data::Null;
    let said = Said { keys: &keys, owner: "vendor", file: "".into(), below: "", permission: None, storage: None };
    root.insert("analytics".into(), Analytics::new(&said, &Pages::default()).data());
    root.extend([
        ("package".into(), Data::map(package)),
        ("deployment".into(), Data::Map(Arc::new(facts))),
        ("policy".into(), policy),
        ("nurture".into(), sample::nurture()),
        ("journey".into(), sample::journey()),
        ("qualification".into(), sample::qualification()),
        ("sales".into(), sample::sales()),
        ("tracking".into(), sample::read(include_str!("../../master-templates/tracking.yaml"))),
        ("platforms".into(), sample::read(include_str!("../../master-templates/platforms.yaml"))),
        ("playbook".into(), sample::read(include_str!("../../master-templates/playbook.yaml"))),
        ("proof".into(), sample::read(include_str!("../../master-templates/proof.yaml"))),
        ("partner".into(), rheinfeld.clone()),
        ("leads".into(), leads),
        ("strings".into(), sample::read(include_str!("../../master-templates/strings.yaml"))),
        ("region".into(), record("dach", include_str!("../../regions/dach/region.yaml"), &[("currency", "EUR")])),
        ("motion".into(), record("launch", "name: Launch", &[])),
        ("industry".into(), record("manufacturing", "name: Manufacturing", &[])),
        ("tier".into(), record("one-to-few", include_str!("../../tiers/one-to-few/tier.yaml"), &[])),
    ]);
    root.insert("times".into(), sample::times(&root));
    root.insert("handoff".into(), handoff(&root));
    root.insert("duties".into(), duties(&root));
    root.insert("raci".into(), sample::read(RACI));
    let root = Data::Map(Arc::new(root));
    fill(&root, &Root(root.clone()))
}

/// `raci`, with a task of each kind.
const RACI: &str = "
- {function: strategy, tasks: [{role: strategy-pillars, hq: [does, answers], region: [told], partner: [told]}]}
- function: leads
  tasks:
  - {machine: sales, state: offered, hq: [answers], region: [], partner: [does]}
  - {substitute: replies, hq: [answers], region: [asked], partner: [does]}
  - {record: vendor-contact, hq: [told], region: [], partner: [does]}
  - {right: access, holder: partner, hq: [told], region: [], partner: [does, answers]}
";

/// `duties`, as a build has it.
fn duties(root: &DataMap) -> Data {
    let journey: Journey = crate::package::read(root.get("journey").unwrap(), "journey").unwrap();
    let owners = root.get("qualification").and_then(|it| it.get("owners")).unwrap();
    let owners: Vec<Owner> = crate::package::read(owners, "qualification.owners").unwrap();
    let roles = owners.iter().map(|owner| (owner.id.clone(), owner.role.clone())).collect();
    let term = |id: &str| Term { id: id.into(), time: Time { months: Some(1), ..Time::default() }, sure: None };
    let terms = [term("access"), term("erasure")];
    Duties::new(&journey, &roles, Some(Controller::Partner), &terms).data(&journey, &roles)
}

/// `handoff`, as a build has it.
fn handoff(root: &DataMap) -> Data {
    fn of<T: serde::de::DeserializeOwned>(root: &DataMap, path: &str) -> T {
        let (key, rest) = path.split_once('.').unwrap();
        crate::package::read(root.get(key).and_then(|it| it.get(rest)).unwrap(), path).unwrap()
    }
    let journey: Journey = crate::package::read(root.get("journey").unwrap(), "journey").unwrap();
    let (owners, feedback): (Vec<_>, Vec<_>) = (of(root, "qualification.owners"), of(root, "qualification.feedback"));
    qualification::Handing::of(&journey, &owners, &feedback).unwrap().data(&journey, Vec::new())
}

fn links(root: &Data, package: &Package) -> Vec<LinkRow> {
    let deployment = deployment();
    let outputs = root.get("documents").unwrap().items().iter().map(|document| {
        let output = document.get("output").and_then(Data::as_str).unwrap().replace("{locale}/", "");
        let locale = document.get("each").map(|_| Arc::from("de-DE"));
        let id = document.get("id").and_then(Data::as_str).unwrap();
        (Arc::from(id), vec![DocumentOutput { locale, path: OutputPath::new(&output).unwrap() }])
    });
    let facts = Facts {
        id: deployment.id.clone(),
        partner: deployment.partner.clone(),
        codes: codes(root.as_map().unwrap(), &deployment.axes),
        base_url: deployment.url.clone(),
        locales: deployment.locales.clone(),
    };
    let links = Links::new(package.tracking.clone(), facts, Arc::new(Documents::from_iter(outputs))).unwrap();
    let output = OutputPath::new("emails/de-de/01-welcome.html").unwrap();
    let from =
        LinkFrom { document: "welcome", component: "nurture", kind: LinkKind::Email, output: &output, locale: "de-DE" };
    let email =
        ["report", "self-check", "product", "imprint"].map(|id| links.href(&from, id, "text").unwrap().row.unwrap());
    let mut rows = links.placements().unwrap();
    rows.extend(email);
    manifest(rows).unwrap()
}

struct Sample {
    root: Data,
    package: Package,
    deployment: Deployment,
    rows: Vec<LinkRow>,
    placements: Vec<LinkRow>,
    stopwatch: Stopwatch,
    once: qualification::Once,
    readers: Readers,
}

impl Sample {
    fn new() -> Self {
        let root = root();
        let package = Package::read(root.as_map().unwrap()).unwrap();
        let rows = links(&root, &package);
        let source = Reader { data: root.as_map().unwrap().clone(), ..Reader::default() };
        let placements = rows.iter().filter(|row| &*row.document == PLACEMENTS).cloned().collect();
        Self {
            root,
            package,
            deployment: deployment(),
            rows,
            placements,
            stopwatch: Stopwatch::default(),
            once: qualification::Once::default(),
            readers: Readers { source, ..Readers::default() },
        }
    }

    fn folded(&self) -> Folded<'_> {
        Folded { links: &self.rows, landing: None }
    }

    fn input<'a>(&'a self, folded: &'a Folded<'a>) -> Input<'a> {
        Input {
            deployment: &self.deployment,
            data: self.root.as_map().unwrap(),
            package: &self.package,
            path: None,
            readers: &self.readers,
            reader: &self.readers.source,
            placements: &self.placements,
            folded: Some(folded),
            stopwatch: &self.stopwatch,
            once: &self.once,
        }
    }
}

#[test]
fn the_sample_fits_the_schema_and_has_no_findings() {
    let sample = Sample::new();
    let raw = |text| sample::read(text);
    for (name, shape, data) in [
        ("tracking", crate::schema::tracking::schema(), raw(include_str!("../../master-templates/tracking.yaml"))),
        ("playbook", crate::schema::playbook::schema(), raw(include_str!("../../master-templates/playbook.yaml"))),
        ("proof", crate::schema::proof::schema(), raw(include_str!("../../master-templates/proof.yaml"))),
    ] {
        assert_eq!(sample::misfits(&shape.shape, &data, name), Vec::<String>::new());
    }
    let folded = sample.folded();
    assert_eq!(ComponentKind::TRACKING.check(&sample.input(&folded)), []);
    assert_eq!(ComponentKind::PROOF.check(&sample.input(&folded)), []);
}

/// The data files of a component: they are planned before the contents are made, and made afterwards.
fn made(component: ComponentKind, input: &Input<'_>) -> Vec<(String, Vec<u8>)> {
    let tasks = component.tasks(&Input { folded: None, ..*input });
    let made = |task: &Task| {
        let files = task.make(input).unwrap().into_iter();
        files.map(|(asked, bytes)| (asked.path.clone(), bytes.to_vec())).collect::<Vec<_>>()
    };
    tasks.iter().flat_map(made).collect()
}

#[test]
fn files_are_complete_and_the_same_each_time() {
    let sample = Sample::new();
    let write = || {
        let folded = sample.folded();
        let input = sample.input(&folded);
        let components = [ComponentKind::TRACKING, ComponentKind::PLAYBOOK, ComponentKind::PROOF];
        components.into_iter().flat_map(|component| made(component, &input)).collect()
    };
    let files: BTreeMap<String, Vec<u8>> = write();
    assert_eq!(files, write());
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "playbook/calendar.ics",
            "proof/activities.csv",
            "proof/claim.csv",
            "proof/claim.xlsx",
            "proof/evidence.csv",
            "proof/invoices.csv",
            "proof/plan.json",
            "tracking/qr/badge-code-form.svg",
            "tracking/qr/booth-code-self-check.svg",
            "tracking/qr/handout-code-checklist.svg",
            "tracking/qr/slide-code-landing.svg",
            "tracking/salesforce-campaigns-1-program.csv",
            "tracking/salesforce-campaigns-2-motion.csv",
            "tracking/salesforce-campaigns-3-industry.csv",
            "tracking/salesforce-campaigns-4-deployment.csv",
            "tracking/salesforce-member-statuses.csv",
            "tracking/utm.csv",
            "tracking/utm.json",
        ]
    );
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".csv")) {
        let mut reader = csv::Reader::from_reader(&**bytes);
        assert!(reader.records().all(|record| record.is_ok()), "{name}");
    }
    let json: serde_json::Value = serde_json::from_slice(&files["tracking/utm.json"]).unwrap();
    assert_eq!(json["links"].as_array().unwrap().len(), sample.rows.len());
    assert_eq!(json["links"][0]["utm_id"], json["utm_id"]);
}

#[test]
fn what_goes_over_with_a_lead_is_made_of_the_model() {
    let mut sample = Sample::new();
    let mut partner = (*sample.package.partner).clone();
    partner.platforms.cosell = vec!["aws".into(), "microsoft".into()];
    sample.package.partner = Arc::new(partner);
    let folded = sample.folded();
    let input = sample.input(&folded);
    let made: BTreeMap<String, Vec<u8>> = made(ComponentKind::QUALIFICATION, &input).into_iter().collect();
    let json =
        |name: &str| -> serde_json::Value { serde_json::from_slice(&made[&format!("qualification/{name}")]).unwrap() };
    let schema = json("handoff.schema.json");
    let grounds = serde_json::json!([{"request": "talk"}, {"purpose": "partner"}]);
    assert_eq!(schema["x-handoff"]["grounds"], grounds);
    assert_eq!(schema["properties"]["email"]["x-covered-by"], grounds);
    // A number to call at is no part of a permission for emails.
    assert_eq!(schema["properties"]["phone"]["x-covered-by"], serde_json::json!([{"request": "talk"}]));
    assert_eq!(schema["allOf"][0]["then"]["required"], serde_json::json!(["phone"]));
    // The proof of a permission is needed where no request is the ground; what a lead did goes over on it alone.
    let permitted = serde_json::json!([
        "consent_partner",
        "consent_partner_at",
        "permission_partner_at",
        "score",
        "engaged_with",
        "interest"
    ]);
    assert_eq!(schema["properties"]["score"]["x-covered-by"], serde_json::json!([{"purpose": "partner"}]));
    let withheld =
        schema["allOf"].as_array().unwrap().iter().filter(|it| it["then"]["properties"]["score"]["type"] == "null");
    assert_eq!(withheld.count(), 1);
    assert_eq!(schema["allOf"][1]["then"]["required"], permitted);
    assert_eq!(schema["allOf"][1]["if"]["not"]["properties"]["requests"]["contains"]["enum"][0], "talk");
    assert_eq!(schema["properties"]["consent_partner"]["x-needed"], "permission");
    let given = &schema["properties"]["permission_partner_at"];
    assert_eq!((&given["anyOf"][0]["format"], &given["x-filled-by"]), (&"date-time".into(), &"platform".into()));
    let sizes = schema["properties"]["company_size"]["anyOf"][0]["enum"].as_array();
    assert_eq!(sizes.map(Vec::len), Some(4));
    let deal = json("cosell/aws-opportunity.json");
    assert_eq!(deal["Customer"]["Account"]["Address"]["CountryCode"], "DE");
    assert_eq!(deal["LifeCycle"]["Stage"], "Prospect");
    let channels = serde_json::json!(["Social", "Search", "Email", "Live Event", "Print"]);
    assert_eq!(deal["Marketing"]["Channels"], channels);
    assert_eq!(json("cosell/microsoft-referral.json")["consent"]["consentToContact"], false);
}

#[test]
fn the_calendar_keeps_clear_of_holidays() {
    let sample = Sample::new();
    let view = ComponentKind::PLAYBOOK.view(&sample.input(&sample.folded())).unwrap();
    let text = |data: &Data, key: &str| data.get(key).and_then(Data::as_str).unwrap().to_owned();
    assert_eq!(text(&view, "launch"), "2027-01-12");
    let calendar = view.get("calendar").unwrap().items();
    let days: Vec<String> = calendar.iter().map(|entry| text(entry, "date")).collect();
    assert!(days.is_sorted() && days.len() > 15);
    let is_quiet = |day: &String| ("2026-12-19".."2027-01-07").contains(&&**day);
    assert!(!days.iter().any(is_quiet), "{days:?}");
    for holiday in ["2027-01-01", "2027-01-06", "2027-02-08", "2027-03-26", "2027-03-29"] {
        assert!(!days.iter().any(|day| day == holiday), "{holiday}");
    }
}

#[test]
fn planned_numbers_are_the_partners_goals() {
    let sample = Sample::new();
    let folded = sample.folded();
    let input = sample.input(&folded);
    let plan = plan::Plan::new(&input);
    // Rheinfeld plans 40, 20, 8, 6 and 2; visits and reach are scaled by 40 to 30.
    assert_eq!(plan.totals, [40, 20, 8, 6, 2, 800, 10667]);
    let leads: i64 = plan.activities.iter().map(|planned| planned.values[0].1).sum();
    assert_eq!(leads, 40);
    assert_eq!(plan.claim_due.to_string(), "2027-05-15");
    assert_eq!(plan.submit_by.to_string(), "2027-05-14");
    assert!(plan.activities[0].contents.iter().any(|content| &**content == "welcome-text-report"));
}

fn block(of: &Block, scope: &Root) -> Data {
    let html = |prose: Prose| Data::html(prose.html(scope).unwrap());
    let heading = of.heading.as_ref().map_or(Data::Null, |heading| {
        html(Prose::compile_inline(&heading.text.value, heading.text.span, Trust::Master).unwrap())
    });
    Data::map([
        ("id", Data::Text(of.id.value.clone())),
        ("heading", heading),
        ("body", html(Prose::compile(&of.body.value, of.body.span, Trust::Master).unwrap())),
        ("blocks", Data::list(of.blocks.iter().map(|inner| block(inner, scope)))),
    ])
}

fn page(output: &str, content: &str, scope: &Root) -> Data {
    let document = markdown::parse(SourceId(0), content, 0).unwrap();
    let front = document.front.as_ref().unwrap().value.entries.iter();
    let front = front.map(|entry| (entry.key.value.clone(), sample::plain(&entry.value)));
    let blocks: Vec<Data> = document.blocks.iter().map(|of| block(of, scope)).collect();
    let by_id = document.blocks.iter().zip(&blocks).map(|(of, data)| (of.id.value.clone(), data.clone()));
    Data::map([
        ("output", output.into()),
        ("tag", "en-US".into()),
        ("lang", "en".into()),
        ("dir", "ltr".into()),
        ("root", "../".into()),
        ("front", fill(&Data::map(front), scope)),
        ("block", Data::map(by_id)),
        ("blocks", Data::list(blocks)),
        ("alternates", Data::list([])),
        ("documents", Data::list([])),
    ])
}

#[test]
fn documents_render_from_their_views() {
    let sample = Sample::new();
    let mut templates = Templates::default();
    for (name, text) in [
        ("layouts/base.html", include_str!("../../master-templates/templates/layouts/base.html")),
        ("layouts/document.html", include_str!("../../master-templates/templates/layouts/document.html")),
        ("macros/document.html", include_str!("../../master-templates/templates/macros/document.html")),
        ("macros/model.html", include_str!("../../master-templates/templates/macros/model.html")),
        ("macros/times.html", include_str!("../../master-templates/templates/macros/times.html")),
        ("macros/duties.html", include_str!("../../master-templates/templates/macros/duties.html")),
        ("partials/cobrand.html", include_str!("../../master-templates/templates/partials/cobrand.html")),
        ("documents/tracking.html", include_str!("../../master-templates/templates/documents/tracking.html")),
        ("documents/playbook.html", include_str!("../../master-templates/templates/documents/playbook.html")),
        ("documents/proof.html", include_str!("../../master-templates/templates/documents/proof.html")),
    ] {
        templates.add(name, SourceId(0), text);
    }
    let engine = engine(Language::MiniJinja, templates).unwrap_or_else(|errors| panic!("{errors:?}"));
    let scope = Root(sample.root.clone());
    let folded = sample.folded();
    let input = sample.input(&folded);
    for (name, content, view) in [
        (
            "tracking",
            include_str!("../../master-templates/content/tracking.md"),
            ComponentKind::TRACKING.view(&input).unwrap(),
        ),
        (
            "playbook",
            include_str!("../../master-templates/content/playbook.md"),
            ComponentKind::PLAYBOOK.view(&input).unwrap(),
        ),
        ("proof", include_str!("../../master-templates/content/proof.md"), ComponentKind::PROOF.view(&input).unwrap()),
    ] {
        let page = page(&format!("{name}/index.html"), content, &scope);
        let mut values: Vec<(&str, Data)> = input.data.iter().map(|(key, value)| (&**key, value.clone())).collect();
        values.extend([("page", page), ("view", view)]);
        let context = Context { values: &values, scope: Rc::new(scope.clone()) };
        let rendering = engine.render(&format!("documents/{name}.html"), &context);
        let html = rendering.unwrap_or_else(|error| panic!("{error:?}")).text;
        assert!(!html.contains("{{") && html.contains("</html>"), "{name}");
    }
}
