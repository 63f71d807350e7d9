//! The handoff record: its schema, an empty one of it as CSV and as JSON, and what each field is.
//!
//! Its fields are those of the journey's record, and the rows of `qualification.handoff.record` that hold none of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::super::Finding;
use super::{Ground, Handed};
use crate::capture::TYPED;
use crate::data::Data;
use crate::encode::csv::Table;
use crate::encode::{self, Content};
use crate::package::journey::{Evidence, NAMES, Record};
use crate::package::qualification::{Hand, RecordField};

pub const SCHEMA_FILE: &str = "handoff.schema.json";
pub const TABLE_FILE: &str = "handoff.csv";
pub const EMPTY_FILE: &str = "handoff.json";
pub const FIELDS_FILE: &str = "handoff-fields.csv";

/// Joins the record, what the partner answers, and what both sides' systems keep of the lead.
pub const ID: &str = "handoff_id";
const REQUESTS: &str = "requests";
/// When something is needed, as files tell of it: a request is told by its id.
const ALWAYS: &str = "always";
const PERMISSION: &str = "permission";
const KNOWN: &str = "known";
/// The most letters of a form's field.
const MOST_OF_FIELD: usize = 120;
const _: () = assert!(MOST_OF_FIELD == TYPED as usize, "forms let people type as many");
/// The most letters of what a person writes.
const MOST_OF_TEXT: usize = 2000;

/// One field of the record.
struct Column<'r> {
    id: &'r str,
    title: &'r str,
    holds: Holds<'r>,
    source: Source<'r>,
    needed: Needed<'r>,
    is_personal: bool,
}

enum Holds<'r> {
    Text(usize),
    Email,
    /// With date and time, by ISO 8601.
    Moment,
    One(Vec<&'r str>),
    Some(Vec<&'r str>),
}

/// Where a value comes from.
enum Source<'r> {
    Form,
    /// `query`, `page`, `package` and the like: the page fills it in.
    Page(&'r str),
    /// The box posts its text; when it did, notes whoever receives the form.
    Permission(Evidence),
    Row(&'r RecordField),
    Handoff,
}

enum Needed<'r> {
    Always,
    Requested(Vec<&'r str>),
    /// Where a permission is the ground on which it goes over.
    Permitted,
    Never,
}

impl Column<'_> {
    fn kind(&self) -> &'static str {
        match self.holds {
            Holds::Text(_) => "text",
            Holds::Email => "email",
            Holds::Moment => "date-time",
            Holds::One(_) => "one-of",
            Holds::Some(_) => "some-of",
        }
    }

    fn allowed(&self) -> &[&str] {
        match &self.holds {
            Holds::One(words) | Holds::Some(words) => words,
            _ => &[],
        }
    }

    fn source(&self) -> &str {
        match self.source {
            Source::Permission(it) if it.is_time() => "receipt",
            Source::Form | Source::Permission(_) => "form",
            Source::Page(from) => from,
            Source::Row(row) => &row.source,
            Source::Handoff => "handoff",
        }
    }

    /// Who fills it in.
    fn by(&self) -> &'static str {
        match self.source {
            Source::Permission(it) if it.is_time() => Hand::Platform.id(),
            Source::Form | Source::Permission(_) => Hand::Lead.id(),
            Source::Page(_) => Hand::Page.id(),
            Source::Row(row) => row.by.id(),
            Source::Handoff => Hand::Platform.id(),
        }
    }

    fn needed(&self) -> String {
        match &self.needed {
            Needed::Always => ALWAYS.to_owned(),
            Needed::Requested(requests) => requests.join(" "),
            Needed::Permitted => PERMISSION.to_owned(),
            Needed::Never => String::new(),
        }
    }

    /// Its type; null where nothing has to stand there.
    fn given_or_none(&self) -> Value {
        match self.needed {
            Needed::Always => self.type_of(),
            Needed::Requested(_) | Needed::Permitted | Needed::Never => {
                json!({"anyOf": [self.type_of(), {"type": "null"}]})
            }
        }
    }

    fn type_of(&self) -> Value {
        match &self.holds {
            Holds::Text(most) => json!({"type": "string", "minLength": 1, "maxLength": most}),
            Holds::Email => json!({"type": "string", "format": "email", "maxLength": MOST_OF_FIELD}),
            Holds::Moment => json!({"type": "string", "format": "date-time"}),
            Holds::One(words) => json!({"enum": words}),
            Holds::Some(words) => {
                json!({"type": "array", "minItems": 1, "uniqueItems": true, "items": {"enum": words}})
            }
        }
    }
}

/// The fields of the record, in their order.
pub struct Columns<'h>(Vec<Column<'h>>);

