//! An Excel workbook: text as text, never a formula; times as dates in UTC; a last sheet that says what was asked for.
//!
//! The workbook is written to temporary files row by row, so that memory stays small, and sent when it is complete.

use std::fs::File;

use bytes::Bytes;
use domain::report::{Field, Fields as _};
use futures::stream::{self, Stream, StreamExt as _, TryStreamExt as _};
use futures::{SinkExt as _, executor};
use rust_xlsxwriter::{Format as Style, Workbook, Worksheet, XlsxError};
use store::Reader;
use tokio_util::io::ReaderStream;

use super::about::About;
use super::{ExportError, Exported, cell, pages};
use crate::access::Rows;

/// Rows of a sheet, by the file format; the first one has the headings.
const SHEET_ROWS: u32 = 1_048_576;
/// Longest text of a cell, by the file format.
const CELL_CHARS: usize = 32_767;
/// Pages on their way to the writer.
const AHEAD: usize = 2;

/// The bytes of the workbook. Nothing comes before the last row is written.
pub fn file<Q: Exported>(
    query: Q,
    columns: Vec<Q::Column>,
    reader: Reader,
    counted: Rows,
) -> impl Stream<Item = Result<Bytes, ExportError>> + Send + 'static {
    let file = async move {
        let file = written(query, columns, reader, counted).await?;
        Ok::<_, ExportError>(ReaderStream::new(tokio::fs::File::from_std(file)))
    };
    stream::once(file).map_ok(|bytes| bytes.map_err(ExportError::from)).try_flatten()
}

async fn written<Q: Exported>(
    query: Q,
    columns: Vec<Q::Column>,
    reader: Reader,
    counted: Rows,
) -> Result<File, ExportError> {
    let about = About::of(&query, &reader).await?;
    let (mut send, mut receive) = futures::channel::mpsc::channel::<Vec<Q::Item>>(AHEAD);
    let writer = tokio::task::spawn_blocking(move || {
        let headings = columns.iter().map(|column| domain::query::Column::as_str(*column)).collect();
        // A sheet's name may not have slashes, like a file's.
        let mut sheets = Sheets::new(Q::flat_name(), headings)?;
        while let Some(items) = executor::block_on(receive.next()) {
            for item in items {
                sheets.write_row(columns.iter().map(|column| item.field(*column)))?;
            }
        }
        sheets.finish(about)
    });
    let mut pages = std::pin::pin!(pages(query, reader, counted));
    while let Some(items) = pages.try_next().await? {
        if send.send(items).await.is_err() {
            // The writer has stopped; why, it says below.
            break;
        }
    }
    drop(send);
    writer.await.map_err(std::io::Error::other)?
}

/// A workbook being written.
struct Sheets {
    workbook: Workbook,
    name: String,
    headings: Vec<&'static str>,
    /// Sheets of rows so far.
    sheets: usize,
    /// The next row of the last sheet.
    row: u32,
    /// Rows of all sheets, without headings.
    rows: u64,
    bold: Style,
    date: Style,
}

impl Sheets {
    fn new(name: String, headings: Vec<&'static str>) -> Result<Self, XlsxError> {
        let mut sheets = Self {
            workbook: Workbook::new(),
            name,
            headings,
            sheets: 0,
            row: 0,
            rows: 0,
            bold: Style::new().set_bold(),
            date: Style::new().set_num_format("yyyy-mm-dd hh:mm:ss.000"),
        };
        sheets.begin_sheet()?;
        Ok(sheets)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name = if self.sheets == 1 { self.name.clone() } else { format!("{} {}", self.name, self.sheets) };
        let sheet = self.workbook.add_worksheet_with_constant_memory()?.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, heading) in (0u16..).zip(&self.headings) {
            sheet.set_column_width(column, 24)?;
            sheet.write_string_with_format(0, column, *heading, &self.bold)?;
        }
        self.row = 1;
        Ok(())
    }

    fn write_row<'a>(&mut self, fields: impl Iterator<Item = Field<'a>>) -> Result<(), XlsxError> {
        if self.row == SHEET_ROWS {
            self.begin_sheet()?;
        }
        let (sheet, row) = (self.workbook.worksheet_from_index(self.sheets - 1)?, self.row);
        for (column, field) in (0u16..).zip(fields) {
            write_field(sheet, row, column, &field, &self.date)?;
        }
        self.row += 1;
        self.rows += 1;
        Ok(())
    }

    fn finish(mut self, about: About) -> Result<File, ExportError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?.set_name("About")?;
        sheet.set_column_width(0, 16)?.set_column_width(1, 80)?;
        let lines = about.with_rows(self.rows.to_string());
        for (row, (name, value)) in (0u32..).zip(lines) {
            sheet.write_string_with_format(row, 0, name, &self.bold)?.write_string(row, 1, value)?;
        }
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file)?;
        std::io::Seek::rewind(&mut file)?;
        Ok(file)
    }
}

fn write_field(sheet: &mut Worksheet, row: u32, column: u16, field: &Field<'_>, date: &Style) -> Result<(), XlsxError> {
    match field {
        Field::Unknown => {}
        // Up to so many a number of a sheet is exact.
        Field::Number(number) if i32::try_from(*number).is_ok() => {
            sheet.write_number(row, column, i32::try_from(*number).unwrap_or_default())?;
        }
        Field::At(at) if (1900..=9999).contains(&at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).year()) => {
            let at = at.timestamp().to_zoned(jiff::tz::TimeZone::UTC).datetime();
            sheet.write_datetime_with_format(row, column, at, date)?;
        }
        _ => {
            let text = cell(field);
            if text.chars().count() <= CELL_CHARS {
                sheet.write_string(row, column, text)?;
            } else {
                sheet.write_string(row, column, text.chars().take(CELL_CHARS - 1).chain(['…']).collect::<String>())?;
            }
        }
    }
    Ok(())
}
