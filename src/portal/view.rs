//! The catalogue's pages and its JSON.

use std::sync::Arc;

use crate::data::Data;
use crate::diag::{Diagnostic, Diagnostics};
use crate::interpolate::Scope;
use crate::source::SourceId;
use crate::template::{self, Context, Engine, Language, Templates};

use super::words::Document;
use super::{Entry, Heading};

/// Version of `catalog.json`; keys are only added.
const FORMAT: i64 = 1;

/// What every page of the catalogue says of the program.
pub struct Shown<'a> {
    pub heading: &'a Heading<'a>,
    pub product: Option<Arc<str>>,
    pub documents: Vec<Document>,
}

/// The template of the catalogue, ready to render.
pub struct Pages {
    engine: Box<dyn Engine>,
}

impl Pages {
    pub fn new() -> Result<Self, Diagnostic> {
        let mut templates = Templates::default();
        templates.add("catalog.html", SourceId(u32::MAX), include_str!("catalog.html"));
        templates.add("row.html", SourceId(u32::MAX), include_str!("row.html"));
        templates.add("package.html", SourceId(u32::MAX), include_str!("package.html"));
        // The templates are our own and tested, so this cannot be the user's fault.
        let engine = template::engine(Language::MiniJinja, templates)
            .map_err(|_| Diagnostic::error("E-INTERNAL", "the catalogue's template is wrong"))?;
        Ok(Self { engine })
    }

    /// The page of all entries, or of one partner's.
    ///
    /// Entries are rendered one by one: as values of a template they would take many times the page's
    /// own size.
    pub fn page(&self, shown: &Shown<'_>, entries: &[&Entry], partner: Option<&str>) -> Result<String, Diagnostics> {
        let axes = axis_names(entries);
        let frame = self.render("catalog.html", &frame(shown, entries, &axes, partner))?;
        let (before, behind) = frame.split_once(ENTRIES).unwrap_or((&frame, ""));
        let template = if partner.is_some() { "package.html" } else { "row.html" };
        let mut page = before.to_owned();
        for entry in entries {
            page.push_str(&self.render(template, &[("entry", row(entry, &axes, shown, partner))])?);
        }
        page.push_str(behind.trim_start());
        Ok(page)
    }

    fn render(&self, template: &str, values: &[(&str, Data)]) -> Result<String, Diagnostics> {
        let context = Context { values, scope: Arc::new(NoScope) };
        self.engine.render(template, &context).map_err(Diagnostics::from)
    }
}

/// Where the entries stand in the frame.
const ENTRIES: &str = "<!-- entries -->";

/// The page without its entries.
fn frame(shown: &Shown<'_>, entries: &[&Entry], axes: &[Arc<str>], partner: Option<&str>) -> Vec<(&'static str, Data)> {
    let heading = shown.heading;
    let name = partner.and(entries.first()).map_or(Data::Null, |entry| Data::Text(entry.partner_name.clone()));
    vec![
        ("program", Data::from(shown.product.as_deref().unwrap_or(heading.program))),
        ("version", Data::from(heading.version)),
        ("released", Data::from(heading.released.as_str())),
        ("root", Data::from(if partner.is_some() { "../" } else { "" })),
        ("partner", name),
        ("built", Data::Int(entries.iter().filter(|entry| entry.built).count() as i64)),
        ("count", Data::Int(entries.len() as i64)),
        ("axes", Data::list(axes.iter().cloned().map(Data::Text))),
        ("filters", Data::list(filters(entries, axes, partner.is_none()))),
    ]
}

/// The axes in use, in their order.
fn axis_names(entries: &[&Entry]) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = Vec::new();
    for (axis, _, _) in entries.iter().flat_map(|entry| &entry.axes) {
        if !names.contains(axis) {
            names.push(axis.clone());
        }
    }
    names
}

/// For each axis its values, for the selects above the table.
fn filters(entries: &[&Entry], axes: &[Arc<str>], with_tier: bool) -> Vec<Data> {
    let select = |name: &str, mut values: Vec<(Arc<str>, Arc<str>)>| {
        values.sort();
        values.dedup();
        let values =
            values.into_iter().map(|(id, name)| Data::map([("id", Data::Text(id)), ("name", Data::Text(name))]));
        Data::map([("name", Data::from(name)), ("values", Data::list(values))])
    };
    let mut filters: Vec<Data> = axes
        .iter()
        .map(|axis| {
            let values = entries.iter().flat_map(|entry| &entry.axes).filter(|(name, _, _)| name == axis);
            select(axis, values.map(|(_, id, name)| (id.clone(), name.clone())).collect())
        })
        .collect();
    if with_tier {
        let tiers = entries.iter().filter_map(|entry| entry.tier.clone());
        filters.push(select("tier", tiers.collect()));
    }
    filters
}

