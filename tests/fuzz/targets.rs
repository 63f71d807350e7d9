//! What reads something that others wrote, as functions of its bytes. They hold if none panics, none runs on without an
//! end, and what is said of the bytes has a place in them.

#![allow(dead_code, reason = "the tests and `cargo fuzz` each use their own part")]

use std::path::Path;
use std::rc::Rc;

use cobrand::build::{self, Memory, Options, Program, State, Unwatched};
use cobrand::data::Data;
use cobrand::diag::{Diagnostic, Diagnostics};
use cobrand::digest;
use cobrand::emit::{Output, Past};
use cobrand::interpolate::{Scope, Text};
use cobrand::inventory::Inventory;
use cobrand::manifest::Manifest;
use cobrand::paths::InputPath;
use cobrand::prose::{Prose, Trust};
use cobrand::signature::{self, PublicKey, SecretKey};
use cobrand::source::{SourceId, Sources, Span};
use cobrand::syntax::{csv, markdown, yaml};
use cobrand::template::{Context, Language, Templates, engine};
use cobrand::verify::{self, Against};

use super::small::Small;

/// A target by its name, which is also that of its folder of seeds.
pub struct Target {
    pub name: &'static str,
    pub run: fn(&[u8]),
    /// How many runs take as long as a hundred of the quickest.
    pub share: u32,
}

pub const TARGETS: [Target; 12] = [
    Target { name: "yaml", run: yaml, share: 100 },
    Target { name: "markdown", run: markdown, share: 100 },
    Target { name: "csv", run: csv, share: 100 },
    Target { name: "svg", run: svg, share: 10 },
    Target { name: "minijinja", run: minijinja, share: 50 },
    Target { name: "tera", run: tera, share: 50 },
    Target { name: "manifest", run: manifest, share: 100 },
    Target { name: "ledger", run: ledger, share: 20 },
    Target { name: "catalog", run: catalog, share: 20 },
    Target { name: "signature", run: signature, share: 100 },
    Target { name: "zip", run: zip, share: 20 },
    Target { name: "workspace", run: workspace, share: 5 },
];

/// Runs the target of that name.
pub fn run(name: &str, bytes: &[u8]) {
    TARGETS.iter().filter(|target| target.name == name).for_each(|target| (target.run)(bytes));
}

/// A text as a source of its own; `None` if the bytes are none.
fn source(bytes: &[u8]) -> Option<(Sources, SourceId, &str)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut sources = Sources::default();
    let id = sources.add(InputPath::new("a/file").ok()?, text);
    Some((sources, id, text))
}

/// All places lie in their texts and cut no character, and there is a next step.
fn lie_within(found: &Diagnostics, sources: &Sources) {
    for diagnostic in found.iter() {
        for label in diagnostic.place.iter().chain(&diagnostic.others) {
            let Span { source, start, end } = label.span;
            let text = &*sources.get(source).text;
            assert!(text.get(start as usize..end as usize).is_some(), "{start}..{end} is no place: {diagnostic:?}");
        }
    }
    let sorted = found.clone().sorted(sources);
    assert!(sorted.iter().all(|diagnostic| !diagnostic.message.is_empty()));
}

fn yaml(bytes: &[u8]) {
    let Some((sources, id, text)) = source(bytes) else { return };
    if let Err(found) = yaml::parse(id, text, 0) {
        lie_within(&found, &sources);
    }
    if let Err(found) = Text::compile(text, Span::new(id, 0, text.len())) {
        lie_within(&found.into(), &sources);
    }
}

fn markdown(bytes: &[u8]) {
    let Some((sources, id, text)) = source(bytes) else { return };
    for found in [markdown::parse(id, text, 0).err(), markdown::parse_patch(id, text, 0).err()].into_iter().flatten() {
        lie_within(&found, &sources);
    }
    for trust in [Trust::Master, Trust::Overlay] {
        match Prose::compile(text, Span::new(id, 0, text.len()), trust) {
            Ok(prose) => drop((prose.html(&Page), prose.text(&Page))),
            Err(found) => lie_within(&found, &sources),
        }
    }
}

