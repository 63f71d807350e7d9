//! Definitions of fields and the container are what the systems take that they are for: `tests/readers/fields.py`, which shares
//! nothing with the program, reads those of packages for each system, and sees what is wrong in broken ones.

#[path = "support/copied.rs"]
mod copied;

use std::path::Path;
use std::process::Command;

use cobrand::build::{self, Options, Program, Unwatched};
use cobrand::emit::Output;
use cobrand::matrix::query::Query;
use cobrand::workspace::DiskFiles;

const HUBSPOT: &str = "rheinfeld/launch/manufacturing/dach";
const DYNAMICS: &str = "kitamori/launch/manufacturing/japan";
const PACKAGES: [&str; 4] =
    [HUBSPOT, DYNAMICS, "porto-claro/launch/manufacturing/brazil", "redbarn-networks/launch/manufacturing/us"];
const GTM: &str = "analytics: {profile: gtm, container: GTM-ABC1234, measurement: G-ABC1234567}\n";

/// What each of the faults does to a package, and a part of what the reader says of it.
const FAULTS: [(&str, &str, &str, &str, &str); 7] = [
    (
        HUBSPOT,
        "qualification/hubspot-properties.json",
        "\"name\": \"job_role\"",
        "\"name\": \"Job_Role\"",
        "does not match",
    ),
    (
        HUBSPOT,
        "qualification/hubspot-properties.json",
        "\"name\": \"utm_id\"",
        "\"name\": \"utm_ident\"",
        "posts {'utm_id'}",
    ),
    (
        HUBSPOT,
        "qualification/hubspot-properties.json",
        "\"value\": \"executive\"",
        "\"value\": \"boss\"",
        "other words",
    ),
    (
        HUBSPOT,
        "tracking/gtm-container.json",
        "\"value\": \"generate_lead\"",
        "\"value\": \"lead\"",
        "tells of another event",
    ),
    (
        HUBSPOT,
        "tracking/gtm-container.json",
        "\"consentStatus\": \"NEEDED\"",
        "\"consentStatus\": \"NOT_SET\"",
        "consentStatus",
    ),
    (
        DYNAMICS,
        "qualification/dynamics-columns.json",
        "\"LanguageCode\": 1041",
        "\"LanguageCode\": \"ja\"",
        "is not of type",
    ),
    (DYNAMICS, "qualification/fields.csv", "score_fit,", "score,", "score_fit"),
];

#[allow(clippy::disallowed_methods, reason = "a workspace is written to be edited")]
fn build(to: &Path) {
    let workspace = copied::sample();
    // A container is for regions to give, and the partner has a tool of its own.
    std::fs::remove_file(workspace.path().join("partners/rheinfeld/tracking.yaml")).unwrap();
    overwrite(&workspace.path().join("regions/dach/tracking.yaml"), GTM);
    let program = Program::open(&DiskFiles::new(workspace.path())).0.unwrap_or_else(|_| panic!());
    let output = Output::open(to).unwrap();
    let queries = PACKAGES.map(Query::new).into();
    let report = build::build(&program, &output, &Options { queries, zips: false, ..Options::default() }, &Unwatched);
    let said = report.diagnostics.sorted(program.sources());
    let said: Vec<_> = said.iter().filter(|it| it.is_error()).map(|it| &it.message).collect();
    assert!(said.is_empty(), "{said:?}");
}

#[allow(clippy::disallowed_methods, reason = "a copy is edited, outside of any output that is built again")]
fn overwrite(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

/// What the reader prints, and whether it found nothing wrong.
fn read(output: &Path) -> (bool, String) {
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/fields.py");
    let run = Command::new("python3").arg(reader).arg(output).output().unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr);
    (run.status.success(), said)
}

#[test]
fn systems_take_what_is_made_for_them() {
    let has_reader = Command::new("python3").args(["-c", "import jsonschema"]).status().is_ok_and(|it| it.success());
    if !has_reader {
        return println!("skipped: there is no Python with jsonschema here");
    }
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let (is_right, said) = read(folder.path());
    assert!(is_right, "{said}");
    let seen = "4 packages: definitions 2 for hubspot, 1 for marketo, 2 for salesforce, 1 for dynamics; 1 containers";
    assert!(said.contains(seen), "{said}");
    for (package, file, right, wrong, expected) in FAULTS {
        let path = folder.path().join(package).join(file);
        let written = std::fs::read_to_string(&path).unwrap();
        let broken = written.replacen(right, wrong, 1);
        assert_ne!(written, broken, "{file} has no {right}");
        overwrite(&path, &broken);
        let (is_right, said) = read(folder.path());
        assert!(!is_right && said.contains(expected), "{wrong} passes: {said}");
        overwrite(&path, &written);
    }
}

/// The zip holds what Salesforce reads, and reads it as XML.
#[test]
fn what_is_deployed_is_xml_of_its_vocabulary() {
    let folder = tempfile::tempdir().unwrap();
    build(folder.path());
    let bytes = std::fs::read(folder.path().join(HUBSPOT).join("qualification/salesforce-lead-fields.zip")).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), 4);
    for at in 0..archive.len() {
        let entry = archive.by_index(at).unwrap();
        let text = std::io::read_to_string(entry).unwrap();
        let document = roxmltree::Document::parse(&text).unwrap();
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            assert_eq!(node.tag_name().namespace(), Some("http://soap.sforce.com/2006/04/metadata"), "{text}");
        }
    }
}
