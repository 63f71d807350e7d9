//! Payloads for systems in which the partner sells together with a platform's own sellers, filled with what the package
//! knows. What only the lead or a seller knows stands there as `<word>`; the legend beside it says where each comes from, and
//! what the master says of it (`platforms.cosell`).

use serde_json::{Map, Value, json};

use super::super::super::Finding;
use super::super::super::Input;
use super::super::super::tracking::deployment_key;
use super::Handed;
use super::record::{self, Columns};
use crate::data::Data;
use crate::diag::nearest;
use crate::encode::csv::Table;
use crate::encode::{self, Content};
use crate::package::Package;
use crate::package::platforms::Word;
use crate::profiles::cosell::{AWS, AWS_CHANNELS, AWS_INDUSTRIES, System, system};
use crate::profiles::status::{self, AWS_REVIEWS};

/// The fund whose money AWS wants to be told of.
const AWS_FUND: &str = "aws";

/// The systems that the partner sells with.
pub fn systems(package: &Package) -> impl Iterator<Item = &'static System> {
    package.partner.platforms.cosell.iter().filter_map(|id| system(id))
}

pub fn payload_file(system: &System) -> String {
    format!("cosell/{}.json", system.file)
}

pub fn schema_file(system: &System) -> String {
    format!("cosell/{}.schema.json", system.file)
}

pub fn legend_file(system: &System) -> String {
    format!("cosell/{}-legend.csv", system.file)
}

pub fn schema(system: &System) -> serde_json::Result<Content> {
    encode::json::document(&serde_json::from_str::<Value>(system.schema)?)
}

/// What a payload is filled with, and what is still to be put into it.
pub struct Deal {
    payload: Value,
    open: Vec<Open>,
}

/// A word to be replaced.
struct Open {
    id: &'static str,
    /// `handoff.company`: a field of the record; `status.amount`: a column of the status file; or `person`.
    from: String,
    /// What is known of it already.
    value: String,
}

impl Deal {
    pub fn new(system: &System, handed: &Handed<'_>, columns: &Columns<'_>, input: &Input<'_>) -> Self {
        let mut filling = Filling { handed, columns, input, system, open: Vec::new() };
        let payload = if system.id == AWS { filling.opportunity() } else { filling.referral() };
        Self { payload, open: filling.open }
    }

    pub fn payload(&self) -> serde_json::Result<Content> {
        encode::json::document(&self.payload)
    }

    /// Each word with what the master says of it.
    pub fn legend(&self, words: &[Word]) -> Content {
        let mut table = Table::new(&["word", "from", "rule", "value", "example"]);
        for open in &self.open {
            let word = words.iter().find(|word| *word.id == *open.id);
            let (rule, example) = word.map_or(("", ""), |word| (&*word.rule, &*word.example));
            table.row(&[&shown(open.id), &open.from, rule, &open.value, example]);
        }
        table.finish()
    }
}

/// What the master says of the words of a system.
pub fn words<'p>(package: &'p Package, system: &System) -> &'p [Word] {
    let of = package.platforms.cosell.iter().find(|it| *it.id == *system.id);
    of.map_or(&[], |it| &it.words)
}

/// A word as it stands in a payload.
fn shown(id: &str) -> String {
    format!("<{id}>")
}

struct Filling<'f> {
    handed: &'f Handed<'f>,
    /// Of the record.
    columns: &'f Columns<'f>,
    input: &'f Input<'f>,
    system: &'f System,
    open: Vec<Open>,
}

