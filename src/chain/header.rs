//! A block's header: what is hashed, and what the work is done on.

use crate::base::{Hash, Index, Term};

/// The most leading zero bits that a block may be asked for. More would never be found in a page,
/// and the miner looks at the hash's first word alone.
pub const MAX_DIFFICULTY: u8 = 24;

/// The leading zero bits that a block is asked for by default: 4096 attempts on average.
pub const DEFAULT_DIFFICULTY: u8 = 12;

/// A block's header. Its SHA-256 hash is the block's hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The hash of the block before it; [`Hash::ZERO`] in genesis.
    pub parent: Hash,
    /// The root of its body.
    pub body_root: Hash,
    /// Its place in the chain, which is its Raft index.
    pub height: Index,
    /// The term whose leader mined it.
    pub term: Term,
    /// How many leading zero bits its hash must have, at most [`MAX_DIFFICULTY`].
    pub difficulty: u8,
    /// The number that was searched for to make it so.
    pub nonce: u64,
}

impl Header {
    /// The length of an encoded header in bytes.
    ///
    /// At most 119, or the padding (nine bytes at least) would not fit the second block of
    /// SHA-256 and each attempt would cost a compression more.
    pub const LEN: usize = 92;

    /// The header as it is hashed. All numbers are little-endian.
    ///
    /// | bytes | field |
    /// |---|---|
    /// | 0..32 | parent |
    /// | 32..64 | body root |
    /// | 64..72 | height |
    /// | 72..80 | term |
    /// | 80..84 | difficulty |
    /// | 84..92 | nonce |
    pub fn encode(&self) -> [u8; Self::LEN] {
        let mut bytes = [0; Self::LEN];
        bytes[0..32].copy_from_slice(&self.parent.0);
        bytes[32..64].copy_from_slice(&self.body_root.0);
        bytes[64..72].copy_from_slice(&self.height.0.to_le_bytes());
        bytes[72..80].copy_from_slice(&self.term.0.to_le_bytes());
        bytes[80..84].copy_from_slice(&u32::from(self.difficulty).to_le_bytes());
        bytes[84..92].copy_from_slice(&self.nonce.to_le_bytes());
        bytes
    }

    /// Its hash, and so the block's.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.encode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_layout_is_fixed() {
        let header = Header {
            parent: Hash([0x11; 32]),
            body_root: Hash([0x22; 32]),
            height: Index(0x0807_0605_0403_0201),
            term: Term(3),
            difficulty: 12,
            nonce: 0xa1a2,
        };
        let bytes = header.encode();
        assert_eq!(bytes[..32], [0x11; 32]);
        assert_eq!(bytes[32..64], [0x22; 32]);
        assert_eq!(bytes[64..72], [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(bytes[72..80], [3, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(bytes[80..84], [12, 0, 0, 0]);
        assert_eq!(bytes[84..92], [0xa2, 0xa1, 0, 0, 0, 0, 0, 0]);
    }

    #[test]
    fn the_second_block_of_sha_256_has_room_for_the_padding() {
        const { assert!(Header::LEN > 64 && Header::LEN <= 119) };
    }
}
