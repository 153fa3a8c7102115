//! chromedriver, started for these tests and ended with them.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

/// A running chromedriver.
pub struct Driver {
    child: Child,
    address: String,
}

impl Driver {
    /// Starts the driver that CHROMEDRIVER names, or the one on PATH, on a free port.
    pub fn start() -> Self {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let spawned = Command::new(&program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut child = spawned.unwrap_or_else(|error| {
            panic!(
                "could not start '{program}' ({error}): install chromedriver, or set CHROMEDRIVER"
            )
        });
        let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| announced_port(&line));
        let Some(port) = port else {
            let _ = child.kill();
            panic!("'{program}' ended without saying its port");
        };
        // A full pipe would stop the driver.
        thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Self { child, address: format!("http://127.0.0.1:{port}") }
    }

    /// Where it takes commands.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // One that has ended by itself needs no ending.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The port in `ChromeDriver was started successfully on port 41123.`
fn announced_port(line: &str) -> Option<u16> {
    line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
}
