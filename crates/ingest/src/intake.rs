//! What happens to each value read: recognised, read as its kind, handed on; or held back until a date decides.

use std::io::{self, BufRead as _, BufReader, BufWriter, Seek as _, Write as _};
use std::ops::ControlFlow;

use domain::record::{Record, RecordKind, Rejection};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tempfile::SpooledTempFile;

use crate::formats;
use crate::refusal::Refusal;
use crate::scrub::scrub_unparsed;
use crate::shape::{Unwrapped, unwrap};
use crate::text::Place;
use crate::time::Clock;
use crate::{Hints, Sink, canonical};

/// Whether a record came as JSON or as a row: in a row an empty cell can be an empty list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Source {
    Json,
    Table,
}

/// What a record turned out to be.
#[derive(Debug)]
pub(crate) enum Outcome {
    Record(Record),
    Skipped(String),
    Rejected(String),
    /// A date such as `4/5/2021`, and nothing so far has told days from months.
    Ambiguous(String),
}

pub(crate) struct Intake<'a> {
    sink: &'a mut dyn Sink,
    clock: Clock,
    untouched: bool,
    /// Records that could be read, kept or not.
    read: u64,
    rejected: u64,
    held: Option<Held>,
    steps: Steps,
    is_events_summary: bool,
}

/// Everything since the first ambiguous date, in file order, until a later date decides.
struct Held {
    file: BufWriter<SpooledTempFile>,
    first: Place,
    date: String,
}

#[derive(Serialize, Deserialize)]
enum HeldItem {
    Record { source: Source, value: Value, line: u64, byte: u64 },
    Rejection(Rejection),
}

/// Held items stay in memory up to this size, then go to a temporary file.
const HELD_IN_MEMORY: usize = 4 * 1024 * 1024;
const EXCERPT_CHARACTERS: usize = 500;
/// A file of which nothing else has come so far is no report: a few kilobytes can unfold to millions of such lines.
const MOST_REJECTED_ALONE: u64 = 10_000;

impl<'a> Intake<'a> {
    pub(crate) fn new(sink: &'a mut dyn Sink, hints: &Hints) -> Self {
        Self {
            sink,
            clock: Clock::new(hints.date_order),
            untouched: true,
            read: 0,
            rejected: 0,
            held: None,
            steps: Steps::default(),
            is_events_summary: hints.is_events_summary,
        }
    }

    /// Whether nothing has been read yet: then the file as a whole can be refused.
    pub(crate) const fn is_untouched(&self) -> bool {
        self.untouched
    }

    /// Every record inside a JSON value.
    pub(crate) fn value(&mut self, value: Value, place: Place) -> Result<ControlFlow<()>, Refusal> {
        let mut result = Ok(ControlFlow::Continue(()));
        unwrap(value, &mut |unwrapped| {
            if !matches!(result, Ok(ControlFlow::Continue(()))) {
                return;
            }
            result = match unwrapped {
                Unwrapped::Record(value) => self.record(Source::Json, value, place),
                Unwrapped::Other(reason, value) => self.reject(place, reason, value.to_string().as_bytes()),
            };
        });
        result
    }

    pub(crate) fn record(
        &mut self,
        source: Source,
        mut value: Value,
        place: Place,
    ) -> Result<ControlFlow<()>, Refusal> {
        self.untouched = false;
        let outcome = formats::read(source, &mut value, &mut self.clock);
        if self.held.is_none() {
            let Outcome::Ambiguous(date) = outcome else { return self.deliver(outcome, &value, place) };
            let file = BufWriter::new(SpooledTempFile::new(HELD_IN_MEMORY));
            self.held = Some(Held { file, first: place, date });
        }
        self.hold(&HeldItem::Record { source, value, line: place.line, byte: place.byte })?;
        if self.clock.order().is_some() { self.release() } else { Ok(ControlFlow::Continue(())) }
    }

