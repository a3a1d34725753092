//! Deriving `user_states` from observations, and the counters over it.

use std::collections::BTreeMap;

use domain::record::{RecordKind, UserFacts};
use sea_query::Value;

use super::sightings::EventNames;
use super::standings::Standings;
use super::state::{Observation, State, Subject, intervals, per_user_mfa_code};
use super::subjects::{Made, Subjects};
use super::{Applied, Batch};
use crate::cell::Cell;
use crate::db::{Conn, Db, args};
use crate::tiers::Deltas;
use crate::{Options, StoreError};

/// Users derived at a time: bounds memory, whatever the batch.
const CHUNK: usize = 1000;

/// Derives every user again, where settings that states depend on have changed, and how the names of events sort.
pub(crate) async fn rederive(db: &Db, tenant: i64, options: &Options) -> Result<(), StoreError> {
    super::events::sort_again(db, tenant, options.language).await?;
    let mut after = 0;
    loop {
        let mut conn = db.begin().await?;
        let users: Vec<(i64,)> = conn
            .rows(
                "SELECT user_id FROM users WHERE tenant_id = $1 AND user_id > $2 ORDER BY user_id LIMIT 1000",
                args![tenant, after],
            )
            .await?;
        let Some(&(last,)) = users.last() else { return Ok(()) };
        after = last;
        let ids: Vec<i64> = users.into_iter().map(|(id,)| id).collect();
        Batch { conn: &mut conn, tenant, import: 0, options, applied: Applied::default(), by_kind: BTreeMap::new() }
            .derive(&ids, &mut BTreeMap::new())
            .await?;
        conn.commit().await?;
    }
}

#[derive(sqlx::FromRow)]
struct SubjectRow {
    user_id: i64,
    merged_into: Option<i64>,
    object_id: Option<String>,
    name_key: Option<String>,
    first_event_at: Option<i64>,
    event_named_at: Option<i64>,
    event_user_name: Option<String>,
    event_display_name: Option<String>,
}

