//! What is looked at once a package is made and before anything is written.
//!
//! - nothing unresolved: no mark of templates, links or nodes is left in any text
//! - no dangling link: every relative address leads to a file of the package, and every fragment to an id
//! - no mark in an email that a platform would fill in, save what HQ wrote and the partner's own platform's
//! - no untracked address: every outbound one on a page or in an email was handed out by [`crate::links`], and what is
//!   loaded stands in the package
//! - no form that is sent elsewhere than to the one endpoint
//! - no page that loses the campaign of a visit, and no form that takes none (J12)
//! - no way around a form to what is given for it (J14)
//! - no markup behind which an address would not be seen
//! - the same in styles, drawings, XML and manifests of web applications, and no other web address among the words of
//!   an email
//! - no email that Gmail clips
//! - no component without its files
//!
//! What is wrong is a [`Flaw`] at a byte of a finished file; whoever made that knows what wrote it. What scripts do is
//! not looked at.
//!
//! - `tokens`: what an email platform would fill in
//! - `links`: whether it may stand where it stands

mod links;
mod tokens;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::artifact::{File, PAGE, Planned};
use crate::components::ComponentKind;
use crate::diag::{Diagnostic, Diagnostics};
use crate::html::{Hazard, Page, Reference, Role, kinds};
use crate::manifest::Part;
use crate::paths::OutputPath;
use crate::profiles::email::Token;

use links::{DANGLING, Fault, Judge};
pub use tokens::Letters;

/// Gmail shows no more of a message's HTML than this many bytes.
const MAX_EMAIL: usize = 102_400;

/// What the addresses of a package may be, beside those of its files.
#[derive(Clone, Copy, Debug)]
pub struct Allowed<'a> {
    /// Every address that was handed out while rendering.
    pub granted: &'a BTreeSet<String>,
    /// Where forms are sent.
    pub endpoints: &'a BTreeSet<String>,
    /// The deployment's own.
    pub base_url: &'a str,
    /// What the partner's email platform fills in, which stays in emails.
    pub tokens: &'a [Token],
    /// What else is known of emails.
    pub letters: &'a Letters<'a>,
    /// The hosts and mailboxes that words of an email may name, though mail programs make links of them: HQ's, and the partner's own.
    pub hosts: &'a BTreeSet<String>,
    pub gates: &'a Gates,
    pub trail: Option<&'a Trail>,
}

/// How the campaign of a visit comes to the form (J12).
#[derive(Debug)]
pub struct Trail {
    /// The file that carries it, and that every page loads from which somebody goes on.
    pub script: OutputPath,
    /// The fields that take it, by the names that the receiver has for them; for each page with a form.
    pub fields: BTreeMap<String, Vec<String>>,
}

/// The files that stand behind forms (J14).
#[derive(Debug, Default)]
pub struct Gates {
    pub behind: BTreeMap<String, Behind>,
    /// Those that no search is to find.
    pub unlisted: BTreeSet<String>,
}

/// What is known of a file that stands behind a form.
#[derive(Debug)]
pub struct Behind {
    /// The page that it is, in whichever locale.
    pub page: Arc<str>,
    /// The request that gives it.
    pub request: Arc<str>,
    /// The public files that may lead there.
    pub from: Arc<BTreeSet<String>>,
}

impl Allowed<'_> {
    /// The token with which a text of an email begins.
    fn token(&self, file: &File, text: &[u8]) -> Option<&Token> {
        let is_email = file.component == ComponentKind::NURTURE;
        self.tokens.iter().filter(|_| is_email).find(|token| text.starts_with(token.code.as_bytes()))
    }
}

/// What stands in the files of a package, each read once.
#[derive(Debug, Default)]
pub struct Pages(BTreeMap<OutputPath, Arc<Page>>);

impl Pages {
    /// Takes what is known of a file that other packages have too.
    pub fn know(&mut self, path: &OutputPath, page: &Arc<Page>) {
        self.0.insert(path.clone(), page.clone());
    }

