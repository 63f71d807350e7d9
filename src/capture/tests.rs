use super::view::way;
use super::*;
use crate::schema::Kind;

fn map(entries: &[(&str, &str)]) -> Data {
    Data::map(entries.iter().map(|(key, text)| (*key, Data::from(*text))))
}

fn record(capture: Data) -> Data {
    Data::map([("contact", map(&[("email", "ask@a.example")])), ("capture", capture)])
}

fn of(record: &Data, needs: &[&str]) -> Data {
    let wanted = [Wanted {
        request: "talk".into(),
        needs: needs.iter().map(|&it| it.to_owned()).collect(),
        takes: vec!["utm_id".to_owned()],
    }];
    Capture::new(&Receiver { owner: "partner", record, file: "partners/a/partner.yaml".into() }, &wanted).data()
}

fn text<'d>(data: &'d Data, path: &str) -> &'d str {
    data.at(path).and_then(Data::as_str).unwrap_or("-")
}

fn keys(data: &Data) -> Vec<&str> {
    data.get("gaps").map_or(&[][..], Data::items).iter().map(|gap| text(gap, "key")).collect()
}

#[test]
fn a_form_with_all_it_needs_is_posted() {
    let hubspot = [
        ("target", "hubspot".into()),
        ("account", map(&[("portal", "0")])),
        ("forms", map(&[("talk", "f-1")])),
        ("fields", map(&[("job_role", "rolle")])),
    ];
    let data = of(&record(Data::map(hubspot)), &["first_name", "job_role"]);
    assert_eq!(text(&data, "forms.talk.address"), "https://forms.hubspot.com/uploads/form/v2/0/f-1");
    let names = ["first_name", "job_role", "utm_id"].map(|name| text(&data, &format!("forms.talk.names.{name}")));
    assert_eq!(names, ["firstname", "rolle", "utm_id"]);
    assert_eq!((text(&data, "forms.talk.back.name"), keys(&data).len()), ("hs_context", 0));
}

/// What one form lacks, the next one may lack as well, though it is asked for once.
#[test]
fn no_form_is_sent_without_a_field_that_it_needs() {
    let capture = [("target", "salesforce".into()), ("account", map(&[("org", "00D0")]))];
    let record = record(Data::map(capture));
    let wanted = ["report", "talk"].map(|request| Wanted {
        request: request.into(),
        needs: vec!["email".to_owned(), "job_role".to_owned()],
        takes: Vec::new(),
    });
    let receiver = Receiver { owner: "partner", record: &record, file: "partners/a/partner.yaml".into() };
    let capture = Capture::new(&receiver, &wanted);
    assert_eq!(capture.gaps().len(), 1);
    assert!(!capture.is_sent("report") && !capture.is_sent("talk"));
    assert_eq!(capture.addresses().count(), 0);
}

#[test]
fn two_fields_do_not_share_a_name() {
    let shared = [
        ("target", "salesforce".into()),
        ("account", map(&[("org", "00D0")])),
        ("fields", map(&[("job_role", "email"), ("company_size", "oid")])),
    ];
    let data = of(&record(Data::map(shared)), &["email", "job_role", "company_size"]);
    assert_eq!(keys(&data), ["capture.fields.job_role", "capture.fields.company_size"]);
}

/// What is asked for is all that is needed: whoever gives it, one after the other, has a form that can be sent.
#[test]
fn gaps_that_are_filled_leave_a_form() {
    let fields = ["first_name", "email", "company", "job_role", "phone", "consent_partner", "request"];
    for target in crate::profiles::capture::TARGETS.iter().filter(|target| target.way.is != Way::Mail) {
        let mut given = vec![("capture.target".to_owned(), target.id.to_owned())];
        for step in 0.. {
            let data = of(&record(nested(&given)), &fields);
            let missing: Vec<String> = keys(&data).into_iter().map(str::to_owned).collect();
            let is_sent = text(&data, "forms.talk.way") == way(target.way.is);
            assert_eq!(is_sent, missing.is_empty(), "{}: {given:?} leaves {missing:?}", target.id);
            let Some(key) = missing.into_iter().next() else {
                let source = text(&data, "forms.talk.source");
                assert_eq!(Kind::Endpoint.advice(source), None, "{}: {source}", target.id);
                break;
            };
            assert!(!given.iter().any(|(known, _)| *known == key), "{}: {key} is asked for again", target.id);
            let is_address = key.contains("address");
            given.push((key, if is_address { "https://forms.a.example/x".into() } else { format!("id{step}") }));
        }
    }
}

/// Paths of two or three keys as a map, without their first.
fn nested(given: &[(String, String)]) -> Data {
    let mut maps: IndexMap<String, Vec<(&str, Data)>> = IndexMap::default();
    let mut plain = Vec::new();
    for (path, value) in given {
        match path.split('.').collect::<Vec<_>>()[..] {
            [_, key] => plain.push((key.to_owned(), Data::from(value.as_str()))),
            [_, map, key] => maps.entry(map.to_owned()).or_default().push((key, Data::from(value.as_str()))),
            _ => panic!("{path}"),
        }
    }
    Data::map(plain.into_iter().chain(maps.into_iter().map(|(key, entries)| (key, Data::map(entries)))))
}

#[test]
fn what_is_missing_is_named_and_the_page_writes_an_email() {
    let data = of(&record(map(&[("target", "hubspot")])), &["email"]);
    assert_eq!(keys(&data), ["capture.account.portal", "capture.forms.talk"]);
    assert_eq!((text(&data, "forms.talk.way"), text(&data, "mail")), ("mail", "ask@a.example"));
    assert_eq!(text(&data, "forms.talk.source"), "");
    assert_eq!(keys(&of(&record(Data::Null), &[])), ["capture.target"]);
}

#[test]
fn where_names_are_ids_a_field_that_people_fill_needs_one() {
    let capture = [("target", "salesforce".into()), ("account", map(&[("org", "00D0")]))];
    let data = of(&record(Data::map(capture)), &["email", "job_role"]);
    assert_eq!(keys(&data), ["capture.fields.job_role"]);
    let capture = [
        ("target", "salesforce".into()),
        ("account", map(&[("org", "00D0")])),
        ("fields", map(&[("job_role", "00N1")])),
    ];
    let data = of(&record(Data::map(capture)), &["email", "job_role"]);
    let source = text(&data, "forms.talk.source");
    assert_eq!(source, "https://webto.salesforce.com/servlet/servlet.WebToLead");
    assert_eq!(data.at("forms.talk.lost").unwrap().items()[0].as_str(), Some("utm_id"));
}

#[test]
fn a_platform_with_forms_of_its_own_is_led_to() {
    let capture = [("target", "marketo".into()), ("addresses", map(&[("talk", "https://pages.a.example/talk")]))];
    let data = of(&record(Data::map(capture)), &["email"]);
    assert_eq!(
        (text(&data, "forms.talk.way"), text(&data, "forms.talk.address")),
        ("page", "https://pages.a.example/talk")
    );
    assert!(data.at("forms.talk.back").is_some_and(Data::is_null));
    let promises = data.get("promises").unwrap().items();
    assert_eq!((promises.len(), text(&promises[0], "owner"), text(&promises[0], "way")), (1, "partner", "page"));
}
