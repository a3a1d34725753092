//! Lists as files, and those that are written in the background.

use serde::{Deserialize, Serialize};

use crate::instant::Instant;
use crate::named;
use crate::view::ViewPage;

named! {
    /// A way to write a list down. Stored by position: append only.
    pub enum Format {
        Csv => "csv",
        Xlsx => "xlsx",
        Jsonl => "jsonl",
        /// No rows, but how they were counted.
        Txt => "txt",
    }
}

impl Format {
    /// Those that hold the rows.
    pub const OF_ROWS: &'static [Self] = &[Self::Csv, Self::Xlsx, Self::Jsonl];

    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Jsonl => "application/jsonl; charset=utf-8",
            Self::Txt => "text/plain; charset=utf-8",
        }
    }
}

named! {
    /// How far a background export has come. Stored by position: append only.
    pub enum ExportState {
        Queued => "queued",
        Running => "running",
        /// The file is whole, and can be had.
        Done => "done",
        Failed => "failed",
        /// The file was thrown away before its time, since what is in it may no longer be kept.
        Ended => "ended",
    }
}

impl ExportState {
    /// Whether nothing more becomes of it by itself.
    #[must_use]
    pub const fn is_over(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

named! {
    /// Why there is no file. Stored by position: append only.
    pub enum ExportProblem {
        /// The list could not be read, or the file not be stored.
        NotWritten => "not_written",
        /// As often as it was written, another number of rows came out than the list has: records come in.
        Changed => "changed",
        /// The author's role is another than when the file was asked for, or gone.
        RoleChanged => "role_changed",
        /// All stored files together may not be larger.
        NoRoom => "no_room",
        /// It broke off, with the program, each time it was begun.
        BrokeOff => "broke_off",
        /// The list does not take what was asked for any more.
        QueryRefused => "query_refused",
        /// Somebody was erased.
        Erased => "erased",
        /// An import was taken back.
        Undone => "undone",
        /// Days went that no rule keeps.
        Retained => "retained",
    }
}

impl ExportProblem {
    /// A sentence for programs; pages have theirs in `locales/`.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotWritten => {
                "The list could not be written to its end; the server's log says why. Ask for it again."
            }
            Self::Changed => {
                "Records that came in meanwhile changed the list each time it was written. Ask for it again later."
            }
            Self::RoleChanged => "The role of who asked for it is another now. Ask for it again.",
            Self::NoRoom => "There is no room for the file. Delete others, ask for less, or download it directly.",
            Self::BrokeOff => "The server was stopped each time it wrote the file. Ask for it again.",
            Self::QueryRefused => "The list no longer takes what was asked for.",
            Self::Erased => "A person has been erased since. Ask for the file again.",
            Self::Undone => "An import has been taken back since. Ask for the file again.",
            Self::Retained => "Days that are no longer kept have gone since. Ask for the file again.",
        }
    }
}

/// A list that is written to a file in the background, as its author sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportItem {
    pub id: i64,
    pub list: ViewPage,
    /// The list's query string, with its instant; empty where it may no longer be kept.
    pub query: String,
    pub format: Format,
    pub file_name: String,
    pub state: ExportState,
    /// Written so far; of a whole file all.
    pub rows: i64,
    /// As many as the list's page says; `None` before the first is read, and where the page says "more than".
    pub rows_total: Option<i64>,
    /// Of the whole file.
    pub bytes: Option<i64>,
    pub problem: Option<ExportProblem>,
    pub created_at: Instant,
    pub started_at: Option<Instant>,
    pub finished_at: Option<Instant>,
    /// When it goes away.
    pub expires_at: Instant,
}
