//! From shapes to schemas.
//!
//! A partial schema has a path only if [`crate::guard`] would let the layer say something there: the
//! role has the right, the tier leaves it, and another layer has the place that is spoken of.

use serde_json::{Map, Value, json};

use crate::build::Program;
use crate::catalog::LayerId;
use crate::catalog::convert::Voice;
use crate::catalog::patch::Right;
use crate::catalog::settings::{Axis, AxisId};
use crate::explain::{bounds, permission};
use crate::guard::{Speaker, place_of};
use crate::policy::HQ;
use crate::schema::{self, Field, Shape};

use super::today::{Nodes, Today, below, names, sentence};
use super::{head, leaf, plain_right};

/// The id of an item that nobody has: no literal pattern covers it.
const NEW: &str = "*";

/// Writes the schemas of one layer, or of the master.
pub struct Writer<'a> {
    pub program: &'a Program,
    pub layer: Option<LayerId>,
    /// The layers that this one meets in deployments, for what they narrow.
    pub around: Vec<LayerId>,
    pub speaker: Speaker<'a>,
    pub today: Today,
    pub voice: Voice,
}

/// A place that a schema is written for.
struct Spot<'t> {
    path: String,
    nodes: Nodes<'t>,
    is_record: bool,
}

impl<'t> Spot<'t> {
    fn entry(&self, key: &str) -> Spot<'t> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Spot { path, nodes: below(&self.nodes, key), is_record: self.is_record }
    }

    fn item(&self, id: &str) -> Spot<'t> {
        Spot { path: format!("{}[{id}]", self.path), nodes: below(&self.nodes, id), is_record: self.is_record }
    }
}

