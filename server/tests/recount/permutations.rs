//! The way in does not matter: some records of an organisation, shuffled, some of them twice, in batches of any size and
//! partly sent again, give every answer that the same records give in order and at once.
//!
//! 100 cases; `KEYROLL_CASES=2000` makes them as many as a release wants.

use std::io::Cursor;
use std::ops::ControlFlow;

use domain::instant::Instant;
use domain::query::{Report, Span};
use domain::record::{Record, Rejection};
use domain::window::Range;
use ingest::{Hints, Sink, read_file};
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;
use serde_json::{Value, json};
use server::generate::{FILES, Faults, Settings, write_files};
use store::{Listed, NewImport, Reader};

use crate::answers::without_sources;
use crate::database::Database;

const DAY_MS: i64 = 86_400_000;

fn cases() -> u64 {
    std::env::var("KEYROLL_CASES").map_or(100, |cases| cases.parse().expect("a number of cases"))
}

#[derive(Default)]
struct Records(Vec<Record>);

impl Sink for Records {
    fn record(&mut self, record: Record) -> ControlFlow<()> {
        self.0.push(record);
        ControlFlow::Continue(())
    }
    fn skipped(&mut self, _: &str) {}
    fn rejected(&mut self, _: Rejection) {}
}

/// A few people of whom much is recorded, so that what is taken out of it hangs together.
fn records(settings: &Settings) -> Vec<Record> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    write_files(settings, folder.path()).expect("the organisation can be written");
    let mut records = Records::default();
    for name in FILES {
        let file = std::fs::read(folder.path().join(name)).expect("the file is there");
        // So few people leave some kinds of records without any.
        if file.is_empty() {
            continue;
        }
        read_file(Cursor::new(file), &Hints::default(), &mut records).expect("the file is read");
    }
    records.0
}

/// Stores records as one batch of an import.
async fn apply(database: &Database, records: &[Record], observed_at: Instant) {
    let Database { operator, clock, .. } = database;
    let import = NewImport { file_name: "records".into(), sha256: [0; 32], now: clock.now() };
    let started = operator.begin_import(import).await.expect("an import begins");
    operator.apply(started.id, records.to_vec(), observed_at, clock.now()).await.expect("the records are stored");
}

fn json_of(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).expect("it is JSON")
}

/// The rows of a list. Those of one millisecond may follow one another as they came in.
async fn list<Q: Listed>(reader: &Reader, as_of: Instant) -> Value {
    let query = format!("as_of={as_of}&range=90d&size=1000");
    let page = Q::parse(&query, as_of).expect("a query").page(reader).await.expect("a page");
    let mut items: Vec<Value> = page.items.iter().map(json_of).collect();
    items.sort_by_cached_key(Value::to_string);
    json!({ "total": page.total, "items": items })
}

async fn answers(reader: &Reader, end: Instant) -> Vec<(&'static str, Value)> {
    use domain::query::{
        ActivityQuery, AppUsageQuery, BlockedUsersQuery, BypassedUsersQuery, EventsQuery, FraudAlertsQuery,
        MfaMethodsQuery, ServersQuery, SignInsQuery, UserUsageQuery, UsersQuery,
    };
    let mut answers = Vec::new();
    for as_of in [end.plus_millis(-DAY_MS / 3), end] {
        for range in [Range::Day, Range::Month] {
            let report = Report { as_of_is_given: true, span: Span::Range(range), ..Report::new(as_of) };
            let overview = reader.overview(&report).await.expect("an overview");
            answers.push(("overview", without_sources(json_of(overview))));
            let usage = reader.usage(&report).await.expect("the usage");
            answers.push(("usage", without_sources(json_of(usage))));
        }
        answers.push(("users", list::<UsersQuery>(reader, as_of).await));
        answers.push(("events", list::<EventsQuery>(reader, as_of).await));
        answers.push(("sign-ins", list::<SignInsQuery>(reader, as_of).await));
        answers.push(("usage/users", list::<UserUsageQuery>(reader, as_of).await));
        answers.push(("usage/applications", list::<AppUsageQuery>(reader, as_of).await));
        answers.push(("mfa/activity", list::<ActivityQuery>(reader, as_of).await));
        answers.push(("mfa/blocked-users", list::<BlockedUsersQuery>(reader, as_of).await));
        answers.push(("mfa/bypassed-users", list::<BypassedUsersQuery>(reader, as_of).await));
        answers.push(("mfa/fraud-alerts", list::<FraudAlertsQuery>(reader, as_of).await));
        answers.push(("mfa/servers", list::<ServersQuery>(reader, as_of).await));
        answers.push(("lists/mfa-methods", list::<MfaMethodsQuery>(reader, as_of).await));
    }
    answers
}

/// The first lines that differ, with what stands around them.
fn assert_same(what: &str, now: &Value, before: &Value) {
    let [now, before] = [now, before].map(|answer| format!("{answer:#}"));
    let Some(line) = now.lines().zip(before.lines()).position(|(now, before)| now != before) else {
        assert_eq!(now.len(), before.len(), "{what}");
        return;
    };
    let around = |text: &str| text.lines().skip(line.saturating_sub(12)).take(24).collect::<Vec<_>>().join("\n");
    panic!("{what}:\n{}\ninstead of\n{}", around(&now), around(&before));
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_in_any_pieces_gives_the_same() {
    let end: Instant = "2026-11-20T12:00:00Z".parse().expect("an instant");
    let faults = Faults { duplicates: 15.0, late: 10.0, resent: 15.0, malformed: 0.0, future: 1.0 };
    let settings = Settings { users: 12, sign_ins: 90, days: 12, seed: 3, end, faults };
    let records = records(&settings);
    assert!(records.len() > 150, "{} records", records.len());
    for case in 0..cases() {
        let mut random = ChaCha8Rng::seed_from_u64(case);
        let share = random.random_range(0.2..1.0);
        let chosen: Vec<Record> = records.iter().filter(|_| random.random_bool(share)).cloned().collect();
        let in_order = Database::sqlite(end).await;
        apply(&in_order, &chosen, settings.start()).await;

        let mut sent = chosen.clone();
        sent.extend(chosen.iter().filter(|_| random.random_bool(0.3)).cloned());
        sent.shuffle(&mut random);
        let otherwise = Database::sqlite(end).await;
        let mut left = sent.as_slice();
        while !left.is_empty() {
            let (batch, rest) = left.split_at(random.random_range(1..=left.len().min(60)));
            apply(&otherwise, batch, settings.start()).await;
            // A sender that was not answered sends again.
            if random.random_bool(0.2) {
                apply(&otherwise, batch, settings.start()).await;
            }
            left = rest;
        }
        let expected = answers(&in_order.reader, end).await;
        for ((name, now), (_, before)) in answers(&otherwise.reader, end).await.into_iter().zip(expected) {
            assert_same(&format!("case {case}, {name}"), &now, &before);
        }
    }
}
