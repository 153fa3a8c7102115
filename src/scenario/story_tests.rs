//! Stories, questions, goals and seeds: read, played, graded; and each way in which one is wrong.

use super::library::{Group, LIBRARY};
use super::*;
use crate::base::{Span, Time};
use crate::sim::Simulation;

const CLUSTER: &str = "cluster servers=3 seed=1 leader=S1 Alice=10 Bob=0";

fn parsed(lines: &str) -> Result<Scenario, ScenarioError> {
    Scenario::parse(&format!("# A claim.\n{lines}\n"))
}

fn told(lines: &str) -> Told {
    tell(&parsed(lines).unwrap_or_else(|error| panic!("{error}"))).unwrap()
}

fn error(lines: &str) -> String {
    match parsed(lines).and_then(|scenario| tell(&scenario)) {
        Ok(_) => panic!("it is accepted:\n{lines}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn statements_stand_where_they_mean_something() {
    let cluster = "cluster servers=3";
    for (lines, expected) in [
        (format!("title \"A\"\ntitle \"B\"\n{cluster}"), "line 3, column 1: the title stands once"),
        (format!("{cluster}\ntitle \"A\""), "line 3, column 1: the title stands once"),
        ("title \"A\"".to_owned(), "line 2, column 1: there is no cluster"),
        (
            format!("{cluster}\nrun 1s\nseek seed 1-2 where S1 leads within 1s"),
            "line 4, column 1: seeds are sought once",
        ),
        (
            format!("{cluster}\npredict \"Who?\""),
            "line 3, column 1: a question stands once in a step",
        ),
        (
            format!("{cluster}\nstep \"A.\"\nrun 1s\npredict \"Who?\""),
            "line 5, column 1: a question stands once",
        ),
        (
            format!("{cluster}\nstep \"A.\"\nanswer \"S1\" if S1 leads"),
            "line 4, column 1: an answer stands below",
        ),
        (
            format!("{cluster}\nstep \"A.\"\npredict \"Who?\"\nanswer \"S1\" if S1 leads\nrun 1s"),
            "line 6, column 1: a question has two answers at least",
        ),
        (
            format!("{cluster}\nstep \"A.\"\npredict \"Who?\"\nanswer \"S1\" if S1 leads"),
            "line 4, column 1: a question has two answers at least",
        ),
        (
            format!("{cluster}\nforbid crash"),
            "line 3, column 1: what is forbidden stands directly below its goal",
        ),
        (format!("{cluster}\nsolution"), "line 3, column 1: a solution stands below its goal"),
        (
            format!("{cluster}\ngoal \"Do it.\" reach S2 leads within 1s"),
            "line 3, column 1: a goal needs its solution",
        ),
        (
            format!("{cluster}\ngoal \"Do it.\" reach S2 leads within 1s\nrun 1s"),
            "line 4, column 1: a goal needs its solution",
        ),
        (
            format!(
                "{cluster}\ngoal \"Do it.\" reach S2 leads within 1s\nsolution\nstep \"More.\""
            ),
            "line 5, column 1: the goal is the last part",
        ),
    ] {
        let error = parsed(&lines).expect_err(&lines).to_string();
        assert!(error.starts_with(expected), "{lines}\n{error}");
    }
}

#[test]
fn a_line_of_a_story_that_cannot_be_read_is_refused_where_it_goes_wrong() {
    for (line, expected) in [
        ("step", "column 5: expected a sentence, in quotes, found the end of the line"),
        ("step \" \"", "column 6: expected a sentence, not nothing"),
        ("step \"A", "column 6: this quote is never closed"),
        ("predict who", "column 9: expected a question, in quotes, found 'who'"),
        ("answer \"S1\" S1 leads", "column 13: expected 'if', found 'S1'"),
        ("goal \"A\" reach S1 leads", "column 24: expected 'within', found the end of the line"),
        ("goal \"A\" reach S1 leads for 9s within 1s", "column 39: it cannot last 9s within 1s"),
        ("goal \"A\" S1 leads", "column 10: expected 'reach', found 'S1'"),
        (
            "forbid explode",
            "column 8: expected an action, or the words that it begins with, such as 'crash S1' or 'cut', found 'explode'",
        ),
        (
            "forbid more than cut",
            "column 18: expected how often it may be done, in plain digits, found 'cut'",
        ),
        (
            "seek seed 9-1 where a leader within 1s",
            "column 11: expected a range of seeds such as 1-500, found '9-1'",
        ),
        ("seek seed 1-5000 where a leader within 1s", "column 11: at most 1000 seeds are tried"),
        ("seek seed 1-5 where a leader within 61s", "column 37: 61s is too long: at most 60s"),
        ("seek seed 1-5 a leader", "column 15: expected 'where', found 'a'"),
        ("run 2s in", "column 10: expected how many steps, found the end of the line"),
        ("run 2s in 4", "column 12: expected 'steps', found the end of the line"),
        ("expect S1 leads and", "column 20: expected a condition"),
        ("expect S1 dropped", "column 18: expected a height"),
    ] {
        let error = parsed(line).expect_err(line).to_string();
        assert!(error.starts_with(&format!("line 2, {expected}")), "{line}: {error}");
    }
}

#[test]
fn and_binds_closer_than_or() {
    let text = "expect S1 up and S2 up or not S3 up and S3 down or quiet";
    let scenario = parsed(&format!("cluster\n{text}")).unwrap();
    let Some((_, Statement::Expect(Condition::Any(any)))) = scenario.statements().nth(1) else {
        panic!("it is a choice: {scenario:?}");
    };
    assert_eq!(any.len(), 3);
    assert!(matches!(&any[0], Condition::All(all) if all.len() == 2));
    assert!(matches!(&any[1], Condition::All(all) if matches!(all[0], Condition::Not(_))));
    assert_eq!(any[2], Condition::Quiet);
    assert_eq!(Condition::Any(any.clone()).to_string(), &text["expect ".len()..]);
}

#[test]
fn a_story_knows_where_its_steps_lie_and_which_answers_are_right() {
    let told = told(&format!(
        "title \"A name\"\n{CLUSTER}\nstep \"One.\"\nrun 100ms\nstep \"Two.\"\n\
         predict \"Who leads?\"\nanswer \"S1\" if S1 leads\nanswer \"Others\" if not S1 leads\n\
         crash S1\nrun until a leader\nrun until all agree"
    ));
    assert_eq!((told.title.as_str(), told.claim.as_str()), ("A name", "A claim."));
    let [one, two] = &told.steps[..] else { panic!("there are two steps") };
    assert_eq!((one.sentence.as_str(), one.question.as_ref()), ("One.", None));
    assert_eq!(one.to, two.from, "one step begins where the other ends");
    assert_eq!(one.to.at.since(one.from.at), Span::ms(100));
    assert_eq!((one.from.actions, two.to.actions), (1, 2), "the nudge, the crash");
    assert_eq!(two.to, told.end);
    let question = two.question.as_ref().expect("it asks");
    assert_eq!(question.right, 1);
    assert!(
        question.why.starts_with("judged by 'not S1 leads': S1 is down; S2 "),
        "{}",
        question.why
    );

    // A moment is a part of the run, and replayed it is the world of that moment.
    let replay = one.to.part_of(&told.run).replay().unwrap();
    let world = replayed(replay);
    assert_eq!(Moment::of(&world), one.to);
    assert!(world.world().server(crate::base::ServerId::new(1).unwrap()).is_some());
}

fn replayed(mut replay: crate::sim::Replay) -> Simulation {
    while !replay.advance(1_000).unwrap() {}
    replay.into_simulation()
}

#[test]
fn a_scenario_without_steps_is_told_in_one() {
    let told = told(&format!("{CLUSTER}\ncrash S1\nrun 1s"));
    let [step] = &told.steps[..] else { panic!("there is one step") };
    assert_eq!((step.sentence.as_str(), step.to), ("A claim.", told.end));
    assert_eq!(told.title, "A claim.");
    assert!(step.from.at > Time::ZERO, "the leader has been elected before");
}

#[test]
fn just_one_answer_must_be_right() {
    let ask = |answers: &str| {
        format!("{CLUSTER}\nstep \"One.\"\npredict \"Who?\"\n{answers}\nrun 100ms\nstep \"Two.\"")
    };
    let none = error(&ask("answer \"S2\" if S2 leads\nanswer \"S3\" if S3 leads"));
    let expected = "line 4, column 1: one answer must be right at the end of the step; none is; S1 leads in term 1";
    assert!(none.starts_with(expected), "{none}");
    let both = error(&ask("answer \"S1\" if S1 leads\nanswer \"Up\" if S1 up"));
    assert!(both.contains("right are 'S1' and 'Up'"), "{both}");
    let stranger = error(&ask("answer \"S1\" if S1 leads\nanswer \"S7\" if S7 leads"));
    assert!(stranger.contains("line 6, column 1: there is no S7 in this cluster"), "{stranger}");
}

#[test]
fn a_solution_must_reach_its_goal_by_what_is_allowed() {
    let goal =
        |rest: &str| format!("{CLUSTER}\ngoal \"Depose S1.\" reach not S1 leads within 5s\n{rest}");
    let met = told(&goal("forbid crash S1\nforbid more than 4 cut\nsolution\nisolate S1\nrun 3s"));
    let challenge = met.challenge.as_ref().expect("there is a goal");
    assert_eq!(challenge.goal.forbidden.len(), 2);
    assert!(met.steps.is_empty(), "nothing is told before");
    assert_eq!(met.run.actions.len(), challenge.from.actions + 1);

    for (rest, why) in [
        ("solution\nrun 3s", "'not S1 leads' has not come about"),
        ("solution\nrun 6s", "5s went by, and 'not S1 leads' is not so"),
        ("forbid crash S1\nsolution\ncrash S1\nrun 1s", "'crash S1' is forbidden"),
        ("forbid crash\nsolution\ncrash S1\nrun 1s", "'crash S1' is forbidden"),
        (
            "forbid more than 1 cut\nsolution\ncut S1 -> S2\ncut S1 -> S3",
            "'cut S1 -> S3' is forbidden",
        ),
    ] {
        let error = error(&goal(rest));
        let expected = format!("line 3, column 1: the solution does not reach the goal: {why}");
        assert_eq!(error, expected, "{rest}");
    }
    let done = error(&format!("{CLUSTER}\ngoal \"A.\" reach S1 leads within 5s\nsolution\nrun 1s"));
    assert_eq!(done, "line 4, column 1: 'S1 leads' is so before anything is done");
}

#[test]
fn a_goal_may_have_to_last() {
    let goal = "goal \"Nobody leads for 2 s.\" reach no leader for 2s within 9s\nsolution\n";
    let partition = "partition S1 | S2 | S3\nrun until no leader\n";
    told(&format!("{CLUSTER}\n{goal}{partition}run 2s"));
    for rest in ["run 1999ms", "run 1s\nheal\nrun until a leader\nrun 100ms"] {
        let error = error(&format!("{CLUSTER}\n{goal}{partition}{rest}"));
        assert!(error.contains("'no leader' has not come about"), "{error}");
    }
    let late = error(&format!("{CLUSTER}\n{goal}run 8s\n{partition}run 5s"));
    assert!(late.contains("9s went by, and 'no leader' is not so for long enough"), "{late}");
}

#[test]
fn words_that_are_forbidden_are_whole_words() {
    let forbidden = |words: &str| Forbidden { words: words.to_owned(), at_most: 0 };
    let covers =
        |words: &str, action: &str| forbidden(words).covers(&parse_action(action).unwrap());
    assert!(covers("crash", "crash S1"));
    assert!(covers("crash S1", "crash S1"));
    assert!(!covers("crash S1", "crash S2"));
    assert!(!covers("cut S", "cut S1 -> S2"));
    assert!(covers("Alice: transfer", "Alice: transfer Bob 4"));
    assert!(!covers("Alice: transfer", "Alice: balance"));
}

#[test]
fn a_seed_that_was_sought_is_the_runs_and_needs_no_search() {
    let wish = "S3 leads";
    let sought = told(&format!(
        "cluster servers=3\nseek seed 1-50 where {wish} within 2s\nrun until {wish} within 2s"
    ));
    let seed = sought.run.seed;
    assert!(seed > 1, "the first seed does not do it, or nothing is sought");
    let plain = told(&format!("cluster servers=3 seed={seed}\nrun until {wish} within 2s"));
    assert_eq!(plain.run, sought.run);
    // No seed before it does it.
    for seed in 1..seed {
        error(&format!("cluster servers=3 seed={seed}\nrun until {wish} within 2s"));
    }
    let none = error("cluster servers=3\nseek seed 1-20 where S1 down within 1s");
    assert_eq!(none, "line 3, column 1: with no seed from 1 to 20 is 'S1 down' so within 1s");
}

#[test]
fn a_run_of_so_many_steps_has_just_so_many() {
    let few = error(&format!("{CLUSTER}\nrun 1ms in 900 steps"));
    assert!(few.contains("things happen within 1ms, not 900"), "{few}");
    let many = error(&format!("{CLUSTER}\nrun 1s in 1 steps"));
    assert!(many.contains("more than 1 things happen within 1s"), "{many}");
}

#[test]
fn a_block_that_was_dropped_is_remembered() {
    let lines = "isolate S1\nAlice: transfer Bob 4 via S1\nrun until S1 mined 2\n\
                 run until S2 commits 2 or S3 commits 2\nexpect not S1 dropped 2\nheal\n\
                 run until S1 dropped 2 within 5s\ncrash S1\nexpect S1 dropped 2\n\
                 expect not S1 dropped 1";
    told(&format!("{CLUSTER}\n{lines}"));
}

#[test]
fn the_library_is_a_course() {
    assert!(LIBRARY.len() >= 24, "only {} scenarios", LIBRARY.len());
    let mut groups: Vec<Group> = LIBRARY.iter().map(|entry| entry.group).collect();
    assert!(groups.is_sorted(), "groups stand together");
    groups.dedup();
    assert_eq!(groups, Group::ALL, "no group is empty");
    let mut titles: Vec<&str> = LIBRARY.iter().map(library::Entry::title).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), LIBRARY.len(), "no two have one name");
    assert!(LIBRARY.iter().filter(|entry| entry.asks()).count() >= 6);
    for entry in LIBRARY {
        assert_eq!(library::find(entry.title()), Some(entry));
        let scenario = Scenario::parse(entry.text);
        let scenario = scenario.unwrap_or_else(|error| panic!("{}: {error}", entry.file));
        assert_eq!(scenario.title(), Some(entry.title()), "{}", entry.file);
        let statements = || scenario.statements().map(|(_, statement)| statement);
        let steps = statements().filter(|it| matches!(it, Statement::Step(_))).count();
        let goals = statements().filter(|it| matches!(it, Statement::Goal(_))).count();
        if entry.group == Group::Challenges {
            assert_eq!(goals, 1, "{}: it sets a task", entry.file);
        } else {
            assert!((2..=6).contains(&steps), "{}: {steps} steps", entry.file);
        }
        for statement in statements() {
            if let Statement::Step(sentence) = statement {
                assert!(sentence.len() <= 120, "{}: too long: {sentence}", entry.file);
            }
        }
        assert!(statements().any(|it| matches!(it, Statement::Check)), "{}", entry.file);
    }
}

