//! The end of everything but the disks: all servers and all clients lose their power, and a world
//! begins anew from what they had kept, as the page does when it is opened again.
//!
//! The judges begin anew with it, and know only what the disks say. So those of the world before
//! judge on: whatever was committed, voted for or answered there binds this world as well.

use super::super::{Action, Simulation};
use super::{Kind, Swarm, Wrong};
use crate::base::random::{CERTAIN, happens};

impl Swarm {
    /// In a third of all runs: cuts the power of all, and goes on from the disks, in another
    /// hostile phase.
    pub(super) fn reload(&mut self) -> Result<(), Wrong> {
        if !happens(&mut self.rng, CERTAIN / 3) {
            return Ok(());
        }
        for server in self.plan.config.server_ids() {
            self.act(Action::Crash { server });
        }
        self.play.verdict()?;
        let (world, judges) = (self.play.simulation.world(), self.play.simulation.judges());
        self.before = Some(Box::new(judges.clone()));
        let (config, seed, disks) = (self.plan.config.clone(), world.seed(), world.disks());
        let simulation = Simulation::new(config, seed, disks).map_err(|error| Wrong {
            kind: Kind::Stuck,
            why: format!("what was kept cannot be read: {error}"),
        })?;
        self.play.go_on_in(simulation);
        self.play.verdict()?;
        self.hostile()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Play;
    use super::*;
    use crate::bank::Operation;
    use crate::base::{ClientId, ServerId, Span};
    use crate::check::Property::{self, *};
    use crate::sim::{Config, Disks};

    /// A bank in which Alice has paid Bob, and was told so, before all power went.
    fn before() -> Play {
        let config = Config { servers: 3, difficulty: 2, ..Config::default() };
        let simulation = Simulation::new(config, 1, Disks::default()).expect("a valid world");
        let mut play = Play::new(simulation, false, None);
        let [client, to] = [1, 2].map(|number| ClientId::new(number).unwrap());
        let operation = Operation::Transfer { to: to.account(), amount: 10 };
        play.run_until(play.now() + Span::secs(2)).expect("all is well");
        assert!(play.act(Action::Submit { client, operation, via: None }));
        play.run_until(play.now() + Span::secs(2)).expect("all is well");
        assert_eq!(play.simulation.world().client(client).map(|it| it.unanswered()), Some(0));
        ServerId::first(3).for_each(|server| assert!(play.act(Action::Crash { server })));
        play
    }

    /// Goes on from disks that were altered: what is wrong, in the end.
    fn after(alter: impl FnOnce(&mut Disks)) -> Option<Kind> {
        let mut play = before();
        let world = play.simulation.world();
        let (config, seed, mut disks) = (world.config().clone(), world.seed(), world.disks());
        alter(&mut disks);
        play.go_on_in(Simulation::new(config, seed, disks).expect("the clients can be read"));
        let outcome = play.verdict().and_then(|()| play.make_peace());
        outcome.err().map(|wrong| wrong.kind)
    }

    #[test]
    fn what_was_promised_before_all_power_went_binds_the_world_after() {
        let first = ServerId::new(1).unwrap();
        let broken = |property: Property| Some(Kind::Broken(property));
        assert_eq!(after(|_| {}), None);
        assert_eq!(after(|disks| disks.servers.clear()), broken(NothingGoesBack));
        assert_eq!(after(|disks| _ = disks.servers.remove(&first)), broken(NothingGoesBack));
        let lose = |disks: &mut Disks| {
            let blocks = disks.servers.values_mut();
            blocks.for_each(|disk| disk.retain(|key, _| !key.starts_with("block/")));
        };
        assert_eq!(after(lose), broken(Durability));
    }
}
