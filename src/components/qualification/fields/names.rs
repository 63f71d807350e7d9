//! What fields are called in the systems of a deployment, and where one can have no name.

use std::collections::BTreeMap;

use super::super::super::{Finding, Input};
use super::Field;
use crate::data::Data;
use crate::package::journey::Controller;
use crate::package::qualification::Hand;
use crate::profiles::fields::{Case, Platform, serving};

/// A system in which leads of the deployment are kept.
pub struct System {
    pub platform: &'static Platform,
    /// The value that names it.
    pub said: &'static str,
    /// Whose it is: `partner` or `vendor`.
    owner: &'static str,
    /// Whether it is one of whoever keeps the leads.
    pub is_keepers: bool,
    /// Whether what stands there is a copy: the other side's counts, also once a lead was handed over.
    is_copy: bool,
    /// Before the names of what its owner makes, where the platform wants that.
    pub prefix: Option<String>,
    /// Where its owner's words of lists begin to count.
    pub options: Option<i64>,
    /// Names that forms post, by ours: there is no other name for these.
    posted: BTreeMap<String, String>,
}

/// What names the partner's CRM.
const CRM: &str = "partner.platforms.crm";

/// What a field is called.
pub enum Named {
    /// The platform has a field for it.
    Standard(String),
    New(String),
}

/// Those in which somebody has to make fields: that of whoever keeps the leads, and the partner's own.
pub fn systems(input: &Input<'_>) -> Vec<System> {
    let capture = input.data.get("capture");
    let target = capture.and_then(|it| it.get("target")).and_then(Data::as_str);
    let own = &input.package.partner.platforms;
    let counts = input.package.leads.as_ref().as_ref().and_then(|leads| leads.counts);
    let keeper = match input.package.leads.as_ref() {
        Some(leads) => leads.keeps.receiver().id(),
        None => "partner",
    };
    let named = [
        (target, "leads.receiver", keeper),
        (own.email.as_deref(), "partner.platforms.email", "partner"),
        (own.crm.as_deref(), CRM, "partner"),
    ];
    let mut systems: Vec<System> = Vec::new();
    for (word, said, owner) in named {
        let Some(platform) = word.and_then(serving) else { continue };
        if systems.iter().any(|system| system.platform.id == platform.id) {
            continue;
        }
        let record =
            if said == "leads.receiver" { input.data.get("leads").and_then(|it| it.get("receiver")) } else { None };
        let publisher = record.or_else(|| input.data.get("partner")).and_then(|record| record.get("publisher"));
        let prefix = publisher.and_then(|it| it.get("prefix")).and_then(Data::as_str).map(str::to_owned);
        let options = publisher.and_then(|it| it.get("options")).and_then(|it| match it {
            Data::Int(number) => Some(*number),
            _ => None,
        });
        // Only a form that is posted to it names its fields.
        let posted = if word == target && target == Some(platform.id) { posted(capture) } else { BTreeMap::new() };
        let (is_keepers, is_copy) = (owner == keeper, counts == Some(Controller::Vendor) && owner != keeper);
        systems.push(System { platform, said, owner, is_keepers, is_copy, prefix, options, posted });
    }
    systems
}

/// The system whose value of a field holds where two have one: what a person writes is written in the CRM, and all else comes
/// in where the forms do. What is a copy is not asked.
pub fn master<'s>(systems: &'s [System], field: &Field) -> Option<&'s System> {
    let mut own = systems.iter().filter(|system| !system.is_copy);
    let crm = own.clone().find(|system| system.said == CRM).filter(|_| field.by == Hand::Person);
    crm.or_else(|| own.next())
}

/// The names that posted forms use, by ours.
fn posted(capture: Option<&Data>) -> BTreeMap<String, String> {
    let forms = capture.and_then(|capture| capture.get("forms")).and_then(Data::as_map);
    let posted = forms.into_iter().flatten().map(|(_, form)| form);
    let posted = posted.filter(|form| form.get("way").and_then(Data::as_str) == Some("post"));
    let names = posted.filter_map(|form| form.get("names")?.as_map()).flatten();
    names.filter_map(|(ours, theirs)| Some((ours.to_string(), theirs.as_str()?.to_owned()))).collect()
}

impl System {
    /// What a field is called there, or what is wrong with the name.
    pub fn name(&self, field: &Field) -> Result<Named, String> {
        if let Some(name) = self.platform.standard(&field.id) {
            return Ok(Named::Standard(name.to_owned()));
        }
        match self.posted.get(&field.id).filter(|_| self.platform.case == Case::Snake) {
            Some(name) if self.platform.takes(name) => Ok(Named::New(name.clone())),
            Some(name) => Err(format!("`{name}` is no name of small letters, digits and `_`")),
            None => {
                let prefix = self.prefix.as_deref().unwrap_or_default();
                self.platform.named(&field.id, prefix).map(Named::New)
            }
        }
    }

    /// The key that its owner has to give before its files can be made.
    pub fn lacks(&self) -> Option<String> {
        let is_needed = self.platform.case == Case::Prefixed && self.prefix.is_none();
        is_needed.then(|| format!("{}.publisher.prefix", self.owner))
    }

    fn publisher(&self, key: &str) -> String {
        match self.said {
            "leads.receiver" => format!("leads.receiver.publisher.{key}"),
            _ => format!("partner.publisher.{key}"),
        }
    }

