//! What the parts of the space-time diagram look like: colours by meaning, widths, dashes.

use super::diagram::Deed;
use super::motion::MarkKind;

/// A colour by its meaning: a custom property of the page's stylesheet, and what it is in light,
/// for pictures that leave the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// The ground that lanes stand on.
    Surface,
    /// Words.
    Ink,
    /// Words that matter less.
    Faint,
    /// Rules.
    Line,
    /// Rules that carry meaning.
    Strong,
    /// What is chosen.
    Accent,
    /// Who leads, or was elected.
    Leader,
    /// Who stands for election, and votes.
    Candidate,
    /// Who is merely there.
    Follower,
    /// Blocks and heartbeats.
    Append,
    /// Clients, and what is committed.
    Money,
    /// What is cut off.
    Cut,
    /// A promise that is broken.
    Violation,
    /// A term, round and round.
    Term(u8),
}

/// How many tints terms have.
pub const TINTS: u8 = 6;

impl Ink {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Surface,
        Self::Ink,
        Self::Faint,
        Self::Line,
        Self::Strong,
        Self::Accent,
        Self::Leader,
        Self::Candidate,
        Self::Follower,
        Self::Append,
        Self::Money,
        Self::Cut,
        Self::Violation,
        Self::Term(0),
        Self::Term(1),
        Self::Term(2),
        Self::Term(3),
        Self::Term(4),
        Self::Term(5),
    ];

    /// The name of its custom property.
    pub fn property(self) -> &'static str {
        self.pair().0
    }

    /// What it is where nobody reads the stylesheet.
    pub fn light(self) -> &'static str {
        self.pair().1
    }

    fn pair(self) -> (&'static str, &'static str) {
        match self {
            Self::Surface => ("--surface", "#ffffff"),
            Self::Ink => ("--ink", "#15202b"),
            Self::Faint => ("--ink-2", "#465463"),
            Self::Line => ("--line", "#d8dfe6"),
            Self::Strong => ("--line-strong", "#788693"),
            Self::Accent => ("--accent", "#1d5fbd"),
            Self::Leader => ("--leader", "#4a3fc4"),
            Self::Candidate => ("--candidate", "#975200"),
            Self::Follower => ("--follower", "#526272"),
            Self::Append => ("--append", "#1c6fb8"),
            Self::Money => ("--money", "#07714f"),
            Self::Cut => ("--cut", "#8a4b00"),
            Self::Violation => ("--violation", "#b3132f"),
            Self::Term(0) => ("--term-0", "#2b7a8a"),
            Self::Term(1) => ("--term-1", "#86549e"),
            Self::Term(2) => ("--term-2", "#68731a"),
            Self::Term(3) => ("--term-3", "#4563b5"),
            Self::Term(4) => ("--term-4", "#ab4779"),
            Self::Term(_) => ("--term-5", "#85622f"),
        }
    }
}

/// How a path is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Its inside.
    pub fill: Option<Ink>,
    /// Its outline.
    pub stroke: Option<Ink>,
    /// The outline's width, in tenths of a pixel.
    pub width: u8,
    /// How long the outline's dashes and the gaps between are, in pixels.
    pub dash: &'static [u8],
    /// How much of what lies below it covers, in percent.
    pub covers: u8,
}

/// What is drawn alike, in the order in which it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A line at each round time.
    Grid,
    /// A stretch during which the network is cut or lossy.
    Shade,
    /// A client's lane, or one of which nothing is known.
    Lane,
    /// A server that is down.
    Down,
    /// A server that follows, in a term.
    Follower(u8),
    /// A server that stands for election.
    Candidate,
    /// A server that leads, in a term.
    Leader(u8),
    /// A server that stands still.
    Paused,
    /// A server that mines.
    Mining,
    /// A message's way.
    Way(MarkKind, bool),
    /// What stands at the end of a message's way: solid, or hollow for an answer.
    End(MarkKind, bool),
    /// A message that got lost.
    Lost,
    /// Something that was done.
    Deed(Deed),
    /// What befell the cluster: the bar above the lanes.
    Fault,
    /// The moment that is looked at.
    Moment,
    /// Around the event that was jumped to.
    Jumped,
    /// Around the event whose words are read.
    Pointed,
}

impl Part {
    /// Each part once, in the order in which they are drawn. A part's place here is its number.
    pub fn all() -> Vec<Self> {
        let terms = || 0..TINTS;
        let kinds = [MarkKind::Heartbeat, MarkKind::Append, MarkKind::Vote, MarkKind::Client];
        let both = || kinds.into_iter().flat_map(|kind| [(kind, true), (kind, false)]);
        let mut all = vec![Self::Grid, Self::Shade, Self::Lane, Self::Down];
        all.extend(terms().map(Self::Follower));
        all.push(Self::Candidate);
        all.extend(terms().map(Self::Leader));
        all.extend([Self::Paused, Self::Mining]);
        all.extend(both().map(|(kind, reply)| Self::Way(kind, reply)));
        all.extend(both().map(|(kind, reply)| Self::End(kind, reply)));
        all.push(Self::Lost);
        all.extend(Deed::ALL.map(Self::Deed));
        all.extend([Self::Fault, Self::Moment, Self::Jumped, Self::Pointed]);
        all
    }

