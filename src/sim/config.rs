//! The settings of a run.

use crate::bank::{Ledger, history};
use crate::base::{
    AccountId, ClientId, Fields, MAX_CLIENTS, MAX_SERVERS, Map, Membership, Rule, Rules, ServerId,
    Span,
};
use crate::chain::{self, DEFAULT_DIFFICULTY, MAX_DIFFICULTY};
use crate::channel;
use crate::client;
use crate::server::{Limits, Setup, Timing, Work};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::RangeInclusive;

/// Everything about a run that is settled before it begins, but for chance and what the disks
/// hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields<'de>")]
pub struct Config {
    /// Servers, 1 to 9.
    pub servers: u8,
    /// How many of them, the last ones, do not belong to the cluster at first. They wait until
    /// they are made members.
    pub spares: u8,
    /// Clients, and so accounts, 1 to 8.
    pub clients: u8,
    /// What each account holds at the opening.
    pub opening_balance: u64,
    /// Accounts that open with something else.
    pub opening_exceptions: Map<AccountId, u64>,
    /// Payments made before the run, as lines of `from to amount`.
    pub history: String,
    /// Leading zero bits that a block's hash must have, 0 to 24.
    pub difficulty: u8,
    /// Nonces that a server tries in a second of virtual time.
    pub attempts_per_second: u64,
    /// Transactions that fit into a block.
    pub block_capacity: u64,
    /// Requests that may wait at a server.
    pub mempool_capacity: u64,
    /// The shortest election timeout.
    pub election_timeout_min: Span,
    /// The longest election timeout.
    pub election_timeout_max: Span,
    /// The time between two heartbeats of an idle leader.
    pub heartbeat_interval: Span,
    /// How long a client waits before it sends a request again, the first time.
    pub client_timeout: Span,
    /// How long a disk takes to make writes durable.
    pub disk_sync: Span,
    /// How much each server's disk can hold, in UTF-16 units of keys and values.
    pub disk_quota: Option<u64>,
    /// A server takes a snapshot whenever it has applied so many blocks more, and then forgets
    /// the blocks before it.
    pub compact_after: u64,
    /// The network at the beginning. It can be changed while the run goes on.
    pub network: channel::Settings,
    /// Which rules of the engine are on.
    #[serde(skip_serializing_if = "Rules::all_on")]
    pub rules: Rules,
}

/// A setting that is out of its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The name of the field in [`Config`].
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub why: String,
}

/// Realistic times: some tens of milliseconds between the servers, as within one country.
impl Default for Config {
    fn default() -> Self {
        Self {
            servers: 5,
            spares: 0,
            clients: 3,
            opening_balance: 100,
            opening_exceptions: Map::new(),
            history: String::new(),
            difficulty: DEFAULT_DIFFICULTY,
            attempts_per_second: 100_000,
            block_capacity: 3,
            mempool_capacity: 64,
            election_timeout_min: Span::ms(300),
            election_timeout_max: Span::ms(600),
            heartbeat_interval: Span::ms(50),
            client_timeout: Span::ms(500),
            disk_sync: Span::ms(1),
            disk_quota: None,
            compact_after: 64,
            rules: Rules::ALL_ON,
            network: channel::Settings::default(),
        }
    }
}

impl TryFrom<Fields<'_>> for Config {
    type Error = String;

    fn try_from(mut fields: Fields<'_>) -> Result<Self, String> {
        let usual = Self::default();
        let read = Self {
            servers: fields.or("servers", usual.servers)?,
            spares: fields.or("spares", usual.spares)?,
            clients: fields.or("clients", usual.clients)?,
            opening_balance: fields.or("opening_balance", usual.opening_balance)?,
            opening_exceptions: fields.or("opening_exceptions", usual.opening_exceptions)?,
            history: fields.or("history", usual.history)?,
            difficulty: fields.or("difficulty", usual.difficulty)?,
            attempts_per_second: fields.or("attempts_per_second", usual.attempts_per_second)?,
            block_capacity: fields.or("block_capacity", usual.block_capacity)?,
            mempool_capacity: fields.or("mempool_capacity", usual.mempool_capacity)?,
            election_timeout_min: fields.or("election_timeout_min", usual.election_timeout_min)?,
            election_timeout_max: fields.or("election_timeout_max", usual.election_timeout_max)?,
            heartbeat_interval: fields.or("heartbeat_interval", usual.heartbeat_interval)?,
            client_timeout: fields.or("client_timeout", usual.client_timeout)?,
            disk_sync: fields.or("disk_sync", usual.disk_sync)?,
            disk_quota: fields.or("disk_quota", usual.disk_quota)?,
            compact_after: fields.or("compact_after", usual.compact_after)?,
            network: fields.or("network", usual.network)?,
            rules: fields.or("rules", usual.rules)?,
        };
        fields.end(read)
    }
}

