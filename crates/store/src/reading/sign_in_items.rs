//! Sign-ins with their names, places and policies.

use std::collections::{BTreeMap, HashMap};

use domain::answer::Answer;
use domain::fold::fold;
use domain::instant::Instant;
use domain::page::Key;
use domain::report::{ConditionalAccess, RestrictedSignIn, SignInItem, SignInReport, StepItem};
use domain::sign_in::{AppliedPolicy, AuthenticationStep, MfaDetail, Place, SignInDetails, detail, mfa_text};
use serde::de::IgnoredAny;

use super::Reader;
use super::classes::Classes;
use super::conditions::Conditions;
use super::list::Keyed;
use super::shared::{Shared, SharedIds, policies_of};
use super::sign_ins::{PlaceRow, among};
use crate::StoreError;
use crate::db::args;
use crate::importing::steps_in_order;
use crate::packed::{Unpacker, pack_id, unpack_id};
use crate::sign_in_class::SignInClass;

#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct ItemRow {
    at: i64,
    seq: i64,
    record_id: Vec<u8>,
    class_id: i64,
    attempt: Option<Vec<u8>>,
    details: Vec<u8>,
    user_id: Option<String>,
    user_name: Option<String>,
    display_name: Option<String>,
    #[sqlx(flatten)]
    shared: SharedIds,
}

impl Keyed for ItemRow {
    fn key(&self) -> Key {
        Key::Number(self.at)
    }

    fn tie(&self, _: &str) -> Key {
        Key::Number(self.seq)
    }
}

/// Everything before WHERE.
pub(super) fn select(hint: &str) -> String {
    format!(
        "SELECT s.at, s.seq, s.record_id, s.class_id, s.attempt, s.details, \
         COALESCE(u.object_id, u.name_key) AS user_id, l.user_name, l.display_name, \
         s.app_no, s.place_id, s.policy_set_id FROM sign_ins s {hint} \
         LEFT JOIN users u ON u.tenant_id = s.tenant_id AND u.user_id = s.user_id \
         LEFT JOIN user_labels l ON l.tenant_id = s.tenant_id AND l.label_id = s.label_id"
    )
}

/// Other sign-ins of an attempt that are shown beside one.
const RELATED: i64 = 100;

