//! What `/users` and `/api/v1/users` can be asked for.

use super::list::{Column, Direction, List, Sort, list_query};
use super::params::{Params, QueryProblem, UrlWriter};
use super::report::Report;
use crate::answer::Answer;
use crate::instant::Instant;
use crate::method::{AuthMethod, MethodClass};
use crate::named;
use crate::population::Population;

named! {
    /// The fields of a user in a list.
    pub enum UserColumn {
        Id => "id",
        DisplayName => "display_name",
        UserName => "user_name",
        UserType => "user_type",
        EnabledAccount => "enabled_account",
        Admin => "admin",
        Registered => "registered",
        Enabled => "enabled",
        Capable => "capable",
        MfaRegistered => "mfa_registered",
        MfaCapable => "mfa_capable",
        PasswordlessCapable => "passwordless_capable",
        Methods => "methods",
        DefaultMethod => "default_method",
        Department => "department",
        Country => "country",
        UpdatedAt => "updated_at",
    }
}

impl Column for UserColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::DisplayName, direction: Direction::Ascending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

named! {
    /// The facts about a user with a yes, a no and an unknown: the tiles of `/overview`.
    pub enum UserFlag {
        Registered => "registered",
        Enabled => "enabled",
        Capable => "capable",
        MfaRegistered => "mfa_registered",
        MfaCapable => "mfa_capable",
        PasswordlessCapable => "passwordless_capable",
    }
}

named! {
    /// What users can be counted by: the values of a text column.
    pub enum UserGroup {
        Department => "department",
        Country => "country",
    }
}

/// The department or country of users for whom the directory names none, in `department` and `country`.
pub const UNKNOWN_GROUP: &str = "unknown";

/// The registration-details list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsersQuery {
    pub report: Report,
    pub list: List<UserColumn>,
    /// Per flag, the answers asked for; empty: all. In the order of [`UserFlag::ALL`].
    pub flags: [Vec<Answer>; 6],
    pub method: Vec<AuthMethod>,
    pub method_class: Vec<MethodClass>,
    pub department: Vec<String>,
    pub country: Vec<String>,
}

list_query!(UsersQuery, UserColumn, "users");

impl UsersQuery {
    /// The list with nothing asked for, as of `now`.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self::of(Report::new(now))
    }

    /// The list with no filter, for this report's instant and population.
    #[must_use]
    pub fn of(report: Report) -> Self {
        Self {
            report,
            list: List::default(),
            flags: Default::default(),
            method: Vec::new(),
            method_class: Vec::new(),
            department: Vec::new(),
            country: Vec::new(),
        }
    }

    pub fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        let mut params = Params::parse(query);
        let mut flags: [Vec<Answer>; 6] = Default::default();
        for flag in UserFlag::ALL {
            flags[*flag as usize] = params.take_names(flag.as_str())?;
        }
        let users = Self {
            flags,
            method: params.take_names("method")?,
            method_class: params.take_names("method_class")?,
            department: params.take_all("department"),
            country: params.take_all("country"),
            report: Report::take(&mut params, now)?,
            list: List::take(&mut params)?,
        };
        params.finish()?;
        Ok(users)
    }

    #[must_use]
    pub fn population(&self) -> Population {
        self.report.population.unwrap_or(Population::Members)
    }

    #[must_use]
    pub fn flag(&self, flag: UserFlag) -> &[Answer] {
        &self.flags[flag as usize]
    }

    /// The same list with one flag filtered, on its first page.
    #[must_use]
    pub fn with_flag(mut self, flag: UserFlag, answers: &[Answer]) -> Self {
        self.flags[flag as usize] = answers.to_vec();
        self.list.after = None;
        self
    }

    /// The query string of a link to this list; parsing it gives this query again.
    #[must_use]
    pub fn to_url(&self) -> String {
        let mut url = UrlWriter::new();
        self.report.write(&mut url);
        for flag in UserFlag::ALL {
            url.add_all(flag.as_str(), self.flag(*flag));
        }
        url.add_all("method", &self.method);
        url.add_all("method_class", &self.method_class);
        url.add_all("department", &self.department);
        url.add_all("country", &self.country);
        self.list.write(&mut url);
        url.finish()
    }
}
