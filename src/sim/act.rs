//! The way in: actions, checked and carried out.

use super::action::Stamped;
use super::clock::{RATE_FASTEST, RATE_SLOWEST};
use super::node::Down;
use super::{ActError, Action, World};
use crate::bank::Operation;
use crate::base::random::{Ppm, Rng};
use crate::base::{ClientId, Endpoint, ServerId};
use crate::disk::{Disk, DiskError, Write};
use crate::trace::{EventId, Kept, StopReason, What};
use rand::RngExt;

impl World {
    /// Carries out an action now, and remembers it. An action that is not possible changes
    /// nothing and is not remembered.
    pub fn act(&mut self, action: Action) -> Result<(), ActError> {
        self.check(&action)?;
        let text = action.to_string().into();
        let stamped = Stamped { at: self.now, after_steps: self.steps, action: action.clone() };
        self.actions.push(stamped);
        let cause = self.record(None, What::Acted(text));
        self.carry_out_action(action, cause)
    }

    /// Carries out an action that follows from what was done before: from load, or from chaos. It
    /// is in the trace, and not remembered. False if it is not possible now.
    pub(super) fn act_by_itself(&mut self, action: Action, cause: Option<EventId>) -> bool {
        if self.check(&action).is_err() {
            return false;
        }
        let cause = self.record(cause, What::Acted(action.to_string().into()));
        self.carry_out_action(action, cause).is_ok()
    }

    fn carry_out_action(&mut self, action: Action, cause: EventId) -> Result<(), ActError> {
        match action {
            Action::Crash { server } => self.crash(server, cause),
            Action::Restart { server } => self.boot(server, Some(cause)),
            Action::Isolate { server } => self.channel.isolate(server, self.config.server_ids()),
            Action::Partition { groups } => self.channel.partition(groups),
            Action::Heal => self.channel.heal(),
            Action::Unite => self.channel.unite(),
            Action::Cut { from, to } => self.channel.cut(from, to),
            Action::Mend { from, to } => self.channel.mend(from, to),
            Action::Submit { client, operation, via } => {
                return self.submit(client, operation, via, cause);
            }
            Action::Network { settings } => self.channel.set(settings),
            Action::Link { from, to, settings } => self.channel.set_link(from, to, settings),
            Action::Tamper { from, to } => _ = self.tampers.insert((from, to)),
            Action::Pause { server } => self.pause(server),
            Action::Resume { server } => self.resume(server, cause),
            Action::Clock { server, rate } => self.set_clock_rate(server, rate, cause),
            Action::Members { membership } => return self.change_members(membership, cause),
            Action::TransferLeadership { to } => return self.transfer_leadership(to, cause),
            Action::Stop { server } => self.stop_in_order(server, cause),
            Action::Snapshot { server } => self.take_snapshot(server, cause),
            Action::Drop { message } => self.drop_message(message, cause),
            Action::Delay { message, by } => self.delay_message(message, by),
            Action::Duplicate { message } => self.duplicate_message(message),
            Action::Nudge { server } => {
                let now = self.local(server);
                self.up(server).nudge(now);
                self.after_server(server, Some(cause));
            }
            Action::Load { rate } => self.set_load(rate, cause),
            Action::Chaos { strength } => self.set_chaos(strength, cause),
            Action::Edit { server, key, value } => self.edit(server, &key, value.as_deref(), cause),
            Action::FillDisk { server } => {
                let key = match self.nodes[&server].syncing().first() {
                    Some(write) => write.key().to_string(),
                    None => "the next write".to_owned(),
                };
                self.stop(server, StopReason::DiskFull { key }, Some(cause));
            }
        }
        Ok(())
    }

    /// Finds out whether an action is possible, before anything is changed.
    fn check(&self, action: &Action) -> Result<(), ActError> {
        match action {
            Action::Crash { server } => self.check_is_up(*server, true),
            Action::Nudge { server }
            | Action::FillDisk { server }
            | Action::Pause { server }
            | Action::Stop { server }
            | Action::Snapshot { server } => self.check_goes_on(*server),
            Action::Members { membership } => self.check_members(membership),
            Action::TransferLeadership { to } => self.check_transfer(*to),
            Action::Resume { server } => self.check_stands_still(*server),
            Action::Restart { server } | Action::Edit { server, .. } => {
                self.check_is_up(*server, false)
            }
            Action::Isolate { server } => self.check_server(*server),
            Action::Partition { groups } => groups
                .check(self.config.server_ids(), self.config.client_ids())
                .map_err(ActError::Groups),
            Action::Heal | Action::Unite | Action::Chaos { .. } => Ok(()),
            Action::Load { rate } if rate.is_valid() => Ok(()),
            Action::Load { rate } => Err(ActError::Load(*rate)),
            Action::Cut { from, to } | Action::Mend { from, to } => self.check_link(*from, *to),
            Action::Submit { client, via, .. } => {
                via.map_or(Ok(()), |server| self.check_server(server))?;
                self.check_client(*client)?;
                self.clients[client].client.may_submit(*via).map_err(ActError::Submit)
            }
            Action::Network { settings } => settings.validate().map_err(ActError::Network),
            Action::Link { from, to, settings } => {
                self.check_link(*from, *to)?;
                settings.map_or(Ok(()), |own| own.validate()).map_err(ActError::Network)
            }
            Action::Tamper { from, to } => {
                self.check_link(Endpoint::Server(*from), Endpoint::Server(*to))
            }
            Action::Clock { server, rate } => {
                self.check_server(*server)?;
                let runs = (RATE_SLOWEST..=RATE_FASTEST).contains(rate);
                if runs { Ok(()) } else { Err(ActError::Clock(*rate)) }
            }
            Action::Drop { message } | Action::Duplicate { message } => {
                self.check_message(*message)
            }
            Action::Delay { message, by } => self.check_delay(*message, *by),
        }
    }

