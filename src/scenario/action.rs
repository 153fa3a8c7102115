//! Actions as text, read back: the inverse of their `Display`.

use super::ScenarioError;
use super::cursor::Cursor;
use super::values::{
    A_RANGE, A_RATE, A_SPAN, Setting, factor, rate, span, span_range, thousandths,
};
use crate::bank::Operation;
use crate::base::{ClientId, Endpoint, Membership, ServerId, Set};
use crate::channel::{Groups, LinkSettings, Settings};
use crate::sim::{Action, Chaos, LoadRate};
use crate::trace::MessageId;

/// What a line that does something to a world begins with.
pub(super) const AN_ACTION: &str = "an action: crash, restart, isolate, partition, heal, unite, cut, \
                                    mend, network, link, tamper, pause, resume, clock, \
                                    members, transfer leadership, stop, snapshot, drop, delay, \
                                    duplicate, nudge, load, chaos, edit, fill disk, or a client and a colon, such as \
                                    'Alice: transfer Bob 4'";

/// What `network` may be followed by.
const NETWORK_SETTINGS: &str = "delay=, loss=, duplication= or corruption=";

const A_SERVER: &str = "a server, S1 to S9";
const AN_END: &str = "a server or a client";
const AN_ACCOUNT: &str = "an account, such as Bob";
const AN_AMOUNT: &str = "an amount in plain digits";

/// Reads an action as it is printed, `partition S1 | S2 S3`, or as people write it otherwise,
/// `partition 1;2-3`. Whether it is possible, only a world can tell.
pub fn parse_action(text: &str) -> Result<Action, ScenarioError> {
    let mut cursor = Cursor::new(1, text);
    let action = action(&mut cursor)?;
    cursor.end()?;
    Ok(action)
}

/// Takes an action from a line, as far as the action goes.
pub(super) fn action(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let start = cursor.clone();
    let server = |cursor: &mut Cursor<'_>| cursor.parse::<ServerId>(A_SERVER);
    match cursor.word(AN_ACTION)?.text {
        "crash" => Ok(Action::Crash { server: server(cursor)? }),
        "restart" => Ok(Action::Restart { server: server(cursor)? }),
        "isolate" => Ok(Action::Isolate { server: server(cursor)? }),
        "partition" => partition(cursor),
        "heal" => Ok(Action::Heal),
        "unite" => Ok(Action::Unite),
        "cut" => link(cursor).map(|(from, to)| Action::Cut { from, to }),
        "mend" => link(cursor).map(|(from, to)| Action::Mend { from, to }),
        "network" => network(cursor),
        "link" => link_settings(cursor),
        "tamper" => {
            let from = server(cursor)?;
            arrow(cursor)?;
            Ok(Action::Tamper { from, to: server(cursor)? })
        }
        "pause" => Ok(Action::Pause { server: server(cursor)? }),
        "resume" => Ok(Action::Resume { server: server(cursor)? }),
        "clock" => clock(cursor),
        "members" => membership(cursor).map(|membership| Action::Members { membership }),
        "transfer" => {
            cursor.require("leadership")?;
            Ok(Action::TransferLeadership { to: server(cursor)? })
        }
        "stop" => Ok(Action::Stop { server: server(cursor)? }),
        "snapshot" => Ok(Action::Snapshot { server: server(cursor)? }),
        "drop" => message(cursor).map(|message| Action::Drop { message }),
        "delay" => delay(cursor),
        "duplicate" => message(cursor).map(|message| Action::Duplicate { message }),
        "nudge" => Ok(Action::Nudge { server: server(cursor)? }),
        "load" => load(cursor),
        "chaos" => chaos(cursor),
        "edit" => edit(cursor),
        "fill" => {
            cursor.require("disk")?;
            Ok(Action::FillDisk { server: server(cursor)? })
        }
        name => match name.strip_suffix(':').and_then(|name| name.parse().ok()) {
            Some(client) => submit(client, cursor),
            None => Err(start.unexpected(AN_ACTION)),
        },
    }
}

