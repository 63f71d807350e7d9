//! Overlays against JSON Merge Patch: the table of examples in RFC 7396, appendix A, with names of our own.
//!
//! How it maps: the *target* is what the master says below `vars.doc`, where the schema leaves values free; the
//! *patch* is an industry's overlay of it; the *result* is what a deployment gets.
//!
//! | there | here |
//! | --- | --- |
//! | a member with a value | the same key (V1, V2) |
//! | a member that is `null`: take it out | `{$remove: true}` (V4), since `null` is a value (V3) |
//! | a value of another kind: it takes the place of the old one | `$replace` (V5), asked for so that no map is lost by a slip |
//! | `null` for what is not there: nothing happens | `E-NOTARGET` (V4): an overlay that does nothing is a mistake |
//! | a list: replaced whole | replaced whole (L1) |
//!
//! All fifteen examples have a meaning here. In three the patch takes out what is not there: they are made without
//! that to compare the result, and the two whose target is a map also with it, to see that it is refused.

#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/small.rs"]
mod small;
#[path = "support/tree_json.rs"]
mod tree_json;

use outcome::Outcome;
use serde_json::{Value, json};
use small::Small;
use tree_json::{overlaid, value_of, workspace};

/// Target, patch and result, in the order of the RFC's table.
fn examples() -> Vec<[Value; 3]> {
    vec![
        [json!({"tone": "warm"}), json!({"tone": "cool"}), json!({"tone": "cool"})],
        [json!({"tone": "warm"}), json!({"pace": "cool"}), json!({"tone": "warm", "pace": "cool"})],
        [json!({"tone": "warm"}), json!({"tone": null}), json!({})],
        [json!({"tone": "warm", "pace": "slow"}), json!({"tone": null}), json!({"pace": "slow"})],
        [json!({"tone": ["warm"]}), json!({"tone": "cool"}), json!({"tone": "cool"})],
        [json!({"tone": "cool"}), json!({"tone": ["warm"]}), json!({"tone": ["warm"]})],
        [json!({"tone": {"of": "cool"}}), json!({"tone": {"of": "mild", "by": null}}), json!({"tone": {"of": "mild"}})],
        [json!({"tone": [{"of": "cool"}]}), json!({"tone": [1]}), json!({"tone": [1]})],
        [json!(["warm", "slow"]), json!(["cool", "fast"]), json!(["cool", "fast"])],
        [json!({"tone": "warm"}), json!(["cool"]), json!(["cool"])],
        [json!({"tone": "dry"}), json!(null), json!(null)],
        [json!({"tone": "dry"}), json!("wet"), json!("wet")],
        [json!({"mood": null}), json!({"tone": 1}), json!({"mood": null, "tone": 1})],
        [json!([1, 2]), json!({"tone": "warm", "pace": null}), json!({"tone": "warm"})],
        [json!({}), json!({"tone": {"of": {"by": null}}}), json!({"tone": {"of": {}}})],
    ]
}

/// The patch as an overlay; with what takes nothing out, or without it.
fn overlay(target: Option<&Value>, patch: &Value, strict: bool) -> Value {
    match (target, patch) {
        (target, Value::Object(members)) if target.is_none_or(Value::is_object) => members
            .iter()
            .filter_map(|(key, member)| {
                let below = target.and_then(|target| target.get(key));
                match (below, member) {
                    (None, Value::Null) if !strict => None,
                    (_, Value::Null) => Some((key.clone(), json!({"$remove": true}))),
                    (below, member) => Some((key.clone(), overlay(below, member, strict))),
                }
            })
            .collect(),
        (Some(target), patch) if target.is_object() || target.is_array() || patch.is_object() || patch.is_array() => {
            json!({"$replace": if patch.is_object() { overlay(None, patch, strict) } else { patch.clone() }})
        }
        (_, patch) => patch.clone(),
    }
}

#[test]
fn the_examples_of_the_rfc_give_its_results() {
    let examples = examples();
    assert_eq!(examples.len(), 15);
    for [target, patch, result] in &examples {
        let outcome = Outcome::check(&workspace(target, &[overlay(Some(target), patch, false)]).memory());
        let program = outcome.program.as_ref().unwrap_or_else(|_| panic!("{}", outcome.told()));
        assert!(!outcome.said.iter().any(|said| said.is_error()), "{patch}\n{}", outcome.told());
        assert_eq!(value_of(program), Some(result.clone()), "{target} with {patch}");
    }
}

#[test]
fn what_takes_out_nothing_is_refused() {
    let mut refused = 0;
    for [target, patch, _] in examples().iter().filter(|[target, ..]| target.is_object()) {
        let strict = overlay(Some(target), patch, true);
        if strict == overlay(Some(target), patch, false) {
            continue;
        }
        let outcome = Outcome::check(&workspace(target, &[strict]).memory());
        assert!(outcome.said.iter().any(|said| said.code.0 == "E-NOTARGET"), "{patch}\n{}", outcome.told());
        refused += 1;
    }
    assert_eq!(refused, 2);
}

/// V2: without `$replace`, another kind is refused and not taken by a slip.
#[test]
fn another_kind_has_to_be_asked_for() {
    let outcome = Outcome::check(&workspace(&json!({"tone": {"of": "cool"}}), &[json!({"tone": "cool"})]).memory());
    assert!(outcome.said.iter().any(|said| said.code.0 == "E-KIND"), "{}", outcome.told());
    let again = overlaid(Small::base(), &[json!({"tone": "cool"})]);
    assert!(!Outcome::check(&again.memory()).said.iter().any(|said| said.is_error()));
}
