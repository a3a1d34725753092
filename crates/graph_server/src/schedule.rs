//! Nine days of a tenant, with everything that can go wrong on the way, from one seed.
//!
//! Records happen, show late (up to seven days), are completed later; people change; clocks are wrong; requests meet
//! faults; the reader is killed at any moment. In the last two days all goes well. What a reader has then is to be the
//! [`truth`](Schedule::truth).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use domain::instant::{DAY_MS, HOUR_MS, Instant, MINUTE_MS};
use graph::{Client, Credential, Limiters, Now, Tenant};
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use crate::{CLIENT_ID, DIRECTORY, Event, Fault, GraphServer, Kind, RetryAfter, SECRET, World};

const ROOT: &str = "http://127.0.0.1:8080";
/// Days in which records happen, days until the last of them shows, days in which nothing goes wrong.
const BUSY_DAYS: i64 = 2;
const LATE_DAYS: i64 = 7;
const CALM_DAYS: i64 = 2;

pub struct Schedule {
    pub server: GraphServer,
    rng: ChaCha8Rng,
    began: Instant,
    /// How far the reader's clock is ahead.
    reader_ahead_ms: i64,
    people: usize,
    version: u64,
}

impl Schedule {
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let began = Instant::from_millis(1_795_176_000_000); // 2026-11-20T12:00:00Z
        let people = rng.random_range(3..12);
        let n = rng.random_range(20..120);
        let events = (0..n).map(|i| event(&mut rng, i, people, began)).collect();
        let world = World {
            users: (0..people).map(|i| user(i, 0)).collect(),
            registration: (0..people).map(|i| registration(i, 0, began)).collect(),
            events,
            page_size: rng.random_range(3..40),
            latency_ms: *[20, 200, 1_500].choose(&mut rng).unwrap_or(&200),
            skew_ms: rng.random_range(-10 * MINUTE_MS..=10 * MINUTE_MS),
            token_seconds: *[400, 3_599].choose(&mut rng).unwrap_or(&3_599),
            ..World::default()
        };
        let reader_ahead_ms = rng.random_range(-10 * MINUTE_MS..=10 * MINUTE_MS);
        let server = GraphServer::new(world, ROOT, began);
        Self { server, rng, began, reader_ahead_ms, people, version: 0 }
    }

    /// A new reader, as after a start of the program: it knows of no token and of no request before it.
    #[must_use]
    pub fn client(&self) -> Client {
        let trusted = ["127.0.0.1:8080".to_owned()];
        let tenant = Tenant::new(DIRECTORY, CLIENT_ID, ROOT, ROOT, &trusted);
        // These addresses are trusted, one line above.
        let tenant = tenant.unwrap_or_else(|error| unreachable!("{error}"));
        let (server, ahead) = (self.server.clone(), self.reader_ahead_ms);
        let now: Now = Arc::new(move || server.now().plus_millis(ahead));
        Client::new(tenant, Credential::Secret(SECRET.into()), Arc::new(self.server.door()), &Limiters::default(), now)
    }

    /// Lets the nine days pass. `read` reads everything; it is dropped where the reader is killed.
    pub async fn pass(&mut self, mut read: impl AsyncFnMut(Client)) {
        let end = self.began.plus_millis((BUSY_DAYS + LATE_DAYS) * DAY_MS);
        while self.server.now() < end {
            self.change_people();
            self.misbehave();
            let reading = read(self.client());
            let killed_after = self.rng.random_bool(0.3).then(|| self.rng.random_range(10..60_000));
            match killed_after {
                Some(millis) => drop(timeout(Duration::from_millis(millis), reading).await),
                None => reading.await,
            }
            // Longer than the window in which requests are counted.
            sleep(Duration::from_secs(self.rng.random_range(20..30_000))).await;
        }
        self.server.behave();
        let calm = end.plus_millis(CALM_DAYS * DAY_MS);
        while self.server.now() < calm {
            read(self.client()).await;
            sleep(Duration::from_secs(12 * 3600)).await;
        }
        read(self.client()).await;
    }

    /// What a reader has in the end: the version of every record by its id.
    #[must_use]
    pub fn truth(&self) -> BTreeMap<String, u64> {
        let version = |value: &Value| {
            (value["id"].as_str().unwrap_or_default().to_owned(), value["revision"].as_u64().unwrap_or_default())
        };
        self.server.world(|world| {
            let people = world.users.iter().map(|user| {
                let (id, n) = version(user);
                (format!("user:{id}"), n)
            });
            let registration = world.registration.iter().map(|row| {
                let (id, n) = version(row);
                (format!("registration:{id}"), n)
            });
            let events = world.events.iter().filter_map(|event| Some(version(&event.versions.last()?.1)));
            people.chain(registration).chain(events).collect()
        })
    }

    /// The bodies of the truth, as single records.
    #[must_use]
    pub fn records(&self) -> Vec<Value> {
        self.server.world(|world| {
            let events = world.events.iter().filter_map(|event| Some(event.versions.last()?.1.clone()));
            world.users.iter().cloned().chain(world.registration.iter().cloned()).chain(events).collect()
        })
    }

    fn change_people(&mut self) {
        if !self.rng.random_bool(0.3) {
            return;
        }
        self.version += 1;
        let (i, version, now) = (self.rng.random_range(0..self.people), self.version, self.server.now());
        self.server.world(|world| {
            world.users[i] = user(i, version);
            world.registration[i] = registration(i, version, now);
        });
    }

    fn misbehave(&mut self) {
        let share = *[0.0, 0.1, 0.3, 0.7].choose(&mut self.rng).unwrap_or(&0.0);
        let mut rng = ChaCha8Rng::seed_from_u64(self.rng.random());
        self.server.misbehave(move |_| rng.random_bool(share).then(|| fault(&mut rng)));
    }
}

