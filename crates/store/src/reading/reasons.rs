use domain::page::Page;
use domain::query::ReasonsQuery;
use domain::report::ReasonItem;

use super::Reader;
use crate::StoreError;

impl Reader {
    pub async fn reasons(&self, _query: &ReasonsQuery) -> Result<Page<ReasonItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }
}
