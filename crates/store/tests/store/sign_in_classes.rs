//! Classes of sign-ins are kept beside the database: what another program changes there is seen all the same.

use domain::query::SignInFilters;
use domain::sign_in::{SignInDetails, SignInRecord};
use domain::viewer::TenantId;
use rstest::rstest;
use store::Options;

use crate::sign_ins::{START, list, records, sign_in, whole};
use crate::support::{Engine, TestDb};

fn with_code(id: &str, code: i64) -> SignInRecord {
    let record = sign_in(id, "ada", START, "");
    let details = SignInDetails { error_code: Some(code), ..record.details };
    SignInRecord { details, ..record }
}

/// The error codes of all sign-ins, and how many have this one.
async fn codes(db: &TestDb, code: i64) -> (Vec<i64>, i64) {
    let (_, items) = list(&db.reader(), whole(), SignInFilters::default()).await;
    let mut codes: Vec<i64> = items.into_iter().filter_map(|item| item.error_code).collect();
    codes.sort_unstable();
    let filters = SignInFilters { error_code: vec![code], ..SignInFilters::default() };
    let (total, items) = list(&db.reader(), whole(), filters).await;
    assert_eq!(usize::try_from(total), Ok(items.len()));
    (codes, total)
}

#[rstest]
#[tokio::test]
async fn classes_that_another_program_changes_are_seen(#[values(Engine::Sqlite, Engine::Postgres)] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    db.import(records([with_code("s1", 0)])).await;
    assert_eq!(codes(&db, 50126).await, (vec![0], 0));

    let other = db.in_another_program().await;
    other.import(records([with_code("s2", 50126)])).await;
    assert_eq!(codes(&db, 50126).await, (vec![0, 50126], 1));

    db.execute("UPDATE sign_in_classes SET error_code = 7 WHERE error_code = 50126").await;
    let checker = other.services.checker(TenantId::ONLY);
    let damage = checker.check().await.expect("it can be checked");
    assert_ne!(damage.total, 0);
    checker.repair(damage).await.expect("it is mended");
    assert_eq!(codes(&db, 50126).await, (vec![0, 50126], 1));
    assert_eq!(codes(&db, 7).await.1, 0);
}
