//! A database into a file, while it is written to.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Context as _;
use domain::instant::Instant;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use store::{Services, StoreError, TableSum};
use tempfile::NamedTempFile;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{Begin, End, FORMAT, Header, VERSION, line};

/// Lots of lines on their way to the file: bounds memory.
const WAITING: usize = 4;
const LEVEL: i32 = 3;

/// Writes everything into a file, which is there whole or not at all; one that was there is replaced.
///
/// # Errors
/// The database does not answer, or the file cannot be written.
pub async fn back_up(services: &Services, path: &Path, now: Instant) -> anyhow::Result<Vec<TableSum>> {
    let (lines, received) = channel(WAITING);
    let to = path.to_owned();
    let file = tokio::task::spawn_blocking(move || write_file(&to, received));
    let read = read_tables(services, now, lines).await;
    // A file that could not be written says more than that nobody took its lines.
    let file = file.await??;
    let sums = read?;
    let to = path.to_owned();
    tokio::task::spawn_blocking(move || keep(file, &to)).await??;
    Ok(sums)
}

async fn read_tables(services: &Services, now: Instant, lines: Sender<Vec<u8>>) -> anyhow::Result<Vec<TableSum>> {
    let mut dump = services.dump().await?;
    let header = Header { format: FORMAT.to_owned(), version: VERSION, schema: dump.schema(), made_at: now };
    send(&lines, json_line(&header)?).await?;
    let mut sums = Vec::new();
    for table in dump.tables().to_vec() {
        send(&lines, json_line(&Begin { table: table.clone() })?).await?;
        let each = async |rows: Vec<store::Row>| {
            let mut lot = Vec::new();
            for row in &rows {
                line::write(row, &mut lot).map_err(Failed::from)?;
            }
            lines.send(lot).await.map_err(|_| Failed::Writer)
        };
        let sum = dump.rows(&table, each).await?;
        send(&lines, json_line(&sum)?).await?;
        sums.push(sum);
    }
    Ok(sums)
}

/// What can go wrong between the database and the file.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    #[error("the file takes no more")]
    Writer,
}

async fn send(lines: &Sender<Vec<u8>>, line: Vec<u8>) -> Result<(), Failed> {
    lines.send(line).await.map_err(|_| Failed::Writer)
}

fn json_line(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

/// Takes lines until there are no more, and ends the stream. Only its owner may read the file.
fn write_file(path: &Path, mut lines: Receiver<Vec<u8>>) -> anyhow::Result<NamedTempFile> {
    let cannot = || format!("{} cannot be written", path.display());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unfinished = format!(".{}.unfinished-", path.file_name().unwrap_or_default().to_string_lossy());
    remove_unfinished(folder, &unfinished).with_context(cannot)?;
    let file = tempfile::Builder::new().prefix(&unfinished).tempfile_in(folder).with_context(cannot)?;
    // Not every disk has locks: there, what a killed program leaves stays.
    let _ = file.as_file().try_lock();
    let mut zstd = zstd::Encoder::new(BufWriter::new(file.as_file()), LEVEL).with_context(cannot)?;
    zstd.include_checksum(true).with_context(cannot)?;
    let mut hasher = Sha256::new();
    while let Some(lot) = lines.blocking_recv() {
        hasher.update(&lot);
        zstd.write_all(&lot).with_context(cannot)?;
    }
    let end = End { sha256: hex::encode(hasher.finalize()) };
    zstd.write_all(&json_line(&end)?).with_context(cannot)?;
    zstd.finish().and_then(|mut buffer| buffer.flush()).with_context(cannot)?;
    file.as_file().sync_all().with_context(cannot)?;
    Ok(file)
}

/// What programs that were killed have left: nobody holds its lock. A nightly backup must not fill the disk with it.
fn remove_unfinished(folder: &Path, unfinished: &str) -> std::io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let is_one = entry.file_name().to_string_lossy().starts_with(unfinished);
        if is_one && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn keep(file: NamedTempFile, path: &Path) -> anyhow::Result<()> {
    file.persist(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(())
}
