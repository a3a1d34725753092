//! What the access log can be asked for.

use super::filtered::{Filtered, Filters};
use super::list::{Column, Direction, Sort};
use super::params::{Params, QueryProblem, UrlWriter};
use crate::access::{AccessAction, AccessOutcome, ActorKind};
use crate::named;

named! {
    /// The fields of an entry of the access log.
    pub enum AccessColumn {
        Id => "id",
        At => "at",
        ActorKind => "actor_kind",
        ActorId => "actor_id",
        Actor => "actor",
        Role => "role",
        Action => "action",
        Outcome => "outcome",
        Status => "status",
        Route => "route",
        Target => "target",
        Rows => "rows",
        Address => "address",
        RequestId => "request_id",
        Hash => "hash",
    }
}

impl Column for AccessColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::At, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }

    /// A log is long, and is read in the order in which it was written.
    fn is_sortable(self) -> bool {
        matches!(self, Self::At)
    }
}

/// The filters of the access log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessFilters {
    pub action: Vec<AccessAction>,
    pub outcome: Vec<AccessOutcome>,
    pub actor_kind: Vec<ActorKind>,
}

/// Who looked at what, took what away, changed what, and who was refused.
pub type AccessLogQuery = Filtered<AccessFilters>;

impl Filters for AccessFilters {
    type Column = AccessColumn;
    const NAME: &'static str = "settings/access-log";
    const IS_SETTINGS: bool = true;

    fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self {
            action: params.take_names("action")?,
            outcome: params.take_names("outcome")?,
            actor_kind: params.take_names("actor_kind")?,
        })
    }

    fn write(&self, url: &mut UrlWriter) {
        url.add_all("action", &self.action);
        url.add_all("outcome", &self.outcome);
        url.add_all("actor_kind", &self.actor_kind);
    }
}
