//! Sign-ins: each is classified again from its details, and from the rest of its attempt.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::answer::Answer;
use domain::instant::Instant;
use domain::sign_in::{
    AuthenticationStep, Component, ConditionalAccessResult, Facts, MfaResult, SignInDetails, classify,
};
use sea_query::Value;

use super::findings::{Place, Span};
use super::sign_in_counts::Figures;
use super::{Difference, Recount};
use crate::StoreError;
use crate::db::args;
use crate::importing::{NO_APP, steps_in_order};
use crate::packed::{Unpacker, unpack_id};
use crate::sign_in_class::{ClassRow, SignInClass};

/// Sign-ins read at a time.
const PAGE: i64 = 4000;

/// A row, and what it points at where that is there.
#[derive(sqlx::FromRow)]
struct Row {
    at: i64,
    seq: i64,
    record_id: Vec<u8>,
    class_id: i64,
    user_id: Option<i64>,
    label_id: Option<i64>,
    app_no: Option<i64>,
    place_id: Option<i64>,
    policy_set_id: Option<i64>,
    attempt: Option<Vec<u8>>,
    is_unmet: i64,
    details: Vec<u8>,
    known_label: Option<i64>,
    known_user: Option<i64>,
    known_app: Option<i64>,
    known_place: Option<i64>,
    known_policy_set: Option<i64>,
}

const ROWS: &str = "SELECT s.at, s.seq, s.record_id, s.class_id, s.user_id, s.label_id, s.app_no, s.place_id, \
    s.policy_set_id, s.attempt, s.is_unmet, s.details, l.label_id AS known_label, \
    COALESCE(u.merged_into, u.user_id) AS known_user, a.app_no AS known_app, p.place_id AS known_place, \
    c.policy_set_id AS known_policy_set FROM sign_ins s \
    LEFT JOIN user_labels l ON l.tenant_id = s.tenant_id AND l.label_id = s.label_id \
    LEFT JOIN users u ON u.tenant_id = l.tenant_id AND u.user_id = l.subject_id \
    LEFT JOIN apps a ON a.tenant_id = s.tenant_id AND a.app_no = s.app_no \
    LEFT JOIN places p ON p.tenant_id = s.tenant_id AND p.place_id = s.place_id \
    LEFT JOIN policy_sets c ON c.tenant_id = s.tenant_id AND c.policy_set_id = s.policy_set_id \
    WHERE s.tenant_id = $1 AND s.at >= $2 AND s.at < $3 AND (s.at, s.seq) > ($4, $5) ORDER BY s.at, s.seq LIMIT $6";

/// The columns of a row that follow from others.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Derived {
    /// `None`: a class that there is not.
    class: Option<SignInClass>,
    user_id: Option<i64>,
    label_id: Option<i64>,
    app_no: Option<i64>,
    place_id: Option<i64>,
    policy_set_id: Option<i64>,
    is_unmet: i64,
}

/// The classes there are, also those that cannot be read.
#[derive(Default)]
pub(super) struct Classes {
    pub by_id: BTreeMap<i64, Option<SignInClass>>,
    ids: HashMap<ClassRow, i64>,
    last: i64,
}

/// What details say; `None`: they cannot be read.
type Read = Option<(SignInDetails, Facts)>;

/// Attempt, record id, class, details.
type AttemptRow = (Vec<u8>, Vec<u8>, i64, Vec<u8>);

type Steps = HashMap<Vec<u8>, Vec<AuthenticationStep>>;

