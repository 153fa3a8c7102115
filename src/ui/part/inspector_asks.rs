//! What an administrator may ask of the cluster about one server.

use super::press::press;
use crate::base::{Membership, ServerId};
use crate::sim::Action;
use crate::ui::command::Command;
use crate::ui::view::inspector::Inspector;
use yew::prelude::*;

/// Buttons for what can be asked; what cannot be done now is answered with a notice.
pub fn asks(server: &Inspector, send: &Callback<Command>) -> Html {
    let button = |words: &'static str, action: Action| {
        let act = press(send, Command::Act(action));
        html! { <button class="small" onclick={act}>{ words }</button> }
    };
    let id = server.id;
    let Some(members) = &server.members else { return Html::default() };
    let change = |words, voter, learner| match target(members, id, voter, learner) {
        Some(membership) => button(words, Action::Members { membership }),
        None => Html::default(),
    };
    html! {
        <div>
            <h3>{ "Ask of the cluster" }</h3>
            <p class="help">{ format!("Members: {members}.") }</p>
            <div class="chips">
                if server.condition.is_up() {
                    { button("Let it lead", Action::TransferLeadership { to: id }) }
                    { button("Stop in order", Action::Stop { server: id }) }
                    { button("Take a snapshot", Action::Snapshot { server: id }) }
                }
                if !members.voters().contains(&id) {
                    { change("Make it a voter", true, false) }
                }
                if !members.learners().contains(&id) {
                    { change("Make it a learner", false, true) }
                }
                if members.contains(id) {
                    { change("Take it out", false, false) }
                }
            </div>
        </div>
    }
}

/// The members with this server as a voter, as a learner, or not at all; nothing if nobody would
/// vote then.
fn target(members: &Membership, id: ServerId, voter: bool, learner: bool) -> Option<Membership> {
    let with = |of: &crate::base::Set<ServerId>, is_in: bool| {
        let others = of.iter().copied().filter(|other| *other != id);
        others.chain(is_in.then_some(id)).collect()
    };
    Membership::new(with(members.voters(), voter), with(members.learners(), learner)).ok()
}
