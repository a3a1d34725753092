//! What many sign-ins share gets a number: applications, places, policies, the names of users, classes.

use std::collections::{BTreeMap, HashMap};

use domain::fold::{fold, sort_key};
use domain::sign_in::{AppRef, AppliedPolicy, Place};
use sea_query::Value;

use super::Batch;
use super::subjects::name_key;
use crate::StoreError;
use crate::db::args;
use crate::packed::key_of;
use crate::sign_in_class::{ClassRow, SignInClass};

/// A table of things with a number each, found by the key of what they are.
struct Dictionary {
    table: &'static str,
    number: &'static str,
    /// What stands beside tenant, number and key.
    columns: &'static str,
}

const APPS: Dictionary = Dictionary { table: "apps", number: "app_no", columns: "client_id, name, name_folded" };
const PLACES: Dictionary = Dictionary { table: "places", number: "place_id", columns: "ip, city, state, country" };
const POLICY_SETS: Dictionary = Dictionary { table: "policy_sets", number: "policy_set_id", columns: "policies" };
const LABELS: Dictionary = Dictionary {
    table: "user_labels",
    number: "label_id",
    columns: "subject_id, user_name, display_name, user_name_folded, display_name_folded, display_name_key, \
              name_key",
};

/// Numbers by key.
pub(super) type Numbers = HashMap<i64, i64>;

/// Things of a batch that are to have numbers.
#[derive(Default)]
pub(super) struct Wanted(BTreeMap<i64, Vec<Value>>);

impl Wanted {
    pub fn app(&mut self, app: &AppRef) -> Option<i64> {
        let AppRef { id, name } = app;
        if id.is_none() && name.is_none() {
            return None;
        }
        let key = key_of(&[id.as_deref(), name.as_deref()]);
        let folded = || fold(name.as_deref().or(id.as_deref()).unwrap_or_default());
        self.0.entry(key).or_insert_with(|| args![id.clone(), name.clone(), folded()]);
        Some(key)
    }

    pub fn place(&mut self, place: &Place) -> Option<i64> {
        let Place { ip, city, state, country } = place;
        if *place == Place::default() {
            return None;
        }
        let key = key_of(&[ip.as_deref(), city.as_deref(), state.as_deref(), country.as_deref()]);
        self.0.entry(key).or_insert_with(|| args![ip.clone(), city.clone(), state.clone(), country.clone()]);
        Some(key)
    }

    pub fn policies(&mut self, policies: Option<&[AppliedPolicy]>) -> Option<i64> {
        let json = serde_json::to_string(policies?).unwrap_or_default();
        let key = key_of(&[Some(&json)]);
        self.0.entry(key).or_insert_with(|| args![json]);
        Some(key)
    }
}

