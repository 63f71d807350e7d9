//! HubSpot: a group of contact properties, and the properties in it, as its API takes them.

use serde_json::{Value, json};

use super::super::super::Input;
use super::names::System;
use super::{Field, Fields, Holds};
use crate::encode::{Content, json as encode};

/// For `POST /crm/v3/properties/contacts/groups`.
pub const GROUP_FILE: &str = "hubspot-property-group.json";
/// For `POST /crm/v3/properties/contacts/batch/create`.
pub const FILE: &str = "hubspot-properties.json";

/// From so many letters on a text is one of several lines.
const LINE: u32 = 255;

/// Made of the program's id.
pub fn group_name(input: &Input<'_>) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    input.package.program.id.chars().map(plain).collect()
}

pub fn group(input: &Input<'_>) -> serde_json::Result<Content> {
    let label = input.data.get("product").and_then(|it| it.get("name")).and_then(crate::data::Data::as_str);
    let label = label.unwrap_or(&input.package.program.id);
    encode::document(&json!({"name": group_name(input), "label": label}))
}

pub fn properties(input: &Input<'_>, fields: &Fields<'_>, system: &System) -> serde_json::Result<Content> {
    let group = group_name(input);
    let inputs: Vec<Value> =
        fields.new_in(system).map(|(field, name)| property(fields, field, &name, &group, system)).collect();
    encode::document(&json!({"inputs": inputs}))
}

fn property(fields: &Fields<'_>, field: &Field, name: &str, group: &str, system: &System) -> Value {
    let (kind, shown) = match &field.holds {
        Holds::Text(most) if *most > LINE => ("string", "textarea"),
        Holds::Text(_) | Holds::Email => ("string", "text"),
        Holds::Points { .. } => ("number", "number"),
        Holds::Moment => ("datetime", "date"),
        Holds::One(_) => ("enumeration", "select"),
        Holds::Some(_) => ("enumeration", "checkbox"),
    };
    let options: Vec<Value> = (0..)
        .zip(field.holds.choices())
        .map(|(at, choice)| json!({"label": choice.label, "value": choice.value, "displayOrder": at, "hidden": false}))
        .collect();
    let mut property = json!({
        "name": name,
        "label": Fields::title(field, system.platform),
        "description": fields.about(field),
        "groupName": group,
        "type": kind,
        "fieldType": shown,
        // What a form fills in can stand on one there.
        "formField": matches!(field.by.id(), "lead" | "page"),
        "hasUniqueValue": false,
        "hidden": false,
    });
    if let Some(map) = property.as_object_mut().filter(|_| !options.is_empty()) {
        map.insert("options".to_owned(), options.into());
    }
    property
}
