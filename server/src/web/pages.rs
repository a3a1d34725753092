//! From a request to a page: tells `app` who asks and what for.

use std::sync::Arc;

use app::pages::{Notice, RequestContext, SecondStep, SourcesAnswer, TokenMade};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::Response;
use domain::preferences::Preferences;
use domain::viewer::Viewer;
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use store::session_id;

use crate::api::reference::reference;
use crate::auth::{secret, session};
use crate::layers::request_id;
use crate::state::AppState;
use crate::web::assets;
use crate::web::error::WebError;
use crate::web::language;

/// Pages that say what a form came to.
const WITH_NOTICE: [&str; 6] = ["/sign-in", "/preferences", "/views", "/exports", "/data", "/settings/sources"];

/// Any page: `app` decides by the path, also that there is none.
pub async fn page(State(state): State<AppState>, request: Request) -> Result<Response, WebError> {
    if !request.method().is_safe() {
        return Err(WebError::plain(StatusCode::METHOD_NOT_ALLOWED));
    }
    let notice = notice_in_url(request.uri());
    Ok(render(&state, request, Told { notice, ..Told::default() }).await)
}

/// A form that was accepted leads to a page whose URL names what it came to.
fn notice_in_url(uri: &Uri) -> Option<Notice> {
    if !WITH_NOTICE.contains(&uri.path()) {
        return None;
    }
    let query = uri.query()?;
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "notice")
        .and_then(|(_, name)| Notice::from_name(&name))
}

/// A page after a form that was not accepted.
pub async fn page_with_notice(
    state: &AppState,
    uri: &str,
    asked: Asked,
    notice: Notice,
    status: StatusCode,
) -> Result<Response, WebError> {
    page_again(state, uri, asked, Told { notice: Some(notice), ..Told::default() }, status).await
}

/// The page of connected tenants, with what its form came to.
pub async fn page_with_sources(
    state: &AppState,
    uri: &str,
    asked: Asked,
    answer: Arc<SourcesAnswer>,
    status: StatusCode,
) -> Result<Response, WebError> {
    page_again(state, uri, asked, Told { sources: Some(answer), ..Told::default() }, status).await
}

/// A page that shows a token that has just been made.
pub async fn page_with_token(
    state: &AppState,
    uri: &str,
    asked: Asked,
    token: TokenMade,
) -> Result<Response, WebError> {
    page_again(state, uri, asked, Told { token: Some(Arc::new(token)), ..Told::default() }, StatusCode::OK).await
}

/// A page of a sign-in that is under way.
pub async fn page_with_step(
    state: &AppState,
    uri: &str,
    asked: Asked,
    notice: Option<Notice>,
    step: SecondStep,
    status: StatusCode,
) -> Result<Response, WebError> {
    page_again(state, uri, asked, Told { notice, step: Some(Arc::new(step)), ..Told::default() }, status).await
}

/// What a form came to.
#[derive(Default)]
pub struct Told {
    notice: Option<Notice>,
    sources: Option<Arc<SourcesAnswer>>,
    token: Option<Arc<TokenMade>>,
    step: Option<Arc<SecondStep>>,
}

/// A page for somebody who asked for something else.
///
/// # Errors
/// The address is none.
pub async fn page_again(
    state: &AppState,
    uri: &str,
    asked: Asked,
    told: Told,
    status: StatusCode,
) -> Result<Response, WebError> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = Method::GET;
    *request.uri_mut() = uri.parse::<Uri>().map_err(WebError::internal)?;
    if let Some(nonce) = asked.nonce {
        request.extensions_mut().insert(nonce);
    }
    if let Some(viewer) = asked.viewer {
        request.extensions_mut().insert(viewer);
    }
    if let Some(preferences) = asked.preferences {
        request.extensions_mut().insert(preferences);
    }
    if let Some(languages) = asked.languages {
        request.headers_mut().insert(header::ACCEPT_LANGUAGE, languages);
    }
    if let Some(cookies) = asked.cookies {
        request.headers_mut().insert(header::COOKIE, cookies);
    }
    let mut response = render(state, request, told).await;
    *response.status_mut() = status;
    Ok(response)
}

/// What a form's handler keeps of its request, to draw the page again.
#[derive(Debug, Clone)]
pub struct Asked {
    nonce: Option<Nonce>,
    viewer: Option<Viewer>,
    preferences: Option<Preferences>,
    /// `Accept-Language`
    languages: Option<HeaderValue>,
    /// The session is among them.
    cookies: Option<HeaderValue>,
}

impl Asked {
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let extensions = request.extensions();
        let header = |name| request.headers().get(name).cloned();
        Self {
            nonce: extensions.get().cloned(),
            viewer: extensions.get().cloned(),
            preferences: extensions.get().cloned(),
            languages: header(header::ACCEPT_LANGUAGE),
            cookies: header(header::COOKIE),
        }
    }
}

async fn render(state: &AppState, request: Request, told: Told) -> Response {
    let nonce = request.extensions().get::<Nonce>().cloned().unwrap_or_default();
    let accepted = language::accepted(request.headers());
    let session = session::from_headers(request.headers(), &state.public_url);
    let session = session.map(|text| session_id(secret::digest(&text)));
    let viewer = request.extensions().get::<Viewer>().cloned();
    // Before anything of the page is read: what changes meanwhile is another number.
    let change = match &viewer {
        Some(viewer) => state.services.change_number(viewer.tenant).await.ok(),
        None => None,
    };
    let context = RequestContext {
        services: state.services.clone(),
        viewer,
        change,
        now: state.clock.now(),
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or("").to_owned(),
        settings: state.site.clone(),
        version: assets::version(),
        preferences: request.extensions().get::<Preferences>().cloned().unwrap_or_default(),
        accepted,
        notice: told.notice,
        session,
        sources: told.sources,
        token_made: told.token,
        step: told.step,
        has_passkeys: state.public_url.passkey_name().is_some(),
        request_id: request_id::of(&request),
        public_url: state.public_url.to_string(),
        api: reference(),
    };
    let provide = move || {
        provide_context(context.clone());
        provide_context(nonce.clone());
    };
    let options = state.leptos.clone();
    let answer = leptos_axum::render_app_async_with_context(provide, move || app::pages::shell(options.clone()));
    answer(request).await
}
