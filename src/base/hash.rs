//! SHA-256 as a value, and a way to feed it numbers of fixed width.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// A SHA-256 hash.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// All zeros: the parent of genesis.
    pub const ZERO: Self = Self([0; 32]);

    /// The hash of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// How many of its first bits are zero: the work that it proves (0 to 256).
    pub fn leading_zero_bits(&self) -> u32 {
        let zero_bytes = self.0.iter().take_while(|byte| **byte == 0).count();
        let rest = self.0.get(zero_bytes).map_or(0, |byte| byte.leading_zeros());
        zero_bytes as u32 * 8 + rest
    }

    /// Its first eight hexadecimal digits, for people to tell hashes apart.
    pub fn short(&self) -> String {
        self.to_string()[..8].to_owned()
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Hash> for String {
    fn from(hash: Hash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for Hash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl FromStr for Hash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is no hash: it takes 64 hexadecimal digits");
        if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (position, byte) in bytes.iter_mut().enumerate() {
            let pair = &text[position * 2..position * 2 + 2];
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Self(bytes))
    }
}

/// A SHA-256 in the making. Numbers enter as eight little-endian bytes, whatever their size in
/// memory, so that 32-bit and 64-bit machines agree.
#[derive(Clone, Debug, Default)]
pub struct Digest(Sha256);

impl Digest {
    /// An empty digest.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) -> &mut Self {
        self.bytes(&number.to_le_bytes())
    }

    /// Adds a hash.
    pub fn hash(&mut self, hash: &Hash) -> &mut Self {
        self.bytes(&hash.0)
    }

    /// Adds bytes as they are. What has no fixed length needs its length put before it.
    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.update(bytes);
        self
    }

    /// The hash of all that was added.
    pub fn finish(&self) -> Hash {
        Hash(self.0.clone().finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_answer() {
        // FIPS 180-4, the one-block message example.
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Hash::of(b"abc").to_string(), hash);
        assert_eq!(hash.parse(), Ok(Hash::of(b"abc")));
    }

    #[test]
    fn leading_zero_bits_are_counted_across_bytes() {
        assert_eq!(Hash::ZERO.leading_zero_bits(), 256);
        let mut hash = Hash([0xff; 32]);
        assert_eq!(hash.leading_zero_bits(), 0);
        hash.0[0] = 0;
        hash.0[1] = 0x10;
        assert_eq!(hash.leading_zero_bits(), 11);
    }

    #[test]
    fn rubbish_is_no_hash() {
        let sign_inside = format!("+{}", "0".repeat(63));
        for text in ["", "00", &"g".repeat(64), &"é".repeat(32), &sign_inside] {
            assert!(text.parse::<Hash>().is_err(), "{text}");
        }
    }
}
