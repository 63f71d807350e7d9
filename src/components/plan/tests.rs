use proptest::prelude::*;

use super::split::{goals, shares};
use super::*;
use crate::package::program::Partner;
use crate::package::read;

fn proof(shares: &[f64]) -> Proof {
    let metric = |id: &str, plan: i64| {
        Data::map([("id", id.into()), ("title", id.into()), ("meaning", id.into()), ("plan", Data::Int(plan))])
    };
    let activity = |(index, share): (usize, &f64)| {
        Data::map([
            ("id", format!("a{index}").into()),
            ("kind", "email".into()),
            ("title", "Emails".into()),
            ("audience", "Contacts".into()),
            ("first_day", Data::Int(0)),
            ("last_day", Data::Int(5)),
            ("budget", Data::Float(*share)),
            ("share", Data::map([("leads", Data::Float(*share))])),
        ])
    };
    let data = Data::map([
        ("fund", fund()),
        ("metrics", Data::list([metric("leads", 40), metric("mqls", 20)])),
        ("activities", Data::list(shares.iter().enumerate().map(activity))),
        ("evidence", Data::list([])),
    ]);
    read(&data, "proof").unwrap()
}

fn fund() -> Data {
    let exchange = Data::map([("source", "Bank".into()), ("date", "invoice".into())]);
    Data::map([
        ("name", "Fund".into()),
        ("profile", "standard".into()),
        ("reimbursed_percent", Data::Int(50)),
        ("tax_basis", "net".into()),
        ("exchange", exchange),
        ("dates_within", Data::list(["invoice".into()])),
    ])
}

fn partner(goals: &[(&str, f64)]) -> Partner {
    let goals = goals.iter().map(|(id, goal)| (*id, Data::Float(*goal)));
    read(&Data::map([("name", "Partner".into()), ("goals", Data::map(goals))]), "partner").unwrap()
}

#[test]
fn a_goal_scales_what_has_none() {
    assert_eq!(goals(&proof(&[]), &partner(&[])), [40, 20]);
    assert_eq!(goals(&proof(&[]), &partner(&[("leads", 15.0)])), [15, 8]);
    assert_eq!(goals(&proof(&[]), &partner(&[("leads", 15.0), ("mqls", 3.0)])), [15, 3]);
}

#[test]
fn quarters_end_with_their_month() {
    assert_eq!(quarter_end(date(2027, 1, 11)), date(2027, 3, 31));
    assert_eq!(quarter_end(date(2027, 6, 30)), date(2027, 6, 30));
    assert_eq!(quarter_end(date(2027, 11, 2)), date(2027, 12, 31));
}

#[test]
fn claims_count_from_what_the_fund_says() {
    let period = Period { code: "q".into(), name: "Q".into(), start: date(2027, 1, 9), end: date(2027, 3, 31) };
    let mut proof = proof(&[]);
    let due = |proof: &Proof| {
        Days::new(&period, calendar::Days::default(), &Schedule::default(), proof).claim_due(date(2027, 2, 1))
    };
    assert_eq!(due(&proof), date(2027, 4, 30));
    proof.fund.claim_due = Some(ClaimDue { from: DueFrom::ActivityEnd, days: 45 });
    assert_eq!(due(&proof), date(2027, 3, 18));
    assert_eq!(Days::new(&period, calendar::Days::default(), &Schedule::default(), &proof).launch, date(2027, 1, 11));
}

proptest! {
    #[test]
    fn no_part_is_more_than_its_whole(
        cuts in proptest::collection::vec((0u32..100, 0u32..100), 0..5),
        whole in 0i64..200,
        less in 0i64..200,
    ) {
        let column = |pick: fn(&(u32, u32)) -> u32| {
            let mut column: Vec<u32> = cuts.iter().map(pick).chain([0, 100]).collect();
            column.sort_unstable();
            column.windows(2).map(|pair| f64::from(pair[1] - pair[0])).collect::<Vec<_>>()
        };
        let (first, second) = (column(|cut| cut.0), column(|cut| cut.1));
        let mut proof = proof(&first);
        proof.metrics[1].within = Some("leads".into());
        for (activity, share) in proof.activities.iter_mut().zip(second) {
            activity.share.insert("mqls".into(), share);
        }
        let totals = [whole, (whole - less).max(0)];
        let parts = shares(&proof, &totals);
        for (at, total) in totals.iter().enumerate() {
            prop_assert_eq!(parts.iter().map(|parts| parts[at].1).sum::<i64>(), *total);
        }
        prop_assert!(parts.iter().all(|parts| parts[1].1 <= parts[0].1), "{parts:?}");
    }

    #[test]
    fn parts_add_up_to_the_plan(cuts in proptest::collection::vec(0u32..100, 0..6), total in 0i64..5000) {
        let mut cuts = cuts;
        cuts.extend([0, 100]);
        cuts.sort_unstable();
        let percents: Vec<f64> = cuts.windows(2).map(|pair| f64::from(pair[1] - pair[0])).collect();
        let proof = proof(&percents);
        let parts = shares(&proof, &[total, 0]);
        let sum: i64 = parts.iter().flatten().map(|(_, part)| part).sum();
        prop_assert_eq!(sum, total);
        prop_assert!(parts.iter().flatten().all(|(_, part)| *part >= 0));
    }
}
