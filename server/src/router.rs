//! Every route and every layer, in order. Nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state, map_request};
use axum::routing::{get, post};
use leptos_axum::LeptosRoutes as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::access::routes::methods;
use crate::api;
use crate::auth::identify::{look_for_pages, require_for_api, require_for_pages};
use crate::auth::oidc::{CALLBACK, LOGOUT};
use crate::graph_api;
use crate::layers::{
    access_log, api_refusals, client_origin, conditional, measured, panic, request_id, same_origin, security_headers,
};
use crate::state::AppState;
use crate::web::{
    assets, downloads, erase, exports, factors, health, live, notes, oidc, pages, passkeys, password, people,
    preferences, rejected, retention, second_step, sessions, setup, sign_in, sources, tables, tokens, undo, upload,
    views,
};

/// Only forms and a few lines of JSON are posted.
const BODY_BYTES: usize = 64 << 10;
/// Until the head of the answer is there; a download may take longer for its body.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// Pages for everybody who has signed in. What each shows is `app`'s.
pub const PAGES: &[&str] = &[
    "/",
    "/overview",
    "/sms-and-voice",
    "/users",
    "/users/{id}",
    "/events",
    "/usage",
    "/usage/users",
    "/usage/applications",
    "/sign-ins",
    "/sign-ins/{id}",
    "/mfa/activity",
    "/mfa/blocked-users",
    "/mfa/bypassed-users",
    "/mfa/fraud-alerts",
    "/mfa/servers",
    "/lists/mfa-registered",
    "/lists/mfa-not-registered",
    "/lists/mfa-methods",
    "/reasons",
    "/data",
    "/data/{import}",
    "/help/keyboard",
    "/api/docs",
    "/views",
    "/exports",
];
/// Pages for those who may see settings; they say so themselves.
const SETTINGS: &[&str] = &["/settings/access-log"];