    /// Its place among [`Part::all`].
    pub fn place(self) -> usize {
        const FOLLOWERS: usize = 4;
        const CANDIDATE: usize = FOLLOWERS + TINTS as usize;
        const PAUSED: usize = CANDIDATE + 1 + TINTS as usize;
        const WAYS: usize = PAUSED + 2;
        const LOST: usize = WAYS + 16;
        const FAULT: usize = LOST + 1 + Deed::ALL.len();
        let tint = |term: u8| usize::from(term % TINTS);
        let kind = |kind: MarkKind, reply: bool| {
            let place = match kind {
                MarkKind::Heartbeat => 0,
                MarkKind::Append => 2,
                MarkKind::Vote => 4,
                MarkKind::Client | MarkKind::Lost => 6,
            };
            place + usize::from(!reply)
        };
        match self {
            Self::Grid => 0,
            Self::Shade => 1,
            Self::Lane => 2,
            Self::Down => 3,
            Self::Follower(term) => FOLLOWERS + tint(term),
            Self::Candidate => CANDIDATE,
            Self::Leader(term) => CANDIDATE + 1 + tint(term),
            Self::Paused => PAUSED,
            Self::Mining => PAUSED + 1,
            Self::Way(of, reply) => WAYS + kind(of, reply),
            Self::End(of, reply) => WAYS + 8 + kind(of, reply),
            Self::Lost => LOST,
            Self::Deed(deed) => LOST + 1 + deed as usize,
            Self::Fault => FAULT,
            Self::Moment => FAULT + 1,
            Self::Jumped => FAULT + 2,
            Self::Pointed => FAULT + 3,
        }
    }

    /// How it is drawn.
    pub fn style(self) -> Style {
        match self {
            Self::Grid => line(Ink::Line, 10, &[]),
            Self::Shade => Style { covers: 12, ..solid(Ink::Cut) },
            Self::Lane => line(Ink::Strong, 10, &[2, 3]),
            Self::Down => line(Ink::Strong, 10, &[]),
            Self::Follower(term) => Style { covers: 55, ..solid(Ink::Term(term % TINTS)) },
            Self::Candidate => {
                Style { fill: Some(Ink::Surface), ..line(Ink::Candidate, 15, &[4, 2]) }
            }
            Self::Leader(term) => solid(Ink::Term(term % TINTS)),
            Self::Paused => line(Ink::Cut, 15, &[]),
            Self::Mining => line(Ink::Money, 30, &[5, 2]),
            Self::Way(kind, reply) => way(kind, reply),
            Self::End(kind, false) => {
                Style { stroke: Some(colour(kind)), width: 10, ..solid(colour(kind)) }
            }
            Self::End(kind, true) => {
                Style { fill: Some(Ink::Surface), ..line(colour(kind), 13, &[]) }
            }
            Self::Lost => line(Ink::Ink, 17, &[]),
            Self::Deed(deed) => deed_style(deed),
            Self::Fault => line(Ink::Cut, 20, &[]),
            Self::Moment => line(Ink::Accent, 15, &[]),
            Self::Jumped => line(Ink::Accent, 25, &[]),
            Self::Pointed => line(Ink::Ink, 15, &[]),
        }
    }
}

fn solid(ink: Ink) -> Style {
    Style { fill: Some(ink), stroke: None, width: 0, dash: &[], covers: 100 }
}

fn line(ink: Ink, width: u8, dash: &'static [u8]) -> Style {
    Style { fill: None, stroke: Some(ink), width, dash, covers: 100 }
}

fn colour(kind: MarkKind) -> Ink {
    match kind {
        MarkKind::Vote => Ink::Candidate,
        MarkKind::Heartbeat | MarkKind::Append => Ink::Append,
        MarkKind::Client => Ink::Money,
        MarkKind::Lost => Ink::Ink,
    }
}

/// A heartbeat's way is dotted, a vote's is dashed; an answer's is thinner.
fn way(kind: MarkKind, reply: bool) -> Style {
    let dash: &[u8] = match kind {
        MarkKind::Heartbeat => &[1, 3],
        MarkKind::Vote => &[6, 3],
        _ => &[],
    };
    line(colour(kind), if reply { 8 } else { 13 }, dash)
}

fn deed_style(deed: Deed) -> Style {
    let hollow = |ink| Style { fill: Some(Ink::Surface), ..line(ink, 14, &[]) };
    match deed {
        Deed::Stood | Deed::Voted => hollow(Ink::Candidate),
        Deed::Elected => solid(Ink::Leader),
        Deed::Mined => solid(Ink::Money),
        Deed::Appended => hollow(Ink::Append),
        Deed::Committed | Deed::Asked => solid(Ink::Money),
        Deed::Undone => line(Ink::Cut, 18, &[]),
        Deed::Crashed => line(Ink::Ink, 25, &[]),
        Deed::Recovered => hollow(Ink::Follower),
        Deed::AskedAgain => hollow(Ink::Money),
        Deed::Answered => line(Ink::Money, 20, &[]),
        Deed::Violated => solid(Ink::Violation),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_a_place_of_its_own() {
        for (place, part) in Part::all().into_iter().enumerate() {
            assert_eq!(part.place(), place, "{part:?}");
        }
    }

    /// What leaves the page has the colours that the page has in light.
    #[test]
    fn colours_are_those_of_the_stylesheet() {
        let sheet = include_str!("../../../www/style.css");
        for ink in Ink::ALL {
            let (name, light) = (ink.property(), ink.light());
            let wanted = format!("{name}: light-dark({light},");
            assert!(sheet.contains(&wanted), "the stylesheet has no `{wanted}`");
        }
    }
}
