//! Queries: what a URL asks for. One type per list serves the page, the API and the export.

mod events;
mod list;
mod overview;
mod params;
mod report;
mod users;

pub use events::{EventColumn, EventsQuery};
pub use list::{Column, Direction, List, ListQuery, MAX_SIZE, Sort};
pub use overview::{BarColumn, Compare, GroupColumn, OverviewQuery, SmsAndVoiceQuery, TrendColumn};
pub use params::{Params, ProblemKind, QueryProblem};
pub use report::{Report, Span};
pub use users::{UNKNOWN_GROUP, UserColumn, UserFlag, UserGroup, UsersQuery};
