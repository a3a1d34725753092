//! The OpenAPI document, made from the routes; `docs/openapi.json` is its copy in the repository.

use axum::Json;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, RefOr};

/// Where the document is served, to everybody: it holds no data.
pub const PATH: &str = "/api/v1/openapi.json";

/// `GET /api/v1/openapi.json`.
pub async fn document() -> Json<OpenApi> {
    Json(full())
}

/// The whole document.
#[must_use]
pub fn full() -> OpenApi {
    let mut document = super::documented().into_openapi();
    for path in document.paths.paths.values_mut() {
        let operations = [&mut path.get, &mut path.post, &mut path.delete].into_iter().flatten();
        for parameter in operations.flat_map(|operation| operation.parameters.iter_mut().flatten()) {
            let RefOr::T(parameter) = parameter else { continue };
            if parameter.parameter_in == ParameterIn::Query {
                // An empty value counts as absent. utoipa has no name for saying so.
                let said = Extensions::from_iter([("allowEmptyValue", true)]);
                parameter.extensions.get_or_insert_default().merge(said);
            }
        }
    }
    document
}

/// The document as it stands in the repository.
///
/// # Errors
/// Never: the document can be written as JSON.
pub fn pretty() -> Result<String, serde_json::Error> {
    Ok(serde_json::to_string_pretty(&full())? + "\n")
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
                .build(),
        ))
        .security(Some([
            SecurityRequirement::new("token", Vec::<String>::new()),
            SecurityRequirement::new("session", Vec::<String>::new()),
        ]))
        .build()
}
