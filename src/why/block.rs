//! Why a block is not committed, or is, or is not there.

use super::leader::{self, hardly_leads, remedies, shares};
use super::letter::{Fate, between};
use super::replication::missing;
use super::scene::{Scene, is_quorum};
use super::words::{count, have, leader_of, list, took};
use super::{Answer, Claim, Reason, committed, fate};
use crate::base::{Index, Membership, Rule, ServerId, Set};
use crate::chain::Block;
use crate::disk::layout::ServerKey;
use crate::raft::Message;
use crate::server::{Fact, Packet, Server};
use crate::trace::What;

/// About the block that a server has at a height, or had, or would have.
pub fn answer(scene: &Scene<'_>, id: ServerId, height: Index) -> Answer {
    let Some(node) = scene.world.node(id) else {
        return Answer::nothing(format!("There is no server {id} in this cluster."));
    };
    let Some(server) = node.server() else {
        return match block_on_disk(scene, id, height) {
            Some(block) => {
                let answer = about(scene, id, &block);
                answer.because(scene.halted(id))
            }
            None => {
                let headline = format!("The disk of {id} has no block {height}, and {id} is down.");
                Answer::nothing(headline).because(scene.halted(id))
            }
        };
    };
    if let Some(block) = server.block_at(height) {
        return about(scene, id, block);
    }
    if height < server.base() {
        return compacted(scene, server, height);
    }
    if let Some(mining) = server.mining().filter(|mining| mining.height() == height) {
        let claim = Claim::Mining { server: id, height: mining.height() };
        let headline = format!("Block {height} is not committed: {id} is still mining it.");
        return Answer::new(headline, claim).because([being_mined(scene, server)]);
    }
    fate::absent(scene, server, height)
}

/// About the block whose hash begins so.
pub fn answer_hash(scene: &Scene<'_>, prefix: &str) -> Answer {
    let is_it = |block: &Block| block.hash().to_string().starts_with(prefix);
    let held = scene.up().find_map(|server| {
        let log = server.raft().log().iter().rev().map(|(_, block)| block);
        let block = log.chain(server.block_at(server.base())).find(|block| is_it(block))?;
        Some((server.id(), block.clone()))
    });
    if let Some((holder, block)) = held {
        return about(scene, holder, &block);
    }
    let told = scene.back().find_map(|event| match &event.what {
        What::Server(id, Fact::Appended(block) | Fact::Mined { block, .. }) if is_it(block) => {
            Some((*id, block.clone()))
        }
        _ => None,
    });
    match told {
        Some((holder, block)) if scene.server(holder).is_none() => about(scene, holder, &block),
        Some((holder, block)) => fate::gone(scene, holder, &block),
        None => Answer::nothing(format!("No server has a block whose hash begins with {prefix}."))
            .lacking("Whether there was one", scene.trace),
    }
}

fn block_on_disk(scene: &Scene<'_>, id: ServerId, height: Index) -> Option<Block> {
    let key = ServerKey::Block(height).to_string();
    let text = scene.world.node(id)?.disk().image().get(key.as_str())?.clone();
    serde_json::from_str(&text).ok()
}

/// A block that a server has kept no longer since it took a snapshot.
fn compacted(scene: &Scene<'_>, server: &Server, height: Index) -> Answer {
    let (id, base) = (server.id(), server.base());
    let taken = scene.newest_fact(id, |fact| {
        matches!(fact, Fact::SnapshotTaken(_) | Fact::SnapshotInstalled { .. })
    });
    let headline = format!(
        "Block {height} is committed: {id} has a snapshot of height {base}, which stands for all \
         before it."
    );
    let why = Reason::new("Only what is applied goes into a snapshot.");
    Answer::new(headline, Claim::Committed { height, hash: None })
        .because([why.at(taken.map(|event| event.id))])
}

/// About a block that a server holds.
pub fn about(scene: &Scene<'_>, holder: ServerId, block: &Block) -> Answer {
    if committed::is_committed(scene, block) {
        committed::answer(scene, holder, block)
    } else {
        not_committed(scene, holder, block)
    }
}

