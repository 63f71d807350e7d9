//! Fund programs: when claims are due, how long papers are kept, which files are taken.
//!
//! A program's own `proof.yaml` comes first; a profile fills what it leaves open.

use super::Certainty;

/// A fund program's rules, as far as they are public.
#[derive(Clone, Copy, Debug)]
pub struct Fund {
    pub id: &'static str,
    pub name: &'static str,
    /// Calendar days after the usage period.
    pub claim_due_days: i32,
    pub approval_lead_days: i32,
    pub retention_months: i32,
    /// Extensions of the files that are taken as evidence.
    pub files: &'static [&'static str],
    pub certainty: Certainty,
}

/// The profile of that id.
pub fn fund(id: &str) -> Option<&'static Fund> {
    FUNDS.iter().find(|fund| fund.id == id)
}

/// All of them.
pub static FUNDS: &[Fund] = &[
    // Strict enough that evidence gathered by these rules is good for most programs.
    Fund {
        id: "standard",
        name: "Common rules of fund programs",
        claim_due_days: 30,
        approval_lead_days: 14,
        retention_months: 24,
        files: &["pdf", "csv", "png"],
        certainty: Certainty::Unverified,
    },
    Fund {
        id: "microsoft",
        name: "Microsoft incentives",
        claim_due_days: 45,
        approval_lead_days: 14,
        retention_months: 24,
        files: &["pdf", "csv", "png", "jpg", "docx", "xlsx", "pptx", "msg", "html"],
        // Due date, retention and file types are documented; the approval lead is custom.
        certainty: Certainty::SecondHand,
    },
    Fund {
        id: "aws",
        name: "AWS partner funding",
        claim_due_days: 30,
        approval_lead_days: 14,
        retention_months: 24,
        files: &["pdf", "csv", "png", "jpg", "svg", "docx", "xlsx", "pptx"],
        certainty: Certainty::SecondHand,
    },
];