impl Recount<'_> {
    /// The next day with sign-ins, or with figures of some.
    pub(super) async fn next_sign_in_day(&mut self, cursor: i64) -> Result<Option<Span>, StoreError> {
        let range = || args![self.tenant.0, cursor, Instant::MAX.millis()];
        let mut wanted = vec!["SELECT MIN(at) FROM sign_ins WHERE tenant_id = $1 AND at >= $2 AND at < $3".to_owned()];
        let bucket = "bucket_at >= $2 AND bucket_at < $3";
        for tier in 0..3 {
            wanted.push(format!(
                "SELECT MIN(bucket_at) FROM sign_in_counts WHERE tenant_id = $1 AND tier = {tier} AND {bucket}"
            ));
            for measure in 0..3 {
                wanted.push(format!(
                    "SELECT MIN(bucket_at) FROM sign_in_users \
                     WHERE tenant_id = $1 AND measure = {measure} AND tier = {tier} AND {bucket}"
                ));
            }
        }
        let mut next = None;
        for sql in wanted {
            let (at,): (Option<i64>,) = self.conn.row(&sql, range()).await?.unwrap_or_default();
            next = [next, at].into_iter().flatten().min();
        }
        Ok(next.map(Span::day_of))
    }

    pub(super) async fn sign_ins(&mut self, span: Span) -> Result<(), StoreError> {
        let mut classes = self.known_classes().await?;
        let mut figures = Figures::default();
        let mut after = (span.from, i64::MIN);
        loop {
            let args = args![self.tenant.0, span.from, span.to, after.0, after.1, PAGE];
            let rows: Vec<Row> = self.conn.rows(ROWS, args).await?;
            let Some(last) = rows.last() else { break };
            after = (last.at, last.seq);
            self.page(rows, &mut classes, &mut figures).await?;
        }
        self.compare_figures(span, figures, &mut classes).await
    }

    async fn page(&mut self, rows: Vec<Row>, classes: &mut Classes, figures: &mut Figures) -> Result<(), StoreError> {
        let steps = self.extra_steps(rows.iter().map(|row| &row.record_id)).await?;
        let read = read_details(rows.iter().map(|row| (&row.record_id, &row.details)), &steps)?;
        let unmet = rows.iter().zip(&read).filter(|(_, read)| read.as_ref().is_some_and(|(_, facts)| facts.is_unmet()));
        let attempts: BTreeSet<Vec<u8>> = unmet.filter_map(|(row, _)| row.attempt.clone()).collect();
        let met = self.attempts_met(attempts, classes).await?;
        for (row, read) in rows.into_iter().zip(read) {
            let stored = row.derived(classes);
            let expected = row.expected(&stored, read.as_ref(), &met);
            let name = || format!("at {}, id {}", Instant::from_millis(row.at), unpack_id(&row.record_id));
            if read.is_none() {
                let stored = Some("details that cannot be read".to_owned());
                self.found_for_good(Difference { table: "sign_ins", key: name(), stored, recounted: None });
            }
            if stored != expected {
                let (before, after) = (stored.beside(&expected), expected.beside(&stored));
                let (stored, recounted) = (Some(before), Some(after));
                self.found(Difference { table: "sign_ins", key: name(), stored, recounted });
                if self.is_repairing {
                    self.write_sign_in(&row, &expected, classes).await?;
                }
            }
            if let Some(class) = expected.class {
                figures.add(row.at, expected.app_no.unwrap_or(NO_APP), &class, expected.user_id);
            }
        }
        Ok(())
    }

    async fn known_classes(&mut self) -> Result<Classes, StoreError> {
        let sql = "SELECT class_id, facts, traits, error_code FROM sign_in_classes WHERE tenant_id = $1";
        let rows: Vec<(i64, i64, i64, i64)> = self.conn.rows(sql, args![self.tenant.0]).await?;
        let mut classes = Classes::default();
        for (class_id, facts, traits, error_code) in rows {
            let row = (facts, traits, error_code);
            let class = SignInClass::from_row(row).ok();
            if class.is_some() {
                classes.ids.insert(row, class_id);
            }
            classes.by_id.insert(class_id, class);
            classes.last = classes.last.max(class_id);
        }
        Ok(classes)
    }

    /// Classes that cannot be read; sign-ins of such a one get another.
    pub(super) async fn classes(&mut self) -> Result<(), StoreError> {
        let classes = self.known_classes().await?;
        for class_id in classes.by_id.iter().filter(|(_, class)| class.is_none()).map(|(id, _)| *id) {
            let stored = Some("a class that cannot be read".to_owned());
            let key = format!("class_id {class_id}");
            self.found(Difference { table: "sign_in_classes", key, stored, recounted: None });
            if self.is_repairing {
                let sql = "DELETE FROM sign_in_classes WHERE tenant_id = $1 AND class_id = $2";
                self.conn.run(sql, args![self.tenant.0, class_id]).await?;
            }
        }
        Ok(())
    }

    /// The class's number; one that is new is stored.
    pub(super) async fn number_of(&mut self, class: &SignInClass, classes: &mut Classes) -> Result<i64, StoreError> {
        let row = class.row();
        if let Some(class_id) = classes.ids.get(&row) {
            return Ok(*class_id);
        }
        classes.last += 1;
        classes.ids.insert(row, classes.last);
        classes.by_id.insert(classes.last, Some(*class));
        let sql =
            "INSERT INTO sign_in_classes (tenant_id, class_id, facts, traits, error_code) VALUES ($1, $2, $3, $4, $5)";
        self.conn.run(sql, args![self.tenant.0, classes.last, row.0, row.1, row.2]).await?;
        Ok(classes.last)
    }

    /// Steps that came in files of their own.
    async fn extra_steps(&mut self, ids: impl Iterator<Item = &Vec<u8>>) -> Result<Steps, StoreError> {
        const ANY: &str = "SELECT import_id FROM sign_in_steps WHERE tenant_id = $1 LIMIT 1";
        let mut steps = Steps::new();
        if self.conn.row::<(i64,)>(ANY, args![self.tenant.0]).await?.is_none() {
            return Ok(steps);
        }
        let keys: BTreeSet<&Vec<u8>> = ids.collect();
        let keys: Vec<Value> = keys.into_iter().map(|id| id.clone().into()).collect();
        let sql = "SELECT record_id, digest, step FROM sign_in_steps WHERE tenant_id = $1 AND record_id IN";
        let rows: Vec<(Vec<u8>, String, String)> = self.conn.rows_in(sql, &[self.tenant.0], &keys).await?;
        let mut found: BTreeMap<Vec<u8>, Vec<(String, String)>> = BTreeMap::new();
        for (id, digest, json) in rows {
            found.entry(id).or_default().push((digest, json));
        }
        for (id, of_one) in found {
            match steps_in_order(of_one) {
                Ok(of_one) => _ = steps.insert(id, of_one),
                Err(error) => {
                    let (key, stored) = (format!("id {}", unpack_id(&id)), Some(error.to_string()));
                    self.found_for_good(Difference { table: "sign_in_steps", key, stored, recounted: None });
                }
            }
        }
        Ok(steps)
    }

    /// Which of these attempts have a sign-in whose second factor was satisfied.
    async fn attempts_met(
        &mut self,
        attempts: BTreeSet<Vec<u8>>,
        classes: &Classes,
    ) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        let keys: Vec<Value> = attempts.into_iter().map(Into::into).collect();
        let sql = format!(
            "SELECT attempt, record_id, class_id, details FROM sign_ins {} WHERE tenant_id = $1 AND attempt IN",
            self.conn.by_index("sign_ins_attempt_idx")
        );
        let mut met = BTreeSet::new();
        for keys in keys.chunks(500) {
            let rows: Vec<AttemptRow> = self.conn.rows_in(&sql, &[self.tenant.0], keys).await?;
            let steps = self.extra_steps(rows.iter().map(|(_, id, ..)| id)).await?;
            let read = read_details(rows.iter().map(|(_, id, _, details)| (id, details)), &steps)?;
            for ((attempt, _, class_id, _), read) in rows.into_iter().zip(read) {
                let facts = read.map(|(_, facts)| facts);
                let stored = || classes.by_id.get(&class_id).copied().flatten().map(|class| class.facts);
                if facts.or_else(stored).is_some_and(|facts| facts.result == MfaResult::Satisfied) {
                    met.insert(attempt);
                }
            }
        }
        Ok(met)
    }

    async fn write_sign_in(&mut self, row: &Row, expected: &Derived, classes: &mut Classes) -> Result<(), StoreError> {
        debug_assert!(matches!(self.place, Place::SignIns(_)));
        let class_id = match &expected.class {
            Some(class) => self.number_of(class, classes).await?,
            None => row.class_id,
        };
        let sql = "UPDATE sign_ins SET class_id = $4, user_id = $5, label_id = $6, app_no = $7, place_id = $8, \
            policy_set_id = $9, is_unmet = $10 WHERE tenant_id = $1 AND at = $2 AND seq = $3";
        let values = args![
            self.tenant.0,
            row.at,
            row.seq,
            class_id,
            expected.user_id,
            expected.label_id,
            expected.app_no,
            expected.place_id,
            expected.policy_set_id,
            expected.is_unmet,
        ];
        self.conn.run(sql, values).await?;
        Ok(())
    }
}

