//! The CRM's campaign tree, from the program down to the deployment.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::{Finding, Input};
use crate::data::Data;
use crate::links::{codes, utm_id};
use crate::package::qualification::Owner;
use crate::package::tracking::{Level, MemberStatus, Tracking};
use crate::plan::{self, Campaign, Status};

/// Salesforce refuses deeper trees.
const MAX_LEVELS: usize = 5;
/// Salesforce refuses longer names.
const MAX_NAME: usize = 80;

/// A campaign of the tree. The key is the same in every deployment that shares the campaign.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    pub level: &'a Level,
    pub key: String,
    pub parent: Option<String>,
}

impl Node<'_> {
    pub fn data(&self) -> Data {
        Data::map([
            ("level", Data::Text(self.level.id.clone())),
            ("key", self.key.as_str().into()),
            ("parent", self.parent.as_deref().unwrap_or_default().into()),
            ("name", Data::Text(self.level.name.clone())),
            ("type", Data::Text(self.level.kind.clone())),
        ])
    }
}

/// The campaigns of this deployment, top level first. A level that adds nothing, because its axis is not
/// used, is left out.
pub fn tree<'a>(input: &Input<'a>) -> Vec<Node<'a>> {
    let codes = codes(input.data, &input.deployment.axes);
    nodes(&input.package.tracking, &codes)
}

/// The same as the package tells it in its part of the plan.
pub fn told(input: &Input<'_>) -> Vec<Campaign> {
    let owner = |id: &Arc<str>| input.package.qualification.owners.iter().find(|owner| owner.id == *id)?.mailbox();
    let own = deployment_key(input);
    let told = |(at, node): (usize, Node<'_>)| Campaign {
        currency: node.level.currency.clone(),
        owner: node.level.owner.as_ref().and_then(owner),
        code: (node.key == own).then(|| utm_id(&input.deployment.id).into()),
        level: plan::Level { at, id: node.level.id.clone() },
        description: description(input, &node).into(),
        parent: node.parent.as_deref().map(Arc::from),
        key: node.key.into(),
        name: node.level.name.clone(),
        kind: node.level.kind.clone(),
    };
    tree(input).into_iter().enumerate().map(told).collect()
}

/// What a member of the lowest campaign can be.
pub fn statuses(input: &Input<'_>) -> Vec<Status> {
    let told = |status: &MemberStatus| Status {
        id: status.id.clone(),
        label: status.label.clone(),
        order: status.order,
        default: status.default,
        responded: status.responded,
    };
    input.package.tracking.member_statuses.iter().map(told).collect()
}

/// The lowest campaign says which deployment it is for; the others are shared.
fn description(input: &Input<'_>, node: &Node<'_>) -> String {
    let program = &input.package.program;
    if node.key == deployment_key(input) {
        let id = &input.deployment.id;
        format!("Deployment {id}, package {} {}, utm_id {}", program.id, program.version, utm_id(id))
    } else {
        format!("Shared by all deployments below {}", node.key)
    }
}

/// The key of the deployment's own campaign: the value of `utm_campaign`.
pub fn deployment_key(input: &Input<'_>) -> String {
    let tracking = &input.package.tracking;
    key(tracking, &tracking.campaign.facets, &codes(input.data, &input.deployment.axes))
}

fn nodes<'a>(tracking: &'a Tracking, codes: &[(Arc<str>, Arc<str>)]) -> Vec<Node<'a>> {
    let mut nodes: Vec<Node<'a>> = Vec::new();
    for level in &tracking.hierarchy {
        let key = key(tracking, &level.facets, codes);
        let parent = nodes.last().map(|node| node.key.clone());
        if parent.as_ref() != Some(&key) {
            nodes.push(Node { level, key, parent });
        }
    }
    nodes
}

fn key(tracking: &Tracking, facets: &[Arc<str>], codes: &[(Arc<str>, Arc<str>)]) -> String {
    let code =
        |facet: &Arc<str>| codes.iter().find(|(name, _)| name == facet).map(|(_, code)| code.to_ascii_lowercase());
    facets.iter().filter_map(code).collect::<Vec<_>>().join(&tracking.campaign.delimiter)
}

/// What a CRM would refuse.
pub fn check(tracking: &Tracking) -> Vec<Finding> {
    let mut findings = Vec::new();
    if tracking.hierarchy.len() > MAX_LEVELS {
        let message = format!("the campaign tree has {} levels; CRMs take {MAX_LEVELS}", tracking.hierarchy.len());
        findings.push(Finding::new("tracking.hierarchy", message, "leave out a level between the first and the last"));
    }
    for level in &tracking.hierarchy {
        let length = level.name.chars().count();
        if length > MAX_NAME {
            let message =
                format!("the campaign name `{}` is {length} characters long; CRMs take {MAX_NAME}", level.name);
            let path = format!("tracking.hierarchy[{}].name", level.id);
            findings.push(Finding::new(path, message, "shorten it, for instance by using codes instead of names"));
        }
    }
    findings.extend(check_statuses(tracking));
    findings.extend(check_currencies(tracking));
    findings
}

/// A CRM adds up what campaigns below one root cost, so they are counted in one currency.
fn check_currencies(tracking: &Tracking) -> Option<Finding> {
    let root = tracking.hierarchy.first()?;
    let other = tracking.hierarchy.iter().find(|level| level.currency != root.currency)?;
    let said = |level: &Level| level.currency.as_deref().map_or("none".to_owned(), |currency| format!("`{currency}`"));
    let message = format!(
        "campaigns below one root have one currency; `{}` says {} and `{}` says {}",
        root.id,
        said(root),
        other.id,
        said(other)
    );
    let path = format!("tracking.hierarchy[{}].currency", other.id);
    Some(Finding::new(path, message, "give all levels the same, such as that of the region"))
}

