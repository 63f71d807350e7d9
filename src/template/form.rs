//! A page rendered up to what differs between deployments: literal runs and slots.
//!
//! A form is the record of one rendering. Its *steps* say, in order, everything that the template asked of
//! its own values: which entry of a map it took and of what kind it was, which function it called, which
//! filter it applied, and what it looked at to decide something. A rendering is a function of the answers it
//! gets, so a deployment that answers every step alike gets the same page but for what was only printed;
//! that is what the slots hold, and [`Form::fill`] copies it in. Where one answer differs, the form is not
//! this deployment's, and it is rendered.
//!
//! What deployments share by `Arc` needs one comparison of addresses, however much lies below it.

use std::borrow::Cow;
use std::sync::Arc;

use super::functions::{self, Function, Given};
use super::{Context, Rendering, current};
use crate::data::Data;
use crate::encode::html::escape;
use crate::filters::Filter;

/// Number of a step; steps use only those before them.
pub type StepId = u32;

/// The top level of the context, as the parent of a [`Step::Child`].
pub const ROOT: StepId = StepId::MAX;

/// A key of a map or the place of an item.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Name(Arc<str>),
    Index(usize),
}

/// What an entry has to be like for the form to hold.
#[derive(Clone, Debug)]
pub enum Expected {
    /// There is no such entry.
    Nothing,
    /// The very value that was there when the form was made.
    Same(Data),
    Map,
    /// Of so many items.
    List(usize),
    Text,
    Html,
}

/// What a filter or function is given.
#[derive(Clone, Debug)]
pub enum Argument {
    Known(Data),
    Step(StepId),
}

/// A question of the template, and what the answer has to be.
#[derive(Clone, Debug)]
pub enum Step {
    /// An entry of a map or list.
    Child { parent: StepId, key: Key, expected: Expected },
    /// The text that a filter makes.
    Filtered { filter: &'static Filter, value: Argument, arguments: Vec<Option<Argument>> },
    /// The text that a function answers: asked last, since it notes that a link is used.
    Called { function: &'static Function, arguments: Vec<Argument> },
    /// Whether a value counts as true.
    Truth(StepId, bool),
    /// What a value is, where the template did more than print it.
    Equal(StepId, Data),
    /// The keys of a map, in order, where the template went through them.
    Keys(StepId, Arc<[Arc<str>]>),
}

/// A stretch of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A byte range of the literal text.
    Literal { start: u32, end: u32 },
    /// What a step answers; `escaped` where text is printed into HTML.
    Slot { step: StepId, escaped: bool },
}

/// One page, filled for every deployment that its steps hold for.
#[derive(Debug)]
pub struct Form {
    steps: Box<[Step]>,
    literal: Box<str>,
    pieces: Box<[Piece]>,
    /// Of the last page: the next is about as long.
    length: usize,
}

/// A step's answer for one deployment.
enum Answer<'a> {
    Value(Cow<'a, Data>),
    /// The step was a condition, and holds.
    Held,
}

impl Form {
    pub fn new(steps: Vec<Step>, literal: String, pieces: Vec<Piece>) -> Self {
        let length = literal.len() * 5 / 4;
        Self { steps: steps.into(), literal: literal.into(), pieces: pieces.into(), length }
    }

    /// How many slots it has.
    pub fn slots(&self) -> usize {
        self.pieces.iter().filter(|piece| matches!(piece, Piece::Slot { .. })).count()
    }

    /// The values that the template looked at beyond printing them and testing them for truth.
    pub fn forced(&self) -> impl Iterator<Item = String> {
        self.steps.iter().filter_map(|step| match step {
            Step::Equal(id, _) | Step::Keys(id, _) => Some(self.name(*id)),
            _ => None,
        })
    }

    /// What a step answers, in the words of the template.
    fn name(&self, id: StepId) -> String {
        let argument = |argument: &Argument| match argument {
            Argument::Known(data) => format!("`{}`", data.as_str().unwrap_or_default()),
            Argument::Step(id) => self.name(*id),
        };
        match self.steps.get(id as usize) {
            Some(Step::Child { parent: ROOT, key: Key::Name(name), .. }) => name.to_string(),
            Some(Step::Child { parent, key: Key::Name(name), .. }) => format!("{}.{name}", self.name(*parent)),
            Some(Step::Child { parent, key: Key::Index(index), .. }) => format!("{}[{index}]", self.name(*parent)),
            Some(Step::Filtered { filter, value, .. }) => format!("{} | {}", argument(value), filter.name),
            Some(Step::Called { function, .. }) => format!("{}()", function.name),
            _ => String::new(),
        }
    }

    /// The page of a deployment; `None` if this is not its form.
    pub fn fill(&self, context: &Context<'_>) -> Option<Rendering> {
        let (text, links) = current::during(&context.scope, || {
            let answers = self.answers(context)?;
            let mut page = String::with_capacity(self.length);
            for piece in &self.pieces {
                match *piece {
                    Piece::Literal { start, end } => page.push_str(self.literal.get(start as usize..end as usize)?),
                    Piece::Slot { step, escaped } => match &**value(&answers, step)? {
                        Data::Text(text) if escaped => page.push_str(&escape(text)),
                        printed => page.push_str(printed.as_str()?),
                    },
                }
            }
            Some(page)
        });
        Some(Rendering { text: text?, links })
    }

