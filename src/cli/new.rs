//! `cobrand new …`

use std::collections::BTreeMap;

use serde::Serialize;

use super::arguments::new::{Kind, New, Overlay, Partner, Value, Waiver};
use super::arguments::{Common, Format};
use super::diagnostics::Findings;
use super::diagnostics::json::{self, Finding};
use super::program::Opened;
use super::terminal::Terminal;
use super::wording::count;
use super::{Exit, editor};
use crate::build::Program;
use crate::diag::{Diagnostic, Diagnostics};
use crate::emit::{self, InputChange};
use crate::paths::InputPath;
use crate::scaffold::trial::Trial;
use crate::scaffold::{Addition, Refusal, Scaffold, overlay, partner, settle, value, waiver};
use crate::source::Sources;
use crate::workspace::{DiskFiles, Files, MAX_TEXT};

/// What `--format json` prints; documented in `docs/output.md`.
#[derive(Serialize)]
struct Document<'a> {
    format: u32,
    dry_run: bool,
    files: Vec<Written<'a>>,
    notes: &'a [String],
    next: &'a [String],
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Written<'a> {
    /// Within the workspace.
    path: &'a str,
    bytes: usize,
    /// Put behind a file that was there.
    appended: bool,
    /// With `--dry-run`.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

pub fn run(terminal: &Terminal, common: &Common, arguments: &New) -> Exit {
    if let Err(exit) = terminal.needs_results("new") {
        return exit;
    }
    let opened = Opened::read_without_partners(common);
    let job = Job { terminal, common, opened: &opened, dry_run: arguments.dry_run };
    let program = match &opened.program {
        Ok(program) => program,
        // Why nothing can be asked of it.
        Err(sources) => return job.fail(opened.diagnostics.clone(), sources),
    };
    match job.scaffold(program, &arguments.kind) {
        Ok((made, queries)) => job.finish(program, &made, &queries),
        Err(Refusal::Usage(problem)) => terminal.refuse(&problem),
        Err(Refusal::Found(found)) => job.fail((*found).into(), program.sources()),
    }
}

fn request(asked: &Partner) -> Result<partner::Request, Refusal> {
    let mut entitled: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let lists = [("motion", &asked.motion), ("industry", &asked.industry), ("region", &asked.region)];
    for (axis, ids) in lists.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        entitled.insert(axis.to_owned(), ids.clone());
    }
    entitled.extend(asked.tier.clone().map(|tier| ("tier".to_owned(), vec![tier])));
    for text in &asked.entitle {
        let Some((axis, ids)) = text.split_once('=') else {
            return Err(Refusal::usage(format!("`{text}` names no axis"), "write `--entitle audience=cio,cfo`"));
        };
        entitled.entry(axis.to_owned()).or_default().extend(ids.split(',').map(str::to_owned));
    }
    Ok(partner::Request {
        id: asked.id.clone(),
        name: asked.name.clone(),
        locale: asked.locale.clone(),
        website: asked.website.clone(),
        contact: asked.contact.clone(),
        email: asked.email.clone(),
        phone: asked.phone.clone(),
        entitled,
        paths: asked.paths.clone(),
    })
}

struct Job<'a> {
    terminal: &'a Terminal,
    common: &'a Common,
    opened: &'a Opened,
    dry_run: bool,
}

