//! What stands where a partner's own data goes, until somebody writes it: made up, and seen to be so.

use crate::catalog::patch::Right;

use super::NewFile;
use super::footing::Footing;
use super::scalar;

/// A sample for a field of a legal person, as YAML.
pub fn legal(field: &str, name: &str, id: &str) -> String {
    let text = match field {
        "legal_name" => name.to_owned(),
        "form" => "Legal form (sample)".to_owned(),
        "street" => "1 Sample Street".to_owned(),
        "postcode" => "00000".to_owned(),
        "city" => "Sample City".to_owned(),
        "state" => "Sample State".to_owned(),
        "country" => "AQ".to_owned(),
        "phone" => "+1 555 0100".to_owned(),
        "email" => format!("legal@{id}.example"),
        "register" => "Register 0000000 (sample)".to_owned(),
        "vat_id" => "XX000000000 (sample)".to_owned(),
        "representatives" => return "[Kim Sample]".to_owned(),
        "dpo" => return format!("{{name: Kim Sample, email: {}}}", scalar::text(&format!("privacy@{id}.example"))),
        other => format!("{other} (sample)"),
    };
    scalar::text(&text)
}

/// A logo, if policy requires one from the partner (G13) and takes a drawing.
pub fn files(footing: &Footing<'_>, folder: &str, id: &str) -> Vec<NewFile> {
    let rules = footing.program.approved().policy().rules().iter();
    let slots = rules.filter(|rule| rule.is_slot).map(|rule| rule.pattern.text());
    let open =
        slots.filter(|path| path.starts_with("assets/") && path.ends_with(".svg") && footing.may(path, Right::Replace));
    open.map(|path| NewFile { path: format!("{folder}/{path}"), text: logo(id) }).collect()
}

/// A bar and a square: something that nobody takes for a real logo, and that fits where logos go.
fn logo(id: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 160 48\" width=\"160\" height=\"48\" role=\"img\">\
         <title>{id}</title><rect width=\"48\" height=\"48\" fill=\"#1f3a5f\"/>\
         <rect x=\"60\" y=\"18\" width=\"100\" height=\"12\" fill=\"#1f3a5f\"/></svg>\n"
    )
}
