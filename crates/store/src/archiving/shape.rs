//! Which tables there are, with which columns; and what tells two tables of the same rows.

use futures::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Row;
use crate::db::{Conn, Field, FieldKind, Fields, args};
use crate::{StoreError, db};

/// A table and its columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableShape {
    pub name: String,
    /// Names, with what they hold.
    pub columns: Vec<(String, FieldKind)>,
}

/// How many rows a table has, and a hash of them all in whatever order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    pub name: String,
    pub rows: u64,
    /// 128 bits, in hexadecimal digits.
    pub hash: String,
}

/// Adds rows up, one after the other.
#[derive(Debug, Default)]
pub(super) struct Summing {
    rows: u64,
    hash: u128,
}

impl Summing {
    /// The sum of the rows' own hashes: the engines give them in different orders, and sorting is dear.
    pub fn add(&mut self, row: &[Field]) {
        let mut hasher = Sha256::new();
        for field in row {
            match field {
                Field::Null => hasher.update([0]),
                Field::Number(number) => {
                    hasher.update([1]);
                    hasher.update(number.to_be_bytes());
                }
                Field::Text(text) => part(&mut hasher, 2, text.as_bytes()),
                Field::Bytes(bytes) => part(&mut hasher, 3, bytes),
            }
        }
        let mut first = [0; 16];
        first.copy_from_slice(&hasher.finalize()[..16]);
        self.rows += 1;
        self.hash = self.hash.wrapping_add(u128::from_be_bytes(first));
    }

    pub fn of(self, table: &TableShape) -> TableSum {
        TableSum { name: table.name.clone(), rows: self.rows, hash: format!("{:032x}", self.hash) }
    }
}

fn part(hasher: &mut Sha256, kind: u8, bytes: &[u8]) {
    hasher.update([kind]);
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

impl TableShape {
    pub(super) fn columns(&self) -> String {
        self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn select(&self) -> String {
        format!("SELECT {} FROM {}", self.columns(), self.name)
    }
}

/// Tables that are the engine's or about the engine; and files that are written from the rest, and soon thrown away.
const LEFT_BEHIND: [&str; 4] = ["_sqlx_migrations", "deferred_indexes", "exports", "export_parts"];

/// Every table with data, by name.
pub(super) async fn tables(conn: &mut Conn) -> Result<Vec<TableShape>, StoreError> {
    let (tables, columns) = match conn {
        // Without virtual tables and those that these are kept in.
        Conn::Sqlite(_) => (
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite#_%' \
             ESCAPE '#' ORDER BY name",
            "SELECT name, type FROM pragma_table_info($1) ORDER BY cid",
        ),
        Conn::Postgres(_) => (
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema() \
             AND table_type = 'BASE TABLE' ORDER BY table_name::text COLLATE \"C\"",
            "SELECT column_name::text, data_type::text FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position",
        ),
    };
    let names: Vec<(String,)> = conn.rows(tables, Vec::new()).await?;
    let mut shapes = Vec::new();
    for (name,) in names.into_iter().filter(|(name,)| !LEFT_BEHIND.contains(&name.as_str())) {
        let mut shape = TableShape { name: name.clone(), columns: Vec::new() };
        for (column, kind) in conn.rows::<(String, String)>(columns, args![name.clone()]).await? {
            let kind = FieldKind::of_type(&kind).ok_or_else(|| StoreError::Inconsistent {
                table: "the schema",
                what: format!("{name}.{column} is {kind}"),
            })?;
            shape.columns.push((column, kind));
        }
        shapes.push(shape);
    }
    Ok(shapes)
}

/// The number of the last migration.
pub(super) async fn schema(conn: &mut Conn) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT MAX(version) FROM _sqlx_migrations";
    Ok(conn.row::<(Option<i64>,)>(SQL, Vec::new()).await?.and_then(|(version,)| version).unwrap_or(0))
}

/// Adds a table's rows up.
pub(super) async fn sum(conn: &mut Conn, table: &TableShape) -> Result<TableSum, StoreError> {
    let mut summing = Summing::default();
    let mut rows = conn.stream::<Fields>(&table.select());
    while let Some(Fields(row)) = rows.try_next().await? {
        summing.add(&row);
    }
    Ok(summing.of(table))
}

/// A row as values to bind.
pub(super) fn values(table: &TableShape, row: Row) -> Vec<sea_query::Value> {
    row.into_iter().zip(&table.columns).map(|(field, (_, kind))| db::Field::into_value(field, *kind)).collect()
}