fn read_details<'a>(
    rows: impl Iterator<Item = (&'a Vec<u8>, &'a Vec<u8>)>,
    steps: &Steps,
) -> Result<Vec<Read>, StoreError> {
    let mut unpacker = Unpacker::new()?;
    let read = rows.map(|(id, packed)| {
        let details = unpacker.unpack(packed).ok()?;
        let own = details.steps.as_deref().filter(|own| !own.is_empty());
        let facts = classify(&details, own.or(steps.get(id).map(Vec::as_slice)).unwrap_or_default());
        Some((details, facts))
    });
    Ok(read.collect())
}

impl Row {
    fn derived(&self, classes: &Classes) -> Derived {
        Derived {
            class: classes.by_id.get(&self.class_id).copied().flatten(),
            user_id: self.user_id,
            label_id: self.label_id,
            app_no: self.app_no,
            place_id: self.place_id,
            policy_set_id: self.policy_set_id,
            is_unmet: self.is_unmet,
        }
    }

    /// What stands in no details is kept as it is, and is unknown where it is lost.
    fn expected(&self, stored: &Derived, read: Option<&(SignInDetails, Facts)>, met: &BTreeSet<Vec<u8>>) -> Derived {
        let mut expected = Derived {
            user_id: if self.known_label.is_some() {
                self.known_user
            } else {
                self.user_id.filter(|_| self.label_id.is_some())
            },
            label_id: self.known_label,
            app_no: self.known_app,
            place_id: self.known_place,
            policy_set_id: self.known_policy_set,
            ..stored.clone()
        };
        if let Some((details, facts)) = read {
            let is_met = self.attempt.as_ref().is_some_and(|attempt| met.contains(attempt));
            expected.class = Some(SignInClass {
                facts: *facts,
                interactive: stored.class.map_or(Answer::Unknown, |class| class.interactive),
                component: stored.class.map_or(Component::None, |class| class.component),
                conditional_access: stored.class.map_or(ConditionalAccessResult::Unknown, |c| c.conditional_access),
                is_unable: facts.is_unmet() && !is_met,
                error_code: details.error_code,
            });
            expected.is_unmet = i64::from(facts.is_unmet());
        }
        expected
    }
}

