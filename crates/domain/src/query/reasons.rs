//! What `/reasons` can be asked for.

use super::filtered::{Filtered, Filters};
use super::list::{Column, Direction, Sort};
use super::params::{Params, QueryProblem, UrlWriter};
use crate::named;
use crate::reason::{Actor, ReasonKind};

named! {
    /// The fields of a reason.
    pub enum ReasonColumn {
        Kind => "kind",
        Code => "code",
        Label => "label",
        Meaning => "meaning",
        Actor => "actor",
        Next => "next",
        Count => "count",
    }
}

impl Column for ReasonColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::Count, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The filters of the reasons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReasonFilters {
    pub kind: Vec<ReasonKind>,
    pub actor: Vec<Actor>,
}

/// Every status, call result and error code, in plain words, and how often it occurred in the window.
pub type ReasonsQuery = Filtered<ReasonFilters>;

impl Filters for ReasonFilters {
    type Column = ReasonColumn;
    const NAME: &'static str = "reasons";

    fn take(params: &mut Params) -> Result<Self, QueryProblem> {
        Ok(Self { kind: params.take_names("kind")?, actor: params.take_names("actor")? })
    }

    fn write(&self, url: &mut UrlWriter) {
        url.add_all("kind", &self.kind);
        url.add_all("actor", &self.actor);
    }
}
