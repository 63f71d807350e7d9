//! What of a tag stands in the quotes of a literal, as both engines read it.

/// Reads a tag sign by sign.
#[derive(Default)]
pub struct Literals {
    open: Option<char>,
    is_escaped: bool,
}

impl Literals {
    /// Whether the next sign stands outside of all literals; the quotes themselves do not.
    pub fn is_outside(&mut self, c: char) -> bool {
        match self.open {
            Some(_) if std::mem::take(&mut self.is_escaped) => false,
            Some(open) => {
                self.is_escaped = c == '\\';
                self.open = Some(open).filter(|open| *open != c);
                false
            }
            // Only Tera knows the last; elsewhere a template with it is none.
            None if matches!(c, '"' | '\'' | '`') => {
                self.open = Some(c);
                false
            }
            None => true,
        }
    }

    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::Literals;

    #[test]
    fn an_escaped_quote_ends_no_literal() {
        let outside = |text: &str| {
            let mut literals = Literals::default();
            text.chars().filter(|c| literals.is_outside(*c)).collect::<String>()
        };
        assert_eq!(outside(r#"a "b\"c" 'd"e' f"#), "a   f");
        assert_eq!(outside(r#"a "b\\" c"#), "a  c");
    }
}
