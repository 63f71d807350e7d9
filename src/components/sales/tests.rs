use std::collections::BTreeMap;

use super::super::sample;
use super::*;
use crate::components::readers::Reader;
use crate::data::DataMap;
use crate::package::read;
use crate::package::sales::Sales;

fn sales() -> Sales {
    let mut sales: Sales = read(&sample::sales(), "sales").unwrap();
    for item in &mut sales.follow_ups {
        item.body = item.body.replace("{{ offers[session].title }}", "a session").into();
    }
    sales
}

fn known() -> Known {
    let mut data = sample::package().as_map().cloned().unwrap();
    data.insert("qualification".into(), sample::qualification());
    data.insert("tracking".into(), sample::read(include_str!("../../../master-templates/tracking.yaml")));
    let handed = [("machine", "sales".into()), ("state", "offered".into())];
    data.insert("handoff".into(), Data::map(handed));
    Known::of(&data)
}

fn journey() -> crate::package::journey::Journey {
    read(&sample::journey(), "journey").unwrap()
}

/// The files of a language, by their names.
fn made(sales: &Sales) -> BTreeMap<String, String> {
    let owed = |state: &str, amount, unit: &str| crate::times::Owed {
        machine: "sales".into(),
        state: state.into(),
        who: "partner-sales".into(),
        calendar: "partner".into(),
        amount,
        unit: unit.into(),
        from: (state == "accepted").then(|| "preferred_time".into()),
        due: Vec::new(),
    };
    let times = [owed("accepted", 4, "hours"), owed("retry", 2, "days")];
    let names = output::task(sales, &Reader::default(), 0).files.into_iter().map(|asked| asked.path);
    let made = output::files_of(sales, &times, &[]).unwrap();
    names.zip(made.iter().map(|content| String::from_utf8(content.to_vec()).unwrap())).collect()
}

#[test]
fn the_sample_fits_the_schema_and_has_no_findings() {
    let shape = crate::schema::sales::schema().shape;
    assert_eq!(sample::misfits(&shape, &sample::sales(), "sales"), Vec::<String>::new());
    assert_eq!(check::check(&sales(), &known(), &journey()), []);
    assert_ne!(check::check(&sales(), &Known::of(&DataMap::default()), &journey()), []);
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
    let email = sales.follow_ups.iter_mut().find(|item| &*item.id == "first-email-talk").unwrap();
    email.subject = None;
    email.fill_in.clear();
    sales.personas[0].pillar = "speed".into();
    sales.lead_context.columns.retain(|column| column.part != crate::package::sales::Part::NextStep);
    let paths: Vec<String> =
        check::check(&sales, &known(), &journey()).into_iter().map(|finding| finding.path).collect();
    assert!(paths.contains(&"sales.personas[operations].pillar".to_owned()), "{paths:?}");
    assert!(paths.contains(&"sales.follow_ups[first-email-talk].subject".to_owned()), "{paths:?}");
    assert!(paths.contains(&"sales.follow_ups[first-email-talk].fill_in".to_owned()), "{paths:?}");
    assert!(paths.contains(&"sales.lead_context.columns".to_owned()), "{paths:?}");
}

#[test]
fn follow_ups_are_plain_files_and_no_cell_runs_as_a_formula() {
    let mut sales = sales();
    sales.lead_context.columns[0].sample = "=1+1".into();
    let files = made(&sales);
    let letter = &files["sales/follow-ups/not-now.txt"];
    assert!(letter.starts_with("Email: Not now\nWhen: The timing is wrong, and they said so\n"));
    assert!(letter.contains("\nSubject: No calls until the month you named\n\n----\n\nHello [first name],\n"));
    let report = &files["sales/lead-context.csv"];
    assert_eq!(report.lines().count(), 2);
    assert!(report.lines().nth(1).is_some_and(|row| row.starts_with("'=1+1,")));
    let schema: serde_json::Value = serde_json::from_str(&files["sales/lead-context.csv-metadata.json"]).unwrap();
    let titles =
        schema["tableSchema"]["columns"].as_array().unwrap().iter().map(|column| column["titles"].as_str().unwrap());
    let titles: Vec<&str> = titles.collect();
    assert_eq!(report.lines().next().unwrap().split(',').take(3).collect::<Vec<_>>(), titles[..3]);
}

