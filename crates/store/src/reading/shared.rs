//! What many sign-ins share, read once for all of a page: applications, places and policies.

use std::collections::{BTreeSet, HashMap};

use domain::sign_in::{AppRef, AppliedPolicy, Place};

use super::Reader;
use super::conditions::Conditions;
use crate::StoreError;

/// The numbers by which a row of a sign-in knows what it shares with others.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub(super) struct SharedIds {
    pub app_no: Option<i64>,
    pub place_id: Option<i64>,
    pub policy_set_id: Option<i64>,
}

/// What the sign-ins of a page share. Places and policies are there for whoever may see them.
#[derive(Default)]
pub(super) struct Shared {
    apps: HashMap<i64, AppRef>,
    places: HashMap<i64, Place>,
    policies: HashMap<i64, Vec<AppliedPolicy>>,
}

impl Shared {
    pub fn app(&self, ids: SharedIds) -> AppRef {
        ids.app_no.and_then(|no| self.apps.get(&no)).cloned().unwrap_or_default()
    }

    pub fn place(&self, ids: SharedIds) -> Place {
        ids.place_id.and_then(|id| self.places.get(&id)).cloned().unwrap_or_default()
    }

    /// `None` where the record says nothing of policies, which is not the same as none.
    pub fn policies(&self, ids: SharedIds) -> Option<&[AppliedPolicy]> {
        Some(self.policies.get(&ids.policy_set_id?)?)
    }
}

impl Reader {
    pub(super) async fn shared_by(&self, rows: impl Iterator<Item = SharedIds>) -> Result<Shared, StoreError> {
        let (mut apps, mut places, mut policies) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for SharedIds { app_no, place_id, policy_set_id } in rows {
            apps.extend(app_no);
            if self.sees_conditional_access {
                places.extend(place_id);
                policies.extend(policy_set_id);
            }
        }
        // One statement: a page waits for each.
        let (mut parts, mut args) = (Vec::new(), Vec::new());
        for (what, number, texts, table, numbers) in [
            (APP, "app_no", ["client_id", "name", NO_TEXT, NO_TEXT], "apps", apps),
            (PLACE, "place_id", ["ip", "city", "state", "country"], "places", places),
            (POLICIES, "policy_set_id", ["policies", NO_TEXT, NO_TEXT, NO_TEXT], "policy_sets", policies),
        ] {
            if numbers.is_empty() {
                continue;
            }
            let mut conditions = Conditions::default();
            conditions.and("tenant_id = ?", [self.tenant.0.into()]).any_of(number, numbers);
            let [one, two, three, four] = texts;
            parts.push(format!(
                "SELECT CAST({what} AS BIGINT) AS what, {number} AS number, \
                 {one} AS one, {two} AS two, {three} AS three, {four} AS four FROM {table}{}",
                conditions.sql_after(args.len())
            ));
            args.extend(conditions.args());
        }
        let mut shared = Shared::default();
        if parts.is_empty() {
            return Ok(shared);
        }
        let rows: Vec<SharedRow> = self.db.rows(&parts.join(" UNION ALL "), args).await?;
        for SharedRow { what, number, one, two, three, four } in rows {
            match what {
                APP => _ = shared.apps.insert(number, AppRef { id: one, name: two }),
                PLACE => _ = shared.places.insert(number, Place { ip: one, city: two, state: three, country: four }),
                _ => _ = shared.policies.insert(number, policies_of(&one.unwrap_or_default())?),
            }
        }
        Ok(shared)
    }
}

const APP: i64 = 0;
const PLACE: i64 = 1;
const POLICIES: i64 = 2;
const NO_TEXT: &str = "CAST(NULL AS TEXT)";

#[derive(sqlx::FromRow)]
struct SharedRow {
    /// [`APP`], [`PLACE`] or [`POLICIES`].
    what: i64,
    number: i64,
    one: Option<String>,
    two: Option<String>,
    three: Option<String>,
    four: Option<String>,
}

pub(super) fn policies_of(json: &str) -> Result<Vec<AppliedPolicy>, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Inconsistent { table: "policy_sets", what: error.to_string() })
}
