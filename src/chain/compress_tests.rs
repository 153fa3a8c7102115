//! The four lanes against plain `sha2`, and against what others have computed.

use super::*;
use crate::base::{Hash, Index, Term};

fn header(nonce: u64) -> Header {
    let [parent, body_root] = [Hash::of(b"parent"), Hash::of(b"body")];
    Header { parent, body_root, height: Index(7), term: Term(3), difficulty: 12, nonce }
}

/// What plain `sha2` says.
fn plain(header: &Header, nonce: u64) -> [u32; LANES] {
    array::from_fn(|lane| {
        let nonce = nonce.wrapping_add(lane as u64);
        let hash = Header { nonce, ..*header }.hash();
        u32::from_be_bytes(hash.0[..4].try_into().expect("four bytes"))
    })
}

#[test]
fn a_known_answer() {
    // Computed with Python's hashlib over the 92 bytes: hashes of zeros, height 1, term 1,
    // difficulty 12, nonces 0 to 3.
    let [parent, body_root] = [Hash::ZERO; 2];
    let (height, term) = (Index(1), Term(1));
    let header = Header { parent, body_root, height, term, difficulty: 12, nonce: 0 };
    assert_eq!(
        SecondBlock::new(&header).first_words(0),
        [0x0163_c050, 0xcc91_6623, 0x4ba2_e9a5, 0xda0a_0779]
    );
}

#[test]
fn lanes_agree_with_sha2_where_the_nonce_carries() {
    let prepared = SecondBlock::new(&header(99));
    let carry = u64::from(u32::MAX);
    for nonce in [0, 1, 255, 256, carry - 3, carry - 2, carry - 1, carry, carry + 1, u64::MAX - 3] {
        assert_eq!(prepared.first_words(nonce), plain(&header(0), nonce), "from {nonce}");
    }
    assert_eq!(prepared.first_words(u64::MAX), plain(&header(0), u64::MAX), "round the end");
}

#[test]
fn the_constants_are_the_roots_of_primes() {
    // FIPS 180-4: the first 32 bits of the fractional parts of the square roots of the first
    // 8 primes, and of the cube roots of the first 64.
    let is_prime = |number: &u128| (2..*number).all(|divisor| !number.is_multiple_of(divisor));
    let primes: Vec<u128> = (2..).filter(is_prime).take(64).collect();
    for (word, prime) in INITIAL.iter().zip(&primes) {
        // The root with 32 bits behind the point: the root of the prime shifted by 64.
        assert_eq!(*word, (prime << 64).isqrt() as u32, "the square root of {prime}");
    }
    for (word, prime) in K.iter().zip(&primes) {
        let whole = (1u128..).take_while(|root| root.pow(3) <= *prime).last().expect("a root");
        let root = (whole << 32) | u128::from(*word);
        let cube_is_at_most = |root: u128| cube_at_most(root, *prime);
        assert!(cube_is_at_most(root) && !cube_is_at_most(root + 1), "the cube root of {prime}");
    }
}

/// True if the cube of `root`, a number with 32 bits behind the point, is at most `prime`.
fn cube_at_most(root: u128, prime: u128) -> bool {
    // root³ ≤ prime · 2⁹⁶. A root has up to 35 bits and its cube 105, the prime 9 and 96 more.
    root.pow(3) <= prime << 96
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lanes_agree_with_sha2(
            parent: [u8; 32], body_root: [u8; 32], height: u64, term: u64, difficulty: u8,
            nonce: u64,
        ) {
            let [parent, body_root] = [Hash(parent), Hash(body_root)];
            let (height, term) = (Index(height), Term(term));
            let header = Header { parent, body_root, height, term, difficulty, nonce: 0 };
            let words = SecondBlock::new(&header).first_words(nonce);
            prop_assert_eq!(words, plain(&header, nonce));
        }
    }
}
