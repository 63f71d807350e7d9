//! Deployment ids with globs: `rheinfeld/**`, `*/launch/healthcare/*`.

/// A glob over deployment ids: `*` stands for a run of characters in one part, `**` for any parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    parts: Vec<String>,
}

impl Query {
    /// A query; a trailing `/` and a leading `./` are forgiven.
    pub fn new(text: &str) -> Self {
        let text = text.trim_end_matches('/').trim_start_matches("./");
        Self { parts: text.split('/').map(str::to_owned).collect() }
    }

    pub fn matches(&self, id: &str) -> bool {
        let parts: Vec<_> = id.split('/').collect();
        parts_match(&self.parts, &parts)
    }
}

fn parts_match(pattern: &[String], id: &[&str]) -> bool {
    match pattern.split_first() {
        None => id.is_empty(),
        Some((first, rest)) if first == "**" => (0..=id.len()).any(|taken| parts_match(rest, &id[taken..])),
        Some((first, rest)) => {
            id.split_first().is_some_and(|(part, tail)| part_matches(first, part) && parts_match(rest, tail))
        }
    }
}

fn part_matches(pattern: &str, part: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == part,
        Some((before, after)) => part.strip_prefix(before).is_some_and(|rest| {
            let ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            ends.into_iter().any(|at| part_matches(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn stars_stay_inside_a_part_and_double_stars_do_not() {
        let matches = |query: &str, id: &str| Query::new(query).matches(id);
        assert!(matches("rheinfeld/**", "rheinfeld/launch/manufacturing/dach"));
        assert!(matches("*/launch/healthcare/*", "acme/launch/healthcare/us"));
        assert!(!matches("*/launch/healthcare/*", "acme/launch/retail/us"));
        assert!(!matches("rheinfeld", "rheinfeld/launch"));
        assert!(matches("rhein*/**/da*/", "rheinfeld/launch/manufacturing/dach"));
        assert!(matches("**", "a/b"));
    }
}
