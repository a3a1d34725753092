//! Pages of Graph into the store, by the way that files go.

use std::io::Cursor;

use bytes::Bytes;
use domain::connection::{PullProblem, Resource};
use domain::instant::Instant;
use domain::report::{ImportCounts, ImportStatus};
use graph::{Mark, Sink};
use ingest::Hints;
use sha2::{Digest as _, Sha256};
use store::{NewImport, Operator, Started, StoreError, UsableConnection};

use crate::clock::Clock;
use crate::import::{FileReport, ImportError, Taking, take_in};

/// One resource of one connection: its pages are one import, which begins with the first.
pub struct StoreSink {
    operator: Operator,
    clock: Clock,
    connection: i64,
    resource: Resource,
    name: String,
    import: Option<(Started, FileReport)>,
}

impl StoreSink {
    #[must_use]
    pub fn new(operator: Operator, clock: Clock, connection: &UsableConnection, resource: Resource) -> Self {
        let name = format!("{} ({resource})", connection.item.name);
        Self { operator, clock, connection: connection.item.id, resource, name, import: None }
    }

    #[must_use]
    pub const fn connection(&self) -> i64 {
        self.connection
    }

    #[must_use]
    pub const fn resource(&self) -> Resource {
        self.resource
    }

    /// How far earlier pulls have come.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn stored_mark(&self) -> Result<Option<String>, StoreError> {
        self.operator.pull_mark(self.connection, self.resource).await
    }

    /// Ends the import. One that brought nothing new is not kept: there would be one every few minutes.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn finish(&mut self, problem: Option<&PullProblem>) -> Result<ImportCounts, StoreError> {
        let now = self.clock.now();
        let Some((started, mut report)) = self.import.take() else { return Ok(ImportCounts::default()) };
        if problem.is_none() {
            // Read to its end: the source is fresh even if nothing happened.
            report.counts.by_kind.entry(self.resource.kind().as_str().to_owned()).or_default();
        }
        let counts = report.counts;
        if counts.accepted + counts.replaced + counts.rejected == 0 && report.refusal.is_none() {
            self.operator.forget_import(started.id, &counts, now).await?;
        } else {
            let status = if problem.is_some() { ImportStatus::Interrupted } else { ImportStatus::Done };
            let said = problem.map(ToString::to_string).or(report.refusal);
            self.operator.finish_import(started.id, status, said, &counts, now).await?;
        }
        Ok(counts)
    }

    async fn begin(&self) -> Result<(Started, FileReport), StoreError> {
        let now = self.clock.now();
        // There are no bytes yet, and no file has these: it names this pull.
        let told_by = format!("{} {} {now}", self.connection, self.resource);
        let sha256 = Sha256::digest(told_by.as_bytes()).into();
        let import = NewImport { file_name: self.name.clone(), sha256, now };
        let started = self.operator.begin_import(import).await?;
        let report = FileReport::new(started.id, self.name.clone());
        Ok((started, report))
    }
}

impl Sink for StoreSink {
    type Error = ImportError;

    async fn page(&mut self, body: Bytes, seen_at: Instant) -> Result<(), ImportError> {
        let (started, mut report) = match self.import.take() {
            Some(import) => import,
            None => self.begin().await?,
        };
        let how = Taking {
            hints: Hints { is_events_summary: self.resource == Resource::EventsSummary, ..Hints::default() },
            observed_at: seen_at,
            is_current: self.resource == Resource::Users,
        };
        let taken = take_in(&self.operator, &self.clock, Cursor::new(body), how, &mut report).await;
        if let Some(refusal) = &report.refusal {
            tracing::error!(page = self.name, "a page could not be read: {refusal}");
        }
        self.import = Some((started, report));
        taken
    }

    async fn mark(&mut self, mark: &Mark) -> Result<(), ImportError> {
        let text = serde_json::to_string(mark).unwrap_or_default();
        self.operator.store_pull_mark(self.connection, self.resource, text, mark.covered_to).await?;
        Ok(())
    }
}
