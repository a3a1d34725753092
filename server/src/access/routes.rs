//! Every route with its methods: who may ask, and what of it is written down. One declaration for both: what stands here
//! nowhere is not served, and `auth/identify.rs` lets nobody pass whom it does not name. Services look again.

use axum::http::Method;
use domain::access::AccessAction as Action;
use domain::role::Role;

/// Who may ask. What somebody sees of an answer is the services' to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Also who has not signed in.
    Anyone,
    /// Whose sign-in is under way, in that browser: no role makes up for it.
    Step,
    /// Whoever has a role.
    Viewer,
    /// Who may operate, and tokens that may only send.
    Send,
    /// Who may import and review.
    Operate,
    ReadSettings,
    Administer,
}

use Right::{Administer, Anyone, Operate, ReadSettings, Send, Step, Viewer};

impl Right {
    #[must_use]
    pub const fn is_of(self, role: Role) -> bool {
        match self {
            Anyone | Viewer => true,
            Step => false,
            Send | Operate => role.may_operate(),
            ReadSettings => role.may_read_settings(),
            Administer => role.may_administer(),
        }
    }

    /// The roles that have it.
    #[must_use]
    pub fn needs(self) -> Vec<Role> {
        Role::ALL.iter().copied().filter(|role| self.is_of(*role)).collect()
    }
}

/// Whether requests for a route are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Logged {
    As(Action),
    /// Only where they are refused. The text says why.
    Nothing(&'static str),
}

use Logged::{As, Nothing};

/// A method of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    pub logged: Logged,
    pub right: Right,
}

const GET: &str = "GET";
const POST: &str = "POST";
const DELETE: &str = "DELETE";
/// For paths that are none: whoever may ask is told so, whatever the method.
const ANY: &str = "*";

const CHANGE: Logged = As(Action::Change);
/// Numbers of a whole organisation.
const FIGURES: Logged = Nothing("figures, nobody by name");
const NO_DATA: Logged = Nothing("no data");
const SETTINGS: Logged = Nothing("settings, nobody's data");
const OWN: Logged = Nothing("what the viewer chose, saved or asked for");
const NEWS: Logged = Nothing("a number that says that there is something new");

/// What a passkey is to answer.
const ASKED: Logged = Nothing("a random number; the answer is written down");

