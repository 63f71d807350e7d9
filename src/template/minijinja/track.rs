//! An engine that renders a page and keeps a record of what its template asks.
//!
//! Values of the page itself are objects that answer as the values would, and note each answer; what all
//! deployments share is handed out as it is. A text stands for itself while it is only passed on, and leaves
//! a sign where it is printed. Everything that would look at it goes through a function, filter or test of
//! this module (see [`super::rewrite`]), or asks the object, which notes that too. Whatever cannot be
//! followed stops the rendering: then there is no form, and nothing is lost but time.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use minijinja::value::{DynObject, Enumerator, Kwargs, Object, ObjectRepr, Rest, Value, ValueKind, ValueOrKwargs};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State};

use super::rewrite::{self, PLAIN, TRUTH};
use super::{FUEL, List, Map, print, refusal, to_data, to_value};
use crate::data::{Data, DataMap};
use crate::encode::html::escape;
use crate::filters::{FILTERS, Filter};
use crate::marks;
use crate::template::form::{Argument, Expected, Form, Key, Piece, ROOT, Step, StepId, is_true};
use crate::template::functions::{FUNCTIONS, Function, Given, applied, call};
use crate::template::{Context, Shares, Templates, current, escapes_html, quoted};

/// Filters that only arrange what they are given: the objects answer them, and the items stay themselves.
const ARRANGING: [&str; 11] =
    ["items", "first", "last", "length", "count", "list", "reverse", "batch", "slice", "chain", "zip"];
/// Tests that see only whether there is a value.
const PRESENCE: [&str; 2] = ["defined", "undefined"];
/// Tests that see only of what kind a value is, which the record has anyway.
const KINDS: [&str; 9] = ["none", "string", "number", "mapping", "sequence", "iterable", "boolean", "integer", "float"];

thread_local! {
    static RECORD: RefCell<Option<Record>> = const { RefCell::new(None) };
}

/// Templates that tell what they ask.
pub struct Tracer {
    environment: Environment<'static>,
}

impl Tracer {
    /// `plain` answers the engine's own filters and tests. `None` where a template cannot be written anew.
    pub fn new(templates: &Templates, plain: &Environment<'static>) -> Option<Self> {
        let plain = Arc::new(Builtin::new(plain).ok()?);
        let mut environment = Environment::new();
        environment.set_syntax(rewrite::syntax().ok()?);
        environment.set_fuel(Some(FUEL * 4));
        environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        environment
            .set_auto_escape_callback(|name| if escapes_html(name) { AutoEscape::Html } else { AutoEscape::None });
        environment.set_formatter(print_tracked);
        let (mut filters, mut tests) = (BTreeSet::new(), BTreeSet::new());
        let texts: Vec<(&str, String)> = templates.names().map(|name| (name, templates.guarded(name).text)).collect();
        for (name, text) in &texts {
            let tree = super::syntax().and_then(|syntax| minijinja::machinery::parse(text, name, syntax)).ok()?;
            super::lint::named(&tree, &mut filters, &mut tests);
            environment.add_template_owned((*name).to_owned(), rewrite::rewrite(&tree)?).ok()?;
        }
        for name in filters {
            if let Some((quote, _)) = quoted::IN.iter().find(|(_, own)| *own == name) {
                environment.add_filter(name.to_owned(), |value: Value| in_quotes(*quote, value));
                continue;
            }
            match FILTERS.iter().find(|filter| filter.name == name) {
                Some(filter) => add_filter(&mut environment, filter),
                None => add_own_filter(&mut environment, name, plain.clone()),
            }
        }
        for name in tests {
            add_test(&mut environment, name, plain.clone());
        }
        for function in FUNCTIONS {
            environment.add_function(function.name, move |rest: Rest<ValueOrKwargs>| called(function, rest));
        }
        environment.add_function(PLAIN, |value: Value| plain_value(&value));
        environment.add_function(TRUTH, |value: Value| match marked(&value) {
            Some(_) => plain_value(&value),
            None => Ok(value),
        });
        Some(Self { environment })
    }

    /// The form of a page; `None` where its template cannot be followed.
    pub fn trace(&self, template: &str, context: &Context<'_>, shares: Shares<'_>) -> Option<Form> {
        let shared = context.values.iter().fold(std::collections::HashSet::new(), |mut found, (_, data)| {
            note_shared(data, shares, &mut found);
            found
        });
        let before = RECORD.replace(Some(Record { shared, ..Record::default() }));
        let root = Value::from_object(Root(
            context.values.iter().map(|(name, data)| ((*name).into(), data.clone())).collect(),
        ));
        let (rendered, _) =
            current::during(&context.scope, || self.environment.get_template(template).and_then(|t| t.render(root)));
        let record = RECORD.replace(before)?;
        record.form(&rendered.ok()?)
    }
}

