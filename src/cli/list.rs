//! `cobrand list [QUERY…]`

use indexmap::IndexMap;
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};
use unicode_width::UnicodeWidthStr;

use super::Exit;
use super::arguments::{Common, Format, List};
use super::diagnostics::Findings;
use super::program::{Opened, asked};
use super::terminal::Terminal;
use super::why;
use crate::build;
use crate::deployment::Deployment;

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    deployments: Listed<'a>,
}

/// The deployments, one at a time.
struct Listed<'a> {
    list: Option<&'a build::List<'a>>,
    output: &'a str,
}

impl Serialize for Listed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let deployments = self.list.into_iter().flat_map(build::List::iter);
        let mut sequence = serializer.serialize_seq(None)?;
        for deployment in deployments {
            sequence.serialize_element(&entry(&deployment, self.output))?;
        }
        sequence.end()
    }
}

/// A deployment: its id, its value of each axis it uses, and where its package is.
#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    #[serde(flatten)]
    axes: IndexMap<&'a str, &'a str>,
    locales: Vec<&'a str>,
    path: String,
    url: &'a str,
    zip: String,
}

pub fn run(terminal: &Terminal, common: &Common, arguments: &List) -> Exit {
    if let Err(exit) = terminal.needs_results("list") {
        return exit;
    }
    // Which deployments there are is known without what rows say of anything else.
    let named = asked(&arguments.queries);
    let mut opened = Opened::read_for(common, &|partner| arguments.why && named(partner));
    let queries = match opened.queries(terminal, &arguments.queries) {
        Ok(queries) => queries,
        Err(exit) => return exit,
    };
    opened.keep_what_concerns(&queries);
    let findings = Findings::new(opened.diagnostics.clone(), opened.sources(), &opened.location.prefix);
    terminal.explain(&findings);
    let exit = if findings.errors() > 0 { Exit::Errors } else { Exit::Fine };
    if arguments.why {
        return match why::print(terminal, &opened, queries) {
            Ok(()) => exit,
            Err(exit) => exit,
        };
    }
    let list = opened.program.as_ref().ok().map(|program| build::list(program, &queries));
    match print(terminal, &opened, list.as_ref()) {
        Ok(()) => exit,
        Err(exit) => exit,
    }
}

fn print(terminal: &Terminal, opened: &Opened, list: Option<&build::List<'_>>) -> Result<(), Exit> {
    let output = opened.location.output.display().to_string();
    match terminal.format {
        Format::Json => terminal.document(&Document { format: 1, deployments: Listed { list, output: &output } }),
        _ => table(terminal, list, &output),
    }
}

fn entry<'a>(deployment: &'a Deployment, output: &str) -> Entry<'a> {
    let Deployment { id, partner, slug, url, axes, locales } = deployment;
    Entry {
        id,
        axes: axes.iter().map(|(axis, value)| (&**axis, &**value)).collect(),
        locales: locales.iter().map(|locale| &**locale).collect(),
        path: format!("{output}/{id}"),
        url,
        zip: format!("{output}/{partner}/downloads/{slug}.zip"),
    }
}

/// How much of a table is printed at once.
const AT_ONCE: usize = 64 * 1024;

/// Columns as wide as their widest cell; the last one is not padded.
fn table(terminal: &Terminal, list: Option<&build::List<'_>>, output: &str) -> Result<(), Exit> {
    let head = ["DEPLOYMENT", "TIER", "LOCALES", "PATH"].map(str::to_owned);
    let rows = || list.into_iter().flat_map(build::List::iter).map(|deployment| row(&deployment, output));
    let mut widths = [0; 3];
    for row in std::iter::once(head.clone()).chain(rows()) {
        widths.iter_mut().zip(&row).for_each(|(width, cell)| *width = cell.width().max(*width));
    }
    let mut text = String::new();
    for row in std::iter::once(head).chain(rows()) {
        text.push_str(&line(&row, widths));
        if text.len() > AT_ONCE {
            terminal.result(&std::mem::take(&mut text))?;
        }
    }
    terminal.result(&text)
}

fn row(deployment: &Deployment, output: &str) -> [String; 4] {
    let tier = deployment.axes.get("tier").map_or("-", |tier| &**tier);
    [deployment.id.to_string(), tier.to_owned(), deployment.locales.join(" "), format!("{output}/{}", deployment.id)]
}

fn line(row: &[String; 4], widths: [usize; 3]) -> String {
    let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width() + 2)));
    padded.chain([row[3].clone(), "\n".to_owned()]).collect()
}
