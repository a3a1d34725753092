//! The OpenAPI document, made from the routes; `docs/openapi.json` is its copy in the repository.

use std::sync::LazyLock;

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response as Answer};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, Ref, RefOr, ResponseBuilder};

/// Where the document is served, to everybody: it holds no data.
pub const PATH: &str = "/api/v1/openapi.json";

/// The name of the header, of the parameter and of the answer that conditional requests have among the components.
const TAG: &str = "ETag";
const IF_NONE_MATCH: &str = "IfNoneMatch";
const NOT_MODIFIED: &str = "NotModified";

/// Made once: nothing changes it while the program runs.
static FULL: LazyLock<OpenApi> = LazyLock::new(|| {
    let mut document = super::documented().into_openapi();
    for path in document.paths.paths.values_mut() {
        if let Some(operation) = &mut path.get {
            say_conditional(operation);
        }
        [&mut path.get, &mut path.post, &mut path.delete].into_iter().flatten().for_each(say_empty_is_absent);
    }
    document
});

/// `GET /api/v1/openapi.json`.
pub async fn document() -> Answer {
    // Nobody's data: anybody may keep it, and asks whether it is still the same.
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"))], Json(full())).into_response()
}

/// The whole document.
#[must_use]
pub fn full() -> &'static OpenApi {
    &FULL
}

/// The document as it stands in the repository.
///
/// # Errors
/// Never: the document can be written as JSON.
pub fn pretty() -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(full())? + "\n")
}

/// What is the same for all routes.
#[must_use]
pub fn base() -> OpenApi {
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of `keyroll token create --role …`: `kr_…`"))
        .build();
    let session = ApiKey::Cookie(ApiKeyValue::with_description(
        "__Host-session",
        "The session of a person who has signed in; the name is `session` on plain-http loopback",
    ));
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Keyroll")
                .version("1")
                .description(Some(
                    "Who has registered which authentication methods, who is able to use them, and what happens when \
                     they do. Instants are RFC 3339 in UTC with milliseconds. Errors are problem documents (RFC 9457).",
                ))
                .build(),
        )
        .components(Some(
            ComponentsBuilder::new()
                .security_scheme("token", SecurityScheme::Http(token))
                .security_scheme("session", SecurityScheme::ApiKey(session))
                .header(TAG, tag())
                .parameter(IF_NONE_MATCH, if_none_match())
                .response(NOT_MODIFIED, not_modified())
                .build(),
        ))
        .security(Some([
            SecurityRequirement::new("token", Vec::<String>::new()),
            SecurityRequirement::new("session", Vec::<String>::new()),
        ]))
        .build()
}

/// An empty value of a query counts as absent. utoipa has no name for saying so.
fn say_empty_is_absent(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        if parameter.parameter_in == ParameterIn::Query {
            let said = Extensions::from_iter([("allowEmptyValue", true)]);
            parameter.extensions.get_or_insert_default().merge(said);
        }
    }
}

/// What every path that is read says and takes besides (`layers/conditional.rs`).
fn say_conditional(operation: &mut Operation) {
    let parameter = Ref::new(format!("#/components/parameters/{IF_NONE_MATCH}"));
    operation.parameters.get_or_insert_default().push(RefOr::Ref(parameter));
    let responses = &mut operation.responses.responses;
    if let Some(RefOr::T(ok)) = responses.get_mut("200") {
        ok.headers.insert(TAG.to_owned(), RefOr::Ref(Ref::new(format!("#/components/headers/{TAG}"))));
    }
    responses.insert("304".to_owned(), RefOr::Ref(Ref::from_response_name(NOT_MODIFIED)));
}

fn tag() -> utoipa::openapi::header::Header {
    HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .description(Some(
            "Of this answer, weak. Another one when anything in it is another, but for the instants that follow from when \
             a report was asked: `as_of` and the ends of its window.",
        ))
        .build()
}

fn if_none_match() -> utoipa::openapi::path::Parameter {
    ParameterBuilder::new()
        .name("If-None-Match")
        .parameter_in(ParameterIn::Header)
        .schema(Some(ObjectBuilder::new().schema_type(Type::String).build()))
        .description(Some("`ETag` of an answer that one has already, or several: 304 where it is still the same."))
        .build()
}

fn not_modified() -> utoipa::openapi::Response {
    ResponseBuilder::new()
        .description("The answer is the one that `If-None-Match` names; it has no body.")
        .header_ref(TAG, Ref::new(format!("#/components/headers/{TAG}")))
        .build()
}