/// Answers the engine's own filters and tests, which are hidden by those that keep the record.
pub struct Builtin {
    environment: Environment<'static>,
}

/// Templates with nothing in them: some filters go by whether HTML is escaped around them.
const EMPTY: [&str; 2] = ["\u{FDE0}.html", "\u{FDE0}.txt"];

impl Builtin {
    pub fn new(plain: &Environment<'static>) -> Result<Self, Error> {
        let mut environment = plain.clone();
        EMPTY.iter().try_for_each(|name| environment.add_template(name, ""))?;
        Ok(Self { environment })
    }

    pub fn during<T>(
        &self,
        state: &State<'_, '_>,
        work: impl FnOnce(&mut State<'_, '_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let [html, text] = EMPTY;
        let name = if matches!(state.auto_escape(), AutoEscape::None) { text } else { html };
        work(&mut self.environment.get_template(name)?.new_state())
    }
}

/// The addresses of what all deployments share. What lies below is not looked at.
fn note_shared(data: &Data, shares: Shares<'_>, found: &mut std::collections::HashSet<usize>) {
    if shares(data) {
        found.extend(data.address());
        return;
    }
    match data {
        Data::List(items) => items.iter().for_each(|item| note_shared(item, shares, found)),
        Data::Map(map) => map.values().for_each(|value| note_shared(value, shares, found)),
        _ => {}
    }
}

/// What was asked so far.
#[derive(Default)]
struct Record {
    steps: Vec<Step>,
    children: HashMap<(StepId, Key), StepId>,
    /// Steps that a function's answer went into: nothing may be decided by them, since they are asked last.
    called: BTreeSet<StepId>,
    prints: Vec<Print>,
    shared: std::collections::HashSet<usize>,
    /// Something happened that cannot be followed.
    broken: bool,
}

/// A slot, by the number of its sign.
#[derive(Clone)]
struct Print {
    step: StepId,
    escaped: bool,
    data: Data,
}

impl Record {
    fn push(&mut self, step: Step) -> StepId {
        self.steps.push(step);
        self.steps.len() as StepId - 1
    }

    /// The entry of a map or list as the template gets it; `None` if there is none.
    fn child(&mut self, parent: StepId, key: Key, data: Option<&Data>) -> Option<Value> {
        let known = self.children.get(&(parent, key.clone())).copied();
        let shared = data.is_some_and(|data| data.address().is_none_or(|at| self.shared.contains(&at)));
        let step = known.unwrap_or_else(|| {
            let expected = match data {
                None => Expected::Nothing,
                Some(data) if shared => Expected::Same(data.clone()),
                Some(Data::Map(_)) => Expected::Map,
                Some(Data::List(items)) => Expected::List(items.len()),
                Some(Data::Html(_)) => Expected::Html,
                Some(_) => Expected::Text,
            };
            let step = self.push(Step::Child { parent, key: key.clone(), expected });
            self.children.insert((parent, key), step);
            step
        });
        data.map(|data| if shared { to_value(data) } else { own(data, step) })
    }

    /// Notes that something is decided by a value.
    fn look(&mut self, id: StepId, step: Step) {
        if self.called.contains(&id) {
            self.broken = true;
        }
        self.push(step);
    }

    fn form(self, marked: &str) -> Option<Form> {
        let (mut literal, mut pieces) = (String::with_capacity(marked.len()), Vec::new());
        let mut rest = marked;
        let mut from = 0;
        let mut end = |literal: &str, pieces: &mut Vec<Piece>| {
            if literal.len() > from {
                pieces.push(Piece::Literal { start: from as u32, end: literal.len() as u32 });
                from = literal.len();
            }
        };
        while let Some((before, number, behind)) = marks::next_point(rest) {
            literal.push_str(before);
            end(&literal, &mut pieces);
            let Print { step, escaped, .. } = self.prints.get(number as usize)?;
            pieces.push(Piece::Slot { step: *step, escaped: *escaped });
            rest = behind;
        }
        literal.push_str(rest);
        end(&literal, &mut pieces);
        (!self.broken && !marks::has_marks(&literal)).then(|| Form::new(self.steps, literal, pieces))
    }
}

fn recorded<T: Default>(work: impl FnOnce(&mut Record) -> T) -> T {
    RECORD.with_borrow_mut(|record| record.as_mut().map(work)).unwrap_or_default()
}

/// A value of the page itself.
fn own(data: &Data, step: StepId) -> Value {
    match data {
        Data::Map(map) => Value::from_object(OwnMap { map: map.clone(), step }),
        Data::List(items) => Value::from_object(OwnList { items: items.clone(), step }),
        other => Value::from_object(Slot { data: other.clone(), step }),
    }
}

#[derive(Debug)]
struct Root(Vec<(Arc<str>, Data)>);

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let data = self.0.iter().find(|(name, _)| **name == *key).map(|(_, data)| data);
        recorded(|record| record.child(ROOT, Key::Name(key.into()), data))
    }
}

