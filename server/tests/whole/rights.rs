//! Every route of the router for every kind of caller, as a table that people can read: `docs/rights.md`.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use domain::instant::DAY_MS;
use domain::role::Role;
use server::access::routes::{Right, declared};
use server::auth::secret;
use store::TokenScope;
use tower::ServiceExt as _;

use crate::house::{Engine, House, request};
use crate::records::SIGN_IN;

const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rights.md");
const METHODS: [Method; 3] = [Method::GET, Method::POST, Method::DELETE];

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Asker {
    Anonymous,
    /// With a session that is over.
    Expired,
    /// With a token that may only send.
    Sender,
    Session(Role),
    Token(Role),
}

/// What a route says to somebody, before it says anything of its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// An answer, also that the form is empty or that nothing has the number.
    Yes,
    /// The role does not suffice.
    No,
    SignIn,
    /// The route does not take the method.
    NoMethod,
}

/// Because nobody is signed in, and not because somebody has signed out.
fn leads_to_sign_in(to: &str) -> bool {
    to == "/sign-in" || (to.starts_with("/sign-in?") && !to.contains("notice=signed-out"))
}

impl Says {
    fn of(status: StatusCode, location: Option<&str>) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::SignIn,
            StatusCode::SEE_OTHER if location.is_some_and(leads_to_sign_in) => Self::SignIn,
            StatusCode::FORBIDDEN => Self::No,
            StatusCode::METHOD_NOT_ALLOWED => Self::NoMethod,
            _ => Self::Yes,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::SignIn => "sign in",
            Self::NoMethod => "no method",
        }
    }
}

impl Asker {
    fn all() -> Vec<Self> {
        let roles = Role::ALL.iter().copied();
        let tokens = roles.clone().map(Self::Token);
        [Self::Anonymous, Self::Expired, Self::Sender]
            .into_iter()
            .chain(roles.map(Self::Session))
            .chain(tokens)
            .collect()
    }
}

/// A server that nothing of has changed yet, and one asker of it.
struct Place {
    house: House,
    asker: Asker,
    /// Of the asker, where they have one.
    person: Option<i64>,
}

impl Place {
    async fn open(asker: Asker) -> Self {
        let house = House::open(Engine::Sqlite).await.expect("SQLite is always there");
        house.add_all_records().await;
        let person = match asker {
            Asker::Session(role) => Some(house.add_person("asker", role).await),
            Asker::Expired => Some(house.add_person("asker", Role::GlobalAdministrator).await),
            _ => None,
        };
        Self { house, asker, person }
    }

    /// Each request has a session or a token of its own: some end the one they come with.
    async fn credential(&self) -> Option<(&'static str, String)> {
        let scope = match self.asker {
            Asker::Sender => Some(TokenScope::Ingest),
            Asker::Token(role) => Some(TokenScope::Role(role)),
            _ => None,
        };
        if let Some(scope) = scope {
            let name = secret::random_text().expect("random");
            return Some(("authorization", self.house.token(&name, scope).await));
        }
        let person = self.person?;
        let (text, now) = (secret::random_text().expect("random"), self.house.clock.now());
        let ends = if self.asker == Asker::Expired { now } else { now.plus_millis(DAY_MS) };
        let identity = self.house.services.identity();
        identity.create_session(secret::digest(&text), person, now, DAY_MS, ends).await.expect("a session");
        Some(("cookie", format!("session={text}")))
    }

    async fn ask(&self, method: &Method, route: &str) -> Says {
        let credential = self.credential().await;
        let mut headers =
            vec![("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")];
        headers.extend(credential.as_ref().map(|(name, value)| (*name, value.as_str())));
        let path = filled(route);
        let request = request(method.clone(), &path, &headers, Body::empty());
        // The body is left alone: some never end.
        let answer = self.house.router.clone().oneshot(request).await.expect("the router answers");
        let location = answer.headers().get("location").and_then(|to| to.to_str().ok());
        Says::of(answer.status(), location)
    }
}

/// A path of a route: something stands where its parameters are.
fn filled(route: &str) -> String {
    let id = if route.contains("/sign-ins/") { SIGN_IN } else { "1" };
    let person =
        if route.starts_with("/users/") || route.starts_with("/api/v1/users/") { "ada@contoso.com" } else { id };
    route
        .replace("{id}", person)
        .replace("{import}", "1")
        .replace("{version}", "0")
        .replace("{directory}", "contoso.com")
        .replace("{*path}", "nothing/here")
}

