//! The arithmetic of majorities, of one set of voters and of two.

use crate::base::{MAX_SERVERS, Membership, ServerId, Set};

/// How many of `voters` are a majority.
pub fn majority(voters: usize) -> usize {
    voters / 2 + 1
}

/// The highest value that a quorum has reached, given what each server has reached: a majority of
/// the voters, and while the membership is joint, a majority of the outgoing ones too (paper §6).
///
/// Of truth values it is whether a quorum says yes.
pub fn reached_by_quorum<T: Ord + Copy + Default>(
    membership: &Membership,
    value: impl Fn(ServerId) -> T,
) -> T {
    let reached = reached_by_majority(membership.voters(), &value);
    match membership.is_joint() {
        true => reached.min(reached_by_majority(membership.outgoing(), &value)),
        false => reached,
    }
}

/// The highest value that a majority of `voters` has reached.
fn reached_by_majority<T: Ord + Copy + Default>(
    voters: &Set<ServerId>,
    value: impl Fn(ServerId) -> T,
) -> T {
    assert!(!voters.is_empty(), "a cluster has at least one voter");
    let mut values = [T::default(); MAX_SERVERS as usize];
    for (place, voter) in values.iter_mut().zip(voters) {
        *place = value(*voter);
    }
    let values = &values[..voters.len()];
    let has_majority =
        |goal: &T| values.iter().filter(|value| *value >= goal).count() >= majority(voters.len());
    let reached = values.iter().copied().filter(has_majority).max();
    reached.expect("all have reached the least of their values")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values lie below this.
    const VALUES: u8 = 4;

    /// The definition: the highest value for which more than half of the voters have that much.
    fn by_counting(sets: &[&Set<ServerId>], value: impl Fn(ServerId) -> u8) -> u8 {
        let has_majority = |voters: &&Set<ServerId>, goal: u8| {
            2 * voters.iter().filter(|voter| value(**voter) >= goal).count() > voters.len()
        };
        let all_have = |goal: &u8| sets.iter().all(|voters| has_majority(voters, *goal));
        (0..VALUES).rev().find(all_have).expect("all reach 0")
    }

    /// The servers whose bits are set, S1 the lowest.
    fn servers(bits: u32) -> Set<ServerId> {
        ServerId::first(MAX_SERVERS).filter(|id| bits & (1 << (id.number() - 1)) != 0).collect()
    }

    /// What each of `count` servers has reached, in every combination of `different` values.
    fn assignments(count: u32, different: u32) -> impl Iterator<Item = impl Fn(ServerId) -> u8> {
        let digit = move |case: u32, place: u32| (case / different.pow(place) % different) as u8;
        (0..different.pow(count))
            .map(move |case| move |id: ServerId| digit(case, u32::from(id.number()) - 1))
    }

    #[test]
    fn majorities_of_every_cluster_size() {
        let expected =
            [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4), (8, 5), (9, 5)];
        for (voters, needed) in expected {
            assert_eq!(majority(voters), needed, "{voters} voters");
        }
    }

    #[test]
    fn reached_by_quorum_equals_a_count_for_every_cluster() {
        for voters in 1..=9_u8 {
            // Every combination of four values, or of three where there would be too many.
            let different = if voters <= 6 { u32::from(VALUES) } else { 3 };
            let membership = Membership::of(ServerId::first(voters));
            for value in assignments(voters.into(), different) {
                let expected = by_counting(&[membership.voters()], &value);
                assert_eq!(reached_by_quorum(&membership, &value), expected);
            }
        }
    }

    #[test]
    fn a_joint_quorum_equals_a_count_of_both_halves_for_every_pair_of_sets() {
        const SERVERS: u32 = 5;
        for (old, new) in
            (1..1 << SERVERS).flat_map(|old| (1..1 << SERVERS).map(move |new| (old, new)))
        {
            let (old, new) = (Membership::of(servers(old)), Membership::of(servers(new)));
            let joint = old.joint_with(&new);
            for value in assignments(SERVERS, 3) {
                let expected = by_counting(&[old.voters(), new.voters()], &value);
                assert_eq!(reached_by_quorum(&joint, &value), expected, "{joint}");
            }
        }
    }

    /// So many servers are in the old set alone, so many in both, so many in the new one alone: up
    /// to the servers' names, these are all pairs of sets that there are.
    #[test]
    fn a_joint_quorum_equals_a_count_for_every_overlap_of_every_two_sizes() {
        let mut pairs = 0;
        let count = usize::from(MAX_SERVERS);
        for shape in 0..(count + 1).pow(3) {
            let [old, both, new] =
                [1, count + 1, (count + 1).pow(2)].map(|place| shape / place % (count + 1));
            let all = old + both + new;
            if old + both == 0 || both + new == 0 || all > count {
                continue;
            }
            pairs += 1;
            let of = |places: std::ops::Range<usize>| {
                Membership::of(ServerId::first(MAX_SERVERS).take(places.end).skip(places.start))
            };
            let joint = of(0..old + both).joint_with(&of(old..all));
            for value in assignments(all as u32, 3) {
                let expected = by_counting(&[joint.outgoing(), joint.voters()], &value);
                assert_eq!(reached_by_quorum(&joint, &value), expected, "{joint}");
            }
        }
        assert_eq!(pairs, 201, "C(12, 3) ways to fill three places, less 19 with an empty set");
    }

    #[test]
    fn a_joint_vote_needs_both_halves() {
        let [old, new] = [servers(0b00111), servers(0b11100)].map(Membership::of);
        let joint = old.joint_with(&new);
        let won = |votes: u32| reached_by_quorum(&joint, |id| servers(votes).contains(&id));
        assert!(won(0b01110), "S2 and S3 of the old, S3 and S4 of the new");
        assert!(!won(0b00111), "all of the old, one of the new");
        assert!(!won(0b11100), "all of the new, one of the old");
        assert!(!won(0b10001), "one of each");
    }
}
