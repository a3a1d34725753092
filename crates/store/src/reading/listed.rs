use domain::page::Page;
use domain::query::{EventsQuery, ListQuery, UsersQuery};
use domain::report::{EventItem, Fields, UserItem};
use serde::Serialize;

use super::Reader;
use crate::StoreError;

/// A list that can be read: its query, and what its rows are.
pub trait Listed: ListQuery {
    type Item: Fields<Self::Column> + Serialize + Send + Sync + 'static;

    fn page(&self, reader: &Reader) -> impl Future<Output = Result<Page<Self::Item>, StoreError>> + Send;
}

impl Listed for UsersQuery {
    type Item = UserItem;

    async fn page(&self, reader: &Reader) -> Result<Page<UserItem>, StoreError> {
        reader.users(self).await
    }
}

impl Listed for EventsQuery {
    type Item = EventItem;

    async fn page(&self, reader: &Reader) -> Result<Page<EventItem>, StoreError> {
        reader.events(self).await
    }
}
