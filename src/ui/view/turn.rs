//! Whose turn it is: which part of the page a frame makes anew.
//!
//! To make the whole page anew takes longer than a frame has: not the view models, which are quick,
//! but the elements of the document and their layout. So while time passes it happens in turns, a
//! part of the page a frame: the picture and what stands about it, then the clients, then the open
//! tab, then a server from inside, then the log. Each part is as of the frame in which it is made, so
//! that no two parts are further apart than four frames. A round that has begun is ended before the
//! next one begins, however slow frames are: no part is left behind.
//!
//! Where time stands still there is nothing to hurry for, and all is made at once: what a command
//! leads to, and the moment at which time stops, are shown whole.

/// How often, in milliseconds, the page is made anew while time passes.
pub const REFRESH_MS: f64 = 100.0;

/// How often, in milliseconds, the picture is drawn anew at most, when what stands in it changes.
pub const REDRAW_MS: f64 = 50.0;

/// A part of the page that is made anew in a frame of its own, after the picture and what stands
/// about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The clients with their requests.
    Clients,
    /// The open tab of the Explore region.
    Tab,
    /// A server from inside, the judges' findings, the branches.
    Inspector,
    /// The log.
    Log,
}

impl Part {
    /// The part whose turn comes after this one's.
    fn next(self) -> Option<Self> {
        match self {
            Self::Clients => Some(Self::Tab),
            Self::Tab => Some(Self::Inspector),
            Self::Inspector => Some(Self::Log),
            Self::Log => None,
        }
    }
}

/// What a frame makes anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Nothing.
    Rest,
    /// The picture alone.
    Picture,
    /// The picture and what stands about it.
    Head,
    /// A part that waited for its frame.
    Part(Part),
    /// The whole page.
    All,
}

/// When the page was made anew, and what of it comes next.
#[derive(Debug, Default)]
pub struct Turn {
    /// When a round began last, in the browser's milliseconds.
    begun: f64,
    /// When the picture was drawn last.
    drawn: f64,
    /// The part whose turn it is.
    next: Option<Part>,
    /// True if what stands in the picture has changed since it was drawn.
    is_old: bool,
    /// True if the next frame makes all of it anew.
    at_once: bool,
}

impl Turn {
    /// The next frame makes the whole page anew.
    pub fn all_at_once(&mut self) {
        self.at_once = true;
    }

    /// The whole page was made anew: nothing waits any more.
    pub fn all_is_made(&mut self) {
        *self = Self { begun: self.begun, drawn: self.drawn, ..Self::default() };
    }

    /// True if something waits for the next frame, whether time passes or not.
    pub fn is_due(&self) -> bool {
        self.at_once || self.next.is_some()
    }

