//! `cobrand policy PARTNER` and `cobrand codeowners`

use super::Exit;
use super::arguments::{Common, Format, Policy};
use super::diagnostics::Findings;
use super::explain::{refuse, short};
use super::program::Opened;
use super::terminal::Terminal;
use super::wording::count;
use crate::explain::owners;
use crate::explain::sheet::{OpenRule, Sheet, page, sheet};

pub fn run(terminal: &Terminal, common: &Common, arguments: &Policy) -> Exit {
    if let Err(exit) = terminal.needs_results("policy") {
        return exit;
    }
    let opened = Opened::read(common);
    let program = match opened.usable(terminal) {
        Ok(program) => program,
        Err(exit) => return exit,
    };
    let sheet = match sheet(program, &arguments.partner) {
        Ok(sheet) => sheet,
        Err(unknown) => return refuse(terminal, &unknown),
    };
    let printed = match (terminal.format, arguments.html) {
        (_, true) => match page(&sheet, program) {
            Ok(page) => terminal.result(&page),
            Err(errors) => {
                terminal.explain(&Findings::new(errors, program.sources(), &opened.location.prefix));
                Err(Exit::Errors)
            }
        },
        (Format::Json, _) => terminal.document(&sheet),
        _ => terminal.result(&words(&sheet, terminal.verbose)),
    };
    printed.err().unwrap_or(Exit::Fine)
}

pub fn codeowners(terminal: &Terminal, common: &Common) -> Exit {
    let opened = Opened::read(common);
    let printed = opened.usable(terminal).and_then(|program| terminal.result(&owners::codeowners(program)));
    printed.err().unwrap_or(Exit::Fine)
}

fn words(sheet: &Sheet, verbose: bool) -> String {
    let tier = sheet.tier.as_ref().map(|tier| format!(", tier {tier}")).unwrap_or_default();
    let number = count(sheet.deployments as u64, "deployment");
    let mut out = format!("{}{tier}, {number}; values of {}\n", sheet.partner, sheet.deployment);
    if sheet.rules.is_empty() {
        out.push_str("\nnothing: every value follows the master\n");
    }
    sheet.rules.iter().for_each(|rule| out.push_str(&open(rule, verbose)));
    out
}

fn open(rule: &OpenRule, verbose: bool) -> String {
    let mut out = format!("\n{}\n  may     {}\n", rule.pattern, rule.rights.join(", "));
    if !rule.limits.is_empty() {
        out.push_str(&format!("  limits  {}\n", rule.limits.join("; ")));
    }
    out.extend(rule.reason.as_ref().map(|reason| format!("  reason  {reason}\n")));
    for today in &rule.values {
        out.push_str(&format!("  {}  {}  {}\n", today.path, today.layer, short(&today.text, verbose)));
    }
    out
}
