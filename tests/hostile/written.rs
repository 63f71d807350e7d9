//! Values as files, with the place of each field.

use serde_json::{Map, Value, json};

use cobrand::schema::{Kind, Prose, Shape};
use cobrand::source::SourceId;
use cobrand::syntax::tree::{Core, Node, Value as Tree};
use cobrand::syntax::yaml;

use super::small::Small;

/// A workspace, and where in it each field stands.
pub struct Written {
    pub workspace: Small,
    pub places: Places,
}

/// Where fields stand.
#[derive(Default)]
pub struct Places(Vec<Place>);

/// A field's file, its first and last line and column, and its number.
struct Place {
    file: String,
    start: (u32, u32),
    end: (u32, u32),
    number: usize,
}

impl Places {
    pub fn at(&self, file: &str, line: u32, column: u32) -> Option<usize> {
        let is_within = |place: &&Place| place.file == file && (place.start..=place.end).contains(&(line, column));
        self.0.iter().find(is_within).map(|place| place.number)
    }

    /// The field next to a line: of an item, where that is refused as a whole.
    pub fn beside(&self, file: &str, line: u32) -> Option<usize> {
        let own = self.0.iter().filter(|place| place.file == file);
        own.min_by_key(|place| place.start.0.abs_diff(line)).map(|place| place.number)
    }
}

/// A file that is being written, with the place that the next letter gets.
pub struct File {
    path: String,
    pub text: String,
}

impl File {
    pub fn new(path: &str) -> Self {
        Self { path: path.to_owned(), text: String::new() }
    }

    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Writes what belongs to a field.
    pub fn field(&mut self, number: usize, text: &str, places: &mut Places) {
        let start = self.here();
        self.push(text);
        places.0.push(Place { file: self.path.clone(), start, end: self.here(), number });
    }

    fn here(&self) -> (u32, u32) {
        let line = self.text.matches('\n').count() + 1;
        let column = self.text.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        (u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
    }
}

/// A step to a value.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Key(String),
    /// The item of a keyed list.
    Item(String),
    /// The first item of another list, which is like this one.
    First(Value),
    /// A new item of a keyed list, like this one but for its id.
    New(Value),
    /// A new key of a free map.
    Name,
}

/// A text of a field, told from all else that a file holds.
pub fn of_field(number: usize, text: &str) -> Value {
    json!({"@field": number, "@text": text})
}

/// Puts a value at its place; what is missing on the way is made.
pub fn put(into: &mut Value, steps: &[Step], value: Value) {
    let Some((step, rest)) = steps.split_first() else { return *into = value };
    match step {
        Step::Key(key) => {
            if !into.is_object() {
                *into = Value::Object(Map::new());
            }
            put(into.as_object_mut().unwrap().entry(key.clone()).or_insert(Value::Null), rest, value);
        }
        Step::Item(id) => {
            if !into.is_array() {
                *into = json!([]);
            }
            let items = into.as_array_mut().unwrap();
            let at = items.iter().position(|item| item["id"] == *id).unwrap_or_else(|| {
                items.push(json!({"id": id}));
                items.len() - 1
            });
            put(&mut items[at], rest, value);
        }
        Step::New(like) => {
            if !into.is_array() {
                *into = json!([]);
            }
            let mut item = like.clone();
            item["id"] = value["@text"].clone();
            into.as_array_mut().unwrap().push(json!({"@field": value["@field"], "@item": item}));
        }
        Step::Name => {
            if !into.is_object() {
                *into = Value::Object(Map::new());
            }
            let key = format!("new {}", value["@field"]);
            into.as_object_mut().unwrap().insert(key, json!({"@field": value["@field"], "@key": value["@text"]}));
        }
        Step::First(like) => {
            if !into.is_array() {
                *into = json!([like]);
            }
            put(&mut into[0], rest, value);
        }
    }
}

