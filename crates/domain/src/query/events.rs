//! What `/events` and `/api/v1/events` can be asked for.

use super::list::{Column, Direction, List, Sort, list_query};
use super::params::{Params, QueryProblem, UrlWriter};
use super::report::Report;
use crate::instant::Instant;
use crate::method::AuthMethod;
use crate::named;
use crate::record::{Feature, Outcome};

named! {
    /// The fields of an event in a list.
    pub enum EventColumn {
        Id => "id",
        At => "at",
        UserId => "user_id",
        DisplayName => "display_name",
        UserName => "user_name",
        Feature => "feature",
        Method => "method",
        RawMethod => "raw_method",
        Status => "status",
        Reason => "reason",
        Source => "source",
    }
}

impl Column for EventColumn {
    const COLUMNS: &'static [Self] = Self::ALL;
    const DEFAULT_SORT: Sort<Self> = Sort { column: Self::At, direction: Direction::Descending };

    fn as_str(self) -> &'static str {
        self.as_str()
    }
}

/// The list of registration and reset events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventsQuery {
    pub report: Report,
    pub list: List<EventColumn>,
    pub feature: Vec<Feature>,
    pub status: Vec<Outcome>,
    pub method: Vec<AuthMethod>,
    /// Object ids or user names.
    pub user: Vec<String>,
}

list_query!(EventsQuery, EventColumn, "events");

impl EventsQuery {
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self::of(Report::new(now))
    }

    /// The list with no filter, for this report's window.
    #[must_use]
    pub fn of(report: Report) -> Self {
        Self {
            report,
            list: List::default(),
            feature: Vec::new(),
            status: Vec::new(),
            method: Vec::new(),
            user: Vec::new(),
        }
    }

    pub fn parse(query: &str, now: Instant) -> Result<Self, QueryProblem> {
        let mut params = Params::parse(query);
        let events = Self {
            feature: params.take_names("feature")?,
            status: params.take_names("status")?,
            method: params.take_names("method")?,
            user: params.take_all("user"),
            report: Report::take(&mut params, now)?,
            list: List::take(&mut params)?,
        };
        params.finish()?;
        Ok(events)
    }

    /// The query string of a link to this list; parsing it gives this query again.
    #[must_use]
    pub fn to_url(&self) -> String {
        let mut url = UrlWriter::new();
        self.report.write(&mut url);
        url.add_all("feature", &self.feature);
        url.add_all("status", &self.status);
        url.add_all("method", &self.method);
        url.add_all("user", &self.user);
        self.list.write(&mut url);
        url.finish()
    }
}
