//! The package's part of its partner's plan, and of the claim: four tables with one key, and a workbook that counts.

use super::super::{Asked, Failure, Input, Task};
use super::part::part;
use crate::encode::{Content, json};
use crate::plan::{self, own_claim, tables};

const BOOK: &str = "claim.xlsx";

pub fn task() -> Task {
    let asked = |name: &str| Asked::always(format!("proof/{name}"), "table");
    let papers = tables::FILES.into_iter().chain([BOOK]).map(asked);
    Task::new(papers.chain([Asked::always(plan::FILE, "data")]), made)
}

fn made(input: &Input<'_>) -> Result<Vec<Content>, Failure> {
    let part = part(input)?;
    let claims = [own_claim(&part)];
    let mut files: Vec<Content> = tables::of(&claims).into();
    files.push(plan::book(&claims[0])?);
    files.push(json::compact(&part)?);
    Ok(files)
}
