//! What reports read: of each statement's own moment, or all of one.

use std::sync::Arc;

use sea_query::Value;
use tokio::sync::Mutex;

use super::lots::in_lots;
use super::{Conn, Db, DbRow, MOST_VALUES_KEPT, by_index};
use crate::StoreError;

/// A database that is only read.
#[derive(Clone)]
pub enum ReadDb {
    /// Every statement sees what is there when it begins.
    Newest(Db),
    /// All statements see what was there when the first of them began, see [`Db::snapshot`].
    Still { conn: Arc<Mutex<Conn>>, is_sqlite: bool },
}

impl ReadDb {
    pub async fn rows<T: DbRow>(&self, sql: &str, args: Vec<Value>) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Newest(db) => db.rows(sql, args).await,
            Self::Still { conn, is_sqlite } => {
                let is_kept = args.len() <= MOST_VALUES_KEPT;
                let mut conn = conn.lock().await;
                let rows = conn.rows_by(sql, args, is_kept);
                if *is_sqlite { in_lots(rows).await } else { rows.await }
            }
        }
    }

    pub async fn row<T: DbRow>(&self, sql: &str, args: Vec<Value>) -> Result<Option<T>, StoreError> {
        Ok(self.rows(sql, args).await?.into_iter().next())
    }

    pub fn is_sqlite(&self) -> bool {
        match self {
            Self::Newest(db) => matches!(db, Db::Sqlite { .. }),
            Self::Still { is_sqlite, .. } => *is_sqlite,
        }
    }

    /// See [`by_index`].
    pub fn by_index(&self, index: &str) -> String {
        by_index(self.is_sqlite(), index)
    }
}
