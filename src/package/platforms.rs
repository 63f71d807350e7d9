//! `platforms.yaml`, typed: what people do in email platforms and CRMs.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

/// `platforms.*` of a deployment.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Platforms {
    /// What a platform fills in, by its id.
    pub tokens: IndexMap<Arc<str>, Arc<str>>,
    pub email: Vec<System>,
    pub crm: Vec<System>,
    pub analytics: Vec<System>,
    pub cosell: Vec<Cosell>,
    /// How the table of statuses is read, by what stands in it.
    pub statuses: IndexMap<Arc<str>, Arc<str>>,
}

/// What the payload for a system is explained with, in which others sell along.
#[derive(Clone, Debug, Deserialize)]
pub struct Cosell {
    pub id: Arc<str>,
    pub words: Vec<Word>,
}

/// A word that stands in a payload for what is still to be put there.
#[derive(Clone, Debug, Deserialize)]
pub struct Word {
    pub id: Arc<str>,
    pub rule: Arc<str>,
    pub example: Arc<str>,
}

/// An email platform or a CRM.
#[derive(Clone, Debug, Deserialize)]
pub struct System {
    pub id: Arc<str>,
    pub name: Arc<str>,
    #[serde(default)]
    pub steps: Vec<Note>,
    #[serde(default)]
    pub checks: Vec<Note>,
}

/// Something to do, or to watch out for.
#[derive(Clone, Debug, Deserialize)]
pub struct Note {
    pub text: Arc<str>,
    /// `verified`, `second-hand` or `unverified`
    pub sure: Arc<str>,
}

/// The system of that id, or what holds for most.
pub fn system<'s>(systems: &'s [System], id: &str) -> Option<&'s System> {
    let of = |id: &str| systems.iter().find(|system| *system.id == *id);
    of(id).or_else(|| of("other"))
}
