use serde::{Deserialize, Serialize};

use super::{Field, Fields};
use crate::access::{AccessAction, AccessOutcome, ActorKind};
use crate::instant::Instant;
use crate::query::AccessColumn;
use crate::role::Role;

/// An entry of the access log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessItem {
    /// From 1, without gaps.
    pub id: i64,
    pub at: Instant,
    pub actor_kind: ActorKind,
    /// Of a person or a token.
    pub actor_id: Option<i64>,
    /// Empty where nobody is known by name.
    pub actor: String,
    pub role: Option<Role>,
    pub action: AccessAction,
    pub outcome: AccessOutcome,
    /// Of the answer, where there was one by HTTP.
    pub status: Option<i64>,
    /// The route, or a command.
    pub route: String,
    /// Path and query; `None`: somebody in it was erased.
    pub target: Option<String>,
    pub rows: Option<i64>,
    pub address: Option<String>,
    pub request_id: Option<String>,
    /// Of this entry and all before it.
    pub hash: String,
}

impl Fields<AccessColumn> for AccessItem {
    fn field(&self, column: AccessColumn) -> Field<'_> {
        match column {
            AccessColumn::Id => Field::Number(self.id),
            AccessColumn::At => Field::At(self.at),
            AccessColumn::ActorKind => Field::text(self.actor_kind.as_str()),
            AccessColumn::ActorId => Field::number(self.actor_id),
            AccessColumn::Actor => Field::text(&self.actor),
            AccessColumn::Role => Field::known(self.role.map(Role::as_str)),
            AccessColumn::Action => Field::text(self.action.as_str()),
            AccessColumn::Outcome => Field::text(self.outcome.as_str()),
            AccessColumn::Status => Field::number(self.status),
            AccessColumn::Route => Field::text(&self.route),
            AccessColumn::Target => Field::known(self.target.as_deref()),
            AccessColumn::Rows => Field::number(self.rows),
            AccessColumn::Address => Field::known(self.address.as_deref()),
            AccessColumn::RequestId => Field::known(self.request_id.as_deref()),
            AccessColumn::Hash => Field::text(&self.hash),
        }
    }
}
