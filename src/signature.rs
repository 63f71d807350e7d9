//! Keys and signatures, in the format of `minisign`: Ed25519 over the BLAKE2b digest of what is signed.
//!
//! Whatever is signed here, `minisign -V` can check, and the other way round. All of a signature file counts: the
//! trusted comment is signed too, the first line is one of those that signers write by themselves, and everything else
//! has one form only. So nobody can change a byte of one unseen.

use std::fmt;
use std::io::Cursor;

use ct_codecs::{Base64, Decoder};
use minisign::{KeyPair, SecretKeyBox, SignatureBox};

/// The first line of a signature, without what is before the colon; nobody signs it.
const COMMENTS: [&str; 2] = ["signature from minisign secret key", minisign::DEFAULT_COMMENT];

/// Lengths of the second and fourth line: 74 and 64 bytes in Base64.
const SIGNATURE: usize = 100;
const GLOBAL_SIGNATURE: usize = 88;

/// How the second line of a secret key that needs a password begins: the algorithms `Ed`, `Sc` and `B2`.
const ENCRYPTED: &str = "RWRTY0Iy";

/// And one that needs none: `Ed`, two zeros and `B2`.
const OPEN: &str = "RWQAAEIy";

/// What a key of somebody else's is given for: to know what he signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey(minisign::PublicKey);

/// A key to sign with.
pub struct SecretKey(minisign::SecretKey);

/// Two keys that belong together, as files.
pub struct NewPair {
    pub secret: String,
    pub public: String,
    pub id: String,
}

/// What is wrong with a key or a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is none, for this reason.
    Malformed(String),
    /// The signature was made with the key of this id.
    OtherKey(String),
    /// It is of something else, or was forged.
    Wrong,
    /// The password does not open the key.
    Password,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(reason) => f.write_str(reason),
            Self::OtherKey(id) => write!(f, "it was made with the key {id}"),
            Self::Wrong => f.write_str("it is of something else"),
            Self::Password => f.write_str("the password is a wrong one"),
        }
    }
}

impl std::error::Error for Fault {}

fn malformed(error: impl fmt::Display) -> Fault {
    Fault::Malformed(error.to_string())
}

/// Makes a pair of keys; the secret one is encrypted where there is a password.
pub fn new_pair(password: Option<&str>) -> Result<NewPair, Fault> {
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password.to_owned())),
        None => KeyPair::generate_unencrypted_keypair(),
    };
    let KeyPair { pk, sk } = pair.map_err(malformed)?;
    let public = PublicKey(pk);
    let secret = sk.to_box(Some(&format!("cobrand secret key {}", public.id()))).map_err(malformed)?.into_string();
    Ok(NewPair { secret, public: public.text()?, id: public.id() })
}

/// Whether a secret key can only be read with a password.
pub fn needs_password(secret: &str) -> bool {
    secret.lines().nth(1).is_some_and(|line| line.starts_with(ENCRYPTED))
}

impl SecretKey {
    /// Reads the file of a secret key. A password that is not needed is not looked at.
    pub fn read(text: &str, password: Option<&str>) -> Result<Self, Fault> {
        match (needs_password(text), password) {
            (true, None) => Err(Fault::Password),
            (true, Some(password)) => {
                let boxed = SecretKeyBox::from(text.to_owned());
                boxed.into_secret_key(Some(password.to_owned())).map(Self).map_err(|_| Fault::Password)
            }
            (false, _) => Self::read_open(text),
        }
    }

    /// Not by the crate's own function: it wants a checksum where `minisign -W` writes none.
    fn read_open(text: &str) -> Result<Self, Fault> {
        let line = text.lines().nth(1).filter(|line| line.starts_with(OPEN));
        let line = line.ok_or_else(|| Fault::Malformed("it has not the two lines of one".to_owned()))?;
        let bytes = Base64::decode_to_vec(line, None).map_err(malformed)?;
        minisign::SecretKey::from_bytes(&bytes).map(Self).map_err(malformed)
    }

    pub fn public(&self) -> Result<PublicKey, Fault> {
        minisign::PublicKey::from_secret_key(&self.0).map(PublicKey).map_err(malformed)
    }

    /// Signs some bytes, with a comment of one line that is signed too.
    pub fn sign(&self, bytes: &[u8], comment: &str) -> Result<String, Fault> {
        let signed = minisign::sign(None, &self.0, bytes, Some(comment), Some(COMMENTS[0]));
        signed.map(SignatureBox::into_string).map_err(malformed)
    }
}

impl PublicKey {
    /// Reads the file of a public key, or its second line alone.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let mut lines = text.lines();
        let key = match (lines.next(), lines.next()) {
            (Some(_), Some(key)) => key,
            (Some(key), None) => key,
            _ => return Err(Fault::Malformed("it is empty".to_owned())),
        };
        minisign::PublicKey::from_base64(key.trim()).map(Self).map_err(malformed)
    }

    /// By which people tell keys apart.
    pub fn id(&self) -> String {
        id(self.0.keynum())
    }

    fn text(&self) -> Result<String, Fault> {
        self.0.to_box().map(|boxed| boxed.into_string()).map_err(malformed)
    }

    /// Whether a signature file is one of these bytes by this key.
    pub fn verify(&self, bytes: &[u8], signature: &str) -> Result<(), Fault> {
        let signature = read(signature)?;
        if signature.keynum() != self.0.keynum() {
            return Err(Fault::OtherKey(id(signature.keynum())));
        }
        minisign::verify(&self.0, &signature, Cursor::new(bytes), true, false, false).map_err(|_| Fault::Wrong)
    }
}

/// Reads a signature in its one form; what is longer or shorter is not handed on.
fn read(text: &str) -> Result<SignatureBox, Fault> {
    let lines: Vec<&str> = text.split('\n').collect();
    let has_form = matches!(*lines, [_, signature, _, global, ""]
        if signature.len() == SIGNATURE && global.len() == GLOBAL_SIGNATURE && is_plain(signature, "=", "AEIMQUYcgkosw048")
            && is_plain(global, "==", "AQgw"));
    if !has_form {
        return Err(Fault::Malformed("it has not the four lines of one".to_owned()));
    }
    let signature = SignatureBox::from_string(text).map_err(malformed)?;
    let comment = signature.untrusted_comment().map_err(malformed)?;
    if !COMMENTS.contains(&&*comment) || signature.trusted_comment().is_err() || signature.to_string() != text {
        return Err(Fault::Malformed("it is not written as signers write it".to_owned()));
    }
    Ok(signature)
}

/// Whether Base64 of bytes of one number, which ends in this filling, is written in its one way: readers forgive bits and
/// letters behind the last byte, so that texts that differ would be one signature.
fn is_plain(text: &str, filling: &str, last_ones: &str) -> bool {
    let letters = text.strip_suffix(filling).unwrap_or_default();
    !letters.contains('=') && letters.ends_with(|last| last_ones.contains(last))
}

fn id(number: &[u8]) -> String {
    number.iter().rev().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests;
