//! `cobrand policy PARTNER` and `cobrand codeowners`

use std::path::Path;

use super::Exit;
use super::arguments::{Common, Format, Policy};
use super::diagnostics::Findings;
use super::explain::{refuse, short};
use super::program::Opened;
use super::terminal::Terminal;
use super::wording::count;
use crate::emit;
use crate::explain::owners;
use crate::explain::sheet::{MARK, OpenRule, Sheet, page, sheet};

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
    let printed = match (terminal.format, arguments.html || arguments.write.is_some()) {
        (_, true) => match (page(&sheet, program), &arguments.write) {
            (Ok(page), Some(file)) => write(terminal, file, &page),
            (Ok(page), None) => terminal.result(&page),
            (Err(errors), _) => {
                terminal.explain(&Findings::new(errors, program.sources(), &opened.location.prefix));
                Err(Exit::Errors)
            }
        },
        (Format::Json, _) => terminal.document(&sheet),
        _ => terminal.result(&words(&sheet, terminal.verbose)),
    };
    printed.err().unwrap_or(Exit::Fine)
}

/// Writes the page; an older one is replaced, and no other file.
fn write(terminal: &Terminal, file: &Path, page: &str) -> Result<(), Exit> {
    let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
        return Err(terminal.refuse("`--write` needs a file\nhelp: such as `--write acme.html`"));
    };
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match emit::add(folder, [(name, page.as_bytes())], Some(MARK)) {
        Ok(_) if terminal.quiet => Ok(()),
        Ok(_) => terminal.result(&format!("wrote `{}`\n", file.display())),
        Err(problem) => {
            terminal.explain_one(problem);
            Err(Exit::Errors)
        }
    }
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
    out.extend(sheet.rooms().iter().map(|room| format!("{room}\n")));
    if sheet.rules.is_empty() {
        out.push_str("\nnothing: every value follows the master\n");
    }
    sheet.rules.iter().for_each(|rule| out.push_str(&open(rule, verbose)));
    out
}

fn open(rule: &OpenRule, verbose: bool) -> String {
    let mut out = format!("\n{}\n  may     {}\n", rule.rule.pattern, rule.rights.join(", "));
    if !rule.rule.limits.is_empty() {
        out.push_str(&format!("  limits  {}\n", rule.rule.limits.join("; ")));
    }
    out.extend(rule.notes().iter().map(|note| format!("  note    {note}\n")));
    out.extend(rule.rule.reason.as_ref().map(|reason| format!("  reason  {reason}\n")));
    for today in &rule.values {
        out.push_str(&format!("  {}  {}  {}\n", today.path, today.layer, short(&today.text, verbose)));
    }
    out
}
