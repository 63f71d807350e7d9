//! The sample's motions, industries and regions as a market: how many partners each of them has, and what a
//! partner at home there is called, where it lives and how it is registered.

use std::path::Path;

use super::super::files;

/// In a hundred, much as in the sample: most partners launch, some sell a service, some hold a roundtable.
pub static MOTIONS: [(&str, usize); 3] = [("launch", 60), ("services", 22), ("event", 18)];

pub static INDUSTRIES: [(&str, usize); 6] = [
    ("financial-services", 21),
    ("energy", 18),
    ("retail", 18),
    ("manufacturing", 17),
    ("government", 14),
    ("healthcare", 12),
];

/// A region that deployments are made in.
pub struct Region {
    pub id: &'static str,
    pub weight: usize,
    /// As in its record.
    pub locales: &'static [&'static str],
    pub country: &'static str,
    /// City, state and postcode; the state is there for all, since some regions demand one of whoever sends there.
    pub places: &'static [[&'static str; 3]],
    /// With `#` for the number.
    pub street: &'static str,
    /// Less the last two digits; of the ranges that are set aside for fiction, where there are any.
    pub phone: &'static str,
    /// What companies are called after, each with the form that it has in a register.
    pub kinds: &'static [[&'static str; 2]],
    pub register: &'static str,
    pub vat_id: &'static str,
}

pub static REGIONS: [Region; 9] = [
    Region {
        id: "us",
        weight: 18,
        locales: &["en-US"],
        country: "US",
        places: &[
            ["Albany", "NY", "12201"],
            ["Tulsa", "OK", "74101"],
            ["Madison", "WI", "53701"],
            ["Boise", "ID", "83701"],
        ],
        street: "# Sample Street",
        phone: "+1 518 555 01",
        kinds: &[["IT", "LLC"], ["Systems", "Inc."], ["Technology", "Inc."], ["Data Services", "LLC"]],
        register: "State business registry, number 0000000 (sample)",
        vat_id: "EU000000000 (sample)",
    },
    Region {
        id: "uki",
        weight: 15,
        locales: &["en-GB"],
        country: "GB",
        places: &[
            ["Bristol", "England", "BS1 0ZZ"],
            ["Edinburgh", "Scotland", "EH1 0ZZ"],
            ["Cardiff", "Wales", "CF10 0ZZ"],
        ],
        street: "# Sample Lane",
        phone: "+44 117 496 01",
        kinds: &[["IT", "Ltd"], ["Computing", "Limited"], ["Technology", "Ltd"], ["Services", "Ltd"]],
        register: "company number 00000000 (sample)",
        vat_id: "GB000000000 (sample)",
    },
    Region {
        id: "dach",
        weight: 14,
        locales: &["de-DE"],
        country: "DE",
        places: &[
            ["Berlin", "Berlin", "10117"],
            ["München", "Bayern", "80331"],
            ["Köln", "Nordrhein-Westfalen", "50667"],
            ["Hamburg", "Hamburg", "20095"],
        ],
        street: "Musterstraße #",
        phone: "+49 30 23125 1",
        kinds: &[["Systeme", "GmbH"], ["IT-Service", "GmbH"], ["Informatik", "AG"], ["Büro für Daten", "GmbH"]],
        register: "Amtsgericht, HRB 00000 (Beispiel)",
        vat_id: "DE000000000 (Beispiel)",
    },
    Region {
        id: "canada",
        weight: 13,
        locales: &["en-CA", "fr-CA"],
        country: "CA",
        places: &[["Québec", "QC", "G1A 0A0"], ["Thunder Bay", "ON", "P7A 0A0"], ["Saskatoon", "SK", "S7K 0A0"]],
        street: "# Sample Road",
        phone: "+1 418 555 01",
        kinds: &[["IT", "Ltd."], ["Informatique", "Inc."], ["Technology", "Inc."], ["Systèmes", "Inc."]],
        register: "Corporation number 0000000 (sample)",
        vat_id: "GST/HST 000000000 RT0001 (sample)",
    },
    Region {
        id: "france",
        weight: 9,
        locales: &["fr-FR"],
        country: "FR",
        places: &[["Lyon", "Rhône", "69002"], ["Lille", "Nord", "59000"], ["Nantes", "Loire-Atlantique", "44000"]],
        street: "# rue de l’Exemple",
        phone: "+33 4 65 71 33 ",
        kinds: &[["Systèmes", "SARL"], ["Réseaux", "SAS"], ["Informatique", "SAS"], ["Conseil", "SARL"]],
        register: "RCS 000 000 000 (exemple)",
        vat_id: "FR00000000000 (exemple)",
    },
    Region {
        id: "brazil",
        weight: 9,
        locales: &["pt-BR"],
        country: "BR",
        places: &[["São Paulo", "SP", "01000-000"], ["Curitiba", "PR", "80000-000"], ["Recife", "PE", "50000-000"]],
        street: "Rua do Exemplo, #",
        phone: "+55 11 0000 01",
        kinds: &[["Tecnologia", "Ltda"], ["Sistemas", "Ltda"], ["Soluções", "S.A."]],
        register: "CNPJ 00.000.000/0000-00 (exemplo)",
        vat_id: "CNPJ 00.000.000/0000-00 (exemplo)",
    },
    Region {
        id: "anz",
        weight: 9,
        locales: &["en-AU"],
        country: "AU",
        places: &[["Sydney", "NSW", "2000"], ["Perth", "WA", "6000"], ["Brisbane", "QLD", "4000"]],
        street: "# Sample Terrace",
        phone: "+61 2 7010 01",
        kinds: &[["IT", "Pty Ltd"], ["Systems", "Pty Ltd"], ["Services", "Limited"]],
        register: "ABN 00 000 000 000 (sample)",
        vat_id: "ABN 00 000 000 000 (sample)",
    },
    Region {
        id: "japan",
        weight: 8,
        locales: &["ja-JP"],
        country: "JP",
        places: &[["Fukuoka", "Fukuoka", "810-0000"], ["Osaka", "Osaka", "530-0000"], ["Sendai", "Miyagi", "980-0000"]],
        street: "#-1 Sample-cho",
        phone: "+81 3 0000 01",
        kinds: &[["Technology", "K.K."], ["Systems", "K.K."], ["Solutions", "G.K."]],
        register: "Corporate number 0000000000000 (sample)",
        vat_id: "T0000000000000 (sample)",
    },
    Region {
        id: "gulf",
        weight: 7,
        locales: &["ar-AE"],
        country: "AE",
        places: &[["Dubai", "Dubai", "00000"], ["Sharjah", "Sharjah", "00000"]],
        street: "Sample Tower, Office #",
        phone: "+971 4 000 01",
        kinds: &[["Technology", "LLC"], ["Systems", "LLC"], ["IT", "FZ-LLC"]],
        register: "Trade licence 000000 (sample)",
        vat_id: "TRN 000000000000000 (sample)",
    },
];

