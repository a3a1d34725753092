//! Queries: what a URL asks for. One type per list serves the page, the API and the export.

mod access;
mod events;
mod filtered;
mod list;
mod mfa;
mod overview;
mod params;
mod printed;
mod reasons;
mod report;
mod sign_ins;
mod usage;
mod users;

pub use access::{AccessColumn, AccessFilters, AccessLogQuery};
pub use events::{EventColumn, EventsQuery};
pub use filtered::{Filtered, Filters};
pub use list::{Column, Direction, List, ListQuery, MAX_SIZE, Sort};
pub use mfa::{
    ActivityColumn, ActivityFilters, ActivityQuery, BlockColumn, BlockFilters, BlockedUsersQuery, BypassColumn,
    BypassFilters, BypassedUsersQuery, FraudAlertsQuery, FraudColumn, FraudFilters, ServerColumn, ServersQuery,
};
pub use overview::{BarColumn, Compare, GroupColumn, OverviewQuery, SmsAndVoiceQuery, TrendColumn};
pub use params::{Params, ProblemKind, QueryProblem, UrlWriter};
pub use printed::{MfaMethodsColumn, MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, UserNameColumn};
pub use reasons::{ReasonColumn, ReasonFilters, ReasonsQuery};
pub use report::{Report, Span};
pub use sign_ins::{SignInColumn, SignInFilters, SignInsQuery};
pub use usage::{AppUsageColumn, AppUsageQuery, UserUsageColumn, UserUsageFilters, UserUsageQuery};
pub use users::{UNKNOWN_GROUP, UserColumn, UserFlag, UserGroup, UsersQuery};
