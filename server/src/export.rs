//! Lists as CSV, Excel workbooks and JSON Lines: every matching row, page by page. And how they were counted.

use std::borrow::Cow;

use bytes::Bytes;
use domain::instant::Instant;
use domain::page::Cursor;
use domain::report::Field;
use futures::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use store::{Reader, StoreError, Total};

use crate::access::Rows;

mod about;
mod csv_text;
mod exported;
pub mod json_text;
mod lists;
pub mod places;
mod progress;
pub mod table;
mod workbook;

pub use domain::export::Format;
pub use exported::Exported;
pub use lists::{AnyList, list};
pub use progress::Progress;

/// An instant without the characters that file systems refuse.
fn in_name(at: Instant) -> impl std::fmt::Display {
    at.timestamp().strftime("%Y-%m-%dT%H%M%SZ")
}

/// A list could not be written to its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a row could not be written: {0}")]
    Row(#[from] serde_json::Error),
    #[error("the workbook could not be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("the file could not be written: {0}")]
    File(#[from] std::io::Error),
    #[error("the list gave a cursor of its own that it does not take")]
    Cursor,
}

/// The bytes of the list as a file.
///
/// Rows are counted as they go out. The stream ends with an error if a page cannot be read, so that a half list is never
/// taken for a whole one.
pub fn file<Q: Exported>(
    query: Q,
    reader: Reader,
    format: Format,
    counted: Rows,
) -> BoxStream<'static, Result<Bytes, ExportError>> {
    file_with(query, reader, format, Progress::counting(counted))
}

/// The same; `progress` is told of every page.
pub fn file_with<Q: Exported>(
    mut query: Q,
    reader: Reader,
    format: Format,
    progress: Progress,
) -> BoxStream<'static, Result<Bytes, ExportError>> {
    // All pages tell of the same instant.
    query = query.lasting();
    let columns = columns(&query, &reader);
    match format {
        Format::Xlsx => {
            let rows = pages(query.clone(), reader.clone(), progress);
            workbook::file(query, columns, rows, reader).boxed()
        }
        Format::Csv => {
            let header = csv_text::header(&columns, Q::CSV);
            let rows =
                pages(query, reader, progress).map_ok(move |items| csv_text::rows(&items, &columns, Q::CSV).into());
            futures::stream::once(async { Ok(header.into()) }).chain(rows).boxed()
        }
        Format::Jsonl => {
            let lines = move |items: Vec<Q::Item>| std::future::ready(json_text::lines(&items, &columns));
            pages(query, reader, progress).and_then(lines).boxed()
        }
        Format::Txt => futures::stream::once(async move { Ok(about::text(query, reader).await?.into()) }).boxed(),
    }
}

/// The columns asked for, or all that are for this reader: the others are absent, not blank.
fn columns<Q: Exported>(query: &Q, reader: &Reader) -> Vec<Q::Column> {
    query.columns().iter().copied().filter(|column| reader.may_see(*column)).collect()
}

/// Rows that are read at once: more take more memory, fewer more of the database's time.
const AT_ONCE: u32 = 500;

/// Every matching row, a page at a time.
fn pages<Q: Exported>(
    mut query: Q,
    reader: Reader,
    progress: Progress,
) -> impl futures::Stream<Item = Result<Vec<Q::Item>, ExportError>> + Send + 'static {
    query.list_mut().size = AT_ONCE;
    futures::stream::try_unfold(Some((query, reader, None, progress)), |state| async {
        let Some((mut query, reader, counted, progress)) = state else { return Ok(None) };
        let page = query.page_of(&reader, counted).await?;
        progress.note(&page);
        let counted = Total::of(&page);
        let Some(next) = page.next else { return Ok(Some((page.items, None))) };
        query.list_mut().after = Some(Cursor::decode(&next).ok_or(ExportError::Cursor)?);
        Ok(Some((page.items, Some((query, reader, Some(counted), progress)))))
    })
}

/// A known list of methods that is empty. A blank cell means: not known.
const NONE: &str = "none";

/// A field as the text of a cell.
fn cell<'a>(field: &'a Field<'_>) -> Cow<'a, str> {
    match field {
        Field::Unknown => Cow::Borrowed(""),
        Field::Text(text) => Cow::Borrowed(text),
        Field::Number(number) => Cow::Owned(number.to_string()),
        Field::At(at) => Cow::Owned(at.to_string()),
        Field::List(items) if items.is_empty() => Cow::Borrowed(NONE),
        Field::List(items) => Cow::Owned(items.join("; ")),
    }
}
