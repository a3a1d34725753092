//! `/v1.0` and `/beta`: the part of Microsoft Graph that is about sign-in, for clients that know Graph and only change
//! its address.
//!
//! * [`resource`]: paths; [`types`]: what is served, as Graph's metadata has it; [`paging`]: `$filter`, `$top` and links
//! * [`registration`], [`events`], [`sign_ins`], [`audits`], [`users`]: collections, each over the list that a page shows
//! * [`summaries`]: the functions; [`batch`], [`metadata`]; [`token`]: tokens as the identity platform hands them out
//!
//! A figure that is not known is left out of an entity: where Graph's types have no null, it is no answer either.

use std::any::Any;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, post};
use axum::{Extension, Json};
use domain::instant::Instant;
use domain::query::{Report, Span};
use domain::viewer::Viewer;
use domain::window::{Range, Window};
use odata::EntityType;
use serde_json::Value;
use store::Reader;
use tower_http::catch_panic::CatchPanicLayer;

use crate::access::{Rows, Witness};
use crate::auth::identify::{Caller, caller};
use crate::auth::reads;
use crate::layers::client_origin::ClientOrigin;
use crate::layers::request_id;
use crate::state::AppState;

mod audits;
mod batch;
mod bounds;
mod error;
mod events;
mod metadata;
mod methods;
mod paging;
mod registration;
mod resource;
mod sign_ins;
mod summaries;
mod token;
pub mod types;
mod users;

use error::GraphError;
use resource::Resource;

const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");
const ODATA_VERSION: HeaderName = HeaderName::from_static("odata-version");
/// The preference for members of enumerations that came after `unknownFutureValue`.
const UNKNOWN_MEMBERS: &str = "include-unknown-enum-members";
const JSON: &str = "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

domain::named! {
    pub enum Version {
        V1 => "v1.0",
        Beta => "beta",
    }
}

domain::named! {
    /// How far a summary reaches back.
    pub enum Period {
        D1 => "D1",
        D7 => "D7",
        D30 => "D30",
    }
}

impl Period {
    const fn range(self) -> Range {
        match self {
            Self::D1 => Range::Day,
            Self::D7 => Range::Week,
            Self::D30 => Range::Month,
        }
    }
}

/// A request for something under a version, with what is needed to answer it.
pub struct Asked {
    pub version: Version,
    /// As it was written, with the version.
    pub path: String,
    pub query: String,
    /// Scheme, host and port as the client has them.
    pub origin: String,
    pub now: Instant,
    pub reader: Reader,
    pub sees_conditional_access: bool,
    pub asks_for_unknown_members: bool,
}

impl Asked {
    fn new(
        state: &AppState,
        viewer: &Viewer,
        headers: &HeaderMap,
        origin: &ClientOrigin,
        version: Version,
        path: &str,
        query: &str,
    ) -> Self {
        Self {
            version,
            path: path.to_owned(),
            query: query.to_owned(),
            origin: origin.to_string(),
            now: state.clock.now(),
            reader: state.services.read(viewer),
            sees_conditional_access: viewer.role.may_see_conditional_access(),
            asks_for_unknown_members: asks_for_unknown_members(headers),
        }
    }

    fn resource(&self) -> Result<Resource, GraphError> {
        let inside = self.path.trim_start_matches('/').split_once('/').map_or("", |(_, inside)| inside);
        Resource::parse(self.version, inside)
    }

    /// The address of what an answer is a part of.
    #[must_use]
    pub fn context(&self, fragment: &str) -> String {
        format!("{}/{}/$metadata#{fragment}", self.origin, self.version)
    }

    /// A report over all there is, as of an instant.
    #[must_use]
    pub fn whole(as_of: Instant) -> Report {
        let window = Window { from: Instant::MIN, to: as_of.plus_millis(1) };
        Report { as_of_is_given: true, span: Span::Window(window), ..Report::new(as_of) }
    }

    /// One entity, with what is selected of it.
    ///
    /// # Errors
    /// An option is refused.
    fn single(&self, entity: EntityType, fragment: &str, json: Value) -> Result<Value, GraphError> {
        self.object(entity, &format!("{fragment}/$entity"), json)
    }

    /// An object with its context, and what is selected of it.
    fn object(&self, entity: EntityType, fragment: &str, json: Value) -> Result<Value, GraphError> {
        let query = odata::Query::parse(&self.query)?.bind(&entity)?;
        let json = types::cut(json, entity.properties, self.asks_for_unknown_members);
        let json = query.select.map_or(json.clone(), |select| select.project(&json));
        let mut object = serde_json::Map::from_iter([("@odata.context".to_owned(), self.context(fragment).into())]);
        if let Value::Object(properties) = json {
            object.extend(properties);
        }
        Ok(Value::Object(object))
    }
}

/// Everything under both versions.
pub fn router(state: &AppState) -> Router<AppState> {
    let mut router = Router::new();
    for version in Version::ALL.iter().copied() {
        let answer = move |state, viewer, origin, request| answer(version, state, viewer, origin, request);
        let batch = move |state, viewer, origin, witness, headers, body| {
            batch::answer(version, state, viewer, origin, witness, headers, body)
        };
        router = router
            .route(&format!("/{version}/$batch"), post(batch).fallback(answer))
            .route(&format!("/{version}"), any(answer))
            .route(&format!("/{version}/{{*path}}"), any(answer));
    }
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(state.clone(), identify))
        .layer(from_fn_with_state(state.clone(), number))
}

