//! Everything that is stored, as it is at one instant.

use async_recursion::async_recursion as boxed;
use futures::TryStreamExt as _;

use super::shape::{Summing, schema, tables};
use super::{LOT, Row, TableShape, TableSum};
use crate::db::{Conn, Fields};
use crate::{Services, StoreError};

/// Reads all tables at one instant, while others write.
pub struct Dump {
    conn: Conn,
    schema: i64,
    tables: Vec<TableShape>,
}

impl Services {
    /// Everything, for whoever may run the program on the database.
    #[boxed]
    pub async fn dump(&self) -> Result<Dump, StoreError> {
        let mut conn = self.db.snapshot().await?;
        Ok(Dump { schema: schema(&mut conn).await?, tables: tables(&mut conn).await?, conn })
    }
}

impl Dump {
    /// The number of the last migration of the database.
    #[must_use]
    pub fn schema(&self) -> i64 {
        self.schema
    }

    #[must_use]
    pub fn tables(&self) -> &[TableShape] {
        &self.tables
    }

    /// Hands all rows of a table over, some at a time.
    ///
    /// # Errors
    /// The database's, or those of whom the rows are handed to.
    pub async fn rows<E: From<StoreError>>(
        &mut self,
        table: &TableShape,
        mut each: impl AsyncFnMut(Vec<Row>) -> Result<(), E>,
    ) -> Result<TableSum, E> {
        let mut summing = Summing::default();
        let mut lot = Vec::new();
        let mut rows = self.conn.stream::<Fields>(&table.select());
        while let Some(Fields(row)) = rows.try_next().await.map_err(StoreError::from)? {
            summing.add(&row);
            lot.push(row);
            if lot.len() == LOT {
                each(std::mem::take(&mut lot)).await?;
            }
        }
        if !lot.is_empty() {
            each(lot).await?;
        }
        Ok(summing.of(table))
    }
}