/// Groups with bars between them and blanks between their members; or all in one word, as the
/// page's text field takes them.
fn partition(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let (start, rest) = (cursor.at(), cursor.rest());
    if !rest.contains('|') && rest.contains([';', '-']) {
        while cursor.peek().is_some() {
            cursor.word(AN_END)?;
        }
        let groups = rest.parse::<Groups>();
        let groups = groups.map_err(|error| cursor.error(start, error.to_string()))?;
        return Ok(Action::Partition { groups });
    }
    let mut groups: Vec<Vec<Endpoint>> = Vec::new();
    loop {
        let mut group = vec![cursor.parse(AN_END)?];
        while cursor.peek().is_some_and(|word| word.text != "|") {
            group.push(cursor.parse(AN_END)?);
        }
        groups.push(group);
        if !cursor.take("|") {
            break;
        }
    }
    let groups = Groups::new(groups).map_err(|error| cursor.error(start, error.to_string()))?;
    Ok(Action::Partition { groups })
}

fn link(cursor: &mut Cursor<'_>) -> Result<(Endpoint, Endpoint), ScenarioError> {
    let from = cursor.parse(AN_END)?;
    arrow(cursor)?;
    Ok((from, cursor.parse(AN_END)?))
}

fn arrow(cursor: &mut Cursor<'_>) -> Result<(), ScenarioError> {
    if cursor.take("→") { Ok(()) } else { cursor.require("->") }
}

/// A link is like the others again, or has a delay of its own, and a loss, which is 0 unless named.
fn link_settings(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let (from, to) = link(cursor)?;
    if cursor.take("like") {
        cursor.require("the")?;
        cursor.require("others")?;
        return Ok(Action::Link { from, to, settings: None });
    }
    let (mut delay, mut loss) = (None, 0);
    while cursor.peek().is_some() {
        let setting = Setting::take(cursor)?;
        match setting.key {
            "delay" => delay = Some(setting.read(cursor, A_RANGE, span_range)?),
            "loss" => loss = setting.read(cursor, A_RATE, rate)?,
            key => {
                let message = format!("expected delay= or loss=, found '{key}='");
                return Err(setting.error(cursor, message));
            }
        }
    }
    let expected = "the delay too, such as delay=200ms-500ms, or 'like the others'";
    let (delay_min, delay_max) = delay.ok_or_else(|| cursor.unexpected(expected))?;
    Ok(Action::Link { from, to, settings: Some(LinkSettings { delay_min, delay_max, loss }) })
}

/// Whether a clock can run at this rate is for the world to say.
fn clock(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let server = cursor.parse(A_SERVER)?;
    let expected = "the clock's rate, such as 105% or 99.5%";
    let rate = cursor.peek().and_then(|word| factor(word.text));
    let rate = rate.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    Ok(Action::Clock { server, rate })
}

/// A rate that is not named is 0. The delay is always named, so that nobody changes it unawares.
fn network(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let mut settings = Settings::default();
    let mut has_delay = false;
    while cursor.peek().is_some() {
        let setting = Setting::take(cursor)?;
        if !network_setting(&mut settings, &setting, cursor)? {
            let message = format!("expected {NETWORK_SETTINGS}, found '{}='", setting.key);
            return Err(setting.error(cursor, message));
        }
        has_delay |= setting.key == "delay";
    }
    if !has_delay {
        return Err(cursor.unexpected("the delay too, such as delay=10ms-30ms"));
    }
    Ok(Action::Network { settings })
}

