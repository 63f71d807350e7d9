//! What a week of a partner's people takes, over its packages, as its page says it.

use crate::data::Data;
use crate::plan::Part;
use crate::plan::load::{Asked, Loads, tasks};

/// Of each mailbox of the partner: {address, minutes, packages, fullest {week, minutes}, most, is_too_much, tasks [{title,
/// minutes}]}.
pub fn of(parts: &[Part]) -> Data {
    let mut loads = Loads::default();
    parts.iter().for_each(|part| loads.add(part));
    let own = loads.rows().into_iter().filter(|(_, asked)| asked.is_partners);
    Data::list(own.map(|(address, asked)| mailbox(address, asked, parts)))
}

fn mailbox(address: &str, asked: &Asked, parts: &[Part]) -> Data {
    let minutes = |minutes: u32| Data::Int(minutes.into());
    let fullest = asked.fullest().map_or(Data::Null, |(week, sum)| {
        Data::map([("week", Data::from(week.to_string())), ("minutes", minutes(sum))])
    });
    let task = |(title, sum): (&str, u32)| Data::map([("title", Data::from(title)), ("minutes", minutes(sum))]);
    Data::map([
        ("address", Data::from(address)),
        ("minutes", minutes(asked.minutes)),
        ("packages", Data::Int(i64::try_from(asked.packages).unwrap_or(i64::MAX))),
        ("fullest", fullest),
        ("most", asked.most.map_or(Data::Null, minutes)),
        ("is_too_much", Data::Bool(asked.is_too_much())),
        ("tasks", Data::list(tasks(parts, address).into_iter().map(task))),
    ])
}
