//! Two outputs compared, each file as a strict reader of its format sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use html5gum::{DefaultEmitter, Token, Tokenizer};
use serde_json::Value;

use super::outcome::Outcome;

/// What was written instead of harmless words, by the mark of its field.
struct Words<'a> {
    by_mark: BTreeMap<&'a str, (&'a str, &'a str)>,
}

impl<'a> Words<'a> {
    fn new(words: &'a BTreeMap<String, String>) -> Self {
        let mark = |text: &'a str| text.find('q').filter(|&at| is_mark(text, at)).map(|at| &text[at..at + 5]);
        let by_mark = words.iter().map(|(calm, other)| {
            let at = calm.match_indices('q').find(|(at, _)| is_mark(calm, *at)).unwrap().0;
            (mark(&calm[at..]).unwrap(), (&**calm, &**other))
        });
        Self { by_mark: by_mark.collect() }
    }

    /// A text with harmless words, as it has to be with the others; how many blanks stand between words is of no
    /// interest.
    fn instead(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let mut at = 0;
        while let Some(found) = text[at..].find('q').map(|found| at + found) {
            at = found + 1;
            let Some((calm, other)) =
                is_mark(&text, found).then(|| self.by_mark.get(&text[found..found + 5])).flatten()
            else {
                continue;
            };
            let before = calm.find(&text[found..found + 5]).unwrap();
            let start = found.saturating_sub(before);
            if text[start..].starts_with(calm) {
                text.replace_range(start..start + calm.len(), other);
                at = start + other.len();
            }
        }
        plain(&text)
    }
}

fn is_mark(text: &str, at: usize) -> bool {
    let letters = text.as_bytes().get(at..at + 5);
    letters.is_some_and(|l| l[0] == b'q' && l[4] == b'q' && l[1..4].iter().all(u8::is_ascii_digit))
}

/// With single blanks between words.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn compare(calm: &Outcome, found: &Outcome, words: &BTreeMap<String, String>) -> Result<(), String> {
    let words = Words::new(words);
    let (calm, found) = (read(calm), read(found));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    if names(&calm) != names(&found) {
        return Err(format!("files are {:?}, not {:?}", names(&found), names(&calm)));
    }
    assert!(calm.len() > 25, "{:?}", names(&calm));
    for (path, calm) in &calm {
        file(path, calm, &found[path], &words).map_err(|problem| format!("{path}: {problem}"))?;
    }
    Ok(())
}

/// The files of an output, without what is packed or the program's own.
fn read(outcome: &Outcome) -> BTreeMap<String, Vec<u8>> {
    let root = root(outcome);
    let named = paths(outcome).into_iter().map(|file| {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        (path, std::fs::read(file).unwrap())
    });
    named.collect()
}

/// Where they lie.
pub fn paths(outcome: &Outcome) -> Vec<PathBuf> {
    let own = root(outcome).join(".cobrand");
    let files = walkdir::WalkDir::new(root(outcome)).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path);
    files.filter(|path| !path.starts_with(&own) && path.extension() != Some("zip".as_ref())).collect()
}

fn root(outcome: &Outcome) -> PathBuf {
    outcome.output.as_ref().unwrap().path().join("output")
}

fn file(path: &str, calm: &[u8], found: &[u8], words: &Words<'_>) -> Result<(), String> {
    let extension = Path::new(path).extension().unwrap_or_default().to_str().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    match extension {
        "html" => same(page(&text(calm))?, &page(&text(found))?, words),
        "csv" => tables(calm, found, words),
        "json" => json(&serde_json::from_slice(calm).unwrap(), &serde_json::from_slice(found).map_err(told)?, words),
        "svg" => same(drawing(&text(calm))?, &drawing(&text(found))?, words),
        "xlsx" => same(workbook(calm)?, &workbook(found)?, words),
        "ics" => same(calendar(&text(calm))?, &calendar(&text(found))?, words),
        "eml" => same(message(calm)?, &message(found)?, words),
        "txt" => same(letter(&text(calm)), &letter(&text(found)), words),
        "css" | "js" | "png" => (calm == found).then_some(()).ok_or_else(|| "it is another one".to_owned()),
        other => Err(format!("nobody here reads files that end with `{other}`")),
    }
}

