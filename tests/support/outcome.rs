//! What comes of a workspace: its diagnostics, its values, its files.

#![allow(dead_code, reason = "each test uses its own part")]

use std::sync::Arc;

use cobrand::build::{self, Options, Program, State, Unwatched};
use cobrand::catalog::patch::Leaf;
use cobrand::diag::Diagnostic;
use cobrand::emit::Output;
use cobrand::matrix;
use cobrand::resolve::tree::{Resolved, Tree, Value};
use cobrand::resolve::{Resolver, Stack};
use cobrand::source::Sources;
use cobrand::workspace::Files;

/// A workspace that was opened and checked, or built.
pub struct Outcome {
    pub program: Result<Program, Sources>,
    /// In the order they are printed.
    pub said: Vec<Diagnostic>,
    pub built: Vec<String>,
    pub refused: Vec<String>,
    /// The folder of a build; gone with it.
    pub output: Option<tempfile::TempDir>,
}

impl Outcome {
    pub fn check(files: &impl Files) -> Self {
        Self::of(files, None)
    }

    pub fn build(files: &impl Files) -> Self {
        Self::of(files, Some(tempfile::tempdir().unwrap()))
    }

    fn of(files: &impl Files, folder: Option<tempfile::TempDir>) -> Self {
        let (program, mut diagnostics) = Program::open(files);
        let (mut built, mut refused) = (Vec::new(), Vec::new());
        if let Ok(program) = &program {
            let report = match &folder {
                Some(folder) => {
                    let output = Output::open(&folder.path().join("output")).unwrap();
                    build::build(program, &output, &Options::default(), &Unwatched)
                }
                None => build::check(program, &Options::default(), &Unwatched),
            };
            diagnostics.append(report.diagnostics);
            for outcome in report.outcomes {
                let list = if outcome.state == State::Refused { &mut refused } else { &mut built };
                list.push(outcome.id.to_string());
            }
        }
        let said = match &program {
            Ok(program) => diagnostics.sorted(program.sources()),
            Err(sources) => diagnostics.sorted(sources),
        };
        Self { program, said, built, refused, output: folder }
    }

    pub fn sources(&self) -> &Sources {
        match &self.program {
            Ok(program) => program.sources(),
            Err(sources) => sources,
        }
    }

    /// `partners/acme.yaml:1:7`
    pub fn place(&self, diagnostic: &Diagnostic) -> Option<String> {
        let span = diagnostic.place.as_ref()?.span;
        let position = self.sources().position(span);
        Some(format!("{}:{}:{}", self.sources().get(span.source).path, position.line, position.column))
    }

    /// One line for each diagnostic, as cases write them.
    pub fn told(&self) -> String {
        let line = |diagnostic: &Diagnostic| {
            let word = if diagnostic.is_error() { "error" } else { "warning" };
            let place = self.place(diagnostic).map(|place| format!("{place} ")).unwrap_or_default();
            let deployments = match diagnostic.deployments.as_slice() {
                [] => String::new(),
                ids => format!("   ({})", ids.join(", ")),
            };
            format!("  # {word}: {} {place}{}{deployments}\n", diagnostic.code, diagnostic.message)
        };
        self.said.iter().map(line).collect()
    }

    /// A file of the output.
    pub fn file(&self, path: &str) -> Option<String> {
        let folder = self.output.as_ref()?.path().join("output");
        String::from_utf8(std::fs::read(folder.join(path)).ok()?).ok()
    }
}

