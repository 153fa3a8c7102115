//! Requests that wait, in the order in which they came, each once.

use crate::bank::{Request, RequestId};
use crate::base::Set;
use std::collections::VecDeque;

/// A bounded queue of distinct requests.
#[derive(Clone, Debug)]
pub struct Mempool {
    waiting: VecDeque<Request>,
    ids: Set<RequestId>,
    capacity: usize,
}

/// What became of a request that was offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It waits now.
    Queued,
    /// It was waiting already.
    Known,
    /// There is no room.
    Full,
}

impl Mempool {
    /// An empty queue with room for `capacity` requests.
    pub fn new(capacity: usize) -> Self {
        Self { waiting: VecDeque::new(), ids: Set::new(), capacity }
    }

    /// Puts a request at the end, unless it is there or there is no room.
    pub fn offer(&mut self, request: Request) -> Offer {
        if self.ids.contains(&request.id) {
            return Offer::Known;
        }
        if self.waiting.len() >= self.capacity {
            return Offer::Full;
        }
        self.ids.insert(request.id);
        self.waiting.push_back(request);
        assert_eq!(self.ids.len(), self.waiting.len(), "each waiting request has its id noted");
        Offer::Queued
    }

    /// Removes the requests for which `keep` is false.
    pub fn retain(&mut self, mut keep: impl FnMut(&Request) -> bool) {
        let ids = &mut self.ids;
        self.waiting.retain(|request| {
            let stays = keep(request);
            if !stays {
                ids.remove(&request.id);
            }
            stays
        });
    }

    /// Takes everything out, first come first.
    pub fn drain(&mut self) -> Vec<Request> {
        self.ids.clear();
        self.waiting.drain(..).collect()
    }

    /// What waits, first come first.
    pub fn iter(&self) -> impl Iterator<Item = &Request> {
        self.waiting.iter()
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// True if nothing waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::Operation;
    use crate::base::ClientId;

    fn request(seq: u64) -> Request {
        let client = ClientId::new(1).expect("1 is a client's number");
        Request {
            id: RequestId { client, seq },
            lowest_unanswered: 1,
            operation: Operation::Balance,
        }
    }

    #[test]
    fn keeps_order_refuses_twins_and_has_a_bound() {
        let mut pool = Mempool::new(2);
        assert_eq!(pool.offer(request(1)), Offer::Queued);
        assert_eq!(pool.offer(request(1)), Offer::Known);
        assert_eq!(pool.offer(request(2)), Offer::Queued);
        assert_eq!(pool.offer(request(3)), Offer::Full);
        pool.retain(|request| request.id.seq != 1);
        assert_eq!(pool.offer(request(3)), Offer::Queued);
        let order: Vec<u64> = pool.drain().iter().map(|request| request.id.seq).collect();
        assert_eq!(order, [2, 3]);
        assert!(pool.is_empty());
    }
}
