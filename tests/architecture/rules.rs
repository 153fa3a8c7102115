//! What each module may import, and what none may use.

use super::scan::{Token, crate_paths, tokens};

/// The modules, each with those that it may import besides itself. `ui` may import all.
const LAYERS: [(&str, &[&str]); 14] = [
    ("base", &[]),
    ("bank", &["base"]),
    ("chain", &["base", "bank"]),
    ("raft", &["base"]),
    ("disk", &["base"]),
    ("channel", &["base"]),
    ("client", &["base", "bank"]),
    ("server", &["base", "bank", "chain", "raft", "disk"]),
    ("trace", &["base", "bank", "chain", "raft", "server", "client", "channel", "disk"]),
    ("check", &["base", "bank", "chain", "raft", "disk", "server", "client", "trace"]),
    (
        "sim",
        &["base", "bank", "chain", "raft", "disk", "channel", "client", "server", "trace", "check"],
    ),
    (
        "why",
        &["base", "bank", "chain", "raft", "disk", "channel", "client", "server", "trace", "sim"],
    ),
    (
        "scenario",
        &[
            "base", "bank", "chain", "raft", "disk", "channel", "client", "server", "trace",
            "check", "sim", "why",
        ],
    ),
    (
        "ui",
        &[
            "base", "bank", "chain", "raft", "disk", "channel", "client", "server", "trace",
            "check", "sim", "why", "scenario",
        ],
    ),
];

/// The programs and the crate's own page may import anything; what is in them is no part of the
/// engine.
const ENTRIES: [&str; 3] = ["lib.rs", "main.rs", "bin/"];

/// Where a browser may be known. A view model (`ui/view`) is a plain struct, made and tested
/// natively.
const BROWSER_PLACES: [&str; 3] = ["ui/", "main.rs", "disk/local_storage.rs"];
const VIEW_MODELS: [&str; 2] = ["ui/view/", "ui/view.rs"];

/// Two runs from one seed would differ with any of these.
const UNREPEATABLE: [&str; 4] = ["Instant", "SystemTime", "HashMap", "HashSet"];

/// Crates that exist in a browser alone; and all whose name starts with `gloo`.
const BROWSER_CRATES: [&str; 6] =
    ["js_sys", "serde_wasm_bindgen", "wasm_bindgen", "wasm_bindgen_futures", "web_sys", "yew"];

/// What is wrong in one source; `file` is its path under `src`.
pub fn violations(file: &str, source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    if !ENTRIES.iter().any(|entry| file.starts_with(entry)) {
        found.extend(forbidden_imports(file, &tokens));
        found.extend(unrepeatable(&tokens));
    }
    found.extend(browser_crates(file, &tokens));
    found.into_iter().map(|(line, what)| format!("src/{file}:{line}: {what}")).collect()
}

type Violation = (usize, String);

fn forbidden_imports(file: &str, tokens: &[Token]) -> Vec<Violation> {
    let module = module_of(file);
    let own = &module[0];
    let Some((_, below)) = LAYERS.iter().find(|(name, _)| name == own) else {
        return vec![(1, format!("no layer is known for the module '{own}'"))];
    };
    let mut found = Vec::new();
    for path in crate_paths(tokens, &module) {
        match path.segments.first().map(String::as_str) {
            None | Some("*") => {
                found.push((path.line, "the whole crate is imported: name the module".to_owned()));
            }
            Some(name) if name != own && !below.contains(&name) => {
                found.push((path.line, format!("{own} must not know {name}")));
            }
            Some(_) => {}
        }
    }
    found
}

/// The path of the module that a file holds: `["bank", "request"]` for `bank/request.rs`.
fn module_of(file: &str) -> Vec<String> {
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    stem.split('/').map(str::to_owned).collect()
}

fn unrepeatable(tokens: &[Token]) -> Vec<Violation> {
    let mut found = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        if UNREPEATABLE.contains(&token.text.as_str()) {
            found.push((token.line, format!("{} makes runs differ", token.text)));
        }
        let next = |distance: usize| tokens.get(position + distance).map(|it| it.text.as_str());
        if token.text == "rand" && next(1) == Some("::") && next(2) == Some("rng") {
            found.push((token.line, "rand::rng makes runs differ".to_owned()));
        }
    }
    found
}

