use domain::page::Page;
use domain::query::{
    AccessLogQuery, ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
    ListQuery, MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery, ReasonsQuery, ServersQuery, SignInsQuery,
    UserUsageQuery, UsersQuery,
};
use domain::report::{
    AccessItem, ActivityItem, AppUsageItem, BlockItem, BypassItem, EventItem, Fields, FraudItem, MfaMethodsItem,
    ReasonItem, ServerItem, SignInItem, UserItem, UserNameItem, UserUsageItem,
};
use domain::retention::Kept;
use futures::future::BoxFuture;
use serde::Serialize;

use super::Reader;
use super::list::Total;
use crate::StoreError;

/// A list that can be read: its query, and what its rows are.
pub trait Listed: ListQuery {
    type Item: Fields<Self::Column> + Serialize + Send + Sync + 'static;

    /// A page of the list, and how many rows it has.
    fn page<'a>(&'a self, reader: &'a Reader) -> BoxFuture<'a, Result<Page<Self::Item>, StoreError>> {
        self.page_of(reader, None)
    }

    /// A page of a list whose rows were counted with an earlier page: they are not counted again.
    fn page_of<'a>(
        &'a self,
        reader: &'a Reader,
        counted: Option<Total>,
    ) -> BoxFuture<'a, Result<Page<Self::Item>, StoreError>>;
}

/// A list is read by a method of [`Reader`], for whoever may see what is asked for.
macro_rules! listed {
    ($($query:ty => $item:ty, $method:ident ($($counted:ident)?), $kept:expr;)+) => {$(
        impl Listed for $query {
            type Item = $item;

            fn page_of<'a>(
                &'a self,
                reader: &'a Reader,
                _counted: Option<Total>,
            ) -> BoxFuture<'a, Result<Page<$item>, StoreError>> {
                Box::pin(reader.at_one_instant(move |reader| Box::pin(async move {
                    reader.permit(self)?;
                    $(let $counted = _counted;)?
                    let page = reader.$method(self $(, $counted)?).await?;
                    reader.of_what_is_kept(page, $kept, self.report().window()).await
                })))
            }
        }
    )+};
}

listed! {
    UsersQuery => UserItem, users_of(counted), &[];
    EventsQuery => EventItem, events_of(counted), &[Kept::Events];
    SignInsQuery => SignInItem, sign_ins_of(counted), &[Kept::SignIns];
    UserUsageQuery => UserUsageItem, user_usage_of(counted), &[Kept::SignIns];
    AppUsageQuery => AppUsageItem, app_usage(), &[Kept::SignIns];
    ActivityQuery => ActivityItem, activity_of(counted), &[Kept::Activity];
    BlockedUsersQuery => BlockItem, blocks(), &[Kept::Events, Kept::Activity];
    BypassedUsersQuery => BypassItem, bypasses(), &[Kept::Events, Kept::Activity];
    FraudAlertsQuery => FraudItem, fraud_alerts(), &[Kept::Events, Kept::Activity, Kept::SignIns];
    ServersQuery => ServerItem, servers(), &[];
    MfaRegisteredQuery => UserNameItem, mfa_registered_of(counted), &[];
    MfaNotRegisteredQuery => UserNameItem, mfa_not_registered_of(counted), &[];
    MfaMethodsQuery => MfaMethodsItem, mfa_methods_of(counted), &[];
    ReasonsQuery => ReasonItem, reasons(), &[];
    AccessLogQuery => AccessItem, access_log_of(counted), &[Kept::AccessLog];
}
