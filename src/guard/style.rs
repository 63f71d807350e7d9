//! The style sheet of a drawing, as design tools write it: declarations for classes, and nothing else.
//!
//! A rule is held once, however many classes it is for, and an element gets each rule once, however often its classes are named.

use std::collections::{BTreeSet, HashMap};

use roxmltree::{Document, Node};

/// What is declared for some classes.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule<'d> {
    pub classes: Vec<&'d str>,
    pub declarations: Vec<Declaration<'d>>,
}

/// A property and its value.
pub type Declaration<'d> = (&'d str, &'d str);

/// The rules of a sheet; `None` if something else stands in it.
pub fn rules(sheet: &str) -> Option<Vec<Rule<'_>>> {
    let mut found = Vec::new();
    let mut rest = sheet.trim();
    while !rest.is_empty() {
        let (selectors, behind) = rest.split_once('{')?;
        let (body, behind) = behind.split_once('}')?;
        let classes = selectors.split(',').map(class).collect::<Option<_>>()?;
        let written = body.split(';').map(str::trim).filter(|declaration| !declaration.is_empty());
        found.push(Rule { classes, declarations: written.map(declaration).collect::<Option<_>>()? });
        rest = behind.trim_start();
    }
    Some(found)
}

fn class(selector: &str) -> Option<&str> {
    selector.trim().strip_prefix('.').filter(|class| is_name(class))
}

fn declaration(text: &str) -> Option<Declaration<'_>> {
    let (property, value) = text.split_once(':')?;
    let (property, value) = (property.trim(), value.trim());
    (is_name(property) && !value.contains('{')).then_some((property, value))
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.bytes().all(plain)
}

/// All rules of a drawing whose sheets are readable.
pub struct Sheets<'d> {
    rules: Vec<Rule<'d>>,
    /// The rules of each class.
    by_class: HashMap<&'d str, Vec<usize>>,
}

impl<'d> Sheets<'d> {
    pub fn of(document: &'d Document<'_>) -> Self {
        let sheets = document.descendants().filter(|node| node.has_tag_name("style")).filter_map(|node| text(&node));
        let rules: Vec<Rule<'d>> = sheets.flat_map(|sheet| rules(sheet).unwrap_or_default()).collect();
        let mut by_class: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, rule) in rules.iter().enumerate() {
            rule.classes.iter().for_each(|class| by_class.entry(class).or_default().push(number));
        }
        Self { rules, by_class }
    }

    /// What is declared for an element by its classes.
    pub fn declared(&self, classes: &str) -> impl Iterator<Item = Declaration<'d>> {
        let classes: BTreeSet<&str> = classes.split_whitespace().collect();
        let numbers: BTreeSet<usize> =
            classes.into_iter().filter_map(|class| self.by_class.get(class)).flatten().copied().collect();
        numbers.into_iter().flat_map(|number| self.rules[number].declarations.iter().copied())
    }
}

/// The text of a sheet, if it is one text.
pub fn text<'d>(node: &Node<'d, '_>) -> Option<&'d str> {
    let mut children = node.children();
    match (children.next(), children.next()) {
        (None, _) => Some(""),
        (Some(only), None) if only.is_text() => only.text(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_read_and_nothing_else_is() {
        let said = rules("\n.a, .b-1 { fill: #fff; stroke : none }\n.c{opacity:.5;}").unwrap();
        let said: Vec<_> = said.into_iter().map(|rule| (rule.classes, rule.declarations)).collect();
        let first = (vec!["a", "b-1"], vec![("fill", "#fff"), ("stroke", "none")]);
        assert_eq!(said, [first, (vec!["c"], vec![("opacity", ".5")])]);
        assert_eq!(rules(" "), Some(Vec::new()));
        for other in [
            "@import 'x';",
            "path{fill:red}",
            ".a .b{fill:red}",
            ".a:hover{fill:red}",
            "*{fill:red}",
            "#a{fill:red}",
            ".a{fill:red",
            ".a{fill}",
            ".a{b{c:d}}",
            "/**/.a{fill:red}",
            ".\\61{fill:red}",
        ] {
            assert_eq!(rules(other), None, "{other}");
        }
    }
}