    pub(super) fn check_server(&self, id: ServerId) -> Result<(), ActError> {
        if self.nodes.contains_key(&id) { Ok(()) } else { Err(ActError::NoServer(id)) }
    }

    fn check_client(&self, id: ClientId) -> Result<(), ActError> {
        if self.clients.contains_key(&id) { Ok(()) } else { Err(ActError::NoClient(id)) }
    }

    fn check_is_up(&self, id: ServerId, wanted: bool) -> Result<(), ActError> {
        self.check_server(id)?;
        match self.nodes[&id].server().is_some() {
            up if up == wanted => Ok(()),
            true => Err(ActError::IsUp(id)),
            false => Err(ActError::IsDown(id)),
        }
    }

    /// For what a server must do itself: it is up, and its process does not stand still.
    fn check_goes_on(&self, id: ServerId) -> Result<(), ActError> {
        self.check_is_up(id, true)?;
        if self.nodes[&id].is_paused() { Err(ActError::IsPaused(id)) } else { Ok(()) }
    }

    fn check_stands_still(&self, id: ServerId) -> Result<(), ActError> {
        self.check_is_up(id, true)?;
        if self.nodes[&id].is_paused() { Ok(()) } else { Err(ActError::IsNotPaused(id)) }
    }

    fn check_link(&self, from: Endpoint, to: Endpoint) -> Result<(), ActError> {
        for end in [from, to] {
            match end {
                Endpoint::Server(id) => self.check_server(id)?,
                Endpoint::Client(id) => self.check_client(id)?,
            }
        }
        if from == to { Err(ActError::NoLink(from)) } else { Ok(()) }
    }

    /// Ends a server at once. Of the writes that were under way to its disk, chance decides how
    /// many arrived.
    fn crash(&mut self, id: ServerId, cause: EventId) {
        let node = self.nodes.get_mut(&id).expect("the server was checked");
        let staged: Vec<Write> = node.disk.staged().cloned().collect();
        let keep = draw_up_to(&mut self.fault_rng, staged.len());
        let kept = node.disk.lose_power(keep);
        node.end_life(Down::Crashed);
        self.release_waiting(id);
        let lost = staged.len() - kept;
        let kept = staged.iter().take(kept).map(Kept::of).collect();
        self.record(Some(cause), What::Crashed { server: id, kept, lost });
    }

    /// Sets the rate of a machine's clock. A wake-up that was arranged by the rate before is void.
    fn set_clock_rate(&mut self, id: ServerId, rate: Ppm, cause: EventId) {
        let now = self.now;
        let node = self.nodes.get_mut(&id).expect("the server was checked");
        node.clock.set_rate(rate, now);
        node.wake = None;
        if node.server().is_some() {
            self.after_server(id, Some(cause));
        }
    }

    fn submit(
        &mut self,
        client: ClientId,
        operation: Operation,
        via: Option<ServerId>,
        cause: EventId,
    ) -> Result<(), ActError> {
        let now = self.now;
        self.desk(client).client.submit(operation, via, now).map_err(ActError::Submit)?;
        self.after_client(client, Some(cause));
        Ok(())
    }

    fn edit(&mut self, id: ServerId, key: &str, value: Option<&str>, cause: EventId) {
        let disk = &mut self.nodes.get_mut(&id).expect("the server was checked").disk;
        let result = match value {
            Some(value) => disk.write(key, value),
            None => disk.remove(key),
        };
        if let Err(DiskError::Full { key } | DiskError::Blocked { why: key }) = result {
            self.stop(id, StopReason::DiskFull { key }, Some(cause));
        }
    }
}

/// A number between 0 and `most`, both included.
fn draw_up_to(rng: &mut Rng, most: usize) -> usize {
    let drawn = rng.random_range(0..=most as u64);
    usize::try_from(drawn).expect("it is at most a usize")
}
