//! What of each route is written down. A route that is not declared here is not served, and a test looks at all of them.

use domain::access::AccessAction as Action;

/// Whether requests for a route are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    As(Action),
    /// Only where they are refused. The text says why.
    Nothing(&'static str),
}

use Logged::{As, Nothing};

/// Numbers of a whole organisation.
const FIGURES: Logged = Nothing("figures, nobody by name");
const NO_DATA: Logged = Nothing("no data");
const SETTINGS: Logged = Nothing("settings, nobody's data");
const OWN: Logged = Nothing("what the viewer chose, saved or asked for");
const NEWS: Logged = Nothing("a number that says that there is something new");
/// A route that is only posted to.
const NOT_READ: Logged = Nothing("nothing to read");

/// What a passkey is to answer.
const ASKED: Logged = Nothing("a random number; the answer is written down");

/// What reading a route shows.
const READ: &[(&str, Logged)] = &[
    ("/livez", NO_DATA),
    ("/readyz", NO_DATA),
    ("/v/{version}/{*path}", NO_DATA),
    ("/pkg/{*path}", NO_DATA),
    ("/assets/{*path}", NO_DATA),
    ("/favicon.ico", NO_DATA),
    ("/api/v1/openapi.json", NO_DATA),
    ("/api/docs", NO_DATA),
    ("/help/keyboard", NO_DATA),
    ("/no-role", NO_DATA),
    ("/sign-in", NO_DATA),
    ("/sign-in/demo", NOT_READ),
    ("/sign-in/second-step", NO_DATA),
    ("/sign-in/set-up-second-step", NO_DATA),
    ("/sign-in/passkey", NOT_READ),
    ("/sign-in/passkey/options", NOT_READ),
    ("/sign-in/set-up-second-step/passkey", NOT_READ),
    ("/sign-in/set-up-second-step/passkey/options", NOT_READ),
    ("/sign-in/oidc", Nothing("the way to the identity provider")),
    // Read by a browser, and a sign-in all the same.
    ("/sign-in/oidc/callback", As(Action::SignIn)),
    ("/sign-in/oidc/logout", NOT_READ),
    ("/sign-out", NOT_READ),
    ("/setup", NO_DATA),
    ("/live", NEWS),
    ("/live/exports", NEWS),
    ("/preferences", OWN),
    ("/preferences/sessions", NOT_READ),
    ("/preferences/sessions/{id}", NOT_READ),
    ("/preferences/factors", NOT_READ),
    ("/preferences/factors/totp", NOT_READ),
    ("/preferences/factors/passkeys/{id}", NOT_READ),
    ("/views", OWN),
    ("/exports", OWN),
    ("/exports/{id}/delete", NOT_READ),
    ("/exports/{id}/download", As(Action::Export)),
    ("/exports/{id}/about", Nothing("how a list is counted")),
    ("/views/{id}/rename", NOT_READ),
    ("/views/{id}/delete", NOT_READ),
    ("/", FIGURES),
    ("/overview", FIGURES),
    ("/sms-and-voice", FIGURES),
    ("/usage", FIGURES),
    ("/usage/applications", FIGURES),
    ("/reasons", FIGURES),
    ("/mfa/servers", Nothing("servers, nobody's data")),
    ("/users", As(Action::View)),
    ("/users/{id}", As(Action::ViewPerson)),
    ("/users/{id}/erase", As(Action::ViewPerson)),
    ("/events", As(Action::View)),
    ("/usage/users", As(Action::View)),
    ("/sign-ins", As(Action::View)),
    ("/sign-ins/{id}", As(Action::View)),
    ("/mfa/activity", As(Action::View)),
    ("/mfa/blocked-users", As(Action::View)),
    ("/mfa/bypassed-users", As(Action::View)),
    ("/mfa/fraud-alerts", As(Action::View)),
    ("/mfa/notes", NOT_READ),
    ("/lists/mfa-registered", As(Action::View)),
    ("/lists/mfa-not-registered", As(Action::View)),
    ("/lists/mfa-methods", As(Action::View)),
    ("/data", Nothing("files and sources, nobody's data")),
    // What could not be read stands there as it came.
    ("/data/{import}", As(Action::View)),
    ("/data/{import}/undo", Nothing("a question")),
    ("/settings/people", As(Action::View)),
    ("/settings/people/{id}", NOT_READ),
    ("/settings/tokens", SETTINGS),
    ("/settings/tokens/{id}/revoke", NOT_READ),
    ("/settings/sources", SETTINGS),
    ("/settings/sources/{id}", NOT_READ),
    ("/settings/sources/{id}/remove", NOT_READ),
    ("/settings/sources/{id}/test", NOT_READ),
    ("/settings/retention", SETTINGS),
    ("/settings/access-log", As(Action::View)),
    ("/api", NO_DATA),
    ("/api/", NO_DATA),
    ("/api/{*path}", NO_DATA),
    ("/api/v1/overview", FIGURES),
    ("/api/v1/overview/trend", FIGURES),
    ("/api/v1/sms-and-voice", FIGURES),
    ("/api/v1/usage", FIGURES),
    ("/api/v1/usage/applications", FIGURES),
    ("/api/v1/reasons", FIGURES),
    ("/api/v1/mfa/activity/summary", FIGURES),
    ("/api/v1/mfa/servers", Nothing("servers, nobody's data")),
    ("/api/v1/users", As(Action::View)),
    ("/api/v1/users/{id}", As(Action::ViewPerson)),
    ("/api/v1/users/{id}/erase", NOT_READ),
    ("/api/v1/events", As(Action::View)),
    ("/api/v1/usage/users", As(Action::View)),
    ("/api/v1/sign-ins", As(Action::View)),
    ("/api/v1/sign-ins/{id}", As(Action::View)),
    ("/api/v1/mfa/activity", As(Action::View)),
    ("/api/v1/mfa/blocked-users", As(Action::View)),
    ("/api/v1/mfa/bypassed-users", As(Action::View)),
    ("/api/v1/mfa/fraud-alerts", As(Action::View)),
    ("/api/v1/mfa/notes", NOT_READ),
    ("/api/v1/lists/mfa-registered", As(Action::View)),
    ("/api/v1/lists/mfa-not-registered", As(Action::View)),
    ("/api/v1/lists/mfa-methods", As(Action::View)),
    ("/api/v1/data", Nothing("files and sources, nobody's data")),
    ("/api/v1/data/{import}", As(Action::View)),
    ("/api/v1/data/{import}/undo", NOT_READ),
    ("/api/v1/ingest", NOT_READ),
    ("/api/v1/settings/retention", SETTINGS),
    ("/api/v1/settings/sources", SETTINGS),
    ("/api/v1/settings/access-log", As(Action::View)),
    ("/api/v1/settings/people", As(Action::View)),
    ("/api/v1/settings/tokens", SETTINGS),
    ("/api/v1/exports", OWN),
    ("/api/v1/exports/{id}", OWN),
    ("/api/v1/exports/{id}/file", As(Action::Export)),
    ("/api/v1/exports/{id}/about", Nothing("how a list is counted")),
    ("/api/v1/views", OWN),
    ("/api/v1/views/{id}", NOT_READ),
    ("/v1.0", NO_DATA),
    ("/beta", NO_DATA),
    ("/v1.0/$batch", NO_DATA),
    ("/beta/$batch", NO_DATA),
    ("/v1.0/{*path}", As(Action::View)),
    ("/beta/{*path}", As(Action::View)),
    ("/{directory}/oauth2/v2.0/token", NOT_READ),
];

