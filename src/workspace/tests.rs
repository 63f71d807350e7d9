use std::fs;

use super::*;

fn path(text: &str) -> InputPath {
    InputPath::new(text).unwrap()
}

fn folders() -> [Folder; 2] {
    [Folder::Layer(path("master-templates")), Folder::Layers(path("partners"))]
}

fn codes(problems: &Diagnostics) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.code.0).collect()
}

fn names(workspace: &Workspace) -> Vec<&str> {
    workspace.files().map(|(path, _)| path.as_str()).collect()
}

#[test]
fn texts_become_sources_and_the_rest_stays_bytes() {
    let files = MemoryFiles::from([
        ("cobrand.yaml", &b"\xef\xbb\xbfprogram: x\r\n"[..]),
        ("partners/acme/partner.yml", b"name: Acme\n"),
        ("partners/acme/assets/logo.png", b"\x89PNG"),
        ("partners/acme.md", b"# A"),
        ("elsewhere/x.yaml", b"a: b"),
    ]);
    let (workspace, problems) = Workspace::read(&files, &folders());
    assert!(problems.is_empty(), "{problems:?}");
    let expected = ["cobrand.yaml", "partners/acme.md", "partners/acme/assets/logo.png", "partners/acme/partner.yaml"];
    assert_eq!(names(&workspace), expected);
    assert_eq!(&**workspace.text("cobrand.yaml").unwrap().1, "program: x\r\n");
    let (id, _) = workspace.text("partners/acme/partner.yaml").unwrap();
    assert_eq!(workspace.sources().get(id).path.as_str(), "partners/acme/partner.yml");
    let logo = workspace.file("partners/acme/assets/logo.png").unwrap();
    assert_eq!(logo.bytes(workspace.sources()), b"\x89PNG");
    assert_eq!(logo.digest, blake3::hash(b"\x89PNG"));
    assert_eq!(workspace.below("partners/acme").count(), 2);
    assert_eq!(workspace.below("partners/ac").count(), 0);
}

#[test]
fn what_is_no_workspace_says_so() {
    let (_, problems) = Workspace::read(&MemoryFiles::default(), &[]);
    assert_eq!(codes(&problems), ["E-WORKSPACE"]);
}

#[test]
fn bad_bytes_are_shown_in_their_line() {
    let files = MemoryFiles::from([
        ("cobrand.yaml", b"a: b\n".to_vec()),
        ("partners/a.yaml", b"name: ok\nlegal: M\xfcller\n".to_vec()),
    ]);
    let (workspace, problems) = Workspace::read(&files, &folders());
    assert_eq!(codes(&problems), ["E-UTF8"]);
    assert!(workspace.file("partners/a.yaml").is_none());
    let span = problems.iter().next().unwrap().place.as_ref().unwrap().span;
    let position = workspace.sources().position(span);
    assert_eq!((position.line, position.column), (2, 9));
}

#[test]
fn names_that_some_systems_confuse_are_refused() {
    let files = MemoryFiles::from(
        ["cobrand.yaml", "partners/A/x.md", "partners/a/y.md", "partners/z.yaml", "partners/z.yml", "partners/a\\b.md"]
            .map(|name| (name, "")),
    );
    let (_, problems) = Workspace::read(&files, &folders());
    let mut found = codes(&problems);
    found.sort_unstable();
    assert_eq!(found, ["E-CASE", "E-PATHNAME", "E-PATHNAME"]);
    assert!(problems.iter().all(|problem| problem.place.is_some()), "each is somebody's");
    let files =
        MemoryFiles::from(["cobrand.yaml", "partners/\u{fc}.md", "partners/u\u{308}.md"].map(|name| (name, "")));
    assert_eq!(codes(&Workspace::read(&files, &folders()).1), ["E-CASE"]);
}

#[test]
fn large_files_are_refused() {
    let mut files = MemoryFiles::from([("cobrand.yaml", "")]);
    files.insert("partners/a.md", vec![b' '; MAX_TEXT as usize + 1]);
    files.insert("partners/a.png", vec![0; MAX_TEXT as usize + 1]);
    let (workspace, problems) = Workspace::read(&files, &folders());
    assert_eq!(codes(&problems), ["E-SIZE"]);
    assert!(workspace.file("partners/a.png").is_some());
}

#[test]
fn the_disk_is_read_as_memory_is() {
    let root = tempfile::tempdir().unwrap();
    let files = ["cobrand.yaml", "master-templates/b/c.md", "master-templates/a.yaml", "partners/z/x.md", "other/x.md"];
    for name in files.into_iter().chain(["partners/.hidden.md", "partners/.git/x.md"]) {
        let file = root.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), file).unwrap();
    }
    let (workspace, problems) = Workspace::read(&DiskFiles::new(root.path()), &folders());
    assert!(problems.is_empty(), "{problems:?}");
    let expected = ["cobrand.yaml", "master-templates/a.yaml", "master-templates/b/c.md", "partners/z/x.md"];
    assert_eq!(names(&workspace), expected);
}