impl Filling<'_> {
    /// Stands for a field of the record; nothing where the record has no such field.
    fn field(&mut self, id: &'static str) -> Option<String> {
        self.columns.has(id).then(|| self.word(id, format!("handoff.{id}")))
    }

    fn word(&mut self, id: &'static str, from: String) -> String {
        self.open.push(Open { id, from, value: String::new() });
        shown(id)
    }

    fn person(&mut self, id: &'static str) -> String {
        self.word(id, "person".to_owned())
    }

    /// What a package knows, or else a person does.
    fn known(&mut self, known: Option<&str>, id: &'static str) -> String {
        known.map_or_else(|| self.person(id), str::to_owned)
    }

    /// The partner's offer there: part of the payload or of the call after it.
    fn solution(&mut self) -> Option<String> {
        let given = self.input.package.partner.cosell.get(self.system.id).and_then(|it| it.solution.clone());
        let from = format!("partner.cosell.{}.solution", self.system.id);
        let value = given.as_deref().unwrap_or_default().to_owned();
        self.open.push(Open { id: "solution", from, value });
        given.map(|given| given.to_string())
    }

    /// The word that the system has for the state in which a lead is handed over.
    fn stage(&self) -> Option<&str> {
        self.handed.state.called.get(self.system.statuses).map(|word| &**word).filter(|word| *word != status::NONE)
    }

    fn country(&mut self) -> String {
        let country = self.input.package.region.calendar.country.clone().filter(|_| self.is_one_country());
        self.known(country.as_deref(), "country")
    }

    /// Whether the region tells in which country the customer is, and with that in which currency it pays.
    fn is_one_country(&self) -> bool {
        let home = self.input.data.get("region").and_then(|region| region.at("legal.home"));
        home.is_none_or(|home| home.items().len() == 1)
    }

    fn currency(&mut self) -> String {
        let currency = self.input.package.region.currency.clone().filter(|_| self.is_one_country());
        self.known(currency.as_deref(), "currency")
    }

    fn title(&mut self) -> String {
        let name = self.input.data.get("product").and_then(|it| it.get("name")).and_then(Data::as_str);
        let company = self.field("company");
        match (company, name) {
            (Some(company), Some(name)) => format!("{company}: {name}"),
            (company, name) => company.or_else(|| name.map(str::to_owned)).unwrap_or_default(),
        }
    }

    fn opportunity(&mut self) -> Value {
        let title = self.title();
        let token = self.person("client_token");
        let contact = self.contact(["Email", "FirstName", "LastName", "BusinessTitle", "Phone"]);
        let country = self.country();
        let currency = self.currency();
        let problem = self.field("why_now");
        let close = self.person("target_close_date");
        let next = self.word("next_step", "status.next_step".to_owned());
        let spend = self.person("amount");
        let delivery = self.person("delivery_model");
        let national = self.person("national_security");
        let id = self.word("handoff_id", format!("handoff.{}", record::ID));
        self.solution();
        let company = shown("company");
        let mut payload = json!({
            "Catalog": "AWS",
            "ClientToken": token,
            "Origin": "Partner Referral",
            "OpportunityType": "Net New Business",
            "NationalSecurity": national,
            "PartnerOpportunityIdentifier": id,
            "Customer": {
                "Account": {"CompanyName": company, "Industry": self.industry(), "Address": {"CountryCode": country}},
                "Contacts": [contact],
            },
            "Project": {
                "Title": title,
                "DeliveryModels": [delivery],
                "ExpectedCustomerSpend": [{
                    "Amount": spend,
                    "CurrencyCode": currency,
                    "Frequency": "Monthly",
                    "TargetCompany": "AWS",
                }],
            },
            "LifeCycle": {"ReviewStatus": AWS_REVIEWS[0], "TargetCloseDate": close, "NextSteps": next},
            "Marketing": self.marketing(),
        });
        put(&mut payload, "Project", "CustomerBusinessProblem", problem);
        let stage = self.stage().map(str::to_owned);
        put(&mut payload, "LifeCycle", "Stage", stage);
        payload
    }

    fn industry(&mut self) -> String {
        let industry = self.input.data.get("industry").and_then(|it| it.get("aws_industry")).and_then(Data::as_str);
        self.known(industry, "industry")
    }

    /// Who asked, under the names that the system has for it; what has none is left out.
    fn contact(&mut self, names: [&str; 5]) -> Value {
        const FIELDS: [&str; 5] = ["email", "first_name", "last_name", "job_role", "phone"];
        let known = names.into_iter().zip(FIELDS).filter(|(name, _)| !name.is_empty());
        let known = known.filter_map(|(name, id)| Some((name.to_owned(), Value::from(self.field(id)?))));
        Value::Object(known.collect::<Map<_, _>>())
    }

    /// What AWS asks about the campaign: all of it is known.
    fn marketing(&self) -> Value {
        let package = self.input.package;
        let tracking = &package.tracking;
        let mut channels: Vec<&str> = Vec::new();
        for placement in &tracking.placements {
            let source = tracking.sources.iter().find(|it| it.id == placement.source);
            let medium = tracking.mediums.iter().find(|it| it.id == placement.medium);
            let of_medium = || {
                let channel = &*medium?.channel;
                AWS_CHANNELS.iter().find(|(ours, _)| *ours == channel).map(|(_, theirs)| *theirs)
            };
            let channel = source.and_then(|it| it.cosell.as_deref()).or_else(of_medium);
            channels.extend(channel.filter(|channel| !channels.contains(channel)));
        }
        let is_funded = &*package.proof.fund.profile == AWS_FUND;
        json!({
            "Source": "Marketing Activity",
            "CampaignName": deployment_key(self.input),
            "Channels": channels,
            "AwsFundingUsed": if is_funded { "Yes" } else { "No" },
        })
    }

    fn referral(&mut self) -> Value {
        let title = self.title();
        let id = self.word("handoff_id", format!("handoff.{}", record::ID));
        let contact = self.contact(["email", "firstName", "lastName", "", "phoneNumber"]);
        let country = self.country();
        let currency = self.currency();
        let notes = self.field("why_now");
        let value = self.word("amount", "status.amount".to_owned());
        let close = self.person("target_close_date");
        let size = self.person("size");
        let solution = self.solution();
        let (status, substatus) = self.stage().and_then(|it| it.split_once('/')).unwrap_or(("New", "Pending"));
        let solution = solution.unwrap_or_else(|| shown("solution"));
        json!({
            "name": title,
            "externalReferenceId": id,
            // Seen by the partner alone, until somebody decides otherwise.
            "type": "Independent",
            "qualification": "SalesQualified",
            "status": status,
            "substatus": substatus,
            "customerProfile": {
                "name": shown("company"),
                "address": {"country": country},
                "size": size,
                "team": [contact],
            },
            // Nothing that a lead of this package permits covers Microsoft: who has it from the customer sets it.
            "consent": {
                "consentToContact": false,
                "consentToToShareInfoWithOthers": false,
                "consentToShareReferralWithMicrosoftSellers": false,
            },
            "details": {
                "notes": notes.unwrap_or_else(|| shown("company")),
                "dealValue": value,
                "currency": currency,
                "closingDateTime": format!("{close}T00:00:00Z"),
                "requirements": {"solutions": [{"id": solution}]},
            },
        })
    }
}

