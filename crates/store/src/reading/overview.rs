use std::cmp::Reverse;
use std::collections::BTreeMap;

use domain::answer::Answer;
use domain::instant::Instant;
use domain::method::{AuthMethod, MethodClass};
use domain::population::{LeftOut, LeftOutReason, Population};
use domain::query::{OverviewQuery, Report, UserFlag};
use domain::record::{Feature, Outcome, RecordKind};
use domain::report::{Change, Counts, MethodCounts, Overview, PopulationSize, Snapshot};
use domain::retention::Kept;
use domain::window::Window;

use super::Reader;
use super::changes::Stretch;
use super::counts::EventCounts;
use crate::StoreError;
use crate::cell::Cell;
use crate::db::args;
use crate::tiers::{plan, plan_until};

/// The users of a population, counted cell by cell, and those whom it leaves out.
pub(super) struct Census {
    population: Population,
    pub snapshot: Snapshot,
    left_out: BTreeMap<LeftOutReason, i64>,
}

impl Census {
    pub fn of(population: Population) -> Self {
        Self { population, snapshot: Snapshot::default(), left_out: BTreeMap::new() }
    }

    /// So many users more, or fewer, in a cell.
    pub fn add(&mut self, cell: Cell, n: i64) {
        if let Some(reason) = self.population.leaves_out(cell.standing()) {
            *self.left_out.entry(reason).or_default() += n;
            return;
        }
        let Snapshot { size, tiles, insights } = &mut self.snapshot;
        *size += n;
        for flag in UserFlag::ALL {
            tiles.get_mut(*flag).add(cell.flag(*flag), n);
        }
        match (cell.flag(UserFlag::Registered), cell.flag(UserFlag::Enabled)) {
            (Answer::Yes, Answer::No) => insights.registered_not_enabled += n,
            (Answer::No, Answer::Yes) => insights.enabled_not_registered += n,
            _ => {}
        }
        if cell.is_in(MethodClass::SmsOrVoiceOnly) {
            insights.sms_or_voice_only += n;
        } else if cell.is_in(MethodClass::SmsOrVoice) {
            insights.sms_or_voice_and_better += n;
        }
    }

    pub fn left_out(&self) -> Vec<LeftOut> {
        let counts = self.left_out.iter().filter(|(_, count)| **count != 0);
        counts.map(|(&reason, &count)| LeftOut { reason, count }).collect()
    }
}

impl Reader {
    pub(super) async fn read_overview(&self, query: &Report) -> Result<Overview, StoreError> {
        let population = query.population.unwrap_or(Population::Members);
        let window = query.window();
        let known_from = self.known_from().await?;
        let since = window.from.min(query.as_of);
        let later = Window { from: since.plus_millis(1), to: query.as_of.plus_millis(1) };
        let until_then = plan_until(since).into_iter().map(Stretch::at(since));
        let since_then = plan(later).into_iter().map(Stretch::at(query.as_of));
        let mut changes = self.cell_changes(until_then.chain(since_then)).await?;
        changes.sort_unstable_by_key(|change| change.at);
        let mut census = Census::of(population);
        let mut before = None;
        for change in changes {
            if change.at > since.millis() && before.is_none() {
                before = Some(census.snapshot.clone());
            }
            census.add(change.cell(), change.n);
        }
        let before = before.unwrap_or_else(|| census.snapshot.clone());
        let is_known_then = known_from.is_some_and(|known_from| known_from <= since && since < query.as_of);
        let left_out = census.left_out();
        let Snapshot { size, tiles, insights } = census.snapshot.clone();
        Ok(Overview {
            as_of: query.as_of,
            window,
            known_from,
            population: PopulationSize { name: population, size, left_out },
            tiles,
            insights,
            change: is_known_then.then(|| Change { since, difference: census.snapshot - &before }),
            previous: None,
            registrations: by_method(self.event_counts(Feature::Registration, window).await?),
            resets: by_method(self.event_counts(Feature::Reset, window).await?),
            not_kept: self.not_kept(&[Kept::Events], window).await?,
            sources: self.sources().await?,
        })
    }

    pub(super) async fn read_compared_overview(&self, query: &OverviewQuery) -> Result<Overview, StoreError> {
        let mut overview = self.read_overview(&query.report).await?;
        overview.previous = query.previous();
        if let Some(window) = overview.previous
            && !self.not_kept(&[Kept::Events], window).await?.is_empty()
        {
            // What was then is not known any more.
            overview.previous = None;
        }
        if let Some(window) = overview.previous {
            for (feature, rows) in
                [(Feature::Registration, &mut overview.registrations), (Feature::Reset, &mut overview.resets)]
            {
                compare(rows, by_method(self.event_counts(feature, window).await?));
            }
        }
        Ok(overview)
    }

    /// The first observation of any user.
    pub(super) async fn known_from(&self) -> Result<Option<Instant>, StoreError> {
        let kinds = RecordKind::ALL.iter().filter(|kind| kind.is_about_state()).map(|kind| kind.code().to_string());
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT MIN(covers_from) FROM sources WHERE tenant_id = $1 AND kind IN ({kinds})");
        let row: Option<(Option<i64>,)> = self.db.row(&sql, args![self.tenant.0]).await?;
        Ok(row.and_then(|(at,)| at).map(Instant::from_millis))
    }
}

/// Most events first; equal ones in the order of the methods.
fn by_method(counts: EventCounts) -> Vec<MethodCounts> {
    let mut methods: BTreeMap<AuthMethod, MethodCounts> = BTreeMap::new();
    for ((method, outcome), n) in counts {
        let entry = methods.entry(method).or_insert(MethodCounts { method, success: 0, failure: 0, previous: None });
        match outcome {
            Outcome::Success => entry.success += n,
            Outcome::Failure => entry.failure += n,
        }
    }
    let mut methods: Vec<MethodCounts> = methods.into_values().collect();
    methods.sort_by_key(|counts| (Reverse(counts.success + counts.failure), counts.method));
    methods
}

/// Puts what was before beside what is; methods that only were before come last.
fn compare(rows: &mut Vec<MethodCounts>, before: Vec<MethodCounts>) {
    for row in rows.iter_mut() {
        row.previous = Some(Counts::default());
    }
    for MethodCounts { method, success, failure, .. } in before {
        let previous = Some(Counts { success, failure });
        match rows.iter_mut().find(|row| row.method == method) {
            Some(row) => row.previous = previous,
            None => rows.push(MethodCounts { method, success: 0, failure: 0, previous }),
        }
    }
}
