//! Renders the partner documents of qualification and sales with the sample's templates.

use std::rc::Rc;
use std::sync::Arc;

use super::{qualification, sales, sample};
use crate::data::{Data, DataMap};
use crate::interpolate::Scope;
use crate::package::read;
use crate::paths::InputPath;
use crate::source::{SourceId, Sources};
use crate::syntax::markdown::{self, Block};
use crate::template::{Context, Engine, Language, Templates, engine};

struct Page;

impl Scope for Page {
    fn value(&self, _: &str) -> Option<Data> {
        None
    }
    fn link(&self, id: &str, _: &str) -> Result<String, String> {
        Ok(format!("https://go.example/{id}"))
    }
    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("../site/assets/{path}"))
    }
    fn email_asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("https://go.example/assets/{path}"))
    }
    fn locale(&self) -> &str {
        "en-US"
    }
}

const TEMPLATES: [(&str, &str); 11] = [
    ("layouts/base.html", include_str!("../../master-templates/templates/layouts/base.html")),
    ("layouts/document.html", include_str!("../../master-templates/templates/layouts/document.html")),
    ("macros/document.html", include_str!("../../master-templates/templates/macros/document.html")),
    ("macros/sales.html", include_str!("../../master-templates/templates/macros/sales.html")),
    ("macros/times.html", include_str!("../../master-templates/templates/macros/times.html")),
    ("macros/model.html", include_str!("../../master-templates/templates/macros/model.html")),
    ("partials/cobrand.html", include_str!("../../master-templates/templates/partials/cobrand.html")),
    ("documents/build-sheet.html", include_str!("../../master-templates/templates/documents/build-sheet.html")),
    ("documents/talk-track.html", include_str!("../../master-templates/templates/documents/talk-track.html")),
    ("documents/lead-context.html", include_str!("../../master-templates/templates/documents/lead-context.html")),
    ("documents/follow-ups.html", include_str!("../../master-templates/templates/documents/follow-ups.html")),
];

fn templates() -> Box<dyn Engine> {
    let (mut sources, mut templates) = (Sources::default(), Templates::default());
    for (name, text) in TEMPLATES {
        templates.add(name, sources.add(InputPath::new(name).unwrap(), text), text);
    }
    engine(Language::MiniJinja, templates).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn block(block: &Block) -> Data {
    Data::map([
        ("id", Data::text(block.id.value.clone())),
        ("heading", block.heading.as_ref().map_or(Data::Null, |heading| Data::html(heading.text.value.clone()))),
        ("body", Data::html(format!("<p>[{}]</p>", block.id.value))),
        ("blocks", Data::list(block.blocks.iter().map(self::block))),
    ])
}

fn page(id: &str, content: &str) -> Data {
    let document = markdown::parse(SourceId(0), content, 0).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let blocks = document.blocks.iter().map(|it| (it.id.value.clone(), block(it)));
    let text = |text: &str| Data::from(text);
    Data::map([
        ("component", text("")),
        ("tag", text("en-US")),
        ("lang", text("en")),
        ("dir", text("ltr")),
        ("root", text("../")),
        ("output", Data::from(format!("{id}.html"))),
        ("front", Data::map([("title", text(id)), ("description", text("what it is"))])),
        ("block", Data::map(blocks)),
        ("alternates", Data::list([])),
        ("documents", Data::list([])),
    ])
}

fn values() -> DataMap {
    let text = |text: &str| Data::from(text);
    let mut values = sample::package().as_map().cloned().unwrap();
    let period = values["period"].clone();
    let package = Data::map([
        ("id", text("halvorn-recall")),
        ("version", text("1.0.0")),
        ("released", text("2026-11-16")),
        ("period", period),
    ]);
    let locales = Data::list([Data::map([("tag", text("en-US"))])]);
    let partner = Data::map([
        ("name", text("Rheinfeld & Co")),
        ("website", text("https://rheinfeld.example")),
        ("brand", Data::map([("logo", text("logo.svg"))])),
        ("platforms", Data::map([("email", text("hubspot"))])),
    ]);
    values.extend::<[(Arc<str>, Data); 10]>([
        ("leads".into(), Data::map([("partner", text("Leads live with the partner"))])),
        ("package".into(), package),
        ("deployment".into(), Data::map([("id", text("rheinfeld/launch")), ("locales", locales)])),
        ("partner".into(), partner),
        ("qualification".into(), sample::qualification()),
        ("sales".into(), sample::sales()),
        ("journey".into(), sample::journey()),
        ("nurture".into(), sample::nurture()),
        ("strings".into(), sample::read(include_str!("../../master-templates/strings.yaml"))),
        ("region".into(), sample::read(include_str!("../../regions/dach/region.yaml"))),
    ]);
    values.insert("times".into(), sample::times(&values));
    values
}

fn render(id: &str, content: &str, view: Data) -> String {
    let mut values = values();
    values.insert("view".into(), view);
    values.insert("page".into(), page(id, content));
    let values: Vec<(&str, Data)> = values.iter().map(|(key, value)| (&**key, value.clone())).collect();
    let context = Context { values: &values, scope: Rc::new(Page) };
    let html = templates().render(&format!("documents/{id}.html"), &context);
    html.unwrap_or_else(|problem| panic!("{problem:#?}")).text
}

fn sales_view() -> Data {
    sales::sheet::view(&read(&sample::sales(), "sales").unwrap(), &[])
}

#[test]
fn the_build_sheet_shows_the_partners_platform_only_and_works_leads_out() {
    let model = qualification::effective(&read(&sample::qualification(), "qualification").unwrap(), &values());
    let content = include_str!("../../master-templates/content/qualification.md");
    let html = render("build-sheet", content, qualification::sheet::view(&model, Data::Null, Data::Null));
    assert!(html.contains("[platform/hubspot]"));
    assert!(!html.contains("[platform/marketo]"));
    assert!(html.contains("Total (cell: A1)</th><td class=\"num\">118</td>"));
    assert!(html.contains("Most points by fit alone: 55."));
    // What is named by its id is said in the words of the page.
    assert!(
        html.contains("<td>Agreed a date for a session (")
            && html.contains("Head of IT operations who agreed a session")
    );
    // From the calendar of the region, for the period of the package.
    assert!(html.contains("Mon–Fri 09:00–17:00, Europe/Berlin. Not on: public holidays (DE)"), "{html}");
    assert!(html.contains("Clock starts: Friday, January 15, 2027, 16:30"), "{html}");
}

#[test]
fn the_talk_track_has_words_for_every_step() {
    let html = render("talk-track", include_str!("../../master-templates/content/talk-track.md"), sales_view());
    for step in sample::sales().get("track").unwrap().items() {
        let id = step.get("id").and_then(Data::as_str).unwrap();
        assert!(html.contains(&format!("[track/{id}]")), "no words for the step {id}");
    }
    assert!(html.contains("We already have backup software"));
}

#[test]
fn the_report_and_the_follow_ups_render() {
    let html = render("lead-context", include_str!("../../master-templates/content/lead-context.md"), sales_view());
    assert!(html.contains("Katrin Lind"));
    let html = render("follow-ups", include_str!("../../master-templates/content/follow-ups.md"), sales_view());
    assert!(html.contains("href=\"follow-ups/first-email-talk.txt\""));
    assert!(html.contains("<p>Hello [first name],</p>"));
}
