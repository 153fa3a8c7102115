//! Reading on, back and through; predicting; doing the task.

use super::*;
use crate::scenario::{Scenario, parse_action, tell};
use crate::ui::view::Page;
use crate::ui::view::from::Watch;
use crate::ui::view::story::{Story, TaskState};

const STORY: &str = "# A claim.\ntitle \"A name\"\n\
    cluster servers=3 seed=1 leader=S1 Alice=10 Bob=0\n\
    step \"One.\"\nrun 100ms\n\
    step \"Two.\"\npredict \"Who leads?\"\nanswer \"S1\" if S1 leads\nanswer \"Others\" if not S1 leads\n\
    crash S1\nrun until a leader\n\
    step \"Three.\"\nrestart S1\nrun 20s\n";

const TASK: &str = "# A claim.\ncluster servers=3 seed=1 leader=S1 Alice=10 Bob=0\n\
    step \"One.\"\nrun 100ms\n\
    goal \"Depose S1.\" reach not S1 leads within 5s\nforbid crash S1\nforbid more than 2 cut\n\
    solution\nisolate S1\nrun 3s\n";

fn reader(text: &str) -> Reader {
    Reader::new(Rc::new(tell(&Scenario::parse(text).unwrap()).unwrap()))
}

/// The world of a moment of the story.
fn world_at(reader: &Reader, moment: Moment) -> Simulation {
    let mut replay = moment.part_of(&reader.told().run).replay().unwrap();
    while !replay.advance(1_000).unwrap() {}
    replay.into_simulation()
}

fn shown(reader: &Reader) -> Story {
    Story::of(reader, &world_at(reader, reader.from()))
}

#[test]
fn a_story_is_read_step_by_step() {
    let mut reader = reader(STORY);
    assert_eq!(reader.enter(), Course::Play, "the first step asks nothing");
    assert_eq!(reader.stop(), Some(reader.told().steps[0].to));
    let story = shown(&reader);
    assert_eq!((story.title.as_str(), story.place.as_str()), ("A name", "Step 1 of 3"));
    assert_eq!((story.sentence.as_str(), story.quiz), ("One.", None));
    assert_eq!(story.next, Some("Skip to the end of the step"));
    assert_eq!(reader.go_on(), Course::Rush);
    assert_eq!(reader.arrive(), Course::Stay);
    assert_eq!(shown(&reader).next, Some("Go on to the next step"));

    assert_eq!(reader.go_on(), Course::Stay, "the second step asks first");
    let quiz = shown(&reader).quiz.expect("it asks");
    assert!(quiz.is_open && quiz.truth.is_none(), "nothing is given away: {quiz:?}");
    reader.answer(0);
    assert_eq!(reader.go_on(), Course::Play);
    reader.answer(1);
    assert_eq!(reader.chosen(), Some(0), "what is predicted stays");
    assert_eq!(shown(&reader).quiz.unwrap().truth, None, "it is still going on");
    assert_eq!(reader.arrive(), Course::Stay);
    let truth = shown(&reader).quiz.unwrap().truth.expect("it is over");
    assert_eq!((truth.right, truth.verdict.as_str()), (1, "Not so. The answer is: Others."));
    assert!(truth.why.starts_with("Judged by 'not S1 leads': S1 is down; "), "{truth:?}");

    assert_eq!(reader.go_on(), Course::Play);
    assert_eq!(reader.arrive(), Course::Stay);
    assert_eq!(reader.go_on(), Course::Stay, "there is no more");
    let story = shown(&reader);
    assert_eq!((story.next, story.progress), (None, (3, 3)));
    assert!(story.note.unwrap().contains("That was the story"));
}

#[test]
fn the_page_gives_no_answer_away() {
    let mut reader = reader(STORY);
    reader.enter();
    let simulation = world_at(&reader, reader.told().steps[1].from);
    let page = |reader: &Reader| {
        let mut page = Page::of(&simulation, &Watch::default(), &|_| None);
        Story::of(reader, &simulation).cover(&mut page);
        page
    };
    assert!(page(&reader).now.contains("S1 leads"), "{}", page(&reader).now);
    assert!(page(&reader).hint.contains("read on with Next"), "{}", page(&reader).hint);
    reader.arrive();
    reader.go_on();
    assert_eq!(&*page(&reader).now, "What comes next is yours to predict.");
    reader.go_on();
    assert!(page(&reader).now.contains("S1 leads"), "{}", page(&reader).now);
}

#[test]
fn back_goes_to_the_beginning_of_the_step_before() {
    let mut reader = reader(STORY);
    assert!(!shown(&reader).can_go_back);
    reader.enter();
    reader.arrive();
    reader.go_on();
    reader.answer(1);
    assert_eq!(reader.place(), 1);
    let steps = reader.told().steps.clone();
    assert_eq!(reader.back(), Course::From(steps[0].from));
    assert_eq!(reader.enter(), Course::Play);
    assert_eq!(reader.back(), Course::From(steps[0].from), "before the first is nothing");
    reader.enter();
    reader.arrive();
    assert_eq!(reader.go_on(), Course::Play, "what was predicted is not asked again");
    assert_eq!(reader.chosen(), Some(1));
}

