//! `emails/sequence.json`: what starts each email, and what has to hold right before it is sent.
//!
//! It names its schema and its version, so that whoever imports it can refuse what it does not know.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;

use crate::components::Input;
use crate::data::Data;
use crate::encode::{Content, json};
use crate::journey::lower::PENDING;
use crate::journey::{Ground, Mode, Path, Permission, Step};
use crate::package::journey::Leads;

pub(super) const FILE: &str = "emails/sequence.json";
const SCHEMA: &str = "cobrand.sequence/1";

#[derive(Serialize)]
struct SequenceFile<'a> {
    schema: &'static str,
    deployment: &'a str,
    /// Who keeps the leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    leads: Option<&'a Leads>,
    /// How permission is given here.
    consent_mode: &'static str,
    permissions: Vec<Allowed<'a>>,
    emails: Vec<Email<'a>>,
}

#[derive(Serialize)]
struct Allowed<'a> {
    purpose: &'a str,
    controller: &'static str,
    states: &'a [Arc<str>],
    /// Emails of the purpose may be sent in these.
    allows: &'a [Arc<str>],
    /// After so many days it is deleted if nobody confirms it, and by whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_days: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deletes: Option<&'a str>,
}

#[derive(Serialize)]
struct Email<'a> {
    id: &'a str,
    /// From 1, as in the names of its files.
    number: usize,
    subject: &'a str,
    /// Any of these events starts it.
    starts: &'a [Arc<str>],
    /// Calendar days after that.
    days: i64,
    #[serde(flatten)]
    ground: Why<'a>,
}

#[derive(Serialize)]
#[serde(tag = "ground", rename_all = "kebab-case")]
enum Why<'a> {
    /// What was asked for; it needs no permission and carries no offer.
    Request { request: &'a str },
    /// A promise that was not kept in time: the lead is told.
    Owed,
    /// One for each form, however many permissions it gives, while one of them still has to be confirmed.
    Confirmation { confirms: &'a [Arc<str>], once_for: &'static str, gate: Unconfirmed<'a> },
    /// Asked for again right before it is sent.
    Permission { sequence: &'a str, gate: Gate<'a>, ends: &'a [Arc<str>] },
}

/// Any of these permissions is in this state.
#[derive(Serialize)]
struct Unconfirmed<'a> {
    any_of: &'a [Arc<str>],
    permission: [&'static str; 1],
}

#[derive(Serialize)]
struct Gate<'a> {
    purpose: &'a str,
    /// The states of permission that let it pass.
    permission: &'a [Arc<str>],
    /// For each machine, the states in which the sequence goes on; in others it waits.
    #[serde(rename = "while")]
    goes_on: &'a IndexMap<Arc<str>, Vec<Arc<str>>>,
}

/// The file of a deployment.
pub(super) fn json(input: &Input<'_>, path: &Path) -> serde_json::Result<Content> {
    let emails = input.data.get("nurture").and_then(|nurture| nurture.get("emails")).map_or(&[][..], Data::items);
    let subject = |id: &str| {
        let email = emails.iter().enumerate().find(|(_, email)| text(email, "id") == id);
        email.map_or((0, ""), |(at, email)| (at + 1, text(email, "subject")))
    };
    let emails = path.emails().iter().map(|step| {
        let (number, subject) = subject(&step.id);
        let ground = why(step, path.permissions());
        Email { id: &step.id, number, subject, starts: &step.starts, days: step.days, ground }
    });
    json::document(&SequenceFile {
        schema: SCHEMA,
        deployment: &input.deployment.id,
        leads: input.package.leads.as_ref().as_ref(),
        consent_mode: name(path.mode()),
        permissions: path.permissions().iter().map(allowed).collect(),
        emails: emails.collect(),
    })
}

fn text<'d>(item: &'d Data, key: &str) -> &'d str {
    item.get(key).and_then(Data::as_str).unwrap_or_default()
}

fn why<'p>(step: &'p Step, permissions: &'p [Permission]) -> Why<'p> {
    match &step.ground {
        Ground::Request(request) => Why::Request { request },
        Ground::Owed => Why::Owed,
        Ground::Confirms(confirms) => {
            let gate = Unconfirmed { any_of: confirms, permission: [PENDING] };
            Why::Confirmation { confirms, once_for: "form", gate }
        }
        Ground::Permission { sequence, purpose, goes_on } => {
            let own = permissions.iter().find(|it| it.purpose.id == *purpose);
            let permission = own.map_or(&[][..], |it| &it.allows);
            let ends = own.map_or(&[][..], |it| &it.ends);
            Why::Permission { sequence, gate: Gate { purpose, permission, goes_on }, ends }
        }
    }
}

fn allowed(permission: &Permission) -> Allowed<'_> {
    let expires = permission.expires.as_ref();
    Allowed {
        purpose: &permission.purpose.id,
        controller: permission.purpose.controller.id(),
        states: &permission.states,
        allows: &permission.allows,
        expires_days: expires.map(|(days, _)| *days),
        deletes: expires.and_then(|(_, owner)| owner.as_deref()),
    }
}

/// As a region's `legal.consent_mode` writes it.
fn name(mode: Mode) -> &'static str {
    match mode {
        Mode::DoubleOptIn => "double_opt_in",
        Mode::OptIn => "opt_in",
        Mode::Soft => "soft",
        Mode::OptOut => "opt_out",
    }
}
