//! What a supervisor follows, in the text that Prometheus reads. It asks nobody who they are, so it has a listener of its
//! own; it says how many, and never who.

mod figures;
pub mod requests;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use domain::freshness::StaleAfter;
use domain::viewer::TenantId;
use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use store::Reader;

use self::figures::Figures;
use crate::clock::Clock;
use crate::state::AppState;

/// Begins the name of every metric.
const PREFIX: &str = "keyroll";
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

#[derive(Clone)]
struct Scraped {
    /// What this process has counted itself.
    counted: Arc<Registry>,
    reader: Reader,
    clock: Clock,
    stale_after: StaleAfter,
}

/// `GET /metrics`, and nothing else.
pub fn router(state: &AppState) -> Router {
    let mut counted = Registry::with_prefix(PREFIX);
    counted.register("build", "The program", Info::new([("version", env!("CARGO_PKG_VERSION"))]));
    state.requests.register(&mut counted);
    let (reader, ..) = state.services.console(TenantId::ONLY);
    let stale_after = state.site.stale_after;
    let scraped = Scraped { counted: Arc::new(counted), reader, clock: state.clock.clone(), stale_after };
    Router::new().route("/metrics", get(scrape)).with_state(scraped)
}

/// Figures are read at each scrape. Where they cannot be read nothing is said: half of it would look like the whole.
async fn scrape(State(scraped): State<Scraped>) -> Response {
    let figures = match Figures::read(&scraped.reader, scraped.clock.now(), scraped.stale_after).await {
        Ok(figures) => figures,
        Err(error) => {
            tracing::error!(%error, "the figures of a scrape could not be read");
            return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
        }
    };
    match text(&scraped.counted, &figures) {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the figures of a scrape could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn text(counted: &Registry, figures: &Figures) -> Result<String, std::fmt::Error> {
    let mut read = Registry::with_prefix(PREFIX);
    figures.register(&mut read);
    let mut text = String::new();
    encode_registry(&mut text, counted)?;
    encode_registry(&mut text, &read)?;
    encode_eof(&mut text)?;
    Ok(text)
}
