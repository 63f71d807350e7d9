//! Laws over random packages of a partner.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::date;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::claim::Pays;
use super::*;

/// What a package is drawn from: its motion and region, and of each activity whether it is once for both, its value and amount.
type Drawn = (u8, u8, Vec<(bool, i64, i64)>);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let activities = proptest::collection::vec((any::<bool>(), 0i64..50, 0i64..100_000), 1..4);
    proptest::collection::vec((0u8..2, 0u8..3, activities), 1..7)
}

fn activity(at: usize, place: &str, once: bool, value: i64, amount: i64) -> Activity {
    let place = if once { place.to_owned() } else { format!("{place}.own") };
    Activity {
        id: format!("a{at}").into(),
        key: format!("{place}_a{at}").into(),
        kind: "email".into(),
        title: "Emails".into(),
        audience: "Contacts".into(),
        start: date(2027, 1, 11),
        end: date(2027, 3, 1),
        approval_due: Some(date(2026, 12, 28)),
        claim_due: date(2027, 4, 30),
        budget: Decimal::ONE_HUNDRED,
        amount: Some(Decimal::new(amount, 2)),
        cap: None,
        values: IndexMap::from([(Arc::from("leads"), value)]),
        contents: vec!["welcome".into(), format!("c{at}").into()],
        evidence: vec![Evidence {
            id: "report".into(),
            title: "Report".into(),
            shows: "performance".into(),
            optional: false,
            file: "x.pdf".into(),
            due: date(2027, 3, 8),
        }],
    }
}

fn fund() -> Fund {
    Fund {
        claim: "claim-q1-acme-eur".into(),
        name: "Fund".into(),
        currency: "EUR".into(),
        reimbursed_percent: Decimal::from(50),
        cap: None,
        tax_basis: Basis::NetIfRecoverable,
        approval: Approval::Each,
        exchange: Exchange { source: "Bank".into(), date: "invoice".into() },
        dates: vec![DateTest::Invoice, DateTest::Payment],
        claim_due: date(2027, 4, 30),
        submit_by: date(2027, 4, 30),
        keep_until: date(2029, 4, 30),
        contact: None,
        legal_name: Some("Acme".into()),
        tax_id: None,
    }
}

fn dated(id: &str, owner: &str) -> Dated {
    Dated {
        id: id.into(),
        date: date(2027, 1, 11),
        weekly: Vec::new(),
        time: None,
        place: "".into(),
        of: None,
        title: "Live".into(),
        detail: "Publish".into(),
        owner: owner.into(),
        category: owner.into(),
    }
}

fn part(number: usize, of: usize, (motion, region, activities): &Drawn) -> Part {
    let (motion, region) = (format!("m{motion}"), format!("r{region}"));
    let own = format!("{motion}.i{number}.{region}");
    let activities = activities.iter().enumerate().map(|(at, &(once, value, amount))| {
        let place = if once { format!("{motion}.{region}") } else { own.clone() };
        activity(at, &place, once, value, amount)
    });
    Part {
        format: FORMAT,
        deployment: format!("acme/{motion}/i{number}/{region}").into(),
        partner: "acme".into(),
        name: "Acme".into(),
        axes: [("motion", &motion), ("region", &region)]
            .map(|(axis, value)| (axis.into(), value.as_str().into()))
            .into(),
        number,
        packages: of,
        program: "p".into(),
        released: date(2026, 11, 16),
        zone: None,
        campaign: format!("q1_{number}").into(),
        utm_id: format!("d{number}").into(),
        period: Period { name: "Q1".into(), start: date(2027, 1, 11), end: date(2027, 3, 31) },
        fund: fund(),
        goals: vec![Goal { metric: "leads".into(), title: "Leads".into(), goal: 40, planned: 10 }],
        activities: activities.collect(),
        dates: vec![dated("live", "partner"), dated("kick-off", "region")],
        campaigns: vec![
            Campaign {
                currency: Some("EUR".into()),
                owner: Some("desk@vendor.example".into()),
                code: None,
                level: Level { at: 0, id: "program".into() },
                key: "q1".into(),
                parent: None,
                name: "Q1".into(),
                kind: "Partners".into(),
                description: "".into(),
            },
            Campaign {
                currency: Some("EUR".into()),
                owner: Some("desk@vendor.example".into()),
                code: Some(format!("d{number}").into()),
                level: Level { at: 1, id: "deployment".into() },
                key: format!("q1_{number}").into(),
                parent: Some("q1".into()),
                name: "Own".into(),
                kind: "Partners".into(),
                description: "".into(),
            },
        ],
        statuses: vec![Status { id: "sent".into(), label: "Sent".into(), order: 1, default: true, responded: true }],
        load: load::Load::default(),
        words: Words::default(),
        rtl: false,
    }
}

