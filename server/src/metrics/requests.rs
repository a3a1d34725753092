//! Requests that were answered, counted by this process since its start.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Seconds until the head of an answer: from a small file to the limit of an answer.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];
/// Stands for paths that lead nowhere, so that strangers cannot make labels.
const NO_ROUTE: &str = "none";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    /// As the router has it, without what stands in its places: `/users/{id}`.
    route: String,
    method: &'static str,
    /// `2xx`
    status: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Took {
    route: String,
    method: &'static str,
}

/// Counts; clones count together.
#[derive(Debug, Clone)]
pub struct Requests {
    answered: Family<Answered, Counter>,
    took: Family<Took, Histogram>,
}

impl Default for Requests {
    fn default() -> Self {
        Self { answered: Family::default(), took: Family::new_with_constructor(|| Histogram::new(SECONDS)) }
    }
}

impl Requests {
    /// Counts one that was answered; `route` is `None` where no route was found.
    pub fn count(&self, route: Option<&str>, method: &Method, status: StatusCode, took: Duration) {
        let (route, method) = (route.unwrap_or(NO_ROUTE).to_owned(), name(method));
        let answered = Answered { route: route.clone(), method, status: class(status) };
        self.answered.get_or_create(&answered).inc();
        self.took.get_or_create(&Took { route, method }).observe(took.as_secs_f64());
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("http_requests", "Requests answered", self.answered.clone());
        let help = "Until the head of the answer";
        registry.register_with_unit("http_request_duration", help, Unit::Seconds, self.took.clone());
    }
}

/// Of the methods that are anybody's to choose, those that the program knows.
fn name(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}
