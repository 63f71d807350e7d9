//! The words of a set (L6): the strongest whole set, then what layers above it take in and out.

use std::collections::HashMap;
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
        .filter(|input| !input.translation)
        .filter_map(|input| match &input.patch.kind {
            PatchKind::Set(set) => Some((*input, &**set)),
            _ => None,
        })
        .collect();
    let (wholes, changes): (Vec<Said<'a>>, Vec<Said<'a>>) = sets.iter().partition(|(_, set)| set.whole.is_some());
    let top: Vec<Said<'a>> = wholes.iter().filter(|said| !is_hidden(merge, said, &wholes)).copied().collect();
    let start = top.first().copied();
    let changes = changes.into_iter().filter(|said| !is_hidden(merge, said, &wholes)).collect();
    let changes = by_strength(merge, changes);
    clashes(merge, &top, &changes);
    let hidden = sets.iter().filter(|said| is_hidden(merge, said, &wholes)).copied();
    let counting: Vec<Said<'a>> = hidden.chain(start).chain(changes.iter().copied()).collect();
    let holding = holding(&counting);
    merge.note(sets.iter().map(|(input, _)| input), Fate::Hidden);
    for (input, set) in &holding {
        merge.note([input], if set.whole.is_some() { Fate::Holds } else { Fate::Added });
    }
    let mut words: Vec<Arc<str>> = start.and_then(|(_, set)| set.whole.clone()).unwrap_or_default();
    for (_, set) in &changes {
        words.retain(|word| !set.remove.contains(word));
        words.extend(set.add.iter().filter(|word| !words.contains(word)).cloned().collect::<Vec<_>>());
    }
    let origin = holding.last()?.0.origin();
    let hides: Vec<Origin> = sets.iter().rev().map(|(input, _)| input.origin()).filter(|&o| o != origin).collect();
    let leaf = Leaf::Seq(words.into_iter().map(Leaf::Str).collect());
    Some(Resolved { leaf, origin, translated: false, hides, dropped: None, amended: Vec::new() })
}

/// Those of whom something is left: a word that is there by them, or one that is not. If a set is empty and was never
/// anything else, it is so by its last word.
fn holding<'a>(counting: &[Said<'a>]) -> Vec<Said<'a>> {
    // Of each word whether it is in the set, and who saw to that.
    let mut words: HashMap<&str, (bool, usize)> = HashMap::new();
    for (by, (_, set)) in counting.iter().enumerate() {
        if let Some(whole) = &set.whole {
            // It says of all words whether they are in it.
            words.values_mut().for_each(|word| *word = (false, by));
            words.extend(whole.iter().map(|word| (&**word, (true, by))));
        }
        let is_in =
            |words: &HashMap<&str, (bool, usize)>, word: &Arc<str>| words.get(&**word).is_some_and(|word| word.0);
        for (changed, now) in [(&set.remove, false), (&set.add, true)] {
            let new: Vec<&Arc<str>> = changed.iter().filter(|word| is_in(&words, word) != now).collect();
            words.extend(new.into_iter().map(|word| (&**word, (now, by))));
        }
    }
    let is_left = |&(by, _): &(usize, &Said<'a>)| words.values().any(|(_, since)| *since == by);
    let left: Vec<Said<'a>> = counting.iter().enumerate().filter(is_left).map(|(_, said)| *said).collect();
    if left.is_empty() { counting.last().copied().into_iter().collect() } else { left }
}

/// Weak to strong: policy may order what lies otherwise.
fn by_strength<'a>(merge: &Merge<'_, '_>, mut changes: Vec<Said<'a>>) -> Vec<Said<'a>> {
    let mut sorted = Vec::with_capacity(changes.len());
    while !changes.is_empty() {
        let is_above = |one: &Said<'a>| changes.iter().any(|other| merge.is_stronger(one.0.layer, other.0.layer));
        let weakest = changes.iter().position(|change| !is_above(change));
        sorted.push(changes.remove(weakest.unwrap_or(0)));
    }
    sorted
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
