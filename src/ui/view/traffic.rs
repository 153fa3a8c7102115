//! Load and chaos, as the page offers and shows them.

use crate::sim::{Chaos, LoadRate, World};

/// The rates on offer, in requests a second; none is off.
const RATES: [u32; 6] = [0, 1, 5, 20, 60, 200];

/// What is switched on at the moment that is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// What clients ask by themselves.
    pub load: LoadRate,
    /// The faults that come and go by themselves.
    pub chaos: Chaos,
}

impl Traffic {
    /// Of a world.
    pub fn of(world: &World) -> Self {
        Self { load: world.load(), chaos: world.chaos() }
    }

    /// The rates on offer, the one that is set among them, with what each is called.
    pub fn rates(&self) -> Vec<(LoadRate, String)> {
        let mut rates: Vec<LoadRate> = RATES.into_iter().map(LoadRate::per_second).collect();
        if !rates.contains(&self.load) {
            let place = rates.partition_point(|rate| *rate < self.load);
            rates.insert(place, self.load);
        }
        let named = |rate: LoadRate| match rate.is_on() {
            true => format!("{} a second", rate.to_string().trim_end_matches("/s")),
            false => "off".to_owned(),
        };
        rates.into_iter().map(|rate| (rate, named(rate))).collect()
    }

    /// What it means, in a sentence.
    pub fn says(&self) -> &'static str {
        match (self.load.is_on(), self.chaos) {
            (false, Chaos::Off) => "Let clients ask, and faults come and go, by themselves.",
            (true, Chaos::Off) => "Clients pay each other and ask for balances by themselves.",
            (_, Chaos::Calm) => "Now and then a link is slow for a while.",
            (_, Chaos::Lossy) => "For a while messages are lost, come twice, or are slow.",
            (_, Chaos::Hostile) => {
                "Servers crash and stand still, the network breaks apart; nothing lasts."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_that_is_not_on_offer_is_shown_too() {
        let names = |load| {
            let traffic = Traffic { load, ..Traffic::default() };
            traffic.rates().into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", ")
        };
        let usual = "off, 1 a second, 5 a second, 20 a second, 60 a second, 200 a second";
        assert_eq!(names(LoadRate::OFF), usual);
        assert_eq!(names(LoadRate::per_second(20)), usual);
        assert!(names(LoadRate(2_500)).contains("1 a second, 2.5 a second, 5 a second"));
    }
}
