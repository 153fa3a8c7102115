//! What a button does when it is pressed.

use crate::ui::command::Command;
use yew::prelude::*;

/// Sends a command at every press. One function for all buttons: a closure of its own for each
/// would weigh several hundred bytes.
pub fn press(send: &Callback<Command>, command: Command) -> Callback<MouseEvent> {
    send.reform(move |_| command.clone())
}
