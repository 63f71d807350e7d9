use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::container::container;
use crate::analytics::{Analytics, Asked, Pages, Said};
use crate::data::Data;

fn analytics() -> Analytics {
    let keys = Data::map([
        ("profile", Data::from("gtm")),
        ("container", "GTM-ABC1234".into()),
        ("measurement", "G-ABC1234567".into()),
    ]);
    let said = Said { keys: &keys, owner: "vendor", file: "".into(), below: "", permission: None, storage: None };
    let request = Asked {
        id: "report".into(),
        page: "landing".into(),
        is_posted: true,
        gives: Some(("report".into(), "report".into())),
    };
    let all: Vec<Arc<str>> = ["landing", "report"].map(Arc::from).into();
    Analytics::new(&said, &Pages { checks: BTreeSet::from([all[0].clone()]), all, requests: vec![request] })
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap()
}

fn parameter<'v>(of: &'v Value, key: &str) -> &'v Value {
    list(of, "parameter").iter().find(|it| it["key"] == key).unwrap_or_else(|| panic!("{key} in {of}"))
}

/// All variables that a container's texts are filled from.
fn filled(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.extend(text.split("{{").skip(1).map(|rest| rest.split_once("}}").unwrap().0.to_owned()));
        }
        Value::Array(items) => items.iter().for_each(|item| filled(item, found)),
        Value::Object(map) => map.values().for_each(|item| filled(item, found)),
        _ => {}
    }
}

#[test]
fn each_event_has_its_trigger_and_its_tag() {
    let analytics = analytics();
    let version = &container(&analytics, "2026-11-16 00:00:00")["containerVersion"];
    let (tags, triggers) = (list(version, "tag"), list(version, "trigger"));
    assert_eq!((tags.len(), triggers.len()), (6, 5));
    assert_eq!((&tags[0]["type"], &tags[0]["firingTriggerId"][0]), (&"googtag".into(), &"2147479553".into()));
    for (tag, trigger) in tags[1..].iter().zip(triggers) {
        let name = &parameter(tag, "eventName")["value"];
        let filter = &trigger["customEventFilter"][0];
        assert_eq!((&tag["type"], &trigger["type"]), (&"gaawe".into(), &"CUSTOM_EVENT".into()));
        assert_eq!((&filter["type"], &filter["parameter"][1]["value"]), (&"EQUALS".into(), name));
        assert_eq!(tag["firingTriggerId"][0], trigger["triggerId"]);
        assert!(analytics.events.iter().any(|event| *name == *event.name), "{name}");
    }
}

#[test]
fn nothing_of_it_runs_without_permission_or_past_a_strict_policy() {
    let version = &container(&analytics(), "")["containerVersion"];
    for tag in list(version, "tag") {
        assert_eq!(tag["consentSettings"]["consentStatus"], "NEEDED");
        assert_eq!(tag["consentSettings"]["consentType"]["list"][0]["value"], "analytics_storage");
        assert!(["googtag", "gaawe"].contains(&tag["type"].as_str().unwrap()), "{tag}");
    }
    // Neither custom HTML nor a script of somebody's own.
    let kinds: BTreeSet<&str> = list(version, "variable").iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, BTreeSet::from(["c", "v"]));
}

#[test]
fn every_variable_is_there_and_every_number_is_a_text_of_its_own() {
    let whole = container(&analytics(), "");
    let version = &whole["containerVersion"];
    let mut used = BTreeSet::new();
    filled(version, &mut used);
    let known: BTreeSet<&str> = list(version, "variable").iter().map(|it| it["name"].as_str().unwrap()).collect();
    // The one that is built in.
    assert!(used.remove("_event"));
    assert_eq!(used.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
    for (list_of, id) in [("tag", "tagId"), ("trigger", "triggerId"), ("variable", "variableId")] {
        let ids: BTreeSet<&str> = list(version, list_of).iter().map(|it| it[id].as_str().unwrap()).collect();
        assert_eq!(ids.len(), list(version, list_of).len(), "{list_of}");
    }
    assert_eq!((&whole["exportFormatVersion"], &version["container"]["publicId"]), (&2.into(), &"GTM-ABC1234".into()));
}