    /// What is wrong with what its owner gave.
    fn given(&self) -> Option<Finding> {
        if self.platform.case != Case::Prefixed {
            return None;
        }
        let is_prefix = |prefix: &str| {
            let is_first = prefix.starts_with(|c: char| c.is_ascii_lowercase());
            let plain = prefix.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
            is_first && plain && (2..=8).contains(&prefix.len()) && !prefix.starts_with("mscrm")
        };
        let prefix = self.prefix.as_deref().filter(|prefix| !is_prefix(prefix))?;
        let message = format!("{} takes no prefix `{prefix}`", self.platform.name);
        let help = "write the prefix of the solution's publisher: two to eight small letters and digits, a letter first, and \
                    not `mscrm`";
        Some(Finding::new(self.publisher("prefix"), message, help))
    }
}

/// Names that a system does not take, and fields that would be one there.
pub fn check(fields: &[Field], system: &System) -> Vec<Finding> {
    let mut findings: Vec<Finding> = system.given().into_iter().collect();
    if system.lacks().is_some() || !findings.is_empty() {
        return findings;
    }
    let platform = system.platform.name;
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for field in fields {
        let name = match system.name(field) {
            Ok(Named::Standard(name) | Named::New(name)) => name,
            Err(why) => {
                let message = format!("`{}` can be no field of {platform}: {why}", field.id);
                findings.push(Finding::new(field.said.clone(), message, help(field, system)));
                continue;
            }
        };
        // No system tells fields apart by their case alone.
        if let Some(other) = taken.insert(name.to_ascii_lowercase(), &field.id) {
            let message = format!("`{}` and `{other}` would both be `{name}` in {platform}", field.id);
            findings.push(Finding::new(field.said.clone(), message, help(field, system)));
        }
    }
    findings
}

fn help(field: &Field, system: &System) -> String {
    match system.posted.contains_key(&field.id) {
        true => format!("give it another name by `capture.fields.{}` of whoever receives forms", field.id),
        false => "give it another id".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Holds, Part};
    use super::*;
    use crate::package::qualification::Hand;
    use crate::profiles::fields::{DYNAMICS, HUBSPOT, PLATFORMS, SALESFORCE};

    fn system(id: &str, prefix: Option<&str>, posted: &[(&str, &str)]) -> System {
        let posted = posted.iter().map(|(ours, theirs)| ((*ours).to_owned(), (*theirs).to_owned())).collect();
        let platform = PLATFORMS.iter().find(|platform| platform.id == id).unwrap();
        let prefix = prefix.map(str::to_owned);
        System {
            platform,
            said: "partner.platforms.crm",
            owner: "partner",
            is_copy: false,
            is_keepers: true,
            prefix,
            options: None,
            posted,
        }
    }

    fn field(id: &str) -> Field {
        Field {
            id: id.to_owned(),
            title: id.to_owned(),
            part: Part::Request,
            holds: Holds::Text(120),
            by: Hand::Lead,
            is_personal: true,
            is_consent: false,
            said: format!("tracking.fields[{id}]"),
        }
    }

    fn said(ids: &[&str], system: &System) -> Vec<String> {
        let fields: Vec<Field> = ids.iter().map(|id| field(id)).collect();
        check(&fields, system).into_iter().map(|it| format!("{}: {}", it.path, it.message)).collect()
    }

    #[test]
    fn what_a_form_posts_is_the_name_there_is() {
        let posting = system(HUBSPOT, None, &[("job_role", "rolle"), ("timeframe", "Wann?")]);
        let name = |id: &str| match posting.name(&field(id)) {
            Ok(Named::New(name)) => name,
            Ok(Named::Standard(name)) => format!("{name}, there already"),
            Err(why) => why,
        };
        assert_eq!([name("job_role"), name("email")], ["rolle", "email, there already"]);
        assert!(name("timeframe").contains("no name of small letters"));
        assert!(check(&[field("timeframe")], &posting)[0].help.contains("capture.fields.timeframe"));
    }

    #[test]
    fn two_fields_never_share_a_name() {
        let lead = system(SALESFORCE, None, &[]);
        assert!(said(&["utm_id", "utm_source", "email"], &lead).is_empty());
        let found = said(&["utm_id", "utm-id"], &lead);
        assert_eq!(found, ["tracking.fields[utm-id]: `utm-id` and `utm_id` would both be `Utm_Id__c` in Salesforce"]);
        // What it has is taken as well.
        let own = system(HUBSPOT, None, &[("mail", "email")]);
        assert_eq!(said(&["email", "mail"], &own).len(), 1);
    }

    #[test]
    fn a_prefix_is_asked_for_once_and_looked_at() {
        assert_eq!(system(DYNAMICS, None, &[]).lacks().as_deref(), Some("partner.publisher.prefix"));
        assert!(said(&["job_role", "job-role"], &system(DYNAMICS, None, &[])).is_empty());
        for wrong in ["A", "1ab", "mscrmx", "toolongprefix", "a_b"] {
            assert_eq!(said(&["job_role"], &system(DYNAMICS, Some(wrong), &[])).len(), 1, "{wrong}");
        }
        assert!(said(&["job_role"], &system(DYNAMICS, Some("kitm"), &[])).is_empty());
    }
}