    pub fn read(&mut self, file: &File) -> &Page {
        self.0.entry(file.path.clone()).or_insert_with(|| {
            let read = || Page::of(file.path.extension(), &file.bytes).unwrap_or_else(|| Page::read(&file.bytes));
            Arc::new(match file.path.extension() {
                "txt" if is_letter(file) => Page::of_text(&file.bytes),
                "html" if file.component == ComponentKind::NURTURE => Page::of_email(&file.bytes),
                _ => read(),
            })
        })
    }

    pub fn get(&self, path: &str) -> Option<&Page> {
        self.0.get(path).map(|page| &**page)
    }
}

/// The files of a package that nothing is wrong with: each planned, each made, none unseen. Only [`seal`] makes one.
#[derive(Debug)]
pub struct Sealed {
    files: Vec<(File, Arc<[Arc<str>]>)>,
}

impl Sealed {
    /// The files as a manifest lists them, with the layer files they came from.
    pub fn parts(&self) -> Vec<Part<'_>> {
        self.files
            .iter()
            .map(|(file, sources)| Part {
                path: &file.path,
                bytes: &file.bytes,
                kind: file.kind,
                component: file.component.id(),
                sources,
            })
            .collect()
    }
}

/// What is wrong with a package.
#[derive(Debug, Default)]
pub struct Refused {
    /// In the order of the files.
    pub flaws: Vec<Flaw>,
    /// What no file is to blame for.
    pub others: Diagnostics,
    /// What was looked at.
    pub files: Vec<File>,
}

/// Something wrong in a finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    pub code: &'static str,
    pub path: OutputPath,
    /// The byte it stands at; `None` where it is the file as a whole.
    pub at: Option<usize>,
    /// How many bytes it has, where several places may have written it.
    pub length: usize,
    /// Goes on from the file's name: ``links to `…` without tracking``.
    pub what: String,
    /// The address in that, if it is about one.
    pub address: Option<String>,
    pub help: &'static str,
}

impl Flaw {
    /// What it is, whichever address it is about.
    pub fn kind(&self) -> Cow<'_, str> {
        match self.address.as_deref().filter(|address| !address.is_empty()) {
            Some(address) => self.what.replacen(address, "…", 1).into(),
            None => (&*self.what).into(),
        }
    }

    /// As it is said where nothing is known but the file.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.code, format!("`{}` {}", self.path, self.what)).help(self.help)
    }
}

/// Checks the files of one package, each with the layer files it came from, against what was planned.
pub fn seal(
    files: Vec<(File, Arc<[Arc<str>]>)>,
    planned: &[Planned],
    mut pages: Pages,
    allowed: Allowed<'_>,
) -> Result<Sealed, Refused> {
    let found = audit(&files.iter().map(|(file, _)| file).collect::<Vec<_>>(), planned, &mut pages, allowed);
    match found.flaws.is_empty() && !found.others.has_errors() {
        true => Ok(Sealed { files }),
        false => Err(Refused { files: files.into_iter().map(|(file, _)| file).collect(), ..found }),
    }
}

fn audit(files: &[&File], planned: &[Planned], pages: &mut Pages, allowed: Allowed<'_>) -> Refused {
    let mut auditor = Auditor::default();
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    auditor.plan(files.len(), &paths, planned);
    for file in files {
        auditor.leftovers(file, allowed);
        auditor.tokens(file, allowed);
        auditor.size(file);
        if is_page(file) {
            pages.read(file);
        }
    }
    let judge = Judge { allowed, paths: &paths, pages };
    for file in files {
        auditor.heading(file, &judge);
        auditor.page(file, &judge);
    }
    auditor.components(files, &paths);
    auditor.found
}

/// What begins something that a program fills in: of templates, and of links and nodes in Markdown.
const MARKS: [&str; 4] = ["{{", "{%", "](link:", "](node:"];

/// The first mark that nobody fills in.
fn leftover(file: &File, allowed: Allowed<'_>) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = file.bytes.get(from..)?;
        let found = MARKS.iter().filter_map(|mark| memchr::memmem::find(rest, mark.as_bytes()));
        let at = found.min()?;
        match allowed.token(file, &rest[at..]) {
            Some(token) => from += at + token.code.len(),
            None => return Some(from + at),
        }
    }
}

