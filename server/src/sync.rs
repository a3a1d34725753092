//! Records out of Microsoft Graph into the store: `keyroll sync` and the job of `keyroll serve`.
//!
//! [`Connector`] is what it takes to reach a tenant: the network, the allowances, the key of stored secrets. One
//! [`sync`] pulls every resource of every connection; the resources of a tenant at the same time, so that its allowance
//! is used while pages are on their way.

use std::sync::Arc;

use domain::connection::{PullProblem, Resource};
use domain::instant::Instant;
use domain::report::ImportCounts;
use futures::FutureExt as _;
use futures::future::try_join_all;
use graph::{Client, Count, Ended, Mark};
use serde::Serialize;
use store::{Operator, PullEnd, PullLock, StoreError, UsableConnection};

use crate::clock::Clock;

mod connector;
mod sink;

pub use connector::{Connector, SyncSettings, credential};
pub use sink::StoreSink;

/// What came of a whole sync.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    pub sources: Vec<TenantReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantReport {
    pub name: String,
    pub resources: Vec<ResourceReport>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceReport {
    pub resource: Resource,
    #[serde(flatten)]
    pub counts: ImportCounts,
    pub requests: i64,
    pub throttled: i64,
    pub without_details: bool,
    pub problem: Option<PullProblem>,
    /// The problem as a sentence.
    pub sentence: Option<String>,
}

impl SyncReport {
    /// The problems, as sentences.
    pub fn problems(&self) -> impl Iterator<Item = String> + '_ {
        self.sources.iter().flat_map(|tenant| {
            tenant.resources.iter().filter_map(move |resource| {
                let sentence = resource.sentence.as_ref()?;
                Some(format!("{}: {} was not read to its end: {sentence}", tenant.name, resource.resource))
            })
        })
    }

    /// Whether records were put in quarantine.
    #[must_use]
    pub fn is_partly(&self) -> bool {
        let mut resources = self.sources.iter().flat_map(|tenant| &tenant.resources);
        resources.any(|resource| resource.counts.rejected > 0)
    }
}

/// Which resources a sync is to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    Everything,
    /// Not what is read whole and was read since then.
    Due {
        whole_since: Instant,
    },
}

/// Pulls everything once. `None`: somebody else does so now.
///
/// # Errors
/// The store does not answer. What Graph says is in the report.
pub async fn sync(
    operator: &Operator,
    connector: &Connector,
    clock: &Clock,
    which: Which,
) -> Result<Option<SyncReport>, StoreError> {
    let Some(lock) = operator.pull_lock().await? else { return Ok(None) };
    let connections = operator.usable_connections().await?;
    let mut tenants = Vec::new();
    for connection in &connections {
        tenants.push(pull_tenant(operator, connector, clock, connection, which, &lock).boxed_local());
    }
    let sources = try_join_all(tenants).await?;
    // What was read is stored, whatever became of the lock.
    if let Err(error) = lock.release().await {
        tracing::warn!("the lock of whoever pulls was not let go of in order: {error}");
    }
    Ok(Some(SyncReport { sources }))
}

async fn pull_tenant(
    operator: &Operator,
    connector: &Connector,
    clock: &Clock,
    connection: &UsableConnection,
    which: Which,
    _lock: &PullLock,
) -> Result<TenantReport, StoreError> {
    let client = match told_to_wait(connection, clock.now()) {
        Some(problem) => Err(problem),
        None => connector.client(connection, clock),
    };
    let mut pulls = Vec::new();
    for resource in Resource::ALL.iter().copied().filter(|resource| is_due(connection, *resource, which)) {
        let sink = StoreSink::new(operator.clone(), clock.clone(), connection, resource);
        pulls.push(pull_resource(operator, connector, clock, client.as_ref(), sink).boxed_local());
    }
    let resources = try_join_all(pulls).await?;
    Ok(TenantReport { name: connection.item.name.clone(), resources })
}

async fn pull_resource(
    operator: &Operator,
    connector: &Connector,
    clock: &Clock,
    client: Result<&Client, &PullProblem>,
    mut sink: StoreSink,
) -> Result<ResourceReport, StoreError> {
    let (connection, resource) = (sink.connection(), sink.resource());
    let count = Count::default();
    let ended = match client {
        Ok(client) => pull_into(client, connector, &count, &mut sink).await?,
        Err(problem) => Err(problem.clone()),
    };
    let counts = sink.finish(ended.as_ref().err()).await?;
    let (requests, throttled) = count.read();
    let without_details = *ended.as_ref().unwrap_or(&false);
    let problem = ended.err();
    let end = PullEnd { problem: problem.clone(), without_details, requests, throttled, now: clock.now() };
    operator.finish_pull(connection, resource, end).await?;
    let sentence = problem.as_ref().map(ToString::to_string);
    if let Some(sentence) = &sentence {
        tracing::warn!(source = connection, %resource, "not read to its end: {sentence}");
    }
    Ok(ResourceReport { resource, counts, requests, throttled, without_details, problem, sentence })
}

/// What Graph said last time, perhaps to another program: until when it wants nothing of us.
fn told_to_wait(connection: &UsableConnection, now: Instant) -> Option<PullProblem> {
    let mut problems = connection.item.resources.iter().filter_map(|item| item.problem.clone());
    problems.find(|problem| matches!(problem, PullProblem::Throttled { until } if *until > now))
}

/// Answers whether details are missing, or why not everything was read.
async fn pull_into(
    client: &Client,
    connector: &Connector,
    count: &Count,
    sink: &mut StoreSink,
) -> Result<Result<bool, PullProblem>, StoreError> {
    // A mark of another version that cannot be read is none: then everything is read again, and is known.
    let mark = sink.stored_mark().await?.and_then(|mark| serde_json::from_str::<Mark>(&mark).ok()).unwrap_or_default();
    let resource = sink.resource();
    Ok(match graph::pull(client, resource, mark, &connector.settings.plan, count, sink).await {
        Ended::Done { without_details } => Ok(without_details),
        Ended::Problem(problem) => Err(problem),
        Ended::Sink(error) => {
            tracing::error!(%resource, "what was read was not taken: {error}");
            Err(PullProblem::Store)
        }
    })
}

fn is_due(connection: &UsableConnection, resource: Resource, which: Which) -> bool {
    let Which::Due { whole_since } = which else { return true };
    let item = connection.item.resources.iter().find(|item| item.resource == resource);
    resource.is_by_time()
        || item.is_none_or(|item| item.problem.is_some() || item.last_success.is_none_or(|last| last < whole_since))
}

/// The clock as the client wants it.
fn now_of(clock: &Clock) -> graph::Now {
    let clock = clock.clone();
    Arc::new(move || clock.now())
}
