//! Every directed link as a cell: up or down, delay, loss.
//!
//! Rows are senders, columns receivers. The first row and the first column are headers, which do
//! to all links of a sender or a receiver what a cell does to one; nobody has a link to himself.

use super::settings::{decimal, in_parts};
use crate::base::{Endpoint, Span};
use crate::channel::LinkSettings;

/// A place in the matrix, headers included: row, column.
pub type Place = (usize, usize);

/// What somebody looks at in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The cell that is chosen.
    pub chosen: Option<Place>,
}

/// What is asked of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Chooses a cell or a header.
    Choose(Place),
    /// Cuts what is up there, or mends it if all of it is cut.
    Toggle(Place),
    /// Gives the links there delays and a loss of their own, or makes them like the others.
    Set(Place, Option<LinkSettings>),
}

/// What it shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Links {
    /// Who sends and receives, in the order of rows and columns.
    pub ends: Vec<Endpoint>,
    /// The links, row by row.
    pub rows: Vec<Vec<Option<Cell>>>,
    /// The place that is chosen.
    pub chosen: Place,
}

/// A link in one direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Whether messages pass.
    pub state: State,
    /// Its delays and loss.
    pub settings: LinkSettings,
    /// True if they are its own.
    pub own: bool,
}

/// Whether messages pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// They do.
    Up,
    /// The link is cut.
    Cut,
    /// A partition lies between.
    Apart,
}

impl State {
    /// The word for it, and the name of its style.
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Cut => "cut",
            Self::Apart => "apart",
        }
    }
}

impl Cell {
    /// Its delays: `10–30 ms`.
    pub fn delay(&self) -> String {
        let (min, max) = (ms(self.settings.delay_min), ms(self.settings.delay_max));
        if min == max { format!("{min} ms") } else { format!("{min}–{max} ms") }
    }

    /// Its loss, in percent.
    pub fn loss(&self) -> String {
        decimal(self.settings.loss.into(), 10_000)
    }
}

impl Links {
    /// The link at a place, unless that is a header or leads nowhere.
    pub fn cell(&self, (row, column): Place) -> Option<&Cell> {
        self.rows.get(row.checked_sub(1)?)?.get(column.checked_sub(1)?)?.as_ref()
    }

    /// A link without settings of its own: what it has, most have.
    pub fn usual(&self) -> Option<&Cell> {
        self.rows.iter().flatten().flatten().find(|cell| !cell.own)
    }

    /// What most links have, said once: `Where a cell names no delay: 10–30 ms, loses 0%.`
    pub fn usually(&self) -> Option<String> {
        let (delay, loss) = self.usual().map(|cell| (cell.delay(), cell.loss()))?;
        Some(format!("Where a cell names no delay: {delay}, loses {loss}%."))
    }

    /// True if a link has other delays or another loss than most.
    pub fn stands_out(&self, cell: &Cell) -> bool {
        self.usual().is_none_or(|usual| usual.settings != cell.settings)
    }

    /// The links that a place stands for, each from and to: one, or all of a header's.
    pub fn links_at(&self, (row, column): Place) -> Vec<(Endpoint, Endpoint)> {
        let mut links = Vec::new();
        for (r, cells) in self.rows.iter().enumerate() {
            for (c, cell) in cells.iter().enumerate() {
                let is_in = (row == 0 || row == r + 1) && (column == 0 || column == c + 1);
                if cell.is_some() && is_in && (row, column) != (0, 0) {
                    links.push((self.ends[r], self.ends[c]));
                }
            }
        }
        links
    }

    /// True if every link that a place stands for is cut.
    pub fn is_cut(&self, place: Place) -> bool {
        let links = self.links_at(place);
        let at = |end: &Endpoint| self.ends.iter().position(|it| it == end).unwrap_or(0) + 1;
        let cut = |(from, to): &(Endpoint, Endpoint)| {
            self.cell((at(from), at(to))).is_some_and(|cell| cell.state == State::Cut)
        };
        !links.is_empty() && links.iter().all(cut)
    }

    /// What a place is about: `S1 to S2`, `S1 to all`.
    pub fn title(&self, (row, column): Place) -> String {
        let name = |place: usize| match place {
            0 => "all".to_owned(),
            place => self.ends[place - 1].to_string(),
        };
        format!("{} to {}", name(row), name(column))
    }

    /// The accessible name of a place: `S1 to S2: up, 10–30 ms, loss 10%`, `Cut all from S1`.
    pub fn name(&self, place: Place) -> String {
        if let Some(cell) = self.cell(place) {
            let own = if cell.own { ", its own settings" } else { "" };
            let (state, delay, loss) = (cell.state.word(), cell.delay(), cell.loss());
            return format!("{}: {state}, {delay}, loss {loss}%{own}", self.title(place));
        }
        let verb = if self.is_cut(place) { "Mend" } else { "Cut" };
        match place {
            (0, column) => format!("{verb} all to {}", self.ends[column - 1]),
            (row, _) => format!("{verb} all from {}", self.ends[row - 1]),
        }
    }

