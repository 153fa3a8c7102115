//! How a scenario begins: `cluster servers=3 leader=S1 Alice=10 Bob=0`.

use super::ScenarioError;
use super::action::network_setting;
use super::cursor::Cursor;
use super::values::{A_RANGE, A_SPAN, Setting, number, span, span_range};
use crate::base::{AccountId, ServerId, Set};
use crate::sim::Config;

/// The settings of a scenario's run, and who is to lead it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The settings.
    pub config: Config,
    /// The number from which all chance follows.
    pub seed: u64,
    /// The server whose election timer runs out first, and which has won before the scenario goes
    /// on.
    pub leader: Option<ServerId>,
}

const SETTINGS: &str = "servers=, clients=, seed=, leader=, an account's opening balance such as \
                        Alice=10, balance=, history=, difficulty=, attempts=, block=, mempool=, \
                        delay=, loss=, duplication=, corruption=, election=, heartbeat=, \
                        timeout=, sync=, quota=, spares=, compact= or off=";
const A_NUMBER: &str = "a whole number";

/// Takes what follows the word `cluster`. What is not set stays as in [`Config::default`], or as
/// in [`Config::original`] after the word `original`. There are as many clients as it takes for
/// each account that is named to have its owner, unless their number is given.
///
/// `history=Alice,Bob,4;Bob,Carol,2` stands for the lines of a history; `off=pre-vote` switches
/// rules off, several with commas between.
pub(super) fn opening(cursor: &mut Cursor<'_>) -> Result<Opening, ScenarioError> {
    let start = cursor.at();
    let mut opening = Opening { config: Config::default(), seed: 1, leader: None };
    let mut written = Set::new();
    if cursor.take("original") {
        opening.config = Config::original();
    }
    while cursor.peek().is_some() {
        let setting = Setting::take(cursor)?;
        if !written.insert(setting.key.to_ascii_lowercase()) {
            return Err(setting.error(cursor, format!("'{}=' is written twice", setting.key)));
        }
        take_over(&mut opening, &setting, cursor)?;
    }
    let config = &mut opening.config;
    let named = config.opening_exceptions.keys().map(|account| account.number()).max();
    if let (Some(named), false) = (named, written.contains(&"clients".to_owned())) {
        config.clients = named;
    }
    if let Some(error) = config.validate().first() {
        return Err(cursor.error(start, error.to_string()));
    }
    if let Some(leader) = opening.leader.filter(|leader| leader.number() > config.servers) {
        let message = format!("there is no server {leader} in this cluster");
        return Err(cursor.error(start, message));
    }
    Ok(opening)
}

fn take_over(
    opening: &mut Opening,
    setting: &Setting<'_>,
    cursor: &Cursor<'_>,
) -> Result<(), ScenarioError> {
    let config = &mut opening.config;
    let whole = || setting.read(cursor, A_NUMBER, number);
    let small = || setting.read(cursor, "a whole number up to 255", |text| text.parse().ok());
    let time = || setting.read(cursor, A_SPAN, span);
    match setting.key {
        "servers" => config.servers = small()?,
        "clients" => config.clients = small()?,
        "seed" => opening.seed = whole()?,
        "leader" => {
            let leader = setting.read(cursor, "a server, S1 to S9", |text| text.parse().ok())?;
            opening.leader = Some(leader);
        }
        "balance" => config.opening_balance = whole()?,
        "history" => config.history = setting.value.replace(',', " ").replace(';', "\n"),
        "difficulty" => config.difficulty = small()?,
        "attempts" => config.attempts_per_second = whole()?,
        "block" => config.block_capacity = whole()?,
        "mempool" => config.mempool_capacity = whole()?,
        "election" => {
            (config.election_timeout_min, config.election_timeout_max) =
                setting.read(cursor, A_RANGE, span_range)?;
        }
        "heartbeat" => config.heartbeat_interval = time()?,
        "timeout" => config.client_timeout = time()?,
        "sync" => config.disk_sync = time()?,
        "quota" => config.disk_quota = Some(whole()?),
        "spares" => config.spares = small()?,
        "compact" => config.compact_after = whole()?,
        "off" => {
            for name in setting.value.split(',') {
                let rule = name.parse().map_err(|why: String| setting.error(cursor, why))?;
                config.rules = config.rules.without(rule);
            }
        }
        key => {
            if network_setting(&mut config.network, setting, cursor)? {
                return Ok(());
            }
            let Ok(account) = key.parse::<AccountId>() else {
                let message = format!("expected {SETTINGS}, found '{key}='");
                return Err(setting.error(cursor, message));
            };
            config.opening_exceptions.insert(account, whole()?);
        }
    }
    Ok(())
}
