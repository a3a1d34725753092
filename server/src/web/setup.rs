//! The form that makes the first person.

use app::pages::Notice;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use domain::access::{Actor, ActorKind};
use domain::role::Role;
use serde::Deserialize;
use store::{NewPerson, StepOf};

use crate::access::Witness;
use crate::auth::{secret, setup};
use crate::state::AppState;
use crate::web::error::WebError;
use crate::web::pages::{Asked, page_with_notice};
use crate::web::password::chosen;
use crate::web::second_step::lead;
use crate::web::sign_in::read_form;

#[derive(Deserialize)]
pub struct Setup {
    token: String,
    #[serde(default)]
    user_name: String,
    #[serde(default)]
    display_name: String,
    password: String,
}

/// `GET /setup?token=…`: the form, or that the link is used up.
pub async fn form(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let query = request.uri().query().unwrap_or("");
    let token = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "token").map(|(_, value)| value);
    if setup::is_valid(&state.services, &state.clock, token.as_deref().unwrap_or("")).await? {
        return super::pages::page(State(state), request).await;
    }
    let asked = Asked::of(&request);
    page_with_notice(&state, "/setup", asked, Notice::SetupLinkInvalid, StatusCode::GONE).await
}

/// `POST /setup`: makes the first Global Administrator, who goes on to set up a second factor.
pub async fn redeem(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    let (asked, headers, witness) = (Asked::of(&request), request.headers().clone(), Witness::of(&request));
    let form = read_form::<Setup>(request).await?;
    if !setup::is_valid(&state.services, &state.clock, &form.token).await? {
        return page_with_notice(&state, "/setup", asked, Notice::SetupLinkInvalid, StatusCode::GONE).await;
    }
    let (user_name, display_name) = (form.user_name.trim(), form.display_name.trim());
    let password = match problem(user_name, display_name) {
        Some(notice) => Err(notice),
        None => chosen(&state, form.password.clone(), &[user_name, display_name]).await?,
    };
    let password_hash = match password {
        Ok(hash) => hash,
        Err(notice) => {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("token", &form.token).finish();
            let uri = format!("/setup?{query}");
            return page_with_notice(&state, &uri, asked, notice, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let person = NewPerson {
        user_name: user_name.to_owned(),
        display_name: display_name.to_owned(),
        role: Role::GlobalAdministrator,
        password_hash,
        now: state.clock.now(),
    };
    let redeemed = state.services.identity().redeem_setup_link(secret::digest(&form.token), person).await?;
    match redeemed {
        Some(id) => {
            witness.is_by(Actor {
                kind: ActorKind::Person,
                id: Some(id),
                name: display_name.to_owned(),
                role: Some(Role::GlobalAdministrator),
            });
            let led = lead(&state, &headers, StepOf::Password(id), None).await?;
            led.ok_or(WebError::plain(StatusCode::CONFLICT))
        }
        None => page_with_notice(&state, "/setup", asked, Notice::SetupLinkInvalid, StatusCode::GONE).await,
    }
}

fn problem(user_name: &str, display_name: &str) -> Option<Notice> {
    if user_name.is_empty() {
        return Some(Notice::UserNameMissing);
    }
    display_name.is_empty().then_some(Notice::DisplayNameMissing)
}
