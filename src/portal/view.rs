//! The catalogue's pages and its JSON.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;

use crate::data::Data;
use crate::diag::Diagnostic;
use crate::digest::Digest;
use crate::interpolate::Scope;
use crate::source::SourceId;
use crate::template::{self, Context, Engine, Language, Templates};

use super::overview::{Named, Overview};
use super::sums::{REGION, REGIONS};
use super::words::Document;
use super::{Entry, PAGE};
use crate::inventory::Heading;

/// Version of `catalog.json`; keys are only added.
const FORMAT: i64 = 1;

/// What every page of the catalogue says of the program.
pub struct Shown<'a> {
    pub heading: &'a Heading<'a>,
    pub product: Option<Arc<str>>,
    pub documents: Vec<Document>,
}

impl Shown<'_> {
    /// Of everything that a file of the catalogue depends on: its entries, what is said of the program, and
    /// this program, which has the templates.
    pub fn digest(
        &self,
        overview: &Overview,
        file: &str,
        partner: Option<&str>,
        sums: &[String],
        planned: Option<Digest>,
    ) -> Digest {
        let Heading { program, version, released } = self.heading;
        let mut hasher = blake3::Hasher::new();
        hasher.update(&overview.digest().0).update(&planned.unwrap_or_default().0);
        let words = [env!("COBRAND_FINGERPRINT"), file, partner.unwrap_or("/"), program, version, released];
        let documents = self.documents.iter().flat_map(|document| [document.name.as_str(), &document.output]);
        let sums = sums.iter().map(String::as_str);
        for text in words.into_iter().chain(self.product.as_deref()).chain(documents).chain(sums) {
            // No text holds this byte, so no two lists read alike.
            hasher.update(text.as_bytes()).update(&[0xff]);
        }
        Digest(*hasher.finalize().as_bytes())
    }
}

/// Whose page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'p> {
    Program,
    Region(&'p str),
    Partner(&'p str),
}

impl Place<'_> {
    /// From there to the top of the output.
    fn root(self) -> &'static str {
        match self {
            Self::Program => "",
            Self::Region(_) => "../../",
            Self::Partner(_) => "../",
        }
    }

    /// A path of the output, from there.
    fn to(self, path: &str) -> String {
        match self {
            Self::Partner(partner) => match path.strip_prefix(partner) {
                Some(rest) => rest.trim_start_matches('/').to_owned(),
                None => path.to_owned(),
            },
            _ => format!("{}{path}", self.root()),
        }
    }

    fn is_partners(self) -> bool {
        matches!(self, Self::Partner(_))
    }
}

/// Whose page it is, the files of its sums from there, and what it tells of the plan.
pub struct Whose<'w> {
    pub place: Place<'w>,
    /// Those that have a page of their own, where it leads to them.
    pub regions: &'w BTreeSet<Arc<str>>,
    pub sums: &'w [String],
    /// As in `load`.
    pub load: Data,
    /// As in `planned`.
    pub plan: Data,
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

    /// Writes the page of all entries, or of one partner's.
    ///
    /// Entries are rendered one by one: as values of a template they would take many times the page's
    /// own size.
    pub fn page(
        &self,
        shown: &Shown<'_>,
        overview: &Overview,
        entries: impl IntoIterator<Item: Borrow<Entry>>,
        whose: Whose<'_>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let place = whose.place;
        let frame = self.render("catalog.html", &frame(shown, overview, whose))?;
        let (before, behind) = frame.split_once(ENTRIES).unwrap_or((&frame, ""));
        let template = if place.is_partners() { "package.html" } else { "row.html" };
        out.write_all(before.as_bytes())?;
        for entry in entries {
            let row = row(entry.borrow(), overview, shown, place);
            out.write_all(self.render(template, &[("entry", row)])?.as_bytes())?;
        }
        out.write_all(behind.trim_start().as_bytes())
    }

    fn render(&self, template: &str, values: &[(&str, Data)]) -> io::Result<String> {
        let context = Context { values, scope: Rc::new(NoScope) };
        // No workspace can make one of these fail.
        self.engine
            .render(template, &context)
            .map(|rendering| rendering.text)
            .map_err(|error| io::Error::other(error.message))
    }
}

