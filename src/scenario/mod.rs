//! Runs as text: something is done to a cluster, time goes by, and what came of it is told.
//!
//! One grammar serves the tests, the [`library`], the page's editor and the command line. A
//! [`Scenario`] is a claim and some blocks of statements; [`play`] plays it in a
//! [`Simulation`](crate::sim::Simulation) and gives back what came of each block:
//!
//! ```text
//! # A transfer is answered once a majority has it.
//! cluster servers=3 leader=S1 Alice=10 Bob=0
//! Alice: transfer Bob 4
//! run until Alice answered
//! check
//! ```
//!
//! # Statements
//!
//! | statement | meaning |
//! |---|---|
//! | `cluster servers=3 seed=7 leader=S1 Alice=10 loss=5%` | sets everything up ([`Opening`]) |
//! | `seek seed 1-500 where S1 leads within 2s` | begins with the first such seed ([`Seek`]) |
//! | `crash S1`, `Alice: transfer Bob 4 via S2`, … | does something: every [`Action`](crate::sim::Action), as it is printed |
//! | `load 20/s`, `chaos hostile` | lets clients ask, or faults come and go, by themselves; both are actions, and have an end, `off` |
//! | `change S1 block/2 '4' to '5'` | alters what a server that is down has kept |
//! | `run 2s` | lets time go by |
//! | `run 2s in 40 steps` | … and just so many things happen |
//! | `run until S2 leads within 10s` | … until a [`Condition`] holds |
//! | `expect not S1 commits 3 and Bob 4` | the condition must hold now |
//! | `check` | tells the balances and what the judges say |
//! | `why Alice #1` | tells why it is as it is ([`Question`](crate::why::Question)) |
//!
//! # Stories and lessons
//!
//! A scenario may be divided into steps, which the page shows one by one, and it may ask the
//! reader to think ([`tell`]):
//!
//! ```text
//! title "The leader crashes"
//! cluster servers=3 leader=S1
//! step "S1 crashes, and the followers hear no heartbeat any more."
//! predict "Who leads next?"
//! answer "S2" if S2 leads
//! answer "S3" if S3 leads
//! crash S1
//! run until a leader
//! ```
//!
//! Which answer is right is written nowhere: the conditions are put to the world at the end of the
//! step, and just one must hold. A scenario may end with a task. The reader then acts, and an
//! [`Attempt`] grades him by the world, his actions and the judges:
//!
//! ```text
//! goal "Nobody leads for five seconds." reach no leader for 5s within 60s
//! forbid crash
//! forbid more than 3 cut
//! solution
//! cut S2 -> S1
//! …
//! ```
//!
//! What follows `solution` is played by whoever plays the text, and must reach the goal. So a text
//! whose goal is out of reach fails.
//!
//! # The text of a run
//!
//! [`to_text`] gives the text of any run, however it came about, and that text plays to the same
//! events. Only what disks held before the run is beyond words.
//!
//! A line that begins with `#` is for the reader, and so are blanks at a line's beginning.
//!
//! # Nothing by fiat
//!
//! A scenario directs chance, and never fakes it. `leader=S1` lets S1's election timer run out
//! first, and then S1 must win an ordinary election. `seek` tries seeds until one shows by itself
//! what is wished for, and the run with that seed is a run like any other. There is no statement
//! that gives a server a role, a term or a block.
//!
//! # Errors
//!
//! A text that cannot be read, an action that is not possible, an expectation that is not met, a
//! broken promise: each is a [`ScenarioError`] with its line and column. After every event of
//! every scenario the judges are asked. In a run with a rule switched off (`off=pre-vote`) a broken
//! promise is no error: it is what the run is for, it is told, and `broken` asks for it.
//!
//! # Caveats
//!
//! - What is told depends on chance, and so on the seed: another seed, or an engine that draws
//!   once more, may tell another story. The claim must hold all the same; that is what `expect`
//!   and the judges are for.
//! - A scenario touches no file. Who plays one reads its text.

mod action;
mod condition;
mod cursor;
mod errand;
mod error;
mod goal;
mod holds;
mod lesson;
pub mod library;
mod opening;
mod order;
mod past;
mod runner;
mod script;
mod seek;
mod statement;
#[cfg(test)]
mod story_tests;
mod tale;
mod telling;
#[cfg(test)]
mod tests;
mod text;
mod told;
mod values;

pub use action::parse_action;
pub use condition::{Condition, Fate, Standing};
pub use error::ScenarioError;
pub use goal::{Attempt, Forbidden, Goal, Outcome};
pub use opening::Opening;
pub use past::Past;
pub use runner::{Player, play};
pub use script::{Block, Scenario};
pub use seek::Seek;
pub use statement::{LONGEST_RUN, PATIENCE, Statement};
pub use telling::Telling;
pub use text::to_text;
pub use told::{Challenge, Moment, Question, Step, Told, tell, tell_within};