fn csv(bytes: &[u8]) {
    let Some((sources, id, text)) = source(bytes) else { return };
    let columns =
        csv::Columns { is_list: &|column| column == "motions", is_in_part: &|key| key == "name", is_id: &|_| true };
    let (table, found) = csv::Table::read(id, &text.into(), &[], columns);
    lie_within(&found, &sources);
    if let Some(table) = table {
        table.rows().iter().for_each(|&row| drop((table.record(row), table.part(row))));
    }
    for cell in csv::records(text).iter().flatten() {
        assert!(text.get(cell.range.clone()).is_some(), "{cell:?}");
    }
}

/// As a partner's logo: what is taken for a drawing is one that may be shown.
fn svg(bytes: &[u8]) {
    let files = Small::base().with("partners/acme/assets/logo.svg", bytes);
    opened(&files);
}

fn minijinja(bytes: &[u8]) {
    rendered(Language::MiniJinja, bytes);
}

fn tera(bytes: &[u8]) {
    rendered(Language::Tera, bytes);
}

/// Whatever a template does: no value gets through unescaped.
fn rendered(language: Language, bytes: &[u8]) {
    let Some((sources, id, text)) = source(bytes) else { return };
    let mut templates = Templates::default();
    templates.add("t.html", id, text);
    let engine = match engine(language, templates) {
        Ok(engine) => engine,
        Err(found) => return lie_within(&found, &sources),
    };
    let partner = Data::map([("name", Data::from("<secret>")), ("n", Data::Int(3))]);
    let values = [("partner", partner), ("items", Data::list(["<secret>", "b"].map(Data::from)))];
    match engine.render("t.html", &Context { values: &values, scope: Rc::new(Page) }) {
        // The template may write it itself, and may be made to put it together.
        Ok(rendering) if !text.contains('<') && !text.contains("escape") => {
            assert!(!rendering.text.contains("<secret>"), "{}", rendering.text);
        }
        Ok(_) => {}
        Err(found) => lie_within(&found.into(), &sources),
    }
}

fn verify(path: &Path) {
    verify::verify(path, &Against::default());
}

/// As they are, and as if their digest were their own, without which nothing else is looked at.
fn as_sealed(bytes: &[u8]) -> [Vec<u8>; 2] {
    const SEAL: &[u8] = b",\n  \"digest\": \"";
    let end = bytes.windows(SEAL.len()).rposition(|window| window == SEAL).unwrap_or(bytes.len());
    let mut sealed = bytes[..end].to_vec();
    digest::seal(&mut sealed);
    [bytes.to_vec(), sealed]
}

fn manifest(bytes: &[u8]) {
    for bytes in as_sealed(bytes) {
        if let Ok(manifest) = Manifest::read(&bytes) {
            manifest.digest();
        }
        in_a_folder(|folder| {
            write(&folder.join("manifest.json"), &bytes);
            write(&folder.join("site/index.html"), b"<p>Hi</p>");
            verify(folder);
        });
    }
}

/// As the catalogue of what stands in an output, and of what stands in a partner's folder.
fn catalog(bytes: &[u8]) {
    for bytes in as_sealed(bytes) {
        if let Ok(read) = Inventory::read(&bytes) {
            // What was read is written so that it is read again.
            assert_eq!(Inventory::read(&read.to_bytes()).as_ref(), Ok(&read));
        }
        in_a_folder(|folder| {
            for path in ["inventory.json", "p/inventory.json", "p/q/manifest.json"] {
                write(&folder.join(path), &bytes);
            }
            verify(folder);
            verify(&folder.join("p"));
            let inventory = folder.join("inventory.json");
            verify::verify(&folder.join("p/q"), &Against { inventory: Some(&inventory), ..Against::default() });
        });
    }
}

/// As a signature and as both kinds of keys: nobody signed what is made up.
fn signature(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let key = PublicKey::read(KEY).unwrap();
    // The first line is one of two, and signed by nobody.
    let is_seed = text.lines().skip(1).eq(include_str!("seeds/signature/signed").lines().skip(1));
    assert!(key.verify(b"words", text).is_err() || is_seed, "{text:?} counts as signed");
    drop(PublicKey::read(text).map(|key| key.id()));
    if !signature::needs_password(text)
        && let Ok(key) = SecretKey::read(text, None)
    {
        drop(key.public());
    }
}

/// Whose other half signed the seed.
const KEY: &str = include_str!("seeds/signature/public");

/// As the notes of an earlier build, which anybody may have changed.
fn ledger(bytes: &[u8]) {
    in_a_folder(|folder| {
        let output = folder.join("output");
        Output::open(&output).and_then(Output::finish).unwrap();
        write(&output.join(".cobrand/ledger"), bytes);
        Past::read(&output);
        if let Ok(output) = Output::open(&output) {
            output.packages();
            drop(output.remove_stale(&|_| false));
        }
    });
}