impl<'h> Columns<'h> {
    pub fn of(handed: &'h Handed<'_>) -> Self {
        Self(columns(handed))
    }

    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|column| column.id == field)
    }
}

fn columns<'h>(handed: &'h Handed<'_>) -> Vec<Column<'h>> {
    let record = handed.record;
    let own = |id: &'h str, title: &'h str, holds, needed| Column {
        id,
        title,
        holds,
        source: Source::Handoff,
        needed,
        is_personal: false,
    };
    let asked = handed.package.journey.requests.iter().map(|it| &*it.id).collect();
    let mut columns = vec![
        own(ID, ID, Holds::Text(MOST_OF_FIELD), Needed::Always),
        own(REQUESTS, REQUESTS, Holds::Some(asked), Needed::Always),
    ];
    columns.extend(NAMES.map(|name| field(handed, name, Needed::Always)));
    for id in fields(record).filter(|id| !NAMES.contains(id)) {
        columns.push(field(handed, id, needed(record, id)));
    }
    let rows = handed.package.qualification.handoff.record.iter().filter(|row| row.holds.is_empty());
    columns.extend(rows.map(|row| Column {
        id: &row.id,
        title: &row.title,
        holds: Holds::Text(MOST_OF_TEXT),
        source: Source::Row(row),
        needed: own_needed(row),
        is_personal: row.is_permitted(),
    }));
    let mut seen = BTreeSet::new();
    columns.retain(|column| seen.insert(column.id));
    columns
}

/// The fields that a record names, each once.
fn fields(record: &Record) -> impl Iterator<Item = &str> {
    let named = record.needs.iter().chain(record.when.values().flatten()).chain(&record.proof).chain(&record.may);
    let mut seen = BTreeSet::new();
    named.map(|id| &**id).filter(move |id| seen.insert(*id))
}

fn needed<'r>(record: &'r Record, id: &str) -> Needed<'r> {
    if record.needs.iter().any(|it| **it == *id) {
        return Needed::Always;
    }
    let of = record.when.iter().filter(|(_, fields)| fields.iter().any(|it| **it == *id));
    let requests: Vec<&str> = of.map(|(request, _)| &**request).collect();
    match requests.is_empty() {
        false => Needed::Requested(requests),
        true if record.proof.iter().any(|it| **it == *id) => Needed::Permitted,
        true => Needed::Never,
    }
}

/// When a row is needed that holds no fields.
fn own_needed<'r>(row: &RecordField) -> Needed<'r> {
    match (row.required, row.is_permitted()) {
        (false, _) => Needed::Never,
        (true, false) => Needed::Always,
        (true, true) => Needed::Permitted,
    }
}

/// When a row is needed: as soon as one of the fields is that it is made of.
fn row_needed<'r>(record: &'r Record, row: &'r RecordField) -> Needed<'r> {
    if row.holds.is_empty() {
        return own_needed(row);
    }
    let of = |id: &'r Arc<str>| if NAMES.contains(&&**id) { Needed::Always } else { needed(record, id) };
    let mut all: Vec<Needed<'_>> = row.holds.iter().map(of).collect();
    all.sort_by_key(|needed| match needed {
        Needed::Always => 0,
        Needed::Requested(_) => 1,
        Needed::Permitted => 2,
        Needed::Never => 3,
    });
    all.into_iter().next().unwrap_or(Needed::Never)
}

/// Says of each row when it is needed, as the record of the journey does.
pub fn fill(rows: &mut [RecordField], record: &Record) {
    for row in rows {
        let needed = row_needed(record, row);
        let (required, word) = match &needed {
            Needed::Always => (true, ALWAYS.to_owned()),
            Needed::Requested(requests) => (false, requests.join(" ")),
            Needed::Permitted => (false, PERMISSION.to_owned()),
            Needed::Never => (false, KNOWN.to_owned()),
        };
        (row.required, row.needed) = (required, Some(word.into()));
    }
}

/// A field of a form, or one that the page knows.
fn field<'h>(handed: &'h Handed<'_>, id: &'h str, needed: Needed<'h>) -> Column<'h> {
    let package = handed.package;
    let judged = package.qualification.fields.iter().find(|it| *it.id == *id);
    let from = handed.fields.iter().find(|item| item.get("id").and_then(Data::as_str) == Some(id));
    let evidence = package.journey.evidence().find(|(field, ..)| **field == *id).map(|(_, evidence, _)| evidence);
    let source = match from.and_then(|item| item.get("from")).and_then(Data::as_str) {
        Some(from) => Source::Page(from),
        None => evidence.map_or(Source::Form, Source::Permission),
    };
    let holds = match judged.map(|it| it.values.as_slice()).unwrap_or_default() {
        [] if id == "email" => Holds::Email,
        [] if evidence.is_some_and(Evidence::is_time) => Holds::Moment,
        [] if id == "deployment_id" => Holds::One(vec![handed.deployment]),
        [] => Holds::Text(MOST_OF_FIELD),
        values => Holds::One(values.iter().map(|value| &**value).collect()),
    };
    let is_personal = matches!(source, Source::Form);
    Column { id, title: judged.map_or(id, |it| &it.title), holds, source, needed, is_personal }
}

