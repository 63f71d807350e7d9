//! The source maps that are kept beside packages: one file a package, with every page and email in it.
//!
//! A map names the package it belongs to by the layers that this was made from, so it is made again only when one of
//! them changed. Where there was something to say of the package, nobody noted those, and its map is made each time.

use rayon::prelude::*;
use serde::Serialize;

use super::FORMAT;
use super::line::{Failure, Piece, SourceMap, source_maps};
use super::place::Place;
use super::subject::Subject;
use crate::build::{Outcome, Program, Report, State};
use crate::diag::{Diagnostic, Diagnostics};
use crate::digest::Digest;
use crate::emit::{Changes, Output};
use crate::encode::json;
use crate::paths::OutputPath;
use crate::portal;
use crate::stopwatch::{Phase, Stopwatch};

/// The map of one package. Places and values are listed once, and named by their number.
#[derive(Debug, Serialize)]
struct Map<'a> {
    format: u32,
    deployment: &'a str,
    /// Places in templates, as `file:line:column`.
    templates: Vec<String>,
    values: Vec<Value<'a>>,
    files: Vec<File<'a>>,
}

#[derive(Debug, Serialize)]
struct Value<'a> {
    path: &'a str,
    /// Where it was set, as `file:line:column`.
    set: Vec<String>,
}

#[derive(Debug, Serialize)]
struct File<'a> {
    file: &'a str,
    locale: &'a str,
    /// Whether values are known, or only the templates.
    complete: bool,
    /// The whole file, in order.
    pieces: Vec<Range>,
}

/// First byte, byte behind the last, place in the template or none, whether a `{{ }}` printed it, values.
type Range = (usize, usize, Option<usize>, bool, Vec<usize>);

/// Writes the map of every deployment of a run that was not refused; a map that belongs to the package that
/// stands is left alone. The inventories are taken after that.
pub fn keep(program: &Program, output: &Output, stopwatch: &Stopwatch, report: &mut Report) {
    let wanted = report.outcomes.par_iter().filter(|outcome| outcome.state != State::Refused);
    let one = |outcome: &Outcome| stopwatch.time(Phase::Maps, || one(program, output, &outcome.id));
    let done: Vec<Result<Changes, Diagnostics>> = wanted.map(one).collect();
    for done in done {
        match done {
            Ok(changes) => report.changes += changes,
            Err(diagnostics) => report.diagnostics.append(diagnostics),
        }
    }
    report.take_inventory(program, output, stopwatch);
}

fn one(program: &Program, output: &Output, id: &str) -> Result<Changes, Diagnostics> {
    let refused = |message: String| Diagnostics::from(Diagnostic::error("E-OUTPUT", message).deployment(id));
    let path = OutputPath::new(&portal::map_of(id)).map_err(|error| refused(error.to_string()))?;
    let mut failed = None;
    let inputs = output.key(id)?.unwrap_or_default().inputs;
    let (digest, known) = match inputs == Digest::default() {
        false => (digest(inputs), None),
        true => json(program, id).map(|json| (Digest::of(&json), Some(json)))?,
    };
    let mut known = known.map(Ok);
    let done = output.put_stream(&path, digest, &mut |out| match known.take().unwrap_or_else(|| json(program, id)) {
        Ok(json) => out.write_all(&json),
        Err(problem) => {
            failed = Some(problem);
            Err(std::io::ErrorKind::InvalidData.into())
        }
    });
    match (done, failed) {
        (_, Some(diagnostics)) => Err(diagnostics),
        (Ok(changes), None) => Ok(changes),
        (Err(error), None) => Err(error.deployment(id).into()),
    }
}

/// Of the layers that the package was made from, and of the map's own format.
fn digest(inputs: Digest) -> Digest {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"map");
    hasher.update(&FORMAT.to_le_bytes());
    hasher.update(&inputs.0);
    Digest(*hasher.finalize().as_bytes())
}

fn json(program: &Program, id: &str) -> Result<Vec<u8>, Diagnostics> {
    let none = || {
        let message = format!("the templates of `{id}` cannot be mapped");
        Diagnostics::from(Diagnostic::error("E-OUTPUT", message).help("build without `--source-maps`"))
    };
    let subject = Subject::open(program, id).map_err(|_| none())?;
    let maps = source_maps(&subject).map_err(|failure| match failure {
        Failure::Refused(diagnostics) => diagnostics,
        _ => none(),
    })?;
    let mut json = json::line(&map(id, &maps)).map_err(|_| none())?;
    json.push(b'\n');
    Ok(json)
}

fn map<'a>(id: &'a str, maps: &'a [SourceMap]) -> Map<'a> {
    let mut templates: indexmap::IndexSet<String> = indexmap::IndexSet::new();
    let mut values: indexmap::IndexMap<&str, Vec<String>> = indexmap::IndexMap::new();
    for (path, places) in maps.iter().flat_map(|map| &map.values) {
        let set = values.entry(path).or_default();
        for place in places.iter().map(shown) {
            if !set.contains(&place) {
                set.push(place);
            }
        }
    }
    let mut range = |piece: &Piece| {
        let template = piece.template.as_ref().map(|place| templates.insert_full(shown(place)).0);
        let numbers = piece.values.iter().filter_map(|path| values.get_index_of(&**path)).collect();
        (piece.start, piece.end, template, piece.printed, numbers)
    };
    let files = maps.iter().map(|map| File {
        file: &map.file,
        locale: &map.locale,
        complete: map.complete,
        pieces: map.pieces.iter().map(&mut range).collect(),
    });
    let files = files.collect();
    let values = values.into_iter().map(|(path, set)| Value { path, set }).collect();
    Map { format: FORMAT, deployment: id, templates: templates.into_iter().collect(), values, files }
}

fn shown(place: &Place) -> String {
    format!("{}:{}:{}", place.file, place.line, place.column)
}
