//! Why a file as a whole was refused, and where reading stopped.

use std::fmt;
use std::io;

/// The file as a whole is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// 1-based line of the decompressed text.
    pub line: Option<u64>,
    /// 0-based byte of the decompressed text (as UTF-8).
    pub byte: Option<u64>,
    /// A sentence that says what is wrong.
    pub reason: String,
    /// Not the input's fault: for want of room, say. Another time the same may be read.
    pub is_ours: bool,
}

impl Refusal {
    pub(crate) fn at(line: u64, byte: u64, reason: impl Into<String>) -> Self {
        Self { line: Some(line), byte: Some(byte), reason: reason.into(), is_ours: false }
    }

    /// Where a read error happened, in words for the person who chose the file.
    pub(crate) fn unreadable(line: u64, byte: u64, error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::IsADirectory => {
                let reason = "This is a directory, not a file.".into();
                Self { line: None, byte: None, reason, is_ours: false }
            }
            // Of the copies that are made while reading: no input fails like this.
            kind @ (io::ErrorKind::StorageFull | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::OutOfMemory) => {
                let reason = format!("There is no room for reading: {kind}.");
                Self { is_ours: true, ..Self::at(line, byte, reason) }
            }
            _ => Self::at(line, byte, read_error(error)),
        }
    }
}

/// A sentence for a read that broke off.
pub(crate) fn read_error(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "The compressed data ends early: the file is truncated.".into(),
        io::ErrorKind::QuotaExceeded => {
            "The compressed data unfolds to more than 100 times its size, as no report does: it is not read further."
                .into()
        }
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            format!("The data is damaged and cannot be read further: {error}.")
        }
        _ => format!("The file cannot be read further: {error}."),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.byte) {
            (Some(line), Some(byte)) => write!(f, "line {line}, byte {byte}: {}", self.reason),
            (Some(line), None) => write!(f, "line {line}: {}", self.reason),
            (None, Some(byte)) => write!(f, "byte {byte}: {}", self.reason),
            (None, None) => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for Refusal {}
