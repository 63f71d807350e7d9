//! For people: the lines in question, what is wrong with them, and what to do.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};

use super::Findings;
use crate::diag::{Diagnostic, Label, Severity};
use crate::encode::terminal::commanding_nothing;
use crate::source::{Source, SourceId, Span};

/// How many deployments are named before the rest is counted.
const NAMED: usize = 5;

/// The longest excerpt, in bytes, that is shown in one piece: what is looked at and laid out is the whole of it.
pub const LONGEST_EXCERPT: usize = 4 << 10;

/// How many bytes of a longer line are looked at on either side of a place; fewer of them are shown.
const AROUND: usize = 300;

/// Stands around the number of a place until all is laid out. No text that is shown holds it.
const SIGN: char = '\0';

/// How it is to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// With colours. What prints it takes them out again where they are not wanted.
    pub styled: bool,
    /// Names every deployment that a finding reaches.
    pub all_deployments: bool,
}

/// One diagnostic, ends with a line end.
pub fn text(findings: &Findings<'_>, diagnostic: &Diagnostic, look: Look) -> String {
    let title = level(diagnostic.severity).primary_title(&diagnostic.message).id(diagnostic.code.0);
    let mut elements = places(findings, diagnostic);
    elements.extend(diagnostic.notes.iter().map(|note| message(Level::NOTE, note)));
    if let Some(hits) = hits(&diagnostic.deployments, look) {
        elements.push(message(Level::NOTE.with_name("hits"), &hits));
    }
    elements.extend(diagnostic.help.iter().map(|help| message(Level::HELP, help)));
    let group: Group<'_> = title.elements(elements);
    let renderer = if look.styled { Renderer::styled() } else { Renderer::plain() };
    let report = with_places(renderer.render(&[group]), findings, diagnostic) + "\n";
    commanding_nothing(&report).into_owned()
}

/// The places where lines were cut, which the renderer would count from the cut.
fn with_places(mut text: String, findings: &Findings<'_>, diagnostic: &Diagnostic) -> String {
    for (number, label) in labels(diagnostic).enumerate() {
        let sign = format!("{SIGN}{number}{SIGN}");
        let Some(start) = text.find(&sign) else { continue };
        let rest = &text[start + sign.len()..];
        let end = text.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':').len();
        let position = findings.sources.position(label.span);
        let path = normalize_untrusted_str(&findings.file(label));
        text.replace_range(start..end, &format!("{path}:{}:{}", position.line, position.column));
    }
    text
}

/// All labels: its own, then the other sides.
fn labels(diagnostic: &Diagnostic) -> impl Iterator<Item = &Label> {
    diagnostic.place.iter().chain(&diagnostic.others)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

fn message<'a>(level: Level<'a>, text: &str) -> Element<'a> {
    level.message(normalize_untrusted_str(text)).into()
}

/// The places of a diagnostic, file by file: its own first, then the other sides.
fn places<'a>(findings: &Findings<'a>, diagnostic: &'a Diagnostic) -> Vec<Element<'a>> {
    let kind =
        |number| if number < diagnostic.place.iter().len() { AnnotationKind::Primary } else { AnnotationKind::Context };
    let mut by_source: Vec<(SourceId, Vec<Marked<'a>>)> = Vec::new();
    for (number, label) in labels(diagnostic).enumerate() {
        let marked = Marked { number, kind: kind(number), label };
        match by_source.iter_mut().find(|(source, _)| *source == label.span.source) {
            Some((_, labels)) => labels.push(marked),
            None => by_source.push((label.span.source, vec![marked])),
        }
    }
    by_source.into_iter().flat_map(|(source, labels)| excerpts(findings, source, &labels)).collect()
}

/// A label with its number in its diagnostic.
struct Marked<'a> {
    number: usize,
    kind: AnnotationKind,
    label: &'a Label,
}

/// One excerpt for all labels of a file. Where that would be a long one, each label has its own.
fn excerpts<'a>(findings: &Findings<'a>, id: SourceId, labels: &[Marked<'a>]) -> Vec<Element<'a>> {
    let source = findings.sources.get(id);
    let path = normalize_untrusted_str(&findings.file(labels[0].label));
    if labels.iter().all(|marked| is_whole_file(marked.label)) {
        return vec![Origin::path(path).line(1).char_column(1).into()];
    }
    let window = window(source, labels.iter().map(|marked| marked.label.span));
    if window.len() <= LONGEST_EXCERPT {
        return vec![excerpt(source, window, path, labels)];
    }
    let alone = |marked: &Marked<'a>| {
        let window = around(source, marked.label.span);
        excerpt(source, window, format!("{SIGN}{}{SIGN}", marked.number), std::slice::from_ref(marked))
    };
    labels.iter().map(alone).collect()
}

fn excerpt<'a>(source: &'a Source, window: Range<usize>, path: String, labels: &[Marked<'a>]) -> Element<'a> {
    let annotations = labels.iter().map(|marked| annotation(marked.kind, marked.label, source, &window));
    Snippet::source(&source.text[window.clone()])
        .line_start(source.position(window.start as u32).line as usize)
        .path(path)
        .annotations(annotations)
        .into()
}

/// The line that a span begins on, or what of a long one is around it.
fn around(source: &Source, span: Span) -> Range<usize> {
    let text = &*source.text;
    let line = window(source, std::iter::once(span));
    let at = (span.start as usize).min(text.len());
    let start = whole(text, at.saturating_sub(AROUND).max(line.start));
    start..whole(text, (at + AROUND).min(line.end))
}

/// A label that stands for its file and has nothing to say of a line.
fn is_whole_file(label: &Label) -> bool {
    label.span.end == 0 && label.text.is_empty()
}

/// The lines that the spans begin on. Only these are looked at, since a file may be large.
fn window(source: &Source, spans: impl Iterator<Item = Span> + Clone) -> Range<usize> {
    let text = &*source.text;
    let first = spans.clone().map(|span| span.start as usize).min().unwrap_or(0).min(text.len());
    let last = spans.map(|span| span.start as usize).max().unwrap_or(0).min(text.len());
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find(['\r', '\n']).map_or(text.len(), |at| last + at);
    start..end
}

/// The last place up to `at` that cuts no character.
fn whole(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn annotation(kind: AnnotationKind, label: &Label, source: &Source, window: &Range<usize>) -> Annotation<'static> {
    let Range { start, end } = on_one_line(&source.text, label.span);
    let annotation = kind.span(start - window.start..end.min(window.end) - window.start);
    if label.text.is_empty() {
        return annotation;
    }
    annotation.label(normalize_untrusted_str(&label.text))
}

/// A span, cut where its first line ends: what is wrong with a block shows at its head.
fn on_one_line(text: &str, span: Span) -> Range<usize> {
    let (start, end) = ((span.start as usize).min(text.len()), (span.end as usize).min(text.len()));
    let line = text[start..end].find(['\r', '\n']).map_or(end, |at| start + at);
    start..line
}

/// The deployments that a finding reaches.
fn hits(deployments: &[Arc<str>], look: Look) -> Option<String> {
    let named = if look.all_deployments { deployments.len() } else { NAMED };
    let list = deployments.iter().take(named).map(|id| &**id).collect::<Vec<_>>().join(", ");
    match deployments.len() {
        0 => None,
        count if count <= named => Some(list),
        count => Some(format!("{list} and {} more", count - named)),
    }
}