fn browser_crates(file: &str, tokens: &[Token]) -> Vec<Violation> {
    let is_in = |places: &[&str]| places.iter().any(|place| file.starts_with(place));
    if is_in(&BROWSER_PLACES) && !is_in(&VIEW_MODELS) {
        return Vec::new();
    }
    let is_browser_crate = |token: &&Token| {
        BROWSER_CRATES.contains(&token.text.as_str()) || token.text.starts_with("gloo")
    };
    tokens
        .iter()
        .filter(is_browser_crate)
        .map(|token| (token.line, format!("{} belongs to the page", token.text)))
        .collect()
}

mod tests {
    use super::*;

    /// Whether exactly one violation is found, and it says this.
    fn fires(file: &str, source: &str, what: &str) {
        let found = violations(file, source);
        assert_eq!(found.len(), 1, "{source}: {found:?}");
        assert!(found[0].contains(what), "{source}: {found:?}");
    }

    #[test]
    fn an_upward_import_fires() {
        fires("bank/request.rs", "\nuse crate::raft::Raft;", "src/bank/request.rs:2: bank must");
        fires("raft/mod.rs", "use crate::{base::Time, bank::Ledger};", "raft must not know bank");
        fires("raft/log.rs", "use super::super::chain::Block;", "raft must not know chain");
        fires("disk/mod.rs", "mod tests { use super::super::raft::Raft; }", "disk must not know");
        fires("check/mod.rs", "fn f(world: &crate::sim::World) {}", "check must not know sim");
        fires("channel/mod.rs", "use crate::client::Client;", "channel must not know client");
        fires("base/mod.rs", "use crate::*;", "the whole crate");
        fires("base/mod.rs", "use crate as it;", "the whole crate");
    }

    #[test]
    fn a_downward_import_does_not() {
        for (file, source) in [
            ("bank/request.rs", "use super::Ledger; use crate::base::{AccountId, ClientId};"),
            ("server/mod.rs", "use crate::{bank, chain::Block, disk, raft::{self, Raft}};"),
            ("sim/world.rs", "use crate::check::Judges; /* crate::ui */ // crate::scenario"),
            ("ui/view/cluster.rs", "use crate::scenario::Library; use super::super::shape;"),
            ("lib.rs", "pub use crate::ui::start;"),
            ("bin/raftbank.rs", "use std::time::Instant;"),
        ] {
            assert_eq!(violations(file, source), Vec::<String>::new());
        }
    }

    #[test]
    fn a_module_without_a_layer_fires() {
        fires("bench/mod.rs", "fn f() {}", "no layer is known for the module 'bench'");
    }

    #[test]
    fn what_makes_runs_differ_fires() {
        fires("raft/mod.rs", "use std::time::Instant;", "Instant");
        fires("sim/mod.rs", "let now = std::time::SystemTime::now();", "SystemTime");
        fires("bank/mod.rs", "use std::collections::HashMap;", "HashMap");
        fires("bank/mod.rs", "use std::collections::{BTreeMap, HashSet};", "HashSet");
        fires("client/mod.rs", "let draw = rand::rng().random();", "rand::rng");
        fires("ui/app.rs", "let started = Instant::now();", "Instant");
    }

    #[test]
    fn a_browser_in_the_engine_fires() {
        fires("sim/mod.rs", "use yew::prelude::*;", "yew");
        fires("disk/mod.rs", "use web_sys::Storage;", "web_sys");
        fires("client/mod.rs", "gloo_timers::callback::Timeout::new(1, f);", "gloo_timers");
        fires("trace/mod.rs", "#[wasm_bindgen] fn f() {}", "wasm_bindgen");
        fires("ui/view/cluster.rs", "use yew::AttrValue;", "yew");
        fires("ui/view/mod.rs", "use js_sys::Date;", "js_sys");
    }

    #[test]
    fn a_browser_in_the_page_does_not() {
        for file in ["ui/app.rs", "main.rs", "disk/local_storage.rs"] {
            let source = "use yew::prelude::*; use web_sys::Storage; use gloo_timers::future;";
            assert_eq!(violations(file, source), Vec::<String>::new());
        }
    }

    #[test]
    fn the_layers_are_in_order() {
        for (position, (name, below)) in LAYERS.iter().enumerate() {
            let lower: Vec<_> = LAYERS[..position].iter().map(|(name, _)| *name).collect();
            assert!(below.iter().all(|it| lower.contains(it)), "{name} imports upwards");
        }
    }
}
