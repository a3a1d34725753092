//! Whatever happens on the way, in the end everything was read (`spec/quality.md` G-R11).

use std::collections::BTreeMap;

use domain::connection::Resource;
use graph::{Count, Plan, pull};
use graph_server::Schedule;

use crate::support::{Memory, version};

/// Each from a seed of its own: what is promised, twenty seconds of one core. `SCHEDULES` asks for more.
const SCHEDULES: u64 = 500;

const READ: [Resource; 5] = [
    Resource::Users,
    Resource::RegistrationDetails,
    Resource::DirectoryAudits,
    Resource::SignIns,
    Resource::NonInteractiveSignIns,
];

async fn converges(seed: u64) -> usize {
    let mut schedule = Schedule::new(seed);
    let mut kept: BTreeMap<Resource, Memory> = READ.iter().map(|resource| (*resource, Memory::default())).collect();
    schedule
        .pass(async |client| {
            let pulls =
                kept.iter_mut().map(|(resource, memory)| {
                    let (client, resource) = (&client, *resource);
                    // A failure is nobody's to mend: the next time it goes well.
                    async move {
                        pull(client, resource, memory.mark.clone(), &Plan::default(), &Count::default(), memory).await
                    }
                });
            futures::future::join_all(pulls).await;
        })
        .await;
    let mut read = BTreeMap::new();
    for (resource, memory) in &kept {
        for (id, record) in &memory.records {
            let id = match resource {
                Resource::Users => format!("user:{id}"),
                Resource::RegistrationDetails => format!("registration:{id}"),
                _ => id.clone(),
            };
            read.insert(id, version(record));
        }
    }
    assert_eq!(read, schedule.truth(), "seed {seed}");
    let (requests, over_budget) = schedule.server.world(|world| (world.asked.len(), world.over_budget));
    assert_eq!(over_budget, 0, "seed {seed}: more than five requests in ten seconds");
    requests
}

#[test]
fn every_schedule_converges_to_the_truth() {
    let wanted = std::env::var("SCHEDULES").ok().and_then(|n| n.parse().ok()).unwrap_or(SCHEDULES);
    let mut requests = 0;
    for seed in 0..wanted {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        requests += runtime.expect("a runtime").block_on(converges(seed));
    }
    println!("{wanted} schedules, {requests} requests");
}
