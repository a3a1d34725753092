//! From bytes as they came to UTF-8 text: gzip or zstd by magic bytes, encoding by byte order mark. All streaming, and what is
//! compressed is not let unfold without end.

use std::cell::Cell;
use std::io::{self, BufRead as _, BufReader, Cursor, Read};
use std::rc::Rc;

use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use flate2::bufread::MultiGzDecoder;

use crate::text::Text;

/// The largest zstd window taken: what `zstd --ultra -20` needs. It stays in memory.
const ZSTD_WINDOW_LOG: u32 = 25;
/// Reports come to a fifth or a twentieth of their size. What unfolds to more than this many times its own is made to.
const MOST_TIMES: u64 = 100;
/// So many bytes may come of however few.
const UNFOLDED_ANYHOW: u64 = 64 << 20;
const CHUNK: usize = 32 * 1024;

/// The text of a file, whatever it is wrapped in.
pub(crate) fn open<'a>(mut input: impl Read + 'a) -> io::Result<Text<'a>> {
    let magic = first_bytes(&mut input, 4)?;
    let gzip = magic.starts_with(&[0x1f, 0x8b]);
    let zstandard = magic == [0x28, 0xb5, 0x2f, 0xfd];
    let taken = Rc::new(Cell::new(0));
    let counted = Counted { input: Cursor::new(magic).chain(input), taken: Rc::clone(&taken) };
    let input = BufReader::with_capacity(CHUNK, counted);
    if gzip {
        return text(Unfolded { decoder: MultiGzDecoder::new(input), taken, given: 0 });
    }
    if zstandard {
        let mut decoder = zstd::stream::read::Decoder::with_buffer(input)?;
        decoder.window_log_max(ZSTD_WINDOW_LOG)?;
        return text(Unfolded { decoder, taken, given: 0 });
    }
    text(input)
}

/// Counts what is read of a compressed file.
struct Counted<R> {
    input: R,
    taken: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.input.read(out)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

/// Stops where too much comes of too little.
struct Unfolded<R> {
    decoder: R,
    taken: Rc<Cell<u64>>,
    given: u64,
}

impl<R: Read> Read for Unfolded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given > UNFOLDED_ANYHOW && self.given / MOST_TIMES > self.taken.get() {
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        let n = self.decoder.read(out)?;
        self.given += n as u64;
        Ok(n)
    }
}

fn text<'a>(mut input: impl Read + 'a) -> io::Result<Text<'a>> {
    let mark = first_bytes(&mut input, 3)?;
    if mark == [0xef, 0xbb, 0xbf] {
        return Ok(Text::new(input, 3));
    }
    let encoding = match mark.as_slice() {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        _ => None,
    };
    let input = Cursor::new(mark).chain(input);
    let Some(encoding) = encoding else { return Ok(Text::new(input, 0)) };
    let input = BufReader::with_capacity(CHUNK, input);
    let decoder = encoding.new_decoder_with_bom_removal();
    Ok(Text::new(Transcoder { input, decoder, ready: Vec::new(), given: 0, ended: false }, 0))
}

/// Up to `most` bytes; fewer only at the end of the input. A reader may give one byte at a time.
fn first_bytes(input: &mut impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    input.by_ref().take(most).read_to_end(&mut head)?;
    Ok(head)
}

/// UTF-16 to UTF-8, in bounded pieces.
struct Transcoder<R> {
    input: BufReader<R>,
    decoder: Decoder,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Read for Transcoder<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            let source = self.input.fill_buf()?;
            let last = source.is_empty();
            self.ready.resize(CHUNK, 0);
            let (result, read, written, _) = self.decoder.decode_to_utf8(source, &mut self.ready, last);
            self.input.consume(read);
            self.ready.truncate(written);
            self.given = 0;
            self.ended = last && result == CoderResult::InputEmpty;
        }
        let n = (self.ready.len() - self.given).min(out.len());
        out[..n].copy_from_slice(&self.ready[self.given..self.given + n]);
        self.given += n;
        Ok(n)
    }
}