#[derive(Debug)]
struct OwnMap {
    map: Arc<DataMap>,
    step: StepId,
}

impl Object for OwnMap {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        recorded(|record| record.child(self.step, Key::Name(key.into()), self.map.get(key)))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.note_keys();
        Enumerator::Values(self.map.keys().map(|key| Value::from(key.clone())).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        self.note_keys();
        Some(self.map.len())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        let truth = !self.map.is_empty();
        recorded(|record| record.look(self.step, Step::Truth(self.step, truth)));
        truth
    }
}

impl OwnMap {
    fn note_keys(&self) {
        let keys = self.map.keys().cloned().collect();
        recorded(|record| record.look(self.step, Step::Keys(self.step, keys)));
    }
}

#[derive(Debug)]
struct OwnList {
    items: Arc<[Data]>,
    step: StepId,
}

// How many items there are is part of what the record expects of every list.
impl Object for OwnList {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let index = key.as_usize()?;
        let item = self.items.get(index)?;
        recorded(|record| record.child(self.step, Key::Index(index), Some(item)))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.items.len())
    }
}

/// A text of the page itself.
#[derive(Debug)]
struct Slot {
    data: Data,
    step: StepId,
}

impl Slot {
    fn look(&self) -> Value {
        recorded(|record| record.look(self.step, Step::Equal(self.step, self.data.clone())));
        to_value(&self.data)
    }
}

impl Object for Slot {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.look().get_item(key).ok().filter(|value| !value.is_undefined())
    }

    fn is_true(self: &Arc<Self>) -> bool {
        let truth = is_true(&self.data);
        recorded(|record| record.look(self.step, Step::Truth(self.step, truth)));
        truth
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<std::cmp::Ordering> {
        let other = other.downcast_ref::<Slot>()?;
        Some(self.look().cmp(&other.look()))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.look())
    }
}

/// The numbers of the slots in a text that was captured; `None` for any other value.
fn marked(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| marks::has_marks(text))
}

/// A value as it is without a record; whatever of it is the page's own is looked at.
fn plain_value(value: &Value) -> Result<Value, Error> {
    if let Some((data, step)) = tracked(value) {
        recorded(|record| record.look(step, Step::Equal(step, data.clone())));
        return Ok(to_value(&data));
    }
    if let Some(text) = marked(value) {
        let plain = unmarked(text);
        return Ok(if value.is_safe() { Value::from_safe_string(plain) } else { Value::from(plain) });
    }
    match value.kind() {
        ValueKind::Seq if !is_shared(value) => {
            value.try_iter()?.map(|item| plain_value(&item)).collect::<Result<Vec<_>, _>>().map(Value::from)
        }
        ValueKind::Map if !is_shared(value) => {
            let entry = |key: Value| Ok((key.clone(), plain_value(&value.get_item(&key)?)?));
            value.try_iter()?.map(entry).collect::<Result<std::collections::BTreeMap<_, _>, Error>>().map(Value::from)
        }
        // It may be something that can be gone through only once.
        ValueKind::Iterable | ValueKind::Plain => Err(untraceable()),
        _ => Ok(value.clone()),
    }
}

/// What all deployments share holds nothing of a page's own.
fn is_shared(value: &Value) -> bool {
    value.downcast_object_ref::<Map>().is_some() || value.downcast_object_ref::<List>().is_some()
}

/// A captured text with its slots filled in as they are, and looked at.
fn unmarked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, number, behind)) = marks::next_point(rest) {
        plain.push_str(before);
        let found = recorded(|record| {
            let found = record.prints.get(number as usize).cloned();
            match &found {
                Some(Print { step, data, .. }) => record.look(*step, Step::Equal(*step, data.clone())),
                None => record.broken = true,
            }
            found
        });
        match found {
            Some(Print { data: Data::Text(text), escaped: true, .. }) => plain.push_str(&escape(&text)),
            Some(Print { data, .. }) => plain.push_str(data.as_str().unwrap_or_default()),
            None => {}
        }
        rest = behind;
    }
    plain + rest
}