/// The language that the master is in, and every layer that does not say otherwise.
pub const MASTER_LOCALE: &str = "en-US";

/// The name of a language: what a locale begins with.
pub fn language(locale: &str) -> &str {
    locale.split('-').next().unwrap_or(locale)
}

/// Says no where the sample has grown an axis' value that partners would pass by.
pub fn is_the_one_of(sample: &Path) -> Result<(), String> {
    let deployed = |record: &Path| files::read(record).is_ok_and(|text| text.contains("\nlocales:"));
    for (folder, record, mut known) in [
        ("motions", "motion.yaml", MOTIONS.map(|(id, _)| id).to_vec()),
        ("industries", "industry.yaml", INDUSTRIES.map(|(id, _)| id).to_vec()),
        ("regions", "region.yaml", REGIONS.iter().map(|region| region.id).collect()),
    ] {
        let entries = std::fs::read_dir(sample.join(folder)).map_err(|error| format!("{folder}: {error}"))?;
        let entries = entries.filter_map(Result::ok).map(|entry| entry.path());
        // A region without locales is there for its children.
        let entries = entries.filter(|path| folder != "regions" || deployed(&path.join(record)));
        let stem = |path: std::path::PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
        let mut there: Vec<String> = entries.filter_map(stem).collect();
        there.sort();
        known.sort_unstable();
        if there != known {
            return Err(format!("the sample has the {folder} {there:?}, and the workload `wide` draws from {known:?}"));
        }
    }
    Ok(())
}
