//! Tests of a client as a whole.

use super::*;
use crate::bank::{Invalid, Refusal};
use crate::base::random::stream;
use crate::base::{AccountId, Index};

mod properties;

const CONFIG: Config = Config { first_timeout: Span::ms(100), max_timeout: Span::ms(800) };

fn server(number: u8) -> ServerId {
    ServerId::new(number).unwrap()
}

fn alice() -> ClientId {
    ClientId::new(1).unwrap()
}

fn client(servers: u8) -> Client {
    Client::new(alice(), ServerId::first(servers), CONFIG, stream(1, "Alice"))
}

fn transfer(amount: u64) -> Operation {
    Operation::Transfer { to: AccountId::new(2).unwrap(), amount }
}

fn reply(seq: u64, verdict: Verdict) -> Reply {
    Reply { id: RequestId { client: alice(), seq }, verdict }
}

fn committed(seq: u64) -> Reply {
    reply(seq, Verdict::Committed { height: Index(seq) })
}

/// Wakes a client at its next time, and returns that time and whom it asked.
fn wake(client: &mut Client) -> (Time, Vec<ServerId>) {
    let now = client.next_wake().expect("something is unanswered");
    client.wake(now);
    let sends = client.take_output().sends;
    (now, sends.into_iter().map(|(to, _)| to).collect())
}

#[test]
fn a_request_is_saved_and_sent_and_ends_with_its_answer() {
    let mut client = client(3);
    let id = client.submit(transfer(5), Some(server(2)), Time(1)).unwrap();
    let request = Request { id, lowest_unanswered: 1, operation: transfer(5) };
    let asked = Output {
        save: Some(Saved { next_seq: 2, unanswered: vec![request] }),
        sends: vec![(server(2), request)],
        events: vec![Event::Submitted { request, to: server(2) }],
    };
    assert_eq!(client.take_output(), asked);
    assert_eq!(client.take_output(), Output::default(), "output is given out once");

    client.receive(server(3), committed(1), Time(2));
    let verdict = committed(1).verdict;
    let answered = Output {
        save: Some(Saved { next_seq: 2, unanswered: vec![] }),
        sends: vec![],
        events: vec![Event::Answered { id, from: server(3), verdict, attempts: 1 }],
    };
    assert_eq!(client.take_output(), answered);
    assert_eq!(client.requests()[0].status, Status::Done { verdict, at: Time(2) });
    assert_eq!((client.next_wake(), client.unanswered()), (None, 0));
    assert_eq!(client.leader_guess(), Some(server(3)));
}

#[test]
fn every_final_verdict_ends_a_request() {
    for verdict in [
        Verdict::Committed { height: Index(4) },
        Verdict::Refused { height: Index(4), refusal: Refusal::InsufficientFunds { balance: 1 } },
        Verdict::Balance { committed: 1, pending: 2, height: Index(3) },
        Verdict::Invalid { reason: Invalid::ToOneself },
        Verdict::Stale { lowest_accepted: 1 },
    ] {
        let mut client = client(3);
        client.submit(transfer(5), None, Time(1)).unwrap();
        client.receive(server(1), reply(1, verdict), Time(2));
        assert_eq!(client.requests()[0].status, Status::Done { verdict, at: Time(2) });
        assert_eq!(client.unanswered(), 0, "{verdict:?}");
    }
}

#[test]
fn a_late_duplicate_or_foreign_reply_changes_nothing() {
    let mut client = client(3);
    client.submit(transfer(5), None, Time(1)).unwrap();
    client.receive(server(1), committed(1), Time(2));
    client.take_output();
    let bob = ClientId::new(2).unwrap();
    let foreign = Reply { id: RequestId { client: bob, seq: 1 }, ..committed(1) };
    for (strange, reason) in [
        (committed(1), Ignored::AlreadyAnswered),
        (reply(1, Verdict::Busy), Ignored::AlreadyAnswered),
        (reply(1, Verdict::Stale { lowest_accepted: 99 }), Ignored::AlreadyAnswered),
        (committed(2), Ignored::NeverAsked),
        (committed(0), Ignored::NeverAsked),
        (foreign, Ignored::NotOurs),
    ] {
        client.receive(server(2), strange, Time(3));
        let ignored = Event::Ignored { id: strange.id, from: server(2), reason };
        let output = client.take_output();
        assert_eq!(output, Output { events: vec![ignored], ..Output::default() });
    }
    assert_eq!(client.leader_guess(), Some(server(1)), "ignored replies teach nothing");
}

