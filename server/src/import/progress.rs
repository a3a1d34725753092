//! How far an import has come: on stderr, and only where that is a terminal.

use std::io::{IsTerminal as _, Read};

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar over the bytes of all files, or nothing.
#[derive(Debug, Clone)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// Shows nothing.
    #[must_use]
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden() }
    }

    /// A bar for this many bytes, if stderr is a terminal.
    #[must_use]
    pub fn on_stderr(total_bytes: u64) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::hidden();
        }
        let bar = ProgressBar::new(total_bytes);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {eta} {wide_msg}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Names the file that is being read.
    pub fn begin(&self, name: &str) {
        self.bar.set_message(name.to_owned());
    }

    /// Counts what is read.
    pub fn reader<R: Read>(&self, reader: R) -> indicatif::ProgressBarIter<R> {
        self.bar.wrap_read(reader)
    }

    /// Writes beside the bar without breaking it.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
