//! Dynamics 365: columns of the table `lead`, as the Web API of Dataverse takes them, one a request.

use serde_json::{Value, json};

use super::names::System;
use super::{Choice, Field, Fields, Holds};
use crate::encode::{Content, json as encode};
use crate::profiles::fields::dynamics_language;

pub const FILE: &str = "dynamics-columns.json";

const PATH: &str = "/api/data/v9.2/EntityDefinitions(LogicalName='lead')/Attributes";
/// From so many letters on a text is one of several lines.
const LINE: u32 = 255;
/// A publisher's words of lists count from its number times this.
const EACH: i64 = 10_000;

/// `requests`: each of `bodies` is posted to `path` by itself, since definitions cannot be changed in one go.
pub fn columns(fields: &Fields<'_>, system: &System) -> serde_json::Result<Content> {
    let language = dynamics_language(&fields.labels.language);
    let bodies: Vec<Value> =
        fields.new_in(system).map(|(field, name)| Column { fields, field, system, language }.body(&name)).collect();
    encode::document(&json!({
        "method": "POST",
        "path": PATH,
        "headers": {"Content-Type": "application/json; charset=utf-8", "OData-Version": "4.0", "OData-MaxVersion": "4.0"},
        "bodies": bodies,
    }))
}

struct Column<'c> {
    fields: &'c Fields<'c>,
    field: &'c Field,
    system: &'c System,
    language: u32,
}

impl Column<'_> {
    fn body(&self, name: &str) -> Value {
        let (kind, own) = match &self.field.holds {
            Holds::Text(most) if *most > LINE => ("Memo", json!({"Format": "TextArea", "MaxLength": most})),
            Holds::Text(most) => ("String", json!({"FormatName": {"Value": "Text"}, "MaxLength": most})),
            Holds::Email => ("String", json!({"FormatName": {"Value": "Email"}, "MaxLength": 100})),
            Holds::Points { most } => ("Integer", json!({"Format": "None", "MinValue": 0, "MaxValue": most})),
            Holds::Moment => ("DateTime", json!({"Format": "DateAndTime", "DateTimeBehavior": {"Value": "UserLocal"}})),
            Holds::One(choices) => ("Picklist", json!({"OptionSet": self.option_set(choices)})),
            Holds::Some(choices) => ("MultiSelectPicklist", json!({"OptionSet": self.option_set(choices)})),
        };
        let mut body = json!({
            "@odata.type": format!("Microsoft.Dynamics.CRM.{kind}AttributeMetadata"),
            "AttributeTypeName": {"Value": format!("{kind}Type")},
            "SchemaName": name,
            "DisplayName": self.label(&Fields::title(self.field, self.system.platform)),
            "Description": self.label(&self.fields.about(self.field)),
            "RequiredLevel": {
                "Value": "None",
                "CanBeChanged": true,
                "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings",
            },
        });
        if let (Some(body), Some(own)) = (body.as_object_mut(), own.as_object()) {
            body.extend(own.iter().map(|(key, value)| (key.clone(), value.clone())));
        }
        body
    }

    fn label(&self, text: &str) -> Value {
        json!({
            "@odata.type": "Microsoft.Dynamics.CRM.Label",
            "LocalizedLabels": [{
                "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel",
                "Label": text,
                "LanguageCode": self.language,
            }],
        })
    }

    /// A list of the column's own. `ExternalValue` is the word that this package knows it by.
    fn option_set(&self, choices: &[Choice]) -> Value {
        let option = |(at, choice): (i64, &Choice)| {
            let mut option = json!({"Label": self.label(&choice.label), "ExternalValue": choice.value});
            // Without the publisher's number the system counts by itself.
            if let (Some(map), Some(first)) = (option.as_object_mut(), self.system.options) {
                map.insert("Value".to_owned(), (first * EACH + at).into());
            }
            option
        };
        json!({
            "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
            "IsGlobal": false,
            "OptionSetType": "Picklist",
            "Options": (0..).zip(choices).map(option).collect::<Vec<_>>(),
        })
    }
}
