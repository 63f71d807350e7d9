//! Marketo: fields of a person, as its API takes them.

use serde_json::{Value, json};

use super::names::System;
use super::{Fields, Holds};
use crate::encode::{Content, json as encode};

/// For `POST /rest/v1/leads/schema/fields.json`.
pub const FILE: &str = "marketo-fields.json";

/// The most letters of its `string`.
const STRING: u32 = 255;

pub fn fields(fields: &Fields<'_>, system: &System) -> serde_json::Result<Content> {
    let input: Vec<Value> = fields
        .new_in(system)
        .map(|(field, name)| {
            let kind = match &field.holds {
                Holds::Text(most) if *most > STRING => "text",
                // It knows no list of values: forms and smart campaigns hold to the dictionary.
                Holds::Text(_) | Holds::One(_) | Holds::Some(_) => "string",
                Holds::Email => "email",
                // What change-score steps of a smart campaign can raise.
                Holds::Points { .. } => "score",
                Holds::Moment => "datetime",
            };
            json!({
                "displayName": Fields::title(field, system.platform),
                "name": name,
                "dataType": kind,
                "description": fields.about(field),
                "isHidden": false,
                "isHtmlEncodingInEmail": true,
                "isSensitive": field.is_personal,
            })
        })
        .collect();
    encode::document(&json!({"input": input}))
}
