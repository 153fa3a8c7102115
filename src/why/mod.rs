//! 'Why?': why something is as it is at this moment, found out from the world and its trace.
//!
//! [`answer()`] takes a [`Question`] about a server, a vote, a block or a request, and gives an
//! [`Answer`]: a headline, the reasons behind it as a tree, each with the events that it rests on,
//! and what would change it. Nothing here is canned: every sentence is filled in from what the
//! servers hold, from what is on its way, and from what happened.
//!
//! # How an absence is explained
//!
//! Most questions are about what did *not* happen, and no event says so. The way is always the
//! same: what would have had to happen next, and how far has it come? A vote that is missing is a
//! request that was not sent, is on its way, was dropped, or was refused; or its answer was
//! ([`vote`]). A block that a voter lacks is an append of which the same can be said
//! ([`replication`]). A message that was dropped leads to the link, and that to the action by
//! which it was cut ([`reach`]).
//!
//! # What is known, and by whom
//!
//! An answer is given from above: it sees all servers at once, which no server can. Where it
//! matters, it says who knows: a block may be committed, and its server not know it yet.
//!
//! # Caveats
//!
//! - The trace keeps the newest events only. What rests on older ones is left out, and the answer
//!   says that something was ([`Answer::forgotten`]).
//! - Which leader a voter had heard, and when, is taken from the messages that reached it, by its
//!   machine's clock as it runs now. If its rate was changed in between, that may be off.
//! - What a disk holds is compared by the hash in its text; whether the text can be trusted is for
//!   recovery to find out.
//! - With rules of the engine switched off, promises break, and an answer that rests on them may
//!   sound odd.

mod answer;
mod block;
mod committed;
mod fate;
mod follow;
mod leader;
mod letter;
mod question;
mod reach;
mod read;
mod replication;
mod request;
mod scene;
mod server;
mod trail;
mod vote;
mod words;

pub use answer::{Answer, Claim, Leg, Reason};
pub use follow::{Copy, Followed, Moment, follow};
pub use question::Question;
pub use words::took;

use crate::sim::World;
use crate::trace::Trace;
use scene::Scene;

/// Why it is so, at this moment.
///
/// The trace must be the world's own.
pub fn answer(world: &World, trace: &Trace, question: &Question) -> Answer {
    let scene = Scene::new(world, trace);
    let mut answer = match question {
        Question::NoLeader => leader::answer(&scene),
        Question::Server(server) => server::answer(&scene, *server),
        Question::Vote { voter, candidate } => vote::answer(&scene, *voter, *candidate),
        Question::Block { server, height } => block::answer(&scene, *server, *height),
        Question::Hash(prefix) => block::answer_hash(&scene, prefix),
        Question::Request(id) => request::answer(&scene, *id),
    };
    answer.settle(trace);
    answer
}
