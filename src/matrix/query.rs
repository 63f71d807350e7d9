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
        let reached = id.split('/').fold(self.start(), |reached, part| self.step(&reached, part));
        self.ends(&reached)
    }

    /// The partner, if it is written out.
    pub fn partner(&self) -> Option<&str> {
        self.parts.first().map(String::as_str).filter(|part| !part.contains('*'))
    }

    /// Whether it may name a deployment of a partner.
    pub fn may_name(&self, partner: &str) -> bool {
        !self.step(&self.start(), partner).is_lost()
    }

    /// Before the first part of an id.
    pub fn start(&self) -> Reached {
        self.with_skipped(vec![0])
    }

    /// Behind one part more.
    pub fn step(&self, reached: &Reached, part: &str) -> Reached {
        let behind = reached.0.iter().filter_map(|&at| match self.parts.get(at)? {
            any if any == "**" => Some(at),
            pattern => part_matches(pattern, part).then_some(at + 1),
        });
        self.with_skipped(behind.collect())
    }

    /// Whether an id may end here.
    pub fn ends(&self, reached: &Reached) -> bool {
        reached.0.contains(&self.parts.len())
    }

    /// `**` may also stand for no part.
    fn with_skipped(&self, mut places: Vec<usize>) -> Reached {
        let mut next = 0;
        while let Some(&at) = places.get(next) {
            if self.parts.get(at).is_some_and(|part| part == "**") {
                places.push(at + 1);
            }
            next += 1;
        }
        places.sort_unstable();
        places.dedup();
        Reached(places)
    }
}

/// How far a query has come in an id: the places in it that may be next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reached(Vec<usize>);

impl Reached {
    /// Whether nothing that follows is named any more.
    pub fn is_lost(&self) -> bool {
        self.0.is_empty()
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
