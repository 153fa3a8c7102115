//! Runs, written and read: exactly, and never with a panic, whatever is done to them.

use super::link::{self, LinkError, Packed};
use super::*;
use crate::base::{Hash, ServerId, Span};
use crate::sim::{Action, swarm};

fn sealed(run: &Run) -> Run {
    let mut replay = run.clone().replay_sealing().expect("it can begin");
    while !replay.advance(10_000).expect("it is exact") {}
    Run { seal: replay.seal(), ..run.clone() }
}

fn replayed(run: Run) -> Result<Replay, RunError> {
    let mut replay = run.replay_sealing()?;
    while !replay.advance(10_000)? {}
    Ok(replay)
}

/// A short run in which something happens.
fn small() -> Run {
    let mut simulation = Simulation::new(Config::default(), 3, Disks::default()).unwrap();
    simulation.run_until(Time(700_000));
    simulation.act(Action::Crash { server: ServerId::new(2).unwrap() }).unwrap();
    simulation.run_until(Time(900_000));
    simulation.act(Action::Restart { server: ServerId::new(2).unwrap() }).unwrap();
    simulation.run_until(Time(1_200_000));
    simulation.to_run()
}

#[test]
fn random_runs_pass_through_files_and_links_and_keep_their_seal() {
    for seed in 0..60 {
        let (simulation, hash) = swarm::draw(seed);
        let run = sealed(&simulation.to_run());
        let events = simulation.trace().last_id().0;
        assert_eq!(run.seal, Some(Seal { events, hash }), "seed {seed}");

        let from_file = Run::from_json(&run.to_json()).expect("what is written can be read");
        assert_eq!(from_file, run, "seed {seed}");
        let from_link = link::read(&link::write(&run)).expect("what is written can be read");
        assert_eq!(from_link, run, "seed {seed}");
        let replay = replayed(from_link).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(replay.finding(), Finding::Same(run.seal.unwrap()), "seed {seed}");
        assert_eq!(replay.simulation().world().now(), simulation.world().now());
    }
}

#[test]
fn what_to_look_at_is_kept_and_bounded() {
    let look = Look {
        from: Some(Stamp::BEGINNING),
        chosen: ServerId::new(3),
        speed: Some(20),
        caption: Some("Watch <b>S3</b> & \"wait\"".to_owned()),
    };
    let run = Run { name: Some("Friday".to_owned()), look, ..small() };
    assert_eq!(link::read(&link::write(&run)), Ok(run.clone()));
    assert_eq!(Run::from_json(&run.to_json()), Ok(run.clone()));

    let named = Run { name: Some("é".repeat(MAX_NAME + 1)), ..run.clone() };
    assert_eq!(Run::from_json(&named.to_json()), Err(RunError::Text("name", MAX_NAME)));
    let caption = Some("x".repeat(look::MAX_CAPTION + 1));
    let told = Run { look: Look { caption, ..Look::default() }, ..run };
    assert!(matches!(Run::from_json(&told.to_json()), Err(RunError::Text("caption", _))));
}

#[test]
fn another_engine_is_told_of_and_what_it_did_is_still_shown() {
    let run = sealed(&small());
    let said = run.seal.unwrap();
    let hash = Hash::of(b"another engine");
    let other = Run { seal: Some(Seal { hash, ..said }), ..run.clone() };
    let replay = replayed(other).unwrap();
    let differs = Finding::Differs { said: Some(Seal { hash, ..said }), seen: said, skipped: 0 };
    assert_eq!(replay.finding(), differs);

    // Its steps are not ours: exactly it cannot be repeated, by its times it can.
    let mut other = run.clone();
    other.actions[1].after_steps += 3;
    other.steps += 3;
    assert_eq!(replayed(other.clone()).unwrap_err(), RunError::Stamps);
    let mut replay = other.replay_sealing().unwrap().by_times();
    while !replay.advance(100).unwrap() {}
    assert_eq!(replay.simulation().world().now(), run.until);
    assert_eq!(replay.simulation().world().actions().len(), 2);
    assert!(matches!(replay.finding(), Finding::Differs { skipped: 0, .. }));

    let mut other = run.clone();
    other.actions.insert(1, other.actions[0].clone());
    assert!(matches!(replayed(other.clone()).unwrap_err(), RunError::Action(..)));
    let mut replay = other.replay_sealing().unwrap().by_times();
    while !replay.advance(100).unwrap() {}
    assert!(matches!(replay.finding(), Finding::Differs { skipped: 1, .. }));
}

#[test]
fn a_run_without_a_seal_is_what_it_is() {
    assert_eq!(replayed(small()).unwrap().finding(), Finding::Unsealed);
}

