//! Who does what: derived from the program's roles and its policy, never typed a second time.

use crate::data::{Data, DataMap};
use crate::package::program::Role;

const FUNCTIONS: [(&str, &str); 5] = [
    ("strategy", "Strategy"),
    ("content", "Content"),
    ("execution", "Execution"),
    ("leads", "Lead management"),
    ("reporting", "Reporting"),
];

/// A row for each function, a cell for each owner.
pub fn table(roles: &[Role]) -> Data {
    Data::list(FUNCTIONS.iter().map(|&(function, title)| {
        let tasks = |owner: &str| {
            let own = roles.iter().filter(|role| &*role.function == function && &*role.owner == owner);
            Data::list(own.map(|role| Data::Text(role.task.clone())))
        };
        Data::map([
            ("function", function.into()),
            ("title", title.into()),
            ("hq", tasks("hq")),
            ("region", tasks("region")),
            ("partner", tasks("partner")),
        ])
    }))
}

/// What policy leaves to the partner: `policy` at the root is a list of {path, roles: {role:
/// [operations]}, reason}. Without one nothing is listed, because everything is fixed by default.
pub fn rights(data: &DataMap) -> Data {
    let rules = data.get("policy").map(Data::items).unwrap_or_default();
    Data::list(rules.iter().filter_map(|rule| {
        let operations = rule.at("roles.partner").map(Data::items).filter(|list| !list.is_empty())?;
        let words = operations.iter().filter_map(Data::as_str).map(|operation| describe(operation).into());
        Some(Data::map([
            ("path", rule.get("path")?.clone()),
            ("operations", Data::list(words)),
            ("reason", rule.get("reason").cloned().unwrap_or_default()),
        ]))
    }))
}

/// An operation as a partner would say it.
fn describe(operation: &str) -> &str {
    match operation {
        "replace" => "put your own in its place",
        "replace-body" => "write the text; the heading stays",
        "append" => "add text at the end",
        "prepend" => "add text at the beginning",
        "insert" => "add a section",
        "remove" => "leave it out",
        "move" => "change the order",
        "choose" => "choose one of the approved versions",
        "set-var" => "fill in your data",
        "replace-list" => "give your own list",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(rights.items()[0].get("operations").unwrap().items()[0].as_str(), Some("fill in your data"));
        assert_eq!(super::rights(&DataMap::default()).items().len(), 0);
    }

    #[test]
    fn every_task_stands_once_under_its_owner() {
        let role =
            |function: &str, owner: &str| Role { function: function.into(), task: owner.into(), owner: owner.into() };
        let table = table(&[role("leads", "hq"), role("leads", "partner"), role("content", "hq")]);
        let leads = &table.items()[3];
        assert_eq!(leads.get("title").and_then(Data::as_str), Some("Lead management"));
        let count = |owner| leads.get(owner).unwrap().items().len();
        assert_eq!((count("hq"), count("region"), count("partner")), (1, 0, 1));
    }
}
