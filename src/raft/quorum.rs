//! The arithmetic of majorities.

/// How many of `voters` are a majority.
pub fn majority(voters: usize) -> usize {
    voters / 2 + 1
}

/// The highest value that a majority has reached, given what each voter has reached.
///
/// # Panics
/// If there are no voters.
pub fn reached_by_majority<T: Ord + Copy>(mut values: Vec<T>) -> T {
    assert!(!values.is_empty(), "a cluster has at least one voter");
    values.sort_unstable_by(|left, right| right.cmp(left));
    values[majority(values.len()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values lie below this.
    const VALUES: u8 = 4;

    /// The definition: the highest value for which more than half have that much.
    fn by_counting(values: &[u8]) -> u8 {
        let reached = |goal: u8| values.iter().filter(|value| **value >= goal).count();
        (0..VALUES).rev().find(|goal| 2 * reached(*goal) > values.len()).expect("all reach 0")
    }

    #[test]
    fn majorities_of_every_cluster_size() {
        let expected = [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (6, 4), (7, 4), (8, 5), (9, 5)];
        for (voters, needed) in expected {
            assert_eq!(majority(voters), needed, "{voters} voters");
        }
    }

    #[test]
    fn reached_by_majority_equals_a_count_for_every_cluster() {
        for voters in 1..=9_u32 {
            // Every combination of four values, or of three where there would be too many.
            let different = if voters <= 6 { u32::from(VALUES) } else { 3 };
            for case in 0..different.pow(voters) {
                let digit = |place| (case / different.pow(place) % different) as u8;
                let values: Vec<u8> = (0..voters).map(digit).collect();
                assert_eq!(reached_by_majority(values.clone()), by_counting(&values), "{values:?}");
            }
        }
    }
}
