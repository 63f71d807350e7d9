use super::super::sample;
use super::*;
use crate::data::DataMap;
use crate::encode::Content;
use crate::package::read;
use crate::package::sales::Sales;

fn sales() -> Sales {
    read(&sample::sales(), "sales").unwrap()
}

fn known() -> Known {
    let mut data = sample::package().as_map().cloned().unwrap();
    data.insert("qualification".into(), sample::qualification());
    Known::of(&data)
}

fn text(content: &Content) -> String {
    String::from_utf8(content.to_vec()).unwrap()
}

#[test]
fn the_sample_fits_the_schema_and_has_no_findings() {
    let shape = crate::schema::sales::schema().shape;
    assert_eq!(sample::misfits(&shape, &sample::sales(), "sales"), Vec::<String>::new());
    assert_eq!(check::check(&sales(), &known()), []);
    assert_ne!(check::check(&sales(), &Known::of(&DataMap::default())), []);
}

#[test]
fn every_industry_brings_an_objection_of_its_own() {
    let overlays = [
        include_str!("../../../industries/energy/sales.yaml"),
        include_str!("../../../industries/financial-services/sales.yaml"),
        include_str!("../../../industries/government/sales.yaml"),
        include_str!("../../../industries/healthcare/sales.yaml"),
        include_str!("../../../industries/manufacturing/sales.yaml"),
        include_str!("../../../industries/retail/sales.yaml"),
    ];
    let master = sales();
    let master = master.objections.iter().find(|item| &*item.id == "industry").unwrap();
    for overlay in overlays {
        let overlay = sample::read(overlay);
        let own = overlay.at("objections[industry].answer").and_then(Data::as_str).unwrap();
        assert_ne!(own, &*master.answer);
    }
}

#[test]
fn a_blank_that_nobody_lists_and_an_email_without_a_subject_are_found() {
    let mut sales = sales();
    sales.follow_ups[0].subject = None;
    sales.follow_ups[0].fill_in.clear();
    sales.personas[0].pillar = "speed".into();
    sales.lead_context.columns.retain(|column| column.part != crate::package::sales::Part::NextStep);
    let paths: Vec<String> = check::check(&sales, &known()).into_iter().map(|finding| finding.path).collect();
    assert!(paths.contains(&"sales.personas[operations].pillar".to_owned()), "{paths:?}");
    assert!(paths.contains(&"sales.follow_ups[first-email].subject".to_owned()), "{paths:?}");
    assert!(paths.contains(&"sales.follow_ups[first-email].fill_in".to_owned()), "{paths:?}");
    assert!(paths.contains(&"sales.lead_context.columns".to_owned()), "{paths:?}");
}

#[test]
fn follow_ups_are_plain_files_and_no_cell_runs_as_a_formula() {
    let mut sales = sales();
    sales.lead_context.columns[0].sample = "=1+1".into();
    let item = sales.follow_ups.iter().find(|item| &*item.id == "not-now").unwrap();
    assert_eq!(output::path(item), "sales/follow-ups/not-now.txt");
    let letter = text(&output::letter(item));
    assert!(letter.starts_with("Email: Not now\nWhen: The timing is wrong, and they said so\n"));
    assert!(letter.contains("\nSubject: I will write in the month you named\n\n----\n\nHello [first name],\n"));
    let files = output::report(&sales.lead_context).unwrap();
    let report = text(&files[0]);
    assert_eq!(report.lines().count(), 2);
    assert!(report.lines().nth(1).is_some_and(|row| row.starts_with("'=1+1,")));
    let schema: serde_json::Value = serde_json::from_str(&text(&files[1])).unwrap();
    let titles =
        schema["tableSchema"]["columns"].as_array().unwrap().iter().map(|column| column["titles"].as_str().unwrap());
    let titles: Vec<&str> = titles.collect();
    assert_eq!(report.lines().next().unwrap().split(',').take(3).collect::<Vec<_>>(), titles[..3]);
}

#[test]
fn the_report_answers_all_five_questions() {
    let view = sheet::view(&sales());
    let parts = view.get("parts").unwrap().items();
    assert_eq!(parts.len(), 5);
    assert!(parts.iter().all(|part| !part.get("columns").unwrap().items().is_empty()));
    assert_eq!(view.get("minutes"), Some(&Data::Int(20)));
}
