//! `new overlay --settle`: the combination overlay that says which of two peers holds (O4).
//!
//! The side that is taken is followed, `$inherit`, where the role may do so: then nothing is copied that could
//! grow stale. Elsewhere what it says is said again. Without a choice both sides stand as comments: nothing is
//! settled then, and nothing new is wrong either.

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::build::{self, Program};
use crate::catalog::patch::{Contribution, Patch, PatchKind, Right};
use crate::catalog::place::{governed, steps};
use crate::catalog::selector::{Binding, Selector};
use crate::catalog::{Catalog, Layer};
use crate::diag::{Diagnostic, Diagnostics};
use crate::encode::markdown::in_comment;
use crate::matrix;
use crate::resolve::{Clash, Resolver, Side, Stack, latent};
use crate::source::Span;
use crate::syntax::markdown::{self, Place};
use crate::workspace::Files;

use super::footing::Footing;
use super::outline::Outline;
use super::overlay::{self, Wanted};
use super::trial::Trial;
use super::{Addition, NewFile, Refusal, Scaffold, scalar};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The combination; all that clash in a deployment unless given.
    pub layer: Option<String>,
    pub paths: Vec<String>,
    /// The axis or layer whose side holds.
    pub take: Option<String>,
    /// Also combinations that no deployment has yet.
    pub all_combinations: bool,
}

/// Settling one clash can bring up another: what holds for a value and its children stands beside what a child
/// says itself. More rounds than this are nobody's program.
const ROUNDS: usize = 8;

/// The overlays that settle what clashes, and the ids of the deployments that they reach.
pub fn scaffold<F: Files>(
    files: &F,
    today: Option<Date>,
    program: &Program,
    request: &Request,
) -> Result<(Scaffold, Vec<String>), Refusal> {
    let mut settled = Settled::default();
    let mut is_new = settled.round(program, request)?;
    for _ in 1..ROUNDS {
        if !is_new || request.take.is_none() {
            break;
        }
        let trial = Trial::read(files, &settled.scaffold(program, request)?, today);
        let Ok(program) = &trial else { break };
        is_new = settled.round(program, request)?;
    }
    Ok((settled.scaffold(program, request)?, settled.reached))
}

/// What was settled so far.
#[derive(Default)]
struct Settled {
    /// By the folder of the combination overlay.
    overlays: IndexMap<String, Content>,
    notes: Vec<String>,
    reached: Vec<String>,
}

/// A combination overlay that is being made.
struct Content {
    selector: Selector,
    /// YAML by file; front matter under the Markdown file.
    keys: IndexMap<String, Outline>,
    /// Operations by Markdown file.
    blocks: IndexMap<String, Vec<String>>,
    files: IndexMap<String, String>,
}

impl Settled {
    /// Settles what clashes in a program; whether anything did.
    fn round(&mut self, program: &Program, request: &Request) -> Result<bool, Refusal> {
        let catalog = program.catalog();
        // A path may come first: all combinations are meant then.
        let is_layer = |text: &&str| overlay::is_layer(catalog, text);
        let named = request.layer.as_deref().filter(is_layer);
        let first = request.layer.clone().filter(|text| named != Some(text.as_str()));
        let paths: Vec<String> = first.into_iter().chain(request.paths.iter().cloned()).collect();
        let wanted = Wanted::read(program, &paths)?;
        let named = named.map(|layer| overlay::selector(catalog, layer)).transpose()?;
        let mut found = clashes(program, named.as_ref(), request.all_combinations);
        found.retain(|clash| wanted.has(governed(&clash.path)));
        if let Some(take) = request.take.as_ref().filter(|_| self.overlays.is_empty()) {
            check_take(catalog, take, &found)?;
        }
        let before = self.notes.len();
        for clash in &found {
            let selector = named.clone().unwrap_or_else(|| combined(catalog, clash));
            let Some(folder) = overlay::folder(&catalog.settings, &selector) else { continue };
            let target =
                Target { program, footing: Footing::of_selector(program, &selector), take: request.take.as_deref() };
            self.reached.extend(reached(program, &selector));
            let content = self.overlays.entry(folder).or_insert_with(|| Content::new(selector));
            target.settle(clash, content, &mut self.notes);
        }
        self.reached.sort_unstable();
        self.reached.dedup();
        Ok(self.notes.len() > before)
    }

    /// The files, for the program as it is.
    fn scaffold(&self, program: &Program, request: &Request) -> Result<Scaffold, Refusal> {
        let mut made = Scaffold { notes: self.notes.clone(), ..Scaffold::default() };
        for (folder, content) in &self.overlays {
            content.write(program, folder, request.take.is_some(), &mut made)?;
        }
        if self.overlays.is_empty() {
            made.notes.push("nothing to settle: no two peers disagree".to_owned());
        }
        let is_empty = made.files.is_empty() && made.additions.is_empty();
        if request.take.is_none() && !is_empty {
            made.notes.push("nothing is settled yet: both sides stand as comments".to_owned());
            made.next.push("take the comment from one side of each".to_owned());
        }
        made.next.extend((!is_empty).then(|| "cobrand check".to_owned()));
        Ok(made)
    }
}

