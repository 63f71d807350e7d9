//! J4 once contents are made: something that a lead gets to see leads to each form.
//!
//! Who comes from outside comes to the landing page, by a placement, or by a link that the partner's people send. From there
//! it goes on from page to page. What a request gives, its page afterwards and the emails that follow lead on only where
//! it can be made: of two requests that lead to each other alone nobody makes either.

use std::collections::{BTreeMap, BTreeSet};

use crate::components::{Finding, LANDING_PAGE};
use crate::diag::Diagnostics;
use crate::journey::{Ground, Step};
use crate::package::Package;
use crate::package::journey::Request;

use super::super::prepared::Prepared;
use super::job::Rendered;

/// Notes each request to whose form nothing leads.
pub fn check(prepared: &Prepared<'_>, contents: &[Rendered], diagnostics: &mut Diagnostics) {
    let (Some(path), Some(mender)) = (&prepared.path, prepared.mender()) else { return };
    let reached = Ways::new(prepared, contents).reached(&prepared.package, path.emails());
    let requests = prepared.package.journey.requests.iter();
    let lost = requests.filter(|request| !reached.contains(&*request.page));
    diagnostics.extend(mender.merged(lost.map(|request| ("E-J4", unreached(&prepared.package, request)))));
}

/// The pages of the package to which its files lead, by their ids.
#[derive(Default)]
struct Ways<'p> {
    pages: BTreeMap<&'p str, BTreeSet<&'p str>>,
    emails: BTreeMap<&'p str, BTreeSet<&'p str>>,
    /// Where whoever comes from outside begins.
    outside: BTreeSet<&'p str>,
}

impl<'p> Ways<'p> {
    fn new(prepared: &'p Prepared<'_>, contents: &[Rendered]) -> Self {
        let Prepared { plan, package, .. } = prepared;
        let links: BTreeMap<&str, &str> =
            package.tracking.links.iter().filter_map(|link| Some((&*link.id, &**link.document.as_ref()?))).collect();
        let mut ways = Self::default();
        ways.outside.extend(package.tracking.placements.iter().filter_map(|placement| links.get(&*placement.link)));
        let mut used: BTreeMap<&str, &Rendered> = BTreeMap::new();
        used.extend(contents.iter().map(|rendered| (rendered.file.path.as_str(), rendered)));
        let to = |path: &str| {
            let used = used.get(path).into_iter().flat_map(|rendered| &rendered.used.links);
            used.filter_map(|link| links.get(&**link).copied()).collect::<Vec<_>>()
        };
        for document in &plan.documents {
            for path in document.outputs.iter().map(|output| output.path.as_str()) {
                if path == LANDING_PAGE {
                    ways.outside.insert(&document.id);
                }
                match document.component.is_public() {
                    true => ways.pages.entry(&document.id).or_default().extend(to(path)),
                    false => ways.outside.extend(to(path)),
                }
            }
        }
        for email in &plan.emails {
            let paths = email.outputs.iter().flat_map(|output| [output.html.as_str(), output.text.as_str()]);
            ways.emails.entry(&email.id).or_default().extend(paths.flat_map(to));
        }
        ways
    }

    /// All pages to which a lead may come.
    fn reached(&self, package: &'p Package, emails: &'p [Step]) -> BTreeSet<&'p str> {
        let mut reached = self.outside.clone();
        loop {
            let made: Vec<&Request> =
                package.journey.requests.iter().filter(|request| reached.contains(&*request.page)).collect();
            let mut more: BTreeSet<&str> =
                reached.iter().filter_map(|page| self.pages.get(page)).flatten().copied().collect();
            more.extend(made.iter().flat_map(|request| [Some(&*request.then), given(package, request)]).flatten());
            let sent = emails.iter().filter(|step| made.iter().any(|request| follows(step, request)));
            more.extend(sent.filter_map(|step| self.emails.get(&*step.id)).flatten());
            let before = reached.len();
            reached.append(&mut more);
            if reached.len() == before {
                return reached;
            }
        }
    }
}

/// The page that a request gives.
fn given<'p>(package: &'p Package, request: &Request) -> Option<&'p str> {
    let piece = package.library.iter().find(|piece| Some(&piece.id) == request.gives.as_ref())?;
    let link = package.tracking.links.iter().find(|link| Some(&link.id) == piece.link.as_ref())?;
    link.document.as_deref()
}

/// Whether an email may go out once a request was made.
fn follows(step: &Step, request: &Request) -> bool {
    match &step.ground {
        Ground::Request(id) => request.id == *id,
        Ground::Owed => true,
        Ground::Confirms(purposes) => purposes.iter().any(|purpose| request.asks.contains(purpose)),
        Ground::Permission { purpose, .. } => request.asks.contains(purpose),
    }
}

fn unreached(package: &Package, request: &Request) -> Finding {
    let links = package.tracking.links.iter().filter(|link| link.document.as_ref() == Some(&request.page));
    let links: Vec<String> = links.map(|link| format!("`{}`", link.id)).collect();
    let message = format!(
        "nobody can make the request `{}`: no page, email or placement that a lead comes to leads to `{}`, where its form stands",
        request.id, request.page
    );
    let help = match links.is_empty() {
        true => format!(
            "add a link to `{}` to `tracking.links`, and lead to it from a page, an email or a placement",
            request.page
        ),
        false => format!(
            "lead to it by {} from a page, an email or a placement, or take the request out",
            links.join(" or ")
        ),
    };
    Finding::new(format!("journey.requests[{}]", request.id), message, help)
        .resting_on(vec![format!("journey.requests[{}].page", request.id)])
}
