//! Proofs that hold for all journeys of equal input (W5): what was tested once is not walked again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::digest::Digest;
use crate::encode::json;
use crate::package::journey::{Journey, Send};

use super::gates::Piece;
use super::{Around, Fault, Lowered, Mode, Proved, Walked, prove};

/// What was proved before, by all that it was tested on. Of what does not close nothing is kept.
#[derive(Debug, Default)]
pub struct Proofs(Mutex<HashMap<Digest, Vec<Walked>>>);

/// All that a proof looks at. Of addresses it only matters which of them are one.
#[derive(Serialize)]
struct Tested<'t> {
    journey: &'t Journey,
    sends: &'t [Send],
    mode: Mode,
    pages: &'t [Arc<str>],
    statuses: &'t [Arc<str>],
    owners: Vec<(&'t str, usize)>,
    boxes: &'t Option<Vec<Arc<str>>>,
    known: &'t [Arc<str>],
    pieces: &'t [Piece],
    placements: &'t [(Arc<str>, Arc<str>)],
}

impl Proofs {
    /// As [`prove`], which it asks only for what it has not been asked before.
    pub fn prove<'j>(
        &self,
        journey: &'j Journey,
        sends: &'j [Send],
        mode: Mode,
        around: &Around,
    ) -> Result<Proved<'j>, Vec<Fault>> {
        let Some(tested) = tested(journey, sends, mode, around) else { return prove(journey, sends, mode, around) };
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&tested).cloned();
        if let Some(walked) = known {
            return Ok(Proved { lowered: Lowered::new(journey, sends, mode), walked });
        }
        let proved = prove(journey, sends, mode, around)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tested, proved.walked.clone());
        Ok(proved)
    }

    /// How many different inputs were proved.
    #[cfg(test)]
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

fn tested(journey: &Journey, sends: &[Send], mode: Mode, around: &Around) -> Option<Digest> {
    let addresses: Vec<&str> = around.owners.values().map(|address| &**address).collect();
    let first = |address: &str| addresses.iter().position(|other| *other == address).unwrap_or_default();
    let tested = Tested {
        journey,
        sends,
        mode,
        pages: &around.pages,
        statuses: &around.statuses,
        owners: around.owners.iter().map(|(id, address)| (&**id, first(address))).collect(),
        boxes: &around.boxes,
        known: &around.known,
        pieces: &around.pieces,
        placements: &around.placements,
    };
    json::line(&tested).ok().map(|line| Digest::of(&line))
}
