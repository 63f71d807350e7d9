//! Clashes that no deployment has yet, and those that bands decide unseen.

#[path = "support/small.rs"]
mod small;

use cobrand::build::Program;
use cobrand::diag::{Diagnostic, Diagnostics};
use cobrand::resolve::latent;
use small::Small;

const RETAIL: &str = "name: Retail\noverlay:\n  package: {vars: {slogan: Shops}}\n";
const EUROPE: &str = "name: Europe\nlocales: [en-US]\noverlay:\n  package: {vars: {slogan: Euro}}\n";

fn opened(workspace: &Small) -> Program {
    let (program, diagnostics) = Program::open(&workspace.memory());
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    program.ok().unwrap()
}

fn codes(found: &Diagnostics) -> Vec<&str> {
    found.iter().map(|diagnostic: &Diagnostic| diagnostic.code.0).collect()
}

/// O5: nobody sells retail in Europe any more, but somebody may.
#[test]
fn a_clash_of_peers_that_no_deployment_has_is_found() {
    let health = "name: Beta\ntier: one-to-one\nmotions: [launch]\nindustries: [health]\nregions: [europe]\n\
                  contact: {name: Bob, email: bob@beta.example}\nlegal: {legal_name: Beta Ltd}\n";
    let workspace = Small::base().with("industries/retail.yaml", RETAIL).with("regions/europe.yaml", EUROPE);
    let workspace = workspace.with("partners/beta.yaml", health).without("partners/acme");
    let program = opened(&workspace);
    let found = latent::latent(program.approved(), program.matrix());
    assert_eq!(codes(&found), ["W-LATENT"]);
    let overlay = "vars: {slogan: European shops}\n";
    let program = opened(
        &workspace
            .with("regions/europe/@industry=retail/package.yaml", overlay)
            .without("regions/europe.yaml")
            .with("regions/europe/region.yaml", "name: Europe\nlocales: [en-US]\n")
            .with("regions/europe/package.yaml", "vars: {slogan: Euro}\n"),
    );
    assert!(latent::latent(program.approved(), program.matrix()).is_empty());
}

/// O5: what a deployment has is an error already, and is not said twice.
#[test]
fn a_clash_that_a_deployment_has_is_not_latent() {
    let workspace = Small::base().with("industries/retail.yaml", RETAIL).with("regions/europe.yaml", EUROPE);
    let program = opened(&workspace);
    assert!(latent::latent(program.approved(), program.matrix()).is_empty());
}

/// O4: a total order of bands hides clashes, and they are still listed.
#[test]
fn what_a_total_order_decides_is_listed() {
    let settings = "program: small\nbands: [[motion], [industry], [region], [tier], [partner]]\n";
    let workspace = Small::base().with("industries/retail.yaml", RETAIL).with("regions/europe.yaml", EUROPE);
    let program = opened(&workspace.with("cobrand.yaml", settings));
    assert_eq!(codes(&latent::decided_by_bands(program.approved())), ["W-PEER"]);
}
