use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::query::{MfaMethodsQuery, MfaNotRegisteredQuery, MfaRegisteredQuery};
use domain::viewer::Viewer;

use super::list::answer;
use super::parameters::{ListParameters, MfaMethodsColumns, ReportParameters, UserNameColumns};
use super::problem::Problem;
use super::schemas;
use crate::state::AppState;

/// Who is registered for MFA, without disabled accounts: what the 2020 PowerShell command printed.
#[utoipa::path(
    get,
    path = "/api/v1/lists/mfa-registered",
    operation_id = "list_mfa_registered",
    tag = "lists",
    params(UserNameColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::UserNamePage), super::schemas::Problems)
)]
pub async fn mfa_registered(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, Problem> {
    answer::<MfaRegisteredQuery>(state, viewer, query).await
}

/// Who is not registered for MFA, without disabled accounts: what the 2020 PowerShell command printed.
#[utoipa::path(
    get,
    path = "/api/v1/lists/mfa-not-registered",
    operation_id = "list_mfa_not_registered",
    tag = "lists",
    params(UserNameColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::UserNamePage), super::schemas::Problems)
)]
pub async fn mfa_not_registered(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, Problem> {
    answer::<MfaNotRegisteredQuery>(state, viewer, query).await
}

/// Everybody, with the state of per-user MFA and the methods: what the 2020 PowerShell command printed.
#[utoipa::path(
    get,
    path = "/api/v1/lists/mfa-methods",
    operation_id = "list_mfa_methods",
    tag = "lists",
    params(MfaMethodsColumns, ListParameters, ReportParameters),
    responses((status = OK, body = schemas::MfaMethodsPage), super::schemas::Problems)
)]
pub async fn mfa_methods(
    state: State<AppState>,
    viewer: Extension<Viewer>,
    query: RawQuery,
) -> Result<Response, Problem> {
    answer::<MfaMethodsQuery>(state, viewer, query).await
}
