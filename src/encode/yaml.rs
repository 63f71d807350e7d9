//! Texts as YAML writes them, on one line.

/// Words that YAML, or a reader of YAML 1.1, takes for something else than text.
const NO_TEXTS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

/// A text, in quotes wherever it could be taken for something else.
pub fn text(text: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || " _./()&'-".contains(c);
    let is_word = !NO_TEXTS.contains(&text.to_ascii_lowercase().as_str());
    if is_word && text.starts_with(char::is_alphabetic) && !text.ends_with(' ') && text.chars().all(is_plain) {
        return text.to_owned();
    }
    quoted(text)
}

/// A text in quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                quoted.push_str(&format!("\\U{:08X}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A text in single quotes; one that they cannot hold on a line stands in the others.
pub fn single_quoted(text: &str) -> String {
    if text.contains(char::is_control) { quoted(text) } else { format!("'{}'", text.replace('\'', "''")) }
}

#[cfg(test)]
mod tests {
    use crate::source::SourceId;
    use crate::syntax::yaml;

    use super::text;

    #[test]
    fn what_is_written_is_read_back_as_the_same_text() {
        let awkward = [
            "Plain words",
            "true",
            "10115",
            "2027-01-01",
            "a: b",
            "- a",
            "#0b6e4f",
            "ends with space ",
            "",
            "line\nline\r\n\ttab",
            "quote \" and \\",
            "{{ partner.name }}",
            "Größe, 日本",
            "a #b",
            "nul\u{0}l",
            "\u{feff}x",
        ];
        for wanted in awkward {
            for line in [format!("a: {}", text(wanted)), format!("a: [{}]", text(wanted))] {
                let node = yaml::parse(SourceId(0), &line, 0).unwrap();
                let value = node.as_map().unwrap().get("a").unwrap();
                let value = value.as_seq().map_or(value, |items| &items[0]);
                let scalar = value.as_scalar().unwrap();
                assert_eq!(&*scalar.text, wanted, "{line}");
                assert!(matches!(scalar.core(), crate::syntax::tree::Core::Str(_)), "{line}");
            }
        }
    }
}
