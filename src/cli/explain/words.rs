//! An explanation for people.

use super::super::wording::place as named;
use crate::explain::answer::{Explained, Explanation, Word};
use crate::explain::bounds::Bounds;
use crate::explain::cells::Cell;
use crate::explain::fallback::Fallback;
use crate::explain::filling::Variable;
use crate::explain::line::LineExplanation;
use crate::explain::permission::{Permission, RuleView};

/// How much of a long text is shown.
const SHORT: usize = 96;

/// All values of an explanation. What several values have in common is said with the first.
pub fn explanation(explanation: &Explanation, prefix: &str, verbose: bool) -> String {
    let mut out = format!("{} in {}\n", explanation.deployment, explanation.locale);
    if verbose {
        out.push_str(&format!("layers, weak to strong: {}\n", explanation.layers.join(" < ")));
    }
    let mut said: Option<(&Option<RuleView>, &Bounds, &[Permission])> = None;
    for value in &explanation.values {
        out.push('\n');
        out.push_str(&of_value(value, prefix, verbose));
        let now = (&value.rule, &value.bounds, value.may.as_slice());
        if said != Some(now) {
            out.push_str(&rights(value, prefix));
            said = Some(now);
        }
    }
    out
}

fn of_value(value: &Explained, prefix: &str, verbose: bool) -> String {
    let mut out = format!("{}\n", value.path);
    out.extend(value.said_at.as_ref().map(|path| format!("  said at   {path}\n")));
    let mark = if value.clashes.is_empty() { "<- wins" } else { CLASHES };
    let mut rows: Vec<(String, String)> = vec![row(&value.winner, mark, prefix, verbose)];
    rows.extend(value.clashes.iter().map(|word| row(word, CLASHES, prefix, verbose)));
    rows.extend(value.amended.iter().map(|word| row(word, "<- added", prefix, verbose)));
    rows.extend(value.decided_by.iter().map(|word| row(word, "<- decides", prefix, verbose)));
    rows.extend(value.hides.iter().map(|word| row(word, "", prefix, verbose)));
    rows.extend(value.inherited_past.iter().map(|word| row(word, "not inherited", prefix, verbose)));
    rows.extend(value.passed_over.iter().map(|word| row(word, "not in this language", prefix, verbose)));
    rows.extend(value.lost.iter().map(|word| row(word, "<- lost", prefix, verbose)));
    rows.extend(value.position.iter().map(|word| row(word, "position", prefix, verbose)));
    rows.extend(value.beside.iter().map(|word| row(word, "at the same place", prefix, verbose)));
    out.push_str(&columns(&rows));
    out.extend(value.filled.as_ref().map(|text| format!("  filled    {}\n", short(text, verbose))));
    out.push_str(&columns(&value.variables.iter().map(|variable| of_variable(variable, prefix)).collect::<Vec<_>>()));
    if value.cells.len() > 1 {
        let cells = value.cells.iter().map(|cell| of_cell(cell, &value.winner.layer));
        out.push_str(&format!("  tried     {}\n", cells.collect::<Vec<_>>().join("; ")));
    }
    out.extend(value.fallbacks.iter().map(|fallback| format!("  but       {}\n", fell_back(fallback, prefix))));
    out
}

/// What shows the text in another language, and why.
pub fn fell_back(fallback: &Fallback, prefix: &str) -> String {
    let Fallback { what, shown_in, wanted, made_in, because } = fallback;
    let done = match made_in {
        Some(made_in) => format!("is made in {made_in}"),
        None => "would mix languages, and is refused".to_owned(),
    };
    let because = match because {
        Some(place) => format!(": {} has no {wanted}", named(place, prefix)),
        None => String::new(),
    };
    format!("{what} ({shown_in}) {done}{because}")
}

const CLASHES: &str = "<- clashes (E-PEER)";

/// The place and layer on the left, the text on the right.
fn row(word: &Word, mark: &str, prefix: &str, verbose: bool) -> (String, String) {
    let locale = word.locale.as_ref().map(|locale| format!(" ({locale})")).unwrap_or_default();
    let operation = if word.operation == "set" { "" } else { word.operation };
    let text = short(&word.text, verbose);
    let said = [operation, &text].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let mark = if mark.is_empty() { String::new() } else { format!("  {mark}") };
    (format!("{}  {}{locale}", named(&word.place, prefix), word.layer), format!("{said}{mark}"))
}

