//! One block, opened: its header, its hash with the work in it, what it holds, who has it.

use crate::base::{Hash, ServerId};

/// How many of a hash's first bits are shown one by one: no block is asked for more zeros.
pub const BITS_SHOWN: u32 = 24;

/// Which block somebody has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Whatever a server has at a height.
    At(ServerId, u64),
    /// A block that was dropped, which perhaps nobody has any more.
    Dropped(Hash),
}

/// An opened block.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Which it is.
    pub which: Which,
    /// The server that it is read from, if one has it.
    pub server: Option<ServerId>,
    /// Its height.
    pub height: u64,
    /// What it is, or why there is none.
    pub content: Content,
}

/// What stands where somebody looks.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A block.
    Block(Box<Block>),
    /// A text that is no block, and what is wrong with it.
    Damaged {
        /// The text, as it stands on the disk.
        text: String,
        /// Why it is none.
        why: String,
    },
    /// Nothing, and why.
    Nothing(String),
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its term.
    pub term: u64,
    /// Whether it is committed, in words.
    pub state: &'static str,
    /// True if it is known to be committed where it is read from.
    pub committed: bool,
    /// What its header holds besides the parent, as (what, value).
    pub header: Vec<(&'static str, String)>,
    /// Its hash.
    pub hash: Work,
    /// The parent's hash.
    pub parent_hash: String,
    /// The block before it, if that can be opened.
    pub parent: Option<Which>,
    /// The block after it, if there is one.
    pub child: Option<Which>,
    /// Its transactions: what is paid, and why not if it was refused.
    pub transactions: Vec<(String, Option<String>)>,
    /// What it is for, if it has none.
    pub note: &'static str,
    /// The members of the cluster from it on, if it changes them.
    pub members: Option<String>,
    /// Who has it, in words.
    pub holders: String,
    /// Who has another block there, in words.
    pub others: Option<String>,
}

/// A hash, and the work that it proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// The hash, in 64 hexadecimal digits.
    pub hash: String,
    /// How many leading bits of it are zero.
    pub zero_bits: u32,
    /// How many the header asks for.
    pub difficulty: u32,
}

impl Work {
    /// The work in a hash.
    pub fn of(hash: Hash, difficulty: u8) -> Self {
        let (zero_bits, difficulty) = (hash.leading_zero_bits(), difficulty.into());
        Self { hash: hash.to_string(), zero_bits, difficulty }
    }

    /// True if it is enough.
    pub fn is_enough(&self) -> bool {
        self.zero_bits >= self.difficulty
    }

    /// The digits that are zero, and the rest.
    pub fn digits(&self) -> (&str, &str) {
        self.hash.split_at((self.zero_bits / 4) as usize)
    }

    /// The first bits, one by one.
    pub fn bits(&self) -> impl Iterator<Item = bool> {
        let digits = self.hash.chars().take((BITS_SHOWN / 4) as usize);
        digits.flat_map(|digit| {
            let value = digit.to_digit(16).unwrap_or(0);
            [8, 4, 2, 1].map(|bit| value & bit != 0)
        })
    }

    /// The count, in words.
    pub fn says(&self) -> String {
        let (found, asked) = (self.zero_bits, self.difficulty);
        match (asked, self.is_enough()) {
            (0, _) => format!("{found} leading zero bits; none are asked for"),
            (_, true) => format!("{found} leading zero bits; {asked} are asked for"),
            (_, false) => format!("{found} leading zero bits, where {asked} are asked for"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zeros_are_counted_in_bits_and_marked_in_digits() {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[1]) = (0, 0x1f);
        let work = Work::of(Hash(bytes), 11);
        assert!(work.is_enough() && !Work::of(Hash(bytes), 12).is_enough());
        assert_eq!(work.digits().0, "00");
        assert_eq!(work.bits().take_while(|one| !one).count(), 11);
        assert_eq!(work.bits().count(), BITS_SHOWN as usize);
        assert_eq!(work.says(), "11 leading zero bits; 11 are asked for");
    }
}
