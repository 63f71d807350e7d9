//! `new partner`: the record of a partner, and what its tier may change.
//!
//! What a partner is entitled to is HQ's to say (G12). A partner without a row in a registry states it in its
//! record, so it is written there: as asked for, else as most partners have it. A partner with a row has it
//! there, and its folder says nothing of it.

use std::collections::BTreeMap;

use crate::build::Program;
use crate::catalog::Catalog;
use crate::catalog::locales::LocaleId;
use crate::catalog::patch::Leaf;
use crate::catalog::selector::{Binding, Selector};
use crate::catalog::settings::AxisId;
use crate::resolve::tree::Tree;
use crate::resolve::{Resolver, Stack};

use super::footing::Footing;
use super::overlay::{self, Wanted};
use super::value::{locale, rest};
use super::{NewFile, Refusal, Scaffold, id, keys, sample, scalar};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub id: String,
    pub name: Option<String>,
    pub locale: Option<String>,
    pub website: Option<String>,
    pub contact: Option<String>,
    pub email: Option<String>,
    pub phone: Option<String>,
    /// Values by the name of their axis: `tier`, `motion` and so on.
    pub entitled: BTreeMap<String, Vec<String>>,
    pub paths: Vec<String>,
}

/// For each axis the values that a partner gets.
type Entitled = Vec<Vec<usize>>;

pub fn scaffold(program: &Program, request: &Request) -> Result<Scaffold, Refusal> {
    let catalog = program.catalog();
    let axis = catalog.settings.partner();
    id::check(&request.id, "partner")?;
    let wanted = Wanted::read(program, &request.paths)?;
    let locale = request.locale.as_deref().map(|tag| locale(program, tag)).transpose()?;
    let folder = format!("{}/{}", catalog.settings.axis(axis).folder, request.id);
    if has_row_only(program, &request.id, &folder) {
        return of_row(program, request, &wanted, &folder);
    }
    if let Some(there) = id::exists(catalog, axis, &request.id) {
        return Err(there.into());
    }
    let mut notes = Vec::new();
    let entitled = entitled(program, request, &mut notes)?;
    let first: Vec<Option<usize>> = entitled.iter().map(|values| values.first().copied()).collect();
    let tier = tier(catalog, &first);
    let footing =
        Footing::of_new(program, (axis, &request.id), tier, &first, locale.unwrap_or(catalog.locales.source()));
    let asked = asked_of_senders(program, &entitled, locale);
    let record = record(&footing, request, &entitled, &asked);
    let mut files = vec![NewFile { path: format!("{folder}/partner.yaml"), text: record }];
    files.extend(overlay::files(&footing, &wanted, &folder));
    files.extend(sample::files(&footing, &folder, &request.id));
    notes.extend(
        overlay::slots(&footing, &wanted, &folder)
            .into_iter()
            .filter(|note| files.iter().all(|file| !note.contains(&format!("`{}`", file.path)))),
    );
    let expects_words = tier.and_then(|tier| program.approved().policy().tier(tier)).is_some_and(|cut| cut.own_words);
    if expects_words {
        notes.push("its tier expects words of its own: `check` warns (W-LOGOSWAP) until it has some".to_owned());
    }
    let next = vec![
        format!("put its real data into the lines marked `sample` of `{folder}/partner.yaml`"),
        format!("cobrand build \"{}/**\"", request.id),
    ];
    Ok(Scaffold { files, notes, next, ..Scaffold::default() })
}

/// Whether HQ has listed the partner, and nobody has written its record yet.
fn has_row_only(program: &Program, id: &str, folder: &str) -> bool {
    let catalog = program.catalog();
    let is_own = |layer: &&crate::catalog::Layer| layer.row.is_some() && layer.place == *folder;
    let has_file = |path: &str| program.workspace().file(path).is_some();
    catalog.axes[catalog.settings.partner().0].get(id).is_some()
        && catalog.layers.iter().any(|layer| is_own(&layer))
        && !has_file(&format!("{folder}/partner.yaml"))
        && !has_file(&format!("{folder}.yaml"))
}

