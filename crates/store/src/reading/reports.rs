//! What takes more than one statement is read as it was at one instant: while somebody imports, a report's figures agree
//! with each other, and a list with its total.

use std::sync::Arc;

use domain::instant::Instant;
use domain::page::Page;
use domain::query::{EventsQuery, OverviewQuery, Report, SignInsQuery, SmsAndVoiceQuery, UserGroup, UsersQuery};
use domain::report::{
    ActivitySummary, EventItem, Overview, PasswordCounts, SignInReport, SmsAndVoice, Tally, Trend, Usage, UserDetails,
    UserItem,
};
use domain::sign_in::SignInRecord;
use domain::window::Window;
use futures::future::BoxFuture;
use tokio::sync::Mutex;

use super::Reader;
use super::list::Total;
use crate::StoreError;
use crate::db::ReadDb;

impl Reader {
    /// Has `read` see what is there now, and nothing that is written meanwhile.
    pub async fn at_one_instant<'a, T>(
        &'a self,
        read: impl FnOnce(Self) -> BoxFuture<'a, Result<T, StoreError>> + Send + 'a,
    ) -> Result<T, StoreError> {
        let ReadDb::Newest(db) = &self.db else { return read(self.clone()).await };
        let conn = Arc::new(Mutex::new(db.snapshot().await?));
        let db = ReadDb::Still { conn: Arc::clone(&conn), is_sqlite: self.db.is_sqlite() };
        let found = read(Self { db, ..self.clone() }).await?;
        // Ended here, not when it is dropped: the next who gets the connection need not do it.
        if let Some(conn) = Arc::into_inner(conn) {
            conn.into_inner().commit().await?;
        }
        Ok(found)
    }
}

macro_rules! at_one_instant {
    ($($(#[$doc:meta])* $name:ident = $read:ident($($argument:ident: $type:ty),*) -> $found:ty;)+) => {
        impl Reader {$(
            $(#[$doc])*
            pub async fn $name(&self, $($argument: $type),*) -> Result<$found, StoreError> {
                self.at_one_instant(|reader| Box::pin(async move { reader.$read($($argument),*).await })).await
            }
        )+}
    };
}

at_one_instant! {
    /// Tiles at `as_of` and their change over the window, charts over the window.
    overview = read_overview(query: &Report) -> Overview;

    /// The same with everything that `/overview` can be asked for: charts beside those of the window before.
    compared_overview = read_compared_overview(query: &OverviewQuery) -> Overview;

    /// The tiles at a series of instants from the beginning of the report's window to `as_of`, in one pass over the
    /// counters: what was true at its beginning, and every step's changes.
    trend = read_trend(query: &Report) -> Trend;

    /// Who is stopped when SMS and voice end, by department and by country.
    sms_and_voice = read_sms_and_voice(query: &SmsAndVoiceQuery) -> SmsAndVoice;

    /// What happened to the sign-ins of a window, and to whom.
    usage = read_usage(report: &Report) -> Usage;

    /// What every component did in the window: by the activity report, and by the sign-in log.
    activity_summary = read_activity_summary(report: &Report) -> ActivitySummary;

    /// One person, by object id or user name; `None` if nobody is known by it.
    user = read_user(id: &str, as_of: Instant) -> Option<UserDetails>;

    /// Users at `as_of`.
    users = read_users(query: &UsersQuery) -> Page<UserItem>;

    /// How many of a list's users each department or country has, in the order of the names; those of none are first.
    users_by = read_users_by(query: &UsersQuery, group: UserGroup) -> Vec<(Option<String>, i64)>;

    /// Events that count, of the window.
    events = read_events(query: &EventsQuery) -> Page<EventItem>;

    /// One sign-in with everything that is known of it; `None` where there is none of this id.
    sign_in = read_sign_in(id: &str) -> Option<SignInReport>;

    /// A page of the list of sign-ins, as the records that they are.
    ///
    /// The user's id is that of [`domain::report::UserItem`]. Steps are in their order, those of a file of their own
    /// among them. Address, place and Conditional Access are left out for those who may not see them. Of the digest the
    /// beginning is known.
    sign_in_records = read_sign_in_records(query: &SignInsQuery, counted: Option<Total>) -> Page<SignInRecord>;

    /// The record of this id.
    sign_in_record = read_sign_in_record(id: &str) -> Option<SignInRecord>;

    /// Sign-ins of each window by whether MFA was required; `None`: they are not kept any more.
    required_in_each = read_required_in_each(windows: &[Window]) -> Vec<Option<Tally>>;

    /// Whole resets, changes and unlocks of each window; `None`: they are not kept any more.
    passwords_in_each = read_passwords_in_each(windows: &[Window]) -> Vec<Option<PasswordCounts>>;
}
