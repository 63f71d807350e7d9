//! What the sales documents show beyond their data.

use super::super::ComponentKind;
use super::super::readers::Reader;
use super::output;
use crate::data::Data;
use crate::links::LinkRow;
use crate::package::sales::{FollowUp, Part, Post, Sales};

pub fn view(sales: &Sales, placements: &[LinkRow]) -> Data {
    let minutes: i64 = sales.track.iter().map(|step| i64::from(step.minutes)).sum();
    let follow_up = |item: &FollowUp| {
        Data::map([
            ("id", Data::Text(item.id.clone())),
            ("file", Data::from(output::file_name(item))),
            ("body", Data::from(output::body(&item.body, item.placement.as_ref(), placements))),
        ])
    };
    Data::map([
        ("minutes", Data::Int(minutes)),
        ("parts", Data::list(Part::ALL.into_iter().map(|part| part.id().into()))),
        ("follow_ups", Data::list(sales.follow_ups.iter().map(follow_up))),
    ])
}

/// What is published on networks: [{id, file, body}], of which `file` is where the text lies in the package.
pub fn posts(sales: &Sales, reader: &Reader, placements: &[LinkRow]) -> Data {
    let post = |item: &Post| {
        Data::map([
            ("id", Data::Text(item.id.clone())),
            ("file", Data::from(format!("{}/{}", ComponentKind::SALES.id(), reader.file(&output::post_name(item))))),
            ("body", Data::from(output::body(&item.body, Some(&item.placement), placements))),
        ])
    };
    Data::list(sales.posts.iter().map(post))
}
