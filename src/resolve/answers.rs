//! Questions about a node that are answered once.

use std::sync::atomic::{AtomicU8, Ordering};

/// What is asked of a node. The answer is a matter of the node alone: of its place, its values and the layers
/// they are from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Whether every key that its schema requires is there.
    IsComplete,
    /// Whether each name of a link leads to one place.
    LinksAgree,
    /// Whether its Markdown comes out the same for every deployment.
    IsFixed,
    /// Whether no stronger text in another language was dropped for one in it.
    DropsNothing,
}

/// For each question two bits: whether the answer is known, and whether it is yes.
#[derive(Debug, Default)]
pub struct Answers(AtomicU8);

impl Answers {
    pub fn get(&self, question: Question) -> Option<bool> {
        let bits = self.0.load(Ordering::Relaxed) >> (2 * question as u8);
        (bits & 0b01 != 0).then_some(bits & 0b10 != 0)
    }

    /// Notes an answer and gives it back. Two threads that look at once come to the same.
    pub fn set(&self, question: Question, yes: bool) -> bool {
        let bits = 0b01 | (u8::from(yes) << 1);
        self.0.fetch_or(bits << (2 * question as u8), Ordering::Relaxed);
        yes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_question_has_an_answer_of_its_own() {
        let answers = Answers::default();
        assert!(answers.set(Question::LinksAgree, true));
        assert_eq!((answers.get(Question::LinksAgree), answers.get(Question::IsComplete)), (Some(true), None));
        assert!(!answers.set(Question::IsComplete, false));
        assert_eq!((answers.get(Question::LinksAgree), answers.get(Question::IsComplete)), (Some(true), Some(false)));
    }
}