/// Method, path, what is written down, who may.
const ROUTES: &[(&str, &str, Logged, Right)] = &[
    (GET, "/livez", NO_DATA, Anyone),
    (GET, "/readyz", NO_DATA, Anyone),
    (GET, "/v/{version}/{*path}", NO_DATA, Anyone),
    (GET, "/pkg/{*path}", NO_DATA, Anyone),
    (GET, "/assets/{*path}", NO_DATA, Anyone),
    (GET, "/favicon.ico", NO_DATA, Anyone),
    (GET, "/api/v1/openapi.json", NO_DATA, Anyone),
    (GET, "/api/docs", NO_DATA, Viewer),
    (GET, "/help/keyboard", NO_DATA, Viewer),
    (GET, "/no-role", NO_DATA, Viewer),
    (GET, "/sign-in", NO_DATA, Anyone),
    (POST, "/sign-in", As(Action::SignIn), Anyone),
    (POST, "/sign-in/demo", As(Action::SignIn), Anyone),
    (GET, "/sign-in/second-step", NO_DATA, Step),
    (POST, "/sign-in/second-step", As(Action::SignIn), Step),
    (GET, "/sign-in/set-up-second-step", NO_DATA, Step),
    (POST, "/sign-in/set-up-second-step", CHANGE, Step),
    (POST, "/sign-in/set-up-second-step/passkey", CHANGE, Step),
    (POST, "/sign-in/set-up-second-step/passkey/options", ASKED, Step),
    // The passkey decides.
    (POST, "/sign-in/passkey", As(Action::SignIn), Anyone),
    (POST, "/sign-in/passkey/options", ASKED, Anyone),
    (GET, "/sign-in/oidc", Nothing("the way to the identity provider"), Anyone),
    // Read by a browser, and a sign-in all the same.
    (GET, "/sign-in/oidc/callback", As(Action::SignIn), Anyone),
    (POST, "/sign-in/oidc/logout", As(Action::SignOut), Anyone),
    (POST, "/sign-out", As(Action::SignOut), Anyone),
    (GET, "/setup", NO_DATA, Anyone),
    (POST, "/setup", CHANGE, Anyone),
    (GET, "/live", NEWS, Anyone),
    (GET, "/live/exports", NEWS, Anyone),
    (GET, "/preferences", OWN, Viewer),
    (POST, "/preferences", CHANGE, Viewer),
    (POST, "/preferences/sessions", CHANGE, Viewer),
    (POST, "/preferences/sessions/{id}", CHANGE, Viewer),
    (POST, "/preferences/password", CHANGE, Viewer),
    (POST, "/preferences/factors", CHANGE, Viewer),
    (POST, "/preferences/factors/totp", CHANGE, Viewer),
    (POST, "/preferences/factors/passkeys/{id}", CHANGE, Viewer),
    (GET, "/views", OWN, Viewer),
    (POST, "/views", CHANGE, Viewer),
    (GET, "/exports", OWN, Viewer),
    (POST, "/exports", CHANGE, Viewer),
    (POST, "/exports/{id}/delete", CHANGE, Viewer),
    (GET, "/exports/{id}/download", As(Action::Export), Viewer),
    (GET, "/exports/{id}/about", Nothing("how a list is counted"), Viewer),
    (POST, "/views/{id}/rename", CHANGE, Viewer),
    (POST, "/views/{id}/delete", CHANGE, Viewer),
    (GET, "/", FIGURES, Viewer),
    (GET, "/overview", FIGURES, Viewer),
    (GET, "/sms-and-voice", FIGURES, Viewer),
    (GET, "/usage", FIGURES, Viewer),
    (GET, "/usage/applications", FIGURES, Viewer),
    (GET, "/reasons", FIGURES, Viewer),
    (GET, "/mfa/servers", Nothing("servers, nobody's data"), Viewer),
    (GET, "/users", As(Action::View), Viewer),
    (GET, "/users/{id}", As(Action::ViewPerson), Viewer),
    (GET, "/users/{id}/erase", As(Action::ViewPerson), Administer),
    (POST, "/users/{id}/erase", CHANGE, Administer),
    (GET, "/events", As(Action::View), Viewer),
    (GET, "/usage/users", As(Action::View), Viewer),
    (GET, "/sign-ins", As(Action::View), Viewer),
    (GET, "/sign-ins/{id}", As(Action::View), Viewer),
    (GET, "/mfa/activity", As(Action::View), Viewer),
    (GET, "/mfa/blocked-users", As(Action::View), Viewer),
    (GET, "/mfa/bypassed-users", As(Action::View), Viewer),
    (GET, "/mfa/fraud-alerts", As(Action::View), Viewer),
    (POST, "/mfa/notes", CHANGE, Operate),
    (GET, "/lists/mfa-registered", As(Action::View), Viewer),
    (GET, "/lists/mfa-not-registered", As(Action::View), Viewer),
    (GET, "/lists/mfa-methods", As(Action::View), Viewer),
    (GET, "/data", Nothing("files and sources, nobody's data"), Viewer),
    (POST, "/data", CHANGE, Operate),
    // What could not be read stands there as it came.
    (GET, "/data/{import}", As(Action::View), Viewer),
    (GET, "/data/{import}/undo", Nothing("a question"), Operate),
    (POST, "/data/{import}/undo", CHANGE, Operate),
    (GET, "/settings/people", As(Action::View), ReadSettings),
    (POST, "/settings/people/{id}", CHANGE, Administer),
    (GET, "/settings/tokens", SETTINGS, ReadSettings),
    (POST, "/settings/tokens", CHANGE, Administer),
    (POST, "/settings/tokens/{id}/revoke", CHANGE, Administer),
    (GET, "/settings/sources", SETTINGS, ReadSettings),
    (POST, "/settings/sources", CHANGE, Administer),
    (POST, "/settings/sources/{id}", CHANGE, Administer),
    (POST, "/settings/sources/{id}/remove", CHANGE, Administer),
    (POST, "/settings/sources/{id}/test", CHANGE, Administer),
    (GET, "/settings/retention", SETTINGS, ReadSettings),
    (POST, "/settings/retention", CHANGE, Administer),
    (GET, "/settings/access-log", As(Action::View), ReadSettings),
    (ANY, "/api", NO_DATA, Viewer),
    (ANY, "/api/", NO_DATA, Viewer),
    (ANY, "/api/{*path}", NO_DATA, Viewer),
    (GET, "/api/v1/overview", FIGURES, Viewer),
    (GET, "/api/v1/overview/trend", FIGURES, Viewer),
    (GET, "/api/v1/sms-and-voice", FIGURES, Viewer),
    (GET, "/api/v1/usage", FIGURES, Viewer),
    (GET, "/api/v1/usage/applications", FIGURES, Viewer),
    (GET, "/api/v1/reasons", FIGURES, Viewer),
    (GET, "/api/v1/mfa/activity/summary", FIGURES, Viewer),
    (GET, "/api/v1/mfa/servers", Nothing("servers, nobody's data"), Viewer),
    (POST, "/api/v1/mfa/servers", Nothing("a sign of life of a server"), Send),
    (GET, "/api/v1/users", As(Action::View), Viewer),
    (GET, "/api/v1/users/{id}", As(Action::ViewPerson), Viewer),
    (POST, "/api/v1/users/{id}/erase", CHANGE, Administer),
    (GET, "/api/v1/events", As(Action::View), Viewer),
    (GET, "/api/v1/usage/users", As(Action::View), Viewer),
    (GET, "/api/v1/sign-ins", As(Action::View), Viewer),
    (GET, "/api/v1/sign-ins/{id}", As(Action::View), Viewer),
    (GET, "/api/v1/mfa/activity", As(Action::View), Viewer),
    (GET, "/api/v1/mfa/blocked-users", As(Action::View), Viewer),
    (GET, "/api/v1/mfa/bypassed-users", As(Action::View), Viewer),
    (GET, "/api/v1/mfa/fraud-alerts", As(Action::View), Viewer),
    (POST, "/api/v1/mfa/notes", CHANGE, Operate),
    (GET, "/api/v1/lists/mfa-registered", As(Action::View), Viewer),
    (GET, "/api/v1/lists/mfa-not-registered", As(Action::View), Viewer),
    (GET, "/api/v1/lists/mfa-methods", As(Action::View), Viewer),
    (GET, "/api/v1/data", Nothing("files and sources, nobody's data"), Viewer),
    (GET, "/api/v1/data/{import}", As(Action::View), Viewer),
    (POST, "/api/v1/data/{import}/undo", CHANGE, Operate),
    (POST, "/api/v1/ingest", Nothing("what a sender pushes within an hour is an import, and stands among these"), Send),
    (GET, "/api/v1/settings/retention", SETTINGS, ReadSettings),
    (POST, "/api/v1/settings/retention", CHANGE, Administer),
    (GET, "/api/v1/settings/sources", SETTINGS, ReadSettings),
    (GET, "/api/v1/settings/access-log", As(Action::View), ReadSettings),
    (GET, "/api/v1/settings/people", As(Action::View), ReadSettings),
    (GET, "/api/v1/settings/tokens", SETTINGS, ReadSettings),
    (GET, "/api/v1/exports", OWN, Viewer),
    (POST, "/api/v1/exports", CHANGE, Viewer),
    (GET, "/api/v1/exports/{id}", OWN, Viewer),
    (DELETE, "/api/v1/exports/{id}", CHANGE, Viewer),
    (GET, "/api/v1/exports/{id}/file", As(Action::Export), Viewer),
    (GET, "/api/v1/exports/{id}/about", Nothing("how a list is counted"), Viewer),
    (GET, "/api/v1/views", OWN, Viewer),
    (POST, "/api/v1/views", CHANGE, Viewer),
    (DELETE, "/api/v1/views/{id}", CHANGE, Viewer),
    (GET, "/v1.0", NO_DATA, Viewer),
    (GET, "/beta", NO_DATA, Viewer),
    (POST, "/v1.0/$batch", As(Action::View), Viewer),
    (POST, "/beta/$batch", As(Action::View), Viewer),
    (GET, "/v1.0/{*path}", As(Action::View), Viewer),
    (GET, "/beta/{*path}", As(Action::View), Viewer),
    (POST, "/{directory}/oauth2/v2.0/token", As(Action::SignIn), Anyone),
];

