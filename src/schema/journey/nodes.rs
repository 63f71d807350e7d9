//! What words of a text can be bound to (J16), and where it is written.

/// A kind of node: the word before its ids, its list, and the key of what people call it, where they do.
pub struct Nodes {
    pub kind: &'static str,
    pub list: &'static str,
    pub title: Option<&'static str>,
}

const fn nodes(kind: &'static str, list: &'static str, title: &'static str) -> Nodes {
    Nodes { kind, list, title: Some(title) }
}

/// The first ones are the journey's own, and need no word before their ids.
pub const NODES: [Nodes; 16] = [
    nodes("request", "journey.requests", "label"),
    nodes("purpose", "journey.purposes", "title"),
    nodes("sequence", "journey.sequences", "title"),
    nodes("happening", "journey.happens", "title"),
    nodes("machine", MACHINES, "title"),
    nodes("record", "journey.records", "title"),
    // A subject is no name: texts may say the same.
    Nodes { kind: "email", list: "nurture.emails", title: None },
    nodes("owner", "qualification.owners", "title"),
    nodes("stage", "qualification.stages", "title"),
    nodes("outcome", "qualification.feedback", "title"),
    nodes("status", "tracking.member_statuses", "label"),
    nodes("offer", "offers", "title"),
    nodes("piece", "library", "title"),
    nodes("right", "journey.rights", "title"),
    Nodes { kind: "holder", list: "journey.holders", title: None },
    // What a page is called stands on the page.
    Nodes { kind: "page", list: "documents", title: None },
];

/// How many of them need no word before their ids.
const OWN: usize = 6;

pub const MACHINES: &str = "journey.machines";

/// Where a machine is written.
pub fn machine_path(machine: &str) -> String {
    format!("{MACHINES}[{machine}]")
}

/// Where all states of a machine are.
pub fn states_path(machine: &str) -> String {
    format!("{}.states", machine_path(machine))
}

/// Where a state of a machine is written.
pub fn state_path(machine: &str, state: &str) -> String {
    format!("{}[{state}]", states_path(machine))
}

/// What states are called by.
pub const STATE_TITLE: &str = "title";

/// The file that partners return, which is made from the path and has no item of its own.
pub const STATUS_FILE: &str = "status-file";

/// Where a node may be written: of each kind that has ids without a word before them, or at the one place that its word
/// or its machine says.
pub fn places(name: &str) -> Vec<String> {
    let Some((before, id)) = name.split_once('.') else {
        return NODES.iter().take(OWN).map(|nodes| format!("{}[{name}]", nodes.list)).collect();
    };
    vec![match NODES.iter().find(|nodes| nodes.kind == before) {
        Some(nodes) => format!("{}[{id}]", nodes.list),
        None => state_path(before, id),
    }]
}

/// The name of what is written at a place, the short one; `None` for what is no node.
pub fn name(path: &str) -> Option<String> {
    let (list, id) = path.strip_suffix(']')?.rsplit_once('[')?;
    if let Some(machine) = list.strip_prefix(MACHINES).and_then(|rest| rest.strip_suffix("].states")) {
        return Some(format!("{}.{id}", machine.strip_prefix('[')?));
    }
    let at = NODES.iter().position(|nodes| nodes.list == list)?;
    Some(if at < OWN { id.to_owned() } else { format!("{}.{id}", NODES[at].kind) })
}

/// The key of what people call a node, by its place.
pub fn title(path: &str) -> Option<&'static str> {
    let list = path.rsplit_once('[')?.0;
    match NODES.iter().find(|nodes| nodes.list == list) {
        Some(nodes) => nodes.title,
        None => list.ends_with("].states").then_some(STATE_TITLE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_to_its_place_and_back() {
        for (name_of, path) in [
            ("talk", "journey.requests[talk]"),
            ("sales.offered", "journey.machines[sales].states[offered]"),
            ("email.welcome", "nurture.emails[welcome]"),
            ("offer.session", "offers[session]"),
            ("right.access", "journey.rights[access]"),
            ("page.report", "documents[report]"),
        ] {
            assert!(places(name_of).contains(&path.to_owned()), "{name_of}");
            assert_eq!(name(path).as_deref(), Some(name_of));
            assert_eq!(title(path).is_some(), !path.starts_with("nurture") && !path.starts_with("documents"));
        }
        assert_eq!(places("talk").len(), OWN);
        assert_eq!(places("request.talk"), ["journey.requests[talk]"]);
        assert_eq!((name("journey.words"), name("sales.personas[x]")), (None, None));
    }
}