fn row(entry: &Entry, axes: &[Arc<str>], shown: &Shown<'_>, partner: Option<&str>) -> Data {
    let relative = |path: &str| match partner {
        Some(partner) => path.strip_prefix(partner).map_or(path, |rest| rest.trim_start_matches('/')).to_owned(),
        None => path.to_owned(),
    };
    let cells = axes.iter().map(|axis| {
        let found = entry.axes.iter().find(|(name, _, _)| name == axis);
        let (id, name) = found.map_or((Data::from(""), Data::from("")), |(_, id, name)| {
            (Data::Text(id.clone()), Data::Text(name.clone()))
        });
        Data::map([("axis", Data::Text(axis.clone())), ("id", id), ("name", name)])
    });
    let path = relative(&entry.id);
    let page = |file: &str| Data::from(format!("{path}/{file}"));
    let document = |document: &Document| {
        Data::map([("name", Data::from(document.name.as_str())), ("href", page(&document.output))])
    };
    Data::map([
        ("id", Data::from(entry.id.as_str())),
        ("partner", Data::Text(entry.partner_name.clone())),
        ("partner_page", Data::from(format!("{}/index.html", entry.id.split('/').next().unwrap_or_default()))),
        ("tier", entry.tier.clone().map_or(Data::from(""), |(id, _)| Data::Text(id))),
        ("tier_name", entry.tier.clone().map_or(Data::from(""), |(_, name)| Data::Text(name))),
        ("cells", Data::list(cells)),
        ("built", Data::Bool(entry.built)),
        ("site", page("site/index.html")),
        ("playbook", page("playbook/index.html")),
        ("documents", Data::list(shown.documents.iter().map(document))),
        ("zip", entry.zip.as_ref().map_or(Data::Null, |zip| Data::from(relative(zip)))),
    ])
}

/// `catalog.json` of HQ, or of one partner; paths are relative to the file.
pub fn catalog(heading: &Heading<'_>, entries: &[&Entry], partner: &str) -> String {
    let relative = |path: &str| path.strip_prefix(partner).map_or(path, |rest| rest.trim_start_matches('/')).to_owned();
    let deployment = |entry: &&Entry| {
        let axes = entry.axes.iter().map(|(axis, id, _)| (axis.to_string(), serde_json::Value::from(&**id)));
        let mut object: serde_json::Map<String, serde_json::Value> = axes.collect();
        object.insert("id".into(), entry.id.as_str().into());
        object.insert("partner".into(), entry.id.split('/').next().unwrap_or_default().into());
        object.insert("name".into(), (&*entry.partner_name).into());
        object.insert("tier".into(), entry.tier.as_ref().map(|(id, _)| &**id).into());
        object.insert("state".into(), if entry.built { "built" } else { "missing" }.into());
        object.insert("path".into(), relative(&entry.id).into());
        object.insert("zip".into(), entry.zip.as_deref().map(relative).into());
        serde_json::Value::from(object)
    };
    let text = |text: &str| serde_json::Value::from(text);
    let mut json = format!(
        "{{\n  \"format\": {FORMAT},\n  \"program\": {},\n  \"version\": {},\n  \"released\": {},\n  \"deployments\": [",
        text(heading.program),
        text(heading.version),
        text(&heading.released),
    );
    for (index, entry) in entries.iter().enumerate() {
        json.push_str(if index == 0 { "\n    " } else { ",\n    " });
        json.push_str(&deployment(entry).to_string());
    }
    json.push_str("\n  ]\n}\n");
    json
}

/// The catalogue asks for no links and no assets.
struct NoScope;

impl Scope for NoScope {
    fn value(&self, _: &str) -> Option<Data> {
        None
    }

    fn link(&self, id: &str, _: &str) -> Result<String, String> {
        Err(format!("the catalogue has no link `{id}`"))
    }

    fn asset(&self, path: &str) -> Result<String, String> {
        Err(format!("the catalogue has no asset `{path}`"))
    }

    fn email_asset(&self, path: &str) -> Result<String, String> {
        self.asset(path)
    }

    fn locale(&self) -> &str {
        "en-US"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_an_entry_for_each_package_and_the_json_too() {
        let heading = Heading { program: "p", version: "1", released: "2026-11-16".to_owned() };
        let shown = Shown { heading: &heading, product: None, documents: Vec::new() };
        let entry = |id: &str| Entry {
            id: id.to_owned(),
            axes: vec![("region".into(), "us".into(), "United <States>".into())],
            partner_name: "Acme".into(),
            tier: None,
            built: true,
            zip: None,
        };
        let entries = [entry("acme/us"), entry("acme/uk")];
        let entries: Vec<&Entry> = entries.iter().collect();
        let pages = Pages::new().unwrap();
        for partner in [None, Some("acme")] {
            let page = pages.page(&shown, &entries, partner).unwrap();
            assert_eq!(page.matches(" data-id=").count(), 2, "{page}");
            assert!(page.contains("United &lt;States&gt;") && page.trim_end().ends_with("</html>"), "{page}");
        }
        let json: serde_json::Value = serde_json::from_str(&catalog(&heading, &entries, "acme")).unwrap();
        assert_eq!(json["deployments"][1]["path"], "uk");
    }
}
