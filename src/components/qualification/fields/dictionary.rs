//! What each field is, for whoever makes them by hand: a row a field, with its name in each system.

use super::names::{self, Named};
use super::{Field, Fields, Holds};
use crate::encode::Content;
use crate::encode::csv::Table;

pub const FILE: &str = "fields.csv";

const HEAD: [&str; 12] = [
    "field",
    "title",
    "part",
    "type",
    "most_letters",
    "most_points",
    "values",
    "filled_by",
    "personal",
    "consent",
    "master",
    "direction",
];

/// `master` is the system whose value holds, and `direction` where it goes from there, where there is another one. Behind the
/// columns of the field two for each system: the name there, and whether it is `standard` or `new`.
pub fn table(fields: &Fields<'_>) -> Content {
    let columns = fields.systems.iter().map(|system| system.platform.id);
    let columns = columns.flat_map(|id| [id.to_owned(), format!("{id}_has")]);
    let head: Vec<String> = HEAD.map(str::to_owned).into_iter().chain(columns).collect();
    let mut table = Table::new(&head);
    for field in &fields.all {
        let most = |holds: &Holds| match holds {
            Holds::Text(most) => [most.to_string(), String::new()],
            Holds::Points { most } => [String::new(), most.to_string()],
            _ => [String::new(), String::new()],
        };
        let [letters, points] = most(&field.holds);
        let values: Vec<&str> = field.holds.choices().iter().map(|choice| &*choice.value).collect();
        let mut row = vec![
            field.id.clone(),
            field.title.clone(),
            field.part.id().to_owned(),
            field.holds.id().to_owned(),
            letters,
            points,
            values.join(" "),
            field.by.id().to_owned(),
            yes(field.is_personal),
            yes(field.is_consent),
        ];
        row.extend(kept(fields, field));
        for system in &fields.systems {
            // Without its prefix nothing new has a name there yet.
            row.extend(match system.name(field) {
                Ok(Named::Standard(name)) => [name, "standard".to_owned()],
                Ok(Named::New(name)) if system.lacks().is_none() => [name, "new".to_owned()],
                _ => [String::new(), "new".to_owned()],
            });
        }
        table.row(&row);
    }
    table.finish()
}

fn kept(fields: &Fields<'_>, field: &Field) -> [String; 2] {
    let Some(master) = names::master(&fields.systems, field) else { return [String::new(), String::new()] };
    let others = fields.systems.iter().map(|system| system.platform.id).filter(|id| *id != master.platform.id);
    let others: Vec<&str> = others.collect();
    let direction =
        if others.is_empty() { String::new() } else { format!("{}>{}", master.platform.id, others.join(" ")) };
    [master.platform.id.to_owned(), direction]
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}
