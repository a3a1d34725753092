//! Tokens as the identity platform hands them out, for clients that ask there first: the secret of the client is a token
//! of Keyroll's, and is what they get.

use axum::extract::{RawForm, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use domain::access::Actor;
use serde_json::json;
use store::Bearer;

use crate::access::Witness;
use crate::auth::secret;
use crate::state::AppState;

/// As at Microsoft. The token itself is good until it expires or is revoked.
const SECONDS: u32 = 3599;

/// `POST /{directory}/oauth2/v2.0/token` with `grant_type=client_credentials` and the token as `client_secret`.
pub async fn token(
    State(state): State<AppState>,
    Extension(witness): Extension<Witness>,
    RawForm(form): RawForm,
) -> Response {
    let field = |name: &str| {
        form_urlencoded::parse(&form).find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
    };
    if field("grant_type").as_deref() != Some("client_credentials") {
        let why = "AADSTS70003: only the grant type client_credentials is supported.";
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", 70003, why);
    }
    let given = field("client_secret").filter(|secret| secret::is_well_formed_token(secret));
    let known = match &given {
        None => Ok(None),
        Some(token) => state.services.identity().token(secret::digest(token), state.clock.now()).await,
    };
    match (known, given) {
        (Ok(Some(bearer)), Some(token)) => {
            witness.is_by(match &bearer {
                Bearer::Viewer { viewer, token_id } => Actor::of_token(viewer, *token_id),
                Bearer::Sender(sender) => Actor::of_sender(sender),
            });
            let granted = json!({
                "token_type": "Bearer",
                "expires_in": SECONDS,
                "ext_expires_in": SECONDS,
                "access_token": token,
            });
            ([(header::CACHE_CONTROL, "no-store")], Json(granted)).into_response()
        }
        (Ok(_), _) => {
            let why = "AADSTS7000215: the client secret has to be a token of Keyroll's that is good.";
            refused(StatusCode::UNAUTHORIZED, "invalid_client", 7_000_215, why)
        }
        (Err(error), _) => {
            tracing::error!(%error, "the store failed");
            let why = "AADSTS90033: a transient error has occurred. Try again.";
            refused(StatusCode::SERVICE_UNAVAILABLE, "temporarily_unavailable", 90033, why)
        }
    }
}

fn refused(status: StatusCode, error: &str, code: u32, why: &str) -> Response {
    (status, Json(json!({"error": error, "error_description": why, "error_codes": [code]}))).into_response()
}
