//! The rules that may hold for a path, without a look at all the others.
//!
//! Every path of every layer is asked, several times, and few rules begin as it does.

/// Rules by what their patterns begin with.
#[derive(Debug, Default)]
pub struct Lookup {
    /// In the order of the texts. Whatever begins a text stands before it.
    beginnings: Vec<Beginning>,
}

#[derive(Debug)]
struct Beginning {
    text: Box<str>,
    /// The rule's place in the policy.
    rule: usize,
    /// The longest of the others that the text begins with.
    within: Option<usize>,
}

impl Lookup {
    /// Of the rules whose patterns begin so, in the policy's order.
    pub fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut texts: Vec<(&str, usize)> = texts.enumerate().map(|(rule, text)| (text, rule)).collect();
        texts.sort_unstable();
        let mut lookup = Self::default();
        for (text, rule) in texts {
            let within = lookup.beginning(lookup.beginnings.len().checked_sub(1), text);
            lookup.beginnings.push(Beginning { text: text.into(), rule, within });
        }
        lookup
    }

    /// The rules whose patterns begin as the path does, in no order.
    pub fn candidates(&self, path: &str) -> impl Iterator<Item = usize> {
        let before = self.beginnings.partition_point(|beginning| &*beginning.text <= path);
        let first = self.beginning(before.checked_sub(1), path);
        std::iter::successors(first, |&at| self.beginnings[at].within).map(|at| self.beginnings[at].rule)
    }

    /// The longest of those up to `last`, none of which comes after `path`, that the path begins with. One between
    /// a text and what it begins begins with that text too, so it leads there.
    fn beginning(&self, last: Option<usize>, path: &str) -> Option<usize> {
        let mut way = std::iter::successors(last, |&at| self.beginnings[at].within);
        way.find(|&at| path.starts_with(&*self.beginnings[at].text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Lookup;

    proptest! {
        #[test]
        fn no_rule_is_missed(texts in prop::collection::vec("[ab.]{0,5}", 0..12), path in "[ab.]{0,6}") {
            let mut found: Vec<_> = Lookup::of(texts.iter().map(String::as_str)).candidates(&path).collect();
            found.sort_unstable();
            let begins = |&at: &usize| path.starts_with(&texts[at]);
            prop_assert_eq!(found, (0..texts.len()).filter(begins).collect::<Vec<_>>());
        }
    }
}
