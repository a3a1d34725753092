//! Results of reports: the JSON that `product.md` §3 and §6 promise, shown by pages and exports alike.

mod access;
mod data;
mod field;
mod mfa;
mod overview;
mod sign_ins;
mod sms_and_voice;
mod trend;
mod usage;
mod user;

pub use access::AccessItem;
pub use data::{
    Gap, ImportCounts, ImportDoor, ImportItem, ImportStatus, RejectedItem, SelfCheck, SourceItem, SourceStatus,
    UnclassifiedField, UnclassifiedValue,
};
pub use field::{Field, Fields};
pub use mfa::{
    ActivityItem, ActivitySummary, BlockItem, BypassItem, ComponentUsage, FraudItem, MfaMethodsItem, ReasonItem,
    RestrictedActivity, ReviewNote, ServerItem, UserNameItem,
};
pub use overview::{Counts, Insights, MethodCounts, Overview, PopulationSize, Tally, Tiles};
pub use sign_ins::{ConditionalAccess, RestrictedSignIn, SignInItem, SignInReport, StepItem};
pub use sms_and_voice::{GroupCounts, SMS_AND_VOICE_END, SmsAndVoice, days_left};
pub use trend::{Change, Snapshot, Trend, TrendPoint};
pub use usage::{
    AppUsageItem, ComponentCount, EverybodyCounts, Issue, PasswordCounts, RequiredByCount, ResultCounts,
    SecondFactorCounts, SignInCounts, StatusCount, Usage, UsagePoint, UserCounts, UserUsageItem,
};
pub use user::{EventItem, StateInterval, UserDetails, UserItem};
