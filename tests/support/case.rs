//! The language of `tests/cases/**/*.case`; its words are explained in `tests/cases/README.md`.

use super::small::Small;

/// A named workspace with what should come of it.
pub struct Case {
    pub name: String,
    pub workspace: Small,
    /// The engine that alone it is about; none for both.
    pub engine: Option<Engine>,
    pub expected: Vec<Expected>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Engine {
    MiniJinja,
    Tera,
}

pub enum Expected {
    Said(Said),
    Value { deployment: String, locale: String, path: String, text: Option<String> },
    Order { deployment: String, locale: String, path: String, ids: Vec<String> },
    File { path: String, what: Content },
    Built(Vec<String>),
    Refused(Vec<String>),
}

/// An error or a warning.
#[derive(Debug)]
pub struct Said {
    pub code: String,
    /// `path:line:column`
    pub place: Option<String>,
    pub message: String,
}

pub enum Content {
    Contains(String),
    Lacks(String),
    Equals(String),
    Gone,
}

/// All cases of a file.
pub fn parse(text: &str, base: &Small) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut section: Option<(&str, Vec<&str>)> = None;
    for line in text.lines().chain(["--- "]) {
        if let Some(rest) = line.strip_prefix("# only: ")
            && let Some(case) = cases.last_mut()
        {
            case.engine = Some(engine(rest));
            continue;
        }
        if let Some(rest) = line.strip_prefix("# ")
            && let (Some(case), Some(expected)) = (cases.last_mut(), expectation(rest))
        {
            case.expected.push(expected);
            continue;
        }
        let name = line.strip_prefix("--- ");
        let path = line.strip_prefix("== ");
        if (name.is_some() || path.is_some())
            && let (Some((path, lines)), Some(case)) = (section.take(), cases.last_mut())
        {
            case.workspace = edited(std::mem::take(&mut case.workspace), path, &lines);
        }
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            cases.push(Case { name: name.to_owned(), workspace: base.clone(), engine: None, expected: Vec::new() });
        } else if let Some(path) = path {
            section = Some((path, Vec::new()));
        } else if let Some((_, lines)) = &mut section {
            lines.push(line);
        }
    }
    cases
}

fn edited(workspace: Small, header: &str, lines: &[&str]) -> Small {
    let end = lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1);
    let lines = &lines[..end];
    if let Some(path) = header.strip_prefix('-') {
        return workspace.without(path);
    }
    if let Some(path) = header.strip_prefix('~') {
        let text = patched(workspace.text(path), lines, path);
        return workspace.with(path, text);
    }
    let (path, encoding) = header.split_once(" (").map_or((header, ""), |(path, rest)| (path, rest));
    let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    let text = if encoding.contains("crlf") { text.replace('\n', "\r\n") } else { text };
    let text = if encoding.contains("bom") { format!("\u{feff}{text}") } else { text };
    match encoding.contains("latin-1") {
        true => workspace.with(path, text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>()),
        false => workspace.with(path, text),
    }
}

fn patched(text: &str, edits: &[&str], path: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let mut at = lines.len();
    for edit in edits {
        let (sign, line) = edit.split_at(edit.chars().next().map_or(0, char::len_utf8));
        let find = || {
            let found = lines.iter().position(|other| *other == line);
            found.unwrap_or_else(|| panic!("`{path}` has no line `{line}`"))
        };
        match sign {
            "+" => {
                lines.insert(at, line);
                at += 1;
            }
            "-" => {
                at = find();
                lines.remove(at);
            }
            " " => at = find() + 1,
            _ => panic!("a patch of `{path}` has the line `{edit}`"),
        }
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn expectation(line: &str) -> Option<Expected> {
    let (word, rest) = line.split_once(": ")?;
    let rest = rest.trim();
    match word {
        "error" | "warning" => Some(Expected::Said(said(rest))),
        "value" => Some(value(rest)),
        "order" => {
            let (deployment, locale, rest) = target(rest);
            let (path, ids) = rest.split_once(" =").expect("order: deployment@locale path = ids");
            Some(Expected::Order { deployment, locale, path: path.into(), ids: list(ids) })
        }
        "file" => Some(file(rest)),
        "built" => Some(Expected::Built(list(rest))),
        "refused" => Some(Expected::Refused(list(rest))),
        _ => None,
    }
}

/// `minijinja, since Tera has no macros`
fn engine(text: &str) -> Engine {
    let (name, reason) = text.split_once(", since ").expect("only: engine, since reason");
    assert!(!reason.trim().is_empty(), "why only {name}?");
    match name {
        "minijinja" => Engine::MiniJinja,
        "tera" => Engine::Tera,
        other => panic!("there is no engine `{other}`"),
    }
}

fn said(text: &str) -> Said {
    let (code, rest) = text.split_once(' ').unwrap_or((text, ""));
    let is_number = |text: &str| text.parse::<u32>().is_ok();
    let is_place = |word: &str| {
        let mut parts = word.rsplitn(3, ':');
        parts.next().is_some_and(is_number) && parts.next().is_some_and(is_number) && parts.next().is_some()
    };
    let (place, message) = match rest.split_once(' ').unwrap_or((rest, "")) {
        (place, message) if is_place(place) => (Some(place.to_owned()), message),
        _ => (None, rest),
    };
    Said { code: code.into(), place, message: message.into() }
}

fn target(text: &str) -> (String, String, &str) {
    let (target, rest) = text.split_once(' ').expect("deployment@locale path");
    let (deployment, locale) = target.split_once('@').expect("deployment@locale");
    (deployment.into(), locale.into(), rest)
}

fn value(text: &str) -> Expected {
    let (deployment, locale, rest) = target(text);
    let (path, text) = match rest.split_once(" = ") {
        Some((path, text)) => (path, Some(text.replace("\\n", "\n"))),
        None => (rest.strip_suffix(" is gone").expect("value: path = text, or path is gone"), None),
    };
    Expected::Value { deployment, locale, path: path.into(), text }
}

fn file(text: &str) -> Expected {
    let (path, rest) = text.split_once(' ').expect("file: path contains \"text\"");
    let quoted = |text: &str| serde_json::from_str::<String>(text.trim()).expect("a quoted text");
    let what = match rest.split_once(' ') {
        Some(("contains", text)) => Content::Contains(quoted(text)),
        Some(("lacks", text)) => Content::Lacks(quoted(text)),
        Some(("equals", text)) => Content::Equals(quoted(text)),
        Some(("is", "gone")) => Content::Gone,
        _ => panic!("a file contains, lacks, equals or is gone: {text}"),
    };
    Expected::File { path: path.into(), what }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}
