//! What each server was, stretch by stretch, from the trace.

use crate::base::{ServerId, Time};
use crate::raft::Role as RaftRole;
use crate::server::Fact;
use crate::sim::Simulation;
use crate::trace::{Event, What};
use crate::ui::view::diagram::{Band, Role, Work};
use crate::ui::view::lanes::Window;

/// How many events before a window are searched for what servers were when it begins.
const LOOKED_BACK: usize = 12_000;

/// What a server is at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    role: Role,
    term: u64,
    paused: bool,
    since: Time,
    /// Since when it mines, if it does.
    mining: Option<Time>,
}

/// The stretches, as they are found.
pub struct Bands<'a> {
    simulation: &'a Simulation,
    window: Window,
    states: Vec<State>,
    /// Whose state at the beginning of the window is not known yet.
    unknown: Vec<bool>,
    bands: Vec<Band>,
    works: Vec<Work>,
}

impl<'a> Bands<'a> {
    /// The servers as they were when the window begins. What they were is told by the last event
    /// before it that changed it; a server that nothing changed ever since is what it is now.
    pub fn new(simulation: &'a Simulation, window: Window) -> Self {
        let servers = simulation.world().nodes().count();
        let state =
            State { role: Role::Unknown, term: 0, paused: false, since: window.from, mining: None };
        let (states, unknown) = (vec![state; servers], vec![true; servers]);
        let (bands, works) = (Vec::new(), Vec::new());
        let mut found = Self { simulation, window, states, unknown, bands, works };
        found.look_back();
        found
    }

    fn look_back(&mut self) {
        let mut seen: Vec<[bool; 4]> = vec![[false; 4]; self.states.len()];
        let mut missing = self.states.len();
        let earlier = self.simulation.trace().before(self.window.from).rev();
        for event in earlier.take(LOOKED_BACK) {
            if missing == 0 {
                break;
            }
            let Some((lane, change)) = change(event) else { continue };
            let Some(seen) = seen.get_mut(lane) else { continue };
            let state = &mut self.states[lane];
            let was_known = seen[0] && seen[1];
            match change {
                Change::Role(Role::Down, _) => {
                    if !seen[0] {
                        state.role = Role::Down;
                        self.unknown[lane] = false;
                    }
                    // With its life ended whatever it was before.
                    *seen = [true; 4];
                }
                Change::Role(role, term) if !seen[0] => {
                    state.role = role;
                    if let Some(term) = term.filter(|_| !seen[1]) {
                        (state.term, seen[1]) = (term, true);
                    }
                    seen[0] = true;
                    self.unknown[lane] = false;
                }
                Change::Term(term) if !seen[1] => (state.term, seen[1]) = (term, true),
                Change::Paused(paused) if !seen[2] => (state.paused, seen[2]) = (paused, true),
                Change::Mining(mines) if !seen[3] => {
                    state.mining = mines.then_some(event.at);
                    seen[3] = true;
                }
                _ => {}
            }
            if !was_known && seen[0] && seen[1] {
                missing -= 1;
            }
        }
    }

    /// Takes note of an event of the window.
    pub fn hear(&mut self, event: &Event) {
        let Some((lane, change)) = change(event) else { return };
        let Some(state) = self.states.get_mut(lane) else { return };
        let before = *state;
        match change {
            Change::Role(role, term) => {
                (state.role, state.term) = (role, term.unwrap_or(0));
                if role == Role::Down {
                    state.paused = false;
                }
                if role != Role::Leader {
                    self.end_work(lane, event.at);
                }
            }
            Change::Term(term) => state.term = term,
            Change::Paused(paused) => state.paused = paused,
            Change::Mining(true) => state.mining = Some(event.at),
            Change::Mining(false) => self.end_work(lane, event.at),
        }
        let state = &mut self.states[lane];
        let is_same =
            (before.role, before.term, before.paused) == (state.role, state.term, state.paused);
        if !is_same {
            state.since = event.at;
            // What it was before is told by what it became: who knows of no change was following.
            let role = match before.role {
                Role::Unknown if matches!(state.role, Role::Candidate) => Role::Follower,
                role => role,
            };
            self.band(lane, State { role, ..before }, event.at);
        }
        self.unknown[lane] &= is_same;
    }

    fn end_work(&mut self, lane: usize, at: Time) {
        if let Some(from) = self.states[lane].mining.take() {
            self.works.push(Work { lane: lane as u8, from, to: at });
        }
    }

    fn band(&mut self, lane: usize, state: State, to: Time) {
        if to > state.since {
            let State { role, term, paused, since: from, .. } = state;
            self.bands.push(Band { lane: lane as u8, from, to, role, term, paused });
        }
    }

    /// The stretches up to the end of the window, or of the run.
    pub fn finish(mut self) -> (Vec<Band>, Vec<Work>) {
        let end = self.window.to.min(self.simulation.world().now());
        for (lane, (id, node)) in self.simulation.world().nodes().enumerate() {
            let mut state = self.states[lane];
            if self.unknown[lane] && !self.is_changed_later(id) {
                state.paused = node.is_paused();
                (state.role, state.term) = match node.server() {
                    None => (Role::Down, 0),
                    Some(server) => (role(server.raft().role()), server.raft().term().0),
                };
            }
            self.band(lane, state, end);
            self.end_work(lane, end);
        }
        (self.bands, self.works)
    }

    fn is_changed_later(&self, id: ServerId) -> bool {
        let lane = usize::from(id.number() - 1);
        let later = self.simulation.trace().since(Time(self.window.to.0 + 1));
        later.filter_map(change).any(|(other, _)| other == lane)
    }
}

fn role(role: RaftRole) -> Role {
    match role {
        RaftRole::Leader => Role::Leader,
        RaftRole::Candidate => Role::Candidate,
        RaftRole::Follower | RaftRole::PreCandidate => Role::Follower,
    }
}

/// What can change about a server.
enum Change {
    Role(Role, Option<u64>),
    Term(u64),
    Paused(bool),
    Mining(bool),
}

/// Whose lane an event changes, and how.
fn change(event: &Event) -> Option<(usize, Change)> {
    let lane = |id: ServerId| usize::from(id.number() - 1);
    match &event.what {
        What::Server(id, fact) => {
            let change = match fact {
                Fact::Recovered { term, .. } => Change::Role(Role::Follower, Some(term.0)),
                Fact::EnteredTerm(term) => Change::Term(term.0),
                Fact::BecameFollower(term, _) | Fact::BecamePreCandidate(term) => {
                    Change::Role(Role::Follower, Some(term.0))
                }
                Fact::BecameCandidate(term) => Change::Role(Role::Candidate, Some(term.0)),
                Fact::BecameLeader(term) => Change::Role(Role::Leader, Some(term.0)),
                Fact::MiningBegan { .. } => Change::Mining(true),
                Fact::Mined { .. } | Fact::MiningDropped { .. } => Change::Mining(false),
                _ => return None,
            };
            Some((lane(*id), change))
        }
        What::Crashed { server, .. } | What::Stopped(server, _) => {
            Some((lane(*server), Change::Role(Role::Down, None)))
        }
        What::Acted(text) => {
            let (verb, who) = text.split_once(' ')?;
            let paused = match verb {
                "pause" => true,
                "resume" => false,
                _ => return None,
            };
            Some((lane(who.parse().ok()?), Change::Paused(paused)))
        }
        _ => None,
    }
}
