//! The style sheet of a drawing, as design tools write it: declarations for classes, and nothing else.

use roxmltree::{Document, Node};

/// A declaration of a class.
#[derive(Debug, PartialEq, Eq)]
pub struct Declaration<'d> {
    pub class: &'d str,
    pub property: &'d str,
    pub value: &'d str,
}

/// The declarations of a sheet, each for one class; `None` if something else stands in it.
pub fn declarations(sheet: &str) -> Option<Vec<Declaration<'_>>> {
    let mut found = Vec::new();
    let mut rest = sheet.trim();
    while !rest.is_empty() {
        let (selectors, behind) = rest.split_once('{')?;
        let (body, behind) = behind.split_once('}')?;
        for selector in selectors.split(',') {
            let class = selector.trim().strip_prefix('.').filter(|class| is_name(class))?;
            for declaration in body.split(';').map(str::trim).filter(|declaration| !declaration.is_empty()) {
                let (property, value) = declaration.split_once(':')?;
                let (property, value) = (property.trim(), value.trim());
                if !is_name(property) || value.contains('{') {
                    return None;
                }
                found.push(Declaration { class, property, value });
            }
        }
        rest = behind.trim_start();
    }
    Some(found)
}

fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !text.is_empty() && text.bytes().all(plain)
}

/// All declarations of a drawing whose sheets are readable.
pub fn of<'d>(document: &'d Document<'_>) -> Vec<Declaration<'d>> {
    let sheets = document.descendants().filter(|node| node.has_tag_name("style")).filter_map(|node| text(&node));
    sheets.flat_map(|sheet| declarations(sheet).unwrap_or_default()).collect()
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
        let said = declarations("\n.a, .b-1 { fill: #fff; stroke : none }\n.c{opacity:.5;}").unwrap();
        let said: Vec<_> = said.iter().map(|one| format!("{} {} {}", one.class, one.property, one.value)).collect();
        assert_eq!(said, ["a fill #fff", "a stroke none", "b-1 fill #fff", "b-1 stroke none", "c opacity .5"]);
        assert_eq!(declarations(" "), Some(Vec::new()));
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
            assert_eq!(declarations(other), None, "{other}");
        }
    }
}
