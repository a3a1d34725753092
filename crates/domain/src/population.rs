//! Populations: the set of users that a figure about users is about (`spec/derivation.md` §1).

use serde::{Deserialize, Serialize};

use crate::named;

named! {
    pub enum Population {
        Members => "members",
        Everyone => "everyone",
        Guests => "guests",
        Admins => "admins",
    }
}

named! {
    /// Why a user is not in the population: the first that applies.
    pub enum LeftOutReason {
        SeenOnlyInEvents => "seen_only_in_events",
        Deleted => "deleted",
        Disabled => "disabled",
        Guest => "guest",
        Member => "member",
        NotAdmin => "not_admin",
    }
}

/// How many users were left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub reason: LeftOutReason,
    pub count: i64,
}

/// What decides whether a user is in a population.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// A registration or directory record exists; else only events named the user.
    pub is_recorded: bool,
    pub is_deleted: bool,
    /// Known to be disabled.
    pub is_disabled: bool,
    /// User type guest, or `#EXT#` in the user name where the type is unknown.
    pub is_guest: bool,
    /// Known to hold a directory role.
    pub is_admin: bool,
}

impl Population {
    /// `None` if the user is in the population, else why not.
    #[must_use]
    pub const fn leaves_out(self, user: Standing) -> Option<LeftOutReason> {
        if !user.is_recorded {
            return Some(LeftOutReason::SeenOnlyInEvents);
        }
        if user.is_deleted {
            return Some(LeftOutReason::Deleted);
        }
        if matches!(self, Self::Everyone) {
            return None;
        }
        if user.is_disabled {
            return Some(LeftOutReason::Disabled);
        }
        match self {
            Self::Members if user.is_guest => Some(LeftOutReason::Guest),
            Self::Guests if !user.is_guest => Some(LeftOutReason::Member),
            Self::Admins if !user.is_admin => Some(LeftOutReason::NotAdmin),
            _ => None,
        }
    }
}