    /// The answers to all steps. Functions are asked only once everything else holds: a page that has
    /// another form need not make the links of this one.
    fn answers<'a>(&'a self, context: &'a Context<'_>) -> Option<Vec<Option<Answer<'a>>>> {
        let mut answers: Vec<Option<Answer<'a>>> = Vec::with_capacity(self.steps.len());
        let mut calls = false;
        for step in &self.steps {
            let answer = match step {
                Step::Called { .. } => None,
                step if calls && needs_call(step, &answers) => None,
                step => Some(answer(step, &answers, context)?),
            };
            calls |= answer.is_none();
            answers.push(answer);
        }
        if calls {
            for (index, step) in self.steps.iter().enumerate() {
                if answers.get(index)?.is_none() {
                    let answer = answer(step, &answers, context)?;
                    *answers.get_mut(index)? = Some(answer);
                }
            }
        }
        Some(answers)
    }
}

fn value<'a, 'b>(answers: &'b [Option<Answer<'a>>], step: StepId) -> Option<&'b Cow<'a, Data>> {
    match answers.get(step as usize)? {
        Some(Answer::Value(value)) => Some(value),
        _ => None,
    }
}

/// Whether a step needs one that is not answered yet.
fn needs_call(step: &Step, answers: &[Option<Answer<'_>>]) -> bool {
    let open = |id: StepId| matches!(answers.get(id as usize), Some(None));
    let needs = |argument: &Argument| matches!(argument, Argument::Step(id) if open(*id));
    match step {
        Step::Filtered { value, arguments, .. } => needs(value) || arguments.iter().flatten().any(needs),
        Step::Child { .. } | Step::Called { .. } | Step::Truth(..) | Step::Equal(..) | Step::Keys(..) => false,
    }
}

fn answer<'a>(step: &'a Step, answers: &[Option<Answer<'a>>], context: &'a Context<'_>) -> Option<Answer<'a>> {
    let given = |argument: &Argument| match argument {
        Argument::Known(data) => Some(data.clone()),
        Argument::Step(id) => value(answers, *id).map(|data| data.clone().into_owned()),
    };
    match step {
        Step::Child { parent, key, expected } => {
            let found = child(*parent, key, answers, context);
            if matches!(expected, Expected::Nothing) {
                return found.is_none().then_some(Answer::Held);
            }
            found.filter(|found| fits(found, expected)).map(Answer::Value)
        }
        Step::Filtered { filter, value, arguments } => {
            let by_place =
                arguments.iter().map(|argument| argument.as_ref().map_or(Some(None), |a| given(a).map(Some)));
            let by_place: Vec<Option<Data>> = by_place.collect::<Option<_>>()?;
            let data = functions::applied(filter, &given(value)?, &by_place).ok()?;
            Some(Answer::Value(Cow::Owned(data)))
        }
        Step::Called { function, arguments } => {
            let by_place = arguments.iter().map(given).collect::<Option<_>>()?;
            let data = functions::call(function, Given { by_place, by_name: Vec::new() }).ok()?;
            Some(Answer::Value(Cow::Owned(data)))
        }
        Step::Truth(id, expected) => (is_true(value(answers, *id)?) == *expected).then_some(Answer::Held),
        Step::Equal(id, expected) => (**value(answers, *id)? == *expected).then_some(Answer::Held),
        Step::Keys(id, expected) => {
            let map = value(answers, *id)?.as_map()?;
            (map.len() == expected.len() && map.keys().eq(expected.iter())).then_some(Answer::Held)
        }
    }
}

fn child<'a>(
    parent: StepId,
    key: &Key,
    answers: &[Option<Answer<'a>>],
    context: &'a Context<'_>,
) -> Option<Cow<'a, Data>> {
    if parent == ROOT {
        let Key::Name(name) = key else { return None };
        return context.values.iter().find(|(root, _)| *root == &**name).map(|(_, data)| Cow::Borrowed(data));
    }
    match value(answers, parent)? {
        Cow::Borrowed(parent) => entry(parent, key).map(Cow::Borrowed),
        Cow::Owned(parent) => entry(parent, key).cloned().map(Cow::Owned),
    }
}

fn entry<'a>(parent: &'a Data, key: &Key) -> Option<&'a Data> {
    match (parent, key) {
        (Data::Map(map), Key::Name(name)) => map.get(&**name),
        (Data::List(items), Key::Index(index)) => items.get(*index),
        _ => None,
    }
}

fn fits(found: &Data, expected: &Expected) -> bool {
    match (found, expected) {
        (found, Expected::Same(data)) => is_same(found, data),
        (Data::Map(_), Expected::Map) | (Data::Text(_), Expected::Text) | (Data::Html(_), Expected::Html) => true,
        (Data::List(items), Expected::List(length)) => items.len() == *length,
        _ => false,
    }
}

/// Whether two values are the same: containers by their address alone, which is quick, and right whenever
/// it says yes.
fn is_same(one: &Data, other: &Data) -> bool {
    match (one, other) {
        (Data::Map(one), Data::Map(other)) => Arc::ptr_eq(one, other),
        (Data::List(one), Data::List(other)) => Arc::ptr_eq(one, other),
        (one, other) => one == other,
    }
}

/// As the engine has it: nothing, zero, and what is empty are false.
pub fn is_true(data: &Data) -> bool {
    match data {
        Data::Null => false,
        Data::Bool(value) => *value,
        Data::Int(value) => *value != 0,
        Data::Float(value) => *value != 0.0,
        Data::Text(_) | Data::Html(_) => data.as_str().is_some_and(|text| !text.is_empty()),
        Data::List(items) => !items.is_empty(),
        Data::Map(map) => !map.is_empty(),
    }
}

#[cfg(test)]
mod tests;
