use domain::page::Page;
use domain::query::{MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery};
use domain::report::{MfaMethodsItem, UserNameItem};

use super::Reader;
use super::list::Total;
use crate::StoreError;

impl Reader {
    pub async fn mfa_registered_of(
        &self,
        _query: &MfaRegisteredQuery,
        _counted: Option<Total>,
    ) -> Result<Page<UserNameItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn mfa_not_registered_of(
        &self,
        _query: &MfaNotRegisteredQuery,
        _counted: Option<Total>,
    ) -> Result<Page<UserNameItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn mfa_methods_of(
        &self,
        _query: &MfaMethodsQuery,
        _counted: Option<Total>,
    ) -> Result<Page<MfaMethodsItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }
}
