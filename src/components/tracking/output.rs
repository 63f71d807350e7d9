//! The files below `tracking/`.

use serde::Serialize;

use super::super::{Asked, Failure, Input, Task, qr};
use super::campaigns;
use super::{container, dictionary};
use crate::diag::Diagnostic;
use crate::encode::Content;
use crate::encode::csv::Table;
use crate::encode::json;
use crate::links::LinkRow;
use crate::plan::{Campaigns, Crm};
use crate::stopwatch::Phase;

pub fn tasks(input: &Input<'_>) -> Vec<Task> {
    let mut tasks = vec![
        Task::one(Asked::always(path("utm.csv"), "table"), |input| Ok(manifest_csv(input.links()))),
        Task::one(Asked::always(path("utm.json"), "data"), |input| Ok(manifest_json(input)?)),
        Task::new(crm(input).files(&campaigns::told(input)).iter().map(|name| of_crm(name)), crm_tables),
    ];
    if let Some(analytics) = dictionary::analytics(input) {
        let asked = |name| Asked::by(path(name), "data", "tracking.analytics.profile").reading(dictionary::READS, None);
        let container = container::is_for(&analytics).then_some(container::FILE);
        tasks.push(Task::new([dictionary::FILE].into_iter().chain(container).map(asked), counted));
    }
    let codes = super::placements(input).enumerate().filter(|(_, (_, wanted, _))| *wanted);
    tasks.extend(codes.map(|(at, (_, _, row))| {
        let by = format!("tracking.placements[{}]", row.placement);
        Task::new([Asked::by(path(&qr_name(row)), "image", by)], move |input| code(input, at))
    }));
    tasks
}

fn of_crm(name: &str) -> Asked {
    Asked::by(path(name), "table", "partner.platforms.crm")
}

fn path(name: &str) -> String {
    format!("tracking/{name}")
}

/// The partner's CRM.
pub fn crm(input: &Input<'_>) -> Crm {
    Crm::of(input.package.partner.platforms.crm.as_deref().unwrap_or_default())
}

/// What pages tell of, and for a tag manager its container.
fn counted(input: &Input<'_>) -> Result<Vec<Content>, Failure> {
    let Some(analytics) = dictionary::analytics(input) else { return Ok(Vec::new()) };
    let mut files = vec![dictionary::json(input, &analytics)?];
    if container::is_for(&analytics) {
        files.push(container::json(input, &analytics)?);
    }
    Ok(files)
}

/// The code of a placement's row.
fn code(input: &Input<'_>, at: usize) -> Result<Vec<Content>, Failure> {
    let Some((title, _, row)) = super::placements(input).nth(at) else { return Ok(Vec::new()) };
    let svg = input.stopwatch.time(Phase::Codes, || qr::svg(&row.url, title));
    Ok(vec![svg.map_err(|qr::TooLong| too_long(row))?])
}

/// The campaigns as the partner's CRM takes them, and what its members can be.
fn crm_tables(input: &Input<'_>) -> Result<Vec<Content>, Failure> {
    let mut all = Campaigns::default();
    all.add(
        &input.deployment.id,
        &campaigns::told(input),
        &campaigns::statuses(input),
        &super::super::plan::period(input),
    );
    Ok(all.for_one(crm(input)).into_iter().map(|(_, content)| content).collect())
}

/// The file of a placement's code, below `tracking/`. Its content tells locales apart, and is a part of the address: so no
/// two codes of a package are of one address.
pub fn qr_name(row: &LinkRow) -> String {
    format!("qr/{}.svg", row.content)
}

fn too_long(row: &LinkRow) -> Diagnostic {
    Diagnostic::error("E-QR", format!("the link of placement `{}` is too long for a QR code", row.placement))
        .help("shorten the address it leads to")
}

fn manifest_csv(rows: &[LinkRow]) -> Content {
    let mut table = Table::new(&[
        "component",
        "document",
        "locale",
        "placement",
        "link",
        "url",
        "base_url",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_id",
        "utm_content",
        "channel",
    ]);
    for row in rows {
        table.row(&[
            &row.component,
            &row.document,
            &row.locale,
            &row.placement,
            &row.link,
            &row.url,
            &row.base_url,
            &row.source,
            &row.medium,
            &row.campaign,
            &row.id,
            &row.content,
            &row.channel,
        ]);
    }
    table.finish()
}

/// One row a line, so that two versions compare well.
fn manifest_json(input: &Input<'_>) -> serde_json::Result<Content> {
    #[derive(Serialize)]
    struct Head<'a> {
        format: u32,
        deployment: &'a str,
        campaign: String,
        utm_id: String,
    }
    let head = Head {
        format: 1,
        deployment: &input.deployment.id,
        campaign: campaigns::deployment_key(input),
        utm_id: crate::links::utm_id(&input.deployment.id),
    };
    json::rows(&head, "links", input.links())
}