fn untraceable() -> Error {
    recorded(|record| record.broken = true);
    Error::new(ErrorKind::InvalidOperation, "this cannot be followed")
}

/// Prints a value; a text of the page itself as the sign of a slot.
fn print_tracked(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    let html = !matches!(state.auto_escape(), AutoEscape::None);
    if let Some(slot) = value.downcast_object_ref::<Slot>() {
        let number = recorded(|record| {
            record.prints.push(Print { step: slot.step, escaped: html, data: slot.data.clone() });
            record.prints.len() as u32 - 1
        });
        return out.write_str(&marks::point(number)).map_err(Error::from);
    }
    if marked(value).is_some() && html && !value.is_safe() {
        return Err(untraceable());
    }
    if matches!(value.kind(), ValueKind::Plain) {
        return Err(untraceable());
    }
    print(out, state, value)
}

/// A value of the page itself with its step.
fn tracked(value: &Value) -> Option<(Data, StepId)> {
    if let Some(slot) = value.downcast_object_ref::<Slot>() {
        return Some((slot.data.clone(), slot.step));
    }
    if let Some(map) = value.downcast_object_ref::<OwnMap>() {
        return Some((Data::Map(map.map.clone()), map.step));
    }
    value.downcast_object_ref::<OwnList>().map(|list| (Data::List(list.items.clone()), list.step))
}

/// What a filter or function is given: the page's own is not looked at, since it is given that again.
fn passed(value: &Value) -> Result<(Data, Argument), Error> {
    if let Some((data, step)) = tracked(value) {
        return Ok((data, Argument::Step(step)));
    }
    let data = to_data(&plain_value(value)?)?;
    Ok((data.clone(), Argument::Known(data)))
}

