//! What a file is, judged by its first bytes: never by its name.

use crate::kind::{self, Columns};
use crate::scrub::scrub_unparsed;
use crate::shape::lines;
use crate::shape::table::{self, Layout};

/// As much of a file as is looked at.
pub(crate) const WINDOW: usize = 256 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Lines,
    Document,
    Table(Layout),
}

/// The shape of a text, or a sentence on why it has none. `whole` says that the window is all there is.
pub(crate) fn shape(window: &[u8], whole: bool) -> Result<Shape, String> {
    let start = window.trim_ascii_start();
    if start.is_empty() {
        return Err("The file is empty.".to_owned());
    }
    if let Some(what) = foreign(start) {
        return Err(format!("This is {what}, not a report as JSON or CSV."));
    }
    let text = String::from_utf8_lossy(start);
    if begins_json(&text) {
        return Ok(json_shape(&text, whole));
    }
    let (layout, columns) = table::layout(&String::from_utf8_lossy(window));
    match kind::of_columns(&columns) {
        Columns::Known => return Ok(Shape::Table(layout)),
        Columns::Lacking(reason) => return Err(reason),
        Columns::Unknown => {}
    }
    if filled_lines(&text).nth(1).is_some_and(|second| second.starts_with('{')) {
        return Ok(Shape::Lines);
    }
    if is_binary(window) {
        return Err("This is binary data, not a report as JSON or CSV.".to_owned());
    }
    if columns.len() > 1 {
        return Err(kind::unknown_columns(&columns));
    }
    let first: String = text.lines().next().unwrap_or_default().chars().take(60).collect();
    Err(format!("This is neither JSON nor a table of a known report; it begins `{}`.", scrub_unparsed(first.trim())))
}

/// A quote begins JSON only if JSON is what is quoted; otherwise it begins a table's first heading.
fn begins_json(text: &str) -> bool {
    match text.strip_prefix('"') {
        Some(quoted) => quoted.trim_start().starts_with(['{', '[']),
        None => text.starts_with(['{', '[']),
    }
}

fn filled_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Lines where the first line is whole in itself; or where it is broken, does not look as if it went on, and the second one
/// is whole; or where any two lines, one after the other, are records: in a document a comma would stand between them.
fn json_shape(text: &str, whole: bool) -> Shape {
    let ended = whole || text.contains('\n');
    let mut lines = filled_lines(text);
    let first = lines.next().unwrap_or_default();
    if ended && lines::values(first).is_ok() {
        return Shape::Lines;
    }
    let opens = first.ends_with(['[', '{', ',', ':']);
    let mut are_records = lines.map(|line| line.starts_with('{') && lines::values(line).is_ok());
    let mut before = are_records.next().unwrap_or(false);
    if before && !opens {
        return Shape::Lines;
    }
    let two_records = are_records.any(|is_record| std::mem::replace(&mut before, is_record) && is_record);
    if two_records { Shape::Lines } else { Shape::Document }
}

/// Files that people pick by mistake, by their first bytes.
fn foreign(start: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 14] = [
        (b"\x89PNG", "a picture (PNG)"),
        (b"\xff\xd8\xff", "a picture (JPEG)"),
        (b"GIF8", "a picture (GIF)"),
        (b"RIFF", "a picture or sound (RIFF)"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0", "an old Office document"),
        (b"7z\xbc\xaf", "a 7z archive"),
        (b"Rar!", "a RAR archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"BZh", "a bzip2 archive"),
        (b"SQLite format 3", "an SQLite database"),
        (b"PAR1", "a Parquet file"),
        (b"\x1f\x8b", "gzip inside gzip"),
    ];
    if start.starts_with(b"<") {
        return Some("an XML or HTML document");
    }
    MAGIC.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, what)| *what)
}

fn is_binary(window: &[u8]) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\r' | b'\n' | 0x0c);
    let broken = std::str::from_utf8(window).is_err_and(|error| error.error_len().is_some());
    broken || window.contains(&0) || window.iter().filter(|byte| control(byte)).count() * 20 > window.len()
}