impl Job<'_> {
    /// What is to be written, and the deployments that show whether it holds.
    fn scaffold(&self, program: &Program, kind: &Kind) -> Result<(Scaffold, Vec<String>), Refusal> {
        let of_axis = |axis: &str, value: &Value| {
            let Value { id, paths, name, parent, locale } = value;
            let request = value::Request {
                axis: axis.to_owned(),
                id: id.clone(),
                name: name.clone(),
                parent: parent.clone(),
                locale: locale.clone(),
                paths: paths.clone(),
            };
            Ok((value::scaffold(program, &request)?, Vec::new()))
        };
        match kind {
            Kind::Partner(partner) => {
                let made = partner::scaffold(program, &request(partner)?)?;
                Ok((made, vec![format!("{}/**", partner.id)]))
            }
            Kind::Region(value) => of_axis("region", value),
            Kind::Industry(value) => of_axis("industry", value),
            Kind::Motion(value) => of_axis("motion", value),
            Kind::Tier(value) => of_axis("tier", value),
            Kind::Value(of) => of_axis(&of.axis, &of.value),
            Kind::Waiver(asked) => {
                let Waiver { layer, path, reason, approver, expires } = asked;
                let request = waiver::Request {
                    layer: layer.clone(),
                    path: path.clone(),
                    reason: reason.clone(),
                    approver: approver.clone(),
                    expires: *expires,
                };
                Ok((waiver::scaffold(program, &request)?, Vec::new()))
            }
            Kind::Overlay(asked) if asked.settle => {
                let Overlay { layer, paths, take, all_combinations, .. } = asked;
                let request = settle::Request {
                    layer: layer.clone(),
                    paths: paths.clone(),
                    take: take.clone(),
                    all_combinations: *all_combinations,
                };
                settle::scaffold(&self.files(), self.common.date, program, &request)
            }
            Kind::Overlay(asked) => {
                Ok((overlay::scaffold(program, asked.layer.as_deref().unwrap_or_default(), &asked.paths)?, Vec::new()))
            }
        }
    }

    fn files(&self) -> DiskFiles {
        DiskFiles::new(&self.opened.location.workspace)
    }

    /// Tries what was made, writes it and says so.
    fn finish(&self, program: &Program, made: &Scaffold, queries: &[String]) -> Exit {
        let trial = Trial::new(&self.files(), made, self.common.date, (program, &self.opened.diagnostics), queries);
        if trial.errors.has_errors() {
            if self.dry_run && self.terminal.format == Format::Human {
                let _ = self.print(made);
            }
            self.terminal.say("error: nothing was written, since `check` would refuse it; `--dry-run` shows it\n");
            return self.fail(trial.errors.clone(), trial.sources());
        }
        if !self.dry_run
            && let Err(problem) = self.write(made)
        {
            return self.fail(problem, &Sources::default());
        }
        let printed = self.print(made).err();
        self.refresh(&trial).or(printed).unwrap_or(Exit::Fine)
    }

    fn write(&self, made: &Scaffold) -> Result<(), Diagnostics> {
        let folder = &self.opened.location.workspace;
        let list = made.files.iter().map(|file| (file.path.as_str(), file.text.as_bytes()));
        emit::add(folder, list, None)?;
        for addition in &made.additions {
            self.append(addition)?;
        }
        Ok(())
    }

    /// Puts lines behind a file, whose own bytes stay as they are; one that changed meanwhile is left alone.
    fn append(&self, addition: &Addition) -> Result<(), Diagnostic> {
        let path = &addition.path;
        let gone = || Diagnostic::error("E-WRITE", format!("`{path}` cannot be read any more")).help("run it again");
        let path = InputPath::new(path).map_err(|_| gone())?;
        let mut bytes = self.files().read(&path, MAX_TEXT).map_err(|_| gone())?;
        bytes.extend_from_slice(addition.text.as_bytes());
        let from = Some((&path, addition.digest));
        emit::change_input(&self.opened.location.workspace, &InputChange { path: &path, from, bytes: Some(bytes) })
    }

    /// A workspace with schemas gets those of the new layer.
    fn refresh(&self, trial: &Trial) -> Option<Exit> {
        let folder = &self.opened.location.workspace;
        let program = trial.program.as_ref().ok().filter(|_| !self.dry_run && editor::has_schemas(folder))?;
        let problem = editor::refresh(folder, program).err()?;
        // What was asked for is written, and schemas are only a help.
        self.terminal.say(&format!("note: the schemas for editors are as they were: {}\n", problem.message));
        None
    }

    fn print(&self, made: &Scaffold) -> Result<(), Exit> {
        if self.terminal.format == Format::Json {
            return self.terminal.document(&Document {
                format: 1,
                dry_run: self.dry_run,
                files: made
                    .files
                    .iter()
                    .map(|file| self.written(&file.path, &file.text, false))
                    .chain(made.additions.iter().map(|more| self.written(&more.path, &more.text, true)))
                    .collect(),
                notes: &made.notes,
                next: &made.next,
                diagnostics: Vec::new(),
            });
        }
        if self.terminal.quiet && !self.dry_run {
            return Ok(());
        }
        self.terminal.result(&self.told(made))
    }

    fn written<'f>(&self, path: &'f str, text: &'f str, appended: bool) -> Written<'f> {
        Written { path, bytes: text.len(), appended, text: self.dry_run.then_some(text) }
    }

    fn told(&self, made: &Scaffold) -> String {
        if self.dry_run {
            let files = made.files.iter().map(|file| format!("==> {} <==\n{}\n", file.path, file.text));
            let more = made.additions.iter().map(|more| format!("==> behind {} <==\n{}\n", more.path, more.text));
            let notes = made.notes.iter().map(|note| format!("note: {note}\n"));
            return files.chain(more).chain(notes).collect();
        }
        let prefix = &self.opened.location.prefix;
        let mut out = String::new();
        if !made.files.is_empty() {
            out.push_str(&format!("wrote {}\n", count(made.files.len() as u64, "file")));
        }
        made.files.iter().for_each(|file| out.push_str(&format!("  {prefix}{}\n", file.path)));
        made.additions.iter().for_each(|more| out.push_str(&format!("added to {prefix}{}\n", more.path)));
        made.notes.iter().for_each(|note| out.push_str(&format!("note: {note}\n")));
        if !made.next.is_empty() {
            out.push_str("\nnext:\n");
            made.next.iter().for_each(|step| out.push_str(&format!("  {step}\n")));
        }
        out
    }

    /// Says what stands against it.
    fn fail(&self, found: Diagnostics, sources: &Sources) -> Exit {
        let findings = Findings::new(found, sources, &self.opened.location.prefix);
        if self.terminal.format == Format::Json {
            let (files, diagnostics) = (Vec::new(), json::list(&findings));
            let document = Document { format: 1, dry_run: self.dry_run, files, notes: &[], next: &[], diagnostics };
            return self.terminal.document(&document).err().unwrap_or(Exit::Errors);
        }
        self.terminal.explain(&findings);
        Exit::Errors
    }
}
