//! A JSON document read one record at a time, so that a page of any size fits in memory.
//!
//! The scanner cuts the elements of arrays, of `{"value":[…]}` and of `{"records":[…]}` out of the text; everything
//! else it passes over as part of a record, which serde_json then reads strictly. A document is good only as a whole,
//! so the caller lets [`check`] read all of it before [`read`] hands on the first record.

use std::io;

use serde::de::IgnoredAny;

use super::lines::{OVERGROWN, values, without_position};
use super::members::{is_overgrown, is_wrapper_key};
use crate::intake::Intake;
use crate::refusal::{Refusal, read_error};
use crate::text::{MOST_BYTES, Place, Text};

/// Arrays and wrappers around a record.
const DEEPEST: usize = 16;

/// What a document was found to hold.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Checked {
    /// Values at the top that came before the end, or before the failure.
    pub values: u64,
    /// Whether each of them stood on one line, as in JSON lines.
    pub one_line_each: bool,
}

/// Reads a whole document without keeping any of it.
pub(crate) fn check(text: Text<'_>) -> Result<(), (Refusal, Checked)> {
    let mut scanner = Scanner::new(text);
    let mut item = Vec::new();
    loop {
        let refused = match scanner.next(&mut item) {
            Ok(None) => return Ok(()),
            Ok(Some(Cut { too_long: true, .. })) => continue,
            Ok(Some(cut)) => match strictly(&item, cut.place, 0) {
                Ok(()) => continue,
                Err(refusal) => refusal,
            },
            Err(refusal) => refusal,
        };
        return Err((refused, scanner.checked));
    }
}

/// Hands on every record of a document that [`check`] has found good.
pub(crate) fn read(text: Text<'_>, intake: &mut Intake<'_>) -> Result<(), Refusal> {
    let mut scanner = Scanner::new(text);
    let mut item = Vec::new();
    while let Some(cut) = scanner.next(&mut item)? {
        if cut.too_long {
            if intake.reject(cut.place, "The record is longer than 12 MiB.", &item)?.is_break() {
                return Ok(());
            }
            continue;
        }
        let text = std::str::from_utf8(&item).ok();
        if text.is_some_and(is_overgrown) {
            if intake.reject(cut.place, OVERGROWN, &item)?.is_break() {
                return Ok(());
            }
            continue;
        }
        match text.map(values) {
            Some(Ok(values)) => {
                for value in values {
                    if intake.value(value, cut.place)?.is_break() {
                        return Ok(());
                    }
                }
            }
            // The check passes over depth; only building the value meets the limit.
            Some(Err(error)) => {
                let reason = format!("The record cannot be read: {}.", without_position(&error));
                if intake.reject(cut.place, &reason, &item)?.is_break() {
                    return Ok(());
                }
            }
            None => return Err(Refusal::at(cut.place.line, cut.place.byte, "The record is not valid UTF-8.")),
        }
    }
    Ok(())
}

/// Reads a piece of JSON strictly; `ahead` bytes at its front are not from the text.
fn strictly(piece: &[u8], place: Place, ahead: usize) -> Result<(), Refusal> {
    let at = |offset: usize, reason: String| {
        let before = &piece[ahead.min(piece.len())..offset.clamp(ahead, piece.len())];
        let lines = before.iter().filter(|b| **b == b'\n').count() as u64;
        Refusal::at(place.line + lines, place.byte + before.len() as u64, reason)
    };
    let text = std::str::from_utf8(piece)
        .map_err(|error| at(error.valid_up_to(), "The text is not valid UTF-8.".to_owned()))?;
    serde_json::from_str::<IgnoredAny>(text).map(|_| ()).map_err(|error| {
        let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let offset = line_start + error.column().saturating_sub(1);
        at(offset, format!("The JSON is not valid: {}. Nothing of the file was imported.", without_position(&error)))
    })
}

struct Cut {
    place: Place,
    too_long: bool,
}

enum Frame {
    Array {
        any: bool,
    },
    /// An object whose `value` or `records` is being read.
    Wrapper,
}

/// What reading an object came to.
enum Object {
    Record {
        too_long: bool,
    },
    /// It wraps records: their array has begun, its frame stands above the wrapper's.
    ArrayBegun,
    WrapperEnded,
}

struct Scanner<'a> {
    text: Text<'a>,
    frames: Vec<Frame>,
    checked: Checked,
    top_line: u64,
}

impl<'a> Scanner<'a> {
    fn new(text: Text<'a>) -> Self {
        Self { text, frames: Vec::new(), checked: Checked { values: 0, one_line_each: true }, top_line: 1 }
    }

    /// Cuts the next record into `item`.
    fn next(&mut self, item: &mut Vec<u8>) -> Result<Option<Cut>, Refusal> {
        loop {
            let next = self.after_space()?;
            match self.frames.last_mut() {
                None if next.is_none() => return Ok(None),
                None => self.top_line = self.text.place().line,
                Some(Frame::Wrapper) => {
                    if matches!(self.object(item, true)?, Object::WrapperEnded) {
                        self.frames.pop();
                        self.value_ended();
                    }
                    continue;
                }
                Some(Frame::Array { any }) => {
                    if next == Some(b']') {
                        self.text.pass();
                        self.frames.pop();
                        self.value_ended();
                        continue;
                    }
                    if std::mem::replace(any, true) {
                        if next.is_none() {
                            return Err(self.refuse("it ends in the middle of an array"));
                        }
                        if next != Some(b',') {
                            return Err(self.refuse("an array needs `,` or `]` here"));
                        }
                        self.text.pass();
                        if self.after_space()? == Some(b']') {
                            return Err(self.refuse("a `,` stands before the end of an array"));
                        }
                    }
                }
            }
            let place = self.text.place();
            match self.after_space()? {
                None => return Err(self.refuse("it ends in the middle of an array")),
                Some(b'[') => {
                    self.text.pass();
                    self.enter(Frame::Array { any: false })?;
                }
                Some(b'{') => {
                    if let Object::Record { too_long } = self.object(item, false)? {
                        self.value_ended();
                        return Ok(Some(Cut { place, too_long }));
                    }
                }
                Some(_) => {
                    let too_long = self.scalar(item)?;
                    self.value_ended();
                    return Ok(Some(Cut { place, too_long }));
                }
            }
        }
    }

