//! `cobrand list --why`: whether the next build makes a package again, and for what.

use serde::Serialize;

use super::Exit;
use super::arguments::Format;
use super::program::Opened;
use super::terminal::Terminal;
use crate::build::{self, Options, Why};
use crate::emit::Past;
use crate::matrix::query::Query;

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    deployments: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    id: &'a str,
    why: &'static str,
    /// What is another value, or new, or of which kind one is gone; empty unless `why` is `changed`.
    values: &'a [String],
}

/// How many values are named for one deployment in a table.
const NAMED: usize = 4;

pub fn print(terminal: &Terminal, opened: &Opened, queries: Vec<Query>) -> Result<(), Exit> {
    let past = Past::read_with_parts(&opened.location.output);
    let options = Options { queries, ..Options::default() };
    let all = opened.program.as_ref().map(|program| build::why(program, &past, &options)).unwrap_or_default();
    if terminal.format == Format::Json {
        let deployments = all.iter().map(|(id, why)| Entry { id, why: why.word(), values: values(why) }).collect();
        return terminal.document(&Document { format: 1, deployments });
    }
    let width = all.iter().map(|(id, _)| id.len()).max().unwrap_or(0);
    let lines = all
        .iter()
        .map(|(id, why)| format!("{id:width$}  {:9}  {}", why.word(), words(why)).trim_end().to_owned() + "\n");
    terminal.result(&lines.collect::<String>())
}

fn values(why: &Why) -> &[String] {
    match why {
        Why::Changed(values) => values,
        _ => &[],
    }
}

/// For people, in one line.
fn words(why: &Why) -> String {
    match why {
        Why::Untouched => "nothing that it is made from was touched".to_owned(),
        Why::Noted => "there is something to say of it, so it is looked at each time; no value has changed".to_owned(),
        Why::Unmoved => "its files were touched, but no value that it is made from".to_owned(),
        Why::New => "no build has made it".to_owned(),
        Why::Refused => "`cobrand check` says why".to_owned(),
        Why::Changed(values) if values.is_empty() => "it reads the same in another order".to_owned(),
        Why::Changed(values) => {
            let named = values.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            match values.len().saturating_sub(NAMED) {
                0 => named,
                more => format!("{named} and {more} more"),
            }
        }
    }
}
