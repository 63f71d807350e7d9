//! `new region`, `new industry`, `new motion` and so on: a value of an axis.

use crate::build::Program;
use crate::catalog::locales::LocaleId;
use crate::catalog::settings::AxisId;
use crate::diag::nearest;
use crate::encode::shell;
use crate::resolve::tree::Tree;
use crate::schema;

use super::footing::Footing;
use super::keys::{self, Keys};
use super::overlay::{self, Wanted};
use super::{NewFile, Refusal, Scaffold, id, scalar};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub axis: String,
    pub id: String,
    pub name: Option<String>,
    pub parent: Option<String>,
    /// The language of its own files; of a region, also that of its pages.
    pub locale: Option<String>,
    /// What of the master to scaffold, beside the record.
    pub paths: Vec<String>,
}

/// The record of the value, and what its role may change.
pub fn scaffold(program: &Program, request: &Request) -> Result<Scaffold, Refusal> {
    let catalog = program.catalog();
    let axis = id::axis(catalog, &request.axis)?;
    let own = catalog.settings.axis(axis);
    if axis == catalog.settings.partner() {
        return Err(Refusal::usage(
            "a partner is more than a value",
            format!("use `cobrand new partner {}`", shell::word(&request.id)),
        ));
    }
    id::check(&request.id, &own.name)?;
    if let Some(there) = id::exists(catalog, axis, &request.id) {
        return Err(there.into());
    }
    let wanted = Wanted::read(program, &request.paths)?;
    let parent = request.parent.as_deref().map(|parent| id::value(catalog, axis, parent)).transpose()?;
    let locale = request.locale.as_deref().map(|tag| locale(program, tag)).transpose()?;
    let mut values = vec![None; catalog.settings.axes.len()];
    values[axis.0] = parent;
    let footing =
        Footing::of_new(program, (axis, &request.id), None, &values, locale.unwrap_or(catalog.locales.source()));
    let folder = format!("{}/{}", own.folder, request.id);
    let mut files =
        vec![NewFile { path: format!("{folder}/{}.yaml", own.name), text: record(&footing, axis, request) }];
    let mut notes = Vec::new();
    if !footing.is_hq() || !wanted.is_all() {
        files.extend(overlay::files(&footing, &wanted, &folder));
        notes.extend(overlay::slots(&footing, &wanted, &folder));
    } else {
        notes.push(format!(
            "to change texts for it: `cobrand new overlay {}={} content/landing.md`",
            own.name, request.id
        ));
    }
    let mut next = vec![format!("fill in `{folder}/{}.yaml`", own.name)];
    if catalog.settings.matrix_axes().any(|matrix| matrix == axis) {
        next.push(format!("give it to partners: add `{}` to their `{}`", request.id, own.folder));
    }
    Ok(Scaffold { files, notes, next, ..Scaffold::default() })
}

/// The locale of a tag that the package declares.
pub fn locale(program: &Program, tag: &str) -> Result<LocaleId, Refusal> {
    let locales = &program.catalog().locales;
    locales.find(tag).ok_or_else(|| {
        let help = match nearest(tag, locales.tags()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                format!("locales are declared in `package.yaml`: {}", locales.tags().collect::<Vec<_>>().join(", "))
            }
        };
        Refusal::usage(format!("there is no locale `{tag}`"), help)
    })
}

fn record(footing: &Footing<'_>, axis: AxisId, request: &Request) -> String {
    let own = footing.program.catalog().settings.axis(axis);
    let name = request.name.clone().unwrap_or_else(|| id::name(&request.id));
    let mut given = vec![("name", scalar::text(&name))];
    given.extend(request.parent.as_deref().map(|parent| ("parent", scalar::text(parent))));
    if let Some(tag) = &request.locale {
        given.push(("locale", scalar::text(tag)));
        if &*own.name == "region" {
            given.push(("locales", format!("[{}]", scalar::text(tag))));
        }
    }
    let said: Vec<String> = given.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let keys: Vec<&str> = given.iter().map(|(key, _)| *key).collect();
    let from = if request.parent.is_some() { " What it does not say comes from its parent." } else { "" };
    format!(
        "## The record of the {} {}.{from}\n{}\n\n{}\n{}",
        own.name,
        request.id,
        keys::HOW,
        said.join("\n"),
        rest(footing, &own.name, footing.tree().and_then(|tree| tree.get(&own.name)).map(|tree| &**tree), &keys)
    )
}

/// The keys of a record that are not given: with today's value, or with what they are for.
pub fn rest(footing: &Footing<'_>, axis: &str, tree: Option<&Tree>, given: &[&str]) -> String {
    let is_set = |key: &str| {
        ["id", "name", "parent", "code", "locale", "tier", "exclude"].contains(&key) || given.contains(&key)
    };
    let everything = Wanted::default();
    let lines = tree.map(|tree| Keys::new(footing, &everything, true).below(tree, axis, is_set)).unwrap_or_default();
    let shape = schema::records::schema(axis);
    let is_silent = |name: &str| !is_set(name) && tree.is_none_or(|tree| tree.get(name).is_none());
    let silent = shape
        .fields()
        .iter()
        .filter(|field| is_silent(field.name) || (field.name == "code" && !given.contains(&"code")));
    let docs: Vec<String> = silent.map(|field| format!("## {}: {}", field.name, field.doc)).collect();
    let parts = [lines, docs].map(|lines| lines.join("\n"));
    parts.iter().filter(|part| !part.is_empty()).map(|part| format!("\n{part}\n")).collect()
}
