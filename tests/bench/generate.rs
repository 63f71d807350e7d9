//! The workload `generated`: a small master beside this file, and overlays for as many industries, regions and partners
//! as are asked for, all of them different. Its deployments are all combinations, so a base has many partners.

use std::path::Path;

use include_dir::{Dir, include_dir};

use super::files;

static MASTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/tests/bench/workload");

/// How many values each axis has; the deployments are all combinations.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub partners: usize,
    pub industries: usize,
    pub regions: usize,
}

impl Size {
    /// The shapes of the workload; another number varies the partners.
    pub fn of(deployments: usize) -> Self {
        let (industries, regions) = match deployments {
            0..=100 => (4, 1),
            101..=1_000 => (5, 4),
            _ => (8, 10),
        };
        Self { partners: deployments.div_ceil(industries * regions), industries, regions }
    }
}

/// Writes a workspace; the folder must not exist yet.
pub fn write(size: Size, folder: &Path) -> Result<(), String> {
    files::new_folder(folder)?;
    MASTER.extract(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for index in 0..size.industries {
        industry(folder, index)?;
    }
    for index in 0..size.regions {
        region(folder, index)?;
    }
    for index in 0..size.partners {
        partner(folder, index, size, 0)?;
    }
    Ok(())
}

/// Writes one partner; another `edition` of it has another phone number.
pub fn partner(folder: &Path, index: usize, size: Size, edition: usize) -> Result<(), String> {
    let id = format!("partner-{index:03}");
    let list =
        |count: usize, name: &str| (0..count).map(|index| format!("{name}-{index:02}")).collect::<Vec<_>>().join(", ");
    let record = format!(
        "name: Partner {index:03} Systems\n\
         tier: one-to-few\n\
         motions: [launch]\n\
         industries: [{}]\n\
         regions: [{}]\n\
         website: https://{id}.example\n\
         contact: {{name: Person {index:03}, email: partner@{id}.example, phone: \"+1 555 {:07}\"}}\n\
         brand: {{primary: \"#{:06x}\"}}\n\
         platforms: {{email: hubspot, crm: salesforce}}\n\
         capability: full\n\
         legal: {{legal_name: \"Partner {index:03} Systems, Inc.\", street: {index} Sample Road, postcode: \"{index:05}\", city: Sampleton, country: US, email: legal@{id}.example}}\n",
        list(size.industries, "industry"),
        list(size.regions, "region"),
        index * 1_000 + edition,
        0x10_3050 + index * 0x511,
    );
    put(folder, &format!("partners/{id}/partner.yaml"), &record)?;
    let spotlight = format!(
        "<!-- replace-body: spotlight -->\n{}\n<!-- /replace-body -->\n",
        sentences(5, index, &format!("Partner {index:03}"))
    );
    put(folder, &format!("partners/{id}/content/landing.md"), &spotlight)
}

fn industry(folder: &Path, index: usize) -> Result<(), String> {
    let id = format!("industry-{index:02}");
    let name = format!("Industry {index:02}");
    let record = format!("name: {name}\naws_industry: Other\naudience: heads of IT in {name}\ncode: {id}\n");
    put(folder, &format!("industries/{id}/industry.yaml"), &record)?;
    let pains = format!("<!-- replace-body: pains -->\n{}\n<!-- /replace-body -->\n", sentences(4, index, &name));
    put(folder, &format!("industries/{id}/content/landing.md"), &pains)?;
    for email in ["welcome", "diagnose", "case", "session"] {
        let text =
            format!("<!-- replace: industry -->\n{}\n<!-- /replace -->\n", sentences(2, index + email.len(), &name));
        put(folder, &format!("industries/{id}/content/emails/{email}.md"), &text)?;
    }
    Ok(())
}

fn region(folder: &Path, index: usize) -> Result<(), String> {
    let id = format!("region-{index:02}");
    let name = format!("Region {index:02}");
    let record = format!(
        "name: {name}\n\
         code: {id}\n\
         locale: en-US\n\
         locales: [en-US]\n\
         currency: USD\n\
         week_start: monday\n\
         fiscal_year_start: 1\n\
         phone_prefix: \"+1\"\n\
         legal: {{basis: Opt-in in {name}, consent_mode: opt_in, unsubscribe_days: 10, imprint_required: false, attribution_storage: none, required_sender_fields: [legal_name, street, city, country]}}\n\
         consent:\n  version: {id}-2026-11\n  notice: Text of {name}\n  boxes:\n    - {{id: vendor, text: \"{{{{ vendor.name }}}} may email me\"}}\n    - {{id: partner, text: \"{{{{ partner.name }}}} may email me\"}}\n\
         calendar:\n  country: US\n  zone: America/New_York\n  hours: {{workday: \"09:00-17:00\"}}\n  closed:\n    - {{date: 2027-02-{:02}, name: Day of {name}}}\n",
        index % 28 + 1,
    );
    put(folder, &format!("regions/{id}/region.yaml"), &record)?;
    for (file, block) in [("landing", "proof"), ("playbook", "region")] {
        let text = format!("<!-- replace-body: {block} -->\n{}\n<!-- /replace-body -->\n", sentences(4, index, &name));
        put(folder, &format!("regions/{id}/content/{file}.md"), &text)?;
    }
    Ok(())
}

/// Running text about someone, different for each number.
fn sentences(count: usize, number: usize, about: &str) -> String {
    const ALL: [&str; 6] = [
        "works with teams that want to see a restore before they need one.",
        "names the system that comes back first, with {{ product.name }} and with a clock.",
        "keeps a record of every rehearsal, and reads the failed ones first.",
        "asks who signed the recovery time, and when it was last measured.",
        "starts with one system, one owner and half a day.",
        "shows the measured time beside the promised one.",
    ];
    (0..count).map(|index| format!("{about} {}", ALL[(number + index) % ALL.len()])).collect::<Vec<_>>().join(" ")
}

fn put(folder: &Path, path: &str, text: &str) -> Result<(), String> {
    files::write(&folder.join(path), text)
}
