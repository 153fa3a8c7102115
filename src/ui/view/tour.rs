//! The guided tour: a card for each step, and the conditions of the run that end it.
//!
//! The tour acts nothing out. Each step waits for something to be true of the engine's own world,
//! such as that there is a leader or that a transfer is committed, however that came about: by
//! itself, by the visitor's hand, or by the card's button. What has been reached stays reached, so
//! that one can go back and read again.

use super::from::leader_id;
use crate::bank::{Operation, Verdict};
use crate::base::{AccountId, ClientId, ServerId, Term};
use crate::client::Status;
use crate::server::{Fact, Packet};
use crate::sim::{Action, Simulation, World};
use crate::trace::{Event, EventId, What};

/// What Alice pays Bob.
const PAYMENT: u64 = 10;

/// The steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Election,
    Patience,
    Payment,
    Mining,
    Majority,
    Crash,
    Partition,
    End,
}

impl Step {
    const ALL: [Self; 8] = [
        Self::Election,
        Self::Patience,
        Self::Payment,
        Self::Mining,
        Self::Majority,
        Self::Crash,
        Self::Partition,
        Self::End,
    ];
}

/// Where somebody is in the tour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tour {
    at: usize,
    /// How many steps have been done.
    done: usize,
    /// The newest event that was looked at.
    seen: EventId,
    /// The latest term when the step that is under way began.
    term: Term,
    /// What the events since then told.
    told: Told,
}

/// What events of a step have told so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Told {
    heartbeat: bool,
    mined: bool,
    crashed: bool,
}

/// What the tour's card shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The step, from 1 on.
    pub number: usize,
    /// How many steps there are.
    pub of: usize,
    /// What it is about.
    pub title: &'static str,
    /// One sentence.
    pub says: String,
    /// What it waits for, or that it has come.
    pub status: String,
    /// True once it may go on.
    pub done: bool,
    /// What the card can do for the visitor: words, and the action.
    pub offer: Option<(String, Action)>,
    /// The element that it speaks of, as a CSS selector.
    pub target: String,
}

impl Card {
    /// True for the card that ends the tour.
    pub fn is_last(&self) -> bool {
        self.number == self.of
    }
}

impl Tour {
    /// At its beginning, in a bank where nothing has happened yet.
    pub fn begin() -> Self {
        Self { at: 0, done: 0, seen: EventId(0), term: Term(0), told: Told::default() }
    }

    /// Goes on, if the step is done; false at the end of the tour.
    pub fn go_on(&mut self, simulation: &Simulation) -> bool {
        if self.at >= self.done {
            return true;
        }
        self.at += 1;
        if self.at == self.done {
            // A step that nobody has seen yet begins now.
            self.term = latest_term(simulation.world());
            self.seen = simulation.trace().last_id();
            self.told = Told::default();
        }
        self.at < Step::ALL.len()
    }

    /// Goes back to the step before.
    pub fn go_back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    /// Looks at what has happened since it last looked.
    pub fn look(&mut self, simulation: &Simulation) {
        simulation.trace().after(self.seen).for_each(|event| self.told.hear(event));
        self.seen = simulation.trace().last_id();
        if self.at == self.done && self.is_reached(simulation.world()) {
            self.done += 1;
        }
    }

    fn step(&self) -> Step {
        Step::ALL[self.at.min(Step::ALL.len() - 1)]
    }

    /// True if what the step waits for is so.
    fn is_reached(&self, world: &World) -> bool {
        let newly_led = world.leaders().any(|server| server.raft().term() > self.term);
        match self.step() {
            Step::Election => leader_id(world).is_some(),
            Step::Patience => self.told.heartbeat,
            Step::Payment => !payments(world).is_empty(),
            Step::Mining => self.told.mined || is_committed(world),
            Step::Majority => is_committed(world),
            Step::Crash => self.told.crashed && newly_led,
            Step::Partition => is_divided(world) && newly_led,
            Step::End => true,
        }
    }

    /// The card for the step.
    pub fn card(&self, simulation: &Simulation) -> Card {
        let world = simulation.world();
        let leads = leader_id(world);
        let (title, says, target) = self.words(leads);
        let done = self.at < self.done;
        let status = if done { self.reached(world) } else { self.awaited(world) };
        let offer = self.offer(world, leads).filter(|_| !done);
        let number = self.at + 1;
        Card { number, of: Step::ALL.len(), title, says, status, done, offer, target }
    }

