//! axe-core, which judges how accessible the page is: for the tests alone, fetched with npm.

use crate::child::run;
use crate::workshop::{Workshop, cache_folder, find_on_path};
use std::path::PathBuf;

/// The version that the tests are written for.
const VERSION: &str = "4.14.1";

const WHAT_TO_INSTALL: &str = "the tests judge the page with axe-core, which npm fetches: install \
    Node.js with npm (on Debian the packages nodejs and npm; elsewhere https://nodejs.org), or \
    name the file axe.min.js of axe-core in the environment variable AXE";

/// Finds axe-core in the user's cache, or fetches it there.
pub fn provide(workshop: &mut Workshop) -> Result<(), String> {
    if workshop.axe.is_some() {
        return Ok(());
    }
    if let Some(named) = std::env::var_os("AXE").filter(|it| !it.is_empty()) {
        let file = PathBuf::from(named);
        let is_there = file.is_file();
        workshop.axe = is_there.then_some(file);
        return if is_there {
            Ok(())
        } else {
            Err(format!("AXE names no file: {WHAT_TO_INSTALL}"))
        };
    }
    let home = cache_folder()?.join("tools").join(format!("axe-core-{VERSION}"));
    let file = home.join("node_modules").join("axe-core").join("axe.min.js");
    if !file.is_file() {
        if find_on_path("npm").is_none() {
            crate::browser::install_packages(workshop, &["npm"])
                .map_err(|reason| format!("{reason}; {WHAT_TO_INSTALL}"))?;
        }
        println!("Fetching axe-core {VERSION} into {} (once; seconds).", home.display());
        let mut npm = workshop.command("npm");
        npm.args(["install", "--silent", "--no-save", "--ignore-scripts", "--no-audit"]);
        npm.arg("--prefix").arg(&home).arg(format!("axe-core@{VERSION}"));
        run(&mut npm).map_err(|reason| format!("{reason}; {WHAT_TO_INSTALL}"))?;
    }
    if !file.is_file() {
        return Err(format!("npm fetched no {}; {WHAT_TO_INSTALL}", file.display()));
    }
    workshop.axe = Some(file);
    Ok(())
}
