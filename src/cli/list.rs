//! `cobrand list [QUERY…]`

use indexmap::IndexMap;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::Exit;
use super::arguments::{Common, Format, List};
use super::diagnostics::Findings;
use super::program::Opened;
use super::terminal::Terminal;
use crate::build;
use crate::deployment::Deployment;

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    deployments: Vec<Entry<'a>>,
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
    let opened = Opened::read(common);
    let queries = match opened.queries(terminal, &arguments.queries) {
        Ok(queries) => queries,
        Err(exit) => return exit,
    };
    let findings = Findings::new(opened.diagnostics.clone(), opened.sources(), &opened.location.prefix);
    terminal.explain(&findings);
    let exit = if findings.errors() > 0 { Exit::Errors } else { Exit::Fine };
    let deployments = match &opened.program {
        Ok(program) => build::list(program, &queries),
        Err(_) => Vec::new(),
    };
    match print(terminal, &opened, &deployments) {
        Ok(()) => exit,
        Err(exit) => exit,
    }
}

fn print(terminal: &Terminal, opened: &Opened, deployments: &[Deployment]) -> Result<(), Exit> {
    let output = opened.location.output.display().to_string();
    match terminal.format {
        Format::Json => {
            let deployments = deployments.iter().map(|deployment| entry(deployment, &output)).collect();
            terminal.document(&Document { format: 1, deployments })
        }
        _ => terminal.result(&table(deployments, &output)),
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

/// Columns as wide as their widest cell; the last one is not padded.
fn table(deployments: &[Deployment], output: &str) -> String {
    let head = ["DEPLOYMENT", "TIER", "LOCALES", "PATH"].map(str::to_owned);
    let rows = deployments.iter().map(|deployment| {
        let tier = deployment.axes.get("tier").map_or("-", |tier| &**tier);
        [
            deployment.id.to_string(),
            tier.to_owned(),
            deployment.locales.join(" "),
            format!("{output}/{}", deployment.id),
        ]
    });
    let rows: Vec<[String; 4]> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    rows.iter().map(|row| line(row, widths)).collect()
}

fn line(row: &[String; 4], widths: [usize; 3]) -> String {
    let padded = row.iter().zip(widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width() + 2)));
    padded.chain([row[3].clone(), "\n".to_owned()]).collect()
}
