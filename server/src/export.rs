//! Lists as CSV and JSON Lines: every matching row, page by page.

use std::fmt::Display;

use domain::instant::Instant;
use domain::named;
use domain::page::{Cursor, Page};
use domain::query::{Column, EventColumn, EventsQuery, List, MAX_SIZE, QueryProblem, UserColumn, UsersQuery};
use domain::report::{EventItem, UserItem};
use futures::Stream;
use serde::Serialize;
use store::{Reader, StoreError};

mod csv_text;
pub mod json_text;

named! {
    /// A way to write a list down.
    pub enum Format {
        Csv => "csv",
        Jsonl => "jsonl",
    }
}

impl Format {
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Jsonl => "application/jsonl; charset=utf-8",
        }
    }
}

/// A list that can be exported: its query, and how to get a page of it.
pub trait Exported: Sized + Send + Sync + 'static {
    type Column: Column + Send + Sync;
    type Item: Serialize + Send;
    /// The list's path, and the beginning of the file's name.
    const NAME: &'static str;
    /// Every column, in the order of the JSON fields.
    const COLUMNS: &'static [Self::Column];

    /// # Errors
    /// A parameter is unknown or wrong.
    fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem>;
    fn list(&self) -> &List<Self::Column>;
    fn list_mut(&mut self) -> &mut List<Self::Column>;
    /// Names the instant, so that all pages tell of the same one.
    fn pin_as_of(&mut self);
    fn page(&self, reader: &Reader) -> impl Future<Output = Result<Page<Self::Item>, StoreError>> + Send;

    /// The columns asked for, or all.
    fn columns(&self) -> &[Self::Column] {
        if self.list().columns.is_empty() { Self::COLUMNS } else { &self.list().columns }
    }
}

impl Exported for UsersQuery {
    type Column = UserColumn;
    type Item = UserItem;
    const NAME: &'static str = "users";
    const COLUMNS: &'static [UserColumn] = UserColumn::ALL;

    fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        Self::parse(query, now)
    }
    fn list(&self) -> &List<UserColumn> {
        &self.list
    }
    fn list_mut(&mut self) -> &mut List<UserColumn> {
        &mut self.list
    }
    fn pin_as_of(&mut self) {
        self.report.as_of_is_given = true;
    }
    async fn page(&self, reader: &Reader) -> Result<Page<UserItem>, StoreError> {
        reader.users(self).await
    }
}

impl Exported for EventsQuery {
    type Column = EventColumn;
    type Item = EventItem;
    const NAME: &'static str = "events";
    const COLUMNS: &'static [EventColumn] = EventColumn::ALL;

    fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        Self::parse(query, now)
    }
    fn list(&self) -> &List<EventColumn> {
        &self.list
    }
    fn list_mut(&mut self) -> &mut List<EventColumn> {
        &mut self.list
    }
    fn pin_as_of(&mut self) {
        self.report.as_of_is_given = true;
    }
    async fn page(&self, reader: &Reader) -> Result<Page<EventItem>, StoreError> {
        reader.events(self).await
    }
}

/// A list could not be written to its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a row could not be written: {0}")]
    Row(#[from] serde_json::Error),
    #[error("the list gave a cursor of its own that it does not take")]
    Cursor,
}

/// The text of the list, a page of rows at a time; the header line of a CSV comes with the first page.
///
/// The stream ends with an error if a page cannot be read, so that a half list is never taken for a whole one.
pub fn pages<Q: Exported>(
    mut query: Q,
    reader: Reader,
    format: Format,
) -> impl Stream<Item = Result<String, ExportError>> + Send + 'static {
    query.pin_as_of();
    let list = query.list_mut();
    list.size = MAX_SIZE;
    list.after = None;
    futures::stream::try_unfold((query, reader, Step::First), move |(mut query, reader, step)| async move {
        if matches!(step, Step::Done) {
            return Ok(None);
        }
        let page = query.page(&reader).await?;
        let mut text = String::new();
        if format == Format::Csv && matches!(step, Step::First) {
            csv_text::write_header(&mut text, query.columns());
        }
        for item in &page.items {
            match format {
                Format::Csv => csv_text::write_row(&mut text, item, query.columns())?,
                Format::Jsonl => {
                    text.push_str(&serde_json::to_string(&json_text::project(item, query.columns())?)?);
                    text.push('\n');
                }
            }
        }
        let step = match page.next {
            None => Step::Done,
            Some(next) => {
                query.list_mut().after = Some(Cursor::decode(&next).ok_or(ExportError::Cursor)?);
                Step::Following
            }
        };
        Ok(Some((text, (query, reader, step))))
    })
}

enum Step {
    First,
    Following,
    Done,
}

/// `users-2026-11-20T120000Z.csv`: a name that is the same file when the same list is asked for.
#[must_use]
pub fn file_name(list: impl Display, as_of: Instant, format: Format) -> String {
    format!("{list}-{}.{format}", as_of.timestamp().strftime("%Y-%m-%dT%H%M%SZ"))
}
