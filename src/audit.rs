//! What is looked at once a package is made and before anything is written.
//!
//! - nothing unresolved: no template mark is left in any text
//! - no dangling link: every relative address leads to a file of the package, and every fragment to an id
//! - no untracked link: every outbound address on a page or in an email was handed out by [`crate::links`]
//! - no email that Gmail clips
//! - no component without its files
//!
//! These are checks on templates and compiler rather than on anybody's overlay, so they name the output.

mod html;

use std::collections::{BTreeMap, BTreeSet};

use crate::components::{ComponentKind, File};
use crate::diag::{Diagnostic, Diagnostics};

use html::{Kind, Reference};

/// Gmail shows no more of a message's HTML than this many bytes.
const MAX_EMAIL: usize = 102_400;

/// Checks the files of one package. `granted` holds every address that was handed out while rendering;
/// `base_url` is the deployment's own.
pub fn audit(files: &[&File], granted: &BTreeSet<String>, base_url: &str) -> Diagnostics {
    let mut auditor = Auditor { pages: BTreeMap::new(), granted, base_url, diagnostics: Diagnostics::default() };
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    for file in files {
        if let Some(text) = text_of(file) {
            auditor.leftovers(file, text);
            if file.path.extension() == "html" {
                auditor.pages.insert(file.path.as_str(), html::scan(text));
            }
        }
        if file.component == ComponentKind::Nurture && file.path.extension() == "html" && file.bytes.len() > MAX_EMAIL {
            auditor.say(
                "E-EMAILSIZE",
                file,
                format!("has {} bytes, and Gmail clips at {MAX_EMAIL}", file.bytes.len()),
                "shorten it",
            );
        }
    }
    for file in files.iter().filter(|file| file.path.extension() == "html") {
        auditor.references(file, &paths);
    }
    auditor.components(files, &paths);
    auditor.diagnostics
}

fn text_of(file: &File) -> Option<&str> {
    let is_text = matches!(file.path.extension(), "html" | "txt" | "csv" | "json" | "ics" | "xml" | "md");
    is_text.then(|| std::str::from_utf8(&file.bytes).ok()).flatten()
}

struct Auditor<'a> {
    pages: BTreeMap<&'a str, html::Page<'a>>,
    granted: &'a BTreeSet<String>,
    base_url: &'a str,
    diagnostics: Diagnostics,
}

impl<'a> Auditor<'a> {
    fn say(&mut self, code: &'static str, file: &File, what: String, help: &str) {
        self.diagnostics.push(Diagnostic::error(code, format!("`{}` {what}", file.path)).help(help));
    }

    fn leftovers(&mut self, file: &File, text: &str) {
        let found = ["{{", "{%"].iter().find_map(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()));
        if let Some(at) = found {
            let line = text[..at].matches('\n').count() + 1;
            let rest: String = text[at..].chars().take(40).collect();
            self.say(
                "E-LEFTOVER",
                file,
                format!("holds `{rest}` on line {line}"),
                "fill it, or escape it as an entity",
            );
        }
    }

    fn references(&mut self, file: &File, paths: &BTreeSet<&str>) {
        let Some(page) = self.pages.get(file.path.as_str()) else { return };
        let faults: Vec<_> =
            page.references.iter().filter_map(|reference| self.fault(file, reference, paths)).collect();
        for (code, what, help) in faults {
            self.say(code, file, what, help);
        }
    }

    fn fault(
        &self,
        file: &File,
        reference: &Reference<'_>,
        paths: &BTreeSet<&str>,
    ) -> Option<(&'static str, String, &'static str)> {
        let address = html::unescape(reference.address);
        if address.is_empty() {
            return Some(("E-DANGLING", "holds an empty link".into(), "give it a link of `tracking.links`"));
        }
        if address.contains("://") {
            let outbound = reference.kind == Kind::Link && self.is_public(file);
            let known = self.granted.contains(&*address) || address.starts_with(self.base_url);
            let help = "use `link(id, placement)` in templates and `link:ID` in text";
            return (outbound && !known)
                .then(|| ("E-UNTRACKED", format!("links to `{address}` without tracking"), help));
        }
        if address.starts_with("mailto:") || address.starts_with("tel:") || address.starts_with("data:") {
            return None;
        }
        let (path, fragment) = address.split_once('#').map_or((&*address, None), |(path, id)| (path, Some(id)));
        let path = path.split_once('?').map_or(path, |(path, _)| path);
        let target = if path.is_empty() { file.path.as_str().to_owned() } else { resolved(file.path.folder(), path)? };
        if !paths.contains(&*target) {
            let what = format!("leads to `{address}`, which is not in the package");
            return Some(("E-DANGLING", what, "name a document or an asset that is"));
        }
        let ids = fragment.filter(|id| !id.is_empty()).zip(self.pages.get(&*target));
        let missing = ids.filter(|(id, page)| !page.ids.contains(id));
        missing.map(|(id, _)| {
            let what = format!("leads to `#{id}` in `{target}`, which has no such place");
            ("E-DANGLING", what, "name the id of a block of that page")
        })
    }

    /// Pages and emails are for customers; documents for the partner's people may name platforms.
    fn is_public(&self, file: &File) -> bool {
        matches!(file.component, ComponentKind::Landing | ComponentKind::Nurture)
    }

    fn components(&mut self, files: &[&File], paths: &BTreeSet<&str>) {
        for kind in ComponentKind::ALL {
            let missing = kind.required().iter().find(|path| !paths.contains(**path));
            let none = !files.iter().any(|file| file.component == kind);
            if let Some(what) = missing.map(|path| format!("`{path}`")).or(none.then(|| "any file".to_owned())) {
                self.diagnostics.push(
                    Diagnostic::error("E-COMPONENT", format!("the {} lacks {what}", kind.title().to_lowercase()))
                        .help(format!("add a document with `component: {kind}` that is written there")),
                );
            }
        }
    }
}

/// A relative address from a folder, as a path of the package; `None` if it climbs out of it, which
/// only links to the portal do.
fn resolved(folder: &str, address: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in address.split('/') {
        match part {
            ".." => drop(parts.pop()?),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    let path = parts.join("/");
    Some(if address.ends_with('/') { format!("{path}/index.html") } else { path })
}