fn told(problem: impl std::fmt::Display) -> String {
    problem.to_string()
}

/// A part of a file: its structure, which no text changes, and a text in it.
pub type Part = (String, String);

fn same(calm: Vec<Part>, found: &[Part], words: &Words<'_>) -> Result<(), String> {
    let calm: Vec<Part> = calm.into_iter().map(|(what, text)| (what, words.instead(&text))).collect();
    // A text may be empty, and then there is none.
    let shown = |parts: &[Part]| {
        parts
            .iter()
            .map(|(what, text)| (what.clone(), if what == DRAWN { tight(text) } else { plain(text) }))
            .filter(|(what, text)| what != TEXT || !text.is_empty())
            .collect::<Vec<_>>()
    };
    let (calm, found) = (shown(&calm), shown(found));
    let unlike = calm
        .iter()
        .zip(&found)
        .position(|(a, b)| a != b)
        .or((calm.len() != found.len()).then_some(calm.len().min(found.len())));
    unlike.map_or(Ok(()), |at| {
        let around = |parts: &[Part]| parts[at.saturating_sub(2).min(parts.len())..(at + 2).min(parts.len())].to_vec();
        Err(format!("it has {:#?} where {:#?} was expected", around(&found), around(&calm)))
    })
}

pub const TEXT: &str = "text";

/// Words of a drawing, which end their lines anywhere.
const DRAWN: &str = "drawn";

fn tight(text: &str) -> String {
    text.split_whitespace().collect()
}

/// A workbook: all texts of its sheets, and what is shown beside cells; its formulas are the same whatever stands in it.
fn workbook(bytes: &[u8]) -> Result<Vec<Part>, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(told)?;
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut text = String::new();
        let mut entry = archive.by_index(at).map_err(told)?;
        std::io::Read::read_to_string(&mut entry, &mut text).map_err(told)?;
        let sheet = roxmltree::Document::parse(&text).map_err(told)?;
        for node in sheet.descendants().filter(|node| node.is_element()) {
            let name = node.tag_name().name();
            if name == "f" {
                // A formula is the program's own, whatever anybody writes.
                parts.push((format!("formula {}", node.text().unwrap_or_default()), String::new()));
                continue;
            }
            parts.push((name.to_owned(), String::new()));
            let shown = node.attribute("prompt").into_iter().chain(node.text());
            parts.extend(shown.map(|text| (TEXT.to_owned(), text.to_owned())));
        }
    }
    Ok(parts)
}

/// A page: tags with the names of their attributes, and all texts. Paragraphs and breaks without attributes are what
/// lines of a text become.
pub fn page(text: &str) -> Result<Vec<Part>, String> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    let mut parts: Vec<Part> = Vec::new();
    let mut is_script = false;
    let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(told);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        match token.map_err(|_| "it cannot be read".to_owned())? {
            Token::StartTag(tag) => {
                let name = string(&tag.name)?;
                is_script = name == "script" && tag.attributes.contains_key(&b"type"[..]);
                if tag.attributes.is_empty() && matches!(&*name, "p" | "br") {
                    continue;
                }
                parts.push((format!("<{name}>"), String::new()));
                for (attribute, value) in &tag.attributes {
                    let (attribute, value) = (string(attribute)?, string(value)?);
                    let value = match &*attribute {
                        "data-url" => percent_decoded(&value)?,
                        "data-json" => serde_json::from_str(&value).map_err(told)?,
                        _ => value,
                    };
                    parts.push((format!("{name} {attribute}"), value));
                }
            }
            Token::EndTag(tag) => {
                is_script = false;
                let name = string(&tag.name)?;
                if name != "p" {
                    parts.push((format!("</{name}>"), String::new()));
                }
            }
            Token::String(text) => {
                let text = string(&text)?;
                let text = if is_script { serde_json::from_str(&text).map_err(told)? } else { text };
                match parts.last_mut() {
                    Some((what, before)) if what == TEXT => before.push_str(&text),
                    _ => parts.push((TEXT.to_owned(), text)),
                }
            }
            Token::Comment(_) => parts.push(("comment".to_owned(), String::new())),
            Token::Doctype(_) => parts.push(("doctype".to_owned(), String::new())),
            Token::Error(error) => return Err(format!("{:?}", *error)),
        }
    }
    Ok(parts)
}

