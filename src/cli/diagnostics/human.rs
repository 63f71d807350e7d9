//! For people: the lines in question, what is wrong with them, and what to do.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};

use super::Findings;
use crate::diag::{Diagnostic, Label, Severity};
use crate::source::{Source, SourceId, Span};

/// How many deployments are named before the rest is counted.
const NAMED: usize = 5;

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
    renderer.render(&[group]) + "\n"
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
    let own = diagnostic.place.iter().map(|label| (AnnotationKind::Primary, label));
    let others = diagnostic.others.iter().map(|label| (AnnotationKind::Context, label));
    let mut by_source: Vec<(SourceId, Vec<(AnnotationKind, &Label)>)> = Vec::new();
    for (kind, label) in own.chain(others) {
        match by_source.iter_mut().find(|(source, _)| *source == label.span.source) {
            Some((_, labels)) => labels.push((kind, label)),
            None => by_source.push((label.span.source, vec![(kind, label)])),
        }
    }
    by_source.into_iter().map(|(source, labels)| excerpt(findings, source, &labels)).collect()
}

fn excerpt<'a>(findings: &Findings<'a>, id: SourceId, labels: &[(AnnotationKind, &'a Label)]) -> Element<'a> {
    let source = findings.sources.get(id);
    let path = normalize_untrusted_str(&findings.file(labels[0].1));
    if labels.iter().all(|(_, label)| is_whole_file(label)) {
        return Origin::path(path).line(1).char_column(1).into();
    }
    let window = window(source, labels.iter().map(|(_, label)| label.span));
    let annotations = labels.iter().map(|(kind, label)| annotation(*kind, label, source, window.start));
    Snippet::source(&source.text[window.clone()])
        .line_start(source.position(window.start as u32).line as usize)
        .path(path)
        .annotations(annotations)
        .into()
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

fn annotation(kind: AnnotationKind, label: &Label, source: &Source, offset: usize) -> Annotation<'static> {
    let Range { start, end } = on_one_line(&source.text, label.span);
    let annotation = kind.span(start - offset..end - offset);
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
