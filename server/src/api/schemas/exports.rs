//! Lists that are written to files in the background.

use domain::export::{ExportProblem, ExportState, Format};
use domain::view::ViewPage;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::{names, names_or_null};

fn list() -> RefOr<Schema> {
    let lists: Vec<ViewPage> = ViewPage::ALL.iter().copied().filter(|page| page.is_list()).collect();
    names(&lists)
}

fn format() -> RefOr<Schema> {
    names(Format::OF_ROWS)
}

fn state() -> RefOr<Schema> {
    names(ExportState::ALL)
}

fn problem() -> RefOr<Schema> {
    names_or_null(ExportProblem::ALL)
}

/// A list to write to a file.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    #[schema(schema_with = list)]
    pub list: String,
    /// The list's query string, without the question mark: filters, sort, columns and range as its page and its path
    /// here take them. Empty where nothing is given.
    #[schema(required = false)]
    pub query: String,
    #[schema(schema_with = format)]
    pub format: String,
}

/// A list that is written to a file.
#[derive(ToSchema)]
pub struct Export {
    pub id: i64,
    #[schema(schema_with = list)]
    pub list: String,
    /// The list's query string with its instant; empty where it may no longer be kept.
    pub query: String,
    #[schema(schema_with = format)]
    pub format: String,
    pub file_name: String,
    #[schema(schema_with = state)]
    pub state: String,
    /// Written so far; all where it is done.
    pub rows: i64,
    /// As many as the list has; null before that is known, and where only "more than" is.
    #[schema(required = true)]
    pub rows_total: Option<i64>,
    /// Size of the file; null until it is done.
    #[schema(required = true)]
    pub bytes: Option<i64>,
    /// Why there is no file.
    #[schema(schema_with = problem, required = true)]
    pub problem: Option<String>,
    /// The same in a sentence.
    #[schema(required = true)]
    pub detail: Option<String>,
    #[schema(format = DateTime)]
    pub created_at: String,
    #[schema(format = DateTime, required = true)]
    pub started_at: Option<String>,
    #[schema(format = DateTime, required = true)]
    pub finished_at: Option<String>,
    /// When it goes away.
    #[schema(format = DateTime)]
    pub expires_at: String,
}

#[derive(ToSchema)]
pub struct Exports {
    pub items: Vec<Export>,
}
