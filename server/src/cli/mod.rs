//! The command line: one file per command. Results go to stdout, everything else to stderr.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

mod archive;
mod console;
mod doctor;
mod export;
mod generate;
mod import;
mod key;
mod migrate;
mod openapi;
mod retention;
mod serve;
mod sync;
mod token;
mod user;
mod user_data;

use console::Console;

/// Done, but some input was quarantined or refused.
const PARTLY_DONE: u8 = 3;
/// The command line was wrong.
const WRONG_USAGE: u8 = 2;

/// How long work in the background may go on when the command is done.
const SHUT_DOWN_WITHIN: Duration = Duration::from_secs(2);

/// Who has registered which authentication methods, who is able to use them, and what happens when they do.
#[derive(Debug, Parser)]
#[command(name = "keyroll", version)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where the settings and the data are.
#[derive(Debug, Clone, clap::Args)]
struct Place {
    /// Settings file (TOML); KEYROLL_… in the environment and flags beat it
    #[arg(long, global = true, env = "KEYROLL_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite:PATH or postgres://…; made and brought up to date if need be
    #[arg(
        long,
        global = true,
        env = "DATABASE_URL",
        default_value = "sqlite:keyroll.db",
        hide_env_values = true,
        value_name = "URL"
    )]
    database_url: String,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages and the API
    Serve(serve::ServeArgs),
    /// Read files into the database
    Import(import::ImportArgs),
    /// Read everything new from every connected tenant, once
    Sync(sync::SyncArgs),
    /// Write a list down, every matching row
    #[command(subcommand)]
    Export(export::ExportCommand),
    /// Manage who may sign in
    #[command(subcommand)]
    User(user::UserCommand),
    /// Manage bearer tokens for programs
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// The key that stored secrets are under
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// How long each kind of data is kept
    #[command(subcommand)]
    Retention(retention::RetentionCommand),
    /// What is known of one person
    #[command(subcommand)]
    UserData(user_data::UserDataCommand),
    /// Bring the database up to date, and do nothing else
    Migrate,
    /// Recount every figure from raw rows; exits 1 on a difference
    Doctor(doctor::DoctorArgs),
    /// Write everything into one file, while the program serves
    Backup(archive::BackupArgs),
    /// Fill an empty database from a backup
    Restore(archive::RestoreArgs),
    /// Carry everything over into an empty database, of either engine
    Move(archive::MoveArgs),
    /// Write an organisation that never was, in the real file formats
    Generate(generate::GenerateArgs),
    /// Print the OpenAPI document
    #[command(hide = true)]
    Openapi,
}

/// Runs the command of this process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let run = async { cli.command.run(cli.place).await };
    let outcome =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(anyhow::Error::from).and_then(
            |runtime| {
                let outcome = runtime.block_on(run);
                // What is under way in the background is in transactions: it need not be waited for.
                runtime.shutdown_timeout(SHUT_DOWN_WITHIN);
                outcome
            },
        );
    match outcome {
        Ok(code) => code,
        Err(error) => match error.downcast_ref::<WrongUsage>() {
            Some(wrong) => {
                eprintln!("error: {wrong}");
                ExitCode::from(WRONG_USAGE)
            }
            None if is_broken_pipe(&error) => ExitCode::SUCCESS,
            None => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        },
    }
}

/// The reader of our output has had enough, as with `| head`.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Writes a line of a result to stdout.
fn print(line: impl std::fmt::Display) -> std::io::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}")
}

impl Command {
    async fn run(self, place: Place) -> anyhow::Result<ExitCode> {
        match self {
            Self::Serve(args) => serve::run(args, &place).await,
            Self::Import(args) => import::run(args, &place).await,
            Self::Sync(args) => sync::run(args, &place).await,
            Self::Export(command) => export::run(command, &place).await,
            Self::User(command) => user::run(command, &place).await,
            Self::Token(command) => token::run(command, &place).await,
            Self::Key(command) => key::run(command, &place).await,
            Self::Retention(command) => retention::run(command, &place).await,
            Self::UserData(command) => user_data::run(command, &place).await,
            Self::Migrate => migrate::run(&place).await,
            Self::Doctor(args) => doctor::run(args, &place).await,
            Self::Backup(args) => archive::run_backup(args, &place).await,
            Self::Restore(args) => archive::run_restore(args, &place).await,
            Self::Move(args) => archive::run_move(args, &place).await,
            Self::Generate(args) => tokio::task::spawn_blocking(|| generate::run(args)).await?,
            Self::Openapi => openapi::run(),
        }
    }
}

/// A command line that clap could not find wrong by itself; exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongUsage(String);
