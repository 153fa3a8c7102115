//! The stage from the world.

use super::{Watch, client_ids, condition, most_advanced};
use crate::base::{ClientId, Endpoint, Membership, ServerId, Set};
use crate::disk::Disk;
use crate::disk::layout::ServerKey;
use crate::raft::{Role, majority};
use crate::server::Server;
use crate::sim::{Node, World};
use crate::ui::view::geometry::{Layout, Point};
use crate::ui::view::stage::{ClientNode, Council, Ground, Link, ServerNode, Stage};

impl Stage {
    /// What stands on the stage.
    pub fn of(world: &World, watch: &Watch) -> Self {
        let servers: Vec<ServerId> = world.nodes().map(|(id, _)| id).collect();
        let clients = client_ids(world);
        let groups = groups(world, &servers);
        let layout = Layout::new(watch.form, &groups, &clients);
        let cluster = super::members(world);
        Self {
            form: watch.form,
            servers: world.nodes().map(|(id, node)| server(world, id, node, watch)).collect(),
            clients: clients.iter().map(|id| client(world, *id, &groups)).collect(),
            links: links(world, &groups),
            grounds: groups.into_iter().map(|members| ground(members, &cluster, &layout)).collect(),
            layout,
        }
    }
}

/// How wide a letter of a ground's label is.
const LETTER: f64 = 6.2;

/// Half of how high it is.
const HALF: f64 = 6.0;

/// How far a badge reaches below a server.
const BADGE: f64 = 24.0;

fn ground(members: Vec<ServerId>, cluster: &Membership, layout: &Layout) -> Ground {
    let has_most = |voters: &Set<ServerId>| {
        let here = voters.iter().filter(|voter| members.contains(voter)).count();
        here >= majority(voters.len())
    };
    let is_joint = cluster.is_joint();
    let majority = has_most(cluster.voters()) && (!is_joint || has_most(cluster.outgoing()));
    // In a crowd there is no room beside one that stands alone, and it is plain what that means.
    let is_plain = members.len() == 1 && layout.is_crowded() && !majority;
    let label = if majority { "majority" } else { "no majority" };
    let label = if is_plain { "" } else { label }.to_owned();
    let places: Vec<Point> = members.iter().map(|id| layout.server(*id)).collect();
    let label_at = label_place(&places, &label, layout);
    Ground { members, label, majority, label_at }
}

/// Where the label of a ground with servers at these places stands: clear of them.
fn label_place(places: &[Point], label: &str, layout: &Layout) -> Point {
    let share = 1.0 / places.len().max(1) as f64;
    let middle = places.iter().fold(Point::default(), |sum, at| Point {
        x: sum.x + at.x * share,
        y: sum.y + at.y * share,
    });
    // With one or two members, the middle is taken by a server or by their messages.
    let above = if places.len() < 3 { layout.measures.server * 1.7 } else { 0.0 };
    let above = Point { x: middle.x, y: middle.y - above };
    // Where it is crowded, the middle of a few lies under one of them: inwards there is room.
    let inwards = if layout.is_crowded() { 0.3 } else { 0.0 };
    // And where a server or its badge still lies under it, further in or out there is more.
    let at = |step: f64| above.towards(layout.measures.centre, inwards + step);
    let reach = layout.measures.server + 8.0;
    let wide = reach + LETTER / 2.0 * label.len() as f64;
    let badge = if layout.is_crowded() { 0.0 } else { BADGE };
    let is_clear = |at: &Point| {
        let covers = |server: &Point| {
            // A word stands on its line.
            let below = at.y - 0.7 * HALF - server.y;
            let is_beside = below < -reach - HALF || below > reach + HALF + badge;
            (server.x - at.x).abs() < wide && !is_beside
        };
        at.y > HALF && !places.iter().any(covers)
    };
    let steps = [0.0, 0.15, 0.3, -0.15, 0.45, 0.6, 0.75, -0.3];
    let label_at = steps.map(at).into_iter().find(is_clear);
    label_at.unwrap_or(at(0.0))
}

