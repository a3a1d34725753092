//! A copy of the bytes read, so that a document can be read a second time.

use std::cell::Cell;
use std::io::{self, Read, Seek as _, Write as _};
use std::rc::Rc;

use tempfile::SpooledTempFile;

/// Stays in memory up to this size, then goes to a temporary file.
const IN_MEMORY: usize = 8 * 1024 * 1024;

/// Keeps what is read, as it came (compressed files stay small), until told that once is enough.
pub(crate) struct Spool<R> {
    input: R,
    copy: SpooledTempFile,
    keep: Rc<Cell<bool>>,
}

impl<R: Read> Spool<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, copy: SpooledTempFile::new(IN_MEMORY), keep: Rc::new(Cell::new(true)) }
    }

    /// Set to false, nothing more is kept.
    pub(crate) fn keep(&self) -> Rc<Cell<bool>> {
        Rc::clone(&self.keep)
    }

    /// All of the input, from its beginning, to be read as often as need be.
    pub(crate) fn whole(mut self) -> io::Result<SpooledTempFile> {
        io::copy(&mut self.input, &mut self.copy)?;
        self.copy.rewind()?;
        Ok(self.copy)
    }
}

impl<R: Read> Read for Spool<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(out)?;
        if self.keep.get() {
            self.copy.write_all(&out[..n])?;
        }
        Ok(n)
    }
}
