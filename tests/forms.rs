//! Forms with the templates of the sample program: packages filled from forms are those that are rendered,
//! byte for byte, for partners as unlike as partners are.

#[path = "support/small.rs"]
mod small;

use std::collections::BTreeMap;
use std::path::Path;

use cobrand::build::{self, Options, Program, Report, Sharing, Unwatched};
use cobrand::emit::Output;
use cobrand::matrix::query::Query;
use cobrand::stopwatch::Stopwatch;
use small::Small;

/// The parts of the repository that are the sample's workspace.
const PARTS: [&str; 6] = ["master-templates", "partners", "industries", "regions", "motions", "tiers"];

/// Partners of one base: names with signs of HTML, of URLs and of CSV, long and short, with and without each
/// optional value, on several platforms, with forms and without, in two countries.
const ROWS: &str = "\
form-a,\"Ash & Birch, \"\"Wood\"\" <IT>\",one-to-many,launch,manufacturing,us,https://a.example,Ann O'Hara,a@a.example,+1 518 555 0100,#1e40af,hubspot,hubspot,full,hubspot,,11,f-1,f-2,,,,\"Ash & Birch, LLC\",LLC,3 Sample Street,12201,Albany,NY,US,+1 518 555 0100,p@a.example,,,Ann O'Hara
form-b,Bé,one-to-many,launch,manufacturing,us,https://b.example,Bo,b@b.example,,#166534,mailchimp,none,email-only,,,,,,,,,Bé Inc.,Inc.,4 Sample Street,74101,Tulsa,OK,US,,p@b.example,,,
form-c,Cedar Systems of the Far North and All of Its Many Subsidiaries,one-to-many,launch,manufacturing,us,https://c.example,Cy,c@c.example,+1 918 555 0101,#7c2d12,hubspot,salesforce,full,webhook,https://forms.c.example/x,,,,,,,\"Cedar, Inc.\",Inc.,5 Sample Street,53701,Madison,WI,US,+1 608 555 0102,p@c.example,\"Registry, number 0\",,Cy
form-d,Dünen {IT},one-to-many,launch,manufacturing,us,https://d.example,Di,d@d.example,+1 918 555 0102,#0b6e4f,brevo,none,email-only,,,,,,,,,\"Dünen, Inc.\",,6 Sample Street,53702,Madison,WI,US,,p@d.example,,VAT 1,Di
form-e,Elm,one-to-many,launch,manufacturing,us,https://e.example,Ed,e@e.example,+1 918 555 0103,#3b0764,hubspot,hubspot,full,hubspot,,12,f-3,,,,,\"Elm, Inc.\",Inc.,7 Sample Street,53703,Madison,WI,US,+1 608 555 0103,p@e.example,,,Ed
form-f,Fir Shop,one-to-many,launch,manufacturing,us,https://f.example,Flo,f@f.example,+1 918 555 0104,#111111,hubspot,hubspot,full,marketo,,,,,https://f.example/r,https://f.example/t,,\"Fir, Inc.\",Inc.,8 Sample Street,53704,Madison,WI,US,+1 608 555 0104,p@f.example,,,Flo
";

fn workspace() -> Small {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let settings = std::fs::read_to_string(root.join("cobrand.yaml")).unwrap();
    let parts = PARTS.iter().flat_map(|part| {
        let files = Small::read(&root.join(part));
        let files: Vec<_> = files.paths().map(|path| (format!("{part}/{path}"), files.bytes(path))).collect();
        files
    });
    let whole = parts.fold(Small::default(), |all, (path, bytes)| all.with(&path, bytes));
    whole.with("cobrand.yaml", settings).more("partners/registry.csv", ROWS)
}

fn built(program: &Program, folder: &Path, sharing: Sharing) -> (Report, BTreeMap<String, Vec<u8>>) {
    let output = Output::open(folder).unwrap();
    let queries = vec![Query::new("form-*/**")];
    let options = Options { queries, zips: true, sharing, ..Options::default() };
    let report = build::build(program, &output, &options, &Unwatched);
    output.finish().unwrap();
    let entries = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    let read = |entry: walkdir::DirEntry| {
        let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        (!path.starts_with(".cobrand")).then(|| (path, std::fs::read(entry.path()).unwrap()))
    };
    let files = entries.filter(|entry| entry.file_type().is_file()).filter_map(read).collect();
    (report, files)
}

#[test]
fn packages_filled_from_forms_are_those_that_are_rendered() {
    let (program, found) = Program::open_on(&workspace().memory(), None, &Stopwatch::default());
    let program = program.unwrap_or_else(|_| panic!("it does not open: {found:?}"));
    let (forms, direct) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (with, filled) = built(&program, forms.path(), Sharing::Always);
    let (without, rendered) = built(&program, direct.path(), Sharing::Never);

    assert!(!with.diagnostics.has_errors(), "{:#?}", with.diagnostics.sorted(program.sources()));
    assert_eq!(with.diagnostics, without.diagnostics);
    assert_eq!(without.tally.forms, Default::default());
    let counts = &with.tally.forms;
    assert!(counts.filled > counts.rendered / 2, "partners alike enough share forms: {counts:#?}");
    assert!(counts.unfollowed.is_empty(), "every template of the sample can be followed: {counts:#?}");

    assert!(filled.keys().eq(rendered.keys()));
    for (path, bytes) in &rendered {
        assert!(filled[path] == *bytes, "{path} differs");
    }
}