impl Batch<'_> {
    pub(crate) async fn derive_states(&mut self, subjects: Subjects) -> Result<(), StoreError> {
        let (users, mut made) = subjects.into_derive();
        self.derive(&users.into_iter().collect::<Vec<_>>(), &mut made).await
    }

    /// Derives users from what is stored.
    pub(crate) async fn derive_again(&mut self, users: &[i64]) -> Result<(), StoreError> {
        self.derive(users, &mut BTreeMap::new()).await
    }

    /// Puts newly derived intervals in the place of the users' stored ones. Of `made` users nothing is stored yet.
    async fn derive(&mut self, users: &[i64], made: &mut BTreeMap<i64, Made>) -> Result<(), StoreError> {
        let mut deltas = Deltas::new();
        let mut standings = Standings::new();
        for chunk in users.chunks(CHUNK) {
            self.derive_chunk(chunk, made, &mut deltas, &mut standings).await?;
        }
        self.write_standings(&standings).await?;
        self.write_state_deltas(&deltas).await
    }

    async fn derive_chunk(
        &mut self,
        users: &[i64],
        made: &mut BTreeMap<i64, Made>,
        deltas: &mut Deltas<Cell>,
        standings: &mut Standings,
    ) -> Result<(), StoreError> {
        let keys: Vec<Value> = users.iter().filter(|id| !made.contains_key(id)).map(|id| (*id).into()).collect();
        let mut subjects = self.subjects_of(&keys).await?;
        let mut observations = self.observations_of(&keys).await?;
        for (from, to, cell) in self.stored_states(&keys).await? {
            count(deltas, from, to, Cell(cell), -1);
        }
        let mut rows = Vec::new();
        let mut names = Vec::new();
        let mut gone: Vec<Value> = Vec::new();
        for user_id in users {
            let (subject, mut of_user) = match made.remove(user_id) {
                Some(made) => (Some(made.subject), made.observations),
                None => (subjects.remove(user_id), observations.remove(user_id).unwrap_or_default()),
            };
            let states = subject.map(|subject| intervals(&subject, &mut of_user, self.options.sspr_policy.as_ref()));
            let states = states.unwrap_or_default();
            for state in &states {
                count(deltas, state.valid_from, state.valid_to, state.cell(), 1);
                rows.push(self.state_row(*user_id, state));
            }
            standings.insert(*user_id, states.last().map(State::cell));
            match states.last() {
                Some(open) => names.push(self.name_row(*user_id, open)),
                None => gone.push((*user_id).into()),
            }
        }
        let tenant = &[self.tenant];
        self.conn.run_in("DELETE FROM user_states WHERE tenant_id = $1 AND user_id IN", tenant, &keys).await?;
        self.conn.run_in("DELETE FROM user_search WHERE tenant_id = $1 AND user_id IN", tenant, &gone).await?;
        insert_states(self.conn, rows).await?;
        insert_names(self.conn, names).await
    }

    async fn subjects_of(&mut self, keys: &[Value]) -> Result<BTreeMap<i64, Subject>, StoreError> {
        const SQL: &str = "SELECT user_id, merged_into, object_id, name_key, first_event_at, event_named_at, \
            event_user_name, event_display_name FROM users";
        let own = format!("{SQL} WHERE tenant_id = $1 AND user_id IN");
        let merged =
            format!("{SQL} {} WHERE tenant_id = $1 AND merged_into IN", self.conn.by_index("users_merged_into_idx"));
        let mut rows: Vec<SubjectRow> = self.conn.rows_in(&own, &[self.tenant], keys).await?;
        rows.extend(self.conn.rows_in::<SubjectRow>(&merged, &[self.tenant], keys).await?);
        let mut subjects: BTreeMap<i64, (Subject, Option<EventNames>)> = BTreeMap::new();
        for row in rows {
            // A name that belongs to somebody else has no state of its own.
            let (subject, names) = subjects.entry(row.merged_into.unwrap_or(row.user_id)).or_default();
            if row.merged_into.is_none() {
                subject.id = row.object_id.or(row.name_key).unwrap_or_default();
            }
            subject.first_event_at = [subject.first_event_at, row.first_event_at].into_iter().flatten().min();
            let given = row.event_named_at.map(|at| EventNames::new(at, row.event_display_name, row.event_user_name));
            if given > *names {
                *names = given;
            }
        }
        let named = subjects.into_iter().map(|(user_id, (mut subject, names))| {
            if let Some(names) = names {
                (subject.event_display_name, subject.event_user_name) = (names.display_name, names.user_name);
            }
            (user_id, subject)
        });
        Ok(named.collect())
    }

    async fn observations_of(&mut self, keys: &[Value]) -> Result<BTreeMap<i64, Vec<Observation>>, StoreError> {
        let rows: Vec<(i64, i64, i64, String, String)> = self
            .conn
            .rows_in(
                "SELECT user_id, observed_at, kind, digest, facts FROM user_observations \
                 WHERE tenant_id = $1 AND user_id IN",
                &[self.tenant],
                keys,
            )
            .await?;
        let mut observations: BTreeMap<i64, Vec<Observation>> = BTreeMap::new();
        for (user_id, observed_at, kind, digest, facts) in rows {
            let broken = |what: String| StoreError::Inconsistent { table: "user_observations", what };
            let facts: UserFacts = serde_json::from_str(&facts).map_err(|error| broken(error.to_string()))?;
            let kind = RecordKind::from_code(kind).ok_or_else(|| broken(format!("kind {kind}")))?;
            observations.entry(user_id).or_default().push(Observation { observed_at, kind, digest, facts });
        }
        Ok(observations)
    }

    /// Beginning, end and cell of the users' stored intervals.
    async fn stored_states(&mut self, keys: &[Value]) -> Result<Vec<(i64, i64, i64)>, StoreError> {
        self.conn
            .rows_in(
                "SELECT valid_from, valid_to, cell FROM user_states WHERE tenant_id = $1 AND user_id IN",
                &[self.tenant],
                keys,
            )
            .await
    }

    fn state_row(&self, user_id: i64, state: &State) -> Vec<Value> {
        let facts = &state.facts;
        let raw = facts.methods.as_ref().map(|methods| methods.raw()).filter(|raw| !raw.is_empty());
        let mut row = args![
            self.tenant,
            user_id,
            state.valid_from,
            state.valid_to,
            state.cell().0,
            state.id.clone(),
            facts.display_name.clone(),
            facts.user_name.clone(),
            state.display_name_key(self.options.language),
            state.folded_user_name(),
            state.search_text(),
            facts.user_type.map(|user_type| user_type.code()),
            domain::answer::Answer::from(facts.account_enabled).code(),
            domain::answer::Answer::from(facts.admin).code(),
            i64::from(state.is_recorded),
            i64::from(facts.deleted_at.is_some()),
            i64::from(state.is_guest),
        ];
        row.extend(state.flags.iter().map(|flag| Value::from(flag.code())));
        row.extend(args![
            state.method_bits(),
            raw.and_then(|raw| serde_json::to_string(raw).ok()),
            facts.default_method.clone(),
            facts.department.clone(),
            facts.country.clone(),
            per_user_mfa_code(facts.per_user_mfa),
            facts.created_at.map(|at| at.millis()),
            facts.deleted_at.map(|at| at.millis()),
            state.updated_at,
        ]);
        row
    }

    fn name_row(&self, user_id: i64, open: &State) -> Vec<Value> {
        let key = open.display_name_key(self.options.language);
        args![user_id, self.tenant, open.cell().0, open.method_bits(), open.search_text(), key]
    }

    async fn write_state_deltas(&mut self, deltas: &Deltas<Cell>) -> Result<(), StoreError> {
        let tenant = self.tenant;
        let rows = deltas.changes().map(|(tier, bucket_at, cell, n)| args![tenant, tier, bucket_at, cell.0, n]);
        self.conn
            .insert(
                "INSERT INTO state_rollups (tenant_id, tier, bucket_at, cell, n)",
                5,
                rows,
                "ON CONFLICT (tenant_id, tier, bucket_at, cell) DO UPDATE SET n = state_rollups.n + excluded.n",
            )
            .await
    }
}

