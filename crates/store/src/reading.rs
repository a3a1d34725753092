use domain::instant::Instant;
use domain::page::Page;
use domain::query::{EventsQuery, Report, UsersQuery};
use domain::report::{EventItem, ImportItem, Overview, RejectedItem, SourceItem, UserDetails, UserItem};

use crate::StoreError;

/// Values that filters offer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilterChoices {
    pub departments: Vec<String>,
    pub countries: Vec<String>,
}

/// Reports, lists and exports of one tenant.
#[derive(Clone)]
pub struct Reader {}

impl Reader {
    pub async fn overview(&self, query: &Report) -> Result<Overview, StoreError> {
        let _ = query;
        unimplemented!()
    }

    pub async fn users(&self, query: &UsersQuery) -> Result<Page<UserItem>, StoreError> {
        let _ = query;
        unimplemented!()
    }

    /// One person, by object id or user name; `None` if nobody is known by it.
    pub async fn user(&self, id: &str, as_of: Instant) -> Result<Option<UserDetails>, StoreError> {
        let _ = (id, as_of);
        unimplemented!()
    }

    pub async fn events(&self, query: &EventsQuery) -> Result<Page<EventItem>, StoreError> {
        let _ = query;
        unimplemented!()
    }

    /// Departments and countries of users known now, sorted.
    pub async fn filter_choices(&self) -> Result<FilterChoices, StoreError> {
        unimplemented!()
    }

    pub async fn sources(&self) -> Result<Vec<SourceItem>, StoreError> {
        unimplemented!()
    }

    /// The latest 200 imports, newest first.
    pub async fn imports(&self) -> Result<Vec<ImportItem>, StoreError> {
        unimplemented!()
    }

    pub async fn import(&self, id: i64) -> Result<Option<ImportItem>, StoreError> {
        let _ = id;
        unimplemented!()
    }

    /// The first 1,000 quarantined records of an import, in file order.
    pub async fn rejected(&self, id: i64) -> Result<Vec<RejectedItem>, StoreError> {
        let _ = id;
        unimplemented!()
    }
}