impl Config {
    /// The settings of the original program: three servers, three clients, seconds of delay.
    pub fn original() -> Self {
        Self {
            servers: 3,
            clients: 3,
            attempts_per_second: 10_000,
            election_timeout_min: Span::secs(10),
            election_timeout_max: Span::secs(20),
            heartbeat_interval: Span::secs(1),
            client_timeout: Span::secs(20),
            network: channel::Settings::ORIGINAL,
            ..Self::default()
        }
    }

    /// The servers.
    pub fn server_ids(&self) -> impl Iterator<Item = ServerId> + Clone + use<> {
        ServerId::first(self.servers)
    }

    /// How many servers, the first ones, belong to the cluster at first.
    pub fn members(&self) -> u8 {
        self.servers - self.spares
    }

    /// The clients.
    pub fn client_ids(&self) -> impl Iterator<Item = ClientId> + Clone + use<> {
        ClientId::first(self.clients)
    }

    /// Every setting that is out of its bounds; nothing if a run can begin.
    pub fn validate(&self) -> Vec<ConfigError> {
        let mut errors = Vec::new();
        let mut check = |field, value: u64, bounds: RangeInclusive<u64>, unit: &str| {
            if !bounds.contains(&value) {
                let (least, most) = (bounds.start(), bounds.end());
                let why = format!("write a whole number from {least} to {most}{unit}, not {value}");
                errors.push(ConfigError { field, why });
            }
        };
        let ms = |span: Span| span.0 / 1000;
        check("servers", self.servers.into(), 1..=MAX_SERVERS.into(), "");
        check("spares", self.spares.into(), 0..=u64::from(self.servers.max(1)) - 1, "");
        check("clients", self.clients.into(), 1..=MAX_CLIENTS.into(), "");
        check("opening_balance", self.opening_balance, 0..=1_000_000_000_000, "");
        check("difficulty", self.difficulty.into(), 0..=MAX_DIFFICULTY.into(), " bits");
        check("attempts_per_second", self.attempts_per_second, 100..=10_000_000, " a second");
        check("block_capacity", self.block_capacity, 1..=32, " transactions");
        check("mempool_capacity", self.mempool_capacity, 1..=1024, " requests");
        check("election_timeout_min", ms(self.election_timeout_min), 10..=600_000, " ms");
        check("election_timeout_max", ms(self.election_timeout_max), 10..=600_000, " ms");
        check("heartbeat_interval", ms(self.heartbeat_interval), 1..=60_000, " ms");
        check("client_timeout", ms(self.client_timeout), 10..=600_000, " ms");
        check("compact_after", self.compact_after, 2..=100_000, " blocks");
        check("disk_sync", self.disk_sync.0, 0..=10_000_000, " microseconds");
        self.check_relations(&mut errors);
        errors
    }

    fn check_relations(&self, errors: &mut Vec<ConfigError>) {
        let mut complain = |field, why: String| errors.push(ConfigError { field, why });
        if self.election_timeout_min > self.election_timeout_max {
            complain(
                "election_timeout_max",
                format!("it must be at least the shortest timeout, {}", self.election_timeout_min),
            );
        }
        if self.heartbeat_interval >= self.election_timeout_min {
            let why = format!(
                "it must be below the shortest election timeout, {}, or leaders are deposed \
                 while they are well",
                self.election_timeout_min
            );
            complain("heartbeat_interval", why);
        }
        if let Err(why) = self.network.validate() {
            complain("network", why);
        }
        let stranger =
            self.opening_exceptions.keys().find(|account| account.number() > self.clients);
        if let Some(account) = stranger {
            complain("opening_exceptions", format!("{account} is not among the clients"));
        } else if let Err(why) = self.opening() {
            complain("history", why);
        }
    }

