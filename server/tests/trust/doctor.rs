//! The doctor finds every kind of damage by name, repairs it, and finds nothing where nothing is.

use domain::viewer::TenantId;
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use rstest::rstest;
use server::clock::Clock;
use server::jobs::self_check::check;
use store::{Checked, Checker, TableSum};

use crate::damage::{self, Damage};
use crate::database::{Database, Engine, end};

fn checker(database: &Database) -> Checker {
    database.services.checker(TenantId::ONLY)
}

async fn sound(database: &Database) -> Checked {
    let found = checker(database).check().await.expect("it can be checked");
    assert_eq!(found.total, 0, "{:#?}", found.differences);
    found
}

/// The rows that doctoring must leave as they are, or put back.
async fn figures(database: &Database) -> Vec<TableSum> {
    const TABLES: [&str; 11] = [
        "audit_records",
        "events",
        "mfa_activity",
        "sign_in_counts",
        "sign_in_users",
        "sign_ins",
        "sources",
        "user_observations",
        "user_search",
        "user_standings",
        "user_states",
    ];
    let sums = database.sums().await;
    sums.into_iter().filter(|sum| TABLES.contains(&sum.name.as_str())).collect()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn every_kind_of_damage_is_found_and_repaired(#[case] engine: Engine) {
    let Some(database) = Database::filled(engine).await else { return };
    sound(&database).await;
    let before = figures(&database).await;
    assert!(before.iter().all(|sum| sum.rows > 0), "{before:?}");
    for damage in &damage::ALL {
        find_and_repair(&database, engine, damage).await;
        assert_eq!(figures(&database).await, before, "{}: what it was before", damage.name);
    }
    find_and_repair(&database, engine, &damage::LOST).await;
}

async fn find_and_repair(database: &Database, engine: Engine, damage: &Damage) {
    damage.plant(database, engine).await;
    let found = checker(database).check().await.expect(damage.name);
    let is_found = found.differences.iter().any(|difference| difference.table == damage.table);
    assert!(is_found, "{}: found {:#?}", damage.name, found.differences);
    let left = checker(database).repair(found).await.expect(damage.name);
    assert_eq!(left.total, 0, "{}: {:#?}", damage.name, left.differences);
}

/// What records themselves are made of cannot be recounted from anything: it is said, and nothing panics.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn records_that_cannot_be_read_are_found_and_stay(#[case] engine: Engine) {
    let Some(database) = Database::filled(engine).await else { return };
    let bytes = if engine == Engine::Sqlite { "X'0100'" } else { "'\\x0100'::bytea" };
    for (table, statement) in [
        ("sign_ins", format!("UPDATE sign_ins SET details = {bytes} WHERE at = (SELECT MIN(at) FROM sign_ins)")),
        (
            "user_observations",
            "UPDATE user_observations SET facts = '{' WHERE subject_id = (SELECT MIN(subject_id) FROM user_observations)"
                .to_owned(),
        ),
        ("audit_records", "UPDATE audit_records SET result = 99 WHERE record_id = (SELECT MIN(record_id) FROM audit_records)".to_owned()),
    ] {
        assert!(database.execute(&statement).await > 0, "{table}");
        let found = checker(&database).check().await.expect("it can be checked");
        assert!(found.differences.iter().any(|difference| difference.table == table), "{:#?}", found.differences);
        let left = checker(&database).repair(found).await.expect("it can be repaired");
        assert!(left.total > 0 && left.differences.iter().any(|difference| difference.table == table), "{left:#?}");
    }
}

/// Names are found by trigrams on SQLite, and Postgres keeps its own.
#[rstest]
#[case("user_search_trigrams", "user_search", "user_id, text")]
#[case("user_label_trigrams", "user_labels", "label_id, user_name_folded, display_name_folded")]
#[tokio::test]
async fn trigrams_of_names_are_made_again(#[case] trigrams: &str, #[case] table: &str, #[case] columns: &str) {
    let database = Database::filled(Engine::Sqlite).await.expect("SQLite is always there");
    let (id, texts) = columns.split_once(", ").expect("a number and texts");
    let damage = format!(
        "INSERT INTO {trigrams} ({trigrams}, rowid, {texts}) SELECT 'delete', {columns} FROM {table} \
         WHERE {id} = (SELECT MIN({id}) FROM {table})"
    );
    database.execute(&damage).await;
    let found = checker(&database).check().await.expect("it can be checked");
    assert!(found.differences.iter().any(|difference| difference.table == trigrams), "{found:#?}");
    let left = checker(&database).repair(found).await.expect("it can be repaired");
    assert_eq!(left.total, 0, "{:#?}", left.differences);
}

/// A user who is gone comes back by what there is of them.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn a_user_who_is_gone_comes_back(#[case] engine: Engine) {
    let Some(database) = Database::filled(engine).await else { return };
    let states = |sums: Vec<TableSum>| sums.into_iter().find(|sum| sum.name == "user_states").expect("a table");
    let before = states(database.sums().await);
    let gone = "DELETE FROM users WHERE user_id = (SELECT MIN(user_id) FROM user_observations)";
    assert_eq!(database.execute(gone).await, 1);
    let found = checker(&database).check().await.expect("it can be checked");
    assert!(found.differences.iter().any(|difference| difference.table == "users"), "{found:#?}");
    let left = checker(&database).repair(found).await.expect("it can be repaired");
    assert_eq!(left.total, 0, "{:#?}", left.differences);
    assert_eq!(states(database.sums().await), before);
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
#[tokio::test]
async fn the_hourly_check_recounts_hours_and_keeps_what_came_of_it(#[case] engine: Engine) {
    let Some(database) = Database::filled(engine).await else { return };
    let clock = Clock::fixed(end());
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (reader, ..) = database.services.console(TenantId::ONLY);
    assert_eq!(reader.self_check().await.expect("an answer"), None);
    let checked = check(&checker(&database), &clock, &mut rng).await.expect("a check").expect("there is data");
    assert_eq!((checked.at, checked.differences), (end(), 0));
    assert!((20..=24).contains(&checked.hours), "{checked:?}");
    assert_eq!(reader.self_check().await.expect("an answer"), Some(checked));
    // Wherever it looks there is something now.
    assert!(database.execute("DELETE FROM sign_in_counts WHERE tier > 0").await > 24);
    clock.advance(3_600_000);
    let checked = check(&checker(&database), &clock, &mut rng).await.expect("a check").expect("there is data");
    assert!(checked.differences > 0);
    assert_eq!(reader.self_check().await.expect("an answer"), Some(checked));
}