fn of_variable(variable: &Variable, prefix: &str) -> (String, String) {
    let value = variable.value.as_deref().filter(|value| !value.is_empty() || !variable.is_computed());
    let unknown = if variable.is_computed() { "known to a build alone" } else { "not set" };
    let value = value.unwrap_or(unknown);
    let source = match (&variable.place, &variable.layer) {
        (Some(place), Some(layer)) => format!("{}  {layer}", named(place, prefix)),
        _ if variable.is_computed() => "computed from the deployment".to_owned(),
        _ => "set by no layer".to_owned(),
    };
    let roles =
        if variable.roles.is_empty() { String::new() } else { format!("  (set by {})", variable.roles.join(", ")) };
    (format!("{{{{ {} }}}}  {}", variable.path, short(value, false)), format!("{source}{roles}"))
}

/// A locale with the layers that have a text in it; the winner's is marked.
fn of_cell(cell: &Cell, winner: &str) -> String {
    let layer = |layer: &String| if cell.wins && layer == winner { format!("{layer} <- wins") } else { layer.clone() };
    let layers: Vec<String> = cell.layers.iter().map(layer).collect();
    let layers = if layers.is_empty() { "no text".to_owned() } else { layers.join(", ") };
    format!("{}: {layers}", cell.locale)
}

/// The rule, its reason, its limits, and what each role may do.
fn rights(value: &Explained, prefix: &str) -> String {
    let mut out = String::new();
    match &value.rule {
        Some(rule) => {
            let what = if rule.fixed { "fixed" } else { "open" };
            out.push_str(&format!("  rule      {}  {} is {what}\n", named(&rule.place, prefix), rule.pattern));
            out.extend(rule.reason.as_ref().map(|reason| format!("  reason    {reason}\n")));
            if !rule.limits.is_empty() {
                out.push_str(&format!("  limits    {}\n", rule.limits.join("; ")));
            }
            if !rule.variants.is_empty() {
                out.push_str(&format!("  variants  {}\n", rule.variants.join(", ")));
            }
            out.extend(rule.grace.as_ref().map(|day| format!("  grace     breaking it is a warning until {day}\n")));
            if rule.required {
                out.push_str("  slot      has to be supplied\n");
            }
        }
        None => out.push_str("  rule      none, so it is fixed\n"),
    }
    out.extend(value.bounds.lines().into_iter().map(|line| format!("  note      {line}\n")));
    for permission in &value.may {
        out.push_str(&format!("  may       {}\n", may(permission)));
    }
    out
}

fn may(permission: &Permission) -> String {
    let rights = match (permission.rights.as_slice(), &permission.cut) {
        ([], Some(cut)) => format!("nothing: {cut}"),
        ([], None) => "nothing".to_owned(),
        (rights, _) if rights == ["any"] => "anything".to_owned(),
        (rights, _) => rights.join(", "),
    };
    let layers = match permission.layers.as_slice() {
        [] => String::new(),
        layers => format!("  in {}", layers.join(", ")),
    };
    format!("{}: {rights}{layers}", permission.role)
}

/// A line of an output file: what each stretch came from, then its values.
pub fn line(line: &LineExplanation, prefix: &str, verbose: bool) -> String {
    let mut out = format!("{}/{}:{} in {}\n", line.deployment, line.file, line.line, line.locale);
    for piece in line.pieces.iter().filter(|piece| !piece.text.trim().is_empty()) {
        let template = piece.template.as_ref().map(|place| named(place, prefix)).unwrap_or_default();
        let source = match (piece.values.as_slice(), piece.printed) {
            ([], true) => "a word, number or address that it prints".to_owned(),
            ([], false) => "the template's own text".to_owned(),
            (values, _) => values.join(" > "),
        };
        out.push_str(&format!("  {}\n    {template}  {source}\n", short(&piece.text, verbose)));
    }
    if !line.complete {
        out.push_str("  a template compares values here, so only the templates are known\n");
    }
    for value in &line.values {
        out.push('\n');
        out.push_str(&of_value(value, prefix, verbose));
        out.push_str(&rights(value, prefix));
    }
    out
}

/// Rows in two columns, the first as wide as its widest cell.
fn columns(rows: &[(String, String)]) -> String {
    use unicode_width::UnicodeWidthStr;
    let width = rows.iter().map(|(left, _)| left.width()).max().unwrap_or(0);
    rows.iter().map(|(left, right)| format!("  {left}{}  {right}\n", " ".repeat(width - left.width()))).collect()
}

/// A text on one line in quotes; its beginning, unless all of it is asked for.
pub fn short(text: &str, whole: bool) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if whole || line.chars().count() <= SHORT {
        return line;
    }
    line.chars().take(SHORT).collect::<String>() + "…"
}