#[test]
fn the_report_answers_all_five_questions() {
    let view = sheet::view(&sales(), &[]);
    let parts = view.get("parts").unwrap().items();
    assert_eq!(parts.len(), 5);
    let columns = sales().lead_context.columns;
    assert!(parts.iter().all(|part| columns.iter().any(|column| part.as_str() == Some(column.part.id()))));
    assert_eq!(view.get("minutes"), Some(&Data::Int(20)));
}

#[test]
fn a_letter_has_the_time_of_its_state_and_says_what_came_before() {
    let files = made(&sales());
    let letter = &files["sales/follow-ups/first-email-talk.txt"];
    assert!(letter.contains("\nTime limit in business hours: 4, or from the time that they named\n"), "{letter}");
    assert!(files["sales/follow-ups/second-email.txt"].contains("\nTime limit in working days: 2\n"));
    assert!(!files["sales/follow-ups/after-call.txt"].contains("Time limit"));
}

#[test]
fn what_a_follow_up_says_of_the_path_has_to_be_true() {
    let found = |change: &dyn Fn(&mut Sales)| {
        let mut sales = sales();
        change(&mut sales);
        let findings = check::check(&sales, &known(), &journey());
        findings.into_iter().map(|finding| (finding.path, finding.message)).collect::<Vec<_>>()
    };
    let item = |sales: &mut Sales, id: &str, change: &dyn Fn(&mut crate::package::sales::FollowUp)| {
        change(sales.follow_ups.iter_mut().find(|item| &*item.id == id).unwrap());
    };
    let unheard = found(&|sales| item(sales, "not-now", &|item| item.after = vec!["talks.asked".into()]));
    assert_eq!(unheard[0].0, "sales.follow_ups[not-now].after");
    let nowhere = found(&|sales| item(sales, "second-email", &|item| item.within = Some("sales.later".into())));
    assert_eq!(nowhere, [("sales.follow_ups[second-email].within".into(), "there is no state `sales.later`".into())]);
    // Who did not answer is written to, and not called again.
    let called = found(&|sales| item(sales, "first-call-talk", &|item| item.within = Some("sales.retry".into())));
    assert_eq!(called[0].1, "in `sales.retry` the lead is not contacted by `call`");
    let unplaced = found(&|sales| item(sales, "second-email", &|item| item.placement = Some("nowhere".into())));
    assert_eq!(unplaced[0].1, "there is no placement `nowhere`");
    let silent = found(&|sales| {
        sales
            .follow_ups
            .retain(|item| !item.after.iter().any(|event| &**event == "talk.asked") && !item.after.is_empty())
    });
    assert_eq!(silent[0].1, "after `talk.asked` a lead is handed over, and no text says how to begin with it");
}

#[test]
fn a_post_is_a_text_with_its_link_and_nothing_left_open() {
    let (mut sales, known) = (sales(), known());
    assert!(!sales.posts.is_empty());
    let files = made(&sales);
    for post in &sales.posts {
        let text = &files[&format!("sales/posts/{}.txt", post.id)];
        assert!(text.starts_with("When: ") && text.contains(&*post.body), "{text}");
    }
    sales.posts[0].body = "No link, for [name]".into();
    sales.posts[1].placement = "nowhere".into();
    let found: Vec<String> = check::check(&sales, &known, &journey()).into_iter().map(|it| it.path).collect();
    let of = |number: usize, key: &str| format!("sales.posts[{}].{key}", sales.posts[number].id);
    assert_eq!(found.len(), 3);
    for path in [of(0, "placement"), of(0, "fill_in"), of(1, "placement")] {
        assert!(found.contains(&path), "{path}: {found:?}");
    }
}