fn parts(drawn: &[Drawn]) -> Vec<Part> {
    drawn.iter().enumerate().map(|(at, of)| part(at + 1, drawn.len(), of)).collect()
}

/// The last column of a table, summed.
fn total(table: &[u8]) -> i64 {
    let mut reader = csv::Reader::from_reader(table);
    reader.records().map(|row| row.unwrap().iter().next_back().unwrap().parse::<i64>().unwrap()).sum()
}

fn paid(claim: &Claim<'_>) -> Decimal {
    match claim.pays {
        Pays::Planned(Some(paid)) => paid,
        pays => panic!("{pays:?}"),
    }
}

fn planned(parts: &[Part], is_of: impl Fn(&Part) -> bool) -> i64 {
    let mut sums = tables::Sums::default();
    sums.add(parts, is_of);
    let at = tables::SUMS.iter().position(|name| *name == "planned.csv").unwrap();
    total(&sums.finish()[at])
}

proptest! {
    #[test]
    fn each_activity_is_claimed_once_and_nothing_is_lost(drawn in drawn()) {
        let parts = parts(&drawn);
        let claims = claims(&parts);
        prop_assert_eq!(claims.len(), 1);
        let claim = &claims[0];
        let all = || parts.iter().flat_map(|part| &part.activities);
        let mut keys: Vec<_> = claim.rows.iter().map(|row| row.activity.key.clone()).collect();
        let count = keys.len();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), count);
        let whole: Decimal = all().filter_map(|activity| activity.amount).sum();
        prop_assert_eq!(claim.planned(), Some(whole));
        let mut values: BTreeMap<&str, i64> = BTreeMap::new();
        claim.rows.iter().flat_map(|row| &row.values).for_each(|(metric, value)| *values.entry(metric).or_default() += value);
        prop_assert_eq!(values["leads"], all().map(|activity| activity.values["leads"]).sum::<i64>());
    }

    #[test]
    fn no_figure_depends_on_the_order_of_packages(drawn in drawn(), turn in 0usize..7) {
        let parts = parts(&drawn);
        let mut turned: Vec<&Part> = parts.iter().collect();
        turned.rotate_left(turn % parts.len());
        turned.reverse();
        prop_assert_eq!(tables::of(&claims(&parts)), tables::of(&claims(turned.iter().copied())));
        let calendar = |parts: &mut dyn Iterator<Item = &Part>| {
            let mut calendar = Calendar::default();
            parts.for_each(|part| calendar.add(part, |_| true));
            calendar.file("Plan", None, |day| day.deployments.join(", "))
        };
        prop_assert_eq!(calendar(&mut parts.iter()), calendar(&mut turned.iter().copied()));
        let campaigns = |parts: &mut dyn Iterator<Item = &Part>| {
            let mut campaigns = Campaigns::default();
            parts.for_each(|part| campaigns.add(&part.deployment, &part.campaigns, &part.statuses, &part.period));
            campaigns.for_all()
        };
        prop_assert_eq!(campaigns(&mut parts.iter()), campaigns(&mut turned.iter().copied()));
    }

    #[test]
    fn regions_add_up_to_the_program(drawn in drawn()) {
        let parts = parts(&drawn);
        let of_region = |region: &str| planned(&parts, |part| *part.axes["region"] == *region);
        prop_assert_eq!(planned(&parts, |_| true), ["r0", "r1", "r2"].into_iter().map(of_region).sum::<i64>());
    }

    #[test]
    fn what_is_paid_back_adds_up_whatever_the_caps(drawn in drawn(), caps in proptest::array::uniform2(0i64..60_000)) {
        let mut parts = parts(&drawn);
        let [claim_cap, own_cap] = caps.map(|cap| (cap > 0).then(|| Decimal::new(cap, 2)));
        for part in &mut parts {
            part.fund.cap = claim_cap;
            part.fund.reimbursed_percent = Decimal::new(3333, 2);
            part.activities.iter_mut().for_each(|activity| activity.cap = own_cap);
        }
        let claims = claims(&parts);
        let of = |is_of: &dyn Fn(&Part) -> bool| claims[0].of_some(is_of).map_or(Decimal::ZERO, |claim| paid(&claim));
        let whole = paid(&claims[0]);
        prop_assert!(claim_cap.is_none_or(|cap| whole <= cap));
        let regions = ["r0", "r1", "r2"].map(|region| of(&|part| *part.axes["region"] == *region));
        prop_assert_eq!(regions.iter().sum::<Decimal>(), whole);
        let packages = parts.iter().map(|own| of(&|part| part.deployment == own.deployment));
        prop_assert_eq!(packages.sum::<Decimal>(), whole);
        prop_assert_eq!(of(&|_| true), whole);
    }

    #[test]
    fn what_a_package_tells_is_read_back_as_it_was(drawn in drawn()) {
        for part in parts(&drawn) {
            let told = serde_json::to_vec(&part).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Part>(&told).unwrap(), part);
        }
    }
}

