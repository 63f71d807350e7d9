//! Digests: names for contents that nobody can make two contents for.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::Deserialize;

/// A BLAKE3 digest; printed as `blake3:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(blake3::hash(bytes).into())
    }

    /// The digest of what a value says when it is hashed; the same on every machine.
    pub fn of_value(value: &(impl Hash + ?Sized)) -> Self {
        let mut digester = ValueDigester::default();
        value.hash(&mut digester);
        digester.digest()
    }

    /// Reads what [`fmt::Display`] prints.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_hex(text.strip_prefix("blake3:")?)
    }

    pub(crate) fn from_hex(hex: &str) -> Option<Self> {
        let lower = hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if hex.len() != 64 || !lower {
            return None;
        }
        let mut bytes = [0; 32];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).ok()?;
        }
        Some(Self(bytes))
    }

    pub(crate) fn hex(&self) -> impl fmt::Display + use<> {
        blake3::Hash::from_bytes(self.0).to_hex()
    }
}

/// For serde: a digest as it is printed.
pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
    let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
    let malformed = || serde::de::Error::custom("a digest is `blake3:` and 64 hexadecimal digits");
    Digest::parse(&text).ok_or_else(malformed)
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blake3:{}", self.hex())
    }
}

/// What stands between a document and its own digest, which is the last member of it.
const SEAL: &[u8] = b",\n  \"digest\": \"";

/// Ends a JSON document, so far without its last brace, with the digest of what it says.
pub fn seal(document: &mut Vec<u8>) -> Digest {
    let digest = Digest::of(document);
    document.extend_from_slice(&ending(&digest));
    digest
}

/// The digest of a document that [`seal`] ended; `None` if a single byte of it is another one.
pub fn sealed(document: &[u8]) -> Option<Digest> {
    let said = &document[..memchr::memmem::rfind(document, SEAL)?];
    let digest = Digest::of(said);
    (document[said.len()..] == ending(&digest)).then_some(digest)
}

fn ending(digest: &Digest) -> Vec<u8> {
    [SEAL, format!("{digest}\"\n}}\n").as_bytes()].concat()
}

/// Takes in values piece by piece. The pieces are gathered first: most are far smaller than a block.
pub struct ValueDigester(Vec<u8>);

impl Default for ValueDigester {
    fn default() -> Self {
        Self(Vec::with_capacity(256))
    }
}

impl ValueDigester {
    pub fn digest(&self) -> Digest {
        Digest::of(&self.0)
    }
}

impl Hasher for ValueDigester {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        let digest = self.digest();
        digest.0.first_chunk().map_or(0, |first| u64::from_le_bytes(*first))
    }
}