#[test]
fn silence_makes_it_ask_others_and_wait_longer() {
    let mut client = client(3);
    client.submit(transfer(5), Some(server(1)), Time::ZERO).unwrap();
    client.take_output();
    let (mut last, mut sent_at) = (server(1), Time::ZERO);
    for longest_wait in [200, 400, 800, 800, 800] {
        let (now, asked) = wake(&mut client);
        let waited = now.since(sent_at);
        assert!(waited >= Span::ms(100) && waited <= Span::ms(longest_wait), "{waited}");
        assert_eq!(asked.len(), 1);
        assert_ne!(asked[0], last, "nobody is asked again who has just kept silent");
        (last, sent_at) = (asked[0], now);
    }
    assert_eq!(client.requests()[0].attempts, 6);
    assert_eq!(client.requests()[0].last_target, Some(last));
}

/// Where but one of many servers can answer, chance alone might leave it out for minutes.
#[test]
fn all_are_asked_before_any_is_asked_again() {
    let mut client = client(9);
    client.submit(transfer(5), Some(server(4)), Time::ZERO).unwrap();
    let first = client.take_output().sends.into_iter().map(|(to, _)| to);
    let mut asked: Vec<ServerId> = first.collect();
    while asked.len() < 45 {
        asked.extend(wake(&mut client).1);
    }
    for round in asked.chunks(9) {
        assert_eq!(round.iter().copied().collect::<Set<_>>().len(), 9, "{round:?}");
    }
    assert!(asked.windows(2).all(|pair| pair[0] != pair[1]), "{asked:?}");
}

#[test]
fn a_leader_is_asked_until_it_is_silent() {
    let mut client = client(5);
    client.submit(transfer(1), Some(server(4)), Time(1)).unwrap();
    client.receive(server(3), committed(1), Time(2));
    client.submit(transfer(2), None, Time(3)).unwrap();
    client.submit(transfer(3), Some(server(4)), Time(3)).unwrap();
    let output = client.take_output();
    let asked: Vec<ServerId> = output.sends.iter().map(|(to, _)| *to).collect();
    assert_eq!(asked, [server(4), server(3), server(4)], "a chosen server comes before the guess");

    // Whoever is due first: the guess replaces a silent server, and is dropped if silent itself.
    client.receive(server(3), committed(3), Time(4));
    let (_, asked) = wake(&mut client);
    assert_ne!(asked, [server(3)]);
    assert_eq!(client.leader_guess(), None);
}

#[test]
fn a_lone_server_is_asked_again_and_again() {
    let mut client = client(1);
    client.submit(Operation::Balance, None, Time(1)).unwrap();
    client.take_output();
    for _ in 0..3 {
        assert_eq!(wake(&mut client).1, [server(1)]);
    }
}

#[test]
fn a_busy_leader_is_left_alone_for_a_while_and_asked_again() {
    let mut client = client(3);
    client.submit(transfer(1), None, Time(1)).unwrap();
    client.receive(server(2), committed(1), Time(2));
    let id = client.submit(transfer(2), None, Time(3)).unwrap();
    client.take_output();
    let busy_at = Time(3) + Span::ms(90);
    client.receive(server(2), reply(2, Verdict::Busy), busy_at);
    let resend_at = client.next_wake().unwrap();
    assert!(resend_at.since(busy_at) >= CONFIG.first_timeout);
    let event = Event::Busy { id, from: server(2), resend_at };
    assert_eq!(client.take_output(), Output { events: vec![event], ..Output::default() });
    assert_eq!(wake(&mut client), (resend_at, vec![server(2)]));
    assert_eq!(client.unanswered(), 1);
}

#[test]
fn requests_carry_the_lowest_unanswered_number_of_their_time() {
    let mut client = client(3);
    for _ in 0..3 {
        client.submit(transfer(1), None, Time(1)).unwrap();
    }
    client.receive(server(1), committed(2), Time(2));
    client.receive(server(1), committed(1), Time(2));
    client.submit(transfer(1), None, Time(3)).unwrap();
    client.receive(server(1), committed(3), Time(4));
    client.receive(server(1), committed(4), Time(4));
    client.submit(transfer(1), None, Time(5)).unwrap();
    let lowest: Vec<u64> =
        client.requests().iter().map(|state| state.request.lowest_unanswered).collect();
    assert_eq!(lowest, [1, 1, 1, 3, 5]);
}

