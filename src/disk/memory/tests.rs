//! Tests of the memory disk.

use super::*;
use proptest::prelude::*;

fn disk(pairs: &[(&str, &str)]) -> MemoryDisk {
    let pairs = pairs.iter().map(|(key, value)| (Arc::from(*key), Arc::from(*value)));
    MemoryDisk::from_image(pairs.collect())
}

#[test]
fn what_is_staged_is_not_durable_before_the_sync() {
    let mut disk = disk(&[("a", "1")]);
    disk.stage(Write::put("a", "2"));
    disk.stage(Write::remove("a"));
    disk.stage(Write::put("b", "3"));
    assert_eq!(disk.read("a"), Ok(Some("1".into())));
    assert_eq!(disk.sync(), Ok(3));
    assert_eq!(disk.read("a"), Ok(None));
    assert_eq!(disk.read("b"), Ok(Some("3".into())));
    assert_eq!(disk.staged().len(), 0);
}

#[test]
fn a_lost_power_keeps_the_first_staged_writes() {
    let mut disk = disk(&[("a", "1")]);
    disk.stage(Write::put("a", "2"));
    disk.stage(Write::put("b", "3"));
    assert_eq!(disk.lose_power(1), 1);
    assert_eq!(disk.read("a"), Ok(Some("2".into())));
    assert_eq!(disk.read("b"), Ok(None));
    assert_eq!(disk.sync(), Ok(0), "what was lost does not come back");
}

#[test]
fn a_full_disk_stops_at_what_does_not_fit_and_goes_on_from_there() {
    let mut disk = disk(&[("a", "11")]);
    disk.set_quota(Some(5));
    disk.stage(Write::put("b", "2"));
    disk.stage(Write::put("a", "111"));
    disk.stage(Write::remove("b"));
    let full = DiskError::Full { key: "a".to_owned() };
    assert_eq!(disk.sync(), Err(ApplyError { done: 1, error: full }));
    assert_eq!(disk.read("a"), Ok(Some("11".into())), "the earlier value stays");
    assert_eq!(disk.read("b"), Ok(Some("2".into())), "what came before is durable");
    disk.set_quota(Some(6));
    assert_eq!(disk.sync(), Ok(2), "with more room it goes on in order");
    assert_eq!((disk.read("a"), disk.used()), (Ok(Some("111".into())), 4));
}

#[test]
fn a_power_loss_on_a_full_disk_keeps_only_what_fits() {
    let mut disk = MemoryDisk::new();
    disk.set_quota(Some(2));
    disk.stage(Write::put("a", "1"));
    disk.stage(Write::put("b", "2"));
    disk.stage(Write::remove("a"));
    assert_eq!(disk.lose_power(3), 1);
    assert_eq!(disk.read("a"), Ok(Some("1".into())));
}

#[test]
fn room_is_counted_as_browsers_count_it() {
    // One character outside the basic plane takes two UTF-16 units.
    let mut disk = disk(&[("é", "𝄞")]);
    assert_eq!(disk.used(), 3);
    // A value that shrinks always fits, even above a quota that was lowered.
    disk.set_quota(Some(0));
    assert_eq!(disk.write("é", "x"), Ok(()));
    assert_eq!(disk.used(), 2);
    assert!(disk.write("é", "xyz").is_err());
    assert_eq!(disk.remove("é"), Ok(()));
    assert_eq!(disk.remove("é"), Ok(()));
    assert_eq!(disk.used(), 0);
}

#[test]
fn differences_name_what_changed_appeared_and_vanished() {
    let ours = disk(&[("changed", "1"), ("same", "2"), ("vanished", "3")]);
    let theirs = disk(&[("appeared", "4"), ("changed", "5"), ("same", "2")]);
    let found = ours.differences(&theirs).unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|found| (&*found.key, found.ours.as_deref(), found.theirs.as_deref()))
        .collect();
    let expected = [
        ("appeared", None, Some("4")),
        ("changed", Some("1"), Some("5")),
        ("vanished", Some("3"), None),
    ];
    assert_eq!(found, expected);
    assert_eq!(ours.differences(&ours.clone()), Ok(Vec::new()));
}

