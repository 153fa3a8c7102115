//! The engine without a page: random runs with faults, the replay of run files, and scenarios.

#[cfg(not(target_arch = "wasm32"))]
mod findings;
#[cfg(not(target_arch = "wasm32"))]
mod replay;
#[cfg(not(target_arch = "wasm32"))]
mod swarm;
#[cfg(not(target_arch = "wasm32"))]
mod trace;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use clap::{Parser, Subcommand};

    /// Raftbank's engine without a page.
    #[derive(Parser)]
    #[command(version)]
    struct Arguments {
        #[command(subcommand)]
        command: Command,
    }

    #[derive(Subcommand)]
    enum Command {
        /// Looks for bugs in random runs with faults.
        Swarm(swarm::Arguments),
        /// Replays a run that was exported, or plays a scenario: a file, or one of the library.
        Run(replay::Arguments),
    }

    match Arguments::parse().command {
        Command::Swarm(arguments) => swarm::main(&arguments),
        Command::Run(arguments) => replay::main(&arguments),
    }
}

/// The browser has the page; this program is for terminals.
#[cfg(target_arch = "wasm32")]
fn main() {}
