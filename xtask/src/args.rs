//! The command line.

use crate::steps::STEPS;

/// What was asked for.
#[derive(Debug, PartialEq)]
pub enum Task {
    Help,
    Serve(ServeOptions),
    /// Measure the page.
    Measure(MeasureOptions),
    /// Run these steps, or all if none is named; in their own order either way.
    Test {
        only: Vec<String>,
    },
}

/// How to serve the page.
#[derive(Debug, Default, PartialEq)]
pub struct ServeOptions {
    /// The port asked for; without it, the first free one.
    pub port: Option<u16>,
    /// Build quickly rather than well.
    pub debug: bool,
}

/// How to measure the page.
#[derive(Debug, PartialEq)]
pub struct MeasureOptions {
    /// How many hours of virtual time pass in the measurement of memory.
    pub hours: u32,
    /// Take the page as it was built last.
    pub built: bool,
}

/// What `cargo xtask help` prints.
pub fn help() -> String {
    let mut text = String::from(
        "cargo xtask serve [--port PORT] [--debug]
    Build the page (optimised, unless --debug) and serve it on this machine; it is built again
    whenever a source file changes. Without --port it takes the first free port from 8080.

cargo xtask test [--only STEP]...
    Run everything that must hold before a change lands:
",
    );
    for step in STEPS {
        text += &format!("      {:<12} {}\n", step.name, step.about);
    }
    text += "
cargo xtask measure [--hours HOURS] [--built]
    Measure the page, and print the figures beside their limits: what it weighs, how soon it is
    there, what a frame costs with nine servers under load, and what memory HOURS (24) of virtual
    time leave. With --built it takes the page as it was built last.

    RAFTBANK_SEEDS=A..B chooses the swarm's seeds (B is not among them).
    CHROME and CHROMEDRIVER say where the browser and its driver are, if not on PATH.

Both install what is missing: Rust's wasm target, and in the user's cache folder trunk and
wasm-bindgen-cli; for the tests also axe-core (with npm), and Chromium with its driver and npm,
where apt-get can.
";
    text
}

/// Reads the arguments after `cargo xtask`.
pub fn parse(mut args: impl Iterator<Item = String>) -> Result<Task, String> {
    match args.next().as_deref() {
        None | Some("help" | "--help" | "-h") => Ok(Task::Help),
        Some("serve") => parse_serve(args),
        Some("test") => parse_test(args),
        Some("measure") => parse_measure(args),
        Some(other) => Err(format!("there is no command '{other}'; see `cargo xtask help`")),
    }
}

fn parse_serve(mut args: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut options = ServeOptions::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--help" | "-h" => return Ok(Task::Help),
            "--debug" => options.debug = true,
            "--release" => options.debug = false,
            "--port" => {
                let text = args.next().unwrap_or_default();
                let port = text.parse().ok().filter(|port| *port > 0);
                options.port = Some(port.ok_or_else(|| {
                    format!("--port takes a number from 1 to 65535, not '{text}'")
                })?);
            }
            other => return Err(format!("serve knows no '{other}'; see `cargo xtask help`")),
        }
    }
    Ok(Task::Serve(options))
}

fn parse_measure(mut args: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut options = MeasureOptions { hours: 24, built: false };
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--help" | "-h" => return Ok(Task::Help),
            "--built" => options.built = true,
            "--hours" => {
                let text = args.next().unwrap_or_default();
                let hours = text.parse().ok().filter(|hours| (1..=240).contains(hours));
                options.hours = hours
                    .ok_or_else(|| format!("--hours takes a number from 1 to 240, not '{text}'"))?;
            }
            other => return Err(format!("measure knows no '{other}'; see `cargo xtask help`")),
        }
    }
    Ok(Task::Measure(options))
}

fn parse_test(mut args: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut only = Vec::new();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--help" | "-h" => return Ok(Task::Help),
            "--only" => {
                let name = args.next().unwrap_or_default();
                if !STEPS.iter().any(|step| step.name == name) {
                    let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
                    return Err(format!("--only takes one of {}, not '{name}'", names.join(", ")));
                }
                only.push(name);
            }
            other => return Err(format!("test knows no '{other}'; see `cargo xtask help`")),
        }
    }
    Ok(Task::Test { only })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Task, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn what_is_asked_for_is_understood() {
        assert_eq!(parsed(""), Ok(Task::Help));
        assert_eq!(parsed("serve"), Ok(Task::Serve(ServeOptions::default())));
        let options = ServeOptions { port: Some(9000), debug: true };
        assert_eq!(parsed("serve --port 9000 --debug"), Ok(Task::Serve(options)));
        assert_eq!(parsed("test"), Ok(Task::Test { only: vec![] }));
        let options = MeasureOptions { hours: 2, built: true };
        assert_eq!(parsed("measure --hours 2 --built"), Ok(Task::Measure(options)));
        let only = vec!["fmt".to_owned(), "e2e".to_owned()];
        assert_eq!(parsed("test --only fmt --only e2e"), Ok(Task::Test { only }));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for line in [
            "bake",
            "serve 80",
            "serve --port",
            "serve --port 0",
            "serve --port 65536",
            "measure --hours",
            "measure --hours 0",
            "measure all",
            "test all",
            "test --only",
            "test --only everything",
        ] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
