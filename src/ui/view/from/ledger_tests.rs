//! The logs side by side, and blocks opened, in short runs.

use super::ledger::of;
use crate::bank::Operation;
use crate::base::{AccountId, ClientId, ServerId, Span};
use crate::disk::MemoryDisk;
use crate::sim::history::{Branches, History};
use crate::sim::{Action, Config, Disks, Mirror, Simulation};
use crate::ui::view::block::Content;
use crate::ui::view::ledger::{Cell, Kind, Ledger, Watch};
use expect_test::{Expect, expect};

/// A bank that can be driven.
pub(super) struct Bank {
    pub branches: Branches,
    mirror: Mirror<MemoryDisk>,
}

impl Bank {
    /// A bank of so many servers that begins.
    pub fn open(servers: u8, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config { servers, clients: 2, ..Config::default() };
        change(&mut config);
        let simulation = Simulation::new(config, 42, Disks::default()).expect("it is valid");
        let branches = Branches::new(History::new(simulation));
        Self { branches, mirror: Mirror::new(MemoryDisk::new()) }
    }

    pub fn pass(&mut self, ms: u64) {
        let until = self.branches.shown().world().now() + Span::ms(ms);
        while self.branches.step_by(until, &mut self.mirror) {}
        self.branches.set_clock(until);
    }

    pub fn act(&mut self, action: Action) {
        self.branches.act(action, &mut self.mirror).expect("it is possible");
    }

    /// Alice pays Bob, asking this server.
    pub fn pay(&mut self, amount: u64, via: Option<ServerId>) {
        let operation = Operation::Transfer { to: AccountId::new(2).expect("Bob"), amount };
        let client = ClientId::new(1).expect("Alice");
        self.act(Action::Submit { client, operation, via });
    }

    pub fn leader(&self) -> ServerId {
        super::leader_id(self.branches.shown().world()).expect("somebody leads")
    }

    /// A bank whose leader was cut off with two blocks that only it has, and the others went on
    /// without it.
    pub fn divided() -> (Self, ServerId) {
        let mut bank = Self::open(3, |_| {});
        bank.pass(2_000);
        let old = bank.leader();
        bank.pay(5, None);
        bank.pass(500);
        bank.act(Action::Isolate { server: old });
        bank.pay(7, Some(old));
        bank.pass(60);
        bank.pay(8, Some(old));
        bank.pass(3_000);
        (bank, old)
    }
}

fn told(ledger: &Ledger) -> String {
    let mut text = format!("{} from {}\n", ledger.summary, ledger.first);
    for row in &ledger.rows {
        let cells = row.cells.iter().map(sign).collect::<Vec<_>>().join(" ");
        text += &format!("{} {} ({}): {}\n", row.id, row.condition, row.note, cells.trim_end());
    }
    text
}

/// A cell: its term and transactions; `?` not committed, `=` snapshot, `!` damaged, `~` pruned,
/// `#` another block, `|` committed up to here, `:` durable, `m` matched, `n` next.
fn sign(cell: &Cell) -> String {
    let mut text = match cell.kind {
        Kind::Empty => "·".to_owned(),
        Kind::Pruned => "~".to_owned(),
        Kind::Damaged => "!".to_owned(),
        Kind::Snapshot => format!("={}/{}", cell.term, cell.transactions),
        Kind::Committed => format!("{}/{}", cell.term, cell.transactions),
        Kind::Pending => format!("{}/{}?", cell.term, cell.transactions),
    };
    for (is, sign) in [
        (cell.differs, '#'),
        (cell.ends_committed, '|'),
        (cell.ends_durable, ':'),
        (cell.matched, 'm'),
        (cell.next, 'n'),
    ] {
        if is {
            text.push(sign);
        }
    }
    text
}

fn check(bank: &Bank, watch: &Watch, expected: Expect) {
    expected.assert_eq(&told(&of(&bank.branches, watch)));
}

fn columns(columns: u64) -> Watch {
    Watch { columns: Some(columns), ..Watch::default() }
}