/// Where the entries stand in the frame.
const ENTRIES: &str = "<!-- entries -->";

/// The page without its entries.
fn frame(shown: &Shown<'_>, overview: &Overview, whose: Whose<'_>) -> Vec<(&'static str, Data)> {
    let Whose { place, regions, sums, load, plan } = whose;
    let heading = shown.heading;
    let name = overview.partner_name.clone().filter(|_| place.is_partners());
    let region = match place {
        Place::Region(region) => overview.name_of(REGION, region),
        _ => None,
    };
    vec![
        ("program", Data::from(shown.product.as_deref().unwrap_or(heading.program))),
        ("version", Data::from(heading.version)),
        ("released", Data::from(heading.released.as_str())),
        ("root", Data::from(place.root())),
        ("partner", name.map_or(Data::Null, Data::Text)),
        ("regions", Data::list(regions.iter().map(|id| leads_to(overview, id)))),
        ("region", region.map_or(Data::Null, Data::Text)),
        ("built", Data::Int(overview.built as i64)),
        ("count", Data::Int(overview.count as i64)),
        ("axes", Data::list(overview.axes.iter().map(|(axis, _)| Data::Text(axis.clone())))),
        ("filters", Data::list(filters(overview, !place.is_partners()))),
        ("sums", Data::list(sums.iter().map(|path| sum(path)))),
        ("load", load),
        ("plan", plan),
    ]
}

/// The page of a region, from HQ's.
fn leads_to(overview: &Overview, region: &Arc<str>) -> Data {
    let name = overview.name_of(REGION, region).unwrap_or_else(|| region.clone());
    Data::map([("href", Data::from(format!("{REGIONS}/{region}/{PAGE}"))), ("name", Data::Text(name))])
}

/// A file of sums: where it lies from the page, and its name.
fn sum(path: &str) -> Data {
    let name = path.rsplit('/').next().unwrap_or(path);
    Data::map([("href", Data::from(path)), ("name", Data::from(name))])
}

/// For each axis its values, for the selects above the table.
fn filters(overview: &Overview, with_tier: bool) -> Vec<Data> {
    let select = |name: &str, values: &Named| {
        let value = |(id, name): &(Arc<str>, Arc<str>)| {
            Data::map([("id", Data::Text(id.clone())), ("name", Data::Text(name.clone()))])
        };
        Data::map([("name", Data::from(name)), ("values", Data::list(values.iter().map(value)))])
    };
    let axes = overview.axes.iter().map(|(axis, values)| select(axis, values));
    axes.chain(with_tier.then(|| select("tier", &overview.tiers))).collect()
}

fn row(entry: &Entry, overview: &Overview, shown: &Shown<'_>, place: Place<'_>) -> Data {
    let cells = overview.axes.iter().map(|(axis, _)| {
        let found = entry.axes.iter().find(|(name, _, _)| name == axis);
        let (id, name) = found.map_or((Data::from(""), Data::from("")), |(_, id, name)| {
            (Data::Text(id.clone()), Data::Text(name.clone()))
        });
        Data::map([("axis", Data::Text(axis.clone())), ("id", id), ("name", name)])
    });
    let path = place.to(&entry.id);
    let page = |file: &str| Data::from(format!("{path}/{file}"));
    let document = |document: &Document| {
        Data::map([("name", Data::from(document.name.as_str())), ("href", page(&document.output))])
    };
    Data::map([
        ("id", Data::from(entry.id.as_str())),
        ("partner", Data::Text(entry.partner_name.clone())),
        (
            "partner_page",
            Data::from(place.to(&format!("{}/index.html", entry.id.split('/').next().unwrap_or_default()))),
        ),
        ("tier", entry.tier.clone().map_or(Data::from(""), |(id, _)| Data::Text(id))),
        ("tier_name", entry.tier.clone().map_or(Data::from(""), |(_, name)| Data::Text(name))),
        ("cells", Data::list(cells)),
        ("built", Data::Bool(entry.built)),
        ("site", page("site/index.html")),
        ("playbook", page("playbook/index.html")),
        ("documents", Data::list(shown.documents.iter().map(document))),
        ("zip", entry.zip.as_ref().map_or(Data::Null, |zip| Data::from(place.to(zip)))),
    ])
}

