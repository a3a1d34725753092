//! Reports, lists and exports of one tenant. Nothing here writes.

mod access_log;
mod actions;
mod activity;
mod audit_records;
mod changes;
mod classes;
mod conditions;
mod counts;
mod data;
mod events;
mod fraud;
mod list;
mod listed;
mod overview;
mod person;
mod printed;
mod reasons;
mod registered;
mod reports;
mod search;
mod shared;
mod sign_in_counts;
mod sign_in_items;
mod sign_in_records;
mod sign_in_search;
mod sign_ins;
mod sms_and_voice;
mod sources;
mod sums;
mod trend;
mod unclassified;
mod usage;
mod usage_days;
mod usage_users;
mod users;
mod users_page;

use domain::query::{Column, ListQuery};
use domain::role::Role;
use domain::viewer::TenantId;

use crate::db::ReadDb;
use crate::{EventsSource, StoreError};

pub(crate) use classes::KnownClasses;

pub use audit_records::{AuditPlace, AuditsQuery};
pub use list::Total;
pub use listed::Listed;
pub use registered::RegisteredUsers;
pub use users::FilterChoices;

/// Reports, lists and exports of one tenant.
#[derive(Clone)]
pub struct Reader {
    pub(crate) db: ReadDb,
    pub(crate) tenant: TenantId,
    pub(crate) events_source: EventsSource,
    /// Whether Conditional Access, addresses and places are for this viewer.
    pub(crate) sees_conditional_access: bool,
    /// Whether the access log is for this viewer.
    pub(crate) sees_settings: bool,
    pub(crate) known_classes: KnownClasses,
}

impl Reader {
    /// Whether a column is for this viewer.
    pub fn may_see(&self, column: impl Column) -> bool {
        self.sees_conditional_access || !column.is_restricted()
    }

    /// # Errors
    /// The list is, or the query filters, sorts or shows, what is not for this viewer.
    pub fn permit<Q: ListQuery>(&self, query: &Q) -> Result<(), StoreError> {
        if Q::IS_SETTINGS && !self.sees_settings {
            return Err(StoreError::Forbidden {
                what: format!("`{}` is not for everybody", Q::NAME),
                forbidden: crate::services::forbidden(Role::may_read_settings),
            });
        }
        match query.restricted().filter(|_| !self.sees_conditional_access) {
            None => Ok(()),
            Some(name) => Err(StoreError::Forbidden {
                what: format!("`{name}` is not for everybody"),
                forbidden: crate::services::forbidden(Role::may_see_conditional_access),
            }),
        }
    }
}