/// The byte at which an address stands, or else its tag: what was written with entities is not searched for.
fn place(file: &File, reference: &Reference) -> usize {
    let rest = file.bytes.get(reference.at..).unwrap_or_default();
    let plain = reference.address.split(['&', '"', '\'', '<', '>']).next().unwrap_or_default();
    // Behind the next tag it is another one's.
    let end = memchr::memchr(b'<', rest.get(1..).unwrap_or_default()).map_or(rest.len(), |at| at + 1);
    let start = attribute(&rest[..end], reference.attribute).unwrap_or(0);
    let found = memchr::memmem::find(&rest[start..], plain.as_bytes()).map(|at| start + at);
    reference.at + found.filter(|&at| at < end && !plain.is_empty()).unwrap_or(0)
}

/// Where an attribute begins in a tag: others of it may hold the same address.
fn attribute(tag: &[u8], name: &str) -> Option<usize> {
    let is_name = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| tag.get(before));
        let behind = tag.get(at + name.len()..).unwrap_or_default().trim_ascii_start();
        let is_parted = before.is_some_and(|c| c.is_ascii_whitespace() || matches!(c, b'/' | b'"' | b'\''));
        is_parted && behind.starts_with(b"=")
    };
    let windows = tag.windows(name.len().max(1)).enumerate();
    windows.filter(|(_, window)| window.eq_ignore_ascii_case(name.as_bytes())).map(|(at, _)| at).find(|at| is_name(*at))
}

/// Where the head of a page begins.
fn head(file: &File) -> Option<usize> {
    memchr::memmem::find(&file.bytes, b"<head>")
}

/// Whether a browser may take a file for a page, or for a part of one. What a document comes to is one, whatever its
/// name ends with.
fn is_page(file: &File) -> bool {
    file.kind == PAGE || kinds::is_read(file.path.extension()) || is_letter(file)
}

/// The text of an email, of which mail programs make links.
fn is_letter(file: &File) -> bool {
    file.component == ComponentKind::NURTURE && file.path.extension() == "txt"
}

fn is_text(file: &File) -> bool {
    is_page(file) || matches!(file.path.extension(), "txt" | "csv" | "json" | "ics" | "md" | "vcf")
}

#[derive(Default)]
struct Auditor {
    found: Refused,
}

impl Auditor {
    fn say(&mut self, code: &'static str, file: &File, at: Option<usize>, what: String, help: &'static str) {
        self.found.flaws.push(Flaw { code, path: file.path.clone(), at, length: 1, what, address: None, help });
    }

    fn lead(&mut self, file: &File, at: usize, fault: Fault) {
        let Fault { code, what, address, help } = fault;
        self.found.flaws.push(Flaw { code, path: file.path.clone(), at: Some(at), length: 1, what, address, help });
    }

    /// What was made is what was planned, each file once.
    fn plan(&mut self, made: usize, paths: &BTreeSet<&str>, planned: &[Planned]) {
        let planned: BTreeSet<&str> = planned.iter().map(|file| file.path.as_str()).collect();
        if made == paths.len() && *paths == planned {
            return;
        }
        let unlike: Vec<&str> = paths.symmetric_difference(&planned).copied().collect();
        let message = format!("what was made is not what was planned: {}", unlike.join(", "));
        let error = Diagnostic::error("E-INTERNAL", message);
        self.found.others.push(error.help("this is a fault of the program: please report it"));
    }

    fn leftovers(&mut self, file: &File, allowed: Allowed<'_>) {
        if !is_text(file) {
            return;
        }
        if let Some((before, rest)) = leftover(file, allowed).and_then(|at| file.bytes.split_at_checked(at)) {
            self.say(
                "E-LEFTOVER",
                file,
                Some(before.len()),
                format!("holds `{}`", left(&String::from_utf8_lossy(rest))),
                "fill it, or escape it as an entity; in an email a token of the partner's own platform may stay",
            );
        }
    }

    fn tokens(&mut self, file: &File, allowed: Allowed<'_>) {
        if file.component == ComponentKind::NURTURE {
            let letters = allowed.letters;
            self.found.flaws.extend(letters.flaw(file, |rest| allowed.token(file, rest.as_bytes())));
        }
    }