impl Reader {
    /// The sign-ins at these places, in their order.
    pub(super) async fn sign_ins_at(
        &self,
        places: &[PlaceRow],
        classes: &Classes,
    ) -> Result<Vec<SignInItem>, StoreError> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let (among, args) = among(self.tenant.0, places);
        let sql = format!("{} WHERE s.tenant_id = $1 AND {among}", select(""));
        let rows: Vec<ItemRow> = self.db.rows(&sql, args).await?;
        let mut rows: HashMap<(i64, i64), ItemRow> = rows.into_iter().map(|row| ((row.at, row.seq), row)).collect();
        let rows = places.iter().filter_map(|place| rows.remove(&(place.at, place.seq))).collect();
        self.items_of(rows, classes).await
    }

    /// What rows say.
    pub(super) async fn items_of(&self, rows: Vec<ItemRow>, classes: &Classes) -> Result<Vec<SignInItem>, StoreError> {
        let shared = self.shared_by(rows.iter().map(|row| row.shared)).await?;
        let mut unpacker = Unpacker::new()?;
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            // Taking steps apart is most of the work, and none of these is of a second factor: see `detail`.
            if class_of(classes, row.class_id)?.facts.mfa_required == Answer::No {
                let MfaDetail { mfa_detail, steps: IgnoredAny } = unpacker.unpack_part(&row.details)?;
                found.push((row, mfa_detail, None));
            } else {
                let MfaDetail::<Vec<AuthenticationStep>> { mfa_detail, steps } = unpacker.unpack_part(&row.details)?;
                found.push((row, mfa_detail, Some(steps)));
            }
        }
        let without = found.iter().filter(|(_, _, steps)| steps.as_ref().is_some_and(Vec::is_empty));
        let of_files = self.steps_of_files(without.map(|(row, ..)| row.record_id.clone()).collect()).await?;
        found
            .into_iter()
            .map(|(row, mfa_detail, own)| {
                let steps = of_files.get(&row.record_id).or(own.as_ref()).map_or(&[][..], Vec::as_slice);
                self.item(row, detail(mfa_detail.as_deref(), steps), classes, &shared)
            })
            .collect()
    }

    fn item(
        &self,
        row: ItemRow,
        detail: Option<String>,
        classes: &Classes,
        shared: &Shared,
    ) -> Result<SignInItem, StoreError> {
        let SignInClass { facts, interactive, component, conditional_access, is_unable: _, error_code } =
            class_of(classes, row.class_id)?;
        let restricted = self.sees_conditional_access.then(|| {
            let Place { ip, city, country, state: _ } = shared.place(row.shared);
            let policies = shared.policies(row.shared).map(names_of_applied);
            RestrictedSignIn { ip, city, country, ca_result: conditional_access, policies }
        });
        let app = shared.app(row.shared);
        Ok(SignInItem {
            id: unpack_id(&row.record_id),
            at: Instant::from_millis(row.at),
            correlation_id: row.attempt.as_deref().map(unpack_id),
            user_id: row.user_id,
            display_name: row.display_name,
            user_name: row.user_name,
            app: app.name.or(app.id),
            status: facts.sign_in,
            error_code,
            mfa_required: facts.mfa_required,
            required_by: facts.required_by,
            mfa_result: facts.result,
            mfa_status: facts.status,
            method: facts.method,
            detail,
            interactive,
            component,
            restricted,
        })
    }

    pub(super) async fn read_sign_in(&self, id: &str) -> Result<Option<SignInReport>, StoreError> {
        let key = pack_id(&id.to_lowercase());
        let sql = format!("{} WHERE s.tenant_id = $1 AND s.record_id = $2", select(""));
        let mut row: Option<ItemRow> = self.db.row(&sql, args![self.tenant.0, key]).await?;
        if row.is_none() {
            row = self.db.row(&sql, args![self.tenant.0, pack_id(id)]).await?;
        }
        let Some(row) = row else { return Ok(None) };
        let classes = self.classes().await?;
        let class = class_of(&classes, row.class_id)?;
        let details = Unpacker::new()?.unpack(&row.details)?;
        let steps = self.steps_shown(&row.record_id, &details).await?;
        let shared = self.shared_by(std::iter::once(row.shared)).await?;
        let conditional_access = self.sees_conditional_access.then(|| {
            let policies = shared.policies(row.shared).map(<[AppliedPolicy]>::to_vec);
            ConditionalAccess { result: class.conditional_access, policies }
        });
        let (related, related_total) = self.related(&row, &classes).await?;
        let detail = detail(details.mfa_detail.as_deref(), steps.as_deref().unwrap_or_default());
        let item = self.item(row, detail, &classes, &shared)?;
        let raw_method = details.mfa_method.clone().or_else(|| {
            let last = steps.as_ref()?.iter().rev().find(|step| step.result.as_deref().and_then(mfa_text).is_some())?;
            last.method.clone()
        });
        let step = |step: AuthenticationStep| {
            let status = step.result.as_deref().and_then(mfa_text).map(|text| text.status);
            StepItem::new(step, status)
        };
        Ok(Some(SignInReport {
            item,
            challenged: class.facts.is_challenged(),
            unable: class.is_unable,
            failure_reason: details.failure_reason,
            additional_details: details.additional_details,
            authentication_requirement: details.requirement,
            requirement_providers: details.required_by,
            raw_method,
            resource: details.resource,
            client_app: details.client_app,
            browser: details.browser,
            operating_system: details.operating_system,
            device: details.device,
            token_issuer: details.token_issuer,
            steps: steps.map(|steps| steps.into_iter().map(step).collect()),
            conditional_access,
            related,
            related_total,
        }))
    }

    /// The steps in their order: the record's own, else those of a file of their own.
    async fn steps_shown(
        &self,
        record_id: &[u8],
        details: &SignInDetails,
    ) -> Result<Option<Vec<AuthenticationStep>>, StoreError> {
        let mut steps = details.steps.clone();
        if !has_steps(details) {
            steps = self.steps_of_files(vec![record_id.to_vec()]).await?.remove(record_id).or(steps);
        }
        Ok(steps.map(in_sequence))
    }

    /// The steps that files of their own have of these sign-ins, by record id.
    pub(super) async fn steps_of_files(
        &self,
        sign_ins: Vec<Vec<u8>>,
    ) -> Result<HashMap<Vec<u8>, Vec<AuthenticationStep>>, StoreError> {
        if sign_ins.is_empty() {
            return Ok(HashMap::new());
        }
        let mut conditions = Conditions::default();
        conditions.and("tenant_id = ?", [self.tenant.0.into()]);
        conditions.any_of("record_id", sign_ins);
        let sql = format!("SELECT record_id, digest, step FROM sign_in_steps{}", conditions.sql());
        let rows: Vec<(Vec<u8>, String, String)> = self.db.rows(&sql, conditions.args()).await?;
        let mut by_record: HashMap<Vec<u8>, Vec<(String, String)>> = HashMap::new();
        for (record_id, digest, step) in rows {
            by_record.entry(record_id).or_default().push((digest, step));
        }
        by_record.into_iter().map(|(record_id, rows)| Ok((record_id, steps_in_order(rows)?))).collect()
    }

    async fn related(&self, row: &ItemRow, classes: &Classes) -> Result<(Vec<SignInItem>, i64), StoreError> {
        let Some(attempt) = &row.attempt else { return Ok((Vec::new(), 0)) };
        let places: Vec<PlaceRow> = self
            .db
            .rows(
                &format!(
                    "SELECT at, seq, at AS key_number, CAST(NULL AS TEXT) AS key_text FROM sign_ins \
                     WHERE tenant_id = $1 AND attempt = $2 ORDER BY at, seq LIMIT {}",
                    RELATED + 1
                ),
                args![self.tenant.0, attempt.clone()],
            )
            .await?;
        let others: Vec<PlaceRow> =
            places.into_iter().filter(|place| (place.at, place.seq) != (row.at, row.seq)).collect();
        let (total,): (i64,) = self
            .db
            .row(
                "SELECT COUNT(*) FROM sign_ins WHERE tenant_id = $1 AND attempt = $2",
                args![self.tenant.0, attempt.clone()],
            )
            .await?
            .unwrap_or_default();
        let shown = usize::try_from(RELATED).unwrap_or(usize::MAX).min(others.len());
        Ok((self.sign_ins_at(&others[..shown], classes).await?, total - 1))
    }

    /// What every application is called: its name, else the name that another record has for its id, else the id.
    pub(super) async fn app_names(&self) -> Result<BTreeMap<i64, AppName>, StoreError> {
        let rows: Vec<(i64, Option<String>, Option<String>)> =
            self.db.rows("SELECT app_no, client_id, name FROM apps WHERE tenant_id = $1", args![self.tenant.0]).await?;
        let mut named: BTreeMap<&str, &str> = BTreeMap::new();
        for (_, id, name) in &rows {
            if let (Some(id), Some(name)) = (id, name) {
                let known = named.entry(id).or_insert(name);
                *known = (*known).min(name);
            }
        }
        let called = |id: &Option<String>, name: &Option<String>| {
            let by_id = || id.as_deref().map(|id| named.get(id).copied().unwrap_or(id));
            name.as_deref().or_else(by_id).unwrap_or_default().to_owned()
        };
        Ok(rows.iter().map(|(no, id, name)| (*no, AppName { name: called(id, name), id: id.clone() })).collect())
    }

    /// The applications that these names or ids mean.
    pub(super) async fn app_numbers(&self, names: &[String]) -> Result<Vec<i64>, StoreError> {
        let asked: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let apps = self.app_names().await?.into_iter().filter(|(_, app)| {
            asked.contains(&fold(&app.name)) || app.id.as_ref().is_some_and(|id| asked.contains(&fold(id)))
        });
        Ok(apps.map(|(no, _)| no).collect())
    }

    /// Everywhere that these addresses were seen.
    pub(super) async fn places_of(&self, addresses: &[String]) -> Result<Vec<i64>, StoreError> {
        let mut places = Vec::new();
        for ip in addresses {
            let rows: Vec<(i64,)> = self
                .db
                .rows("SELECT place_id FROM places WHERE tenant_id = $1 AND ip = $2", args![self.tenant.0, ip.clone()])
                .await?;
            places.extend(rows.into_iter().map(|(n,)| n));
        }
        Ok(places)
    }

    /// The sets in which a policy of these names or ids applied.
    pub(super) async fn policy_sets_of(&self, names: &[String]) -> Result<Vec<i64>, StoreError> {
        let asked: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let rows: Vec<(i64, String)> = self
            .db
            .rows("SELECT policy_set_id, policies FROM policy_sets WHERE tenant_id = $1", args![self.tenant.0])
            .await?;
        let mut sets = Vec::new();
        for (id, json) in rows {
            let is_named = |policy: &AppliedPolicy| {
                [&policy.id, &policy.name].into_iter().flatten().any(|name| asked.contains(&fold(name)))
            };
            if policies_of(&json)?.iter().any(|policy| has_applied(policy) && is_named(policy)) {
                sets.push(id);
            }
        }
        Ok(sets)
    }

    /// Outward ids and names of users.
    pub(super) async fn names_of_users(
        &self,
        users: &[i64],
    ) -> Result<BTreeMap<i64, (String, Option<String>, Option<String>)>, StoreError> {
        if users.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut conditions = Conditions::default();
        conditions.and("tenant_id = ? AND valid_to = 253402207200000", [self.tenant.0.into()]);
        conditions.any_of("user_id", users.iter().copied());
        let sql = format!("SELECT user_id, id, display_name, user_name FROM user_states{}", conditions.sql());
        let rows: Vec<(i64, String, Option<String>, Option<String>)> = self.db.rows(&sql, conditions.args()).await?;
        Ok(rows.into_iter().map(|(user, id, display, name)| (user, (id, display, name))).collect())
    }
}