#[test]
fn a_bank_that_agrees() {
    let mut bank = Bank::open(3, |_| {});
    bank.pass(2_000);
    bank.pay(5, None);
    bank.pass(500);
    check(
        &bank,
        &columns(4),
        expect![[r#"
        2 heights, held against S2's log from 1
        S1 follower (committed 2, disk 2): 1/0 1/1|m ·n ·
        S2 leader (committed 2, disk 2): 1/0 1/1| · ·
        S3 follower (committed 2, disk 2): 1/0 1/1|m ·n ·
    "#]],
    );
    bank.pay(5, None);
    bank.pass(40);
    check(
        &bank,
        &columns(4),
        expect![[r#"
        3 heights, held against S2's log from 1
        S1 follower (committed 2, disk 2): 1/0 1/1|m · ·n
        S2 leader (committed 2, disk 3): 1/0 1/1| 1/1? ·
        S3 follower (committed 2, disk 2): 1/0 1/1|m · ·n
    "#]],
    );
}

#[test]
fn a_leader_that_was_cut_off_has_other_blocks() {
    let (mut bank, old) = Bank::divided();
    check(
        &bank,
        &columns(6),
        expect![[r#"
        5 heights, held against S1's log from 1
        S1 leader (committed 5, disk 5): 1/0 1/1 3/0 3/1 3/1| ·
        S2 follower (committed 2, disk 4): 1/0 1/1| 1/1?#n 1/1?# · ·
        S3 follower (committed 5, disk 5): 1/0 1/1 3/0 3/1 3/1|m ·n
    "#]],
    );
    let ledger = of(&bank.branches, &columns(6));
    let says = ledger.rows.iter().flat_map(|row| &row.cells).filter(|cell| cell.differs);
    let says: Vec<&str> = says.map(|cell| &*cell.says).collect();
    expect![[r#"
        S2 height 3: term 1, ≠, next, not known to be committed, another block than S1 has. Alice → Bob 7; the leader sends this one next
        S2 height 4: term 1, ≠, not known to be committed, another block than S1 has. Alice → Bob 8"#]].assert_eq(&says.join("\n"));
    bank.act(Action::Crash { server: old });
    check(
        &bank,
        &columns(6),
        expect![[r#"
        5 heights, held against S1's log from 1
        S1 leader (committed 5, disk 5): 1/0 1/1 3/0 3/1 3/1| ·
        S2 down (disk 4): 1/0? 1/1? 1/1?#n 1/1?# · ·
        S3 follower (committed 5, disk 5): 1/0 1/1 3/0 3/1 3/1|m ·n
    "#]],
    );
}

#[test]
fn what_a_snapshot_stands_for_is_drawn_as_such() {
    let mut bank = Bank::open(3, |config| config.compact_after = 4);
    bank.pass(2_000);
    for _ in 0..6 {
        bank.pay(1, None);
        bank.pass(300);
    }
    let down = bank.leader();
    bank.act(Action::Crash { server: down });
    check(
        &bank,
        &columns(8),
        expect![[r#"
        7 heights, held against S3's log from 1
        S1 follower (committed 7, disk 7): ~ ~ ~ =1/1 1/1 1/1 1/1| ·
        S2 down (disk 7): ~ ~ ~ =1/1 1/1? 1/1? 1/1? ·
        S3 follower (committed 7, disk 7): ~ ~ ~ =1/1 1/1 1/1 1/1| ·
    "#]],
    );
    let first = Watch { first: Some(1), ..columns(3) };
    check(
        &bank,
        &first,
        expect![[r#"
        7 heights, held against S3's log from 1
        S1 follower (committed 7, disk 7): ~ ~ ~
        S2 down (disk 7): ~ ~ ~
        S3 follower (committed 7, disk 7): ~ ~ ~
    "#]],
    );
}

#[test]
fn an_opened_block_says_all_there_is() {
    let (mut bank, old) = Bank::divided();
    let card = |bank: &Bank, height| {
        let watch = Watch { open: Some((old, height)), ..columns(6) };
        let card = of(&bank.branches, &watch).open.expect("a block is opened");
        match &card.content {
            Content::Block(block) => format!(
                "{}, {}: {:?} {} {} {:?} {}; parent {} child {}",
                block.term,
                block.state,
                block.transactions,
                block.note,
                block.holders,
                block.others,
                block.hash.says(),
                block.parent.is_some(),
                block.child.is_some(),
            ),
            Content::Damaged { why, .. } => format!("damaged: {why}"),
            Content::Nothing(why) => why.clone(),
        }
    };
    let told = [0, 2, 3, 9].map(|height| card(&bank, height)).join("\n");
    expect![[r#"
        0, committed: [] Genesis: the opening balances. All servers have it. None 0 leading zero bits; none are asked for; parent false child true
        1, committed: [("Alice #1: Alice → Bob 5", None)] Opens a term: nothing older commits before it. All servers have it. None 14 leading zero bits; 12 are asked for; parent true child true
        1, not known to be committed: [("Alice #2: Alice → Bob 7", None)] Opens a term: nothing older commits before it. S2 alone has it. Some("S1 and S3 have another block there.") 16 leading zero bits; 12 are asked for; parent true child true
        S2 has no block there: its log ends at 4."#]].assert_eq(&told);

    bank.act(Action::Crash { server: old });
    let key = "block/2".to_owned();
    bank.act(Action::Edit { server: old, key, value: Some("{}".to_owned()) });
    expect!["damaged: missing field `height`"].assert_eq(&card(&bank, 2));
    let ledger = of(&bank.branches, &columns(6));
    let row = &ledger.rows[usize::from(old.number()) - 1];
    assert_eq!(row.cells[1].kind, Kind::Damaged);
}
