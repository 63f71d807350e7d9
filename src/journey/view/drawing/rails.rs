//! Permissions: where their states are come to, and in which of them emails go out.

use super::sheet::{GAP, INK, LINE, LINES, OPEN, PAD, PALE, RAIL, SHUT, Sheet};
use crate::journey::view::wrap::fitted;
use crate::journey::view::{Purpose, State, View};

/// Where the parts of a picture begin.
pub struct Rows {
    pub first: usize,
    pub asked: usize,
    pub last: usize,
}

/// A rail for each permission, as long as the picture.
pub fn draw(sheet: &mut Sheet, view: &View, rows: &Rows) {
    let mut lowest = rows.last;
    for (at, purpose) in view.model.purposes.iter().enumerate() {
        rail(sheet, GAP + at * RAIL, purpose, view, rows);
        lowest = lowest.max(sheet.down);
    }
    sheet.down = lowest;
}

fn rail(sheet: &mut Sheet, left: usize, it: &Purpose, view: &View, rows: &Rows) {
    let words = &view.words;
    let sends = view.model.sequences.iter().any(|sequence| sequence.purpose == it.named.id);
    sheet.down = rows.first;
    sheet.words(left, &fitted(&it.named.title, Sheet::station(true)), INK, true);
    if !sends {
        sheet.words(left, &fitted(&words.silent, Sheet::station(false)), PALE, false);
    }
    let mut stations = Vec::new();
    for state in &it.states {
        let (top, how) = how(state, it, view, rows);
        sheet.down = top.max(sheet.down + PAD);
        stations.push((sheet.down, state));
        let color = if state.allows { OPEN } else { PALE };
        sheet.words(left + 2 * PAD, &fitted(&state.named.title, Sheet::station(state.allows)), color, state.allows);
        sheet.words(left + 2 * PAD, &fitted(&how, Sheet::station(false)), PALE, false);
        if let Some(days) = it.expires_days.filter(|_| &*state.named.id == "pending") {
            let expires = words.label(&words.expires, &days.to_string());
            sheet.words(left + 2 * PAD, &fitted(&expires, Sheet::station(false)), PALE, false);
        }
    }
    sheet.down = sheet.down.max(rows.last);
    let ends: Vec<usize> = stations.iter().skip(1).map(|(top, _)| *top).chain([sheet.down]).collect();
    for ((top, state), end) in stations.iter().zip(ends) {
        let color = match &*state.named.id {
            _ if state.allows => OPEN,
            "withdrawn" => SHUT,
            _ => LINES,
        };
        sheet.rail(left, *top, end, color);
    }
}

/// How far down a state is come to, and by what.
fn how(state: &State, it: &Purpose, view: &View, rows: &Rows) -> (usize, String) {
    let words = &view.words;
    match &*state.named.id {
        "unasked" => (rows.first, String::new()),
        "asked" => (rows.first, words.unticked.to_string()),
        "pending" => (rows.first, words.ticked.to_string()),
        "given" if it.mode == "double_opt_in" => {
            let emails = words.list(it.confirmed_by.iter().map(|email| &email.title));
            (rows.asked, if emails.is_empty() { String::new() } else { words.label(&words.confirmed, &emails) })
        }
        "given" => (rows.asked, words.ticked.to_string()),
        _ => (rows.last.saturating_sub(6 * LINE), words.anytime.to_string()),
    }
}