impl Batch<'_> {
    pub(super) async fn apps(&mut self, wanted: Wanted) -> Result<Numbers, StoreError> {
        self.numbers(&APPS, wanted).await
    }

    pub(super) async fn places(&mut self, wanted: Wanted) -> Result<Numbers, StoreError> {
        self.numbers(&PLACES, wanted).await
    }

    pub(super) async fn policy_sets(&mut self, wanted: Wanted) -> Result<Numbers, StoreError> {
        self.numbers(&POLICY_SETS, wanted).await
    }

    pub(super) async fn labels(&mut self, wanted: Wanted) -> Result<Numbers, StoreError> {
        self.numbers(&LABELS, wanted).await
    }

    /// Notes how a record names a subject.
    pub(super) fn want_label(
        &self,
        wanted: &mut Wanted,
        subject_id: i64,
        user_name: Option<&str>,
        display_name: Option<&str>,
    ) -> i64 {
        let key = key_of(&[Some(&subject_id.to_string()), user_name, display_name]);
        let language = self.options.language;
        wanted.0.entry(key).or_insert_with(|| {
            let (user, display) = (user_name.unwrap_or_default(), display_name.unwrap_or_default());
            args![
                subject_id,
                user_name,
                display_name,
                fold(user),
                fold(display),
                sort_key(display, language),
                name_key(user)
            ]
        });
        key
    }

    async fn numbers(&mut self, dictionary: &Dictionary, wanted: Wanted) -> Result<Numbers, StoreError> {
        let Dictionary { table, number, columns } = dictionary;
        let keys: Vec<Value> = wanted.0.keys().map(|key| (*key).into()).collect();
        let sql = format!("SELECT key, {number} FROM {table} WHERE tenant_id = $1 AND key IN");
        let known: Vec<(i64, i64)> = self.conn.rows_in(&sql, &[self.tenant], &keys).await?;
        let mut numbers: Numbers = known.into_iter().collect();
        let mut missing = wanted.0.into_iter().filter(|(key, _)| !numbers.contains_key(key)).peekable();
        if missing.peek().is_none() {
            return Ok(numbers);
        }
        let sql = format!("SELECT COALESCE(MAX({number}), 0) + 1 FROM {table} WHERE tenant_id = $1");
        let (first,): (i64,) = self.conn.row(&sql, args![self.tenant]).await?.unwrap_or((1,));
        let tenant = self.tenant;
        let mut width = 0;
        let mut made = Vec::new();
        let rows: Vec<Vec<Value>> = missing
            .zip(first..)
            .map(|((key, values), number)| {
                made.push((key, number));
                let mut row = args![tenant, number, key];
                row.extend(values);
                width = row.len();
                row
            })
            .collect();
        numbers.extend(made);
        let head = format!("INSERT INTO {table} (tenant_id, {number}, key, {columns})");
        self.conn.insert(&head, width, rows, "").await?;
        Ok(numbers)
    }

    /// Every class there is, by number.
    pub(super) async fn classes(&mut self) -> Result<Classes, StoreError> {
        let rows: Vec<(i64, i64, i64, i64)> = self
            .conn
            .rows(
                "SELECT class_id, facts, traits, error_code FROM sign_in_classes WHERE tenant_id = $1",
                args![self.tenant],
            )
            .await?;
        let mut classes = Classes::default();
        for (class_id, facts, traits, error_code) in rows {
            let row = (facts, traits, error_code);
            classes.ids.insert(row, class_id);
            classes.by_id.insert(class_id, SignInClass::from_row(row)?);
        }
        Ok(classes)
    }

    /// Stores the classes that the batch made.
    pub(super) async fn store_classes(&mut self, classes: &Classes) -> Result<(), StoreError> {
        let tenant = self.tenant;
        let rows = classes
            .made
            .iter()
            .map(|(class_id, (facts, traits, error_code))| args![tenant, *class_id, *facts, *traits, *error_code]);
        self.conn
            .insert(
                "INSERT INTO sign_in_classes (tenant_id, class_id, facts, traits, error_code)",
                5,
                rows.collect::<Vec<_>>(),
                "",
            )
            .await
    }
}

/// The classes of sign-ins and their numbers.
#[derive(Default)]
pub(super) struct Classes {
    by_id: HashMap<i64, SignInClass>,
    ids: HashMap<ClassRow, i64>,
    made: Vec<(i64, ClassRow)>,
}

impl Classes {
    pub fn get(&self, class_id: i64) -> Result<SignInClass, StoreError> {
        self.by_id
            .get(&class_id)
            .copied()
            .ok_or_else(|| StoreError::Inconsistent { table: "sign_ins", what: format!("class {class_id}") })
    }

    /// The class's number, a new one if need be.
    pub fn number(&mut self, class: SignInClass) -> i64 {
        let row = class.row();
        if let Some(class_id) = self.ids.get(&row) {
            return *class_id;
        }
        let class_id = self.by_id.keys().max().copied().unwrap_or(0) + 1;
        self.ids.insert(row, class_id);
        self.by_id.insert(class_id, class);
        self.made.push((class_id, row));
        class_id
    }
}
