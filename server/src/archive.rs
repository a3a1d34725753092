//! A database as one file that is of no engine: a backup, and what it is restored from.
//!
//! One zstd stream of JSON lines: a [`Header`]; for each table a [`Begin`], its rows as arrays, and its [`TableSum`];
//! at the end an [`End`] with the SHA-256 of all before. Bytes are `{"b": base64}`.

mod line;
mod reader;
mod writer;

pub use reader::{Content, Damaged, check, restore};
pub use writer::back_up;

use domain::instant::Instant;
use serde::{Deserialize, Serialize};
use store::TableShape;

/// What the first line calls itself.
const FORMAT: &str = "keyroll-backup";
const VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Header {
    format: String,
    version: u32,
    /// The number of the database's last migration.
    pub schema: i64,
    pub made_at: Instant,
}

/// The line before a table's rows.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Begin {
    table: TableShape,
}

/// The last line.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct End {
    /// Of every byte of the lines before.
    sha256: String,
}