#[test]
#[should_panic(expected = "overtake")]
fn a_durable_write_never_overtakes_a_staged_one() {
    let mut disk = MemoryDisk::new();
    disk.stage(Write::put("a", "1"));
    let _ = disk.write("a", "2");
}

/// What a test does to a disk.
#[derive(Clone, Debug)]
enum Step {
    Stage(Write),
    Sync,
    LosePower { keep: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let key = (0u8..4).prop_map(|key| format!("key/{key}"));
    let put = (key.clone(), "[a-z𝄞]{0,12}").prop_map(|(key, value)| Write::put(key, value));
    prop_oneof![
        6 => put.prop_map(Step::Stage),
        2 => key.prop_map(|key| Step::Stage(Write::remove(key))),
        2 => Just(Step::Sync),
        1 => (0usize..8).prop_map(|keep| Step::LosePower { keep }),
    ]
}

/// What a disk without limits or faults holds after these writes.
fn image_after(writes: &[Write]) -> Image {
    let mut image = Image::new();
    for write in writes {
        match write {
            Write::Put { key, value } => drop(image.insert(key.clone(), value.clone())),
            Write::Remove { key } => drop(image.remove(key)),
        }
    }
    image
}

proptest! {
    /// Whatever is lost or refused, what is durable is what some prefix of the writes that were
    /// not lost would have left, and never less than the last sync promised.
    #[test]
    fn what_is_durable_is_a_prefix_of_what_was_written(
        quota in prop::option::of(0u64..80),
        steps in prop::collection::vec(step(), 0..60),
    ) {
        let mut disk = MemoryDisk::new();
        disk.set_quota(quota);
        // The writes that were not lost, and how many of them are durable.
        let mut history: Vec<Write> = Vec::new();
        let mut durable = 0;
        for step in steps {
            match step {
                Step::Stage(write) => {
                    disk.stage(write.clone());
                    history.push(write);
                }
                Step::Sync => match disk.sync() {
                    Ok(done) => {
                        durable += done;
                        prop_assert_eq!(durable, history.len());
                    }
                    Err(stopped) => {
                        durable += stopped.done;
                        let key = history[durable].key().to_string();
                        prop_assert_eq!(stopped.error, DiskError::Full { key });
                    }
                },
                Step::LosePower { keep } => {
                    let kept = disk.lose_power(keep);
                    prop_assert!(kept <= keep);
                    durable += kept;
                    history.truncate(durable);
                }
            }
            prop_assert_eq!(disk.image(), &image_after(&history[..durable]));
            prop_assert!(disk.staged().eq(&history[durable..]));
            let used: u64 = disk.image().iter().map(|(key, value)| units(key) + units(value)).sum();
            prop_assert_eq!(disk.used(), used);
            prop_assert!(quota.is_none_or(|quota| used <= quota));
        }
    }

    /// Writing the differences of one disk to another makes them equal.
    #[test]
    fn differences_are_all_that_differs(
        ours in prop::collection::vec(step(), 0..30),
        theirs in prop::collection::vec(step(), 0..30),
    ) {
        let disk_after = |steps: Vec<Step>| {
            let mut disk = MemoryDisk::new();
            for step in steps {
                if let Step::Stage(write) = step {
                    disk.stage(write);
                }
            }
            disk.sync().unwrap();
            disk
        };
        let (mut ours, theirs) = (disk_after(ours), disk_after(theirs));
        let mut differing = Vec::new();
        for difference in ours.differences(&theirs).unwrap() {
            prop_assert_ne!(&difference.ours, &difference.theirs);
            differing.push(match difference.theirs {
                Some(value) => Write::Put { key: difference.key, value },
                None => Write::Remove { key: difference.key },
            });
        }
        ours.apply(&differing).unwrap();
        prop_assert_eq!(ours.image(), theirs.image());
    }
}
