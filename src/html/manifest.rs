//! Addresses in the manifest of a web application: which page it begins with, and its icons.

use serde_json::Value;

use super::address::leads_outward;
use super::{Hazard, Page, Reference, Role};

/// Whatever a text of it is for: one that leads outward is an address.
pub fn read(text: &[u8]) -> Page {
    let mut page = Page::default();
    match serde_json::from_slice(text) {
        Ok(value) => add(&value, "", &mut page),
        Err(error) => page.hazards.push((0, Hazard::Unread(format!("no JSON: {error}")))),
    }
    page
}

fn add(value: &Value, key: &str, page: &mut Page) {
    match value {
        Value::String(address) if key == "src" || leads_outward(address) => {
            let (role, attribute) = if key == "src" { (Role::Image, "src") } else { (Role::Link, "href") };
            page.references.push(Reference { role, address: address.clone(), attribute, at: 0 });
        }
        Value::Array(items) => items.iter().for_each(|item| add(item, key, page)),
        Value::Object(entries) => entries.iter().for_each(|(key, value)| add(value, key, page)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_icons_are_found() {
        let page = read(
            br#"{"name":"a: b","start_url":"https://a.example","scope":"./","icons":[{"src":"i.png"},{"src":"//b"}],
                "related":[["\u0068ttp:c.example"]]}"#,
        );
        let found: Vec<_> = page.references.iter().map(|it| (it.role, &*it.address)).collect();
        let expected = [
            (Role::Link, "https://a.example"),
            (Role::Image, "i.png"),
            (Role::Image, "//b"),
            (Role::Link, "http:c.example"),
        ];
        assert!(expected.iter().all(|it| found.contains(it)) && found.len() == expected.len(), "{found:?}");
        assert!(matches!(&*read(b"{").hazards, [(0, Hazard::Unread(_))]));
    }
}
