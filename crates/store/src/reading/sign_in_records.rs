//! Sign-ins as they were read, for whoever wants the records themselves.

use std::collections::HashMap;

use domain::answer::Answer;
use domain::instant::Instant;
use domain::page::Page;
use domain::query::SignInsQuery;
use domain::record::UserRef;
use domain::sign_in::{AppliedPolicy, ConditionalAccessResult, Place, SignInRecord};

use super::Reader;
use super::classes::Classes;
use super::list::Total;
use super::shared::SharedIds;
use super::sign_in_items::{class_of, has_steps, in_sequence};
use super::sign_ins::among;
use crate::StoreError;
use crate::db::args;
use crate::packed::{Unpacker, digest_of_key, pack_id, unpack_id};

#[derive(Debug, Clone, sqlx::FromRow)]
struct RecordRow {
    at: i64,
    seq: i64,
    record_id: Vec<u8>,
    class_id: i64,
    attempt: Option<Vec<u8>>,
    log_at: Option<i64>,
    digest: i64,
    details: Vec<u8>,
    user_id: Option<String>,
    user_name: Option<String>,
    display_name: Option<String>,
    #[sqlx(flatten)]
    shared: SharedIds,
}

const SELECT: &str = "SELECT s.at, s.seq, s.record_id, s.class_id, s.attempt, s.log_at, s.digest, s.details, \
    COALESCE(u.object_id, u.name_key) AS user_id, l.user_name, l.display_name, s.app_no, s.place_id, s.policy_set_id \
    FROM sign_ins s \
    LEFT JOIN users u ON u.tenant_id = s.tenant_id AND u.user_id = s.user_id \
    LEFT JOIN user_labels l ON l.tenant_id = s.tenant_id AND l.label_id = s.label_id \
    WHERE s.tenant_id = $1";

impl Reader {
    pub(super) async fn read_sign_in_records(
        &self,
        query: &SignInsQuery,
        counted: Option<Total>,
    ) -> Result<Page<SignInRecord>, StoreError> {
        self.permit(query)?;
        let classes = self.classes().await?;
        let Page { total, total_is_exact, items: places, first, next, previous } =
            self.page_of_places(query, &classes, counted).await?;
        let mut items = Vec::new();
        if !places.is_empty() {
            let (among, args) = among(self.tenant.0, &places);
            let rows: Vec<RecordRow> = self.db.rows(&format!("{SELECT} AND {among}"), args).await?;
            let mut rows: HashMap<(i64, i64), RecordRow> =
                rows.into_iter().map(|row| ((row.at, row.seq), row)).collect();
            let rows = places.iter().filter_map(|place| rows.remove(&(place.at, place.seq))).collect();
            items = self.records_of(rows, &classes).await?;
        }
        Ok(Page { total, total_is_exact, items, first, next, previous })
    }

    pub(super) async fn read_sign_in_record(&self, id: &str) -> Result<Option<SignInRecord>, StoreError> {
        let classes = self.classes().await?;
        let sql = format!("{SELECT} AND s.record_id = $2");
        for key in [pack_id(&id.to_lowercase()), pack_id(id)] {
            let rows: Vec<RecordRow> = self.db.rows(&sql, args![self.tenant.0, key]).await?;
            if let Some(record) = self.records_of(rows, &classes).await?.pop() {
                return Ok(Some(record));
            }
        }
        Ok(None)
    }

    async fn records_of(&self, rows: Vec<RecordRow>, classes: &Classes) -> Result<Vec<SignInRecord>, StoreError> {
        let mut unpacker = Unpacker::new()?;
        let mut read = Vec::with_capacity(rows.len());
        for row in rows {
            let details = unpacker.unpack(&row.details)?;
            read.push((row, details));
        }
        let without = read.iter().filter(|(_, details)| !has_steps(details)).map(|(row, _)| row.record_id.clone());
        let mut of_files = self.steps_of_files(without.collect()).await?;
        let shared = self.shared_by(read.iter().map(|(row, _)| row.shared)).await?;
        read.into_iter()
            .map(|(row, mut details)| {
                let class = class_of(classes, row.class_id)?;
                details.correlation_id = row.attempt.as_deref().map(unpack_id);
                details.steps = of_files.remove(&row.record_id).or(details.steps).map(in_sequence);
                let (mut place, mut policies) = (Place::default(), None);
                let mut conditional_access = ConditionalAccessResult::Unknown;
                if self.sees_conditional_access {
                    place = shared.place(row.shared);
                    policies = shared.policies(row.shared).map(<[AppliedPolicy]>::to_vec);
                    conditional_access = class.conditional_access;
                }
                Ok(SignInRecord {
                    record_id: unpack_id(&row.record_id),
                    at: Instant::from_millis(row.at),
                    log_at: row.log_at.map(Instant::from_millis),
                    user: UserRef { object_id: row.user_id, user_name: row.user_name, display_name: row.display_name },
                    tenant: None,
                    interactive: match class.interactive {
                        Answer::Yes => Some(true),
                        Answer::No => Some(false),
                        Answer::Unknown => None,
                    },
                    component: class.component,
                    app: shared.app(row.shared),
                    place,
                    conditional_access,
                    policies,
                    details,
                    digest: digest_of_key(row.digest),
                })
            })
            .collect()
    }
}
