//! `keyroll backup`, `restore` and `move`: a database into a file, out of one, and into another.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use domain::access::AccessAction;
use serde::Serialize;
use store::{Row, Services, StoreError, TableSum};

use super::{Console, Place, print};
use crate::archive::{back_up, restore};
use crate::config::Settings;

#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// The file to write; one that is there is replaced when the new one is whole
    path: PathBuf,
    /// Print tables with their rows and hashes as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// A file that `keyroll backup` wrote
    path: PathBuf,
    /// Print tables with their rows and hashes as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
pub struct MoveArgs {
    /// The empty database to fill: postgres://… or sqlite:PATH
    #[arg(long, value_name = "URL")]
    to: String,
    /// Print tables with their rows and hashes as JSON
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    rows: u64,
    tables: &'a [TableSum],
}

pub async fn run_backup(args: BackupArgs, place: &Place) -> anyhow::Result<ExitCode> {
    let console = Console::open(place).await?;
    console.log(AccessAction::Export, "backup", "", None).await?;
    let sums = back_up(&console.services, &args.path, console.clock.now()).await?;
    tell(&sums, args.json)?;
    if !args.json {
        print(format_args!("{} rows are in {}", rows(&sums), args.path.display()))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn run_restore(args: RestoreArgs, place: &Place) -> anyhow::Result<ExitCode> {
    let settings = settings(place)?;
    let content = restore(&args.path, &place.database_url, settings.database.postgres_tls()).await?;
    finish(&place.database_url, &settings).await?;
    let sums: Vec<TableSum> = content.tables.into_iter().map(|(_, sum)| sum).collect();
    tell(&sums, args.json)?;
    if !args.json {
        print(format_args!("{} rows, as they were at {}", rows(&sums), content.header.made_at))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn run_move(args: MoveArgs, place: &Place) -> anyhow::Result<ExitCode> {
    let console = Console::open(place).await?;
    let mut dump = console.services.dump().await?;
    let mut load = Services::receive_dump(&args.to, console.settings.database.postgres_tls(), dump.schema()).await?;
    let mut tables = Vec::new();
    for table in dump.tables().to_vec() {
        let each = async |rows: Vec<Row>| load.rows(&table, rows).await;
        let sum = dump.rows::<StoreError>(&table, each).await?;
        tables.push((table, sum));
    }
    // Read back from there, and compared.
    let sums = load.finish(&tables).await?;
    finish(&args.to, &console.settings).await?;
    tell(&sums, args.json)?;
    if !args.json {
        print(format_args!("{} rows are there as they are here, by number and hash of every table", rows(&sums)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn settings(place: &Place) -> anyhow::Result<Settings> {
    let env =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(Settings::load(place.config.as_deref(), env)?)
}

/// Opening makes the indexes, and brings the schema up to date.
async fn finish(url: &str, settings: &Settings) -> anyhow::Result<()> {
    Services::open(url, settings.store_options()).await.context("everything is there, but for its indexes")?;
    Ok(())
}

fn rows(sums: &[TableSum]) -> u64 {
    sums.iter().map(|sum| sum.rows).sum()
}

fn tell(sums: &[TableSum], is_json: bool) -> anyhow::Result<()> {
    if is_json {
        return Ok(print(serde_json::to_string(&Report { rows: rows(sums), tables: sums })?)?);
    }
    for TableSum { name, rows, hash } in sums.iter().filter(|sum| sum.rows > 0) {
        print(format_args!("{name:<20} {rows:>12} {hash}"))?;
    }
    Ok(())
}
