//! Questions, and how people write them.

use crate::bank::RequestId;
use crate::base::{Index, ServerId};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// What somebody wants to know the reason of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(into = "String")]
pub enum Question {
    /// `no leader`: why does nobody lead?
    NoLeader,
    /// `S1`: why is it what it is?
    Server(ServerId),
    /// `S2 vote S1`: why did S2 give S1 its vote, or not?
    Vote {
        /// Who votes.
        voter: ServerId,
        /// For whom.
        candidate: ServerId,
    },
    /// `S1 block 7`: why is the server's block at this height committed, or not, or not there?
    Block {
        /// Whose.
        server: ServerId,
        /// Which.
        height: Index,
    },
    /// `block 00a3f2c9`: the same of a block by the beginning of its hash.
    Hash(String),
    /// `Alice #3`: where is this request?
    Request(RequestId),
}

/// How a question can be asked.
const FORMS: &str = "ask 'no leader', about a server ('S1'), a vote ('S2 vote S1'), a block ('S1 \
                     block 7' or 'block 00a3f2c9'), or a request ('Alice #3')";

/// How many digits of a hash are needed at least, and there are at most.
const HASH_DIGITS: std::ops::RangeInclusive<usize> = 4..=64;

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLeader => f.write_str("no leader"),
            Self::Server(server) => write!(f, "{server}"),
            Self::Vote { voter, candidate } => write!(f, "{voter} vote {candidate}"),
            Self::Block { server, height } => write!(f, "{server} block {height}"),
            Self::Hash(prefix) => write!(f, "block {prefix}"),
            Self::Request(id) => write!(f, "{id}"),
        }
    }
}

impl From<Question> for String {
    fn from(question: Question) -> Self {
        question.to_string()
    }
}

/// Reads what [`Display`](fmt::Display) writes. Blanks, and the case of names, do not matter.
impl FromStr for Question {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("'{}' is no question: {FORMS}", text.trim());
        let words: Vec<&str> = text.split_whitespace().collect();
        match words.as_slice() {
            ["no", "leader"] => Ok(Self::NoLeader),
            ["block", prefix] => hash(prefix).map(Self::Hash).ok_or_else(|| {
                format!("'{prefix}' is no beginning of a hash: write at least 4 of its digits")
            }),
            [server, "block", height] => {
                let server = server.parse::<ServerId>()?;
                let height = height.strip_prefix('#').unwrap_or(height);
                let height = number(height).ok_or_else(|| {
                    format!("'{height}' is no height: write a whole number, such as 7")
                })?;
                Ok(Self::Block { server, height: Index(height) })
            }
            [voter, "vote", candidate] | [voter, "vote", "for", candidate] => {
                Ok(Self::Vote { voter: voter.parse()?, candidate: candidate.parse()? })
            }
            [client, seq] => {
                let client = client.parse().map_err(|_| unknown())?;
                let seq = number(seq.strip_prefix('#').unwrap_or(seq)).ok_or_else(unknown)?;
                Ok(Self::Request(RequestId { client, seq }))
            }
            [server] if server.starts_with(['S', 's']) => {
                server.parse().map(Self::Server).map_err(|_| unknown())
            }
            _ => Err(unknown()),
        }
    }
}

fn hash(text: &str) -> Option<String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (digits && HASH_DIGITS.contains(&text.len())).then(|| text.to_ascii_lowercase())
}

fn number(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_are_read_as_they_are_written() {
        for text in [
            "no leader",
            "S1",
            "S2 vote S1",
            "S1 block 7",
            "block 00a3f2c9",
            "Alice #3",
            "S9 block 0",
        ] {
            let question: Question = text.parse().unwrap_or_else(|why| panic!("{why}"));
            assert_eq!(question.to_string(), text);
        }
        for (text, same) in [
            ("  s1   block  #7 ", "S1 block 7"),
            ("alice 3", "Alice #3"),
            ("S2 vote for S1", "S2 vote S1"),
            ("block 00A3F2", "block 00a3f2"),
        ] {
            assert_eq!(text.parse::<Question>().unwrap().to_string(), same);
        }
    }

    #[test]
    fn what_is_no_question_is_told_what_is() {
        for (text, expected) in [
            ("", "'' is no question: ask 'no leader'"),
            ("S10", "'S10' is no question"),
            ("Mallory #1", "'Mallory #1' is no question"),
            ("Alice #x", "'Alice #x' is no question"),
            ("S1 block seven", "'seven' is no height"),
            ("S0 block 7", "'S0' is no server"),
            ("block xyz", "'xyz' is no beginning of a hash"),
            ("S1 S2 S3 S4", "'S1 S2 S3 S4' is no question"),
        ] {
            let error = text.parse::<Question>().unwrap_err();
            assert!(error.starts_with(expected), "{text}: {error}");
        }
    }
}
