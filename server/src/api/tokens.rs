use axum::extract::{RawQuery, State};
use axum::{Extension, Json};
use domain::instant::Instant;
use domain::query::Params;
use domain::role::Role;
use domain::viewer::Viewer;
use serde::Serialize;
use store::{TokenItem, TokenScope};

use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Bearer tokens.
#[derive(Debug, Serialize)]
pub struct Tokens {
    items: Vec<Token>,
}

/// A token without its secret.
#[derive(Debug, Serialize)]
struct Token {
    id: i64,
    name: String,
    hint: String,
    role: Option<Role>,
    created_at: Instant,
    expires_at: Instant,
    revoked_at: Option<Instant>,
    last_used_at: Option<Instant>,
}

impl From<TokenItem> for Token {
    fn from(item: TokenItem) -> Self {
        let role = match item.scope {
            TokenScope::Role(role) => Some(role),
            TokenScope::Ingest => None,
        };
        Self {
            id: item.id,
            name: item.name,
            hint: item.hint,
            role,
            created_at: item.created_at,
            expires_at: item.expires_at,
            revoked_at: item.revoked_at,
            last_used_at: item.last_used_at,
        }
    }
}

/// Every token that was ever made, without its secret: for Global Readers and Global Administrators.
///
/// Tokens are made and revoked at `/settings/tokens` and on the command line: no token makes another.
#[utoipa::path(
    get,
    path = "/api/v1/settings/tokens",
    operation_id = "list_tokens",
    tag = "settings",
    responses((status = OK, body = schemas::Tokens), super::schemas::Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    RawQuery(query): RawQuery,
) -> Result<Json<Tokens>, Problem> {
    Params::parse(&query.unwrap_or_default()).finish()?;
    let items = state.services.settings(&viewer)?.tokens().await?;
    Ok(Json(Tokens { items: items.into_iter().map(Token::from).collect() }))
}