#[test]
fn a_run_is_split_at_a_moment_and_goes_on_from_there_as_it_was() {
    let run = sealed(&small());
    let second = run.actions[1].clone();
    let mut simulation = Simulation::new(Config::default(), 3, Disks::default()).unwrap();
    simulation.run_until(Time(700_000));
    simulation.act(run.actions[0].action.clone()).unwrap();
    simulation.run_until(Time(800_000));
    let between = Stamp { at: Time(800_000), after_steps: simulation.world().steps() };
    for (from, left) in [
        (Stamp::BEGINNING, 2),
        (between, 1),
        (Stamp { at: second.at, after_steps: second.after_steps }, 1),
        (Stamp { at: run.until, after_steps: run.steps }, 0),
        (Stamp { at: Time(u64::MAX), after_steps: u64::MAX }, 0),
    ] {
        let (before, to_come) = run.clone().split_at(from);
        assert_eq!(to_come.len(), left, "{from:?}");
        let mut simulation = replayed(before).unwrap().into_simulation();
        for stamped in to_come {
            while simulation.world().steps() < stamped.after_steps {
                assert!(simulation.step_by(stamped.at));
            }
            simulation.set_clock(stamped.at);
            simulation.act(stamped.action).unwrap();
        }
        simulation.run_until(run.until);
        assert_eq!(simulation.trace().last_id().0, run.seal.unwrap().events, "{from:?}");
    }
}

#[test]
fn stamps_that_contradict_the_world_are_refused_before_they_break_it() {
    let run = small();
    let with = |change: &dyn Fn(&mut Run)| {
        let mut run = run.clone();
        change(&mut run);
        Run::from_json(&run.to_json()).and_then(replayed).map(|_| ())
    };
    assert_eq!(with(&|_| ()), Ok(()));
    assert_eq!(with(&|run| run.actions[0].at = Time(0)), Err(RunError::Stamps));
    assert_eq!(with(&|run| run.actions[1].at = Time(u64::MAX)), Err(RunError::Stamps));
    assert_eq!(with(&|run| run.actions[1].at = Time(1_000_000)), Err(RunError::Stamps));
    assert_eq!(with(&|run| run.actions[1].after_steps = u64::MAX), Err(RunError::Stamps));
    assert_eq!(with(&|run| run.actions.swap(0, 1)), Err(RunError::Stamps));
    assert_eq!(with(&|run| run.steps += 1), Err(RunError::Stamps));
    assert_eq!(with(&|run| run.steps = u64::MAX), Err(RunError::TooManySteps(u64::MAX)));
    // Nobody knows how far the clock came after the last step: then it stops at what is due.
    assert_eq!(with(&|run| run.until = OPEN_END), Ok(()));
    assert_eq!(with(&|run| run.until = LATEST), Ok(()));
    assert_eq!(with(&|run| run.until = LATEST + Span(1)), Err(RunError::Stamps));
}

/// Where no server is up and no client waits, nothing is ever due, and a clock could leap to the
/// end of all numbers, where no message takes time any more.
#[test]
fn a_world_that_sleeps_is_not_taken_beyond_all_time() {
    let mut simulation = Simulation::new(Config::default(), 3, Disks::default()).unwrap();
    simulation.run_until(Time(700_000));
    for server in Config::default().server_ids() {
        simulation.act(Action::Crash { server }).unwrap();
    }
    let asleep = simulation.to_run();
    let server = ServerId::new(1).unwrap();
    let restart =
        |at| Stamped { at, after_steps: asleep.steps, action: Action::Restart { server } };
    for (until, wakes, right) in [
        (OPEN_END, None, Ok(())),
        (LATEST, Some(LATEST), Ok(())),
        (OPEN_END, Some(LATEST + Span(1)), Err(RunError::Stamps)),
        (OPEN_END, Some(Time(u64::MAX)), Err(RunError::Stamps)),
    ] {
        let mut run = Run { until, ..asleep.clone() };
        run.actions.extend(wakes.map(restart));
        for by_times in [false, true] {
            let replay = run.clone().replay().map(|it| if by_times { it.by_times() } else { it });
            let ended = replay.and_then(|mut replay| {
                while !replay.advance(10_000)? {}
                Ok(replay.into_simulation())
            });
            // Whoever looks on, finds a world in which things go on.
            let lives_on = ended.map(|mut simulation| {
                let _ = simulation.act(Action::Restart { server });
                (0..10_000).for_each(|_| _ = simulation.step());
            });
            assert_eq!(lives_on, right, "{until:?}, {wakes:?}, {by_times}");
        }
    }
}

#[test]
fn versions_are_read_up_to_our_own() {
    let text = small().to_json();
    let version = |number: &str| text.replacen("\"version\":2", number, 1);
    assert_eq!(Run::from_json(&version("\"version\":1")), Ok(small()), "the oldest form");
    let newer = Run::from_json(&version("\"version\":3"));
    assert_eq!(newer, Err(RunError::Version(3)));
    let says = newer.unwrap_err().to_string();
    assert!(says.contains("version 3") && says.contains("up to 2"), "{says}");
    assert_eq!(Run::from_json(&version("\"version\":0")), Err(RunError::Version(0)));
    for wrong in ["\"version\":-1", "\"version\":\"2\"", "\"version\":1e99", "\"versio\":2"] {
        assert!(matches!(Run::from_json(&version(wrong)), Err(RunError::Malformed(_))), "{wrong}");
    }
}

