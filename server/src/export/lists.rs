//! Lists whose type is known by the name of their page only.

use bytes::Bytes;
use domain::export::Format;
use domain::instant::Instant;
use domain::preferences::Language;
use domain::query::{
    AccessLogQuery, ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
    MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, QueryProblem, ReasonsQuery, ServersQuery, SignInsQuery,
    UserUsageQuery, UsersQuery,
};
use domain::view::ViewPage;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use store::{Reader, StoreError};

use super::{ExportError, Exported, Progress, about, file_with};

/// A list with its query.
pub trait AnyList: Send + Sync {
    /// See [`Reader::permit`].
    ///
    /// # Errors
    /// What is asked for is not for this reader.
    fn permit(&self, reader: &Reader) -> Result<(), StoreError>;
    /// Names the instant, and the language where rows hold sentences and none is named: so it is the same list later.
    fn pin(&mut self, language: Option<Language>);
    /// The query string.
    fn query(&self) -> String;
    fn file_name(&self, format: Format) -> String;
    /// The bytes of the file, as a download of it has them.
    fn file(
        &self,
        reader: Reader,
        format: Format,
        progress: Progress,
    ) -> BoxStream<'static, Result<Bytes, ExportError>>;
    /// The note beside a file of so many rows.
    fn about<'a>(&'a self, reader: &'a Reader, rows: i64) -> BoxFuture<'a, Result<String, StoreError>>;
}

impl<Q: Exported> AnyList for Q {
    fn permit(&self, reader: &Reader) -> Result<(), StoreError> {
        reader.permit(self)
    }

    fn pin(&mut self, language: Option<Language>) {
        *self = self.lasting();
        if let Some(language) = language.filter(|_| Q::HAS_SENTENCES) {
            self.report_mut().lang.get_or_insert(language);
        }
    }

    fn query(&self) -> String {
        self.to_url()
    }

    fn file_name(&self, format: Format) -> String {
        Exported::file_name(self, format)
    }

    fn file(
        &self,
        reader: Reader,
        format: Format,
        progress: Progress,
    ) -> BoxStream<'static, Result<Bytes, ExportError>> {
        file_with(self.clone(), reader, format, progress)
    }

    fn about<'a>(&'a self, reader: &'a Reader, rows: i64) -> BoxFuture<'a, Result<String, StoreError>> {
        Box::pin(about::text_of(self, reader, rows))
    }
}

/// The list of a page; `None` where the page is none.
///
/// # Errors
/// The list does not take the query.
pub fn list(page: ViewPage, query: &str, now: Instant) -> Result<Option<Box<dyn AnyList>>, QueryProblem> {
    fn of<Q: Exported>(query: &str, now: Instant) -> Result<Option<Box<dyn AnyList>>, QueryProblem> {
        Ok(Some(Box::new(Q::parse(query, now)?)))
    }
    match page {
        ViewPage::Overview | ViewPage::Usage => Ok(None),
        ViewPage::Users => of::<UsersQuery>(query, now),
        ViewPage::Events => of::<EventsQuery>(query, now),
        ViewPage::UserUsage => of::<UserUsageQuery>(query, now),
        ViewPage::AppUsage => of::<AppUsageQuery>(query, now),
        ViewPage::SignIns => of::<SignInsQuery>(query, now),
        ViewPage::Activity => of::<ActivityQuery>(query, now),
        ViewPage::BlockedUsers => of::<BlockedUsersQuery>(query, now),
        ViewPage::BypassedUsers => of::<BypassedUsersQuery>(query, now),
        ViewPage::FraudAlerts => of::<FraudAlertsQuery>(query, now),
        ViewPage::Servers => of::<ServersQuery>(query, now),
        ViewPage::MfaRegistered => of::<MfaRegisteredQuery>(query, now),
        ViewPage::MfaNotRegistered => of::<MfaNotRegisteredQuery>(query, now),
        ViewPage::MfaMethods => of::<MfaMethodsQuery>(query, now),
        ViewPage::Reasons => of::<ReasonsQuery>(query, now),
        ViewPage::AccessLog => of::<AccessLogQuery>(query, now),
    }
}
