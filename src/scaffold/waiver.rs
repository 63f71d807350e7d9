//! `new waiver`: an exception that HQ grants for a time (G8), behind those that are there.

use jiff::civil::Date;

use crate::build::Program;
use crate::catalog::layers::MASTER;
use crate::catalog::place::lies_in;
use crate::diag::{Diagnostic, nearest};
use crate::policy::pattern::Pattern;
use crate::syntax::tree::Node;

use super::{Addition, NewFile, Refusal, Scaffold, overlay, scalar};

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Request {
    /// A partner's id, a layer's folder, or a selector.
    pub layer: String,
    pub path: String,
    pub reason: String,
    pub approver: String,
    /// The last day it holds.
    pub expires: Date,
}

pub fn scaffold(program: &Program, request: &Request) -> Result<Scaffold, Refusal> {
    let policy = program.approved().policy();
    let layer = layer(program, &request.layer)?;
    let path = known(program, &request.path)?;
    for (name, text) in [("reason", &request.reason), ("approver", &request.approver)] {
        if text.trim().is_empty() {
            return Err(Refusal::usage(format!("a waiver needs a {name}"), format!("write `--{name} \"…\"`")));
        }
    }
    let (expires, today) = (request.expires, policy.today());
    if expires < today {
        let help = "give a later day; `--date` says on which day waivers are looked at";
        return Err(Refusal::usage(format!("the waiver would have ended on {expires}, and today is {today}"), help));
    }
    let is_same = |waiver: &&crate::policy::waivers::Waiver| *waiver.layer == *layer && waiver.path.text() == path;
    if let Some(there) = policy.waivers().iter().filter(is_same).find(|waiver| waiver.expires >= today) {
        let error = Diagnostic::error("E-EXISTS", format!("`{path}` is granted to `{layer}` until {}", there.expires));
        let help = "to renew it, change its `expires` there";
        return Err(error.at(there.span, format!("by {}", there.approver)).help(help).into());
    }
    let item = [
        ("- path", path.as_str()),
        ("  layer", &layer),
        ("  reason", request.reason.trim()),
        ("  approver", request.approver.trim()),
    ];
    let mut lines: Vec<String> = item.iter().map(|(key, value)| format!("{key}: {}", scalar::text(value))).collect();
    lines.push(format!("  expires: {expires}"));
    let next =
        vec![format!("commit `{MASTER}/waivers.yaml`; from the day after {expires} on it is an error (E-WAIVER)")];
    written(program, &lines, Scaffold { next, ..Scaffold::default() })
}

/// Puts the lines behind the waivers that are there, or begins the file.
fn written(program: &Program, lines: &[String], made: Scaffold) -> Result<Scaffold, Refusal> {
    let path = format!("{MASTER}/waivers.yaml");
    let (Some(file), Some((source, text))) = (program.workspace().file(&path), program.workspace().text(&path)) else {
        let head = "# Exceptions to policy.yaml, each for a time (docs: policy).\n\n";
        let files = vec![NewFile { path, text: format!("{head}{}\n", lines.join("\n")) }];
        return Ok(Scaffold { files, ..made });
    };
    let indent = match program.catalog().waivers.as_ref() {
        None => 0,
        Some(list) => indent(list, text).ok_or_else(|| {
            let snippet = lines.join("\n      ");
            Refusal::usage(
                format!("`{path}` is no list of lines that begin with `- `"),
                format!("put this into it:\n      {snippet}"),
            )
        })?,
    };
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut more = if text.is_empty() || text.ends_with('\n') { String::new() } else { line_end.to_owned() };
    lines.iter().for_each(|line| more.push_str(&format!("{:indent$}{line}{line_end}", "")));
    let path = program.sources().get(source).path.to_string();
    let addition = Addition { path, digest: file.digest, whole: format!("{text}{more}"), text: more };
    Ok(Scaffold { additions: vec![addition], ..made })
}

/// How far the items of a list are indented, if each begins with `- ` on a line of its own.
fn indent(list: &Node, text: &str) -> Option<usize> {
    let last = list.as_seq()?.last()?;
    let at = last.span.start as usize;
    let start = text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?;
    let indent = line.len() - line.trim_start_matches(' ').len();
    line.trim_start_matches(' ').starts_with("- ").then_some(indent)
}

/// The layer's folder.
fn layer(program: &Program, text: &str) -> Result<String, Refusal> {
    let catalog = program.catalog();
    let is_id = !text.contains(['=', '/']);
    let text = if is_id { format!("partner={text}") } else { text.to_owned() };
    let selector = overlay::selector(catalog, &text)?;
    let there = catalog.layers.iter().find(|layer| !layer.is_of_master() && layer.selector == selector);
    let folder = there.map(|layer| layer.place.clone()).or_else(|| overlay::folder(&catalog.settings, &selector));
    folder.ok_or_else(|| {
        Refusal::usage(format!("`{text}` names no layer"), "name a partner, or a folder such as `regions/dach`")
    })
}

/// A path, or a pattern of paths, that the master has or that is to be made in one of its files.
fn known(program: &Program, text: &str) -> Result<String, Refusal> {
    let index = program.approved().index();
    let path = text.trim().trim_start_matches("./");
    let path = path.strip_prefix(MASTER).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path);
    let pattern = Pattern::new(path);
    let file = path.split_once('#').map(|(file, _)| file);
    let is_in_file = file.is_some_and(|file| !index.layers(file).is_empty());
    let is_known = |known: &str| pattern.covers(known) || lies_in(path, known).is_some_and(|rest| rest.is_empty());
    if is_in_file || path.starts_with("assets/") || index.below("").any(is_known) {
        return Ok(path.to_owned());
    }
    let help = match nearest(path, index.below("")) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name a value, block or file of the master, such as `content/landing.md#hero`".to_owned(),
    };
    Err(Refusal::usage(format!("nothing in the master is called `{text}`"), help))
}
