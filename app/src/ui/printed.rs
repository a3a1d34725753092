//! What a sheet of paper has to say of itself: whose figures, of when, in which zone, printed when.

use domain::query::Report;
use leptos::prelude::*;

use crate::address::Address;
use crate::language::{Ui, t};
use crate::pages::RequestContext;

/// Pages about no instant at all.
const TIMELESS: &[&str] = &["/data", "/preferences", "/help"];
/// Pages about an instant, without a window of events.
const INSTANT: &[&str] = &["/users", "/sign-ins/"];

/// Seen on paper only.
pub fn line(ui: &Ui, context: &RequestContext) -> AnyView {
    let is_under = |paths: &[&str]| paths.iter().any(|path| context.path.starts_with(path));
    let mut query = Address::new("", &context.query);
    let others: Vec<String> = query
        .pairs()
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| !matches!(name.as_str(), "range" | "from" | "to" | "as_of"))
        .collect();
    query = query.without(&others.iter().map(String::as_str).collect::<Vec<_>>());
    // A page that complains of these has no figures.
    let report = Report::parse(&query.query(), context.now).ok().filter(|_| !is_under(TIMELESS));
    let organisation = Some(context.settings.organisation.clone()).filter(|name| !name.is_empty());
    let window = report.as_ref().filter(|_| !is_under(INSTANT)).map(|report| ui.window(report.window()));
    let as_of = report.map(|report| t!(ui, print.as_of, at = ui.time(report.as_of)));
    let parts = [
        organisation,
        window,
        as_of,
        Some(t!(ui, overview.zone, zone = ui.zone_name.clone())),
        Some(t!(ui, print.printed, at = ui.time(context.now))),
    ];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! { <p class="printed">{t!(ui, app.name)} " · " {text}</p> }.into_any()
}
