//! Tables: one record a row, named by its columns. A row becomes the JSON object that its columns name.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use crate::formats::portal_headings::in_english;
use crate::intake::{Intake, Source};
use crate::kind::{self, Columns};
use crate::refusal::{Refusal, read_error};
use crate::scrub::{holds_phones, scrub_detail};
use crate::text::{MOST_BYTES, Place, Text};
use crate::time::Clock;

/// The widest download of Microsoft's has some hundred.
const MOST_COLUMNS: usize = 2_000;
const MOST_DELIMITERS: usize = 1 << 20;

/// Where a table's header stands and what parts its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Layout {
    /// Lines before the header, such as PowerShell's `#TYPE` and Excel's `sep=;`.
    pub skip: usize,
    pub delimiter: u8,
    /// Lines end in CR LF: the csv crate then ends a row at the CR and counts the LF to the next one.
    pub crlf: bool,
}

/// The layout of a table, and its column names, judged by its first lines.
pub(crate) fn layout(window: &str) -> (Layout, Vec<String>) {
    let before = |line: &&str| {
        let line = line.trim();
        line.is_empty() || line.starts_with("#TYPE") || line.to_ascii_lowercase().starts_with("sep=")
    };
    let skip = window.lines().take_while(before).count();
    let header: String = window.split_inclusive('\n').skip(skip).collect();
    let counts = [b',', b';', b'\t'].map(|delimiter| (count(&header, delimiter), delimiter));
    // The first wins a tie, so a header of one column is parted by commas.
    let delimiter = counts.iter().rev().max_by_key(|(count, _)| *count).map_or(b',', |(_, delimiter)| *delimiter);
    let mut first = ByteRecord::new();
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(header.as_bytes());
    let columns = match reader.read_byte_record(&mut first) {
        Ok(true) => column_names(&first),
        _ => Vec::new(),
    };
    let crlf = header.split('\n').next().is_some_and(|line| line.ends_with('\r'));
    (Layout { skip, delimiter, crlf }, columns)
}

/// Delimiters of the first row, outside quotes.
fn count(header: &str, delimiter: u8) -> usize {
    let mut quoted = false;
    header
        .bytes()
        .take_while(|byte| {
            quoted ^= *byte == b'"';
            quoted || *byte != b'\n'
        })
        .fold((0, false), |(count, quoted), byte| {
            let quoted = quoted ^ (byte == b'"');
            (count + usize::from(!quoted && byte == delimiter), quoted)
        })
        .0
}

/// Of a table that is too wide, those that tell what it is.
fn column_names(header: &ByteRecord) -> Vec<String> {
    in_english(header.iter().take(MOST_COLUMNS).map(|cell| column_name(&String::from_utf8_lossy(cell))).collect())
}

/// A column's name without what the exporters add: outer and double spaces, ` [UTC]`, `_dynamic`, `_string`.
fn column_name(header: &str) -> String {
    let name = header.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = name.trim_start_matches('\u{feff}');
    [" [UTC]", "_dynamic", "_string"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name).to_owned()
}

