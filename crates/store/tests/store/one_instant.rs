//! While somebody imports, figures that are shown together agree with each other: all of them are of one instant.

use std::cell::Cell;

use domain::population::Population;
use domain::query::{OverviewQuery, Report, SignInFilters, SignInsQuery, UserFlag};
use domain::report::Usage;
use domain::sign_in::{SignInDetails, SignInRecord};
use rstest::rstest;
use store::{Listed as _, Options, Reader, StoreError};

use crate::sign_ins::{DECLINED, DONE, START, records, sign_in, whole};
use crate::support::{Engine, TestDb, at, details, person};

/// So many files are imported while reports are read.
const FILES: u8 = 60;

/// Each file has sign-ins of a class that was not there before.
async fn import_sign_ins(db: &TestDb) {
    for file in 1..=FILES {
        let sign_ins = (0..3).map(|n| {
            let text = if n == 0 { DECLINED } else { DONE };
            let of_file =
                sign_in(&format!("{file}-{n}"), &format!("user{file}"), START + i64::from(file) * 1_000, text);
            let details = SignInDetails { error_code: Some(i64::from(file)), ..of_file.details };
            SignInRecord { details, ..of_file }
        });
        db.import(records(sign_ins)).await;
    }
}

/// Reads again and again until `importing` has ended, and once more; answers how many different answers there were.
async fn read_while<T: PartialEq>(importing: impl Future<Output = ()>, read: impl AsyncFn() -> T) -> usize {
    let is_done = Cell::new(false);
    let importing = async {
        importing.await;
        is_done.set(true);
    };
    let reading = async {
        let (mut last, mut different) = (None, 0);
        loop {
            let is_last = is_done.get();
            let found = Some(read().await);
            different += usize::from(found != last);
            last = found;
            if is_last {
                return different;
            }
        }
    };
    futures::join!(importing, reading).1
}

fn assert_adds_up(usage: &Usage) {
    let all = usage.sign_ins.total;
    assert_eq!(usage.results.total(), all, "by result");
    assert_eq!(usage.over_time.iter().map(|point| point.sign_ins).sum::<i64>(), all, "over time");
    assert_eq!(usage.users.everybody.signed_in * 3, all, "each user has three");
    assert_eq!(usage.users.everybody.unable * 3, all, "each user declined one");
    assert_eq!(usage.components.iter().map(|component| component.count).sum::<i64>(), all, "by component");
}

#[rstest]
#[tokio::test]
async fn what_happened_to_sign_ins_adds_up(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let (reader, other) = (db.reader(), db.in_another_program().await);
    let different = read_while(import_sign_ins(&other), async || {
        let usage = reader.usage(&whole()).await.expect("usage");
        assert_adds_up(&usage);
        usage.sign_ins.total
    });
    assert!(different.await > 2, "imports and reports have to alternate");
    assert_eq!(reader.usage(&whole()).await.expect("usage").sign_ins.total, i64::from(FILES) * 3);
}

#[rstest]
#[tokio::test]
async fn a_list_has_as_many_rows_as_it_says(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let (reader, other) = (db.reader(), db.in_another_program().await);
    let mut query = SignInsQuery::with(Report { population: None, ..whole() }, SignInFilters::default());
    query.list.size = 1_000;
    let different = read_while(import_sign_ins(&other), async || {
        let page = query.page(&reader).await.expect("a page");
        assert_eq!(i64::try_from(page.items.len()), Ok(page.total));
        page.total
    });
    assert!(different.await > 2, "imports and lists have to alternate");
}

/// Tiles and the last point of their lines.
async fn tiles_and_lines(reader: &Reader, query: &OverviewQuery) -> Result<i64, StoreError> {
    let overview = reader.compared_overview(query).await?;
    let trend = reader.trend(&query.report).await?;
    let size = overview.population.size;
    for flag in UserFlag::ALL {
        assert_eq!(overview.tiles.get(*flag).total(), size, "{flag:?}");
    }
    if let Some(last) = trend.points.last() {
        assert_eq!((last.snapshot.size, &last.snapshot.tiles), (size, &overview.tiles));
    }
    Ok(size)
}

#[rstest]
#[tokio::test]
async fn tiles_are_where_their_lines_end(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(vec![details(person("u0", "u0@contoso.com"), 0, true, &["email"])]).await;
    let (reader, other) = (db.reader(), db.in_another_program().await);
    let report = Report { population: Some(Population::Everyone), ..Report::new(at(5_000)) };
    let query = OverviewQuery::of(report);
    let importing = async {
        for n in 1..=i64::from(FILES) {
            let user = person(&format!("u{n}"), &format!("u{n}@contoso.com"));
            other.import(vec![details(user, n, n % 2 == 0, &["mobilePhone"])]).await;
        }
    };
    let different = read_while(importing, async || {
        let read = reader.at_one_instant(|reader| {
            let query = &query;
            Box::pin(async move { tiles_and_lines(&reader, query).await })
        });
        read.await.expect("tiles and lines")
    });
    assert!(different.await > 2, "imports and reports have to alternate");
    assert_eq!(reader.overview(&query.report).await.expect("tiles").population.size, i64::from(FILES) + 1);
}
