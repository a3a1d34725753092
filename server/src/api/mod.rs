//! `/api/v1`: what the pages show, as JSON. One file per family of paths; each lists its parameters and answers beside
//! its handler, and `routes!` makes route and OpenAPI document from the same place.

use axum::Router;
use axum::routing::any;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::AppState;

pub mod access_log;
pub mod data;
pub mod events;
pub mod exports;
pub mod ingest;
pub mod list;
pub mod lists;
pub mod mfa;
pub mod notes;
pub mod openapi;
pub mod overview;
pub mod parameters;
pub mod people;
pub mod problem;
pub mod reasons;
pub mod reference;
pub mod retention;
pub mod schemas;
pub mod servers;
pub mod sign_ins;
pub mod sms_and_voice;
pub mod sources;
pub mod tokens;
pub mod usage;
pub mod users;
pub mod views;

/// All routes together with what they say of themselves.
#[must_use]
pub fn documented() -> OpenApiRouter<AppState> {
    documented_for_answers().merge(documented_for_bodies())
}

fn documented_for_answers() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::base())
        .routes(routes!(overview::get))
        .routes(routes!(overview::trend))
        .routes(routes!(sms_and_voice::get))
        .routes(routes!(users::list))
        .routes(routes!(users::get))
        .routes(routes!(events::list))
        .routes(routes!(usage::get))
        .routes(routes!(usage::users))
        .routes(routes!(usage::applications))
        .routes(routes!(sign_ins::list))
        .routes(routes!(sign_ins::get))
        .routes(routes!(mfa::activity))
        .routes(routes!(mfa::activity_summary))
        .routes(routes!(mfa::blocked_users))
        .routes(routes!(mfa::bypassed_users))
        .routes(routes!(mfa::fraud_alerts))
        .routes(routes!(servers::list, servers::heartbeat))
        .routes(routes!(notes::add))
        .routes(routes!(lists::mfa_registered))
        .routes(routes!(lists::mfa_not_registered))
        .routes(routes!(lists::mfa_methods))
        .routes(routes!(reasons::list))
        .routes(routes!(data::list))
        .routes(routes!(data::get))
        .routes(routes!(sources::list))
        .routes(routes!(data::undo))
        .routes(routes!(people::list))
        .routes(routes!(tokens::list))
        .routes(routes!(retention::list, retention::set))
        .routes(routes!(access_log::list))
        .routes(routes!(retention::erase))
        .routes(routes!(exports::list, exports::begin))
        .routes(routes!(exports::get, exports::delete))
        .routes(routes!(exports::file))
        .routes(routes!(exports::about))
        .routes(routes!(views::list, views::save))
        .routes(routes!(views::delete))
}

/// Paths that take bodies of any length, for as long as it takes.
fn documented_for_bodies() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(ingest::ingest))
}

/// Routes that take bodies of any length.
pub fn router_for_bodies() -> Router<AppState> {
    let (router, _) = documented_for_bodies().split_for_parts();
    router.method_not_allowed_fallback(problem::method_not_allowed)
}

/// Every other route under `/api` but the document's own.
pub fn router() -> Router<AppState> {
    let (router, _) = documented_for_answers().split_for_parts();
    router
        .method_not_allowed_fallback(problem::method_not_allowed)
        .route("/api", any(problem::not_found))
        .route("/api/", any(problem::not_found))
        .route("/api/{*path}", any(problem::not_found))
}