/// The folder of a partner that HQ has listed: its own data, as comments, and no entitlements.
fn of_row(program: &Program, request: &Request, wanted: &Wanted, folder: &str) -> Result<Scaffold, Refusal> {
    let catalog = program.catalog();
    let axis = catalog.settings.partner();
    if let Some((name, _)) = request.entitled.first_key_value() {
        return Err(Refusal::usage(
            format!("`{}` stands in a registry, which says its {name}", request.id),
            "leave it out here; HQ changes it in the registry",
        ));
    }
    let value = id::value(catalog, axis, &request.id)?;
    let name = catalog.settings.axis(axis).name.clone();
    let bound = vec![Binding { axis, name, value, id: request.id.as_str().into() }];
    let footing = Footing::of_selector(program, &Selector::new(bound, &catalog.settings, &catalog.axes));
    let given = given(request);
    let keys: Vec<&str> = given.iter().map(|(key, _)| *key).collect();
    let said: Vec<String> = given.iter().map(|(key, value)| format!("{key}: {value}")).collect();
    let said = match said.is_empty() {
        // A record that says nothing is no map; the name says nothing new.
        true => format!(
            "name: {}",
            scalar::text(footing.tree().and_then(|tree| tree.text_at("partner.name")).unwrap_or(&request.id))
        ),
        false => said.join("\n"),
    };
    let own = footing.tree().and_then(|tree| tree.get("partner")).map(|tree| &**tree);
    let text = format!(
        "## The record of {}. Its tier and lists stand in the registry, which is HQ's; so does what is not said here.\n\
         {}\n\n{said}\n{}",
        request.id,
        keys::HOW,
        rest(&footing, "partner", own, &keys)
    );
    let mut files = vec![NewFile { path: format!("{folder}/partner.yaml"), text }];
    files.extend(overlay::files(&footing, wanted, folder));
    files.retain(|file| program.workspace().file(&file.path).is_none());
    let notes = overlay::slots(&footing, wanted, folder);
    let next = vec!["cobrand check".to_owned()];
    Ok(Scaffold { files, notes, next, ..Scaffold::default() })
}

/// What the command line says of the record.
fn given(request: &Request) -> Vec<(&'static str, String)> {
    let mut given = Vec::new();
    given.extend(request.name.as_deref().map(|name| ("name", scalar::text(name))));
    given.extend(request.locale.as_deref().map(|tag| ("locale", scalar::text(tag))));
    given.extend(request.website.as_deref().map(|url| ("website", scalar::text(url))));
    let contact = [("name", &request.contact), ("email", &request.email), ("phone", &request.phone)];
    let contact: Vec<String> =
        contact.iter().filter_map(|(key, value)| Some(format!("{key}: {}", scalar::text(value.as_deref()?)))).collect();
    if !contact.is_empty() {
        given.push(("contact", format!("{{{}}}", contact.join(", "))));
    }
    given
}

/// What the partner gets: as asked for, else what most partners have.
fn entitled(program: &Program, request: &Request, notes: &mut Vec<String>) -> Result<Entitled, Refusal> {
    let catalog = program.catalog();
    let mut all = vec![Vec::new(); catalog.settings.axes.len()];
    for name in request.entitled.keys() {
        let axis = id::axis(catalog, name)?;
        if axis == catalog.settings.partner() {
            return Err(Refusal::usage(
                "a partner is not entitled to partners",
                "name a tier, or a value of another axis",
            ));
        }
    }
    for axis in catalog.settings.axis_ids().filter(|&axis| axis != catalog.settings.partner()) {
        let own = catalog.settings.axis(axis);
        let asked = request.entitled.iter().find(|(name, _)| **name == *own.name).map(|(_, values)| values);
        if let Some(asked) = asked {
            for value in asked {
                all[axis.0].push(id::value(catalog, axis, value)?);
            }
            if own.from.is_some() && all[axis.0].len() > 1 {
                return Err(Refusal::usage(format!("a partner has one {}", own.name), "name one of them"));
            }
            continue;
        }
        if let Some(usual) = usual(program, axis) {
            all[axis.0].push(usual);
            notes.push(format!("{}: {}, as most partners have it", own.name, catalog.axes[axis.0].at(usual).id));
        }
    }
    Ok(all)
}

/// The value that most partners have; of equals the first by name.
fn usual(program: &Program, axis: AxisId) -> Option<usize> {
    let catalog = program.catalog();
    let mut partners: BTreeMap<usize, std::collections::BTreeSet<usize>> = BTreeMap::new();
    for base in program.matrix().bases() {
        if let Some(value) = base.values[axis.0] {
            partners.entry(value).or_default().extend(&base.partners);
        }
    }
    let most = partners.iter().max_by_key(|(value, partners)| (partners.len(), std::cmp::Reverse(**value)));
    // A workspace may leave an axis unused; then nobody needs a value of it.
    let is_used = !program.matrix().bases().is_empty();
    most.map(|(value, _)| *value).or_else(|| (!is_used && catalog.axes[axis.0].iter().next().is_some()).then_some(0))
}

fn tier<'a>(catalog: &'a Catalog, values: &[Option<usize>]) -> Option<&'a str> {
    let axis = catalog.settings.axis_named("tier")?;
    Some(&catalog.axes[axis.0].at(values[axis.0]?).id)
}

