//! Proofs that hold for all journeys of equal input (W5): what was tested once is not walked again, and what was told
//! of it in a language is not told again.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::digest::Digest;
use crate::encode::json;
use crate::package::journey::{Controller, Journey, Send, Term};
use crate::recent::Recent;

use super::around::{Score, Sender, Words};
use super::explore::Explored;
use super::gates::Piece;
use super::path::{Closed, Told};
use super::telling::Telling;
use super::view::View;
use super::{Around, Fault, Lowered, Mode, Path, Proved, Task, prove};

/// What was proved before, by all that it was tested on, and what was told of it. Of what does not close nothing is kept.
#[derive(Debug, Default)]
pub struct Proofs {
    closed: Recent<Digest, Closed>,
    told: Recent<(Digest, Digest), Told>,
    explored: Explored,
}

/// All that a proof looks at. Of addresses it only matters which of them are one.
#[derive(Serialize)]
struct Tested<'t> {
    journey: &'t Journey,
    sends: &'t [Send],
    mode: Mode,
    pages: &'t [Arc<str>],
    statuses: &'t [Arc<str>],
    unset: &'t [Arc<str>],
    owners: Vec<(&'t str, usize)>,
    boxes: &'t Option<Vec<Arc<str>>>,
    misnamed: &'t [Arc<str>],
    known: &'t [Arc<str>],
    carried: &'t [Arc<str>],
    has_trail: bool,
    pieces: &'t [Piece],
    placements: &'t [(Arc<str>, Arc<str>)],
    roles: &'t BTreeMap<Arc<str>, Arc<str>>,
    keeper: Option<Controller>,
    terms: &'t [Term],
    alike: &'t [Arc<str>],
    tasks: &'t [Task],
    called_late: Option<usize>,
    words: &'t Words,
    scores: &'t [Score],
    abroad: &'t [(Controller, Arc<str>)],
    lacks_control: bool,
    groundless: &'t [Arc<str>],
    has_confirming_page: bool,
    sender: &'t Option<Sender>,
    counted: &'t [(Arc<str>, Arc<str>)],
    noted: &'t [(Arc<str>, Arc<str>)],
}

impl Proofs {
    /// The path of a journey that closes, told in these languages, or everything that does not close. What was asked
    /// before is neither proved nor told again.
    pub fn path(
        &self,
        journey: &Journey,
        sends: &[Send],
        mode: Mode,
        around: &Around,
        tellings: &[Telling],
    ) -> Result<Path, Vec<Fault>> {
        let tested = tested(journey, sends, mode, around);
        let prove = || prove(journey, sends, mode, around, &self.explored).map(|it| Closed::new(&it, around));
        let closed = self.closed.get(tested, prove)?;
        let tell = |telling: &Telling| {
            let proved = || Proved {
                lowered: Lowered::new(journey, sends, mode, &around.scores),
                walked: closed.walked().to_vec(),
            };
            self.told.get((tested, digest(telling)), || {
                Ok(Told::new(View::new(&proved(), around, telling, tested), telling.folder.clone()))
            })
        };
        let told = tellings.iter().map(tell).collect::<Result<_, Vec<Fault>>>()?;
        Ok(Path::new(closed, told, around.owners.clone()))
    }

    /// How many different inputs were proved, and told.
    #[cfg(test)]
    pub fn counts(&self) -> (usize, usize) {
        (self.closed.count(), self.told.count())
    }
}

fn tested(journey: &Journey, sends: &[Send], mode: Mode, around: &Around) -> Digest {
    let addresses: Vec<&str> = around.owners.values().map(|address| &**address).collect();
    let first = |address: &str| addresses.iter().position(|other| *other == address).unwrap_or_default();
    digest(&Tested {
        journey,
        sends,
        mode,
        pages: &around.pages,
        statuses: &around.statuses,
        unset: &around.unset,
        owners: around.owners.iter().map(|(id, address)| (&**id, first(address))).collect(),
        boxes: &around.boxes,
        misnamed: &around.misnamed,
        known: &around.known,
        carried: &around.carried,
        has_trail: around.has_trail,
        pieces: &around.pieces,
        placements: &around.placements,
        roles: &around.roles,
        keeper: around.keeper,
        terms: &around.terms,
        alike: &around.alike,
        tasks: &around.tasks,
        called_late: around.called_late.as_ref().and_then(|own| addresses.iter().position(|other| **other == **own)),
        words: &around.words,
        scores: &around.scores,
        abroad: &around.abroad,
        lacks_control: around.lacks_control,
        groundless: &around.groundless,
        has_confirming_page: around.has_confirming_page,
        sender: &around.sender,
        counted: &around.counted,
        noted: &around.noted,
    })
}

/// None of these can fail to be written as JSON: they are maps by words, lists and words.
fn digest(value: &impl Serialize) -> Digest {
    Digest::of(&json::line(value).unwrap_or_default())
}
