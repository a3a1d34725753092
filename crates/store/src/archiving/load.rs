//! Everything that was stored elsewhere, into an empty database: all of it or nothing.

use super::shape::{schema, sum, tables, values};
use super::{Row, TableShape, TableSum};
use crate::db::{Conn, Db, PostgresTls, args};
use crate::importing::put_indexes_off;
use crate::{Services, StoreError};
use async_recursion::async_recursion as boxed;

/// Tables that have a row in every database from the beginning.
const FROM_THE_BEGINNING: [&str; 3] = ["tenants", "changes", "access_log_head"];

/// Takes tables into a database, in one transaction.
pub struct Load {
    conn: Conn,
    tables: Vec<TableShape>,
}

impl Services {
    /// Makes ready to take in what was stored under a schema: the database is made, if need be, as of that one.
    /// [`Services::open`] it when all is in: that brings it up to date and makes its indexes.
    ///
    /// # Errors
    /// `NotEmpty` where anything is stored already, `Schema` where this program knows no such schema, or the database
    /// has another one.
    #[boxed]
    pub async fn receive_dump(url: &str, tls: PostgresTls, wanted: i64) -> Result<Load, StoreError> {
        let db = Db::open_at(url, tls, wanted).await?;
        let mut conn = db.begin().await?;
        let found = schema(&mut conn).await?;
        if found != wanted {
            return Err(StoreError::Schema { found, wanted });
        }
        let tables = tables(&mut conn).await?;
        for TableShape { name, .. } in &tables {
            if FROM_THE_BEGINNING.contains(&name.as_str()) {
                continue;
            }
            let any: Option<(i64,)> =
                conn.row(&format!("SELECT CAST(1 AS BIGINT) FROM {name} LIMIT 1"), Vec::new()).await?;
            if any.is_some() {
                return Err(StoreError::NotEmpty { table: name.clone() });
            }
        }
        // A schema may be older than one of them.
        for TableShape { name, .. } in tables.iter().filter(|table| FROM_THE_BEGINNING.contains(&table.name.as_str())) {
            conn.run(&format!("DELETE FROM {name}"), args![]).await?;
        }
        put_indexes_off(&mut conn).await?;
        Ok(Load { conn, tables })
    }
}

impl Load {
    /// Takes rows of a table.
    ///
    /// # Errors
    /// `Missing` where there is no such table here.
    #[boxed]
    pub async fn rows(&mut self, table: &TableShape, rows: Vec<Row>) -> Result<(), StoreError> {
        self.known(table)?;
        let head = format!("INSERT INTO {} ({})", table.name, table.columns());
        let rows = rows.into_iter().map(|row| values(table, row));
        self.conn.insert(&head, table.columns.len(), rows, "").await
    }

    /// Reads everything back, compares it with what it was, and only then keeps it.
    ///
    /// # Errors
    /// `Inconsistent` where a table is not what it was; then nothing is kept.
    #[boxed]
    pub async fn finish(mut self, expected: &[(TableShape, TableSum)]) -> Result<Vec<TableSum>, StoreError> {
        let mut sums = Vec::new();
        for (table, expected) in expected {
            self.known(table)?;
            let found = sum(&mut self.conn, table).await?;
            if found != *expected {
                let what = format!(
                    "{} came with {} rows and hash {}, and has {} rows and hash {}",
                    table.name, expected.rows, expected.hash, found.rows, found.hash
                );
                return Err(StoreError::Inconsistent { table: "the copy", what });
            }
            sums.push(found);
        }
        self.conn.commit().await?;
        Ok(sums)
    }

    /// Names go into statements: only those that are the database's own.
    fn known(&self, table: &TableShape) -> Result<(), StoreError> {
        let known = self.tables.iter().find(|known| known.name == table.name);
        let missing = |name: &str| StoreError::Missing { what: "table or column here called", name: name.to_owned() };
        let known = known.ok_or_else(|| missing(&table.name))?;
        match table.columns.iter().find(|column| !known.columns.contains(column)) {
            Some((column, _)) => Err(missing(&format!("{}.{column}", table.name))),
            None => Ok(()),
        }
    }
}