    /// The accounts as genesis holds them.
    pub fn opening(&self) -> Result<Ledger, String> {
        let balance = |account| {
            (account, *self.opening_exceptions.get(&account).unwrap_or(&self.opening_balance))
        };
        let balances: Map<_, _> = AccountId::first(self.clients).map(balance).collect();
        let opened = Ledger::open(&balances).map_err(|error| error.to_string())?;
        let payments = history::parse(&self.history).map_err(|error| error.to_string())?;
        let opened = history::replay(&opened, &payments).map_err(|error| error.to_string())?;
        let with_sessions = self.rules.is_on(Rule::ExactlyOnce);
        Ok(if with_sessions { opened } else { opened.without_sessions() })
    }

    /// What every server is told.
    ///
    /// # Panics
    /// If the settings are not valid; [`Config::validate`] comes first.
    pub(super) fn setup(&self) -> Setup {
        let opening = self.opening().expect("a valid configuration opens a bank");
        Setup {
            rules: self.rules,
            servers: self.servers,
            membership: Membership::of(ServerId::first(self.members())),
            genesis: chain::genesis(&opening),
            opening,
            timing: Timing {
                election_timeout_min: self.election_timeout_min,
                election_timeout_max: self.election_timeout_max,
                heartbeat_interval: self.heartbeat_interval,
            },
            work: Work {
                difficulty: self.difficulty,
                attempts_per_second: self.attempts_per_second,
                block_capacity: self.block_capacity as usize,
            },
            limits: Limits {
                mempool: self.mempool_capacity as usize,
                compact_after: self.compact_after,
                keep_behind: self.compact_after / 4,
                ..Limits::default()
            },
        }
    }

    /// How clients resend: each silence doubles the wait, up to eight times the first one, and
    /// never beyond what a client may wait at all.
    pub(super) fn client(&self) -> client::Config {
        client::Config {
            first_timeout: self.client_timeout,
            max_timeout: self.client_timeout.times(8).min(client::TIMEOUT_LONGEST),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.why)
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(config: &Config) -> Vec<&'static str> {
        config.validate().iter().map(|error| error.field).collect()
    }

    #[test]
    fn the_presets_are_valid() {
        assert_eq!(Config::default().validate(), []);
        assert_eq!(Config::original().validate(), []);
    }

    #[test]
    fn the_longest_times_that_are_valid_begin_a_world() {
        let longest = Span::secs(600);
        let config = Config {
            election_timeout_min: longest,
            election_timeout_max: longest,
            heartbeat_interval: Span::secs(60),
            client_timeout: longest,
            disk_sync: Span::secs(10),
            ..Config::default()
        };
        assert_eq!(config.validate(), []);
        crate::sim::World::new(config, 1, crate::sim::Disks::default()).unwrap();
    }

    #[test]
    fn what_is_out_of_bounds_is_named() {
        let cases: [(&str, Config); 8] = [
            ("servers", Config { servers: 0, ..Config::default() }),
            ("servers", Config { servers: 10, ..Config::default() }),
            ("clients", Config { clients: 9, ..Config::default() }),
            ("difficulty", Config { difficulty: 25, ..Config::default() }),
            (
                "heartbeat_interval",
                Config { heartbeat_interval: Span::ms(300), ..Config::default() },
            ),
            (
                "election_timeout_max",
                Config { election_timeout_max: Span::ms(200), ..Config::default() },
            ),
            ("history", Config { history: "Alice Bob 1000".to_owned(), ..Config::default() }),
            (
                "network",
                Config {
                    network: channel::Settings { loss: 1_000_001, ..channel::Settings::default() },
                    ..Config::default()
                },
            ),
        ];
        for (field, config) in cases {
            assert_eq!(fields(&config), [field], "{config:?}");
        }
    }
}
