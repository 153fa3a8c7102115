//! SHA-256 of a header for four nonces at once (FIPS 180-4 §6.2).
//!
//! Each step works on [`Lanes`], the same word of four hashes. Of the second block of a header,
//! words 0 to 4 hold height, term and difficulty, words 5 and 6 the nonce, the rest the padding:
//!
//! | word | 0, 1 | 2, 3 | 4 | 5, 6 | 7 | 8–14 | 15 |
//! |---|---|---|---|---|---|---|---|
//! | | height | term | difficulty | nonce | the closing bit | 0 | length in bits |
//!
//! So the first five rounds and words 16 to 19 of the schedule are the same for all nonces, and
//! are computed once. And of the hash only its first word is computed, since no difficulty asks
//! for more.

use super::Header;
use super::lanes::{LANES, Lanes};
use sha2::block_api::compress256;
use std::array;

/// The words of the second block that do not depend on the nonce come before this one.
const FIRST_NONCE_WORD: usize = 5;

/// The first word of the schedule beyond word 15 that depends on the nonce.
const FIRST_NONCE_SCHEDULE: usize = 20;

/// A loop written out, for the rounds whose words are partly known. To write the others out too
/// makes wasm slower: browsers run out of registers.
macro_rules! unrolled {
    ($t:ident in $($value:literal)* $body:block) => {
        $({
            let $t: usize = $value;
            $body
        })*
    };
}

/// A header's second block, prepared for any nonce.
#[derive(Clone, Debug)]
pub(super) struct SecondBlock {
    /// The first word of the state after the first block, which the last step adds.
    midstate_first: u32,
    /// The state after the rounds that do not depend on the nonce, `a` to `h`.
    state: [u32; 8],
    /// The schedule's words 0 to 19; those of the nonce are empty.
    schedule: [u32; FIRST_NONCE_SCHEDULE],
}

impl SecondBlock {
    /// Prepares a header. Its nonce does not matter.
    pub(super) fn new(header: &Header) -> Self {
        let (first, second) = blocks(header);
        let mut midstate = INITIAL;
        compress256(&mut midstate, &[first]);

        let mut schedule = [0; FIRST_NONCE_SCHEDULE];
        for (word, bytes) in schedule.iter_mut().zip(second.chunks_exact(4)) {
            *word = u32::from_be_bytes(bytes.try_into().expect("chunks of four"));
        }
        for t in 16..FIRST_NONCE_SCHEDULE {
            let [before_2, before_7, before_15, before_16] =
                [2, 7, 15, 16].map(|back| Lanes::splat(schedule[t - back]));
            let word = small_sigma_1(before_2) + before_7 + small_sigma_0(before_15) + before_16;
            schedule[t] = word.to_array()[0];
        }
        let mut state = midstate.map(Lanes::splat);
        for t in 0..FIRST_NONCE_WORD {
            round(&mut state, Lanes::splat(schedule[t].wrapping_add(K[t])));
        }
        let state = state.map(|lanes| lanes.to_array()[0]);
        Self { midstate_first: midstate[0], state, schedule }
    }

    /// The hash's first word for each of the four nonces from `nonce` on (after the last nonce
    /// comes 0).
    #[inline]
    pub(super) fn first_words(&self, nonce: u64) -> [u32; LANES] {
        let nonces: [u64; LANES] = array::from_fn(|lane| nonce.wrapping_add(lane as u64));
        let nonce_words = [
            Lanes::from(nonces.map(|nonce| (nonce as u32).swap_bytes())),
            Lanes::from(nonces.map(|nonce| ((nonce >> 32) as u32).swap_bytes())),
        ];
        let mut state = self.state.map(Lanes::splat);

        // The schedule looks back 16 words, so it is kept in a ring of as many.
        let mut ring: [Lanes; 16] = array::from_fn(|t| Lanes::splat(self.schedule[t]));
        ring[FIRST_NONCE_WORD..][..2].copy_from_slice(&nonce_words);
        unrolled!(t in 5 6 7 8 9 10 11 12 13 14 15 {
            round(&mut state, ring[t] + Lanes::splat(K[t]));
        });
        unrolled!(t in 16 17 18 19 {
            ring[t % 16] = Lanes::splat(self.schedule[t]);
            round(&mut state, ring[t % 16] + Lanes::splat(K[t]));
        });
        for t in FIRST_NONCE_SCHEDULE..64 {
            ring[t % 16] = small_sigma_1(ring[(t - 2) % 16])
                + ring[(t - 7) % 16]
                + small_sigma_0(ring[(t - 15) % 16])
                + ring[t % 16];
            round(&mut state, ring[t % 16] + Lanes::splat(K[t]));
        }
        (state[0] + Lanes::splat(self.midstate_first)).to_array()
    }
}

/// One round; `word` is the schedule's word with the round's constant added.
#[inline(always)]
fn round(state: &mut [Lanes; 8], word: Lanes) {
    let [a, b, c, d, e, f, g, h] = *state;
    let temporary_1 = h + word + choose(e, f, g) + big_sigma_1(e);
    let temporary_2 = majority(a, b, c) + big_sigma_0(a);
    *state = [temporary_1 + temporary_2, a, b, c, d + temporary_1, e, f, g];
}

/// A header's two blocks, padded as SHA-256 pads it: a one bit, zeros, the length in bits.
fn blocks(header: &Header) -> ([u8; 64], [u8; 64]) {
    let bytes = Header { nonce: 0, ..*header }.encode();
    let (first, rest) = bytes.split_at(64);
    let mut second = [0; 64];
    second[..rest.len()].copy_from_slice(rest);
    second[rest.len()] = 0x80;
    second[56..].copy_from_slice(&(8 * Header::LEN as u64).to_be_bytes());
    (first.try_into().expect("64 bytes"), second)
}

#[inline(always)]
fn choose(x: Lanes, y: Lanes, z: Lanes) -> Lanes {
    x.select(y, z)
}

#[inline(always)]
fn majority(x: Lanes, y: Lanes, z: Lanes) -> Lanes {
    y ^ ((x ^ y) & (y ^ z))
}

#[inline(always)]
fn big_sigma_0(x: Lanes) -> Lanes {
    x.rotate_right(2) ^ x.rotate_right(13) ^ x.rotate_right(22)
}

#[inline(always)]
fn big_sigma_1(x: Lanes) -> Lanes {
    x.rotate_right(6) ^ x.rotate_right(11) ^ x.rotate_right(25)
}

#[inline(always)]
fn small_sigma_0(x: Lanes) -> Lanes {
    x.rotate_right(7) ^ x.rotate_right(18) ^ x.shift_right(3)
}

#[inline(always)]
fn small_sigma_1(x: Lanes) -> Lanes {
    x.rotate_right(17) ^ x.rotate_right(19) ^ x.shift_right(10)
}

/// The initial hash value (FIPS 180-4 §5.3.3).
const INITIAL: [u32; 8] = [
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/// The rounds' constants (FIPS 180-4 §4.2.2).
#[rustfmt::skip]
const K: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

#[cfg(test)]
#[path = "compress_tests.rs"]
mod tests;