    fn words(&self, leads: Option<ServerId>) -> (&'static str, String, String) {
        let name = leads.map_or_else(|| "the leader".to_owned(), |id| id.to_string());
        let of_leader =
            leads.map_or_else(|| ".stage".to_owned(), |id| format!("[data-server=\"{id}\"]"));
        match self.step() {
            Step::Election => (
                "An election",
                "Nobody leads at first; the server whose timer runs out first asks the others \
                 for their votes."
                    .to_owned(),
                ".stage".to_owned(),
            ),
            Step::Patience => (
                "Terms and patience",
                format!(
                    "{name} leads this term, and the arc around each other server is its \
                     patience: every message from {name} fills it again."
                ),
                ".stage".to_owned(),
            ),
            Step::Payment => (
                "A payment",
                format!("Let Alice pay Bob {PAYMENT}: her request travels to {name}."),
                ".client[aria-label=\"Alice\"]".to_owned(),
            ),
            Step::Mining => (
                "Mining",
                format!(
                    "{name} puts the payment into a block and searches for a nonce that gives \
                     its hash enough zeros: real work, on your machine."
                ),
                of_leader,
            ),
            Step::Majority => (
                "A majority",
                "The block goes to the others; it is committed once a majority has it on disk, \
                 and only then does Alice get her answer."
                    .to_owned(),
                ".servers".to_owned(),
            ),
            Step::Crash => (
                "The leader crashes",
                format!(
                    "Crash {name}: the others miss its messages, their patience runs out, and \
                     they elect another in a later term."
                ),
                leads.map_or(".servers".to_owned(), |id| {
                    format!("button[aria-label=\"Crash {id}\"]")
                }),
            ),
            Step::Partition => (
                "The network breaks",
                format!(
                    "Cut {name} off from the others: it goes on believing that it leads, but \
                     without a majority it can commit nothing, and the rest elects another."
                ),
                ".stage".to_owned(),
            ),
            Step::End => (
                "The bank is yours",
                "Heal the network and restart what is down, and see everybody agree again; \
                 Scenario has stories worth watching, Settings has rules to switch off."
                    .to_owned(),
                "#timeline".to_owned(),
            ),
        }
    }

    /// What is still to come.
    fn awaited(&self, world: &World) -> String {
        match self.step() {
            Step::Election => "Waiting for a leader…".to_owned(),
            Step::Patience => "Waiting for the leader's next message…".to_owned(),
            Step::Payment => "Send it in Alice's card, or let it be sent.".to_owned(),
            Step::Mining => "Waiting for the block to be mined…".to_owned(),
            Step::Majority => "Waiting for the commit…".to_owned(),
            Step::Crash if self.told.crashed && leader_id(world).is_none() => {
                "It is down. Waiting for another leader…".to_owned()
            }
            Step::Crash => "Press Crash in its row, or let it be done.".to_owned(),
            Step::Partition if is_divided(world) => {
                "The network is cut. Waiting for another leader…".to_owned()
            }
            Step::Partition => "Drag it out of the shaded group, or let it be done.".to_owned(),
            Step::End => String::new(),
        }
    }

    /// What has come.
    fn reached(&self, world: &World) -> String {
        let newest = world.leaders().max_by_key(|server| server.raft().term());
        let leads = newest.map_or("It is done.".to_owned(), |server| {
            format!("{} leads term {}.", server.id(), server.raft().term())
        });
        match self.step() {
            Step::Election | Step::Crash | Step::Partition => leads,
            Step::Patience => "There it was.".to_owned(),
            Step::Payment => "It is on its way.".to_owned(),
            Step::Mining => "The block is mined.".to_owned(),
            Step::Majority => "Committed: nothing that happens later can take it back.".to_owned(),
            Step::End => String::new(),
        }
    }

    /// What the card can do for the visitor.
    fn offer(&self, world: &World, leads: Option<ServerId>) -> Option<(String, Action)> {
        match self.step() {
            Step::Payment => {
                let (alice, bob) = (ClientId::new(1)?, AccountId::new(2)?);
                let operation = Operation::Transfer { to: bob, amount: PAYMENT };
                Some((
                    "Send it for me".to_owned(),
                    Action::Submit { client: alice, operation, via: None },
                ))
            }
            Step::Crash => {
                let server = leads?;
                Some((format!("Crash {server} for me"), Action::Crash { server }))
            }
            Step::Partition if !is_divided(world) => {
                let server = leads?;
                Some((format!("Cut {server} off for me"), Action::Isolate { server }))
            }
            _ => None,
        }
    }
}

