//! Kinds of damage, each as one or more statements past the store.

use roaring::RoaringBitmap;

use crate::database::{Database, Engine};

pub enum Plant {
    /// Statements; each changes something.
    Sql(&'static [&'static str]),
    /// Changes the set of users that a query answers, and puts it where a statement has `{}`.
    Users { read: &'static str, write: &'static str, change: fn(&mut RoaringBitmap) },
}

pub struct Damage {
    pub name: &'static str,
    /// The table in which it is found.
    pub table: &'static str,
    pub plant: Plant,
}

const fn sql(name: &'static str, table: &'static str, statements: &'static [&'static str]) -> Damage {
    Damage { name, table, plant: Plant::Sql(statements) }
}

fn take_one(users: &mut RoaringBitmap) {
    let one = users.min().expect("somebody");
    users.remove(one);
}

fn add_one(users: &mut RoaringBitmap) {
    users.insert(4_000);
}

pub const ALL: [Damage; 32] = [
    sql(
        "a counter of events off by one",
        "event_rollups",
        &[
            "UPDATE event_rollups SET n = n + 1 WHERE tier = 1 AND bucket_at = (SELECT MIN(bucket_at) FROM event_rollups WHERE tier = 1 AND n > 0)",
        ],
    ),
    sql(
        "a counter of events missing",
        "event_rollups",
        &[
            "DELETE FROM event_rollups WHERE tier = 0 AND bucket_at = (SELECT MAX(bucket_at) FROM event_rollups WHERE tier = 0 AND n > 0)",
        ],
    ),
    sql(
        "a counter of events in the wrong hour",
        "event_rollups",
        &[
            "UPDATE event_rollups SET bucket_at = bucket_at + 34560000000 WHERE tier = 1 AND n > 0 AND bucket_at = (SELECT MAX(bucket_at) FROM event_rollups WHERE tier = 1 AND n > 0)",
        ],
    ),
    sql(
        "a counter of states off by one",
        "state_rollups",
        &[
            "UPDATE state_rollups SET n = n - 1 WHERE tier = 2 AND bucket_at = (SELECT MIN(bucket_at) FROM state_rollups WHERE tier = 2 AND n > 0)",
        ],
    ),
    sql(
        "a counter of a tier that there is not",
        "state_rollups",
        &["INSERT INTO state_rollups (tenant_id, tier, bucket_at, cell, n) VALUES (1, 7, 0, 1, 1)"],
    ),
    sql(
        "a counter of passwords off by one",
        "password_rollups",
        &[
            "UPDATE password_rollups SET n = n + 1 WHERE tier = 0 AND bucket_at = (SELECT MIN(bucket_at) FROM password_rollups WHERE n > 0)",
        ],
    ),
    sql(
        "a bucket of sign-ins missing",
        "sign_in_counts",
        &[
            "DELETE FROM sign_in_counts WHERE tier = 1 AND bucket_at = (SELECT MIN(bucket_at) FROM sign_in_counts WHERE tier = 1)",
        ],
    ),
    sql(
        "a bucket of sign-ins too many",
        "sign_in_counts",
        &[
            "INSERT INTO sign_in_counts (tenant_id, tier, bucket_at, counts) SELECT tenant_id, tier, 978307200000, counts FROM sign_in_counts WHERE tier = 0 AND bucket_at = (SELECT MIN(bucket_at) FROM sign_in_counts WHERE tier = 0)",
        ],
    ),
    sql(
        "a bucket of sign-ins that is another's",
        "sign_in_counts",
        &[
            "UPDATE sign_in_counts SET counts = (SELECT c.counts FROM sign_in_counts c WHERE c.tier = 0 AND c.bucket_at = (SELECT MAX(bucket_at) FROM sign_in_counts WHERE tier = 0)) WHERE tier = 0 AND bucket_at = (SELECT MIN(bucket_at) FROM sign_in_counts WHERE tier = 0)",
        ],
    ),
    sql(
        "a bucket of sign-ins that cannot be read",
        "sign_in_counts",
        &[
            "UPDATE sign_in_counts SET counts = CAST('\\377' AS BYTEA) WHERE tier = 2 AND bucket_at = (SELECT MIN(bucket_at) FROM sign_in_counts WHERE tier = 2)",
        ],
    ),
    Damage {
        name: "a set of users without one of them",
        table: "sign_in_users",
        plant: Plant::Users {
            read: "SELECT users FROM sign_in_users WHERE tier = 0 AND measure = 0 AND bucket_at = (SELECT MAX(bucket_at) FROM sign_in_users WHERE tier = 0 AND measure = 0)",
            write: "UPDATE sign_in_users SET users = {} WHERE tier = 0 AND measure = 0 AND bucket_at = (SELECT MAX(bucket_at) FROM sign_in_users WHERE tier = 0 AND measure = 0)",
            change: take_one,
        },
    },
    Damage {
        name: "a set of users with one too many",
        table: "sign_in_users",
        plant: Plant::Users {
            read: "SELECT users FROM sign_in_users WHERE tier = 1 AND measure = 2 AND bucket_at = (SELECT MIN(bucket_at) FROM sign_in_users WHERE tier = 1 AND measure = 2)",
            write: "UPDATE sign_in_users SET users = {} WHERE tier = 1 AND measure = 2 AND bucket_at = (SELECT MIN(bucket_at) FROM sign_in_users WHERE tier = 1 AND measure = 2)",
            change: add_one,
        },
    },
    sql(
        "a set of users that cannot be read",
        "sign_in_users",
        &[
            "UPDATE sign_in_users SET users = CAST('\\001\\002\\003' AS BYTEA) WHERE tier = 2 AND measure = 1 AND bucket_at = (SELECT MIN(bucket_at) FROM sign_in_users WHERE tier = 2 AND measure = 1)",
        ],
    ),
    sql(
        "two open intervals of one user",
        "user_states",
        &[
            "UPDATE user_states SET valid_to = 253402207200000 WHERE user_id = (SELECT MIN(user_id) FROM user_states WHERE valid_to < 253402207200000) AND valid_to < 253402207200000",
        ],
    ),
    sql(
        "a gap between intervals",
        "user_states",
        &[
            "UPDATE user_states SET valid_to = valid_to - 1000 WHERE user_id = (SELECT MAX(user_id) FROM user_states WHERE valid_to < 253402207200000) AND valid_to < 253402207200000",
        ],
    ),
    sql(
        "a state that no record says",
        "user_states",
        &[
            "UPDATE user_states SET registered = 1 - registered, cell = cell + 4194304, department = 'Nowhere' WHERE user_id = (SELECT MIN(user_id) FROM user_states WHERE registered < 2) AND valid_to = 253402207200000",
        ],
    ),
    sql(
        "a user's intervals missing",
        "user_states",
        &["DELETE FROM user_states WHERE user_id = (SELECT MAX(user_id) FROM user_states)"],
    ),
    sql(
        "a name that is not found",
        "user_search",
        &["DELETE FROM user_search WHERE user_id = (SELECT MIN(user_id) FROM user_search)"],
    ),
    sql(
        "a name found under another",
        "user_search",
        &["UPDATE user_search SET text = 'nobody' WHERE user_id = (SELECT MAX(user_id) FROM user_search)"],
    ),
    Damage {
        name: "a standing with a user too many",
        table: "user_standings",
        plant: Plant::Users {
            read: "SELECT users FROM user_standings WHERE standing = (SELECT MIN(standing) FROM user_standings)",
            write: "UPDATE user_standings SET users = {} WHERE standing = (SELECT MIN(standing) FROM user_standings)",
            change: add_one,
        },
    },
    sql(
        "a sign-in of the wrong class",
        "sign_ins",
        &[
            "INSERT INTO sign_in_classes (tenant_id, class_id, facts, traits, error_code) SELECT tenant_id, 444, (SELECT MIN(d.facts) FROM sign_in_classes d WHERE d.facts <> c.facts), traits, error_code FROM sign_in_classes c WHERE class_id = (SELECT class_id FROM sign_ins WHERE at = (SELECT MIN(at) FROM sign_ins) AND seq = 0)",
            "UPDATE sign_ins SET class_id = 444 WHERE at = (SELECT MIN(at) FROM sign_ins) AND seq = 0",
        ],
    ),
    sql(
        "a sign-in wrongly unmet",
        "sign_ins",
        &["UPDATE sign_ins SET is_unmet = 1 - is_unmet WHERE at = (SELECT MAX(at) FROM sign_ins)"],
    ),
    sql(
        "a sign-in wrongly unable",
        "sign_ins",
        &[
            "INSERT INTO sign_in_classes (tenant_id, class_id, facts, traits, error_code) SELECT tenant_id, 555, facts, traits - 4096, error_code FROM sign_in_classes WHERE class_id = (SELECT MIN(s.class_id) FROM sign_ins s JOIN sign_in_classes c ON c.class_id = s.class_id WHERE c.traits >= 4096)",
            "UPDATE sign_ins SET class_id = 555 WHERE class_id = (SELECT MIN(s.class_id) FROM sign_ins s JOIN sign_in_classes c ON c.class_id = s.class_id WHERE c.traits >= 4096)",
        ],
    ),
    sql(
        "a sign-in of another user",
        "sign_ins",
        &[
            "UPDATE sign_ins SET user_id = user_id + 1 WHERE at = (SELECT MIN(at) FROM sign_ins WHERE user_id IS NOT NULL)",
        ],
    ),
    sql(
        "an event of no record",
        "events",
        &[
            "INSERT INTO events (tenant_id, event_id, origin, at, source, feature, method, outcome, user_name_folded, display_name_folded) VALUES (1, 'record:gone:sms', 'record:gone', 1790000000000, 0, 0, 2, 0, '', '')",
        ],
    ),
    sql(
        "a record without its event",
        "events",
        &["DELETE FROM events WHERE event_id = (SELECT MIN(event_id) FROM events WHERE origin LIKE 'record:%')"],
    ),
    sql(
        "an event with another outcome than its flow",
        "events",
        &[
            "UPDATE events SET outcome = 1 - outcome WHERE event_id = (SELECT MIN(event_id) FROM events WHERE origin LIKE 'flow:%')",
        ],
    ),
    sql(
        "an event of a user that there is not",
        "events",
        &["UPDATE events SET user_id = 999999 WHERE event_id = (SELECT MAX(event_id) FROM events)"],
    ),
    sql(
        "a record of another kind than its activity",
        "audit_records",
        &[
            "UPDATE audit_records SET password_kind = 1, is_reset_step = 0 WHERE record_id = (SELECT MIN(record_id) FROM audit_records WHERE is_reset_step = 1)",
        ],
    ),
    sql(
        "a block that its record does not say",
        "mfa_actions",
        &[
            "UPDATE mfa_actions SET reason = 'none', at = at + 1 WHERE action_id = (SELECT MIN(action_id) FROM mfa_actions WHERE action_id LIKE 'record:%')",
        ],
    ),
    sql(
        "a user last seen before the last event",
        "users",
        &["UPDATE users SET last_event_at = first_event_at - 1 WHERE user_id = (SELECT MIN(user_id) FROM events)"],
    ),
    sql("a source with a record too many", "sources", &["UPDATE sources SET records = records + 1 WHERE kind = 9"]),
];

