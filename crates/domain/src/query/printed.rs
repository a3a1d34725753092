//! What the three lists of the 2020 PowerShell commands can be asked for.

use super::filtered::{Filtered, Filters};
use super::list::{Column, Direction, Sort};
use super::params::{Params, QueryProblem, UrlWriter};
use crate::named;

named! {
    /// The one column of two of the commands.
    pub enum UserNameColumn {
        UserPrincipalName => "UserPrincipalName",
    }
}

impl Column for UserNameColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::UserPrincipalName, direction: Direction::Ascending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The list has no filters of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MfaRegisteredFilters;

/// Who is registered for MFA, without disabled accounts.
pub type MfaRegisteredQuery = Filtered<MfaRegisteredFilters>;

impl Filters for MfaRegisteredFilters {
    type Column = UserNameColumn;
    const NAME: &'static str = "lists/mfa-registered";

    fn take(_: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self)
    }

    fn write(&self, _: &mut UrlWriter) {}
}

/// The list has no filters of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MfaNotRegisteredFilters;

/// Who is not registered for MFA, without disabled accounts.
pub type MfaNotRegisteredQuery = Filtered<MfaNotRegisteredFilters>;

impl Filters for MfaNotRegisteredFilters {
    type Column = UserNameColumn;
    const NAME: &'static str = "lists/mfa-not-registered";

    fn take(_: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self)
    }

    fn write(&self, _: &mut UrlWriter) {}
}

named! {
    /// The columns of the third command.
    pub enum MfaMethodsColumn {
        UserPrincipalName => "UserPrincipalName",
        MfaStatus => "MFA Status",
        MfaMethods => "MFA Methods",
    }
}

impl Column for MfaMethodsColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::UserPrincipalName, direction: Direction::Ascending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The list has no filters of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MfaMethodsFilters;

/// Everybody, with the state of per-user MFA and the methods registered.
pub type MfaMethodsQuery = Filtered<MfaMethodsFilters>;

impl Filters for MfaMethodsFilters {
    type Column = MfaMethodsColumn;
    const NAME: &'static str = "lists/mfa-methods";

    fn take(_: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self)
    }

    fn write(&self, _: &mut UrlWriter) {}
}