impl Told {
    fn hear(&mut self, event: &Event) {
        match &event.what {
            What::Arrived(passage) => {
                self.heartbeat |= matches!(&*passage.packet, Packet::Raft(message)
                    if matches!(message, crate::raft::Message::AppendEntries(_)));
            }
            What::Server(_, Fact::Mined { .. }) => self.mined = true,
            What::Crashed { .. } => self.crashed = true,
            _ => {}
        }
    }
}

fn latest_term(world: &World) -> Term {
    let servers = world.nodes().filter_map(|(_, node)| node.server());
    servers.map(|server| server.raft().term()).max().unwrap_or_default()
}

/// Alice's transfers, as she knows them.
fn payments(world: &World) -> Vec<Status> {
    let alice = ClientId::new(1).and_then(|alice| world.client(alice));
    let requests = alice.map(|alice| alice.requests()).unwrap_or_default();
    let transfers = requests
        .into_iter()
        .filter(|state| matches!(state.request.operation, Operation::Transfer { .. }));
    transfers.map(|state| state.status).collect()
}

fn is_committed(world: &World) -> bool {
    payments(world)
        .iter()
        .any(|status| matches!(status, Status::Done { verdict: Verdict::Committed { .. }, .. }))
}

fn is_divided(world: &World) -> bool {
    world.channel().groups().is_some() || world.channel().cuts().next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Span;
    use crate::sim::{Config, Disks};

    fn fresh() -> Simulation {
        Simulation::new(Config::default(), 42, Disks::default()).unwrap()
    }

    /// Lets time pass until the step is done.
    fn wait(tour: &mut Tour, simulation: &mut Simulation) {
        let number = tour.card(simulation).number;
        for _ in 0..400 {
            tour.look(simulation);
            if tour.card(simulation).done {
                return;
            }
            simulation.run_until(simulation.world().now() + Span::ms(10));
        }
        panic!("step {number} is never done: {:?}", tour.card(simulation));
    }

    #[test]
    fn each_step_waits_for_what_really_happens() {
        let (mut tour, mut simulation) = (Tour::begin(), fresh());
        let mut titles = Vec::new();
        loop {
            tour.look(&simulation);
            let card = tour.card(&simulation);
            titles.push(card.title);
            if !card.is_last() {
                assert!(!card.done, "{} is done before it began", card.title);
                let before = tour.clone();
                assert!(tour.go_on(&simulation));
                assert_eq!(tour, before, "nobody goes on before a step is done");
            }
            if let Some((words, action)) = card.offer {
                assert!(words.ends_with("for me"), "{words}");
                simulation.act(action).unwrap();
            }
            wait(&mut tour, &mut simulation);
            assert_eq!(tour.card(&simulation).offer, None, "what is done is not offered again");
            if !tour.go_on(&simulation) {
                break;
            }
        }
        assert_eq!(titles.len(), Step::ALL.len());
        assert!(titles.contains(&"Mining") && titles.contains(&"The network breaks"));
        assert!(simulation.judges().is_clean());
    }

    #[test]
    fn one_can_go_back_and_on_again_without_doing_it_twice() {
        let (mut tour, mut simulation) = (Tour::begin(), fresh());
        wait(&mut tour, &mut simulation);
        tour.go_on(&simulation);
        assert_eq!(tour.card(&simulation).number, 2);
        tour.go_back();
        let card = tour.card(&simulation);
        assert!(card.done && card.number == 1 && card.status.contains("leads term"), "{card:?}");
        tour.go_back();
        assert_eq!(tour.card(&simulation).number, 1);
        tour.go_on(&simulation);
        assert_eq!(tour.card(&simulation).number, 2);
    }

    #[test]
    fn what_the_visitor_does_counts_as_well() {
        let (mut tour, mut simulation) = (Tour::begin(), fresh());
        for _ in 0..5 {
            tour.look(&simulation);
            if let Some((_, action)) = tour.card(&simulation).offer {
                simulation.act(action).unwrap();
            }
            wait(&mut tour, &mut simulation);
            tour.go_on(&simulation);
        }
        assert_eq!(tour.card(&simulation).title, "The leader crashes");
        let leader = leader_id(simulation.world()).unwrap();
        let follower = ServerId::first(5).find(|id| *id != leader).unwrap();
        simulation.act(Action::Crash { server: follower }).unwrap();
        simulation.run_until(simulation.world().now() + Span::ms(2000));
        tour.look(&simulation);
        assert!(!tour.card(&simulation).done, "a follower's crash elects nobody");
        simulation.act(Action::Crash { server: leader }).unwrap();
        wait(&mut tour, &mut simulation);
        assert_ne!(leader_id(simulation.world()), Some(leader));
    }
}
