//! Records of people who were erased, when they come again: what happened counts, nameless; what they were is not kept.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::spelled;
use domain::record::{Record, Rejection, UserRef};
use domain::sign_in::{Place, SignInDetails};
use hmac::{Hmac, Mac as _};
use sea_query::Value;
use sha2::Sha256;

use super::scrub::{Called, ERASED, words};
use crate::StoreError;
use crate::db::{Conn, args};
use crate::importing::{Batch, name_key, object_key};

/// The outward id of what is left of somebody.
pub(crate) fn erased_id(user_id: i64) -> String {
    format!("{ERASED}:{user_id}")
}

/// By what ids and names are known again.
pub(super) struct Marker(Hmac<Sha256>);

impl Marker {
    pub fn new(key: &str) -> Result<Self, StoreError> {
        let broken = |what: String| StoreError::Inconsistent { table: "erasure_keys", what };
        let key = hex::decode(key).map_err(|error| broken(error.to_string()))?;
        Hmac::new_from_slice(&key).map(Self).map_err(|error| broken(error.to_string()))
    }

    /// The key of a tenant in which somebody was erased.
    pub async fn of(conn: &mut Conn, tenant: i64) -> Result<Option<Self>, StoreError> {
        const SQL: &str = "SELECT key FROM erasure_keys WHERE tenant_id = $1";
        conn.row::<(String,)>(SQL, args![tenant]).await?.map(|(key,)| Self::new(&key)).transpose()
    }

    pub fn id(&self, id: &str) -> String {
        self.mark(&format!("id:{}", object_key(id)))
    }

    pub fn name(&self, name: &str) -> String {
        self.mark(&format!("name:{}", name_key(name)))
    }

    fn mark(&self, text: &str) -> String {
        let mut mac = self.0.clone();
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// Whom a record may mean: by the id, if it has one, else by the name.
    fn of_user(&self, user: &UserRef) -> Option<String> {
        match (&user.object_id, &user.user_name) {
            (Some(id), _) => Some(self.id(id)),
            (None, Some(name)) => Some(self.name(name)),
            (None, None) => None,
        }
    }
}

impl Batch<'_> {
    /// Takes those who were erased out of records. Answers how many records said only what they were, which is not kept.
    pub(crate) async fn without_the_erased(&mut self, records: &mut Vec<Record>) -> Result<i64, StoreError> {
        let Some(marker) = Marker::of(self.conn, self.tenant).await? else { return Ok(0) };
        let mut marks = BTreeSet::new();
        for record in records.iter() {
            marks.extend(user_of(record).and_then(|user| marker.of_user(user)));
            if let Record::Audit(audit) = record {
                for word in words(&audit.body) {
                    marks.extend([marker.id(word), marker.name(word)]);
                }
            }
        }
        let erased = self.erased_among(marks).await?;
        if erased.is_empty() {
            return Ok(0);
        }
        let before = records.len();
        records.retain(|record| {
            let user = user_of(record).filter(|_| matches!(record, Record::User(_)));
            user.and_then(|user| marker.of_user(user)).is_none_or(|mark| !erased.contains_key(&mark))
        });
        let dropped = before - records.len();
        for record in records.iter_mut() {
            let user_id = user_of(record).and_then(|user| erased.get(&marker.of_user(user)?)).copied();
            if let Some(user_id) = user_id {
                make_nameless(record, user_id);
            }
            if let Record::Audit(audit) = record {
                let mut others: BTreeMap<i64, Called> = BTreeMap::new();
                for word in words(&audit.body) {
                    let user_id = erased.get(&marker.id(word)).or_else(|| erased.get(&marker.name(word)));
                    if let Some(user_id) = user_id {
                        others.entry(*user_id).or_default().id(Some(word));
                    }
                }
                for (user_id, mut called) in others {
                    names_beside(&audit.body, &mut called);
                    let left = erased_id(user_id);
                    audit.body = called.scrub_json(&audit.body, &left).unwrap_or_else(|| audit.body.clone());
                    audit.reason = audit.reason.take().map(|reason| called.scrub(&reason, &left).unwrap_or(reason));
                }
            }
        }
        Ok(i64::try_from(dropped).unwrap_or(i64::MAX))
    }

    async fn erased_among(&mut self, marks: BTreeSet<String>) -> Result<BTreeMap<String, i64>, StoreError> {
        erased_among(self.conn, self.tenant, marks).await
    }
}

/// What could not be read is not shown where it names somebody who was erased.
pub(crate) async fn without_the_erased_in(
    conn: &mut Conn,
    tenant: i64,
    rejected: &mut [Rejection],
) -> Result<(), StoreError> {
    let Some(marker) = Marker::of(conn, tenant).await? else { return Ok(()) };
    for rejection in rejected {
        let words: Vec<&str> = words(&rejection.excerpt).chain(words(&rejection.reason)).collect();
        let marks = words.iter().flat_map(|word| [marker.id(word), marker.name(word)]).collect();
        if !erased_among(conn, tenant, marks).await?.is_empty() {
            rejection.excerpt = ERASED.to_owned();
            rejection.reason = ERASED.to_owned();
        }
    }
    Ok(())
}

