//! `sales/follow-ups/<id>.txt` and `sales/posts/<id>.txt`, and `sales/lead-context.csv` with what its columns hold, as the W3C's "CSV on the Web" has it;
//! of all one in each language of the sellers.

use std::sync::Arc;

use serde_json::json;

use super::super::readers::{READS, Reader};
use super::super::{Asked, ComponentKind, Failure, Input, Task};
use crate::encode::Content;
use crate::encode::csv::Table;
use crate::encode::json;
use crate::encode::plain::{self, Letter};
use crate::links::LinkRow;
use crate::package;
use crate::package::sales::{Column, FollowUp, LeadContext, Post, Sales};
use crate::times::Owed;

pub(super) const REPORT: &str = "sales/lead-context.csv";
const TABLE: &str = "lead-context.csv";
/// Where readers look for what the columns of a table are: its name, and this behind it.
const SCHEMA: &str = "lead-context.csv-metadata.json";
/// What stands for an address in the text of a follow-up.
pub(super) const LINK: &str = "[link]";

/// The files of a language, which the component's reader of that number reads.
pub(super) fn task(sales: &Sales, reader: &Reader, number: usize) -> Task {
    let own = |name: &str| format!("sales/{}", reader.file(name));
    let reading = |asked: Asked| match &reader.folder {
        None if reader.tag.is_empty() => asked,
        _ => asked.reading(READS, Some(reader.tag.clone())),
    };
    let report = [Asked::always(own(TABLE), "table"), Asked::always(own(SCHEMA), "schema")];
    let letter = |item: &FollowUp| Asked::by(own(&file_name(item)), "text", format!("sales.follow_ups[{}]", item.id));
    let post = |item: &Post| Asked::by(own(&post_name(item)), "text", format!("sales.posts[{}]", item.id));
    let texts = sales.follow_ups.iter().map(letter).chain(sales.posts.iter().map(post));
    let files = report.into_iter().chain(texts).map(reading);
    Task::new(files, move |input| {
        let Some(reader) = input.readers.of(ComponentKind::SALES).get(number) else { return Ok(Vec::new()) };
        files_of(&reader.model("sales")?, &times(input), input.placements)
    })
}

/// How long somebody has in each state of the journey.
fn times(input: &Input<'_>) -> Vec<Owed> {
    let states = input.data.get("times").and_then(|times| times.get("states"));
    states.and_then(|states| package::read(states, "times.states").ok()).unwrap_or_default()
}

/// The report, what its columns are, and the follow-ups.
pub(super) fn files_of(sales: &Sales, times: &[Owed], placements: &[LinkRow]) -> Result<Vec<Content>, Failure> {
    let report = [report(&sales.lead_context), schema(&sales.lead_context)?];
    let letters = sales.follow_ups.iter().map(|item| letter(item, sales, times, placements));
    let posts = sales.posts.iter().map(|item| post(item, sales, placements));
    Ok(report.into_iter().chain(letters).chain(posts).collect())
}

/// The file of a follow-up, within the folder of its language.
pub(super) fn file_name(item: &FollowUp) -> String {
    format!("follow-ups/{}.txt", item.id)
}

/// The file of a post, within the folder of its language.
pub(super) fn post_name(item: &Post) -> String {
    format!("posts/{}.txt", item.id)
}

/// A text with the address of its placement.
pub(super) fn body(text: &str, placement: Option<&Arc<str>>, placements: &[LinkRow]) -> String {
    let row = placement.and_then(|id| placements.iter().find(|row| row.placement == *id));
    row.map_or_else(|| text.to_owned(), |row| text.replace(LINK, &row.url))
}

/// A post as it is copied: when it is published, then nothing but the text.
fn post(item: &Post, sales: &Sales, placements: &[LinkRow]) -> Content {
    let words = &sales.words;
    let letter = filled_in(Letter::labelled(&words.colon).line(&words.when, &item.when), &item.fill_in, sales);
    letter.finish(&body(&item.body, Some(&item.placement), placements))
}

/// With what is filled in by hand.
fn filled_in(letter: Letter, blanks: &[Arc<str>], sales: &Sales) -> Letter {
    match blanks.is_empty() {
        true => letter,
        false => letter.line(&sales.words.fill_in, &plain::listed(&sales.words.comma, blanks.iter().map(|it| &**it))),
    }
}

/// A follow-up as it is copied: what it is for, then nothing but the text.
fn letter(item: &FollowUp, sales: &Sales, times: &[Owed], placements: &[LinkRow]) -> Content {
    let words = &sales.words;
    let channel = words.channels.get(item.channel.id()).map_or("", |channel| channel);
    let letter = Letter::labelled(&words.colon).line(channel, &item.title).line(&words.when, &item.when);
    let owed = times.iter().find(|owed| item.within.as_deref() == Some(&*format!("{}.{}", owed.machine, owed.state)));
    let letter = owed.iter().fold(letter, |letter, owed| {
        let label = words.within.get(owed.unit.as_ref()).map_or("", |label| label);
        let amount = owed.amount.to_string();
        let from = owed.from.as_ref().map(|_| &*words.from);
        letter.line(label, &plain::listed(&words.comma, std::iter::once(&*amount).chain(from)))
    });
    let letter = filled_in(letter, &item.fill_in, sales);
    let letter = item.subject.iter().fold(letter, |letter, subject| letter.line(&words.subject, subject));
    letter.finish(&body(&item.body, item.placement.as_ref(), placements))
}

/// What each column of the report is, and where its value comes from.
fn schema(context: &LeadContext) -> serde_json::Result<Content> {
    let column = |column: &Column| {
        json!({
            "name": column.id, "titles": column.title, "datatype": "string",
            "dc:subject": column.part.id(), "dc:source": column.source
        })
    };
    let columns: Vec<_> = context.columns.iter().map(column).collect();
    json::document(&json!({
        "@context": "http://www.w3.org/ns/csvw",
        "url": TABLE,
        "tableSchema": {"columns": columns}
    }))
}

/// The header and one sample row.
fn report(context: &LeadContext) -> Content {
    let titles: Vec<&str> = context.columns.iter().map(|column| &*column.title).collect();
    let samples: Vec<&str> = context.columns.iter().map(|column| &*column.sample).collect();
    let mut table = Table::new(&titles);
    table.row(&samples);
    table.finish()
}
