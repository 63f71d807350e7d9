//! Whether the form of the landing page asks for what fit is judged by.

use super::Findings;
use crate::capture::{self, Named};
use crate::components::{Finding, LANDING_PAGE};
use crate::data::{Data, DataMap};
use crate::html::Page;
use crate::package::qualification::{FieldSource, Qualification};

/// Compares the fields that fit is judged by with the form of the finished landing page, under the names that it is
/// posted with. Where it is not posted, nothing can be compared.
pub fn check_form(model: &Qualification, landing_page: &Page, data: &DataMap) -> Vec<Finding> {
    let mut findings = Findings(Vec::new());
    let documents = data.get("documents").map_or(&[][..], Data::items);
    let is_landing = |document: &&Data| {
        document
            .get("output")
            .and_then(Data::as_str)
            .is_some_and(|output| output.replace("{locale}/", "") == LANDING_PAGE)
    };
    let landing = documents.iter().find(is_landing).and_then(|it| it.get("id")?.as_str()).unwrap_or_default();
    for field in model.fields.iter().filter(|field| field.source == FieldSource::Form) {
        let name = match capture::name_on(data, landing, &field.id) {
            Named::AsOurs => &*field.id,
            Named::As(name) => name,
            Named::Elsewhere => continue,
        };
        if !landing_page.asks_for(name) {
            findings.add(
                format!("fields[{}]", field.id),
                format!("the form of the landing page has no field `{}`", field.id),
                "add the field to the form, or give the field `source: record`",
            );
            continue;
        }
        for value in field.values.iter().filter(|value| !landing_page.offers(name, value)) {
            findings.add(
                format!("fields[{}].values", field.id),
                format!("the form does not offer the value `{value}` of `{}`", field.id),
                "use the values of the form, or add this one to it",
            );
        }
    }
    findings.0
}
