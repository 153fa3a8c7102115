//! What a server keeps on its disk, and in which order it writes it.

use crate::base::{Index, Rule, Rules};
use crate::chain::Block;
use crate::disk::layout::ServerKey;
use crate::disk::{Write, record};
use crate::raft::{HardState, Writes};

/// Raft's writes as keys and values, and `stored` moved to where the kept log then ends.
///
/// Every prefix of them is a state to recover from: first the term and vote; then what conflicts
/// is removed from the end downwards, so that no gap opens; then the new blocks, upwards.
///
/// With the persistent vote switched off, it is written that there was none.
pub(super) fn writes(writes: &Writes<Block>, rules: Rules, stored: &mut Index) -> Vec<Write> {
    let kept = |state: HardState| match rules.is_on(Rule::PersistentVote) {
        true => state,
        false => HardState { vote: None, ..state },
    };
    let state = writes.hard_state.map(kept);
    let mut out: Vec<Write> = state
        .iter()
        .map(|state| Write::put(ServerKey::State.to_string(), record::write(state)))
        .collect();
    if let Some(from) = writes.truncate_from {
        let void = (from.0..=stored.0).rev();
        out.extend(void.map(|height| Write::remove(ServerKey::Block(Index(height)).to_string())));
        *stored = from.previous().expect("there is no block to truncate at height 0");
    }
    for (index, block) in &writes.append {
        assert_eq!(*index, stored.next(), "blocks are stored without gaps");
        let text = serde_json::to_string(block).expect("a block can be written as JSON");
        out.push(Write::put(ServerKey::Block(*index).to_string(), text));
        *stored = *index;
    }
    out
}
