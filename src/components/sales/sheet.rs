//! What the sales documents show beyond their data.

use super::output;
use crate::data::Data;
use crate::package::sales::{Column, FollowUp, Part, Sales};

pub fn view(sales: &Sales) -> Data {
    let minutes: i64 = sales.track.iter().map(|step| i64::from(step.minutes)).sum();
    Data::map([
        ("minutes", Data::Int(minutes)),
        ("parts", Data::list(Part::ALL.into_iter().map(|it| part(sales, it)))),
        ("follow_ups", Data::list(sales.follow_ups.iter().map(follow_up))),
    ])
}

fn part(sales: &Sales, part: Part) -> Data {
    let columns = sales.lead_context.columns.iter().filter(|column| column.part == part).map(column);
    Data::map([("id", part.id().into()), ("title", part.title().into()), ("columns", Data::list(columns))])
}

fn column(column: &Column) -> Data {
    Data::map([
        ("id", Data::text(column.id.clone())),
        ("title", Data::text(column.title.clone())),
        ("source", Data::text(column.source.clone())),
        ("sample", Data::text(column.sample.clone())),
    ])
}

fn follow_up(item: &FollowUp) -> Data {
    Data::map([
        ("id", Data::text(item.id.clone())),
        ("title", Data::text(item.title.clone())),
        ("channel", item.channel.title().into()),
        ("when", Data::text(item.when.clone())),
        ("subject", item.subject.clone().map_or(Data::Null, Data::Text)),
        ("body", Data::text(item.body.clone())),
        ("fill_in", Data::list(item.fill_in.iter().cloned().map(Data::Text))),
        ("file", Data::from(output::file_name(item))),
    ])
}
