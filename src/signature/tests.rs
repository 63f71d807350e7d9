use proptest::prelude::*;

use super::*;

fn keys() -> (SecretKey, PublicKey) {
    let pair = new_pair(None).unwrap();
    (SecretKey::read(&pair.secret, None).unwrap(), PublicKey::read(&pair.public).unwrap())
}

#[test]
fn what_was_signed_verifies_with_its_own_key_only() {
    let ((secret, public), (_, other)) = (keys(), keys());
    let signature = secret.sign(b"content", "a comment").unwrap();
    assert_eq!(public.verify(b"content", &signature), Ok(()));
    assert_eq!(public.verify(b"contents", &signature), Err(Fault::Wrong));
    assert_eq!(other.verify(b"content", &signature), Err(Fault::OtherKey(public.id())));
    assert_eq!(secret.public().unwrap(), public);
    assert!(signature.contains("trusted comment: a comment\n"));
}

#[test]
fn a_password_is_needed_where_one_was_given() {
    let pair = new_pair(Some("correct horse")).unwrap();
    assert!(needs_password(&pair.secret) && !needs_password(&new_pair(None).unwrap().secret));
    assert!(SecretKey::read(&pair.secret, Some("correct horse")).is_ok());
    assert_eq!(SecretKey::read(&pair.secret, Some("battery staple")).err(), Some(Fault::Password));
    assert!(SecretKey::read(&pair.secret, None).is_err());
}

#[test]
fn a_public_key_is_a_file_or_its_second_line() {
    let pair = new_pair(None).unwrap();
    let line = pair.public.lines().nth(1).unwrap();
    assert_eq!(PublicKey::read(line), PublicKey::read(&pair.public));
    assert_eq!(PublicKey::read(line).unwrap().id(), pair.id);
    assert!(pair.public.starts_with(&format!("untrusted comment: minisign public key: {}\n", pair.id)));
    assert!(
        ["", "untrusted comment", "RWQ", &"A".repeat(56)[..55], &pair.secret]
            .map(PublicKey::read)
            .iter()
            .all(Result::is_err)
    );
}

/// Made by `minisign` 0.11, with `-W`; they guard nothing.
const MINISIGN_PUBLIC: &str = "untrusted comment: minisign public key 7CE93071678CA2C3\n\
    RWTDooxncTDpfMklPNMmAQtvZsWM/aE2fDJc9+IYtWgs8CCazXxiJqa8\n";
const MINISIGN_SECRET: &str = "untrusted comment: minisign encrypted secret key\n\
    RWQAAEIyAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAw6KMZ3Ew6Xz4Y+rqpWDsR4+cMDL4MOtjSqSIwkrnSIgWdAZs/vTAqMklPNMmAQtvZsWM/aE2fDJc9+IYtWgs8CCazXxiJqa8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
const MINISIGN_SIGNATURE: &str = "untrusted comment: signature from minisign secret key\n\
    RUTDooxncTDpfAWcdcB4bzWNdpFYDb346Mkn3g0bHOec5HszoYIObAAZt1gmvoX610IHVEni+zwXa2uFYXSWNnP/OnSrfX5SPg8=\n\
    trusted comment: timestamp:1795901509\tfile:c\thashed\n\
    0y3jLEEyfY14Yh5FvWfgngDpZcnp6pkUpgTy0Ur1gH0jIDxdkUqn6QdC0XXkVKOmLsuGj/x6025qvxjtKyPoBQ==\n";

#[test]
fn keys_and_signatures_of_minisign_are_understood() {
    let public = PublicKey::read(MINISIGN_PUBLIC).unwrap();
    assert_eq!(public.verify(b"content\n", MINISIGN_SIGNATURE), Ok(()));
    let secret = SecretKey::read(MINISIGN_SECRET, None).unwrap();
    assert_eq!(public.verify(b"mine", &secret.sign(b"mine", "").unwrap()), Ok(()));
}

proptest! {
    #[test]
    fn no_byte_of_a_signature_can_be_changed_added_or_lost(at in 0usize..1000, byte in any::<u8>()) {
        let (secret, public) = keys();
        let signature = secret.sign(b"content", "of the output").unwrap().into_bytes();
        let at = at % signature.len();
        let holds = |bytes: &[u8]| {
            std::str::from_utf8(bytes).is_ok_and(|text| public.verify(b"content", text).is_ok())
        };
        let mut changed = signature.clone();
        changed[at] = byte;
        prop_assert_eq!(holds(&changed), changed == signature);
        let mut longer = signature.clone();
        longer.insert(at, byte);
        prop_assert!(!holds(&longer));
        let mut shorter = signature;
        shorter.remove(at);
        prop_assert!(!holds(&shorter));
    }

    #[test]
    fn any_text_is_answered(text in "\\PC*", lines in proptest::collection::vec("[A-Za-z0-9+/=: ]{0,100}", 0..6)) {
        let (_, public) = keys();
        prop_assert!(public.verify(b"", &text).is_err());
        prop_assert!(public.verify(b"", &lines.join("\n")).is_err());
        let _ = (PublicKey::read(&text), SecretKey::read(&lines.join("\n"), None));
        let comment = format!("untrusted comment: {}", COMMENTS[0]);
        let sized = format!("{comment}\n{}\ntrusted comment: \n{}\n", "A".repeat(100), "A".repeat(88));
        prop_assert!(public.verify(b"", &sized).is_err());
    }
}
