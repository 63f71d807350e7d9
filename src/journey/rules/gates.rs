//! J14: gates hold, as far as the model tells. Where links lead is looked at once pages are made.

use crate::package::journey::Request;
use crate::package::program::Gate;

use super::super::gates::{Gates, Piece};
use super::super::{Around, Lowered};
use super::Faults;

pub fn check(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    for piece in &around.pieces {
        let gives: Vec<&Request> =
            lowered.journey.requests.iter().filter(|request| request.gives.as_ref() == Some(&piece.id)).collect();
        match piece.gate {
            Gate::Open => open(piece, &gives, faults),
            Gate::Light | Gate::Gated => closed(lowered, piece, &gives, faults),
        }
        if piece.gate == Gate::Light {
            short(lowered, around, piece, &gives, faults);
        }
    }
    placements(lowered, around, faults);
}

fn open(piece: &Piece, gives: &[&Request], faults: &mut Faults) {
    let Some(request) = gives.first() else { return };
    let message = format!("`{}` is open, and `{}` asks for data before it gives it", piece.id, request.id);
    let help = "say `gate: light` or `gate: gated`, or let the request give something else";
    faults.say("E-J14", format!("library[{}].gate", piece.id), message, help);
}

/// What has a gate is given by a request, or its link leads to a form. Of what stands elsewhere nothing is known.
fn closed(lowered: &Lowered<'_>, piece: &Piece, gives: &[&Request], faults: &mut Faults) {
    let Some(page) = piece.page.as_ref().filter(|_| gives.is_empty()) else { return };
    if lowered.journey.requests.iter().any(|request| request.page == *page) {
        return;
    }
    let message = format!("no request gives `{}`, so its page `{page}` stands open", piece.id);
    let help = format!("write a request with `gives: {}`, or say `gate: open`", piece.id);
    faults.say("E-J14", format!("library[{}].gate", piece.id), message, &help);
}

/// What is light asks for less than what is gated.
fn short(lowered: &Lowered<'_>, around: &Around, piece: &Piece, gives: &[&Request], faults: &mut Faults) {
    let is_gated = |id: &_| around.pieces.iter().any(|piece| piece.id == *id && piece.gate == Gate::Gated);
    let full = lowered.journey.requests.iter().filter(|request| request.gives.as_ref().is_some_and(is_gated));
    let Some(least) = full.min_by_key(|request| request.form.len()) else { return };
    if let Some(request) = gives.iter().find(|request| request.form.len() >= least.form.len()) {
        let message = format!(
            "`{}` is light, and `{}` asks for {} fields where the gated `{}` asks for {}",
            piece.id,
            request.id,
            request.form.len(),
            least.id,
            least.form.len()
        );
        let help = "ask for less, or say `gate: gated`";
        faults.say("E-J14", format!("journey.requests[{}].form", request.id), message, help);
    }
}

/// Nobody who comes from outside has told anything yet.
fn placements(lowered: &Lowered<'_>, around: &Around, faults: &mut Faults) {
    let gates = Gates::new(lowered.journey, lowered.sends, &around.pieces);
    for (placement, page) in &around.placements {
        let Some(behind) = gates.behind().iter().find(|behind| behind.page == *page) else { continue };
        let message = format!("the placement `{placement}` leads past the form of `{}`, to `{page}`", behind.request);
        let help = "let it lead to the page with the form";
        faults.say("E-J14", format!("tracking.placements[{placement}].link"), message, help);
    }
}
