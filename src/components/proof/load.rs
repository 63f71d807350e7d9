//! What the package asks of people in a week, as its part of the plan says it.

use std::sync::Arc;

use super::super::readers::Reader;
use super::super::{ComponentKind, Input};
use crate::diag::Diagnostics;
use crate::journey::load::{Carried, Taken};
use crate::package::journey::Journey;
use crate::package::playbook::Playbook;
use crate::plan::load::{Load, Mailbox, Task};

/// In the words of the playbook's first language.
pub fn load(input: &Input<'_>) -> Result<Load, Diagnostics> {
    let Some(path) = input.path else { return Ok(Load::default()) };
    let said = Said::of(&input.readers.of(ComponentKind::PLAYBOOK)[0])?;
    Ok(Load {
        most: input.package.journey.load.as_ref().and_then(|load| load.together),
        mailboxes: path.load().rows.iter().map(|row| mailbox(row, &said)).collect(),
    })
}

fn mailbox(row: &Carried, said: &Said) -> Mailbox {
    let task = |task: &Taken| Task {
        about: task.about.as_str().into(),
        title: said.title(&task.about).unwrap_or_else(|| task.about.as_str().into()),
        minutes: task.minutes,
    };
    Mailbox {
        address: row.address.clone(),
        is_partners: row.is_partners(),
        minutes: row.minutes,
        weeks: row.weeks.iter().map(|week| (week.from, week.minutes)).collect(),
        tasks: row.tasks.iter().map(task).collect(),
    }
}

/// What tasks are called.
struct Said {
    journey: Journey,
    playbook: Playbook,
}

impl Said {
    fn of(reader: &Reader) -> Result<Self, Diagnostics> {
        Ok(Self { journey: reader.model("journey")?, playbook: reader.model("playbook")? })
    }

    fn title(&self, about: &str) -> Option<Arc<str>> {
        let Self { journey, playbook } = self;
        match *about.splitn(3, '.').collect::<Vec<_>>() {
            ["machines", machine, state] => {
                let machine = journey.machines.iter().find(|it| *it.id == *machine)?;
                machine.states.iter().find(|it| *it.id == *state)?.title.clone()
            }
            ["substitutes", id] => Some(journey.substitutes.iter().find(|it| *it.id == *id)?.title.clone()),
            ["records", id] => journey.records.iter().find(|it| *it.id == *id)?.title.clone(),
            ["rights", id] => journey.rights.iter().find(|it| *it.id == *id)?.title.clone(),
            ["requests", id] => Some(journey.requests.iter().find(|it| *it.id == *id)?.label.clone()),
            ["calendar", id] => Some(playbook.calendar.iter().find(|it| *it.id == *id)?.title.clone()),
            _ => None,
        }
    }
}