/// About a block that is not known to be committed.
pub fn not_committed(scene: &Scene<'_>, holder: ServerId, block: &Block) -> Answer {
    match scene.newest_leader() {
        None => leaderless(scene, block),
        Some(leader) => match leader.block_at(block.height()) {
            Some(own) if own.hash() == block.hash() => in_leaders_log(scene, leader, block),
            other => conflicts(scene, leader, holder, block, other),
        },
    }
}

/// The voters whose disks hold a block.
fn holders(scene: &Scene<'_>, block: &Block) -> Set<ServerId> {
    let members = scene.members();
    let voters = members.all().filter(|id| members.is_voter(*id));
    voters.filter(|id| scene.has_durably(*id, block.height(), block.hash())).collect()
}

/// On whose disks a block is, as the rest of a sentence: `S1 has it on disk, 1 of 3 voters, and 2
/// are needed.`
fn on_disks(members: &Membership, holders: &Set<ServerId>) -> String {
    let has = have(holders.len());
    format!("{} {has} it on disk, {}", list(holders), shares(members, holders))
}

fn claim(block: &Block, have: Set<ServerId>) -> Claim {
    Claim::NotCommitted { height: block.height(), hash: block.hash(), have }
}

fn leaderless(scene: &Scene<'_>, block: &Block) -> Answer {
    let (height, have) = (block.height(), holders(scene, block));
    let headline =
        format!("Block {height} is not committed: only a leader commits, and there is none.");
    let members = scene.members();
    let (now, reasons) = leader::now(scene, &members);
    let holders = on_disks(&members, &have);
    Answer::new(headline, claim(block, have))
        .because([
            Reason::new(format!("There is no leader: {now}")).because(reasons),
            Reason::new(holders),
        ])
        .try_this(leader::answer(scene).remedies)
}

/// The leader has it too, and has not committed it.
fn in_leaders_log(scene: &Scene<'_>, leader: &Server, block: &Block) -> Answer {
    let (height, id) = (block.height(), leader.id());
    let members = leader.raft().membership();
    let voters: Vec<ServerId> = members.all().filter(|voter| members.is_voter(*voter)).collect();
    let have = holders(scene, block);
    let mut lacking = Vec::new();
    let mut counted = Set::new();
    for voter in voters {
        match missing(scene, leader, voter, block) {
            Some(reason) => lacking.push(reason),
            None => _ = counted.insert(voter),
        }
    }
    let is_counted = is_quorum(members, &counted);
    let older = block.term() < leader.raft().term() && scene.is_on(Rule::CommitCurrentTerm);
    let headline = if is_counted && older {
        format!(
            "Block {height} is not committed, though a majority has it: it is of term {}, and {id} \
             leads term {}. What is older is not committed by counting (§5.4.2).",
            block.term(),
            leader.raft().term(),
        )
    } else if !is_counted && is_quorum(members, &have) {
        format!(
            "Block {height} is not committed yet: a majority has it, but {id} has not heard so."
        )
    } else if is_counted {
        format!("Block {height} is about to be committed: a majority has it.")
    } else {
        format!("Block {height} is not committed: {}", on_disks(members, &have))
    };
    let mut reasons: Vec<Reason> = hardly_leads(scene, leader).into_iter().collect();
    if !is_counted {
        let told = reasons.iter().flat_map(|reason| &reason.because).map(|it| it.text.clone());
        let told: Set<String> = told.collect();
        lacking.retain(|reason| !told.contains(&reason.text));
        reasons.extend(lacking);
    }
    if older {
        reasons.push(waits_for_own_term(scene, leader, block, is_counted));
    }
    let later = scene.latest_term();
    if later > leader.raft().term() {
        let text = format!(
            "{id} leads term {}, but others are in term {later}: their answers will depose it.",
            leader.raft().term()
        );
        reasons.push(Reason::new(text));
    }
    let reached = scene.reached_from(id);
    let stuck = !scene.runs(id) || !is_quorum(members, &reached);
    let answer = Answer::new(headline, claim(block, have)).because(reasons);
    if !stuck {
        return answer;
    }
    answer.try_this(remedies(scene, members, &Set::from([id])))
}

