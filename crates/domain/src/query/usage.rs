//! What the summaries behind `/usage` can be asked for: sign-ins per user and per application.

use super::filtered::{Filtered, Filters};
use super::list::{Column, Direction, Sort};
use super::params::{Params, QueryProblem, UrlWriter};
use super::sign_ins::{take_yes_or_no, write_yes_or_no};
use crate::named;

named! {
    /// The fields of a user in the summary per user.
    pub enum UserUsageColumn {
        UserId => "user_id",
        DisplayName => "display_name",
        UserName => "user_name",
        SignIns => "sign_ins",
        Challenged => "challenged",
        Satisfied => "satisfied",
        Denied => "denied",
        Pending => "pending",
        Unable => "unable",
    }
}

impl Column for UserUsageColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::SignIns, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// Users with at least one sign-in in the window that was challenged, or whose attempt could not meet the challenge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserUsageFilters {
    pub challenged: Option<bool>,
    pub unable: Option<bool>,
}

/// The summary per user.
pub type UserUsageQuery = Filtered<UserUsageFilters>;

impl Filters for UserUsageFilters {
    type Column = UserUsageColumn;
    const NAME: &'static str = "usage/users";

    fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self { challenged: take_yes_or_no(params, "challenged")?, unable: take_yes_or_no(params, "unable")? })
    }

    fn write(&self, url: &mut UrlWriter) {
        write_yes_or_no(url, "challenged", self.challenged);
        write_yes_or_no(url, "unable", self.unable);
    }
}

named! {
    /// The fields of an application in the summary per application.
    pub enum AppUsageColumn {
        App => "app",
        SignIns => "sign_ins",
        Challenged => "challenged",
        Satisfied => "satisfied",
        Denied => "denied",
        Pending => "pending",
        Unable => "unable",
    }
}

impl Column for AppUsageColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::SignIns, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The summary per application takes what every list takes, and no more.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AppUsageFilters;

/// The summary per application.
pub type AppUsageQuery = Filtered<AppUsageFilters>;

impl Filters for AppUsageFilters {
    type Column = AppUsageColumn;
    const NAME: &'static str = "usage/applications";

    fn take(_: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self)
    }

    fn write(&self, _: &mut UrlWriter) {}
}