/// Clashes that reach an output (O3), each once.
fn clashes(program: &Program, named: Option<&Selector>, also_latent: bool) -> Vec<Clash> {
    let catalog = program.catalog();
    let mut found: Vec<Clash> = Vec::new();
    if let Some(named) = named {
        let mut values = vec![None; catalog.settings.axes.len()];
        named.bindings().iter().for_each(|binding| values[binding.axis.0] = Some(binding.value));
        found.extend(of_values(program, &values));
    } else {
        for base in program.matrix().bases() {
            let shared = of_values(program, &base.values);
            for &partner in &base.partners {
                let values = base.with_partner(catalog, partner);
                let bound = |layer: &&Layer| {
                    layer.selector.binds(catalog.settings.partner()).is_some()
                        && layer.selector.matches(&values, &catalog.axes)
                };
                // One layer of its own has no peer among the partner's, and can only hide what clashes.
                let is_plain = shared.is_empty() && catalog.layers.iter().filter(bound).count() < 2;
                if !is_plain {
                    found.extend(of_values(program, &values));
                }
            }
        }
        if also_latent {
            found.extend(latent::clashes(program.approved(), program.matrix()));
        }
    }
    let mut seen = Vec::new();
    found.retain(|clash| {
        let key = (governed(&clash.path).to_owned(), clash.sides.map(|side| side.layer));
        let is_new = !seen.contains(&key);
        seen.push(key);
        is_new
    });
    found
}

fn of_values(program: &Program, values: &[Option<usize>]) -> Vec<Clash> {
    let catalog = program.catalog();
    let stack = Stack::matching(catalog, values);
    let source = catalog.locales.source();
    let resolver = Resolver::new(program.approved());
    let look = |locale| resolver.resolve(&stack, locale, None, &mut Diagnostics::default());
    let first = look(source);
    let mut locales = build::locales(&first.tree, &catalog.locales);
    locales.extend(stack.layers().iter().map(|&id| catalog.layer(id).locale));
    locales.sort_unstable();
    locales.dedup();
    let others = locales.into_iter().filter(|&locale| locale != source).flat_map(|locale| look(locale).clashes);
    first.clashes.iter().cloned().chain(others).collect()
}

/// The weakest layer that is stronger than both.
fn combined(catalog: &Catalog, clash: &Clash) -> Selector {
    let mut bound: Vec<Binding> = Vec::new();
    for binding in clash.sides.iter().flat_map(|side| catalog.layer(side.layer).selector.bindings()) {
        let depth = |binding: &Binding| catalog.axes[binding.axis.0].at(binding.value).depth;
        match bound.iter_mut().find(|other| other.axis == binding.axis) {
            Some(other) if depth(other) < depth(binding) => *other = binding.clone(),
            Some(_) => {}
            None => bound.push(binding.clone()),
        }
    }
    Selector::new(bound, &catalog.settings, &catalog.axes)
}

fn check_take(catalog: &Catalog, take: &str, found: &[Clash]) -> Result<(), Refusal> {
    let fits = |clash: &Clash| taken(catalog, clash, take).is_some();
    if found.is_empty() || found.iter().any(fits) {
        return Ok(());
    }
    let mut sides: Vec<String> = Vec::new();
    for side in found.iter().flat_map(|clash| clash.sides) {
        let name = catalog.layer(side.layer).selector.to_string();
        if !sides.contains(&name) {
            sides.push(name);
        }
    }
    Err(Refusal::usage(format!("no side is called `{take}`"), format!("name an axis, or one of {}", sides.join(", "))))
}

/// The side that is taken: the named layer, or the only one that binds the axis, or binds it deeper.
fn taken(catalog: &Catalog, clash: &Clash, take: &str) -> Option<usize> {
    let selectors = clash.sides.map(|side| &catalog.layer(side.layer).selector);
    if let Some(at) = selectors.iter().position(|selector| selector.to_string() == take) {
        return Some(at);
    }
    let axis = catalog.settings.axis_named(take)?;
    let depth = |selector: &Selector| selector.binds(axis).map_or(0, |b| catalog.axes[axis.0].at(b.value).depth);
    match depth(selectors[0]).cmp(&depth(selectors[1])) {
        std::cmp::Ordering::Greater => Some(0),
        std::cmp::Ordering::Less => Some(1),
        std::cmp::Ordering::Equal => None,
    }
}

