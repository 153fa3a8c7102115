//! Everything that a server sends or receives.

use crate::bank::{Reply, Request};
use crate::chain::Block;
use crate::raft::Message;

/// One message of the channel.
#[derive(Clone, Debug)]
pub enum Packet {
    /// Between servers: consensus.
    Raft(Message<Block>),
    /// From a client to a server.
    Request(Request),
    /// From a server to the leader that it knows, on behalf of a client.
    Relay {
        /// The client's request, unchanged.
        request: Request,
        /// How many servers it has passed. It goes no further than [`MAX_HOPS`].
        hops: u8,
    },
    /// From a server to a client.
    Reply(Reply),
}

/// How often a request is relayed before it is dropped. Two servers that each believe the other
/// to lead would otherwise pass it back and forth; its client sends it again anyway.
pub const MAX_HOPS: u8 = 3;

/// What sort of message it is, for logs and pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PacketKind {
    /// RequestVote.
    VoteRequest,
    /// The answer to RequestVote.
    VoteReply,
    /// RequestVote that only asks whether the vote would be given.
    PreVoteRequest,
    /// The answer to it.
    PreVoteReply,
    /// AppendEntries with blocks in it.
    Append,
    /// AppendEntries without blocks.
    Heartbeat,
    /// The answer to AppendEntries.
    AppendReply,
    /// A part of a snapshot.
    Snapshot,
    /// The answer to it.
    SnapshotReply,
    /// The leader's word to its successor.
    TimeoutNow,
    /// A follower's question how far a balance check must see.
    ReadIndex,
    /// The leader's answer to it.
    ReadIndexReply,
    /// A client's request.
    Request,
    /// A request that a server passes on.
    Relay,
    /// The answer to a client.
    Reply,
}

impl Packet {
    /// What sort of message it is.
    pub fn kind(&self) -> PacketKind {
        match self {
            Self::Raft(Message::RequestVote(vote)) if vote.pre_vote => PacketKind::PreVoteRequest,
            Self::Raft(Message::RequestVote(_)) => PacketKind::VoteRequest,
            Self::Raft(Message::RequestVoteReply(vote)) if vote.pre_vote => {
                PacketKind::PreVoteReply
            }
            Self::Raft(Message::RequestVoteReply(_)) => PacketKind::VoteReply,
            Self::Raft(Message::AppendEntries(append)) if append.entries.is_empty() => {
                PacketKind::Heartbeat
            }
            Self::Raft(Message::AppendEntries(_)) => PacketKind::Append,
            Self::Raft(Message::AppendEntriesReply(_)) => PacketKind::AppendReply,
            Self::Raft(Message::InstallSnapshot(_)) => PacketKind::Snapshot,
            Self::Raft(Message::InstallSnapshotReply(_)) => PacketKind::SnapshotReply,
            Self::Raft(Message::TimeoutNow(_)) => PacketKind::TimeoutNow,
            Self::Raft(Message::ReadIndex(_)) => PacketKind::ReadIndex,
            Self::Raft(Message::ReadIndexReply(_)) => PacketKind::ReadIndexReply,
            Self::Request(_) => PacketKind::Request,
            Self::Relay { .. } => PacketKind::Relay,
            Self::Reply(_) => PacketKind::Reply,
        }
    }
}

impl PacketKind {
    /// Every kind, in the order in which a transfer meets them.
    pub const ALL: [Self; 15] = [
        Self::Request,
        Self::Relay,
        Self::Append,
        Self::AppendReply,
        Self::ReadIndex,
        Self::ReadIndexReply,
        Self::Heartbeat,
        Self::Snapshot,
        Self::SnapshotReply,
        Self::TimeoutNow,
        Self::PreVoteRequest,
        Self::PreVoteReply,
        Self::VoteRequest,
        Self::VoteReply,
        Self::Reply,
    ];

    /// True if it answers another message.
    pub fn is_reply(self) -> bool {
        matches!(
            self,
            Self::VoteReply
                | Self::PreVoteReply
                | Self::AppendReply
                | Self::SnapshotReply
                | Self::ReadIndexReply
                | Self::Reply
        )
    }

    /// Its name in logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::VoteRequest => "vote request",
            Self::VoteReply => "vote reply",
            Self::PreVoteRequest => "pre-vote request",
            Self::PreVoteReply => "pre-vote reply",
            Self::Snapshot => "snapshot",
            Self::SnapshotReply => "snapshot reply",
            Self::TimeoutNow => "timeout now",
            Self::ReadIndex => "read index",
            Self::ReadIndexReply => "read index reply",
            Self::Append => "append",
            Self::Heartbeat => "heartbeat",
            Self::AppendReply => "append reply",
            Self::Request => "request",
            Self::Relay => "relay",
            Self::Reply => "reply",
        }
    }
}
