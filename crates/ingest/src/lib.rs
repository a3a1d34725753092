//! Bytes to domain records: what a file is is recognised by its content, every record by its properties.
//!
//! One pass, bounded memory, no SQL. The steps, each in its own module: `decode` (gzip, zstd, UTF-16), `sniff` (which
//! shape), `shape` (JSON document, JSON lines or table, and the wrappers around records), `kind` (which kind of record),
//! `formats` (one file each), `intake` (what becomes of a record). Phone numbers are masked in `scrub` before anything
//! is taken from a record.
//!
//! A JSON document is good only as a whole, so it is read twice: first to check it, then for its records. Its bytes are
//! kept as they came, in memory or, above 8 MiB, in a temporary file. Lines and rows stand alone and are read once; when
//! such a file breaks off, what was read before stays and the break is a [`Rejection`]. A file in which nothing could be
//! read before the break is refused.

mod canonical;
mod decode;
mod fields;
mod formats;
mod intake;
mod kind;
mod names;
mod refusal;
mod scrub;
mod shape;
mod sniff;
mod spool;
mod text;
mod time;

use std::io::{Read, Seek as _};
use std::ops::ControlFlow;

use domain::record::{Record, Rejection};

pub use refusal::Refusal;
pub use scrub::scrub;
pub use time::{DateOrder, date_in_file_name};

use intake::Intake;
use shape::{document, lines, table};
use sniff::{Shape, WINDOW};
use spool::Spool;

/// What the caller does with what is read. Called in file order.
pub trait Sink {
    /// A record of a kind that is kept; `Break` ends the reading.
    fn record(&mut self, record: Record) -> ControlFlow<()>;
    /// A valid record of a kind that is not kept, e.g. `StorageLogs` or a service principal's sign-in.
    fn skipped(&mut self, kind: &str);
    /// A record that could not be read.
    fn rejected(&mut self, rejection: Rejection);
    /// Reading has come to this byte of the unfolded text; said before each record. Who keeps records can bound them by it.
    fn reached(&mut self, _byte: u64) {}
}

/// What is known of a file besides its bytes.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Which comes first in dates such as `4/5/2021`.
    pub date_order: Option<DateOrder>,
    /// They were asked for by name: events without `@odata.type` are of `userEventsSummary`.
    pub is_events_summary: bool,
}

/// Reads a file of any known format.
///
/// # Errors
/// The file as a whole is refused, with position and reason. Of a refused document nothing has reached the sink.
pub fn read_file(input: impl Read, hints: &Hints, sink: &mut dyn Sink) -> Result<(), Refusal> {
    let mut spool = Spool::new(input);
    let keep = spool.keep();
    let mut intake = Intake::new(sink, hints);
    let mut text = decode::open(&mut spool).map_err(|error| Refusal::unreadable(1, 0, &error))?;
    let place = text.place();
    if let Err(error) = text.peek() {
        return Err(Refusal::unreadable(place.line, place.byte, &error));
    }
    let window = text.window(WINDOW);
    let whole = window.len() < WINDOW;
    match sniff::shape(window, whole).map_err(|reason| Refusal::at(place.line, place.byte, reason))? {
        Shape::Lines => {
            keep.set(false);
            lines::read(text, &mut intake)?;
        }
        Shape::Table(layout) => {
            keep.set(false);
            table::read(text, layout, &mut intake)?;
        }
        Shape::Document => {
            drop(text);
            document_of(spool, &mut intake)?;
        }
    }
    intake.finish()
}

fn document_of(spool: Spool<impl Read>, intake: &mut Intake<'_>) -> Result<(), Refusal> {
    let unreadable = |error: std::io::Error| Refusal::unreadable(1, 0, &error);
    let mut bytes = spool.whole().map_err(unreadable)?;
    let checked = document::check(decode::open(&mut bytes).map_err(unreadable)?);
    bytes.rewind().map_err(unreadable)?;
    let text = decode::open(&mut bytes).map_err(unreadable)?;
    match checked {
        Ok(()) => document::read(text, intake),
        // Lines too long for the window to show their ends: the bad one is set aside like any other.
        Err((_, checked)) if checked.values > 0 && checked.one_line_each => lines::read(text, intake),
        Err((refusal, _)) => Err(refusal),
    }
}
