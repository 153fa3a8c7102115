//! What holds for a client whatever the network and the power do to it.

use super::*;
use crate::base::{Map, Set};
use proptest::prelude::*;

/// Something that happens to a client, to its messages, or to the power.
#[derive(Clone, Debug)]
enum Step {
    Submit {
        via: Option<u8>,
    },
    /// A server gets one of the requests on their way and answers it.
    Serve {
        which: usize,
        server: u8,
        busy: bool,
    },
    /// One of the replies on their way arrives, and maybe stays there to arrive again.
    Deliver {
        which: usize,
        again: bool,
    },
    LoseRequest {
        which: usize,
    },
    LoseReply {
        which: usize,
    },
    Wake,
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0usize..100;
    prop_oneof![
        6 => prop::option::of(1u8..=3).prop_map(|via| Step::Submit { via }),
        6 => (which.clone(), 1u8..=3, prop::bool::weighted(0.2))
            .prop_map(|(which, server, busy)| Step::Serve { which, server, busy }),
        6 => (which.clone(), any::<bool>())
            .prop_map(|(which, again)| Step::Deliver { which, again }),
        2 => which.clone().prop_map(|which| Step::LoseRequest { which }),
        2 => which.prop_map(|which| Step::LoseReply { which }),
        4 => Just(Step::Wake),
        1 => Just(Step::Crash),
    ]
}

/// A client, what it has saved, its messages on their way, and what it ever did.
struct Play {
    client: Client,
    now: Time,
    disk: Saved,
    requests: Vec<Request>,
    replies: Vec<(ServerId, Reply)>,
    /// Every request that was ever submitted, by number.
    submitted: Map<u64, Request>,
    answered: Set<u64>,
}

impl Play {
    fn new() -> Self {
        Self {
            client: client(3),
            now: Time::ZERO,
            disk: Saved::default(),
            requests: Vec::new(),
            replies: Vec::new(),
            submitted: Map::new(),
            answered: Set::new(),
        }
    }

    fn take(&mut self, step: Step) {
        self.now += Span::ms(1);
        match step {
            Step::Submit { via } => {
                let operation = transfer(self.submitted.len() as u64 + 1);
                let result = self.client.submit(operation, via.map(server), self.now);
                let full = self.client.unanswered() == MAX_UNANSWERED;
                let refusal = result.err();
                assert!(refusal.is_none() || full || self.window_is_used_up(), "{refusal:?}");
            }
            Step::Serve { which, server: number, busy } => {
                if let Some(request) = pick(&mut self.requests, which) {
                    let seq = request.id.seq;
                    let answer = if busy { reply(seq, Verdict::Busy) } else { committed(seq) };
                    self.replies.push((server(number), answer));
                }
            }
            Step::Deliver { which, again } => {
                if let Some((from, reply)) = pick(&mut self.replies, which) {
                    self.client.receive(from, reply, self.now);
                    self.replies.extend(again.then_some((from, reply)));
                }
            }
            Step::LoseRequest { which } => drop(pick(&mut self.requests, which)),
            Step::LoseReply { which } => drop(pick(&mut self.replies, which)),
            Step::Wake => {
                self.now = self.now.max(self.client.next_wake().unwrap_or(self.now));
                self.client.wake(self.now);
            }
            Step::Crash => self.crash(),
        }
        self.settle();
    }

    fn window_is_used_up(&self) -> bool {
        let saved = self.client.saved();
        let oldest = saved.unanswered.first().map_or(saved.next_seq, |request| request.id.seq);
        saved.next_seq - oldest == MAX_OUTSTANDING
    }

    fn crash(&mut self) {
        let rng = stream(self.now.0, "Alice");
        let saved = serde_json::to_string(&self.disk).unwrap();
        let saved = serde_json::from_str(&saved).unwrap();
        let servers = ServerId::first(3);
        self.client =
            Client::recover(alice(), servers, CONFIG, rng, saved, self.now).expect("own record");
    }

    /// Does what the client asks for, and holds it against everything it ever did.
    fn settle(&mut self) {
        let output = self.client.take_output();
        if let Some(saved) = output.save {
            assert_eq!(saved.check(alice()), Ok(()));
            self.disk = saved;
        }
        for event in output.events {
            match event {
                Event::Submitted { request, .. } => {
                    let reused = self.submitted.insert(request.id.seq, request);
                    assert_eq!(reused, None, "a number is used for one request only");
                }
                Event::Answered { id, .. } => {
                    assert!(self.answered.insert(id.seq), "{id} was answered twice");
                }
                _ => {}
            }
        }
        for (_, request) in output.sends {
            let seq = request.id.seq;
            assert_eq!(self.submitted.get(&seq), Some(&request), "a resend is the same request");
            assert!(self.disk.unanswered.contains(&request), "what is sent is saved first");
            assert!(seq - request.lowest_unanswered < MAX_OUTSTANDING);
            assert!(!self.answered.contains(&seq), "what is answered is not asked again");
            self.requests.push(request);
        }
        assert!(self.client.unanswered() <= MAX_UNANSWERED);
        assert_eq!(self.client.saved(), self.disk, "nothing unsaved is kept back");
    }
}

fn pick<T>(items: &mut Vec<T>, which: usize) -> Option<T> {
    (!items.is_empty()).then(|| items.swap_remove(which % items.len()))
}

proptest! {
    /// Whatever is lost, repeated, reordered or crashed: a number names one request, which is
    /// answered at most once; and once the network heals, everything is answered.
    #[test]
    fn every_request_is_answered_once(steps in prop::collection::vec(step(), 0..400)) {
        let mut play = Play::new();
        for step in steps {
            play.take(step);
        }
        // Healed: each round, whatever is due is sent, served and answered.
        for _ in 0..=MAX_UNANSWERED {
            play.take(Step::Wake);
            while !play.requests.is_empty() {
                play.take(Step::Serve { which: 0, server: 1, busy: false });
            }
            while !play.replies.is_empty() {
                play.take(Step::Deliver { which: 0, again: false });
            }
        }
        prop_assert_eq!(play.client.unanswered(), 0);
        prop_assert!(play.submitted.keys().eq(play.answered.iter()));
    }
}
