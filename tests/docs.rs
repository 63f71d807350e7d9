//! The user guide says what the code says.
//!
//! Tables between `<!-- table: NAME -->` and `<!-- /table -->` are made from the code. After a change of
//! it, `COBRAND_WRITE_DOCS=1 cargo test --test docs` writes them anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use cobrand::filters::FILTERS;
use cobrand::schema::{self, Field, Prose, Shape};
use cobrand::template::FUNCTIONS;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn tables_in_the_guide_are_those_of_the_code() {
    let tables = [
        ("docs/keys.md", "keys", keys()),
        ("docs/templates.md", "filters", filters()),
        ("docs/templates.md", "functions", functions()),
    ];
    for (file, name, table) in tables {
        let text = read(file);
        let wanted = replaced(&text, name, &table).unwrap_or_else(|| panic!("{file} has no table `{name}`"));
        if std::env::var_os("COBRAND_WRITE_DOCS").is_some() {
            rewrite(file, &wanted);
        } else {
            assert!(text == wanted, "{file} is out of date: run `COBRAND_WRITE_DOCS=1 cargo test --test docs`");
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "writes into the repository, on request, and no output")]
fn rewrite(file: &str, text: &str) {
    std::fs::write(root().join(file), text).unwrap();
}

/// The text with another table of that name.
fn replaced(text: &str, name: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(&format!("<!-- table: {name} -->\n"))?;
    let (_, after) = rest.split_once("<!-- /table -->")?;
    Some(format!("{before}<!-- table: {name} -->\n{table}<!-- /table -->{after}"))
}

fn keys() -> String {
    let mut text = String::new();
    let mut section = |file: &str, path: &str, fields: &[Field]| {
        writeln!(text, "\n## `{file}`\n\n| key | value | meaning |\n| --- | --- | --- |").unwrap();
        rows(&mut text, path, fields);
    };
    section("package.yaml", "", schema::package::schema().fields());
    for document in schema::documents() {
        let file = format!("{}.yaml", document.name);
        match &document.shape {
            Shape::Map(fields) => section(&file, "", fields),
            _ => section(&file, "", std::slice::from_ref(document)),
        }
    }
    for axis in ["partner", "region", "industry", "motion", "tier"] {
        section(&format!("{axis}.yaml"), "", schema::records::schema(axis).fields());
    }
    text.push('\n');
    text
}

fn rows(text: &mut String, prefix: &str, fields: &[Field]) {
    for field in fields {
        let path = format!("{prefix}{}", field.name);
        let required = if field.required { ", required" } else { "" };
        let doc = field.doc.replace('|', "\\|");
        writeln!(text, "| `{path}` | {}{required} | {doc} |", kind(&field.shape)).unwrap();
        match &field.shape {
            Shape::Map(inner) => rows(text, &format!("{path}."), inner),
            Shape::Keyed(inner) => rows(text, &format!("{path}[id]."), &inner[1..]),
            Shape::Open(shape) => rows(text, &format!("{path}.*."), shape.fields()),
            Shape::List(shape) => rows(text, &format!("{path}[]."), shape.fields()),
            _ => {}
        }
    }
}

fn kind(shape: &Shape) -> String {
    match shape {
        Shape::Text(Prose::Line) => "text on one line, translated".into(),
        Shape::Text(Prose::Paragraphs) => "text, translated".into(),
        Shape::Kind(kind) => kind.describe().replace(" such as ", ", such as "),
        Shape::Int(measure) => format!("whole number {}", measure.describe()),
        Shape::Number(measure) => format!("number {}", measure.describe()),
        Shape::Flag => "`true` or `false`".into(),
        Shape::Date => "date".into(),
        Shape::Color => "color".into(),
        Shape::Choice(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "),
        Shape::Map(_) => "map".into(),
        Shape::Open(inner) => format!("map with any keys: {}", kind(inner)),
        Shape::Keyed(_) => "list by `id`".into(),
        Shape::Set => "set of words".into(),
        Shape::List(inner) => format!("list: {}", kind(inner)),
        Shape::Any => "any, texts translated".into(),
    }
}

fn filters() -> String {
    let mut text = "\n| filter | gives | where |\n| --- | --- | --- |\n".to_owned();
    for filter in FILTERS {
        let parameters: Vec<String> = (filter.parameters.iter().enumerate())
            .map(|(at, name)| if at < filter.required { (*name).to_owned() } else { format!("{name}?") })
            .collect();
        let call = if parameters.is_empty() { String::new() } else { format!("({})", parameters.join(", ")) };
        let place = if filter.in_text { "text and templates" } else { "templates" };
        writeln!(text, "| `{}{call}` | {} | {place} |", filter.name, filter.purpose).unwrap();
    }
    text.push('\n');
    text
}

fn functions() -> String {
    let mut text = "\n| function | gives |\n| --- | --- |\n".to_owned();
    for function in FUNCTIONS {
        writeln!(text, "| `{}({})` | {} |", function.name, function.parameters.join(", "), function.purpose).unwrap();
    }
    text.push('\n');
    text
}

#[test]
fn every_code_is_explained_and_every_explained_code_exists() {
    let in_code: BTreeSet<String> =
        sources(&root().join("src")).iter().flat_map(|path| codes(&read(path), '"')).collect();
    let explained: BTreeSet<String> = codes(&read("docs/errors.md"), '`').into_iter().collect();
    let missing: Vec<_> = in_code.difference(&explained).collect();
    let stale: Vec<_> = explained.difference(&in_code).collect();
    assert!(missing.is_empty() && stale.is_empty(), "not in docs/errors.md: {missing:?}; no such code: {stale:?}");
}

/// The Rust files that are not tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.file_stem().is_some_and(|stem| stem == "tests");
        if is_test {
            continue;
        }
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The codes that stand between two `quote`s. Unit tests at the end of a file may make up their own.
fn codes(text: &str, quote: char) -> Vec<String> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let is_code = |word: &&str| {
        let name = word.strip_prefix("E-").or_else(|| word.strip_prefix("W-")).unwrap_or_default();
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    };
    text.split(quote).filter(is_code).map(str::to_owned).collect()
}

#[test]
fn links_of_the_guide_lead_to_files() {
    let mut pages: Vec<PathBuf> =
        std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.push(root().join("README.md"));
    for page in pages {
        let folder = page.parent().unwrap();
        for target in read(&page).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            let is_ours = !file.is_empty() && !file.contains(':');
            assert!(!is_ours || folder.join(file).exists(), "{} links to `{target}`", page.display());
        }
    }
}
