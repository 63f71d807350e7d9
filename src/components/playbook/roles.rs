//! Who does what: derived from the journey's states, the program's roles and its policy, never typed a second time.

use std::sync::Arc;

use crate::data::{Data, DataMap};
use crate::package::journey::Journey;
use crate::package::program::Role;
use crate::package::qualification::Owner;
use crate::schema::package::{FUNCTIONS, LEADS};

/// A row for each function, a cell for each role: tasks of [{role}], an item of `roles`, [{machine, state}] or [{substitute}].
/// Who owes something in a state of the journey has it as a task, and so has whoever stands in for a platform.
pub fn table(roles: &[Role], journey: &Journey, owners: &[Owner]) -> Data {
    Data::list(FUNCTIONS.iter().map(|&function| {
        let tasks = |role: &str| {
            let own = roles.iter().filter(|it| &*it.function == function && &*it.owner == role);
            let own = own.map(|it| Data::map([("role", Data::Text(it.id.clone()))]));
            let owed = owed(journey, owners, role).filter(|_| function == LEADS);
            Data::list(own.chain(owed))
        };
        Data::map([
            ("function", function.into()),
            ("hq", tasks("hq")),
            ("region", tasks("region")),
            ("partner", tasks("partner")),
        ])
    }))
}

/// What is owed in states, by somebody of a role.
fn owed<'j>(journey: &'j Journey, owners: &'j [Owner], role: &'j str) -> impl Iterator<Item = Data> {
    let is_role = move |who: &Arc<str>| owners.iter().any(|owner| owner.id == *who && &*owner.role == role);
    let states = journey.machines.iter().flat_map(|machine| machine.states.iter().map(move |state| (machine, state)));
    let owed = states.filter(move |(_, state)| state.who.as_ref().is_some_and(is_role));
    let owed = owed.map(|(machine, state)| {
        Data::map([("machine", Data::Text(machine.id.clone())), ("state", Data::Text(state.id.clone()))])
    });
    let standing_in = journey.substitutes.iter().filter(move |it| is_role(&it.who));
    owed.chain(standing_in.map(|it| Data::map([("substitute", Data::Text(it.id.clone()))])))
}

/// What policy leaves to the partner: `policy` at the root is a list of {path, roles: {role:
/// [operations]}, reason}. Without one nothing is listed, because everything is fixed by default.
pub fn rights(data: &DataMap) -> Data {
    let rules = data.get("policy").map(Data::items).unwrap_or_default();
    Data::list(rules.iter().filter_map(|rule| {
        let operations = rule.at("roles.partner").map(Data::items).filter(|list| !list.is_empty())?;
        let path = rule.get("path")?.as_str()?;
        Some(Data::map([
            ("path", path.into()),
            ("words", words(path).into()),
            ("operations", Data::list(operations.iter().cloned())),
            ("reason", rule.get("reason").cloned().unwrap_or_default()),
        ]))
    }))
}

/// A path as a key: `content-landing-md-spotlight`.
fn words(path: &str) -> String {
    let words = path.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::sample;

    #[test]
    fn lists_what_a_partner_may_touch_and_nothing_else() {
        let words = |words: &[&str]| Data::list(words.iter().map(|&word| word.into()));
        let rule = |path: &str, role: &str, operations: &[&str]| {
            Data::map([("path", path.into()), ("roles", Data::map([(role, words(operations))]))])
        };
        let policy =
            Data::list([rule("region.**", "region", &["set-var"]), rule("partner.**", "partner", &["set-var"])]);
        let data: DataMap = [("policy".into(), policy)].into_iter().collect();
        let rights = rights(&data);
        assert_eq!(rights.items().len(), 1);
        assert_eq!(rights.items()[0].get("path").and_then(Data::as_str), Some("partner.**"));
        assert_eq!(rights.items()[0].get("operations").unwrap().items()[0].as_str(), Some("set-var"));
        assert_eq!(super::rights(&DataMap::default()).items().len(), 0);
    }

    #[test]
    fn a_path_is_a_key_by_its_words() {
        assert_eq!(super::words("content/landing.md#pillars/*"), "content-landing-md-pillars");
        assert_eq!(super::words("journey.machines[*].states[*].within"), "journey-machines-states-within");
    }

    #[test]
    fn every_task_stands_once_under_its_owner() {
        let role = |function: &str, owner: &str| Role {
            id: owner.into(),
            function: function.into(),
            task: owner.into(),
            owner: owner.into(),
        };
        let journey: Journey = crate::package::read(&sample::journey(), "journey").unwrap();
        let owners = sample::qualification().get("owners").cloned().unwrap();
        let owners: Vec<Owner> = crate::package::read(&owners, "owners").unwrap();
        let table = table(&[role("leads", "hq"), role("content", "hq")], &journey, &owners);
        let leads = &table.items()[3];
        assert_eq!(leads.get("function").and_then(Data::as_str), Some("leads"));
        let count = |owner| leads.get(owner).unwrap().items().len();
        // Beside states, whoever may stand in for a platform.
        assert_eq!((count("hq"), count("region"), count("partner")), (2, 2, 11));
    }
}
