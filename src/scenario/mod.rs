//! Runs as text: something is done to a cluster, time goes by, and what came of it is told.
//!
//! One grammar serves the tests, the library that the page shows, and the command line. A
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
//! | `crash S1`, `Alice: transfer Bob 4 via S2`, … | does something: every [`Action`](crate::sim::Action), as it is printed |
//! | `change S1 block/2 '4' to '5'` | alters what a server that is down has kept |
//! | `run 2s` | lets time go by |
//! | `run until S2 leads within 10s` | … until a [`Condition`] holds |
//! | `expect not S1 commits 3` | the condition must hold now |
//! | `check` | tells the balances and what the judges say |
//! | `why Alice #1` | tells why it is as it is ([`Question`](crate::why::Question)) |
//!
//! A line that begins with `#` is for the reader.
//!
//! # Nothing by fiat
//!
//! A scenario directs chance, and never fakes it. `leader=S1` lets S1's election timer run out
//! first, and then S1 must win an ordinary election. There is no statement that gives a server a
//! role, a term or a block.
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
mod error;
mod holds;
mod opening;
mod runner;
mod script;
mod statement;
mod tale;
#[cfg(test)]
mod tests;
mod values;

pub use action::parse_action;
pub use condition::{Condition, Fate, Past, Standing};
pub use error::ScenarioError;
pub use opening::Opening;
pub use runner::{Player, play};
pub use script::{Block, Scenario};
pub use statement::{LONGEST_RUN, PATIENCE, Statement};