#[cfg(unix)]
#[test]
fn links_stay_in_their_layer() {
    use std::os::unix::fs::symlink;
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    for folder in ["partners/a/deep", "partners/b", "master-templates/assets"] {
        fs::create_dir_all(at(folder)).unwrap();
    }
    for name in ["cobrand.yaml", "partners/a/own.md", "partners/b/secret.md", "master-templates/x.md"] {
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), at(name)).unwrap();
    }
    symlink("../own.md", at("partners/a/deep/fine.md")).unwrap();
    symlink("../x.md", at("master-templates/assets/fine.md")).unwrap();
    symlink("../b/secret.md", at("partners/a/other.md")).unwrap();
    symlink("/etc/hostname", at("partners/a/machine.txt")).unwrap();
    symlink("nowhere", at("partners/a/nowhere.txt")).unwrap();
    symlink(".", at("partners/a/folder")).unwrap();
    symlink("b", at("partners/c")).unwrap();
    symlink("b/secret.md", at("partners/d.yaml")).unwrap();
    let (workspace, problems) = Workspace::read(&DiskFiles::new(root.path()), &folders());
    assert_eq!(codes(&problems), ["E-SYMLINK"; 6]);
    assert_eq!(
        names(&workspace),
        [
            "cobrand.yaml",
            "master-templates/assets/fine.md",
            "master-templates/x.md",
            "partners/a/deep/fine.md",
            "partners/a/own.md",
            "partners/b/secret.md"
        ]
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_no_file() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("partners")).unwrap();
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), root.path().join("cobrand.yaml")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(root.path().join("partners/a.yaml")).unwrap();
    let (_, problems) = Workspace::read(&DiskFiles::new(root.path()), &folders());
    assert_eq!(codes(&problems), ["E-READ"]);
}

#[test]
fn what_may_not_be_read_stands_at_its_path() {
    let mut files = MemoryFiles::from([("cobrand.yaml", "program: x\n")]);
    files.insert("partners/acme/assets/logo.png", vec![0; MAX_BINARY as usize + 1]);
    let (workspace, problems) = Workspace::read(&files, &folders());
    let problem = problems.iter().next().unwrap();
    let place = problem.place.as_ref().unwrap();
    assert_eq!(workspace.sources().get(place.span.source).path.as_str(), "partners/acme/assets/logo.png");
}

/// A pipe that nobody writes to would keep whoever reads it waiting for ever.
#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path();
    let make = |path: &str| {
        fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
        mknodat(CWD, root.join(path), FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    };
    make("cobrand.yaml");
    let (_, problems) = Workspace::read(&DiskFiles::new(root), &folders());
    assert_eq!(codes(&problems), ["E-READ"], "{problems:?}");
    fs::remove_file(root.join("cobrand.yaml")).unwrap();
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"), root.join("cobrand.yaml")).unwrap();
    make("partners/acme/partner.yaml");
    fs::create_dir_all(root.join("partners/beta.yaml")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(root.join("partners/acme/socket.yaml")).unwrap();
    let (workspace, problems) = Workspace::read(&DiskFiles::new(root), &folders());
    assert_eq!(names(&workspace), ["cobrand.yaml"]);
    let mut refused: Vec<&str> = problems
        .iter()
        .map(|problem| workspace.sources().get(problem.place.as_ref().unwrap().span.source).path.as_str())
        .collect();
    refused.sort_unstable();
    assert_eq!(refused, ["partners/acme/partner.yaml", "partners/acme/socket.yaml"]);
    assert!(problems.iter().all(|problem| problem.message.ends_with("is no regular file")), "{problems:?}");
    // What was looked at may be another thing once it is read.
    let files = DiskFiles::new(root);
    for path_of in ["partners/acme/partner.yaml", "partners/acme/socket.yaml", "partners/acme"] {
        assert_eq!(files.read(&path(path_of), 9), Err(ReadError::Irregular), "{path_of}");
    }
}

#[test]
fn what_no_program_for_texts_writes_is_refused_at_its_place() {
    for (text, place) in
        [("name: A\rtier: b\n", Some(7)), ("name: A\n\0", Some(8)), ("name: A\r\n", None), ("name: A\n\r", Some(8))]
    {
        let mut sources = crate::source::Sources::default();
        let path = InputPath::new("partners/a.yaml").unwrap();
        let read = super::decode::text(&mut sources, &path, text.into());
        let found = read.err().map(|error| (error.code.0, error.place.unwrap().span.start as usize));
        assert_eq!(found, place.map(|at| ("E-CHARACTER", at)), "{text:?}");
    }
}