fn add_filter(environment: &mut Environment<'static>, filter: &'static Filter) {
    environment.add_filter(filter.name, move |value: Value, rest: Rest<ValueOrKwargs>| {
        if value.is_undefined() && !filter.takes_undefined {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        filtered(filter, &value, rest)
    });
}

fn filtered(filter: &'static Filter, value: &Value, rest: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let rest = rest.into_values();
    if filter.name == "default" && marked(value).is_none() {
        // It hands on one of the two, whatever they are.
        let (by_place, named): (&[Value], Kwargs) = minijinja::value::from_args(&rest)?;
        let other = by_place.first().cloned().map_or_else(|| named.get("value"), Ok);
        if let (Ok(other), 1) = (other, rest.len()) {
            return Ok(if value.is_undefined() || value.is_none() { other } else { value.clone() });
        }
    }
    let ordered = ordered(filter.parameters, rest, &format!("filter `{}`", filter.name))?;
    let (data, asked) = passed(value)?;
    let (mut given, mut arguments) = (Vec::new(), Vec::new());
    for value in ordered {
        let (data, argument) = value.map(|value| passed(&value)).transpose()?.unzip();
        given.push(data);
        arguments.push(argument);
    }
    let result = applied(filter, &data, &given).map_err(refusal)?;
    let needs: Vec<StepId> = std::iter::once(&asked).chain(arguments.iter().flatten()).filter_map(step_of).collect();
    if needs.is_empty() {
        return Ok(to_value(&result));
    }
    Ok(answered(Step::Filtered { filter, value: asked, arguments }, &needs, result))
}

/// What stands in quotes: text of the page itself is escaped where it is printed, and markup of its own is another one in each.
fn in_quotes(quote: char, value: Value) -> Result<Value, Error> {
    let own = value.downcast_object_ref::<Slot>().map(|slot| &slot.data);
    let is_own_markup = matches!(own, Some(Data::Html(_)));
    let markup = value.as_str().filter(|_| value.is_safe());
    if is_own_markup || markup.is_some_and(|markup| marks::has_marks(markup) && !is_of_texts(markup)) {
        return Err(untraceable());
    }
    let Some(markup) = markup else { return Ok(value) };
    quoted::within(quote, markup).map(|within| Value::from_safe_string(within.into_owned())).map_err(refusal)
}

/// Whether all that was printed into a captured text of the page's own was escaped.
fn is_of_texts(mut text: &str) -> bool {
    while let Some((_, number, behind)) = marks::next_point(text) {
        let is_text = |print: &Print| print.escaped && matches!(print.data, Data::Text(_));
        if !recorded(|record| record.prints.get(number as usize).is_some_and(is_text)) {
            return false;
        }
        text = behind;
    }
    true
}

/// Arguments in the order of the parameters, still as the template has them.
fn ordered(parameters: &[&str], rest: Vec<Value>, callee: &str) -> Result<Vec<Option<Value>>, Error> {
    let (by_place, named): (&[Value], Kwargs) = minijinja::value::from_args(&rest)?;
    // Places are numbered, so that the table's own check of names and counts can be asked.
    let number = |index: usize| Data::Int(index as i64);
    let names: Vec<String> = named.args().map(str::to_owned).collect();
    let numbers = Given {
        by_place: (0..by_place.len()).map(number).collect(),
        by_name: names.iter().enumerate().map(|(at, name)| (name.clone(), number(by_place.len() + at))).collect(),
    };
    let mut values: Vec<Value> = by_place.to_vec();
    for name in &names {
        values.push(named.get::<Value>(name)?);
    }
    let ordered = numbers.ordered(parameters, &callee).map_err(refusal)?;
    let value = |data: &Data| match data {
        Data::Int(index) => values.get(*index as usize).cloned(),
        _ => None,
    };
    Ok(ordered.iter().map(|data| data.as_ref().and_then(value)).collect())
}

fn step_of(argument: &Argument) -> Option<StepId> {
    match argument {
        Argument::Step(step) => Some(*step),
        Argument::Known(_) => None,
    }
}

/// The answer to a step that gives a new value: a text may be printed, anything else decides something.
fn answered(step: Step, needs: &[StepId], result: Data) -> Value {
    recorded(|record| {
        let after_call = matches!(step, Step::Called { .. }) || needs.iter().any(|step| record.called.contains(step));
        let id = record.push(step);
        if after_call {
            record.called.insert(id);
        }
        if matches!(result, Data::Text(_) | Data::Html(_)) {
            return Some(own(&result, id));
        }
        record.look(id, Step::Equal(id, result.clone()));
        Some(to_value(&result))
    })
    .unwrap_or_default()
}

fn called(function: &'static Function, rest: Rest<ValueOrKwargs>) -> Result<Value, Error> {
    let ordered = ordered(function.parameters, rest.into_values(), &format!("function `{}`", function.name))?;
    let (mut by_place, mut arguments) = (Vec::new(), Vec::new());
    for value in ordered.into_iter().flatten() {
        let (data, argument) = passed(&value)?;
        by_place.push(data);
        arguments.push(argument);
    }
    let result = call(function, Given { by_place, by_name: Vec::new() }).map_err(refusal)?;
    let needs: Vec<StepId> = arguments.iter().filter_map(step_of).collect();
    Ok(answered(Step::Called { function, arguments }, &needs, result))
}

/// One of the engine's own filters.
fn add_own_filter(environment: &mut Environment<'static>, name: &str, plain: Arc<Builtin>) {
    let (owned, arranges) = (name.to_owned(), ARRANGING.contains(&name));
    environment.add_filter(
        name.to_owned(),
        move |state: &mut State<'_, '_>, value: Value, rest: Rest<ValueOrKwargs>| {
            let is_text = value.downcast_object_ref::<Slot>().is_some() || marked(&value).is_some();
            let mut arguments = vec![if arranges && !is_text { value } else { plain_value(&value)? }];
            for argument in rest.into_values() {
                arguments.push(plain_argument(&argument)?);
            }
            plain.during(state, |state| state.apply_filter(&owned, &arguments))
        },
    );
}

/// An argument by place, or all those by name at once.
fn plain_argument(value: &Value) -> Result<Value, Error> {
    if !value.is_kwargs() {
        return plain_value(value);
    }
    for key in value.try_iter()? {
        let inner = value.get_item(&key)?;
        if marked(&inner).is_some() || tracked(&inner).is_some() {
            return Err(untraceable());
        }
    }
    Ok(value.clone())
}

fn add_test(environment: &mut Environment<'static>, name: &str, plain: Arc<Builtin>) {
    let owned = name.to_owned();
    let (presence, kind) = (PRESENCE.contains(&name), KINDS.contains(&name));
    environment.add_test(name.to_owned(), move |state: &mut State<'_, '_>, value: Value, rest: Rest<ValueOrKwargs>| {
        let value = match value.downcast_object_ref::<Slot>() {
            _ if presence => value,
            Some(slot) if kind => to_value(&slot.data),
            None if kind => value,
            _ => plain_value(&value)?,
        };
        let mut arguments = vec![value];
        for argument in rest.into_values() {
            arguments.push(plain_argument(&argument)?);
        }
        plain.during(state, |state| state.perform_test(&owned, &arguments))
    });
}