    /// Sets aside what could not be read at all. An error: there has been nothing else.
    pub(crate) fn reject(&mut self, place: Place, reason: &str, raw: &[u8]) -> Result<ControlFlow<()>, Refusal> {
        self.untouched = false;
        self.rejected += 1;
        if self.rejected > MOST_REJECTED_ALONE && self.read == 0 {
            let why = format!("None of the first {MOST_REJECTED_ALONE} records could be read: nothing after them was.");
            return Err(Refusal::at(place.line, place.byte, why));
        }
        let rejection = Rejection {
            line: Some(place.line),
            byte: Some(place.byte),
            reason: scrub_unparsed(reason),
            excerpt: excerpt(&String::from_utf8_lossy(&raw[..raw.len().min(8 * EXCERPT_CHARACTERS)])),
        };
        if self.held.is_some() {
            // A full disk shows when the next record is held.
            let _ = self.hold(&HeldItem::Rejection(rejection));
        } else {
            self.sink.rejected(rejection);
        }
        Ok(ControlFlow::Continue(()))
    }

    /// The end of the file: what is still held back was never decided.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        let Some(held) = self.held else { return Ok(()) };
        let reason = format!(
            "Day and month cannot be told apart in `{}`, and no other date of the file decides it. \
             Say which comes first with --date-order dmy or --date-order mdy.",
            scrub_unparsed(&held.date)
        );
        Err(Refusal::at(held.first.line, held.first.byte, reason))
    }

    fn deliver(&mut self, outcome: Outcome, value: &Value, place: Place) -> Result<ControlFlow<()>, Refusal> {
        match outcome {
            Outcome::Record(mut record) => {
                self.read += 1;
                self.sink.reached(place.byte);
                self.steps.place(&mut record);
                if let Record::Event(event) = &mut record
                    && self.is_events_summary
                {
                    event.kind = RecordKind::UserEventsSummary;
                }
                Ok(self.sink.record(record))
            }
            Outcome::Skipped(kind) => {
                self.read += 1;
                self.sink.skipped(&kind);
                Ok(ControlFlow::Continue(()))
            }
            Outcome::Rejected(reason) => self.reject(place, &reason, value.to_string().as_bytes()),
            Outcome::Ambiguous(date) => {
                self.reject(place, &format!("`{date}` is not a time."), value.to_string().as_bytes())
            }
        }
    }

    fn hold(&mut self, item: &HeldItem) -> Result<(), Refusal> {
        let Some(held) = &mut self.held else { return Ok(()) };
        let written = serde_json::to_writer(&mut held.file, item).map_err(io::Error::from);
        written.and_then(|()| held.file.write_all(b"\n")).map_err(|error| no_space(&error))
    }

    /// A date has decided: everything held back goes on, in its order.
    fn release(&mut self) -> Result<ControlFlow<()>, Refusal> {
        let Some(held) = self.held.take() else { return Ok(ControlFlow::Continue(())) };
        let mut file = held.file.into_inner().map_err(|error| no_space(error.error()))?;
        file.rewind().map_err(|error| no_space(&error))?;
        let mut file = BufReader::new(file);
        let mut line = Vec::new();
        while file.read_until(b'\n', &mut line).map_err(|error| no_space(&error))? > 0 {
            let item = serde_json::from_slice(&line).map_err(|error| no_space(&io::Error::from(error)))?;
            match item {
                HeldItem::Rejection(rejection) => self.sink.rejected(rejection),
                HeldItem::Record { source, mut value, line, byte } => {
                    let outcome = formats::read(source, &mut value, &mut self.clock);
                    if self.deliver(outcome, &value, Place { line, byte })?.is_break() {
                        return Ok(ControlFlow::Break(()));
                    }
                }
            }
            line.clear();
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// Steps of a sign-in stand one after the other in a file of their own: their positions are their order.
#[derive(Default)]
struct Steps {
    record_id: String,
    next: i64,
}

impl Steps {
    fn place(&mut self, record: &mut Record) {
        let Record::SignInSteps(one) = record else { return };
        if one.record_id != self.record_id {
            *self = Self { record_id: one.record_id.clone(), next: 0 };
        }
        one.step.sequence.get_or_insert(self.next);
        self.next += 1;
    }
}

fn no_space(error: &io::Error) -> Refusal {
    let reason = format!("The temporary file that importing needs cannot be used: {error}.");
    Refusal { line: None, byte: None, reason, is_ours: true }
}

/// The beginning of what was refused, scrubbed before it is cut so that no half number slips through.
fn excerpt(raw: &str) -> String {
    let scrubbed = scrub_unparsed(&canonical::without_nul(raw));
    scrubbed.chars().take(EXCERPT_CHARACTERS).collect()
}
