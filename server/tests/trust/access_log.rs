//! The access log: whatever is done to one row of it is found and cannot be mended, and copies of a database carry it
//! whole.

use domain::access::{Access, AccessAction, AccessOutcome, Actor};
use domain::viewer::TenantId;
use rstest::rstest;
use server::archive::{back_up, restore};
use store::{Options, PostgresTls, Services};

use crate::database::{Database, Engine, end, new_url};

fn entry(n: u8) -> Access {
    Access {
        at: end(),
        actor: Actor { name: "Sara".into(), id: Some(1), ..Actor::console() },
        action: AccessAction::View,
        outcome: AccessOutcome::Allowed,
        status: Some(200),
        route: "/users".into(),
        target: format!("/users?q={n}"),
        salt: [n; 16],
        rows: Some(n.into()),
        request_id: n.to_string(),
        address: "192.0.2.1".into(),
    }
}

async fn write(services: &Services) {
    services.access_log(TenantId::ONLY).append((1..=6).map(entry).collect()).await.expect("written");
}

async fn differences(services: &Services) -> Vec<String> {
    let found = services.checker(TenantId::ONLY).check().await.expect("it can be checked");
    found.differences.into_iter().map(|found| format!("{}: {}", found.table, found.key)).collect()
}

const NUMBERS: [&str; 8] = ["at", "actor_kind", "actor_id", "actor_role", "action", "outcome", "status", "row_count"];
const TEXTS: [&str; 10] = [
    "actor_name",
    "route",
    "target",
    "salt",
    "target_digest",
    "request_id",
    "address",
    "search",
    "previous_hash",
    "hash",
];
/// What is done, and the entry that it is found at.
const ROWS: &[(&[&str], &str)] = &[
    (&["UPDATE access_log SET target = NULL WHERE entry_id = 3"], "access_log: entry 3"),
    (&["UPDATE access_log SET target = NULL, salt = NULL, search = 'sara ' WHERE entry_id = 3"], "access_log: entry 3"),
    (&["UPDATE access_log SET tenant_id = 2 WHERE entry_id = 3"], "access_log: entry 3"),
    (&["UPDATE access_log SET entry_id = 103 WHERE entry_id = 3"], "access_log: entry 3"),
    (&["DELETE FROM access_log WHERE entry_id = 1"], "access_log: entry 1"),
    (&["DELETE FROM access_log WHERE entry_id IN (3, 4)"], "access_log: entries 3 to 4"),
    (&["DELETE FROM access_log WHERE entry_id = 6"], "access_log: entry 6"),
    (&["DELETE FROM access_log"], "access_log: entries 1 to 6"),
    (
        &[
            "UPDATE access_log SET entry_id = 99 WHERE entry_id = 2",
            "UPDATE access_log SET entry_id = 2 WHERE entry_id = 3",
            "UPDATE access_log SET entry_id = 3 WHERE entry_id = 99",
        ],
        "access_log: entry 2",
    ),
    (&["UPDATE access_log_head SET first_id = 2"], "access_log: entry 1"),
    (&["UPDATE access_log_head SET hash_before = 'x'"], "access_log: entry 1"),
    (
        &[
            "UPDATE access_log_head SET first_id = 2, hash_before = (SELECT hash FROM access_log WHERE entry_id = 1)",
            "DELETE FROM access_log WHERE entry_id = 1",
        ],
        "access_log_head: the first entry",
    ),
    (&["UPDATE access_log_head SET last_id = 5"], "access_log_head: the last entry"),
    (&["UPDATE access_log_head SET last_hash = ''"], "access_log_head: the last entry"),
    (&["DELETE FROM access_log_head"], "access_log_head: the last entry"),
];

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn whatever_is_done_to_one_entry_is_found(#[case] engine: Engine) {
    let Some(database) = Database::empty(engine).await else { return };
    write(&database.services).await;
    assert_eq!(differences(&database.services).await, Vec::<String>::new());
    for column in NUMBERS {
        let edit = format!("UPDATE access_log SET {column} = COALESCE({column}, 0) + 1 WHERE entry_id = 3");
        assert_eq!(database.execute(&edit).await, 1);
        assert!(differences(&database.services).await.contains(&"access_log: entry 3".to_owned()), "{column}");
        let back = if column == "actor_role" { "NULL".to_owned() } else { format!("{column} - 1") };
        database.execute(&format!("UPDATE access_log SET {column} = {back} WHERE entry_id = 3")).await;
        assert_eq!(differences(&database.services).await, Vec::<String>::new(), "{column}");
    }
    for column in TEXTS {
        let edit = format!("UPDATE access_log SET {column} = {column} || 'x' WHERE entry_id = 3");
        assert_eq!(database.execute(&edit).await, 1);
        assert!(differences(&database.services).await.contains(&"access_log: entry 3".to_owned()), "{column}");
        let back =
            format!("UPDATE access_log SET {column} = SUBSTR({column}, 1, LENGTH({column}) - 1) WHERE entry_id = 3");
        database.execute(&back).await;
        assert_eq!(differences(&database.services).await, Vec::<String>::new(), "{column}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn entries_that_are_gone_new_or_elsewhere_are_found_and_stay_so(#[case] engine: Engine) {
    for (edits, at) in ROWS {
        let Some(database) = Database::empty(engine).await else { return };
        write(&database.services).await;
        for edit in *edits {
            assert!(database.execute(edit).await > 0, "{edit}");
        }
        assert!(differences(&database.services).await.contains(&(*at).to_owned()), "{edits:?}");
        let checker = database.services.checker(TenantId::ONLY);
        let left = checker.repair(checker.check().await.expect("checked")).await.expect("repaired, as far as can be");
        assert!(left.total > 0, "{edits:?}: nobody knows what the entry said");
    }
    for id in [0, 7] {
        let Some(database) = Database::empty(engine).await else { return };
        write(&database.services).await;
        let copy = format!(
            "INSERT INTO access_log SELECT tenant_id, {id}, at, actor_kind, actor_id, actor_name, actor_role, action, \
             outcome, status, route, target, salt, target_digest, row_count, request_id, address, search, previous_hash, \
             hash FROM access_log WHERE entry_id = 6"
        );
        assert_eq!(database.execute(&copy).await, 1);
        assert!(differences(&database.services).await.contains(&format!("access_log: entry {id}")), "{id}");
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_restored_log_is_whole_and_goes_on(#[case] engine: Engine) {
    let Some(database) = Database::empty(engine).await else { return };
    write(&database.services).await;
    let path = database.folder.path().join("keyroll.backup");
    back_up(&database.services, &path, end()).await.expect("a backup");
    for target in [Engine::Sqlite, Engine::Postgres] {
        let Some(url) = new_url(target, &database.folder).await else { continue };
        restore(&path, &url, PostgresTls::Verified).await.expect("restored");
        let restored = Services::open(&url, Options::default()).await.expect("it opens");
        write(&restored).await;
        assert_eq!(restored.access_log(TenantId::ONLY).last().await.expect("the last"), 12);
        assert_eq!(differences(&restored).await, Vec::<String>::new(), "{engine:?} to {target:?}");
    }
}
