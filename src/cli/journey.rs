//! `cobrand journey DEPLOYMENT`

use serde::Serialize;

use super::Exit;
use super::arguments::{Common, Format, Journey};
use super::diagnostics::Findings;
use super::explain::refuse;
use super::program::Opened;
use super::terminal::Terminal;
use crate::build::{self, Gone};
use crate::capture::Gap;
use crate::diag::Diagnostics;
use crate::explain::Unknown;
use crate::explain::subject::find;
use crate::journey::load::{Carried, Taken};
use crate::journey::view::{Owner, View, text};
use crate::journey::{Load, Open};
use crate::package::journey::Keeps;
use crate::source::Sources;

/// What `--format json` prints; documented in `docs/journey.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    deployment: &'a str,
    #[serde(flatten)]
    open: &'a Open,
    owners: &'a [Owner<'a>],
    load: &'a [Carried],
    gone: Vec<Missing<'a>>,
    #[serde(flatten)]
    view: &'a View,
}

/// What of the path is not here, and why.
#[derive(Serialize)]
struct Missing<'a> {
    /// What words are bound to it by: `sales.review`.
    name: &'a str,
    path: &'a str,
    since: &'a str,
    /// What says so: a file and a line.
    place: Option<String>,
}

pub fn run(terminal: &Terminal, common: &Common, arguments: &Journey) -> Exit {
    if let Err(exit) = terminal.needs_results("journey") {
        return exit;
    }
    let opened = Opened::read(common);
    let program = match opened.usable(terminal) {
        Ok(program) => program,
        Err(exit) => return exit,
    };
    let id = arguments.deployment.trim_end_matches('/').trim_start_matches("./");
    let Some(values) = find(program, id) else {
        let ids = program.matrix().ids(program.catalog());
        return refuse(terminal, &Unknown::new("deployment", id, ids.iter().map(String::as_str)));
    };
    let mut found = Diagnostics::default();
    let shown = build::journey(program, &values, &mut found);
    let Some(shown) = shown.filter(|_| !found.has_errors()) else {
        terminal.explain(&Findings::new(found, program.sources(), &opened.location.prefix));
        return Exit::Errors;
    };
    let Some((path, told)) = shown.path.as_ref().and_then(|path| Some((path, path.told().first()?))) else {
        return terminal.refuse(&format!(
            "`{id}` has no journey: no layer of it says `journey`\n\
             help: write `master-templates/journey.yaml`; `docs/journey.md` shows what is written there"
        ));
    };
    let owners = path.owners(told);
    let printed = match terminal.format {
        _ if arguments.svg => terminal.result(&String::from_utf8_lossy(&path.picture(told))),
        Format::Json => terminal.document(&Document {
            format: 1,
            deployment: id,
            open: &shown.open,
            owners: &owners,
            load: &path.load().rows,
            gone: missing(&shown.gone, program.sources()),
            view: &told.view,
        }),
        _ => {
            let text = text::text(&told.view, &owners);
            let title = format!("{id}: the lead's path, proved to close");
            let gone = gone(&missing(&shown.gone, program.sources()));
            let load = carried(path.load());
            terminal.result(&format!("{title}\n\n{}{text}{load}{}{gone}", kept(&shown.open), open(&shown.open)))
        }
    };
    printed.err().unwrap_or(Exit::Fine)
}

fn missing<'a>(gone: &'a [Gone], sources: &Sources) -> Vec<Missing<'a>> {
    let missing = |gone: &'a Gone| Missing {
        name: &gone.name,
        path: &gone.path,
        since: &gone.since,
        place: gone.place.map(|span| build::line(sources, span)),
    };
    gone.iter().map(missing).collect()
}

/// What is written somewhere and is not here.
fn gone(missing: &[Missing<'_>]) -> String {
    let line = |it: &Missing<'_>| {
        let place = it.place.as_deref().map_or(String::new(), |place| format!(", {place}"));
        format!("  `{}`: {}{place}\n", it.name, it.since)
    };
    let lines: String = missing.iter().map(line).collect();
    if lines.is_empty() { lines } else { format!("\nnot here, and since what\n{lines}") }
}

/// What each mailbox gives to the package in a week.
fn carried(load: &Load) -> String {
    let task = |task: &Taken| format!("    {:>4}  {}\n", task.minutes, task.about);
    let row = |row: &Carried| {
        let week = row.fullest().map(|week| format!(", {} in the week from {}", week.minutes, week.from));
        let tasks: String = row.tasks.iter().map(task).collect();
        format!("  {:>4}  {}{}\n{tasks}", row.minutes, row.address, week.unwrap_or_default())
    };
    let rows: String = load.rows.iter().map(row).collect();
    if rows.is_empty() { rows } else { format!("\nminutes a week, by mailbox\n{rows}") }
}

/// Who keeps the leads, where it is said.
fn kept(open: &Open) -> String {
    let Some(leads) = &open.leads else { return String::new() };
    let until = match leads.keeps {
        Keeps::Partner => "",
        Keeps::Vendor => ", whose system counts after the handover too",
        Keeps::VendorUntilSalesReady => " until they are sales-ready",
    };
    format!("leads are kept by {}{until}\n\n", leads.receiver.name)
}

/// What nobody has given yet, with where it goes, and what nobody can look at from here.
fn open(open: &Open) -> String {
    let gap = |gap: &Gap| {
        let about = gap.about.as_deref().map_or(String::new(), |about| format!(", for `{about}`"));
        format!("  {} owes `{}` in {}: {}{about}\n", gap.owner, gap.key, gap.file, gap.need)
    };
    let promised = |way: &str, what: &str| {
        let of = open.promises.iter().filter(|it| &*it.way == way);
        of.map(|it| format!("  {}: {} {what} `{}`\n", it.owner, it.address, it.request)).collect::<String>()
    };
    let section = |title: &str, lines: String| if lines.is_empty() { lines } else { format!("\n{title}\n{lines}") };
    let lacks = if open.lacks.is_empty() { String::new() } else { format!("  {}\n", open.lacks.join(", ")) };
    [
        section(
            "still to be given; until then a page offers an email in place of the form",
            open.gaps.iter().map(gap).collect(),
        ),
        section("still to be given; until then pages count nothing", open.uncounted.iter().map(gap).collect()),
        section("owed by the region; until then nothing is said to be due", lacks),
        section(
            "to be seen to, since the system draws its own form: fields, and permissions in the region's words",
            promised("page", "asks for all that is asked for by"),
        ),
        section(
            "to be done by whoever reads the mailbox: the answer, the member status, and telling of the request",
            promised("mail", "gets the emails of"),
        ),
    ]
    .concat()
}