#[derive(Serialize)]
struct Schema<'s> {
    #[serde(rename = "$schema")]
    dialect: &'static str,
    #[serde(rename = "$id")]
    id: String,
    title: &'s str,
    #[serde(rename = "type")]
    kind: &'static str,
    properties: IndexMap<&'s str, Property<'s>>,
    required: Vec<&'s str>,
    #[serde(rename = "allOf", skip_serializing_if = "Vec::is_empty")]
    conditions: Vec<Value>,
    #[serde(rename = "additionalProperties")]
    others: bool,
    /// Who gets it, on what grounds, and how long it is kept.
    #[serde(rename = "x-handoff")]
    handoff: Value,
}

#[derive(Serialize)]
struct Property<'s> {
    title: &'s str,
    #[serde(flatten)]
    type_of: Value,
    #[serde(rename = "x-source")]
    source: &'s str,
    #[serde(rename = "x-filled-by")]
    by: &'static str,
    #[serde(rename = "x-needed")]
    needed: String,
    /// Months after the last contact.
    #[serde(rename = "x-keep-months", skip_serializing_if = "Option::is_none")]
    keep: Option<u32>,
    #[serde(rename = "x-covered-by", skip_serializing_if = "Option::is_none")]
    covered: Option<Vec<Ground<'s>>>,
}

/// What a column is handed over on: one that tells what a lead did on permissions alone.
fn covering<'h>(handed: &Handed<'h>, column: &Column<'_>) -> Vec<Ground<'h>> {
    match column.source {
        Source::Row(_) => handed.grounds.iter().filter(|ground| ground.request().is_none()).copied().collect(),
        _ => grounds(handed, column.id),
    }
}

/// What a personal field is handed over on.
fn grounds<'h>(handed: &Handed<'h>, id: &str) -> Vec<Ground<'h>> {
    let covers = |ground: &&Ground<'h>| ground.covers(&handed.package.journey, id);
    handed.grounds.iter().filter(covers).copied().collect()
}

/// A field that some request to be called does not ask for is passed only where one does that asks for it, or where the
/// proof stands of a permission that covers it.
fn uncovered(handed: &Handed<'_>, column: &Column<'_>) -> Option<Value> {
    let covered = covering(handed, column);
    let is_shown = !handed.record.proof.is_empty() || covered.iter().all(|ground| ground.request().is_some());
    if !column.is_personal || covered.len() == handed.grounds.len() || !is_shown || covered.is_empty() {
        return None;
    }
    let requests: Vec<&str> = covered.iter().filter_map(Ground::request).collect();
    let unasked = || json!({"not": {"properties": {REQUESTS: {"contains": {"enum": requests}}}}});
    let mut lacks: Vec<Value> = (!requests.is_empty()).then(unasked).into_iter().collect();
    if covered.iter().any(|ground| matches!(ground, Ground::Purpose(_))) {
        let proof = handed.record.proof.iter().map(|field| (&**field, json!({"type": "null"})));
        lacks.push(json!({"properties": proof.collect::<IndexMap<&str, Value>>()}));
    }
    Some(json!({"if": {"allOf": lacks}, "then": {"properties": {column.id: {"type": "null"}}}}))
}

/// A JSON Schema of the record.
pub fn schema(handed: &Handed<'_>, columns: &Columns<'_>) -> serde_json::Result<Content> {
    let properties = columns.0.iter().map(|column| {
        let property = Property {
            title: column.title,
            type_of: column.given_or_none(),
            source: column.source(),
            by: column.by(),
            needed: column.needed(),
            keep: handed.record.sooner.get(column.id).copied(),
            covered: column.is_personal.then(|| covering(handed, column)),
        };
        (column.id, property)
    });
    let record = handed.record;
    let withheld = columns.0.iter().filter_map(|column| uncovered(handed, column));
    encode::json::document(&Schema {
        dialect: "https://json-schema.org/draft/2020-12/schema",
        id: format!("urn:cobrand:handoff:{}", handed.deployment),
        title: record.title.as_deref().unwrap_or(&record.id),
        kind: "object",
        properties: properties.collect(),
        required: columns.0.iter().filter(|it| matches!(it.needed, Needed::Always)).map(|it| it.id).collect(),
        conditions: record.when.iter().map(condition).chain(proof(handed)).chain(withheld).collect(),
        others: false,
        handoff: json!({
            "record": record.id,
            "to": record.to,
            "grounds": handed.grounds,
            "counts": handed.package.leads.as_ref().as_ref().and_then(|leads| leads.counts),
            "keep_months": handed.kept.months,
            "deletes": handed.kept.deletes,
        }),
    })
}

