//! What the trace knows of the operations in a window.

use crate::bank::{Operation, RequestId, Verdict};
use crate::base::{Index, Time};
use crate::chain::Block;
use crate::client::{self, Status};
use crate::server::Fact;
use crate::sim::Simulation;
use crate::trace::{Event, What};
use crate::ui::view::lanes::Window;

/// How many events before a window are searched for operations that reach into it.
const LOOKED_BACK: usize = 4_000;

/// How many events after it are searched for their answers.
const LOOKED_AHEAD: usize = 3_000;

/// An operation, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Its name.
    pub id: RequestId,
    /// What is asked, if that is still known.
    pub operation: Option<Operation>,
    /// When it was asked, and with which event.
    pub asked: Option<(Time, u64)>,
    /// How often it was sent.
    pub attempts: u32,
    /// When it took effect, and with which event if one is to blame.
    pub point: Option<(Time, Option<u64>)>,
    /// When it was answered, with which event, and what.
    pub answered: Option<(Time, u64, Verdict)>,
    /// True if it has no answer at the end of what is known.
    pub is_open: bool,
}

impl Found {
    fn new(id: RequestId) -> Self {
        Self {
            id,
            operation: None,
            asked: None,
            attempts: 0,
            point: None,
            answered: None,
            is_open: false,
        }
    }

    /// The height that its answer names.
    pub fn height(&self) -> Option<Index> {
        match self.answered?.2 {
            Verdict::Committed { height }
            | Verdict::Refused { height, .. }
            | Verdict::Balance { height, .. } => Some(height),
            _ => None,
        }
    }
}

/// The operations in a window and near it: for each client, in the order of their numbers.
pub fn find(simulation: &Simulation, window: &Window) -> Vec<Vec<Found>> {
    let clients = simulation.world().clients().count();
    let mut search = Search { found: vec![Vec::new(); clients], commits: Vec::new() };
    let trace = simulation.trace();
    let earlier: Vec<&Event> = trace.before(window.from).rev().take(LOOKED_BACK).collect();
    earlier.into_iter().rev().for_each(|event| search.hear(event));
    let mut beyond = 0;
    for event in trace.since(window.from) {
        beyond += usize::from(event.at > window.to);
        if beyond > LOOKED_AHEAD {
            break;
        }
        search.hear(event);
    }
    search.ask_clients(simulation, window);
    search.place_reads();
    search.found
}

struct Search {
    found: Vec<Vec<Found>>,
    /// When each height was first known to be committed, and by which event.
    commits: Vec<(Index, Time, u64)>,
}

impl Search {
    fn of(&mut self, id: RequestId) -> Option<&mut Found> {
        let own = self.found.get_mut(usize::from(id.client.number() - 1))?;
        let place = own.binary_search_by_key(&id.seq, |one| one.id.seq);
        let place = place.unwrap_or_else(|place| {
            own.insert(place, Found::new(id));
            place
        });
        own.get_mut(place)
    }

    fn hear(&mut self, event: &Event) {
        match &event.what {
            What::Client(_, told) => self.hear_client(told, event),
            What::Server(_, Fact::Applied { block, .. }) => self.applied(block, event),
            _ => {}
        }
    }

    fn hear_client(&mut self, told: &client::Event, event: &Event) {
        match told {
            client::Event::Submitted { request, .. } => {
                let Some(one) = self.of(request.id) else { return };
                one.operation = Some(request.operation);
                one.asked = Some((event.at, event.id.0));
                one.attempts = 1;
            }
            client::Event::Resent { id, attempt, .. } => {
                let Some(one) = self.of(*id) else { return };
                one.attempts = *attempt;
            }
            client::Event::Answered { id, verdict, attempts, .. } => {
                let Some(one) = self.of(*id) else { return };
                one.answered = Some((event.at, event.id.0, *verdict));
                one.attempts = *attempts;
            }
            client::Event::Busy { .. } | client::Event::Ignored { .. } => {}
        }
    }

    /// The first server that applies a block shows that it is committed. Later ones, and those
    /// that come back, only say so again.
    fn applied(&mut self, block: &Block, event: &Event) {
        let height = block.height();
        if self.commits.last().is_some_and(|(known, ..)| *known >= height) {
            return;
        }
        self.commits.push((height, event.at, event.id.0));
        for transaction in &block.body().transactions {
            let own = self.found.get_mut(usize::from(transaction.id.client.number() - 1));
            let Some(own) = own else { continue };
            let place = own.binary_search_by_key(&transaction.id.seq, |one| one.id.seq);
            let one = place.ok().and_then(|place| own.get_mut(place));
            // What was answered before took effect before: this is an old block.
            if let Some(one) = one.filter(|one| one.answered.is_none() && one.point.is_none()) {
                one.point = Some((event.at, Some(event.id.0)));
            }
        }
    }

    /// What clients still wait for, however long ago they asked.
    fn ask_clients(&mut self, simulation: &Simulation, window: &Window) {
        for client in simulation.world().clients() {
            for state in client.requests() {
                let is_open = state.status == Status::Pending;
                let id = state.request.id;
                if is_open && state.submitted_at <= window.to {
                    let Some(one) = self.of(id) else { continue };
                    one.operation = Some(state.request.operation);
                    one.asked = one.asked.or(Some((state.submitted_at, 0)));
                    one.attempts = one.attempts.max(state.attempts);
                    one.is_open = true;
                }
            }
        }
    }

    /// A balance check takes effect at a moment at which the height that it was answered from was
    /// the latest: anywhere between, so in the middle of what is possible. An answer that is too
    /// old has none.
    fn place_reads(&mut self) {
        let Self { found, commits } = self;
        for one in found.iter_mut().flatten() {
            let Some((end, _, Verdict::Balance { height, .. })) = one.answered else { continue };
            let Some((begin, _)) = one.asked else { continue };
            let place = commits.partition_point(|(known, ..)| *known < height);
            let own = commits.get(place).filter(|(known, ..)| *known == height);
            let next = commits[place..].iter().find(|(known, ..)| *known > height);
            let from = own.map_or(begin, |(_, at, _)| begin.max(*at));
            let to = next.map_or(end, |(_, at, _)| end.min(*at));
            if from <= to {
                one.point = Some((Time(from.0 + to.since(from).0 / 2), None));
            }
        }
    }
}
