//! The files below `tracking/`.

use serde::Serialize;

use super::super::{Asked, ComponentKind, File, Input, qr};
use super::campaigns::{self, Node};
use super::{container, dictionary};
use crate::diag::{Diagnostic, Diagnostics};
use crate::encode::Content;
use crate::encode::csv::Table;
use crate::encode::json;
use crate::links::LinkRow;
use crate::stopwatch::Phase;

/// The data files, in the order in which [`files`] makes them.
pub fn plan(input: &Input<'_>) -> Vec<Asked> {
    let crm = input.package.partner.platforms.crm.as_deref().unwrap_or("none");
    let path = |name: &str| format!("tracking/{name}");
    let mut files = vec![Asked::always(path("utm.csv")), Asked::always(path("utm.json"))];
    files.extend(crm_files(crm).map(|name| Asked::by(path(name), "partner.platforms.crm")));
    let counted = dictionary::analytics(input);
    let own = counted.iter().flat_map(|it| [Some(dictionary::FILE), container::is_for(it).then_some(container::FILE)]);
    files.extend(
        own.flatten().map(|name| Asked::by(path(name), "tracking.analytics.profile").reading(dictionary::READS, None)),
    );
    let codes = super::placements(input).filter(|(_, wanted, _)| *wanted);
    files.extend(
        codes.map(|(_, _, row)| Asked::by(path(&qr_name(row)), format!("tracking.placements[{}]", row.placement))),
    );
    files
}

pub fn files(input: &Input<'_>) -> Result<Vec<File>, Diagnostics> {
    let tree = campaigns::tree(input);
    let crm = input.package.partner.platforms.crm.as_deref().unwrap_or("none");
    let [campaigns, statuses] = crm_files(crm);
    let salesforce = crm == "salesforce";
    let mut files = vec![
        file("utm.csv", "table", manifest_csv(input.links()))?,
        file("utm.json", "data", manifest_json(input)?)?,
        file(
            campaigns,
            "table",
            if salesforce { salesforce_campaigns(input, &tree) } else { generic_campaigns(input, &tree) },
        )?,
        file(
            statuses,
            "table",
            if salesforce { salesforce_statuses(input, &tree) } else { generic_statuses(input, &tree) },
        )?,
    ];
    if let Some(analytics) = dictionary::analytics(input) {
        files.push(file(dictionary::FILE, "data", dictionary::json(input, &analytics)?)?);
        if container::is_for(&analytics) {
            let json = container::json(input, &analytics)?;
            files.push(file(container::FILE, "data", json)?);
        }
    }
    for (title, _, row) in super::placements(input).filter(|(_, wanted, _)| *wanted) {
        let svg = input.stopwatch.time(Phase::Codes, || qr::svg(&row.url, title));
        let svg = svg.map_err(|qr::TooLong| too_long(row))?;
        files.push(file(&qr_name(row), "image", svg)?);
    }
    Ok(files)
}

fn file(name: &str, kind: &'static str, bytes: Content) -> Result<File, Diagnostic> {
    File::below(ComponentKind::TRACKING, name, kind, bytes)
}

/// The names of the files with campaigns and member statuses.
pub fn crm_files(crm: &str) -> [&'static str; 2] {
    match crm {
        "salesforce" => ["salesforce-campaigns.csv", "salesforce-member-statuses.csv"],
        _ => ["campaigns.csv", "member-statuses.csv"],
    }
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
fn manifest_json(input: &Input<'_>) -> Result<Content, Diagnostic> {
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
        .map_err(|error| Diagnostic::error("E-OUTPUT", format!("the UTM manifest cannot be written as JSON: {error}")))
}

fn salesforce_campaigns(input: &Input<'_>, tree: &[Node<'_>]) -> Content {
    let mut table = Table::new(&[
        "Campaign_Key__c",
        "Parent.Campaign_Key__c",
        "Name",
        "Type",
        "Status",
        "IsActive",
        "StartDate",
        "EndDate",
        "Description",
    ]);
    let period = &input.package.program.period;
    for node in tree {
        table.row(&[
            &node.key,
            node.parent.as_deref().unwrap_or_default(),
            &node.level.name,
            &node.level.kind,
            "Planned",
            "TRUE",
            &period.start.to_string(),
            &period.end.to_string(),
            &description(input, node),
        ]);
    }
    table.finish()
}

fn generic_campaigns(input: &Input<'_>, tree: &[Node<'_>]) -> Content {
    let mut table =
        Table::new(&["level", "key", "parent_key", "name", "type", "status", "start_date", "end_date", "description"]);
    let period = &input.package.program.period;
    for node in tree {
        table.row(&[
            &*node.level.id,
            &node.key,
            node.parent.as_deref().unwrap_or_default(),
            &node.level.name,
            &node.level.kind,
            "Planned",
            &period.start.to_string(),
            &period.end.to_string(),
            &description(input, node),
        ]);
    }
    table.finish()
}

/// The lowest campaign says which deployment it is for; the others are shared.
fn description(input: &Input<'_>, node: &Node<'_>) -> String {
    let program = &input.package.program;
    if node.key == campaigns::deployment_key(input) {
        let id = &input.deployment.id;
        format!("Deployment {id}, package {} {}, utm_id {}", program.id, program.version, crate::links::utm_id(id))
    } else {
        format!("Shared by all deployments below {}", node.key)
    }
}

fn salesforce_statuses(input: &Input<'_>, tree: &[Node<'_>]) -> Content {
    let mut table = Table::new(&["Campaign.Campaign_Key__c", "Label", "SortOrder", "IsDefault", "HasResponded"]);
    let upper = |flag: bool| if flag { "TRUE" } else { "FALSE" };
    let key = tree.last().map_or("", |node| &node.key);
    for status in &input.package.tracking.member_statuses {
        table.row(&[key, &status.label, &status.order.to_string(), upper(status.default), upper(status.responded)]);
    }
    table.finish()
}

fn generic_statuses(input: &Input<'_>, tree: &[Node<'_>]) -> Content {
    let mut table = Table::new(&["campaign_key", "id", "label", "sort_order", "is_default", "has_responded"]);
    let word = |flag: bool| if flag { "true" } else { "false" };
    let key = tree.last().map_or("", |node| &node.key);
    for status in &input.package.tracking.member_statuses {
        let order = status.order.to_string();
        table.row(&[key, &status.id, &status.label, &order, word(status.default), word(status.responded)]);
    }
    table.finish()
}