/// Writes a value behind its key as YAML, a field a line.
pub fn emit(key: &str, value: &Value, indent: usize, file: &mut File, places: &mut Places) {
    match value {
        Value::Object(map) if map.contains_key("@field") => {
            let number = usize::try_from(map["@field"].as_u64().unwrap()).unwrap();
            match (map.get("@key"), map.get("@item")) {
                (Some(key), _) => file.field(number, &format!("{key}: 1"), places),
                (_, Some(item)) => file.field(number, &format!("{key}{item}"), places),
                _ => file.field(number, &format!("{key}{}", map["@text"]), places),
            }
            file.push("\n");
        }
        Value::Object(map) => {
            file.push(&format!("{key}\n"));
            for (key, inner) in map {
                file.push(&" ".repeat(indent));
                emit(&format!("{}: ", json!(key)), inner, indent + 2, file, places);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            file.push(&format!("{key}\n"));
            for item in items {
                file.push(&" ".repeat(indent));
                emit("- ", item, indent + 2, file, places);
            }
        }
        other => file.push(&format!("{key}{other}\n")),
    }
}

/// What a YAML text says.
pub fn read(text: &str) -> Value {
    fn plain(node: &Node) -> Value {
        match &node.value {
            Tree::Map(map) => {
                map.entries.iter().map(|e| (e.key.value.to_string(), plain(&e.value))).collect::<Map<_, _>>().into()
            }
            Tree::Seq(items) => items.iter().map(plain).collect(),
            Tree::Scalar(scalar) => match scalar.core() {
                Core::Null => Value::Null,
                Core::Bool(value) => json!(value),
                Core::Int(value) => json!(value),
                Core::Float(value) => json!(value),
                Core::Str(text) => json!(text),
            },
        }
    }
    plain(&yaml::parse(SourceId(0), text, 0).unwrap())
}

fn below(step: Step, shape: &Shape, known: &Value, way: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, Shape)>) {
    way.push(step);
    leaves(shape, known, way, found);
    way.pop();
}

/// Every leaf below a shape that texts are written to, as the way to it; lists by the item that `known` has.
pub fn leaves(shape: &Shape, known: &Value, way: &mut Vec<Step>, found: &mut Vec<(Vec<Step>, Shape)>) {
    match shape {
        Shape::Map(fields) => {
            for field in fields.iter() {
                below(Step::Key(field.name.into()), &field.shape, &known[field.name], way, found);
            }
        }
        Shape::Keyed(fields) => {
            let item = &known[0];
            let id = item["id"].as_str().unwrap_or_else(|| panic!("the workspace has no item at {way:?}: give it one"));
            let fields = fields.iter().filter(|field| field.name != "id").cloned().collect();
            below(Step::Item(id.to_owned()), &Shape::Map(fields), item, way, found);
        }
        Shape::Open(inner) => {
            let key = known.as_object().and_then(|map| map.keys().next().cloned()).unwrap_or("zz".into());
            below(Step::Key(key.clone()), inner, &known[&key], way, found);
        }
        Shape::List(inner) => below(Step::First(known[0].clone()), inner, &known[0], way, found),
        Shape::Set => below(Step::First(Value::Null), &Shape::Kind(Kind::Line), &Value::Null, way, found),
        Shape::Any => {
            found.push((way.iter().cloned().chain([Step::Key("zz".into())]).collect(), Shape::Text(Prose::Line)))
        }
        leaf => found.push((way.clone(), leaf.clone())),
    }
}

/// Where a layer may bring names of its own: ids of new items, and keys of free maps.
pub fn names(shape: &Shape, known: &Value, way: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    let mut add = |step: Step, way: &[Step]| found.push(way.iter().cloned().chain([step]).collect());
    match shape {
        Shape::Keyed(_) => add(Step::New(known[0].clone()), way),
        Shape::Open(_) | Shape::Any => add(Step::Name, way),
        _ => {}
    }
    let (step, known) = match shape {
        Shape::Keyed(_) => (Some(Step::Item(known[0]["id"].as_str().unwrap_or_default().to_owned())), &known[0]),
        _ => (None, known),
    };
    way.extend(step.clone());
    for field in shape.fields() {
        way.push(Step::Key(field.name.into()));
        names(&field.shape, &known[field.name], way, found);
        way.pop();
    }
    way.truncate(way.len() - usize::from(step.is_some()));
}
