//! JSON lines: each line stands alone, so a bad one is set aside and the rest is read.

use std::ops::ControlFlow;

use serde_json::Value;

use super::members::is_overgrown;
use crate::intake::Intake;
use crate::refusal::{Refusal, read_error};
use crate::text::{Line, Place, Text};

/// Said of a line or record with more values than fit in memory.
pub(super) const OVERGROWN: &str = "It holds more values than a record can have.";

pub(crate) fn read(mut text: Text<'_>, intake: &mut Intake<'_>) -> Result<(), Refusal> {
    let mut line = Vec::new();
    loop {
        let place = text.place();
        let read = text.line(&mut line);
        let flow = match read {
            Ok(Line::End) => return Ok(()),
            Ok(Line::TooLong) => intake.reject(place, "The line is longer than 12 MiB.", &line)?,
            Ok(Line::Read) => one(&line, place, intake)?,
            Err(error) if intake.is_untouched() => {
                return Err(Refusal::unreadable(text.place().line, text.place().byte, &error));
            }
            // What was read before the break stays: each line is whole in itself.
            Err(error) => {
                return intake.reject(text.place(), &read_error(&error), &line).map(|_| ());
            }
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

fn one(line: &[u8], place: Place, intake: &mut Intake<'_>) -> Result<ControlFlow<()>, Refusal> {
    let text = match std::str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => {
            let at = Place { line: place.line, byte: place.byte + error.valid_up_to() as u64 };
            return intake.reject(at, "The line is not valid UTF-8.", line);
        }
    };
    if text.trim().is_empty() {
        return Ok(ControlFlow::Continue(()));
    }
    if is_overgrown(text) {
        return intake.reject(place, OVERGROWN, line);
    }
    match values(text) {
        Ok(values) => {
            for value in values {
                if intake.value(value, place)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        }
        Err(error) => {
            let at = Place { line: place.line, byte: place.byte + error.column().saturating_sub(1) as u64 };
            intake.reject(at, &format!("The line is not valid JSON: {}.", without_position(&error)), line)
        }
    }
}

/// All values of a line; usually one.
pub(crate) fn values(text: &str) -> Result<Vec<Value>, serde_json::Error> {
    serde_json::Deserializer::from_str(text).into_iter().collect()
}

/// serde_json's words without its own line and column, which count from the wrong place.
pub(crate) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(words, _)| words.to_owned())
}
