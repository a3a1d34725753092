//! Figures of the store at one instant: the same as `/api/v1/overview` and `/api/v1/data` give.

use std::sync::atomic::AtomicU64;

use domain::freshness::{SourceGroup, StaleAfter};
use domain::instant::{DAY_MS, Instant};
use domain::query::{Report, UserFlag};
use domain::report::{ImportCounts, Overview, SelfCheck};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use store::{Reader, StoreError};

const RECORDS_MS: i64 = 30 * DAY_MS;

type Seconds = Gauge<f64, AtomicU64>;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Tile {
    tile: &'static str,
    answer: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Insight {
    insight: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Source {
    source: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// What a scrape reads.
pub struct Figures {
    now: Instant,
    overview: Overview,
    records: ImportCounts,
    self_check: Option<SelfCheck>,
    stale_after: StaleAfter,
}

impl Figures {
    /// # Errors
    /// The store does not answer.
    pub async fn read(reader: &Reader, now: Instant, stale_after: StaleAfter) -> Result<Self, StoreError> {
        Ok(Self {
            now,
            overview: reader.overview(&Report::new(now)).await?,
            records: reader.imported_since(now.plus_millis(-RECORDS_MS)).await?,
            self_check: reader.self_check().await?,
            stale_after,
        })
    }

    pub fn register(&self, registry: &mut Registry) {
        self.register_users(registry);
        self.register_sources(registry);
        let records = Family::<Outcome, Gauge>::default();
        let counts = &self.records;
        for (outcome, n) in [
            ("accepted", counts.accepted),
            ("duplicate", counts.duplicate),
            ("replaced", counts.replaced),
            ("skipped", counts.skipped),
            ("rejected", counts.rejected),
        ] {
            records.get_or_create(&Outcome { outcome }).set(n);
        }
        registry.register("records_last_30_days", "What became of records, however they came in", records);
        if let Some(check) = &self.self_check {
            let differences: Gauge = Gauge::default();
            differences.set(check.differences);
            registry.register(
                "self_check_differences",
                "What the latest recount of some hours found wrong",
                differences,
            );
            registry.register("self_check_timestamp_seconds", "The latest recount", seconds(check.at));
        }
    }

    fn register_users(&self, registry: &mut Registry) {
        let users = Family::<Tile, Gauge>::default();
        for flag in UserFlag::ALL {
            let tally = self.overview.tiles.get(*flag);
            for (answer, n) in [("yes", tally.yes), ("no", tally.no), ("unknown", tally.unknown)] {
                users.get_or_create(&Tile { tile: flag.as_str(), answer }).set(n);
            }
        }
        registry.register("users", "Members by the tiles of the overview", users);
        let insights = Family::<Insight, Gauge>::default();
        let figures = &self.overview.insights;
        for (insight, n) in [
            ("registered_not_enabled", figures.registered_not_enabled),
            ("enabled_not_registered", figures.enabled_not_registered),
            ("sms_or_voice_only", figures.sms_or_voice_only),
            ("sms_or_voice_and_better", figures.sms_or_voice_and_better),
        ] {
            insights.get_or_create(&Insight { insight }).set(n);
        }
        registry.register("users_insight", "Members by the figures beneath the tiles", insights);
    }

    fn register_sources(&self, registry: &mut Registry) {
        let (refreshed, covers) = (Family::<Source, Seconds>::default(), Family::<Source, Seconds>::default());
        let stale = Family::<Source, Gauge>::default();
        for item in &self.overview.sources {
            let source = Source { source: item.source.as_str() };
            refreshed.get_or_create(&source).set(as_seconds(item.last_refreshed));
            covers.get_or_create(&source).set(as_seconds(item.covers_to));
            if let Some(group) = SourceGroup::of(item.source) {
                let is_stale = self.stale_after.is_stale(group, item.last_refreshed, self.now);
                stale.get_or_create(&source).set(i64::from(is_stale));
            }
        }
        let help = "When records of the source last came in";
        registry.register("source_last_refreshed_timestamp_seconds", help, refreshed);
        registry.register("source_covers_to_timestamp_seconds", "The latest time that a record carries", covers);
        registry.register("source_stale", "Whether the source is older than the settings allow", stale);
    }
}

fn seconds(at: Instant) -> Seconds {
    let gauge = Seconds::default();
    gauge.set(as_seconds(at));
    gauge
}

/// Exact: milliseconds of any year that is written with four digits fit.
fn as_seconds(at: Instant) -> f64 {
    at.millis() as f64 / 1000.0
}