    /// The place to which a key leads.
    pub fn go(&self, from: Place, key: &str) -> Option<Place> {
        let last = self.ends.len();
        let (mut row, mut column) = from;
        loop {
            match key {
                "ArrowUp" => row = row.checked_sub(1)?,
                "ArrowDown" => row += 1,
                "ArrowLeft" => column = column.checked_sub(1)?,
                "ArrowRight" => column += 1,
                "Home" if column == 0 => return None,
                "Home" => column = 0,
                "End" if column == last => return None,
                "End" => column = last,
                _ => return None,
            }
            if row > last || column > last {
                return None;
            }
            if self.is_place((row, column)) {
                return Some((row, column));
            }
            // Over the end of a row lies what is before it.
            if key == "End" || key == "Home" {
                let inwards = if key == "End" { last.checked_sub(1)? } else { 1 };
                return self.is_place((row, inwards)).then_some((row, inwards));
            }
        }
    }

    /// True if something stands at a place.
    pub fn is_place(&self, (row, column): Place) -> bool {
        let within = row <= self.ends.len() && column <= self.ends.len();
        let header = (row == 0) != (column == 0);
        within && (header || self.cell((row, column)).is_some())
    }
}

/// Reads delays in milliseconds and a loss in percent; if they cannot be, what to change.
pub fn read(min: &str, max: &str, loss: &str) -> Result<LinkSettings, String> {
    let number = |what: &str, text: &str, parts: u64| {
        let whole = in_parts(text.trim(), parts);
        whole.ok_or_else(|| format!("{what} is a number in plain digits, such as 10 or 2.5."))
    };
    let settings = LinkSettings {
        delay_min: Span(number("The shortest delay", min, 1000)?),
        delay_max: Span(number("The longest delay", max, 1000)?),
        loss: u32::try_from(number("The loss", loss, 10_000)?).unwrap_or(u32::MAX),
    };
    settings.validate().map_err(|why| super::words::sentence(&why))?;
    Ok(settings)
}

/// A time in milliseconds, without needless digits.
pub fn ms(span: Span) -> String {
    decimal(span.0, 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links() -> Links {
        let ends = ["S1", "S2", "Alice"].map(|name| name.parse().expect("an end")).to_vec();
        let settings =
            LinkSettings { delay_min: Span::us(2500), delay_max: Span::ms(30), loss: 105_000 };
        let cell = Some(Cell { state: State::Up, settings, own: false });
        let cut = Some(Cell { state: State::Cut, settings, own: true });
        let rows = vec![vec![None, cell, cut], vec![cut, None, cut], vec![cell, cell, None]];
        Links { ends, rows, chosen: (1, 2) }
    }

    #[test]
    fn names_tell_state_delay_and_loss() {
        let links = links();
        assert_eq!(links.name((1, 2)), "S1 to S2: up, 2.5–30 ms, loss 10.5%");
        assert_eq!(links.name((2, 3)), "S2 to Alice: cut, 2.5–30 ms, loss 10.5%, its own settings");
        assert_eq!(links.name((1, 0)), "Cut all from S1");
        assert_eq!(links.name((2, 0)), "Mend all from S2");
        assert_eq!(links.name((0, 3)), "Mend all to Alice");
        assert_eq!(
            (links.title((0, 1)), links.title((1, 0))),
            ("all to S1".into(), "S1 to all".into())
        );
        assert_eq!(links.links_at((2, 0)).len(), 2);
        assert_eq!(links.links_at((0, 0)), []);
    }

    #[test]
    fn what_most_links_have_is_said_once() {
        let mut links = links();
        let usually = "Where a cell names no delay: 2.5–30 ms, loses 10.5%.";
        assert_eq!(links.usually().as_deref(), Some(usually));
        let mut own = *links.cell((2, 1)).expect("there is a link");
        assert!(!links.stands_out(&own), "its own settings are those of the others");
        own.settings.delay_max = Span::ms(31);
        assert!(links.stands_out(&own));
        links.rows.iter_mut().flatten().flatten().for_each(|cell| cell.own = true);
        assert_eq!(links.usually(), None);
        assert!(links.stands_out(&own), "where all differ, each says what it has");
    }

    #[test]
    fn arrows_leap_over_what_is_nowhere_and_stop_at_the_ends() {
        let links = links();
        for (from, key, to) in [
            ((1, 2), "ArrowRight", Some((1, 3))),
            ((1, 3), "ArrowRight", None),
            ((1, 2), "ArrowLeft", Some((1, 0))),
            ((1, 0), "ArrowUp", None),
            ((1, 0), "ArrowRight", Some((1, 2))),
            ((0, 2), "ArrowDown", Some((1, 2))),
            ((1, 2), "ArrowDown", Some((3, 2))),
            ((2, 1), "End", Some((2, 3))),
            ((3, 1), "End", Some((3, 2))),
            ((3, 2), "Home", Some((3, 0))),
            ((1, 2), "x", None),
        ] {
            assert_eq!(links.go(from, key), to, "{from:?} {key}");
        }
    }

    #[test]
    fn what_is_typed_is_read_or_answered() {
        let read_ok = read(" 10 ", "30.5", "2.5");
        let expected =
            LinkSettings { delay_min: Span::ms(10), delay_max: Span::us(30_500), loss: 25_000 };
        assert_eq!(read_ok, Ok(expected));
        for (min, max, loss, says) in [
            ("", "30", "0", "The shortest delay is a number"),
            ("10", "-1", "0", "The longest delay is a number"),
            ("10", "30", "ten", "The loss is a number"),
            ("10", "30", "0.00001", "The loss is a number"),
            ("40", "30", "0", "must not be above"),
            ("10", "30", "95", "0% to 90%"),
            ("0", "30", "0", "100us to 60s"),
            ("99999999999999999999", "30", "0", "100us to 60s"),
        ] {
            let message = read(min, max, loss).expect_err(loss);
            assert!(message.contains(says), "{message}");
        }
    }
}
