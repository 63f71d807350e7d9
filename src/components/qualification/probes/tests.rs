//! No model that differs in one thing scores all probes alike, unless it scores everything alike.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::super::mutants::mutants;
use super::super::score::score;
use super::super::tests::{lead, model};
use super::*;

/// What whoever compares sees of a score; the words of a cap say its number.
fn seen(model: &Qualification, lead: &Lead) -> String {
    let scored = score(model, lead);
    let why: Vec<_> = scored.why.iter().map(|reason| (&reason.id, reason.half, reason.points)).collect();
    let stage = (scored.cell(), scored.stage, &scored.route, &scored.owner, &scored.disqualified_by);
    format!("{} {} {stage:?} {why:?}", scored.fit, scored.engagement)
}

/// The mutants that no probe tells apart, though some lead does.
fn survivors(model: &Qualification, others: &[Lead]) -> Vec<String> {
    let told = |lead: &Lead| (lead.clone(), seen(model, lead));
    let probes: Vec<_> = probes(model).iter().map(|probe| told(&probe.lead)).collect();
    let others: Vec<_> = others.iter().map(told).collect();
    let tells =
        |mutant: &Qualification, leads: &[(Lead, String)]| leads.iter().any(|(lead, was)| seen(mutant, lead) != *was);
    let survives = |(_, mutant): &(String, Qualification)| !tells(mutant, &probes) && tells(mutant, &others);
    mutants(model).into_iter().filter(survives).map(|(what, _)| what).collect()
}

fn leads(count: usize) -> Vec<Lead> {
    let (mut runner, lead) = (TestRunner::deterministic(), lead());
    (0..count).map(|_| lead.new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn no_mutant_of_the_sample_survives() {
    let model = model();
    assert!(mutants(&model).len() > 250);
    assert_eq!(survivors(&model, &leads(2000)), [""; 0]);
}

#[test]
fn probes_are_few_and_named_once() {
    let probes = probes(&model());
    let ids: std::collections::BTreeSet<_> = probes.iter().map(|probe| &probe.id).collect();
    assert_eq!(ids.len(), probes.len());
    assert!(probes.len() < 120, "{}", probes.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    /// Models with the numbers of others.
    #[test]
    fn no_mutant_of_another_model_survives(picks in prop::collection::vec(any::<prop::sample::Index>(), 1..8)) {
        let other = picks.iter().fold(model(), |model, pick| {
            let mut mutants = mutants(&model);
            mutants.retain(|(what, _)| what.ends_with("+1") || what.ends_with("-1"));
            let at = pick.index(mutants.len());
            mutants.swap_remove(at).1
        });
        prop_assert_eq!(survivors(&other, &leads(200)), Vec::<String>::new());
    }
}
