//! `keyroll import`: files into the database.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::ValueEnum;
use domain::access::AccessAction;
use domain::instant::Instant;
use domain::report::ImportCounts;
use ingest::DateOrder;
use store::ImportId;

use super::{Console, PARTLY_DONE, Place, print};
use crate::demo;
use crate::import::progress::Progress;
use crate::import::{FileReport, ImportSettings, Input, import_file};

#[derive(Debug, clap::Args)]
pub struct ImportArgs {
    /// Files, directories (the files directly in them, by name), or - for standard input
    #[arg(required_unless_present = "undo")]
    paths: Vec<PathBuf>,
    /// Take an import back, by the number that /data shows: what it brought goes, what it had replaced comes back
    #[arg(long, value_name = "ID", conflicts_with_all = ["paths", "observed_at", "date_order"])]
    undo: Option<i64>,
    /// Print the sums as JSON
    #[arg(long)]
    json: bool,
    /// When the state in files without times of their own was observed, such as 2026-11-20T12:00:00Z
    #[arg(long, value_name = "TIME")]
    observed_at: Option<Instant>,
    /// Which comes first in dates like 3/4/2026
    #[arg(long, value_name = "ORDER")]
    date_order: Option<Order>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Order {
    /// day, month, year
    Dmy,
    /// month, day, year
    Mdy,
}

pub async fn run(args: ImportArgs, place: &Place) -> anyhow::Result<ExitCode> {
    if let Some(id) = args.undo {
        return undo(ImportId(id), args.json, place).await;
    }
    // Everything that can be wrong with the paths is said before anything is imported.
    let mut inputs = Vec::new();
    let mut spooled = Vec::new();
    for path in &args.paths {
        if path == Path::new("-") {
            let file = spool(std::io::stdin().lock())?;
            inputs.push(Input { path: file.path().to_owned(), name: "stdin".to_owned() });
            spooled.push(file);
        } else {
            inputs.extend(files_of(path)?);
        }
    }
    let console = Console::open(place).await?;
    demo::refuse_real_data(&console.services).await?;
    let settings = ImportSettings {
        observed_at: args.observed_at,
        date_order: args.date_order.map(|order| match order {
            Order::Dmy => DateOrder::DayMonth,
            Order::Mdy => DateOrder::MonthDay,
        }),
    };
    let bytes = inputs.iter().filter_map(|input| input.path.metadata().ok()).map(|metadata| metadata.len()).sum();
    let progress = Progress::on_stderr(bytes);
    let mut sums = ImportCounts::default();
    let mut is_partly = false;
    console.operator.defer_indexes().await?;
    for input in &inputs {
        let report = import_file(&console.operator, &console.clock, input, settings, &progress)
            .await
            .with_context(|| format!("{} was not imported to its end", input.name))?;
        tell(&report, args.json, &progress)?;
        sums.add(&report.counts);
        is_partly |= report.refusal.is_some() || report.counts.rejected > 0;
    }
    console.operator.make_indexes().await?;
    progress.finish();
    let names = inputs.iter().map(|input| input.name.as_str()).collect::<Vec<_>>().join(" ");
    console.log(AccessAction::Change, "import", names, Some(sums.accepted)).await?;
    if args.json {
        print(serde_json::to_string(&sums)?)?;
    } else {
        print(format_args!("{} in all: {}", counted(sums.files, "file"), summary(&sums)))?;
    }
    Ok(if is_partly { ExitCode::from(PARTLY_DONE) } else { ExitCode::SUCCESS })
}

/// Takes an import back; one that was begun to be taken back goes on.
async fn undo(import: ImportId, is_json: bool, place: &Place) -> anyhow::Result<ExitCode> {
    let console = Console::open(place).await?;
    let undo = console
        .operator
        .begin_undo(import, "console")
        .await?
        .with_context(|| format!("import {} was not undone", import.0))?;
    let rows = console.operator.undo(undo, console.clock.now()).await?;
    console.log(AccessAction::Change, "import --undo", import.0.to_string(), i64::try_from(rows).ok()).await?;
    if is_json {
        print(serde_json::json!({ "undone": import.0, "rows": rows }))?;
    } else {
        print(format_args!("import {}: undone, {}", import.0, counted(i64::try_from(rows)?, "row")))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What became of a file: a line for people on stdout, what was wrong with it on stderr.
fn tell(report: &FileReport, is_json: bool, progress: &Progress) -> std::io::Result<()> {
    let name = &report.name;
    for rejection in &report.rejections {
        let at = match (rejection.line, rejection.byte) {
            (Some(line), _) => format!(":{line}"),
            (None, Some(byte)) => format!(": byte {byte}"),
            (None, None) => String::new(),
        };
        progress.aside(|| eprintln!("{name}{at}: {}", rejection.reason));
    }
    let shown = i64::try_from(report.rejections.len()).unwrap_or(i64::MAX);
    let more = report.counts.rejected - shown;
    if more > 0 {
        progress.aside(|| eprintln!("{name}: … and {more} more, see /data/{}", report.import.0));
    }
    if let Some(refusal) = &report.refusal {
        progress.aside(|| eprintln!("{name}: refused: {refusal}"));
    }
    if !is_json {
        progress.aside(|| print(format_args!("{name}: {}", summary(&report.counts))))?;
    }
    Ok(())
}

fn summary(counts: &ImportCounts) -> String {
    let mut parts = vec![format!("{} read, {} new", counted(counts.records, "record"), counts.accepted)];
    for (n, what) in [
        (counts.duplicate, "known already"),
        (counts.replaced, "replaced"),
        (counts.skipped, "of other kinds skipped"),
        (counts.rejected, "quarantined"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {what}"));
        }
    }
    parts.join(", ")
}

fn counted(n: i64, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

/// The file itself, or the files directly in a directory, by name.
fn files_of(path: &Path) -> anyhow::Result<Vec<Input>> {
    let cannot = || format!("{} cannot be read, and nothing was imported", path.display());
    if !path.metadata().with_context(cannot)?.is_dir() {
        std::fs::File::open(path).with_context(cannot)?;
        return Ok(vec![named(path.to_owned())]);
    }
    let mut files = Vec::new();
    for entry in path.read_dir().with_context(cannot)? {
        let file = entry.with_context(cannot)?.path();
        if file.metadata().with_context(cannot)?.is_file() {
            files.push(file);
        }
    }
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{} is a directory without files, and nothing was imported", path.display());
    Ok(files.into_iter().map(named).collect())
}

fn named(path: PathBuf) -> Input {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Input { path, name }
}

/// Standard input as a file: its bytes are needed twice, once for their hash.
fn spool(mut input: impl Read) -> anyhow::Result<tempfile::NamedTempFile> {
    let mut file = tempfile::NamedTempFile::new().context("standard input could not be kept on disk")?;
    std::io::copy(&mut input, &mut file).context("standard input could not be kept on disk")?;
    Ok(file)
}
