//! `cargo xtask serve`: the page on this machine.

use crate::args::ServeOptions;
use crate::child::run;
use crate::tools::{Need, provide};
use crate::workshop::Workshop;
use std::net::{Ipv4Addr, TcpListener};

/// Where the search for a free port begins, and how many it tries.
const FIRST_PORT: u16 = 8080;
const PORTS: u16 = 20;

/// Builds the page and serves it until the user stops it.
pub fn serve(mut workshop: Workshop, options: &ServeOptions) -> Result<(), String> {
    for need in [Need::WasmTarget, Need::Trunk, Need::WasmBindgen] {
        provide(&mut workshop, need)?;
    }
    let port = match options.port {
        Some(port) if is_free(port) => port,
        Some(port) => return Err(format!("port {port} is taken; choose another with --port")),
        None => (FIRST_PORT..FIRST_PORT + PORTS)
            .find(|port| is_free(*port))
            .ok_or("no port from 8080 on is free; choose one with --port")?,
    };
    println!("Building the page (about two minutes the first time, seconds after that).");
    println!("When it is built, open http://127.0.0.1:{port}/ (Ctrl-C stops the server).");
    let mut command = workshop.trunk("serve");
    command.args(["--port", &port.to_string(), "--address", "127.0.0.1"]);
    if !options.debug {
        command.arg("--release");
    }
    run(&mut command).map_err(|reason| format!("step 'serve' failed: {reason}"))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_is_not_free() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("some port is free");
        let port = listener.local_addr().expect("it is bound").port();
        assert!(!is_free(port));
    }
}
