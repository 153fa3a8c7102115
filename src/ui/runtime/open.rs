//! Opening: from what is kept, or anew.

use super::{Inner, WORK_MS};
use crate::base::Time;
use crate::disk::DiskError;
use crate::sim::history::{Branches, History};
use crate::sim::{Action, Chaos, Config, Disks, LoadRate, Mirror, Simulation, WorldError};
use crate::trace::EventId;
use crate::ui::storage::{Cluster, Found, Storage};
use crate::ui::view::address::Display;
use crate::ui::view::banner::Banner;
use crate::ui::view::from::Watch;
use crate::ui::{claim, journal};

/// The seed of a first visit. Everybody's first run is the same, so that it can be talked about.
const FIRST_SEED: u64 = 42;

/// How the page begins.
pub struct Opened {
    pub simulation: Simulation,
    /// What is switched on in it.
    pub on: (LoadRate, Chaos),
    pub storage: Storage,
    pub banners: Vec<Banner>,
}

/// Opens what the storage holds. What cannot be read is left as it is, and a bank in memory
/// stands in for it. In a frame of another page nothing is read or kept.
pub fn open(display: Display) -> Opened {
    if display == Display::Embed {
        return in_memory(Vec::new());
    }
    let (storage, refusal) = Storage::open();
    if let Some(error) = refusal {
        return in_memory(vec![blocked(error)]);
    }
    let opened = open_from(storage);
    if claim::is_elsewhere() { as_copy(opened) } else { opened }
}

/// What another tab keeps, as it is at this moment, in memory.
fn as_copy(mut opened: Opened) -> Opened {
    opened.storage = Storage::memory();
    opened.banners = vec![Banner::Elsewhere];
    opened
}

fn open_from(storage: Storage) -> Opened {
    match Found::look(&storage) {
        Ok(Found::Nothing) => Opened { storage, ..in_memory(Vec::new()) },
        Ok(Found::Bank(cluster, disks)) => {
            match Simulation::new(cluster.config, cluster.seed, disks) {
                Ok(simulation) => {
                    let on = (cluster.load, cluster.chaos);
                    Opened { simulation, on, storage, banners: Vec::new() }
                }
                Err(error) => in_memory(vec![unreadable(error)]),
            }
        }
        Ok(Found::Unreadable { key, why }) => in_memory(vec![Banner::Unreadable { key, why }]),
        Err(error) => in_memory(vec![blocked(error)]),
    }
}

fn fresh() -> Simulation {
    Simulation::new(Config::default(), FIRST_SEED, Disks::default())
        .expect("the default settings begin a world")
}

fn in_memory(banners: Vec<Banner>) -> Opened {
    let on = (LoadRate::OFF, Chaos::Off);
    Opened { simulation: fresh(), on, storage: Storage::memory(), banners }
}

fn blocked(error: DiskError) -> Banner {
    Banner::Blocked { why: error.to_string() }
}

fn unreadable(error: WorldError) -> Banner {
    match error {
        WorldError::Unreadable { key, why } => Banner::Unreadable { key, why },
        WorldError::Config(_) => {
            let key = crate::disk::layout::Key::Cluster.to_string();
            Banner::Unreadable { key, why: error.to_string() }
        }
    }
}

impl Inner {
    /// Makes the storage hold what the world holds, from now on.
    pub(super) fn settle_in(&mut self) {
        let kept = self.keep_cluster();
        let kept = kept.and_then(|()| self.branches.drive_live(|tip| self.mirror.copy_all(tip)));
        if let Err(error) = kept {
            self.lasting.push(blocked(error));
        }
    }

    /// Makes the storage hold the settings of the live branch, and what is switched on there.
    pub(super) fn keep_cluster(&mut self) -> Result<(), DiskError> {
        let cluster = Cluster::of(self.branches.live().history().tip().world());
        self.mirror.storage_mut().keep_cluster(&cluster)
    }

    /// Switches on in a run that has just begun what was on in the one before.
    pub(super) fn switch_on(&mut self, (load, chaos): (LoadRate, Chaos)) {
        if load.is_on() {
            self.act(Action::Load { rate: load });
        }
        if chaos != Chaos::Off {
            self.act(Action::Chaos { strength: chaos });
        }
    }

    /// Lets the quiet time pass that lies before the first election: nobody needs to watch the
    /// timers of servers that have just come up run down for long.
    pub(super) fn skip_quiet(&mut self) {
        let world = self.simulation().world();
        let servers = world.nodes().filter_map(|(_, node)| node.server());
        let timers = servers.filter_map(|server| server.raft().election_timer());
        if let Some(first) = timers.map(|timer| timer.deadline).min() {
            let quiet = first.since(Time::ZERO) - world.config().network.delay_max.times(2);
            self.run_until(Time::ZERO + quiet, WORK_MS);
        }
    }

    /// Puts another world in the place of this one, which is given back.
    pub(super) fn replace(&mut self, branches: Branches) -> Branches {
        journal::begin(branches.viewed().history().tip());
        self.config = branches.shown().world().config().clone();
        let before = std::mem::replace(&mut self.branches, branches);
        (self.seeking, self.on_its_way) = (None, None);
        // Both are of a message and of blocks of the world before.
        (self.held, self.forgery) = (None, None);
        self.remainder = 0.0;
        self.script = super::script::Script::default();
        self.tour = None;
        self.heard = EventId(0);
        self.watch =
            Watch { form: self.watch.form, query: self.watch.query.clone(), ..Watch::default() };
        self.watch.query.before = None;
        self.lasting.retain(|banner| {
            matches!(banner, Banner::Blocked { .. } | Banner::Elsewhere | Banner::NewVersion)
        });
        before
    }

    /// Starts a new bank. What was kept of the one before is dropped.
    pub(super) fn reset(&mut self, seed: u64) {
        match Simulation::new(self.config.clone(), seed, Disks::default()) {
            Ok(simulation) => {
                self.replace(Branches::new(History::new(simulation)));
                self.settle_in();
                self.skip_quiet();
                self.playing = true;
                self.last_frame = None;
            }
            Err(error) => self.notice = Some(error.to_string().into()),
        }
    }

    /// Forgets all that the browser keeps for the page, and starts a new bank there.
    pub(super) fn start_anew(&mut self) {
        let (storage, refusal) = match claim::is_elsewhere() {
            true => (Storage::memory(), None),
            false => Storage::open(),
        };
        self.mirror = Mirror::new(storage);
        (self.aside, self.guest) = (None, None);
        self.lasting.clear();
        self.lasting.extend(refusal.map(blocked));
        if let Err(error) = self.mirror.storage_mut().clear() {
            self.lasting.push(blocked(error));
        }
        self.config = Config::default();
        self.reset(FIRST_SEED);
    }
}