/// Takes a setting over if it is one of the network's.
pub(super) fn network_setting(
    settings: &mut Settings,
    setting: &Setting<'_>,
    cursor: &Cursor<'_>,
) -> Result<bool, ScenarioError> {
    match setting.key {
        "delay" => {
            (settings.delay_min, settings.delay_max) = setting.read(cursor, A_RANGE, span_range)?;
        }
        "loss" => settings.loss = setting.read(cursor, A_RATE, rate)?,
        "duplication" => settings.duplication = setting.read(cursor, A_RATE, rate)?,
        "corruption" => settings.corruption = setting.read(cursor, A_RATE, rate)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Takes voters and perhaps learners from a line.
pub(super) fn membership(cursor: &mut Cursor<'_>) -> Result<Membership, ScenarioError> {
    let start = cursor.at();
    let voters = servers(cursor)?;
    let learners = if cursor.take("learners") { servers(cursor)? } else { Set::new() };
    let membership = Membership::new(voters, learners);
    membership.map_err(|error| cursor.error(start, error.to_string()))
}

/// Servers in one word, with dashes between them.
fn servers(cursor: &mut Cursor<'_>) -> Result<Set<ServerId>, ScenarioError> {
    let expected = "servers with dashes between them, such as S1-S2-S4";
    let read = |text: &str| text.split('-').map(|name| name.parse().ok()).collect();
    let servers = cursor.peek().and_then(|word| read(word.text));
    let servers = servers.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    Ok(servers)
}

/// Whether a world can work at this rate is for it to say.
fn load(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let expected = "requests a second, such as 20/s or 0.5/s, or 'off'";
    let rate = match cursor.peek() {
        Some(word) if word.text == "off" => Some(0),
        Some(word) => word.text.strip_suffix("/s").and_then(thousandths),
        None => None,
    };
    let rate = rate.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    Ok(Action::Load { rate: LoadRate(rate) })
}

fn chaos(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let expected = "calm, lossy, hostile or off";
    let named = |word: &str| Chaos::ALL.into_iter().find(|strength| strength.word() == word);
    let strength = cursor.peek().and_then(|word| named(word.text));
    let strength = strength.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    Ok(Action::Chaos { strength })
}

/// A message by its number, as logs write it: `m12`.
fn message(cursor: &mut Cursor<'_>) -> Result<MessageId, ScenarioError> {
    let expected = "a message, such as m12";
    let number = cursor.peek().and_then(|word| word.text.strip_prefix('m')?.parse().ok());
    let number = number.ok_or_else(|| cursor.unexpected(expected))?;
    cursor.word(expected)?;
    Ok(MessageId(number))
}

/// Whether a message can be held back so long is for the world to say.
fn delay(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let message = message(cursor)?;
    let by = cursor.peek().and_then(|word| span(word.text));
    let by = by.ok_or_else(|| cursor.unexpected(A_SPAN))?;
    cursor.word(A_SPAN)?;
    Ok(Action::Delay { message, by })
}

fn edit(cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let server = cursor.parse(A_SERVER)?;
    let key = key(cursor)?;
    let value = match cursor.take("removed") {
        true => None,
        false => Some(cursor.quoted("a new value in quotes, or 'removed'")?),
    };
    Ok(Action::Edit { server, key, value })
}

/// A key on a server's disk; in quotes if it is not one plain word.
pub(super) fn key(cursor: &mut Cursor<'_>) -> Result<String, ScenarioError> {
    let expected = "a key on the server's disk, such as block/2";
    match cursor.at_quote() {
        true => cursor.quoted(expected),
        false => Ok(cursor.word(expected)?.text.to_owned()),
    }
}

fn submit(client: ClientId, cursor: &mut Cursor<'_>) -> Result<Action, ScenarioError> {
    let expected = "'transfer' or 'balance'";
    let start = cursor.clone();
    let operation = match cursor.word(expected)?.text {
        "transfer" => {
            Operation::Transfer { to: cursor.parse(AN_ACCOUNT)?, amount: amount(cursor)? }
        }
        "balance" => Operation::Balance,
        _ => return Err(start.unexpected(expected)),
    };
    let via = match cursor.take("via") {
        true => Some(cursor.parse(A_SERVER)?),
        false => None,
    };
    Ok(Action::Submit { client, operation, via })
}

/// An amount may be 0 here: what becomes of it is for the bank to say.
fn amount(cursor: &mut Cursor<'_>) -> Result<u64, ScenarioError> {
    let amount = cursor.peek().and_then(|word| super::values::number(word.text));
    let amount = amount.ok_or_else(|| cursor.unexpected(AN_AMOUNT))?;
    cursor.word(AN_AMOUNT)?;
    Ok(amount)
}

#[cfg(test)]
#[path = "action_tests.rs"]
mod tests;