/// Writes `catalog.json` of HQ, or of one partner; paths are relative to the file.
pub fn catalog(
    heading: &Heading<'_>,
    entries: impl IntoIterator<Item: Borrow<Entry>>,
    partner: &str,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = |text: &str| serde_json::Value::from(text);
    write!(
        out,
        "{{\n  \"format\": {FORMAT},\n  \"program\": {},\n  \"version\": {},\n  \"released\": {},\n  \"deployments\": [",
        text(heading.program),
        text(heading.version),
        text(&heading.released),
    )?;
    for (index, entry) in entries.into_iter().enumerate() {
        out.write_all(if index == 0 { b"\n    " } else { b",\n    " })?;
        write!(out, "{}", deployment(entry.borrow(), partner))?;
    }
    out.write_all(b"\n  ]\n}\n")
}

fn deployment(entry: &Entry, partner: &str) -> serde_json::Value {
    let relative = |path: &str| path.strip_prefix(partner).map_or(path, |rest| rest.trim_start_matches('/')).to_owned();
    let axes = entry.axes.iter().map(|(axis, id, _)| (axis.to_string(), serde_json::Value::from(&**id)));
    let mut object: serde_json::Map<String, serde_json::Value> = axes.collect();
    object.insert("id".into(), entry.id.as_str().into());
    object.insert("partner".into(), entry.id.split('/').next().unwrap_or_default().into());
    object.insert("name".into(), (&*entry.partner_name).into());
    object.insert("tier".into(), entry.tier.as_ref().map(|(id, _)| &**id).into());
    object.insert("state".into(), if entry.built { "built" } else { "missing" }.into());
    object.insert("path".into(), relative(&entry.id).into());
    object.insert("zip".into(), entry.zip.as_deref().map(relative).into());
    object.into()
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
        let pages = Pages::new().unwrap();
        for (place, to) in
            [(Place::Program, "acme/us/"), (Place::Partner("acme"), "us/"), (Place::Region("us"), "../../acme/us/")]
        {
            let mut page = Vec::new();
            let whose = Whose {
                place,
                regions: &BTreeSet::from(["us".into()]),
                sums: &["goals.csv".to_owned()],
                load: Data::Null,
                plan: Data::Null,
            };
            pages.page(&shown, &Overview::of(&entries), &entries, whose, &mut page).unwrap();
            let page = String::from_utf8(page).unwrap();
            assert_eq!(page.matches(" data-id=").count(), 2, "{page}");
            assert!(page.contains("<a href=\"goals.csv\" download>goals.csv</a>"), "{page}");
            assert!(page.contains(&format!("<a href=\"{to}site/index.html\"")), "{page}");
            assert!(page.contains("United &lt;States&gt;") && page.trim_end().ends_with("</html>"), "{page}");
            // Whoever speaks to the page says what he sees.
            for named in page.split("aria-label=\"").skip(1).filter(|rest| rest.contains("</a>")) {
                let (name, rest) = named.split_once('"').unwrap();
                let seen =
                    rest.split_once('>').and_then(|(_, rest)| rest.split_once("</a>")).map_or("", |(seen, _)| seen);
                assert!(seen.contains('<') || name.starts_with(seen), "{name}: {seen}");
            }
        }
        let mut json = Vec::new();
        catalog(&heading, &entries, "acme", &mut json).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["deployments"][1]["path"], "uk");
    }
}
