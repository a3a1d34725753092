use domain::page::Page;
use domain::query::{AppUsageQuery, Report, UserUsageQuery};
use domain::report::{AppUsageItem, Usage, UserUsageItem};

use super::Reader;
use super::list::Total;
use crate::StoreError;

impl Reader {
    pub async fn user_usage_of(
        &self,
        _query: &UserUsageQuery,
        _counted: Option<Total>,
    ) -> Result<Page<UserUsageItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn app_usage(&self, _query: &AppUsageQuery) -> Result<Page<AppUsageItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn usage(&self, _report: &Report) -> Result<Usage, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }
}
