//! `new overlay`: the files of a layer, for what it may change (G1, G5).

use crate::build::Program;
use crate::catalog::Catalog;
use crate::catalog::layers::MASTER;
use crate::catalog::place::{Step, lies_in, steps};
use crate::catalog::selector::{Binding, Selector};
use crate::catalog::settings::Settings;
use crate::diag::{Diagnostic, nearest};
use crate::editor;
use crate::schema;
use crate::source::Span;

use super::footing::Footing;
use super::keys::{self, Keys};
use super::{NewFile, Refusal, Scaffold, blocks, id};

/// The paths somebody asked for; everything without one.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    paths: Vec<String>,
}

impl Wanted {
    /// Reads paths as people write them: also `nurture.yaml`, and with the master's folder before them.
    pub fn read(program: &Program, texts: &[String]) -> Result<Self, Refusal> {
        let index = program.approved().index();
        let mut paths = Vec::new();
        for text in texts {
            let path = text.trim().trim_start_matches("./");
            let path = path.strip_prefix(MASTER).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path);
            let path = path.strip_suffix(".yaml").unwrap_or(path);
            let is_known = path == "package" || index.below(path).any(|known| lies_in(known, path).is_some());
            if !is_known {
                let help = match nearest(path, index.below("")) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name a value, block or file of the master, such as `content/landing.md#hero`".to_owned(),
                };
                return Err(Refusal::usage(format!("nothing in the master is called `{text}`"), help));
            }
            paths.push(path.to_owned());
        }
        Ok(Self { paths })
    }

    pub fn is_all(&self) -> bool {
        self.paths.is_empty()
    }

    /// Whether a path is one of them, lies in one, or is to be made in one.
    pub fn has(&self, path: &str) -> bool {
        let is_of_package =
            || schema::package::schema().fields().iter().any(|field| lies_in(path, field.name).is_some());
        self.is_all()
            || self
                .paths
                .iter()
                .any(|wanted| lies_in(path, wanted).is_some() || (wanted == "package" && is_of_package()))
    }
}

/// The file of a layer that holds a value, and the way to it in there.
pub fn address(path: &str) -> (String, Vec<Step>) {
    let mut way = steps(path);
    if let Some((file, _)) = path.split_once(".md@") {
        // The file, and its front matter.
        return (format!("{file}.md"), way.split_off(2.min(way.len())));
    }
    let first = way.first().map(|step| step.name().to_string()).unwrap_or_default();
    match schema::documents().iter().any(|field| field.name == first) {
        true => (format!("{first}.yaml"), way.split_off(1)),
        false => ("package.yaml".to_owned(), way),
    }
}

/// The value in whose folder a layer lies: that of its strongest axis. Of peers it is the one that would be
/// laid out last, as the help of E-PEER says.
pub fn owner<'s>(settings: &Settings, selector: &'s Selector) -> Option<&'s Binding> {
    selector.bindings().iter().max_by_key(|binding| (settings.band_of(binding.axis), &binding.name, &binding.id))
}

/// The folder of a layer.
pub fn folder(settings: &Settings, selector: &Selector) -> Option<String> {
    let own = owner(settings, selector)?;
    let place = format!("{}/{}", settings.axis(own.axis).folder, own.id);
    let others = selector.bindings().iter().filter(|binding| *binding != own);
    let bound: Vec<String> = others.map(|binding| format!("{}={}", binding.name, binding.id)).collect();
    Some(if bound.is_empty() { place } else { format!("{place}/@{}", bound.join(",")) })
}

/// The layer that is named `partner=acme,region=dach` or by its folder, `partners/acme/@region=dach`.
pub fn selector(catalog: &Catalog, text: &str) -> Result<Selector, Refusal> {
    let help = "name its values, as in `partner=acme,region=dach`";
    let mut bound: Vec<Binding> = Vec::new();
    for part in parts(catalog, text).split(',') {
        let Some((name, value)) = part.split_once('=') else {
            return Err(Refusal::usage(format!("`{text}` names no layer"), help));
        };
        let axis = id::axis(catalog, name.trim())?;
        let index = id::value(catalog, axis, value.trim())?;
        if bound.iter().any(|other| other.axis == axis) {
            return Err(Refusal::usage(format!("`{text}` names two values of the axis `{name}`"), help));
        }
        let known = catalog.axes[axis.0].at(index);
        bound.push(Binding {
            axis,
            name: catalog.settings.axis(axis).name.clone(),
            value: index,
            id: known.id.clone(),
        });
    }
    Ok(Selector::new(bound, &catalog.settings, &catalog.axes))
}

/// Whether a text is meant to name a layer, and no path of the master.
pub fn is_layer(catalog: &Catalog, text: &str) -> bool {
    parts(catalog, text).contains('=')
}

/// A folder as the selector that it stands for; any other text as it is.
fn parts(catalog: &Catalog, text: &str) -> String {
    let text = text.trim().trim_start_matches("./").trim_end_matches('/');
    let of_folder = |text: &str| {
        let (folder, rest) = text.split_once('/')?;
        let axis = catalog.settings.axes.iter().find(|axis| &*axis.folder == folder)?;
        let (id, bound) = rest.split_once("/@").map_or((rest, None), |(id, bound)| (id, Some(bound)));
        let own = format!("{}={id}", axis.name);
        Some(bound.map_or(own.clone(), |bound| format!("{own},{bound}")))
    };
    of_folder(text).unwrap_or_else(|| text.to_owned())
}

