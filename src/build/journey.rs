//! The proof of a deployment's journey, with what the rest of its package gives it.

use std::sync::Arc;

use crate::components::Finding;
use crate::data::{Data, DataMap};
use crate::diag::Diagnostics;
use crate::journey::{Around, Fault, Mode, Path, prove};
use crate::package::journey::{Journey, Send};
use crate::package::{self, Package};
use crate::resolve::tree::Tree;

use super::checks::{note_types, placed};

/// The path of a journey that closes, or a note of everything that does not. A package without one has nothing to
/// prove, and no path.
pub fn path(package: &Package, data: &DataMap, tree: &Tree, diagnostics: &mut Diagnostics) -> Option<Path> {
    if *package.journey == Journey::default() {
        return None;
    }
    let emails = data.get("nurture").and_then(|nurture| nurture.get("emails")).cloned().unwrap_or_default();
    let sends: Result<Vec<Send>, _> = package::read(&emails, "nurture.emails");
    let Some(sends) = note_types(sends.map_err(|error| vec![error]), tree, diagnostics) else { return None };
    let mode = mode(data.get("region").and_then(|region| region.at("legal.consent_mode")).and_then(Data::as_str));
    match prove(&package.journey, &sends, mode, &around(package, data)) {
        Ok(proved) => Some(proved.path()),
        Err(faults) => {
            diagnostics.extend(faults.iter().map(|fault| placed(tree, fault.code, &finding(fault))));
            None
        }
    }
}

/// How the region's people give permission; a region that does not say so asks them.
pub fn mode(named: Option<&str>) -> Mode {
    match named {
        Some("double_opt_in") => Mode::DoubleOptIn,
        Some("soft") => Mode::Soft,
        Some("opt_out") => Mode::OptOut,
        _ => Mode::OptIn,
    }
}

fn around(package: &Package, data: &DataMap) -> Around {
    let owners = package.qualification.owners.iter();
    let fields = data.get("tracking").and_then(|tracking| tracking.get("fields"));
    let boxes = data.get("region").and_then(|region| region.at("consent.boxes"));
    Around {
        pages: ids(data.get("documents")),
        statuses: package.tracking.member_statuses.iter().map(|status| status.id.clone()).collect(),
        owners: owners.map(|owner| (owner.id.clone(), address(&owner.contact))).collect(),
        boxes: boxes.map(|boxes| ids(Some(boxes))),
        known: ids(fields),
    }
}

fn ids(items: Option<&Data>) -> Vec<Arc<str>> {
    let id = |item: &Data| item.get("id").and_then(Data::as_str).map(Arc::from);
    items.map_or(&[][..], Data::items).iter().filter_map(id).collect()
}

/// The mailbox in a contact, by which two owners are one; or else all of it.
fn address(contact: &str) -> Arc<str> {
    let mailbox = contact.split([' ', ',', '<', '>']).find(|part| part.contains('@'));
    mailbox.unwrap_or(contact).to_lowercase().into()
}

fn finding(fault: &Fault) -> Finding {
    let way = match fault.trail.is_empty() {
        true => String::new(),
        false => format!("; the shortest way there: {}", fault.trail.join(", ")),
    };
    Finding::new(fault.path.clone(), format!("{}{way}", fault.message), fault.help.clone())
}
