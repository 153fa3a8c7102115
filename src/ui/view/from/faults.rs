//! What befell the cluster, from the marks of a run's history and from what was done to it.

use super::lanes::source;
use crate::base::Time;
use crate::sim::history::{Branches, MarkKind};
use crate::trace::What;
use crate::ui::view::faults::{FAULTS_MAX, Fault, FaultKind};
use crate::ui::view::lanes::Window;

/// How many events before a window are searched for a pause that reaches into it.
const LOOKED_BACK: usize = 4_000;

/// What befell the cluster in a window, in its order.
pub fn of(branches: &Branches, window: &Window) -> Vec<Fault> {
    let source = source(branches);
    let mut told = Told { end: source.world().now(), ..Told::default() };
    told.network(&source.world().config().network.to_string(), Time::ZERO, 0);
    for mark in branches.viewed().history().marks().iter().take_while(|mark| mark.at <= window.to) {
        told.hear(mark.kind, &mark.words, mark.at, mark.event.0);
    }
    let earlier = source.trace().before(window.from).rev().take(LOOKED_BACK);
    let deeds = earlier.collect::<Vec<_>>().into_iter().rev();
    let later = source.trace().since(window.from).take_while(|event| event.at <= window.to);
    for event in deeds.chain(later) {
        match &event.what {
            What::Acted(text) => told.pause(text, event.at, event.id.0),
            What::Crashed { server, .. } => told.close(&format!("pause {server}"), event.at),
            _ => {}
        }
    }
    let mut faults: Vec<Fault> = Vec::new();
    for fault in told.together() {
        if fault.from <= window.to && fault.to >= window.from {
            let order = (fault.from, fault.event);
            let place = faults.partition_point(|other| (other.from, other.event) <= order);
            faults.insert(place, fault);
        }
    }
    // Where they are too many, the newest count.
    faults.split_off(faults.len().saturating_sub(FAULTS_MAX))
}

/// A link that was cut by itself.
struct CutLink {
    sender: String,
    receiver: String,
    /// The place of its fault.
    place: usize,
}

impl CutLink {
    /// Several that were cut together, in words.
    fn words(links: &[&Self]) -> String {
        let (first, count) = (links[0], links.len());
        if links.iter().all(|link| link.sender == first.sender) {
            format!("{count} links from {} cut", first.sender)
        } else if links.iter().all(|link| link.receiver == first.receiver) {
            format!("{count} links to {} cut", first.receiver)
        } else {
            format!("{count} links cut")
        }
    }
}

/// What was heard so far.
#[derive(Default)]
struct Told {
    faults: Vec<Fault>,
    /// The links among them, in the order in which they were cut.
    cut: Vec<CutLink>,
    /// What has not ended: what ends it, and its place.
    open: Vec<(String, usize)>,
    /// Until when what has not ended goes on.
    end: Time,
}

impl Told {
    fn hear(&mut self, kind: MarkKind, words: &str, at: Time, event: u64) {
        let who = words.split(' ').next().unwrap_or_default();
        match kind {
            MarkKind::Network => self.act(words.trim_start_matches("action: "), at, event),
            MarkKind::Crashed => {
                self.open(
                    &format!("down {who}"),
                    FaultKind::Down,
                    format!("{who} down"),
                    at,
                    event,
                );
            }
            MarkKind::Recovered => self.close(&format!("down {who}"), at),
            MarkKind::Elected => {
                let term = words.rsplit(' ').next().unwrap_or_default();
                let words = format!("{who} leads term {term}");
                self.faults.push(Fault {
                    event,
                    from: at,
                    to: at,
                    kind: FaultKind::Elected,
                    words,
                });
            }
            MarkKind::Committed | MarkKind::Violated => {}
        }
    }