/// Who says in a combination overlay what one side says.
struct Target<'a> {
    program: &'a Program,
    footing: Footing<'a>,
    take: Option<&'a str>,
}

/// One way to say what a side says.
enum Way {
    /// At a place of a YAML file or front matter.
    Value(String, String),
    /// An operation in a Markdown file.
    Operation(String, String),
    File(String, String),
}

impl Target<'_> {
    fn settle(&self, clash: &Clash, content: &mut Content, notes: &mut Vec<String>) {
        let catalog = self.program.catalog();
        let path = governed(&clash.path);
        let names = clash.sides.map(|side| catalog.layer(side.layer).selector.to_string());
        let chosen = match self.take {
            None => vec![0, 1],
            Some(take) => match taken(catalog, clash, take) {
                Some(at) => vec![at],
                None => {
                    return notes
                        .push(format!("`{path}` was left: `{take}` is no side of {} and {}", names[0], names[1]));
                }
            },
        };
        for at in &chosen {
            let Some(name) = names.get(*at) else { continue };
            match clash.sides.get(*at).and_then(|side| self.way(*side, path, name)) {
                Some(way) => content.put(way, name),
                None => notes.push(format!(
                    "`{path}` has to be settled by hand: what {name} says there cannot be said by the {}",
                    self.footing.who()
                )),
            }
        }
        if let ([at], true) = (chosen.as_slice(), self.take.is_some()) {
            notes.push(format!("`{path}`: {} holds over {}", names[*at], names[1 - *at]));
        }
    }

    /// How the combination may say what one side says.
    fn way(&self, side: Side, path: &str, name: &str) -> Option<Way> {
        let layer = self.program.catalog().layer(side.layer);
        let said = said(layer, side, path);
        if let Some(asset) = said.and_then(|said| said.asset.as_ref()) {
            let text = String::from_utf8(asset.bytes.to_vec()).ok()?;
            return self.footing.may(path, Right::Replace).then(|| Way::File(path.to_owned(), text));
        }
        if let Some(said) = said.filter(|said| said.path.contains(".md#")) {
            return self.operation(layer, said, name);
        }
        if let Some(said) = said.filter(|said| said.at.is_some()) {
            let may = self.footing.may(&said.path, Right::Move);
            let place = said.at.as_deref().filter(|_| may).map(place)?;
            return Some(Way::Value(format!("{}.$at", said.path), place));
        }
        let patch = layer.patch.find(&steps(path));
        if let Some(order) = patch.and_then(order).filter(|_| self.footing.may(path, Right::Move)) {
            return Some(Way::Value(format!("{path}.$order"), order));
        }
        if !self.footing.may(path, self.footing.plain(path, false)) {
            return None;
        }
        if self.is_only(name) {
            return Some(Way::Value(path.to_owned(), format!("{{$inherit: {}}}", scalar::text(name))));
        }
        Some(Way::Value(path.to_owned(), value(patch?)?))
    }

    /// Whether a name means one layer, which can be followed then.
    fn is_only(&self, name: &str) -> bool {
        let layers = &self.program.catalog().layers;
        layers.iter().filter(|layer| layer.selector.to_string() == name).count() == 1
    }

    fn operation(&self, layer: &Layer, said: &Contribution, name: &str) -> Option<Way> {
        let (file, id) = said.path.split_once('#')?;
        let is_content = matches!(said.right, Right::Replace | Right::ReplaceBody | Right::Remove | Right::Choose);
        if is_content && self.is_only(name) && self.footing.may(&said.path, Right::Replace) {
            return Some(Way::Operation(file.to_owned(), self.one_line(&format!("inherit: {id} {name}"), name)));
        }
        if !self.footing.may(&said.path, said.right) || layer.is_of_master() {
            return None;
        }
        let text = &self.program.sources().get(said.span.source).text;
        let patch = markdown::parse_patch(said.span.source, text, 0).ok()?;
        let operation = patch.operations.iter().find(|operation| operation.mark == said.span)?;
        let written = text.get(operation.span.start as usize..operation.span.end as usize)?.trim();
        let Some(kind) = Some(&operation.kind).filter(|kind| kind.has_content()) else {
            let line = written.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
            return Some(Way::Operation(file.to_owned(), self.one_line(line, name)));
        };
        let word = kind.name();
        let body = match written.strip_prefix("<!--").filter(|_| !written.starts_with("<!-- block")) {
            Some(rest) => rest.split_once("-->").map_or("", |(_, body)| body),
            None => written,
        };
        let end = format!("<!-- /{word} -->");
        let body = body.trim().strip_suffix(&end).unwrap_or(body.trim()).trim();
        let close = if self.take.is_some() { " -->" } else { "" };
        if self.take.is_none() && in_comment(body).is_none() {
            return None;
        }
        Some(Way::Operation(
            file.to_owned(),
            format!("<!-- As {name} has it. -->\n<!-- {word}: {id}{close}\n{body}\n{end}\n"),
        ))
    }

    fn one_line(&self, operation: &str, name: &str) -> String {
        let off = if self.take.is_some() { "" } else { "# " };
        format!("<!-- As {name} has it. -->\n<!-- {off}{operation} -->\n")
    }
}

