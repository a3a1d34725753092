use domain::page::Page;
use domain::query::{ActivityQuery, BlockedUsersQuery, BypassedUsersQuery, FraudAlertsQuery, Report, ServersQuery};
use domain::report::{ActivityItem, ActivitySummary, BlockItem, BypassItem, FraudItem, ServerItem};

use super::Reader;
use super::list::Total;
use crate::StoreError;

impl Reader {
    pub async fn activity_of(
        &self,
        _query: &ActivityQuery,
        _counted: Option<Total>,
    ) -> Result<Page<ActivityItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn blocks(&self, _query: &BlockedUsersQuery) -> Result<Page<BlockItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn bypasses(&self, _query: &BypassedUsersQuery) -> Result<Page<BypassItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn fraud_alerts(&self, _query: &FraudAlertsQuery) -> Result<Page<FraudItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn servers(&self, _query: &ServersQuery) -> Result<Page<ServerItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn activity_summary(&self, _report: &Report) -> Result<ActivitySummary, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }
}
