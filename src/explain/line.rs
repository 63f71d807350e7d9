//! From a line of a built page or email back to templates, values and layers.

use serde::Serialize;

use crate::build::Program;
use crate::build::trace::{self, Trace, Traced};
use crate::diag::Diagnostics;
use crate::marks::Run;
use crate::template::marked::Origin;

use super::FORMAT;
use super::answer::{Answers, Explained};
use super::place::Place;
use super::subject::{Subject, find};

/// What `explain` answers for a line of an output file.
#[derive(Clone, Debug, Serialize)]
pub struct LineExplanation {
    pub format: u32,
    pub deployment: String,
    /// Within the package.
    pub file: String,
    pub line: usize,
    pub locale: String,
    /// Whether values are known, or only the templates.
    pub complete: bool,
    pub pieces: Vec<Piece>,
    /// The values on the line, each once.
    pub values: Vec<Explained>,
}

/// A stretch of an output file that came from one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// Bytes of the file.
    pub start: usize,
    pub end: usize,
    pub text: String,
    /// The place in the template: the literal text itself, or the `{{ }}` that printed it.
    pub template: Option<Place>,
    /// Whether a `{{ }}` printed it.
    pub printed: bool,
    /// The paths of the values it came from: the text, then the variable in it.
    pub values: Vec<String>,
}

/// The source map of one output file.
#[derive(Clone, Debug, Serialize)]
pub struct SourceMap {
    pub format: u32,
    pub deployment: String,
    pub file: String,
    pub locale: String,
    pub complete: bool,
    /// The whole file, in order.
    pub pieces: Vec<Piece>,
    /// Where each value of the map was set.
    pub values: indexmap::IndexMap<String, Vec<Place>>,
}

/// Why a line cannot be explained.
pub enum Failure {
    /// The deployment does not build; the diagnostics say why.
    Refused(Diagnostics),
    /// No page or email of the deployment is written there.
    NoPage,
    /// The templates do not bear signs.
    NoMap,
    /// The file on disk is not what the workspace would build now.
    Differs,
    /// The file has fewer lines.
    NoLine(usize),
}

/// The deployment that an output path belongs to, and the path within its package.
pub fn package_of<'p>(program: &Program, path: &'p str) -> Option<(String, &'p str)> {
    let mut cuts = path.match_indices('/').rev();
    cuts.find(|&(at, _)| find(program, &path[..at]).is_some()).map(|(at, _)| (path[..at].to_owned(), &path[at + 1..]))
}

/// Maps one file of a deployment; `text` is what stands on the disk.
fn traced(subject: &Subject<'_>, file: &str, text: &str) -> Result<(Trace, Traced), Failure> {
    let mut diagnostics = Diagnostics::default();
    let found = trace::trace(subject.program, &subject.values, Some(file), &mut diagnostics);
    let mut found = match found {
        Some(found) => found,
        None if diagnostics.has_errors() => return Err(Failure::Refused(diagnostics)),
        None => return Err(Failure::NoMap),
    };
    let Some(page) = found.pages.pop() else { return Err(Failure::NoPage) };
    if page.text != text {
        return Err(Failure::Differs);
    }
    if page.runs.is_empty() {
        return Err(Failure::NoMap);
    }
    Ok((found, page))
}

/// Explains a line, counted from 1, of a file of the subject's package.
pub fn explain(subject: &Subject<'_>, file: &str, line: usize, text: &str) -> Result<LineExplanation, Failure> {
    let (trace, page) = traced(subject, file, text)?;
    let (start, end) = line_range(text, line).ok_or_else(|| Failure::NoLine(text.lines().count()))?;
    let pieces = pieces(subject.program, &trace, &page, start, end);
    let mut paths: Vec<&str> = Vec::new();
    for path in pieces.iter().flat_map(|piece| &piece.values) {
        if !paths.contains(&&**path) {
            paths.push(path);
        }
    }
    let answers = Answers::of_whole(subject, page.locale, &page.tree);
    Ok(LineExplanation {
        format: FORMAT,
        deployment: subject.id.clone(),
        file: file.to_owned(),
        line,
        locale: subject.program.catalog().locale(page.locale).tag.to_string(),
        complete: page.marker.is_some(),
        values: paths.iter().flat_map(|path| answers.exactly(path)).collect(),
        pieces,
    })
}