/// The overlay of an existing value, or of a combination.
pub fn scaffold(program: &Program, text: &str, paths: &[String]) -> Result<Scaffold, Refusal> {
    let catalog = program.catalog();
    let selector = selector(catalog, text)?;
    let wanted = Wanted::read(program, paths)?;
    let footing = Footing::of_selector(program, &selector);
    let Some(folder) = folder(&catalog.settings, &selector) else {
        return Err(Refusal::usage(format!("`{text}` names no layer"), "name its values, as in `partner=acme`"));
    };
    if let Some(single) = single(program, &selector) {
        return Err(single.into());
    }
    if footing.is_hq() && wanted.is_all() {
        return Err(Refusal::usage(
            format!("everything is open to HQ in `{folder}/`"),
            format!("name what to change: `cobrand new overlay {selector} content/landing.md`"),
        ));
    }
    let made = files(&footing, &wanted, &folder);
    let written = |file: &NewFile| program.workspace().file(&file.path).is_some();
    let (there, files): (Vec<_>, Vec<_>) = made.into_iter().partition(written);
    if let Some(first) = there.first().filter(|_| files.is_empty()) {
        let place = program.workspace().file(&first.path).map(|file| Span::file(file.source));
        let error = Diagnostic::error("E-EXISTS", format!("`{}` is there already", first.path));
        let error = error.help("write into it; `cobrand policy` and `cobrand explain` show what may be changed");
        return Err(place.map(|place| error.clone().at(place, "")).unwrap_or(error).into());
    }
    if files.is_empty() {
        let who = footing.who();
        let problem = match wanted.is_all() {
            true => format!("nothing is open to the {who}"),
            false => format!("nothing of `{}` is open to the {who}", paths.join("`, `")),
        };
        return Err(Refusal::usage(
            problem,
            "`cobrand explain` shows the rule; HQ opens it in `policy.yaml`, or grants a waiver",
        ));
    }
    let mut notes: Vec<String> =
        there.iter().map(|file| format!("`{}` is there already, and stays as it is", file.path)).collect();
    notes.extend(slots(&footing, &wanted, &folder));
    let next =
        vec![format!("take the comment from what you want to change in `{folder}/`"), "cobrand check".to_owned()];
    Ok(Scaffold { files, notes, next, ..Scaffold::default() })
}

/// A value that is one file has no folder to put an overlay into.
fn single(program: &Program, selector: &Selector) -> Option<Diagnostic> {
    let settings = &program.catalog().settings;
    let own = owner(settings, selector)?;
    let axis = settings.axis(own.axis);
    let file = format!("{}/{}.yaml", axis.folder, own.id);
    let found = program.workspace().file(&file)?;
    let error = Diagnostic::error("E-EXISTS", format!("{} `{}` is a single file", axis.name, own.id));
    Some(error.at(Span::file(found.source), "").help(format!(
        "move it to `{}/{}/{}.yaml`, or write the change under its key `overlay:`",
        axis.folder, own.id, axis.name
    )))
}

/// Every file in which something is open, at the paths it has below the layer's folder.
pub fn files(footing: &Footing<'_>, wanted: &Wanted, folder: &str) -> Vec<NewFile> {
    let Some(tree) = footing.tree() else { return Vec::new() };
    let fields = schema::package::schema().fields();
    let mut files = Vec::new();
    for (kind, path, _) in editor::documents() {
        let keys = Keys::new(footing, wanted, false);
        let lines = match path {
            "" => keys.below(tree, "", |key| fields.iter().all(|field| field.name != key)),
            _ => tree.get(path).map(|node| keys.below(node, path, |_| false)).unwrap_or_default(),
        };
        if !lines.is_empty() {
            let head = format!("## What the {} may set in {kind}.yaml.", footing.who());
            let text = format!("{head}\n{}\n\n{}\n", keys::HOW, lines.join("\n"));
            files.push(NewFile { path: format!("{folder}/{kind}.yaml"), text });
        }
    }
    for (path, _) in tree.children().filter(|(path, _)| path.starts_with("content/") && path.ends_with(".md")) {
        if let Some(text) = blocks::file(footing, wanted, path) {
            files.push(NewFile { path: format!("{folder}/{path}"), text });
        }
    }
    files
}

/// Files that may be put beside, which nobody can scaffold.
pub fn slots(footing: &Footing<'_>, wanted: &Wanted, folder: &str) -> Vec<String> {
    let rules = footing.program.approved().policy().rules().iter().map(|rule| rule.pattern.text());
    let open = rules.filter(|path| {
        let right = crate::catalog::patch::Right::Replace;
        path.starts_with("assets/")
            && !path.contains('*')
            && wanted.has(path)
            && !footing.is_hq()
            && footing.may(path, right)
    });
    let said =
        open.filter(|path| footing.program.workspace().file(&format!("{folder}/{path}")).is_none()).map(|path| {
            let limits = footing.limits(path);
            let limits = if limits.is_empty() { String::new() } else { format!(" ({})", limits.join("; ")) };
            format!("a file may be put at `{folder}/{path}`{limits}")
        });
    said.collect()
}
