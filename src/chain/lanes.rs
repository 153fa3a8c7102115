//! Four words side by side: a vector register where there is one.
//!
//! In wasm with simd128 this is the register itself. The compiler does not find it by itself:
//! it holds a vector's rotation for too dear, since wasm has none, and so leaves loops over plain
//! arrays as they are, which is three times as slow. Elsewhere plain arrays do; natively nobody
//! waits for a block.

use std::ops::{Add, BitAnd, BitXor};

/// How many words lie side by side.
pub(super) const LANES: usize = 4;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd128::Lanes;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use portable::Lanes;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd128 {
    use super::{Add, BitAnd, BitXor, LANES};
    use std::arch::wasm32::*;

    /// Four words in one register. All arithmetic is modulo 2³², as SHA-256 has it.
    #[derive(Clone, Copy)]
    pub(in crate::chain) struct Lanes(v128);

    impl Lanes {
        /// The same word in each lane.
        #[inline(always)]
        pub fn splat(word: u32) -> Self {
            Self(u32x4_splat(word))
        }

        /// The words.
        #[inline(always)]
        pub fn to_array(self) -> [u32; LANES] {
            [
                u32x4_extract_lane::<0>(self.0),
                u32x4_extract_lane::<1>(self.0),
                u32x4_extract_lane::<2>(self.0),
                u32x4_extract_lane::<3>(self.0),
            ]
        }

        /// Each word, rotated. A vector is rotated by two shifts.
        #[inline(always)]
        pub fn rotate_right(self, bits: u32) -> Self {
            let (low, high) = (u32x4_shr(self.0, bits), u32x4_shl(self.0, 32 - bits));
            Self(v128_or(low, high))
        }

        /// Each word, shifted.
        #[inline(always)]
        pub fn shift_right(self, bits: u32) -> Self {
            Self(u32x4_shr(self.0, bits))
        }

        /// Each bit from `ones` where it is one here, from `zeros` where it is zero.
        #[inline(always)]
        pub fn select(self, ones: Self, zeros: Self) -> Self {
            Self(v128_bitselect(ones.0, zeros.0, self.0))
        }
    }

    impl From<[u32; LANES]> for Lanes {
        #[inline(always)]
        fn from([a, b, c, d]: [u32; LANES]) -> Self {
            Self(u32x4(a, b, c, d))
        }
    }

    impl Add for Lanes {
        type Output = Self;

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(u32x4_add(self.0, other.0))
        }
    }

    impl BitXor for Lanes {
        type Output = Self;

        #[inline(always)]
        fn bitxor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }
    }

    impl BitAnd for Lanes {
        type Output = Self;

        #[inline(always)]
        fn bitand(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable {
    use super::{Add, BitAnd, BitXor, LANES};
    use std::array;

    /// Four words. All arithmetic is modulo 2³², as SHA-256 has it.
    #[derive(Clone, Copy)]
    pub(in crate::chain) struct Lanes([u32; LANES]);

    impl Lanes {
        /// The same word in each lane.
        #[inline(always)]
        pub fn splat(word: u32) -> Self {
            Self([word; LANES])
        }

        /// The words.
        #[inline(always)]
        pub fn to_array(self) -> [u32; LANES] {
            self.0
        }

        /// Each word, rotated.
        #[inline(always)]
        pub fn rotate_right(self, bits: u32) -> Self {
            Self(self.0.map(|word| word.rotate_right(bits)))
        }

        /// Each word, shifted.
        #[inline(always)]
        pub fn shift_right(self, bits: u32) -> Self {
            Self(self.0.map(|word| word >> bits))
        }

        /// Each bit from `ones` where it is one here, from `zeros` where it is zero.
        #[inline(always)]
        pub fn select(self, ones: Self, zeros: Self) -> Self {
            zeros ^ (self & (ones ^ zeros))
        }

        #[inline(always)]
        fn zip(self, other: Self, with: impl Fn(u32, u32) -> u32) -> Self {
            Self(array::from_fn(|lane| with(self.0[lane], other.0[lane])))
        }
    }

    impl From<[u32; LANES]> for Lanes {
        #[inline(always)]
        fn from(words: [u32; LANES]) -> Self {
            Self(words)
        }
    }

    impl Add for Lanes {
        type Output = Self;

        #[inline(always)]
        fn add(self, other: Self) -> Self {
            self.zip(other, u32::wrapping_add)
        }
    }

    impl BitXor for Lanes {
        type Output = Self;

        #[inline(always)]
        fn bitxor(self, other: Self) -> Self {
            self.zip(other, |a, b| a ^ b)
        }
    }

    impl BitAnd for Lanes {
        type Output = Self;

        #[inline(always)]
        fn bitand(self, other: Self) -> Self {
            self.zip(other, |a, b| a & b)
        }
    }
}
