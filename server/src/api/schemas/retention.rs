//! What is kept for how long.

use domain::retention::Kept;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::names;

fn kept() -> RefOr<Schema> {
    names(Kept::ALL)
}

#[derive(ToSchema)]
pub struct RetentionRule {
    #[schema(schema_with = kept)]
    pub kept: String,
    /// Whole UTC days before today; null: everything is kept.
    #[schema(required = true)]
    pub days: Option<i64>,
    /// What was before has gone; null: nothing has.
    #[schema(format = DateTime, required = true)]
    pub kept_from: Option<String>,
}

#[derive(ToSchema)]
pub struct Retention {
    pub items: Vec<RetentionRule>,
}

#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRetentionRule {
    #[schema(schema_with = kept)]
    pub data: String,
    #[schema(required = true, minimum = 30, maximum = 36_525)]
    pub days: Option<i64>,
}

/// A report reaches into days that are not kept.
#[derive(ToSchema)]
pub struct NotKept {
    #[schema(schema_with = kept)]
    pub data: String,
    #[schema(format = DateTime)]
    pub kept_from: String,
}

/// What is left of a person.
#[derive(ToSchema)]
pub struct Erased {
    /// The id that what happened is found by.
    pub id: String,
}
