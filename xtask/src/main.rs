//! `cargo xtask build | run | test | bench | instructions | fuzz | sbom`: everything a clone needs, with nothing to install
//! beforehand but Rust, and npm for the browser tests.

mod bench;
mod build;
mod clients;
mod command;
mod fuzz;
mod http;
mod install;
mod instructions;
mod postgres;
mod run;
mod sbom;
mod site;
mod suite;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run, test and measure Keyroll")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build target/release/keyroll, complete with its assets
    Build,
    /// Build, then serve a demo organisation on http://127.0.0.1:3000
    Run {
        /// Further flags for `keyroll serve --demo`, such as --listen 127.0.0.1:4000
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        flags: Vec<String>,
    },
    /// Set up what the tests need, then run every test
    Test,
    /// Measure import rate, latency and page weight; prints a Markdown table
    Bench {
        /// People in the generated organisation
        #[arg(long, default_value_t = 20_000)]
        users: u32,
        /// Days of events
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// Give every parser bytes nobody thought of
    Fuzz {
        /// How long for each parser
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// One parser alone: file, query or text
        target: Option<String>,
    },
    /// List what the program is made of, as CycloneDX
    Sbom {
        /// The file to write
        #[arg(long, default_value_os_t = command::target_dir().join("release").join("keyroll.cdx.json"))]
        output: std::path::PathBuf,
    },
    /// Count the instructions of the hot paths and compare them with docs/instructions.json
    Instructions {
        /// Record what is counted instead
        #[arg(long)]
        update: bool,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Build => build::build(),
        Task::Run { flags } => run::run(&flags),
        Task::Test => suite::test(),
        Task::Bench { users, days } => bench::bench(users, days),
        Task::Fuzz { seconds, target } => fuzz::fuzz(seconds, target.as_deref()),
        Task::Sbom { output } => sbom::sbom(&output),
        Task::Instructions { update } => instructions::instructions(update),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
