//! Keys, signatures, and what `verify` proves with them.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::bench::Bench;

/// A built workspace in `program`, beside a key without a password.
fn bench() -> Bench {
    let bench = Bench::empty();
    bench.run(&["init", "-q", "program"]).exits(0);
    bench.run(&["build", "-q", "-C", "program"]).exits(0);
    bench.run(&["key", "new", "hq.key", "--no-password"]).exits(0).says("made the key ").says("public: give it to");
    bench
}

const ZIP: &str = "program/output/acme/downloads/acme-launch-manufacturing-us.zip";

#[test]
fn what_is_signed_proves_who_made_it() {
    let bench = bench();
    let unsigned = bench.run(&["verify", "program/output"]).exits(0);
    assert!(unsigned.stdout.contains("who made it is not proved"), "{}", unsigned.stdout);
    bench.run(&["verify", "program/output", "--key", "hq.key.pub"]).exits(1).warns("error[E-SIGNATURE]");
    bench.run(&["sign", "program/output", "--key", "hq.key"]).exits(0).says("4 signatures written");
    bench.run(&["sign", "program/output", "--key", "hq.key"]).exits(0).says("0 signatures written, 4 still good");
    let signed = bench.run(&["verify", "program/output", "--key", "hq.key.pub", "--format", "json"]).exits(0).json();
    assert_eq!(signed["origin"]["version"], "1.0.0");
    bench.run(&["verify", "program/output", "--key", "hq.key.pub"]).exits(0).says("signed with the key ");
    // The key itself, as somebody reads it on a page.
    let key = bench.read("hq.key.pub").lines().nth(1).unwrap().to_owned();
    bench.run(&["verify", "program/output", "--key", &key]).exits(0);
    // A partner has its own folder, or only a zip and the inventory that lists it.
    bench.run(&["verify", "program/output/acme", "--key", &key]).exits(0).says("signed with the key ");
    bench.run(&["verify", ZIP, "--key", &key]).exits(1).warns("help: name the inventory that lists it");
    let inventory = "program/output/acme/inventory.json";
    bench.run(&["verify", ZIP, "--key", &key, "--inventory", inventory]).exits(0).says("signed with the key ");
    bench.run(&["key", "new", "other.key", "--no-password"]).exits(0);
    bench.run(&["verify", "program/output", "--key", "other.key.pub"]).exits(1).warns("was made with the key ");
    bench.run(&["verify", "program/output", "--key", "none.pub"]).exits(1).warns("error[E-KEYFILE]");
    bench.run(&["verify", "program/output", "--key", "hq.key"]).exits(1).warns("is no public key");
}

#[test]
fn a_build_removes_the_signatures_of_what_it_changes_and_only_those() {
    let bench = bench();
    bench.run(&["sign", "program/output", "--key", "hq.key"]).exits(0);
    let again = bench.run(&["build", "-C", "program"]).exits(0).says("0 files written");
    assert_eq!(again.stderr, "");
    bench.run(&["verify", "program/output", "--key", "hq.key.pub"]).exits(0);
    bench.edit("program/partners/acme/partner.yaml", "name: Acme Data Services\n", "name: Acme Data\n");
    bench
        .run(&["build", "-C", "program"])
        .exits(0)
        .warns("warning[W-UNSIGNED]: `program/output/acme/inventory.json.minisig` was removed")
        .warns("help: sign again, with `cobrand sign`");
    bench.run(&["verify", "program/output", "--key", "hq.key.pub"]).exits(1).warns("is not signed");
    bench.run(&["sign", "-C", "program", "--key", "hq.key"]).exits(0).says("4 signatures written");
    bench.run(&["verify", "program/output", "--key", "hq.key.pub"]).exits(0);
}

#[test]
fn nothing_is_signed_that_is_not_as_it_was_built() {
    let bench = bench();
    bench.append("program/output/index.html", "<script src=//evil.example></script>");
    bench
        .run(&["sign", "program/output", "--key", "hq.key"])
        .exits(1)
        .warns("error[E-CHANGED]: `program/output/index.html` is another one than is listed");
    assert!(!bench.path("program/output/inventory.json.minisig").exists());
    bench.run(&["sign", "program", "--key", "hq.key"]).exits(1).warns("error[E-INVENTORY]");
    assert!(!bench.path("program/.cobrand/ledger").exists());
}