/// What is posted and is no change. Everything else that is posted is one.
const POSTED: &[(&str, Logged)] = &[
    ("/sign-in", As(Action::SignIn)),
    ("/sign-in/demo", As(Action::SignIn)),
    ("/sign-in/second-step", As(Action::SignIn)),
    ("/sign-in/passkey", As(Action::SignIn)),
    ("/sign-in/passkey/options", ASKED),
    ("/sign-in/set-up-second-step/passkey/options", ASKED),
    ("/{directory}/oauth2/v2.0/token", As(Action::SignIn)),
    ("/sign-out", As(Action::SignOut)),
    ("/sign-in/oidc/logout", As(Action::SignOut)),
    ("/v1.0/$batch", As(Action::View)),
    ("/beta/$batch", As(Action::View)),
    // A body every few seconds for ever.
    ("/api/v1/ingest", Nothing("what a sender pushes within an hour is an import, and stands among these")),
    ("/api/v1/mfa/servers", Nothing("a sign of life of a server")),
];

/// Endings of routes that hand a list out as a file.
const FILES: &[&str] = &[".csv", ".xlsx", ".jsonl"];
/// How a list was counted: no rows.
const ABOUT: &str = ".txt";

/// What of a request is written down: `None` where nobody has declared the route.
#[must_use]
pub fn declared(route: &str, is_reading: bool) -> Option<Logged> {
    let of = |rules: &[(&str, Logged)]| rules.iter().find(|(path, _)| *path == route).map(|(_, logged)| *logged);
    let is_file = FILES.iter().any(|ending| route.ends_with(ending));
    let read = if is_file {
        Some(As(Action::Export))
    } else if route.ends_with(ABOUT) {
        Some(Nothing("how a list is counted"))
    } else {
        of(READ)
    };
    if is_reading { read } else { read.map(|_| of(POSTED).unwrap_or(As(Action::Change))) }
}