/// What imprints and footers name, whatever the region.
const SENDER: [&str; 7] = ["legal_name", "street", "postcode", "city", "country", "phone", "email"];

/// The legal data of a sender, and what a region of the partner asks for beside it.
fn asked_of_senders(program: &Program, entitled: &Entitled, locale: Option<LocaleId>) -> Vec<String> {
    let catalog = program.catalog();
    let locale = locale.unwrap_or(catalog.locales.source());
    let resolver = Resolver::new(program.approved());
    let mut asked: Vec<String> = SENDER.map(str::to_owned).into();
    for (axis, values) in entitled.iter().enumerate() {
        for &value in values {
            let mut bound = vec![None; entitled.len()];
            bound[axis] = Some(value);
            let stack = Stack::matching(catalog, &bound);
            let path = "region.legal.required_sender_fields";
            let tree = resolver.resolve_only(path, &stack, locale);
            let fields = tree.at(path).and_then(Tree::as_leaf).map(|leaf| &leaf.leaf);
            let Some(Leaf::Seq(fields)) = fields else { continue };
            let names = fields.iter().filter_map(Leaf::source).filter(|name| !name.is_empty());
            for name in names {
                if asked.iter().all(|known| known != name) {
                    asked.push(name.to_owned());
                }
            }
        }
    }
    asked
}

fn record(footing: &Footing<'_>, request: &Request, entitled: &Entitled, asked: &[String]) -> String {
    let catalog = footing.program.catalog();
    let name = request.name.clone().unwrap_or_else(|| id::name(&request.id));
    let mut lines = vec![format!("## The record of the partner {}.", request.id), keys::HOW.to_owned(), String::new()];
    lines.push(format!("name: {}", scalar::text(&name)));
    lines.extend(request.locale.as_deref().map(|tag| format!("locale: {}", scalar::text(tag))));
    lines.push(String::new());
    lines.push(
        "## HQ's: what the partner is entitled to. With a row in a registry these lines stand there instead."
            .to_owned(),
    );
    for axis in catalog.settings.axis_ids() {
        let own = catalog.settings.axis(axis);
        let ids: Vec<&str> = entitled[axis.0].iter().map(|&value| &*catalog.axes[axis.0].at(value).id).collect();
        let others = catalog.axes[axis.0].ids().filter(|id| !ids.contains(id)).take(12).collect::<Vec<_>>().join(", ");
        let others = if others.is_empty() { String::new() } else { format!("  # also: {others}") };
        match (&own.from, ids.as_slice()) {
            (_, []) => {}
            (Some(from), [one, ..]) => {
                lines.push(format!("{}: {}{others}", from.strip_prefix("partner.").unwrap_or(from), scalar::text(one)));
            }
            (None, ids) => {
                let ids: Vec<String> = ids.iter().map(|id| scalar::text(id)).collect();
                lines.push(format!("{}: [{}]{others}", own.folder, ids.join(", ")));
            }
        }
    }
    lines.extend([String::new(), "## The partner's own.".to_owned()]);
    let mut say = |key: &str, given: &Option<String>, sample: String| match given {
        Some(value) => lines.push(format!("{key}: {}", scalar::text(value))),
        None => lines.push(format!("{key}: {}  # sample", scalar::text(&sample))),
    };
    say("website", &request.website, format!("https://{}.example", request.id));
    lines.push("contact:".to_owned());
    let mut say = |key: &str, given: &Option<String>, sample: String| match given {
        Some(value) => lines.push(format!("  {key}: {}", scalar::text(value))),
        None => lines.push(format!("  {key}: {}  # sample", scalar::text(&sample))),
    };
    say("name", &request.contact, "Kim Sample".to_owned());
    say("email", &request.email, format!("partner@{}.example", request.id));
    say("phone", &request.phone, "+1 555 0100".to_owned());
    lines.push("legal:".to_owned());
    lines
        .extend(asked.iter().map(|field| format!("  {field}: {}  # sample", sample::legal(field, &name, &request.id))));
    let legal = crate::schema::records::schema("partner");
    let legal = legal.at("legal").map(|shape| shape.fields().to_vec()).unwrap_or_default();
    lines.extend(
        legal
            .iter()
            .filter(|field| asked.iter().all(|asked| asked != field.name))
            .map(|field| format!("  ## {}: {}", field.name, field.doc)),
    );
    let given = ["website", "contact", "legal", "motions", "industries", "regions"];
    let own = footing.tree().and_then(|tree| tree.get("partner")).map(|tree| &**tree);
    format!("{}\n{}", lines.join("\n"), rest(footing, "partner", own, &given))
}
