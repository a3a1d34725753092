//! What is recounted in parts is the whole: users whose names and records are in other parts than they.

use rstest::rstest;
use store::Options;

use crate::support::{Engine, TestDb, audit, details, person};

/// More users than are looked at together.
const USERS: i64 = 1_100;

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_name_far_from_its_user_makes_no_difference(#[case] engine: Engine) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let name = |n: i64| format!("user{n}@x.example");
    let users = (0..USERS).map(|n| details(person(&format!("id{n:04}"), &name(n)), n, n % 2 == 0, &["email"]));
    db.import(users.collect()).await;
    let named_only = (0..USERS).step_by(7).map(|n| {
        let user = person("", &name(n));
        let record = audit(&format!("r{n}"), 10, "User registered security info", "User registered Fido", None, user);
        domain::record::Record::Audit(Box::new(record))
    });
    db.import(named_only.collect()).await;
    db.assert_recounted().await;
}