    fn value_ended(&mut self) {
        if self.frames.is_empty() {
            self.checked.values += 1;
            self.checked.one_line_each &= self.top_line == self.text.place().line;
        }
    }

    fn enter(&mut self, frame: Frame) -> Result<(), Refusal> {
        if self.frames.len() >= DEEPEST {
            return Err(self.refuse("arrays are nested more than 16 deep"));
        }
        self.frames.push(frame);
        Ok(())
    }

    /// Reads an object, or what is left of a wrapper after its array.
    fn object(&mut self, item: &mut Vec<u8>, rest_of_wrapper: bool) -> Result<Object, Refusal> {
        const STAND_IN: &[u8] = b"{\"\":0";
        let place = self.text.place();
        let mut kept = Kept { bytes: item, too_long: false };
        kept.bytes.clear();
        let ahead = if rest_of_wrapper { STAND_IN.len() } else { 0 };
        if rest_of_wrapper {
            kept.bytes.extend_from_slice(STAND_IN);
        }
        let mut depth = usize::from(rest_of_wrapper);
        let mut key: Option<(usize, usize)> = None;
        loop {
            let Some(byte) = self.peek()? else { return Err(self.refuse("it ends in the middle of an object")) };
            match byte {
                b'"' => {
                    let start = kept.bytes.len();
                    self.string(&mut kept)?;
                    if depth == 1 {
                        key = Some((start + 1, kept.bytes.len().saturating_sub(1)));
                    }
                    continue;
                }
                b':' if depth == 1 => {
                    let wraps = key
                        .take()
                        .and_then(|(start, end)| kept.bytes.get(start..end))
                        .is_some_and(|key| std::str::from_utf8(key).is_ok_and(is_wrapper_key));
                    kept.push(byte);
                    self.text.pass();
                    if wraps && self.after_space()? == Some(b'[') {
                        kept.bytes.extend_from_slice(b"0}");
                        strictly(kept.bytes, place, ahead)?;
                        self.text.pass();
                        if !rest_of_wrapper {
                            self.enter(Frame::Wrapper)?;
                        }
                        self.enter(Frame::Array { any: false })?;
                        return Ok(Object::ArrayBegun);
                    }
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            kept.push(byte);
            self.text.pass();
            if depth == 0 {
                if rest_of_wrapper {
                    strictly(kept.bytes, place, ahead)?;
                    return Ok(Object::WrapperEnded);
                }
                return Ok(Object::Record { too_long: kept.too_long });
            }
        }
    }

    fn string(&mut self, kept: &mut Kept<'_>) -> Result<(), Refusal> {
        let mut escaped = true; // the opening quote does not close
        loop {
            if !escaped {
                // Most of a file is the inside of texts: passed over in pieces, not byte by byte.
                let place = self.text.place();
                let at_hand = self.text.at_hand().map_err(|error| broken(place, &error))?;
                let plain = at_hand.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(at_hand.len());
                kept.push_all(&at_hand[..plain]);
                self.text.pass_many(plain);
            }
            let Some(byte) = self.peek()? else { return Err(self.refuse("it ends in the middle of a text")) };
            kept.push(byte);
            self.text.pass();
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return Ok(()),
                _ => {}
            }
        }
    }

    /// A text, number or word outside an object.
    fn scalar(&mut self, item: &mut Vec<u8>) -> Result<bool, Refusal> {
        item.clear();
        let mut kept = Kept { bytes: item, too_long: false };
        if self.peek()? == Some(b'"') {
            self.string(&mut kept)?;
            return Ok(kept.too_long);
        }
        while let Some(byte) = self.peek()?
            && !matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\r' | b'\n')
        {
            kept.push(byte);
            self.text.pass();
        }
        if kept.bytes.is_empty() {
            return Err(self.refuse("a value is missing here"));
        }
        Ok(kept.too_long)
    }

    fn after_space(&mut self) -> Result<Option<u8>, Refusal> {
        loop {
            match self.peek()? {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.text.pass(),
                next => return Ok(next),
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, Refusal> {
        let place = self.text.place();
        self.text.peek().map_err(|error| broken(place, &error))
    }

    fn refuse(&self, what: &str) -> Refusal {
        let place = self.text.place();
        let reason = format!("The JSON is not valid: {what}. Nothing of the file was imported.");
        Refusal::at(place.line, place.byte, reason)
    }
}

fn broken(place: Place, error: &io::Error) -> Refusal {
    Refusal::at(place.line, place.byte, format!("{} Nothing of the file was imported.", read_error(error)))
}

/// The bytes of a record, up to the limit; a longer one is scanned to its end without being kept.
struct Kept<'a> {
    bytes: &'a mut Vec<u8>,
    too_long: bool,
}

impl Kept<'_> {
    fn push_all(&mut self, bytes: &[u8]) {
        let room = (MOST_BYTES - self.bytes.len().min(MOST_BYTES)).min(bytes.len());
        self.bytes.extend_from_slice(&bytes[..room]);
        self.too_long |= room < bytes.len();
    }

    #[inline]
    fn push(&mut self, byte: u8) {
        if self.bytes.len() < MOST_BYTES {
            self.bytes.push(byte);
        } else {
            self.too_long = true;
        }
    }
}
