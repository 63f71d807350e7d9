//! Who may be handed a lead (W2): whoever keeps it, whom it gave permission, and whom it asked to be called by.

use std::sync::Arc;

use crate::data::{Data, DataMap};
use crate::package::journey::Controller;
use crate::package::qualification::{Qualification, Route};

/// Drops every route to somebody without a basis, and every fallback: that one is told that time ran out, and no more.
/// Where nobody says who keeps leads, all stay.
pub fn keep(model: &mut Qualification, data: &DataMap) {
    let Some(keeper) = keeper(data) else { return };
    let asked = Asked::of(data);
    let owners: Vec<(Arc<str>, Controller)> =
        model.owners.iter().map(|owner| (owner.id.clone(), party(&owner.role))).collect();
    let party = |id: &str| owners.iter().find(|(owner, _)| **owner == *id).map(|(_, party)| *party);
    let mut kept: Vec<Route> = Vec::new();
    for mut route in std::mem::take(&mut model.routing) {
        let may = |id: &str| match party(id) {
            Some(party) if party != keeper => asked.has_basis(&route, &kept, party),
            // An owner that there is not is for the check.
            _ => true,
        };
        if !may(&route.to) {
            continue;
        }
        if route.fallback.as_ref().is_some_and(|fallback| !may(fallback)) {
            route.fallback = None;
        }
        kept.push(route);
    }
    model.routing = kept;
}

fn keeper(data: &DataMap) -> Option<Controller> {
    Some(Controller::of_forms(data.get("leads")?.get("keeps")?.as_str()?))
}

/// The region's team works for the vendor.
fn party(role: &str) -> Controller {
    if role == "partner" { Controller::Partner } else { Controller::Vendor }
}

/// What leads are asked, as far as it gives a basis.
struct Asked {
    /// The purposes, with who each is for.
    permissions: Vec<(String, Controller)>,
    /// Requests whose makers want to be called.
    calls: Vec<String>,
}

impl Asked {
    fn of(data: &DataMap) -> Self {
        let journey = data.get("journey");
        let items = |key: &str| journey.and_then(|journey| journey.get(key)).map_or(&[][..], Data::items);
        let id = |item: &Data| item.get("id").and_then(Data::as_str).map(str::to_owned);
        let permission = |purpose: &Data| {
            let controller = purpose.get("controller")?.as_str()?;
            Some((id(purpose)?, party(controller)))
        };
        let calls = items("requests").iter().filter(|it| it.get("calls") == Some(&Data::Bool(true)));
        Self {
            permissions: items("purposes").iter().filter_map(permission).collect(),
            calls: calls.filter_map(id).collect(),
        }
    }

    /// Whether everybody whom a route takes, after those before it, gave permission or asked for a call. It is the
    /// partner who calls.
    fn has_basis(&self, route: &Route, before: &[Route], to: Controller) -> bool {
        let requested = &route.when.requested;
        let is_asked = to == Controller::Partner
            && !requested.is_empty()
            && requested.iter().all(|request| self.calls.iter().any(|calls| **calls == **request));
        let is_given = |purpose: &str| {
            taken(before, purpose) && !route.when.unpermitted.iter().any(|lacking| **lacking == *purpose)
        };
        is_asked || self.permissions.iter().any(|(purpose, party)| *party == to && is_given(purpose))
    }
}

/// Whether a route before takes everybody who did not give this permission.
fn taken(before: &[Route], purpose: &str) -> bool {
    before.iter().any(|route| {
        let when = &route.when;
        let is_all = when.stages.is_empty()
            && when.fit.is_empty()
            && when.requested.is_empty()
            && when.missing.is_empty()
            && !when.unpermitted.is_empty();
        is_all && when.unpermitted.iter().all(|lacking| **lacking == *purpose)
    })
}