fn fault(rng: &mut ChaCha8Rng) -> Fault {
    let retry_after = match rng.random_range(0..4) {
        0 => RetryAfter::Silent,
        1 => RetryAfter::Seconds(rng.random_range(0..600)),
        2 => RetryAfter::Date(rng.random_range(1..120)),
        _ => RetryAfter::Garbage,
    };
    match rng.random_range(0..16) {
        0 | 1 => Fault::TooMany(retry_after),
        2 | 3 => Fault::Status(*[500, 502, 503, 504].choose(rng).unwrap_or(&500), retry_after),
        4 => Fault::Cut,
        5 => Fault::Truncated,
        6 => Fault::NotJson,
        7 => Fault::DuplicatePage,
        8 => Fault::Loop,
        9 => Fault::EndlessPages,
        10 => Fault::ExpiredLink,
        11 => Fault::Unauthorized,
        12 => Fault::EmptyPage,
        13 => Fault::Reordered,
        14 => Fault::Slow(rng.random_range(1..500)),
        _ => {
            if rng.random_bool(0.1) {
                Fault::HugeField
            } else {
                Fault::ForeignLink
            }
        }
    }
}

fn id_of(n: usize) -> String {
    format!("7a1c0de0-0000-4000-9000-{n:012x}")
}

fn name_of(n: usize) -> String {
    format!("user{n}@contoso.com")
}

fn user(i: usize, version: u64) -> Value {
    json!({
        "id": id_of(i),
        "userPrincipalName": name_of(i),
        "displayName": format!("User {i}"),
        "userType": "Member",
        "accountEnabled": true,
        "department": format!("Department {version}"),
        "revision": version,
    })
}

fn registration(i: usize, version: u64, now: Instant) -> Value {
    json!({
        "id": id_of(i),
        "userPrincipalName": name_of(i),
        "userDisplayName": format!("User {i}"),
        "userType": "member",
        "isMfaRegistered": version % 2 == 1,
        "isMfaCapable": version % 2 == 1,
        "isSsprRegistered": version % 3 == 1,
        "isSsprEnabled": true,
        "isSsprCapable": version % 3 == 1,
        "methodsRegistered": if version % 2 == 1 { json!(["mobilePhone", "email"]) } else { json!([]) },
        "lastUpdatedDateTime": now.to_string(),
        "revision": version,
    })
}