fn percent_decoded(text: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        rest = others;
        match first {
            b'%' => {
                let hex = std::str::from_utf8(rest.get(..2).ok_or("cut off")?).map_err(told)?;
                bytes.push(u8::from_str_radix(hex, 16).map_err(told)?);
                rest = &rest[2..];
            }
            byte if byte.is_ascii_alphanumeric() || b"-._~".contains(byte) => bytes.push(*byte),
            byte => return Err(format!("{:?} stands in a part of an address", char::from(*byte))),
        }
    }
    String::from_utf8(bytes).map_err(told)
}

/// A table in every region's way of reading it.
fn tables(calm: &[u8], found: &[u8], words: &Words<'_>) -> Result<(), String> {
    let rows = |bytes: &[u8], delimiter: u8| {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(delimiter != b',')
            .from_reader(bytes);
        reader.records().collect::<Result<Vec<_>, _>>().map_err(told)
    };
    // What defuses a formula is no part of the text.
    let without = |text: &str| plain(&text.replace('\'', ""));
    let part = |(at, row): (usize, csv::StringRecord)| {
        row.iter().map(|cell| (format!("cell of row {at}"), without(cell))).collect::<Vec<_>>()
    };
    let parts =
        |bytes: &[u8]| Ok::<_, String>(rows(bytes, b',')?.into_iter().enumerate().flat_map(part).collect::<Vec<_>>());
    let others: BTreeMap<_, _> =
        words.by_mark.iter().map(|(mark, (calm, other))| (*mark, (*calm, other.replace('\'', "")))).collect();
    let others = Words { by_mark: others.iter().map(|(mark, (calm, other))| (*mark, (*calm, &**other))).collect() };
    same(parts(calm)?, &parts(found)?, &others)?;
    for delimiter in [b',', b';', b'\t'] {
        for cell in rows(found, delimiter)?.iter().flat_map(csv::StringRecord::iter) {
            let begun = cell.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '"');
            let number = begun.trim_end_matches(|c: char| c == '%' || c.is_whitespace());
            if begun.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && number.parse::<f64>().is_err() {
                return Err(format!("a spreadsheet that parts cells at {:?} runs {cell:?}", char::from(delimiter)));
            }
        }
    }
    Ok(())
}

/// What differs from package to package, whatever texts say.
const SUMS: [&str; 3] = ["bytes", "checksum", "digest"];

fn json(calm: &Value, found: &Value, words: &Words<'_>) -> Result<(), String> {
    match (calm, found) {
        (Value::Object(calm), Value::Object(found)) => {
            let found: BTreeMap<String, &Value> = found.iter().map(|(key, value)| (plain(key), value)).collect();
            if found.len() != calm.len() {
                return Err(format!("an object has {:?}, not {:?}", found.keys(), calm.keys()));
            }
            calm.iter().filter(|(key, _)| !SUMS.contains(&&***key)).try_for_each(|(key, calm)| {
                let found = found.get(&words.instead(key)).ok_or_else(|| format!("an object has no {key:?}"))?;
                json(calm, found, words)
            })
        }
        (Value::Array(calm), Value::Array(found)) if calm.len() == found.len() => {
            calm.iter().zip(found).try_for_each(|(calm, found)| json(calm, found, words))
        }
        (Value::String(calm), Value::String(found)) if words.instead(calm) == plain(found) => Ok(()),
        (calm, found) if calm == found => Ok(()),
        _ => Err(format!("it has {found} where {calm} was expected")),
    }
}

fn drawing(text: &str) -> Result<Vec<Part>, String> {
    let document = roxmltree::Document::parse(text).map_err(told)?;
    if document.descendants().any(|node| node.has_tag_name("text")) {
        return Ok(laid_out(&document));
    }
    let parts = document.root().descendants().flat_map(|node| {
        let own =
            (format!("{:?} {}", node.node_type(), node.tag_name().name()), node.text().unwrap_or_default().to_owned());
        // How wide words are drawn follows from the words.
        let shown = |it: &roxmltree::Attribute<'_, '_>| {
            if it.name() == "textLength" { String::new() } else { it.value().to_owned() }
        };
        let attributes =
            node.attributes().map(move |it| (format!("{} {}", node.tag_name().name(), it.name()), shown(&it)));
        std::iter::once(own).chain(attributes).collect::<Vec<_>>()
    });
    Ok(parts.collect())
}