#[test]
fn what_many_packages_have_on_one_day_stands_there_once() {
    let parts = parts(&[(0, 0, vec![(true, 1, 1)]), (0, 1, vec![(true, 1, 1)])]);
    let mut calendar = Calendar::default();
    parts.iter().for_each(|part| calendar.add(part, |dated| &*dated.owner == "region"));
    let days: Vec<_> = calendar.days().map(|day| (&*day.dated.id, day.deployments.len(), day.partners.len())).collect();
    assert_eq!(days, [("kick-off", 2, 1)]);
}

#[test]
fn events_of_one_time_are_found_and_those_that_follow_are_none() {
    let event = |of: &str, starts: &str, ends: &str| Dated {
        of: Some(of.into()),
        time: Some(Time {
            starts: starts.parse().unwrap(),
            ends: ends.parse().unwrap(),
            hours: "".into(),
            zone: "UTC".into(),
        }),
        ..dated("live", "partner")
    };
    let mut parts = parts(&[(0, 0, vec![]), (1, 0, vec![])]);
    parts[0].dates = vec![
        event("first", "2027-02-25T16:00:00Z", "2027-02-25T18:00:00Z"),
        event("second", "2027-02-25T18:00:00Z", "2027-02-25T19:00:00Z"),
        dated("kick-off", "region"),
    ];
    parts[1].dates = vec![
        event("first", "2027-02-25T16:00:00Z", "2027-02-25T18:00:00Z"),
        event("third", "2027-02-25T17:30:00Z", "2027-02-25T18:00:00Z"),
    ];
    let mut calendar = Calendar::default();
    parts.iter().for_each(|part| calendar.add(part, |_| true));
    let of = |day: &Day| day.dated.of.clone().unwrap();
    let clashes: Vec<_> = calendar.clashes().into_iter().map(|(one, other)| (of(one), of(other))).collect();
    assert_eq!(clashes, [("first".into(), "third".into())]);
}

/// Two evenings of a partner are two, though they have one day and one title; one that is for two packages is one.
#[test]
fn what_is_claimed_by_itself_stands_in_the_calendar_by_itself() {
    let mut parts = parts(&[(0, 0, vec![]), (0, 0, vec![]), (0, 1, vec![])]);
    for (part, key) in parts.iter_mut().zip(["m0.r0_live", "m0.r0_live", "m0.r1_live"]) {
        part.dates[0].of = Some(key.into());
    }
    let mut calendar = Calendar::default();
    parts.iter().for_each(|part| calendar.add(part, |_| true));
    let days: Vec<_> = calendar.days().map(|day| (&*day.dated.id, day.deployments.len())).collect();
    assert_eq!(days, [("kick-off", 3), ("live", 2), ("live", 1)]);
    let file = calendar.file("Plan", None, |_| String::new());
    let uids = String::from_utf8_lossy(&file).matches("\nUID:live.").count();
    assert_eq!(uids, 2);
}

