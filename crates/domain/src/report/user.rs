use serde::{Deserialize, Serialize};

use super::{BlockItem, SignInItem};
use crate::answer::Answer;
use crate::instant::Instant;
use crate::method::{AuthMethod, MethodSet};
use crate::query::UserFlag;
use crate::record::{EventSource, Feature, Outcome, PerUserMfa, UserType};

/// A user in the registration-details list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserItem {
    /// The object id; the user name of a user that no object id is known of.
    pub id: String,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub user_type: Option<UserType>,
    pub enabled_account: Answer,
    pub admin: Answer,
    pub registered: Answer,
    pub enabled: Answer,
    pub capable: Answer,
    pub mfa_registered: Answer,
    pub mfa_capable: Answer,
    pub passwordless_capable: Answer,
    /// Method ids, raw names for methods we have no id for; `null`: not known.
    #[serde(serialize_with = "method_ids", deserialize_with = "method_set")]
    pub methods: Option<MethodSet>,
    pub default_method: Option<String>,
    pub department: Option<String>,
    pub country: Option<String>,
    /// When the state was last observed.
    pub updated_at: Option<Instant>,
    /// When the directory has the user from. No column of the list.
    #[serde(skip)]
    pub created_at: Option<Instant>,
}

impl UserItem {
    #[must_use]
    pub const fn flag(&self, flag: UserFlag) -> Answer {
        match flag {
            UserFlag::Registered => self.registered,
            UserFlag::Enabled => self.enabled,
            UserFlag::Capable => self.capable,
            UserFlag::MfaRegistered => self.mfa_registered,
            UserFlag::MfaCapable => self.mfa_capable,
            UserFlag::PasswordlessCapable => self.passwordless_capable,
        }
    }
}

fn method_ids<S: serde::Serializer>(methods: &Option<MethodSet>, serializer: S) -> Result<S::Ok, S::Error> {
    methods.as_ref().map(MethodSet::ids).serialize(serializer)
}

fn method_set<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<MethodSet>, D::Error> {
    let ids = Option::<Vec<String>>::deserialize(deserializer)?;
    Ok(ids.map(|ids| MethodSet::from_ids(ids.iter().map(String::as_str))))
}

/// A registration or reset event in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventItem {
    pub id: String,
    pub at: Instant,
    /// The user's id, as in [`UserItem::id`]; `None` where the record names nobody.
    pub user_id: Option<String>,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub feature: Feature,
    pub method: AuthMethod,
    /// The method's name as the record has it.
    pub raw_method: Option<String>,
    pub status: Outcome,
    pub reason: Option<String>,
    pub source: EventSource,
}

/// A span of time in which a user's state was one and the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateInterval {
    pub from: Instant,
    /// `None`: until further notice.
    pub to: Option<Instant>,
    pub state: UserItem,
}

/// `GET /api/v1/users/{id}`: one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetails {
    /// The state at `as_of`; `None` before the first observation.
    pub state: Option<UserItem>,
    pub id: String,
    pub display_name: Option<String>,
    pub user_name: Option<String>,
    pub per_user_mfa: Option<PerUserMfa>,
    pub created_at: Option<Instant>,
    pub deleted_at: Option<Instant>,
    /// First and last time any record named the user.
    pub first_seen_at: Option<Instant>,
    pub last_seen_at: Option<Instant>,
    /// Every change of state, newest first.
    pub history: Vec<StateInterval>,
    /// Counted events, newest first, at most 100.
    pub events: Vec<EventItem>,
    /// All counted events of the user.
    pub events_total: i64,
    /// Sign-ins, newest first, at most 20.
    #[serde(default)]
    pub sign_ins: Vec<SignInItem>,
    /// All sign-ins of the user.
    #[serde(default)]
    pub sign_ins_total: i64,
    /// Blocks of the user's MFA, open ones first.
    #[serde(default)]
    pub blocks: Vec<BlockItem>,
}