impl Writer<'_> {
    /// The schema of a file whose keys stand at `path`.
    pub fn document(&self, shape: &Shape, path: &str, title: &str) -> Value {
        let is_record = self.program.catalog().settings.axis_named(path).is_some();
        let nodes = self.today.at(path);
        let spot = Spot { path: path.to_owned(), nodes, is_record };
        let Some(mut body) = self.plain(shape, &spot) else { return self.nothing() };
        if self.voice == Voice::Overlay {
            body["$defs"] = shared();
        }
        head(title, body)
    }

    /// The schema of a record: beside its own keys, what HQ entitles a partner to.
    /// `overlay` is for a value that is a single file.
    pub fn record(&self, axis: &Axis, overlay: Option<Value>, title: &str) -> Value {
        let shape = schema::records::schema(&axis.name);
        let mut made = self.document(&shape, &axis.name, title);
        if let Some(properties) = made.get_mut("properties").and_then(Value::as_object_mut) {
            if &*axis.name == "partner" {
                self.entitle(properties);
            }
            properties.extend(overlay.map(|overlay| ("overlay".to_owned(), overlay)));
        }
        made
    }

    /// A partner's tier and lists, unless they stand in a registry.
    fn entitle(&self, properties: &mut Map<String, Value>) {
        let catalog = self.program.catalog();
        properties.remove("tier");
        properties.remove("exclude");
        if self.layer.is_some_and(|id| catalog.layer(id).row.is_some()) {
            return;
        }
        let ids = |axis: AxisId| catalog.axes[axis.0].ids().collect::<Vec<_>>();
        for axis in catalog.settings.axis_ids() {
            let from = catalog.settings.axis(axis).from.as_deref().and_then(|from| from.strip_prefix("partner."));
            if let Some(key) = from {
                properties.insert(key.into(), json!({"enum": ids(axis), "description": "HQ's: how it is worked with"}));
            }
        }
        let mut excluded = Map::new();
        for axis in catalog.settings.matrix_axes() {
            let (folder, name) = (&catalog.settings.axis(axis).folder, &catalog.settings.axis(axis).name);
            let words = json!({"enum": ids(axis)});
            let list = json!({
                "anyOf": [words, {"type": "array", "x-list": "set", "items": words}],
                "description": format!("HQ's: what the partner is entitled to, of `{folder}/`"),
            });
            properties.insert(folder.to_string(), list);
            excluded.insert(name.to_string(), words);
        }
        let item = json!({"type": "object", "additionalProperties": false, "properties": excluded});
        let doc = "HQ's: combinations that are not made";
        properties.insert("exclude".into(), json!({"type": "array", "items": item, "description": doc}));
    }

    /// `overlay:` of a value that is a single file.
    pub fn overlay(&self) -> Value {
        let made = |(kind, path, shape): (&str, &str, Shape)| {
            let spot = Spot { path: path.to_owned(), nodes: self.today.at(path), is_record: false };
            Some((kind.to_owned(), self.plain(&shape, &spot)?))
        };
        overlay(super::documents().into_iter().filter_map(made).collect())
    }

    /// The schema of a file in which this layer may say nothing: the same for every such file of a role and tier.
    fn nothing(&self) -> Value {
        let tier = self.speaker.tier().map(|tier| format!(", tier {tier}")).unwrap_or_default();
        let doc = format!("nothing in this file is open to the role {}{tier}", self.speaker.role());
        let body = json!({"type": "object", "additionalProperties": false, "properties": {}, "description": doc});
        head("nothing is open here", body)
    }

    /// The schema of a place, with the operations that are possible there; `None` where nothing is.
    fn place(&self, shape: &Shape, spot: &Spot<'_>, doc: &str) -> Option<Value> {
        if self.voice == Voice::Translation && !shape.holds_text() {
            return None;
        }
        let plain = self.plain(shape, spot);
        let forms = match self.voice {
            Voice::Overlay => self.operations(shape, spot, plain.as_ref()),
            _ => Vec::new(),
        };
        let mut made = match (plain, forms.is_empty()) {
            (None, true) => return None,
            (Some(plain), true) => plain,
            (plain, false) => json!({"anyOf": plain.into_iter().chain(forms).collect::<Vec<_>>()}),
        };
        self.say(&mut made, shape, spot, doc);
        Some(made)
    }

    /// Doc, rights, limits and today's value of a place.
    fn say(&self, made: &mut Value, shape: &Shape, spot: &Spot<'_>, doc: &str) {
        let mut lines = vec![doc.to_owned()];
        if shape.is_translated() {
            made["x-translated"] = json!(true);
        }
        if shape.is_leaf() || *shape == Shape::Any {
            if let Some(rule) = self.speaker.rule(&spot.path) {
                lines.extend(permission::limits(rule));
                lines.extend(rule.reason.as_ref().map(ToString::to_string));
            }
            if self.speaker.role() != HQ {
                lines.extend(bounds::of_path(self.program, &self.around, &spot.path).lines());
                made["x-rights"] = json!(self.speaker.rights(&spot.path));
            }
        }
        lines.extend(sentence(&spot.nodes));
        leaf::describe(made, &lines);
    }

    /// `$remove`, `$inherit`, `$replace` and `$order`.
    fn operations(&self, shape: &Shape, spot: &Spot<'_>, plain: Option<&Value>) -> Vec<Value> {
        let mut forms = Vec::new();
        if !self.is_known(&spot.path) {
            return forms;
        }
        if self.speaker.may(&spot.path, Right::Remove) {
            forms.push(json!({"$ref": "#/$defs/remove"}));
        }
        if self.speaker.may(&spot.path, plain_right(self.voice, &spot.path, spot.is_record)) {
            forms.push(json!({"$ref": "#/$defs/inherit"}));
        }
        let whole = match shape {
            Shape::Keyed(_) => self.speaker.may(&spot.path, Right::ReplaceList),
            Shape::Map(_) | Shape::Open(_) => {
                self.speaker.may(&spot.path, plain_right(self.voice, &spot.path, spot.is_record))
            }
            _ => false,
        };
        if let Some(plain) = plain.filter(|_| whole) {
            // What stands below is limited as it is without the operation.
            let is_limited = self.speaker.role() != HQ && !matches!(shape, Shape::Keyed(_));
            let value = if is_limited { plain.clone() } else { leaf::value(shape, false) };
            forms.push(operation("$replace", value, "hide everything weaker below"));
        }
        if matches!(shape, Shape::Keyed(_)) && self.speaker.may(&spot.path, Right::Move) {
            let order = json!({"type": "array", "items": {"type": "string"}});
            forms.push(operation("$order", order, "the full order of ids; `...` takes the rest"));
        }
        forms
    }

    /// A value without operations on the whole of it.
    fn plain(&self, shape: &Shape, spot: &Spot<'_>) -> Option<Value> {
        let holds_more = || spot.nodes.iter().any(|(_, node)| node.as_leaf().is_none());
        match shape {
            Shape::Map(fields) => self.map(fields, spot, &[]),
            Shape::Open(inner) => self.open(inner, spot),
            Shape::Any if self.voice != Voice::Master && holds_more() => self.open(&Shape::Any, spot),
            Shape::Keyed(fields) => self.keyed(fields, spot),
            _ => self.leaf(shape, spot),
        }
    }

    fn leaf(&self, shape: &Shape, spot: &Spot<'_>) -> Option<Value> {
        if !self.may_say(spot) {
            return None;
        }
        let mut made = leaf::value(shape, self.voice == Voice::Master);
        if matches!(shape, Shape::Text(_) | Shape::Kind(_) | Shape::Any) {
            let rule = self.speaker.rule(&spot.path).map(|rule| &rule.limits);
            let narrowed = self.speaker.narrowed(&spot.path).map(|narrowing| &narrowing.limits);
            leaf::limit(&mut made, rule.into_iter().chain(narrowed));
        }
        if *shape != Shape::Set || self.voice != Voice::Overlay {
            return Some(made);
        }
        let words = json!({"type": "array", "items": {"type": "string"}});
        let change = json!({
            "type": "object", "additionalProperties": false, "minProperties": 1,
            "properties": {"$add": words, "$remove": words},
        });
        Some(json!({"anyOf": [made, change]}))
    }

    fn map(&self, fields: &[Field], spot: &Spot<'_>, more: &[(&str, Value)]) -> Option<Value> {
        let made = |field: &Field| {
            let entry = spot.entry(field.name);
            Some((field.name.to_owned(), self.place(&field.shape, &entry, field.doc)?))
        };
        let mut properties: Map<String, Value> = fields.iter().filter_map(made).collect();
        if properties.is_empty() && more.len() < 2 {
            return None;
        }
        properties.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        let mut made = json!({"type": "object", "additionalProperties": false, "properties": properties});
        let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
        if self.voice == Voice::Master && !required.is_empty() {
            made["required"] = json!(required);
        }
        Some(made)
    }

    fn open(&self, inner: &Shape, spot: &Spot<'_>) -> Option<Value> {
        if self.voice == Voice::Master {
            return Some(leaf::value(&Shape::Open(Box::new(inner.clone())), true));
        }
        let made = |key: String| Some((key.clone(), self.place(inner, &spot.entry(&key), "")?));
        let properties: Map<String, Value> = names(&spot.nodes).into_iter().filter_map(made).collect();
        let fresh = spot.entry(NEW);
        let more = if self.may_say(&fresh) { self.plain(inner, &fresh) } else { None };
        if properties.is_empty() && more.is_none() {
            return None;
        }
        let more = more.unwrap_or(json!(false));
        Some(json!({"type": "object", "additionalProperties": more, "properties": properties}))
    }

    fn keyed(&self, fields: &[Field], spot: &Spot<'_>) -> Option<Value> {
        let fields = fields.get(1..).unwrap_or_default();
        let list = |items: Value| json!({"type": "array", "x-list": "keyed", "items": items});
        if self.voice == Voice::Master {
            let id = json!({"type": ["string", "number", "boolean"], "description": "names the item everywhere"});
            let mut item = self.map(fields, &spot.item(NEW), &[("id", id)])?;
            let required = fields.iter().filter(|field| field.required).map(|field| field.name);
            item["required"] = json!(std::iter::once("id").chain(required).collect::<Vec<_>>());
            return Some(list(item));
        }
        let known = names(&spot.nodes);
        let mut forms: Vec<Value> = known.iter().filter_map(|id| self.known_item(fields, spot, id)).collect();
        forms.extend(self.item_operations(spot, &known));
        forms.extend(self.new_item(fields, spot, &known));
        (!forms.is_empty()).then(|| list(json!({"anyOf": forms})))
    }

    /// An item that is there: its entries and its place.
    fn known_item(&self, fields: &[Field], spot: &Spot<'_>, id: &str) -> Option<Value> {
        let item = spot.item(id);
        let mut more = vec![("id", json!({"const": id}))];
        let right = if self.is_known(&item.path) { Right::Move } else { Right::Insert };
        if self.voice == Voice::Overlay && self.speaker.may(&item.path, right) {
            more.push(("$at", json!({"$ref": "#/$defs/place"})));
        }
        let mut made = self.map(fields, &item, &more)?;
        made["required"] = json!(["id"]);
        Some(made)
    }

    /// Operations on whole items of weaker layers: each once, for all items that it is open for.
    fn item_operations(&self, spot: &Spot<'_>, known: &[String]) -> Vec<Value> {
        if self.voice != Voice::Overlay {
            return Vec::new();
        }
        let may = |id: &str, right: Option<Right>| {
            let item = spot.item(id);
            let right = right.unwrap_or_else(|| plain_right(self.voice, &item.path, item.is_record));
            self.is_known(&item.path) && self.speaker.may(&item.path, right)
        };
        let operations =
            [("$remove", json!({"const": true}), Some(Right::Remove)), ("$inherit", json!({"type": "string"}), None)];
        let open_for = |(name, value, right): (&str, Value, Option<Right>)| {
            let ids: Vec<&String> = known.iter().filter(|id| may(id, right)).collect();
            (!ids.is_empty()).then(|| item_operation(&ids, name, value))
        };
        operations.into_iter().filter_map(open_for).collect()
    }

    /// An item that nobody has yet.
    fn new_item(&self, fields: &[Field], spot: &Spot<'_>, known: &[String]) -> Option<Value> {
        let item = spot.item(NEW);
        let right = plain_right(self.voice, &item.path, item.is_record);
        let is_free = right == Right::SetVar;
        if self.voice != Voice::Overlay || !self.speaker.may(&item.path, if is_free { right } else { Right::Insert }) {
            return None;
        }
        let made = |field: &Field| {
            let mut made = leaf::value(&field.shape, false);
            leaf::describe(&mut made, &[field.doc.to_owned()]);
            let path = format!("{}.{}", item.path, field.name);
            self.speaker.may(&path, right).then(|| (field.name.to_owned(), made))
        };
        let mut properties: Map<String, Value> = fields.iter().filter_map(made).collect();
        let mut id = json!({"type": ["string", "number", "boolean"], "description": "a new item"});
        if !known.is_empty() {
            id["not"] = json!({"enum": known});
        }
        properties.insert("id".into(), id);
        properties.insert("$at".into(), json!({"$ref": "#/$defs/place"}));
        let required = if is_free { json!(["id"]) } else { json!(["id", "$at"]) };
        Some(json!({
            "type": "object", "additionalProperties": false, "required": required, "properties": properties,
        }))
    }

    /// Whether a plain value may be written here.
    fn may_say(&self, spot: &Spot<'_>) -> bool {
        if self.voice == Voice::Master {
            return true;
        }
        let right = plain_right(self.voice, &spot.path, spot.is_record);
        let is_free = right == Right::SetVar || spot.path.starts_with("strings.");
        (is_free || self.is_known(&spot.path)) && self.speaker.may(&spot.path, right)
    }

    fn is_weaker(&self, other: LayerId, id: LayerId) -> bool {
        let catalog = self.program.catalog();
        let strength = catalog.layer(other).selector.strength(&catalog.layer(id).selector);
        strength == Some(std::cmp::Ordering::Less)
    }

    /// Whether there is something to speak of: a weaker layer has the place. Translations may be of what
    /// the layer alone says.
    fn is_known(&self, path: &str) -> bool {
        let index = self.program.approved().index();
        let place = place_of(path);
        match self.layer.filter(|_| self.voice != Voice::Translation) {
            Some(id) => index.layers(place).iter().any(|&other| self.is_weaker(other, id)),
            None => !index.layers(place).is_empty(),
        }
    }
}