    /// Somebody changed the network.
    fn act(&mut self, text: &str, at: Time, event: u64) {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        match verb {
            "partition" => {
                self.open("partition", FaultKind::Cut, format!("partition {rest}"), at, event);
            }
            "unite" => self.close("partition", at),
            "heal" => {
                self.close("partition", at);
                self.close("cut ", at);
            }
            "isolate" => {
                self.open(
                    &format!("cut {rest} "),
                    FaultKind::Cut,
                    format!("{rest} isolated"),
                    at,
                    event,
                );
            }
            "cut" => {
                let Some((sender, receiver)) = rest.split_once(" -> ") else { return };
                let words = format!("{sender} → {receiver} cut");
                self.open(&format!("cut {rest}"), FaultKind::Cut, words, at, event);
                let (sender, receiver) = (sender.to_owned(), receiver.to_owned());
                self.cut.push(CutLink { sender, receiver, place: self.faults.len() - 1 });
            }
            "mend" => {
                // A server that rejoins is mended link by link.
                for end in rest.split(" -> ") {
                    self.close(&format!("cut {end} "), at);
                }
                self.close(&format!("cut {rest}"), at);
            }
            "network" => self.network(rest, at, event),
            "link" => {
                let name: Vec<&str> = rest.splitn(4, ' ').collect();
                let [from, _, to, settings] = name[..] else { return };
                let key = format!("link {from} {to}");
                self.close(&key, at);
                if settings != "like the others" {
                    let words = format!("{from} → {to} {settings}").replace('=', " ");
                    self.open(&key, FaultKind::Lossy, words, at, event);
                }
            }
            _ => {}
        }
    }

    /// The network has these settings from now on.
    fn network(&mut self, settings: &str, at: Time, event: u64) {
        self.close("network", at);
        let rates = settings.split(' ').filter_map(|setting| {
            let (name, rate) = setting.split_once('=')?;
            (rate.ends_with('%') && rate != "0%").then(|| format!("{name} {rate}"))
        });
        let rates: Vec<String> = rates.collect();
        if !rates.is_empty() {
            self.open("network", FaultKind::Lossy, rates.join(", "), at, event);
        }
    }

    fn pause(&mut self, text: &str, at: Time, event: u64) {
        if let Some(who) = text.strip_prefix("pause ") {
            let words = format!("{who} stands still");
            self.open(text, FaultKind::Paused, words, at, event);
        } else if let Some(who) = text.strip_prefix("resume ") {
            self.close(&format!("pause {who}"), at);
        }
    }

    fn open(&mut self, key: &str, kind: FaultKind, words: String, at: Time, event: u64) {
        self.close(key, at);
        self.open.push((key.to_owned(), self.faults.len()));
        self.faults.push(Fault { event, from: at, to: self.end.max(at), kind, words });
    }

    /// Ends what has not ended and has this key, or one that begins with it and a blank.
    fn close(&mut self, key: &str, at: Time) {
        let Self { faults, open, .. } = self;
        open.retain(|(name, place)| {
            let ends = name == key || (key.ends_with(' ') && name.starts_with(key));
            if ends {
                faults[*place].to = at;
            }
            !ends
        });
    }

    /// All, in which one stands for the links that were cut, and mended, at the same moments.
    fn together(self) -> Vec<Fault> {
        let Self { mut faults, cut, .. } = self;
        let times: Vec<(Time, Time)> = faults.iter().map(|fault| (fault.from, fault.to)).collect();
        let mut stood_for = vec![false; faults.len()];
        for begun in cut.chunk_by(|one, next| times[one.place].0 == times[next.place].0) {
            for (number, first) in begun.iter().enumerate() {
                let ended = |link: &&CutLink| times[link.place].1 == times[first.place].1;
                let links: Vec<&CutLink> = begun[number..].iter().filter(ended).collect();
                if links.len() > 1 && !stood_for[first.place] {
                    links[1..].iter().for_each(|link| stood_for[link.place] = true);
                    faults[first.place].words = CutLink::words(&links);
                }
            }
        }
        let told = faults.into_iter().zip(stood_for);
        told.filter_map(|(fault, stood_for)| (!stood_for).then_some(fault)).collect()
    }
}
