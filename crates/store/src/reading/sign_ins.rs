use domain::page::Page;
use domain::query::{Report, SignInsQuery};
use domain::report::{SignInItem, SignInReport};

use super::Reader;
use super::list::Total;
use crate::StoreError;

impl Reader {
    pub async fn sign_ins_of(
        &self,
        _query: &SignInsQuery,
        _counted: Option<Total>,
    ) -> Result<Page<SignInItem>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }

    pub async fn sign_in(&self, _id: &str, _report: &Report) -> Result<Option<SignInReport>, StoreError> {
        Err(StoreError::Missing { what: "list", name: String::new() })
    }
}
