//! Every way in which a disk can be unreadable, and that a good one is read.

use super::*;
use crate::bank::{Ledger, Operation, Request, RequestId, Transaction};
use crate::base::random::stream;
use crate::base::{AccountId, ClientId, Membership, Rules, Span};
use crate::chain::{self, Candidate, Header, Miner};
use crate::disk::MemoryDisk;
use crate::server::{Limits, Timing, Work};

pub const DIFFICULTY: u8 = 4;

pub fn setup() -> Setup {
    let balances = AccountId::first(2).map(|account| (account, 100)).collect();
    let opening = Ledger::open(&balances).unwrap();
    Setup {
        rules: Rules::ALL_ON,
        servers: 3,
        membership: Membership::of(ServerId::first(3)),
        genesis: chain::genesis(&opening),
        opening,
        timing: Timing {
            election_timeout_min: Span::ms(150),
            election_timeout_max: Span::ms(300),
            heartbeat_interval: Span::ms(50),
        },
        work: Work { difficulty: DIFFICULTY, attempts_per_second: 1000, block_capacity: 3 },
        limits: Limits::default(),
    }
}

/// A block in which Alice pays Bob 5, and the ledger after it.
fn block(parent: &Block, ledger: &Ledger, difficulty: u8) -> (Block, Ledger) {
    let id = RequestId { client: ClientId::new(1).unwrap(), seq: parent.height().0 + 1 };
    let operation = Operation::Transfer { to: AccountId::new(2).unwrap(), amount: 5 };
    let request = Request { id, lowest_unanswered: 1, operation };
    let transaction = Transaction::from_request(&request);
    let candidate = Candidate::build(parent, Term(1), difficulty, ledger, transaction);
    let after = candidate.ledger_after().clone();
    let mut miner = Miner::new(candidate);
    let found = miner.attempt(1 << 20).expect("4 bits are found soon");
    (miner.into_block(found.nonce), after)
}

/// A disk with a term and two blocks.
fn good_disk(setup: &Setup) -> MemoryDisk {
    let (first, ledger) = block(&setup.genesis, &setup.opening, DIFFICULTY);
    let (second, _) = block(&first, &ledger, DIFFICULTY);
    let mut disk = MemoryDisk::new();
    disk.write("state", &record::write(&HardState { term: Term(2), vote: None })).unwrap();
    for (height, block) in [(1, &first), (2, &second)] {
        disk.write(&format!("block/{height}"), &serde_json::to_string(block).unwrap()).unwrap();
    }
    disk
}

fn recover(setup: Setup, disk: &MemoryDisk) -> Result<Server, Unreadable> {
    let id = ServerId::new(1).unwrap();
    Server::recover(Arc::new(setup), id, disk, stream(1, "test"), Time::ZERO)
}

#[test]
fn a_good_disk_is_read_whole() {
    let setup = setup();
    let disk = good_disk(&setup);
    let server = recover(setup, &disk).unwrap();
    assert_eq!(server.raft().term(), Term(2));
    assert_eq!(server.raft().last_index(), Index(2));
    assert_eq!(server.applied(), Index::ZERO, "what is committed it learns again");
    assert_eq!(server.pending_ledger().balance(AccountId::new(2).unwrap()), Some(110));
}

#[test]
fn an_empty_disk_is_a_first_boot() {
    let server = recover(setup(), &MemoryDisk::new()).unwrap();
    assert_eq!(server.raft().term(), Term(0));
    assert_eq!(server.tip().height(), Index::ZERO);
}

/// Alters a good disk, and expects the server to name this key and reason.
fn refuses(alter: impl Fn(&mut MemoryDisk, &Setup), key: &str, says: &str) {
    let setup = setup();
    let mut disk = good_disk(&setup);
    alter(&mut disk, &setup);
    let unreadable = recover(setup, &disk).expect_err("the disk was altered");
    assert_eq!(unreadable.key, key);
    assert!(unreadable.why.contains(says), "{unreadable}");
}

