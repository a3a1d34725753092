//! Copies of one record: which one is shown, and with whose time, does not hang on who came first.

use domain::instant::Instant;
use domain::record::{AuditRecord, Record};
use domain::sign_in::SignInRecord;
use rstest::rstest;
use store::Options;

use crate::sign_ins::{DONE, START, records, sign_in};
use crate::support::{Engine, TestDb, at, audit, person};

/// The winner, a weaker copy with a finer time of the same second, and one between them of another second.
const COPIES: [(i64, i64); 3] = [(3, 0), (1, 123), (2, 60_000)];

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

fn audits() -> Vec<Record> {
    let audits = COPIES.map(|(log, later)| {
        let bare =
            audit("1", 0, "User registered security info", "User registered Fido", None, person("a", "a@x.example"));
        let instant = Instant::from_millis(START + later);
        AuditRecord { at: instant, log_at: Some(at(log)), digest: [u8::try_from(log).expect("small"); 32], ..bare }
    });
    audits.into_iter().map(|audit| Record::Audit(Box::new(audit))).collect()
}

fn sign_ins() -> Vec<Record> {
    records(COPIES.map(|(log, later)| SignInRecord {
        log_at: Some(at(log)),
        digest: [u8::try_from(log).expect("small"); 32],
        ..sign_in("1", "ada", START + later, DONE)
    }))
}

#[rstest]
#[case::audits(audits(), "audit_records")]
#[case::sign_ins(sign_ins(), "sign_ins")]
#[tokio::test]
async fn the_winner_has_the_finest_time_of_its_second_in_any_order(
    #[case] copies: Vec<Record>,
    #[case] table: &str,
    #[values(Engine::Sqlite, Engine::Postgres)] engine: Engine,
) {
    let Some(db) = TestDb::open(engine, Options::default()).await else { return };
    let stored = format!("SELECT at || ' ' || log_at FROM {table}");
    let expected = vec![format!("{} {}", START + 123, at(3).millis())];
    for order in ORDERS.map(|order| order.map(|n| copies[n].clone())) {
        for lot in 1..=copies.len() {
            let mut imports = Vec::new();
            for (file, some) in (1..).zip(order.chunks(lot)) {
                imports.push(db.import_file(some.to_vec(), file, at(20_000)).await);
            }
            assert_eq!(db.texts(&stored).await, expected, "{lot} at a time: {order:?}");
            for import in imports {
                let operator = db.operator();
                let undo = operator.begin_undo(import, "console").await.expect("an answer").expect("it can be undone");
                operator.undo(undo, at(20_020)).await.expect("it is undone");
            }
            assert_eq!(db.texts(&stored).await, Vec::<String>::new());
        }
    }
}
