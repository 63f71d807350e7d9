//! What a lead gets only for a request (J14).
//!
//! A page that a request gives stands behind its form. Who comes from another page or from an email passes if the
//! requests by which that one is reached asked for at least as much: then the lead has told it already.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::package::journey::{Journey, Request, Send};
use crate::package::program::Gate;

/// A piece of the library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub id: Arc<str>,
    pub gate: Gate,
    /// The page of the package that it stands on.
    pub page: Option<Arc<str>>,
}

/// The pages of a package that stand behind a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gates {
    behind: Vec<Behind>,
    /// Pages that no search is to find: what stands behind a form, and what comes after one.
    unlisted: BTreeSet<Arc<str>>,
}

/// A page that stands behind a form, and what may lead to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Behind {
    pub page: Arc<str>,
    /// The request that gives it.
    pub request: Arc<str>,
    pub pages: BTreeSet<Arc<str>>,
    pub emails: BTreeSet<Arc<str>>,
}

impl Gates {
    pub fn new(journey: &Journey, sends: &[Send], pieces: &[Piece]) -> Self {
        let given = given(journey, pieces);
        let behind = given.iter().map(|&(page, request)| Behind {
            page: page.clone(),
            request: request.id.clone(),
            pages: pages(journey, &given, page, request),
            emails: sends
                .iter()
                .filter(|send| knows(&askers(journey, send), request))
                .map(|it| it.id.clone())
                .collect(),
        });
        let after = journey.requests.iter().map(|request| request.then.clone());
        Self { behind: behind.collect(), unlisted: given.iter().map(|&(page, _)| page.clone()).chain(after).collect() }
    }

    pub fn behind(&self) -> &[Behind] {
        &self.behind
    }

    pub fn is_unlisted(&self, page: &str) -> bool {
        self.unlisted.contains(page)
    }

    pub fn unlisted(&self) -> impl Iterator<Item = &str> {
        self.unlisted.iter().map(|page| &**page)
    }
}

/// Each page that a request gives. A form's own page stands before it.
fn given<'j>(journey: &'j Journey, pieces: &'j [Piece]) -> Vec<(&'j Arc<str>, &'j Request)> {
    let page = |request: &'j Request| {
        let piece = pieces.iter().find(|piece| Some(&piece.id) == request.gives.as_ref())?;
        let page = piece.page.as_ref().filter(|page| journey.requests.iter().all(|it| it.page != **page))?;
        Some((page, request))
    };
    journey.requests.iter().filter_map(page).collect()
}

/// The pages to which requests lead that asked for enough; the page itself among them.
fn pages(journey: &Journey, given: &[(&Arc<str>, &Request)], page: &Arc<str>, gate: &Request) -> BTreeSet<Arc<str>> {
    let mut pages: BTreeSet<Arc<str>> = [page.clone()].into();
    let after = journey.requests.iter().map(|request| (&request.then, request));
    let reached: Vec<(&Arc<str>, &Request)> = after.chain(given.iter().copied()).collect();
    for (other, _) in &reached {
        let by: Vec<&Request> = reached.iter().filter(|(it, _)| it == other).map(|(_, request)| *request).collect();
        if knows(&by, gate) {
            pages.insert((*other).clone());
        }
    }
    pages
}

/// The requests of which at least one was made before an email goes out.
fn askers<'j>(journey: &'j Journey, send: &Send) -> Vec<&'j Request> {
    let sequence = send.sequence.as_ref().and_then(|id| journey.sequences.iter().find(|it| it.id == *id));
    let purposes: Vec<&Arc<str>> = sequence.map(|it| &it.purpose).into_iter().chain(&send.confirms).collect();
    let is_asker = |request: &&Request| match &send.fulfils {
        Some(fulfils) => *fulfils == request.id,
        None if purposes.is_empty() => true,
        None => request.asks.iter().any(|id| purposes.contains(&id)),
    };
    journey.requests.iter().filter(is_asker).collect()
}

/// Whether each of these requests asks for all that the gate does.
fn knows(requests: &[&Request], gate: &Request) -> bool {
    let asks = |request: &&Request| gate.form.iter().all(|field| request.form.contains(field));
    !requests.is_empty() && requests.iter().all(asks)
}
