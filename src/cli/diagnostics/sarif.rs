//! SARIF 2.1.0, for code scanning and editors.

use serde_json::{Value, json};

use super::{Findings, Place};
use crate::diag::{Diagnostic, Label, Severity};
use crate::encode::url;

/// The whole log: one run with all findings.
pub fn log(findings: &Findings<'_>) -> Value {
    let mut rules: Vec<&str> = findings.list.iter().map(|diagnostic| diagnostic.code.0).collect();
    rules.sort_unstable();
    rules.dedup();
    let results: Vec<Value> = findings.list.iter().map(|diagnostic| result(findings, diagnostic, &rules)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.iter().map(|id| json!({"id": id})).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(findings: &Findings<'_>, diagnostic: &Diagnostic, rules: &[&str]) -> Value {
    let locations: Vec<Value> = diagnostic.place.iter().map(|label| location(findings, label)).collect();
    let others = diagnostic.others.iter().enumerate().map(|(number, label)| {
        let mut other = location(findings, label);
        other["id"] = json!(number + 1);
        other
    });
    json!({
        "ruleId": diagnostic.code.0,
        "ruleIndex": rules.binary_search(&diagnostic.code.0).unwrap_or_default(),
        "level": level(diagnostic.severity),
        "message": {"text": message(diagnostic)},
        "locations": locations,
        "relatedLocations": others.collect::<Vec<_>>(),
        "properties": {"deployments": diagnostic.deployments},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Most viewers show the message and nothing else.
fn message(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    for line in diagnostic.notes.iter().chain(&diagnostic.help) {
        text.push('\n');
        text.push_str(line);
    }
    text
}

fn location(findings: &Findings<'_>, label: &Label) -> Value {
    let Place { start, end, .. } = findings.place(label.span);
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": url::path(&findings.file(label))},
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        },
    });
    if !label.text.is_empty() {
        location["message"] = json!({"text": label.text});
    }
    location
}