/// The map of a whole file.
pub fn source_map(subject: &Subject<'_>, file: &str, text: &str) -> Result<SourceMap, Failure> {
    let (trace, page) = traced(subject, file, text)?;
    Ok(map_of(subject, &trace, &page))
}

/// The maps of every page and email of a deployment.
pub fn source_maps(subject: &Subject<'_>) -> Result<Vec<SourceMap>, Failure> {
    let mut diagnostics = Diagnostics::default();
    match trace::trace(subject.program, &subject.values, None, &mut diagnostics) {
        Some(found) => Ok(found.pages.iter().map(|page| map_of(subject, &found, page)).collect()),
        None if diagnostics.has_errors() => Err(Failure::Refused(diagnostics)),
        None => Err(Failure::NoMap),
    }
}

fn map_of(subject: &Subject<'_>, trace: &Trace, page: &Traced) -> SourceMap {
    let program = subject.program;
    let pieces = pieces(program, trace, page, 0, page.text.len());
    let mut values: indexmap::IndexMap<String, Vec<Place>> = indexmap::IndexMap::new();
    for content in page.runs.iter().flat_map(|run| &run.marks).filter_map(|&mark| page.marker.as_ref()?.content(mark)) {
        let places = values.entry(content.path.clone()).or_default();
        let place = content.origin.map(|origin| Place::of(program.sources(), origin.span));
        places.extend(place.filter(|place| !places.contains(place)));
    }
    SourceMap {
        format: FORMAT,
        deployment: subject.id.clone(),
        file: page.path.to_string(),
        locale: program.catalog().locale(page.locale).tag.to_string(),
        complete: page.marker.is_some(),
        pieces,
        values,
    }
}

fn pieces(program: &Program, trace: &Trace, page: &Traced, start: usize, end: usize) -> Vec<Piece> {
    let inside = page.runs.iter().filter(|run| run.start < end && start < run.end);
    let mut pieces: Vec<Piece> = Vec::new();
    for run in inside {
        let mut new = piece(program, trace, page, run, (run.start.max(start), run.end.min(end)));
        if new.template.is_none() && new.text.trim().is_empty() {
            // A sign keeps away from white space that a tag trims; it is of the template before it.
            new.template = pieces.last().and_then(|last| last.template.clone());
        }
        match pieces.last_mut() {
            // White space between two lines of a template belongs to the line before it.
            Some(last) if new.text.trim().is_empty() && new.values.is_empty() && !new.printed && !last.printed => {
                last.end = new.end;
                last.text.push_str(&new.text);
            }
            _ => pieces.push(new),
        }
    }
    pieces
}

fn piece(program: &Program, trace: &Trace, page: &Traced, run: &Run, (start, end): (usize, usize)) -> Piece {
    let origin = |number: u32| trace.templates.get(number as usize).copied();
    let printing = run.marks.iter().rev().find_map(|&number| origin(number));
    let template = run.point.and_then(origin).or(printing);
    let content = |&number: &u32| Some(page.marker.as_ref()?.content(number)?.path.clone());
    let mut values: Vec<String> = Vec::new();
    for path in run.marks.iter().filter_map(content) {
        if !values.contains(&path) {
            values.push(path);
        }
    }
    Piece {
        start,
        end,
        text: page.text[start..end].to_owned(),
        template: template.map(|origin| Place::of(program.sources(), origin.span())),
        printed: matches!(template, Some(Origin::Expression(_))),
        values,
    }
}

/// The bytes of a line counted from 1, without its line end.
fn line_range(text: &str, line: usize) -> Option<(usize, usize)> {
    let mut start = 0;
    for (index, content) in text.split_inclusive('\n').enumerate() {
        if index + 1 == line {
            return Some((start, start + content.trim_end_matches(['\n', '\r']).len()));
        }
        start += content.len();
    }
    None
}
