//! A text being read, with the line and byte that reading has come to.

use std::io::{self, Read};

const CHUNK: usize = 64 * 1024;

/// The longest line, cell or record that is read: enough for any record, small enough for memory to stay bounded.
pub(crate) const MOST_BYTES: usize = 12 * 1024 * 1024;

/// 1-based line and 0-based byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub line: u64,
    pub byte: u64,
}

pub(crate) struct Text<'a> {
    input: Box<dyn Read + 'a>,
    /// What was read is `buffer[at..end]`.
    buffer: Vec<u8>,
    at: usize,
    end: usize,
    place: Place,
}

/// What reading a line came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    Read,
    /// Longer than [`MOST_BYTES`]; it was passed over.
    TooLong,
    End,
}

impl<'a> Text<'a> {
    /// A text whose first byte is byte `start` of the file.
    pub(crate) fn new(input: impl Read + 'a, start: u64) -> Self {
        let place = Place { line: 1, byte: start };
        Self { input: Box::new(input), buffer: vec![0; CHUNK], at: 0, end: 0, place }
    }

    pub(crate) const fn place(&self) -> Place {
        self.place
    }

    /// What comes next, up to `most` bytes, without passing it; shorter only at the end of the text.
    ///
    /// A read error ends the window too: it will come again, with its place, when reading gets there.
    pub(crate) fn window(&mut self, most: usize) -> &[u8] {
        while self.end - self.at < most && matches!(self.fill(), Ok(true)) {}
        &self.buffer[self.at..self.end.min(self.at + most)]
    }

    /// Reads one more chunk; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.buffer.copy_within(self.at..self.end, 0);
        self.end -= self.at;
        self.at = 0;
        if self.end == self.buffer.len() {
            let mut larger = vec![0; self.buffer.len() * 2];
            larger[..self.end].copy_from_slice(&self.buffer);
            self.buffer = larger;
        }
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(n) => {
                    self.end += n;
                    return Ok(n > 0);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    #[inline]
    pub(crate) fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.end && !self.fill()? {
            return Ok(None);
        }
        Ok(Some(self.buffer[self.at]))
    }

    /// Passes the byte that `peek` has shown.
    #[inline]
    pub(crate) fn pass(&mut self) {
        if self.buffer[self.at] == b'\n' {
            self.place.line += 1;
        }
        self.place.byte += 1;
        self.at += 1;
    }

    /// What is at hand without another read; empty only at the end.
    pub(crate) fn at_hand(&mut self) -> io::Result<&[u8]> {
        self.peek()?;
        Ok(&self.buffer[self.at..self.end])
    }

    /// Passes bytes that `at_hand` has shown.
    pub(crate) fn pass_many(&mut self, n: usize) {
        self.place.line += self.buffer[self.at..self.at + n].iter().filter(|byte| **byte == b'\n').count() as u64;
        self.place.byte += n as u64;
        self.at += n;
    }

    /// The next line without its line feed, into `line`.
    pub(crate) fn line(&mut self, line: &mut Vec<u8>) -> io::Result<Line> {
        line.clear();
        let mut too_long = false;
        let mut any = false;
        loop {
            if self.at == self.end && !self.fill()? {
                return Ok(if too_long {
                    Line::TooLong
                } else if any {
                    Line::Read
                } else {
                    Line::End
                });
            }
            any = true;
            let rest = &self.buffer[self.at..self.end];
            let found = rest.iter().position(|b| *b == b'\n');
            let part = &rest[..found.unwrap_or(rest.len())];
            too_long |= line.len() + part.len() > MOST_BYTES;
            if !too_long {
                line.extend_from_slice(part);
            }
            let passed = part.len() + usize::from(found.is_some());
            self.at += passed;
            self.place.byte += passed as u64;
            if found.is_some() {
                self.place.line += 1;
                return Ok(if too_long { Line::TooLong } else { Line::Read });
            }
        }
    }
}

impl Read for Text<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at == self.end && !self.fill()? {
            return Ok(0);
        }
        let n = (self.end - self.at).min(out.len());
        let part = &self.buffer[self.at..self.at + n];
        self.place.line += part.iter().filter(|b| **b == b'\n').count() as u64;
        self.place.byte += n as u64;
        out[..n].copy_from_slice(part);
        self.at += n;
        Ok(n)
    }
}