/// The columns of `user_states`, in the order in which rows of it are made.
pub(crate) const STATE_COLUMNS: [&str; 32] = [
    "tenant_id",
    "user_id",
    "valid_from",
    "valid_to",
    "cell",
    "id",
    "display_name",
    "user_name",
    "display_name_key",
    "user_name_folded",
    "search_text",
    "user_type",
    "enabled_account",
    "admin",
    "is_recorded",
    "is_deleted",
    "is_guest",
    "registered",
    "enabled",
    "capable",
    "mfa_registered",
    "mfa_capable",
    "passwordless_capable",
    "methods",
    "raw_methods",
    "default_method",
    "department",
    "country",
    "per_user_mfa",
    "created_at",
    "deleted_at",
    "updated_at",
];

/// The columns of `user_search`, in the order in which rows of it are made.
pub(crate) const NAME_COLUMNS: [&str; 6] = ["user_id", "tenant_id", "cell", "methods", "text", "display_name_key"];

/// What is to be stored of a user: intervals, what the last of them is found by, and its cell.
#[derive(Default)]
pub(crate) struct DerivedUser {
    pub states: Vec<Vec<Value>>,
    pub name: Option<Vec<Value>>,
    pub cell: Option<Cell>,
}

impl Batch<'_> {
    /// What is to be stored of users by all that is stored about them; nothing is written.
    pub(crate) async fn derived(&mut self, users: &[i64]) -> Result<BTreeMap<i64, DerivedUser>, StoreError> {
        let keys: Vec<Value> = users.iter().map(|id| (*id).into()).collect();
        let mut subjects = self.subjects_of(&keys).await?;
        let mut observations = self.observations_of(&keys).await?;
        // A name that belongs to somebody else brings these, who need not be asked for and are not whole then.
        let asked = users.iter().filter_map(|user_id| Some((*user_id, subjects.remove(user_id)?)));
        let derived = asked.map(|(user_id, subject)| {
            let mut of_user = observations.remove(&user_id).unwrap_or_default();
            let states = intervals(&subject, &mut of_user, self.options.sspr_policy.as_ref());
            let derived = DerivedUser {
                states: states.iter().map(|state| self.state_row(user_id, state)).collect(),
                name: states.last().map(|open| self.name_row(user_id, open)),
                cell: states.last().map(State::cell),
            };
            (user_id, derived)
        });
        Ok(derived.collect())
    }
}

pub(crate) async fn insert_states(conn: &mut Conn, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    let head = format!("INSERT INTO user_states ({})", STATE_COLUMNS.join(", "));
    conn.insert(&head, STATE_COLUMNS.len(), rows, "").await
}

/// What users are found by now; what is as it was is left alone.
pub(crate) async fn insert_names(conn: &mut Conn, rows: Vec<Vec<Value>>) -> Result<(), StoreError> {
    conn.insert(
        &format!("INSERT INTO user_search ({})", NAME_COLUMNS.join(", ")),
        NAME_COLUMNS.len(),
        rows,
        "ON CONFLICT (user_id) DO UPDATE SET cell = excluded.cell, methods = excluded.methods, text = excluded.text, \
         display_name_key = excluded.display_name_key \
         WHERE user_search.cell <> excluded.cell OR user_search.methods IS DISTINCT FROM excluded.methods \
         OR user_search.text <> excluded.text OR user_search.display_name_key <> excluded.display_name_key",
    )
    .await
}

/// An interval adds one where it begins and takes one away where it ends; the open end is no change.
fn count(deltas: &mut Deltas<Cell>, from: i64, to: i64, cell: Cell, n: i64) {
    deltas.add(from, cell, n);
    if to < domain::instant::Instant::MAX.millis() {
        deltas.add(to, cell, -n);
    }
}
