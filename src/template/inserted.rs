//! A template with more in it than was written, for its engine to read. A place in that is told as the one in what was written.

use std::ops::Range;

/// What is put in at a byte, and the tag that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insertion {
    pub at: usize,
    pub text: String,
    pub tag: Range<usize>,
}

/// A template with calls in it.
#[derive(Clone, Debug, Default)]
pub struct Inserted {
    pub text: String,
    /// What was put in, in order: where it is in the new text, and its tag in the old one.
    calls: Vec<(Range<usize>, Range<usize>)>,
}

impl Inserted {
    pub fn new(text: &str, mut insertions: Vec<Insertion>) -> Self {
        insertions.sort_by_key(|insertion| insertion.at);
        let (mut inserted, mut copied) = (Self::default(), 0);
        for Insertion { at, text: call, tag } in insertions {
            inserted.text.push_str(text.get(copied..at).unwrap_or_default());
            copied = at;
            let start = inserted.text.len();
            inserted.text.push_str(&call);
            inserted.calls.push((start..inserted.text.len(), tag));
        }
        inserted.text.push_str(text.get(copied..).unwrap_or_default());
        inserted
    }

    /// A place of the new text in the old one; that of a call, or of a part of one, is its tag's.
    pub fn written(&self, range: Range<usize>) -> Range<usize> {
        let is_part = |call: &Range<usize>| call.contains(&range.start) && range.end <= call.end;
        if let Some((_, tag)) = self.calls.iter().find(|(call, _)| is_part(call)) {
            return tag.clone();
        }
        let before = |at: usize| {
            let lengths = self.calls.iter().map(|(call, _)| call.end.min(at).saturating_sub(call.start));
            at - lengths.sum::<usize>()
        };
        before(range.start)..before(range.end)
    }
}