pub(crate) fn read(mut text: Text<'_>, layout: Layout, intake: &mut Intake<'_>) -> Result<(), Refusal> {
    let mut skipped = Vec::new();
    for _ in 0..layout.skip {
        let place = text.place();
        text.line(&mut skipped).map_err(|error| Refusal::unreadable(place.line, place.byte, &error))?;
    }
    let start = text.place();
    let since = Rc::new(Cell::new(Since::default()));
    let guarded = Guarded { text, since: Rc::clone(&since), delimiter: layout.delimiter };
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(layout.delimiter).from_reader(guarded);
    let mut columns: Option<Vec<String>> = None;
    let mut row = ByteRecord::new();
    loop {
        let after_cr = u64::from(layout.crlf && columns.is_some());
        let place = |position: &csv::Position| Place {
            line: start.line + position.line().saturating_sub(1) + after_cr,
            byte: start.byte + position.byte() + after_cr,
        };
        let began = place(reader.position());
        since.set(Since::default());
        match reader.read_byte_record(&mut row) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => {
                let reason = match error.kind() {
                    csv::ErrorKind::Io(error) if is_too_long(error) => {
                        "The row is longer than 12 MiB, perhaps because a quote is not closed. Nothing after it was read."
                            .to_owned()
                    }
                    csv::ErrorKind::Io(error) if is_too_wide(error) => {
                        "The row has more than a million cells. Nothing after it was read.".to_owned()
                    }
                    csv::ErrorKind::Io(error) => read_error(error),
                    _ => format!("The table cannot be read further: {error}."),
                };
                if intake.is_untouched() {
                    return Err(Refusal::at(began.line, began.byte, reason));
                }
                return intake.reject(began, &reason, &joined(columns.as_deref(), &row)).map(|_| ());
            }
        }
        let began = row.position().map_or(began, place);
        let Some(columns) = &columns else {
            if row.len() > MOST_COLUMNS {
                let reason = format!("The table has {} columns; no report has as many.", row.len());
                return Err(Refusal::at(began.line, began.byte, reason));
            }
            let names = column_names(&row);
            let refused = match kind::of_columns(&names) {
                Columns::Known => None,
                Columns::Unknown => Some(kind::unknown_columns(&names)),
                Columns::Lacking(reason) => Some(reason),
            };
            if let Some(reason) = refused {
                return Err(Refusal::at(began.line, began.byte, reason));
            }
            columns = Some(names);
            continue;
        };
        let flow = match record(columns, &row) {
            Ok(value) => intake.record(Source::Table, value, began)?,
            Err(reason) => intake.reject(began, &reason, &joined(Some(columns), &row))?,
        };
        if flow.is_break() {
            return Ok(());
        }
    }
}

fn record(columns: &[String], row: &ByteRecord) -> Result<Value, String> {
    let ragged = row.len() < columns.len() || row.iter().skip(columns.len()).any(|cell| !cell.is_empty());
    if ragged {
        return Err(format!("The row has {} cells, but the table has {} columns.", row.len(), columns.len()));
    }
    let mut members = Map::new();
    for (column, cell) in columns.iter().zip(row) {
        let cell = std::str::from_utf8(cell).map_err(|_| format!("The cell `{column}` is not valid UTF-8."))?;
        let taken = members.get(column).and_then(Value::as_str).is_some_and(|known| !known.trim().is_empty());
        if !column.is_empty() && !taken {
            members.insert(column.clone(), Value::String(undefused(cell).to_owned()));
        }
    }
    Ok(Value::Object(members))
}

/// Exporters put an apostrophe before what a spreadsheet would take for a formula. Ours also puts one before cells
/// that have apostrophes there already, so that taking one away gives the value again.
fn undefused(cell: &str) -> &str {
    let is_formula =
        |rest: &&str| rest.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']);
    cell.strip_prefix('\'').filter(is_formula).unwrap_or(cell)
}

/// A row that could not be read. Its cells may not stand under their headings: in a table with phone numbers any of
/// them may be one.
fn joined(columns: Option<&[String]>, row: &ByteRecord) -> Vec<u8> {
    let phones = columns.is_some_and(|columns| columns.iter().any(|column| holds_phones(column)));
    if !phones {
        let cells: Vec<&[u8]> = row.iter().collect();
        return cells.join(&b',');
    }
    let masked = |cell: &[u8]| {
        let cell = String::from_utf8_lossy(cell).into_owned();
        // A date has as many digits as a number.
        let is_date = Clock::default().read(&cell).is_ok();
        if is_date { cell } else { scrub_detail(&cell).into_owned() }
    };
    row.iter().map(masked).collect::<Vec<_>>().join(",").into_bytes()
}

/// Stops a row that does not end, so that an open quote cannot fill the memory; nor can cells without number.
struct Guarded<'a> {
    text: Text<'a>,
    since: Rc<Cell<Since>>,
    delimiter: u8,
}

/// What was read since a row began.
#[derive(Clone, Copy, Default)]
struct Since {
    bytes: usize,
    /// Inside quotes too: a cell of JSON has them, but not a million.
    delimiters: usize,
}

impl Read for Guarded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Since { bytes, delimiters } = self.since.get();
        if bytes > MOST_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "row"));
        }
        if delimiters > MOST_DELIMITERS {
            return Err(io::Error::new(io::ErrorKind::ArgumentListTooLong, "row"));
        }
        let n = self.text.read(out)?;
        let read = out[..n].iter().filter(|byte| **byte == self.delimiter).count();
        self.since.set(Since { bytes: bytes + n, delimiters: delimiters + read });
        Ok(n)
    }
}

fn is_too_long(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::FileTooLarge
}

fn is_too_wide(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::ArgumentListTooLong
}
