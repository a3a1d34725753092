//! Tests a connection: asks for one record of everything and says what came of it.

use domain::connection::{POLICY_PERMISSIONS, Probe, ProbedResource, PullProblem, Resource};

use crate::client::{Client, Count};
use crate::listing::{Broken, Listing};
use crate::resource::{Span, first_page, versions};

/// Back far enough that most tenants have a record, near enough that the answer comes soon.
const PROBED_MS: i64 = domain::instant::DAY_MS;

/// Asks Graph for one record of each resource.
pub async fn test_connection(client: &Client) -> Probe {
    let permissions = match client.permissions().await {
        Ok(permissions) => permissions,
        Err(problem) => return Probe::failed(problem),
    };
    let asked = futures::future::join_all(Resource::ALL.iter().map(|resource| ask(client, *resource))).await;
    let without_details = asked.iter().any(|(_, _, without_details)| *without_details);
    let policies =
        permissions.as_ref().map(|granted| granted.iter().any(|one| POLICY_PERMISSIONS.contains(&one.as_str())));
    let resources = asked.into_iter().map(|(resource, problem, _)| ProbedResource { resource, problem }).collect();
    Probe { problem: None, permissions, resources, without_details, policies }
}

async fn ask(client: &Client, resource: Resource) -> (Resource, Option<PullProblem>, bool) {
    let span = Span { from: (client.now)().plus_millis(-PROBED_MS), to: None };
    let count = Count::default();
    let mut last = None;
    for (i, version) in versions(resource).iter().enumerate() {
        let url = first_page(&client.tenant, resource, version, Some(span), 1);
        last = match Listing::new(client, resource, url, &count).next_page().await {
            Ok(_) => return (resource, None, i > 0),
            Err(Broken::Rejected { status: 404 | 501, .. }) => Some(PullProblem::NotOffered),
            Err(Broken::Rejected { status, code }) => Some(PullProblem::NotUnderstood { status, code }),
            Err(Broken::Again(problem) | Broken::Problem(problem)) => return (resource, Some(problem), false),
        };
    }
    (resource, last, false)
}
