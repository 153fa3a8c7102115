//! Messages in hand: found by the pointer or by keys, shown, and let go of.

use super::Inner;
use crate::base::{Endpoint, ServerId};
use crate::sim::Action;
use crate::trace::MessageId;
use crate::ui::browser;
use crate::ui::view::from::neighbour;
use crate::ui::view::geometry::Point;
use crate::ui::view::hand::{Held, REACH, Reach};
use crate::ui::view::log::{Query, Source};

/// For how long, in milliseconds, a hand says what became of its message before it lets go.
const FAREWELL_MS: f64 = 2500.0;

impl Inner {
    /// Reaches for a message, or lets go of one. False if that changes nothing.
    pub(super) fn reach(&mut self, reach: &Reach) -> bool {
        let before = self.held;
        match reach {
            Reach::Hover(at) => self.hover(*at),
            Reach::First if self.held.is_none() => self.go_to_neighbour(true),
            Reach::First => {}
            Reach::Next => self.go_to_neighbour(true),
            Reach::Previous => self.go_to_neighbour(false),
            Reach::Keep => {
                if let Some(held) = &mut self.held {
                    held.kept = true;
                }
            }
            Reach::Leave => self.held = self.held.filter(|held| held.kept),
            Reach::LetGo => self.let_go(),
            Reach::ShowInLog => self.show_in_log(),
        }
        self.held != before
    }

    /// A click on the stage: on a message, or else on a link, or on nothing.
    pub(super) fn touch(&mut self, at: Point, reach: f64, link: Option<(ServerId, ServerId)>) {
        if let Some(message) = self.motion.nearest(at, reach).map(|mark| mark.message) {
            self.held = Some(Held { message, kept: true, at, gone_since: None });
            return;
        }
        self.held = None;
        let Some((one, other)) = link else { return };
        let (one, other) = (Endpoint::Server(one), Endpoint::Server(other));
        let channel = self.simulation().world().channel();
        let cut = channel.is_cut(one, other) || channel.is_cut(other, one);
        for (from, to) in [(one, other), (other, one)] {
            self.act(if cut { Action::Mend { from, to } } else { Action::Cut { from, to } });
        }
    }

    fn hover(&mut self, at: Option<Point>) {
        if self.held.is_some_and(|held| held.kept) {
            return;
        }
        let mark = at.and_then(|at| self.motion.nearest(at, REACH));
        match (mark.map(|mark| (mark.message, mark.at)), &self.held) {
            (Some((message, _)), Some(held)) if held.message == message => {}
            (mark, _) => self.held = mark.map(|(message, at)| Self::look_at(message, at)),
        }
    }

    fn look_at(message: MessageId, at: Point) -> Held {
        Held { message, kept: false, at, gone_since: None }
    }

    fn go_to_neighbour(&mut self, later: bool) {
        let world = self.simulation().world();
        let next = neighbour(world, self.held.map(|held| held.message), later);
        let middle = self.stage.layout.measures.centre;
        self.held = next.map(|message| {
            let at = self.motion.mark(message).map_or(middle, |mark| mark.at);
            Self::look_at(message, at)
        });
    }

    /// Lets go. Whoever was at work on the card goes back to the list of messages.
    pub(super) fn let_go(&mut self) {
        if browser::has_focus_within("#message-card") {
            browser::focus("messages");
        }
        self.held = None;
    }

    fn show_in_log(&mut self) {
        let shown = self.shown.as_ref().and_then(|shown| shown.hands.hand.as_ref());
        let Some(hand) = shown else { return };
        // As the log writes it, ends included: m1 alone would find m12 too.
        let search = format!("m{} {}", hand.message.0, hand.way.replacen(" to ", "→", 1));
        self.let_go();
        self.watch.query = Query { source: Source::Everything, search, before: None };
        self.watch.jumped = None;
        browser::reveal("log");
    }

    /// Tells, for a moment, what became of a message that is on its way no more.
    pub(super) fn tend_hand(&mut self) {
        let Some(held) = self.held else { return };
        let flies = self.simulation().world().flight(held.message).is_some();
        match held.gone_since {
            _ if flies => self.held = Some(Held { gone_since: None, ..held }),
            None => {
                // The buttons go; what stays is the one that closes.
                if browser::has_focus_within("#message-card") {
                    browser::focus("message-close");
                }
                self.held = Some(Held { gone_since: Some(browser::clock_ms()), ..held });
            }
            Some(since) if browser::clock_ms() - since > FAREWELL_MS => self.let_go(),
            Some(_) => {}
        }
    }
}
