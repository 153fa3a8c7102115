//! A request's way, from the run.

use super::client::answered;
use crate::bank::{Operation, RequestId};
use crate::base::{Map, Span, Time};
use crate::client::{RequestState, Status as ClientStatus};
use crate::sim::Simulation;
use crate::sim::history::Branches;
use crate::trace::{EventId, Trace};
use crate::ui::view::client::Status;
use crate::ui::view::follow::{Bar, Follow, Item, Row, SHOWN, Tick, Watch, Way};
use crate::ui::view::lanes::round_step;
use crate::why::{Copy, Followed, Leg, follow, took};

/// The most ticks, without the one at the beginning.
const TICKS_MAX: u32 = 9;

/// What it shows of the moment that is looked at.
pub fn of(branches: &Branches, watch: &Watch) -> Follow {
    of_simulation(branches.shown(), watch)
}

fn of_simulation(simulation: &Simulation, watch: &Watch) -> Follow {
    let all = simulation.world().clients().flat_map(|client| client.requests());
    let by_age: Map<(Time, RequestId), &RequestState> =
        all.map(|state| ((state.submitted_at, state.request.id), state)).collect();
    let requests: Vec<&RequestState> = by_age.into_values().collect();
    let known = watch.chosen.and_then(|id| requests.iter().find(|it| it.request.id == id));
    let followed = known.or(requests.last()).copied();
    let is_followed = |state: &RequestState| {
        followed.is_some_and(|followed| followed.request.id == state.request.id)
    };
    // One that was chosen long ago stays in the list.
    let old = requests.len().saturating_sub(SHOWN);
    let mut shown: Vec<&RequestState> = requests[old..].iter().rev().copied().collect();
    shown.extend(requests[..old].iter().copied().filter(|state| is_followed(state)));
    Follow {
        newest: known.is_none(),
        requests: shown
            .into_iter()
            .map(|state| Item {
                id: state.request.id,
                what: asks(state),
                status: status(state),
                chosen: is_followed(state),
            })
            .collect(),
        way: followed.and_then(|state| way(simulation, state)),
    }
}

fn asks(state: &RequestState) -> String {
    match state.request.operation {
        Operation::Transfer { to, amount } => format!("pays {to} {amount}"),
        Operation::Balance => "checks the balance".to_owned(),
    }
}

fn status(state: &RequestState) -> Status {
    match &state.status {
        ClientStatus::Pending => Status::Pending,
        ClientStatus::Done { verdict, .. } => answered(verdict),
    }
}

fn way(simulation: &Simulation, state: &RequestState) -> Option<Way> {
    let (world, trace) = (simulation.world(), simulation.trace());
    let id = state.request.id;
    let followed = follow(world, trace, id)?;
    let (end, waits) = match &state.status {
        ClientStatus::Pending => (world.now(), true),
        ClientStatus::Done { at, .. } => (*at, false),
    };
    let passed = took(end.since(state.submitted_at.min(end)));
    let words = status(state).words();
    let axis = Axis::new(trace, &followed, state.submitted_at, end, world.now());
    let begins = trace.iter().next().map_or(Time::ZERO, |event| event.at);
    let forgotten = trace.forgotten() > 0 && state.submitted_at <= begins;
    Some(Way {
        id,
        title: format!("{id} {}", asks(state)),
        stands: if waits {
            format!("{words} for {passed}")
        } else {
            format!("{words}, after {passed}")
        },
        waits,
        ticks: axis.ticks(),
        rows: rows(&axis, trace, &followed),
        forgotten: forgotten.then_some("The trace has forgotten how it began."),
    })
}

/// The scale that all bars share: from the submission to the answer, and to the last copy.
struct Axis {
    from: Time,
    to: Time,
    now: Time,
}

