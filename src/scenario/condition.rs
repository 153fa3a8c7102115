//! What a scenario can wait for and expect: facts about a world at one moment.

use super::ScenarioError;
use super::action::membership;
use super::cursor::Cursor;
use super::values::number;
use crate::bank::RequestId;
use crate::base::{AccountId, ClientId, Index, Membership, ServerId, Term};
use crate::check::Property;
use std::fmt;

/// A statement about a world that is true or false at each moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// `not …`: the opposite.
    Not(Box<Condition>),
    /// `… and …`: all of these at once.
    All(Vec<Condition>),
    /// `… or …`: any of these. `and` binds closer.
    Any(Vec<Condition>),
    /// `a leader`: some server that is up leads, in a term that no other one is ahead of.
    Leader,
    /// `no leader`: the opposite of `a leader`.
    NoLeader,
    /// `all answered`: no client waits for an answer.
    AllAnswered,
    /// `all agree`: all members that are up have the same log, and all know it to be committed.
    AllAgree,
    /// `quiet`: all clients are answered and all servers agree.
    Quiet,
    /// `members S1-S2-S3 learners S4`: the cluster has these members, by a block that is committed.
    Members(Membership),
    /// `total 20`: the money in all accounts together.
    Total(u64),
    /// `Alice 6`: what an account holds in the longest committed chain.
    Balance(AccountId, u64),
    /// `Alice answered`: the client waits for no answer.
    Answered(ClientId),
    /// `Alice retries`: the client has sent some unanswered request more than once.
    Retries(ClientId),
    /// `Alice #1 committed`: what became of one request.
    Request(RequestId, Fate),
    /// `broken "Election Safety"`: a judge has seen the promise broken. Only a run with a rule
    /// switched off gets that far.
    Broken(Property),
    /// `S1 leads`: the server thinks that it leads.
    Server(ServerId, Standing),
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// `pending`: it waits for its answer.
    Pending,
    /// `retries`: it waits, and was sent more than once.
    Retries,
    /// `answered`, whatever the answer.
    Answered,
    /// `committed`, in a block.
    Committed,
    /// `refused`, for whatever reason.
    Refused,
    /// `balance 6`: it was answered with this balance.
    Balance(u64),
}

/// What a server is or has at the moment. A server that is down has only its last chain's length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// `up`.
    Up,
    /// `down`, crashed or stopped.
    Down,
    /// `leads`: it thinks that it leads.
    Leads,
    /// `campaigns`: it asks for votes, or whether it would get them.
    Campaigns,
    /// `follows S2`.
    Follows(ServerId),
    /// `term 3`: its term is just this.
    Term(Term),
    /// `voted S2`: in its term it voted for this one.
    Voted(ServerId),
    /// `commits 3`: it knows of this height, or of one above, as committed.
    Commits(Index),
    /// `has 2`: its log reaches this height.
    Has(Index),
    /// `log 2`: its log ends at this height.
    Log(Index),
    /// `mined 2`: it has mined a block of this height in this run.
    Mined(Index),
    /// `dropped 2`: it has given up a block of this height, for another leader's.
    Dropped(Index),
    /// `mining`: it is searching for a nonce.
    Mining,
}

const A_CONDITION: &str = "a condition: 'S1 leads', 'a leader', 'no leader', 'Alice answered', \
                           'all answered', 'all agree', 'quiet', 'members S1-S2', 'broken \
                           \"Election Safety\"', 'total 20', 'Alice 6' or the like";
const A_STANDING: &str = "what the server does: up, down, leads, campaigns, follows S2, term 2, \
                          voted S2, commits 3, has 3, log 3, mined 3, dropped 3 or mining";
const A_CLIENT_FACT: &str = "a balance, 'answered', 'retries', or a request such as #1";
const A_FATE: &str = "what became of the request: pending, retries, answered, committed, refused \
                      or balance 6";

/// Takes a condition from a line.
pub(super) fn condition(cursor: &mut Cursor<'_>) -> Result<Condition, ScenarioError> {
    several(cursor, "or", Condition::Any, |cursor| several(cursor, "and", Condition::All, single))
}

