//! A CODEOWNERS file: folders bound to people, which the compiler cannot do itself (G4).

use std::collections::BTreeMap;

use crate::build::Program;
use crate::policy::HQ;

use super::permission::roles;

const HEAD: &str = "\
# Written by `cobrand codeowners`. The compiler takes a role from a file's folder and cannot know who typed:
# review by the owners below is what binds folders to people. Handles come from `owners` in policy.yaml.
";

/// One line for each folder or file, the more general first: the last match holds.
pub fn codeowners(program: &Program) -> String {
    let catalog = program.catalog();
    let owners = program.approved().policy().owners();
    let owner = |keys: &[&str]| {
        let found = keys.iter().find_map(|key| owners.get(*key));
        found.map_or_else(|| placeholder(keys[0]), |handle| handle.to_string())
    };
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    for id in catalog.layer_ids() {
        let layer = catalog.layer(id);
        let role = roles(program, id).pop().unwrap_or_else(|| HQ.to_owned());
        // A registry is HQ's, and a combination overlay lies in the folder of its strongest axis.
        if layer.row.is_some() || layer.place.contains("/@") {
            continue;
        }
        let selector = layer.selector.to_string();
        let is_folder = !layer.sources.iter().any(|&source| program.sources().get(source).path.as_str() == layer.place);
        let end = if is_folder { "/" } else { "" };
        let keys: &[&str] = if role == HQ { &[HQ] } else { &[&selector, &role] };
        lines.insert(format!("/{}{end}", layer.place), owner(keys));
    }
    let width = lines.keys().map(String::len).max().unwrap_or(0);
    let mut out = format!("{HEAD}\n{:width$}  {}\n", "*", owner(&[HQ]));
    lines.iter().for_each(|(path, owner)| out.push_str(&format!("{path:width$}  {owner}\n")));
    out
}

/// What stands in for a handle that nobody has given yet: `@OWNER-REGION-DACH`.
fn placeholder(key: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '-' };
    format!("@OWNER-{}", key.chars().map(letter).collect::<String>())
}
