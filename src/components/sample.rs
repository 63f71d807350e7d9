//! The sample program's files as plain data, for tests of the components.

use serde::de::DeserializeOwned;

use crate::data::{Data, DataMap};
use crate::schema::{Kind, Shape};
use crate::source::SourceId;
use crate::syntax::tree::{Core, Node, Value};
use crate::syntax::yaml;
use crate::times::{Given, Times};

/// Reads a YAML file of the sample program.
pub fn read(text: &str) -> Data {
    plain(&yaml::parse(SourceId(0), text, 0).expect("the sample is YAML"))
}

pub fn package() -> Data {
    read(include_str!("../../master-templates/package.yaml"))
}

pub fn nurture() -> Data {
    read(include_str!("../../master-templates/nurture.yaml"))
}

pub fn journey() -> Data {
    read(include_str!("../../master-templates/journey.yaml"))
}

/// `times` of a package with these values.
pub fn times(values: &DataMap) -> Data {
    fn of<T: DeserializeOwned + Default>(values: &DataMap, root: &str, key: &str) -> T {
        let found = values.get(root).and_then(|root| root.get(key));
        found.map(|data| crate::package::read(data, key).unwrap()).unwrap_or_default()
    }
    let program = crate::package::read(values.get("package").unwrap(), "package").unwrap();
    let (region, partner) = (of(values, "region", "calendar"), of(values, "partner", "calendar"));
    let (machines, owners): (Vec<_>, Vec<_>) =
        (of(values, "journey", "machines"), of(values, "qualification", "owners"));
    let requests: Vec<_> = of(values, "journey", "requests");
    let given = Given {
        requests: &requests,
        machines: &machines,
        owners: &owners,
        region: &region,
        partner: &partner,
        program: &program,
    };
    Data::from(&Times::new(&given))
}

pub fn qualification() -> Data {
    read(include_str!("../../master-templates/qualification.yaml"))
}

pub fn sales() -> Data {
    read(include_str!("../../master-templates/sales.yaml"))
}

pub fn plain(node: &Node) -> Data {
    match &node.value {
        Value::Scalar(scalar) => match scalar.core() {
            Core::Null => Data::Null,
            Core::Bool(value) => Data::Bool(value),
            Core::Int(value) => Data::Int(value),
            Core::Float(value) => Data::Float(value),
            Core::Str(text) => text.into(),
        },
        Value::Seq(items) => Data::list(items.iter().map(plain)),
        Value::Map(map) => Data::map(map.entries.iter().map(|entry| (entry.key.value.clone(), plain(&entry.value)))),
    }
}

/// The keys of `data` that `shape` does not know, and the required ones that it lacks.
pub fn misfits(shape: &Shape, data: &Data, path: &str) -> Vec<String> {
    match (shape, data) {
        (Shape::Map(fields), Data::Map(map)) => {
            let unknown = map.keys().filter(|key| shape.field(key).is_none()).map(|key| format!("{path}.{key}?"));
            let missing = fields.iter().filter(|field| field.required && !map.contains_key(field.name));
            let missing = missing.map(|field| format!("{path}.{}!", field.name));
            let below = fields.iter().filter_map(|field| Some((field, map.get(field.name)?)));
            let below =
                below.flat_map(|(field, value)| misfits(&field.shape, value, &format!("{path}.{}", field.name)));
            unknown.chain(missing).chain(below).collect()
        }
        (Shape::Keyed(fields), Data::List(items)) => {
            let item = Shape::Map(fields.clone());
            items.iter().flat_map(|data| misfits(&item, data, &format!("{path}[]"))).collect()
        }
        (Shape::List(item), Data::List(items)) => {
            items.iter().flat_map(|data| misfits(item, data, &format!("{path}[]"))).collect()
        }
        (Shape::Set, Data::List(items)) => {
            items.iter().flat_map(|data| misfits(&Shape::Kind(Kind::Line), data, &format!("{path}[]"))).collect()
        }
        (Shape::Open(item), Data::Map(map)) => {
            map.iter().flat_map(|(key, data)| misfits(item, data, &format!("{path}.{key}"))).collect()
        }
        (Shape::Text(_) | Shape::Kind(_), Data::Text(_))
        | (Shape::Int(_), Data::Int(_))
        | (Shape::Number(_), Data::Int(_) | Data::Float(_))
        | (Shape::Flag, Data::Bool(_)) => {
            vec![]
        }
        (Shape::Choice(words), Data::Text(word)) if words.contains(&&**word) => vec![],
        _ => vec![format!("{path}: not {}", shape.describe())],
    }
}
