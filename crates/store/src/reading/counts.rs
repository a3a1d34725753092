//! Counting over windows: roll-ups plus raw edges, exact to the millisecond.

use std::collections::BTreeMap;

use domain::instant::Instant;
use domain::method::AuthMethod;
use domain::record::{EventSource, Feature, Outcome};
use domain::window::Window;

use super::Reader;
use super::changes::Stretch;
use super::sums::Counters;
use crate::cell::Cell;
use crate::db::args;
use crate::error::member;
use crate::tiers::{plan, plan_until};
use crate::{EventsSource, StoreError};

const EVENTS: Counters = Counters {
    table: "event_rollups",
    rows: "events",
    by: &[("method", "method"), ("outcome", "outcome")],
    counted: "",
};

/// Events of one feature by method and outcome.
pub type EventCounts = BTreeMap<(AuthMethod, Outcome), i64>;

impl Reader {
    /// How many users are in each cell at an instant.
    pub(super) async fn cells_at(&self, as_of: Instant) -> Result<BTreeMap<Cell, i64>, StoreError> {
        let mut cells: BTreeMap<Cell, i64> = BTreeMap::new();
        for change in self.cell_changes(plan_until(as_of).into_iter().map(Stretch::at(as_of))).await? {
            *cells.entry(change.cell()).or_default() += change.n;
        }
        cells.retain(|_, n| *n != 0);
        Ok(cells)
    }

    /// The windows in which each source's events count: a report's only before the first audit-derived event.
    pub(super) async fn counted(
        &self,
        feature: Feature,
        window: Window,
    ) -> Result<Vec<(EventSource, Window)>, StoreError> {
        let first_audit = match self.events_source {
            EventsSource::Audit => return Ok(vec![(EventSource::Audit, window)]),
            EventsSource::Report => return Ok(vec![(EventSource::Report, window)]),
            EventsSource::Auto => self.first_audit_event(feature).await?,
        };
        let until = first_audit.map_or(window.to, |first| first.min(window.to));
        let mut counted = vec![(EventSource::Audit, window)];
        if window.from < until {
            counted.push((EventSource::Report, Window { from: window.from, to: until }));
        }
        Ok(counted)
    }

    async fn first_audit_event(&self, feature: Feature) -> Result<Option<Instant>, StoreError> {
        let row: Option<(i64,)> = self
            .db
            .row(
                "SELECT at FROM events WHERE tenant_id = $1 AND source = $2 AND feature = $3 ORDER BY at LIMIT 1",
                args![self.tenant.0, EventSource::Audit.code(), feature.code()],
            )
            .await?;
        // The first ones may not be kept any more.
        const GONE: &str = "SELECT at FROM first_audit_events WHERE tenant_id = $1 AND feature = $2";
        let gone: Option<(i64,)> = self.db.row(GONE, args![self.tenant.0, feature.code()]).await?;
        let first = [row, gone].into_iter().flatten().map(|(at,)| at).min();
        Ok(first.map(Instant::from_millis))
    }

    /// Events of a feature that count in a window, by method and outcome.
    pub(super) async fn event_counts(&self, feature: Feature, window: Window) -> Result<EventCounts, StoreError> {
        let mut counts = EventCounts::new();
        for (source, window) in self.counted(feature, window).await? {
            for (key, n) in self.event_counts_of(source, feature, window).await? {
                *counts.entry(key).or_default() += n;
            }
        }
        Ok(counts)
    }

    /// A source's events of a feature in a window, by method and outcome.
    pub(super) async fn event_counts_of(
        &self,
        source: EventSource,
        feature: Feature,
        window: Window,
    ) -> Result<EventCounts, StoreError> {
        let only = [("source", source.code()), ("feature", feature.code())];
        let rows: Vec<(i64, i64, i64)> = self.sums(&EVENTS, &plan(window), &only).await?;
        let mut counts = EventCounts::new();
        for (method, outcome, n) in rows {
            let method = member("event_rollups", "method", method, AuthMethod::from_code)?;
            let outcome = member("event_rollups", "outcome", outcome, Outcome::from_code)?;
            *counts.entry((method, outcome)).or_default() += n;
        }
        counts.retain(|_, n| *n != 0);
        Ok(counts)
    }
}