#[test]
fn links_are_found_among_other_parameters() {
    let address = "https://example.org/bank/?x=1#view=lecture&run=2.abc&at=7";
    assert_eq!(link::parameter(address, link::KEY), Some("2.abc"));
    assert_eq!(link::parameter(address, "view"), Some("lecture"));
    assert_eq!(link::parameter("#cluster", link::KEY), None);
    assert_eq!(link::parameter("no fragment run=1", link::KEY), None);
}

#[test]
fn links_of_the_first_form_are_read() {
    let run = small();
    // What a browser's btoa gives, with the letters that an address takes.
    assert_eq!(link::unpack("eyJ2ZXJzaW9uIjo5OX0"), Ok(Packed::Plain("{\"version\":99}".into())));
    assert_eq!(link::read("eyJ2ZXJzaW9uIjo5OX0"), Err(LinkError::Run(RunError::Version(99))));
    let plain = link::pack(run.to_json().as_bytes());
    assert_eq!(link::read(plain.strip_prefix("2.").unwrap()), Ok(run));
}

#[test]
fn what_is_no_link_is_told_why() {
    let code = link::write(&small());
    assert_eq!(link::read(&code[..code.len() / 2]), Err(LinkError::Damaged));
    assert_eq!(link::read("***"), Err(LinkError::Letter('*')));
    assert_eq!(link::read(&code.replacen("2.", "3.", 1)), Err(LinkError::Form("3".to_owned())));
    assert_eq!(link::read("2.A"), Err(LinkError::Damaged));
    assert_eq!(link::read("2."), Err(LinkError::Damaged));
    assert!(matches!(link::read(""), Err(LinkError::Run(RunError::Malformed(_)))));
}

#[test]
fn a_link_that_inflates_without_end_is_refused() {
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b' '; MAX_TEXT + 1], 10);
    assert!(bomb.len() < 40_000, "{} bytes make {MAX_TEXT}", bomb.len());
    assert_eq!(link::read(&link::pack(&bomb)), Err(LinkError::TooLarge));
    let large = miniz_oxide::deflate::compress_to_vec(&vec![b' '; MAX_TEXT], 10);
    assert!(matches!(link::read(&link::pack(&large)), Err(LinkError::Run(_))));
}

mod damaged {
    use super::*;
    use proptest::prelude::*;
    use std::sync::OnceLock;

    fn whole() -> &'static Run {
        static WHOLE: OnceLock<Run> = OnceLock::new();
        WHOLE.get_or_init(|| sealed(&small()))
    }

    /// Reads and replays what may be anything: the same run, another one, or a reason.
    fn survives(read: Result<Run, LinkError>) {
        let result = read.and_then(|run| {
            // A run of millions of steps is refused or replayed, but here it takes too long.
            if run.steps > 50_000 { Ok(None) } else { Ok(Some(replayed(run)?)) }
        });
        match result {
            Ok(None) => {}
            Ok(Some(replay)) => {
                if let Finding::Same(seal) = replay.finding() {
                    assert_eq!(Some(seal), whole().seal);
                }
            }
            Err(error) => assert!(error.to_string().len() > 20, "{error}"),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn links_never_panic(place in 0.0..1.0_f64, bit in 0..6_u32, cut in 0.0..1.0_f64) {
            let code = link::write(whole());
            let at = (place * code.len() as f64) as usize;
            let mut flipped = code.clone().into_bytes();
            flipped[at] ^= 1 << bit;
            if let Ok(flipped) = String::from_utf8(flipped) {
                survives(link::read(&flipped));
            }
            let end = (cut * code.len() as f64) as usize;
            prop_assert!(link::read(&code[..end]).is_err(), "a part is no run");
        }

        #[test]
        fn files_never_panic(place in 0.0..1.0_f64, put in "[0-9]{1,20}|[-.,:{}\"a-z\\[\\]]{1,3}",
                             over in 0..3_usize) {
            let mut text = whole().to_json();
            let at = (place * text.len() as f64) as usize;
            let end = (at + over).min(text.len());
            text.replace_range(at..end, &put);
            survives(Run::from_json(&text).map_err(LinkError::Run));
        }

        #[test]
        fn numbers_never_panic(which in 0..200_usize, put in prop_oneof![
            Just(u64::MAX), Just(0), Just(u64::from(u32::MAX)), any::<u64>(), 0..5_000_000_u64
        ]) {
            let text = whole().to_json();
            let numbers: Vec<_> = numbers(&text).collect();
            let (from, to) = numbers[which % numbers.len()];
            let text = format!("{}{put}{}", &text[..from], &text[to..]);
            survives(Run::from_json(&text).map_err(LinkError::Run));
        }
    }

    /// Where the numbers of a JSON text stand.
    fn numbers(text: &str) -> impl Iterator<Item = (usize, usize)> {
        let bytes = text.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let starts =
            (1..bytes.len()).filter(move |at| digit(*at) && matches!(bytes[at - 1], b':' | b','));
        starts.map(move |from| (from, (from..).find(|at| !digit(*at)).unwrap_or(from)))
    }
}
