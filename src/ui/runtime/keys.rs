//! What a key asks for, as things are now.

use super::Inner;
use crate::base::ServerId;
use crate::sim::Action;
use crate::ui::browser;
use crate::ui::command::{Command, Travel};
use crate::ui::view::address::Display;
use crate::ui::view::shortcut::Deed;
use crate::ui::view::table::Row;
use crate::ui::view::timeline::SPEEDS;

impl Inner {
    /// The command that a key stands for. One that only moves the focus stands for none.
    pub(super) fn meaning(&self, deed: Deed, server: Option<ServerId>) -> Option<Command> {
        Some(match deed {
            Deed::PlayOrPause => Command::Play(!self.playing),
            Deed::Step => Command::Step,
            Deed::StepBack => Command::Travel(Travel::StepBack),
            Deed::PreviousMark => Command::Travel(Travel::PreviousMark),
            Deed::NextMark => Command::Travel(Travel::NextMark),
            Deed::Now => Command::Travel(Travel::Now),
            Deed::Slower => Command::Speed(self.speed.saturating_sub(1)),
            Deed::Faster => Command::Speed((self.speed + 1).min(SPEEDS.len() - 1)),
            Deed::Choose => Command::Choose(self.row(server?)?.id),
            Deed::Power => power(self.chosen_row()?),
            Deed::Isolate => isolate(self.chosen_row()?),
            Deed::Heal => Command::Act(Action::Heal),
            Deed::Leave => Command::Display(Display::Page),
            Deed::Explore => {
                browser::focus(&format!("tab-{}", self.watch.explore.tab.name()));
                return None;
            }
            Deed::Log => {
                browser::focus("log-events");
                return None;
            }
            Deed::Search => {
                browser::focus("log-search");
                return None;
            }
            // The list of keys is the page's, not the world's.
            Deed::Keys => return None,
        })
    }

    fn row(&self, server: ServerId) -> Option<&Row> {
        self.shown.as_ref()?.page.table.rows.iter().find(|row| row.id == server)
    }

    /// The server that is chosen, or the one that the inspector shows meanwhile.
    fn chosen_row(&self) -> Option<&Row> {
        let inspected = self.shown.as_ref()?.page.lists.inspector.id;
        self.row(self.watch.chosen.unwrap_or(inspected))
    }
}

/// What the first button in a server's row does.
fn power(row: &Row) -> Command {
    let server = row.id;
    Command::Act(match row.condition.is_up() {
        true => Action::Crash { server },
        false => Action::Restart { server },
    })
}

/// What the second button does.
fn isolate(row: &Row) -> Command {
    match row.isolated {
        true => Command::Rejoin(row.id),
        false => Command::Act(Action::Isolate { server: row.id }),
    }
}