/// Owners that nobody knows.
pub fn check_owners(tracking: &Tracking, owners: &[Owner]) -> Vec<Finding> {
    let unknown = tracking.hierarchy.iter().filter_map(|level| {
        let owner = level.owner.as_ref().filter(|id| owners.iter().all(|owner| owner.id != **id))?;
        let path = format!("tracking.hierarchy[{}].owner", level.id);
        Some(Finding::new(path, format!("there is no owner `{owner}`"), "name an id of `qualification.owners`"))
    });
    unknown.collect()
}

fn check_statuses(tracking: &Tracking) -> Vec<Finding> {
    let statuses = &tracking.member_statuses;
    let mut findings = Vec::new();
    let mut find = |path: String, message: String, help: &str| findings.push(Finding::new(path, message, help));
    if statuses.is_empty() {
        return findings;
    }
    let defaults = statuses.iter().filter(|status| status.default).count();
    if defaults != 1 {
        let message = format!("{defaults} member statuses are the default; a CRM wants exactly one");
        find("tracking.member_statuses".into(), message, "set `default: true` on the first status only");
    }
    if !statuses.iter().any(|status| status.responded) {
        let message = "no member status counts as responded".to_owned();
        find("tracking.member_statuses".into(), message, "set `responded: true` where a person has acted");
    }
    let mut labels = BTreeSet::new();
    for status in statuses.iter().filter(|status| !labels.insert(status.label.to_lowercase())) {
        let path = format!("tracking.member_statuses[{}].label", status.id);
        find(path, format!("two member statuses are called `{}`", status.label), "give each its own label");
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::read;
    use crate::package::tracking::MemberStatus;

    fn tracking() -> Tracking {
        let words = |words: &[&str]| Data::list(words.iter().map(|&word| word.into()));
        let level = |id: &str, facets: &[&str]| {
            Data::map([("id", id.into()), ("type", "Partners".into()), ("facets", words(facets)), ("name", id.into())])
        };
        let kind = || Data::map([("medium", "email".into())]);
        let status = |id: &str, default: bool| {
            Data::map([
                ("id", id.into()),
                ("label", id.into()),
                ("order", Data::Int(1)),
                ("default", default.into()),
                ("responded", (!default).into()),
            ])
        };
        let data = Data::map([
            ("campaign", Data::map([("delimiter", "_".into()), ("facets", words(&["period", "motion", "partner"]))])),
            ("mediums", words(&[])),
            ("kinds", Data::map([("site", kind()), ("email", kind()), ("document", kind())])),
            ("links", words(&[])),
            (
                "hierarchy",
                Data::list([
                    level("program", &["period"]),
                    level("motion", &["period", "motion"]),
                    level("industry", &["period", "motion", "industry"]),
                    level("deployment", &["period", "motion", "industry", "partner"]),
                ]),
            ),
            ("member_statuses", Data::list([status("targeted", true), status("answered", false)])),
        ]);
        read(&data, "tracking").unwrap()
    }

    #[test]
    fn each_campaign_stands_below_the_one_before() {
        let code = |name: &str, code: &str| (Arc::from(name), Arc::from(code));
        let tracking = tracking();
        let nodes = nodes(&tracking, &[code("period", "Q1"), code("motion", "launch"), code("partner", "orvane")]);
        let keys: Vec<_> = nodes.iter().map(|node| (&*node.level.id, &*node.key, node.parent.as_deref())).collect();
        assert_eq!(
            keys,
            [
                ("program", "q1", None),
                ("motion", "q1_launch", Some("q1")),
                ("deployment", "q1_launch_orvane", Some("q1_launch"))
            ]
        );
    }

    #[test]
    fn finds_what_a_crm_would_refuse() {
        assert_eq!(check(&tracking()), []);
        let mut wrong = tracking();
        wrong.hierarchy[0].name = "x".repeat(81).into();
        wrong.hierarchy.extend(wrong.hierarchy.clone());
        wrong.member_statuses[0].default = false;
        wrong.member_statuses[1].responded = false;
        let again = MemberStatus { id: "again".into(), ..wrong.member_statuses[0].clone() };
        wrong.member_statuses.push(again);
        let paths: Vec<_> = check(&wrong).into_iter().map(|finding| finding.path).collect();
        assert_eq!(
            paths,
            [
                "tracking.hierarchy",
                "tracking.hierarchy[program].name",
                "tracking.hierarchy[program].name",
                "tracking.member_statuses",
                "tracking.member_statuses",
                "tracking.member_statuses[again].label"
            ]
        );
    }

    #[test]
    fn campaigns_below_one_root_have_one_currency_and_owners_that_are_known() {
        let mut tracking = tracking();
        tracking.hierarchy.iter_mut().for_each(|level| level.currency = Some("EUR".into()));
        assert_eq!(check(&tracking), []);
        tracking.hierarchy[2].currency = Some("USD".into());
        tracking.hierarchy[1].owner = Some("desk".into());
        let findings = [check(&tracking), check_owners(&tracking, &[])].concat();
        let paths: Vec<_> = findings.into_iter().map(|finding| finding.path).collect();
        assert_eq!(paths, ["tracking.hierarchy[industry].currency", "tracking.hierarchy[motion].owner"]);
    }
}