    /// What a frame makes anew. `at` is its time in milliseconds, `passes` tells whether time passes
    /// in the world, `changed` whether what stands in the picture has changed.
    pub fn take(&mut self, at: f64, passes: bool, changed: bool) -> Work {
        self.is_old |= changed;
        let is_time = at - self.begun >= REFRESH_MS;
        let work = match self.next {
            _ if self.at_once => Work::All,
            Some(_) if !passes => Work::All,
            Some(part) => Work::Part(part),
            None if is_time && !passes => Work::All,
            None if is_time => Work::Head,
            None if self.is_old && at - self.drawn >= REDRAW_MS => Work::Picture,
            None => Work::Rest,
        };
        match work {
            Work::All => self.all_is_made(),
            Work::Head => self.next = Some(Part::Clients),
            Work::Part(part) => self.next = part.next(),
            Work::Picture | Work::Rest => {}
        }
        if let Work::All | Work::Head = work {
            self.begun = at;
        }
        if let Work::All | Work::Head | Work::Picture = work {
            (self.drawn, self.is_old) = (at, false);
        }
        work
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    const PARTS: [Part; 4] = [Part::Clients, Part::Tab, Part::Inspector, Part::Log];

    /// What frames make anew that come so many milliseconds apart, while time passes.
    fn frames(turn: &mut Turn, from: f64, apart: f64, count: u32) -> Vec<(f64, Work)> {
        let times = (0..count).map(|frame| from + apart * f64::from(frame));
        times.map(|at| (at, turn.take(at, true, false))).collect()
    }

    #[test]
    fn while_time_passes_each_part_has_a_frame_of_its_own() {
        let mut turn = Turn::default();
        let work: Vec<Work> =
            frames(&mut turn, 1000.0, 16.0, 9).into_iter().map(|(_, work)| work).collect();
        let [clients, tab, inspector, log] = PARTS.map(Work::Part);
        assert_eq!(work[..5], [Work::Head, clients, tab, inspector, log]);
        assert_eq!(work[5..], [Work::Rest, Work::Rest, Work::Head, clients]);
    }

    #[test]
    fn no_part_is_forgotten_however_slow_frames_are() {
        for apart in [4.0, 8.0, 16.7, 33.0, 34.0, 40.0, 51.0, 99.0, 100.0, 101.0, 400.0, 5000.0] {
            let mut turn = Turn::default();
            let frames = frames(&mut turn, 1000.0, apart, 400);
            let longest = f64::max(REFRESH_MS + apart, 5.0 * apart);
            for part in PARTS.map(Work::Part).into_iter().chain([Work::Head]) {
                let made = frames.iter().filter(|(_, work)| *work == part).map(|(at, _)| *at);
                let made: Vec<f64> = made.collect();
                let gaps = made.windows(2).map(|pair| pair[1] - pair[0]);
                let gap = gaps.fold(0.0, f64::max);
                assert!(made.len() > 1, "{part:?} at {apart} ms");
                assert!(gap <= longest, "{part:?} at {apart} ms waits {gap} ms");
            }
        }
    }

    #[test]
    fn what_a_command_leads_to_is_made_at_once_and_nothing_of_before_follows() {
        for pending in 1..=5 {
            let mut turn = Turn::default();
            frames(&mut turn, 1000.0, 16.0, pending);
            // The command makes all anew by itself …
            turn.all_is_made();
            assert!(!turn.is_due());
            assert_eq!(turn.take(1090.0, true, false), Work::Rest, "{pending}");
            assert_eq!(turn.take(1100.0, true, false), Work::Head, "{pending}");
            // … or leaves that to the frame.
            turn.all_at_once();
            assert!(turn.is_due());
            assert_eq!(turn.take(1116.0, true, false), Work::All, "{pending}");
            assert_eq!(turn.take(1132.0, true, false), Work::Rest, "{pending}");
        }
    }

    #[test]
    fn where_time_stops_nothing_waits() {
        for pending in 1..=4 {
            let mut turn = Turn::default();
            frames(&mut turn, 1000.0, 16.0, pending);
            assert!(turn.is_due(), "a frame must come for what waits");
            assert_eq!(turn.take(1064.0, false, false), Work::All, "{pending} were made");
            assert!(!turn.is_due());
        }
        let mut turn = Turn::default();
        frames(&mut turn, 1000.0, 16.0, 5);
        assert!(!turn.is_due());
        // Something else moves, such as a seek on its way.
        assert_eq!(turn.take(1090.0, false, false), Work::Rest);
        assert_eq!(turn.take(1101.0, false, false), Work::All);
        assert_eq!(turn.take(1190.0, false, false), Work::Rest);
    }

    #[test]
    fn a_change_in_the_picture_is_drawn_soon_but_not_with_every_frame() {
        let mut turn = Turn::default();
        frames(&mut turn, 1000.0, 8.0, 5);
        // It changes while it may not be drawn, and is drawn once it may.
        assert_eq!(turn.take(1040.0, true, true), Work::Rest);
        assert_eq!(turn.take(1050.0, true, false), Work::Picture);
        assert_eq!(turn.take(1060.0, true, false), Work::Rest, "it is drawn");
        assert_eq!(turn.take(1099.0, true, true), Work::Rest);
        // It goes with the head, and needs no frame of its own then.
        assert_eq!(turn.take(1100.0, true, true), Work::Head);
        let rest = frames(&mut turn, 1110.0, 10.0, 7);
        assert!(rest.iter().all(|(_, work)| *work != Work::Picture), "{rest:?}");
        // While nothing passes it is drawn too.
        assert_eq!(turn.take(1175.0, false, true), Work::Picture);
    }
}