/// A drawing with words: how long these are decides where everything stands, and where a line ends. So it is what kinds of
/// elements and attributes it has, the values that place nothing, and all of its words.
fn laid_out(document: &roxmltree::Document<'_>) -> Vec<Part> {
    const PLACING: [&str; 10] = ["x", "y", "width", "height", "viewBox", "points", "d", "transform", "cy", "y2"];
    let (mut kinds, mut words) = (BTreeSet::new(), Vec::new());
    for node in document.root().descendants() {
        let kind = format!("{:?} {}", node.node_type(), node.tag_name().name());
        for it in node.attributes() {
            let value = if PLACING.contains(&it.name()) { "" } else { it.value() };
            kinds.insert((format!("{kind} {}", it.name()), value.to_owned()));
        }
        kinds.insert((kind, String::new()));
        words.extend(node.text().filter(|_| node.is_text()).map(str::trim).filter(|text| !text.is_empty()));
    }
    kinds.into_iter().chain([(DRAWN.to_owned(), words.join(" "))]).collect()
}

/// The head line by line, and the words.
fn letter(text: &str) -> Vec<Part> {
    let (head, body) = text.split_once("\n----\n").unwrap_or(("", text));
    let head = head.lines().filter(|_| !head.is_empty()).map(|line| ("line".to_owned(), line.to_owned()));
    head.chain([("words".to_owned(), body.to_owned())]).collect()
}

/// A text of a calendar, by the four signs that are escaped in it.
fn unescaped(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        plain.extend(match (c, c == '\\') {
            (_, true) => rest.next().map(|escaped| if matches!(escaped, 'n' | 'N') { '\n' } else { escaped }),
            (plain, false) => Some(plain),
        });
    }
    plain
}

/// A calendar's components with the names of their properties and parameters.
fn calendar(text: &str) -> Result<Vec<Part>, String> {
    fn component(of: &icalendar::parser::Component<'_>, parts: &mut Vec<Part>) {
        parts.push((format!("BEGIN {}", of.name.as_str()), String::new()));
        for property in &of.properties {
            let names: Vec<&str> = property.params.iter().map(|parameter| parameter.key.as_str()).collect();
            let name = property.name.as_str();
            // A list of texts, which the reader leaves as it is written; ours has one.
            let value = match name {
                "CATEGORIES" => unescaped(property.val.as_str()),
                _ => property.val.as_str().to_owned(),
            };
            parts.push((format!("{name} {names:?}"), value));
        }
        of.components.iter().for_each(|inner| component(inner, parts));
        parts.push((format!("END {}", of.name.as_str()), String::new()));
    }
    if text.split("\r\n").any(|line| line.len() > 75 || line.contains(['\r', '\n'])) {
        return Err("a line is too long, or ends in another way".into());
    }
    let unfolded = icalendar::parser::unfold(text);
    let mut parts = Vec::new();
    icalendar::parser::read_components(&unfolded)?.iter().for_each(|of| component(of, &mut parts));
    Ok(parts)
}

/// A message: its headers, its one sender, its subject and its two bodies.
fn message(bytes: &[u8]) -> Result<Vec<Part>, String> {
    let message = mail_parser::MessageParser::default().parse(bytes).ok_or("no message")?;
    let names: Vec<&str> = message.headers().iter().map(mail_parser::Header::name).collect();
    let mut parts: Vec<Part> = vec![(format!("{names:?}"), String::new())];
    let senders = message.from().into_iter().flat_map(|address| address.iter());
    for sender in senders {
        parts.push(("sender".into(), sender.name().unwrap_or_default().to_owned()));
        parts.push(("address".into(), sender.address().unwrap_or_default().to_owned()));
    }
    parts.push(("subject".into(), message.subject().unwrap_or_default().to_owned()));
    let counts =
        (message.parts.len(), message.text_body_count(), message.html_body_count(), message.attachment_count());
    parts.push((format!("{counts:?}"), String::new()));
    parts.push(("words".into(), message.body_text(0).unwrap_or_default().into_owned()));
    parts.extend(page(&message.body_html(0).unwrap_or_default())?);
    Ok(parts)
}
