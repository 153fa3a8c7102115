//! A Chromium or Chrome with its driver, for the tests that need a real browser.

use crate::child::{output_of, run};
use crate::workshop::{Workshop, find_on_path};
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

const NAMES: [&str; 5] =
    ["chromium", "google-chrome", "google-chrome-stable", "chrome", "chromium-browser"];

/// Where Chrome is on systems that do not put programs on PATH.
const USUAL_PLACES: [&str; 4] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
];

const WHAT_TO_INSTALL: &str = "The browser tests need Chromium or Chrome, and chromedriver of the \
    same version: install both (on Debian the packages chromium and chromium-driver; elsewhere \
    https://googlechromelabs.github.io/chrome-for-testing), and have them on PATH, or name them \
    in the environment variables CHROME and CHROMEDRIVER";

/// A browser and its driver.
pub struct Browser {
    pub chrome: PathBuf,
    pub driver: PathBuf,
}

impl Browser {
    /// Tells a child which browser and which driver to take.
    pub fn name_to(&self, command: &mut Command) {
        command.env("CHROME", &self.chrome).env("CHROMEDRIVER", &self.driver);
    }
}

/// Finds the browser and its driver, or installs both where Debian's apt-get can.
pub fn provide(workshop: &mut Workshop) -> Result<(), String> {
    if workshop.browser.is_none() {
        let found = match find()? {
            Some(browser) => Some(browser),
            None => {
                install(workshop)?;
                find()?
            }
        };
        workshop.browser = Some(found.ok_or(WHAT_TO_INSTALL)?);
    }
    Ok(())
}

fn find() -> Result<Option<Browser>, String> {
    let chrome = match named("CHROME")? {
        Some(chrome) => Some(chrome),
        None => NAMES
            .iter()
            .find_map(|name| find_on_path(name))
            .or_else(|| USUAL_PLACES.iter().map(PathBuf::from).find(|program| program.is_file())),
    };
    let driver = match named("CHROMEDRIVER")? {
        Some(driver) => Some(driver),
        None => find_on_path("chromedriver"),
    };
    Ok(chrome.zip(driver).map(|(chrome, driver)| Browser { chrome, driver }))
}

/// The program that an environment variable names. One that is not there is a mistake to report,
/// not a reason to take another.
fn named(variable: &str) -> Result<Option<PathBuf>, String> {
    let Some(value) = env::var_os(variable).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let program = PathBuf::from(&value);
    if program.is_file() {
        return Ok(Some(program));
    }
    find_on_path(&value.to_string_lossy()).map(Some).ok_or_else(|| {
        format!("{variable} names {}, and there is no such program", program.display())
    })
}

fn install(workshop: &Workshop) -> Result<(), String> {
    install_packages(workshop, &["chromium", "chromium-driver"])
        .map_err(|reason| format!("{reason}. {WHAT_TO_INSTALL}"))
}

/// Installs packages where Debian's apt-get can.
pub fn install_packages(workshop: &Workshop, packages: &[&str]) -> Result<(), String> {
    let Some(privilege) = apt_privilege(workshop) else {
        return Err(format!("{} cannot be installed here by itself", packages.join(" and ")));
    };
    println!("Installing {} with apt-get (once; about a minute).", packages.join(" and "));
    let apt = |args: &[&str]| {
        let words: Vec<&str> = [privilege, &["apt-get", "-qq"], args].concat();
        let mut command = workshop.command(words[0]);
        run(command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update"]).and_then(|()| apt(&[&["install", "-y"], packages].concat()))
}

/// What to put before `apt-get` so that it may install; nothing if it cannot.
fn apt_privilege(workshop: &Workshop) -> Option<&'static [&'static str]> {
    if !Path::new("/etc/debian_version").is_file() || find_on_path("apt-get").is_none() {
        return None;
    }
    if output_of(workshop.command("id").arg("-u")).as_deref() == Some("0") {
        return Some(&[]);
    }
    output_of(workshop.command("sudo").args(["-n", "true"])).map(|_| &["sudo", "-n"][..])
}
