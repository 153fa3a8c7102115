//! What a client must not forget.

use super::MAX_UNANSWERED;
use crate::bank::{MAX_OUTSTANDING, Request};
use crate::base::ClientId;
use serde::{Deserialize, Serialize};

/// The highest number that a request may have: the highest whole number that JavaScript, and so
/// every reader of what is saved, counts exactly.
pub const MAX_SEQ: u64 = (1 << 53) - 1;

/// What survives of a client's session when the page is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// The number of the next new request, from 1 on.
    pub next_seq: u64,
    /// The requests without a final answer, by ascending number.
    pub unanswered: Vec<Request>,
}

impl Saved {
    /// Whether it can be this client's session; if not, what contradicts it.
    ///
    /// It comes from storage that people can edit, so nothing about it is taken for granted.
    pub(super) fn check(&self, client: ClientId) -> Result<(), String> {
        if !(1..=MAX_SEQ + 1).contains(&self.next_seq) {
            return Err(format!("the next request's number cannot be {}", self.next_seq));
        }
        if self.unanswered.len() > MAX_UNANSWERED {
            let count = self.unanswered.len();
            return Err(format!(
                "{count} requests are unanswered; at most {MAX_UNANSWERED} can be"
            ));
        }
        self.unanswered.iter().try_for_each(|request| self.check_one(client, request))?;
        if self.unanswered.windows(2).any(|two| two[0].id.seq >= two[1].id.seq) {
            return Err("the unanswered requests are not in ascending order".to_owned());
        }
        Ok(())
    }

    fn check_one(&self, client: ClientId, request: &Request) -> Result<(), String> {
        let Request { id, lowest_unanswered, .. } = *request;
        if id.client != client {
            return Err(format!("request {id} is not {client}'s"));
        }
        if id.seq >= self.next_seq {
            let next = self.next_seq;
            return Err(format!("request {id} is unanswered, but the next number is {next}"));
        }
        let in_window = (1..=id.seq).contains(&lowest_unanswered)
            && id.seq - lowest_unanswered < MAX_OUTSTANDING;
        if !in_window {
            return Err(format!(
                "request {id} cannot have {lowest_unanswered} unanswered below it"
            ));
        }
        Ok(())
    }
}

/// A session in which nothing was asked yet.
impl Default for Saved {
    fn default() -> Self {
        Self { next_seq: 1, unanswered: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bank::{Operation, RequestId};

    fn client(number: u8) -> ClientId {
        ClientId::new(number).unwrap()
    }

    fn request(number: u8, seq: u64, lowest_unanswered: u64) -> Request {
        let id = RequestId { client: client(number), seq };
        Request { id, lowest_unanswered, operation: Operation::Balance }
    }

    #[test]
    fn what_was_saved_comes_back_from_json() {
        let saved = Saved { next_seq: 8, unanswered: vec![request(1, 3, 3), request(1, 7, 3)] };
        assert_eq!(saved.check(client(1)), Ok(()));
        let text = serde_json::to_string(&saved).unwrap();
        assert_eq!(serde_json::from_str::<Saved>(&text).unwrap(), saved);
    }

    #[test]
    fn what_contradicts_itself_is_refused_and_named() {
        let many = (1..=33).map(|seq| request(1, seq, 1)).collect();
        for (next_seq, unanswered, expected) in [
            (0, vec![], "the next request's number cannot be 0"),
            (u64::MAX, vec![], "the next request's number cannot be 18446744073709551615"),
            (34, many, "33 requests are unanswered; at most 32 can be"),
            (8, vec![request(2, 7, 7)], "request Bob #7 is not Alice's"),
            (7, vec![request(1, 7, 7)], "request Alice #7 is unanswered, but the next number is 7"),
            (8, vec![request(1, 7, 8)], "request Alice #7 cannot have 8 unanswered below it"),
            (8, vec![request(1, 0, 0)], "request Alice #0 cannot have 0 unanswered below it"),
            (99, vec![request(1, 70, 6)], "request Alice #70 cannot have 6 unanswered below it"),
            (
                8,
                vec![request(1, 7, 7), request(1, 7, 7)],
                "the unanswered requests are not in ascending order",
            ),
        ] {
            let saved = Saved { next_seq, unanswered };
            assert_eq!(saved.check(client(1)), Err(expected.to_owned()));
        }
    }
}