/// A record of a month before the beginning, or of the busy days; it may show late, and be completed later.
fn event(rng: &mut ChaCha8Rng, i: usize, people: usize, began: Instant) -> Event {
    let at = if rng.random_bool(0.4) {
        began.plus_millis(-rng.random_range(0..20 * DAY_MS))
    } else {
        began.plus_millis(rng.random_range(0..BUSY_DAYS * DAY_MS))
    };
    let late = match rng.random_range(0..10) {
        0..6 => rng.random_range(0..5 * MINUTE_MS),
        6..9 => rng.random_range(0..2 * HOUR_MS),
        _ => rng.random_range(0..LATE_DAYS * DAY_MS - HOUR_MS),
    };
    let shown = at.plus_millis(late);
    let kind = *[Kind::Audit, Kind::SignIn, Kind::NonInteractiveSignIn].choose(rng).unwrap_or(&Kind::Audit);
    let person = rng.random_range(0..people);
    let mut versions = vec![(shown, record(kind, i, person, at, 0))];
    if kind != Kind::Audit && rng.random_bool(0.3) {
        let completed = shown.plus_millis(rng.random_range(0..HOUR_MS));
        versions.push((completed, record(kind, i, person, at, 1)));
    }
    Event { kind, at, versions }
}

fn record(kind: Kind, i: usize, person: usize, at: Instant, version: u64) -> Value {
    let who =
        json!({ "id": id_of(person), "displayName": format!("User {person}"), "userPrincipalName": name_of(person) });
    if kind == Kind::Audit {
        return json!({
            "id": format!("AuthenticationMethods_{i}"),
            "activityDateTime": at.to_string(),
            "activityDisplayName": "User registered security info",
            "category": "UserManagement",
            "loggedByService": "Authentication Methods",
            "correlationId": format!("7a1c0de0-0000-4000-a000-{i:012x}"),
            "result": if i.is_multiple_of(3) { "failure" } else { "success" },
            "resultReason": "User registered Mobile Phone SMS",
            "initiatedBy": { "user": who },
            "targetResources": [{ "id": id_of(person), "type": "User", "userPrincipalName": name_of(person) }],
            "revision": version,
        });
    }
    let is_denied = i.is_multiple_of(4);
    let steps = json!([{
        "authenticationStepDateTime": at.to_string(),
        "authenticationMethod": "Text message",
        "authenticationMethodDetail": "+X XXXXXXXX64",
        "succeeded": !is_denied,
        "authenticationStepResultDetail":
            if is_denied { "MFA denied; user declined the authentication" } else { "MFA successfully completed" },
        "authenticationStepRequirement": "Multifactor authentication",
    }]);
    json!({
        "id": format!("7a1c0de0-0000-4000-b000-{i:012x}"),
        "createdDateTime": at.to_string(),
        "userDisplayName": format!("User {person}"),
        "userPrincipalName": name_of(person),
        "userId": id_of(person),
        "appId": format!("7a1c0de0-0000-4000-c000-{:012x}", i % 5),
        "appDisplayName": format!("App {}", i % 5),
        "correlationId": format!("7a1c0de0-0000-4000-d000-{i:012x}"),
        "ipAddress": "203.0.113.9",
        "clientAppUsed": "Browser",
        "conditionalAccessStatus": "success",
        "isInteractive": kind == Kind::SignIn,
        "authenticationRequirement": "multiFactorAuthentication",
        "authenticationDetails": if version == 0 && i.is_multiple_of(2) { json!([]) } else { steps },
        "status": { "errorCode": if is_denied { 500_121 } else { 0 }, "failureReason": "Other." },
        "revision": version,
    })
}
