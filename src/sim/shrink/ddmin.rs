//! Delta debugging: the fewest items of a list that still show something.

/// Takes items out as long as what remains still passes `shows`, in portions that become finer
/// (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002). The result
/// is 1-minimal, that is, no single item can go, unless `shows` gave up before.
pub fn ddmin<T: Clone>(items: Vec<T>, mut shows: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut items = items;
    let mut size = items.len().div_ceil(2);
    while size > 0 && !items.is_empty() {
        let mut removed = false;
        let mut start = 0;
        while start < items.len() {
            let end = (start + size).min(items.len());
            let rest = [&items[..start], &items[end..]].concat();
            if shows(&rest) {
                (items, removed) = (rest, true);
            } else {
                start = end;
            }
        }
        size = match size {
            1 if removed => 1,
            1 => 0,
            _ => size.div_ceil(2),
        };
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_finds_the_items_that_matter() {
        let mut tries = 0;
        let minimal = ddmin((0..1000).collect(), |items: &[u32]| {
            tries += 1;
            [17, 500, 501].iter().all(|wanted| items.contains(wanted))
        });
        assert_eq!(minimal, [17, 500, 501]);
        assert!(tries < 200, "{tries}");
        assert!(ddmin(vec![1, 2, 3], |_| true).is_empty());
        assert_eq!(ddmin(vec![1, 2, 3], |_| false), [1, 2, 3]);
        assert!(ddmin(Vec::<u8>::new(), |_| true).is_empty());
    }

    proptest! {
        /// Nothing can go from what remains, also where one item makes up for another.
        #[test]
        fn no_single_item_can_go(items in prop::collection::vec(0..50_u32, 0..60), sum in 0..200_u32) {
            let shows = |items: &[u32]| items.iter().sum::<u32>() >= sum;
            prop_assume!(shows(&items));
            let minimal = ddmin(items, shows);
            prop_assert!(shows(&minimal));
            for gone in 0..minimal.len() {
                let mut less = minimal.clone();
                less.remove(gone);
                prop_assert!(!shows(&less));
            }
        }
    }
}