impl Axis {
    fn new(trace: &Trace, followed: &Followed, from: Time, end: Time, now: Time) -> Self {
        let legs = followed.legs.iter().filter_map(|leg| time(trace, *leg.moments.last()?));
        let copies =
            followed.copies.iter().flat_map(|copy| [copy.arrived, copy.durable, copy.heard]);
        let copies = copies.flatten().map(|(_, at)| at);
        // A copy that comes much later is a story of its own, and would flatten this one.
        let reasonable = end + Span::us(end.since(from.min(end)).0);
        let to = legs.chain(copies).filter(|at| *at <= reasonable).fold(end, Time::max);
        Self { from, to: to.max(from + Span::us(1)), now }
    }

    fn share(&self, at: Time) -> f64 {
        let whole = self.to.since(self.from).0 as f64;
        let at = at.clamp(self.from, self.to);
        // Four digits are finer than any screen, and the same on every machine.
        (at.since(self.from).0 as f64 / whole * 1e4).round() / 1e4
    }

    fn bar(&self, from: Time, to: Option<Time>, class: &'static str) -> Bar {
        let begin = self.share(from);
        let end = self.share(to.unwrap_or(self.now).max(from));
        Bar {
            from: begin,
            wide: ((end - begin) * 1e4).round() / 1e4,
            class,
            under_way: to.is_none(),
        }
    }

    /// Ticks at round times, the first one where the way begins.
    fn ticks(&self) -> Vec<Tick> {
        let whole = self.to.since(self.from);
        let step = round_step(whole, TICKS_MAX);
        let count = whole.0 / step.0;
        let tick = |place| {
            let at = Span::us(step.0 * place);
            Tick { at: self.share(self.from + at), words: round_words(at) }
        };
        (0..=count).map(tick).collect()
    }
}

/// A round time, without digits that say nothing.
fn round_words(span: Span) -> String {
    match span.0 {
        0 => "0".to_owned(),
        us if us % 1_000_000 == 0 => format!("{} s", us / 1_000_000),
        us if us >= 1_000_000 => format!("{}.{} s", us / 1_000_000, us / 100_000 % 10),
        us if us % 1000 == 0 => format!("{} ms", us / 1000),
        us => format!("{us} µs"),
    }
}

fn rows(axis: &Axis, trace: &Trace, followed: &Followed) -> Vec<Row> {
    let mut rows = Vec::new();
    for leg in &followed.legs {
        rows.push(leg_row(axis, trace, leg));
        if leg.part == "replication" {
            rows.extend(followed.copies.iter().map(|copy| copy_row(axis, followed, copy)));
        }
    }
    rows
}

fn leg_row(axis: &Axis, trace: &Trace, leg: &Leg) -> Row {
    let from = leg.moments.first().copied();
    let begin = from.and_then(|from| time(trace, from));
    let end = leg.moments.get(1).and_then(|to| time(trace, *to));
    // A part that ended where it began has one moment alone.
    let end = if leg.under_way { None } else { end.or(begin) };
    let yet = if leg.under_way { " so far" } else { "" };
    Row {
        label: leg.part.to_owned(),
        inner: false,
        took: format!("{}{yet}", took(leg.took)),
        text: leg.text.clone(),
        bars: begin.map(|begin| axis.bar(begin, end, leg.part)).into_iter().collect(),
        event: from.map(|from| from.0),
    }
}

/// A server's copy: on its way there, to the disk, and the news of it on its way back.
fn copy_row(axis: &Axis, followed: &Followed, copy: &Copy) -> Row {
    let mines = followed.block.is_some_and(|(miner, ..)| miner == copy.server);
    let begins = copy.sent.or(copy.arrived).or(copy.durable);
    let later = begins.is_some_and(|(_, at)| at > axis.to);
    let mut bars = Vec::new();
    if let Some((_, sent)) = copy.sent {
        bars.push(axis.bar(sent, copy.arrived.map(|(_, at)| at), "append"));
    }
    if let Some((_, arrived)) = copy.arrived {
        bars.push(axis.bar(arrived, copy.durable.map(|(_, at)| at), "sync"));
    }
    if let (Some((_, durable)), false) = (copy.durable, mines) {
        bars.push(axis.bar(durable, copy.heard.map(|(_, at)| at), "answer"));
    }
    if later {
        bars.clear();
    }
    let end = if mines { copy.durable } else { copy.heard };
    Row {
        label: copy.server.to_string(),
        inner: true,
        took: match (begins, end) {
            (Some((_, from)), Some((_, to))) => took(to.since(from.min(to))),
            (Some((_, from)), None) => format!("{} so far", took(axis.now.since(from))),
            _ => "–".to_owned(),
        },
        text: format!("{}{}", if later { "later: " } else { "" }, copy_words(copy, mines)),
        bars,
        event: begins.map(|(event, _)| event.0),
    }
}