fn zip(bytes: &[u8]) {
    in_a_folder(|folder| {
        let zip = folder.join("a.zip");
        write(&zip, bytes);
        verify(&zip);
    });
}

/// A whole workspace, of which some files are edited: `check` and `build` say the same, and all that is said has a
/// place, or concerns no file.
fn workspace(bytes: &[u8]) {
    opened(&edited(bytes));
}

/// The bytes choose files, places in them, and what takes the place of what stands there.
fn edited(bytes: &[u8]) -> Small {
    let mut from = arbitrary::Unstructured::new(bytes);
    let mut small = Small::base();
    let paths: Vec<String> = small.paths().map(str::to_owned).collect();
    for _ in 0..from.int_in_range(0..=4).unwrap_or(0) {
        let Ok(path) = from.choose(&paths) else { break };
        let Ok(text) = std::str::from_utf8(&small.bytes(path)).map(str::to_owned) else { continue };
        let words: Vec<&str> = text.split_inclusive(|c: char| !c.is_alphanumeric()).collect();
        let at = from.int_in_range(0..=words.len()).unwrap_or(0);
        let end = from.int_in_range(at..=words.len().min(at + 3)).unwrap_or(at);
        let put: String = match from.int_in_range(0..=4).unwrap_or(0) {
            0 => String::new(),
            1 => from.choose(&WORDS).copied().unwrap_or_default().to_owned(),
            2 => words.get(from.int_in_range(0..=words.len()).unwrap_or(0)).copied().unwrap_or_default().to_owned(),
            3 => from.arbitrary::<&str>().unwrap_or_default().chars().take(12).collect(),
            _ => words[at..end].concat().repeat(2),
        };
        let edited = [&words[..at].concat(), &*put, &words[end..].concat()].concat();
        small = small.with(path, edited);
    }
    small
}

/// What has a meaning somewhere.
const WORDS: [&str; 32] = [
    "\n",
    "  ",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "#",
    "|",
    "null",
    "true",
    "-1",
    "1e400",
    "{{ ",
    " }}",
    "{% ",
    "$remove: true",
    "$replace: ",
    "$add: ",
    "<!-- remove: hero -->",
    "<!-- replace: hero -->",
    "<!-- /replace -->",
    "../",
    "link:",
    "asset:",
    "https://x.example",
    "{{ partner.name }}",
    "id: ",
    "\u{202e}",
];

/// Opens, checks and builds it.
fn opened(files: &Small) {
    let (program, found) = Program::open(&files.memory());
    let program = match program {
        Ok(program) => program,
        Err(sources) => return lie_within(&found, &sources),
    };
    lie_within(&found, program.sources());
    let checked = build::check(&program, &Options::default(), &Unwatched);
    let built = build::build_into(&program, &Memory::default(), &Options::default());
    lie_within(&checked.diagnostics, program.sources());
    let refused = |report: &build::Report| -> Vec<String> {
        let outcomes = report.outcomes.iter().filter(|outcome| outcome.state == State::Refused);
        outcomes.map(|outcome| outcome.id.to_string()).collect()
    };
    assert_eq!(refused(&checked), refused(&built));
    let placed = |diagnostic: &Diagnostic| diagnostic.place.is_some() || !diagnostic.deployments.is_empty();
    for diagnostic in built.diagnostics.iter() {
        assert!(placed(diagnostic), "nobody knows where: {diagnostic:?}");
        assert!(checked.diagnostics.iter().any(|other| other == diagnostic), "only a build says {diagnostic:?}");
    }
}

fn in_a_folder(look: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    look(folder.path());
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

/// A page that knows a few values.
struct Page;

impl Scope for Page {
    fn value(&self, path: &str) -> Option<Data> {
        (path == "partner.name").then(|| Data::from("<secret> & \"more\""))
    }
    fn link(&self, id: &str, placement: &str) -> Result<String, String> {
        Ok(format!("https://x.example/{id}?p={placement}"))
    }
    fn asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("assets/{path}"))
    }
    fn email_asset(&self, path: &str) -> Result<String, String> {
        Ok(format!("https://x.example/assets/{path}"))
    }
    fn locale(&self) -> &str {
        "de-DE"
    }
}