/// The way to a token. It takes a secret, no cookie: it is no form of ours that another site could send.
pub fn token_router() -> Router<AppState> {
    Router::new().route("/{directory}/oauth2/v2.0/token", post(token::token))
}

async fn answer(
    version: Version,
    State(state): State<AppState>,
    Extension(viewer): Extension<Viewer>,
    Extension(origin): Extension<ClientOrigin>,
    request: Request,
) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refusal(GraphError::only_get());
    }
    let uri = request.uri();
    let query = uri.query().unwrap_or_default();
    let asked = Asked::new(&state, &viewer, request.headers(), &origin, version, uri.path(), query);
    let resource = asked.resource();
    if resource == Ok(Resource::Metadata) {
        return metadata::answer(version);
    }
    let answer = match resource {
        Ok(resource) => read(&asked, resource).await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(body) => {
            let rows = body["value"].as_array().map(|items| Rows::of(items.len()));
            let mut response = Json(body).into_response();
            if let Some(rows) = rows {
                response.extensions_mut().insert(rows);
            }
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
            headers.insert(ODATA_VERSION, HeaderValue::from_static("4.0"));
            if asked.asks_for_unknown_members {
                headers.insert(PREFERENCE_APPLIED, HeaderValue::from_static(UNKNOWN_MEMBERS));
            }
            response
        }
        Err(error) => refusal(error),
    }
}

async fn read(asked: &Asked, resource: Resource) -> Result<Value, GraphError> {
    match resource {
        Resource::UserRegistrationDetails => registration::list(asked).await,
        Resource::UserRegistrationDetailsOf(id) => registration::of_one(asked, &id).await,
        Resource::CredentialUserRegistrationDetails => registration::list_of_2019(asked).await,
        Resource::Users => users::list(asked).await,
        Resource::User(id) => users::one(asked, &id).await,
        Resource::UserEventsSummary => events::summary(asked).await,
        Resource::UserCredentialUsageDetails => events::usage_details(asked).await,
        Resource::SignIns => sign_ins::list(asked).await,
        Resource::SignIn(id) => sign_ins::one(asked, &id).await,
        Resource::DirectoryAudits => audits::list(asked).await,
        Resource::DirectoryAudit(id) => audits::one(asked, &id).await,
        Resource::UsersRegisteredByFeature(included) => summaries::by_feature(asked, included).await,
        Resource::UsersRegisteredByMethod(included) => summaries::by_method(asked, included).await,
        Resource::CredentialUserRegistrationCount => summaries::registration_count(asked).await,
        Resource::CredentialUsageSummary(period) => summaries::credential_usage(asked, period).await,
        Resource::UserRegistrationActivity(period) => summaries::registration_activity(asked, period).await,
        Resource::UserMfaSignInSummary => summaries::mfa_sign_ins(asked).await,
        Resource::UserSignInsByAuthMethodSummary(period) => summaries::sign_ins_by_method(asked, period).await,
        Resource::UserPasswordResetsAndChangesSummary => summaries::password_resets_and_changes(asked).await,
        Resource::Metadata | Resource::Batch => Err(GraphError::only_get()),
    }
}

fn asks_for_unknown_members(headers: &HeaderMap) -> bool {
    let preferences = headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok());
    preferences.flat_map(|value| value.split([',', ';'])).any(|one| one.trim().eq_ignore_ascii_case(UNKNOWN_MEMBERS))
}

/// Whether a path is one of Graph's.
#[must_use]
pub fn is_path(path: &str) -> bool {
    let version = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    version.parse::<Version>().is_ok()
}

/// An answer that cannot be written into the access log.
#[must_use]
pub fn not_logged(request_id: &str) -> Response {
    let error = GraphError::not_logged();
    error.answer(error.body(request_id, request_id, ""))
}

/// A refusal on its way to [`number`], which writes it down with the request's number.
fn refusal(error: GraphError) -> Response {
    let mut response = error.status().into_response();
    response.extensions_mut().insert(error);
    response
}

/// For a handler that panicked.
fn panicked(panic: Box<dyn Any + Send>) -> Response {
    crate::layers::panic::log(panic.as_ref());
    refusal(GraphError::broken())
}

/// Lets nobody in but a viewer, before anything else of the request is looked at.
async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let error = match caller(&state, request.headers(), &Witness::of(&request)).await {
        Ok(Caller::Viewer(viewer, _)) => match reads::count(&state, &request) {
            Ok(()) => {
                request.extensions_mut().insert(viewer);
                return next.run(request).await;
            }
            Err(refused) => GraphError::too_many_reads(refused),
        },
        Ok(Caller::Sender(_)) => GraphError::denied("This token may only send records."),
        Ok(Caller::BadToken) => GraphError::bad_token(),
        Ok(Caller::RoleUnknown) => GraphError::role_unknown(),
        Ok(Caller::Nobody) => GraphError::unauthenticated(),
        Err(error) => error.into(),
    };
    refusal(error)
}

/// Gives each answer the request's number and the client's own, and refusals their body.
async fn number(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let id = request_id::of(&request);
    let clients = request.headers().get(CLIENT_REQUEST_ID).cloned();
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<GraphError>() {
        let clients = clients.as_ref().and_then(|value| value.to_str().ok()).unwrap_or(&id);
        let date = state.clock.now().timestamp().strftime("%Y-%m-%dT%H:%M:%S").to_string();
        response = error.answer(error.body(&id, clients, &date));
    }
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    if let Some(clients) = clients {
        headers.insert(CLIENT_REQUEST_ID, clients);
    }
    response
}
