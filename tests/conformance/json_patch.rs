//! The test suite of JSON Patch (RFC 6902), as far as its cases have a meaning for overlays.
//!
//! How it maps: the *document* is what the master says below `vars.doc`, where the schema leaves values free; each
//! *operation* of a patch is the overlay of one layer, each stronger than the one before; the *result* is what a
//! deployment gets.
//!
//! | there | here |
//! | --- | --- |
//! | `add`, `replace` of a member | the key with its value, as `$replace` where a map or another kind comes or goes (V2, V5) |
//! | `remove` of a member | `{$remove: true}` (V4) |
//! | `add`, `replace` of the whole document | `$replace` of all of it |
//!
//! What has no meaning here, and why: operations by the index of an item (L1: items are never addressed by their
//! place); `test`, `move` and `copy` (an overlay says what holds, and not steps that lead there); patches that are no
//! patches (`value` or `op` missing), for which YAML has no counterpart; `add` below a member that is missing, which
//! here makes the member, as a map merges key by key (V1); and cases that the suite itself disables.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value, json};

use super::outcome::Outcome;
use super::tree_json::{value_of, workspace};

/// What came of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Compared,
    Disabled,
    ByIndex,
    Steps,
    NoPatch,
    MissingParent,
}

/// An overlay that does what an operation does, or why there is none.
fn overlay(doc: &Value, operation: &Value) -> Result<Value, Fate> {
    let op = operation["op"].as_str().unwrap_or_default();
    if matches!(op, "test" | "move" | "copy") {
        return Err(Fate::Steps);
    }
    let said = match (op, operation.get("value")) {
        ("remove", _) => json!({"$remove": true}),
        ("add" | "replace", Some(value)) => value.clone(),
        _ => return Err(Fate::NoPatch),
    };
    let path = operation["path"].as_str().unwrap();
    let keys: Vec<String> = path.split('/').skip(1).map(|key| key.replace("~1", "/").replace("~0", "~")).collect();
    let mut below = Some(doc);
    for (depth, key) in keys.iter().enumerate() {
        match below {
            Some(Value::Array(_)) => return Err(Fate::ByIndex),
            Some(Value::Object(members)) => below = members.get(key),
            _ => return Err(Fate::MissingParent),
        }
        if below.is_none() && depth + 1 < keys.len() {
            return Err(Fate::MissingParent);
        }
    }
    let is_whole = |value: &Value| value.is_object() || value.is_array();
    let takes_place = op != "remove" && (is_whole(&said) || below.is_some_and(is_whole));
    let said = if takes_place { json!({"$replace": said}) } else { said };
    Ok(keys.iter().rev().fold(said, |said, key| Value::Object(Map::from_iter([(key.clone(), said)]))))
}

fn fate(case: &Value, wrong: &mut Vec<String>) -> Fate {
    if case["disabled"] == json!(true) {
        return Fate::Disabled;
    }
    let (mut doc, mut overlays) = (case["doc"].clone(), Vec::new());
    for operation in case["patch"].as_array().unwrap() {
        match overlay(&doc, operation) {
            Ok(said) => overlays.push(said),
            Err(fate) => return fate,
        }
        // The next operation meets what this one leaves.
        let outcome = Outcome::check(&workspace(&case["doc"], &overlays).memory());
        doc = outcome.program.ok().as_ref().and_then(value_of).unwrap_or(json!({}));
    }
    let outcome = Outcome::check(&workspace(&case["doc"], &overlays).memory());
    let refused = outcome.said.iter().any(|said| said.is_error());
    match (case.get("error"), &outcome.program) {
        (None, Ok(program)) if !refused => {
            let found = value_of(program);
            if found.as_ref() != case.get("expected") {
                wrong.push(format!("{case}\n  gives {found:?}"));
            }
            Fate::Compared
        }
        _ => {
            wrong.push(format!("{case}\n{}", outcome.told()));
            Fate::Compared
        }
    }
}

#[test]
fn operations_on_members_give_the_suites_results() {
    let read = |file: &str| {
        let text = fs::read_to_string(super::package(&format!("json-patch-test-suite/{file}"))).unwrap();
        serde_json::from_str::<Vec<Value>>(&text).unwrap()
    };
    let cases: Vec<Value> = [read("spec_tests.json"), read("tests.json")].concat();
    assert_eq!(cases.len(), 95);
    let mut wrong = Vec::new();
    let fates: Vec<Fate> = cases.iter().map(|case| fate(case, &mut wrong)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let count = |fate: Fate| fates.iter().filter(|other| **other == fate).count();
    let counts: BTreeMap<Fate, usize> = fates.iter().map(|&fate| (fate, count(fate))).collect();
    let expected = [
        (Fate::Compared, 28),
        (Fate::Disabled, 4),
        (Fate::ByIndex, 30),
        (Fate::Steps, 28),
        (Fate::NoPatch, 3),
        (Fate::MissingParent, 2),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}