/// What an application is called, and its id.
pub(super) struct AppName {
    pub name: String,
    pub id: Option<String>,
}

/// Steps in their order: by their sequence where all have one, else as they stand.
pub(super) fn in_sequence(mut steps: Vec<AuthenticationStep>) -> Vec<AuthenticationStep> {
    if steps.iter().all(|step| step.sequence.is_some()) {
        steps.sort_by_key(|step| step.sequence);
    }
    steps
}

/// Whether the record itself has steps; one that has none may have them in a file of their own.
pub(super) fn has_steps(details: &SignInDetails) -> bool {
    details.steps.as_ref().is_some_and(|steps| !steps.is_empty())
}

pub(super) fn class_of(classes: &Classes, class_id: i64) -> Result<SignInClass, StoreError> {
    let missing = || StoreError::Inconsistent { table: "sign_ins", what: format!("class {class_id}") };
    classes.get(&class_id).copied().ok_or_else(missing)
}

/// The policies that had a say.
fn names_of_applied(policies: &[AppliedPolicy]) -> Vec<String> {
    policies
        .iter()
        .filter(|policy| has_applied(policy))
        .filter_map(|policy| policy.name.clone().or(policy.id.clone()))
        .collect()
}

/// Whether a policy had a say in the sign-in, be it only in a report.
fn has_applied(policy: &AppliedPolicy) -> bool {
    policy.result.as_deref().is_none_or(|result| {
        !["notApplied", "notEnabled", "reportOnlyNotApplied"].iter().any(|word| word.eq_ignore_ascii_case(result))
    })
}
