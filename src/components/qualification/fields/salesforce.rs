//! Salesforce, and Account Engagement beside it: custom fields of the lead and of the contact that it becomes, and who may see
//! them, as a zip in the format of the Metadata API.

use super::super::super::Input;
use super::names::System;
use super::{Choice, Field, Fields, Holds};
use crate::encode::Content;
use crate::encode::html::Markup;
use crate::encode::zip::{self, ZipError};

pub const FILE: &str = "salesforce-lead-fields.zip";

const NAMESPACE: &str = "http://soap.sforce.com/2006/04/metadata";
/// Of the API; later ones take it too.
const VERSION: &str = "60.0";
/// Deployed fields are seen by nobody: this set lets whoever is assigned to it see them.
const PERMISSIONS: &str = "Partner_Package_Lead_Fields";
/// What has the fields: a lead, and the contact that it becomes.
const OBJECTS: [&str; 2] = ["Lead", "Contact"];
/// The most letters of a `Text`, and the fewest that a `LongTextArea` can have room for.
const TEXT: u32 = 255;
const LONG: u32 = 256;
/// How many lines are shown of a long text, and of a list of which several may be chosen.
const LINES: &str = "4";

pub fn package(input: &Input<'_>, fields: &Fields<'_>, system: &System) -> Result<Content, ZipError> {
    let made: Vec<(&Field, String)> = fields.new_in(system).collect();
    let entries = [
        ("package.xml", manifest(&made)),
        ("objects/Lead.object", object(fields, &made, system)),
        ("objects/Contact.object", object(fields, &made, system)),
        ("permissionsets/Partner_Package_Lead_Fields.permissionset", permissions(input, &made)),
    ];
    zip::texts(&entries, input.package.program.released.into())
}

fn document(name: &str) -> Markup {
    Markup::default().open(name, &[("xmlns", NAMESPACE)])
}

fn manifest(made: &[(&Field, String)]) -> Content {
    let members =
        members(made).fold(document("Package").open("types", &[]), |markup, member| markup.element("members", &member));
    let markup = members.element("name", "CustomField").close("types");
    let markup = markup.open("types", &[]).element("members", PERMISSIONS).element("name", "PermissionSet");
    markup.close("types").element("version", VERSION).close("Package").into_document()
}

/// Each field of each object.
fn members<'m>(made: &'m [(&Field, String)]) -> impl Iterator<Item = String> + 'm {
    OBJECTS.into_iter().flat_map(move |object| made.iter().map(move |(_, name)| format!("{object}.{name}")))
}

fn object(fields: &Fields<'_>, made: &[(&Field, String)], system: &System) -> Content {
    let markup = made
        .iter()
        .fold(document("CustomObject"), |markup, (field, name)| custom_field(markup, fields, field, name, system));
    markup.close("CustomObject").into_document()
}

/// Elements stand in the order of their names, as Salesforce itself writes them.
fn custom_field(markup: Markup, fields: &Fields<'_>, field: &Field, name: &str, system: &System) -> Markup {
    let markup = markup.open("fields", &[]).element("fullName", name);
    let markup = if field.is_personal { markup.element("complianceGroup", "PII") } else { markup };
    let markup = markup.element("description", &fields.about(field)).element("externalId", "false");
    let markup = markup.element("label", &Fields::title(field, system.platform));
    let markup = match &field.holds {
        Holds::Text(most) if *most > TEXT => {
            let markup = markup.element("length", &LONG.max(*most).to_string()).element("type", "LongTextArea");
            markup.element("visibleLines", LINES)
        }
        Holds::Text(most) => {
            let markup = markup.element("length", &most.to_string()).element("required", "false");
            markup.element("type", "Text").element("unique", "false")
        }
        Holds::Email => markup.element("required", "false").element("type", "Email").element("unique", "false"),
        Holds::Points { .. } => {
            let markup = markup.element("precision", "4").element("required", "false").element("scale", "0");
            markup.element("type", "Number").element("unique", "false")
        }
        Holds::Moment => markup.element("required", "false").element("type", "DateTime"),
        Holds::One(choices) => value_set(markup.element("required", "false").element("type", "Picklist"), choices),
        Holds::Some(choices) => {
            let markup = markup.element("required", "false").element("type", "MultiselectPicklist");
            value_set(markup, choices).element("visibleLines", LINES)
        }
    };
    markup.close("fields")
}

fn value_set(markup: Markup, choices: &[Choice]) -> Markup {
    // Not restricted: a lead whose word is not in the list yet is worth more than a list without it.
    let markup = markup.open("valueSet", &[]).element("restricted", "false");
    let markup = markup.open("valueSetDefinition", &[]).element("sorted", "false");
    let markup = choices.iter().fold(markup, |markup, choice| {
        let markup = markup.open("value", &[]).element("fullName", &choice.value).element("default", "false");
        markup.element("label", &choice.label).close("value")
    });
    markup.close("valueSetDefinition").close("valueSet")
}

fn permissions(input: &Input<'_>, made: &[(&Field, String)]) -> Content {
    let markup = members(made).fold(document("PermissionSet"), |markup, member| {
        let markup = markup.open("fieldPermissions", &[]).element("editable", "true");
        markup.element("field", &member).element("readable", "true").close("fieldPermissions")
    });
    let label = format!("{} (leads)", input.package.program.id);
    let markup = markup.element("hasActivationRequired", "false").element("label", &label);
    markup.close("PermissionSet").into_document()
}
