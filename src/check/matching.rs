//! Log Matching.

use super::Property::LogMatching;
use super::docket::Docket;
use super::replica::Prefix;
use crate::base::{Index, Map, ServerId, Term};
use crate::chain::Block;

/// All blocks that any log holds, by height and term. What no log holds any more cannot be in
/// conflict with a log, so it is dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Holdings {
    held: Map<(Index, Term, Prefix), Holding>,
}

/// A block after a certain prefix, and in whose logs it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Holding {
    block: Block,
    holders: Holders,
}

impl Holdings {
    /// A server's log now ends with this block at this height. Gives back the same block as
    /// another log holds it, after the same blocks, if one does.
    pub fn hold(
        &mut self,
        docket: &mut Docket,
        server: ServerId,
        (height, prefix): (Index, Prefix),
        block: &Block,
    ) -> Option<Block> {
        let term = block.term();
        let alike = self.held.range((height, term, Prefix::LEAST)..);
        let mut alike = alike.take_while(|((at, of, _), _)| (*at, *of) == (height, term));
        let others = alike.find(|((_, _, other), _)| *other != prefix);
        docket.check(LogMatching, others.is_none(), || {
            let other = others.and_then(|(_, holding)| holding.holders.first());
            let other = other.expect("what is held has a holder");
            format!(
                "the logs of {server} and {other} both have a block of term {term} at height \
                 {height}, but are not the same up to there"
            )
        });
        let key = (height, term, prefix);
        if let Some(holding) = self.held.get_mut(&key) {
            holding.holders.add(server);
            return Some(holding.block.clone());
        }
        let mut holders = Holders::default();
        holders.add(server);
        self.held.insert(key, Holding { block: block.clone(), holders });
        None
    }

    /// A server's log no longer has this block at this height.
    pub fn release(&mut self, server: ServerId, (height, prefix): (Index, Prefix), term: Term) {
        let key = (height, term, prefix);
        let holding = self.held.get_mut(&key).expect("what stands in a log is held");
        holding.holders.remove(server);
        if holding.holders == Holders::default() {
            self.held.remove(&key);
        }
    }
}

/// A set of servers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Holders(u16);

impl Holders {
    fn add(&mut self, server: ServerId) {
        self.0 |= 1 << server.number();
    }

    fn remove(&mut self, server: ServerId) {
        self.0 &= !(1 << server.number());
    }

    fn first(self) -> Option<ServerId> {
        ServerId::first(u8::MAX).find(|server| self.0 & (1 << server.number()) != 0)
    }
}
