//! What the lists under `/mfa` can be asked for.

use super::filtered::{Filtered, Filters};
use super::list::{Column, Direction, Sort};
use super::params::{Params, QueryProblem, UrlWriter};
use crate::answer::Answer;
use crate::method::AuthMethod;
use crate::mfa::{BlockStatus, BypassStatus, CallResult};
use crate::named;
use crate::sign_in::Component;

named! {
    /// The fields of an authentication in the activity report.
    pub enum ActivityColumn {
        Id => "id",
        At => "at",
        UserId => "user_id",
        DisplayName => "display_name",
        UserName => "user_name",
        Component => "component",
        Method => "method",
        Mode => "mode",
        AuthenticationType => "authentication_type",
        Application => "application",
        Phone => "phone",
        CallResult => "call_result",
        RawResult => "raw_result",
        Authenticated => "authenticated",
        Ip => "ip",
    }
}

impl Column for ActivityColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::At, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }

    fn is_restricted(self) -> bool {
        matches!(self, Self::Ip)
    }
}

/// The filters of the activity report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActivityFilters {
    pub component: Vec<Component>,
    pub authenticated: Vec<Answer>,
    pub call_result: Vec<CallResult>,
    pub method: Vec<AuthMethod>,
    /// Object ids or user names.
    pub user: Vec<String>,
}

/// The activity report: authentications through on-premises components.
pub type ActivityQuery = Filtered<ActivityFilters>;

impl Filters for ActivityFilters {
    type Column = ActivityColumn;
    const NAME: &'static str = "mfa/activity";

    fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self {
            component: params.take_names("component")?,
            authenticated: params.take_names("authenticated")?,
            call_result: params.take_names("call_result")?,
            method: params.take_names("method")?,
            user: params.take_all("user"),
        })
    }

    fn write(&self, url: &mut UrlWriter) {
        url.add_all("component", &self.component);
        url.add_all("authenticated", &self.authenticated);
        url.add_all("call_result", &self.call_result);
        url.add_all("method", &self.method);
        url.add_all("user", &self.user);
    }
}

named! {
    /// The fields of a block.
    pub enum BlockColumn {
        Id => "id",
        At => "at",
        UserId => "user_id",
        DisplayName => "display_name",
        UserName => "user_name",
        By => "by",
        Reason => "reason",
        Until => "until",
        Status => "status",
        EndedAt => "ended_at",
        EndedBy => "ended_by",
        EndReason => "end_reason",
        Notes => "notes",
    }
}

impl Column for BlockColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::Status, direction: Direction::Ascending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The filters of the block history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BlockFilters {
    pub status: Vec<BlockStatus>,
    pub user: Vec<String>,
}

/// The block history; open blocks first.
pub type BlockedUsersQuery = Filtered<BlockFilters>;

impl Filters for BlockFilters {
    type Column = BlockColumn;
    const NAME: &'static str = "mfa/blocked-users";

    fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self { status: params.take_names("status")?, user: params.take_all("user") })
    }

    fn write(&self, url: &mut UrlWriter) {
        url.add_all("status", &self.status);
        url.add_all("user", &self.user);
    }
}

named! {
    /// The fields of a one-time bypass.
    pub enum BypassColumn {
        Id => "id",
        At => "at",
        UserId => "user_id",
        DisplayName => "display_name",
        UserName => "user_name",
        By => "by",
        Reason => "reason",
        Seconds => "seconds",
        Until => "until",
        Status => "status",
        EndedAt => "ended_at",
        EndReason => "end_reason",
        Notes => "notes",
    }
}

impl Column for BypassColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::At, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The filters of the bypass history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BypassFilters {
    pub status: Vec<BypassStatus>,
    pub user: Vec<String>,
}

/// The history of one-time bypasses.
pub type BypassedUsersQuery = Filtered<BypassFilters>;

impl Filters for BypassFilters {
    type Column = BypassColumn;
    const NAME: &'static str = "mfa/bypassed-users";

    fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self { status: params.take_names("status")?, user: params.take_all("user") })
    }

    fn write(&self, url: &mut UrlWriter) {
        url.add_all("status", &self.status);
        url.add_all("user", &self.user);
    }
}

named! {
    /// The fields of a fraud alert.
    pub enum FraudColumn {
        Id => "id",
        At => "at",
        UserId => "user_id",
        DisplayName => "display_name",
        UserName => "user_name",
        Source => "source",
        Blocked => "blocked",
        Reason => "reason",
        SignInId => "sign_in_id",
        Notes => "notes",
    }
}

impl Column for FraudColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::At, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The filters of the fraud alerts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FraudFilters {
    pub blocked: Vec<Answer>,
    pub user: Vec<String>,
}

/// Fraud alerts of the window.
pub type FraudAlertsQuery = Filtered<FraudFilters>;

impl Filters for FraudFilters {
    type Column = FraudColumn;
    const NAME: &'static str = "mfa/fraud-alerts";

    fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self { blocked: params.take_names("blocked")?, user: params.take_all("user") })
    }

    fn write(&self, url: &mut UrlWriter) {
        url.add_all("blocked", &self.blocked);
        url.add_all("user", &self.user);
    }
}

named! {
    /// The fields of a server of MFA Server.
    pub enum ServerColumn {
        Name => "name",
        Version => "version",
        Status => "status",
        Address => "address",
        LastContact => "last_contact",
        Stale => "stale",
    }
}

impl Column for ServerColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::Name, direction: Direction::Ascending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The list of servers has no filters of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerFilters;

/// Servers as of the instant asked for.
pub type ServersQuery = Filtered<ServerFilters>;

impl Filters for ServerFilters {
    type Column = ServerColumn;
    const NAME: &'static str = "mfa/servers";

    fn take(_: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self)
    }

    fn write(&self, _: &mut UrlWriter) {}
}