/// The whole program as one service.
pub fn router(state: AppState) -> Router {
    let open = Router::new()
        .route("/livez", get(health::livez))
        .route("/readyz", get(health::readyz))
        .route("/v/{version}/{*path}", get(assets::versioned))
        .route("/pkg/{*path}", get(assets::package))
        .route("/assets/{*path}", get(assets::asset))
        .route("/favicon.ico", get(assets::favicon))
        .route(api::openapi::PATH, get(api::openapi::document).layer(from_fn(conditional::answer)));

    let before_sign_in = Router::new()
        .route("/sign-in", get(pages::page).post(sign_in::sign_in))
        .route("/sign-in/demo", post(sign_in::demo_sign_in))
        .route(second_step::CODE, get(second_step::code_page).post(second_step::code))
        .route(second_step::SET_UP, get(second_step::set_up_page).post(second_step::set_up))
        .route(passkeys::ASK, post(passkeys::ask))
        .route(passkeys::SIGN_IN, post(passkeys::sign_in))
        .route(passkeys::ASK_NEW, post(passkeys::ask_new))
        .route(passkeys::ADD, post(passkeys::add))
        .route("/sign-in/oidc", get(oidc::begin))
        .route(CALLBACK, get(oidc::callback))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/setup", get(setup::form).post(setup::redeem))
        // A page whose session has ended asks once more, and is told so.
        .route("/live", get(live::live))
        .route("/live/exports", get(live::exports))
        .layer(from_fn_with_state(state.clone(), look_for_pages));

    let mut for_viewers = downloads::routes()
        .merge(tables::routes())
        .merge(rejected::routes())
        .route("/no-role", get(pages::page))
        .route("/preferences", get(pages::page).post(preferences::change));
    for page in PAGES.iter().chain(SETTINGS) {
        for_viewers = for_viewers.route(page, get(pages::page));
    }
    let for_viewers = for_viewers
        .route("/exports", post(exports::begin))
        .route("/exports/{id}/delete", post(exports::delete))
        .route("/exports/{id}/download", get(exports::download))
        .route("/exports/{id}/about", get(exports::about))
        .route("/views", post(views::save))
        .route("/views/{id}/rename", post(views::rename))
        .route("/views/{id}/delete", post(views::delete))
        .route("/mfa/notes", post(notes::add))
        .route("/preferences/sessions", post(sessions::end_others))
        .route("/preferences/sessions/{id}", post(sessions::change))
        .route("/preferences/password", post(password::change))
        .route("/preferences/factors", post(factors::add))
        .route("/preferences/factors/totp", post(factors::change_app))
        .route("/preferences/factors/passkeys/{id}", post(factors::change_passkey))
        .route("/settings/tokens", get(pages::page).post(tokens::create))
        .route("/settings/tokens/{id}/revoke", post(tokens::revoke))
        .route("/settings/people", get(pages::page))
        .route("/settings/people/{id}", post(people::change))
        .route("/settings/sources", get(pages::page).post(sources::add))
        .route("/settings/sources/{id}", post(sources::change))
        .route("/settings/sources/{id}/remove", post(sources::remove))
        .route("/settings/sources/{id}/test", post(sources::test))
        .route("/data/{import}/undo", get(pages::page).post(undo::begin))
        .route("/settings/retention", get(pages::page).post(retention::set))
        .route("/users/{id}/erase", get(pages::page).post(erase::begin))
        // Also starts Leptos' executor; our pages need no route list, and there are no server functions.
        .leptos_routes_with_context(&state, Vec::new(), || (), || ())
        .fallback(pages::page)
        .layer(from_fn_with_state(state.clone(), require_for_pages));

    // Takes as much and as long as it is given; what it reads is bounded by whoever reads it.
    let api_for_bodies = api::router_for_bodies()
        .layer(CatchPanicLayer::custom(api::problem::panic_answer))
        .layer(from_fn_with_state(state.clone(), require_for_api));
    let forms_for_bodies =
        Router::new().route("/data", post(upload::upload)).layer(from_fn_with_state(state.clone(), require_for_pages));

    let api = api::router()
        .layer(from_fn(conditional::answer))
        .layer(CatchPanicLayer::custom(api::problem::panic_answer))
        .layer(from_fn_with_state(state.clone(), require_for_api));

    open.merge(before_sign_in)
        .merge(api)
        .merge(graph_api::router(&state))
        .merge(for_viewers)
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, ANSWER_WITHIN))
        .merge(api_for_bodies)
        .merge(forms_for_bodies)
        // From the innermost to the outermost: a request meets the last one first.
        .layer(from_fn_with_state(state.clone(), same_origin::enforce))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(api_refusals::put))
        .merge(graph_api::token_router())
        .route(LOGOUT, post(oidc::logout))
        .layer(CatchPanicLayer::custom(panic::answer))
        .layer(from_fn_with_state(state.clone(), access_log::write))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(from_fn_with_state(state.clone(), security_headers::add))
        .layer(PropagateRequestIdLayer::new(request_id::HEADER))
        .layer(TraceLayer::new_for_http().make_span_with(request_id::span))
        .layer(SetRequestIdLayer::new(request_id::HEADER, request_id::NewRequestId))
        .layer(map_request(request_id::forget))
        .layer(from_fn_with_state(state.clone(), client_origin::put))
        .layer(from_fn_with_state(state.clone(), measured::count))
        .with_state(state)
}

/// Every route of the program. axum tells them to whoever debugs it, and nobody else; a test knows some of them.
#[must_use]
pub fn routes(router: &Router) -> BTreeSet<String> {
    let told = format!("{router:?}");
    // Some are of axum's own making, for paths that no route has.
    let is_ours = |text: &&str| text.starts_with('/') && !text.contains("__private");
    told.split('"').skip(1).step_by(2).filter(is_ours).map(str::to_owned).collect()
}

/// The routes of which nobody has declared who may ask for them.
#[must_use]
pub fn undeclared(router: &Router) -> Vec<String> {
    routes(router).into_iter().filter(|route| methods(route).is_empty()).collect()
}
