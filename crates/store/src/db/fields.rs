//! Rows of any table as the values they have: what both engines can hold, and nothing of either.

use sea_query::Value;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Column as _, FromRow, Row as _, TypeInfo as _, ValueRef as _};

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    Null,
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// What a column holds, where it is not NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    Number,
    Text,
    Bytes,
}

/// A row, in the order of its columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fields(pub Vec<Field>);

impl FieldKind {
    /// By the type's name, of either engine.
    pub(crate) fn of_type(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "INTEGER" | "INT8" | "BIGINT" => Some(Self::Number),
            "TEXT" => Some(Self::Text),
            "BLOB" | "BYTEA" => Some(Self::Bytes),
            _ => None,
        }
    }
}

impl Field {
    #[must_use]
    pub fn number(&self) -> Option<i64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// As a value to bind. A NULL has its column's type.
    pub(crate) fn into_value(self, kind: FieldKind) -> Value {
        match (self, kind) {
            (Self::Number(number), _) => number.into(),
            (Self::Text(text), _) => text.into(),
            (Self::Bytes(bytes), _) => bytes.into(),
            (Self::Null, FieldKind::Number) => Value::BigInt(None),
            (Self::Null, FieldKind::Text) => Value::String(None),
            (Self::Null, FieldKind::Bytes) => Value::Bytes(None),
        }
    }
}

impl From<Value> for Field {
    fn from(value: Value) -> Self {
        match value {
            Value::BigInt(Some(number)) => Self::Number(number),
            Value::String(Some(text)) => Self::Text(text),
            Value::Bytes(Some(bytes)) => Self::Bytes(bytes),
            _ => Self::Null,
        }
    }
}

impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("nothing"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
        }
    }
}

impl FromRow<'_, SqliteRow> for Fields {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let field = |i: usize| {
            let raw = row.try_get_raw(i)?;
            if raw.is_null() {
                return Ok(Field::Null);
            }
            match FieldKind::of_type(raw.type_info().name()) {
                Some(FieldKind::Number) => row.try_get(i).map(Field::Number),
                Some(FieldKind::Text) => row.try_get(i).map(Field::Text),
                Some(FieldKind::Bytes) => row.try_get(i).map(Field::Bytes),
                None => Err(unknown_type(row.column(i).name())),
            }
        };
        (0..row.len()).map(field).collect::<Result<_, _>>().map(Self)
    }
}

impl FromRow<'_, PgRow> for Fields {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let field = |i: usize| {
            let raw = row.try_get_raw(i)?;
            if raw.is_null() {
                return Ok(Field::Null);
            }
            match FieldKind::of_type(row.column(i).type_info().name()) {
                Some(FieldKind::Number) => row.try_get(i).map(Field::Number),
                Some(FieldKind::Text) => row.try_get(i).map(Field::Text),
                Some(FieldKind::Bytes) => row.try_get(i).map(Field::Bytes),
                None => Err(unknown_type(row.column(i).name())),
            }
        };
        (0..row.len()).map(field).collect::<Result<_, _>>().map(Self)
    }
}

fn unknown_type(column: &str) -> sqlx::Error {
    sqlx::Error::Decode(format!("column {column} is neither a number nor text nor bytes").into())
}
