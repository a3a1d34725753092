//! Reports, lists and exports of one tenant. Nothing here writes.

mod changes;
mod conditions;
mod counts;
mod data;
mod events;
mod list;
mod listed;
mod overview;
mod person;
mod search;
mod sms_and_voice;
mod trend;
mod users;
mod users_page;

use domain::viewer::TenantId;

use crate::EventsSource;
use crate::db::Db;

pub use list::Total;
pub use listed::Listed;
pub use users::FilterChoices;

/// Reports, lists and exports of one tenant.
#[derive(Clone)]
pub struct Reader {
    pub(crate) db: Db,
    pub(crate) tenant: TenantId,
    pub(crate) events_source: EventsSource,
}
