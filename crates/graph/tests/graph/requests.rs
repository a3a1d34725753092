//! Pages, faults one at a time, permissions, and how much of the allowance is used.

use std::time::Duration;

use domain::connection::{PullProblem, Resource};
use domain::instant::MINUTE_MS;
use graph::{Ended, Mark, test_connection};
use graph_server::{Fault, Kind, RetryAfter, World};
use tokio::time::Instant;

use crate::support::{Memory, client, done, event, minutes, people, run, server, start};

/// Some faults, each for a request of its own, then none.
fn faults(list: impl Into<Vec<Fault>>) -> impl FnMut(&str) -> Option<Fault> + Send + 'static {
    let mut left = list.into().into_iter();
    move |_| left.next()
}

#[tokio::test(start_paused = true)]
async fn links_are_followed_to_the_last_page() {
    let server = server(World { registration: people(2_500), page_size: 100, ..World::default() });
    let mut memory = Memory::default();
    assert_eq!(run(&client(&server), Resource::RegistrationDetails, &mut memory).await, done());
    assert_eq!((memory.records.len(), memory.pages), (2_500, 25));
    assert_eq!(memory.mark.link, None, "nothing is left to go on with");
}

#[tokio::test(start_paused = true)]
async fn every_fault_is_survived() {
    use Fault::{
        Cut, DuplicatePage, EmptyPage, EndlessPages, ExpiredLink, HugeField, Loop, NotJson, Reordered, Slow, Status,
        TooMany, Truncated, Unauthorized,
    };
    let all = [
        TooMany(RetryAfter::Silent),
        TooMany(RetryAfter::Seconds(30)),
        TooMany(RetryAfter::Date(30)),
        TooMany(RetryAfter::Garbage),
        Status(500, RetryAfter::Silent),
        Status(502, RetryAfter::Silent),
        Status(503, RetryAfter::Seconds(20)),
        Status(504, RetryAfter::Silent),
        Cut,
        Truncated,
        NotJson,
        DuplicatePage,
        Loop,
        EndlessPages,
        ExpiredLink,
        Unauthorized,
        EmptyPage,
        Reordered,
        Slow(90),
        Slow(400),
        HugeField,
    ];
    for fault in all {
        for resource in [Resource::RegistrationDetails, Resource::DirectoryAudits] {
            let world = World {
                registration: people(100),
                events: minutes(Kind::Audit, 100),
                page_size: 10,
                ..World::default()
            };
            let server = server(world);
            // The third request meets it: the middle of a list.
            let mut requests = 0;
            server.misbehave(move |_| {
                requests += 1;
                (requests == 3).then_some(fault)
            });
            let mut memory = Memory::default();
            assert_eq!(run(&client(&server), resource, &mut memory).await, done(), "{fault:?} {resource}");
            assert_eq!(memory.records.len(), 100, "{fault:?} {resource}");
            assert_eq!(server.world(|world| world.over_budget), 0, "{fault:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_circle_is_seen_within_three_pages() {
    for fault in [Fault::Loop, Fault::EndlessPages] {
        let server = server(World { registration: people(50), page_size: 10, ..World::default() });
        server.misbehave(move |_| Some(fault));
        let ended = run(&client(&server), Resource::RegistrationDetails, &mut Memory::default()).await;
        assert_eq!(ended, Ended::Problem(PullProblem::Circle), "{fault:?}");
        let requests = server.world(|world| world.asked.len());
        assert!(requests <= 5 * 3, "{requests} requests for five beginnings");
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_goes_to_no_other_server() {
    let server = server(World { registration: people(50), page_size: 10, ..World::default() });
    server.misbehave(faults([Fault::ForeignLink]));
    let ended = run(&client(&server), Resource::RegistrationDetails, &mut Memory::default()).await;
    assert_eq!(ended, Ended::Problem(PullProblem::ForeignLink));
    assert_eq!(server.world(|world| world.asked.len()), 1);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_obeyed_and_a_long_one_ends_the_pull() {
    let server = server(World { registration: people(1), ..World::default() });
    let client = client(&server);
    for (retry_after, seconds) in
        [(RetryAfter::Seconds(40), 40), (RetryAfter::Date(70), 70), (RetryAfter::Silent, 10), (RetryAfter::Garbage, 10)]
    {
        server.misbehave(faults([Fault::TooMany(retry_after)]));
        let before = server.world(|world| world.asked.len());
        assert_eq!(run(&client, Resource::RegistrationDetails, &mut Memory::default()).await, done());
        let gap = server.world(|world| world.asked[before + 1].at - world.asked[before].at);
        let wanted = Duration::from_secs(seconds);
        assert!(gap >= wanted && gap < wanted + Duration::from_secs(2), "{retry_after:?}: {gap:?}");
    }
    server.misbehave(faults([Fault::TooMany(RetryAfter::Seconds(3600))]));
    let now = server.now();
    let ended = run(&client, Resource::RegistrationDetails, &mut Memory::default()).await;
    let Ended::Problem(PullProblem::Throttled { until }) = ended else { panic!("{ended:?}") };
    assert!((3_600_000..3_612_000).contains(&(until.millis() - now.millis())), "{until}");
    // Who comes later is told the same, and Graph is not asked.
    server.behave();
    let asked = server.world(|world| world.asked.len());
    let ended = run(&client, Resource::DirectoryAudits, &mut Memory::default()).await;
    assert!(matches!(ended, Ended::Problem(PullProblem::Throttled { .. })), "{ended:?}");
    assert_eq!(server.world(|world| world.asked.len()), asked);
    tokio::time::advance(Duration::from_secs(3_400)).await;
    assert_eq!(run(&client, Resource::DirectoryAudits, &mut Memory::default()).await, done());
}

#[tokio::test(start_paused = true)]
async fn an_outage_ends_the_pull_after_some_minutes_with_its_status() {
    let server = server(World { registration: people(1), ..World::default() });
    server.misbehave(|_| Some(Fault::Status(503, RetryAfter::Silent)));
    let begin = Instant::now();
    let ended = run(&client(&server), Resource::RegistrationDetails, &mut Memory::default()).await;
    assert_eq!(ended, Ended::Problem(PullProblem::Unavailable { status: 503 }));
    assert!((120..300).contains(&begin.elapsed().as_secs()), "{:?}", begin.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_token_is_made_once_and_again_when_it_ends() {
    let server = server(World { registration: people(300), page_size: 1, token_seconds: 330, ..World::default() });
    let mut memory = Memory::default();
    assert_eq!(run(&client(&server), Resource::RegistrationDetails, &mut memory).await, done());
    assert_eq!(memory.records.len(), 300);
    let refused = server.world(|world| world.asked.iter().filter(|asked| asked.status == 401).count());
    assert_eq!(refused, 0, "renewed before it ends");
}

#[tokio::test(start_paused = true)]
async fn a_missing_permission_is_named() {
    let server = server(World { users: people(3), events: minutes(Kind::SignIn, 3), ..World::default() });
    let ask = async |resource: Resource| run(&client(&server), resource, &mut Memory::default()).await;
    let missing = |names: &[&str]| {
        let permissions = names.iter().map(|name| (*name).to_owned()).collect();
        Ended::Problem(PullProblem::PermissionMissing { permissions })
    };
    server.world(|world| world.permissions = ["AuditLog.Read.All".to_owned()].into());
    assert_eq!(ask(Resource::SignIns).await, missing(&["Directory.Read.All"]));
    assert_eq!(ask(Resource::Users).await, missing(&["User.Read.All"]));
    assert_eq!(ask(Resource::DirectoryAudits).await, done());
    server.world(|world| world.permissions = ["Directory.Read.All".to_owned()].into());
    assert_eq!(ask(Resource::SignIns).await, missing(&["AuditLog.Read.All"]));
    assert_eq!(ask(Resource::Users).await, done());
    server.world(|world| {
        *world = World { is_licensed: false, ..World::default() };
    });
    assert_eq!(ask(Resource::SignIns).await, Ended::Problem(PullProblem::LicenceMissing));
    assert_eq!(ask(Resource::RegistrationDetails).await, Ended::Problem(PullProblem::LicenceMissing));
    assert_eq!(ask(Resource::DirectoryAudits).await, done());
}

#[tokio::test(start_paused = true)]
async fn without_beta_sign_ins_come_from_v1_and_say_so() {
    let server = server(World { has_beta: false, events: minutes(Kind::SignIn, 30), ..World::default() });
    let mut memory = Memory::default();
    let ended = run(&client(&server), Resource::SignIns, &mut memory).await;
    assert_eq!(ended, Ended::Done { without_details: true });
    assert_eq!(memory.records.len(), 30);
    let ended = run(&client(&server), Resource::EventsSummary, &mut Memory::default()).await;
    assert_eq!(ended, Ended::Problem(PullProblem::NotOffered));
}

#[tokio::test(start_paused = true)]
async fn a_pull_goes_on_where_the_last_one_ended_and_a_little_before() {
    let server = server(World { events: minutes(Kind::SignIn, 5_000), ..World::default() });
    let client = client(&server);
    let mut memory = Memory::default();
    assert_eq!(run(&client, Resource::SignIns, &mut memory).await, done());
    assert_eq!(memory.records.len(), 5_000);
    let before = server.world(|world| world.asked.len());
    tokio::time::advance(Duration::from_secs(600)).await;
    server.world(|world| {
        world.events.push(event(Kind::SignIn, 5_001, start().plus_millis(5 * MINUTE_MS)));
        // It shows only now, as if it had been under way for an hour.
        world.events.push(event(Kind::SignIn, 5_002, start().plus_millis(-55 * MINUTE_MS)));
    });
    assert_eq!(run(&client, Resource::SignIns, &mut memory).await, done());
    assert_eq!(memory.records.len(), 5_002);
    assert_eq!(server.world(|world| world.asked.len()) - before, 1, "one request when all is known but the last hours");
}

#[tokio::test(start_paused = true)]
async fn what_arrives_days_late_is_swept_up() {
    let server = server(World { events: minutes(Kind::Audit, 100), ..World::default() });
    let client = client(&server);
    let mut memory = Memory::default();
    assert_eq!(run(&client, Resource::DirectoryAudits, &mut memory).await, done());
    server.world(|world| world.events.push(event(Kind::Audit, 900, start().plus_millis(-7 * 24 * 60 * MINUTE_MS))));
    tokio::time::advance(Duration::from_secs(600)).await;
    assert_eq!(run(&client, Resource::DirectoryAudits, &mut memory).await, done());
    assert_eq!(memory.records.len(), 100, "no sweep yet");
    tokio::time::advance(Duration::from_secs(24 * 3600 - 600)).await;
    assert_eq!(run(&client, Resource::DirectoryAudits, &mut memory).await, done());
    assert_eq!(memory.records.len(), 101);
    assert_eq!(memory.mark.sweep.at, None);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_broken_off_goes_on_at_its_last_page() {
    let server = server(World { users: people(1_000), page_size: 10, ..World::default() });
    let mut memory = Memory::default();
    let first = client(&server);
    let killed = tokio::time::timeout(Duration::from_secs(15), run(&first, Resource::Users, &mut memory));
    assert!(killed.await.is_err());
    let (read, asked) = (memory.pages, server.world(|world| world.asked.len()));
    assert!(read > 50, "{read}");
    assert_eq!(run(&client(&server), Resource::Users, &mut memory).await, done());
    assert_eq!(memory.records.len(), 1_000);
    let more = server.world(|world| world.asked.len()) - asked;
    assert!(more <= 100 - read + 10, "{more} more requests after {read} pages");
}

#[tokio::test(start_paused = true)]
async fn the_allowance_is_used_to_the_full_and_never_exceeded() {
    let world = World {
        registration: people(3_000),
        events: [Kind::Audit, Kind::SignIn, Kind::NonInteractiveSignIn]
            .into_iter()
            .flat_map(|kind| minutes(kind, 3_000))
            .collect(),
        page_size: 20,
        latency_ms: 1_200,
        ..World::default()
    };
    let server = server(world);
    let client = client(&server);
    let begin = Instant::now();
    let pulls =
        [Resource::RegistrationDetails, Resource::DirectoryAudits, Resource::SignIns, Resource::NonInteractiveSignIns]
            .map(|resource| {
                let client = &client;
                async move {
                    let mut memory = Memory::default();
                    assert_eq!(run(client, resource, &mut memory).await, done());
                    memory.records.len()
                }
            });
    assert_eq!(futures::future::join_all(pulls).await, [3_000; 4]);
    let requests = server.world(|world| world.asked.len());
    let allowed = begin.elapsed().as_secs_f64() / 10.0 * 5.0;
    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    let share = requests as f64 / allowed;
    println!("{requests} requests of {allowed:.0} allowed: {:.1} %", share * 100.0);
    assert!(share >= 0.95, "{requests} of {allowed}");
    assert_eq!(server.world(|world| world.over_budget), 0);
}

#[tokio::test(start_paused = true)]
async fn a_test_says_what_each_permission_gives() {
    let server = server(World::default());
    let probe = test_connection(&client(&server)).await;
    assert!(probe.resources.iter().all(|one| one.problem.is_none()), "{probe:?}");
    assert_eq!(probe.policies, Some(true));
    server.world(|world| {
        world.permissions = ["AuditLog.Read.All".to_owned()].into();
        world.has_beta = false;
    });
    tokio::time::advance(Duration::from_secs(60)).await;
    let probe = test_connection(&client(&server)).await;
    let problem = |resource: Resource| {
        probe.resources.iter().find(|one| one.resource == resource).and_then(|one| one.problem.clone())
    };
    assert_eq!(problem(Resource::DirectoryAudits), None);
    assert_eq!(problem(Resource::EventsSummary), Some(PullProblem::NotOffered));
    let directory = PullProblem::PermissionMissing { permissions: vec!["Directory.Read.All".to_owned()] };
    assert_eq!(problem(Resource::SignIns), Some(directory));
    assert_eq!(probe.policies, Some(false));
}

#[test]
fn a_mark_reads_what_older_versions_wrote() {
    let old = serde_json::from_str::<Mark>(r#"{"covered_to":"2026-11-20T12:00:00.000Z"}"#).expect("readable");
    assert_eq!(old, Mark { covered_to: Some(start()), ..Mark::default() });
}