/// A file's name, unless it names somebody who was erased.
pub(crate) async fn file_without_the_erased(
    conn: &mut Conn,
    tenant: i64,
    file_name: String,
) -> Result<String, StoreError> {
    let mut rejection = [Rejection { line: None, byte: None, reason: String::new(), excerpt: file_name }];
    without_the_erased_in(conn, tenant, &mut rejection).await?;
    let [Rejection { excerpt, .. }] = rejection;
    Ok(excerpt)
}

/// Addresses of pages without those who were erased: an address that names one says so, and nothing else.
pub(crate) async fn targets_without_the_erased(
    conn: &mut Conn,
    tenant: i64,
    targets: &mut [String],
) -> Result<(), StoreError> {
    let Some(marker) = Marker::of(conn, tenant).await? else { return Ok(()) };
    let marks_of = |target: &String| -> BTreeSet<String> {
        words(&spelled(target)).flat_map(|word| [marker.id(word), marker.name(word)]).collect()
    };
    let marks: Vec<BTreeSet<String>> = targets.iter().map(marks_of).collect();
    let erased = erased_among(conn, tenant, marks.iter().flatten().cloned().collect()).await?;
    for (target, marks) in targets.iter_mut().zip(marks) {
        if marks.iter().any(|mark| erased.contains_key(mark)) {
            *target = ERASED.to_owned();
        }
    }
    Ok(())
}

async fn erased_among(
    conn: &mut Conn,
    tenant: i64,
    marks: BTreeSet<String>,
) -> Result<BTreeMap<String, i64>, StoreError> {
    const SQL: &str = "SELECT mark, user_id FROM erasure_marks WHERE tenant_id = $1 AND mark IN";
    let marks: Vec<Value> = marks.into_iter().map(Into::into).collect();
    Ok(conn.rows_in::<(String, i64)>(SQL, &[tenant], &marks).await?.into_iter().collect())
}

/// Display names that stand in a JSON object beside an id or a user name.
fn names_beside(body: &str, called: &mut Called) {
    fn walk(json: &serde_json::Value, called: &mut Called) {
        match json {
            serde_json::Value::Object(fields) => {
                let is_theirs = fields
                    .values()
                    .filter_map(|value| value.as_str())
                    .any(|text| called.ids.contains(&text.trim().to_lowercase()));
                if is_theirs {
                    let names = fields.iter().filter(|(name, _)| name.to_lowercase().ends_with("displayname"));
                    for (_, name) in names {
                        called.name(name.as_str());
                    }
                }
                for value in fields.values() {
                    walk(value, called);
                }
            }
            serde_json::Value::Array(items) => items.iter().for_each(|item| walk(item, called)),
            _ => {}
        }
    }
    if let Ok(json) = serde_json::from_str(body) {
        walk(&json, called);
    }
}

fn make_nameless(record: &mut Record, user_id: i64) {
    let nobody = UserRef { object_id: Some(erased_id(user_id)), user_name: None, display_name: None };
    let mut called = Called::default();
    if let Some(user) = user_of(record) {
        called.id(user.object_id.as_deref());
        called.id(user.user_name.as_deref());
        called.name(user.display_name.as_deref());
    }
    let left = erased_id(user_id);
    match record {
        Record::User(user) => user.user = nobody,
        Record::Event(event) => event.user = nobody,
        Record::Audit(audit) => {
            audit.body = called.scrub_json(&audit.body, &left).unwrap_or_else(|| audit.body.clone());
            audit.reason = audit.reason.take().map(|reason| called.scrub(&reason, &left).unwrap_or(reason));
            audit.user = nobody;
        }
        Record::SignIn(sign_in) => {
            sign_in.user = nobody;
            sign_in.place = Place::default();
            bare(&mut sign_in.details);
        }
        Record::Activity(activity) => {
            activity.user = nobody;
            (activity.phone, activity.ip) = (None, None);
        }
        Record::Action(action) => {
            action.action.user = nobody;
            action.action.reason = None;
            action.action.completion_reason = None;
        }
        Record::SignInSteps(_) | Record::Server(_) => {}
    }
}

/// What a sign-in says of its person and their device goes; how it went stays.
pub(super) fn bare(details: &mut SignInDetails) {
    (details.mfa_detail, details.device) = (None, None);
    for step in details.steps.iter_mut().flatten() {
        step.detail = None;
    }
}

fn user_of(record: &Record) -> Option<&UserRef> {
    super::beaten::user_of(record)
}