#[test]
fn a_state_that_was_edited_is_refused() {
    let edit = |disk: &mut MemoryDisk, _: &Setup| {
        let text = disk.read("state").unwrap().unwrap().replace("\"term\":2", "\"term\":3");
        disk.write("state", &text).unwrap();
    };
    refuses(edit, "state", "checksum");
}

#[test]
fn a_term_that_is_older_than_the_blocks_is_refused() {
    let old = |disk: &mut MemoryDisk, _: &Setup| {
        disk.write("state", &record::write(&HardState { term: Term(0), vote: None })).unwrap();
    };
    refuses(old, "state", "term");
    refuses(|disk, _| disk.remove("state").unwrap(), "state", "term");
}

#[test]
fn a_block_that_was_edited_is_refused() {
    let edit = |disk: &mut MemoryDisk, _: &Setup| {
        let text = disk.read("block/2").unwrap().unwrap().replace("\"amount\":5", "\"amount\":6");
        disk.write("block/2", &text).unwrap();
    };
    refuses(edit, "block/2", "body");
}

#[test]
fn a_missing_block_is_named() {
    refuses(|disk, _| disk.remove("block/1").unwrap(), "block/1", "missing");
}

#[test]
fn a_block_of_another_chain_is_refused() {
    let foreign = |disk: &mut MemoryDisk, _: &Setup| {
        let text = disk.read("block/1").unwrap().unwrap();
        disk.write("block/2", &text).unwrap();
    };
    refuses(foreign, "block/2", "height");
}

#[test]
fn a_block_with_less_work_than_the_cluster_asks_for_is_refused() {
    let cheap = |disk: &mut MemoryDisk, setup: &Setup| {
        let (block, _) = block(&setup.genesis, &setup.opening, 0);
        disk.remove("block/2").unwrap();
        disk.write("block/1", &serde_json::to_string(&block).unwrap()).unwrap();
    };
    refuses(cheap, "block/1", "difficulty");
}

/// No leader has made it, and no server would talk to one whose log ends with it.
#[test]
fn a_block_of_term_0_is_refused() {
    let of_no_term = |disk: &mut MemoryDisk, setup: &Setup| {
        let candidate = Candidate::build(&setup.genesis, Term(0), DIFFICULTY, &setup.opening, []);
        let mut miner = Miner::new(candidate);
        let found = miner.attempt(1 << 20).expect("4 bits are found soon");
        let block = miner.into_block(found.nonce);
        disk.remove("block/2").unwrap();
        disk.write("block/1", &serde_json::to_string(&block).unwrap()).unwrap();
    };
    refuses(of_no_term, "block/1", "term");
}

/// It fits its ledger and has its work, but no log could go on after it.
#[test]
fn a_snapshot_where_none_can_end_is_refused() {
    for (height, term) in [(u64::MAX, 1), (u64::MAX / 2 + 1, 1), (3, 0), (0, 0)] {
        let forged = |disk: &mut MemoryDisk, setup: &Setup| {
            let (block, ledger) = block(&setup.genesis, &setup.opening, DIFFICULTY);
            let at = |nonce| Header {
                height: Index(height),
                term: Term(term),
                nonce,
                ..*block.header()
            };
            let sealed = (0..1 << 20).map(|nonce| Block::seal(at(nonce), block.body().clone()));
            let has_work = |block: &Block| block.work_bits() >= u32::from(DIFFICULTY);
            let block = sealed.into_iter().find(has_work).expect("4 bits are found soon");
            let membership = setup.membership.clone();
            let checkpoint = Checkpoint { block, ledger, membership };
            disk.write("snapshot", &record::write(&checkpoint)).unwrap();
        };
        refuses(forged, "snapshot", "no snapshot can end at height");
    }
}

#[test]
fn a_key_that_no_server_writes_is_named() {
    refuses(|disk, _| disk.write("blocks", "[]").unwrap(), "blocks", "not a key");
}
