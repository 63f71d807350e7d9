//! The order of modules, and the three doors: one module reads, one writes, one talks.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The modules in the order of `lib.rs`, with what each is for.
fn modules() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(source("lib.rs")).unwrap();
    let mut doc = String::new();
    let mut modules = Vec::new();
    for line in text.lines() {
        if let Some(words) = line.strip_prefix("// ") {
            words.clone_into(&mut doc);
        } else if let Some(name) = line.strip_prefix("pub mod ").and_then(|rest| rest.strip_suffix(';')) {
            modules.push((name.to_owned(), std::mem::take(&mut doc)));
        }
    }
    modules
}

fn source(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(path)
}

/// Runs before the crate is compiled, and is no part of it.
const BUILD_SCRIPT: &str = "fingerprint.rs";

/// Modules that are compiled for tests only.
const TESTS_OF_COMPONENTS: [&str; 3] =
    ["components/partner_documents.rs", "components/rendered.rs", "components/sample.rs"];

/// Every source file with its module and its lines; tests at a file's end are left out.
fn lines() -> Vec<(String, String, usize, String)> {
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(source("")).sort_by_file_name() {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(source("")).unwrap().to_str().unwrap().replace('\\', "/");
        let is_test = path.ends_with("tests.rs") || path.contains("/tests/");
        let is_test = is_test || TESTS_OF_COMPONENTS.contains(&&*path);
        if !path.ends_with(".rs") || is_test || matches!(&*path, "lib.rs" | "main.rs" | BUILD_SCRIPT) {
            continue;
        }
        let module = path.split(['/', '.']).next().unwrap().to_owned();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        for (number, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            found.push((path.clone(), module.clone(), number + 1, line.to_owned()));
        }
    }
    found
}

/// The modules that a line names by `crate::`; `use crate::{a, b::c}` names two.
fn named(line: &str) -> Vec<&str> {
    let word = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let mut names = Vec::new();
    for (at, mark) in line.match_indices("crate::") {
        let rest = &line[at + mark.len()..];
        match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            Some((list, _)) => names.extend(list.split(',').map(str::trim).map(|name| &name[..word(name)])),
            None => names.push(&rest[..word(rest)]),
        }
    }
    names
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let modules = modules();
    let place: BTreeMap<&str, usize> = modules.iter().enumerate().map(|(at, (name, _))| (&**name, at)).collect();
    let mut back = Vec::new();
    for (path, module, number, line) in lines() {
        let Some(&own) = place.get(&*module) else { panic!("`{module}` is not in lib.rs") };
        for used in named(&line).into_iter().filter(|used| place.get(used).is_some_and(|&at| at > own)) {
            let (_, purpose) = &modules[place[used]];
            back.push(format!(
                "src/{path}:{number} uses `{used}`, which stands below `{module}` in lib.rs\n  `{used}`: {purpose}\n  \
                 `{module}`: {}",
                modules[own].1
            ));
        }
    }
    assert!(back.is_empty(), "\n{}\n", back.join("\n"));
}

#[test]
fn names_are_found_in_every_form_of_path() {
    assert_eq!(named("use crate::{diag, source::Span};"), ["diag", "source"]);
    assert_eq!(named("    x: crate::paths::InputPath,"), ["paths"]);
    assert_eq!(named("use std::fs;"), Vec::<&str>::new());
}

/// What only some modules may do, by the words that do it.
const DOORS: [(&str, &[&str], &[&str]); 4] = [
    (
        "reads or writes files",
        &["std::fs", "fs::read", "File::open", "read_dir", "WalkDir", "rustix::fs"],
        &["workspace", "emit", "verify"],
    ),
    (
        "writes files",
        &["fs::write", "File::create", "create_dir", "remove_file", "remove_dir", "fs::rename", "OpenOptions"],
        &["emit"],
    ),
    ("prints", &["println!", "eprintln!", "print!(", "dbg!", "anstream"], &["cli"]),
    (
        "asks the clock, the environment or chance",
        &[
            "SystemTime",
            "Instant",
            "Zoned::now",
            "Timestamp::now",
            "std::env::",
            "env::var",
            " rand::",
            "getrandom",
            "RandomState::",
        ],
        &["cli"],
    ),
];