#[test]
fn a_private_key_is_kept_out_of_workspaces_and_outputs_and_never_overwritten() {
    let bench = bench();
    let mode = std::fs::metadata(bench.path("hq.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    bench
        .run(&["key", "new", "hq.key", "--no-password"])
        .exits(1)
        .warns("error[E-EXISTS]: `./hq.key` is there already");
    bench.remove("hq.key");
    bench.run(&["key", "new", "hq.key", "--no-password"]).exits(1).warns("`./hq.key.pub` is there already");
    assert!(!bench.path("hq.key").exists());
    for place in ["program/x.key", "program/partners/acme/x.key", "program/output/x.key", "program/output/acme/x.key"] {
        bench.run(&["key", "new", place, "--no-password"]).exits(1).warns("error[E-KEYPLACE]");
        assert!(!bench.path(place).exists());
    }
    bench.run(&["key", "new", "x.key", "--no-password"]).exits(0);
    bench.write("program/x.key", bench.read("x.key"));
    bench.run(&["sign", "program/output", "--key", "program/x.key"]).exits(1).warns("error[E-KEYPLACE]");
    bench.run(&["key", "new", "nowhere/x.key", "--no-password"]).exits(1).warns("error[E-WRITE]");
    // A pipe or device could be read for ever.
    bench.run(&["verify", "program/output", "--key", "/dev/zero"]).exits(1).warns("it is no file");
}

#[test]
fn a_password_comes_from_the_terminal_or_a_named_variable() {
    let bench = bench();
    // There is no terminal here.
    bench.run(&["key", "new", "x.key"]).exits(2).warns("`--password-env NAME`");
    bench.run(&["key", "new", "x.key", "--password-env", "COBRAND_NO_SUCH"]).exits(2).warns("holds no password");
    assert!(!bench.path("x.key").exists());
    // Whatever is surely set.
    bench.run(&["key", "new", "x.key", "--password-env", "PATH"]).exits(0);
    bench.run(&["sign", "program/output", "--key", "x.key"]).exits(2).warns("no terminal to ask for the password");
    let wrong = ["sign", "program/output", "--key", "x.key", "--password-env", "NO_COLOR"];
    bench.run(&wrong).exits(1).warns("error[E-KEYFILE]: cannot sign with `x.key`: the password is a wrong one");
    bench.run(&["sign", "program/output", "--key", "x.key", "--password-env", "PATH"]).exits(0);
    bench.run(&["verify", "program/output", "--key", "x.key.pub"]).exits(0);
}

/// Runs the ordinary tool; `None`, said so, where it is missing.
fn minisign(folder: &Path, arguments: &[&str]) -> Option<(bool, String)> {
    let Ok(done) = Command::new("minisign").args(arguments).current_dir(folder).output() else {
        eprintln!("skipped: there is no `minisign` here");
        return None;
    };
    let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    Some((done.status.success(), text))
}

#[test]
fn minisign_checks_our_signatures_and_we_check_its() {
    let bench = bench();
    bench.run(&["sign", "program/output", "--key", "hq.key"]).exits(0);
    let own = "program/output/acme/inventory.json";
    let check = ["-V", "-p", "hq.key.pub", "-m", own];
    let Some((passed, said)) = minisign(&bench.path(""), &check) else { return };
    assert!(passed && said.contains("Trusted comment: inventory of "), "{said}");
    assert!(said.contains(", at acme/inventory.json"), "{said}");
    bench.append(own, " ");
    assert!(!minisign(&bench.path(""), &check).unwrap().0);
    // The other way round: its key signs here, and its signature verifies here.
    let made = minisign(&bench.path(""), &["-G", "-W", "-p", "theirs.pub", "-s", "theirs.key"]).unwrap();
    assert!(made.0, "{}", made.1);
    bench.run(&["init", "-q", "second"]).exits(0);
    bench.run(&["build", "-q", "-C", "second"]).exits(0);
    for folder in ["", "acme/", "program/", "regions/"] {
        let inventory = &*format!("second/output/{folder}inventory.json");
        let signed = minisign(&bench.path(""), &["-S", "-s", "theirs.key", "-m", inventory]).unwrap();
        assert!(signed.0, "{}", signed.1);
    }
    bench.run(&["verify", "second/output", "--key", "theirs.pub"]).exits(0).says("signed with the key ");
    bench.run(&["sign", "second/output", "--key", "theirs.key"]).exits(0).says("4 still good");
    bench.remove("second/output/inventory.json.minisig");
    bench.run(&["sign", "second/output", "--key", "theirs.key"]).exits(0).says("1 signature written, 3 still good");
    let check = ["-V", "-p", "theirs.pub", "-m", "second/output/inventory.json"];
    assert!(minisign(&bench.path(""), &check).unwrap().0);
}
