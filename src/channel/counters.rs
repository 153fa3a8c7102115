//! What a channel counts.

use super::DropReason;

/// How many messages took which way since the run began.
///
/// At any time, `sent + duplicated` is `delivered`, what was dropped, and what is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Messages given to the channel.
    pub sent: u64,
    /// Second copies, which the channel made by chance or somebody by hand.
    pub duplicated: u64,
    /// Messages and copies that reached their target.
    pub delivered: u64,
    /// Messages and copies that did not, in the order of [`DropReason::ALL`].
    dropped: [u64; DropReason::ALL.len()],
}

impl Counters {
    /// Messages and copies that did not arrive for this reason.
    pub fn dropped_for(&self, reason: DropReason) -> u64 {
        self.dropped[reason as usize]
    }

    /// Messages and copies that did not arrive for any reason.
    pub fn dropped(&self) -> u64 {
        self.dropped.iter().sum()
    }

    /// Messages and copies that are on their way.
    ///
    /// # Panics
    /// If more left the channel than entered it.
    pub fn in_flight(&self) -> u64 {
        let entered = self.sent + self.duplicated;
        let left = self.delivered + self.dropped();
        entered.checked_sub(left).expect("each copy leaves the channel once")
    }

    pub(super) fn count_drop(&mut self, reason: DropReason) {
        self.dropped[reason as usize] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_is_counted_for_itself() {
        let mut counters = Counters { sent: 40, delivered: 1, ..Counters::default() };
        for (position, reason) in DropReason::ALL.into_iter().enumerate() {
            (0..=position).for_each(|_| counters.count_drop(reason));
        }
        let counted = DropReason::ALL.map(|reason| counters.dropped_for(reason));
        assert_eq!(counted, [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!((counters.dropped(), counters.in_flight()), (28, 11));
    }
}
