use proptest::prelude::*;

use super::*;

fn path(text: &str) -> OutputPath {
    OutputPath::new(text).unwrap()
}

fn head<'a>() -> Head<'a> {
    Head {
        package: "recall-activation",
        version: "1.0.0",
        deployment: "acme/launch",
        axes: &[("motion", "launch"), ("partner", "acme")],
        policy: Digest::of(b"policy"),
    }
}

fn part<'a>(path: &'a OutputPath, bytes: &'a [u8], sources: &'a [Arc<str>]) -> Part<'a> {
    Part { path, bytes, kind: "page", component: "landing", sources }
}

#[test]
fn reads_as_documented() {
    let (a, b) = (path("site/index.html"), path("emails/en-us/01-welcome.txt"));
    let sources: [Arc<str>; 2] = ["master-templates/content/landing.md".into(), "partners/a \"b\"\\\u{1}/ü.md".into()];
    let bundle = seal(&head(), &[part(&a, b"<p>hello</p>", &sources), part(&b, b"hi", &[])]).unwrap();
    let text = std::str::from_utf8(bundle.manifest()).unwrap();
    assert!(
        text.starts_with(
            "{\n  \"format\": 2,\n  \"package\": {\"id\": \"recall-activation\", \"version\": \"1.0.0\"},\n"
        )
    );
    let manifest = Manifest::read(bundle.manifest()).unwrap();
    let paths: Vec<_> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["emails/en-us/01-welcome.txt", "site/index.html"]);
    assert_eq!(manifest.files[1].sources[1], "partners/a \"b\"\\\u{1}/ü.md");
    assert_eq!(manifest.files[0].digest, Digest::of(b"hi"));
    assert_eq!(manifest.deployment.axes["motion"], "launch");
    assert_eq!(manifest.digest(), bundle.digest());
}

#[test]
fn the_digest_is_the_documented_one() {
    let (a, b) = (path("b.txt"), path("a.txt"));
    let bundle = seal(&head(), &[part(&a, b"second", &[]), part(&b, b"first", &[])]).unwrap();
    let text = std::str::from_utf8(bundle.manifest()).unwrap();
    let (covered, _) = text.rsplit_once(",\n  \"digest\"").unwrap();
    assert_eq!(bundle.digest(), Digest::of(covered.as_bytes()));
    assert!(text.contains(&format!("\"bytes\": 5, \"digest\": \"{}\"", Digest::of(b"first"))));
}

#[test]
fn what_cannot_stand_in_one_package_is_refused() {
    let clash = |texts: &[&str]| {
        let paths: Vec<_> = texts.iter().map(|text| path(text)).collect();
        let parts: Vec<_> = paths.iter().map(|path| part(path, b"", &[])).collect();
        seal(&head(), &parts).err().map(|clash| clash.to_string())
    };
    assert_eq!(clash(&["a", "a-b", "b/c"]), None);
    assert_eq!(clash(&["a", "a-b", "a/b"]).as_deref(), Some("`a` and `a/b` cannot stand in one package"));
    assert_eq!(clash(&["a", "b", "a"]).as_deref(), Some("`a` and `a` cannot stand in one package"));
    assert!(clash(&["manifest.json"]).is_some());
}

#[test]
fn malformed_manifests_are_refused_with_a_reason() {
    let a = path("a.txt");
    let bundle = seal(&head(), &[part(&a, b"x", &[])]).unwrap();
    let text = String::from_utf8(bundle.manifest().to_vec()).unwrap();
    let refused = |from: &str, to: &str| {
        assert!(text.contains(from));
        Manifest::read(text.replace(from, to).as_bytes()).unwrap_err().to_string()
    };
    assert!(refused("\"format\": 2", "\"format\": 1").contains("reads format 2"));
    assert!(refused("a.txt", "../a.txt").contains("`..`"));
    assert!(refused("a.txt", "manifest.json").contains("lists itself"));
    assert!(refused("a.txt", "b.txt").contains("not that of what it says"));
    assert!(refused("}\n", "}\n ").contains("not that of what it says"));
    assert!(refused("blake3:", "sha256:").contains("digest"));
    assert!(Manifest::read(b"{").is_err());
    assert!(Manifest::read(&b"[".repeat(100_000)).is_err());
}

proptest! {
    #[test]
    fn every_text_survives(text in "\\PC*|[\\x00-\\x7f]*") {
        let (a, sources) = (path("a"), [Arc::<str>::from(text.as_str())]);
        let head = Head { package: &text, ..head() };
        let bundle = seal(&head, &[part(&a, b"", &sources)]).unwrap();
        let manifest = Manifest::read(bundle.manifest()).unwrap();
        prop_assert_eq!(&manifest.package.id, &text);
        prop_assert_eq!(&manifest.files[0].sources[0], &text);
    }
}
