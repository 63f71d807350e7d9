//! What is taken out of a set has to be in it (L6, V4).

use crate::catalog::LayerId;
use crate::catalog::patch::{Contribution, PatchKind, SetPatch};
use crate::catalog::place::steps;
use crate::diag::{Diagnostic, nearest};

use super::speaker::{Ground, Speaker};

/// The first word that a contribution takes out and that no weaker layer has.
pub fn missing(ground: Ground<'_>, speaker: &Speaker<'_>, id: LayerId, set: &Contribution) -> Option<Diagnostic> {
    let way = steps(&set.path);
    let said = |id: LayerId| match &ground.catalog.layer(id).patch.find(&way)?.kind {
        PatchKind::Set(set) => Some(&**set),
        _ => None,
    };
    let own = said(id).filter(|set| !set.remove.is_empty())?;
    let weaker = speaker.below(&set.path).filter(|&other| other != id);
    let sets: Vec<&SetPatch> = weaker.filter_map(said).collect();
    let words = || sets.iter().flat_map(|set| set.whole.iter().flatten().chain(&set.add)).map(|word| &**word);
    let word = own.remove.iter().find(|word| !words().any(|known| *known == ***word))?;
    let message = format!("no weaker layer has `{word}` in `{}`", set.path);
    let error = Diagnostic::error("E-NOTARGET", message).at(set.span, "");
    Some(error.help(match nearest(word, words()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "take out words that are there".to_owned(),
    }))
}
