//! What nobody has given yet, and what somebody has to see to that no proof can look at: told beside a path, in the
//! package and by the program alike.

use std::sync::Arc;

use serde::Serialize;

use crate::capture::{Gap, Promise};
use crate::package::journey::Leads;

#[derive(Clone, Debug, Default, Serialize)]
pub struct Open {
    /// Who keeps the leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads: Option<Leads>,
    /// What is still to be given before a form can be posted, and by whom.
    pub gaps: Vec<Gap>,
    /// What is still to be given before pages count anything, and by whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncounted: Vec<Gap>,
    /// What whoever receives forms has to see to.
    pub promises: Vec<Promise>,
    /// Keys that the region owes before anything can be said to be due.
    pub lacks: Vec<Arc<str>>,
}