/// What a sign-in's class alone says of it is lost with the class: it is repaired, and is unknown.
pub const LOST: Damage = sql(
    "a sign-in of a class that there is not",
    "sign_ins",
    &["UPDATE sign_ins SET class_id = 987654 WHERE at = (SELECT MAX(at) FROM sign_ins)"],
);

impl Damage {
    pub async fn plant(&self, database: &Database, engine: Engine) {
        match self.plant {
            Plant::Sql(statements) => {
                for statement in statements {
                    let changed = database.execute(&spelt(statement, engine)).await;
                    assert!(changed > 0, "{}: nothing to change", self.name);
                }
            }
            Plant::Users { read, write, change } => {
                let before = database.bytes(read).await;
                let mut users = RoaringBitmap::deserialize_from(&before[..]).expect("a set");
                change(&mut users);
                let mut after = Vec::new();
                users.serialize_into(&mut after).expect("bytes");
                assert_ne!(after, before, "{}", self.name);
                assert_eq!(database.execute(&write.replace("{}", &literal(&after, engine))).await, 1, "{}", self.name);
            }
        }
    }
}

fn literal(bytes: &[u8], engine: Engine) -> String {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    if engine == Engine::Sqlite { format!("X'{hex}'") } else { format!("'\\x{hex}'::bytea") }
}

/// Bytes are written as Postgres writes them.
fn spelt(statement: &str, engine: Engine) -> String {
    if engine == Engine::Postgres {
        return statement.to_owned();
    }
    statement.replace("CAST('\\377' AS BYTEA)", "X'ff'").replace("CAST('\\001\\002\\003' AS BYTEA)", "X'010203'")
}
