//! Faults of the network as chance draws them, for the swarm and for [`chaos`](super::chaos).
//!
//! Nothing here does anything. What a fault draws, and in which order, is what a seed of the swarm
//! stands for.

use crate::base::random::{Ppm, Rng, span_between};
use crate::base::{Endpoint, ServerId, Span};
use crate::channel::LinkSettings;
use rand::RngExt;

/// The most groups of a partition.
pub(super) const GROUPS: usize = 3;

/// Each server goes into one of three groups, or into none. Groups may be empty.
pub(super) fn divide(
    rng: &mut Rng,
    servers: impl Iterator<Item = ServerId>,
) -> [Vec<Endpoint>; GROUPS] {
    let mut groups = [const { Vec::new() }; GROUPS];
    for server in servers {
        let group = rng.random_range(0..=GROUPS as u64) as usize;
        if let Some(group) = groups.get_mut(group) {
            group.push(Endpoint::Server(server));
        }
    }
    groups
}

/// The links, from and to, without which a server hears nobody, or nobody hears it.
pub(super) fn one_way(
    server: ServerId,
    deaf: bool,
    servers: impl Iterator<Item = ServerId>,
) -> impl Iterator<Item = (Endpoint, Endpoint)> {
    let others = servers.filter(move |other| *other != server);
    others.map(move |other| {
        let (from, to) = if deaf { (other, server) } else { (server, other) };
        (Endpoint::Server(from), Endpoint::Server(to))
    })
}

/// A link that is slow and lossy: its least delay lies between two, its most delay up to `spread`
/// above that.
pub(super) fn clogged(
    rng: &mut Rng,
    (least, most): (Span, Span),
    spread: Span,
    loss_max: Ppm,
) -> LinkSettings {
    let delay_min = span_between(rng, least, most);
    let delay_max = delay_min + span_between(rng, Span::ZERO, spread);
    LinkSettings { delay_min, delay_max, loss: rng.random_range(0..=loss_max) }
}