/// Takes one condition, or several with a word between them.
fn several(
    cursor: &mut Cursor<'_>,
    word: &str,
    join: impl Fn(Vec<Condition>) -> Condition,
    each: impl Fn(&mut Cursor<'_>) -> Result<Condition, ScenarioError>,
) -> Result<Condition, ScenarioError> {
    let first = each(cursor)?;
    let mut all = vec![first];
    while cursor.take(word) {
        all.push(each(cursor)?);
    }
    Ok(if all.len() == 1 { all.remove(0) } else { join(all) })
}

fn single(cursor: &mut Cursor<'_>) -> Result<Condition, ScenarioError> {
    let start = cursor.clone();
    match cursor.word(A_CONDITION)?.text {
        "not" => Ok(Condition::Not(Box::new(single(cursor)?))),
        "a" => cursor.require("leader").map(|()| Condition::Leader),
        "no" => cursor.require("leader").map(|()| Condition::NoLeader),
        "all" => {
            if cursor.take("answered") {
                return Ok(Condition::AllAnswered);
            }
            let agree = cursor.take("agree").then_some(Condition::AllAgree);
            agree.ok_or_else(|| cursor.unexpected("'answered' or 'agree'"))
        }
        "quiet" => Ok(Condition::Quiet),
        "members" => membership(cursor).map(Condition::Members),
        "broken" => property(cursor).map(Condition::Broken),
        "total" => Ok(Condition::Total(whole(cursor, "an amount in plain digits")?)),
        name => {
            if let Ok(server) = name.parse() {
                return standing(cursor).map(|standing| Condition::Server(server, standing));
            }
            match name.parse() {
                Ok(client) => about_client(client, cursor),
                Err(_) => Err(start.unexpected(A_CONDITION)),
            }
        }
    }
}

fn property(cursor: &mut Cursor<'_>) -> Result<Property, ScenarioError> {
    let at = cursor.at();
    let name = cursor.quoted("a promise in quotes, such as \"Election Safety\"")?;
    let named = Property::ALL.into_iter().find(|property| property.name() == name);
    named.ok_or_else(|| {
        let names = Property::ALL.map(Property::name).join(", ");
        cursor.error(at, format!("expected one of {names}, found '{name}'"))
    })
}

fn about_client(client: ClientId, cursor: &mut Cursor<'_>) -> Result<Condition, ScenarioError> {
    if cursor.take("answered") {
        return Ok(Condition::Answered(client));
    }
    if cursor.take("retries") {
        return Ok(Condition::Retries(client));
    }
    let seq = cursor.peek().and_then(|word| number(word.text.strip_prefix('#')?));
    if let Some(seq) = seq {
        cursor.word(A_CLIENT_FACT)?;
        let fate = fate(cursor)?;
        return Ok(Condition::Request(RequestId { client, seq }, fate));
    }
    let balance = whole(cursor, A_CLIENT_FACT)?;
    Ok(Condition::Balance(client.account(), balance))
}

fn fate(cursor: &mut Cursor<'_>) -> Result<Fate, ScenarioError> {
    let start = cursor.clone();
    match cursor.word(A_FATE)?.text {
        "pending" => Ok(Fate::Pending),
        "retries" => Ok(Fate::Retries),
        "answered" => Ok(Fate::Answered),
        "committed" => Ok(Fate::Committed),
        "refused" => Ok(Fate::Refused),
        "balance" => Ok(Fate::Balance(whole(cursor, "an amount in plain digits")?)),
        _ => Err(start.unexpected(A_FATE)),
    }
}

fn standing(cursor: &mut Cursor<'_>) -> Result<Standing, ScenarioError> {
    let start = cursor.clone();
    let height = |cursor: &mut Cursor<'_>| whole(cursor, "a height").map(Index);
    match cursor.word(A_STANDING)?.text {
        "up" => Ok(Standing::Up),
        "down" => Ok(Standing::Down),
        "leads" => Ok(Standing::Leads),
        "campaigns" => Ok(Standing::Campaigns),
        "follows" => Ok(Standing::Follows(cursor.parse("a server, S1 to S9")?)),
        "term" => Ok(Standing::Term(Term(whole(cursor, "a term")?))),
        "voted" => Ok(Standing::Voted(cursor.parse("a server, S1 to S9")?)),
        "commits" => height(cursor).map(Standing::Commits),
        "has" => height(cursor).map(Standing::Has),
        "log" => height(cursor).map(Standing::Log),
        "mined" => height(cursor).map(Standing::Mined),
        "dropped" => height(cursor).map(Standing::Dropped),
        "mining" => Ok(Standing::Mining),
        _ => Err(start.unexpected(A_STANDING)),
    }
}

fn whole(cursor: &mut Cursor<'_>, expected: &str) -> Result<u64, ScenarioError> {
    let value = cursor.peek().and_then(|word| number(word.text));
    let value = value.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    Ok(value)
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Not(condition) => write!(f, "not {condition}"),
            Self::All(conditions) => join(f, conditions, " and "),
            Self::Any(conditions) => join(f, conditions, " or "),
            Self::Leader => f.write_str("a leader"),
            Self::NoLeader => f.write_str("no leader"),
            Self::AllAnswered => f.write_str("all answered"),
            Self::AllAgree => f.write_str("all agree"),
            Self::Quiet => f.write_str("quiet"),
            Self::Total(total) => write!(f, "total {total}"),
            Self::Balance(account, balance) => write!(f, "{account} {balance}"),
            Self::Answered(client) => write!(f, "{client} answered"),
            Self::Retries(client) => write!(f, "{client} retries"),
            Self::Request(id, fate) => write!(f, "{id} {fate}"),
            Self::Members(membership) => write!(f, "members {membership}"),
            Self::Broken(property) => write!(f, "broken \"{property}\""),
            Self::Server(server, standing) => write!(f, "{server} {standing}"),
        }
    }
}

fn join(f: &mut fmt::Formatter<'_>, conditions: &[Condition], word: &str) -> fmt::Result {
    for (position, condition) in conditions.iter().enumerate() {
        write!(f, "{}{condition}", if position == 0 { "" } else { word })?;
    }
    Ok(())
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pending => f.write_str("pending"),
            Self::Retries => f.write_str("retries"),
            Self::Answered => f.write_str("answered"),
            Self::Committed => f.write_str("committed"),
            Self::Refused => f.write_str("refused"),
            Self::Balance(balance) => write!(f, "balance {balance}"),
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Up => f.write_str("up"),
            Self::Down => f.write_str("down"),
            Self::Leads => f.write_str("leads"),
            Self::Campaigns => f.write_str("campaigns"),
            Self::Follows(leader) => write!(f, "follows {leader}"),
            Self::Term(term) => write!(f, "term {term}"),
            Self::Voted(candidate) => write!(f, "voted {candidate}"),
            Self::Commits(height) => write!(f, "commits {height}"),
            Self::Has(height) => write!(f, "has {height}"),
            Self::Log(height) => write!(f, "log {height}"),
            Self::Mined(height) => write!(f, "mined {height}"),
            Self::Dropped(height) => write!(f, "dropped {height}"),
            Self::Mining => f.write_str("mining"),
        }
    }
}
