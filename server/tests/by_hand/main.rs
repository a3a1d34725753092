//! Real sign-in files through the whole program, against numbers that were counted by hand (README.md beside this).

#[path = "../recount/database.rs"]
mod database;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use database::{Database, postgres_url};
use domain::answer::Answer;
use domain::instant::Instant;
use domain::page::Cursor;
use domain::query::{MAX_SIZE, Report, SignInFilters, SignInsQuery, Span};
use domain::report::SignInItem;
use domain::window::Window;
use serde::Deserialize;
use store::{Listed as _, Reader};

type Counts = BTreeMap<String, i64>;

/// What a file, or several, come to.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Refused { refused_at: u64 },
    Read(Box<Read>),
}

#[derive(Deserialize)]
struct Read {
    records: i64,
    sign_ins: i64,
    skipped: Counts,
    required: Counts,
    required_by: Counts,
    result: Counts,
    status: Counts,
    method: Counts,
    sign_in_status: Counts,
    challenged: Counts,
    interactive: Counts,
    component: Counts,
    ca_result: Counts,
    users_challenged: BTreeSet<String>,
    attempts_unable: i64,
}

fn expected() -> BTreeMap<String, Expected> {
    serde_json::from_str(include_str!("counts.json")).expect("the numbers")
}

fn samples(names: &str) -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/ingest/testdata");
    names.split('+').map(|name| folder.join(name)).collect()
}

fn now() -> Instant {
    "2026-11-20T12:00:00Z".parse().expect("an instant")
}

fn always() -> Report {
    let window = Window { from: Instant::from_millis(0), to: now() };
    Report { span: Span::Window(window), ..Report::new(now()) }
}

async fn items(reader: &Reader, filters: SignInFilters) -> Vec<SignInItem> {
    let mut query = SignInsQuery::with(always(), filters);
    query.list.size = MAX_SIZE;
    let mut items = Vec::new();
    loop {
        let page = query.page(reader).await.expect("a page");
        items.extend(page.items);
        let Some(next) = page.next else { return items };
        query.list.after = Some(Cursor::decode(&next).expect("a cursor"));
    }
}

fn count<'a>(items: &'a [SignInItem], of: impl Fn(&'a SignInItem) -> Option<&'a str>) -> Counts {
    let mut counts = Counts::new();
    for name in items.iter().filter_map(of) {
        *counts.entry(name.to_owned()).or_default() += 1;
    }
    counts
}

fn total(items: &[SignInItem]) -> i64 {
    i64::try_from(items.len()).expect("few")
}

async fn compare(reader: &Reader, names: &str, expected: &Read) {
    let all = items(reader, SignInFilters::default()).await;
    assert_eq!(total(&all), expected.sign_ins, "{names}");
    let of_all = [
        ("required", count(&all, |item| Some(item.mfa_required.as_str())), &expected.required),
        ("required_by", count(&all, |item| Some(item.required_by?.as_str())), &expected.required_by),
        ("result", count(&all, |item| Some(item.mfa_result.as_str())), &expected.result),
        (
            "status",
            count(&all, |item| Some(item.mfa_status.map_or("none", |status| status.as_str()))),
            &expected.status,
        ),
        ("method", count(&all, |item| Some(item.method.as_str())), &expected.method),
        ("sign_in_status", count(&all, |item| Some(item.status.as_str())), &expected.sign_in_status),
        ("interactive", count(&all, |item| Some(item.interactive.as_str())), &expected.interactive),
        ("component", count(&all, |item| Some(item.component.as_str())), &expected.component),
        ("ca_result", count(&all, |item| Some(item.restricted.as_ref()?.ca_result.as_str())), &expected.ca_result),
    ];
    for (what, found, counted) in of_all {
        assert_eq!(&found, counted, "{names}: {what}");
    }
    let challenged = items(reader, SignInFilters { challenged: Some(true), ..SignInFilters::default() }).await;
    let users: BTreeSet<String> = challenged.iter().filter_map(|item| item.user_name.clone()).collect();
    assert_eq!(total(&challenged), expected.challenged["yes"], "{names}: challenged");
    assert_eq!(users, expected.users_challenged, "{names}: users challenged");
    let unable = items(reader, SignInFilters { unable: Some(true), ..SignInFilters::default() }).await;
    assert_eq!(total(&unable), expected.attempts_unable, "{names}: unable");
    let usage = reader.usage(&always()).await.expect("usage");
    let required = |answer: Answer| expected.required.get(answer.as_str()).copied().unwrap_or_default();
    assert_eq!(usage.required.yes, required(Answer::Yes), "{names}");
    assert_eq!(usage.required.no, required(Answer::No), "{names}");
    assert_eq!(usage.required.unknown, required(Answer::Unknown), "{names}");
    assert_eq!(usage.challenged, expected.challenged["yes"], "{names}");
    assert_eq!(usage.users.everybody.challenged, i64::try_from(users.len()).expect("few"), "{names}");
}

async fn import(database: &Database, names: &str, expected: &Expected) {
    let reports = database.import_all(&samples(names), now()).await;
    let Expected::Read(read) = expected else {
        let Expected::Refused { refused_at } = expected else { unreachable!() };
        let refusal = reports[0].refusal.as_deref().unwrap_or_default();
        assert!(refusal.contains(&format!("line {refused_at}")), "{names}: {refusal}");
        assert_eq!(reports[0].counts.accepted, 0);
        return;
    };
    let mut found = Counts::new();
    let mut records = 0;
    for report in &reports {
        assert_eq!((&report.refusal, report.counts.rejected), (&None, 0), "{names}");
        records += report.counts.records;
        for (kind, n) in report.counts.by_kind.iter().filter(|(kind, _)| *kind != "signIn") {
            *found.entry(kind.clone()).or_default() += n;
        }
    }
    assert_eq!((records, &found), (read.records, &read.skipped), "{names}");
    compare(&database.reader, names, read).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn real_files_come_to_what_was_counted_on_sqlite() {
    for (names, expected) in expected() {
        import(&Database::sqlite(now()).await, &names, &expected).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_files_come_to_what_was_counted_on_postgres() {
    let Some(url) = postgres_url() else { return };
    for (names, expected) in expected() {
        import(&Database::postgres(&url, "by_hand", now()).await, &names, &expected).await;
    }
}
