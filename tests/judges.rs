#![cfg(not(target_arch = "wasm32"))]

#[path = "judges/honest.rs"]
mod honest;
#[path = "judges/run.rs"]
mod run;