#[test]
fn steps_follow_each_other_until_a_question() {
    let mut reader = reader(STORY);
    reader.enter();
    assert_eq!(reader.set_through(true), Course::Stay, "the step goes on as it does");
    assert_eq!(reader.arrive(), Course::Stay, "the next one asks");
    assert_eq!((reader.place(), reader.is_begun()), (1, false));
    assert_eq!(reader.go_on(), Course::Play, "nobody must answer");
    assert_eq!(reader.arrive(), Course::Play, "and the third follows");
    assert_eq!(reader.arrive(), Course::Stay);
    assert!(reader.is_shown());
}

#[test]
fn who_acts_in_a_step_leaves_the_story_until_he_goes_back() {
    let mut reader = reader(STORY);
    reader.enter();
    reader.act();
    assert_eq!((reader.stop(), reader.go_on()), (None, Course::Stay));
    assert!(shown(&reader).note.unwrap().contains("You took over"));
    assert_eq!(reader.back(), Course::From(reader.told().steps[0].from), "to this step");
    assert_eq!(reader.enter(), Course::Play);
    assert!(!reader.has_left());
}

#[test]
fn a_long_step_is_shown_fast_and_a_short_one_at_the_usual_speed() {
    let mut reader = reader(STORY);
    assert_eq!(reader.pace(), SPEED_DEFAULT);
    for _ in 0..2 {
        reader.enter();
        reader.arrive();
        reader.go_on();
    }
    reader.arrive();
    reader.go_on();
    assert_eq!(reader.place(), 2);
    let shown_ms = 20_000_000 / SPEEDS[reader.pace()].1;
    assert!(shown_ms <= STEP_MS, "{shown_ms} ms");
    assert!(20_000_000 / SPEEDS[reader.pace() - 1].1 > STEP_MS, "no faster than need be");
}

/// Comes to the task.
fn at_task() -> (Reader, Simulation) {
    let mut reader = reader(TASK);
    reader.enter();
    reader.arrive();
    assert_eq!(reader.go_on(), Course::Stay, "the task is the reader's to begin");
    let simulation = world_at(&reader, reader.from());
    reader.begin_attempt(&simulation);
    (reader, simulation)
}

fn run(reader: &mut Reader, simulation: &mut Simulation, span: Span) -> bool {
    let limit = simulation.world().now() + span;
    while simulation.step_by(limit) {
        if reader.look(simulation) {
            return true;
        }
    }
    simulation.set_clock(limit);
    reader.look(simulation)
}

#[test]
fn a_task_is_graded_by_what_the_reader_does() {
    let (mut reader, mut simulation) = at_task();
    assert_eq!(reader.script(reader.from()), [], "nothing is done for him");
    assert_eq!(reader.stop(), None);
    assert!(!run(&mut reader, &mut simulation, Span::ms(500)));
    let task = Story::of(&reader, &simulation).task.unwrap();
    assert_eq!(task.rules, ["No crash S1", "At most 2 times cut (0 so far)"]);
    assert_eq!((task.state, task.says.as_str()), (TaskState::Open, "4.5 s of virtual time left."));

    simulation.act(parse_action("isolate S1").unwrap()).unwrap();
    reader.act();
    assert!(!reader.has_left(), "he is asked to act");
    assert!(run(&mut reader, &mut simulation, Span::secs(3)), "it is decided");
    let task = Story::of(&reader, &simulation).task.unwrap();
    assert_eq!(task.state, TaskState::Met);
    assert!(task.says.starts_with("Reached at "), "{task:?}");
    assert!(!reader.look(&simulation), "once");
}

#[test]
fn a_task_that_failed_says_why_and_can_be_tried_again() {
    let (mut reader, mut simulation) = at_task();
    simulation.act(parse_action("crash S1").unwrap()).unwrap();
    assert!(reader.look(&simulation));
    let task = Story::of(&reader, &simulation).task.unwrap();
    assert_eq!(task.state, TaskState::Failed);
    assert_eq!(task.says, "Failed: 'crash S1' is forbidden.");
    let from = reader.from();
    assert_eq!(reader.restart(), Course::From(from));
    assert_eq!((reader.enter(), reader.attempt().is_none()), (Course::Stay, true));

    let (mut reader, mut simulation) = at_task();
    assert!(run(&mut reader, &mut simulation, Span::secs(6)));
    let task = Story::of(&reader, &simulation).task.unwrap();
    assert!(task.says.starts_with("Failed: 5s went by"), "{task:?}");
}

#[test]
fn a_solution_can_be_shown() {
    let (mut reader, _) = at_task();
    let from = reader.from();
    assert_eq!(reader.solve(), Course::From(from));
    assert_eq!(reader.enter(), Course::Play);
    assert_eq!(reader.stop(), Some(reader.told().end));
    assert_eq!(reader.script(from).len(), 1);
    assert_eq!(reader.go_on(), Course::Rush);
    assert_eq!(reader.back(), Course::From(from), "to the task, for himself");
    assert!(!reader.is_solving());
}