/// `overlay:` of a single file, by the schemas of the same names beside that of the record.
pub fn overlay_beside() -> Value {
    let beside = |(kind, ..): (&str, &str, Shape)| (kind.to_owned(), json!({"$ref": format!("{kind}.schema.json")}));
    overlay(super::documents().into_iter().map(beside).collect())
}

fn overlay(properties: Map<String, Value>) -> Value {
    json!({
        "type": "object", "additionalProperties": false, "properties": properties,
        "patternProperties": {"^content/.*\\.md$": {"type": "string"}},
        "description": "what this layer changes, by file",
    })
}

fn operation(name: &str, value: Value, doc: &str) -> Value {
    let properties: Map<String, Value> = std::iter::once((name.to_owned(), value)).collect();
    json!({
        "type": "object", "additionalProperties": false, "required": [name], "properties": properties,
        "description": doc,
    })
}

/// An operation on any of the items.
fn item_operation(ids: &[&String], name: &str, value: Value) -> Value {
    let entries = [("id".to_owned(), json!({"enum": ids})), (name.to_owned(), value)];
    let properties: Map<String, Value> = entries.into_iter().collect();
    json!({"type": "object", "additionalProperties": false, "required": ["id", name], "properties": properties})
}

/// What many places of an overlay refer to.
fn shared() -> Value {
    let inherit = "follow `master`, or a weaker layer such as `region=dach`";
    json!({
        "remove": operation("$remove", json!({"const": true}), "take it out"),
        "inherit": operation("$inherit", json!({"type": "string"}), inherit),
        "place": position(),
    })
}

/// Where an item goes.
fn position() -> Value {
    let anchor = |side: &str| {
        let properties: Map<String, Value> = std::iter::once((side.to_owned(), json!({"type": "string"}))).collect();
        json!({"type": "object", "additionalProperties": false, "required": [side], "properties": properties})
    };
    json!({
        "anyOf": [{"enum": ["first", "last"]}, anchor("before"), anchor("after")],
        "description": "where the item stands",
    })
}