impl Content {
    fn new(selector: Selector) -> Self {
        Self { selector, keys: IndexMap::new(), blocks: IndexMap::new(), files: IndexMap::new() }
    }

    fn put(&mut self, way: Way, name: &str) {
        let remark = format!("as {name} has it");
        match way {
            Way::Value(path, value) => {
                let (file, steps) = overlay::address(&path);
                self.keys.entry(file).or_default().put(&steps, value, remark);
            }
            Way::Operation(file, text) => self.blocks.entry(file).or_default().push(text),
            Way::File(path, text) => {
                self.files.insert(path, text);
            }
        }
    }

    fn write(&self, program: &Program, folder: &str, counts: bool, made: &mut Scaffold) -> Result<(), Refusal> {
        let head = format!("Settles what clashes for {}.", self.selector);
        for (file, outline) in &self.keys {
            let (path, lines) = (format!("{folder}/{file}"), outline.lines(counts));
            let text = match file.ends_with(".md") {
                true => {
                    let blocks = self.blocks.get(file).map(|blocks| blocks.join("\n")).unwrap_or_default();
                    format!("---\n{lines}---\n\n<!-- {head} -->\n\n{blocks}")
                }
                false => format!("{} {head}\n\n{lines}", if counts { "#" } else { "##" }),
            };
            new_file(program, path, text, &lines, made)?;
        }
        for (file, blocks) in self.blocks.iter().filter(|(file, _)| !self.keys.contains_key(*file)) {
            let (path, text) = (format!("{folder}/{file}"), blocks.join("\n"));
            match program.workspace().text(&path).zip(program.workspace().file(&path)) {
                None => made.files.push(NewFile { path, text: format!("<!-- {head} -->\n\n{text}") }),
                Some(((source, old), there)) => {
                    let gap = if old.ends_with('\n') { "\n" } else { "\n\n" };
                    let (text, path) = (format!("{gap}{text}"), program.sources().get(source).path.to_string());
                    made.additions.push(Addition { path, digest: there.digest, whole: format!("{old}{text}"), text });
                }
            }
        }
        for (file, text) in &self.files {
            new_file(program, format!("{folder}/{file}"), text.clone(), "", made)?;
        }
        Ok(())
    }
}

fn new_file(program: &Program, path: String, text: String, lines: &str, made: &mut Scaffold) -> Result<(), Refusal> {
    let Some(there) = program.workspace().file(&path) else {
        made.files.push(NewFile { path, text });
        return Ok(());
    };
    let error = Diagnostic::error("E-EXISTS", format!("`{path}` is there already"));
    let help = lines.lines().map(|line| format!("\n      {line}")).collect::<String>();
    Err(error.at(Span::file(there.source), "").help(format!("put this into it:{help}")).into())
}

/// The deployments that a layer reaches.
fn reached(program: &Program, selector: &Selector) -> Vec<String> {
    let catalog = program.catalog();
    program.matrix().matching(catalog, &[selector]).map(|values| matrix::id(catalog, &values)).collect()
}

/// What a layer says where it clashes: known by its place in the file, else by its path.
fn said<'l>(layer: &'l Layer, side: Side, path: &str) -> Option<&'l Contribution> {
    let by_place = layer.contributions.iter().find(|said| said.span == side.span && said.right != Right::Translate);
    by_place.or_else(|| layer.contributions.iter().find(|said| *said.path == *path && said.right != Right::Translate))
}

/// A single value, or that there is to be none.
fn value(patch: &Patch) -> Option<String> {
    match &patch.kind {
        PatchKind::Leaf(leaf) | PatchKind::Neutral(leaf) => scalar::value(leaf),
        PatchKind::Replace(inner) => value(inner),
        PatchKind::Remove => Some("{$remove: true}".to_owned()),
        _ => None,
    }
}

fn order(patch: &Patch) -> Option<String> {
    let PatchKind::Keyed(keyed) = &patch.kind else { return None };
    let ids: Vec<String> = keyed.order.as_ref()?.value.iter().map(|id| scalar::text(id)).collect();
    Some(format!("[{}]", ids.join(", ")))
}

fn place(place: &Place) -> String {
    match place {
        Place::First => "first".to_owned(),
        Place::Last => "last".to_owned(),
        Place::Before(anchor) => format!("{{before: {}}}", scalar::text(&anchor.value)),
        Place::After(anchor) => format!("{{after: {}}}", scalar::text(&anchor.value)),
    }
}