fn copy_words(copy: &Copy, mines: bool) -> String {
    let state = match (copy.sent, copy.arrived, copy.durable, copy.heard) {
        (_, Some(_), Some(_), _) if mines => "mined it and has it on its disk",
        (_, Some(_), None, _) if mines => "mined it; its disk is at work",
        (.., Some(_), Some(_)) => "has it on its disk, and its leader knows",
        (.., Some(_), None) => "has it on its disk; the answer is on its way",
        (_, Some(_), None, _) => "has received it; its disk is at work",
        (Some(_), None, ..) if copy.lost == 0 => "it is on its way there",
        (Some(_), None, ..) => "not there yet",
        (None, None, ..) => "not sent yet",
    };
    match copy.lost {
        0 => state.to_owned(),
        1 => format!("{state}; one append with it was lost"),
        more => format!("{state}; {more} appends with it were lost"),
    }
}

fn time(trace: &Trace, event: EventId) -> Option<Time> {
    trace.get(event).map(|event| event.at)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::base::{AccountId, ClientId, Endpoint, ServerId};
    use crate::sim::{Action, Config, Disks};
    use expect_test::{Expect, expect};

    fn begin() -> Simulation {
        let config = Config { servers: 3, clients: 2, ..Config::default() };
        let mut simulation = Simulation::new(config, 42, Disks::default()).expect("valid settings");
        simulation.run_until(Time::ZERO + Span::secs(2));
        simulation
    }

    fn pay(simulation: &mut Simulation, amount: u64) {
        let client = ClientId::new(1).expect("a client");
        let to = AccountId::new(2).expect("an account");
        let operation = Operation::Transfer { to, amount };
        simulation.act(Action::Submit { client, operation, via: None }).expect("it may ask");
    }

    fn pass(simulation: &mut Simulation, ms: u64) {
        simulation.run_until(simulation.world().now() + Span::ms(ms));
    }

    fn check(simulation: &Simulation, watch: &Watch, expected: Expect) {
        let follow = of_simulation(simulation, watch);
        let mut text = String::new();
        for item in &follow.requests {
            let chosen = if item.chosen { "*" } else { " " };
            text += &format!("{chosen} {} {}: {}\n", item.id, item.what, item.status.words());
        }
        if let Some(way) = &follow.way {
            text += &format!("{}: {}\n", way.title, way.stands);
            let ticks: Vec<String> =
                way.ticks.iter().map(|tick| format!("{} at {}", tick.words, tick.at)).collect();
            text += &format!("{}\n", ticks.join(", "));
            for row in &way.rows {
                let indent = if row.inner { "  " } else { "" };
                text += &format!("{indent}{} {}: {}", row.label, row.took, row.text);
                for bar in &row.bars {
                    let open = if bar.under_way { ".." } else { "" };
                    text += &format!(" [{} {}+{}{open}]", bar.class, bar.from, bar.wide);
                }
                text += "\n";
            }
        }
        expected.assert_eq(&text);
    }

    #[test]
    fn nothing_was_asked() {
        check(&begin(), &Watch::default(), expect![[""]]);
    }

    #[test]
    fn a_transfer_under_way_and_through() {
        let mut simulation = begin();
        pay(&mut simulation, 30);
        pass(&mut simulation, 30);
        check(
            &simulation,
            &Watch::default(),
            expect![[r#"
            * Alice #1 pays Bob 30: pending
            Alice #1 pays Bob 30: pending for 30 ms
            0 at 0, 5 ms at 0.1667, 10 ms at 0.3333, 15 ms at 0.5, 20 ms at 0.6667, 25 ms at 0.8333, 30 ms at 1
            channel 30 ms so far: 1 attempt [channel 0+1..]
        "#]],
        );
        pass(&mut simulation, 30);
        check(
            &simulation,
            &Watch::default(),
            expect![[r#"
            * Alice #1 pays Bob 30: pending
            Alice #1 pays Bob 30: pending for 60 ms
            0 at 0, 10 ms at 0.1667, 20 ms at 0.3333, 30 ms at 0.5, 40 ms at 0.6667, 50 ms at 0.8333, 60 ms at 1
            channel 44 ms: through S3 [channel 0+0.7372]
            mempool 0 ms: in the queue of S2 [mempool 0.7372+0]
            mining 16 ms so far: S2 searches for a nonce [mining 0.7372+0.2628..]
        "#]],
        );
        pass(&mut simulation, 1000);
        check(
            &simulation,
            &Watch::default(),
            expect![[r#"
            * Alice #1 pays Bob 30: committed at height 2
            Alice #1 pays Bob 30: committed at height 2, after 114 ms
            0 at 0, 20 ms at 0.1641, 40 ms at 0.3282, 60 ms at 0.4922, 80 ms at 0.6563, 100 ms at 0.8204, 120 ms at 0.9845
            channel 44 ms: through S3 [channel 0+0.3629]
            mempool 0 ms: in the queue of S2 [mempool 0.3629+0]
            mining 22 ms: S2 searches for a nonce [mining 0.3629+0.1769]
            replication 29 ms: block 2 goes to a majority's disks [replication 0.5398+0.2396]
              S1 28 ms: has it on its disk, and its leader knows [append 0.548+0.1322] [sync 0.6802+0.0082] [answer 0.6884+0.091]
              S2 1.0 ms: mined it and has it on its disk [sync 0.5398+0.0082]
              S3 55 ms: has it on its disk, and its leader knows [append 0.548+0.222] [sync 0.77+0.0082] [answer 0.7782+0.2218]
            reply 19 ms: back to the client [reply 0.7794+0.1526]
        "#]],
        );
    }

    #[test]
    fn a_copy_that_was_lost_on_its_way() {
        let mut simulation = begin();
        let leader = simulation.world().leaders().next().expect("somebody leads").id();
        let other = ServerId::first(3).find(|id| *id != leader).expect("another");
        let (from, to) = (Endpoint::Server(leader), Endpoint::Server(other));
        simulation.act(Action::Cut { from, to }).expect("a link can be cut");
        pay(&mut simulation, 30);
        pass(&mut simulation, 150);
        simulation.act(Action::Mend { from, to }).expect("and be mended");
        pay(&mut simulation, 1);
        pass(&mut simulation, 150);
        let first = simulation.world().clients().next().expect("a client").requests()[0].request.id;
        check(
            &simulation,
            &Watch { chosen: Some(first) },
            expect![[r#"
              Alice #2 pays Bob 1: committed at height 3
            * Alice #1 pays Bob 30: committed at height 2
            Alice #1 pays Bob 30: committed at height 2, after 126 ms
            0 at 0, 50 ms at 0.2132, 100 ms at 0.4265, 150 ms at 0.6397, 200 ms at 0.8529
            channel 44 ms: through S3 [channel 0+0.1886]
            mempool 0 ms: in the queue of S2 [mempool 0.1886+0]
            mining 22 ms: S2 searches for a nonce [mining 0.1886+0.092]
            replication 42 ms: block 2 goes to a majority's disks [replication 0.2806+0.178]
              S1 43 ms: has it on its disk, and its leader knows; one append with it was lost [append 0.9068+0.0889] [sync 0.9957+0.0043] [answer 1+0]
              S2 1.0 ms: mined it and has it on its disk [sync 0.2806+0.0042]
              S3 41 ms: has it on its disk, and its leader knows [append 0.2848+0.0688] [sync 0.3536+0.0042] [answer 0.3578+0.1008]
            reply 18 ms: back to the client [reply 0.4586+0.0788]
        "#]],
        );
    }
}