fn put(payload: &mut Value, part: &str, key: &str, value: Option<String>) {
    if let (Some(Value::Object(part)), Some(value)) = (payload.get_mut(part), value) {
        part.insert(key.to_owned(), value.into());
    }
}

/// Words of a payload that the master says nothing of.
pub fn unsaid(system: &System, handed: &Handed<'_>, columns: &Columns<'_>, input: &Input<'_>) -> Vec<Finding> {
    let said = words(input.package, system);
    let open = Deal::new(system, handed, columns, input).open;
    let gone = open.iter().filter(|open| said.iter().all(|word| *word.id != *open.id));
    let finding = |open: &Open| {
        let message = format!("nothing says what goes in for `{}` in the payload for {}", shown(open.id), system.name);
        let help = format!("add `{}` to `words` of `{}`, with a rule and an example", open.id, system.id);
        Finding::new(format!("platforms.cosell[{}].words", system.id), message, help)
    };
    gone.map(finding).collect()
}

/// Systems that nobody knows, and names that AWS does not have.
pub fn check(input: &Input<'_>) -> Vec<Finding> {
    let named = &input.package.partner.platforms.cosell;
    let known = || crate::profiles::cosell::SYSTEMS.iter().map(|it| it.id);
    let unknown = named.iter().filter(|id| system(id).is_none()).map(|id| {
        let near = nearest(id, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!("nothing is known of selling together in `{id}`{near}");
        let help = format!("name one of {}", known().collect::<Vec<_>>().join(", "));
        Finding::new("partner.platforms.cosell", message, help)
    });
    let mut findings: Vec<Finding> = unknown.collect();
    let industry = input.data.get("industry").and_then(|it| it.get("aws_industry")).and_then(Data::as_str);
    if let Some(industry) = industry.filter(|it| named.iter().any(|id| &**id == AWS) && !AWS_INDUSTRIES.contains(it)) {
        let near = nearest(industry, AWS_INDUSTRIES.iter().copied());
        let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        let message = format!("AWS has no industry `{industry}`{near}");
        let help = format!("one of: {}", AWS_INDUSTRIES.join(", "));
        findings.push(Finding::new("industry.aws_industry", message, help));
    }
    findings
}
