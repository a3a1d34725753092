//! Results of reports: the JSON that `product.md` §3 and §6 promise, shown by pages and exports alike.

mod data;
mod field;
mod overview;
mod sms_and_voice;
mod trend;
mod user;

pub use data::{ImportCounts, ImportItem, ImportStatus, RejectedItem, SourceItem};
pub use field::{Field, Fields};
pub use overview::{Counts, Insights, MethodCounts, Overview, PopulationSize, Tally, Tiles};
pub use sms_and_voice::{GroupCounts, SMS_AND_VOICE_END, SmsAndVoice, days_left};
pub use trend::{Change, Snapshot, Trend, TrendPoint};
pub use user::{EventItem, StateInterval, UserDetails, UserItem};
