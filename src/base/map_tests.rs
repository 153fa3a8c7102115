//! Sorted lists do what B-trees do.

use super::{Map, Set};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Step {
    Insert(u8, u16),
    Remove(u8),
    AddTo(u8, u16),
    SplitOff(u8),
    ForgetBelow(u8),
    PopFirst,
    Retain(u16),
}

fn step() -> impl Strategy<Value = Step> {
    let key = || 0u8..20;
    prop_oneof![
        6 => (key(), any::<u16>()).prop_map(|(key, value)| Step::Insert(key, value)),
        2 => key().prop_map(Step::Remove),
        2 => (key(), any::<u16>()).prop_map(|(key, value)| Step::AddTo(key, value)),
        1 => key().prop_map(Step::SplitOff),
        1 => key().prop_map(Step::ForgetBelow),
        1 => Just(Step::PopFirst),
        1 => (2u16..5).prop_map(Step::Retain),
    ]
}

proptest! {
    #[test]
    fn a_map_is_as_a_b_tree(steps in prop::collection::vec(step(), 0..60), from in 0u8..20, to in 0u8..20) {
        let (mut ours, mut theirs) = (Map::<u8, u16>::new(), BTreeMap::<u8, u16>::new());
        for step in steps {
            match step {
                Step::Insert(key, value) => {
                    prop_assert_eq!(ours.insert(key, value), theirs.insert(key, value));
                }
                Step::Remove(key) => prop_assert_eq!(ours.remove(&key), theirs.remove(&key)),
                Step::AddTo(key, value) => {
                    let (one, other) = (ours.entry(key).or_default(), theirs.entry(key).or_default());
                    *one = one.wrapping_add(value);
                    *other = other.wrapping_add(value);
                }
                Step::SplitOff(key) => {
                    prop_assert!(ours.split_off(&key).into_iter().eq(theirs.split_off(&key)));
                }
                Step::ForgetBelow(key) => {
                    ours.forget_below(&key);
                    theirs = theirs.split_off(&key);
                }
                Step::PopFirst => prop_assert_eq!(ours.pop_first(), theirs.pop_first()),
                Step::Retain(divisor) => {
                    ours.retain(|_, value| *value % divisor == 0);
                    theirs.retain(|_, value| *value % divisor == 0);
                }
            }
            prop_assert!(ours.iter().eq(theirs.iter()));
            prop_assert_eq!((ours.len(), ours.is_empty()), (theirs.len(), theirs.is_empty()));
            prop_assert_eq!(ours.first_key_value(), theirs.first_key_value());
            prop_assert_eq!(ours.last_key_value(), theirs.last_key_value());
        }
        prop_assert!((0..20).all(|key| ours.get(&key) == theirs.get(&key)));
        prop_assert!(ours.values().rev().eq(theirs.values().rev()));
        let (from, to) = (from.min(to), from.max(to));
        prop_assert!(ours.range(from..to).eq(theirs.range(from..to)));
        prop_assert!(ours.range(..=to).rev().eq(theirs.range(..=to).rev()));
        prop_assert!(ours.range(from..).eq(theirs.range(from..)));
        let text = serde_json::to_string(&ours).unwrap();
        prop_assert_eq!(&text, &serde_json::to_string(&theirs).unwrap());
        prop_assert_eq!(serde_json::from_str::<Map<u8, u16>>(&text).unwrap(), ours);
    }

    #[test]
    fn a_set_is_as_a_b_tree(one in prop::collection::vec(0u8..30, 0..40), other in prop::collection::vec(0u8..30, 0..40)) {
        let sets = |elements: &[u8]| -> (Set<u8>, BTreeSet<u8>) {
            (elements.iter().copied().collect(), elements.iter().copied().collect())
        };
        let ((mut ours, mut theirs), (our_other, their_other)) = (sets(&one), sets(&other));
        prop_assert!(ours.iter().eq(theirs.iter()));
        prop_assert!(ours.intersection(&our_other).eq(theirs.intersection(&their_other)));
        prop_assert!(ours.difference(&our_other).eq(theirs.difference(&their_other)));
        prop_assert_eq!(ours.is_subset(&our_other), theirs.is_subset(&their_other));
        prop_assert_eq!(ours.cmp(&our_other), theirs.cmp(&their_other));
        let text = serde_json::to_string(&ours).unwrap();
        prop_assert_eq!(&text, &serde_json::to_string(&theirs).unwrap());
        prop_assert_eq!(&serde_json::from_str::<Set<u8>>(&text).unwrap(), &ours);
        for element in other {
            prop_assert_eq!(ours.contains(&element), theirs.contains(&element));
            prop_assert_eq!(ours.remove(&element), theirs.remove(&element));
        }
        prop_assert!(ours.into_iter().eq(theirs));
    }
}