#[test]
fn what_cannot_be_submitted_is_refused_and_changes_nothing() {
    let mut client = client(3);
    let unknown = client.submit(transfer(1), Some(server(4)), Time(1));
    assert_eq!(unknown, Err(SubmitError::NoSuchServer { server: server(4) }));
    assert_eq!(client.take_output(), Output::default());

    for _ in 0..MAX_UNANSWERED {
        client.submit(transfer(1), None, Time(1)).unwrap();
    }
    let one_more = client.submit(transfer(1), None, Time(1));
    assert_eq!(one_more, Err(SubmitError::TooManyUnanswered));

    // All but the first are answered, up to the end of the window.
    for seq in 2..=MAX_OUTSTANDING {
        client.receive(server(1), committed(seq), Time(2));
        if seq + (MAX_UNANSWERED as u64) - 1 <= MAX_OUTSTANDING {
            client.submit(transfer(1), None, Time(2)).unwrap();
        }
    }
    let beyond = client.submit(transfer(1), None, Time(3));
    assert_eq!(beyond, Err(SubmitError::OldestUnanswered { seq: 1 }));
    client.receive(server(1), committed(1), Time(4));
    assert_eq!(client.submit(transfer(1), None, Time(5)).unwrap().seq, MAX_OUTSTANDING + 1);
}

#[test]
fn a_stale_answer_moves_the_numbers_to_what_the_bank_accepts() {
    let mut client = client(3);
    client.submit(transfer(1), None, Time(1)).unwrap();
    client.receive(server(1), reply(1, Verdict::Stale { lowest_accepted: 40 }), Time(2));
    assert_eq!(client.take_output().save, Some(Saved { next_seq: 40, unanswered: vec![] }));
    assert_eq!(client.submit(transfer(1), None, Time(3)).unwrap().seq, 40);
    // It never goes back, and never leaves the numbers that can be saved.
    client.receive(server(1), reply(40, Verdict::Stale { lowest_accepted: 7 }), Time(4));
    assert_eq!(client.submit(transfer(1), None, Time(5)).unwrap().seq, 41);
    client.receive(server(1), reply(41, Verdict::Stale { lowest_accepted: u64::MAX }), Time(6));
    let exhausted = client.submit(transfer(1), None, Time(7));
    assert_eq!(exhausted, Err(SubmitError::OutOfNumbers));
    assert_eq!(client.saved().check(alice()), Ok(()));
}

#[test]
fn a_recovered_client_soon_sends_again_all_that_is_unanswered() {
    let mut before = client(3);
    for amount in 1..=3 {
        before.submit(transfer(amount), Some(server(1)), Time(1)).unwrap();
    }
    before.receive(server(1), committed(2), Time(2));
    let saved = before.take_output().save.unwrap();

    let now = Time(1000);
    let rng = stream(2, "Alice");
    let mut after =
        Client::recover(alice(), ServerId::first(3), CONFIG, rng, saved.clone(), now).unwrap();
    assert_eq!(after.take_output(), Output::default(), "nothing new is to be saved");
    assert_eq!(after.saved(), saved);
    after.wake(now + CONFIG.first_timeout);
    let sends = after.take_output().sends;
    let resent: Vec<Request> = sends.into_iter().map(|(_, request)| request).collect();
    assert_eq!(resent, saved.unanswered, "each is the same request as before");
    assert_eq!(after.submit(transfer(4), None, now).unwrap().seq, 4);
}

#[test]
fn a_recovered_client_waits_when_an_old_attempt_meets_a_busy_server() {
    let mut before = client(3);
    before.submit(transfer(1), None, Time(1)).unwrap();
    let (saved, rng) = (before.saved(), stream(2, "Alice"));
    let mut after =
        Client::recover(alice(), ServerId::first(3), CONFIG, rng, saved, Time(2)).unwrap();
    after.receive(server(1), reply(1, Verdict::Busy), Time(3));
    assert!(after.next_wake().unwrap() >= Time(3) + CONFIG.first_timeout);
    assert_eq!(after.requests()[0].attempts, 0);
}

#[test]
fn what_was_saved_by_somebody_else_is_refused() {
    let mut bob = Saved::default();
    let id = RequestId { client: ClientId::new(2).unwrap(), seq: 1 };
    bob.next_seq = 2;
    bob.unanswered = vec![Request { id, lowest_unanswered: 1, operation: Operation::Balance }];
    let refused =
        Client::recover(alice(), ServerId::first(3), CONFIG, stream(1, "Alice"), bob, Time::ZERO);
    assert_eq!(refused.unwrap_err(), "request Bob #1 is not Alice's");
}

#[test]
fn only_the_latest_finished_requests_are_kept() {
    let mut client = client(3);
    for seq in 1..=100 {
        client.submit(transfer(seq), None, Time(seq)).unwrap();
        client.receive(server(1), committed(seq), Time(seq));
    }
    client.submit(transfer(101), None, Time(101)).unwrap();
    let seqs: Vec<u64> = client.requests().iter().map(|state| state.request.id.seq).collect();
    assert_eq!(seqs, (37..=101).collect::<Vec<u64>>());
}
