//! Authentications through on-premises components: one row per row of a file, by its digest.

use std::collections::BTreeSet;

use domain::fold::{fold, sort_key};
use domain::mfa::ActivityRecord;
use domain::record::RecordKind;
use sea_query::Value;

use super::Batch;
use super::subjects::Subjects;
use crate::StoreError;
use crate::db::args;

impl Batch<'_> {
    /// Leaves out those that are stored.
    pub(super) async fn new_activity(
        &mut self,
        mut records: Vec<ActivityRecord>,
    ) -> Result<Vec<ActivityRecord>, StoreError> {
        let keys: Vec<Value> = records.iter().map(|record| hex::encode(record.digest).into()).collect();
        let stored: Vec<(String,)> = self
            .conn
            .rows_in(
                "SELECT activity_id FROM mfa_activity WHERE tenant_id = $1 AND activity_id IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        let mut known: BTreeSet<String> = stored.into_iter().map(|(id,)| id).collect();
        self.keep_new(&mut records, |_| RecordKind::MfaActivity, |record| known.insert(hex::encode(record.digest)));
        Ok(records)
    }

    pub(super) async fn store_activity(
        &mut self,
        records: Vec<ActivityRecord>,
        subjects: &Subjects,
    ) -> Result<(), StoreError> {
        let (tenant, import, language) = (self.tenant, self.import, self.options.language);
        for _ in &records {
            self.accept(RecordKind::MfaActivity);
        }
        let rows = records.into_iter().map(|record| {
            let resolved = subjects.get(&record.user);
            let user_name = record.user.user_name.unwrap_or_default();
            let display_name = record.user.display_name.unwrap_or_default();
            args![
                tenant,
                hex::encode(record.digest),
                record.at.millis(),
                resolved.map(|resolved| resolved.subject_id),
                resolved.map(|resolved| resolved.user_id),
                Some(user_name.clone()).filter(|name| !name.is_empty()),
                Some(display_name.clone()).filter(|name| !name.is_empty()),
                fold(&user_name),
                fold(&display_name),
                sort_key(&display_name, language),
                record.component.code(),
                record.method.code(),
                record.raw_method,
                record.mode.map(|mode| mode.code()),
                record.authentication_type,
                record.application,
                record.phone,
                record.call_result.map(|result| result.code()),
                record.raw_result,
                record.authenticated.code(),
                record.ip,
                import,
            ]
        });
        self.conn
            .insert(
                "INSERT INTO mfa_activity (tenant_id, activity_id, at, subject_id, user_id, user_name, display_name, \
                 user_name_folded, display_name_folded, display_name_key, component, method, raw_method, mode, \
                 authentication_type, application, phone, call_result, raw_result, authenticated, ip, import_id)",
                22,
                rows,
                "",
            )
            .await
    }
}
