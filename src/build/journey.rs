//! The proof of a deployment's journey, with what the rest of its package gives it.

use std::sync::Arc;

use crate::components::Finding;
use crate::data::{Data, DataMap};
use crate::diag::Diagnostics;
use crate::journey::{Around, Fault, Mode, prove};
use crate::package::journey::{Journey, Send};
use crate::package::{self, Package};
use crate::resolve::tree::Tree;

use super::checks::{note_types, placed};

/// Notes everything in the journey that does not close. A package without one has nothing to prove.
pub fn check(package: &Package, data: &DataMap, tree: &Tree, diagnostics: &mut Diagnostics) {
    if *package.journey == Journey::default() {
        return;
    }
    let emails = data.get("nurture").and_then(|nurture| nurture.get("emails")).cloned().unwrap_or_default();
    let sends: Result<Vec<Send>, _> = package::read(&emails, "nurture.emails");
    let Some(sends) = note_types(sends.map_err(|error| vec![error]), tree, diagnostics) else { return };
    let faults = prove(&package.journey, &sends, mode(data), &around(package, data)).err().unwrap_or_default();
    diagnostics.extend(faults.iter().map(|fault| placed(tree, fault.code, &finding(fault))));
}

/// How the region's people give permission; a region that does not say so asks them.
fn mode(data: &DataMap) -> Mode {
    let mode = data.get("region").and_then(|region| region.at("legal.consent_mode")).and_then(Data::as_str);
    match mode {
        Some("double_opt_in") => Mode::DoubleOptIn,
        Some("soft") => Mode::Soft,
        Some("opt_out") => Mode::OptOut,
        _ => Mode::OptIn,
    }
}

fn around(package: &Package, data: &DataMap) -> Around {
    let owners = package.qualification.owners.iter();
    let fields = data.get("tracking").and_then(|tracking| tracking.get("fields"));
    Around {
        pages: ids(data.get("documents")),
        statuses: package.tracking.member_statuses.iter().map(|status| status.id.clone()).collect(),
        owners: owners.map(|owner| (owner.id.clone(), address(&owner.contact))).collect(),
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