#[test]
fn a_scenario_may_be_given_only_so_many_steps() {
    let long = parsed(&format!("{CLUSTER}\nrun 10s\nrun 10s")).unwrap();
    let steps = tell(&long).unwrap().run.steps;
    assert!(tell_within(&long, steps + 1).is_ok());
    let error = tell_within(&long, steps / 2).unwrap_err().to_string();
    assert!(error.contains("more steps"), "{error}");
    // Seeds that are tried in vain count as well.
    let seeks = "cluster servers=3\nseek seed 1-1000 where S1 leads and S2 leads within 10s";
    let error = tell_within(&parsed(seeks).unwrap(), steps).unwrap_err().to_string();
    assert!(error.contains("more steps"), "{error}");
}

/// A scenario, told in portions of so many steps.
fn told_in(portion: u64, scenario: &Scenario, limit: u64) -> Result<Told, ScenarioError> {
    let mut telling = Telling::new(scenario.clone(), limit);
    let mut before = 0.0;
    while !telling.advance(portion)? {
        let progress = telling.progress();
        assert!((before..=1.0).contains(&progress), "{before}, then {progress}");
        before = progress;
    }
    Ok(telling.into_told())
}

#[test]
fn portions_change_nothing_of_a_story() {
    for (entry, portion) in LIBRARY.iter().zip([1, 2, 50, 997].into_iter().cycle()) {
        let scenario = Scenario::parse(entry.text).unwrap();
        let (whole, parts) = (tell(&scenario), told_in(portion, &scenario, u64::MAX));
        assert!(parts.is_ok(), "{}: {parts:?}", entry.file);
        assert_eq!(format!("{whole:?}"), format!("{parts:?}"), "{}", entry.file);
    }
}

#[test]
fn portions_change_nothing_of_what_is_wrong() {
    for (lines, limit) in [
        ("cluster servers=3\nrun until S1 leads and S2 leads within 3s", u64::MAX),
        ("cluster servers=3\nrun 1s\nrun 2s in 3 steps", u64::MAX),
        ("cluster servers=3\nrun 1ms in 30 steps", u64::MAX),
        ("cluster servers=3 leader=S2\nrun 2s\ncrash S2\ncrash S2", u64::MAX),
        ("cluster servers=3\nseek seed 1-9 where S1 leads and S2 leads within 2s", u64::MAX),
        ("cluster servers=3 leader=S1\nseek seed 1-99 where S9 leads within 2s", u64::MAX),
        ("cluster servers=3 leader=S1\nrun 2s\nrun 60s", 500),
        ("cluster servers=3\nseek seed 1-1000 where S1 leads and S2 leads within 10s", 2_000),
    ] {
        let scenario = parsed(lines).unwrap();
        let whole = tell_within(&scenario, limit).expect_err(lines);
        for portion in [1, 7, 400] {
            let parts = told_in(portion, &scenario, limit).expect_err(lines);
            assert_eq!(whole, parts, "{lines}");
        }
    }
}