/// Endings of routes that hand a list out as a file. Who may see the page may have the file.
const FILES: &[&str] = &[".csv", ".xlsx", ".jsonl"];
/// How a list was counted: no rows.
const ABOUT: &str = ".txt";

/// What is declared of a method of a route: `None` where nobody has, and then it is not to be served.
#[must_use]
pub fn declared(route: &str, method: &Method) -> Option<Declared> {
    let method = if *method == Method::HEAD { GET } else { method.as_str() };
    let Some((page, logged)) = file(route) else { return of(route, method) };
    (method == GET).then(|| of_page(page).map(|right| Declared { logged, right })).flatten()
}

/// The methods of a route, as a client is told them; empty where nobody has declared the route.
#[must_use]
pub fn methods(route: &str) -> Vec<&'static str> {
    match file(route) {
        Some((page, _)) => of_page(page).map(|_| GET).into_iter().collect(),
        None => ROUTES.iter().filter(|(_, path, ..)| *path == route).map(|(method, ..)| *method).collect(),
    }
}

fn of(route: &str, method: &str) -> Option<Declared> {
    let is_it = |(of, path, ..): &&(&str, &str, Logged, Right)| *path == route && [method, ANY].contains(of);
    ROUTES.iter().find(is_it).map(|(_, _, logged, right)| Declared { logged: *logged, right: *right })
}

/// The path of a file without its ending, and what of it is written down.
fn file(route: &str) -> Option<(&str, Logged)> {
    let rows = || FILES.iter().find_map(|ending| Some((route.strip_suffix(ending)?, As(Action::Export))));
    let about = || Some((route.strip_suffix(ABOUT)?, Nothing("how a list is counted")));
    rows().or_else(about)
}

/// Who may see the page of this name, or the one that a table of this name is on.
fn of_page(page: &str) -> Option<Right> {
    let parent = || page.rsplit_once('/').map(|(parent, _)| parent).filter(|parent| !parent.is_empty());
    of(page, GET).or_else(|| of(parent()?, GET)).map(|declared| declared.right)
}