/// The resolved tree of a deployment. Whether a base is reused or not must make no difference, so both
/// ways are gone.
pub fn tree(program: &Program, deployment: &str, locale: &str) -> Arc<Tree> {
    let catalog = program.catalog();
    let locale = catalog.locales.find(locale).unwrap_or_else(|| panic!("no locale `{locale}`"));
    for base in program.matrix().bases() {
        for &partner in &base.partners {
            let values = base.with_partner(catalog, partner);
            if matrix::id(catalog, &values) != deployment {
                continue;
            }
            let unheard = &mut Default::default();
            let base_stack = Stack::matching(catalog, &base.values);
            let resolver = Resolver::new(program.approved());
            let below = resolver.resolve(&base_stack, locale, None, unheard);
            let stack = Stack::matching(catalog, &values);
            let reused = resolver.resolve(&stack, locale, Some((&base_stack, &below)), unheard).tree;
            let alone = Resolver::with_room(program.approved(), 0).resolve(&stack, locale, None, unheard).tree;
            assert_eq!(shown(&reused, ""), shown(&alone, ""), "{deployment} is another with its base reused");
            return alone;
        }
    }
    panic!("no deployment `{deployment}`")
}

/// The node that a path of the contract names: `a.b[c].d`, `content/x.md#a/b`, `content/x.md@title`,
/// `assets/x.svg`.
pub fn node<'t>(tree: &'t Tree, path: &str) -> Option<&'t Tree> {
    if let Some((file, id)) = path.split_once('#') {
        let mut node: &Tree = tree.get(file)?;
        let ends = id.match_indices('/').map(|(at, _)| at).chain([id.len()]);
        for end in ends {
            node = node.get("blocks")?.get(&id[..end])?;
        }
        return Some(node);
    }
    if let Some((file, key)) = path.split_once('@') {
        return tree.get(file)?.get("front")?.at(key);
    }
    if path.contains('/') { tree.get(path).map(|node| &**node) } else { tree.at(path) }
}

/// A value as it was written. A block is its parts behind one another.
pub fn written(node: &Tree) -> String {
    match node.value() {
        Value::Leaf(resolved) => leaf(resolved),
        Value::Map(entries) if entries.contains_key("body") || entries.contains_key("append") => {
            let part = |key: &str| entries.get(key).map(|part| written(part).trim().to_owned());
            ["heading", "prepend", "body", "append"].into_iter().filter_map(part).collect::<Vec<_>>().join(" | ")
        }
        Value::Map(entries) => {
            let entry = |(key, child): (&Arc<str>, &Arc<Tree>)| format!("{key}: {}", written(child));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::List(items) => format!("[{}]", items.keys().map(|id| &**id).collect::<Vec<_>>().join(", ")),
    }
}

fn leaf(resolved: &Resolved) -> String {
    let amended = resolved.amended.iter().map(|amendment| plain(&amendment.leaf).trim().to_owned());
    std::iter::once(plain(&resolved.leaf)).chain(amended).collect::<Vec<_>>().join(" + ")
}

fn plain(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Null => "null".into(),
        Leaf::Bool(value) => value.to_string(),
        Leaf::Int(value) => value.to_string(),
        Leaf::Float(value) => value.to_string(),
        Leaf::Seq(items) => format!("[{}]", items.iter().map(plain).collect::<Vec<_>>().join(", ")),
        Leaf::Map(entries) => {
            let entry = |(key, leaf): (&Arc<str>, &Leaf)| format!("{key}: {}", plain(leaf));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Leaf::File(asset) => asset.input.to_string(),
        Leaf::Str(source) | Leaf::Text { source, .. } | Leaf::Prose { source, .. } => source.trim().to_owned(),
    }
}

/// A whole tree with its origins, a line each.
pub fn shown(tree: &Tree, path: &str) -> String {
    match tree.value() {
        Value::Leaf(resolved) => {
            let origins: Vec<_> = resolved.amended.iter().map(|amendment| amendment.origin).collect();
            format!("{path} = {} {:?} {:?} {:?}\n", leaf(resolved), resolved.origin, resolved.hides, origins)
        }
        Value::Map(_) => tree.children().map(|(key, child)| shown(child, &format!("{path}.{key}"))).collect(),
        Value::List(_) => tree.children().map(|(key, child)| shown(child, &format!("{path}[{key}]"))).collect(),
    }
}
