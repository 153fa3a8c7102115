//! What components ask for. They decide nothing: one owner, the runtime, carries all of it out.

use super::view::address::Display;
use super::view::explore;
use super::view::geometry::Point;
use super::view::hand::Reach;
use super::view::log::Query;
use super::view::share::{Form, WishEdit};
use super::view::shortcut::Deed;
use crate::base::{ServerId, Time};
use crate::sim::history::BranchId;
use crate::sim::{Action, Config};
use crate::why::Question;
use std::rc::Rc;

/// Something that a person asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Something in the world, the same as scripts can do.
    Act(Action),
    /// What a key does, with the server that the key names.
    Press(Deed, Option<ServerId>),
    /// Lets time pass, or stops it.
    Play(bool),
    /// Lets the next thing happen, and pauses.
    Step,
    /// Looks at another moment, or at another branch.
    Travel(Travel),
    /// Sets the speed, by its place among the speeds on offer.
    Speed(usize),
    /// Lets time pass quicker while nothing but heartbeats is under way, or not.
    SlowDown(bool),
    /// Starts a new bank.
    Reset {
        /// The new run's seed.
        seed: u64,
    },
    /// Changes the settings: the network's at once, the cluster's with the next reset.
    Configure(Box<Config>),
    /// Mends all links of a server to the others.
    Rejoin(ServerId),
    /// Shows a server in the inspector.
    Choose(ServerId),
    /// Shows blocks up to this height in the inspector; `None` follows the tip.
    Blocks(Option<u64>),
    /// Asks something else of the log.
    Query(Query),
    /// Asks something of the Explore region.
    Explore(explore::Ask),
    /// Reaches for a message in flight.
    Hand(Reach),
    /// Touches the stage: takes the message there, if one is within reach, or cuts or mends the
    /// link there.
    Touch {
        /// Where.
        at: Point,
        /// How far the touch reaches.
        reach: f64,
        /// The link that lies there.
        link: Option<(ServerId, ServerId)>,
    },
    /// Goes to the moment of an event, and shows it in the log.
    Jump(u64),
    /// Asks why something is so, or asks no longer.
    Why(Option<Question>),
    /// Closes the answer, which lies over the page, and shows an event in the log.
    JumpFromDialog(u64),
    /// Saves something as a file.
    Download(Download),
    /// Opens the share dialog.
    Share,
    /// Changes what is wished of a shared run.
    EditShare(WishEdit),
    /// Copies the link to this run in one of its forms.
    Copy(Form),
    /// Closes the share dialog.
    EndShare,
    /// Stops waiting for a run that is on its way.
    Abandon,
    /// Shows the page in another way.
    Display(Display),
    /// Something about the guided tour.
    Tour(TourCommand),
    /// Opens a run from its text.
    Import(String),
    /// Begins a scenario, from its text.
    Scenario(Rc<str>),
    /// Reads on in the story, or back, or answers it.
    Story(Wish),
    /// Shows the run so far as scenario text.
    ShowText,
    /// Forgets everything kept in the browser and starts anew.
    StartAnew,
    /// Says that the server has a newer version of the page.
    OfferNewVersion,
    /// Loads the newer version in the place of this one.
    LoadNewVersion,
    /// Closes a banner, by its place.
    Dismiss(usize),
    /// Goes back from a guest to the visitor's own bank.
    Return,
    /// Makes the guest the visitor's own bank; the one before it is dropped.
    Adopt,
    /// The address has another fragment than before.
    AddressChanged,
    /// The window has more or less room than before.
    Resized,
}

/// What the reader of a story wishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// On: the step, the rest of it, or the next one.
    Next,
    /// Back to the beginning of the step before.
    Back,
    /// This step or task anew.
    Again,
    /// The solution of the task.
    Solve,
    /// All steps one after the other, or not.
    Through(bool),
    /// A prediction, by its place among the answers.
    Answer(usize),
}

/// What can be asked of the guided tour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TourCommand {
    /// Begins it, in a bank of its own.
    Begin,
    /// Goes on, if the step is done; after the last one it ends.
    Continue,
    /// Goes back a step.
    Back,
    /// Ends it.
    End,
    /// Offers it no more.
    Decline,
}

/// Looking at the past, and at the branches that came of acting there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Travel {
    /// Looks at this time of the branch.
    To(Time),
    /// Looks at the moment before the last event.
    StepBack,
    /// Looks at the mark before this moment.
    PreviousMark,
    /// Looks at the mark after this moment, or at the end where there is none.
    NextMark,
    /// Looks at the end of the branch.
    Now,
    /// Looks at another branch.
    View(BranchId),
    /// Shows another branch beside this one, or none.
    Compare(Option<BranchId>),
    /// Gives a branch another name.
    Rename(BranchId, String),
    /// Makes a branch the one that the browser keeps.
    MakeLive(BranchId),
    /// Removes a branch.
    Delete(BranchId),
}

/// What can be saved as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Download {
    /// The run, to be imported again.
    Run,
    /// A server's log.
    ServerLog(ServerId),
    /// What passed through the channel.
    ChannelLog,
    /// What a server's disk holds.
    Persisted(ServerId),
    /// The picture as it is now, as a drawing (SVG).
    Drawing,
    /// The picture as it is now, as a photograph (PNG).
    Photograph,
    /// What a key holds that cannot be read.
    Key(String),
    /// The space-time diagram, as it is looked at.
    Diagram,
}
