//! The judges over whole runs: they keep silent over honest ones, and speak up over altered ones.
#![cfg(not(target_arch = "wasm32"))]

#[path = "judges/altered.rs"]
mod altered;
#[path = "judges/honest.rs"]
mod honest;
#[path = "judges/run.rs"]
mod run;
