//! Steps of sign-ins that came in a file of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::record::RecordKind;
use domain::sign_in::{AuthenticationStep, SignInSteps};
use sea_query::Value;

use super::Batch;
use crate::StoreError;
use crate::db::args;
use crate::packed::pack_id;

/// Steps by packed record id.
pub(super) type ExtraSteps = HashMap<Vec<u8>, Vec<AuthenticationStep>>;

impl Batch<'_> {
    /// Stores them; answers the sign-ins that have new ones.
    pub(super) async fn store_steps(&mut self, steps: Vec<SignInSteps>) -> Result<BTreeSet<Vec<u8>>, StoreError> {
        if steps.is_empty() {
            return Ok(BTreeSet::new());
        }
        let ids: BTreeSet<Vec<u8>> = steps.iter().map(|step| pack_id(&step.record_id)).collect();
        let keys: Vec<Value> = ids.into_iter().map(Into::into).collect();
        let stored: Vec<(Vec<u8>, String)> = self
            .conn
            .rows_in(
                "SELECT record_id, digest FROM sign_in_steps WHERE tenant_id = $1 AND record_id IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        let mut stored: BTreeSet<(Vec<u8>, String)> = stored.into_iter().collect();
        let mut rows = Vec::new();
        let mut changed = BTreeSet::new();
        for SignInSteps { record_id, step, digest } in steps {
            let (id, digest) = (pack_id(&record_id), hex::encode(digest));
            if !stored.insert((id.clone(), digest.clone())) {
                self.know(RecordKind::SignInAuthenticationDetails);
                continue;
            }
            self.accept(RecordKind::SignInAuthenticationDetails);
            let json = serde_json::to_string(&step).unwrap_or_default();
            rows.push(args![self.tenant, id.clone(), digest, json, self.import]);
            changed.insert(id);
        }
        self.conn
            .insert("INSERT INTO sign_in_steps (tenant_id, record_id, digest, step, import_id)", 5, rows, "")
            .await?;
        Ok(changed)
    }

    /// The steps that files of their own have of sign-ins without any.
    pub(super) async fn steps_of_files(
        &mut self,
        sign_ins: impl Iterator<Item = &Vec<u8>>,
    ) -> Result<ExtraSteps, StoreError> {
        let mut steps = ExtraSteps::new();
        // Hardly anybody has such files: where there are none, none is looked for.
        const ANY: &str = "SELECT import_id FROM sign_in_steps WHERE tenant_id = $1 LIMIT 1";
        if self.conn.row::<(i64,)>(ANY, args![self.tenant]).await?.is_none() {
            return Ok(steps);
        }
        let keys: BTreeSet<Vec<u8>> = sign_ins.cloned().collect();
        let keys: Vec<Value> = keys.into_iter().map(Into::into).collect();
        let rows: Vec<(Vec<u8>, String, String)> = self
            .conn
            .rows_in(
                "SELECT record_id, digest, step FROM sign_in_steps WHERE tenant_id = $1 AND record_id IN",
                &[self.tenant],
                &keys,
            )
            .await?;
        let mut found: BTreeMap<Vec<u8>, Vec<(String, String)>> = BTreeMap::new();
        for (id, digest, json) in rows {
            found.entry(id).or_default().push((digest, json));
        }
        for (id, of_one) in found {
            steps.insert(id, steps_in_order(of_one)?);
        }
        Ok(steps)
    }
}

/// A sign-in's rows of `sign_in_steps`, digest and JSON, as steps: in the order of their file, and where two have one
/// place there, in one that does not depend on when they came.
pub(crate) fn steps_in_order(rows: Vec<(String, String)>) -> Result<Vec<AuthenticationStep>, StoreError> {
    let mut steps = Vec::with_capacity(rows.len());
    for (digest, json) in rows {
        let step: AuthenticationStep = serde_json::from_str(&json)
            .map_err(|error| StoreError::Inconsistent { table: "sign_in_steps", what: error.to_string() })?;
        steps.push((step, digest));
    }
    steps.sort_by(|(a, a_digest), (b, b_digest)| (a.sequence, a.at, a_digest).cmp(&(b.sequence, b.at, b_digest)));
    Ok(steps.into_iter().map(|(step, _)| step).collect())
}
