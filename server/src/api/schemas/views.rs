//! Saved views.

use domain::view::ViewPage;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use super::names;

fn view_page() -> RefOr<Schema> {
    names(ViewPage::ALL)
}

/// A view to save.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewView {
    #[schema(
        min_length = 1,
        max_length = 80,
        pattern = "^\\s*[^\\u0000-\\u001F\\u007F-\\u009F]*[^\\u0000-\\u001F\\u007F-\\u009F\\s][^\\u0000-\\u001F\\u007F-\\u009F]*\\s*$"
    )]
    pub name: String,
    #[schema(schema_with = view_page)]
    pub page: String,
    /// The page's query string, without the question mark; empty where nothing is given.
    #[schema(required = false)]
    pub query: String,
    /// Whether everybody with a role sees it; no where nothing is given.
    #[schema(required = false)]
    pub shared: bool,
}

/// A saved view.
#[derive(ToSchema)]
pub struct SavedView {
    pub id: i64,
    pub name: String,
    #[schema(schema_with = view_page)]
    pub page: String,
    /// The page's query string.
    pub query: String,
    pub shared: bool,
    /// Who saved it: a person's name, or a role's.
    pub author: String,
    /// Whether the caller may rename and delete it.
    pub may_change: bool,
    /// False where the page no longer takes the query.
    pub works: bool,
    #[schema(format = DateTime)]
    pub created_at: String,
}

#[derive(ToSchema)]
pub struct SavedViews {
    pub items: Vec<SavedView>,
}
