//! A file into a database: read to its end first, so that nothing of a damaged one is ever stored.

use std::fs::File;
use std::io::{BufRead, BufReader, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use store::{Load, PostgresTls, Row, Services, TableShape, TableSum};
use tokio::sync::mpsc::{Sender, channel};

use super::{Begin, End, FORMAT, Header, VERSION, line};

/// No row is longer: bounds memory, whatever is in the file.
const LONGEST: u64 = 64 << 20;
/// Rows given to the database together.
const LOT: usize = 1000;
/// Lots on their way to the database.
const WAITING: usize = 4;

/// Why a file is not restored.
#[derive(Debug, thiserror::Error)]
pub enum Damaged {
    #[error("{0} cannot be read: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("{0} is no backup of Keyroll")]
    Foreign(PathBuf),
    #[error("{0} was made by a newer Keyroll; restore it with that one")]
    Newer(PathBuf),
    #[error("{0} is not what was written, or not all of it ({1}); nothing was restored")]
    Changed(PathBuf, String),
}

/// What a file holds, by what it says of itself.
#[derive(Debug, Clone)]
pub struct Content {
    pub header: Header,
    pub tables: Vec<(TableShape, TableSum)>,
}

/// A line after the header.
#[derive(Deserialize)]
#[serde(untagged)]
enum Mark {
    Begin(Begin),
    Sum(TableSum),
    End(End),
}

struct Lines<R> {
    path: PathBuf,
    from: R,
    line: Vec<u8>,
    hasher: Sha256,
}

fn open(path: &Path) -> Result<Lines<impl BufRead>, Damaged> {
    let unreadable = |error| Damaged::Unreadable(path.to_owned(), error);
    let file = File::open(path).map_err(unreadable)?;
    let zstd = zstd::Decoder::new(file).map_err(unreadable)?;
    Ok(Lines { path: path.to_owned(), from: BufReader::new(zstd), line: Vec::new(), hasher: Sha256::new() })
}

impl<R: BufRead> Lines<R> {
    /// Reads the next line, without its end; `false` after the last.
    fn next(&mut self) -> Result<bool, Damaged> {
        self.line.clear();
        let read = self.from.by_ref().take(LONGEST).read_until(b'\n', &mut self.line);
        if read.map_err(|error| self.changed(&error.to_string()))? == 0 {
            return Ok(false);
        }
        if self.line.last() != Some(&b'\n') {
            return Err(self.changed("a line has no end"));
        }
        Ok(true)
    }

    fn header(&mut self) -> Result<Header, Damaged> {
        let foreign = Damaged::Foreign(self.path.clone());
        match self.next() {
            Ok(true) => {}
            // What zstd cannot read at all is something else.
            Ok(false) | Err(_) => return Err(foreign),
        }
        self.hasher.update(&self.line);
        let header: Header = serde_json::from_slice(&self.line).map_err(|_| foreign)?;
        if header.format != FORMAT {
            return Err(Damaged::Foreign(self.path.clone()));
        }
        if header.version > VERSION {
            return Err(Damaged::Newer(self.path.clone()));
        }
        Ok(header)
    }

    /// Goes over all lines after the header; `each` gets the rows, some at a time.
    fn tables(
        &mut self,
        mut each: impl FnMut(&TableShape, Vec<Row>) -> bool,
    ) -> Result<Vec<(TableShape, TableSum)>, Damaged> {
        let mut tables: Vec<(TableShape, TableSum)> = Vec::new();
        let mut current: Option<(TableShape, u64)> = None;
        let mut lot = Vec::new();
        while self.next()? {
            if self.line.first() == Some(&b'[') {
                let Some((table, rows)) = &mut current else { return Err(self.changed("a row without a table")) };
                let row = line::read(&self.line, table.columns.len());
                let Some(row) = row else { return Err(self.changed("a line is no row")) };
                *rows += 1;
                lot.push(row);
                if lot.len() == LOT && !each(table, std::mem::take(&mut lot)) {
                    return Ok(tables);
                }
                self.hasher.update(&self.line);
                continue;
            }
            let mark: Mark = serde_json::from_slice(&self.line).map_err(|error| self.changed(&error.to_string()))?;
            match mark {
                Mark::Begin(Begin { table }) if current.is_none() => current = Some((table, 0)),
                Mark::Sum(sum) => {
                    let Some((table, rows)) = current.take() else { return Err(self.changed("a sum of no table")) };
                    if (&table.name, rows) != (&sum.name, sum.rows) {
                        return Err(self.changed(&format!("{} has {rows} rows of {}", table.name, sum.rows)));
                    }
                    if !lot.is_empty() && !each(&table, std::mem::take(&mut lot)) {
                        return Ok(tables);
                    }
                    tables.push((table, sum));
                }
                Mark::End(End { sha256 }) if current.is_none() => return self.end(&sha256, tables),
                Mark::Begin(_) | Mark::End(_) => return Err(self.changed("a table has no end")),
            }
            self.hasher.update(&self.line);
        }
        Err(self.changed("its end is missing"))
    }

    fn end(
        &mut self,
        sha256: &str,
        tables: Vec<(TableShape, TableSum)>,
    ) -> Result<Vec<(TableShape, TableSum)>, Damaged> {
        if hex::encode(self.hasher.finalize_reset()) != sha256 {
            return Err(self.changed("its SHA-256 is another"));
        }
        if self.next()? {
            return Err(self.changed("something stands after its end"));
        }
        Ok(tables)
    }

    fn changed(&self, what: &str) -> Damaged {
        Damaged::Changed(self.path.clone(), what.to_owned())
    }
}

/// Reads a file to its end.
///
/// # Errors
/// It is no backup, or not as it was written.
pub async fn check(path: &Path) -> anyhow::Result<Content> {
    let path = path.to_owned();
    let content = tokio::task::spawn_blocking(move || {
        let mut lines = open(&path)?;
        let header = lines.header()?;
        Ok::<_, Damaged>(Content { header, tables: lines.tables(|_, _| true)? })
    });
    Ok(content.await??)
}

/// Fills the empty database at `url` with what a file holds: all of it or nothing.
///
/// # Errors
/// The file is damaged, or the database is not empty.
pub async fn restore(path: &Path, url: &str, tls: PostgresTls) -> anyhow::Result<Content> {
    let content = check(path).await?;
    let mut load = Services::receive_dump(url, tls, content.header.schema).await?;
    let (rows, mut received) = channel(WAITING);
    let from = path.to_owned();
    let reading = tokio::task::spawn_blocking(move || read_rows(&from, &rows));
    while let Some((table, lot)) = received.recv().await {
        store_lot(&mut load, &table, lot).await?;
    }
    reading.await??;
    load.finish(&content.tables).await?;
    Ok(content)
}

async fn store_lot(load: &mut Load, table: &TableShape, lot: Vec<Row>) -> anyhow::Result<()> {
    Ok(load.rows(table, lot).await?)
}

fn read_rows(path: &Path, rows: &Sender<(TableShape, Vec<Row>)>) -> Result<(), Damaged> {
    let mut lines = open(path)?;
    lines.header()?;
    lines.tables(|table, lot| rows.blocking_send((table.clone(), lot)).is_ok())?;
    Ok(())
}