/// The servers by the ground that they stand on. One that no group names stands alone.
fn groups(world: &World, servers: &[ServerId]) -> Vec<Vec<ServerId>> {
    let Some(partition) = world.channel().groups() else {
        return vec![servers.to_vec()];
    };
    let mut groups: Vec<Vec<ServerId>> = vec![Vec::new(); partition.iter().len()];
    for id in servers {
        match partition.group_of(Endpoint::Server(*id)) {
            Some(place) => groups[place].push(*id),
            None => groups.push(vec![*id]),
        }
    }
    groups.retain(|group| !group.is_empty());
    groups
}

fn server(world: &World, id: ServerId, node: &Node, watch: &Watch) -> ServerNode {
    let (term, commit) = term_and_commit(node);
    ServerNode {
        id,
        condition: condition(world, id, node),
        term,
        commit,
        mining: node.server().is_some_and(|server| server.mining().is_some()),
        chosen: Some(id) == watch.chosen,
        councils: node.server().map_or_else(Vec::new, councils),
        only_asks: node.server().is_some_and(|it| it.raft().role() == Role::PreCandidate),
    }
}

/// Those whose votes it wants. While the membership changes, two majorities must agree.
fn councils(server: &Server) -> Vec<Council> {
    let raft = server.raft();
    if !matches!(raft.role(), Role::Candidate | Role::PreCandidate) {
        return Vec::new();
    }
    let council = |voters: &Set<ServerId>| Council {
        votes: voters.iter().map(|voter| raft.votes().get(voter).copied()).collect(),
        needed: majority(voters.len()),
    };
    let members = raft.membership();
    let mut councils = vec![council(members.voters())];
    if members.is_joint() {
        councils.push(council(members.outgoing()));
    }
    councils
}

/// A server that is down has its term on its disk, and knows of no commit until it is back.
pub(in crate::ui::view) fn term_and_commit(node: &Node) -> (u64, u64) {
    match node.server() {
        Some(server) => (server.raft().term().0, server.raft().commit().0),
        None => {
            let text = node.disk().read(&ServerKey::State.to_string()).ok().flatten();
            (text.and_then(|text| kept_term(&text)).unwrap_or(0), 0)
        }
    }
}

/// The term as it stands in the text of a state record: enough for a label, so it is not parsed.
fn kept_term(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("\"term\":")?;
    let digits = rest.trim_start();
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

fn client(world: &World, id: ClientId, groups: &[Vec<ServerId>]) -> ClientNode {
    let ledger = most_advanced(world).map(|server| server.committed_ledger());
    let named =
        world.channel().groups().filter(|named| named.group_of(Endpoint::Client(id)).is_some());
    let group = named.and_then(|named| {
        let with = |member: ServerId| named.connect(Endpoint::Client(id), Endpoint::Server(member));
        groups.iter().position(|group| group.iter().any(|member| with(*member)))
    });
    ClientNode {
        id,
        committed: ledger.and_then(|ledger| ledger.balance(id.account())),
        waiting: world.client(id).map_or(0, |client| client.unanswered()),
        group,
    }
}

fn links(world: &World, groups: &[Vec<ServerId>]) -> Vec<Link> {
    let mut links = Vec::new();
    let channel = world.channel();
    let is_own = |from: ServerId, to: ServerId| {
        channel.own_settings(Endpoint::Server(from), Endpoint::Server(to)).is_some()
    };
    for group in groups {
        for (place, one) in group.iter().enumerate() {
            for other in &group[place + 1..] {
                let cut = |from: ServerId, to: ServerId| {
                    channel.is_cut(Endpoint::Server(from), Endpoint::Server(to))
                };
                let (one, other) = (*one.min(other), *one.max(other));
                let (cut_there, cut_back) = (cut(one, other), cut(other, one));
                let own = is_own(one, other) || is_own(other, one);
                links.push(Link { one, other, cut_there, cut_back, own });
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_finds_the_term_in_a_record() {
        assert_eq!(kept_term(r#"{"term":12,"vote":"S1"}"#), Some(12));
        assert_eq!(kept_term(r#"{"term": 3}"#), Some(3));
        assert_eq!(kept_term("rubbish"), None);
    }
}