#[test]
fn one_module_reads_one_writes_and_one_talks() {
    let mut wrong = Vec::new();
    for (path, module, number, line) in lines() {
        for (what, words, allowed) in DOORS {
            let used = words.iter().find(|word| line.contains(**word));
            if let Some(word) = used.filter(|_| !allowed.contains(&&*module)) {
                wrong.push(format!("src/{path}:{number} {what} (`{word}`), which is for {}", allowed.join(", ")));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The ways out: what each is, its module below `encode`, and words of whoever encodes for it by hand.
const SINKS: [(&str, &str, &[&str]); 15] = [
    ("HTML and XML", "html", &["&amp;", "&lt;", "&quot;", "&#39;", "<h{", "\"<p>"]),
    ("addresses", "url", &["{:02X}", "%40", "\"%20", "percent_encode"]),
    ("style sheets", "css", &["  --{", "{:02x}"]),
    ("JSON", "json", &["serde_json::to_", "\\u{:04x}"]),
    ("tables", "csv", &["csv::Writer", "WriterBuilder", "'\"', \"\\\"\\\"\")"]),
    ("workbooks", "xlsx", &["rust_xlsxwriter"]),
    ("calendars", "ics", &["BEGIN:V", "DTSTART"]),
    ("messages", "mail", &["mail_builder", "MIME-Version"]),
    ("plain text", "plain", &["----\\n"]),
    ("YAML", "yaml", &["\"''\"", "\\U{:08X}"]),
    ("Markdown", "markdown", &["contains(\"-->\")"]),
    ("commands", "shell", &["'\\\\''", "waiver {layer} \\\""]),
    ("terminals", "terminal", &["escape_unicode", "\\x1b", "\\u{1b}"]),
    ("workflow commands", "workflow", &["%0A", "%3A"]),
    ("zips", "zip", &["PK\\x0"]),
];

/// Who may hand on bytes and markup of others' making: an engine or a compiled text has escaped what it printed, and an
/// asset was let in as it is.
const VOUCHED: [(&str, &[&str]); 4] = [
    ("Content::rendered", &["build/deployment/pages.rs", "build/deployment/emails.rs"]),
    ("Content::as_it_is", &["document/assets.rs"]),
    ("Html::made", &["data.rs", "document/page.rs"]),
    ("Data::html(", &["components/platforms.rs", "filters.rs", "template/minijinja.rs", "template/tera.rs"]),
];

#[test]
fn each_way_out_has_one_encoder() {
    let files = std::fs::read_dir(source("encode")).unwrap().map(|entry| entry.unwrap().path());
    let encoders: Vec<String> = files
        .filter(|path| path.is_file())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let listed: Vec<&str> = SINKS.iter().map(|(_, module, _)| *module).collect();
    let unlisted: Vec<_> = encoders.iter().filter(|module| !listed.contains(&module.as_str())).collect();
    assert!(unlisted.is_empty() && encoders.len() == listed.len(), "{unlisted:?} is not among the ways out");
    let mut wrong = Vec::new();
    for (path, _, number, line) in lines() {
        let vouched = |word: &&(&str, &[&str])| line.contains(word.0);
        for (word, allowed) in VOUCHED.iter().filter(vouched).filter(|_| !path.starts_with("encode")) {
            if !allowed.contains(&&*path) {
                wrong.push(format!("src/{path}:{number} vouches by `{word}` for what no encoder wrote"));
            }
        }
        for (what, module, words) in SINKS {
            let own = [format!("encode/{module}.rs"), format!("encode/{module}/")];
            let is_own =
                own.iter().any(|own| path.starts_with(own.as_str())) || VOUCHED.iter().any(|word| vouched(&word));
            if let Some(word) = words.iter().find(|word| line.contains(**word) && !is_own) {
                wrong.push(format!(
                    "src/{path}:{number} encodes {what} by hand (`{word}`), which is for `encode::{module}`"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn only_encoders_make_content() {
    let text = std::fs::read_to_string(source("encode.rs")).unwrap();
    // A private field: the compiler sees to it that no other module makes one.
    assert!(text.contains("pub struct Content(Arc<[u8]>);"));
    let text = std::fs::read_to_string(source("artifact.rs")).unwrap();
    assert!(text.contains("pub bytes: Content,"), "a file of a package holds nothing else");
}
