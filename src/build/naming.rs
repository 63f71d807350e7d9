//! Deployments that cannot go by their names.
//!
//! Two may have one `utm_id`, so that the leads of one would be counted as those of the other: it is a digest cut short, so
//! that comes by chance, of a million deployments once in some thousand programs. And an id may be too long for the name of
//! the zip, which joins the values of all axes.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::links;

/// The most bytes that file systems take for a name.
const LONGEST_NAME: usize = 255;

/// What stands behind a deployment's name in that of its zip.
const ENDING: &str = ".zip";

/// Of each deployment that shares its `utm_id` another one that has it too.
pub struct Naming(HashMap<Arc<str>, Arc<str>>);

impl Naming {
    /// Among deployments with these ids.
    pub fn of(ids: impl IntoIterator<Item = String>) -> Self {
        Self::by(ids, links::utm_id)
    }

    fn by(ids: impl IntoIterator<Item = String>, name: impl Fn(&str) -> String) -> Self {
        let mut held: HashMap<String, Arc<str>> = HashMap::new();
        let mut twins = HashMap::new();
        for id in ids.into_iter().map(Arc::from) {
            let first = held.entry(name(&id)).or_insert_with(|| Arc::clone(&id));
            if *first != id {
                twins.insert(Arc::clone(first), Arc::clone(&id));
                twins.insert(id, Arc::clone(first));
            }
        }
        Self(twins)
    }

    /// Why a deployment is refused, if it is.
    pub fn refusal(&self, id: &str) -> Option<Diagnostic> {
        let named = id.len() + ENDING.len();
        if named > LONGEST_NAME {
            let message = format!("the zip of `{id}` would have a name of {named} letters");
            let help = format!("give values of its axes shorter ids: file systems take {LONGEST_NAME}");
            return Some(Diagnostic::error("E-ID", message).help(help));
        }
        let other = self.0.get(id)?;
        let message = format!("`{id}` and `{other}` would both have the utm_id `{}`", links::utm_id(id));
        let help = "give a value of one of the axes another id: reports could not tell the two apart";
        Some(Diagnostic::error("E-DUPID", message).help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::Naming;

    #[test]
    fn both_of_two_with_one_name_are_refused_and_no_other() {
        let naming = Naming::by(["a/x", "b/y", "c/z", "d/xx"].map(str::to_owned), |id| id[2..3].to_owned());
        let told = |id: &str| naming.refusal(id).map(|error| error.message);
        assert!(told("a/x").is_some_and(|message| message.contains("`d/xx`")));
        assert!(told("d/xx").is_some_and(|message| message.contains("`a/x`")));
        assert_eq!((told("b/y"), told("c/z")), (None, None));
        assert!(told(&"n".repeat(251)).is_none());
        assert!(told(&"n".repeat(252)).is_some_and(|message| message.contains("256 letters")));
    }
}
