//! Versions of records that others had beaten: those of an import go with it, and those that its own had beaten come
//! back.

use std::collections::{BTreeMap, BTreeSet};

use domain::instant::Instant;
use domain::record::{Record, RecordKind, UserRef};
use sea_query::Value;

use super::brought::{Key, texts};
use super::recall::Gone;
use crate::StoreError;
use crate::importing::{Batch, name_key, read_copy};
use crate::packed::pack_id;

impl Batch<'_> {
    /// Stores what is left of records whose winner is gone, as if it was imported now, each in the name of its import.
    pub(super) async fn bring_back(
        &mut self,
        import: i64,
        identities: &[String],
        gone: &mut Gone,
    ) -> Result<(), StoreError> {
        let identities: Vec<Value> = identities.iter().map(|identity| identity.as_str().into()).collect();
        let copies = self.copies_of(&identities).await?;
        if copies.is_empty() {
            return Ok(());
        }
        const DELETE: &str = "DELETE FROM record_copies WHERE tenant_id = $1 AND identity IN";
        self.conn.run_in(DELETE, &[self.tenant], &identities).await?;
        let mut by_import: BTreeMap<i64, Vec<Record>> = BTreeMap::new();
        for (_, _, of_import, subject_id, json) in copies {
            let record = read_copy(&json)?;
            gone.name(subject_id, user_of(&record).and_then(|user| user.user_name.as_deref().map(name_key)));
            if of_import != import {
                by_import.entry(of_import).or_default().push(record);
            }
        }
        for (of_import, records) in by_import {
            self.of_import(of_import).store(records, Instant::MIN, Instant::MIN).await?;
        }
        Ok(())
    }

    /// Takes an import's losing copies away. Where one had given a winner its finer time, the winner is stored again
    /// with its own.
    pub(super) async fn take_copies(
        &mut self,
        import: i64,
        keys: &[Key],
        gone: &mut Gone,
    ) -> Result<Vec<String>, StoreError> {
        let identities = texts(keys);
        let copies = self.copies_of(&identities).await?;
        let (mut audits, mut sign_ins) = (BTreeMap::new(), BTreeMap::new());
        let mut versions: BTreeSet<(String, String)> = BTreeSet::new();
        for (identity, version, of_import, subject_id, json) in copies {
            let record = read_copy(&json)?;
            if of_import == import {
                gone.name(subject_id, user_of(&record).and_then(|user| user.user_name.as_deref().map(name_key)));
                continue;
            }
            match record {
                Record::Audit(audit) => _ = audits.insert(audit.record_id, identity.clone()),
                Record::SignIn(sign_in) => _ = sign_ins.insert(pack_id(&sign_in.record_id), identity.clone()),
                _ => {}
            }
            versions.insert((identity, version));
        }
        const DELETE: &str = "DELETE FROM record_copies WHERE import_id = $1 AND tenant_id = $2 AND identity IN";
        self.conn.run_in(DELETE, &[import, self.tenant], &identities).await?;

        let mut refined = Vec::new();
        let ids: Vec<Value> = audits.keys().map(|id| id.as_str().into()).collect();
        const AUDITS: &str =
            "SELECT record_id, log_at, digest FROM audit_records WHERE tenant_id = $1 AND record_id IN";
        let rows: Vec<(String, Option<i64>, String)> = self.conn.rows_in(AUDITS, &[self.tenant], &ids).await?;
        let mut again = Vec::new();
        for (id, log_at, digest) in rows {
            let Some(identity) = audits.get(&id) else { continue };
            if versions.contains(&(identity.clone(), format!("{}:{digest}", log_at.unwrap_or(-1)))) {
                refined.push(identity.clone());
                gone.count(RecordKind::DirectoryAudit);
                again.push(id);
            }
        }
        self.remove_audits(&again).await?;
        let ids: Vec<Value> = sign_ins.keys().cloned().map(Into::into).collect();
        let sql = format!(
            "SELECT record_id, log_at, digest FROM sign_ins {} WHERE tenant_id = $1 AND record_id IN",
            self.conn.by_index("sign_ins_record_idx")
        );
        let rows: Vec<(Vec<u8>, Option<i64>, i64)> = self.conn.rows_in(&sql, &[self.tenant], &ids).await?;
        let mut again = Vec::new();
        for (id, log_at, digest) in rows {
            let Some(identity) = sign_ins.get(&id) else { continue };
            if versions.contains(&(identity.clone(), format!("{}:{digest}", log_at.unwrap_or(-1)))) {
                refined.push(identity.clone());
                gone.count(RecordKind::SignIn);
                again.push(id);
            }
        }
        self.remove_sign_ins(again.into_iter()).await?;
        Ok(refined)
    }
}

/// Whom a record is about.
pub(super) fn user_of(record: &Record) -> Option<&UserRef> {
    match record {
        Record::User(user) => Some(&user.user),
        Record::Event(event) => Some(&event.user),
        Record::Audit(audit) => Some(&audit.user),
        Record::SignIn(sign_in) => Some(&sign_in.user),
        Record::Activity(record) => Some(&record.user),
        Record::Action(record) => Some(&record.action.user),
        Record::SignInSteps(_) | Record::Server(_) => None,
    }
}
