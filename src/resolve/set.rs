//! The words of a set (L6): the strongest whole set, then what layers above it take in and out.

use std::sync::Arc;

use crate::catalog::patch::{Leaf, PatchKind, SetPatch};

use super::account::Fate;
use super::input::Input;
use super::merge::Merge;
use super::tree::{Origin, Resolved};

type Said<'a> = (Input<'a>, &'a SetPatch);

/// The words in the master's order, then additions by layer strength; a stronger layer has the last word
/// on each. Peers clash where they give different whole sets, where one gives a whole set and another
/// changes it, and where one takes in what another takes out (O2).
pub fn set<'a>(merge: &mut Merge<'_, 'a>, inputs: &[Input<'a>]) -> Option<Resolved> {
    let sets: Vec<Said<'a>> = inputs
        .iter()
        .filter_map(|input| match &input.patch.kind {
            PatchKind::Set(set) => Some((*input, &**set)),
            _ => None,
        })
        .collect();
    let (wholes, changes): (Vec<Said<'a>>, Vec<Said<'a>>) = sets.iter().partition(|(_, set)| set.whole.is_some());
    let top: Vec<Said<'a>> = wholes.iter().filter(|said| !is_hidden(merge, said, &wholes)).copied().collect();
    let start = top.first().copied();
    let changes: Vec<Said<'a>> = changes.into_iter().filter(|said| !is_hidden(merge, said, &wholes)).collect();
    clashes(merge, &top, &changes);
    merge.note(sets.iter().map(|(input, _)| input), Fate::Hidden);
    merge.note(top.iter().map(|(input, _)| input), Fate::Holds);
    merge.note(changes.iter().map(|(input, _)| input), Fate::Added);
    let mut words: Vec<Arc<str>> = start.and_then(|(_, set)| set.whole.clone()).unwrap_or_default();
    for (_, set) in &changes {
        words.retain(|word| !set.remove.contains(word));
        words.extend(set.add.iter().filter(|word| !words.contains(word)).cloned().collect::<Vec<_>>());
    }
    let mut origins = sets.iter().rev().map(|(input, _)| input.origin());
    let origin = origins.next()?;
    let hides: Vec<Origin> = origins.collect();
    let leaf = Leaf::Seq(words.into_iter().map(Leaf::Str).collect());
    Some(Resolved { leaf, origin, translated: false, hides, dropped: None, amended: Vec::new() })
}

/// Whether a stronger whole set takes the place of what is said.
fn is_hidden(merge: &Merge<'_, '_>, (input, _): &Said<'_>, wholes: &[Said<'_>]) -> bool {
    wholes.iter().any(|(whole, _)| merge.is_stronger(whole.layer, input.layer))
}

fn clashes(merge: &mut Merge<'_, '_>, top: &[Said<'_>], changes: &[Said<'_>]) {
    if let Some((first, set)) = top.first() {
        let other_whole = top.iter().find(|(_, other)| other.whole != set.whole);
        let changed = || changes.iter().find(|(other, _)| merge.strength(first.layer, other.layer).is_none());
        if let Some((other, _)) = other_whole.or_else(changed) {
            merge.peers(&[*first, *other]);
        }
    }
    for (taking, set) in changes {
        for word in &set.remove {
            let giving = changes.iter().find(|(giving, other)| {
                other.add.contains(word)
                    && merge.strength(giving.layer, taking.layer).is_none()
                    && !is_settled(merge, word, &[giving, taking], changes)
            });
            if let Some((giving, _)) = giving {
                merge.peers(&[*giving, *taking]);
            }
        }
    }
}

/// Whether a layer stronger than both has a word of its own on the word (O3).
fn is_settled(merge: &Merge<'_, '_>, word: &Arc<str>, peers: &[&Input<'_>], changes: &[Said<'_>]) -> bool {
    changes.iter().any(|(input, set)| {
        (set.add.contains(word) || set.remove.contains(word))
            && peers.iter().all(|peer| merge.is_stronger(input.layer, peer.layer))
    })
}
