//! What end-to-end tests of the page need: a web server, a driven browser, and the means to find
//! things by role and accessible name and to act on them as a person does.

// Deadlines are measured on the clock; no run of the engine depends on it.
#![allow(clippy::disallowed_types)]

mod axe;
mod cluster;
mod driver;
mod fingers;
mod locator;
mod page;
mod server;

pub use driver::Driver;
pub use fingers::Spot;
pub use locator::{FINDER, Locator};
pub use page::{PATIENCE, Page};
pub use server::Server;