/// A block of a former term is committed with the first one of the leader's own.
fn waits_for_own_term(
    scene: &Scene<'_>,
    leader: &Server,
    block: &Block,
    is_counted: bool,
) -> Reason {
    let (id, term) = (leader.id(), leader.raft().term());
    let own = leader
        .raft()
        .log()
        .iter()
        .find(|(height, own)| *height > block.height() && own.term() == term);
    let also = if is_counted { "" } else { "Besides, it is of a former term. " };
    match own {
        Some((height, own)) => {
            let inner = in_leaders_log(scene, leader, own);
            let text =
                format!("{also}It is committed with block {height}, the first of term {term}.");
            Reason::new(text).because([Reason::new(inner.headline).because(inner.reasons)])
        }
        None if leader.mining().is_some() => {
            let text = format!(
                "{also}It is committed with the first block of term {term}, which {id} is mining."
            );
            Reason::new(text).because([being_mined(scene, leader)])
        }
        None => {
            let text = format!(
                "{also}It is committed with the first block of term {term}; {id} has nothing to \
                 put into one yet."
            );
            let rule = (!scene.is_on(Rule::OpeningBlock)).then(|| {
                Reason::new(
                    "The rule that a new leader opens its term with a block is switched off.",
                )
            });
            Reason::new(text).because(rule)
        }
    }
}

/// What a server is mining, and how long already.
pub fn being_mined(scene: &Scene<'_>, server: &Server) -> Reason {
    let Some(mining) = server.mining() else {
        return Reason::new(format!("{} is mining nothing.", server.id()));
    };
    let (id, height) = (server.id(), mining.height());
    let began = scene.newest_fact(
        id,
        |fact| matches!(fact, Fact::MiningBegan { height: it, .. } if *it == height),
    );
    let body = mining.candidate().body();
    let holds = match (body.transactions.len(), &body.membership) {
        (0, Some(members)) => format!("the members {members}"),
        (0, None) => format!("nothing: it opens term {}", server.raft().term()),
        (number, None) => count(number, "transfer"),
        (number, Some(members)) => {
            format!("{} and the members {members}", count(number, "transfer"))
        }
    };
    let tried = mining.attempts_by(scene.world.local_time(id));
    let bits = mining.candidate().header().difficulty;
    let expected = 1_u64 << bits.min(62);
    let since =
        began.map_or(String::new(), |event| format!(" for {}", took(scene.now().since(event.at))));
    Reason::new(format!(
        "{id} has been searching{since} for a nonce for block {height}, with {holds}: {tried} \
         tried, and one in {expected} fits."
    ))
    .at(began.map(|event| event.id))
}

/// The leader has another block there, or none.
fn conflicts(
    scene: &Scene<'_>,
    leader: &Server,
    holder: ServerId,
    block: &Block,
    other: Option<&Block>,
) -> Answer {
    let (height, id, term) = (block.height(), leader.id(), leader.raft().term());
    let have = holders(scene, block);
    let place = match other {
        Some(other) => format!("has another block {height}, of term {}", other.term()),
        None if height < leader.base() => {
            format!("has a snapshot of height {} in its place", leader.base())
        }
        None => format!("has a log that ends at height {}", leader.raft().last_index()),
    };
    let leader_is = leader_of(id, term);
    let headline = format!(
        "Block {height} of {holder} is not committed, and will be dropped: it is not in the log of \
         {leader_is}."
    );
    let holders = Reason::new(format!(
        "As to the block of {holder}, {}",
        on_disks(leader.raft().membership(), &have)
    ));
    let differs = Reason::new(format!("{id} {place}.")).because([holders]);
    let coming = scene.newest_letter(|passage| {
        between(passage, id, holder)
            && match &*passage.packet {
                Packet::Raft(Message::AppendEntries(append)) => append.term == term,
                _ => false,
            }
    });
    let coming = coming.filter(|letter| !matches!(letter.fate, Fate::Arrived(_)));
    let coming =
        coming.and_then(|letter| scene.not_arrived(&letter, &format!("{id}'s append to {holder}")));
    let waits = if other.is_some() {
        format!("{holder} drops it when an append of {id} reaches it.")
    } else {
        format!("{holder} drops it when {id} has a block of its own there, and that reaches it.")
    };
    let waits = Reason::new(waits).because(scene.apart(id, holder)).because(coming);
    let answer = Answer::new(headline, claim(block, have))
        .because([differs])
        .because([waits])
        .because(super::vote::won(scene, id, term));
    if scene.apart(id, holder).is_none() {
        return answer;
    }
    answer.try_this(remedies(scene, leader.raft().membership(), &Set::from([holder])))
}