#[test]
fn caps_hold_for_an_activity_and_for_the_claim() {
    let mut parts = parts(&[(0, 0, vec![(false, 1, 100_000), (false, 1, 50_001)])]);
    let reimbursed = |parts: &[Part]| paid(&claims(parts)[0]).to_string();
    // Of 1,000.00 and 500.01 a half each, and a half cent goes up.
    assert_eq!(reimbursed(&parts), "750.01");
    parts[0].activities[0].cap = Some(Decimal::from(300));
    assert_eq!(reimbursed(&parts), "550.01");
    parts[0].fund.cap = Some(Decimal::from(400));
    assert_eq!(reimbursed(&parts), "400");
    parts[0].activities[1].amount = None;
    assert_eq!(claims(&parts)[0].pays, Pays::Planned(None));
}

#[test]
fn a_package_knows_what_is_paid_back_where_it_is_all_that_is_claimed() {
    let one = parts(&[(0, 0, vec![(false, 1, 100_000)])]);
    assert_eq!(own_claim(&one[0]).pays, Pays::Planned(Some(Decimal::new(50_000, 2))));
    let two = parts(&[(0, 0, vec![(false, 1, 100_000)]), (0, 1, vec![(false, 1, 100_000)])]);
    assert_eq!(own_claim(&two[0]).pays, Pays::Elsewhere);
}

#[test]
fn an_invoice_has_the_name_that_the_checklist_has_for_it() {
    let mut parts = parts(&[(0, 0, vec![(false, 1, 1)])]);
    let names = |parts: &[Part]| {
        let claims = claims(parts);
        tables::invoice_files(&claims[0], &claims[0].rows[0])
    };
    assert_eq!(
        names(&parts),
        ["claim-q1-acme-eur_m0.i1.r0.own_a0_invoice.pdf", "claim-q1-acme-eur_m0.i1.r0.own_a0_invoice-2.pdf"]
    );
    parts[0].activities[0].evidence[0].shows = "cost".into();
    assert_eq!(names(&parts), ["x.pdf", "x-2.pdf"]);
}

#[test]
fn a_workbook_is_made_of_any_claim() {
    let parts = parts(&[(0, 0, vec![(true, 1, 1)]), (1, 2, vec![(false, 2, 5)])]);
    let claims = claims(&parts);
    let made = book(&claims[0]).unwrap();
    assert!(made.starts_with(b"PK"));
    assert_eq!(made, book(&claims[0]).unwrap());
}

/// Where campaigns have no parents there is one for each package, found by its own code.
#[test]
fn each_crm_gets_the_campaigns_that_it_takes() {
    let parts = parts(&[(0, 0, vec![(true, 1, 1)]), (0, 1, vec![(true, 1, 1)])]);
    let mut campaigns = Campaigns::default();
    parts.iter().for_each(|part| campaigns.add(&part.deployment, &part.campaigns, &part.statuses, &part.period));
    let text = |crm: Crm, name: &str| {
        let file = campaigns.for_one(crm).into_iter().find(|(file, _)| file == name);
        file.map(|(_, content)| String::from_utf8_lossy(&content).into_owned()).unwrap_or_default()
    };
    let sent: serde_json::Value = serde_json::from_str(&text(Crm::HubSpot, "hubspot-campaigns-1.json")).unwrap();
    let utm = |at: usize| sent["inputs"][at]["properties"]["hs_utm"].as_str();
    assert_eq!([utm(0), utm(1), utm(2)], [Some("q1_1"), Some("q1_2"), None]);
    let imported = text(Crm::Dynamics, "dynamics-campaigns.csv");
    let row = "Own,d1,Co-branding,Proposed,2027-01-11,2027-03-31,EUR,desk@vendor.example,";
    assert_eq!(imported.lines().nth(1), Some(row));
    assert_eq!(imported.lines().count(), 3);
    // Behind the two that a new campaign has.
    assert!(text(Crm::Salesforce, "salesforce-member-statuses.csv").contains("q1_1,Sent,3,TRUE,TRUE"));
    for crm in [Crm::Salesforce, Crm::HubSpot, Crm::Dynamics, Crm::Other] {
        let names: Vec<String> = campaigns.for_one(crm).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, crm.files(&parts[0].campaigns), "{crm:?}");
    }
}