#[tokio::test]
async fn the_table_of_rights_is_what_the_program_does() {
    let routes = House::open(Engine::Sqlite).await.expect("SQLite is always there").routes();
    assert!(routes.len() > 150, "{routes:?}");
    let mut said: HashMap<(Method, &str), Vec<Says>> = HashMap::new();
    for asker in Asker::all() {
        let place = Place::open(asker).await;
        for route in &routes {
            for method in METHODS {
                let says = place.ask(&method, route).await;
                said.entry((method, route.as_str())).or_default().push(says);
            }
        }
    }
    let table = written(&routes, &said);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(CHECKED_IN, &table).expect("written");
    }
    let kept = std::fs::read_to_string(CHECKED_IN).unwrap_or_default();
    assert!(kept == table, "docs/rights.md is stale: UPDATE=1 cargo test -p server rights; it would say\n{table}");
}

/// What a route says is what is declared of it.
fn is_as_declared(route: &str, method: &Method, (everybody, sender): (bool, Says), roles: &[Says]) {
    let declared = declared(route, method).map(|declared| declared.right);
    let Some(right) = declared else { panic!("{method} {route} is served, and nobody has declared it") };
    assert_eq!(right == Right::Anyone, everybody, "{method} {route}");
    if everybody || route == NO_ROLE {
        return;
    }
    assert_eq!(right == Right::Send, sender == Says::Yes, "{method} {route}, by a token that only sends");
    let by_role: Vec<bool> = Role::ALL.iter().map(|role| right.is_of(*role)).collect();
    let answered: Vec<bool> = roles.iter().map(|says| *says == Says::Yes).collect();
    assert_eq!(answered, by_role, "{method} {route}");
}

/// The page that tells whoever comes there that a role is missing.
const NO_ROLE: &str = "/no-role";

const HEAD: &str = "# Who gets an answer where

Made by `server/tests/whole/rights.rs`, which asks every route of the program as everybody: do not edit. `UPDATE=1 cargo test -p server
--test whole rights` writes it anew; a test fails where it differs from what the program does.

* **yes**: an answer, whatever it is about: also that a form is empty, or that there is nothing with this number.
* **no**: refused with 403, because the role, or the kind of token, does not suffice.
* **sign in**: led to the sign-in page, or 401.
* **any**: everybody gets an answer, also who has not signed in.

A token with a role gets what a session with that role gets, unless the last column says otherwise. Who is signed in without a role (at an
identity provider) has no session, and is anonymous. An expired session is anonymous, too: the test asks with one. Which columns and
filters a Reports Reader has not is `restricted.rs`'s; whose views, sessions and exports one gets, `views.rs`'s, `people.rs`'s and `exports.rs`'s.
There is one tenant.

| Route | Anonymous | Token that only sends | Reports Reader | Security Reader | Global Reader | Security Administrator | Global Administrator | Tokens |
|---|---|---|---|---|---|---|---|---|
";

fn written(routes: &BTreeSet<String>, said: &HashMap<(Method, &str), Vec<Says>>) -> String {
    let askers = Asker::all();
    let mut text = HEAD.to_owned();
    for route in routes {
        for method in METHODS {
            let says = &said[&(method.clone(), route.as_str())];
            // The route does not take the method: whoever gets past the door is told so.
            if says.contains(&Says::NoMethod) {
                assert!(!says.contains(&Says::Yes), "{method} {route}: {says:?}");
                continue;
            }
            let of = |asker: Asker| says[askers.iter().position(|known| *known == asker).expect("asked")];
            // A path that is hidden from one is hidden from the other.
            assert_eq!(of(Asker::Anonymous), of(Asker::Expired), "{method} {route}");
            let roles: Vec<Says> = Role::ALL.iter().map(|role| of(Asker::Session(*role))).collect();
            let tokens: Vec<Says> = Role::ALL.iter().map(|role| of(Asker::Token(*role))).collect();
            // More rights never see less.
            assert!(roles[4] <= roles[0], "{method} {route}: {roles:?}");
            let words = |says: &[Says]| says.iter().map(|says| says.word()).collect::<Vec<_>>().join(" | ");
            let everybody = says.iter().all(|says| *says == Says::Yes);
            let anonymous = if everybody { "any" } else { of(Asker::Anonymous).word() };
            let differs = if tokens == roles { String::new() } else { words(&tokens).replace(" | ", ", ") };
            let sender = of(Asker::Sender).word();
            is_as_declared(route, &method, (everybody, of(Asker::Sender)), &roles);
            writeln!(text, "| {method} `{route}` | {anonymous} | {sender} | {} | {differs} |", words(&roles))
                .expect("text");
        }
    }
    text
}
