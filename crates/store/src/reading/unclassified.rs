//! Values of records that no vocabulary of ours knows: kept, shown raw, counted, and never counted as something else.

use std::collections::{BTreeMap, HashMap};

use async_recursion::async_recursion as boxed;
use domain::method::{AuthMethod, Vocabulary};
use domain::report::{UnclassifiedField, UnclassifiedValue};
use domain::sign_in::{MfaStatus, SecondFactor, SignInDetails, status_text};

use super::Reader;
use crate::StoreError;
use crate::db::args;
use crate::packed::Unpacker;

/// Sign-ins of each class whose texts are looked at: the latest.
const LATEST: i64 = 200;
/// Values that are shown of each field.
const SHOWN: usize = 20;

/// A value's number of occurrences, and whether all were looked at.
type Values = HashMap<String, (i64, bool)>;

impl Reader {
    /// The most frequent of each field first.
    #[boxed]
    pub async fn unclassified(&self) -> Result<Vec<UnclassifiedValue>, StoreError> {
        let mut found: BTreeMap<UnclassifiedField, Values> = BTreeMap::new();
        let tenant = self.tenant.0;
        let exact =
            |rows: Vec<(String, i64)>| rows.into_iter().map(|(value, n)| (value, (n, true))).collect::<Values>();
        let sql = "SELECT raw_method, COUNT(*) FROM events WHERE tenant_id = $1 AND feature IN (0, 1) AND method = $2 \
             AND raw_method IS NOT NULL GROUP BY raw_method";
        let rows = self.db.rows(sql, args![tenant, AuthMethod::Unknown.code()]).await?;
        found.insert(UnclassifiedField::EventMethod, exact(rows));
        let sql = "SELECT raw_result, COUNT(*) FROM mfa_activity WHERE tenant_id = $1 AND call_result IS NULL \
             AND raw_result IS NOT NULL GROUP BY raw_result";
        found.insert(UnclassifiedField::CallResult, exact(self.db.rows(sql, args![tenant]).await?));
        found.insert(UnclassifiedField::RegisteredMethod, self.registered_methods().await?);
        self.of_sign_ins(&mut found).await?;

        let mut values = Vec::new();
        for (field, of_field) in found {
            let mut of_field: Vec<_> = of_field.into_iter().collect();
            of_field.sort_by(|(a, (n, _)), (b, (m, _))| m.cmp(n).then_with(|| a.cmp(b)));
            values.extend(of_field.into_iter().take(SHOWN).map(|(value, (count, count_is_exact))| UnclassifiedValue {
                field,
                value,
                count,
                count_is_exact,
            }));
        }
        Ok(values)
    }

    /// Names of methods that users have registered, by how many users.
    async fn registered_methods(&self) -> Result<Values, StoreError> {
        // The end of time as a literal: the index is of these rows only.
        let sql = "SELECT raw_methods, COUNT(*) FROM user_states WHERE tenant_id = $1 AND raw_methods IS NOT NULL \
             AND valid_to = 253402207200000 GROUP BY raw_methods";
        let rows: Vec<(String, i64)> = self.db.rows(sql, args![self.tenant.0]).await?;
        let mut values = Values::new();
        for (names, n) in rows {
            let names: Vec<String> = serde_json::from_str(&names).unwrap_or_default();
            for name in names {
                values.entry(name).or_insert((0, true)).0 += n;
            }
        }
        Ok(values)
    }

    /// Texts of results and names of methods, of the latest sign-ins of every class that has such.
    async fn of_sign_ins(&self, found: &mut BTreeMap<UnclassifiedField, Values>) -> Result<(), StoreError> {
        let mut unpacker = Unpacker::new()?;
        for (&class_id, class) in self.classes().await?.iter() {
            let has_text = class.facts.status == Some(MfaStatus::Unclassified);
            let has_method =
                class.facts.method == SecondFactor::Method(AuthMethod::Unknown) && class.facts.is_challenged();
            if !has_text && !has_method {
                continue;
            }
            let sql = "SELECT details FROM sign_ins WHERE tenant_id = $1 AND class_id = $2 ORDER BY at DESC, seq DESC \
                 LIMIT $3";
            let rows: Vec<(Vec<u8>,)> = self.db.rows(sql, args![self.tenant.0, class_id, LATEST]).await?;
            let are_all = i64::try_from(rows.len()).is_ok_and(|n| n < LATEST);
            for (details,) in rows {
                let details = unpacker.unpack(&details)?;
                let steps = details.steps.as_deref().unwrap_or_default();
                let text = status_text(&details, steps).filter(|_| has_text);
                let method = method_name(&details).filter(|_| has_method);
                for (field, value) in [(UnclassifiedField::MfaResult, text), (UnclassifiedField::SignInMethod, method)]
                {
                    if let Some(value) = value {
                        let (n, is_exact) =
                            found.entry(field).or_default().entry(value.to_owned()).or_insert((0, true));
                        *n += 1;
                        *is_exact &= are_all;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The name that no method of ours has.
fn method_name(details: &SignInDetails) -> Option<&str> {
    let of_steps = details.steps.iter().flatten().rev().find_map(|step| step.method.as_deref());
    of_steps.or(details.mfa_method.as_deref()).map(str::trim).filter(|name| is_unknown(name))
}

fn is_unknown(name: &str) -> bool {
    !name.is_empty() && AuthMethod::from_name(name, Vocabulary::Used) == AuthMethod::Unknown
}
