use domain::page::Page;
use domain::query::{EventsQuery, ListQuery, UsersQuery};
use domain::report::{EventItem, Fields, UserItem};
use serde::Serialize;

use super::Reader;
use super::list::Total;
use crate::StoreError;

/// A list that can be read: its query, and what its rows are.
pub trait Listed: ListQuery {
    type Item: Fields<Self::Column> + Serialize + Send + Sync + 'static;

    /// A page of the list, and how many rows it has.
    fn page(&self, reader: &Reader) -> impl Future<Output = Result<Page<Self::Item>, StoreError>> + Send {
        self.page_of(reader, None)
    }

    /// A page of a list whose rows were counted with an earlier page: they are not counted again.
    fn page_of(
        &self,
        reader: &Reader,
        counted: Option<Total>,
    ) -> impl Future<Output = Result<Page<Self::Item>, StoreError>> + Send;
}

impl Listed for UsersQuery {
    type Item = UserItem;

    async fn page_of(&self, reader: &Reader, counted: Option<Total>) -> Result<Page<UserItem>, StoreError> {
        reader.users_of(self, counted).await
    }
}

impl Listed for EventsQuery {
    type Item = EventItem;

    async fn page_of(&self, reader: &Reader, counted: Option<Total>) -> Result<Page<EventItem>, StoreError> {
        reader.events_of(self, counted).await
    }
}
