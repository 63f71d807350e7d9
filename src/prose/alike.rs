//! Whether two texts read the same, however they are wrapped (M7).

use pulldown_cmark::{CowStr, Event, Parser};

use crate::prose::events::OPTIONS;

/// Compares parsed texts: wrapping, the choice between `*` and `_`, and white space that Markdown does not
/// see make no difference.
pub fn reads_alike(a: &str, b: &str) -> bool {
    a.trim() == b.trim() || events(a) == events(b)
}

/// The events with ends of lines as spaces, and neighbouring texts as one.
fn events(text: &str) -> Vec<Event<'_>> {
    let mut events: Vec<Event<'_>> = Vec::new();
    for event in Parser::new_ext(text, OPTIONS) {
        let event = if event == Event::SoftBreak { Event::Text(CowStr::Borrowed(" ")) } else { event };
        match (events.last_mut(), &event) {
            (Some(Event::Text(before)), Event::Text(text)) => *before = format!("{before}{text}").into(),
            _ => events.push(event),
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::reads_alike;

    /// M7
    #[test]
    fn wrapping_is_no_part_of_a_text_and_line_breaks_in_code_are() {
        assert!(reads_alike("One two\nthree.\n", "One\ntwo three."));
        assert!(reads_alike("*one* {{ a.b }}", "_one_\n{{ a.b }}"));
        assert!(!reads_alike("One  \ntwo", "One two"));
        assert!(!reads_alike("    a\n    b", "    a b"));
        assert!(!reads_alike("One.\n\nTwo.", "One. Two."));
    }
}
