//! The page: Yew components over view models.
//!
//! A click goes one way. A component, which decides nothing, asks for a `command::Command`;
//! the one owner of the world, the runtime, carries it out; from the world come new
//! [`view`] models; components draw them. Time goes another way: an animation frame lets some
//! virtual time pass, within a budget, and what moves is written straight to the picture.
//!
//! The past is looked at in a world of its own, and what is done there begins a branch: the runtime
//! holds a [`Branches`](crate::sim::history::Branches), and shows what that says is looked at.
//!
//! Only [`view`] is compiled natively too, so that what the page says is tested without one.

#[cfg(target_arch = "wasm32")]
mod api;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(target_arch = "wasm32")]
pub mod claim;
#[cfg(target_arch = "wasm32")]
mod command;
#[cfg(target_arch = "wasm32")]
mod deflate;
#[cfg(target_arch = "wasm32")]
mod journal;
#[cfg(target_arch = "wasm32")]
mod motion;
#[cfg(target_arch = "wasm32")]
#[allow(missing_docs, reason = "components' properties are named after what they are")]
mod part;
#[cfg(target_arch = "wasm32")]
mod picture;
#[cfg(target_arch = "wasm32")]
mod runtime;
#[cfg(target_arch = "wasm32")]
mod storage;
pub mod view;