impl Derived {
    /// What is other than there.
    fn beside(&self, other: &Self) -> String {
        let mut parts = Vec::new();
        match (&self.class, &other.class) {
            (mine, theirs) if mine == theirs => {}
            (None, _) => parts.push("a class that there is not".to_owned()),
            (Some(mine), theirs) => {
                if theirs.is_none_or(|theirs| theirs.facts != mine.facts) {
                    parts.push(format!("{:?}", mine.facts));
                }
                if theirs.is_none_or(|theirs| theirs.is_unable != mine.is_unable) {
                    parts.push(format!("is_unable {}", mine.is_unable));
                }
                if theirs.is_none_or(|theirs| theirs.error_code != mine.error_code) {
                    parts.push(format!("error_code {:?}", mine.error_code));
                }
            }
        }
        let number = |n: Option<i64>| n.map_or("nothing".to_owned(), |n| n.to_string());
        for (name, mine, theirs) in [
            ("user_id", self.user_id, other.user_id),
            ("label_id", self.label_id, other.label_id),
            ("app_no", self.app_no, other.app_no),
            ("place_id", self.place_id, other.place_id),
            ("policy_set_id", self.policy_set_id, other.policy_set_id),
            ("is_unmet", Some(self.is_unmet), Some(other.is_unmet)),
        ] {
            if mine != theirs {
                parts.push(format!("{name} {}", number(mine)));
            }
        }
        parts.join(", ")
    }
}