/// What is needed once a request was made.
fn condition((request, fields): (&Arc<str>, &Vec<Arc<str>>)) -> Value {
    let given: IndexMap<&str, Value> =
        fields.iter().map(|field| (&**field, json!({"not": {"type": "null"}}))).collect();
    json!({
        "if": {"properties": {REQUESTS: {"contains": {"const": request}}}},
        "then": {"required": fields, "properties": given},
    })
}

/// What is needed where no request is the ground: the proof of the permission that is.
fn proof(handed: &Handed<'_>) -> Option<Value> {
    let rows = handed.package.qualification.handoff.record.iter();
    let rows = rows.filter(|row| row.required && row.is_permitted()).map(|row| &*row.id);
    let fields: Vec<&str> = handed.record.proof.iter().map(|field| &**field).chain(rows).collect();
    if fields.is_empty() || !handed.grounds.iter().any(|ground| matches!(ground, Ground::Purpose(_))) {
        return None;
    }
    let requests: Vec<&str> = handed.grounds.iter().filter_map(Ground::request).collect();
    let given: IndexMap<&str, Value> = fields.iter().map(|field| (*field, json!({"not": {"type": "null"}}))).collect();
    Some(json!({
        "if": {"not": {"properties": {REQUESTS: {"contains": {"enum": requests}}}}},
        "then": {"required": fields, "properties": given},
    }))
}

/// Rows that say for themselves when they are needed, though the record says so of their fields.
fn said_twice<'h>(handed: &'h Handed<'_>) -> impl Iterator<Item = Finding> + use<'h> {
    let record = &handed.record.id;
    let rows = handed.package.qualification.handoff.record.iter();
    rows.filter(|row| row.required && !row.holds.is_empty()).map(move |row| {
        let message = format!("when `{}` is needed, the record `{record}` says of its fields", row.id);
        let help = "take `required` out; name its fields by `needs`, `when`, `proof` or `may` of the record";
        Finding::new(format!("qualification.handoff.record[{}].required", row.id), message, help)
            .resting_on(vec![format!("journey.records[{record}]")])
    })
}

/// Rows that are made of fields which the record does not pass, or say again what it says.
pub fn check(handed: &Handed<'_>, columns: &Columns<'_>) -> Vec<Finding> {
    let rows = handed.package.qualification.handoff.record.iter();
    let lacking = rows.flat_map(|row| {
        let gone = row.holds.iter().filter(|id| !columns.has(id));
        gone.map(move |id| (row, id))
    });
    let finding = |(row, id): (&RecordField, &Arc<str>)| {
        let record = &handed.record.id;
        let message = format!("the record `{record}` passes no field `{id}`, of which `{}` is made", row.id);
        let help = format!("add it to `journey.records[{record}]`, or take it out here");
        Finding::new(format!("qualification.handoff.record[{}].holds", row.id), message, help)
            .resting_on(vec![format!("journey.records[{record}]")])
    };
    lacking.map(finding).chain(said_twice(handed)).collect()
}

/// The header of a table with a record a row; of requests, several stand in one cell with blanks between them.
pub fn table(columns: &Columns<'_>) -> Content {
    let header: Vec<&str> = columns.0.iter().map(|column| column.id).collect();
    Table::new(&header).finish()
}

/// A record in which nothing is filled in yet but what is known of every lead.
pub fn empty(columns: &Columns<'_>) -> serde_json::Result<Content> {
    let value = |column: &Column<'_>| match &column.holds {
        Holds::One(words) if words.len() == 1 => json!(words[0]),
        Holds::Some(_) => json!([]),
        _ => Value::Null,
    };
    let record: IndexMap<&str, Value> = columns.0.iter().map(|column| (column.id, value(column))).collect();
    encode::json::document(&record)
}

/// What each field is: a row a field.
pub fn described(handed: &Handed<'_>, columns: &Columns<'_>) -> Content {
    let mut table =
        Table::new(&["field", "title", "type", "allowed", "source", "filled_by", "needed_for", "covered_by"]);
    for column in &columns.0 {
        let grounds = if column.is_personal { covering(handed, column) } else { Vec::new() };
        let covered = grounds.iter().map(Ground::name).collect::<Vec<_>>().join(" ");
        table.row(&[
            column.id,
            column.title,
            column.kind(),
            &column.allowed().join(" "),
            column.source(),
            column.by(),
            &column.needed(),
            &covered,
        ]);
    }
    table.finish()
}
