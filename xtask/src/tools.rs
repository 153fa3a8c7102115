//! The programs that the page and the tests need besides cargo: found, or installed once.

use crate::child::{output_of, run};
use crate::workshop::{Workshop, cache_folder, find_on_path};
use std::env;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const WASM: &str = "wasm32-unknown-unknown";

/// The newest trunk that builds with this project's Rust.
const TRUNK: &str = "0.21.14";

/// Something that a command cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// rustfmt and clippy.
    Components,
    /// Rust's standard library for WebAssembly.
    WasmTarget,
    /// The bundler of the page.
    Trunk,
    /// The glue between WebAssembly and JavaScript, and its test runner.
    WasmBindgen,
    /// A Chromium or Chrome, and chromedriver.
    Browser,
    /// The judge of accessibility.
    Axe,
}

/// Finds or installs what is needed, and says so where that takes time.
pub fn provide(workshop: &mut Workshop, need: Need) -> Result<(), String> {
    match need {
        Need::Components => provide_components(workshop),
        Need::WasmTarget => provide_wasm_target(workshop),
        Need::Trunk => provide_tool(workshop, &trunk()),
        Need::WasmBindgen => {
            let tool = wasm_bindgen(&workshop.root)?;
            provide_tool(workshop, &tool)
        }
        Need::Browser => crate::browser::provide(workshop),
        Need::Axe => crate::axe::provide(workshop),
    }
}

fn provide_components(workshop: &Workshop) -> Result<(), String> {
    let works = |task| output_of(workshop.cargo().args([task, "--version"])).is_some();
    if works("fmt") && works("clippy") {
        return Ok(());
    }
    with_rustup(workshop, &["component", "add", "rustfmt", "clippy"], "rustfmt and clippy")
}

fn provide_wasm_target(workshop: &Workshop) -> Result<(), String> {
    let libraries =
        output_of(workshop.command("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if libraries.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    with_rustup(workshop, &["target", "add", WASM], &format!("Rust's {WASM} target"))
}

fn with_rustup(workshop: &Workshop, args: &[&str], what: &str) -> Result<(), String> {
    if find_on_path("rustup").is_none() {
        return Err(format!(
            "{what} is missing, and so is rustup, which would add it: \
             get rustup at https://rustup.rs, or install it with your system's Rust"
        ));
    }
    println!("Adding {what} with rustup (once; less than a minute).");
    run(workshop.command("rustup").args(args))
}

/// A tool that cargo can install.
#[derive(Debug)]
struct Tool {
    /// Its package.
    package: &'static str,
    version: String,
    /// The programs in it that are used.
    programs: &'static [&'static str],
    /// How long its installation takes on a small machine.
    duration: &'static str,
}

fn trunk() -> Tool {
    Tool {
        package: "trunk",
        version: TRUNK.to_owned(),
        programs: &["trunk"],
        duration: "about 5 minutes",
    }
}

/// The glue must be of the very version of the crate that the page is built with.
fn wasm_bindgen(root: &Path) -> Result<Tool, String> {
    let lock = fs::read_to_string(root.join("Cargo.lock"))
        .map_err(|error| format!("cannot read Cargo.lock: {error}"))?;
    Ok(Tool {
        package: "wasm-bindgen-cli",
        version: locked_version(&lock, "wasm-bindgen")
            .ok_or("Cargo.lock names no wasm-bindgen")?
            .to_owned(),
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        duration: "about 2 minutes",
    })
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

fn provide_tool(workshop: &mut Workshop, tool: &Tool) -> Result<(), String> {
    if tool.programs.iter().all(|program| tool.is_version_of(Path::new(program))) {
        return Ok(());
    }
    let home = cache_folder()?.join("tools").join(format!("{}-{}", tool.package, tool.version));
    let folder = home.join("bin");
    let is_there = || tool.programs.iter().all(|program| tool.is_version_of(&folder.join(program)));
    if !is_there() {
        println!(
            "Installing {} {} into {} (once; {}).",
            tool.package,
            tool.version,
            home.display(),
            tool.duration
        );
        run(&mut tool.installation(workshop, &home))?;
        if !is_there() {
            return Err(format!("{} was installed but does not run", tool.package));
        }
    }
    workshop.add_folder(folder);
    Ok(())
}

impl Tool {
    /// Whether this program says that it is of the version asked for.
    fn is_version_of(&self, program: &Path) -> bool {
        let said = output_of(Command::new(program).arg("--version").stdin(Stdio::null()));
        said.is_some_and(|said| said.split_whitespace().nth(1) == Some(self.version.as_str()))
    }

    fn installation(&self, workshop: &Workshop, home: &Path) -> Command {
        let mut command = workshop.cargo();
        command.args(["install", "--quiet", "--locked", "--no-default-features", "--root"]);
        command.arg(home);
        command.args(["--version", &self.version, self.package]);
        for program in self.programs {
            command.args(["--bin", program]);
        }
        // These run for seconds: that they are built soon matters more than that they are fast.
        command
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        // Away from the clone's .cargo and its pinned toolchain.
        command.current_dir(env::temp_dir());
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\nsource = \"x\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.129"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn a_program_that_is_not_there_has_no_version() {
        assert!(!trunk().is_version_of(Path::new("/no/such/program")));
    }
}