    fn size(&mut self, file: &File) {
        if file.component == ComponentKind::NURTURE && file.path.extension() == "html" && file.bytes.len() > MAX_EMAIL {
            self.say(
                "E-EMAILSIZE",
                file,
                None,
                format!("has {} bytes, and Gmail clips at {MAX_EMAIL}", file.bytes.len()),
                "shorten it",
            );
        }
    }

    /// Of what a message says above its text mail programs make links too.
    fn heading(&mut self, file: &File, judge: &Judge<'_>) {
        let Some(head) = judge.allowed.letters.heads.get(&file.path) else { return };
        for reference in &Page::of_text(head.as_bytes()).references {
            if let Some(fault) = judge.fault(file, reference) {
                self.lead(file, reference.at, fault);
            }
        }
    }

    fn page(&mut self, file: &File, judge: &Judge<'_>) {
        let Some(page) = judge.pages.get(file.path.as_str()) else { return };
        if judge.allowed.gates.unlisted.contains(file.path.as_str()) && !page.is_unlisted {
            let what = "is for those who filled in a form, and searches would find it".to_owned();
            let help =
                "write `{% if page.unlisted %}<meta name=\"robots\" content=\"noindex\">{% endif %}` into its head";
            self.say("E-J14", file, head(file), what, help);
        }
        if let Some(trail) = judge.allowed.trail {
            self.trail(file, page, trail, judge);
        }
        for (at, hazard) in &page.hazards {
            let (what, help) = match hazard {
                Hazard::Unread(_) => (format!("is {hazard}"), "mend it: no address in it can be checked as it is"),
                _ => (format!("holds {hazard}"), "take it out: no address behind it can be checked"),
            };
            self.say("E-MARKUP", file, Some(*at), what, help);
        }
        for reference in &page.references {
            if let Some(fault) = judge.fault(file, reference) {
                // An address that was handed out is right in itself, if it leads anywhere: where it is put is not.
                let is_right = fault.code != DANGLING && judge.allowed.granted.contains(&reference.address);
                let at = if is_right { reference.at } else { place(file, reference) };
                self.lead(file, at, fault);
            }
        }
    }

    fn trail(&mut self, file: &File, page: &Page, trail: &Trail, judge: &Judge<'_>) {
        let Some(on) = judge.leads_on(file, page) else { return };
        if !judge.loads(file, page, trail.script.as_str()) {
            let what = format!("leads on without the campaign of a visit: the page does not load `{}`", trail.script);
            let help = "write `<script src=\"{{ asset(path=journey.trail) }}\" defer></script>` into its head";
            self.say("E-J12", file, Some(on.at), what, help);
        }
        let fields = trail.fields.get(file.path.as_str()).into_iter().flatten();
        if let Some(field) = fields.into_iter().find(|name| page.fields.iter().all(|field| field.name != **name)) {
            let what = format!("sends a form without the field `{field}`, so what a visit brings to it is lost");
            let help = "write a hidden input for each of `tracking.fields` that `capture.forms[request.id].names` has";
            let form = page.references.iter().find(|reference| reference.role == Role::Post).unwrap_or(on);
            self.say("E-J12", file, Some(form.at), what, help);
        }
    }

    fn components(&mut self, files: &[&File], paths: &BTreeSet<&str>) {
        for kind in ComponentKind::ALL {
            let missing = kind.required().iter().find(|path| !paths.contains(**path));
            let none = !files.iter().any(|file| file.component == kind);
            if let Some(what) = missing.map(|path| format!("`{path}`")).or(none.then(|| "any file".to_owned())) {
                self.found.others.push(
                    Diagnostic::error("E-COMPONENT", format!("the {} lacks {what}", kind.title().to_lowercase()))
                        .help(format!("add a document with `component: {kind}` that is written there")),
                );
            }
        }
    }
}

/// What was left, up to its own end or that of its line: what follows differs from page to page.
fn left(rest: &str) -> String {
    const ENDS: [(&str, &str); 4] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}"), ("](", ")")];
    let line: String = rest.chars().take_while(|&c| c != '\n' && c != '\r').take(40).collect();
    let end =
        ENDS.iter().find(|(start, _)| line.starts_with(start)).and_then(|(_, end)| Some(line.find(end)? + end.len()));
    match end {
        Some(end) => line[..end].to_owned(),
        None => line,
    }
}
