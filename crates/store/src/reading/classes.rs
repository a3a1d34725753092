//! The classes of sign-ins, read again where something has changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::viewer::TenantId;

use super::Reader;
use crate::StoreError;
use crate::db::args;
use crate::importing::change_number;
use crate::sign_in_class::SignInClass;

/// Classes by number.
pub(super) type Classes = HashMap<i64, SignInClass>;

/// The classes as they were read last: an organisation has thousands, and every page of sign-ins needs them.
///
/// What changes them, imports and `doctor --repair` in whatever program, notes a change in the same transaction.
#[derive(Clone, Default)]
pub(crate) struct KnownClasses(Arc<Mutex<HashMap<TenantId, Known>>>);

#[derive(Clone)]
struct Known {
    /// What the number of changes was before they were read.
    change: i64,
    classes: Arc<Classes>,
}

impl Reader {
    /// To be read at the same instant as the sign-ins: of others there may be some that are of no known class.
    pub(super) async fn classes(&self) -> Result<Arc<Classes>, StoreError> {
        let change = change_number(&self.db, self.tenant).await?;
        match self.known_classes.get(self.tenant) {
            Some(known) if known.change == change => Ok(known.classes),
            _ => self.read_classes(change).await,
        }
    }

    async fn read_classes(&self, change: i64) -> Result<Arc<Classes>, StoreError> {
        const SQL: &str = "SELECT class_id, facts, traits, error_code FROM sign_in_classes WHERE tenant_id = $1";
        let rows: Vec<(i64, i64, i64, i64)> = self.db.rows(SQL, args![self.tenant.0]).await?;
        let classes: Classes = rows
            .into_iter()
            .map(|(id, facts, traits, error_code)| Ok((id, SignInClass::from_row((facts, traits, error_code))?)))
            .collect::<Result<_, StoreError>>()?;
        let classes = Arc::new(classes);
        self.known_classes.set(self.tenant, Known { change, classes: Arc::clone(&classes) });
        Ok(classes)
    }
}

impl KnownClasses {
    fn get(&self, tenant: TenantId) -> Option<Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).cloned()
    }

    fn set(&self, tenant: TenantId, known: Known) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant, known);
    }
}
