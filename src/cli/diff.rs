//! `cobrand diff A B`

use super::Exit;
use super::arguments::{Common, Diff, Format};
use super::explain::{refuse, short};
use super::program::Opened;
use super::terminal::Terminal;
use super::wording::{count, place as named};
use crate::explain::comparison::{Comparison, Side, Summary, compare};
use crate::explain::subject::Subject;

pub fn run(terminal: &Terminal, common: &Common, arguments: &Diff) -> Exit {
    if let Err(exit) = terminal.needs_results("diff") {
        return exit;
    }
    let opened = Opened::read(common);
    let program = match opened.usable(terminal) {
        Ok(program) => program,
        Err(exit) => return exit,
    };
    let (a, b) = match (Subject::open(program, &arguments.a), Subject::open(program, &arguments.b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(unknown), _) | (_, Err(unknown)) => return refuse(terminal, &unknown),
    };
    let comparison = compare(&a, &b);
    let printed = match terminal.format {
        Format::Json => terminal.document(&comparison),
        _ => terminal.result(&words(&comparison, &opened.location.prefix, terminal.verbose)),
    };
    printed.err().unwrap_or(Exit::Fine)
}

fn words(comparison: &Comparison, prefix: &str, verbose: bool) -> String {
    let Comparison { a, b, locale, files, summary, .. } = comparison;
    let mut out = format!("- {a}\n+ {b}\nin {locale}\n");
    for file in files {
        out.push_str(&format!("\n{}\n", file.file));
        for difference in &file.differences {
            out.push_str(&format!("  {}\n", difference.path));
            out.extend(difference.a.as_ref().map(|side| line('-', side, prefix, verbose)));
            out.extend(difference.b.as_ref().map(|side| line('+', side, prefix, verbose)));
        }
    }
    out + &distance(b, summary)
}

fn line(sign: char, side: &Side, prefix: &str, verbose: bool) -> String {
    format!("    {sign} {}  {}  {}\n", named(&side.place, prefix), side.layer, short(&side.text, verbose))
}

/// How far a deployment is from the standard.
fn distance(id: &str, summary: &Summary) -> String {
    let share = |number: usize| 100.0 * number as f64 / summary.values.max(1) as f64;
    let mut out = format!(
        "\n{}; of the {} of {id}\n",
        count(summary.different as u64, "difference"),
        count(summary.values as u64, "value")
    );
    for (role, &number) in summary.roles.iter().filter(|&(_, &number)| number > 0) {
        out.push_str(&format!("  {:>5.1} % from {role} ({number})\n", share(number)));
    }
    out
}
